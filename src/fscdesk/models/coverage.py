"""Policies: which payer covers a patient, in which rank, from when to when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class Policy(Base):
    """A patient's coverage with a payer; the one in force is picked by service date."""

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
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class Authorization(Base):
    """Visits that a payer approved for a patient; counted down when claims are sent."""

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
