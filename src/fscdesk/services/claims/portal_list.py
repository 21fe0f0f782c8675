"""The check-list of a portal's batch: what to type where, who did it, and which number it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, PortalCheck, Route
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer, Portal
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.editing import changed_elsewhere, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "PortalClaim",
    "PortalList",
    "PortalStep",
    "portal_list",
    "renumber",
    "steps_of",
    "tick",
    "untick",
]

USUAL_STEPS: Final = ("Enter the claim in the portal", "Type the number that the portal gave")
"""What is done for a payer whose portal has no steps of its own under Setup."""
_DOING: Final = "work through the check-lists of portals"


@dataclass(frozen=True, slots=True)
class PortalStep:
    """One step for one claim; ``done_by`` is empty while nobody has done it."""

    step: int
    words: str
    done_by: str = ""
    done_at: datetime | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PortalClaim:
    """A claim to be entered, with its steps in their order."""

    sending_id: int
    claim_id: int
    number: str
    patient: str
    total: Money
    steps: tuple[PortalStep, ...]

    @property
    def is_done(self) -> bool:
        """Return whether every step of it was done."""
        return all(one.done_by for one in self.steps)


@dataclass(frozen=True, slots=True)
class PortalList:
    """What to do for a portal's batch: which portal, its address, the way to it, each claim."""

    batch_id: int
    number: str
    payer: str
    portal: str
    address: str
    route: str
    claims: tuple[PortalClaim, ...]

    @property
    def open(self) -> int:
        """Return how many claims are not entered to the end."""
        return sum(1 for one in self.claims if not one.is_done)


def portal_list(work: Work, batch_id: int) -> PortalList:
    """Return the check-list of a batch. Raises Problem for one that went by another route."""
    require(work, Right.SEND_CLAIMS, _DOING)
    batch = work.db.get(ClaimBatch, batch_id)
    if batch is None or batch.route is not Route.PORTAL:
        raise Problem(
            "This batch did not go through a portal.", hint="It has its file in place of a list."
        )
    rows = work.db.execute(
        select(ClaimSending.id, Claim.id, Claim.number, Patient.name, Claim.total, Payer.id)
        .join(Claim, Claim.id == ClaimSending.claim_id)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .where(ClaimSending.batch_id == batch_id)
        .order_by(ClaimSending.id)
    ).all()
    payer = work.db.get_one(Payer, rows[0][5])
    portal = _portal(work, payer.id)
    words = _steps(portal)
    done = _done(work, batch_id)
    return PortalList(
        batch_id,
        batch.number,
        payer.name,
        "" if portal is None else portal.name,
        "" if portal is None else portal.address,
        "" if portal is None else portal.route,
        tuple(
            PortalClaim(
                *row[:5],
                tuple(
                    done.get((row[0], step), PortalStep(step, said))
                    for step, said in enumerate(words, start=1)
                ),
            )
            for row in rows
        ),
    )


def tick(work: Work, sending_id: int, step: int, *, reference: str = "") -> None:
    """Note that somebody has done a step for a claim, with the number that the portal gave.

    Raises ChangedElsewhere when somebody else did it first, Problem where there is no such step
    or the batch was taken back.
    """
    require(work, Right.SEND_CLAIMS, _DOING)
    given = text_of(reference, "the portal's number", longest=80)
    batch = _batch(work, sending_id)
    claim = next(one for one in portal_list(work, batch.id).claims if one.sending_id == sending_id)
    found = next((one for one in claim.steps if one.step == step), None)
    if found is None:
        raise Problem("This portal has no such step.", hint="Nothing was saved.")
    if found.done_by:
        raise changed_elsewhere("this step")
    work.db.add(
        PortalCheck(
            sending_id=sending_id,
            step=step,
            words=found.words[:200],
            reference=given,
            at=work.now(),
            staff_id=work.actor.staff_id,
        )
    )
    work.db.flush()
    record(work, "tick_portal_step", "claim", claim.claim_id, batch=batch.number, step=step)
    work.touch(Topic.CLAIMS)


def renumber(work: Work, sending_id: int, step: int, reference: str, *, seen: str) -> None:
    """Keep another number of the portal for a step that is done; an empty one takes it away.

    Raises ChangedElsewhere when the step is not done any more, or its number is not ``seen``.
    """
    require(work, Right.SEND_CLAIMS, _DOING)
    given = text_of(reference, "the portal's number", longest=80)
    batch = _batch(work, sending_id)
    check = _check(work, sending_id, step)
    if check.reference != seen:
        raise changed_elsewhere("this number")
    check.reference = given
    work.db.flush()
    record(work, "number_portal_step", "claim_batch", batch.id, sending=sending_id, step=step)
    work.touch(Topic.CLAIMS)


def untick(work: Work, sending_id: int, step: int) -> None:
    """Take back that a step was done. Raises ChangedElsewhere when it is not done."""
    require(work, Right.SEND_CLAIMS, _DOING)
    batch = _batch(work, sending_id)
    work.db.delete(_check(work, sending_id, step))
    work.db.flush()
    record(work, "untick_portal_step", "claim_batch", batch.id, sending=sending_id, step=step)
    work.touch(Topic.CLAIMS)


def _check(work: Work, sending_id: int, step: int) -> PortalCheck:
    check = work.db.scalars(
        select(PortalCheck)
        .where(PortalCheck.sending_id == sending_id, PortalCheck.step == step)
        .with_for_update()
    ).one_or_none()
    if check is None:
        raise changed_elsewhere("this step")
    return check


def _batch(work: Work, sending_id: int) -> ClaimBatch:
    """Return the batch of a sending, locked, so that two desks tick one after the other."""
    batch = work.db.scalars(
        select(ClaimBatch)
        .join(ClaimSending, ClaimSending.batch_id == ClaimBatch.id)
        .where(ClaimSending.id == sending_id, ClaimBatch.route == Route.PORTAL)
        .with_for_update(of=ClaimBatch)
    ).one_or_none()
    if batch is None:
        raise Problem("This claim is on no portal's list.", hint="Nothing was saved.")
    if batch.state is BatchState.UNDONE:
        raise Problem(
            f"{batch.number} was taken back.", hint="Nothing was saved. Its claims are sent anew."
        )
    return batch


def _portal(work: Work, payer_id: int) -> Portal | None:
    """Return where a payer's claims are entered: the first portal that has an address or steps."""
    found = work.db.scalars(
        select(Portal).where(Portal.payer_id == payer_id).order_by(Portal.id)
    ).all()
    return next((one for one in found if one.address or one.steps), found[0] if found else None)


def steps_of(work: Work, payer_id: int) -> tuple[str, ...]:
    """Return what is done, in order, to enter a claim of a payer in its portal."""
    return _steps(_portal(work, payer_id))


def _steps(portal: Portal | None) -> tuple[str, ...]:
    lines = [] if portal is None else [line.strip() for line in portal.steps.splitlines()]
    return tuple(line for line in lines if line) or USUAL_STEPS


def _done(work: Work, batch_id: int) -> dict[tuple[int, int], PortalStep]:
    rows = work.db.execute(
        select(PortalCheck, Staff.name)
        .join(ClaimSending, ClaimSending.id == PortalCheck.sending_id)
        .join(Staff, Staff.id == PortalCheck.staff_id)
        .where(ClaimSending.batch_id == batch_id)
    )
    return {
        (row.sending_id, row.step): PortalStep(row.step, row.words, name, row.at, row.reference)
        for row, name in rows
    }
