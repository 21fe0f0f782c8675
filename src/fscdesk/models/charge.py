"""Charges: the billable lines of a session."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class Side(enum.StrEnum):
    """Who owes: a charge has one balance with its payer and one with its patient."""

    PATIENT = "patient"
    INSURANCE = "insurance"


class Charge(Base):
    """One code of a session, with its price and whose share is whose.

    A fee of an account (a returned check, a late instalment) is a charge without session and
    without clinician.
    A charge is never edited: what changes is voided by reversing entries, and a new
    charge takes its place. ``insurance_balance`` (accounts 1110 and 2410),
    ``patient_balance`` (1100), ``first_day`` and ``last_day`` (of those lines) are an
    index over the ledger that its triggers keep; nothing else writes them.
    """

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("amount = patient_share + insurance_share", name="shares_add_up"),
        CheckConstraint("units > 0", name="units_positive"),
        Index(
            "ix_charge_open_insurance",
            "payer_id",
            "service_day",
            "insurance_balance",
            "last_day",  # aging of a past day asks which of these moved later
            sqlite_where=text("insurance_balance <> 0"),
            postgresql_where=text("insurance_balance <> 0"),
        ),
        Index(
            "ix_charge_open_patient",
            "patient_id",
            "service_day",
            "patient_balance",
            "last_day",
            sqlite_where=text("patient_balance <> 0"),
            postgresql_where=text("patient_balance <> 0"),
        ),
        Index("ix_charge_moved", "last_day", "first_day", "payer_id", "service_day"),
    )

    id: Mapped[IntPk]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), index=True)
    position: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    code: Mapped[Code]
    modifiers: Mapped[Code] = mapped_column(default="")
    units: Mapped[int]
    rate: Mapped[Money]
    amount: Mapped[Money]
    patient_share: Mapped[Money]
    insurance_share: Mapped[Money]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    service_day: Mapped[date]
    posted_day: Mapped[date]
    insurance_since: Mapped[date]
    patient_since: Mapped[date]
    insurance_balance: Mapped[Money] = mapped_column(default=Money())
    patient_balance: Mapped[Money] = mapped_column(default=Money())
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    voided_on: Mapped[date | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
