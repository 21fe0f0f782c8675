"""A desk that keeps the books as well: bank files, matches, proofs, entries, months and years.

The bank's files are written from what the books have open, so that most of what is read there is
something; some of it is nothing that anybody knows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankLine, BankStatement, BankSuspense
from fscdesk.models.deposit import Deposit, DepositKind, DepositStatus
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.reconciliation import (
    BankMatch,
    Reconciliation,
    ReconciliationStatus,
)
from fscdesk.models.recurring import Every, RecurringEntry
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.closing_periods import close, open_again
from fscdesk.services.accounting.journal import (
    BY_HAND,
    ManualEntry,
    ManualLeg,
    post_due_reversals,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.recurring import (
    RecurringDraft,
    post_recurring,
    save_recurring,
    skip_recurring,
)
from fscdesk.services.accounting.year_end import close_year, undo_year_end
from fscdesk.services.banking.accepting import MatchDraft, accept, draft_of, take_apart
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.banking.matching_facts import open_entries
from fscdesk.services.banking.reconciling import complete, drop, open_one, start, undo_last
from fscdesk.services.banking.statements import apply_statement, undo_statement
from fscdesk.services.banking.suspense import explain, explain_by_account
from fscdesk.services.banking.undeposited import undeposited
from fscdesk.services.demo.bank_file import Line, statement
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import BANK
from fscdesk.services.work import Work
from tests.support.banking_desk import BankingDesk
from tests.support.money_desk import WHY

ACCOUNT = 1
"""The operating account of every practice."""
YEAR = 2026
_OTHER = BY_HAND | {EntryKind.BANK}
_NEWEST = select(func.max(BankLine.on)).where(BankLine.live.is_(True))


class BookkeepingDesk(BankingDesk):
    """What `BankingDesk` does, and everything at the bank and in the books."""

    def acts(self) -> dict[str, Callable[[], Any]]:
        """Return everything that can happen at this desk, by name."""
        names = (
            *("bank_file", "undo_file", "match", "match_all", "apart", "explain"),
            *("prove", "give_up", "undo_proof", "write", "turn_back", "recur", "recurs"),
            *("close_month", "open_month", "end_year", "undo_year"),
        )
        return super().acts() | {name: getattr(self, name) for name in names}

    def elsewhere(self, work: Work) -> int:
        """Return what persons and the bank's own words posted on the bank's account."""
        wrong = select(JournalEntry.id).where(JournalEntry.kind.in_(_OTHER))
        posted = work.db.scalar(
            select(func.sum(JournalLine.amount))
            .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
            .where(
                JournalLine.account == BANK,
                JournalEntry.id.in_(wrong) | JournalEntry.reverses_id.in_(wrong),
            )
        )
        held = work.db.scalar(
            select(func.sum(Deposit.amount)).where(
                Deposit.status == DepositStatus.POSTED, Deposit.kind == DepositKind.SUSPENSE
            )
        )
        return (posted or ZERO).cents - (held or ZERO).cents

    def bank_file(self) -> None:
        """Read a file of the bank: some of what is open here, and now and then something else."""
        lines = self.books.read(self._lines)
        data, _ = statement(lines, 100_00)
        name = f"{self.rng.randrange(10**6)}.csv"
        self.books.write(lambda work: apply_statement(work, name, data, account_id=ACCOUNT))

    def _lines(self, work: Work) -> list[Line]:
        last, first = work.today(), _proved(work) + timedelta(days=1)
        found: list[Line] = []
        for one in undeposited(work):
            if one.amount > ZERO and self.rng.random() < 0.4:
                words = f"SAMPLE PAYER HCCLAIMPMT TRN*1*{one.reference}*1999990000\\"
                if not (one.from_payer and one.reference):
                    words = "REMOTE ONLINE DEPOSIT"
                found.append(Line(one.received_on, one.amount.cents, words, "ACH_CREDIT"))
        entries = work.db.execute(open_entries(work.db.get_one(BankAccount, ACCOUNT))).all()
        found += [
            Line(row.on, row.amount.cents, row.slip or "ONLINE TRANSFER")
            for row in entries
            if self.rng.random() < 0.7
        ]
        if self.rng.random() < 0.5:
            cents = self.rng.choice((61_75, 20_00, -15_00, -99_00))
            words = "MONTHLY SERVICE FEE" if cents < 0 else "UNKNOWN PAYER EFT"
            found.append(Line(last, cents, words))
        lines = [one._replace(on=max(one.on, first)) for one in found]
        lines = sorted((one for one in lines if one.on <= last), key=lambda one: one.on)
        if not lines:
            raise Problem("The bank has nothing new.", hint="Take another.")
        return lines

    def undo_file(self) -> None:
        """Take a file back."""
        one = self._pick(BankStatement)
        self.books.write(lambda work: undo_statement(work, one.id))

    def match(self) -> None:
        """Accept what is proposed of one line, or choose, or keep the money."""
        found = self.books.read(lambda work: proposals(work, ACCOUNT))
        if not found:
            raise Problem("Nothing is open.", hint="Take another.")
        draft = self._draft(self.rng.choice(found))
        self.books.write(lambda work: accept(work, draft))

    def match_all(self) -> None:
        """Go through all that is open."""
        self.books.write(lambda work: apply_certain(work, ACCOUNT))
        for _ in range(30):
            found = self.books.read(lambda work: proposals(work, ACCOUNT))
            if not found:
                return
            draft = self._draft(found[0])
            self.books.write(lambda work, draft=draft: accept(work, draft))  # type: ignore[misc]

    def _draft(self, one: Proposal) -> MatchDraft:
        if one.is_complete:
            return draft_of(ACCOUNT, one)
        if one.reach is Reach.SEVERAL and one.alternatives:
            return draft_of(ACCOUNT, one, choice=self.rng.choice(one.alternatives))
        if one.amount > ZERO:
            return draft_of(ACCOUNT, one, hold=True)
        legs = (BankLeg("8100", one.amount),)
        return MatchDraft(ACCOUNT, tuple(line.id for line in one.lines), legs=legs, memo=WHY)

    def apart(self) -> None:
        """Take a match apart, also one that was taken apart before."""
        one = self._pick(BankMatch)
        self.books.write(lambda work: take_apart(work, one.id, WHY))

    def explain(self) -> None:
        """Say what money was that waits."""
        held = self._pick(BankSuspense)
        fitting = [
            one.payment_id
            for one in self.books.read(undeposited)
            if one.refund_id is None and ZERO < one.amount <= held.open
        ]
        if fitting and self.rng.random() < 0.7:
            self.books.write(lambda work: explain(work, held.id, (self.rng.choice(fitting),)))
            return
        legs = (BankLeg("4340", Money(self.rng.choice((held.open.cents, 1_00)))),)
        self.books.write(lambda work: explain_by_account(work, held.id, legs, WHY))

    def prove(self) -> None:
        """Begin the next period, up to some day, and complete it where that can be."""
        newest = self.books.read(lambda work: work.db.scalar(_NEWEST))
        if newest is None or newest <= self.books.read(_proved):
            raise Problem("The bank has nothing new.", hint="Take another.")
        back = timedelta(self.rng.choice((0, 0, 0, 3, 12)))
        on = max(newest - back, self.books.read(_proved) + timedelta(1))
        said = self.books.read(lambda work: _at_bank(work, on))
        ident = self.books.write(lambda work: start(work, ACCOUNT, on, said)).value
        self.books.write(lambda work: complete(work, ident))

    def give_up(self) -> None:
        """Give a period up that is begun."""
        ident = self.books.read(lambda work: open_one(work, ACCOUNT))
        if ident is None:
            raise Problem("None is begun.", hint="Take another.")
        self.books.write(lambda work: drop(work, ident))

    def undo_proof(self) -> None:
        """Take the last proof back."""
        self.books.write(lambda work: undo_last(work, ACCOUNT, WHY))

    def write(self) -> None:
        """Write an entry, on a day of the last months or the next."""
        cents = self.rng.choice((1, 99_00, 2_400_00))
        account = self.rng.choice(("7000", "5000", "1400", "4010"))
        on = self._today() - timedelta(days=self.rng.choice((0, 0, 2, 40, -5)))
        late = WHY if self.rng.random() < 0.3 else None
        back = on + timedelta(days=9) if self.rng.random() < 0.2 else None
        kind = EntryKind.ADJUSTING if back is not None else EntryKind.MANUAL
        legs = (ManualLeg(account, cents), ManualLeg(BANK, -cents))
        entry = ManualEntry(on, WHY, legs, kind=kind, reverse_on=back, late_reason=late)
        self.books.write(lambda work: post_manual(work, entry))

    def turn_back(self) -> None:
        """Turn an entry back, also one that belongs to a document."""
        kind = self.rng.choice((EntryKind.MANUAL, EntryKind.MANUAL, EntryKind.DEPOSIT))
        one = self._pick(JournalEntry, kind=kind)
        self.books.write(lambda work: reverse_manual(work, one.id, reason=WHY))

    def recur(self) -> None:
        """Let an entry come again each month."""
        legs = (ManualLeg("7000", 2_400_00), ManualLeg(BANK, -2_400_00))
        draft = RecurringDraft(f"Rent {self.rng.randrange(99)}", Every.MONTH, self._today(), legs)
        self.books.write(lambda work: save_recurring(work, draft))

    def recurs(self) -> None:
        """Post the next day of one, or leave it out; turn back what is due."""
        one = self._pick(RecurringEntry)
        act = self.rng.choice((post_recurring, post_recurring, skip_recurring))
        self.books.write(lambda work: act(work, one.id))
        self.books.write(post_due_reversals)

    def close_month(self) -> None:
        """Close the last month that is over, sometimes only softly."""
        before = self._today().replace(day=1) - timedelta(days=1)
        soft = self.rng.random() < 0.3
        self.books.write(lambda work: close(work, before, soft=soft))

    def open_month(self) -> None:
        """Open one of the last months again."""
        month = self._today().replace(day=1) - timedelta(days=self.rng.choice((1, 1, 40)))
        soft = self.rng.random() < 0.3
        self.books.write(lambda work: open_again(work, month, reason=WHY, soft=soft))

    def end_year(self) -> None:
        """Carry the year that ended."""
        self.books.write(lambda work: close_year(work, YEAR))

    def undo_year(self) -> None:
        """Take that back."""
        self.books.write(lambda work: undo_year_end(work, YEAR, reason=WHY))


def _proved(work: Work) -> date:
    """Return the day up to which the bank is proved; that before the first one if it is not."""
    found = work.db.scalar(
        select(func.max(Reconciliation.last_day)).where(
            Reconciliation.bank_account_id == ACCOUNT,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
    )
    starts = work.db.get_one(BankAccount, ACCOUNT).starts_on
    assert starts is not None
    return found or starts - timedelta(days=1)


def _at_bank(work: Work, on: date) -> Money:
    """Return what the bank has on a day, by its own lines."""
    came = work.db.scalar(
        select(func.sum(BankLine.amount)).where(BankLine.live.is_(True), BankLine.on <= on)
    )
    return work.db.get_one(BankAccount, ACCOUNT).starts_with + (came or ZERO)
