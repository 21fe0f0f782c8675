"""Saying which column is which: a field for each fact, filled with what looks likely."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fscdesk.services.importing.looking import Looked
from fscdesk.services.importing.mapping import (
    FIELDS,
    MappedField,
    Profile,
    heading_keys,
    missing,
    signature,
)
from fscdesk.services.spreadsheets.moments import DateOrder
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.text import Label

ACROSS = 3
_NEEDED = ("day", "time", "client", "client_first", "client_last", "clinician", "codes")
_GROUPS = (
    ("Who, when and what", _NEEDED),
    ("Price", ("modifiers", "rate", "units", "fee")),
    (
        "Client",
        ("patient_status", "patient_charge", "uninvoiced", "patient_paid", "patient_unpaid"),
    ),
    (
        "Insurance",
        (
            "payer",
            "second_payer",
            "insurance_status",
            "insurance_charge",
            "insurance_paid",
            "write_off",
            "insurance_unpaid",
        ),
    ),
    ("Session", ("note_status", "attendance")),
)
_ORDERS = (
    (DateOrder.MONTH_FIRST, "Month first: 03/31/2026"),
    (DateOrder.DAY_FIRST, "Day first: 31/03/2026"),
)


class MappingForm(QWidget):
    """Columns for fields. `changed` at every choice; `profile` is what stands there now."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signature = ""
        by_key = {one.key: one for one in FIELDS}
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 0, RIGHT + 8, 16)
        column.setSpacing(8)
        self.fields: dict[str, ChoiceField[str]] = {}
        for title, keys in _GROUPS:
            head = Label(title, "section")
            head.setContentsMargins(0, 8, 0, 0)
            column.addWidget(head)
            grid = _grid()
            for at, key in enumerate(keys):
                grid.addWidget(self._field(by_key[key]), at // ACROSS, at % ACROSS)
            column.addLayout(grid)
        head = Label("How it is written", "section")
        head.setContentsMargins(0, 8, 0, 0)
        column.addWidget(head)
        grid = _grid()
        self.order: ChoiceField[DateOrder] = ChoiceField("Days", _ORDERS, DateOrder.MONTH_FIRST)
        self.several = CheckField("A cell may hold several billing codes")
        self.name = TextField(
            "Name of this mapping",
            hint="It is kept, and a file with these headings is recognised by it.",
            longest=80,
        )
        for at, field in enumerate((self.name, self.order, self.several)):
            grid.addWidget(field, 0, at)
            field.changed.connect(self.changed)
        column.addLayout(grid)
        column.addStretch(1)

    def show_file(self, looked: Looked) -> None:
        """Offer the columns of a file, the likely ones chosen."""
        header = looked.header
        if header is None:
            return
        self._signature = signature(header.cells)
        keys = heading_keys(header.cells)
        samples = _samples(looked)
        options = [
            (key, f"{heading}{samples[at]}")
            for at, (key, heading) in enumerate(zip(keys, header.headings, strict=True))
        ]
        known = looked.recognised.mapping if looked.recognised is not None else None
        self.blockSignals(True)
        for key, field in self.fields.items():
            field.set_options(options)
            wanted = looked.suggested.get(key)
            field.set_value(wanted if wanted in keys else None)
        self.order.set_value(known.date_format if known else DateOrder.MONTH_FIRST)
        self.several.set_value(value=known.several_codes if known else False)
        self.name.set_value(known.name if known else looked.source.path.stem[:80])
        self.blockSignals(False)
        self.changed.emit()

    def profile(self) -> Profile:
        """The mapping as it stands now."""
        chosen = {key: field.value() for key, field in self.fields.items()}
        return Profile(
            name=self.name.value(),
            signature=self._signature,
            columns={key: heading for key, heading in chosen.items() if heading is not None},
            date_format=self.order.value() or DateOrder.MONTH_FIRST,
            several_codes=self.several.value(),
        )

    def lacking(self) -> list[str]:
        """What is still needed, in words."""
        named = [] if self.name.value() else ["a name for the mapping"]
        return [*missing(self.profile()), *named]

    def focus_first(self) -> None:
        """Put the focus on the first required field without a column, else on the first."""
        empty = [key for key in ("day", "client", "clinician", "codes") if not self._has(key)]
        self.fields[empty[0] if empty else "day"].setFocus()

    def _has(self, key: str) -> bool:
        if key == "client" and self.fields["client_last"].value() is not None:
            return True
        return self.fields[key].value() is not None

    def _field(self, one: MappedField) -> ChoiceField[str]:
        field: ChoiceField[str] = ChoiceField(one.label, optional=not one.required)
        field.optional = True  # what is missing is said in one sentence for all, above
        field.changed.connect(self.changed)
        self.fields[one.key] = field
        return field


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(12)
    for at in range(ACROSS):
        grid.setColumnStretch(at, 1)
    return grid


def _samples(looked: Looked) -> list[str]:
    """What stands first in each column, to tell columns apart in the list of choices."""
    found = []
    for at in range(len(looked.headings)):
        cells = (row.cells[at] for row in looked.rows if at < len(row.cells))
        first = next((cell for cell in cells if cell), "")
        found.append(f"  ({first[:24]})" if first else "")
    return found
