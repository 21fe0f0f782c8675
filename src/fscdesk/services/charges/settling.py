"""What SimplePractice calls paid or written off, shared over charges and put into legs.

Account 1060 keeps two systems honest (DESIGN.md 6): such an amount closes the receivable
against 1060 until the payment itself arrives. What is more than a charge asks becomes a
credit: 2410 for a payer, 2400 for a client.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fscdesk.models.ledger import Part
from fscdesk.models.values import Money
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.ledger.posting import Leg


class Recorded(NamedTuple):
    """Cents that SimplePractice has recorded for a session or for one of its charges."""

    patient_paid: int = 0
    insurance_paid: int = 0
    write_off: int = 0


class Open(NamedTuple):
    """Cents still owed for a charge, and credits that stand with it (as positive sums)."""

    patient: int
    insurance: int
    patient_credit: int = 0
    payer_credit: int = 0


NOTHING = Recorded()


def share_out(recorded: Recorded, charges: Sequence[ChargeFacts]) -> list[Recorded]:
    """Share a session's recorded amounts over its charges, to the cent.

    A charge that is settled as a whole stays settled: what is unpaid is shared first,
    so that paid and written off fit each charge's own amount. Everything that does not
    fit stands with the first charge.
    """
    if len(charges) <= 1:
        return [recorded] * len(charges)
    patient = _by_need(recorded.patient_paid, [charge.patient for charge in charges])
    settled = _by_weight(
        recorded.insurance_paid + recorded.write_off, [charge.insurance for charge in charges]
    )
    if recorded.write_off < 0 or any(part < 0 for part in settled):
        written = [recorded.write_off, *([0] * (len(charges) - 1))]
    else:
        written = _by_weight(recorded.write_off, settled)
    return [
        Recorded(paid, both - off, off)
        for paid, both, off in zip(patient, settled, written, strict=True)
    ]


def legs_for(change: Recorded, owed: Open) -> tuple[Leg, ...]:
    """Return the legs that record a change of what SimplePractice calls paid.

    Positive amounts close what is open and leave the rest as a credit; negative ones
    (refunds, recoupments) draw the credit first and then open the receivable again.
    """
    legs: list[Leg] = []
    insurance, credit = owed.insurance, owed.payer_credit
    for cents, part in (
        (change.insurance_paid, Part.INSURANCE_PAID),
        (change.write_off, Part.WRITE_OFF),
    ):
        if cents:
            closed, kept = _close(cents, insurance, credit)
            insurance, credit = insurance - closed, credit + kept
            legs += _legs(cents, closed, kept, (INSURANCE_RECEIVABLE, PAYER_CREDITS), part)
    if change.patient_paid:
        closed, kept = _close(change.patient_paid, owed.patient, owed.patient_credit)
        accounts = (PATIENT_RECEIVABLE, UNAPPLIED_CREDITS)
        legs += _legs(change.patient_paid, closed, kept, accounts, Part.PATIENT_PAID)
    return tuple(legs)


def _close(cents: int, owed: int, credit: int) -> tuple[int, int]:
    """Return how much goes against the receivable and how much against the credit."""
    if cents >= 0:
        closed = min(cents, max(owed, 0))
        return closed, cents - closed
    drawn = max(cents, -credit)
    return cents - drawn, drawn


def _legs(cents: int, closed: int, kept: int, accounts: tuple[str, str], part: Part) -> list[Leg]:
    legs = [Leg(RECORDED_IN_SIMPLEPRACTICE, cents, part)]
    if closed:
        legs.append(Leg(accounts[0], -closed, part))
    if kept:
        legs.append(Leg(accounts[1], -kept, part))
    return legs


def _by_need(cents: int, needs: Sequence[int]) -> list[int]:
    """Fill each need in order; what is left over or negative stands with the first."""
    parts, left = [], max(cents, 0)
    for need in needs:
        parts.append(min(need, left))
        left -= parts[-1]
    parts[0] += left + min(cents, 0)
    return parts


def _by_weight(cents: int, weights: Sequence[int]) -> list[int]:
    """Share by weight, never more than a weight while the whole fits; the rest to the first."""
    whole = sum(weights)
    if whole <= 0:
        return [cents, *([0] * (len(weights) - 1))]
    within = max(0, min(cents, whole))
    parts = [share.cents for share in Money(within).split(weights)]
    for index, weight in enumerate(weights):
        over = parts[index] - weight
        if over > 0:  # a cent of rounding on a full line belongs to a line that has room
            parts[index] = weight
            room = next(i for i, part in enumerate(parts) if part < weights[i])
            parts[room] += over
    parts[0] += cents - within
    return parts
