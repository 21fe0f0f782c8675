"""The list of claims: what it finds, in which order, with which sums; and one row of it.

Ids come first, in the order that was asked for; only the rows of a page are joined to names,
money and reasons, in a handful of questions whatever the page's size.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimFinding, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.claim import Severity as Weight
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.claim_filters import NOBODY, VIEWS, ClaimFilter, matching
from fscdesk.services.claims.clocks import (
    WAITING,
    Clock,
    ClockFacts,
    clocks_of,
    silence,
)
from fscdesk.services.claims.deadlines import clock_facts, due_on
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work

__all__ = [
    "NOBODY",
    "SORTS",
    "VIEWS",
    "ClaimFilter",
    "ClaimRow",
    "claim_counts",
    "claim_id_of",
    "claim_row",
    "claims_of_session",
    "ids_of_claims",
    "page_of_claims",
    "rows_of_claims",
]

TOPICS: Final = frozenset(
    {Topic.CLAIMS, Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.STAFF, Topic.IMPORTS}
)
NOT_SCRUBBED: Final = "Not checked yet"
CROSSED_OVER: Final = "The earlier payer has forwarded it"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as the list shows it.

    ``days`` is since its status began, ``days_sent`` since it was last sent (None: never).
    ``why_held`` is the first reason for which an unsent claim does not go, empty where it is
    ready. ``deadline`` is its nearest clock, ``silent`` how grave the payer's silence is
    (``medium``, ``high``, ``critical`` or empty). ``insurance_open`` is what its charges still
    have open with payers.
    """

    id: int
    number: str
    patient_id: int
    patient: str
    payer_id: int
    payer: str
    rank: int
    clinician_id: int
    clinician: str
    status: ClaimStatus
    status_since: date
    days: int
    frequency: Frequency
    first_day: date
    last_day: date
    codes: tuple[str, ...]
    lines: int
    total: Money
    insurance_open: Money
    stops: int
    warns: int
    why_held: str
    ready: bool
    payer_number: str
    reason_code: str
    reason: str
    first_sent_on: date | None
    last_sent_on: date | None
    days_sent: int | None
    silent: str
    deadline: Clock | None
    assigned_to: int | None
    assigned: str
    next_action: str
    next_action_on: date | None
    version: int

    @property
    def waiting(self) -> bool:
        """Return whether it is sent, and the payer has not decided."""
        return self.status in WAITING


_COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "day": Claim.first_day,
        "number": Claim.number,
        "status": Claim.status,
        "since": Claim.status_since,
        "total": Claim.total,
        "sent": Claim.last_sent_on,
        "first_sent": Claim.first_sent_on,
        "reason": Claim.reason_code,
        "payer_number": Claim.payer_number,
        "stops": Claim.stops,
        "next_action": Claim.next_action_on,
        "rank": Claim.rank,
    }
)
_NAMES: Mapping[str, tuple[Any, Any, Any]] = MappingProxyType(
    {
        "patient": (Patient.sort_name, Patient, Patient.id == Claim.patient_id),
        "payer": (Payer.short_name, Payer, Payer.id == Claim.payer_id),
        "clinician": (Provider.name, Provider, Provider.id == Claim.rendering_id),
        "assigned": (Staff.name, Staff, Staff.id == Claim.assigned_to),
    }
)
SORTS: Final = (*_COLUMNS, *_NAMES, "deadline")


def page_of_claims(work: Work, wanted: ClaimFilter, span: Span) -> Page[ClaimRow]:
    """Return a span of the matching claims, how many match, and the sum of their ``total``.

    ``span.sort`` is one of ``SORTS``; void claims weigh nothing in the sum.
    """
    conditions = matching(work, wanted)
    if conditions is None:
        return Page(span.start, 0, (), {"total": ZERO})
    key = (wanted, work.today(), work.actor.staff_id)
    count, total = remembered(
        work, TOPICS, ("claim totals", key), lambda: _totals(work, conditions)
    )
    ids: list[int] = []
    if span.size and span.start < count:
        found = _in_order(work, conditions, span).offset(span.start).limit(span.size)
        ids = list(work.db.scalars(found))
    return Page(span.start, count, rows_of_claims(work, ids), {"total": total})


def ids_of_claims(work: Work, wanted: ClaimFilter) -> tuple[int, ...]:
    """Return the ids of everything that matches, by day: for an act on all of it."""
    conditions = matching(work, wanted)
    if conditions is None:
        return ()
    return tuple(work.db.scalars(_in_order(work, conditions, Span(0, 0, "day"))))


def claim_counts(work: Work, base: ClaimFilter | None = None) -> dict[str, int]:
    """Return how many claims each built-in view has, within ``base``: for the tabs."""
    within, span = base or ClaimFilter(), Span(0, 0, "day")
    return {view: page_of_claims(work, replace(within, view=view), span).total for view in VIEWS}


def claim_row(work: Work, claim_id: int) -> ClaimRow:
    """Return one claim as the list shows it. Raises Problem when there is none."""
    found = rows_of_claims(work, [claim_id])
    if not found:
        raise Problem("This claim is not in the books.", hint="Look at the list again.")
    return found[0]


def claim_id_of(work: Work, number: str) -> int:
    """Return the id of a claim by its number, with or without dashes. Raises Problem."""
    typed = number.strip().upper()
    plain = func.replace(Claim.number, "-", "")
    found = work.db.scalar(select(Claim.id).where(plain == typed.replace("-", "")))
    if found is None:
        raise Problem(f"There is no claim {number}.", hint="Look at the list of claims.")
    return found


def claims_of_session(work: Work, session_id: int) -> tuple[ClaimRow, ...]:
    """Return every claim that a session is or was on, the newest first."""
    lines = select(ClaimLine.claim_id).where(ClaimLine.session_id == session_id)
    ids = work.db.scalars(select(Claim.id).where(Claim.id.in_(lines)).order_by(Claim.id.desc()))
    return rows_of_claims(work, list(ids))


def rows_of_claims(work: Work, ids: Sequence[int]) -> tuple[ClaimRow, ...]:
    """Return these claims as the list shows them, in this order; who is not there is left out."""
    if not ids:
        return ()
    claims = {
        claim.id: claim
        for claim in work.db.scalars(select(Claim).where(among(work, Claim.id, ids)))
    }
    every = list(claims.values())
    books = _Books(
        patients=_names(work, Patient.id, Patient.name, {one.patient_id for one in every}),
        clinicians=_names(work, Provider.id, Provider.name, {one.rendering_id for one in every}),
        staff=_names(work, Staff.id, Staff.name, {one.assigned_to for one in every}),
        payers={
            payer.id: payer
            for payer in work.db.scalars(
                select(Payer).where(among(work, Payer.id, {one.payer_id for one in every}))
            )
        },
        lines=_lines(work, claims),
        findings=_first_stops(work, [one.id for one in every if one.stops]),
        clocks=clock_facts(work, every),
    )
    return tuple(_row(work, claims[one], books) for one in ids if one in claims)


@dataclass(frozen=True, slots=True)
class _Books:
    """What the rows of a page are joined to."""

    patients: Mapping[int, str]
    clinicians: Mapping[int, str]
    staff: Mapping[int, str]
    payers: Mapping[int, Payer]
    lines: Mapping[int, tuple[tuple[str, ...], int, Money]]
    findings: Mapping[int, str]
    clocks: Mapping[int, ClockFacts]


def _row(work: Work, claim: Claim, books: _Books) -> ClaimRow:
    today = work.today()
    codes, lines, still = books.lines.get(claim.id, ((), 0, ZERO))
    running = clocks_of(books.clocks[claim.id], today)
    why = _why_held(claim, books.findings.get(claim.id, ""))
    return ClaimRow(
        id=claim.id,
        number=claim.number,
        patient_id=claim.patient_id,
        patient=books.patients[claim.patient_id],
        payer_id=claim.payer_id,
        payer=books.payers[claim.payer_id].short_name,
        rank=claim.rank,
        clinician_id=claim.rendering_id,
        clinician=books.clinicians[claim.rendering_id],
        status=claim.status,
        status_since=claim.status_since,
        days=(today - claim.status_since).days,
        frequency=claim.frequency,
        first_day=claim.first_day,
        last_day=claim.last_day,
        codes=codes,
        lines=lines,
        total=claim.total,
        insurance_open=still,
        stops=claim.stops,
        warns=claim.warns,
        why_held=why,
        ready=claim.status is ClaimStatus.SCRUBBED and not why,
        payer_number=claim.payer_number,
        reason_code=claim.reason_code,
        reason=claim.reason,
        first_sent_on=claim.first_sent_on,
        last_sent_on=claim.last_sent_on,
        days_sent=None if claim.last_sent_on is None else (today - claim.last_sent_on).days,
        silent=silence(claim.status, claim.last_sent_on, today),
        deadline=running[0] if running else None,
        assigned_to=claim.assigned_to,
        assigned=books.staff.get(claim.assigned_to or 0, ""),
        next_action=claim.next_action,
        next_action_on=claim.next_action_on,
        version=claim.version,
    )


def _why_held(claim: Claim, finding: str) -> str:
    """Return the first reason for which an unsent claim does not go; as ``is_ready`` asks."""
    if claim.status not in (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED):
        return ""
    said = claim.held_for or claim.outdated or claim.wait_for
    if said:
        return said
    if claim.crossed_over:
        return CROSSED_OVER
    if claim.stops:
        return finding
    return NOT_SCRUBBED if claim.status is ClaimStatus.DRAFT else ""


def _names(work: Work, key: Any, name: Any, ids: Collection[int | None]) -> dict[int, str]:
    rows = work.db.execute(
        select(key, name).where(among(work, key, [one for one in ids if one is not None]))
    )
    return {row[0]: row[1] for row in rows}


def _lines(work: Work, ids: Collection[int]) -> dict[int, tuple[tuple[str, ...], int, Money]]:
    """Return the codes of claims (each once, in order), their lines, what is open of them."""
    codes: dict[int, list[str]] = {}
    opened: dict[int, int] = {}
    for claim_id, code, still in work.db.execute(
        select(ClaimLine.claim_id, ClaimLine.code, Charge.insurance_balance)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(among(work, ClaimLine.claim_id, ids))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    ):
        codes.setdefault(claim_id, []).append(code)
        opened[claim_id] = opened.get(claim_id, 0) + still.cents
    return {
        one: (tuple(dict.fromkeys(found)), len(found), Money(opened[one]))
        for one, found in codes.items()
    }


def _first_stops(work: Work, ids: Collection[int]) -> dict[int, str]:
    """Return the first finding that stops each claim, in words."""
    found: dict[int, str] = {}
    for claim_id, message in work.db.execute(
        select(ClaimFinding.claim_id, ClaimFinding.message)
        .where(among(work, ClaimFinding.claim_id, ids), ClaimFinding.severity == Weight.STOPS)
        .order_by(ClaimFinding.id)
    ):
        found.setdefault(claim_id, message)
    return found


def _totals(work: Work, conditions: Sequence[ColumnElement[bool]]) -> tuple[int, Money]:
    standing = func.sum(Claim.total).filter(Claim.status != ClaimStatus.VOID)
    count, total = work.db.execute(
        select(func.count(), standing).select_from(Claim).where(*conditions)
    ).one()
    return count, total or ZERO


def _in_order(work: Work, conditions: Sequence[ColumnElement[bool]], span: Span) -> Select[int]:
    query = select(Claim.id).where(*conditions)
    if span.sort in _NAMES:
        column, table, on = _NAMES[span.sort]
        query = query.outerjoin(table, on)
    else:
        column = due_on(work) if span.sort == "deadline" else _COLUMNS[span.sort]
    if span.descending:
        return query.order_by(column.desc().nulls_last(), Claim.id.desc())
    # What has no deadline or next action is not the most urgent: it stands last in both orders.
    last = span.sort in ("deadline", "next_action", "assigned")
    rising = column.asc().nulls_last() if last else column.asc().nulls_first()
    return query.order_by(rising, Claim.id)
