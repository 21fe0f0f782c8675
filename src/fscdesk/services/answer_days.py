"""On which days payers decided what the lines of claims say: the day of the check that brought it.

What was posted late was decided earlier; an answer that stands again after another was taken
back keeps the day on which it was first given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.claim import Appeal, ClaimChange
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Remittance
from fscdesk.services.claim_line_answers import FIELD, is_denied, line_answers
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

TAKEN_BACK: Final = "taken back"
"""How the source of a change ends that takes an answer back."""
_LOST: Final = "lost"


def decided_by(check: date | None, noted: date) -> date:
    """Return when a payer decided what came with a check and was noted on a day; never later."""
    return noted if check is None else min(check, noted)


def days_said(work: Work, claim_ids: Collection[int]) -> dict[int, dict[str, date]]:
    """Return by claim on which day the payer decided each answer that its lines have now.

    Of lines that say the same the first counts. A denial that an appeal did not turn was said
    again when that was lost.
    """
    days, lost = _days_of_lines(work, claim_ids), _days_of_lost_appeals(work, claim_ids)
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for claim_id, lines in line_answers(work, claim_ids).items():
        for position, said in lines.items():
            on = days[claim_id][position]
            if is_denied(said):
                on = max(on, lost.get(claim_id, on))
            found[claim_id][said] = min(on, found[claim_id].get(said, on))
    return found


def _days_of_lines(work: Work, claim_ids: Collection[int]) -> dict[int, dict[int, date]]:
    """Return by claim and line position on which day the payer decided what the line says now.

    Where no check brought it (a portal, another program) it is the day on which it was noted.
    """
    said: dict[tuple[int, int], list[tuple[str, date]]] = defaultdict(list)
    rows = work.db.execute(
        select(
            ClaimChange.claim_id,
            ClaimChange.line,
            ClaimChange.new,
            ClaimChange.source,
            ClaimChange.at,
            Remittance.paid_on,
        )
        .outerjoin(Payment, Payment.number == ClaimChange.source)
        .outerjoin(Remittance, Remittance.payment_id == Payment.id)
        .where(among(work, ClaimChange.claim_id, claim_ids), ClaimChange.field == FIELD)
        .order_by(ClaimChange.id)
    )
    for row in rows:
        before = said[row.claim_id, row.line or 0]
        day = decided_by(row.paid_on, row.at.astimezone(work.zone).date())
        if row.source.endswith(TAKEN_BACK):
            # It says again what it said before, and that has its own day.
            day = next((then for word, then in reversed(before) if word == row.new), day)
        before.append((row.new, day))
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for (claim_id, position), history in said.items():
        found[claim_id][position] = history[-1][1]
    return found


def _days_of_lost_appeals(work: Work, claim_ids: Collection[int]) -> dict[int, date]:
    """Return by claim when the payer last repeated a denial after an appeal."""
    rows = work.db.execute(
        select(Appeal.claim_id, func.max(Appeal.outcome_on))
        .where(
            among(work, Appeal.claim_id, claim_ids),
            Appeal.outcome == _LOST,
            Appeal.outcome_on.is_not(None),
        )
        .group_by(Appeal.claim_id)
    )
    return {claim_id: on for claim_id, on in rows if on is not None}
