"""How much room the words of each column need: an amount is never cut, the rest if it can be."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from fscdesk.ui import theme
from fscdesk.ui.tables.columns import Column, Kind
from fscdesk.ui.tables.delegates import PAD, content_width
from fscdesk.ui.text import money_text

if TYPE_CHECKING:
    from fscdesk.ui.tables.paged_model import PagedModel

MEASURED = 60
"""Rows: more than stand on a screen."""
MOST = 240
"""Pixels at 100 %: longer words end in "…", and a tooltip holds them."""
_ARROW = 16


class Needs:
    """Remembers the widest words of each column; what was needed once stays wide, unruffled."""

    def __init__(self, model: PagedModel[Any]) -> None:
        self._model = model
        self._widest: dict[str, int] = {}
        self._whole: dict[str, int] = {}

    def forget(self) -> None:
        """Begin again: letters have another size."""
        self._widest.clear()
        self._whole.clear()

    def of(self, column: Column[Any]) -> int:
        """Return the pixels that a column needs with its padding, as far as it was measured."""
        return self._widest.get(column.key, 0)

    def whole(self, column: Column[Any]) -> int:
        """Return the pixels in which not even the longest words of a column are cut."""
        return self._whole.get(column.key, 0)

    def measure(self) -> bool:
        """Look at the rows that have come and at the sums; say whether more room is needed."""
        before, whole = dict(self._widest), dict(self._whole)
        rows = list(islice(self._model.loaded(), MEASURED))
        most = theme.now.px(MOST)
        for column in self._model.columns:
            found = max((content_width(column, row) for row in rows), default=0)
            if column.kind is Kind.MONEY:
                found = max(found, self._sum_width(column))
            self._whole[column.key] = max(whole.get(column.key, 0), found + 2 * PAD)
            if rows:
                words = found if column.kind is Kind.MONEY else min(most, found)
                found = max(words, _title_width(column))
            need = found + 2 * PAD if found else 0
            self._widest[column.key] = max(before.get(column.key, 0), need)
        return (self._widest, self._whole) != (before, whole)

    def _sum_width(self, column: Column[Any]) -> int:
        total = self._model.totals.get(column.key)
        if total is None:
            return 0
        words = money_text(total, zero_dash=False)
        return theme.now.metrics("body", weight=600).horizontalAdvance(words) + 2


def _title_width(column: Column[Any]) -> int:
    wide = theme.now.metrics("caption", weight=600).horizontalAdvance(column.title)
    return wide + (_ARROW if column.sortable else 0)
