"""Clinicians, and the names under which SimplePractice shows them."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk


class Provider(Base):
    """A clinician: NPI, taxonomy and licence as they go on a claim."""

    __tablename__ = "provider"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(index=True)
    credentials: Mapped[str] = mapped_column(default="")
    npi: Mapped[Code] = mapped_column(default="")
    taxonomy: Mapped[Code] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(default="")
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    simplepractice_id: Mapped[Code | None] = mapped_column(unique=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    active: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class ProviderAlias(Base):
    """A spelling that means this clinician; ``alias`` is folded for comparing."""

    __tablename__ = "provider_alias"

    id: Mapped[IntPk]
    alias: Mapped[str] = mapped_column(unique=True)
    shown: Mapped[str]
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
