"""Policies: which payer covers a patient, in which rank, from when to when."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class Relationship(enum.StrEnum):
    """What the patient is to the subscriber (box 6, SBR02 and PAT01)."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class Counts(enum.StrEnum):
    """What an authorization counts: each service once, or its units."""

    VISITS = "visits"
    UNITS = "units"


class Policy(Base):
    """A patient's coverage with a payer; the one in force is picked by service date.

    The subscriber's fields are empty where the patient is the subscriber; an address that is
    empty is the patient's. ``benefits_assigned`` and ``release_signed`` are the client's word on
    file that the payer may pay the practice and be told what it must know (CLM08 and CLM09,
    boxes 13 and 12).
    """

    __tablename__ = "policy"
    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank_known"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
        Index(None, "patient_id", "rank", "valid_from"),
    )

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    rank: Mapped[int]
    member_id: Mapped[Code] = mapped_column(default="")
    group_number: Mapped[Code] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    copay: Mapped[Money | None]
    coinsurance_percent: Mapped[int | None]
    deductible: Mapped[Money | None]
    plan_name: Mapped[str] = mapped_column(default="")
    relationship: Mapped[Relationship] = mapped_column(default=Relationship.SELF)
    subscriber_first: Mapped[str] = mapped_column(default="")
    subscriber_last: Mapped[str] = mapped_column(default="")
    subscriber_birth: Mapped[date | None]
    subscriber_sex: Mapped[Code] = mapped_column(default="")
    subscriber_address1: Mapped[str] = mapped_column(default="")
    subscriber_city: Mapped[str] = mapped_column(default="")
    subscriber_state: Mapped[str] = mapped_column(default="")
    subscriber_zip: Mapped[str] = mapped_column(default="")
    benefits_assigned: Mapped[bool] = mapped_column(default=True)
    release_signed: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class Authorization(Base):
    """Visits or units that a payer approved for a patient; counted down when claims are sent.

    ``code`` names the codes it is for, blank-separated; empty: any. ``used`` is the sum of its
    uses (``AuthorizationUse``) and what stood there when it was typed in.
    """

    __tablename__ = "authorization"
    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"))
    number: Mapped[Code]
    code: Mapped[Code] = mapped_column(default="")
    granted: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    counts: Mapped[Counts] = mapped_column(default=Counts.VISITS)
    used_before: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class AuthorizationUse(Base):
    """What a sent claim line took of an authorization; deleted when the claim is taken back."""

    __tablename__ = "authorization_use"

    id: Mapped[IntPk]
    authorization_id: Mapped[int] = mapped_column(ForeignKey("authorization.id"), index=True)
    claim_line_id: Mapped[int] = mapped_column(ForeignKey("claim_line.id"), unique=True)
    quantity: Mapped[int]
