"""The practice whose books these are, where it works, and how it numbers its documents."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk


class Practice(Base):
    """The one organisation of this database; its zone turns instants into office days."""

    __tablename__ = "practice"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[IntPk]
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(String(64))
    address1: Mapped[str] = mapped_column(default="")
    address2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip_code: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    npi: Mapped[Code] = mapped_column(default="")
    tax_id: Mapped[Code] = mapped_column(default="")
    tax_id_kind: Mapped[Code] = mapped_column(default="EI")
    taxonomy: Mapped[Code] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class Location(Base):
    """A place of service: an office, or video."""

    __tablename__ = "location"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    place_of_service: Mapped[Code] = mapped_column(default="11")
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip_code: Mapped[str] = mapped_column(default="")
    npi: Mapped[Code] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class Room(Base):
    """A room of a location."""

    __tablename__ = "room"

    id: Mapped[IntPk]
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str]


class NumberSeries(Base):
    """The next number of each kind of document in each year: without gaps, never twice."""

    __tablename__ = "number_series"

    name: Mapped[Code] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next: Mapped[int] = mapped_column(default=1)
