"""What a practice or a person has set: policies, saved views, layouts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, IntPk


class Setting(Base):
    """A practice-wide setting that differs from its default; who changed it, since when."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]


class Preference(Base):
    """Something a person's screens remember (layout, sort, last dates)."""

    __tablename__ = "preference"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class SavedView(Base):
    """A named set of filters of a list; shared with the office or a person's own."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("screen", "name", "staff_id"),)

    id: Mapped[IntPk]
    screen: Mapped[str] = mapped_column(String(48), index=True)
    name: Mapped[str]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    shared: Mapped[bool] = mapped_column(default=False)
    state: Mapped[dict[str, Any]]
