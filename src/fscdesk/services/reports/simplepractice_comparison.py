"""The comparison with SimplePractice: its totals beside ours, line by line, each with a reason.

What was compared is kept with the import of the report (``importing.reports.comparing``); ours
is what the books said at that moment. Undo the import and import the file again to compare with
the books of now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.simplepractice import Comparison
from fscdesk.models.values import ZERO, Money
from fscdesk.services.importing.report_signatures import (
    INSURANCE_AGING,
    OUTSTANDING_BALANCES,
    short_title,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

COMPARED = (OUTSTANDING_BALANCES, INSURANCE_AGING)
FIGURES = {
    "client_balance": "Client balance",
    "unbilled": "Unbilled",
    "total_charges": "Total charges",
    "balance": "Balance due",
}
_DOING = "look at the comparison with SimplePractice"


@dataclass(frozen=True, slots=True)
class ComparedReport:
    """One report that was compared. ``theirs`` and ``ours`` are sums of all of its lines."""

    batch_id: int
    report: str
    file_name: str
    file_day: date
    compared_at: datetime
    lines: int
    differing: int
    theirs: Money
    ours: Money

    @property
    def difference(self) -> Money:
        """Return what SimplePractice has more than we have."""
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One figure. ``line`` is that of the file, 0 where the file does not have it.

    ``who`` is a client or a payer, ``number`` the client's number or the payer's code.
    """

    id: int
    line: int
    who: str
    number: str
    patient_id: int | None
    payer_id: int | None
    figure: str
    theirs: Money
    ours: Money
    reason: str

    @property
    def difference(self) -> Money:
        """Return what SimplePractice has more than we have."""
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class ComparisonFilter:
    """Which lines are wanted: of one import, all or only those that differ, by words."""

    batch_id: int
    differing: bool = False
    text: str = ""


def compared_reports(work: Work) -> tuple[ComparedReport, ...]:
    """Return the newest comparison of each report that stands, outstanding balances first."""
    require(work, Right.SEE_REPORTS, _DOING)
    found = []
    for profile in COMPARED:
        batch = work.db.scalar(
            select(ImportBatch)
            .where(ImportBatch.profile == profile, ImportBatch.status == BatchStatus.APPLIED)
            .order_by(ImportBatch.id.desc())
            .limit(1)
        )
        if batch is not None:
            found.append(_report(work, batch))
    return tuple(found)


def page_of_comparison(work: Work, wanted: ComparisonFilter, span: Span) -> Page[ComparedLine]:
    """Return some lines of a comparison; sorts: line, who, figure, theirs, ours, difference.

    The sums are of everything that matches: ``theirs`` and ``ours``.
    """
    require(work, Right.SEE_REPORTS, _DOING)
    where = _conditions(wanted)
    base = (
        select(Comparison, Patient.name, Patient.number, Payer.name, Payer.payer_code)
        .outerjoin(Patient, Patient.id == Comparison.patient_id)
        .outerjoin(Payer, Payer.id == Comparison.payer_id)
        .where(*where)
    )
    sums = base.with_only_columns(
        func.count(), func.sum(Comparison.theirs), func.sum(Comparison.ours)
    )
    count, theirs, ours = work.db.execute(sums).one()
    sorts: dict[str, ColumnElement[Any]] = {
        "who": func.coalesce(Patient.sort_name, Payer.name),
        "figure": Comparison.what.expression,
        "theirs": Comparison.theirs.expression,
        "ours": Comparison.ours.expression,
        "difference": Comparison.theirs - Comparison.ours,
    }
    keys = [sorts[span.sort]] if span.sort in sorts else []
    order: list[ColumnElement[Any]] = [*keys, Comparison.line.expression, Comparison.id.expression]
    rows = work.db.execute(
        base.order_by(*(key.desc() if span.descending else key.asc() for key in order))
        .offset(span.start)
        .limit(span.size)
    )
    lines = tuple(
        ComparedLine(
            id=one.id,
            line=one.line,
            who=name or payer or "",
            number=number or code or "",
            patient_id=one.patient_id,
            payer_id=one.payer_id,
            figure=FIGURES.get(one.what, one.what),
            theirs=one.theirs,
            ours=one.ours,
            reason=one.reason,
        )
        for one, name, number, payer, code in rows
    )
    return Page(span.start, int(count), lines, {"theirs": _money(theirs), "ours": _money(ours)})


def all_lines(work: Work, batch_id: int, *, differing: bool = False) -> tuple[ComparedLine, ...]:
    """Return every line of a comparison in the order of the file, what it lacks at the end."""
    page = page_of_comparison(
        work, ComparisonFilter(batch_id, differing), Span(0, 1_000_000, "line")
    )
    return tuple(sorted(page.rows, key=lambda line: (line.line == 0, line.line, line.id)))


def _report(work: Work, batch: ImportBatch) -> ComparedReport:
    count, theirs, ours = work.db.execute(
        select(func.count(), func.sum(Comparison.theirs), func.sum(Comparison.ours)).where(
            Comparison.batch_id == batch.id
        )
    ).one()
    differing = work.db.scalar(
        select(func.count())
        .select_from(Comparison)
        .where(Comparison.batch_id == batch.id, Comparison.theirs != Comparison.ours)
    )
    return ComparedReport(
        batch.id,
        short_title(batch.profile),
        batch.file_name,
        batch.file_day,
        batch.applied_at,
        int(count),
        int(differing or 0),
        _money(theirs),
        _money(ours),
    )


def _conditions(wanted: ComparisonFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Comparison.batch_id == wanted.batch_id]
    if wanted.differing:
        where.append(Comparison.theirs != Comparison.ours)
    searched = (Patient.name, Patient.number, Payer.name, Comparison.reason)
    where += [
        or_(*(column.icontains(word, autoescape=True) for column in searched))
        for word in wanted.text.split()
    ]
    return where


def _money(total: Money | int | None) -> Money:
    if total is None:
        return ZERO
    return total if isinstance(total, Money) else Money(int(total))
