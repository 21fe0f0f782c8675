"""What payers answered: 835 files and typed EOBs, claim by claim and line by line."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fscdesk.models.base import Base, Code, IntPk, LongText
from fscdesk.models.values import Money


class RemittanceOrigin(enum.StrEnum):
    """An 835, or an EOB on paper that was typed in; both are the same thing afterwards."""

    ERA = "era"
    TYPED = "typed"


class RemittanceStatus(enum.StrEnum):
    """How far a remittance is posted. A stopped one is never posted before somebody looked.

    Of a closed one nothing is in the books: somebody has set it aside, ``reason`` says why.
    """

    TO_POST = "to_post"
    PARTLY = "partly"
    POSTED = "posted"
    UNDONE = "undone"
    STOPPED = "stopped"
    CLOSED = "closed"


class Fate(enum.StrEnum):
    """What became of a claim or a line: in the books, waiting for a person, or closed by one."""

    POSTED = "posted"
    UNPOSTED = "unposted"
    CLOSED = "closed"


class Unposted(enum.StrEnum):
    """Why something of a remittance is not in the books; the list is fixed."""

    NOT_OURS = "not_ours"
    NO_LINE = "no_line"
    TWO_ALIKE = "two_alike"
    OTHER_PAYER = "other_payer"
    VOIDED = "voided"
    AMOUNT_DIFFERS = "amount_differs"
    OUT_OF_BALANCE = "out_of_balance"
    UNREADABLE = "unreadable"
    NOT_ITEMISED = "not_itemised"
    BLOCKED = "blocked"
    WAITS_FOR_EARLIER = "waits_for_earlier"
    REVERSES_NOTHING = "reverses_nothing"
    PREDETERMINATION = "predetermination"
    POSTED_BEFORE = "posted_before"
    WRITES_ALL_OFF = "writes_all_off"
    PAYS_TOO_MUCH = "pays_too_much"
    REVIEW = "review"
    TAKEN_BACK = "taken_back"


class Automation(enum.StrEnum):
    """How much of a payer's remittances posts without a person's word."""

    REVIEW = "review"
    ONE_CLICK = "one_click"
    AUTOMATIC = "automatic"


class RuleAction(enum.StrEnum):
    """What an adjustment of a payer does; what no rule names blocks."""

    WRITE_OFF = "write_off"
    ADJUST = "adjust"
    PATIENT = "patient"
    DENY = "deny"
    TRACK = "track"
    BLOCK = "block"


class RemittanceFile(Base):
    """An 835 as it came in: the very bytes and their hash. ``oddities`` are sentences, by line."""

    __tablename__ = "remittance_file"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    oddities: Mapped[LongText] = mapped_column(default="")
    read_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    read_at: Mapped[datetime]


class Remittance(Base):
    """One check or transfer of a payer with what it answered (ST to SE), or a typed EOB.

    ``identity`` is payer and trace (TRN03, TRN02): the same check again, in whatever file, is
    found by it; ``digest`` says whether it says the same. ``amount`` is the check (BPR02).
    ``check_off`` is BPR02 - (sum of CLP04 - sum of PLB); ``claims_off`` and ``services_off``
    count what does not balance; such a remittance is stopped. ``payment_id`` is its money in
    the books, from the first posting on. ``conflict_id`` is the remittance of the same trace
    that says something else.
    """

    __tablename__ = "remittance"
    __table_args__ = (
        Index(None, "paid_on", "id"),
        Index(None, "status", "paid_on"),
        Index(None, "payer_id", "paid_on"),
        Index(None, "trace"),
        Index(None, "amount", "id"),
    )

    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    origin: Mapped[RemittanceOrigin]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("remittance_file.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    control: Mapped[str] = mapped_column(String(40), default="")
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    payer_name: Mapped[str] = mapped_column(default="")
    payer_code: Mapped[str] = mapped_column(String(80), default="")
    payee_npi: Mapped[str] = mapped_column(String(20), default="")
    trace: Mapped[str] = mapped_column(String(60), default="")
    identity: Mapped[str | None] = mapped_column(String(160), unique=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    amount: Mapped[Money]
    method: Mapped[Code] = mapped_column(default="")
    paid_on: Mapped[date]
    test: Mapped[bool] = mapped_column(default=False)
    check_off: Mapped[Money] = mapped_column(default=Money())
    claims_off: Mapped[int] = mapped_column(default=0)
    services_off: Mapped[int] = mapped_column(default=0)
    status: Mapped[RemittanceStatus]
    reason: Mapped[str] = mapped_column(String(300), default="")
    claims: Mapped[int] = mapped_column(default=0)
    unposted: Mapped[int] = mapped_column(default=0)
    conflict_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    read_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    read_at: Mapped[datetime]
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    posted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way


class RemittanceClaim(Base):
    """A payer's answer to one claim (CLP). What it says stays as it was said.

    ``adjustments`` are CAS triplets of the claim itself, spelled ``CO 45 2000;PR 3 2500``
    (group, reason, cents). ``corrected`` is what NM1*74 corrects, in words. ``fate`` and
    ``why`` say what became of it; its lines have their own. ``closed_by`` set it aside.
    """

    __tablename__ = "remittance_claim"
    __table_args__ = (
        UniqueConstraint("remittance_id", "position"),
        Index(None, "fate", "why"),
    )

    id: Mapped[IntPk]
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(50), index=True)
    status_code: Mapped[Code]
    charge: Mapped[Money]
    paid: Mapped[Money]
    patient_share: Mapped[Money]
    payer_number: Mapped[str] = mapped_column(String(50), default="", index=True)
    frequency: Mapped[Code] = mapped_column(default="")
    patient_name: Mapped[str] = mapped_column(default="")
    member_id: Mapped[str] = mapped_column(String(80), default="")
    corrected: Mapped[str] = mapped_column(String(300), default="")
    forwarded_to: Mapped[str] = mapped_column(default="")
    forwarded: Mapped[bool] = mapped_column(default=False)
    interest: Mapped[Money] = mapped_column(default=Money())
    remarks: Mapped[str] = mapped_column(default="")
    adjustments: Mapped[LongText] = mapped_column(default="")
    off: Mapped[Money] = mapped_column(default=Money())
    received_on: Mapped[date | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    matched_by: Mapped[Code] = mapped_column(default="")
    fate: Mapped[Fate] = mapped_column(default=Fate.UNPOSTED)
    why: Mapped[Code] = mapped_column(default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]


class RemittanceLine(Base):
    """A payer's answer to one service line (SVC), and what the books made of it.

    ``code`` is what the payer decided on, ``billed_code`` what it was billed as where that
    differs. ``line_id`` is our id as it came back (REF*6R). ``wrote_off``, ``to_patient`` and
    ``denied`` are what was posted; ``reverses_id`` is the line whose posting this one took back.
    ``expected`` is what the payer should have allowed when it was posted, where that is known;
    ``accepted_why`` is why a person has left it at less.
    """

    __tablename__ = "remittance_line"
    __table_args__ = (UniqueConstraint("remittance_claim_id", "position"),)

    id: Mapped[IntPk]
    remittance_claim_id: Mapped[int] = mapped_column(ForeignKey("remittance_claim.id"))
    position: Mapped[int]
    line_id: Mapped[str] = mapped_column(String(50), default="")
    code: Mapped[Code] = mapped_column(default="")
    modifiers: Mapped[Code] = mapped_column(default="")
    billed_code: Mapped[Code] = mapped_column(default="")
    units: Mapped[str] = mapped_column(String(16), default="")
    charge: Mapped[Money]
    paid: Mapped[Money]
    allowed: Mapped[Money | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    adjustments: Mapped[LongText] = mapped_column(default="")
    remarks: Mapped[str] = mapped_column(default="")
    claim_line_id: Mapped[int | None] = mapped_column(ForeignKey("claim_line.id"), index=True)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), index=True)
    matched_by: Mapped[Code] = mapped_column(default="")
    fate: Mapped[Fate] = mapped_column(default=Fate.UNPOSTED)
    why: Mapped[Code] = mapped_column(default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    wrote_off: Mapped[Money] = mapped_column(default=Money())
    to_patient: Mapped[Money] = mapped_column(default=Money())
    denied: Mapped[Code] = mapped_column(default="")
    expected: Mapped[Money | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("remittance_line.id"), index=True)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    accepted_at: Mapped[datetime | None]
    accepted_why: Mapped[str | None] = mapped_column(String(300))


class RemittanceRule(Base):
    """What an adjustment of a payer (all payers where it names none) does to the books.

    These are the practice's own; the shipped ones stand in ``resources/seeds`` and count where
    no own rule does. The nearest decides: of the payer before that of all, a reason (CARC)
    before a whole group (empty ``carc``). ``key`` is ``payer:group:carc``, so that there is one.
    """

    __tablename__ = "remittance_rule"

    id: Mapped[IntPk]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"), index=True)
    group_code: Mapped[Code]
    carc: Mapped[Code] = mapped_column(default="")
    action: Mapped[RuleAction]
    note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way
