"""A statement taken with the matches that its plan shows, and taken back with them.

    fates = planned_fates(work, plan_statement(work, name, data))
    done = take_statement(work, name, data)
    take_back(work, done)

By trace is matched without a person. What one item alone could be, by slip or by amount and day,
stands in the plan with its reason; who applies the plan confirms it. Sums of several, words and
rules are left to be decided one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.bank import BankLine
from fscdesk.models.reconciliation import MatchedBy, Reconciliation, ReconciliationStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import accept_in_parts
from fscdesk.services.banking.match_drafts import draft_of
from fscdesk.services.banking.match_proposals import Proposal
from fscdesk.services.banking.matching import proposed
from fscdesk.services.banking.reconciling import drop, start
from fscdesk.services.banking.statement_plan import (
    AppliedStatement,
    StatementPlan,
    lines_to_be,
)
from fscdesk.services.banking.statements import apply_statement, undo_statement
from fscdesk.services.banking.taking_apart import take_apart
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

_CONFIRMED = frozenset({MatchedBy.TRACE, MatchedBy.PAYOUT, MatchedBy.SLIP, MatchedBy.AMOUNT})


@dataclass(frozen=True, slots=True)
class PlannedFate:
    """A new line of a file: its position, what it is taken for, and whether that is done."""

    position: int
    why: str
    matched: bool


@dataclass(frozen=True, slots=True)
class TakenStatement:
    """What taking a statement did: ``confirmed`` are the matches that the plan's reader confirmed.

    ``reconciliation_id`` is the period that its closing balance begins or goes on with;
    ``before`` is how that one stood (last day and balance), None where it was begun by this.
    """

    applied: AppliedStatement
    confirmed: tuple[int, ...] = ()
    reconciliation_id: int | None = None
    before: tuple[date, Money] | None = None

    @property
    def matched(self) -> int:
        """Return how many matches were made with it."""
        return len(self.applied.certain.matches) + len(self.confirmed)


def planned_fates(work: Work, plan: StatementPlan) -> tuple[PlannedFate, ...]:
    """Return of each new line whether it would be matched by applying the plan, and why."""
    new = lines_to_be(plan)
    if not new:
        return ()
    deposits = may(work, Right.MAKE_DEPOSITS)
    return tuple(
        PlannedFate(
            plan.lines[-line.id - 1].line.position,
            one.why,
            matched=_is_confirmed(one, deposits=deposits),
        )
        for one in proposed(work, plan.account_id, also=new)
        for line in one.lines
        if line.id < 0
    )


def take_statement(
    work: Work, name: str, data: bytes, *, account_id: int | None = None
) -> TakenStatement:
    """Store a file's new lines, match what its plan says, and begin its period, in one act.

    A period is begun where the file tells its closing balance and the day is not reconciled; an
    open one goes on to that day.
    """
    applied = apply_statement(work, name, data, account_id=account_id)
    if applied.statement_id is None:
        return TakenStatement(applied)
    account = applied.plan.account_id
    own = set(
        work.db.scalars(
            select(BankLine.id).where(
                BankLine.statement_id == applied.statement_id, BankLine.live.is_(True)
            )
        )
    )
    deposits = may(work, Right.MAKE_DEPOSITS)
    todo = [
        one
        for one in proposed(work, account)
        if _is_confirmed(one, deposits=deposits) and one.lines[0].id in own
    ]
    drafts = [draft_of(account, one) for one in todo]
    confirmed = accept_in_parts(work, drafts, "Matching what the plan says")
    begun, before = _begin(work, applied.plan)
    return TakenStatement(applied, tuple(confirmed), begun, before)


def take_back(work: Work, done: TakenStatement) -> int:
    """Take a statement back with its matches and its period; return how many lines went.

    Raises Problem, with nothing changed, where a line was matched by hand meanwhile.
    """
    statement = done.applied.statement_id
    if statement is None:
        return 0
    if done.reconciliation_id is not None:
        row = work.db.get_one(Reconciliation, done.reconciliation_id)
        if row.status is ReconciliationStatus.OPEN:
            if done.before is None:
                drop(work, row.id)
            else:
                start(work, row.bank_account_id, *done.before)
    for match_id in done.confirmed:
        take_apart(work, match_id, f"{done.applied.number} was taken back")
    return undo_statement(work, statement)


def _is_confirmed(one: Proposal, *, deposits: bool) -> bool:
    """Return whether a plan's reader confirms it: one line, one item, nothing to choose."""
    single = len(one.lines) == 1 and len(one.items) == 1
    allowed = deposits or not one.deposits_to_make
    return one.is_complete and single and one.by in _CONFIRMED and allowed


def _begin(work: Work, plan: StatementPlan) -> tuple[int | None, tuple[date, Money] | None]:
    last_day, closing = plan.last_day, plan.closing
    if last_day is None or closing is None or last_day > work.today():
        return None, None
    rows = work.db.scalars(
        select(Reconciliation).where(
            Reconciliation.bank_account_id == plan.account_id, Reconciliation.live.is_(True)
        )
    ).all()
    newest = max((row.last_day for row in rows), default=None)
    if newest is not None and newest >= last_day:
        return None, None
    going = next((row for row in rows if row.status is ReconciliationStatus.OPEN), None)
    before = None if going is None else (going.last_day, going.statement)
    return start(work, plan.account_id, last_day, closing), before
