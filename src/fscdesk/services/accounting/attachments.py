"""Bills and letters that belong to an entry: kept with it, byte for byte."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from sqlalchemy import select

from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.ledger import JournalEntry
from fscdesk.services.accounting.journal import BY_HAND
from fscdesk.services.audit import record
from fscdesk.services.editing import is_storable
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["Attachment", "attach", "attachment_bytes", "attachments"]

SERIES: Final = "AT"
LARGEST: Final = 20 * 1024 * 1024
ENDINGS: Final = frozenset(
    {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".csv", ".txt", ".xlsx", ".docx", ".eml"}
)
_LONGEST_NAME: Final = 110
_NOTHING: Final = "Nothing was kept."


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept with an entry, without its bytes. ``made_at`` is UTC."""

    id: int
    number: str
    file_name: str
    made_at: datetime
    sha256: str


def attach(work: Work, entry_id: int, file_name: str, data: bytes) -> int:
    """Keep a file with an entry that a person wrote, and return its id.

    The same file is kept once with one entry. Raises Problem for an entry of a document, and for
    a file that is empty, too large, or of a kind that is no paper.
    """
    require(work, Right.KEEP_BOOKS, "keep papers with entries")
    entry = work.db.get(JournalEntry, entry_id, with_for_update=True)
    if entry is None:
        raise Problem("This entry is not in the books.", hint=_NOTHING)
    if entry.kind not in BY_HAND:
        raise Problem(
            f"Entry {entry.number} belongs to a document.",
            hint=f"{_NOTHING} Papers are kept with entries that a person wrote.",
        )
    name = _name(file_name)
    if not data:
        raise Problem(f"{name} is empty.", hint=f"{_NOTHING} Look at the file.")
    if len(data) > LARGEST:
        raise Problem(
            f"{name} has {len(data) // 1024 // 1024} MB; 20 MB fit.",
            hint=f"{_NOTHING} Scan it in black and white, or keep its first pages.",
        )
    digest = hashlib.sha256(data).hexdigest()
    same = work.db.scalar(
        select(Document.id).where(
            Document.kind == DocumentKind.ATTACHMENT,
            Document.noun_id == entry_id,
            Document.sha256 == digest,
        )
    )
    if same is not None:
        return same
    kept = Document(
        kind=DocumentKind.ATTACHMENT,
        number=next_number(work, SERIES, work.today().year),
        noun_id=entry_id,
        made_by=work.actor.staff_id,
        made_at=work.now(),
        file_name=name,
        sha256=digest,
        content=data,
    )
    work.db.add(kept)
    work.db.flush()
    record(work, "attach", "journal_entry", entry_id, document=kept.id, bytes=len(data))
    work.touch(Topic.BOOKS, Topic.DOCUMENTS)
    return kept.id


def attachments(work: Work, entry_id: int) -> tuple[Attachment, ...]:
    """Return what is kept with an entry, in the order in which it came."""
    found = select(
        Document.id, Document.number, Document.file_name, Document.made_at, Document.sha256
    ).where(Document.kind == DocumentKind.ATTACHMENT, Document.noun_id == entry_id)
    return tuple(Attachment(*row) for row in work.db.execute(found.order_by(Document.id)))


def attachment_bytes(work: Work, document_id: int) -> bytes:
    """Return a kept file as it came. Raises Problem where it is not what was kept any more."""
    require(work, Right.SEE_REPORTS, "see the papers of entries")
    kept = work.db.get(Document, document_id)
    if kept is None or kept.kind is not DocumentKind.ATTACHMENT:
        raise Problem("This paper is not in the books.", hint="Look at the entry again.")
    content = bytes(kept.content)
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise Problem(
            f"The kept file {kept.number} was changed outside of fscdesk.",
            hint="Nothing was opened. Restore it from a backup.",
        )
    return content


def _name(file_name: str) -> str:
    """Return the last part of a path as a name that every system can write."""
    last = PureWindowsPath(PurePosixPath(file_name).name).name
    plain = re.sub(r"[^\w .()+-]", "_", last) if is_storable(last) else "paper"
    path = PurePosixPath(" ".join(plain.split()) or "paper")
    if path.suffix.lower() not in ENDINGS:
        raise Problem(
            f"{path.name} is not a paper that can be kept.",
            hint=f"{_NOTHING} Keep it as a PDF or a picture.",
        )
    return f"{path.stem[: _LONGEST_NAME - len(path.suffix)]}{path.suffix.lower()}"
