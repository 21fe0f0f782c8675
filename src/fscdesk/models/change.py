"""How often each topic has changed; every workstation looks at this small table."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base


class ChangeCounter(Base):
    """One row for each topic, made by the first migration."""

    __tablename__ = "change_counter"

    topic: Mapped[str] = mapped_column(String(24), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
