"""Makes the financial statements and the proofs of the books, with the lines behind each number."""

from __future__ import annotations

from datetime import date, timedelta

from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import OPEN_ACCOUNTS
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.books import Cut, Lines
from fscdesk.services.reports.budget_variance import budget_variance
from fscdesk.services.reports.cash_flow import cash_flow
from fscdesk.services.reports.financial import Financial
from fscdesk.services.reports.financial_tables import (
    financial_table,
    roll_forward_table,
    tie_out_table,
    trial_balance_table,
    variance_table,
)
from fscdesk.services.reports.income_statement import View, income_statement
from fscdesk.services.reports.opening import Opens
from fscdesk.services.reports.periods import Compare, month_end
from fscdesk.services.reports.report_asked import Asked, PeriodWord
from fscdesk.services.reports.report_made import BehindRow, Made, behind_of
from fscdesk.services.reports.roll_forward import COLUMNS, RollRow, roll_forward
from fscdesk.services.reports.tie_out import TieRow, tie_out
from fscdesk.services.reports.trial_balance import TrialRow, trial_balance
from fscdesk.services.work import Work

_DAY = timedelta(days=1)


def make_income(work: Work, asked: Asked) -> Made:
    """Make the income statement."""
    days = asked.days(work, PeriodWord.THIS_MONTH)
    view, cut = View(asked.text("view", View.ACCRUAL)), _cut(asked)
    return _financial(
        work, income_statement(work, *days, view=view, compare=_beside(asked), by=cut)
    )


def make_balance_sheet(work: Work, asked: Asked) -> Made:
    """Make the balance sheet."""
    return _financial(work, balance_sheet(work, asked.day(work), compare=_beside(asked)))


def make_cash_flow(work: Work, asked: Asked) -> Made:
    """Make the cash flow statement."""
    days = asked.days(work, PeriodWord.THIS_MONTH)
    return _financial(work, cash_flow(work, *days, compare=_beside(asked)))


def make_trial_balance(work: Work, asked: Asked) -> Made:
    """Make the trial balance."""
    found = trial_balance(work, asked.day(work), compare=_beside(asked))
    table = trial_balance_table(work, found)

    def row(one: TrialRow) -> BehindRow:
        behind: dict[str, Lines | None] = {
            "debit": one.lines,
            "credit": one.lines.facing(-1),
        }
        if found.before is not None:
            behind["before"] = Lines((one.account,), None, found.before)
            behind["change"] = Lines((one.account,), found.before + _DAY, found.as_of)
        return behind

    facts = {"difference": found.difference.plain()}
    rows = [row(one) for one in found.rows]
    return Made(table, found, behind_of(table, rows), facts, not found.ties)


def make_roll_forward(work: Work, asked: Asked) -> Made:
    """Make the roll-forward of receivables."""
    found = roll_forward(work, *asked.days(work, PeriodWord.THIS_MONTH))
    table = roll_forward_table(work, found)
    eve, last = found.period.first - _DAY, found.period.last

    def row(one: RollRow, accounts: tuple[str, ...]) -> BehindRow:
        of = tuple(sorted(accounts))
        moved = {key: lines for (key, *_rest), lines in zip(COLUMNS, one.drills, strict=True)}
        return {"opening": Lines(of, None, eve), **moved, "closing": Lines(of, None, last)}

    rows = [row(one, (one.account,)) for one in found.rows]
    behind = behind_of(table, rows, row(found.total, OPEN_ACCOUNTS))
    facts = {"ties": found.ties, "words": found.tie.words}
    return Made(table, found, behind, facts, not found.ties)


def make_tie_out(work: Work, asked: Asked) -> Made:
    """Make the tie-out; what the aging says is opened there, what the ledger says in its lines."""
    found = tie_out(work, asked.day(work))
    table = tie_out_table(work, found)
    facts = {"difference": found.difference.plain()}
    rows = [{"amount": _behind_tie(one, found.as_of)} for one in found.rows]
    return Made(table, found, behind_of(table, rows), facts, not found.ties)


def make_budget_variance(work: Work, asked: Asked) -> Made:
    """Make budget and actual, of whole months."""
    start, end = asked.days(work, PeriodWord.LAST_MONTH)
    end = end if asked.values.get("last") else month_end(end)
    found = budget_variance(work, start, end, by_centre=asked.text("by") != "")
    table = variance_table(work, found)
    budget = Opens("accounting", {"tab": "budgets"})
    rows = [{"actual": one.lines, "budget": budget if one.budget else None} for one in found.rows]
    return Made(table, found, behind_of(table, rows))


def _financial(work: Work, found: Financial) -> Made:
    table = financial_table(work, found)
    rows = [
        {f"amount_{at}" if at else "amount": lines for at, lines in enumerate(row.drills)}
        for row in found.rows
    ]
    behind = behind_of(table, rows)
    return Made(table, found, behind, {"ties": found.ties}, not found.ties)


def _behind_tie(one: TieRow, as_of: date) -> Lines | Opens | None:
    if one.lines is not None:
        return one.lines
    by = "payer" if one.side == "Aging" else "guarantor"
    return Opens("aging", {"as_of": as_of, "by": by})


def _beside(asked: Asked) -> Compare | None:
    text = asked.text("compare")
    return Compare(text) if text else None


def _cut(asked: Asked) -> Cut | None:
    text = asked.text("by")
    if not text:
        return None
    if text not in (Cut.COST_CENTRE, Cut.PROVIDER):
        raise Problem(f"{text} is no cut.", hint="Nothing was counted. Choose another one.")
    return Cut(text)
