"""What is done about the bank's lines: each an act on the worker, with its undo in the message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accepting import MatchDraft, accept, draft_of, take_apart
from fscdesk.services.banking.bank_entries import LineAccounts, accounts_for_line
from fscdesk.services.banking.bank_sheet import Alternative, BankSheet, SheetRow, sheet_draft
from fscdesk.services.banking.certain import CertainDone, apply_certain
from fscdesk.services.banking.confirming import unmark
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.reconciling import mark, start
from fscdesk.services.banking.typed_lines import put_line_back, take_back_line
from fscdesk.services.remittances.payer_of_line import payer_of_line
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import carry_out, open_dialog
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.bank_dialogs import (
    amount_of,
    apart_dialog,
    begin_dialog,
    enter_dialog,
    note_dialog,
)
from fscdesk.ui.screens.reconciliation.bank_list import sides
from fscdesk.ui.screens.reconciliation.words import stated
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

T = TypeVar("T")
ENTRY = "payment-entry"


class BankActs(QObject):
    """``sheet`` gives the period on view. ``done`` comes when a row was decided."""

    done = Signal()
    begun = Signal()
    """A period was begun or changed: the newest one is to be shown."""

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        sheet: Callable[[], BankSheet | None],
        today: Callable[[], date],
    ) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._sheet, self._today = sheet, today
        self._busy = False

    # Matching

    def accept(self, row: SheetRow, choice: Alternative | None = None) -> None:
        """Take what is proposed for a line, or one of the sets that it could be."""
        sheet, proposal = self._sheet(), row.proposal
        if sheet is None or proposal is None:
            return
        account = sheet.account_id

        def act(work: Work) -> int:
            return accept(work, draft_of(account, proposal, choice=choice))

        what = choice.words if choice is not None else row.book_says
        self._match(act, f"{stated(row.amount)} matched: {what}.")

    def hold(self, row: SheetRow) -> None:
        """Keep a line as money to identify: it waits in the exceptions for its remittance."""
        sheet, proposal = self._sheet(), row.proposal
        if sheet is None or proposal is None:
            return
        if row.amount <= ZERO:
            self._shell.messages.note("Only money that came in can be held. Enter what this is.")
            return
        account = sheet.account_id

        def act(work: Work) -> int:
            return accept(work, draft_of(account, proposal, hold=True))

        self._match(
            act,
            f"{stated(row.amount)} is held as money to identify{held_as(row)}.",
        )

    def match(self, rows: Sequence[SheetRow]) -> None:
        """Match what is ticked on both sides."""
        sheet = self._sheet()
        if sheet is None:
            return
        draft = sheet_draft(sheet.account_id, rows)
        bank, _ours = sides(rows)
        self._match(lambda work: accept(work, draft), f"{stated(bank)} matched by hand.")

    def why_not_match(self, rows: Sequence[SheetRow]) -> str:
        """Return why ticked rows cannot be matched, or ""."""
        if any(row.match_id is not None for row in rows):
            return "A ticked line is matched already: take that match apart first."
        if not any(row.line_ids for row in rows):
            return "Tick a line of the bank as well."
        bank, ours = sides(rows)
        if all(row.line_ids for row in rows):
            return "" if bank == ZERO and len(rows) > 1 else "Tick what of ours it is as well."
        return "" if bank == ours else f"The two sides differ by {stated(bank - ours)}."

    def again(self) -> None:
        """Match by trace whatever can be, without a person."""
        sheet = self._sheet()
        if sheet is None:
            return

        def act(work: Work) -> CertainDone:
            return apply_certain(work, sheet.account_id)

        self._act(act, self._say_again)

    def enter(self, row: SheetRow) -> None:
        """Ask what account a line is, post that, and match it."""
        sheet = self._sheet()
        if sheet is None:
            return
        self._shell.desk.ask(
            self,
            partial(accounts_for_line, bank_account_id=sheet.account_id),
            lambda found: self._ask_entry(row, found),
            self._shell.messages.refused,
        )

    def enter_eob(self, row: SheetRow) -> None:
        """Type the EOB of a credit: its day, amount, trace and sender stand there already."""
        if not self._shell.has(ENTRY):
            return
        told = {
            "amount": row.amount.plain(),
            "reference": row.trace,
            "received_on": day_text(row.on),
        }
        line = row.line_ids[0]
        self._shell.desk.ask(
            self,
            lambda work: payer_of_line(work, line),
            lambda payer: self._shell.open(
                ENTRY, bank=told, **({} if payer is None else {"payer_id": payer})
            ),
            self._shell.messages.refused,
        )

    # What is on its way, and what was matched

    def confirm(self, row: SheetRow, note: str = "") -> None:
        """Keep a person's word that an entry is on its way."""
        sheet = self._sheet()
        if sheet is None or sheet.state is None:
            self._shell.messages.note(
                "No period is begun. Type the statement's last day and balance first."
            )
            return
        period, entry = sheet.state.id, row.entry_ids[0]
        undo = Undo("the confirmation", partial(_unconfirm, period, row))
        going = "is still to be paid" if (row.book_amount or ZERO) < ZERO else "is on its way"
        self._act(
            lambda work: mark(work, period, entry, note),
            lambda _done: self._said(f"{stated(row.book_amount)} {going}: confirmed.", undo=undo),
        )

    def note(self, row: SheetRow) -> None:
        """Ask for a note on what is on its way."""
        sheet = self._sheet()
        if sheet is None or sheet.state is None:
            self.confirm(row)
            return
        dialog, period = note_dialog(row, self._window), sheet.state.id
        entry = row.entry_ids[0]
        undo = Undo("the note", partial(_unconfirm, period, row))
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                lambda work: mark(work, period, entry, str(dialog.value("note"))),
                lambda _done: self._said("The note is kept.", undo=undo),
            )
        )
        open_dialog(dialog)

    def take_out(self, row: SheetRow) -> None:
        """Take a line out that the bank told of twice; another like it has to stand."""
        (line_id,) = row.line_ids
        undo = Undo("the line", partial(_line_back, line_id))
        words = f"The line of {day_text(row.bank_on)} over {stated(row.amount)} is taken out."
        self._act(
            lambda work: take_back_line(work, line_id), lambda _done: self._said(words, undo=undo)
        )

    def take_apart(self, rows: Sequence[SheetRow]) -> None:
        """Ask why, and take matches apart."""
        ids = [row.match_id for row in rows if row.match_id is not None]
        if not ids:
            return
        dialog = apart_dialog(rows, self._window)

        def act(work: Work) -> int:
            for one in ids:
                take_apart(work, one, str(dialog.value("reason")))
            return len(ids)

        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                act,
                lambda count: self._said(f"{count_text(count, 'match', 'matches')} taken apart."),
            )
        )
        open_dialog(dialog)

    def begin(self) -> None:
        """Ask for the statement's last day and balance; begin the period, or change it."""
        sheet = self._sheet()
        if sheet is None or sheet.period.completed:
            return
        dialog = begin_dialog(sheet.label, sheet.period, self._today, self._window)
        account = sheet.account_id

        def saved(_ident: int) -> None:
            self._shell.messages.info(
                f"The statement ends with {stated(dialog_amount())}. Match what is open."
            )
            self.begun.emit()

        def dialog_amount() -> Money:
            return amount_of(dialog, "statement")

        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                lambda work: start(work, account, dialog.value("last_day"), dialog_amount()),
                saved,
            )
        )
        open_dialog(dialog)

    # Inside

    def _ask_entry(self, row: SheetRow, accounts: LineAccounts) -> None:
        sheet = self._sheet()
        if sheet is None:
            return
        dialog = enter_dialog(row, accounts, self._window)
        account = sheet.account_id

        def act(work: Work) -> int:
            legs = (BankLeg(str(dialog.value("account")), row.amount),)
            memo = str(dialog.value("memo"))
            return accept(
                work, MatchDraft(account, row.line_ids, legs=legs, memo=memo, why="Said by hand")
            )

        def saved(match_id: int) -> None:
            words = f"{stated(row.amount)} posted on {dialog.value('account')} and matched."
            self._said(words, undo=self._undo(match_id))

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, saved))
        open_dialog(dialog)

    def _match(self, act: Callable[[Work], int], words: str) -> None:
        self._act(act, lambda match_id: self._said(words, undo=self._undo(match_id)))

    def _act(self, act: Callable[[Work], T], then: Callable[[T], object]) -> None:
        if self._busy:
            return
        self._busy = True

        def saved(value: T) -> None:
            self._busy = False
            then(value)

        self._shell.desk.act(self, act, saved, self._refused)

    def _refused(self, fault: BaseException) -> None:
        self._busy = False
        self._shell.messages.refused(fault)

    def _said(self, words: str, *, undo: Undo | None = None) -> None:
        self._shell.messages.info(words, undo=undo)
        self.done.emit()

    def _undo(self, match_id: int) -> Undo:
        return Undo("the match", partial(_apart, match_id))

    def _say_again(self, done: CertainDone) -> None:
        made = len(done.matches) + done.explained
        words = "Nothing new agrees by trace number and amount."
        if made or done.offsets:
            words = f"{count_text(made, 'line')} matched by trace number and amount."
        ids = [one.id for one in done.matches]
        undo = Undo("the matches", partial(_all_apart, ids)) if ids and not done.explained else None
        self._said(words, undo=undo)


def held_as(row: SheetRow) -> str:
    """Return what held money waits for, where that is known: a payer's for its remittance."""
    return ", until its remittance comes" if row.is_eft else ""


def _unconfirm(period: int, row: SheetRow, work: Work) -> str:
    """Let an entry stand as it did before a person confirmed it, or changed its note."""
    entry, amount = row.entry_ids[0], stated(row.book_amount)
    if row.seen:
        mark(work, period, entry, row.note)
        return f"{amount} has its note as before."
    unmark(work, period, entry)
    return f"{amount} is not confirmed any more."


def _apart(match_id: int, work: Work) -> str:
    take_apart(work, match_id, "Taken back right after it was made")
    return "The match is taken apart; the line is open again."


def _line_back(line_id: int, work: Work) -> str:
    put_line_back(work, line_id)
    return "The line of the bank stands again."


def _all_apart(ids: Sequence[int], work: Work) -> str:
    for one in ids:
        take_apart(work, one, "Taken back right after it was made")
    return f"{count_text(len(ids), 'match', 'matches')} taken apart."
