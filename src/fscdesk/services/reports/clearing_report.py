"""The 1060 list as a table for paper and files."""

from __future__ import annotations

from fscdesk.services.payments.clearing_list import Clearing
from fscdesk.services.reports.aging_names import patient_word
from fscdesk.services.table_report import ReportColumn, TableReport, summed
from fscdesk.services.work import Work

REASONS_OF_NOW = (
    "What stood open on this day; why it does, and what else waits, is what is known today."
)
"""What the list of an earlier day says below its rows."""


def clearing_report(work: Work, found: Clearing) -> TableReport:
    """Return the open lines of account 1060 as a table; what else waits stands as notes."""
    columns = (
        ReportColumn("day", "Session", "date"),
        ReportColumn("patient", patient_word(work)),
        ReportColumn("number", "Number"),
        ReportColumn("payer", "Payer"),
        ReportColumn("code", "Code"),
        ReportColumn("part", "Part"),
        ReportColumn("since", "Since", "date"),
        ReportColumn("amount", "Open", "money", total=True),
        ReportColumn("reason", "Why"),
    )
    rows = [
        (
            *(line.day, line.patient, line.number, line.payer, line.code),
            *(line.part.replace("_", " "), line.since, line.amount, line.reason),
        )
        for line in found.lines
    ]
    notes = (
        *((REASONS_OF_NOW,) if found.as_of is not None else ()),
        f"Account 1060 holds {found.ledger}, difference {found.difference}.",
        *(
            f"{one.payment} of {one.received_on:%m/%d/%Y} has {one.left} left: {one.reason}."
            for one in found.left_over
        ),
        *(f"{one.file_name}, line {one.line}: {one.reason}." for one in found.refunds),
    )
    return TableReport(
        title="Recorded in SimplePractice",
        columns=columns,
        rows=rows,
        printed_by=work.actor.name,
        printed_at=work.now().astimezone(work.zone),
        as_of=found.as_of or work.today(),
        totals=summed(columns, rows),
        notes=notes,
    )
