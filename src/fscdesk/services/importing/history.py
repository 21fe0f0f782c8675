"""The imports that were made, newest first: what each did, who did it, whether it was undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.staff import Staff
from fscdesk.services.importing.report_signatures import is_report, short_title
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import as lists show it. Moments are UTC; ``undone_at`` is None while it stands."""

    id: int
    file_name: str
    profile: str
    file_day: date
    first_day: date | None
    last_day: date | None
    read: int
    created: int
    changed: int
    unchanged: int
    skipped: int
    gone: int
    applied_at: datetime
    applied_by: str
    undone_at: datetime | None
    undone_by: str

    @property
    def report(self) -> str:
        """What the file held, as lists name it."""
        return short_title(self.profile)

    @property
    def of_sessions(self) -> bool:
        """Whether the file held sessions."""
        return not is_report(self.profile)

    @property
    def stands(self) -> bool:
        """Whether it was not undone."""
        return self.undone_at is None


_SORTS: dict[str, InstrumentedAttribute[object]] = {
    "when": ImportBatch.applied_at,
    "file": ImportBatch.file_name,
    "days": ImportBatch.first_day,
    "read": ImportBatch.read,
    "created": ImportBatch.created,
    "changed": ImportBatch.changed,
    "skipped": ImportBatch.skipped,
}


def page_of_imports(work: Work, text: str, span: Span) -> Page[BatchRow]:
    """Return some imports. ``text`` is looked for in file names; sorts are the columns' keys."""
    wanted = _found(text)
    total = work.db.scalar(select(func.count()).select_from(ImportBatch).where(*wanted)) or 0
    key = _SORTS.get(span.sort, ImportBatch.applied_at)
    order = key.desc() if span.descending else key.asc()
    tie = ImportBatch.id.desc() if span.descending else ImportBatch.id.asc()
    rows = work.db.execute(
        _rows().where(*wanted).order_by(order, tie).offset(span.start).limit(span.size)
    )
    return Page(span.start, total, tuple(_row(row[0], row[1], row[2]) for row in rows))


def import_of(work: Work, batch_id: int) -> BatchRow | None:
    """Return one import, or None."""
    found = work.db.execute(_rows().where(ImportBatch.id == batch_id)).first()
    return None if found is None else _row(found[0], found[1], found[2])


def _found(text: str) -> list[ColumnElement[bool]]:
    return [or_(ImportBatch.file_name.icontains(word, autoescape=True)) for word in text.split()]


def _rows() -> Select[ImportBatch, str, str]:
    by, undoer = aliased(Staff), aliased(Staff)
    return (
        select(ImportBatch, by.name, undoer.name)
        .join(by, by.id == ImportBatch.applied_by)
        .outerjoin(undoer, undoer.id == ImportBatch.undone_by)
    )


def _row(batch: ImportBatch, by: str, undoer: str | None) -> BatchRow:
    undone = batch.undone_at if batch.status == BatchStatus.UNDONE else None
    return BatchRow(
        id=batch.id,
        file_name=batch.file_name,
        profile=batch.profile,
        file_day=batch.file_day,
        first_day=batch.first_day,
        last_day=batch.last_day,
        read=batch.read,
        created=batch.created,
        changed=batch.changed,
        unchanged=batch.unchanged,
        skipped=batch.skipped,
        gone=batch.gone,
        applied_at=batch.applied_at,
        applied_by=by,
        undone_at=undone,
        undone_by=undoer or "",
    )
