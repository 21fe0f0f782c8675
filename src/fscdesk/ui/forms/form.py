"""A form: fields under headings, at most two columns, and a foot with what will happen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.text import ElidedLabel, Label

ACROSS, DOWN = 12, 16


class Form(QWidget):
    """Fields with names. `saved` comes only when every field is right.

    Ctrl+S and Ctrl+Enter reach `save` through the screen or dialog that holds the form. Until
    then nothing is checked but fields that were left.
    """

    saved = Signal()
    cancelled = Signal()
    changed = Signal()

    def __init__(self, save: str, cancel: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(DOWN)
        self._grid = QGridLayout()
        self._place()
        self.primary = Button(save, kind="primary", on=self.save)
        self.cancel = Button(cancel or "Cancel", on=self.cancelled.emit)
        if not cancel:
            self.cancel.hide()
        self.result = ElidedLabel("", "hint")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.primary)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.result)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        foot.setContentsMargins(0, 4, 0, 0)
        self._column.addWidget(self._foot)
        self._column.addStretch(1)

    def heading(self, text: str) -> None:
        """Begin another group."""
        self._column.insertWidget(self._column.count() - 2, Label(text, "section"))
        self._grid = QGridLayout()
        self._place(before_foot=True)

    def row(self, **fields: Field) -> None:
        """Add one or two fields side by side, each by its name."""
        down = self._grid.rowCount()
        wide = 2 if len(fields) == 1 else 1
        for across, (name, field) in enumerate(fields.items()):
            self._fields[name] = field
            self._grid.addWidget(field, down, across, 1, wide)
            field.changed.connect(self.changed)

    def field(self, name: str) -> Field:
        """A field by its name. Raises KeyError when there is none."""
        return self._fields[name]

    def check(self) -> bool:
        """Check all fields that are on view; the first faulty one gets the focus."""
        faulty = [
            field for field in self._fields.values() if not field.isHidden() and not field.check()
        ]
        if faulty:
            faulty[0].setFocus()
        return not faulty

    def save(self) -> None:
        """Say `saved`, if every field is right and the button is not switched off."""
        if self.primary.isEnabled() and self.check():
            self.saved.emit()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put a service's sentences under their fields; the first one gets the focus."""
        first: Field | None = None
        for name, sentence in faults.items():
            field = self._fields[name]
            field.show_fault(sentence)
            first = first or field
        if first is not None:
            first.setFocus()

    def working(self, words: str) -> None:
        """Show in the button what goes on ("Posting…") and take no second one."""
        self._resting = self.primary.words()
        self.primary.set_words(words)
        self.primary.setEnabled(False)

    def rest(self) -> None:
        """The work has ended, one way or the other."""
        self.primary.set_words(getattr(self, "_resting", self.primary.words()))
        self.primary.setEnabled(True)

    def draft(self) -> dict[str, str]:
        """What stands in every field: unsaved work is kept, leaving never asks."""
        return {name: field.draft() for name, field in self._fields.items()}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Put a draft back; fields that it does not name stay as they are."""
        for name, words in draft.items():
            field = self._fields.get(name)
            if field is not None:
                field.restore(words)

    def _place(self, *, before_foot: bool = False) -> None:
        self._grid.setHorizontalSpacing(ACROSS)
        self._grid.setVerticalSpacing(DOWN)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        at = self._column.count() - 2 if before_foot else self._column.count()
        self._column.insertLayout(at, self._grid)
