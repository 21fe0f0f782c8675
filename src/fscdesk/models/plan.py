"""Payment plans: what was agreed, which charges it covers, and its instalments."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class Every(enum.StrEnum):
    """How often an instalment is due."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    QUARTER = "quarter"


class PlanStatus(enum.StrEnum):
    """Where a plan stands; ``replaced`` by a new one."""

    ACTIVE = "active"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class PaymentPlan(Base):
    """An agreement to pay given charges in instalments.

    What is paid is not stored: it is what the plan's charges are lower by than on the day of
    the agreement. Interest is simple, in basis points a year on what is financed; each part is
    charged when its instalment falls due, so that an early pay-off owes none.
    """

    __tablename__ = "payment_plan"
    __table_args__ = (
        CheckConstraint("total = down_payment + financed", name="parts_add_up"),
        CheckConstraint("financed > 0 AND down_payment >= 0", name="amounts_positive"),
        CheckConstraint("apr_points >= 0", name="interest_not_negative"),
        Index(None, "status", "guarantor_id"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    total: Mapped[Money]
    down_payment: Mapped[Money]
    financed: Mapped[Money]
    instalments: Mapped[int]
    every: Mapped[Every]
    agreed_on: Mapped[date]
    first_due_on: Mapped[date]
    apr_points: Mapped[int] = mapped_column(default=0)
    late_fee: Mapped[Money]
    late_fee_points: Mapped[int]
    grace_days: Mapped[int]
    auto_pay: Mapped[bool] = mapped_column(default=False)
    status: Mapped[PlanStatus]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("payment_plan.id"), unique=True)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class PlanCharge(Base):
    """A charge that a plan covers, and what was open for it when the plan was agreed.

    ``live`` is the charge again while the plan is active: a charge is in one plan at a time.
    """

    __tablename__ = "plan_charge"
    __table_args__ = (UniqueConstraint("plan_id", "charge_id"),)

    id: Mapped[IntPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    live: Mapped[int | None] = mapped_column(unique=True)
    amount: Mapped[Money]


class Instalment(Base):
    """What is due on a day, with the charges of its interest and of its late fee."""

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        CheckConstraint("principal >= 0 AND interest >= 0", name="parts_not_negative"),
        Index(None, "due_on"),
    )

    id: Mapped[IntPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    position: Mapped[int]
    due_on: Mapped[date]
    principal: Mapped[Money]
    interest: Mapped[Money]
    interest_charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), unique=True)
    fee_charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), unique=True)
