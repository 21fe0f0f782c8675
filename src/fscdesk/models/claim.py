"""Claims: what is sent to a payer for a patient, line by line, and where each one stands."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class ClaimType(enum.StrEnum):
    """On which form a claim goes: CMS-1500 and 837P, or UB-04 and 837I."""

    PROFESSIONAL = "professional"
    INSTITUTIONAL = "institutional"


class ClaimStatus(enum.StrEnum):
    """Where a claim stands (DESIGN.md 7).

    ``rejected`` never reached the payer: it is mended and sent as an original. ``denied`` was
    decided by the payer: it is corrected, voided or appealed.
    """

    DRAFT = "draft"
    SCRUBBED = "scrubbed"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    PENDING = "pending"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    DENIED = "denied"
    APPEALING = "appealing"
    REJECTED = "rejected"
    CLOSED = "closed"
    VOID = "void"


class Frequency(enum.StrEnum):
    """What a claim is to the payer (CLM05-3, box 22): a first, a corrected, a taken-back one."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


class Severity(enum.StrEnum):
    """How much a finding weighs: it blocks the claim, asks for a look, or only tells."""

    STOPS = "stops"
    WARNS = "warns"
    TELLS = "tells"


class Claim(Base):
    """Charges of one patient, coverage, and rendering provider that are sent together.

    ``number`` is our own (CLM01 without its dashes, box 26); ``payer_number`` the payer's for this
    claim (277CA REF*1K, 835 CLP07); ``original_number`` the payer's number of the claim that
    this one corrects or voids (REF*F8, box 22). ``replaces_id`` is that claim, ``primary_id``
    the earlier payer's claim behind which a secondary or tertiary one stands. ``held_for`` says
    why a person keeps it back, ``wait_for`` why the program does (its primary is not answered).
    ``crossed_over``: an earlier payer forwarded it, so it is never sent from here.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank_known"),
        CheckConstraint("total >= 0", name="total_not_negative"),
        Index("ix_claim_by_status", "status", "first_day", "id"),
        Index("ix_claim_by_payer", "payer_id", "status", "first_day"),
        Index("ix_claim_next_action", "next_action_on"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    type: Mapped[ClaimType] = mapped_column(default=ClaimType.PROFESSIONAL)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policy.id"), index=True)
    rank: Mapped[int] = mapped_column(default=1)
    rendering_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    supervising_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    place_of_service: Mapped[Code] = mapped_column(default="")
    status: Mapped[ClaimStatus]
    status_since: Mapped[date]
    frequency: Mapped[Frequency] = mapped_column(default=Frequency.ORIGINAL)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    primary_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    payer_number: Mapped[str] = mapped_column(String(50), default="", index=True)
    original_number: Mapped[str] = mapped_column(String(50), default="")
    authorization_id: Mapped[int | None] = mapped_column(ForeignKey("authorization.id"))
    note: Mapped[str] = mapped_column(String(80), default="")
    total: Mapped[Money]
    first_day: Mapped[date]
    last_day: Mapped[date]
    held_for: Mapped[str] = mapped_column(String(300), default="")
    wait_for: Mapped[str] = mapped_column(String(300), default="")
    crossed_over: Mapped[bool] = mapped_column(default=False)
    outdated: Mapped[str] = mapped_column(String(300), default="")
    scrubbed_at: Mapped[datetime | None]
    stops: Mapped[int] = mapped_column(default=0)
    warns: Mapped[int] = mapped_column(default=0)
    first_sent_on: Mapped[date | None]
    last_sent_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    denied_on: Mapped[date | None]
    reason_code: Mapped[Code] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    next_action: Mapped[str] = mapped_column(default="")
    next_action_on: Mapped[date | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ClaimLine(Base):
    """One service line. ``id`` is our line id, which the payer's answer brings back (REF*6R).

    ``live`` is ``charge:rank`` while the claim stands, so that a charge cannot be on two
    standing claims of one rank, whoever builds them at the same moment; None once the claim is
    void, closed by a replacement, or was dropped. ``pointers`` are positions of diagnoses,
    blank-separated (``1 2``); ``modifiers`` too (``95 HO``).
    """

    __tablename__ = "claim_line"
    __table_args__ = (
        UniqueConstraint("claim_id", "position"),
        CheckConstraint("units > 0", name="units_positive"),
    )

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    position: Mapped[int]
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    live: Mapped[str | None] = mapped_column(String(32), unique=True)
    service_day: Mapped[date]
    code: Mapped[Code]
    modifiers: Mapped[Code] = mapped_column(default="")
    place_of_service: Mapped[Code] = mapped_column(default="")
    units: Mapped[int]
    amount: Mapped[Money]
    pointers: Mapped[Code] = mapped_column(default="1")


class ClaimDiagnosis(Base):
    """A diagnosis of a claim, the principal one first (HI, box 21)."""

    __tablename__ = "claim_diagnosis"
    __table_args__ = (UniqueConstraint("claim_id", "position"),)

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    position: Mapped[int]
    code: Mapped[Code]


class ClaimFinding(Base):
    """What the last scrub found: by which rule, at which field, in words, and the way to mend it.

    ``accepted_by`` looked at a warning and lets the claim go; a new scrub keeps that while the
    finding says the same.
    """

    __tablename__ = "claim_finding"
    __table_args__ = (Index(None, "claim_id", "severity"),)

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    rule: Mapped[str] = mapped_column(String(48), index=True)
    severity: Mapped[Severity]
    field: Mapped[str] = mapped_column(String(48))
    line: Mapped[int | None]
    message: Mapped[str] = mapped_column(String(400))
    hint: Mapped[str] = mapped_column(String(400), default="")
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ClaimStatusHistory(Base):
    """Every change of a claim's status: old, new, who, when, why. Never changed."""

    __tablename__ = "claim_status_history"
    __table_args__ = (Index(None, "day"),)

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    old: Mapped[Code | None]
    new: Mapped[Code]
    reason: Mapped[LongText]
    at: Mapped[datetime]
    day: Mapped[date]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ClaimChange(Base):
    """One field of a claim that was changed: old, new, by whom or by which rule. Never changed."""

    __tablename__ = "claim_change"

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    line: Mapped[int | None]
    field: Mapped[str] = mapped_column(String(48))
    old: Mapped[str] = mapped_column(String(300))
    new: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ClaimNote(Base):
    """What the office wrote down about a claim: a call, an answer, a plan."""

    __tablename__ = "claim_note"
    __table_args__ = (Index(None, "claim_id", "at"),)

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    text: Mapped[LongText]
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)


class Appeal(Base):
    """A decision of a payer that is argued with: until when, with which letter, how it ended."""

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("claim_id", "level"),)

    id: Mapped[IntPk]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    level: Mapped[int]
    due_on: Mapped[date | None]
    opened_on: Mapped[date]
    sent_on: Mapped[date | None]
    argument: Mapped[LongText] = mapped_column(default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    outcome: Mapped[Code] = mapped_column(default="")
    outcome_on: Mapped[date | None]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
