"""Lets claims follow charges that were voided and made anew.

    follow_claims(work, session_ids, "Changed by import 7 of april.csv")

A charge is never edited: an import, a new guarantor or a new attendance voids it and makes
another. Where the new charges of a session are what its lines say, the lines go over to them and
nobody sees a difference. Where they are not, a claim that no payer has lets go of the session,
which can be built anew, and is dropped once nothing is left; a claim that was sent still says
what the payer has: it is ``outdated`` until a person corrects it or takes it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.service import Service
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.claims.lifecycle import ClaimMove, live_key, lock_claims, move_claims
from fscdesk.services.claims.planning import CLAIMED_KINDS
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work

LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with the charge that it was made of."""

    line: ClaimLine
    charge: Charge


def follow_claims(work: Work, session_ids: Iterable[int], why: str) -> int:
    """Let the claims of these sessions follow their charges; return how many claims changed.

    To be called in the transaction that voided the charges, when the new ones are there. It is
    what the books' own acts do: nobody's right is asked.
    """
    wanted = sorted(set(session_ids))
    work.db.flush()
    if not wanted or work.db.scalar(select(ClaimLine.id).limit(1)) is None:
        return 0
    rows = _lines(work, wanted)
    if not rows:
        return 0
    claims = {claim.id: claim for claim in lock_claims(work, {one for one, _ in rows})}
    now = _charges_now(work, wanted)
    gone: dict[int, list[_Row]] = defaultdict(list)
    moved: set[int] = set()
    for (claim_id, session_id), lines in rows.items():
        claim = claims[claim_id]
        places = _places(claim, lines, now.get(session_id, ()))
        if places is None:
            gone[claim_id] += lines
        elif _go_over(work, claim, lines, places):
            moved.add(claim_id)
    work.db.flush()
    changed = moved | {one for one in gone if _let_go(work, claims[one], gone[one], why)}
    changed |= _up_to_date(work, [claims[one] for one in claims if one not in gone])
    for claim_id in sorted(changed):
        record(work, "follow_charges", "claim", claim_id, sessions=len(wanted))
    if changed:
        work.db.flush()
        scrub_claims(work, changed)
        work.touch(Topic.CLAIMS)
    return len(changed)


def _lines(work: Work, session_ids: Sequence[int]) -> dict[tuple[int, int], list[_Row]]:
    """Return the lines of standing claims by claim and session, where a charge may have changed.

    What takes a claim back at its payer says what was billed, whatever is charged now.
    """
    found: dict[tuple[int, int], list[_Row]] = defaultdict(list)
    for line, charge in work.db.execute(
        select(ClaimLine, Charge)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(
            among(work, ClaimLine.session_id, session_ids),
            Claim.status.not_in(FALLEN),
            Claim.frequency != Frequency.VOID,
        )
        .order_by(ClaimLine.claim_id, ClaimLine.position)
        .execution_options(populate_existing=True)
    ):
        found[line.claim_id, line.session_id].append(_Row(line, charge))
    return found


def _charges_now(work: Work, session_ids: Sequence[int]) -> dict[int, list[Charge]]:
    """Return the live charges of sessions that a payer is billed for."""
    found: dict[int, list[Charge]] = defaultdict(list)
    for charge in work.db.scalars(
        select(Charge)
        .join(Service, Service.id == Charge.service_id)
        .where(
            among(work, Charge.session_id, session_ids),
            Charge.voided_on.is_(None),
            Charge.insurance_share != Money(),
            Service.kind.in_(CLAIMED_KINDS),
        )
        .order_by(Charge.position, Charge.id)
    ):
        if charge.session_id is not None:
            found[charge.session_id].append(charge)
    return found


def _places(
    claim: Claim, lines: Sequence[_Row], now: Sequence[Charge]
) -> Mapping[int, Charge] | None:
    """Return by line the charge that it stands for now; None where they are not the same.

    A claim of the first payer has every service of its sessions; a later payer's those that were
    open.
    """
    if claim.rank == 1 and len(now) != len(lines):
        return None
    left = list(now)
    places: dict[int, Charge] = {}
    for row in lines:
        same = [one for one in left if one.id == row.charge.id or _says(one) == _says(row.charge)]
        same.sort(key=lambda one: one.id != row.charge.id)
        if not same or same[0].service_day != row.line.service_day:
            return None
        places[row.line.id] = same[0]
        left.remove(same[0])
    return places


def _says(charge: Charge) -> tuple[object, ...]:
    """Return what of a charge a claim says."""
    return (
        charge.position,
        charge.code,
        charge.modifiers,
        charge.units,
        charge.amount,
        charge.service_day,
        charge.patient_id,
        charge.provider_id,
        charge.payer_id,
    )


def _go_over(work: Work, claim: Claim, lines: Sequence[_Row], places: Mapping[int, Charge]) -> bool:
    """Put lines onto the charges that took the place of theirs; return whether any moved."""
    moving = [row for row in lines if places[row.line.id].id != row.charge.id]
    for row in moving:
        row.line.charge_id = places[row.line.id].id
        if row.line.live is not None:
            row.line.live = live_key(row.line.charge_id, claim.rank)
    work.db.flush()
    return bool(moving)


def _let_go(work: Work, claim: Claim, gone: Sequence[_Row], why: str) -> bool:
    """Take lines whose charges are not what they say off a draft, or say that a claim is outdated.

    Returns whether the claim changed.
    """
    words = f"{_said(gone)} changed: {why}"
    if claim.status not in UNSENT | {ClaimStatus.REJECTED}:
        if claim.outdated:
            return False
        claim.outdated = words[:LONGEST]
        write_changes(work, claim.id, [FieldChange("outdated", "", claim.outdated)], source=why)
        return True
    kept = work.db.scalars(
        select(ClaimLine)
        .where(
            ClaimLine.claim_id == claim.id,
            ~among(work, ClaimLine.id, [row.line.id for row in gone]),
        )
        .order_by(ClaimLine.position)
    ).all()
    if not kept or claim.status is ClaimStatus.REJECTED:
        move_claims(work, [ClaimMove(claim.id, ClaimStatus.VOID, words[:LONGEST])])
        return True
    write_changes(
        work,
        claim.id,
        [FieldChange("lines", _line_words(row.line), "", row.line.position) for row in gone],
        source=why[:LONGEST],
    )
    for row in gone:
        work.db.delete(row.line)
    work.db.flush()
    for position, line in enumerate(kept, start=1):
        line.position = position
        work.db.flush()
    claim.total = Money(sum(line.amount.cents for line in kept))
    claim.first_day = min(line.service_day for line in kept)
    claim.last_day = max(line.service_day for line in kept)
    work.db.flush()
    return True


def _up_to_date(work: Work, claims: Sequence[Claim]) -> set[int]:
    """Let claims not be outdated any more whose charges all stand again; return which."""
    outdated = {claim.id: claim for claim in claims if claim.outdated}
    if not outdated:
        return set()
    still = set(
        work.db.scalars(
            select(ClaimLine.claim_id)
            .join(Charge, Charge.id == ClaimLine.charge_id)
            .where(among(work, ClaimLine.claim_id, outdated), Charge.voided_on.is_not(None))
        )
    )
    found = set(outdated) - still
    for one in sorted(found):
        claim = outdated[one]
        write_changes(work, one, [FieldChange("outdated", claim.outdated, "")])
        claim.outdated = ""
    work.db.flush()
    return found


def _said(gone: Sequence[_Row]) -> str:
    """Return ``What was charged for 03/02/2026, 03/09/2026``."""
    days = sorted({row.line.service_day for row in gone})
    return f"What was charged for {', '.join(f'{day:%m/%d/%Y}' for day in days)}"


def _line_words(line: ClaimLine) -> str:
    return f"{line.code} of {line.service_day:%m/%d/%Y}, {line.amount}"
