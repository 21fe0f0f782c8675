"""The grid of the entry: open charges, the cell that is typed in, and the totals under them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.screens.payments.entry_answering import accept, proposal, standing_text
from fscdesk.ui.screens.payments.entry_cell import is_complete
from fscdesk.ui.screens.payments.entry_columns import columns_of, places_of
from fscdesk.ui.screens.payments.entry_edit import CellEdit
from fscdesk.ui.screens.payments.entry_lines import Claim
from fscdesk.ui.screens.payments.entry_painting import ROW, GridRow, RowLook, paint_row
from fscdesk.ui.screens.payments.entry_rims import GridHeader, GridTotals
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.text import money_text

OPEN, ANSWERED, ALL = "open", "answered", "all"


class EntryGrid(QWidget):
    """Rows of open charges with one cell to type in; `show_rows` follows the state.

    `changed` after an answer, `said` with what a cell is refused for (or nothing), `finished`
    behind the last row of a claim or of the grid, `above` when Up leaves the first row.
    """

    changed = Signal()
    said = Signal(str)
    finished = Signal()
    above = Signal()
    typed = Signal()

    def __init__(self, state: EntryState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self.view = state, OPEN
        self.words: tuple[str, ...] = ()
        self.rows: list[GridRow] = []
        self.at = -1
        self.header, self.totals = GridHeader(), GridTotals()
        self.body = GridBody(self)
        self.edit = CellEdit(self.body)
        self.edit.hide()
        self.scrolled = Scrolled(self.body, "Open charges")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.scrolled, self.totals):
            column.addWidget(part)
        column.setStretch(1, 1)
        self.edit.entered.connect(self.enter)
        self.edit.stepped.connect(self.step)
        self.edit.emptied.connect(self._on_emptied)
        self.edit.left.connect(self._pend)
        self.edit.textEdited.connect(self._on_edited)
        theme.changed.connect(self._place)

    # What is shown

    @property
    def row(self) -> GridRow | None:
        """The row that the cursor is on."""
        return self.rows[self.at] if 0 <= self.at < len(self.rows) else None

    def show_rows(self, *, keep: bool = True) -> None:
        """Make the rows anew from the state; the cursor stays on its row where that is left."""
        here = self.row.key if keep and self.row is not None else None
        self.rows = self._rows()
        self.at = next((at for at, one in enumerate(self.rows) if one.key == here), -1)
        self.body.updateGeometry()
        self.body.setMinimumHeight(self.body.sizeHint().height())
        if self.row is None:
            self._hide_edit()
        else:
            self._place()
        self.repaint_all()

    def repaint_all(self) -> None:
        """Paint the rows and the totals again: an amount has changed."""
        width = self.body.width()
        source = self.state.source
        owed = "Owes" if source is None or not self.state.from_payer else f"{source.name} owes"
        columns = columns_of(owed, width, payer=self.state.from_payer)
        self.header.show_columns(columns, width)
        self.totals.show_rows(self.state, columns, width, self._shown())
        self.body.update()

    def go_to_claim(self, claim: Claim) -> None:
        """Put the cursor on a claim's total, with its lines below."""
        self.state.last_claim = claim
        self.show_rows(keep=False)
        self.go(next((at for at, one in enumerate(self.rows) if one.claim is claim), 0))

    def go(self, at: int) -> None:
        """Put the cursor into the cell of a row."""
        self._pend()
        if not 0 <= at < len(self.rows):
            return
        key = self.rows[at].key
        claim = self.rows[at].claim or self.state.claim_of(self.rows[at].lines[0])
        if claim is not None and claim is not self.state.last_claim:
            self.state.last_claim = claim
            self.rows = self._rows()
            self.body.setMinimumHeight(self.body.sizeHint().height())
            at = next((one for one, row in enumerate(self.rows) if row.key == key), 0)
        self.at = at
        self._stand()
        self._place()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()
        self.repaint_all()

    def leave(self) -> None:
        """Take the cursor out of the rows: the claim box has it."""
        self._pend()
        self.at = -1
        self._hide_edit()
        self.repaint_all()

    # What is typed

    def enter(self) -> None:
        """Accept what stands in the cell, or what is proposed, and go on."""
        row = self.row
        if row is None:
            return
        text = self.edit.text().strip()
        if not self.edit.touched and row.answered and text:
            self._on(row)
            return
        try:
            took = accept(self.state, row, text)
        except ValueError as fault:
            self._refuse(row, text, str(fault))
            return
        self.edit.show_fault(faulty=False)
        self.said.emit("")
        if took:
            self.state.touched = True
            self.edit.stand("", "")
            self.changed.emit()
            self._on(row)

    def step(self, way: int) -> None:
        """Go to the row above or below; from the first one back up."""
        at = self.at + way
        if at < 0:
            self.leave()
            self.above.emit()
        elif at < len(self.rows):
            self.go(at)

    def settle(self) -> bool:
        """Accept what is half typed before posting; False when it is not understood."""
        row, text = self.row, self.edit.text().strip()
        if row is None or not self.edit.touched or not text:
            return True
        try:
            accept(self.state, row, text)
        except ValueError as fault:
            self._refuse(row, text, str(fault))
            return False
        self.state.touched = True
        self._stand()
        self.changed.emit()
        return True

    def _on(self, row: GridRow) -> None:
        """Go on from a row: to the next line of its claim, or of the grid."""
        if row.claim is not None:
            self.leave()
            self.finished.emit()
            return
        at = next((at for at, one in enumerate(self.rows) if one.key == row.key), self.at) + 1
        if at < len(self.rows) and self.rows[at].claim is None:
            self.go(at)
        elif self.state.from_payer:
            self.leave()
            self.finished.emit()
        else:
            self._stand()
            self.finished.emit()

    def _on_edited(self, text: str) -> None:
        row = self.row
        self.edit.show_fault(faulty=False)
        self.said.emit("")
        self.typed.emit()
        if row is not None and self.state.from_payer and is_complete(text):
            self.enter()

    def _on_emptied(self) -> None:
        row = self.row
        if row is None:
            return
        for line in row.lines:
            line.put(None)
        self.state.touched = True
        self._stand()
        self.said.emit("")
        self.changed.emit()

    def _refuse(self, row: GridRow, text: str, sentence: str) -> None:
        if row.claim is None:
            row.lines[0].text, row.lines[0].fault = text, sentence
        self.edit.show_fault(faulty=True)
        self.said.emit(sentence)

    def _pend(self) -> None:
        """Keep what is half typed with its line, when the cursor goes elsewhere."""
        row = self.row
        if row is None or row.claim is not None or not self.edit.isVisible():
            return
        line, text = row.lines[0], self.edit.text().strip()
        if self.edit.touched and text:
            line.text = text
        elif not text:
            line.text, line.fault = "", ""

    # Where it is

    def _rows(self) -> list[GridRow]:
        if not self.state.from_payer:
            lines = {
                OPEN: self.state.standing,
                ANSWERED: self.state.answered,
                ALL: self.state.found,
            }[self.view]
            return [GridRow(line=one) for one in lines]
        rows: list[GridRow] = []
        for claim in self.state.claims:
            open_ = claim is self.state.last_claim
            if self.view == ANSWERED and not claim.begun:
                continue
            if self.words and not claim.fits(self.words) and not open_:
                continue
            rows.append(GridRow(claim=claim))
            if open_ or self.view == ANSWERED:
                rows += [GridRow(line=one, inside=True) for one in claim.lines]
        return rows

    def _shown(self) -> list[GridRow]:
        return [one for one in self.rows if not one.inside]

    def _stand(self) -> None:
        row = self.row
        if row is None:
            return
        offer = proposal(self.state, row)
        shown = money_text(offer, zero_dash=False) if offer is not None else ""
        text = standing_text(self.state, row)
        self.edit.stand(text, shown)
        fault = row.lines[0].fault if row.claim is None else ""
        self.edit.show_fault(faulty=bool(fault))
        self.edit.setAccessibleName(f"Paid, {row.name}")
        self.edit.setAccessibleDescription(fault or (f"{shown} with Enter" if shown else ""))
        if fault:
            self.said.emit(fault)

    def _place(self) -> None:
        if self.row is None:
            return
        rect = self.body.cell(self.at)
        self.edit.setGeometry(rect)
        self.edit.show()
        margin = self.body.high
        self.scrolled.ensureVisible(0, rect.center().y(), 0, margin)

    def _hide_edit(self) -> None:
        self.edit.hide()
        self.edit.stand("", "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self.repaint_all()


class GridBody(QWidget):
    """The rows, painted; a click puts the cursor into a row's cell."""

    def __init__(self, grid: EntryGrid) -> None:
        super().__init__()
        self._grid = grid
        self._over = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)

    @property
    def high(self) -> int:
        """How high a row is."""
        return theme.now.px(ROW)

    def cell(self, at: int) -> QRect:
        """Where the number cell of a row is."""
        columns = columns_of("", self.width(), payer=self._grid.state.from_payer)
        place, high = places_of(columns, self.width())["paid"], theme.now.size.control_cell
        top = at * self.high + (self.high - high) // 2
        return QRect(place.x(), top, place.width(), high)

    def sizeHint(self) -> QSize:
        return QSize(400, len(self._grid.rows) * self.high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._grid.row is not None:
            self._grid.edit.setGeometry(self.cell(self._grid.at))
        self._grid.repaint_all()  # a scroll bar takes room from header and totals too

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // self.high
        if 0 <= at < len(self._grid.rows):
            self._grid.go(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = int(event.position().y()) // self.high
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = -1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        grid, painter, high = self._grid, QPainter(self), self.high
        columns = columns_of("", self.width(), payer=grid.state.from_payer)
        places = places_of(columns, self.width())
        first = max(0, event.rect().top() // high)
        last = min(len(grid.rows) - 1, event.rect().bottom() // high)
        for at in range(first, last + 1):
            band = QRect(0, at * high, self.width(), high)
            look = RowLook(here=at == grid.at, over=at == self._over)
            paint_row(painter, grid.rows[at], columns, places, band, look)
