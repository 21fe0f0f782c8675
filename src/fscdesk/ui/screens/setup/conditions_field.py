"""The conditions of a claim rule as rows that can be read, typed, added and taken away."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.claims.payer_rules import FIELDS, TESTS, Condition
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.screens.setup.condition_row import ConditionRow, Names

Value = tuple[Condition, ...]


class ConditionsField(Field):
    """All of them must hold; none of them means always."""

    def __init__(self, label: str = "When") -> None:
        box = QWidget()
        super().__init__(
            label, box, optional=True, hint="All of them must hold. None: on every service line."
        )
        self.rows: list[ConditionRow] = []
        self._names: Names = {}
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._lines)
        self.add = Button("Add a condition", "plus", compact=True, on=self._on_add)
        column.addWidget(self.add)
        box.setFocusProxy(self.add)

    def value(self) -> Value:
        """Return the conditions in their order."""
        return tuple(row.condition() for row in self.rows)

    def set_value(self, value: Value) -> None:
        """Show other conditions."""
        if value != self.value() or len(value) != len(self.rows):
            for row in tuple(self.rows):
                self._take(row)
            for one in value:
                self._put(one)
        self._edited()

    def set_options(self, options: Sequence[tuple[tuple[str, str], str]]) -> None:
        """Say what is called how: each ``((field, value), word)``."""
        names: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for (field, value), word in options:
            names[field].append((value, word))
        self._names = names
        for row in self.rows:
            row.offer(names)

    def fault(self) -> str:
        return next((fault for row in self.rows if (fault := row.fault())), "")

    def draft(self) -> str:
        return json.dumps([[one.field, one.test, *one.values] for one in self.value()])

    def restore(self, draft: str) -> None:
        self.set_value(
            tuple(
                Condition(field, test, tuple(values))
                for field, test, *values in json.loads(draft or "[]")
            )
        )

    def _on_add(self) -> None:
        row = self._put(Condition(next(iter(FIELDS)), next(iter(TESTS))))
        row.field.setFocus()
        self._edited()

    def _put(self, condition: Condition) -> ConditionRow:
        row = ConditionRow(condition, self._names, self.editor)
        self._lines.addWidget(row)
        self.rows.append(row)
        row.offer(self._names)
        row.changed.connect(self._edited)
        row.removed.connect(partial(self._on_removed, row))
        self._call()
        return row

    def _on_removed(self, row: ConditionRow) -> None:
        self._take(row)
        self.add.setFocus()
        self._edited()

    def _take(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._call()

    def _call(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            row.call(number)
        self.editor.setFocusProxy(self.rows[0].field if self.rows else self.add)
