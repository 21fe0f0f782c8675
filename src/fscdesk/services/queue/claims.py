"""What waits of claims: denied, rejected, to mend, to send, silent payers, last days that near.

What one claim needs opens that claim, the most urgent first; what many need opens their list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.values import Money
from fscdesk.services.claims.claim_filters import is_denied
from fscdesk.services.claims.clocks import Band
from fscdesk.services.claims.listing import ClaimFilter, ClaimRow, page_of_claims, rows_of_claims
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.kinds import SHOWN, Kind, Line, Waiting, counted, many, since
from fscdesk.services.reports.needs_you import SILENT, Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

LIST, CLAIM, BUILD = "claims", "claim", "claim-build"
"""The places that claims lead to."""
NEAR: Final = 14
"""Within so many days the end of a claim's time is the queue's business."""
_VERY_NEAR: Final = (Band.DAYS_7, Band.OVERDUE)


@dataclass(frozen=True, slots=True)
class _Group:
    """A kind whose rows are claims of one question, and what is said of them."""

    kind: Kind
    wanted: ClaimFilter
    urgency: Urgency
    title: str
    step: str
    asked: dict[str, object]


_DENIED: Final = _Group(
    Kind.CLAIM_DENIED,
    ClaimFilter(view="denied"),
    Urgency.HIGH,
    "Denied claims",
    "Correct and resend, or appeal",
    {"view": "denied"},
)
_REJECTED: Final = _Group(
    Kind.CLAIM_REJECTED,
    ClaimFilter(view="rejected"),
    Urgency.HIGH,
    "Rejected claims",
    "Mend, and send again",
    {"view": "rejected"},
)
_DEADLINE: Final = _Group(
    Kind.CLAIM_DEADLINE,
    ClaimFilter(due_within=NEAR, statuses=("draft", "scrubbed", "appealing")),
    Urgency.HIGH,
    "Claims near their last day",
    "Send it, or appeal",
    {"view": "all", "due": NEAR, "status": ("draft", "scrubbed", "appealing")},
)
_READY: Final = _Group(
    Kind.CLAIM_READY,
    ClaimFilter(view="ready"),
    Urgency.MEDIUM,
    "Claims ready to send",
    "Send them",
    {"view": "ready"},
)
_FOLLOW_UP: Final = _Group(
    Kind.CLAIM_FOLLOW_UP,
    ClaimFilter(view="follow_up"),
    Urgency.MEDIUM,
    "Claims to follow up",
    "Do what was noted",
    {"view": "follow_up"},
)
_SILENT: Final = _Group(
    Kind.CLAIM_SILENT,
    ClaimFilter(silent_days=SILENT[-1][0]),
    Urgency.MEDIUM,
    "Silent payers",
    "Check the portal, or call",
    {"view": "all", "silent": SILENT[-1][0]},
)


def denied(work: Work) -> Iterator[Waiting]:
    """Yield the denied claims; they open with the one whose time ends first."""
    yield from _one_by_one(work, _DENIED)


def rejected(work: Work) -> Iterator[Waiting]:
    """Yield the claims that never reached their payer; they open with the most urgent."""
    yield from _one_by_one(work, _REJECTED)


def deadlines(work: Work) -> Iterator[Waiting]:
    """Yield unsent claims and open appeals whose time ends soon, or has ended."""
    yield from _one_by_one(work, _DEADLINE)


def ready(work: Work) -> Iterator[Waiting]:
    """Yield the claims that are checked and not sent."""
    page = _page(work, _READY, "day")
    if page.total:
        oldest = page.rows[0].first_day
        yield _row(
            _READY,
            page,
            f"{many(page.total, 'claim')} checked, and not sent",
            since(oldest, work.today()),
            oldest,
            opens=Opens(BUILD),
        )


def follow_up(work: Work) -> Iterator[Waiting]:
    """Yield the claims for which somebody has set today or an earlier day."""
    page = _page(work, _FOLLOW_UP, "next_action")
    if page.total:
        first = page.rows[0]
        day = first.next_action_on
        yield _row(
            _FOLLOW_UP,
            page,
            f"{many(page.total, 'claim')}, the first: {first.next_action or first.number}",
            "" if day is None else f"set for {day:%m/%d/%Y}",
            day,
        )


def silent(work: Work) -> Iterator[Waiting]:
    """Yield the claims of which their payer has said nothing for 30, 60 and 90 days."""
    page = _page(work, _SILENT, "sent")
    if not page.total:
        return
    bands: list[tuple[int, int]] = []
    longer, urgency = 0, _SILENT.urgency
    for days, grave in SILENT:
        found = _count(work, ClaimFilter(silent_days=days))
        if found > longer:
            bands.append((found - longer, days))
            urgency = grave if longer == 0 else urgency
        longer = found
    said = ", ".join(f"{count} for {days} days" for count, days in bands)
    oldest = page.rows[0].last_sent_on
    yield _row(
        _SILENT,
        page,
        f"{many(page.total, 'claim')} without an answer: {said}",
        "" if oldest is None else f"silent since {oldest:%m/%d/%Y}",
        oldest,
        urgency=urgency,
        opens=Opens(LIST, _SILENT.asked),
    )


def to_mend(work: Work) -> Iterator[Waiting]:
    """Yield the unsent claims that a finding stops; building's cards go through them."""
    if not may(work, Right.MAKE_CLAIMS):
        return
    count, total, oldest = work.db.execute(
        select(func.count(), func.sum(Claim.total), func.min(Claim.first_day)).where(*_stopped())
    ).one()
    if not count:
        return
    ids = work.db.scalars(
        select(Claim.id).where(*_stopped()).order_by(Claim.first_day, Claim.id).limit(SHOWN)
    )
    rows = rows_of_claims(work, list(ids))
    yield Waiting(
        Kind.CLAIM_MEND,
        Urgency.MEDIUM,
        "Claims to mend",
        f"{many(count, 'claim')} would not pass the payer's checks",
        "Mend what stops them",
        since(oldest, work.today()),
        count,
        money_of(total),
        oldest,
        Opens(BUILD),
        tuple(_line(row) for row in rows),
        Opens(LIST, {"view": "held"}),
    )


def claims_waiting(work: Work) -> int:
    """Return how many claims wait for the office: rejected, denied, stopped by a finding."""
    if not may(work, Right.MAKE_CLAIMS):
        return 0
    sent_back = or_(Claim.status == ClaimStatus.REJECTED, is_denied())
    return work.db.scalars(
        select(func.count()).select_from(Claim).where(or_(sent_back, and_(*_stopped())))
    ).one()


def any_denied(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where a claim is denied: to count."""
    yield from _any(work, _DENIED)


def any_rejected(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where a claim is rejected: to count."""
    yield from _any(work, _REJECTED)


def any_deadline(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where the time of an unsent claim or an appeal ends: to count."""
    yield from _any(work, _DEADLINE)


def any_ready(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where a claim could be sent: to count."""
    yield from _any(work, _READY)


def any_follow_up(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where a claim's next action is due: to count."""
    yield from _any(work, _FOLLOW_UP)


def any_silent(work: Work) -> Iterator[Waiting]:
    """Yield a bare row where a payer is silent: to count."""
    yield from _any(work, _SILENT)


def _any(work: Work, group: _Group) -> Iterator[Waiting]:
    if may(work, Right.MAKE_CLAIMS) and _count(work, group.wanted):
        yield counted(group.kind, LIST)


def _one_by_one(work: Work, group: _Group) -> Iterator[Waiting]:
    page = _page(work, group, "deadline")
    if not page.total:
        return
    first = page.rows[0]
    clock = first.deadline
    near = clock is not None and clock.band in _VERY_NEAR
    why = f"{many(page.total, 'claim')}, the first for {first.patient}"
    reason = first.reason.removesuffix(".") if group is not _DEADLINE else first.why_held
    yield _row(
        group,
        page,
        f"{why}: {reason}" if reason else why,
        "" if clock is None else clock.words[:1].lower() + clock.words[1:],
        min(row.status_since for row in page.rows),
        urgency=Urgency.CRITICAL if near else group.urgency,
    )


def _page(work: Work, group: _Group, sort: str) -> Page[ClaimRow]:
    if not may(work, Right.MAKE_CLAIMS):
        return Page(0, 0, (), {})
    return page_of_claims(work, group.wanted, Span(0, SHOWN, sort))


def _count(work: Work, wanted: ClaimFilter) -> int:
    return page_of_claims(work, wanted, Span(0, 0, "day")).total


def _row(
    group: _Group,
    page: Page[ClaimRow],
    why: str,
    when: str,
    oldest: date | None,
    *,
    urgency: Urgency | None = None,
    opens: Opens | None = None,
) -> Waiting:
    """Return a row of claims; without ``opens`` it opens the first of them."""
    every = Opens(LIST, group.asked)
    return Waiting(
        group.kind,
        urgency or group.urgency,
        group.title,
        why,
        group.step,
        when,
        page.total,
        page.totals["total"],
        oldest,
        opens or _opens(page.rows[0]),
        tuple(_line(row) for row in page.rows),
        None if opens == every else every,
    )


def _line(row: ClaimRow) -> Line:
    clock = "" if row.deadline is None else row.deadline.words
    if row.silent:
        clock = f"no answer for {many(row.days_sent or 0, 'day')}"
    said = row.why_held or row.reason.removesuffix(".")
    fact = ", ".join(part for part in (row.number, clock or row.payer, said) if part)
    return Line(row.patient, fact, row.total, _opens(row))


def _opens(row: ClaimRow) -> Opens:
    return Opens(CLAIM, {"claim": row.id})


def _stopped() -> Sequence[ColumnElement[bool]]:
    """Return that a finding alone keeps a claim: nobody holds it, and it waits for no other."""
    return (
        Claim.status.in_((ClaimStatus.DRAFT, ClaimStatus.SCRUBBED)),
        Claim.stops > 0,
        Claim.held_for == "",
        Claim.wait_for == "",
        Claim.crossed_over.is_(False),
    )


def money_of(amount: object) -> Money:
    """Return a sum as Money, whether the column's type came through the SQL or not."""
    return amount if isinstance(amount, Money) else Money(int(str(amount or 0)))
