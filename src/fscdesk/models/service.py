"""The practice's catalogue of services, in the practice's own words."""

from __future__ import annotations

import enum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk
from fscdesk.models.values import Money


class ServiceKind(enum.StrEnum):
    """What a code stands for."""

    SESSION = "session"
    ADD_ON = "add_on"
    LATE_CANCEL_FEE = "late_cancel_fee"
    NO_SHOW_FEE = "no_show_fee"
    NOT_BILLED = "not_billed"
    ACCOUNT_FEE = "account_fee"


class Service(Base):
    """A code of the practice: CPT, HCPCS or its own. Codes are text; leading zeros count.

    ``late_cancel_fee`` and ``no_show_fee`` are what the client is charged when a session
    of this service is cancelled late or not attended; None means nothing is charged.
    """

    __tablename__ = "service"

    id: Mapped[IntPk]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[ServiceKind] = mapped_column(default=ServiceKind.SESSION)
    minutes: Mapped[int | None]
    base_rate: Mapped[Money]
    revenue_account: Mapped[str] = mapped_column(String(12), ForeignKey("account.code"))
    late_cancel_fee: Mapped[Money | None]
    no_show_fee: Mapped[Money | None]
    active: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
