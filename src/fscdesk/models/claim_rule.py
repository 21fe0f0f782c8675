"""What payers want on their claims, and what the practice checks itself: rules with dates."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.claim import Severity


class RuleAct(enum.StrEnum):
    """What a rule does where its conditions hold."""

    SET = "set"
    HOLD = "hold"
    WARN = "warn"


class ClaimRule(Base):
    """Conditions -> set a field, hold, or warn; for one payer or (payer None) for all.

    ``conditions`` are ``{"field": …, "is": …, "values": […]}``, all of which must hold;
    ``field`` and ``value`` are what ``set`` writes. Rules run in their order, from
    ``valid_from`` to ``valid_to`` by the day of service.
    """

    __tablename__ = "claim_rule"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
        Index(None, "position"),
    )

    id: Mapped[IntPk]
    name: Mapped[str]
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"), index=True)
    position: Mapped[int]
    conditions: Mapped[dict[str, Any]]
    act: Mapped[RuleAct]
    field: Mapped[str] = mapped_column(String(48), default="")
    value: Mapped[str] = mapped_column(String(80), default="")
    message: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class RuleSeverity(Base):
    """How much a rule of the scrubber weighs here, where the practice says; None: not at all."""

    __tablename__ = "rule_severity"

    rule: Mapped[str] = mapped_column(String(48), primary_key=True)
    severity: Mapped[Severity | None]


class Supervision(Base):
    """Who supervises whom, from when to when."""

    __tablename__ = "supervision"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )

    id: Mapped[IntPk]
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Referral(Base):
    """Who referred (DN), ordered (DK) or supervises from outside (DQ) for a patient, with dates."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )

    id: Mapped[IntPk]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    qualifier: Mapped[Code] = mapped_column(default="DN")
    last_name: Mapped[str]
    first_name: Mapped[str] = mapped_column(default="")
    npi: Mapped[Code] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
