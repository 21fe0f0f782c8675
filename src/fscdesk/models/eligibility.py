"""What a payer said of a patient's coverage when it was asked (270 and 271)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class EligibilityCheck(Base):
    """A question about a policy and, once it came, the answer with its raw text.

    ``active``: None while nothing was answered, or where the answer does not say.
    ``trace`` is our own number (TRN02), by which an answer finds its question.
    """

    __tablename__ = "eligibility_check"
    __table_args__ = (Index(None, "patient_id", "asked_at"),)

    id: Mapped[IntPk]
    trace: Mapped[Code] = mapped_column(unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"), index=True)
    service_day: Mapped[date]
    request: Mapped[LongText] = mapped_column(default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[LongText] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    active: Mapped[bool | None]
    plan_name: Mapped[str] = mapped_column(default="")
    refusal: Mapped[str] = mapped_column(String(400), default="")


class EligibilityFact(Base):
    """One thing that an answer says: copay, coinsurance, deductible, visits, … (271 EB)."""

    __tablename__ = "eligibility_fact"

    id: Mapped[IntPk]
    check_id: Mapped[int] = mapped_column(ForeignKey("eligibility_check.id"), index=True)
    position: Mapped[int]
    kind: Mapped[Code]
    service: Mapped[Code] = mapped_column(default="")
    level: Mapped[Code] = mapped_column(default="")
    network: Mapped[Code] = mapped_column(default="")
    period: Mapped[Code] = mapped_column(default="")
    amount: Mapped[Money | None]
    percent: Mapped[int | None]
    quantity: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(400), default="")
