"""The few dialogs of the Bank tab: a period's statement, what a line is, a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.bank_entries import LineAccounts
from fscdesk.services.banking.bank_sheet import SheetPeriod, SheetRow
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, reason_field
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.screens.reconciliation.words import stated

LONGEST_MEMO = 200


def begin_dialog(
    label: str, period: SheetPeriod, today: Callable[[], date], parent: QWidget | None = None
) -> FieldsDialog:
    """Return the dialog for a period: last_day and statement, as the bank's statement says."""
    begun = period.reconciliation_id is not None
    dialog = FieldsDialog(
        f"The statement of {label}",
        "Its last day, and the balance that it ends with. What is matched up to that day is"
        " compared with it.",
        ("Change it" if begun else "Begin the period", "Saving…"),
        parent,
    )
    dialog.row(
        last_day=DateField("Last day", period.last_day or today(), today=today),
        statement=MoneyField("Ending balance", period.statement),
    )
    return dialog


def enter_dialog(
    row: SheetRow, accounts: LineAccounts, parent: QWidget | None = None
) -> FieldsDialog:
    """Return the dialog that says what a line is: account and memo. The words are remembered.

    It offers the accounts that this person may post on, and says why the others are not there.
    The account is empty unless the line's words or a rule mean one: rent is no bank fee.
    """
    likely = row.account_said
    options = [(one.code, f"{one.code} {one.name}") for one in accounts.offered]
    options.sort(key=lambda one: (one[0] != likely, one[0]))
    there = {code for code, _words in options}
    dialog = FieldsDialog(
        f"What is {stated(row.amount)} of {row.bank_says}?",
        "An entry on this account is posted for the line, and matched with it. The same words"
        " are proposed so next month.",
        (f"Post {stated(row.amount)}", "Posting…"),
        parent,
    )
    first = likely if likely in there else None
    dialog.row(account=ChoiceField("Account", options, first, hint=accounts.missing))
    dialog.row(memo=TextField("Memo", row.bank_says[:LONGEST_MEMO], longest=LONGEST_MEMO))
    return dialog


def apart_dialog(rows: Sequence[SheetRow], parent: QWidget | None = None) -> FieldsDialog:
    """Return the dialog that takes matches apart: reason."""
    total = sum((row.amount for row in rows), ZERO)
    what = "this match" if len(rows) == 1 else f"{len(rows)} matches"
    dialog = FieldsDialog(
        f"Take {what} of {stated(total)} apart?",
        "The lines are open again. What the match had made is reversed: a deposit, an entry,"
        " money to identify.",
        ("Take apart", "Taking apart…"),
        parent,
    )
    dialog.row(reason=reason_field(example="The other check"))
    return dialog


def note_dialog(row: SheetRow, parent: QWidget | None = None) -> FieldsDialog:
    """Return the dialog for a note on what is on its way: note."""
    dialog = FieldsDialog(
        f"Note on {stated(row.book_amount)} that is on its way",
        row.book_says,
        ("Keep the note", "Saving…"),
        parent,
    )
    dialog.row(note=reason_field("Note", example="Mailed on 03/30, not cashed yet"))
    return dialog


def undo_dialog(number: str, period: str, parent: QWidget | None = None) -> FieldsDialog:
    """Return the dialog that takes the last reconciliation back: reason."""
    dialog = FieldsDialog(
        f"Take {number} back?",
        f"What {period} has locked can be changed again. Its page stays as it was printed.",
        ("Take it back", "Taking back…"),
        parent,
    )
    dialog.row(reason=reason_field(example="A line was matched with the wrong deposit"))
    return dialog


def amount_of(dialog: FieldsDialog, name: str) -> Money:
    """Return an amount of a dialog whose fields were checked."""
    found = dialog.value(name)
    assert isinstance(found, Money)
    return found
