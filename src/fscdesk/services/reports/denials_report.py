"""The denial rates of a period as a table for paper and files."""

from __future__ import annotations

from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy
from fscdesk.services.table_report import ReportColumn, TableReport
from fscdesk.services.work import Work

_TITLES = {
    DenialsBy.PAYER: "Payer",
    DenialsBy.CODE: "Code",
    DenialsBy.CLINICIAN: "Clinician",
    DenialsBy.CATEGORY: "Category",
    DenialsBy.MONTH: "Month",
}


def denials_report(work: Work, found: DenialRates) -> TableReport:
    """Return the rates as a table; how appeals ended stands as notes."""
    columns = (
        ReportColumn("name", _TITLES[found.by]),
        ReportColumn("answered", "Answered", "number", total=True),
        ReportColumn("billed", "Billed", "money", total=True),
        ReportColumn("denied", "Denied", "number", total=True),
        ReportColumn("amount", "Denied amount", "money", total=True),
        ReportColumn("rate", "Rate", "percent"),
        ReportColumn("turned", "Paid since", "number", total=True),
        ReportColumn("open", "Still open", "money", total=True),
    )
    rows = [
        (
            *(row.name, row.answered, row.billed, row.denied, row.amount, row.rate),
            *(row.turned, row.open),
        )
        for row in (*found.rows, found.total)
    ]
    return TableReport(
        title="Denials",
        columns=columns,
        rows=rows[:-1],
        printed_by=work.actor.name,
        printed_at=work.now().astimezone(work.zone),
        filters=(f"First answered {found.first:%m/%d/%Y} to {found.last:%m/%d/%Y}",),
        totals=rows[-1],
        notes=(appeal_words(found),),
    )


def appeal_words(found: DenialRates) -> str:
    """Return how the appeals of the period ended, in a sentence."""
    one = found.appeals
    if not one.opened:
        return "No appeal was opened."
    return (
        f"Appeals opened: {one.opened}. Won {one.won}, in part {one.partly}, lost {one.lost},"
        f" let go {one.withdrawn}, pending {one.pending}. They brought back {one.back}."
    )
