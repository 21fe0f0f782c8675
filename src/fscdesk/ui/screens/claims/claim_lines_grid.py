"""The service lines on a claim's form (box 24): a table whose own cells are typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.claims.changing import Typed, letters_of
from fscdesk.services.claims.content import ContentLine
from fscdesk.services.claims.detail import FindingRow
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui import theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.card import Line
from fscdesk.ui.screens.claims.claim_box import ENTER, BoxEdit
from fscdesk.ui.screens.claims.claim_box_notes import BoxNotes
from fscdesk.ui.screens.claims.claim_boxes import open_to_typing
from fscdesk.ui.text import Label, count_text, day_text, money_text
from fscdesk.ui.theme import Status

CELLS: Final[Mapping[str, str]] = {
    "line_place_of_service": "Place",
    "line_modifiers": "Modifiers",
    "line_pointers": "Dx",
}
"""The cells of a line that are the claim's own."""
_HEADS: Final = (
    ("24a  Date", 0),
    ("24b  Place", 0),
    ("24d  Code", 0),
    ("Modifiers", 3),
    ("24e  Dx", 2),
    ("24g  Units", 0),
    ("24f  Charge", 0),
    ("Payer said", 0),
)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_RIGHTS: Final = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class CellKey:
    """A cell: its field, and the position of its line."""

    field: str
    line: int


class LineCell(BoxEdit):
    """One cell. With modifiers that stand already, typing adds one more."""

    entered = Signal()
    walked = Signal(int)

    def __init__(self, key: CellKey, text: str, *, own: bool) -> None:
        super().__init__()
        self.key, self.clean = key, text
        self.setProperty("kind", "cell")
        self.setMaxLength(20)
        self.setReadOnly(not own)
        self.setText(text)
        self.setMinimumWidth(theme.now.px(38))
        self.setAccessibleName(f"{CELLS[key.field]} of line {key.line}")

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.text().split() != self.clean.split()

    def show_text(self, text: str) -> None:
        """Show what is in the books; what is typed and not saved stays."""
        typed = self.dirty
        self.clean = text
        if not typed:
            self.setText(text)

    def begin(self) -> None:
        """Put the cursor where typing adds, or replaces what there is one of."""
        self.setFocus(Qt.FocusReason.TabFocusReason)
        if self.key.field == "line_modifiers" and self.text().strip():
            self.setText(f"{self.text().strip()} ")
            self.setCursorPosition(len(self.text()))
        else:
            self.selectAll()

    def typed(self) -> Typed:
        """Return what stands in it."""
        return Typed(self.key.field, self.text().strip(), self.key.line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in ENTER:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(1 if key == Qt.Key.Key_Down else -1)
        elif plain and key == Qt.Key.Key_Escape and self.dirty:
            self.setText(self.clean)
            self.textEdited.emit(self.clean)
        else:
            super().keyPressEvent(event)


class LinesGrid(QFrame):
    """Header, a row for each line with what was found under it, and their sum."""

    changed = Signal()
    entered = Signal()
    fix_wanted = Signal(object)
    accept_wanted = Signal(object)

    def __init__(self, view: ClaimView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cells: dict[CellKey, LineCell] = {}
        self.notes: dict[int, BoxNotes] = {}
        self.whole = BoxNotes()
        self._signal(self.whole)
        self._labels: dict[tuple[int, int], Label] = {}
        self._said: dict[int, Badge] = {}
        self._points: dict[int, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(12, 6, 12, 6)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for at, (words, stretch) in enumerate(_HEADS):
            head = Label(words, "caption")
            if at in _RIGHTS:
                head.setAlignment(_RIGHT)
            self._grid.addWidget(head, 0, at)
            self._grid.setColumnStretch(at, stretch)
        self._grid.addWidget(Line(), 1, 0, 1, len(_HEADS))
        content = view.page.content
        self._rows: tuple[int, ...] = ()
        if content is not None:
            own = open_to_typing(view)
            for line in content.lines:
                self._add(line, own=own)
            self._rows = tuple(line.position for line in content.lines)
        column.addLayout(self._grid)
        foot = QGridLayout()
        foot.setContentsMargins(12, 2, 12, 8)
        self._count, self._total = Label("", "quiet"), Label("", "strong")
        self._total.setAlignment(_RIGHT)
        foot.addWidget(self._count, 0, 0)
        foot.addWidget(self._total, 0, 1)
        column.addWidget(Line())
        column.addLayout(foot)
        column.addWidget(self.whole)
        self.whole.setContentsMargins(12, 0, 12, 8)
        self.show_view(view)

    def show_view(self, view: ClaimView) -> None:
        """Show the lines as they stand; what is typed and not saved stays."""
        content = view.page.content
        if content is None:
            return
        said = {one.position: one for one in view.page.money}
        found_lines = view.page.findings if "edit" in view.page.may else ()
        for line in content.lines:
            at = line.position
            texts = {
                0: day_text(line.service_day),
                2: line.code,
                5: str(line.units),
                6: money_text(line.amount, zero_dash=False),
            }
            for column, text in texts.items():
                label = self._labels.get((at, column))
                if label is not None:
                    label.setText(text)
            for field, text in _own(line, content.place_of_service).items():
                cell = self.cells.get(CellKey(field, at))
                if cell is not None:
                    cell.show_text(text)
            badge, found = self._said.get(at), said.get(at)
            if badge is not None and found is not None:
                badge.setVisible(bool(found.answer))
                badge.set_status(_answer(found.answer, found.why))
            notes = self.notes.get(at)
            if notes is not None:
                notes.show_notes(
                    [one for one in found_lines if _on(one.field, one.line, at)],
                    [one for one in view.fixes if one.line == at],
                    self._points.get(at, ""),
                )
        self._count.setText(count_text(len(content.lines), "line"))
        self._total.setText(money_text(content.total, zero_dash=False))

    def show_whole(self, findings: Sequence[FindingRow]) -> None:
        """Say under the table what was found on the claim as a whole."""
        self.whole.show_notes(findings, ())

    def point(self, field: str, words: str, view: ClaimView) -> None:
        """Mark the cells to which the payer's code points, in the lines that it denied."""
        denied = [one.position for one in view.page.money if one.answer == "denied"]
        lines = denied or list(self._rows)
        self._points = dict.fromkeys(lines, words) if field in CELLS and words else {}
        self.show_view(view)
        for key, cell in self.cells.items():
            faulty = key.field == field and key.line in self._points
            cell.setProperty("faulty", faulty)
            cell.setAccessibleDescription(words if faulty else "")
            cell.style().unpolish(cell)
            cell.style().polish(cell)

    # Building

    def _add(self, line: ContentLine, *, own: bool) -> None:
        row, at = self._grid.rowCount(), line.position
        for column in (0, 2, 5, 6):
            label = Label("", "strong" if column == 2 else "body")
            if column in _RIGHTS:
                label.setAlignment(_RIGHT)
            self._labels[at, column] = label
            self._grid.addWidget(label, row, column)
        for field, column in (
            ("line_place_of_service", 1),
            ("line_modifiers", 3),
            ("line_pointers", 4),
        ):
            key = CellKey(field, at)
            cell = self.cells[key] = LineCell(key, "", own=own)
            cell.textEdited.connect(lambda _text: self.changed.emit())
            cell.entered.connect(self.entered)
            cell.walked.connect(lambda step, key=key: self._walk(key, step))
            self._grid.addWidget(cell, row, column)
        badge = self._said[at] = Badge(_answer("", ""))
        badge.setVisible(False)
        self._grid.addWidget(badge, row, 7)
        notes = self.notes[at] = BoxNotes()
        self._signal(notes)
        self._grid.addWidget(notes, row + 1, 0, 1, len(_HEADS))

    def _signal(self, notes: BoxNotes) -> None:
        notes.fix_wanted.connect(self.fix_wanted)
        notes.accept_wanted.connect(self.accept_wanted)

    def _walk(self, key: CellKey, step: int) -> None:
        if key.line in self._rows:
            at = self._rows.index(key.line) + step
            if 0 <= at < len(self._rows):
                self.cells[CellKey(key.field, self._rows[at])].begin()


def _own(line: ContentLine, place: str) -> dict[str, str]:
    return {
        "line_place_of_service": line.place_of_service or place,
        "line_modifiers": " ".join(line.modifiers),
        "line_pointers": letters_of(line.pointers),
    }


def _on(field: str, line: int | None, at: int) -> bool:
    return line == at and field.startswith("line")


def _answer(answer: str, why: str) -> Status:
    if answer == "denied":
        return Status(f"Denied {why}".strip(), "red", "circle-x")
    return Status("Paid", "green", "circle-check")
