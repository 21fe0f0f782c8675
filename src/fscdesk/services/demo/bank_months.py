"""The office's months at the bank: the file is read, its lines are matched, the month is proved.

Of the newest month some lines are left for whoever looks: money that nobody knows, a fee, a
deposit that two sets of checks explain. Its reconciliation is begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from fscdesk.models.bank import BankLine
from fscdesk.models.reconciliation import BankMatchLine, MatchedBy
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import accept
from fscdesk.services.banking.accounts import bank_accounts
from fscdesk.services.banking.bank_words import single_blanks
from fscdesk.services.banking.match_drafts import MatchDraft, draft_of
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.matching import Proposal, proposals
from fscdesk.services.banking.reconciling import complete, standing, start
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.demo.bank_deposits import a_lump, deposit_weeks
from fscdesk.services.demo.bank_file import Line, statement
from fscdesk.services.demo.bank_lines import (
    of_a_lump,
    of_entries,
    of_payers,
    of_savings,
    of_the_bank,
)
from fscdesk.services.demo.scene import Scene
from fscdesk.services.demo.season import Season
from fscdesk.services.ledger.periods import month_end
from fscdesk.services.work import Work

_WORDS = {"7500": "Bank fee", "7400": "Scheduling software", "4340": "Interest of the bank"}


@dataclass
class AtBank:
    """One account at the bank: what it holds there, and up to which day it is proved."""

    account_id: int
    code: str
    held: int
    proved: date


class BankMonths:
    """Knows the accounts at the bank, and up to which month their statements were read."""

    def __init__(self, season: Season, transfer: int) -> None:
        self._season, self._transfer = season, transfer
        self._next = season.first
        self._slips = 0
        self._newest = season.today.replace(day=1) - timedelta(days=1)
        self._accounts: list[AtBank] = []

    def open_accounts(self, scene: Scene) -> None:
        """Learn which accounts there are, and what the bank holds in them on the first day."""
        before = self._season.first - timedelta(days=1)
        for one in scene.office.read(bank_accounts):
            self._accounts.append(AtBank(one.id, one.account, one.starts_with.cents, before))

    def months_until(self, on: date) -> Iterator[tuple[date, date]]:
        """Yield the first and last days of the months that are over by a day, each once."""
        while month_end(self._next) < on:
            yield self._next, month_end(self._next)
            self._next = month_end(self._next) + timedelta(days=1)

    def deposit(self, scene: Scene) -> None:
        """Take to the bank what came in the weeks that are over."""
        newest = self._newest
        three = scene.office.read(lambda work: a_lump(work, newest.replace(day=1), newest))
        kept = frozenset(one.payment_id for one in three)
        proved = self._accounts[0].proved
        self._slips = scene.clerk(lambda work: deposit_weeks(work, self._slips, proved, kept))

    def read(self, scene: Scene, first: date, last: date) -> None:
        """Read the statements of a month, match what can be, and prove the account."""
        checking, *others = self._accounts
        newest, before = last == self._newest, month_end(last + timedelta(days=1)) == self._newest

        def found(work: Work) -> list[Line]:
            three = a_lump(work, first, last) if newest else ()
            savings = others[0].code
            return [
                *of_entries(work, checking.account_id, last, newest),
                *of_payers(work, last, newest),
                *of_the_bank(first, last, self._transfer, savings, newest, before),
                *of_a_lump(three),
            ]

        self._month(scene, checking, found, first, last)
        for one in others:
            held = one.held
            self._month(
                scene,
                one,
                lambda work, one=one, held=held: list(  # type: ignore[misc]
                    of_savings(work, one.account_id, first, last, held)
                ),
                first,
                last,
            )

    def _month(
        self,
        scene: Scene,
        at: AtBank,
        found: Callable[[Work], list[Line]],
        first: date,
        last: date,
    ) -> None:
        lines = scene.office.read(found)
        # What an account was not proved for in its own month, the bank shows in the next one.
        lines = sorted(
            (line._replace(on=max(line.on, first)) for line in lines), key=lambda line: line.on
        )
        data, closing = statement(lines, at.held)
        name = f"{at.code} {last:%Y-%m}.csv"
        scene.clerk(lambda work: apply_statement(work, name, data, account_id=at.account_id))
        scene.clerk(lambda work: _match(work, at.account_id, lines))
        at.held = closing

        def prove(work: Work) -> bool:
            ident = start(work, at.account_id, last, Money(closing))
            ready = standing(work, ident).ready
            if ready:
                complete(work, ident)
            return ready

        if scene.manager(prove):
            at.proved = last


def _match(work: Work, account_id: int, lines: list[Line]) -> None:
    """Accept what is proposed rightly; say of the rest what it is, but for what is left."""
    wanted: dict[tuple[date, int, str], list[Line]] = {}
    for line in lines:
        wanted.setdefault((line.on, line.cents, single_blanks(line.words)), []).append(line)
    proposed = {
        line.id: one
        for one in proposals(work, account_id)
        if len(one.lines) == 1
        for line in one.lines
    }
    open_ones = work.db.execute(
        select(BankLine.id, BankLine.on, BankLine.amount, BankLine.words)
        .outerjoin(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .where(
            BankLine.bank_account_id == account_id,
            BankLine.live.is_(True),
            BankMatchLine.id.is_(None),
        )
        .order_by(BankLine.on, BankLine.id)
    ).all()
    for row in open_ones:
        told = wanted.get((row.on, row.amount.cents, row.words))
        if not told:
            continue
        line = told.pop(0)
        if line.left:
            continue
        accept(work, _draft(account_id, row.id, row.amount, line, proposed))


def _draft(
    account_id: int, line_id: int, amount: Money, line: Line, proposed: dict[int, Proposal]
) -> MatchDraft:
    one = proposed.get(line_id)
    if line.entry_id is not None:
        if one is not None and one.is_complete and one.entries == (line.entry_id,):
            return draft_of(account_id, one)
        return MatchDraft(account_id, (line_id,), entry_ids=(line.entry_id,))
    if line.account:
        if one is not None and one.is_complete and one.entry_to_make is not None:
            return draft_of(account_id, one)
        memo = _WORDS.get(line.account, "To the savings account")
        legs = (BankLeg(line.account, amount),)
        return MatchDraft(account_id, (line_id,), legs=legs, memo=memo)
    if one is not None and one.is_complete and not line.hold:
        return draft_of(account_id, one)
    if one is not None:
        return draft_of(account_id, one, hold=True)
    return MatchDraft(account_id, (line_id,), hold=True, by=MatchedBy.SUSPENSE)
