"""The form of a claim as its payer sees it: boxes in groups, lines, and what changes by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from fscdesk.services.claims.changing import Typed
from fscdesk.services.claims.detail import FindingRow
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui.forms.card import LEFT, EmptyState, Scrolled
from fscdesk.ui.parts import Part
from fscdesk.ui.screens.claims.claim_box import BoxField
from fscdesk.ui.screens.claims.claim_boxes import ELSEWHERE, Box, Group, Way, groups_of
from fscdesk.ui.screens.claims.claim_differs import DiffersTable
from fscdesk.ui.screens.claims.claim_lines_grid import CELLS, CellKey, LineCell, LinesGrid
from fscdesk.ui.text import Label

COLUMNS, ACROSS, DOWN = 12, 12, 10
LINES_AFTER: Final = 2
"""The lines stand after so many groups, as on the paper."""
_POINTED: Final = frozenset({"denied", "partially_paid", "rejected"})
Target = BoxField | LineCell


class ClaimForm(Part):
    """Everything that can be typed on a claim. ``entered`` asks to save what was typed."""

    entered = Signal()
    changed = Signal()
    fix_wanted = Signal(object)
    accept_wanted = Signal(object)
    authorization_wanted = Signal(str)
    """What was typed into the box of the authorization, which has none to choose."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.boxes: dict[str, BoxField] = {}
        self.lines: LinesGrid | None = None
        self.differs: DiffersTable | None = None
        self._shape: tuple[object, ...] = ()
        self._view: ClaimView | None = None
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._area: QWidget | None = None

    # What stands in it

    def show_view(self, view: ClaimView) -> None:
        """Show a claim as it stands; what is typed and not saved stays in its box."""
        groups = groups_of(view)
        shape = _shape(view, groups)
        drafts: Mapping[str, str] = {}
        if shape != self._shape:
            same = self._view is not None and self._view.page.row.id == view.page.row.id
            drafts = self.drafts() if same else {}
            self._build(view, groups)
            self._shape = shape
        self._view = view
        for group in groups:
            for row in group.rows:
                for box in row:
                    self.boxes[box.field].show_box(box)
        if self.lines is not None:
            self.lines.show_view(view)
        if self.differs is not None:
            self.differs.show_rows(view.differs)
        self.restore(drafts)
        self._tell(view)

    def drafts(self) -> dict[str, str]:
        """Return what is typed and not saved, by box and cell."""
        found = {key: box.draft() for key, box in self.boxes.items() if box.dirty}
        cells = {} if self.lines is None else self.lines.cells
        for key, cell in cells.items():
            if cell.dirty:
                found[f"{key.field}:{key.line}"] = cell.text()
        return found

    def restore(self, drafts: Mapping[str, str]) -> None:
        """Put back what ``drafts`` gave, where there is still such a box."""
        for key, text in drafts.items():
            field, _colon, line = key.partition(":")
            if line and self.lines is not None:
                cell = self.lines.cells.get(CellKey(field, int(line)))
                if cell is not None and not cell.isReadOnly():
                    cell.setText(text)
            elif field in self.boxes and self.boxes[field].box.way is not Way.FIXED:
                self.boxes[field].restore(text)

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not saved."""
        return bool(self.drafts())

    def take_back(self) -> None:
        """Forget what is typed and not saved."""
        for box in self.boxes.values():
            box.take_back()
        for cell in () if self.lines is None else self.lines.cells.values():
            cell.setText(cell.clean)

    def typed(self) -> tuple[Typed, ...] | None:
        """Return what was typed; None where one of it cannot be read, which is said under it."""
        found: list[Typed] = []
        faulty: BoxField | None = None
        for box in self.boxes.values():
            if box.dirty:
                try:
                    found.append(box.typed())
                except ValueError as fault:
                    box.show_fault(str(fault))
                    faulty = faulty or box
        if faulty is not None:
            faulty.begin()
            return None
        if self.lines is not None:
            found += [one.typed() for one in self.lines.cells.values() if one.dirty]
        return tuple(found)

    # Where the cursor goes

    def target(self, field: str, line: int | None = None) -> Target | None:
        """Return the editor of a field; of the first line where none is said."""
        if self.lines is not None and field in CELLS:
            keys = [key for key in self.lines.cells if key.field == field]
            wanted = [key for key in keys if line is None or key.line == line] or keys
            return self.lines.cells[wanted[0]] if wanted else None
        return self.boxes.get(ELSEWHERE.get(field, field))

    def go_to(self, fields: Sequence[str], line: int | None = None) -> bool:
        """Put the cursor into the first of some fields that can be typed into; False for none."""
        for field in fields:
            found = self.target(field, line)
            if found is not None and _takes(found):
                found.begin()
                self._show_soon(found)
                return True
        return False

    def first_finding(self) -> FindingRow | None:
        """Return the finding to be mended next: what stops before what warns."""
        view = self._view
        if view is None:
            return None
        here = QApplication.focusWidget()
        open_ = [
            one
            for one in findings_of(view)
            if not one.accepted_by and one.severity.value != "tells"
        ]
        places = [self.target(one.field, one.line) for one in open_]
        at = next(
            (at for at, found in enumerate(places) if found is not None and _holds(found, here)), -1
        )
        return open_[(at + 1) % len(open_)] if open_ else None

    def enter(self) -> None:
        for box in self.boxes.values():
            if box.box.way is not Way.FIXED:
                box.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if self._area is not None:
            first = next(iter(self.boxes.values()), None)
            if first is not None:
                first.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_save(self) -> bool:
        return True

    def save(self) -> None:
        self.entered.emit()

    # Building

    def _build(self, view: ClaimView, groups: Sequence[Group]) -> None:
        if self._area is not None:
            self._area.hide()
            self._whole.removeWidget(self._area)
            self._area.deleteLater()
        self.boxes, self.lines, self.differs = {}, None, None
        if not groups:
            words = "Nothing is left on this claim: its charges were taken back."
            self._area = EmptyState("file-text", words)
            self._whole.addWidget(self._area)
            return
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(LEFT, 14, 20, 20)
        column.setSpacing(6)
        for at, group in enumerate(groups):
            if at == LINES_AFTER:
                self._add_lines(column, view)
            column.addWidget(Label(group.title, "section"))
            column.addLayout(self._grid_of(group))
            column.addSpacing(8)
        if view.differs:
            self.differs = DiffersTable(view.differs)
            column.addWidget(Label("What changes against the claim that was sent", "section"))
            column.addWidget(self.differs)
        column.addStretch(1)
        self._area = Scrolled(page, "Form")
        self._whole.addWidget(self._area)

    def _add_lines(self, column: QVBoxLayout, view: ClaimView) -> None:
        column.addWidget(Label("Service lines", "section"))
        lines = self.lines = LinesGrid(view)
        lines.changed.connect(self.changed)
        lines.entered.connect(self.entered)
        lines.fix_wanted.connect(self.fix_wanted)
        lines.accept_wanted.connect(self.accept_wanted)
        column.addWidget(lines)
        column.addSpacing(8)

    def _grid_of(self, group: Group) -> QVBoxLayout:
        # Each row stands by itself: a long sentence under one box moves no other row's boxes.
        rows = QVBoxLayout()
        rows.setSpacing(DOWN)
        for row in group.rows:
            grid = QGridLayout()
            grid.setHorizontalSpacing(ACROSS)
            for column in range(COLUMNS):
                grid.setColumnStretch(column, 1)
                grid.setColumnMinimumWidth(column, 1)
            at = 0
            for box in row:
                wide = min(box.wide, COLUMNS - at)
                grid.addWidget(self._made(box), 0, at, 1, wide, Qt.AlignmentFlag.AlignTop)
                at += wide
            if at < COLUMNS:  # an empty column has no gaps, and would shift those before it
                grid.addWidget(QWidget(), 0, at, 1, COLUMNS - at)
            rows.addLayout(grid)
        return rows

    def _made(self, box: Box) -> BoxField:
        made = self.boxes[box.field] = BoxField(box, self._today)
        made.changed.connect(self.changed)
        made.entered.connect(self.entered)
        if box.field == "authorization":
            made.begun.connect(self.authorization_wanted)
        made.notes.fix_wanted.connect(self.fix_wanted)
        made.notes.accept_wanted.connect(self.accept_wanted)
        return made

    # Saying what was found

    def _tell(self, view: ClaimView) -> None:
        by_box: dict[str, list[FindingRow]] = {}
        loose: list[FindingRow] = []
        for one in findings_of(view):
            if one.line is not None and one.field.startswith("line"):
                continue
            field = ELSEWHERE.get(one.field, one.field)
            if field in self.boxes:
                by_box.setdefault(field, []).append(one)
            else:
                loose.append(one)
        points = self._points(view)
        for field, box in self.boxes.items():
            fixes = [one for one in view.fixes if one.line is None and one.field == field]
            box.show_notes(by_box.get(field, ()), fixes, points.get(field, ""))
        if self.lines is not None:
            self.lines.show_whole(loose)
            field, words = next(iter(points.items()), ("", ""))
            self.lines.point(field, words, view)

    def _points(self, view: ClaimView) -> dict[str, str]:
        """Return what the payer's code says of the first field that can be mended here."""
        page = view.page
        if page.row.status.value not in _POINTED or not page.look_at:
            return {}
        for field in page.look_at:
            found = self.target(field)
            if found is not None and _takes(found):
                words = page.reason_words or f"The payer's reason points here: {page.row.reason}"
                return {ELSEWHERE.get(field, field): words}
        return {}

    def _show_soon(self, found: Target) -> None:
        area = self._area
        if isinstance(area, Scrolled):
            QTimer.singleShot(0, found, lambda: area.ensureWidgetVisible(found, 0, 60))


def findings_of(view: ClaimView) -> tuple[FindingRow, ...]:
    """Return the findings that still matter: of what was sent, the payer's word does."""
    return view.page.findings if "edit" in view.page.may else ()


def _takes(found: Target) -> bool:
    if isinstance(found, LineCell):
        return not found.isReadOnly()
    return found.box.way is not Way.FIXED


def _holds(found: Target, here: QWidget | None) -> bool:
    return here is not None and (here is found or found.isAncestorOf(here))


def _shape(view: ClaimView, groups: Sequence[Group]) -> tuple[object, ...]:
    """Return what makes the form another one: other boxes, other ways to change them."""
    content = view.page.content
    return (
        view.page.row.id,
        tuple(
            (box.field, box.way, box.kind, box.wide)
            for group in groups
            for row in group.rows
            for box in row
        ),
        () if content is None else tuple(line.position for line in content.lines),
        bool(view.differs),
    )
