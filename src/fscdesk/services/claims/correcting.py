"""What follows a payer's decision: a corrected claim (7), one that is taken back (8), a resend.

A denial has the payer's number: a correction names it. A rejection never reached the payer, has
none, and goes again as the original that it is (``domain/features.md`` 3.4, 39). The claim that
is corrected keeps its charges until the new one is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimDiagnosis, ClaimLine, ClaimStatus, Frequency
from fscdesk.services.audit import record
from fscdesk.services.claim_standing import FALLEN
from fscdesk.services.claim_statuses import ClaimMove, lock_claims, move_claims, record_new_claims
from fscdesk.services.claims.clocks import WAITING
from fscdesk.services.claims.renewing import renew_lines
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.writing_changes import (
    FieldChange,
    locked_claim,
    require_status,
    write_changes,
)
from fscdesk.services.editing import require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES: Final = "CLM"
CORRECTABLE: Final = (
    ClaimStatus.DENIED,
    ClaimStatus.PARTIALLY_PAID,
    ClaimStatus.PAID,
    ClaimStatus.APPEALING,
    ClaimStatus.ACCEPTED,
    ClaimStatus.PENDING,
)
"""What the payer has taken in, so that it can have a number by which it is corrected."""
_UNDECIDED: Final = (*WAITING, ClaimStatus.ACCEPTED, ClaimStatus.PENDING)
"""What the payer may yet pay: another original beside it would bill twice."""
_WORDS: Final = {Frequency.REPLACEMENT: "Corrects", Frequency.VOID: "Takes back"}


@dataclass(frozen=True, slots=True)
class Successor:
    """What correcting a claim would do: as what it goes, under which number, and why so."""

    frequency: Frequency
    original_number: str
    why: str


def successor_of(work: Work, claim_id: int) -> Successor:
    """Return as what a claim goes again, with the rule that chose it; nothing is changed."""
    claim = work.db.get(Claim, claim_id)
    if claim is None:
        raise Problem("This claim is not in the books.", hint="Look at the list again.")
    if claim.status is ClaimStatus.REJECTED:
        why = "It was rejected before the payer had it, so it goes as an original."
        return Successor(Frequency.ORIGINAL, "", why)
    undecided = claim.status in _UNDECIDED
    if not claim.payer_number:
        why = "The payer's number of it is not known, so it can only go as an original"
        why += ", once the payer has decided it." if undecided else "."
        return Successor(Frequency.ORIGINAL, "", why)
    has = "has it, undecided," if undecided else "decided it"
    why = f"The payer {has} under {claim.payer_number}, so it goes as a replacement."
    return Successor(Frequency.REPLACEMENT, claim.payer_number, why)


def correct_claim(
    work: Work, claim_id: int, *, expected_version: int, as_original: bool = False
) -> int:
    """Make the corrected claim (frequency 7) of one that a payer has, and return its id.

    It is a draft with the lines of the first (of one that is outdated: with what its sessions are
    charged now) and the payer's number filled in. Without that
    number it is refused, unless ``as_original`` says that it shall go as one, which only what the
    payer has decided can. Raises Problem also when a correction of it waits already.
    """
    require(work, Right.MAKE_CLAIMS, "correct claims")
    claim = locked_claim(work, claim_id, expected_version)
    if as_original:
        require_decided(claim)
    require_status(claim, CORRECTABLE, "A denied claim is corrected, a rejected one sent again.")
    if not claim.payer_number and not as_original:
        raise Problem(
            f"The payer's number of claim {claim.number} is not known.",
            hint="Nothing was changed. Type it from the EOB, or send the claim as an original.",
        )
    frequency = Frequency.ORIGINAL if as_original else Frequency.REPLACEMENT
    return _succeed(work, claim, frequency)


def void_claim(work: Work, claim_id: int, reason: str, *, expected_version: int) -> int:
    """Make the claim that takes one back at its payer (frequency 8), and return its id.

    Raises Problem without a reason, for one that no payer decided or whose number there is not
    known, and when a correction of it waits already.
    """
    require(work, Right.MAKE_CLAIMS, "take claims back")
    why = text_of(reason, "the reason", longest=300, required=True)
    claim = locked_claim(work, claim_id, expected_version)
    require_status(claim, CORRECTABLE, "Only what the payer has can be taken back there.")
    if not claim.payer_number:
        raise Problem(
            f"The payer's number of claim {claim.number} is not known.",
            hint="Nothing was changed. Type it from the EOB; without it the payer finds nothing.",
        )
    return _succeed(work, claim, Frequency.VOID, why)


def resend_rejected(work: Work, seen: Mapping[int, int]) -> tuple[int, ...]:
    """Let rejected claims go again, as the originals that they are; return those that are clean.

    ``seen`` is the version of each claim that the person saw. Each is checked again: what still
    has a finding that stops it waits among the held ones. All of them or none; refused, too, while
    a claim that takes the place of one of them waits.
    """
    require(work, Right.MAKE_CLAIMS, "send claims again")
    claims = lock_claims(work, seen)
    for claim in claims:
        require_version(claim, seen[claim.id], f"claim {claim.number}")
        require_status(claim, (ClaimStatus.REJECTED,), "Only a rejected claim goes again as it is.")
        _require_none_waiting(work, claim)
    ids = [claim.id for claim in claims]
    if not ids:
        return ()
    move_claims(work, [ClaimMove(one, ClaimStatus.DRAFT, "Goes again") for one in ids])
    record(work, "resend_rejected", "claim", None, claims=ids)
    work.touch(Topic.CLAIMS)
    scrub_claims(work, ids)
    clean = work.db.scalars(
        select(Claim.id)
        .where(Claim.id.in_(ids), Claim.status == ClaimStatus.SCRUBBED)
        .order_by(Claim.id)
    )
    return tuple(clean)


def require_decided(claim: Claim) -> None:
    """Raise Problem while a payer may yet pay a claim, so that no second original goes."""
    if claim.status in _UNDECIDED:
        raise Problem(
            f"The payer has not decided claim {claim.number} yet.",
            hint="Nothing was changed. Wait for its answer; where it never got there, mark it as "
            "rejected with the reason, and send it again.",
        )


def _succeed(work: Work, claim: Claim, frequency: Frequency, why: str = "") -> int:
    """Make the claim that takes the place of another, with its lines and diagnoses."""
    _require_none_waiting(work, claim)
    new = Claim(
        number=next_number(work, SERIES, work.today().year),
        type=claim.type,
        patient_id=claim.patient_id,
        payer_id=claim.payer_id,
        policy_id=claim.policy_id,
        rank=claim.rank,
        rendering_id=claim.rendering_id,
        supervising_id=claim.supervising_id,
        referral_id=claim.referral_id,
        location_id=claim.location_id,
        place_of_service=claim.place_of_service,
        status=ClaimStatus.DRAFT,
        status_since=work.today(),
        frequency=frequency,
        replaces_id=claim.id,
        primary_id=claim.primary_id,
        original_number="" if frequency is Frequency.ORIGINAL else claim.payer_number,
        authorization_id=claim.authorization_id,
        note=claim.note,
        total=claim.total,
        first_day=claim.first_day,
        last_day=claim.last_day,
        assigned_to=claim.assigned_to,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(new)
    work.db.flush()
    if claim.outdated and frequency is not Frequency.VOID:
        renew_lines(work, claim, new)
    else:
        _copy_lines(work, claim.id, new.id)
    _copy_diagnoses(work, claim.id, new.id)
    said = _WORDS.get(frequency, "Sends again, as an original,")
    record_new_claims(work, [new.id], f"{said} {claim.number}{f': {why}' if why else ''}")
    if new.original_number:
        # So that the page tells where the number came from.
        number = FieldChange("original_number", "", new.original_number)
        write_changes(work, new.id, [number], source=f"claim {claim.number}")
    record(
        work,
        "correct_claim",
        "claim",
        new.id,
        replaces=claim.id,
        frequency=frequency.value,
    )
    work.touch(Topic.CLAIMS)
    new_id = new.id
    scrub_claims(work, [new_id])
    return new_id


def _require_none_waiting(work: Work, claim: Claim) -> None:
    waiting = work.db.scalar(
        select(Claim.number).where(Claim.replaces_id == claim.id, Claim.status.not_in(FALLEN))
    )
    if waiting is not None:
        raise Problem(
            f"Claim {waiting} takes the place of {claim.number} already.",
            hint="Nothing was changed. Change that one, or drop it first.",
        )


def _copy_lines(work: Work, old_id: int, new_id: int) -> None:
    lines = work.db.scalars(
        select(ClaimLine).where(ClaimLine.claim_id == old_id).order_by(ClaimLine.position)
    ).all()
    # The first claim holds its charges until this one is sent: ``live`` stays empty.
    work.db.add_all(
        ClaimLine(
            claim_id=new_id,
            position=line.position,
            charge_id=line.charge_id,
            session_id=line.session_id,
            live=None,
            service_day=line.service_day,
            code=line.code,
            modifiers=line.modifiers,
            place_of_service=line.place_of_service,
            units=line.units,
            amount=line.amount,
            pointers=line.pointers,
        )
        for line in lines
    )


def _copy_diagnoses(work: Work, old_id: int, new_id: int) -> None:
    diagnoses = work.db.scalars(
        select(ClaimDiagnosis)
        .where(ClaimDiagnosis.claim_id == old_id)
        .order_by(ClaimDiagnosis.position)
    ).all()
    work.db.add_all(
        ClaimDiagnosis(claim_id=new_id, position=one.position, code=one.code) for one in diagnoses
    )
    work.db.flush()
