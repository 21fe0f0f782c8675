"""The round of the portals: payers with silent claims, one after the other, the oldest money first.

Sessions that were billed elsewhere and are silent are on it too. What a portal says is noted in
one act for each claim (``note_found``; ``note_session``), and taken back in one
(``take_back_found``; ``take_back_session``); no money moves by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payer import Payer, Portal
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.claim_answers import line_answers, set_line_answers
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.claim_filters import ClaimFilter
from fscdesk.services.claims.found import (
    FIND_MONEY,
    LOOK_AGAIN,
    LOOK_AGAIN_DAYS,
    MONEY_DAYS,
    NOT_ON_FILE,
    SAID_PAID,
    Found,
)
from fscdesk.services.claims.listing import ClaimRow, ids_of_claims, rows_of_claims
from fscdesk.services.claims.portal_entering import to_enter
from fscdesk.services.claims.silent_sessions import SilentSession, silent_sessions
from fscdesk.services.claims.tracking import plan_next
from fscdesk.services.claims.writing_changes import FieldChange, locked_claim, write_changes
from fscdesk.services.editing import changed_elsewhere
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "LOOK_AGAIN_DAYS",
    "MONEY_DAYS",
    "Found",
    "Noted",
    "PortalStop",
    "SilentRow",
    "note_found",
    "portal_round",
    "take_back_found",
]

_DOING: Final = "look up claims in portals"

_STATUS: Final = {
    # Paid it is when its money is posted: until then it must not drop out of what is followed.
    Found.PAID: ClaimStatus.PENDING,
    Found.PENDING: ClaimStatus.PENDING,
    Found.DENIED: ClaimStatus.DENIED,
    Found.NOT_ON_FILE: ClaimStatus.REJECTED,
}


@dataclass(frozen=True, slots=True)
class SilentRow:
    """A claim to look up, or a session that was billed elsewhere: it has no claim here.

    ``id`` is the claim's, and below zero for a session; one of ``claim_id`` and ``session_id`` is
    there. ``number`` is empty without a claim. ``last_sent_on`` is the day since which the payer is
    silent, ``insurance_open`` what is open with payers, ``version`` the claim's or the session's.
    """

    id: int
    claim_id: int | None
    session_id: int | None
    number: str
    patient: str
    first_day: date
    last_day: date
    codes: tuple[str, ...]
    payer_number: str
    last_sent_on: date | None
    days_sent: int | None
    insurance_open: Money
    next_action: str
    next_action_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class PortalStop:
    """One payer of the round: where to look, how, and its silent claims, the longest first.

    ``portal`` and ``address`` are empty where Setup names none; then the payer is called.
    ``oldest`` is the day on which the first of the claims was sent, ``amount`` what they have
    open with payers.
    """

    payer_id: int
    payer: str
    portal: str
    address: str
    steps: tuple[str, ...]
    claims: tuple[SilentRow, ...]
    oldest: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted of a claim, and how it stood before: what takes it back needs no more.

    ``version`` is that of the claim afterwards, ``answers`` are those of its lines before.
    """

    claim_id: int
    number: str
    found: Found
    status: ClaimStatus
    before: ClaimStatus
    answers: tuple[tuple[int, str], ...]
    action: str
    action_on: date | None
    reason: str
    payer_number: str
    version: int


def portal_round(work: Work) -> tuple[PortalStop, ...]:
    """Return the payers with silent claims, the one whose oldest claim was sent first at the top.

    Left out are claims that nobody has typed in yet (the payer does not have them), and what
    somebody has put off until a later day.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    rows = rows_of_claims(work, ids_of_claims(work, ClaimFilter(view="silent")))
    entering = to_enter(work)
    by_payer: dict[int, list[SilentRow]] = {}
    for row in rows:
        later = row.next_action_on is not None and row.next_action_on > work.today()
        if row.last_sent_on is not None and not later and row.id not in entering:
            by_payer.setdefault(row.payer_id, []).append(_of_claim(row))
    for one in silent_sessions(work):
        payer_id = one.session.payer_id
        put_off = one.again_on is not None and one.again_on > work.today()
        if payer_id is not None and not put_off:
            by_payer.setdefault(payer_id, []).append(_of_session(one, work.today()))
    names: dict[int, str] = {
        row[0]: row[1]
        for row in work.db.execute(
            select(Payer.id, Payer.name).where(among(work, Payer.id, by_payer))
        )
    }
    portals = _portals(work, list(by_payer))
    stops = [_stop(one, names[one], portals.get(one), found) for one, found in by_payer.items()]
    return tuple(sorted(stops, key=lambda stop: (stop.oldest, -stop.amount.cents, stop.payer_id)))


def note_found(
    work: Work,
    claim_id: int,
    found: Found,
    *,
    expected_version: int,
    carc: str = "",
    group: str = "",
    words: str = "",
    payer_number: str = "",
    again_on: date | None = None,
) -> Noted:
    """Note what a portal says today of a claim, and return where the claim stands then.

    ``again_on`` is when the claim is to be looked at again: of one in process, which is looked
    up again after some days where it is not given; of a paid one the day by which its money
    should be here: it stays pending until that is posted. What the payer does not have is
    rejected, and can be sent again. Raises Problem for a denial without its reason code, and for
    a day that is over.
    """
    claim = locked_claim(work, claim_id, expected_version)
    answers = line_answers(work, [claim_id])[claim_id]
    before = Noted(
        claim_id=claim_id,
        number=claim.number,
        found=found,
        status=ClaimStatus(claim.status),
        before=ClaimStatus(claim.status),
        answers=tuple(sorted(answers.items())),
        action=claim.next_action,
        action_on=claim.next_action_on,
        reason=claim.reason,
        payer_number=claim.payer_number,
        version=claim.version,
    )
    said = words or {Found.NOT_ON_FILE: NOT_ON_FILE, Found.PAID: SAID_PAID}.get(found, "")
    answer = PayersAnswer(
        _STATUS[found],
        work.today(),
        carc=carc,
        group=group,
        reason=said,
        payer_number=payer_number,
    )
    status = record_answer(work, claim_id, answer, expected_version=expected_version)
    action, on = _next(work, found, again_on)
    work.db.flush()
    plan_next(work, {claim_id: _version(work, claim_id)}, action, on)
    work.db.flush()
    return replace(before, status=status, version=_version(work, claim_id))


def take_back_found(work: Work, noted: Noted) -> str:
    """Let a claim stand as before what was noted of it, and return its number.

    It is to be looked up again. Raises ChangedElsewhere when it has gone on since.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    claim = locked_claim(work, noted.claim_id, noted.version)
    lines = line_answers(work, [claim.id])[claim.id]
    wanted = {one: dict(noted.answers).get(one, "") for one in lines}
    why = noted.before, "What its portal said was taken back"
    set_line_answers(work, {claim.id: wanted}, source="", day=work.today(), undecided=why)
    work.db.flush()
    claim = work.db.get_one(Claim, noted.claim_id, populate_existing=True)
    if claim.status is not noted.before:  # its answers say something else than they did
        raise changed_elsewhere(f"claim {noted.number}")
    number = FieldChange("payer_number", claim.payer_number, noted.payer_number)
    claim.reason, claim.payer_number = noted.reason, noted.payer_number
    claim.next_action, claim.next_action_on = noted.action, noted.action_on
    if number.old != number.new:
        write_changes(work, claim.id, [number])
    record(work, "take_back_portal_answer", "claim", claim.id, found=noted.found.value)
    work.touch(Topic.CLAIMS)
    return noted.number


def _next(work: Work, found: Found, again_on: date | None) -> tuple[str, date | None]:
    """Return what is to be done next of a claim, and when; nothing where the queue knows."""
    if found is Found.PENDING:
        return LOOK_AGAIN, again_on or work.today() + timedelta(days=LOOK_AGAIN_DAYS)
    if found is Found.PAID:
        return FIND_MONEY, again_on or work.today() + timedelta(days=MONEY_DAYS)
    return "", None


def _version(work: Work, claim_id: int) -> int:
    return work.db.get_one(Claim, claim_id, populate_existing=True).version


def _of_claim(row: ClaimRow) -> SilentRow:
    return SilentRow(
        id=row.id,
        claim_id=row.id,
        session_id=None,
        number=row.number,
        patient=row.patient,
        first_day=row.first_day,
        last_day=row.last_day,
        codes=row.codes,
        payer_number=row.payer_number,
        last_sent_on=row.last_sent_on,
        days_sent=row.days_sent,
        insurance_open=row.insurance_open,
        next_action=row.next_action,
        next_action_on=row.next_action_on,
        version=row.version,
    )


def _of_session(one: SilentSession, today: date) -> SilentRow:
    session = one.session
    return SilentRow(
        id=-session.id,
        claim_id=None,
        session_id=session.id,
        number="",
        patient=one.patient,
        first_day=session.day,
        last_day=session.day,
        codes=(session.code_text,) if session.code_text else (),
        payer_number="",
        last_sent_on=one.since,
        days_sent=(today - one.since).days,
        insurance_open=session.insurance_balance,
        next_action=one.note.rpartition("\n")[2],
        next_action_on=one.again_on,
        version=session.version,
    )


def _stop(
    payer_id: int, payer: str, portal: Portal | None, claims: Sequence[SilentRow]
) -> PortalStop:
    by_day = sorted(claims, key=lambda row: (row.last_sent_on or row.first_day, row.id))
    steps = (
        ()
        if portal is None
        else tuple(line.strip() for line in portal.steps.splitlines() if line.strip())
    )
    return PortalStop(
        payer_id=payer_id,
        payer=payer,
        portal="" if portal is None else portal.name,
        address="" if portal is None else portal.address,
        steps=steps,
        claims=tuple(by_day),
        oldest=by_day[0].last_sent_on or by_day[0].first_day,
        amount=Money(sum(row.insurance_open.cents for row in by_day)),
    )


def _portals(work: Work, payer_ids: Sequence[int]) -> Mapping[int, Portal]:
    """Return the first portal of each payer."""
    rows = work.db.scalars(
        select(Portal).where(among(work, Portal.payer_id, payer_ids)).order_by(Portal.id.desc())
    )
    return {row.payer_id: row for row in rows}
