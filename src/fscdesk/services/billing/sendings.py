"""The send log: which page left the office, how, where to, when, by whom. It can only grow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from fscdesk.models.document import Document, DocumentKind, Sending, SentBy
from fscdesk.models.patient import Guarantor
from fscdesk.models.staff import Staff
from fscdesk.models.statement import Statement
from fscdesk.services.audit import record
from fscdesk.services.billing.documents import RIGHTS
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "Sendable",
    "SendingFilter",
    "SendingRow",
    "SentBy",
    "log_sending",
    "page_of_sendings",
    "page_to_send",
]

STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Sendable:
    """What is to be sent: its number, its hash, and for whom it was made."""

    number: str
    kind: str
    guarantor_id: int | None
    sha256: str
    right: Right


@dataclass(frozen=True, slots=True)
class SendingRow:
    """One line of the send log. ``at`` is UTC; ``kind`` is a document's, or ``statement``."""

    id: int
    at: datetime
    number: str
    kind: str
    account: str
    name: str
    how: SentBy
    destination: str
    by: str
    document_id: int | None
    statement_id: int | None


@dataclass(frozen=True, slots=True)
class SendingFilter:
    """Which lines of the send log; what is None asks for nothing."""

    document_id: int | None = None
    statement_id: int | None = None
    guarantor_id: int | None = None
    how: SentBy | None = None


def page_to_send(
    work: Work, *, document_id: int | None = None, statement_id: int | None = None
) -> Sendable:
    """Return what is known of a document or a statement. Raises Problem when there is none."""
    if (document_id is None) == (statement_id is None):
        message = "either a document or a statement is sent"
        raise ValueError(message)
    if document_id is not None:
        found = work.db.execute(
            select(Document.number, Document.kind, Document.guarantor_id, Document.sha256).where(
                Document.id == document_id
            )
        ).one_or_none()
        if found is not None:
            right = RIGHTS.get(found.kind, Right.MAKE_INVOICES)
            return Sendable(found.number, found.kind.value, found.guarantor_id, found.sha256, right)
        raise Problem(f"There is no document {document_id}.", hint="Nothing was sent.")
    stated = work.db.execute(
        select(Statement.number, Statement.guarantor_id, Statement.sha256).where(
            Statement.id == statement_id
        )
    ).one_or_none()
    if stated is None:
        raise Problem(f"There is no statement {statement_id}.", hint="Nothing was sent.")
    return Sendable(
        stated.number, STATEMENT, stated.guarantor_id, stated.sha256, Right.MAKE_STATEMENTS
    )


def log_sending(
    work: Work,
    how: SentBy,
    *,
    document_id: int | None = None,
    statement_id: int | None = None,
    destination: str = "",
) -> int:
    """Put on record that a document or a statement left the office; return the line's id.

    ``destination`` is a printer's name, a folder or an address. Raises Problem when there is no
    such page, or when the person may not send its kind.
    """
    page = page_to_send(work, document_id=document_id, statement_id=statement_id)
    require(work, page.right, "send this document")
    line = Sending(
        document_id=document_id,
        statement_id=statement_id,
        guarantor_id=page.guarantor_id,
        how=how,
        destination=text_of(destination, "where it went"),
        sha256=page.sha256,
        at=work.now(),
        staff_id=work.actor.staff_id,
    )
    work.db.add(line)
    work.db.flush()
    record(work, "send", page.kind, document_id or statement_id, how=how.value, number=page.number)
    work.touch(Topic.DOCUMENTS)
    return line.id


def page_of_sendings(work: Work, wanted: SendingFilter, span: Span) -> Page[SendingRow]:
    """Return some lines of the send log; sorts are ``at``, ``number``, ``name`` and ``how``."""
    number = func.coalesce(Document.number, Statement.number)
    sorts: dict[str, ColumnElement[Any]] = {
        "at": Sending.at.expression,
        "number": number,
        "name": Guarantor.name.expression,
        "how": Sending.how.expression,
    }
    key = sorts.get(span.sort, Sending.at.expression)
    order = (key.desc(), Sending.id.desc()) if span.descending else (key, Sending.id)
    where = _where(wanted)
    rows = work.db.execute(
        select(
            Sending.id,
            Sending.at,
            number,
            Document.kind,
            Guarantor.number,
            Guarantor.name,
            Sending.how,
            Sending.destination,
            Staff.name,
            Sending.document_id,
            Sending.statement_id,
        )
        .join(Staff, Staff.id == Sending.staff_id)
        .outerjoin(Document, Document.id == Sending.document_id)
        .outerjoin(Statement, Statement.id == Sending.statement_id)
        .outerjoin(Guarantor, Guarantor.id == Sending.guarantor_id)
        .where(*where)
        .order_by(*order)
        .offset(span.start)
        .limit(span.size)
    )
    total = work.db.scalar(select(func.count()).select_from(Sending).where(*where)) or 0
    return Page(span.start, total, tuple(_row(*row) for row in rows))


def _where(wanted: SendingFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (Sending.document_id, wanted.document_id),
        (Sending.statement_id, wanted.statement_id),
        (Sending.guarantor_id, wanted.guarantor_id),
        (Sending.how, wanted.how),
    )
    return [column == value for column, value in pairs if value is not None]


def _row(
    line: int,
    at: datetime,
    number: str,
    kind: DocumentKind | None,
    account: str | None,
    name: str | None,
    how: SentBy,
    destination: str,
    by: str,
    document_id: int | None,
    statement_id: int | None,
) -> SendingRow:
    return SendingRow(
        line,
        at,
        number,
        STATEMENT if kind is None else kind.value,
        account or "",
        name or "",
        how,
        destination,
        by,
        document_id,
        statement_id,
    )
