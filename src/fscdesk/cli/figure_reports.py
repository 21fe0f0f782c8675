"""Figures from the books: report revenue, payer-mix, production, collection-rate and others."""

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
    year_meant,
)
from fscdesk.cli.statement_reports import cut_of
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.fee_history import fee_rows
from fscdesk.services.reports.adjustments_by_reason import adjustments_by_reason
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.earned import earned
from fscdesk.services.reports.figure_tables import (
    claims_table,
    collection_table,
    dso_table,
    earned_table,
    paid_history_table,
    reasons_table,
)
from fscdesk.services.reports.periods import period_of
from fscdesk.services.reports.rates import claim_rates, collection_rates, dso_by_month
from fscdesk.services.work import Work


def add_to(reports: typer.Typer) -> None:
    """Add these reports to the group."""
    reports.command("revenue")(report_revenue)
    reports.command("payer-mix")(report_payer_mix)
    reports.command("production")(report_production)
    reports.command("collection-rate")(report_collection_rate)
    reports.command("dso")(report_dso)
    reports.command("clean-claims")(report_clean_claims)
    reports.command("adjustments")(report_adjustments)
    reports.command("paid-history")(report_paid_history)


def _earned(
    ctx: typer.Context, name: str, by: Cut, days: tuple[FromOption, ToOption], wanted: Wanted
) -> int:
    def make(work: Work) -> Told:
        found = earned(work, *days_meant(work, *days), by=by)
        return Told(earned_table(work, found), document(name, found), found.ties)

    return tell(ctx, wanted, make)


def report_revenue(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="cost-centre|provider", help="Left out: service.")
    ] = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What each service earned, by its code."""
    wanted = Wanted(form, out, practice, as_document)
    return _earned(ctx, "revenue", cut_of(by) or Cut.CODE, (first, last), wanted)


def report_payer_mix(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What each payer's clients were charged, and who paid."""
    wanted = Wanted(form, out, practice, as_document)
    return _earned(ctx, "payer-mix", Cut.PAYER, (first, last), wanted)


def report_production(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What each clinician earned, and what was paid for it."""
    wanted = Wanted(form, out, practice, as_document)
    return _earned(ctx, "production", Cut.PROVIDER, (first, last), wanted)


def report_collection_rate(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """How much of what the services of each month are worth has been paid."""

    def make(work: Work) -> Told:
        found = collection_rates(work, *year_meant(work, first, last), as_of=as_of)
        return Told(collection_table(work, found), document("collection-rate", found))

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_dso(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """Days in A/R and days to payment at the end of each month."""

    def make(work: Work) -> Told:
        days = year_meant(work, first, last)
        rows = dso_by_month(work, *days)
        return Told(dso_table(work, period_of(*days), rows), document("dso", rows))

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_clean_claims(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """Denial and clean-claim rates at the end of each month."""

    def make(work: Work) -> Told:
        days = year_meant(work, first, last)
        rows = claim_rates(work, *days)
        return Told(claims_table(work, period_of(*days), rows), document("clean-claims", rows))

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_adjustments(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What was taken off what is owed, by kind and the payer's reason."""

    def make(work: Work) -> Told:
        found = adjustments_by_reason(work, *days_meant(work, first, last))
        return Told(reasons_table(work, found), document("adjustments", found), found.ties)

    return tell(ctx, Wanted(form, out, practice, as_document), make)


def report_paid_history(
    ctx: typer.Context,
    first: FromOption = None,
    last: ToOption = None,
    code: Annotated[
        list[str] | None, typer.Option("--code", metavar="CODE", help="Left out: every code.")
    ] = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What each payer allows and pays for each code, by day of service."""

    def make(work: Work) -> Told:
        require(work, Right.SEE_REPORTS, "see what payers pay")
        days = year_meant(work, first, last)
        rows = fee_rows(work, codes=tuple(code or ()), first=days[0], last=days[1])
        filters = (f"Services of {period_of(*days).words}",)
        return Told(paid_history_table(work, rows, filters), document("paid-history", rows))

    return tell(ctx, Wanted(form, out, practice, as_document), make)
