"""Changes of what is owed without money: write-offs, discounts, whose share it is."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.charge import Side
from fscdesk.models.values import Money


class AdjustmentKind(enum.StrEnum):
    """Why less (or more) is owed; DESIGN.md 6 says against which account."""

    CONTRACTUAL = "contractual"
    DISCOUNT = "discount"
    COURTESY = "courtesy"
    SLIDING_FEE = "sliding_fee"
    BAD_DEBT = "bad_debt"
    SMALL_BALANCE = "small_balance"
    CORRECTION = "correction"
    TO_PATIENT = "to_patient"
    TO_PAYER = "to_payer"


class AdjustmentStatus(enum.StrEnum):
    """Waiting for approval, in the books, or not any more."""

    WAITING = "waiting"
    POSTED = "posted"
    REFUSED = "refused"
    REVERSED = "reversed"


class Adjustment(Base):
    """A change of one side of one charge; a positive ``amount`` lowers what is owed.

    ``to_patient`` and ``to_payer`` move an amount between the two sides. ``group_code``,
    ``carc`` and ``rarc`` are the payer's words where it gave the reason (835 CAS, LQ).
    ``entry_id`` is its entry once it is posted. ``recorded``: SimplePractice has taken it off the
    receivable already, so that it closes account 1060 in its place.
    """

    __tablename__ = "adjustment"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        Index(None, "status", "on"),
        Index(None, "on", "id"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[AdjustmentKind]
    side: Mapped[Side]
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    amount: Mapped[Money]
    reason: Mapped[str] = mapped_column(String(300))
    group_code: Mapped[Code] = mapped_column(default="")
    carc: Mapped[Code] = mapped_column(default="")
    rarc: Mapped[Code] = mapped_column(default="")
    on: Mapped[date]
    status: Mapped[AdjustmentStatus]
    recorded: Mapped[bool] = mapped_column(default=False)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    request_key: Mapped[str | None] = mapped_column(String(64), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class SlidingFee(Base):
    """What a patient pays by income: a percentage of the fee, from when to when, on what proof."""

    __tablename__ = "sliding_fee"
    __table_args__ = (
        CheckConstraint("pays_percent BETWEEN 0 AND 100", name="percent_known"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
        Index(None, "patient_id", "valid_from"),
    )

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    pays_percent: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proof: Mapped[str] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
