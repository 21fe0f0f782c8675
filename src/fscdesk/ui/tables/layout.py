"""How a person arranged a table: order, widths, density and sort, remembered as JSON."""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fscdesk.ui.tables.columns import Column

NARROWEST, WIDEST = 40, 900


class Density(enum.StrEnum):
    """How high the rows are."""

    COMPACT = "compact"
    COMFORTABLE = "comfortable"


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The arrangement of one table, by column key so that it outlives new columns.

    ``order`` holds every column in its place, hidden ones too. Widths are pixels at 100 %.
    """

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    widths: tuple[tuple[str, int], ...] = ()
    density: Density = Density.COMPACT
    sort: str = ""
    descending: bool = False
    pane: bool = True
    pane_width: int = 0

    def width(self, key: str) -> int | None:
        """Return the width a person gave a column, or None."""
        return dict(self.widths).get(key)

    def with_width(self, key: str, width: int) -> TableLayout:
        """Return the layout with one column resized, within what can be used."""
        kept = {**dict(self.widths), key: max(NARROWEST, min(WIDEST, width))}
        return replace(self, widths=tuple(sorted(kept.items())))

    def with_hidden(self, key: str, *, hidden: bool) -> TableLayout:
        """Return the layout with one column shown or hidden."""
        return replace(self, hidden=self.hidden | {key} if hidden else self.hidden - {key})

    def moved(self, key: str, step: int) -> TableLayout:
        """Return the layout with one column moved left (-1) or right (+1)."""
        order = list(self.order)
        place = order.index(key)
        target = max(0, min(len(order) - 1, place + step))
        order.insert(target, order.pop(place))
        return replace(self, order=tuple(order))

    def to_json(self) -> str:
        """Return the layout as JSON text."""
        return json.dumps(
            {
                "order": list(self.order),
                "hidden": sorted(self.hidden),
                "widths": dict(self.widths),
                "density": self.density.value,
                "sort": self.sort,
                "descending": self.descending,
                "pane": self.pane,
                "pane_width": self.pane_width,
            },
            sort_keys=True,
        )


def first_layout(
    columns: Sequence[Column[Any]], sort: str, *, descending: bool, density: Density
) -> TableLayout:
    """Return the arrangement before anybody has touched it."""
    return TableLayout(
        order=tuple(column.key for column in columns),
        hidden=frozenset(column.key for column in columns if not column.shown),
        density=density,
        sort=sort,
        descending=descending,
    )


def layout_from_json(text: str, first: TableLayout, columns: Sequence[Column[Any]]) -> TableLayout:
    """Read a remembered layout; columns that are new since then stand where they were made.

    Whatever cannot be understood is taken from ``first``: a layout never refuses to open.
    """
    try:
        kept = json.loads(text)
    except ValueError:
        return first
    if not isinstance(kept, dict):
        return first
    known = [column.key for column in columns]
    order = [key for key in _texts(kept.get("order")) if key in known]
    for place, key in enumerate(known):
        if key not in order:
            order.insert(min(place, len(order)), key)
    seen = frozenset(_texts(kept.get("order")))
    hidden = {key for key in _texts(kept.get("hidden")) if key in known}
    hidden |= {key for key in first.hidden if key not in seen}
    hidden -= {column.key for column in columns if column.fixed or column.names}
    layout = replace(first, order=tuple(order), hidden=frozenset(hidden))
    widths = kept.get("widths")
    for key, width in widths.items() if isinstance(widths, dict) else ():
        if key in known and isinstance(width, int):
            layout = layout.with_width(key, width)
    if kept.get("density") in set(Density):
        layout = replace(layout, density=Density(kept["density"]))
    if kept.get("sort") in {column.key for column in columns if column.sortable}:
        layout = replace(layout, sort=kept["sort"], descending=kept.get("descending") is True)
    pane_width = kept.get("pane_width")
    return replace(
        layout,
        pane=kept.get("pane") is not False,
        pane_width=pane_width if isinstance(pane_width, int) and pane_width > 0 else 0,
    )


def _texts(kept: Any) -> list[str]:
    return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []
