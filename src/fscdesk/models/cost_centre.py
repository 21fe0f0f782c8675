"""Parts of the practice whose income and cost are looked at by themselves."""

from __future__ import annotations

import enum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base


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
