"""What stands on an account as a flag: deceased, how to send, parked, a sliding fee."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.billing.flags import FlagsRow, SendBy, set_flags
from fscdesk.services.billing.parking import park, release
from fscdesk.services.billing.sliding_fees import (
    SlidingFeeFields,
    SlidingFeeRow,
    add_sliding_fee,
    end_sliding_fee,
    sliding_fees_of,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.account_reading import AccountStanding
from fscdesk.ui.text import Label, day_text
from fscdesk.ui.undo import Undo

_WAYS = ((SendBy.MAIL.value, "By mail"), (SendBy.EMAIL.value, "By e-mail"))
LONGEST_TYPE = 24


class FlagsPart(QWidget):
    """The flags with their own button; parking and the sliding fee below them."""

    def __init__(self, shell: Shell, patient_id: int, today: Callable[[], date]) -> None:
        super().__init__()
        self._shell, self._patient_id, self._today = shell, patient_id, today
        self._row: FlagsRow | None = None
        self._parked = False
        self._sliding: tuple[SlidingFeeRow, ...] = ()
        self.deceased = DateField("Deceased on", today=today, optional=True)
        self.send_by = ChoiceField("Statements go", _WAYS, _WAYS[0][0])
        self.billing_type = TextField("Billing type", optional=True, longest=LONGEST_TYPE)
        self.billing_type.set_hint("The office’s own word, to choose accounts for a run.")
        self.save_button = Button("Save the flags", on=self.save)
        self.park_button = Button("Park the balance…", "pause", on=self.park_or_release)
        self.sliding_button = Button("Sliding fee…", "badge-percent", on=self.sliding_fee)
        self.sliding = Label("", "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(8)
        column.addWidget(Line())
        column.addSpacing(4)
        column.addWidget(Label("Flags", "section"))
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self.deceased, 1)
        across.addWidget(self.send_by, 1)
        column.addLayout(across)
        column.addWidget(self.billing_type)
        column.addWidget(self.sliding)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.save_button, self.park_button, self.sliding_button):
            foot.addWidget(button)
        foot.addStretch(1)
        column.addLayout(foot)
        shell.desk.changed.connect(self._on_changed)
        self._ask_sliding()

    def show_standing(self, standing: AccountStanding) -> None:
        """Show the flags as they stand; what was typed and not saved stays."""
        before, self._row = self._row, standing.flags
        if before is None or not self._typed(before):
            fields = standing.flags.fields
            self.deceased.set_value(fields.deceased_on)
            self.send_by.set_value(fields.send_by.value)
            self.billing_type.set_value(fields.billing_type)
        self._parked = standing.parked
        words = "Bring the balance back…" if standing.parked else "Park the balance…"
        self.park_button.set_words(words)

    def save(self) -> None:
        """Save the flags, the others of the account as they are."""
        row = self._row
        if row is None or not (self.deceased.check() and self.billing_type.check()):
            return
        wanted = replace(
            row.fields,
            deceased_on=self.deceased.value(),
            send_by=SendBy(str(self.send_by.value() or _WAYS[0][0])),
            billing_type=self.billing_type.value(),
        )

        def act(work: Work) -> frozenset[str]:
            return set_flags(
                work,
                row.patient_id,
                wanted,
                patient_version=row.patient_version,
                guarantor_version=row.guarantor_version,
            )

        def said(changed: frozenset[str]) -> None:
            words = "The flags are saved." if changed else "Nothing was changed."
            self._shell.messages.info(words)

        self._shell.desk.act(self, act, said, self._shell.messages.refused)

    def park_or_release(self) -> None:
        """Ask why the balance is parked, or comes back."""
        word = self._shell.practice.patient.lower()
        title = "Bring the balance back" if self._parked else "Park the balance"
        sentence = (
            "It is in lists and statements again."
            if self._parked
            else f"It is kept, but out of lists and statements until the {word} comes again."
        )
        dialog = FieldsDialog(
            title,
            sentence,
            ("Bring it back" if self._parked else "Park it", "Saving…"),
            self.window(),
        )
        dialog.row(reason=reason_field(example="Moved away, will call"))
        act = _release if self._parked else _park
        patient_id = self._patient_id

        def do(work: Work) -> tuple[str, Undo | None]:
            return act(patient_id, str(dialog.value("reason")), work)

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, do, self._say))
        open_dialog(dialog)

    def sliding_fee(self) -> None:
        """Ask for the terms of a sliding fee, or for the day on which the one in force ends."""
        current = next((one for one in self._sliding if one.in_force), None)
        if current is not None:
            self._end(current)
            return
        today = self._today()
        dialog = FieldsDialog(
            "Sliding fee",
            "The full fee is charged; a discount lowers it to this part. It needs a proof of"
            " income.",
            ("Grant it", "Saving…"),
            self.window(),
            keep_it="Leave it",
        )
        dialog.row(
            percent=NumberField("Pays", lowest=0, highest=99, unit="percent", hint="Percent."),
            proof=TextField("Proof", longest=200, example="Pay slips, seen 03/01"),
        )
        dialog.row(
            first=DateField("From", today, today=self._today),
            last=DateField("To", today=self._today, optional=True),
        )
        patient_id = self._patient_id

        def act(work: Work) -> tuple[str, Undo | None]:
            value = dialog.value
            fields = SlidingFeeFields(
                value("percent"), value("first"), value("last"), str(value("proof"))
            )
            add_sliding_fee(work, patient_id, fields)
            said = f"{fields.pays_percent} % is paid from {day_text(fields.valid_from)}."
            return f"{said} Discounts are asked for in the tab Charges.", None

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def _end(self, row: SlidingFeeRow) -> None:
        dialog = FieldsDialog(
            f"End the sliding fee of {row.fields.pays_percent} %",
            "It holds until this day; discounts that were given stay.",
            ("End it", "Saving…"),
            self.window(),
            keep_it="Keep it",
        )
        dialog.row(on=DateField("Last day", self._today(), today=self._today))

        def act(work: Work) -> tuple[str, Undo | None]:
            on = dialog.value("on")
            end_sliding_fee(work, row.id, on=on, expected_version=row.version)
            return f"The sliding fee ends on {day_text(on)}.", None

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def _say(self, done: tuple[str, Undo | None]) -> None:
        self._shell.messages.info(done[0], undo=done[1])

    def _typed(self, row: FlagsRow) -> bool:
        fields = row.fields
        here = (self.deceased.value(), self.send_by.value(), self.billing_type.value())
        return here != (fields.deceased_on, fields.send_by.value, fields.billing_type)

    def _ask_sliding(self) -> None:
        patient_id = self._patient_id
        self._shell.desk.ask(
            self, lambda work: sliding_fees_of(work, patient_id), self._show_sliding
        )

    def _show_sliding(self, rows: tuple[SlidingFeeRow, ...]) -> None:
        self._sliding = rows
        current = next((one for one in rows if one.in_force), None)
        if current is None:
            self.sliding.setText("No sliding fee is in force.")
            self.sliding_button.set_words("Sliding fee…")
            return
        fields = current.fields
        until = f" to {day_text(fields.valid_to)}" if fields.valid_to else ""
        self.sliding.setText(
            f"Pays {fields.pays_percent} % from {day_text(fields.valid_from)}{until},"
            f" proof: {fields.proof}."
        )
        self.sliding_button.set_words("End the sliding fee…")

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.PATIENTS in topics:
            self._ask_sliding()


def _park(patient_id: int, reason: str, work: Work) -> tuple[str, Undo | None]:
    park(work, patient_id, reason=reason)
    return "The balance is parked.", Undo("the parking", partial(_back, patient_id))


def _back(patient_id: int, work: Work) -> str:
    release(work, patient_id, reason="Taken back at once")
    return "The balance is not parked any more."


def _release(patient_id: int, reason: str, work: Work) -> tuple[str, Undo | None]:
    release(work, patient_id, reason=reason)
    return "The balance is in lists and statements again.", None
