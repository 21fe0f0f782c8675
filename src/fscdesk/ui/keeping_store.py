"""Keeps the saved views and the layouts of lists in the books, for the person at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fscdesk.services.preferences import preferences, put_preference
from fscdesk.services.views import (
    StoredView,
    change_view,
    delete_view,
    rename_view,
    save_view,
    share_view,
    views_of,
)
from fscdesk.services.work import Work
from fscdesk.ui.tables.keeping import Keeping, KeptView

_LAYOUT = "layout"


def keeping_in_books() -> Keeping:
    """Return the storage that every list of a screen is given.

    Views are read again on ``Topic.VIEWS``, so that what one workstation shares is seen on the
    others. Layouts are each person's own.
    """
    return Keeping(
        views=_views,
        save_view=_save_view,
        delete_view=_delete_view,
        layouts=_layouts,
        save_layout=_save_layout,
    )


def _views(work: Work, listed: str) -> Sequence[KeptView]:
    return tuple(_kept(view) for view in views_of(work, listed))


def _save_view(work: Work, listed: str, view: KeptView) -> KeptView:
    state = {"filters": view.filters, "sort": view.sort, "descending": view.descending}
    if not view.key:
        return _kept(save_view(work, listed, view.name, state, shared=view.shared))
    number = int(view.key)
    before = next((one for one in views_of(work, listed) if one.id == number), None)
    stored = change_view(work, number, state)
    if before is not None and before.name != view.name:
        stored = rename_view(work, number, view.name)
    if before is not None and before.shared != view.shared:
        stored = share_view(work, number, shared=view.shared)
    return _kept(stored)


def _delete_view(work: Work, _listed: str, key: str) -> None:
    delete_view(work, int(key))


def _layouts(work: Work, listed: str) -> dict[str, str]:
    beginning = f"{_LAYOUT}/{listed}/"
    kept = preferences(work, beginning)
    return {key.removeprefix(beginning): str(text) for key, text in kept.items()}


def _save_layout(work: Work, listed: str, view: str, text: str) -> None:
    put_preference(work, f"{_LAYOUT}/{listed}/{view}", text)


def _kept(view: StoredView) -> KeptView:
    state: Mapping[str, Any] = view.state
    return KeptView(
        key=str(view.id),
        name=view.name,
        filters=str(state.get("filters", "")),
        sort=str(state.get("sort", "")),
        descending=state.get("descending") is True,
        shared=view.shared,
        mine=view.mine,
    )
