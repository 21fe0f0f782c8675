"""Keeps the pages that were made for somebody, byte for byte, so that they print again exactly.

A page is drawn once, with its number on it, and kept with its hash:

    number = document_number(work, DocumentKind.RECEIPT)     # RC-2026-00001
    keep(work, DocumentKind.RECEIPT, payment_id, pdf, "", guarantor_id, patient_id, number)

What left the office is in ``sendings.py``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import Select, func, select

from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.services.audit import record
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "RIGHTS",
    "SERIES",
    "DocumentKind",
    "Kept",
    "document_bytes",
    "document_number",
    "documents_of",
    "keep",
    "kept",
    "kept_document",
]

SERIES: Final[Mapping[DocumentKind, str]] = MappingProxyType(
    {
        DocumentKind.RECEIPT: "RC",
        DocumentKind.INVOICE: "INV",
        DocumentKind.SUPERBILL: "SB",
        DocumentKind.CREDIT_MEMO: "CM",
        DocumentKind.AGREEMENT: "PA",
        DocumentKind.EXPLANATION: "EX",
        DocumentKind.ESTIMATE: "GFE",
        DocumentKind.REMINDER: "RM",
        DocumentKind.HAND_OFF: "HO",
        DocumentKind.APPEAL: "AP",
        DocumentKind.DEPOSIT_SLIP: "DEP",
        DocumentKind.RECONCILIATION: "REC",
        DocumentKind.ATTACHMENT: "AT",
    }
)
"""The number series of each kind. An invoice, a memo, … brings the number that it has itself."""
RIGHTS: Final[Mapping[DocumentKind, Right]] = MappingProxyType(
    {
        DocumentKind.RECEIPT: Right.POST_PAYMENT,
        DocumentKind.AGREEMENT: Right.MANAGE_PLANS,
        DocumentKind.HAND_OFF: Right.MANAGE_COLLECTIONS,
        DocumentKind.APPEAL: Right.MAKE_CLAIMS,
        DocumentKind.DEPOSIT_SLIP: Right.MAKE_DEPOSITS,
        DocumentKind.RECONCILIATION: Right.RECONCILE,
        DocumentKind.ATTACHMENT: Right.KEEP_BOOKS,
    }
)
"""Who may look at the pages of a kind; invoices' right where nothing is said."""
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,110}\.[a-z]{3,4}")
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that is kept, without its bytes. ``made_at`` is UTC; ``sha256`` is of its bytes."""

    id: int
    kind: DocumentKind
    number: str
    noun_id: int
    guarantor_id: int | None
    patient_id: int | None
    made_at: datetime
    file_name: str
    sha256: str


def document_number(work: Work, kind: DocumentKind) -> str:
    """Take the next number of a kind, to draw it on the page that is then kept."""
    return next_number(work, SERIES[kind], work.today().year)


def keep(
    work: Work,
    kind: DocumentKind,
    noun_id: int,
    pdf: bytes,
    file_name: str = "",
    guarantor_id: int | None = None,
    patient_id: int | None = None,
    number: str | None = None,
) -> int:
    """Keep a page as it was made and return its id; the caller has asked for the right.

    ``number`` None takes the next of its kind. A second page of one number (an invoice that was
    voided) gets ``-2`` behind it. An empty file name is the number's. Raises ValueError for a
    file name that holds a person's name or cannot be one: it would tell who was served.
    """
    wanted = number or document_number(work, kind)
    free = _free_number(work, wanted)
    called = file_name or f"{free}.pdf"
    _require_no_name(work, called, guarantor_id, patient_id)
    document = Document(
        kind=kind,
        number=free,
        noun_id=noun_id,
        guarantor_id=guarantor_id,
        patient_id=patient_id,
        made_by=work.actor.staff_id,
        made_at=work.now(),
        file_name=called,
        sha256=hashlib.sha256(pdf).hexdigest(),
        content=pdf,
    )
    work.db.add(document)
    work.db.flush()
    record(work, "keep_document", "document", document.id, kind=kind.value, number=free)
    work.touch(Topic.DOCUMENTS)
    return document.id


def kept(work: Work, kind: DocumentKind, noun_id: int) -> tuple[Kept, ...]:
    """Return the pages that were made of one payment, invoice, plan, …; the newest first."""
    found = _kept().where(Document.kind == kind, Document.noun_id == noun_id)
    return tuple(Kept(*row) for row in work.db.execute(found.order_by(Document.id.desc())))


def kept_document(work: Work, document_id: int) -> Kept:
    """Return one page that is kept. Raises Problem when there is none."""
    found = work.db.execute(_kept().where(Document.id == document_id)).one_or_none()
    if found is None:
        raise Problem(f"There is no document {document_id}.", hint="Nothing was printed.")
    return Kept(*found)


def documents_of(
    work: Work, *, guarantor_id: int | None = None, patient_id: int | None = None
) -> tuple[Kept, ...]:
    """Return the pages for a guarantor or about a patient, the newest first."""
    found = _kept()
    if guarantor_id is not None:
        found = found.where(Document.guarantor_id == guarantor_id)
    if patient_id is not None:
        found = found.where(Document.patient_id == patient_id)
    return tuple(Kept(*row) for row in work.db.execute(found.order_by(Document.id.desc())))


def document_bytes(work: Work, document_id: int) -> bytes:
    """Return a page byte for byte as it was made.

    Raises Problem when there is none, when the person may not see its kind, and when it is not
    what was kept any more.
    """
    found = work.db.execute(
        select(Document.kind, Document.number, Document.sha256, Document.content).where(
            Document.id == document_id
        )
    ).one_or_none()
    if found is None:
        raise Problem(f"There is no document {document_id}.", hint="Nothing was printed.")
    require(work, RIGHTS.get(found.kind, Right.MAKE_INVOICES), "print this document")
    content = bytes(found.content)
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Problem(
            f"The kept page of {found.number} was changed outside of fscdesk.",
            hint="Nothing was printed. Restore it from a backup, or make a new one.",
        )
    return content


def _kept() -> Select[int, DocumentKind, str, int, int | None, int | None, datetime, str, str]:
    return select(
        Document.id,
        Document.kind,
        Document.number,
        Document.noun_id,
        Document.guarantor_id,
        Document.patient_id,
        Document.made_at,
        Document.file_name,
        Document.sha256,
    )


def _free_number(work: Work, wanted: str) -> str:
    taken = work.db.scalar(
        select(func.count())
        .select_from(Document)
        .where((Document.number == wanted) | Document.number.startswith(f"{wanted}-"))
    )
    return wanted if not taken else f"{wanted}-{taken + 1}"


def _require_no_name(
    work: Work, file_name: str, guarantor_id: int | None, patient_id: int | None
) -> None:
    if not _FILE_NAME.fullmatch(file_name):
        message = "a file name is a number of a document and an ending"
        raise ValueError(message)
    names = [
        work.db.scalar(select(Guarantor.name).where(Guarantor.id == guarantor_id)),
        work.db.scalar(select(Patient.name).where(Patient.id == patient_id)),
    ]
    said = set(re.split(r"[^a-z]+", file_name.casefold()))
    for name in names:
        words = set(re.split(r"[^a-z]+", (name or "").casefold()))
        if any(len(word) >= _SHORTEST_NAME for word in words & said):
            message = "a file name must not hold a person's name"
            raise ValueError(message)
