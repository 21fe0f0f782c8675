"""The persons served, those who pay for them, and the names under which they appear."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class PatientKind(enum.StrEnum):
    """A couple is a patient of its own, separate from the two persons."""

    ADULT = "adult"
    MINOR = "minor"
    COUPLE = "couple"


class SendBy(enum.StrEnum):
    """How a guarantor gets what is sent."""

    MAIL = "mail"
    EMAIL = "email"


class Guarantor(Base):
    """The person who pays for one or more patients; statements go here.

    ``billing_type`` is the office's own word by which statement runs can choose accounts.
    """

    __tablename__ = "guarantor"

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    address1: Mapped[str] = mapped_column(default="")
    address2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip_code: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    bad_address: Mapped[bool] = mapped_column(default=False)
    do_not_bill: Mapped[bool] = mapped_column(default=False)
    billing_type: Mapped[Code] = mapped_column(default="")
    send_by: Mapped[SendBy] = mapped_column(default=SendBy.MAIL)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class Patient(Base):
    """A person (or couple) served. Two patients may have one name; the number tells them apart.

    ``unapplied`` is kept by the ledger's triggers: credits of account 2400, as a positive
    amount. ``first_name`` and ``last_name`` are how claims spell the name, empty where it follows
    from ``name``; the address is the guarantor's where it is empty. ``sex`` is M, F or U.
    ``hold_claims``: nothing of this patient goes to a payer. ``withdrawn`` means that the
    import which made this patient was undone.
    """

    __tablename__ = "patient"
    __table_args__ = (Index(None, "sort_name", "id"),)

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    sort_name: Mapped[str]
    kind: Mapped[PatientKind] = mapped_column(default=PatientKind.ADULT)
    birth_date: Mapped[date | None]
    sex: Mapped[Code] = mapped_column(default="")
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    address1: Mapped[str] = mapped_column(default="")
    address2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip_code: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    hold_claims: Mapped[bool] = mapped_column(default=False)
    deceased_on: Mapped[date | None]
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    unapplied: Mapped[Money] = mapped_column(default=Money())
    active: Mapped[bool] = mapped_column(default=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class PatientAlias(Base):
    """A spelling that may mean this patient; two patients may share one.

    ``provider_id`` says with which clinician the spelling means this patient, where two
    patients have one name; None means with any.
    """

    __tablename__ = "patient_alias"
    __table_args__ = (Index(None, "alias", "provider_id"),)

    id: Mapped[IntPk]
    alias: Mapped[str]
    shown: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Diagnosis(Base):
    """A diagnosis that claims of this patient may carry, in order, with its dates."""

    __tablename__ = "diagnosis"

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    position: Mapped[int]
    code: Mapped[Code]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
