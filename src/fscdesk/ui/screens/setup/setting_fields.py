"""A field for each kind of setting, and how its default and its last change are worded."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.setup.settings import SettingDef, SettingRow
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import Check, CheckField, ChoiceField, Field, NoteField, TextField
from fscdesk.ui.forms.folder_field import FolderField
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.text import day_text, money_text

ONE_LINE = 60
"""A text that may not be longer is typed on one line."""


class SeveralField(Field):
    """Some of a few, each a check box; its value is a tuple of keys in their order."""

    def __init__(self, label: str, choices: tuple[tuple[str, str], ...], *, hint: str) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(6)
        self._boxes = {key: Check(word) for key, word in choices}
        for box in self._boxes.values():
            column.addWidget(box)
            box.toggled.connect(lambda _on: self._edited())
        super().__init__(label, holder, optional=False, hint=hint)
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        first = next(iter(self._boxes.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def value(self) -> tuple[str, ...]:
        """The keys that are ticked."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def set_value(self, value: tuple[str, ...]) -> None:
        """Tick these, and no others."""
        for key, box in self._boxes.items():
            box.setChecked(key in value)

    def draft(self) -> str:
        return " ".join(self.value())

    def restore(self, draft: str) -> None:
        self.set_value(tuple(draft.split()))


def field_of(what: SettingDef) -> Field:
    """Return the field in which a setting is changed."""
    if what.kind == "money":
        return MoneyField(what.title, hint=what.hint)
    if what.kind == "whole":
        label = f"{what.title} ({what.unit})" if what.unit else what.title
        return NumberField(
            label, hint=what.hint, lowest=what.lowest, highest=what.highest, unit=what.unit
        )
    if what.kind == "yes_no":
        return CheckField(what.title, hint=what.hint)
    if what.kind == "choice":
        return ChoiceField(what.title, what.choices, hint=what.hint)
    if what.kind == "several":
        return SeveralField(what.title, what.choices, hint=what.hint)
    if what.kind == "folder":
        return FolderField(what.title, hint=what.hint, longest=what.highest)
    if what.highest <= ONE_LINE:
        return TextField(what.title, optional=True, hint=what.hint, longest=what.highest)
    return NoteField(what.title, optional=True, hint=what.hint, lines=3)


def standing_words(row: SettingRow, zone: ZoneInfo) -> str:
    """Say what the default is, and who changed it since when: under the consequence."""
    default = value_words(row.what, row.what.default)
    if row.changed_at is None:
        return f"Default: {default}."
    return f"Default: {default}. Changed by {row.changed_by}, {day_text(_day(row, zone))}."


def value_words(what: SettingDef, value: Any) -> str:
    """Return a value as it is said."""
    if isinstance(value, Money):
        return money_text(value, zero_dash=False)
    if what.kind == "yes_no":
        return "on" if value else "off"
    if what.kind == "several":
        return "all of them" if len(value) == len(what.choices) else f"{len(value)} of them"
    if what.kind == "choice":
        return dict(what.choices).get(value, str(value))
    unit = f" {what.unit}" if what.unit else ""
    return f"{value}{unit}" if value != "" else "empty"


def _day(row: SettingRow, zone: ZoneInfo) -> date:
    assert row.changed_at is not None
    return row.changed_at.astimezone(zone).date()
