"""Who works here, in which roles, and which rights a role gives."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk


class Role(enum.StrEnum):
    """The roles of DESIGN.md 8."""

    ADMIN = "admin"
    BILLING_CLERK = "billing_clerk"
    BILLING_MANAGER = "billing_manager"
    CFO = "cfo"
    DIRECTOR = "director"
    ACCOUNTING = "accounting"
    PROVIDER = "provider"


class Staff(Base):
    """A person who uses the program; never deleted, only made inactive."""

    __tablename__ = "staff"

    id: Mapped[IntPk]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class StaffRole(Base):
    """A role that a person has."""

    __tablename__ = "staff_role"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class RoleRight(Base):
    """A named right that a role gives (``import_files``, ``approve_write_off_500``)."""

    __tablename__ = "role_right"

    role: Mapped[Role] = mapped_column(primary_key=True)
    right: Mapped[Code] = mapped_column(String(48), primary_key=True)
