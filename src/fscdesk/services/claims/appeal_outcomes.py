"""How the appeals of a period ended, and what they brought back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, and_, cast, func, select

from fscdesk.models.claim import Appeal, Claim, ClaimLine
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.appealing import Outcome
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.permissions import Right, require
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


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal that was opened in a period; ``outcome`` is empty while it is pending.

    ``back`` is what the payer paid since because of it, as `AppealOutcomes` counts it.
    """

    id: int
    claim_id: int
    number: str
    level: int
    patient: str
    payer: str
    opened_on: date
    sent_on: date | None
    outcome: str
    outcome_on: date | None
    back: Money


def appeals_opened(work: Work, first: date, last: date) -> tuple[AppealLine, ...]:
    """Return the appeals that were opened from ``first`` to ``last``, the newest first.

    Needs the right to see reports.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    rows = work.db.execute(
        select(
            Appeal,
            Claim.number,
            Patient.name.label("patient"),
            Payer.short_name.label("payer"),
        )
        .join(Claim, Claim.id == Appeal.claim_id)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .where(Appeal.opened_on.between(first, last))
        .order_by(Appeal.opened_on.desc(), Appeal.id.desc())
    ).all()
    back = _back(work, [row.Appeal for row in rows if row.Appeal.outcome in _BRINGS])
    return tuple(
        AppealLine(
            id=row.Appeal.id,
            claim_id=row.Appeal.claim_id,
            number=row.number,
            level=row.Appeal.level,
            patient=row.patient,
            payer=row.payer,
            opened_on=row.Appeal.opened_on,
            sent_on=row.Appeal.sent_on,
            outcome=row.Appeal.outcome,
            outcome_on=row.Appeal.outcome_on,
            back=Money(back.get(row.Appeal.id, 0)),
        )
        for row in rows
    )


def appeal_outcomes(work: Work, first: date, last: date) -> AppealOutcomes:
    """Return how the appeals ended that were opened from ``first`` to ``last``."""
    appeals = work.db.execute(
        select(Appeal.id, Appeal.claim_id, Appeal.level, Appeal.opened_on, Appeal.outcome)
        .where(Appeal.opened_on.between(first, last))
        .order_by(Appeal.id)
    ).all()
    counts = Counter(row.outcome for row in appeals)
    back = _back(work, [row for row in appeals if row.outcome in _BRINGS])
    return AppealOutcomes(
        opened=len(appeals),
        pending=counts[""],
        won=counts[Outcome.WON],
        partly=counts[Outcome.PARTLY],
        lost=counts[Outcome.LOST],
        withdrawn=counts[Outcome.WITHDRAWN],
        back=Money(sum(back.values())),
    )


def _back(work: Work, won: Sequence[Any]) -> dict[int, int]:
    """Return by appeal what it brought back, in cents."""
    claims = {one.claim_id for one in won}
    paid = _paid(work, claims)
    until = {
        (row.claim_id, row.level - 1): row.opened_on
        for row in work.db.execute(
            select(Appeal.claim_id, Appeal.level, Appeal.opened_on).where(
                among(work, Appeal.claim_id, claims)
            )
        )
    }
    return {
        one.id: sum(
            cents
            for day, cents in paid[one.claim_id]
            if one.opened_on <= day < until.get((one.claim_id, one.level), date.max)
        )
        for one in won
    }


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
