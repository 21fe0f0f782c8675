"""Collection agencies, what was handed to them, and balances that are parked."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class Agency(Base):
    """A collection agency and its commission, in basis points of what it recovers."""

    __tablename__ = "agency"
    __table_args__ = (
        CheckConstraint("commission_points BETWEEN 0 AND 10000", name="commission_known"),
    )

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    contact: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    commission_points: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class CaseStatus(enum.StrEnum):
    """Where a case at an agency stands."""

    PLACED = "placed"
    RECOVERED = "recovered"
    SETTLED = "settled"
    RECALLED = "recalled"
    WRITTEN_OFF = "written_off"


class CollectionCase(Base):
    """One account at an agency. What is left there is account 1130 of its charges."""

    __tablename__ = "collection_case"
    __table_args__ = (Index(None, "status", "placed_on"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    amount: Mapped[Money]
    commission_points: Mapped[int]
    placed_on: Mapped[date]
    status: Mapped[CaseStatus]
    closed_on: Mapped[date | None]
    close_reason: Mapped[str] = mapped_column(String(300), default="")
    request_key: Mapped[str | None] = mapped_column(String(64), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class CollectionItem(Base):
    """A charge of a case, with what was handed over, and its entry."""

    __tablename__ = "collection_item"
    __table_args__ = (UniqueConstraint("case_id", "charge_id"),)

    id: Mapped[IntPk]
    case_id: Mapped[int] = mapped_column(ForeignKey("collection_case.id"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    amount: Mapped[Money]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), unique=True)


class ParkedBalance(Base):
    """A patient's balance that nobody works: kept, but out of lists and statements.

    A new visit releases it. ``live`` is the patient again while it is parked.
    """

    __tablename__ = "parked_balance"

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    live: Mapped[int | None] = mapped_column(unique=True)
    parked_on: Mapped[date]
    parked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(300))
    released_on: Mapped[date | None]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    release_reason: Mapped[str] = mapped_column(String(300), default="")
