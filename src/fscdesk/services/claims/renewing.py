"""Gives a corrected claim the charges that its sessions have now.

A claim that was sent says what the payer has. When a charge of it is made anew meanwhile, the
claim is outdated, and its correction must say what is charged now, never what was taken back.
"""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.values import ZERO
from fscdesk.services.claims.planning import billable, charges_of_sessions
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work


def renew_lines(work: Work, old: Claim, new: Claim) -> None:
    """Write the lines of a correction from the live charges of the sessions of a claim.

    A charge with the code of an earlier line of its session keeps that line's modifiers, place
    and pointers. Total and days of the new claim follow. Raises Problem when nothing is charged
    to a payer any more: then the claim can only be taken back (8).
    """
    before = work.db.scalars(
        select(ClaimLine).where(ClaimLine.claim_id == old.id).order_by(ClaimLine.position)
    ).all()
    sessions = list(dict.fromkeys(line.session_id for line in before))
    charges = charges_of_sessions(work, sessions)
    left = list(before)
    lines: list[ClaimLine] = []
    for session_id in sessions:
        for charge in billable(charges.get(session_id, ())):
            same = [one for one in left if one.session_id == session_id and one.code == charge.code]
            first = same[0] if same else None
            if first is not None:
                left.remove(first)
            lines.append(
                ClaimLine(
                    claim_id=new.id,
                    position=len(lines) + 1,
                    charge_id=charge.id,
                    session_id=session_id,
                    live=None,
                    service_day=charge.service_day,
                    code=charge.code,
                    modifiers=first.modifiers if first is not None else charge.modifiers,
                    place_of_service=first.place_of_service if first is not None else "",
                    units=charge.units,
                    amount=charge.amount,
                    pointers=first.pointers if first is not None else "1",
                )
            )
    if not lines:
        raise Problem(
            f"Nothing on claim {old.number} is charged to a payer any more.",
            hint="Nothing was changed. Take the claim back at the payer (8) instead.",
        )
    work.db.add_all(lines)
    new.total = sum((line.amount for line in lines), ZERO)
    new.first_day = min(line.service_day for line in lines)
    new.last_day = max(line.service_day for line in lines)
    work.db.flush()
