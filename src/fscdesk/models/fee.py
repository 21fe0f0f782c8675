"""Fee schedules: what is charged and what is expected, by payer, code, modifier and date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class FeeSchedule(Base):
    """Prices that hold from a day on, for one payer or (payer None) for everybody."""

    __tablename__ = "fee_schedule"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )

    id: Mapped[IntPk]
    name: Mapped[str]
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Fee(Base):
    """One price. ``charged`` goes on the claim, ``expected`` is what the payer allows."""

    __tablename__ = "fee"
    __table_args__ = (UniqueConstraint("schedule_id", "code", "modifier"),)

    id: Mapped[IntPk]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("fee_schedule.id"), index=True)
    code: Mapped[Code]
    modifier: Mapped[Code] = mapped_column(default="")
    charged: Mapped[Money]
    expected: Mapped[Money | None]
