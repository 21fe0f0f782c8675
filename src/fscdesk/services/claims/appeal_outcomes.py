"""How the appeals of a period ended, and what they brought back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import BigInteger, and_, cast, func, select

from fscdesk.models.claim import Appeal, Claim, ClaimLine
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.appealing import Outcome
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.work import Work

_PAID_TO: Final = (INSURANCE_RECEIVABLE, PAYER_CREDITS, RECORDED_IN_SIMPLEPRACTICE)
"""Where a payer's money for a charge goes, as remittances and payments post it."""
_BRINGS: Final = (Outcome.WON, Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class AppealOutcomes:
    """Appeals by how they ended; ``pending`` have no outcome yet.

    ``back`` is what the payer paid of the claims since, after appeals that were won or won in
    part: up to the next level of the same claim, less what it took back.
    """

    opened: int = 0
    pending: int = 0
    won: int = 0
    partly: int = 0
    lost: int = 0
    withdrawn: int = 0
    back: Money = ZERO


def appeal_outcomes(work: Work, first: date, last: date) -> AppealOutcomes:
    """Return how the appeals ended that were opened from ``first`` to ``last``."""
    appeals = work.db.execute(
        select(Appeal.id, Appeal.claim_id, Appeal.level, Appeal.opened_on, Appeal.outcome)
        .where(Appeal.opened_on.between(first, last))
        .order_by(Appeal.id)
    ).all()
    counts = Counter(row.outcome for row in appeals)
    won = [row for row in appeals if row.outcome in _BRINGS]
    paid = _paid(work, {row.claim_id for row in won})
    until = {
        (row.claim_id, row.level - 1): row.opened_on
        for row in work.db.execute(
            select(Appeal.claim_id, Appeal.level, Appeal.opened_on).where(
                among(work, Appeal.claim_id, {row.claim_id for row in won})
            )
        )
    }
    back = sum(
        cents
        for row in won
        for day, cents in paid[row.claim_id]
        if row.opened_on <= day < until.get((row.claim_id, row.level), date.max)
    )
    return AppealOutcomes(
        opened=len(appeals),
        pending=counts[""],
        won=counts[Outcome.WON],
        partly=counts[Outcome.PARTLY],
        lost=counts[Outcome.LOST],
        withdrawn=counts[Outcome.WITHDRAWN],
        back=Money(back),
    )


def _paid(work: Work, claim_ids: Collection[int]) -> dict[int, list[tuple[date, int]]]:
    """Return by claim what its payer paid of its charges, in cents by day."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = work.db.execute(
        select(
            ClaimLine.claim_id,
            JournalLine.day,
            cast(func.sum(JournalLine.amount), BigInteger).label("cents"),
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(
            JournalLine,
            and_(
                JournalLine.charge_id == ClaimLine.charge_id,
                JournalLine.account.in_(_PAID_TO),
                JournalLine.part == Part.INSURANCE_PAID,
            ),
        )
        .join(
            Payment, and_(Payment.id == JournalLine.payment_id, Payment.payer_id == Claim.payer_id)
        )
        .where(among(work, ClaimLine.claim_id, claim_ids))
        .group_by(ClaimLine.claim_id, JournalLine.day)
    )
    for row in rows:
        found[row.claim_id].append((row.day, -row.cents))
    return found
