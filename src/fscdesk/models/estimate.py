"""Good-faith estimates for people who pay themselves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class Estimate(Base):
    """What a year of care is expected to cost; a bill of $400 more can be disputed."""

    __tablename__ = "estimate"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="ends_after_start"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    diagnoses: Mapped[str] = mapped_column(default="")
    total: Mapped[Money]
    note: Mapped[str] = mapped_column(String(300), default="")
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]


class EstimateLine(Base):
    """A service, how often, at which rate."""

    __tablename__ = "estimate_line"
    __table_args__ = (
        UniqueConstraint("estimate_id", "position"),
        CheckConstraint("count > 0", name="count_positive"),
    )

    id: Mapped[IntPk]
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    position: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    code: Mapped[Code]
    name: Mapped[str]
    count: Mapped[int]
    rate: Mapped[Money]
