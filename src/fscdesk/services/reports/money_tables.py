"""Unapplied money, the day sheet and SimplePractice's totals as tables for paper and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fscdesk.models.values import ZERO
from fscdesk.services.ledger.entry_words import KIND_WORDS
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.reports.day_sheet import DayOf, DaySheet, DaySheetRow
from fscdesk.services.reports.financial import Proof
from fscdesk.services.reports.financial_tables import proof_words, table_of
from fscdesk.services.reports.simplepractice_comparison import ComparedLine, ComparedReport
from fscdesk.services.reports.unapplied import Unapplied, UnappliedRow
from fscdesk.services.table_report import Cell, ReportColumn, RowLook, TableReport, summed
from fscdesk.services.work import Work

NONE_COMPARED: Final = (
    "No totals of SimplePractice were imported. Import its outstanding balances or its insurance"
    " aging report."
)
MONEY_IN: Final = (
    "Money in: what came into the till or the bank by these entries, less what went out. A deposit"
    " moves money from one to the other."
)
"""What the last column of the day sheet counts."""
_METHODS: Final = dict(METHODS)
Compared = Sequence[tuple[ComparedReport, tuple[ComparedLine, ...]]]
"""Each report of SimplePractice with its lines."""


def unapplied_table(work: Work, found: Unapplied) -> TableReport:
    """Return the money that is not applied, the oldest first."""
    columns = (
        ReportColumn("owner", "Whose"),
        ReportColumn("number", "Number"),
        ReportColumn("kind", "Kind"),
        ReportColumn("payment", "Payment"),
        ReportColumn("account", "Account"),
        ReportColumn("since", "Since", "date"),
        ReportColumn("days", "Days", "number"),
        ReportColumn("balance", "Not applied", "money", total=True),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(row.owner, row.number, kind_of_credit(row), row.payment),
            *(row.account, row.since, row.days, row.balance),
        )
        for row in found.rows
    ]
    proof = Proof("The rows come to what the accounts of credits hold", found.difference)
    return table_of(
        work,
        "Unapplied money",
        columns,
        rows,
        as_of=found.as_of,
        totals=summed(columns, rows),
        notes=proof_words((proof,)),
    )


def kind_of_credit(row: UnappliedRow) -> str:
    """Return the kind of a credit in words; the note where it has none."""
    return row.note if row.kind is None else _words(row.kind.value)


def _words(value: str) -> str:
    """Return the kind of a credit as an office writes it: ``Credit memo``."""
    return value.replace("_", " ").capitalize()


def posted_words(row: DaySheetRow) -> tuple[str, str]:
    """Return what a row posted and by which method, in the words of the screens."""
    return KIND_WORDS[row.kind], _METHODS.get(row.method, row.method)


def day_sheet_table(work: Work, found: DaySheet) -> TableReport:
    """Return the day: what was posted by kind, person and method, and what each account moved."""
    columns = (
        ReportColumn("part", "Part"),
        ReportColumn("what", "What"),
        ReportColumn("person", "By"),
        ReportColumn("method", "Method"),
        ReportColumn("entries", "Entries", "number"),
        ReportColumn("debit", "Debits", "money"),
        ReportColumn("credit", "Credits", "money"),
        ReportColumn("money", "Money in", "money"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *("Posted", kind, row.person, method),
            # A charge or an adjustment moves no money: nothing stands there, and no 0.00.
            *(row.entries, row.amount, row.amount, row.money or None),
        )
        for row in found.rows
        for kind, method in (posted_words(row),)
    ]
    whole = (found.entries, found.total, found.total, found.money)
    rows.append(("Posted", "All entries", None, None, *whole))
    looks = [RowLook() for _row in found.rows] + [RowLook(strong=True)]
    for one in found.accounts:
        name = f"{one.account} {one.name}"
        rows.append(("Accounts", name, None, None, None, one.debit, one.credit, None))
        looks.append(RowLook())
    if found.accounts:
        debit = sum((one.debit for one in found.accounts), start=ZERO)
        credit = sum((one.credit for one in found.accounts), start=ZERO)
        rows.append(("Accounts", "All accounts", None, None, None, debit, credit, None))
        looks.append(RowLook(strong=True))
    words = "By the day in the books" if found.by is DayOf.ENTRY else "By when it was posted"
    proof = Proof("What was posted is what the journal of the day has", found.difference)
    return table_of(
        work,
        "Day sheet",
        columns,
        rows,
        as_of=found.day,
        filters=(words,),
        notes=(*proof_words((proof,)), MONEY_IN),
        looks=tuple(looks),
    )


def comparison_table(work: Work, compared: Compared) -> TableReport:
    """Return SimplePractice's totals beside ours, with the reason of each difference."""
    columns = (
        ReportColumn("report", "Report"),
        ReportColumn("who", "Who"),
        ReportColumn("number", "Number"),
        ReportColumn("figure", "Figure"),
        ReportColumn("theirs", "SimplePractice", "money", total=True),
        ReportColumn("ours", "Here", "money", total=True),
        ReportColumn("difference", "Difference", "money", total=True),
        ReportColumn("reason", "Why"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(one.report, line.who, line.number, line.figure),
            *(line.theirs, line.ours, line.difference, line.reason),
        )
        for one, lines in compared
        for line in lines
    ]
    return table_of(
        work,
        "Comparison with SimplePractice",
        columns,
        rows,
        totals=summed(columns, rows),
        notes=tuple(
            f"{one.report} of {one.file_day:%m/%d/%Y}: {one.lines:,} compared,"
            f" {one.differing:,} differ, by {one.difference} in all."
            for one, _lines in compared
        )
        or (NONE_COMPARED,),
    )
