"""Insurers, how each is billed, and where its status is looked up."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.claim_batch import Route
from fscdesk.models.remittance import Automation
from fscdesk.models.values import Money


class Payer(Base):
    """An insurer. ``short_name`` (at most 16 letters) is what lists show.

    ``unapplied`` is kept by the ledger's triggers: what this payer paid that stands with no
    charge (account 2410), as a positive amount. ``public_program`` marks Medicare and
    Medicaid, whose overpayments go back within 60 days (42 CFR 401.305). ``payer_code`` is what
    an 837 names it by (2010BB NM109), ``filing_indicator`` what kind of payer it is (SBR09).
    ``filing_days``, ``corrected_days`` and ``appeal_days`` are its clocks: from the service,
    from its answer, from its denial; None where not known. ``member_id_pattern`` is how its
    member ids look: letters ``A``, digits ``9``, either ``X``. ``accepts_assignment``: the
    practice takes this payer's assignment (CLM07, box 27). ``automation`` is how much of its
    remittances posts without a person's word.
    """

    __tablename__ = "payer"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(index=True)
    short_name: Mapped[str] = mapped_column(String(16))
    payer_code: Mapped[Code] = mapped_column(default="", index=True)
    filing_days: Mapped[int | None]
    corrected_days: Mapped[int | None]
    appeal_days: Mapped[int | None]
    route: Mapped[Route] = mapped_column(default=Route.ELECTRONIC)
    filing_indicator: Mapped[Code] = mapped_column(default="CI")
    member_id_pattern: Mapped[str] = mapped_column(String(80), default="")
    wants_referral: Mapped[bool] = mapped_column(default=False)
    address1: Mapped[str] = mapped_column(default="")
    address2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip_code: Mapped[str] = mapped_column(default="")
    needs_authorization: Mapped[bool] = mapped_column(default=False)
    public_program: Mapped[bool] = mapped_column(default=False)
    accepts_assignment: Mapped[bool] = mapped_column(default=True)
    automation: Mapped[Automation] = mapped_column(default=Automation.ONE_CLICK)
    unapplied: Mapped[Money] = mapped_column(default=Money())
    active: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class PayerAlias(Base):
    """A name, with its payer code, that means this payer."""

    __tablename__ = "payer_alias"

    id: Mapped[IntPk]
    alias: Mapped[str] = mapped_column(unique=True)
    shown: Mapped[str]
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Portal(Base):
    """Where a payer's claims are sent or looked up by hand."""

    __tablename__ = "portal"

    id: Mapped[IntPk]
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(String(400), default="")
    route: Mapped[str] = mapped_column(default="")
    steps: Mapped[LongText] = mapped_column(default="")
