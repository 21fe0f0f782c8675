"""What payers first said of each service, and what they say of it now: for rates.

A service counts once for each payer, whatever was corrected and sent again. Its first answer is
the one that nobody took back (a payment that was voided never said anything). The day is that on
which the payer decided, as its check says, however late that was posted; where no check brought
the answer it is the day on which it was noted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimChange, ClaimLine, Frequency
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.answer_days import TAKEN_BACK, decided_by
from fscdesk.services.claim_line_answers import DENIED, FIELD, PAID, is_denied
from fscdesk.services.remembering import remembered
from fscdesk.services.remittances.answered import REVERSAL
from fscdesk.services.work import Topic, Work

TOPICS: Final = frozenset(
    {
        *(Topic.CLAIMS, Topic.REMITTANCES, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS),
        *(Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.STAFF, Topic.IMPORTS),
    }
)
"""What the answers are good for until it changes."""
_BACK: Final = f" {TAKEN_BACK}"
"""How the source of an answer ends that was taken back (``claim_answers.take_answers_back``)."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A payer's first answer to a service; ``said`` and ``now`` are as line answers are.

    ``now`` is the newest answer, empty where the payer took it back. ``amount`` was billed,
    ``open`` is what the charge has open with payers today.
    """

    charge_id: int
    payer_id: int
    clinician_id: int | None
    code: str
    day: date
    said: str
    now: str
    amount: Money
    open: Money


class _Event(NamedTuple):
    said: str
    source: str
    day: date
    clinician_id: int | None
    code: str
    amount: Money
    open: Money


def first_answers(work: Work, first: date, last: date) -> tuple[FirstAnswer, ...]:
    """Return the services that payers first answered from ``first`` to ``last``.

    They are kept for as long as nothing changes: every rate of a period is made of them.
    """
    key = "first answers", first, last
    return remembered(work, TOPICS, key, lambda: _read(work, first, last))


def _read(work: Work, first: date, last: date) -> tuple[FirstAnswer, ...]:
    events: dict[tuple[int, int], list[_Event]] = defaultdict(list)
    for key, event in _of_claims(work, first, last):
        events[key].append(event)
    for key, event in _billed_elsewhere(work, first, last):
        events[key].append(event)
    found = (_first(key, said) for key, said in events.items())
    return tuple(one for one in found if one is not None and first <= one.day <= last)


def _first(key: tuple[int, int], events: list[_Event]) -> FirstAnswer | None:
    standing: list[_Event] = []
    for event in events:
        if event.source.endswith(_BACK):
            taken = event.source.removesuffix(_BACK)
            standing = [one for one in standing if one.source != taken]
        else:
            standing.append(event)
    answers = [one for one in standing if one.said]
    if not answers:
        return None
    opening, newest = answers[0], standing[-1]
    return FirstAnswer(
        charge_id=key[0],
        payer_id=key[1],
        clinician_id=opening.clinician_id,
        code=opening.code,
        day=opening.day,
        said=opening.said,
        now=newest.said,
        amount=opening.amount,
        open=newest.open,
    )


def _of_claims(work: Work, first: date, last: date) -> Iterator[tuple[tuple[int, int], _Event]]:
    """Yield all that was ever said of the services of which something was said in the period."""
    begin = datetime.combine(first, time(), work.zone)
    end = datetime.combine(last + timedelta(days=1), time(), work.zone)
    late = (
        select(Payment.number)
        .join(Remittance, Remittance.payment_id == Payment.id)
        .where(Remittance.paid_on.between(first, last))
    )
    spoken = (
        select(ClaimLine.charge_id)
        .join(ClaimChange, _of_line())
        .where(
            ClaimChange.field == FIELD,
            ClaimChange.at >= begin,
            or_(ClaimChange.at < end, ClaimChange.source.in_(late)),
        )
    )
    rows = work.db.execute(
        select(
            ClaimLine.charge_id,
            Claim.payer_id,
            ClaimChange.new,
            ClaimChange.source,
            ClaimChange.at,
            Remittance.paid_on,
            Claim.rendering_id,
            ClaimLine.code,
            ClaimLine.amount,
            Charge.insurance_balance,
        )
        .join(ClaimLine, _of_line())
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .outerjoin(Payment, Payment.number == ClaimChange.source)
        .outerjoin(Remittance, Remittance.payment_id == Payment.id)
        .where(
            ClaimChange.field == FIELD,
            Claim.frequency != Frequency.VOID,
            ClaimLine.charge_id.in_(spoken),
        )
        .order_by(ClaimChange.id)
    )
    for row in rows:
        yield (
            (row.charge_id, row.payer_id),
            _Event(
                row.new,
                row.source,
                decided_by(row.paid_on, row.at.astimezone(work.zone).date()),
                row.rendering_id,
                row.code,
                row.amount,
                row.insurance_balance,
            ),
        )


def _billed_elsewhere(
    work: Work, first: date, last: date
) -> Iterator[tuple[tuple[int, int], _Event]]:
    """Yield what remittances say of services that no claim of ours was answered for."""
    ours = (
        select(ClaimLine.id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(ClaimChange, _of_line())
        .where(
            ClaimLine.charge_id == Charge.id,
            Claim.payer_id == Remittance.payer_id,
            ClaimChange.field == FIELD,
        )
        .exists()
    )
    spoken = (
        select(RemittanceLine.charge_id)
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(Payment, Payment.id == Remittance.payment_id)
        .where(
            Payment.posted_on >= first,
            or_(Payment.posted_on <= last, Remittance.paid_on.between(first, last)),
            RemittanceLine.fate == Fate.POSTED,
            RemittanceLine.charge_id.is_not(None),
        )
    )
    rows = work.db.execute(
        select(
            Charge.id,
            Remittance.payer_id,
            RemittanceClaim.status_code,
            RemittanceLine.denied,
            RemittanceLine.paid,
            Payment.number,
            Payment.posted_on,
            Remittance.paid_on,
            Charge.provider_id,
            Charge.code,
            Charge.amount,
            Charge.insurance_balance,
        )
        .join(RemittanceLine, RemittanceLine.charge_id == Charge.id)
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(Payment, Payment.id == Remittance.payment_id)
        .where(
            Charge.id.in_(spoken),
            RemittanceLine.fate == Fate.POSTED,
            Remittance.payer_id.is_not(None),
            ~ours,
        )
        .order_by(Payment.posted_on, RemittanceLine.id)
    )
    for row in rows:
        # A reversal takes an answer back: the payer says nothing until it says something anew.
        reverses = row.status_code == REVERSAL and row.paid <= ZERO
        said = "" if reverses else f"{DENIED} {row.denied}" if row.denied else PAID
        yield (
            (row.id, row.payer_id or 0),
            _Event(
                said,
                row.number,
                decided_by(row.paid_on, row.posted_on),
                row.provider_id,
                row.code,
                row.amount,
                row.insurance_balance,
            ),
        )


def _of_line() -> ColumnElement[bool]:
    return and_(ClaimChange.claim_id == ClaimLine.claim_id, ClaimChange.line == ClaimLine.position)


def was_denied(one: FirstAnswer) -> bool:
    """Return whether the first answer was a denial."""
    return is_denied(one.said)
