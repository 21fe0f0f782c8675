"""Parts of the practice whose income and cost are looked at by themselves."""

from __future__ import annotations

import enum
from datetime import date
from typing import Final

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, IntPk

BEGINNING: Final = date.min
"""The day of what holds from the beginning: before every day of service, and unique like one."""


class CostCentreKind(enum.StrEnum):
    """What a cost centre does."""

    CLINICAL = "clinical"
    ADMINISTRATIVE = "administrative"
    SUPPORT = "support"


class CostCentre(Base):
    """A location, a programme, a team. A clinician may belong to one, so that revenue does."""

    __tablename__ = "cost_centre"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[CostCentreKind]
    parent: Mapped[str | None] = mapped_column(String(12), ForeignKey("cost_centre.code"))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ProviderCostCentre(Base):
    """The cost centre of a clinician's sessions from a day of service on, until the next row.

    ``cost_centre`` None: of no centre from then on. ``from_day`` is `BEGINNING` for what holds
    for all days before the next row.
    """

    __tablename__ = "provider_cost_centre"
    __table_args__ = (UniqueConstraint("provider_id", "from_day"),)

    id: Mapped[IntPk]
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    cost_centre: Mapped[str | None] = mapped_column(String(12), ForeignKey("cost_centre.code"))
    from_day: Mapped[date]
