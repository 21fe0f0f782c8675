"""One box of a claim's form: its number, its words, an editor, and what was found there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from fscdesk.services.claims.changing import Typed
from fscdesk.services.claims.detail import FindingRow
from fscdesk.services.claims.fixes import Fix
from fscdesk.ui import icons
from fscdesk.ui.forms.day_entry import read_day
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.forms.found_field import leaves_undo
from fscdesk.ui.screens.claims.claim_box_notes import BoxNotes
from fscdesk.ui.screens.claims.claim_boxes import Box, Kind, Way, name_of
from fscdesk.ui.screens.claims.mend_fields import address_of
from fscdesk.ui.text import ElidedLabel, Label

ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LONGEST: Final = 200
_ADDRESS: Final = (
    "Write it as street, city, state and zip code: 102 Nowhere Lane, Sampleville, NJ 07002."
)


class BoxEdit(QLineEdit):
    """A line that leaves Ctrl+Z to the window where it has no text of its own to undo."""

    def event(self, event: QEvent) -> bool:
        return leaves_undo(self, event) or super().event(event)


class BoxField(QWidget):
    """Shows a box; what is typed stays until it is saved or taken back with Esc.

    A box that comes from a record is read-only until Enter, F2 or its pencil open it.
    """

    changed = Signal()
    entered = Signal()
    """Enter was pressed in it: save what was typed."""
    begun = Signal(str)
    """Something was typed into a choice that has nothing to choose."""

    def __init__(self, box: Box, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box, self._today = box, today
        self._fault = ""
        self._findings: tuple[FindingRow, ...] = ()
        self._fixes: tuple[Fix, ...] = ()
        self._points = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        if box.number:
            head.addWidget(Label(box.number, "hint"))
        head.addWidget(ElidedLabel(box.words, "label"), 1)
        column.addLayout(head)
        self.editor: QWidget = self._made()
        column.addWidget(self.editor)
        self.notes = BoxNotes()
        column.addWidget(self.notes)
        column.addStretch(1)
        self.editor.installEventFilter(self)
        self.setFocusProxy(self.editor)
        self.show_box(box)

    # What it holds

    @property
    def dirty(self) -> bool:
        """Whether something was typed or chosen that is not saved."""
        return self.draft() != self._clean

    def draft(self) -> str:
        """Return what stands in it."""
        if isinstance(self.editor, Choice):
            return self.editor.currentText()
        assert isinstance(self.editor, QLineEdit)
        return self.editor.text()

    def restore(self, draft: str) -> None:
        """Put back what ``draft`` gave, as typed."""
        if isinstance(self.editor, Choice):
            at = self.editor.findText(draft)
            if at >= 0:
                self.editor.setCurrentIndex(at)
        elif isinstance(self.editor, QLineEdit):
            if self.box.way is Way.SOURCE:
                self.unlock()
            self.editor.setText(draft)
        self._tell()

    def typed(self) -> Typed:
        """Return what was typed, as it is kept. Raises ValueError with a sentence."""
        box = self.box
        version = None if box.source is None or box.way is Way.OWN else box.source.version
        return Typed(box.field, self._value(), source_version=version)

    def take_back(self) -> None:
        """Show again what is saved."""
        self._put(self.box)
        self.show_fault("")
        self._tell()

    def show_box(self, box: Box) -> None:
        """Show the box as it stands in the books; what is typed and not saved stays."""
        typed = self.draft() if hasattr(self, "_clean") and self.dirty else None
        self.box = box
        self._put(box)
        if typed is not None:
            self.restore(typed)

    def show_notes(self, findings: Sequence[FindingRow], fixes: Sequence[Fix], points: str) -> None:
        """Say under it what was found, what mends it, and what the payer's code says of it."""
        self._findings, self._fixes, self._points = tuple(findings), tuple(fixes), points
        self._tell()

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong with what is typed."""
        self._fault = sentence
        self._tell()

    def begin(self) -> None:
        """Put the cursor into it, ready to be typed into."""
        if self.box.way is Way.SOURCE:
            self.unlock()
        self.editor.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(self.editor, QLineEdit):
            self.editor.selectAll()

    def unlock(self) -> None:
        """Let what comes from a record be typed here; it is saved there."""
        if isinstance(self.editor, QLineEdit) and self.editor.isReadOnly():
            self.editor.setReadOnly(False)
            self.editor.setFocus(Qt.FocusReason.TabFocusReason)
            self.editor.selectAll()
            self._polish()
            self._tell()

    # Inside

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.editor
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held and held != Qt.KeyboardModifier.ShiftModifier:
            return False
        if held and not event.text().strip().isalnum():
            return False
        if key in ENTER:
            if not event.isAutoRepeat():
                self._on_enter()
            return True
        if key == Qt.Key.Key_F2 and self.box.way is Way.SOURCE:
            self.unlock()
            return True
        empty = isinstance(self.editor, Choice) and not any(
            words for _one, words in self.box.options
        )
        if empty and event.text().strip().isprintable() and event.text().strip():
            self.begun.emit(event.text())
            return True
        if key == Qt.Key.Key_Escape and (self.dirty or self._open()):
            self.take_back()
            return True
        return False

    def _on_enter(self) -> None:
        locked = isinstance(self.editor, QLineEdit) and self.editor.isReadOnly()
        if locked and self.box.way is Way.SOURCE:
            self.unlock()
        else:
            self.entered.emit()

    def _open(self) -> bool:
        return (
            self.box.way is Way.SOURCE
            and isinstance(self.editor, QLineEdit)
            and not self.editor.isReadOnly()
        )

    def _made(self) -> QWidget:
        box = self.box
        if box.kind is Kind.CHOICE and box.way is not Way.FIXED:
            choice = Choice()
            choice.setMinimumContentsLength(2)
            choice.setSizeAdjustPolicy(
                Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.currentIndexChanged.connect(lambda _at: self._on_typed())
            return choice
        edit = BoxEdit()
        edit.setMaxLength(LONGEST)
        edit.textEdited.connect(lambda _text: self._on_typed())
        if box.way is Way.SOURCE:
            pencil = QAction(icons.icon("pen-line", "text3"), "", edit)
            edit.addAction(pencil, QLineEdit.ActionPosition.TrailingPosition)
            pencil.triggered.connect(self.unlock)
            words = f"Mend {box.words.lower()} in {box.source.words}" if box.source else ""
            pencil.setToolTip(words)
            for button in edit.findChildren(QToolButton):
                button.setAccessibleName(words)
        return edit

    def _put(self, box: Box) -> None:
        if isinstance(self.editor, Choice):
            with QSignalBlocker(self.editor):
                self.editor.clear()
                options = list(box.options)
                if box.value not in [value for value, _words in options]:
                    options.append((box.value, box.text))
                self._values = [value for value, _words in options]
                self.editor.addItems([words for _value, words in options])
                self.editor.setCurrentIndex(self._values.index(box.value))
        elif isinstance(self.editor, QLineEdit):
            self.editor.setText(box.text)
            self.editor.setCursorPosition(0)
            locked = box.way is not Way.OWN
            if self.editor.isReadOnly() != locked:
                self.editor.setReadOnly(locked)
                self._polish()
        self._clean = self.draft()
        self._name()

    def _value(self) -> Any:
        if isinstance(self.editor, Choice):
            return self._values[self.editor.currentIndex()]
        text = self.draft().strip()
        if self.box.kind is Kind.DAY:
            return read_day(text, self._today())
        if self.box.kind is Kind.ADDRESS:
            there = address_of(text)
            if there is None:
                raise ValueError(_ADDRESS)
            return there
        return name_of(text) if self.box.kind is Kind.NAME else text

    def _on_typed(self) -> None:
        self._fault = ""
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        self.notes.show_notes(self._findings, self._fixes, self._points, self._fault, self._hint())
        faulty = bool(self._fault or self._points or any(_stops(one) for one in self._findings))
        if bool(self.editor.property("faulty")) != faulty:
            self.editor.setProperty("faulty", faulty)
            self._polish()
        self.editor.setAccessibleDescription(self.notes.words())

    def _hint(self) -> str:
        source = self.box.source
        if source is None or not self._open():
            return ""
        return f"Enter saves it in {source.words}, for every claim that waits."

    def _name(self) -> None:
        box = self.box
        number = f"Box {box.number}, " if box.number else ""
        self.editor.setAccessibleName(f"{number}{box.words}")
        source = box.source.words if box.source is not None else ""
        if box.way is Way.SOURCE:
            self.editor.setToolTip(f"From {source}. Enter mends it there.")
        elif source:
            self.editor.setToolTip(f"From {source}.")

    def _polish(self) -> None:
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)


def _stops(one: FindingRow) -> bool:
    return one.severity.value == "stops"
