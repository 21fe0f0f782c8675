"""What can be done with recoupments: pair two, explain one by an account, take that apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.recoupment_detail import (
    ItemDetail,
    Partner,
    Settlement,
)
from fscdesk.services.remittances.recoupment_list import ItemRow
from fscdesk.services.remittances.recoupments import explain, explaining_accounts, pair, unpair
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.recoupment_words import states
from fscdesk.ui.undo import Undo

AT_ONCE = "Taken back right after it was done"
"""The reason of Ctrl+Z."""
Done = tuple[str, Undo]
Side = ItemRow | Partner


class RecoupmentActs(QObject):
    """Each act asks for an amount and a reason, and says its undo. ``after`` follows a pairing."""

    def __init__(
        self, shell: Shell, window: QWidget, after: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._after = shell, window, after

    def pair(self, one: Side, two: Side) -> None:
        """Ask how much of two items settles each other, and why."""
        reason = why_not_paired(one, two)
        if reason:
            self._shell.messages.problem(reason, hint="Nothing was posted.")
            return
        taken, told = (one, two) if one.open > ZERO else (two, one)
        most = min(abs(one.open), abs(two.open))
        dialog = FieldsDialog(
            f"Pair {taken.number} with {told.number}",
            f"What the payer has taken in {taken.number} settles what it said in {told.number}."
            " Neither is open any more as far as the other goes.",
            ("Pair them", "Posting…"),
            self._window,
        )
        why = reason_field(example="The payer named this claim on the telephone")
        if taken.reference and taken.reference == told.reference:
            why.set_value(f"Same reference {taken.reference}")
        dialog.row(amount=MoneyField("Amount", most, rule=partial(_at_most, most)))
        dialog.row(reason=why)
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _pair,
                    taken=taken,
                    told=told,
                    amount=dialog.value("amount"),
                    why=str(dialog.value("reason")),
                ),
            )
        )
        open_dialog(dialog)

    def pair_by_id(self, detail: ItemDetail, partner_id: int) -> None:
        """Ask to pair an item with one of its partners."""
        found = next((one for one in detail.partners if one.id == partner_id), None)
        if found is not None:
            self.pair(detail.row, found)

    def explain(self, row: ItemRow) -> None:
        """Ask which account explains an item, how much of it, and why."""
        self._shell.desk.ask(
            self,
            explaining_accounts,
            partial(self._ask_explain, row),
            self._shell.messages.refused,
        )

    def take_apart(self, detail: ItemDetail, pair_id: int) -> None:
        """Ask why a pairing or an explanation is taken apart."""
        found = next((one for one in detail.history if one.pair_id == pair_id), None)
        if found is None or not found.may_be_taken_apart:
            return
        other = found.other or found.account
        dialog = FieldsDialog(
            f"Take {detail.row.number} and {other} apart",
            f"{states(found.amount)} is open again on both sides; the entries stay."
            if found.other
            else f"{states(found.amount)} is open again and leaves account {found.account};"
            " the entries stay.",
            ("Take it apart", "Posting…"),
            self._window,
            keep_it="Leave it",
        )
        dialog.row(reason=reason_field(example="It was another claim"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _take_apart,
                    row=detail.row,
                    settled=found,
                    why=str(dialog.value("reason")),
                ),
            )
        )
        open_dialog(dialog)

    def _ask_explain(self, row: ItemRow, accounts: Sequence[tuple[str, str]]) -> None:
        most = abs(row.open)
        way = "took" if row.open > ZERO else "added"
        dialog = FieldsDialog(
            f"Explain {row.number} by an account",
            f"{states(most)} that {row.payer} {way} leaves account {row.account} for the account"
            " below. It can be taken apart again.",
            ("Explain it", "Posting…"),
            self._window,
        )
        offered = [(code, f"{code} {name}") for code, name in accounts]
        dialog.row(account=ChoiceField("Account", offered))
        dialog.row(amount=MoneyField("Amount", most, rule=partial(_at_most, most)))
        dialog.row(reason=reason_field(example="A penalty of the payer, as its letter says"))
        dialog.wanted.connect(
            lambda: self._do(
                dialog,
                partial(
                    _explain,
                    row=row,
                    account=str(dialog.value("account")),
                    amount=dialog.value("amount"),
                    why=str(dialog.value("reason")),
                ),
            )
        )
        open_dialog(dialog)

    def _do(self, dialog: ActDialog, act: Callable[[Work], Done]) -> None:
        carry_out(self._shell, dialog, act, self._said)

    def _said(self, done: Done) -> None:
        self._shell.messages.info(done[0], undo=done[1])
        self._after()


def why_not_paired(one: Side, two: Side) -> str:
    """Return why two items do not settle each other, or ""."""
    if one.id == two.id:
        return "An item is not its own partner."
    for side in (one, two):
        if not side.open:
            return f"Nothing of {side.number} is open."
    if isinstance(one, ItemRow) and isinstance(two, ItemRow) and one.payer_id != two.payer_id:
        return f"{one.number} and {two.number} are of different payers."
    if (one.open > ZERO) == (two.open > ZERO):
        both = "were taken" if one.open > ZERO else "will be taken"
        return f"{one.number} and {two.number} go the same way: both {both}."
    return ""


def why_not_explained(row: ItemRow) -> str:
    """Return why an account cannot explain an item, or ""."""
    return "" if row.open else f"Nothing of {row.number} is open."


def _at_most(most: Money, amount: Money) -> str:
    if amount.cents <= 0:
        return "The amount is above 0.00."
    return "" if amount <= most else f"{states(most)} is open."


def _pair(work: Work, *, taken: Side, told: Side, amount: Money, why: str) -> Done:
    made = pair(work, taken.id, told.id, why, amount=amount)
    left = [
        f"{states(abs(one.open) - amount)} of {one.number} stays open."
        for one in (taken, told)
        if abs(one.open) != amount
    ]
    said = f"{states(amount)} of {taken.number} and {told.number} settle each other."
    return " ".join((said, *left)), Undo(
        f"pairing {taken.number}", partial(_undo, made, f"{taken.number} and {told.number}")
    )


def _explain(work: Work, *, row: ItemRow, account: str, amount: Money, why: str) -> Done:
    made = explain(work, row.id, account, why, amount=amount)
    left = abs(row.open) - amount
    rest = f" {states(left)} of it stays open." if left else ""
    said = f"{states(amount)} of {row.number} is explained by account {account}.{rest}"
    return said, Undo(f"explaining {row.number}", partial(_undo, made, row.number))


def _undo(pair_id: int, numbers: str, work: Work) -> str:
    unpair(work, pair_id, AT_ONCE)
    verb = "are" if " and " in numbers else "is"
    return f"{numbers} {verb} open again."


def _take_apart(work: Work, *, row: ItemRow, settled: Settlement, why: str) -> Done:
    unpair(work, settled.pair_id, why)
    other = settled.other or settled.account

    def back(work: Work) -> str:
        if settled.other_id is not None:
            pair(work, row.id, settled.other_id, settled.reason, amount=settled.amount)
        else:
            account = settled.account.partition(" ")[0]
            explain(work, row.id, account, settled.reason, amount=settled.amount)
        return f"{states(settled.amount)} of {row.number} is settled with {other} again."

    said = f"{states(settled.amount)} of {row.number} and {other} is open again."
    return said, Undo(f"taking {row.number} apart", back)
