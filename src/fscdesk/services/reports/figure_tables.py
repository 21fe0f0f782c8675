"""Revenue, payers, production, rates, reasons and prices as tables for paper and files."""

from __future__ import annotations

from fscdesk.services.remittances.fee_history import FeeRow
from fscdesk.services.reports.adjustments_by_reason import ReasonReport
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.earned import Earned, EarnedRow
from fscdesk.services.reports.financial_tables import (
    CENTRES_IN_FORCE,
    proof_words,
    table_of,
)
from fscdesk.services.reports.periods import Period
from fscdesk.services.reports.rates import (
    GOALS,
    ClaimRow,
    CollectionRates,
    CollectionRow,
    DsoRow,
)
from fscdesk.services.table_report import Cell, ReportColumn, TableReport
from fscdesk.services.work import Work

EARNED_TITLES = {
    Cut.CODE: ("Revenue by service", "Service"),
    Cut.PAYER: ("Payer mix", "Payer"),
    Cut.PROVIDER: ("Provider production", "Clinician"),
    Cut.COST_CENTRE: ("Revenue by cost centre", "Cost centre"),
}

COLLECTED = (
    "Gross: paid of charges. Net: paid of charges less adjustments;"
    f" the goal is {GOALS['collected']}."
)
IN_AR = (
    "Days in A/R: open receivables over the average charges of a day in the 90 days before;"
    f" the goal is {GOALS['dso']}."
)
TO_PAYMENT = (
    "Days to payment: from the service to each payment of a payer in the 90 days before;"
    f" the goal is {GOALS['days_to_payment']}."
)


def earned_table(work: Work, found: Earned) -> TableReport:
    """Return what was earned as a table, the largest first."""
    title, whose = EARNED_TITLES[found.by]
    columns = (
        ReportColumn("name", whose),
        ReportColumn("units", "Units", "number", total=True),
        ReportColumn("charged", "Charged", "money", total=True),
        ReportColumn("taken_off", "Adjusted", "money", total=True),
        ReportColumn("net", "Net revenue", "money", total=True),
        ReportColumn("share", "Share", "percent"),
        ReportColumn("by_payers", "Paid by payers", "money", total=True),
        ReportColumn("by_clients", "Paid by clients", "money", total=True),
        ReportColumn("bad_debt", "Bad debt", "money", total=True),
    )

    def cells(row: EarnedRow) -> tuple[Cell, ...]:
        return (
            *(row.name, row.units, row.charged, row.taken_off, row.net, row.share),
            *(row.by_payers, row.by_clients, row.bad_debt),
        )

    return table_of(
        work,
        title,
        columns,
        [cells(row) for row in found.rows],
        filters=(found.period.words,),
        totals=cells(found.total),
        notes=(
            *proof_words(found.proofs),
            *((CENTRES_IN_FORCE,) if found.by is Cut.COST_CENTRE else ()),
        ),
    )


def collection_table(work: Work, found: CollectionRates) -> TableReport:
    """Return the collection rate by month of service."""
    columns = (
        ReportColumn("month", "Services of"),
        ReportColumn("charged", "Charged", "money", total=True),
        ReportColumn("taken_off", "Adjusted", "money", total=True),
        ReportColumn("paid", "Paid", "money", total=True),
        ReportColumn("left", "Neither yet", "money", total=True),
        ReportColumn("gross", "Gross rate", "percent"),
        ReportColumn("net", "Net rate", "percent"),
    )

    def cells(name: str, row: CollectionRow) -> tuple[Cell, ...]:
        return (name, row.charged, row.taken_off, row.paid, row.left, row.gross, row.net)

    return table_of(
        work,
        "Collection rate",
        columns,
        [cells(f"{row.month:%m/%Y}", row) for row in found.rows],
        as_of=found.as_of,
        filters=(f"Services of {found.period.words}",),
        totals=cells("Total", found.total),
        notes=(COLLECTED,),
    )


def dso_table(work: Work, period: Period, rows: tuple[DsoRow, ...]) -> TableReport:
    """Return days in A/R and days to payment at the end of each month."""
    columns = (
        ReportColumn("day", "On", "date"),
        ReportColumn("open", "Open receivables", "money"),
        ReportColumn("charged", "Charged in 90 days", "money"),
        ReportColumn("dso", "Days in A/R", "number"),
        ReportColumn("days_to_payment", "Days to payment", "number"),
    )
    return table_of(
        work,
        "Days in A/R",
        columns,
        [(row.day, row.open, row.charged, row.dso, row.days_to_payment) for row in rows],
        filters=(period.words,),
        notes=(IN_AR, TO_PAYMENT),
    )


def claims_table(work: Work, period: Period, rows: tuple[ClaimRow, ...]) -> TableReport:
    """Return denial and clean-claim rates at the end of each month."""
    columns = (
        ReportColumn("day", "On", "date"),
        ReportColumn("denied", "Denied of answered", "percent"),
        ReportColumn("clean", "Clean of submitted", "percent"),
    )
    return table_of(
        work,
        "Denial and clean-claim rates",
        columns,
        [(row.day, row.denied, row.clean) for row in rows],
        filters=(period.words, "Each of the 90 days before"),
        notes=(f"The goals are {GOALS['denied']} denied and {GOALS['clean']} clean.",),
    )


def reasons_table(work: Work, found: ReasonReport) -> TableReport:
    """Return adjustments by kind and the payer's code, the most first."""
    columns = (
        ReportColumn("account", "Account"),
        ReportColumn("kind", "Kind"),
        ReportColumn("code", "Code"),
        ReportColumn("words", "Reason"),
        ReportColumn("lines", "Lines", "number", total=True),
        ReportColumn("reversed", "Reversed", "number", total=True),
        ReportColumn("amount", "Amount", "money", total=True),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(row.account, row.kind, "-".join(part for part in (row.group, row.code) if part)),
            *(row.words, row.lines, row.reversed, row.amount),
        )
        for row in found.rows
    ]
    counts = (sum(row.lines for row in found.rows), sum(row.reversed for row in found.rows))
    return table_of(
        work,
        "Adjustments by reason",
        columns,
        rows,
        filters=(found.period.words,),
        totals=("Total", None, None, None, *counts, found.total),
        notes=proof_words(found.proofs),
    )


def paid_history_table(
    work: Work, rows: tuple[FeeRow, ...], filters: tuple[str, ...]
) -> TableReport:
    """Return what each payer allows and pays for each code, for one unit."""
    columns = (
        ReportColumn("payer", "Payer"),
        ReportColumn("code", "Code"),
        ReportColumn("modifiers", "Modifiers"),
        ReportColumn("lines", "Services", "number", total=True),
        ReportColumn("allowed", "Allowed last", "money"),
        ReportColumn("lowest", "Lowest", "money"),
        ReportColumn("highest", "Highest", "money"),
        ReportColumn("paid", "Paid (middle)", "money"),
        ReportColumn("expected", "Expected", "money"),
        ReportColumn("low_lines", "Below", "number", total=True),
        ReportColumn("short", "Short in all", "money", total=True),
    )
    cells: list[tuple[Cell, ...]] = [
        (
            *(row.payer, row.code, row.modifiers, row.lines, row.allowed, row.lowest),
            *(row.highest, row.paid, row.expected, row.low_lines, row.short),
        )
        for row in rows
    ]
    return table_of(
        work,
        "What payers pay by code",
        columns,
        cells,
        filters=filters,
        notes=("For one unit, by the newest answer to each service that was not denied.",),
    )
