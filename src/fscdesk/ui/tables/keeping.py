"""Where lists keep what people arranged: saved views and layouts, through callables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view that a person saved. ``filters`` is ``FilterState`` as JSON.

    ``key`` is "" until it has been stored. Shared views are the whole office's; ``mine`` says
    whether this person may rename, share and delete it.
    """

    key: str
    name: str
    filters: str
    sort: str = ""
    descending: bool = False
    shared: bool = False
    mine: bool = True


@dataclass(frozen=True)
class Keeping:
    """The storage of lists; every callable runs in the background, inside a transaction.

    ``views`` and ``save_view`` are asked by the list's key; ``save_view`` returns the view with
    its stored key. Layouts are JSON text by "list/view", "" where none is kept.
    """

    views: Callable[[Work, str], Sequence[KeptView]]
    save_view: Callable[[Work, str, KeptView], KeptView]
    delete_view: Callable[[Work, str, str], None]
    layouts: Callable[[Work, str], dict[str, str]]
    save_layout: Callable[[Work, str, str, str], None]


def keeping_in_memory() -> Keeping:
    """Return a storage that lasts as long as the program: for embedded lists."""
    views: dict[str, dict[str, KeptView]] = {}
    layouts: dict[str, dict[str, str]] = {}
    made = 0

    def save_view(_work: Work, listed: str, view: KeptView) -> KeptView:
        nonlocal made
        if not view.key:
            made += 1
            view = replace(view, key=f"kept{made}")
        views.setdefault(listed, {})[view.key] = view
        return view

    def delete_view(_work: Work, listed: str, key: str) -> None:
        views.get(listed, {}).pop(key, None)

    def save_layout(_work: Work, listed: str, view: str, text: str) -> None:
        layouts.setdefault(listed, {})[view] = text

    return Keeping(
        views=lambda _work, listed: tuple(views.get(listed, {}).values()),
        save_view=save_view,
        delete_view=delete_view,
        layouts=lambda _work, listed: dict(layouts.get(listed, {})),
        save_layout=save_layout,
    )
