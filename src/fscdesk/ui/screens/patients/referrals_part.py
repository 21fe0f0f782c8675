"""Who referred a patient: a line for each with its dates, and a short form to add or change one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.patients.referrals import (
    QUALIFIERS,
    ReferralFields,
    ReferralRow,
    add_referral,
    edit_referral,
    referrals_of,
)
from fscdesk.services.setup.numbers import npi_of
from fscdesk.services.work import Topic
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.bound import rule_of, set_field
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import ElidedLabel, Label, day_text

_NAMES = ("qualifier", "last_name", "first_name", "npi", "valid_from", "valid_to")


class ReferralsPart(QWidget):
    """The newest first. A referral is never taken away: it ends."""

    def __init__(self, shell: Shell, patient_id: int, today: Callable[[], date]) -> None:
        super().__init__()
        self._shell, self._patient_id, self._today = shell, patient_id, today
        self.rows: tuple[ReferralRow, ...] | None = None
        self.add = Button("Add a referral…", "user-plus", compact=True, on=self.ask_new)
        self._note = Label("", "hint", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(8)
        column.addWidget(Line())
        column.addSpacing(4)
        column.addWidget(Label("Referrals", "section"))
        column.addWidget(self._note)
        column.addLayout(self._lines)
        column.addWidget(self.add)
        shell.desk.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Read them again."""
        patient_id = self._patient_id
        self._shell.desk.ask(self, lambda work: referrals_of(work, patient_id), self.show_rows)

    def show_rows(self, rows: tuple[ReferralRow, ...]) -> None:
        """Show the referrals."""
        if rows == self.rows:
            return
        self.rows = rows
        while self._lines.count():
            item = self._lines.takeAt(0)
            line = item.widget() if item is not None else None
            if line is not None:
                line.hide()
                line.deleteLater()
        for row in rows:
            self._lines.addWidget(self._line(row))
        none = "None. Payers that want to know who referred are marked in Setup, Payers."
        self._note.setText("" if rows else none)
        self._note.setVisible(not rows)

    def ask_new(self) -> FieldsDialog:
        """Ask for a referral, and add it."""
        fields = ReferralFields("DN", "", self._today())
        return self._ask("Add a referral", "Add it", None, fields)

    def ask_change(self, row: ReferralRow) -> FieldsDialog:
        """Ask what is to be changed of a referral; a last day ends it."""
        return self._ask(f"Referral by {row.name}", "Save it", row, row.fields)

    def _ask(
        self, title: str, verb: str, row: ReferralRow | None, fields: ReferralFields
    ) -> FieldsDialog:
        dialog = FieldsDialog(
            title,
            "Claims of payers that want it name who holds on the day of service (box 17).",
            (verb, "Cancel"),
            self,
        )
        dialog.row(qualifier=ChoiceField("What they did", list(QUALIFIERS.items()), "DN"))
        dialog.row(
            first_name=TextField("First name", optional=True, longest=35),
            last_name=TextField("Last name", longest=60),
        )
        dialog.row(npi=TextField("NPI", optional=True, rule=rule_of(npi_of)))
        dialog.row(
            valid_from=DateField("From", today=self._today),
            valid_to=DateField("To", today=self._today, optional=True, hint="Empty: no end."),
        )
        for name in _NAMES:
            set_field(dialog.field(name), getattr(fields, name))
        patient_id = self._patient_id

        def save() -> None:
            wanted = ReferralFields(**{name: dialog.value(name) for name in _NAMES})
            if row is None:
                carry_out(
                    self._shell,
                    dialog,
                    lambda work: add_referral(work, patient_id, wanted),
                    lambda _id: self._said(f"The referral by {_name(wanted)} is added."),
                )
            else:
                carry_out(
                    self._shell,
                    dialog,
                    lambda work: edit_referral(work, row, wanted),
                    lambda _none: self._said(f"The referral by {_name(wanted)} is saved."),
                )

        dialog.wanted.connect(save)
        open_dialog(dialog)
        return dialog

    def _line(self, row: ReferralRow) -> QWidget:
        line, fields = QWidget(), row.fields
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(Label(row.name, "strong"))
        until = f" to {day_text(fields.valid_to)}" if fields.valid_to else ""
        npi = f", NPI {fields.npi}" if fields.npi else ", no NPI"
        words = f"{QUALIFIERS.get(fields.qualifier, fields.qualifier).removesuffix(' by')}{npi}"
        shown = ElidedLabel(f"{words}, from {day_text(fields.valid_from)}{until}", "small")
        across.addWidget(shown, 1)
        change = Button("Change…", kind="quiet", compact=True, on=partial(self.ask_change, row))
        change.setAccessibleName(f"Change the referral by {row.name}")
        across.addWidget(change)
        return line

    def _said(self, sentence: str) -> None:
        self._shell.messages.info(sentence)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.PATIENTS in topics:
            self.refresh()


def _name(fields: ReferralFields) -> str:
    return f"{fields.first_name} {fields.last_name}".strip()
