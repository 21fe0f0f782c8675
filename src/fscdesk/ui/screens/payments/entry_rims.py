"""The header and the totals of the entry grid: the same columns, above and below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.models.values import ZERO
from fscdesk.ui import theme
from fscdesk.ui.painting import hairline
from fscdesk.ui.screens.payments.entry_columns import GridColumn, places_of
from fscdesk.ui.screens.payments.entry_painting import GridRow
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import count_text, money_text


class GridHeader(QWidget):
    """The headings of the columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[GridColumn, ...] = ()
        self._wide = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_columns(self, columns: tuple[GridColumn, ...], width: int) -> None:
        """Follow the rows."""
        self._columns, self._wide = columns, width
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, theme.now.size.header_row)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        painter.fillRect(self.rect(), now.sunken)
        hairline(painter, 0, 0, self.width())
        hairline(painter, 0, self.height() - 1, self.width())
        painter.setFont(now.font("caption"))
        painter.setPen(now.text3)
        places = places_of(self._columns, self._wide)
        for one in self._columns:
            inset = now.px(6) if one.key in ("paid", "contractual", "patient") else 0
            place = places[one.key]
            cell = QRect(place.x(), 0, place.width() - inset, self.height())
            painter.drawText(cell, int(one.side), elide(one.title, cell.width(), "caption"))


class GridTotals(QWidget):
    """The sums of what is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[GridColumn, ...] = ()
        self._wide = 0
        self._texts: dict[str, str] = {}
        self.words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(
        self,
        state: EntryState,
        columns: tuple[GridColumn, ...],
        width: int,
        rows: Sequence[GridRow],
    ) -> None:
        """Add up what the rows show."""
        self._columns, self._wide = columns, width
        lines = [line for row in rows for line in row.lines]
        sums = {
            "owes": sum((one.charge.open for one in lines), ZERO),
            "left": sum((one.left for one in lines), ZERO),
            **{
                part: sum((row.total(part) for row in rows), ZERO)
                for part in ("paid", "contractual", "patient")
            },
        }
        self._texts = {key: money_text(one, zero_dash=False) for key, one in sums.items()}
        answered = sum(one.answer is not None for one in lines)
        if state.from_payer:
            claims = count_text(len(rows), "claim")
            self.words = f"{claims}, {answered} of {count_text(len(lines), 'line')} answered"
        else:
            self.words = f"{count_text(len(lines), 'open charge')}, {answered} paid here"
        self.setAccessibleName(f"Totals: {self.words}, paid {self._texts['paid']}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, theme.now.size.totals_row)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        painter.fillRect(self.rect(), now.sunken)
        hairline(painter, 0, 0, self.width())
        hairline(painter, 0, self.height() - 1, self.width())
        places = places_of(self._columns, self._wide)
        if not places:
            return
        painter.setFont(now.font("body"))
        painter.setPen(now.text2)
        room = places["owes"].x() - places["session"].x() - 12
        words = QRect(places["session"].x(), 0, room, self.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, int(flags), elide(self.words, room))
        painter.setFont(now.font("strong"))
        painter.setPen(now.text)
        for one in self._columns:
            inset = now.px(6) if one.key in ("paid", "contractual", "patient") else 0
            place = places[one.key]
            cell = QRect(place.x(), 0, place.width() - inset, self.height())
            painter.drawText(cell, int(one.side), self._texts.get(one.key, ""))
