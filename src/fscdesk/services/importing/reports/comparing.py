"""Totals of SimplePractice held against ours: what differs, and why, in words.

Nothing of these reports is written to the books. Their figures are compared with what the last
appointment report said (there they come from) and with our own open balances; the difference of
the two is told by what was done here that SimplePractice does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, case, delete, func, select, type_coerce

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.session import Session, SessionReport
from fscdesk.models.simplepractice import Comparison
from fscdesk.models.values import Money
from fscdesk.services.importing.reports_engine import WAITS, Applying, Decision
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
)
from fscdesk.services.work import Work

LONGEST = 300
UNBILLED, NO_REPORT = "UNBILLED", "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a report beside ours; ``line`` 0: the report does not have it."""

    line: int
    what: str
    patient_id: int | None
    payer_id: int | None
    theirs: Money
    ours: Money
    reason: str = ""


@dataclass(slots=True)
class Side:
    """Cents of some sessions: what the report said is open and paid, and what stands here."""

    reported: int = 0
    reported_paid: int = 0
    open: int = 0
    paid: int = 0
    adjusted: int = 0
    at_agency: int = 0
    without_report: int = 0
    unbilled: int = 0
    billed: int = 0


@dataclass(slots=True)
class Figures:
    """Ours, by client and clinician and by payer; ``lines`` are those of this comparison."""

    clients: dict[tuple[int, int], Side]
    payers: dict[int, Side]
    lines: list[Line] = field(default_factory=list)


TOO_EARLY = f"{WAITS} the sessions, which are not in the books"
"""Why a row is not compared while the books have no session at all."""


def read_figures(work: Work) -> Figures:
    """Read what is open of the live sessions, by our books and by their last report.

    The database adds up: a practice may have a million sessions.
    """
    clients: dict[tuple[int, int], Side] = defaultdict(Side)
    payers: dict[int, Side] = defaultdict(Side)
    _read_clients(work, clients)
    _read_payers(work, payers)
    for patient_id, provider_id, account, part, amount in _moved(
        work, (PATIENT_RECEIVABLE, AT_AGENCY), JournalLine.patient_id, JournalLine.provider_id
    ):
        if patient_id is not None and provider_id is not None:
            _add(clients[patient_id, provider_id], account, Part(part), int(amount or 0))
    for payer_id, account, part, amount in _moved(
        work, (INSURANCE_RECEIVABLE, PAYER_CREDITS), JournalLine.payer_id
    ):
        if payer_id is not None:
            _add(payers[payer_id], account, Part(part), int(amount or 0))
    return Figures(clients, payers)


def _cents(column: Any) -> Any:
    """Return an amount's column as whole cents, so that the database can compare and add it."""
    return type_coerce(column, BigInteger)


def _above_nothing(column: Any) -> Any:
    return case((_cents(column) > 0, _cents(column)), else_=0)


def _read_clients(work: Work, clients: dict[tuple[int, int], Side]) -> None:
    owed, unknown = _cents(Session.patient_balance), SessionReport.session_id.is_(None)
    for patient_id, provider_id, balance, without, reported, paid in work.db.execute(
        select(
            Session.patient_id,
            Session.provider_id,
            func.sum(owed),
            func.sum(case((unknown, owed), else_=0)),
            func.sum(_cents(SessionReport.uninvoiced) + _cents(SessionReport.patient_unpaid)),
            func.sum(_cents(SessionReport.patient_paid)),
        )
        .outerjoin(SessionReport, SessionReport.session_id == Session.id)
        .where(Session.withdrawn_by.is_(None))
        .group_by(Session.patient_id, Session.provider_id)
    ):
        side = clients[patient_id, provider_id]
        side.open, side.without_report = int(balance), int(without)
        side.reported, side.reported_paid = int(reported or 0), int(paid or 0)


def _read_payers(work: Work, payers: dict[int, Side]) -> None:
    unbilled = func.upper(SessionReport.insurance_status) == UNBILLED
    kind = case((SessionReport.session_id.is_(None), NO_REPORT), (unbilled, UNBILLED), else_="")
    for payer_id, word, fee, owed, reported, paid in work.db.execute(
        select(
            Session.payer_id,
            kind,
            func.sum(_cents(SessionReport.fee)),
            func.sum(_above_nothing(Session.insurance_balance)),
            func.sum(_above_nothing(SessionReport.insurance_unpaid)),
            func.sum(_cents(SessionReport.insurance_paid) + _cents(SessionReport.write_off)),
        )
        .outerjoin(SessionReport, SessionReport.session_id == Session.id)
        .where(Session.withdrawn_by.is_(None), Session.payer_id.is_not(None))
        .group_by(Session.payer_id, kind)
    ):
        side = payers[payer_id or 0]
        if word == NO_REPORT:
            side.without_report += int(owed or 0)
            side.open += int(owed or 0)
        elif word == UNBILLED:
            side.unbilled += int(fee)
        else:
            side.billed += int(fee)
            side.open += int(owed or 0)
            side.reported += int(reported or 0)
            side.reported_paid += int(paid or 0)


def _moved(work: Work, accounts: tuple[str, ...], *who: Any) -> Any:
    """Return what was paid, adjusted and moved of sessions, by whom it is about and its part."""
    return work.db.execute(
        select(*who, JournalLine.account, JournalLine.part, func.sum(_cents(JournalLine.amount)))
        .where(
            JournalLine.account.in_(accounts),
            JournalLine.session_id.is_not(None),
            JournalLine.part != Part.CHARGE,
        )
        .group_by(*who, JournalLine.account, JournalLine.part)
    )


def _add(side: Side, account: str, part: Part, cents: int) -> None:
    if account == AT_AGENCY:
        side.at_agency += cents
    elif part in (Part.ADJUSTMENT, Part.RESPONSIBILITY):
        side.adjusted -= cents
    elif part is not Part.AGENCY:
        side.paid -= cents


def why(side: Side, theirs: int, *, listed: bool = True) -> str:
    """Return in words why SimplePractice's figure is not ours; blank when they agree."""
    if theirs == side.open:
        return ""
    told: list[str] = []
    if not listed:
        told.append("The report does not list it")
    elif theirs != side.reported:
        gap = Money(theirs - side.reported)
        told.append(
            f"The appointment report that was imported last comes to {Money(side.reported)}, "
            f"{gap} apart: export the sessions again"
        )
    if side.without_report:
        told.append(f"{Money(side.without_report)} is of sessions that no export has")
    told += _done_here(side)
    return ("; ".join(told) or "Charged differently here")[:LONGEST]


def _done_here(side: Side) -> list[str]:
    told = []
    unknown = side.paid - side.reported_paid
    if side.reported != side.open and unknown > 0:
        told.append(f"{Money(unknown)} was paid here that SimplePractice does not know")
    elif side.reported != side.open and unknown < 0:
        told.append(f"SimplePractice calls {Money(-unknown)} paid that is not paid here")
    if side.adjusted > 0:
        told.append(f"{Money(side.adjusted)} was written off or moved here")
    elif side.adjusted < 0:
        told.append(f"{Money(-side.adjusted)} was added to it here")
    if side.at_agency:
        told.append(f"{Money(side.at_agency)} is at a collection agency")
    return told


def verdict(lines: Iterable[Line]) -> Decision:
    """Return a row that is only looked at: it agrees, or differs by so much and why."""
    differing = [line for line in lines if line.theirs != line.ours]
    if not differing:
        return Decision(Verdict.UNCHANGED, reason="Agrees")
    first = differing[0]
    told = f"Differs by {first.theirs - first.ours}"
    return Decision(Verdict.UNCHANGED, reason=f"{told}: {first.reason}")


def keep_lines(applying: Applying) -> None:
    """Keep every line of the comparison with its batch."""
    figures: Figures = applying.prepared.state
    for line in figures.lines:
        applying.work.db.add(
            Comparison(
                batch_id=applying.batch.id,
                line=line.line,
                patient_id=line.patient_id,
                payer_id=line.payer_id,
                what=line.what,
                theirs=line.theirs,
                ours=line.ours,
                reason=line.reason[:LONGEST],
            )
        )
    applying.work.db.flush()


def drop_lines(work: Work, batch: ImportBatch) -> int:
    """Forget the comparison of a batch; return how many lines it had."""
    done = work.db.execute(delete(Comparison).where(Comparison.batch_id == batch.id))
    return int(getattr(done, "rowcount", 0))
