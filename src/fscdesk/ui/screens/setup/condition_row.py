"""One condition of a claim rule in its form: what is looked at, how, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.claims.payer_rules import FIELDS, NO, NUMBERS, TESTS, YES, Condition
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.tables.choice_popup import ChoicePopup
from fscdesk.ui.tables.spec import Choice as Picked

Names = Mapping[str, Sequence[tuple[str, str]]]
"""What can be picked, by field: each value with its word."""

FIXED: Final[Names] = {
    "public_program": ((YES, "Yes"), (NO, "No")),
    "has_supervisor": ((YES, "Yes"), (NO, "No")),
    "rank": (("1", "Primary"), ("2", "Secondary"), ("3", "Tertiary")),
}
PICKED: Final = frozenset({*FIXED, "payer", "rendering", "location"})
"""Fields whose values are picked by their words; the others are typed."""
EXAMPLES: Final = {
    "code": "90837, 90834",
    "modifiers": "95, GT",
    "place_of_service": "02, 10",
    "units": "4",
    "diagnosis": "F41.1, F43.2",
    "credentials": "LAC, LSW",
    "age": "18",
}
BARE: Final = frozenset({"empty", "not_empty"})
_BOUNDS: Final = frozenset({"at_least", "at_most"})
_BETWEEN: Final = re.compile(r"[,;\s]+")


class ConditionRow(QWidget):
    """Three controls and a way to take them away. ``name`` is what a screen reader calls it."""

    changed = Signal()
    removed = Signal()

    def __init__(self, condition: Condition, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Names = names
        self._picked: tuple[str, ...] = ()
        self._tests: list[str] = []
        self.field, self.test = Choice(), Choice()
        self.field.addItems(list(FIELDS.values()))
        self.typed = QLineEdit()
        self.pick = Button("", "chevrons-up-down", compact=True, on=self._open)
        self.pick.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.popup: ChoicePopup | None = None
        self.gone = IconButton("x", "Remove this condition", on=self.removed.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        for parts in ((self.field, self.test), (self.typed, self.pick, self.gone)):
            line = QHBoxLayout()
            line.setSpacing(8)
            for part in parts:
                line.addWidget(part, 0 if part is self.gone else 1)
            column.addLayout(line)
        self.set_condition(condition)
        self.field.currentIndexChanged.connect(self._on_field)
        self.test.currentIndexChanged.connect(self._on_test)
        self.typed.textEdited.connect(lambda _text: self.changed.emit())

    def condition(self) -> Condition:
        """Return what stands here, complete or not."""
        test = self._tests[max(0, self.test.currentIndex())]
        values = () if test in BARE else self._values()
        return Condition(self._key, test, values)

    def set_condition(self, condition: Condition) -> None:
        """Show another condition."""
        keys = list(FIELDS)
        self.field.blockSignals(True)
        self.field.setCurrentIndex(keys.index(condition.field))
        self.field.blockSignals(False)
        self._offer_tests(condition.test)
        self._picked = condition.values if condition.field in PICKED else ()
        self.typed.setText("" if condition.field in PICKED else ", ".join(condition.values))
        self._show_values()

    def offer(self, names: Names) -> None:
        """Say what payers, clinicians and locations are called."""
        self._names = names
        self._show_values()
        if self.popup is not None:
            self._fill(self.popup)

    def call(self, number: int) -> None:
        """Say which condition this is, for who does not see it."""
        said = f"Condition {number}"
        self.field.setAccessibleName(f"{said}: what is looked at")
        self.test.setAccessibleName(f"{said}: how")
        self.typed.setAccessibleName(f"{said}: values")
        self.gone.set_name(f"Remove condition {number}")
        self.pick.setAccessibleName(f"{said}: values, {self.pick.words()}")

    def fault(self) -> str:
        """Return what is missing, or nothing."""
        one = self.condition()
        if one.test in BARE or one.values:
            limit = one.values[0] if one.values else ""
            if one.test in _BOUNDS and not limit.isdecimal():
                return f"{FIELDS[one.field]} is compared with a whole number."
            return ""
        return f"Nothing says what {FIELDS[one.field].lower()} is compared with."

    @property
    def _key(self) -> str:
        return list(FIELDS)[max(0, self.field.currentIndex())]

    def _values(self) -> tuple[str, ...]:
        if self._key in PICKED:
            return self._picked
        return tuple(one for one in _BETWEEN.split(self.typed.text().strip()) if one)

    def _offer_tests(self, wanted: str) -> None:
        numbers = self._key in NUMBERS
        self._tests = [key for key in TESTS if numbers or key not in _BOUNDS]
        self.test.blockSignals(True)
        self.test.clear()
        self.test.addItems([TESTS[key] for key in self._tests])
        self.test.setCurrentIndex(self._tests.index(wanted) if wanted in self._tests else 0)
        self.test.blockSignals(False)

    def _on_field(self, _at: int) -> None:
        self._offer_tests(self._tests[max(0, self.test.currentIndex())])
        self._picked = ()
        self.typed.clear()
        self._show_values()
        self.changed.emit()

    def _on_test(self, _at: int) -> None:
        self._show_values()
        self.changed.emit()

    def _show_values(self) -> None:
        picks = self._key in PICKED
        bare = self._tests[max(0, self.test.currentIndex())] in BARE
        self.typed.setPlaceholderText(EXAMPLES.get(self._key, ""))
        words = dict(self._offered())
        said = ", ".join(words.get(one, one) for one in self._picked) or "Choose…"
        self.pick.set_words(said)
        if self.parentWidget() is not None:  # alone they would be windows for a moment
            self.typed.setVisible(not bare and not picks)
            self.pick.setVisible(not bare and picks)

    def _offered(self) -> Sequence[tuple[str, str]]:
        return FIXED.get(self._key) or self._names.get(self._key, ())

    def _open(self) -> None:
        popup = self.popup = ChoicePopup(FIELDS[self._key], self.pick)
        self._fill(popup)
        popup.picked.connect(self._on_picked)
        popup.closed.connect(self._on_closed)
        popup.open_under(self.pick)

    def _fill(self, popup: ChoicePopup) -> None:
        popup.offer([Picked(key, word) for key, word in self._offered()], self._picked)

    def _on_closed(self) -> None:
        popup, self.popup = self.popup, None
        if popup is not None:
            popup.deleteLater()

    def _on_picked(self, keys: tuple[str, ...]) -> None:
        self._picked = tuple(keys)
        self._show_values()
        self.changed.emit()
