"""The rows of an import that was made: each exactly as read, and what was done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from fscdesk.models.import_batch import ImportBatch, ImportRow, Verdict
from fscdesk.models.patient import Patient
from fscdesk.models.session import Session
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class BatchRowFilter:
    """Which rows of an import are shown; words are looked for in client, row and reason."""

    text: str = ""
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A row of a file. ``line`` 0: a session that was not in it. ``raw`` is as read."""

    id: int
    line: int
    verdict: str
    reason: str
    raw: str
    session_id: int | None
    day: date | None
    patient: str


def page_of_batch_rows(
    work: Work, batch_id: int, wanted: BatchRowFilter, span: Span
) -> Page[BatchLine]:
    """Return a span of an import's rows, in the order of the file."""
    where = [ImportRow.batch_id == batch_id, *_conditions(work, wanted)]
    asked = select(func.count()).select_from(ImportRow)
    asked = asked.outerjoin(Session, Session.id == ImportRow.session_id)
    total = work.db.scalar(asked.where(*where)) or 0
    order = [ImportRow.line, ImportRow.id]
    found = work.db.execute(
        select(ImportRow, Session.day, Patient.name)
        .outerjoin(Session, Session.id == ImportRow.session_id)
        .outerjoin(Patient, Patient.id == Session.patient_id)
        .where(*where)
        .order_by(*(key.desc() if span.descending else key.asc() for key in order))
        .offset(span.start)
        .limit(span.size)
    )
    rows = tuple(
        BatchLine(
            id=row.id,
            line=row.line,
            verdict=str(row.verdict),
            reason=row.reason,
            raw=row.raw,
            session_id=row.session_id,
            day=day,
            patient=name or "",
        )
        for row, day, name in found
    )
    return Page(span.start, total, rows)


def verdict_counts(work: Work, batch_id: int) -> Mapping[str, int]:
    """Return how many rows of an import have each verdict."""
    found = work.db.execute(
        select(ImportRow.verdict, func.count())
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.verdict)
    )
    return {str(verdict): count for verdict, count in found}


def findings_of(work: Work, batch_id: int) -> tuple[Finding, ...]:
    """Return what was found at fault in the file, as it was said when it was imported."""
    kept = work.db.scalar(select(ImportBatch.findings).where(ImportBatch.id == batch_id)) or {}
    return tuple(
        Finding(one["code"], one["message"], one["where"], Severity(one["severity"]))
        for one in kept.get("list", ())
    )


def _conditions(work: Work, wanted: BatchRowFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.verdicts:
        conditions.append(ImportRow.verdict.in_([Verdict(one) for one in wanted.verdicts]))
    for word in wanted.text.split():
        patients = patients_with(work, [fold(word)])
        conditions.append(
            or_(
                ImportRow.raw.icontains(word, autoescape=True),
                ImportRow.reason.icontains(word, autoescape=True),
                among(work, Session.patient_id, patients),
            )
        )
    return conditions
