"""What is done with open charges: adjusted, moved to the client, invoiced; each says what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Protocol
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import Adjusted
from fscdesk.services.billing.adjustment_entry import (
    CLIENT,
    KINDS,
    PAYER,
    AdjustmentEntry,
    adjust_entries,
    apply_sliding_fee,
    move_to_client,
    move_to_payer,
    sides_of,
)
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.invoice_listing import invoice_row
from fscdesk.services.billing.invoice_plan import Chosen, plan_invoices
from fscdesk.services.billing.invoices import InvoicesMade, make_invoices, void_invoice
from fscdesk.services.printing.binding import together
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import count_text, money_text
from fscdesk.ui.undo import Undo

BACK = "Taken back at once"
Done = tuple[str, Undo | None]


class Owed(Protocol):
    """What the acts know of a charge: its id, how it is called, what each side owes."""

    @property
    def id(self) -> int:
        """The charge."""
        ...

    @property
    def day(self) -> date:
        """The day of service."""
        ...

    @property
    def what(self) -> str:
        """How a sentence calls it."""
        ...

    @property
    def client(self) -> Money:
        """What the client owes."""
        ...

    @property
    def payer(self) -> Money:
        """What the payer owes."""
        ...


class ChargeActs(QObject):
    """The acts on ticked charges. What needs a second person waits for one, and that is said."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window

    def adjust(self, rows: Sequence[Owed], *, first: str = "") -> None:
        """Ask why how much less is owed, and make or ask for the adjustments.

        ``first`` is whose part is offered (CLIENT or PAYER); empty: the client's, where there is.
        """
        one = rows[0] if len(rows) == 1 else None
        word = self._shell.practice.patient.lower()
        owed = _stated(_sum(rows, CLIENT)), _stated(_sum(rows, PAYER))
        dialog = FieldsDialog(
            f"Adjust {_called(rows)}",
            f"The {word} owes {owed[0]}, payers {owed[1]}. A write-off waits for a second person;"
            " nothing changes before it is approved.",
            ("Ask for it", "Asking…"),
            self._window,
        )
        kind = ChoiceField("Kind", KINDS, KINDS[0][0])
        sides = [(CLIENT, f"The {word}’s"), (PAYER, "The payer’s")]
        whose = first or (CLIENT if _sum(rows, CLIENT) else PAYER)
        side = ChoiceField("Whose part", sides, whose)
        dialog.row(kind=kind, side=side)
        if one is not None:
            most = one.client if side.value() == CLIENT else one.payer
            dialog.row(amount=MoneyField("Amount", most, rule=_above_zero))
        dialog.row(reason=reason_field(example="Hardship, agreed on the phone"))

        def follow() -> None:
            offered = sides_of(str(kind.value() or KINDS[0][0]))
            if side.value() not in offered:
                side.set_value(offered[0])

        kind.changed.connect(follow)
        act = partial(_adjust, dialog.value, rows, uuid4().hex)
        dialog.wanted.connect(lambda: self._do(dialog, act))
        open_dialog(dialog)

    def move(self, rows: Sequence[Owed]) -> None:
        """Ask why the payer's part becomes the client's, and move it."""
        found = [one for one in rows if one.payer.cents > 0]
        total = _stated(_sum(found, PAYER))
        word = self._shell.practice.patient.lower()
        dialog = FieldsDialog(
            f"Move {total} to the {word}",
            f"{_called(found)}: the payer owes nothing of it afterwards, the {word} owes it.",
            ("Move it", "Moving…"),
            self._window,
        )
        dialog.row(reason=reason_field(example="Coverage had ended on that day"))
        dialog.wanted.connect(lambda: self._do(dialog, partial(_move, dialog.value, found, word)))
        open_dialog(dialog)

    def invoice(self, rows: Sequence[Owed]) -> None:
        """Make invoices of what the client owes of these charges, and show them."""
        ids = tuple(one.id for one in rows if one.client.cents > 0)
        self._shell.desk.act(
            self, partial(_invoice, ids), self._invoiced, self._shell.messages.refused
        )

    def invoice_account(self, patient_id: int) -> None:
        """Make an invoice of everything that is open and on none."""
        self._shell.desk.act(
            self,
            partial(_invoice_patient, patient_id),
            self._invoiced,
            self._shell.messages.refused,
        )

    def sliding_fee(self, rows: Sequence[Owed]) -> None:
        """Ask for the discounts of the sliding fee that was valid on each day."""
        ids = [one.id for one in rows if one.client.cents > 0]

        def act(work: Work) -> str:
            adjusted, proposal = apply_sliding_fee(work, ids)
            left = [one.message for one in proposal.left_out]
            return " ".join((_adjusted_words(adjusted), *left))

        self._shell.desk.act(self, act, self._shell.messages.info, self._shell.messages.refused)

    def _do(self, dialog: FieldsDialog, act: Callable[[Work], Done]) -> None:
        carry_out(
            self._shell,
            dialog,
            act,
            lambda done: self._shell.messages.info(done[0], undo=done[1]),
        )

    def _invoiced(self, found: tuple[InvoicesMade, bytes]) -> None:
        made, pdf = found
        numbers = ", ".join(one.number for one in made.invoices)
        said = f"{numbers} over {_stated(made.total)} is a draft: send it when it is printed."
        undo = Undo(f"invoice {numbers}", partial(_void, [one.id for one in made.invoices]))
        self._shell.messages.info(said, undo=undo)
        self._shell.preview(pdf, f"Invoice {numbers}", f"{made.invoices[0].number}.pdf")


def _adjust(value: Callable[[str], object], rows: Sequence[Owed], key: str, work: Work) -> Done:
    kind, side, reason = str(value("kind")), str(value("side")), str(value("reason"))
    typed = value("amount")
    entries = []
    for one in rows:
        owed = one.client if side == CLIENT else one.payer
        amount = typed if isinstance(typed, Money) else owed
        if amount.cents > 0:
            entries.append(AdjustmentEntry(one.id, kind, side, amount, reason))
    return _adjusted_words(adjust_entries(work, entries, request_key=key)), None


def _move(value: Callable[[str], object], rows: Sequence[Owed], word: str, work: Work) -> Done:
    parts = [(one.id, one.payer) for one in rows]
    moved = move_to_client(work, parts, str(value("reason")))
    said = f"{_stated(moved.amount)} moved to the {word}: {_called(rows)}."

    def back(work: Work) -> str:
        move_to_payer(work, parts, BACK)
        return f"{_stated(moved.amount)} is the payer’s again."

    return said, Undo(f"the move of {_stated(moved.amount)}", back)


def _invoice(ids: tuple[int, ...], work: Work) -> tuple[InvoicesMade, bytes]:
    return _made(work, Chosen(charge_ids=ids))


def _invoice_patient(patient_id: int, work: Work) -> tuple[InvoicesMade, bytes]:
    return _made(work, Chosen(patient_ids=(patient_id,)))


def _made(work: Work, chosen: Chosen) -> tuple[InvoicesMade, bytes]:
    made = make_invoices(work, plan_invoices(work, chosen))
    return made, together([document_bytes(work, one.document_id) for one in made.invoices])


def _void(ids: Sequence[int], work: Work) -> str:
    numbers = []
    for one in ids:
        row = invoice_row(work, one)
        void_invoice(work, one, BACK, expected_version=row.version)
        numbers.append(row.number)
    return f"{', '.join(numbers)} is void; its charges can be invoiced again."


def _adjusted_words(adjusted: Adjusted) -> str:
    amount = _stated(adjusted.amount)
    if not adjusted.waiting:
        return f"{amount} is taken off: {count_text(adjusted.posted, 'adjustment')} posted."
    posted = f" {adjusted.posted} posted at once." if adjusted.posted else ""
    return (
        f"{adjusted.request_number} asks for {amount}; it waits for a second person, nothing is"
        f" taken off yet.{posted} {adjusted.why}"
    ).rstrip()


def _called(rows: Sequence[Owed]) -> str:
    return rows[0].what if len(rows) == 1 else count_text(len(rows), "charge")


def _sum(rows: Sequence[Owed], side: str) -> Money:
    return sum((one.client if side == CLIENT else one.payer for one in rows), Money())


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)


def _above_zero(amount: Money) -> str:
    return "" if amount.cents > 0 else "An adjustment takes something off."
