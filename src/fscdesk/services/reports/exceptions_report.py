"""The exceptions as a table for paper and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fscdesk.services.reports.exceptions import WORDS, BankException, exception_totals
from fscdesk.services.table_report import ReportColumn, TableReport, summed
from fscdesk.services.work import Work


def exceptions_report(work: Work, found: Sequence[BankException], as_of: date) -> TableReport:
    """Return the exceptions as a table; what each kind comes to stands as notes.

    There is a total only where all are of one kind: unlike money adds up to nothing.
    """
    alike = len({one.kind for one in found}) <= 1
    columns = (
        ReportColumn("kind", "Exception"),
        ReportColumn("number", "Document"),
        ReportColumn("who", "Who"),
        ReportColumn("words", "What"),
        ReportColumn("since", "Since", "date"),
        ReportColumn("days", "Days", "number"),
        ReportColumn("amount", "Amount", "money", total=alike),
        ReportColumn("to_do", "What to do"),
    )
    rows = [
        (
            *(WORDS[one.kind], one.number, one.who, one.words),
            *(one.since, one.days, one.amount, one.to_do),
        )
        for one in found
    ]
    return TableReport(
        title="Exceptions",
        columns=columns,
        rows=rows,
        printed_by=work.actor.name,
        printed_at=work.now().astimezone(work.zone),
        as_of=as_of,
        totals=summed(columns, rows) if alike else None,
        notes=tuple(
            f"{one.words}: {one.count}, {one.amount}, the oldest {one.oldest} days."
            for one in exception_totals(found)
        ),
    )
