"""The financial statements: report trial-balance, income, balance-sheet, cash-flow and others."""

from __future__ import annotations

from typing import Annotated

import typer

from fscdesk.cli.options import AsOfOption, JsonOption, PracticeOption
from fscdesk.cli.report_output import FormatOption, OutOption
from fscdesk.cli.report_told import (
    FromOption,
    Told,
    ToOption,
    Wanted,
    days_meant,
    document,
    tell,
)
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.books import Cut
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
from fscdesk.services.reports.periods import Compare, month_end
from fscdesk.services.reports.roll_forward import roll_forward
from fscdesk.services.reports.tie_out import tie_out
from fscdesk.services.reports.trial_balance import trial_balance
from fscdesk.services.work import Work

CompareOption = Annotated[
    Compare | None, typer.Option("--compare", help="What stands beside it. Left out: nothing.")
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="cost-centre|provider", help="Cut it into columns."),
]


def add_to(reports: typer.Typer) -> None:
    """Add these reports to the group."""
    reports.command("trial-balance")(report_trial_balance)
    reports.command("income")(report_income)
    reports.command("balance-sheet")(report_balance_sheet)
    reports.command("cash-flow")(report_cash_flow)
    reports.command("roll-forward")(report_roll_forward)
    reports.command("tie-out")(report_tie_out)
    reports.command("budget-variance")(report_budget_variance)


def cut_of(text: str | None) -> Cut | None:
    """Read ``cost-centre`` or ``provider``."""
    if text is None:
        return None
    if text not in (Cut.COST_CENTRE.value, Cut.PROVIDER.value):
        raise typer.BadParameter(f"{text} is no cut. Write cost-centre or provider.")
    return Cut(text)


def _told(work: Work, found: Financial) -> Told:
    whole = document(found.report, found, ties=found.ties)
    return Told(financial_table(work, found), whole, found.ties)


def report_trial_balance(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    compare: CompareOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """Every account with its debit or credit balance."""

    def make(work: Work) -> Told:
        found = trial_balance(work, as_of or work.today(), compare=compare)
        whole = document("trial-balance", found, difference=found.difference.plain())
        return Told(trial_balance_table(work, found), whole, found.ties)

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_income(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    view: Annotated[
        View, typer.Option("--view", help="When it was earned, or when its money came.")
    ] = View.ACCRUAL,
    compare: CompareOption = None,
    by: ByOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What was earned and what it cost."""
    cut = cut_of(by)

    def make(work: Work) -> Told:
        days = days_meant(work, first, last)
        return _told(work, income_statement(work, *days, view=view, compare=compare, by=cut))

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_balance_sheet(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    compare: CompareOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What the practice has, what it owes, what is the owner's."""

    def make(work: Work) -> Told:
        return _told(work, balance_sheet(work, as_of or work.today(), compare=compare))

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_cash_flow(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    compare: CompareOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """How net income became a change of cash."""

    def make(work: Work) -> Told:
        return _told(work, cash_flow(work, *days_meant(work, first, last), compare=compare))

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_roll_forward(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """Receivables: opening, charges, payments, adjustments, closing."""

    def make(work: Work) -> Told:
        found = roll_forward(work, *days_meant(work, first, last))
        whole = document("roll-forward", found, ties=found.ties, words=found.tie.words)
        return Told(roll_forward_table(work, found), whole, found.ties)

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_tie_out(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """Aging, the accounts of clients and payers, and the ledger, side by side."""

    def make(work: Work) -> Told:
        found = tie_out(work, as_of or work.today())
        whole = document("tie-out", found, difference=found.difference.plain())
        return Told(tie_out_table(work, found), whole, found.ties)

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_budget_variance(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="cost-centre", help="One row for each.")
    ] = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """The approved budget of these months, and what came."""
    if by not in (None, Cut.COST_CENTRE.value):
        raise typer.BadParameter(f"{by} is no cut of a budget. Write cost-centre.")

    def make(work: Work) -> Told:
        start, end = days_meant(work, first, last)
        found = budget_variance(
            work, start, end if last else month_end(end), by_centre=by is not None
        )
        return Told(variance_table(work, found), document("budget-variance", found))

    return tell(ctx, Wanted(form, out, practice, as_document), make)
