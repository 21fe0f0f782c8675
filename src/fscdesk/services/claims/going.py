"""Which claims can be sent now, and why the others cannot: the one answer of plan and send."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimFinding, ClaimLine, ClaimStatus, Frequency, Severity
from fscdesk.models.claim_batch import Route
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.services.claims import policies
from fscdesk.services.claims.as_837p import unwritable
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.authorizations import too_little_left
from fscdesk.services.claims.batch_plan import GoingClaim, StayingClaim, Stays
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.lifecycle import FALLEN, UNSENT, live_key, status_words
from fscdesk.services.claims.policies import Sender
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.work import Work

__all__ = ["Judged", "holders", "judge", "sender_of"]

_FIELDS: Mapping[str, str] = {
    "member id": "member_id",
    "subscriber": "subscriber_name",
    "patient": "patient_name",
    "payer": "payer_id",
    "billing": "billing_address",
    "rendering": "rendering",
    "supervising": "supervising",
    "referr": "referral",
    "service facility": "facility",
    "diagnos": "diagnoses",
    "authorization": "authorization",
    "original": "original_number",
    "coverage": "coverage",
    "other payer": "others",
    "place": "place_of_service",
    "note": "note",
    "line": "lines",
    "charge": "total",
}
"""Field of the claim page by how the writer's own field begins."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Claims that can go, each with its content, in the order of payer and number; and the rest."""

    going: tuple[tuple[GoingClaim, ClaimContent], ...]
    staying: tuple[StayingClaim, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    claim: Claim
    patient: str
    patient_held: bool
    payer: Payer


Why = tuple[Stays, str, str, str]


def judge(work: Work, claim_ids: Collection[int] | None) -> Judged:
    """Look at claims, or at every claim that was not sent yet where ``claim_ids`` is None."""
    rows = _rows(work, claim_ids)
    stopping = _first_stops(work, [row.claim.id for row in rows if row.claim.stops])
    whys: dict[int, Why] = {}
    for row in rows:
        why = _why_not(row, stopping)
        if why is not None:
            whys[row.claim.id] = why
    whys |= _without_original(work, [row.claim for row in rows if row.claim.id not in whys])
    found = contents(work, [row.claim.id for row in rows if row.claim.id not in whys])
    for row in rows:
        if row.claim.id not in whys and row.claim.id not in found:
            whys[row.claim.id] = _empty(row.claim)
    whys |= _behind_nothing(work, [row.claim for row in rows if row.claim.id not in whys])
    whys |= _taken(work, [row.claim for row in rows if row.claim.id not in whys])
    whys |= _not_written(work, [one for one in found.values() if one.claim_id not in whys])
    whys |= _too_little(work, [row.claim.id for row in rows if row.claim.id not in whys])
    return Judged(
        tuple(
            (_going(row, len(found[row.claim.id].lines)), found[row.claim.id])
            for row in rows
            if row.claim.id not in whys
        ),
        tuple(_staying(row, *whys[row.claim.id]) for row in rows if row.claim.id in whys),
    )


def sender_of(work: Work, content: ClaimContent) -> Sender:
    """Return how a file is addressed, by the practice that a claim names."""
    practice = content.practice
    return policies.sender(work, practice=practice.name, phone=practice.phone)


def holders(work: Work, claims: Collection[Claim]) -> dict[int, str]:
    """Return, by claim, the number of another standing claim that holds one of its charges."""
    ids = {claim.id: claim for claim in claims}
    lines = work.db.execute(
        select(ClaimLine.claim_id, ClaimLine.charge_id).where(
            among(work, ClaimLine.claim_id, ids), ClaimLine.live.is_(None)
        )
    ).all()
    wanted: dict[str, list[int]] = {}
    for line in lines:
        wanted.setdefault(live_key(line.charge_id, ids[line.claim_id].rank), []).append(
            line.claim_id
        )
    found: dict[int, str] = {}
    held = work.db.execute(
        select(ClaimLine.live, Claim.id, Claim.number)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(among_words(work, ClaimLine.live, wanted), Claim.status.not_in(FALLEN))
        .order_by(Claim.id)
    )
    for key, holder, number in held:
        for one in wanted.get(key or "", ()):
            if holder not in (one, ids[one].replaces_id):
                found.setdefault(one, number)
    return found


def _rows(work: Work, claim_ids: Collection[int] | None) -> list[_Row]:
    wanted = (
        select(Claim, Patient.name, Patient.hold_claims, Payer)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .order_by(Payer.name, Payer.id, Claim.number, Claim.id)
        .execution_options(populate_existing=True)
    )
    if claim_ids is None:
        wanted = wanted.where(Claim.status.in_(UNSENT))
    else:
        wanted = wanted.where(among(work, Claim.id, claim_ids))
    return [_Row(*row) for row in work.db.execute(wanted)]


def _first_stops(work: Work, claim_ids: Collection[int]) -> dict[int, ClaimFinding]:
    """Return the first finding that stops each claim."""
    rows = work.db.scalars(
        select(ClaimFinding)
        .where(
            among(work, ClaimFinding.claim_id, claim_ids), ClaimFinding.severity == Severity.STOPS
        )
        .order_by(ClaimFinding.id.desc())
    )
    return {row.claim_id: row for row in rows}


def _why_not(row: _Row, stopping: Mapping[int, ClaimFinding]) -> Why | None:
    claim = row.claim
    checks = (_by_its_state, _by_what_it_waits_for, _by_its_route)
    for check in checks:
        why = check(row)
        if why is not None:
            return why
        if check is _by_what_it_waits_for and claim.stops:
            return _stopped(claim, stopping.get(claim.id))
    return None


_NOT_READY: Final = (
    "Only claims that are ready are sent; a rejected one goes again from its page, or by"
    " “fscdesk claims resend”."
)


def _by_its_state(row: _Row) -> Why | None:
    claim = row.claim
    if claim.status not in UNSENT:
        when = (
            ""
            if claim.last_sent_on is None
            else f" since it was sent {claim.last_sent_on:%m/%d/%Y}"
        )
        return (
            Stays.STATUS,
            f"It is {status_words(claim.status)}{when}",
            _NOT_READY,
            "",
        )
    if claim.crossed_over:
        words = "The earlier payer has sent it on by itself"
        return Stays.CROSSED_OVER, words, "Wait for the answer; sending it would bill twice.", ""
    if claim.outdated:
        return Stays.OUTDATED, claim.outdated, "Drop this claim and build it anew.", "lines"
    return None


def _by_what_it_waits_for(row: _Row) -> Why | None:
    claim = row.claim
    if claim.held_for:
        return Stays.HELD, f"It is held: {claim.held_for}", "Release it when it may go.", ""
    if row.patient_held:
        words = "Nothing of this client goes to a payer"
        return Stays.PATIENT_HELD, words, "That is set on the client's details.", ""
    if claim.wait_for:
        return Stays.WAITS, claim.wait_for, "It goes as soon as that has come.", ""
    if claim.scrubbed_at is None:
        return Stays.NOT_SCRUBBED, "It was not checked yet", "Check it first.", ""
    return None


def _by_its_route(row: _Row) -> Why | None:
    if row.payer.route is Route.ELECTRONIC and not row.payer.payer_code.strip():
        return (
            Stays.NO_PAYER_ID,
            f"{row.payer.name} has no payer id",
            "Type it under Setup, Payers; the clearinghouse's list has it.",
            "payer_id",
        )
    if row.claim.status is ClaimStatus.DRAFT:
        return Stays.NOT_SCRUBBED, "It was changed and not checked since", "Check it again.", ""
    return None


def _stopped(claim: Claim, finding: ClaimFinding | None) -> Why:
    if finding is None:
        return Stays.NOT_SCRUBBED, "It was changed and not checked since", "Check it again.", ""
    more = f" (and {claim.stops - 1} more)" if claim.stops > 1 else ""
    return Stays.STOPS, f"{finding.message.rstrip('.')}{more}", finding.hint, finding.field


def _empty(claim: Claim) -> Why:
    return Stays.OUTDATED, "Nothing is left on it", f"Drop {claim.number}.", "lines"


def _without_original(work: Work, claims: Sequence[Claim]) -> dict[int, Why]:
    """Return which claims replace (7) or take back (8) what the payer does not have."""
    named = {
        claim.id: claim.replaces_id
        for claim in claims
        if claim.replaces_id is not None and claim.frequency is not Frequency.ORIGINAL
    }
    rows = work.db.execute(
        select(Claim.id, Claim.number, Claim.status).where(among(work, Claim.id, named.values()))
    )
    missing = {
        row.id: row
        for row in rows
        if row.status in UNSENT | {ClaimStatus.REJECTED, ClaimStatus.VOID}
    }
    return {
        claim_id: (
            Stays.STATUS,
            f"The payer does not have what it names: {missing[first].number} is "
            + status_words(missing[first].status),
            f"Drop this claim; {missing[first].number} goes again, or is built anew.",
            "original_number",
        )
        for claim_id, first in named.items()
        if first in missing
    }


def _taken(work: Work, claims: Sequence[Claim]) -> dict[int, Why]:
    """Return which claims that replace one bill what yet another one bills; of two, the later."""
    resent = [
        claim
        for claim in claims
        if claim.replaces_id is not None and claim.frequency is not Frequency.VOID
    ]
    if not resent:
        return {}
    found = dict(holders(work, resent))
    first: dict[int, str] = {}
    for claim in sorted(resent, key=lambda one: one.id):
        replaced = claim.replaces_id or 0
        if claim.id not in found and first.setdefault(replaced, claim.number) != claim.number:
            found[claim.id] = first[replaced]
    return {
        claim_id: (
            Stays.TAKEN,
            f"Its services are on claim {number}, too",
            f"Drop one of the two, or correct {number} instead.",
            "lines",
        )
        for claim_id, number in found.items()
    }


def _behind_nothing(work: Work, claims: Sequence[Claim]) -> dict[int, Why]:
    """Return which claims stand behind one of an earlier payer that was taken back.

    What bills their charges to that payer may by now be a claim that replaced it.
    """
    behind = {claim.id: claim.primary_id for claim in claims if claim.primary_id is not None}
    if not behind:
        return {}
    earlier = {
        row.id: row
        for row in work.db.execute(
            select(Claim.id, Claim.number, Claim.rank).where(
                among(work, Claim.id, set(behind.values()))
            )
        )
    }
    charges = work.db.execute(
        select(ClaimLine.claim_id, ClaimLine.charge_id).where(
            among(work, ClaimLine.claim_id, behind)
        )
    ).all()
    billed = {
        (row.charge_id, row.rank)
        for row in work.db.execute(
            select(ClaimLine.charge_id, Claim.rank)
            .join(Claim, Claim.id == ClaimLine.claim_id)
            .where(
                among(work, ClaimLine.charge_id, {one.charge_id for one in charges}),
                Claim.status.not_in(FALLEN),
                Claim.frequency != Frequency.VOID,
            )
        )
    }
    found: dict[int, Why] = {}
    for line in charges:
        before = earlier[behind[line.claim_id]]
        if (line.charge_id, before.rank) not in billed:
            words = f"Claim {before.number} to the earlier payer was taken back"
            hint = "Drop this one. It is built anew behind a claim that the earlier payer answers."
            found[line.claim_id] = Stays.OUTDATED, words, hint, "others"
    return found


def _too_little(work: Work, claim_ids: Sequence[int]) -> dict[int, Why]:
    """Return which claims their authorization does not reach for, with those before them."""
    hint = "Ask the payer for more, or put another authorization on the claim."
    return {
        claim_id: (Stays.AUTHORIZATION, words.rstrip("."), hint, "authorization")
        for claim_id, words in too_little_left(work, claim_ids).items()
    }


def _not_written(work: Work, found: Sequence[ClaimContent]) -> dict[int, Why]:
    """Return which claims of an 837P cannot be written, with the writer's own words."""
    electronic = [one for one in found if one.payer.route == Route.ELECTRONIC]
    if not electronic:
        return {}
    sender = sender_of(work, electronic[0])
    hint = "Type it under Setup, Claim files."
    if sender.lacks:
        words = f"Setup has {sender.lacks} for claim files"
        return {one.claim_id: (Stays.NO_SENDER, words, hint, "") for one in electronic}
    faults = unwritable(electronic, sender)
    if 0 in faults:
        words = f"The file's {faults[0].field} {faults[0].message}"
        hint = "Correct it under Setup, Practice or Claim files."
        return {one.claim_id: (Stays.NO_SENDER, words, hint, "") for one in electronic}
    return {
        claim_id: (
            Stays.CANNOT_WRITE,
            f"The {fault.field} {fault.message}",
            "Correct it on the claim page; then check the claim again.",
            _field(fault.field),
        )
        for claim_id, fault in faults.items()
    }


def _field(written: str) -> str:
    return next((field for start, field in _FIELDS.items() if written.startswith(start)), "")


def _going(row: _Row, lines: int) -> GoingClaim:
    claim = row.claim
    return GoingClaim(
        claim.id,
        claim.version,
        claim.number,
        claim.patient_id,
        row.patient,
        claim.payer_id,
        row.payer.name,
        row.payer.route,
        claim.frequency.value,
        lines,
        claim.total,
        claim.first_day,
        claim.last_day,
        claim.warns,
    )


def _staying(row: _Row, code: Stays, reason: str, hint: str, field: str) -> StayingClaim:
    claim = row.claim
    return StayingClaim(
        *(claim.id, claim.number, row.patient, row.payer.name, claim.total),
        *(code, reason, hint, field),
    )
