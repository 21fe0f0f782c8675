"""Claims that left the office together, and what came back for them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class Route(enum.StrEnum):
    """How a payer's claims go: in an 837P, on a CMS-1500, typed into its portal."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    PORTAL = "portal"


class BatchState(enum.StrEnum):
    """Where a batch stands: in the outbox, acknowledged (999), or refused, or taken back."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    UNDONE = "undone"


class AcknowledgmentKind(enum.StrEnum):
    """Which answer a file is: of the syntax (999), or claim by claim (277CA)."""

    SYNTAX = "999"
    CLAIMS = "277CA"


class ClaimBatch(Base):
    """Claims sent together by one route: the very file, its hash, its control numbers.

    ``interchange`` is ISA13 and IEA02, ``group_control`` GS06: they never repeat. A batch of a
    portal has no file; ``reference`` is what the portal gave.
    """

    __tablename__ = "claim_batch"
    __table_args__ = (Index(None, "interchange"), Index(None, "made_at"))

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    route: Mapped[Route]
    state: Mapped[BatchState]
    claims: Mapped[int]
    total: Mapped[Money]
    interchange: Mapped[Code] = mapped_column(default="")
    group_control: Mapped[Code] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    reference: Mapped[str] = mapped_column(String(80), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ClaimSending(Base):
    """A claim in a batch: exactly what was sent, and under which transaction (ST02).

    ``content`` is the whole claim as JSON when it left, so that its form prints again as it was.
    ``status_before`` is what an undo gives back.
    """

    __tablename__ = "claim_sending"
    __table_args__ = (UniqueConstraint("batch_id", "claim_id"),)

    id: Mapped[IntPk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("claim_batch.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    transaction: Mapped[Code] = mapped_column(default="")
    status_before: Mapped[Code]
    content: Mapped[LongText]


class PortalCheck(Base):
    """A step of a portal's check-list that somebody did for a claim, with the reference given."""

    __tablename__ = "portal_check"
    __table_args__ = (UniqueConstraint("sending_id", "step"),)

    id: Mapped[IntPk]
    sending_id: Mapped[int] = mapped_column(ForeignKey("claim_sending.id"))
    step: Mapped[int]
    words: Mapped[str]
    reference: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Acknowledgment(Base):
    """A 999 or 277CA that came in: the very file, its hash, and what it was matched to."""

    __tablename__ = "acknowledgment"

    id: Mapped[IntPk]
    kind: Mapped[AcknowledgmentKind]
    file_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    accepted: Mapped[int]
    rejected: Mapped[int]
    matched: Mapped[int]
    unmatched: Mapped[int]
    read_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    read_at: Mapped[datetime]


class AcknowledgmentItem(Base):
    """What an acknowledgment says of one batch or claim, in the order of the file.

    ``claim_id`` and ``batch_id`` are None where it is not of ours: nothing is dropped.
    """

    __tablename__ = "acknowledgment_item"
    __table_args__ = (UniqueConstraint("acknowledgment_id", "position"),)

    id: Mapped[IntPk]
    acknowledgment_id: Mapped[int] = mapped_column(ForeignKey("acknowledgment.id"))
    position: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("claim_batch.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    reference: Mapped[str] = mapped_column(String(50), default="")
    accepted: Mapped[bool]
    codes: Mapped[str] = mapped_column(String(80), default="")
    words: Mapped[LongText] = mapped_column(default="")
