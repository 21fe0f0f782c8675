"""Everything on paper of one account, documents and statements alike, with how it last went out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import or_, select

from fscdesk.models.document import Sending, SentBy
from fscdesk.models.staff import Staff
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.services.billing.documents import Kept, documents_of
from fscdesk.services.billing.sendings import STATEMENT, SendingFilter, SendingRow, page_of_sendings
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

MOST = 500


@dataclass(frozen=True, slots=True)
class SentLast:
    """How a page went out the last time: ``at`` is UTC, ``where`` a printer, folder or address."""

    at: datetime
    how: SentBy
    where: str
    by: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A page of an account. ``kind`` is a document's, or ``statement``; ``made_at`` is UTC.

    ``id`` is the document's, below zero the statement's. ``times`` is how often it went out.
    """

    id: int
    kind: str
    number: str
    made_at: datetime
    file_name: str
    document_id: int | None
    statement_id: int | None
    times: int
    last: SentLast | None


def papers_of(work: Work, *, patient_id: int, guarantor_id: int) -> tuple[PaperRow, ...]:
    """Return what was made about a client and for who pays, the newest first.

    Of the documents of who pays, those that name another client are left out. Statements come
    with them for who may look at statements.
    """
    own = documents_of(work, patient_id=patient_id)
    general = [
        one for one in documents_of(work, guarantor_id=guarantor_id) if one.patient_id is None
    ]
    documents = (*own, *general)
    stated = _statements(work, guarantor_id)
    sent = _sent(work, [one.id for one in documents], [one[0] for one in stated])
    rows = [_of_document(one, sent.get((one.id, None), [])) for one in documents]
    rows += [
        _of_statement(number_id, number, made, sent.get((None, number_id), []))
        for number_id, number, made in stated
    ]
    return tuple(sorted(rows, key=attrgetter("made_at", "id"), reverse=True))


def sendings_of(work: Work, row: PaperRow) -> tuple[SendingRow, ...]:
    """Return the lines of the send log of one page, the newest first."""
    wanted = SendingFilter(document_id=row.document_id, statement_id=row.statement_id)
    return page_of_sendings(work, wanted, Span(0, MOST, "at", descending=True)).rows


Line = tuple[datetime, SentBy, str, str]


def _statements(work: Work, guarantor_id: int) -> list[tuple[int, str, datetime]]:
    if not may(work, Right.MAKE_STATEMENTS):
        return []
    found = work.db.execute(
        select(Statement.id, Statement.number, StatementRun.made_at)
        .join(StatementRun, StatementRun.id == Statement.run_id)
        .where(Statement.guarantor_id == guarantor_id)
    )
    return [(one, number, made) for one, number, made in found]


def _sent(
    work: Work, documents: Iterable[int], statements: Iterable[int]
) -> dict[tuple[int | None, int | None], list[Line]]:
    """Return the lines of the send log by what was sent, the oldest first."""
    found: dict[tuple[int | None, int | None], list[Line]] = {}
    rows = work.db.execute(
        select(
            Sending.document_id,
            Sending.statement_id,
            Sending.at,
            Sending.how,
            Sending.destination,
            Staff.name,
        )
        .join(Staff, Staff.id == Sending.staff_id)
        .where(
            or_(
                among(work, Sending.document_id, list(documents)),
                among(work, Sending.statement_id, list(statements)),
            )
        )
        .order_by(Sending.id)
    )
    for document, statement, at, how, where, by in rows:
        found.setdefault((document, statement), []).append((at, how, where, by))
    return found


def _of_document(one: Kept, sent: list[Line]) -> PaperRow:
    return PaperRow(
        one.id,
        one.kind.value,
        one.number,
        one.made_at,
        one.file_name,
        one.id,
        None,
        len(sent),
        _last(sent),
    )


def _of_statement(number_id: int, number: str, made: datetime, sent: list[Line]) -> PaperRow:
    return PaperRow(
        -number_id,
        STATEMENT,
        number,
        made,
        f"{number}.pdf",
        None,
        number_id,
        len(sent),
        _last(sent),
    )


def _last(sent: list[Line]) -> SentLast | None:
    return SentLast(*sent[-1]) if sent else None
