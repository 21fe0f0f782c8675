"""Whether the money of a session agrees with what its payers answered, in one sentence.

Only sessions that a payer answered are checked: with a remittance, an EOB, or money. What
SimplePractice calls paid is no answer; the 1060 list is about that. What a payer denied, and pays
nothing of, is a denial and no question of money.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.charge_facts import ChargeFacts, charge_facts
from fscdesk.services.work import Work


class Check(enum.StrEnum):
    """What a check found; the graver comes first."""

    DUPLICATE = "duplicate"
    WRITE_OFF_TOO_HIGH = "write_off_too_high"
    OVERPAID = "overpaid"
    PATIENT_OVERCHARGED = "patient_overcharged"
    PAYMENT_MISSING = "payment_missing"
    GOOD = "good"


WORDS: Final = {
    Check.DUPLICATE: "Paid twice",
    Check.WRITE_OFF_TOO_HIGH: "Write-off too high",
    Check.OVERPAID: "Overpaid",
    Check.PATIENT_OVERCHARGED: "Client overcharged",
    Check.PAYMENT_MISSING: "Payment missing",
    Check.GOOD: "Good",
}
_GRAVE: Final = {one: at for at, one in enumerate(Check)}


@dataclass(frozen=True, slots=True)
class SessionCheck:
    """What was found of a session: of several the gravest.

    ``amount`` is by how much the books are off, 0.00 where they are good. ``charge_id`` is the
    charge that is off (the first one of a session that is good). ``paid`` (by payers),
    ``written_off``, ``patient`` (the client's part) and ``open`` (with payers) are of the session.
    """

    session_id: int
    found: Check
    sentence: str
    amount: Money
    charge_id: int
    paid: Money
    written_off: Money
    patient: Money
    open: Money

    @property
    def good(self) -> bool:
        """Return whether the books agree with the payers."""
        return self.found is Check.GOOD


@dataclass(frozen=True, slots=True)
class _Found:
    check: Check
    sentence: str
    cents: int
    charge: ChargeFacts


def check_sessions(work: Work, session_ids: Collection[int]) -> dict[int, SessionCheck]:
    """Return what the checks say of sessions, by id; what no payer answered is left out.

    A handful of questions, whatever their number.
    """
    charges = work.db.execute(
        select(Charge.id, Charge.session_id)
        .where(among(work, Charge.session_id, session_ids), Charge.voided_on.is_(None))
        .order_by(Charge.session_id, Charge.position, Charge.id)
    ).all()
    facts = charge_facts(work, [row.id for row in charges])
    names = {row.id: row.short_name for row in work.db.execute(select(Payer.id, Payer.short_name))}
    by_session: dict[int, list[ChargeFacts]] = defaultdict(list)
    for row in charges:
        one = facts[row.id]
        if one.answered:
            by_session[row.session_id or 0].append(one)
    return {
        session_id: _session(session_id, [_charge(one, names) for one in found])
        for session_id, found in by_session.items()
    }


def _session(session_id: int, found: Sequence[_Found]) -> SessionCheck:
    worst = min(found, key=lambda one: _GRAVE[one.check])
    sums = [one.charge for one in found]
    paid, off = sum(one.paid for one in sums), sum(one.written_off for one in sums)
    patient, still = sum(one.patient for one in sums), sum(one.open for one in sums)
    sentence = worst.sentence
    if worst.check is Check.GOOD and len(found) > 1:
        sentence = _good(paid, off, patient, still, waits=any(one.waits for one in sums))
    return SessionCheck(
        session_id=session_id,
        found=worst.check,
        sentence=sentence,
        amount=Money(worst.cents),
        charge_id=worst.charge.charge_id,
        paid=Money(paid),
        written_off=Money(off),
        patient=Money(patient),
        open=Money(still),
    )


def _charge(one: ChargeFacts, names: dict[int, str]) -> _Found:
    """Return what is wrong with a charge, the gravest first, or that nothing is."""
    over = max(-one.open, 0)
    twice = next((payer for payer, count in one.payments.items() if count > 1), None)
    if over and twice is not None:
        sentence = (
            f"{names[twice]} has paid {one.code} more than once: {Money(one.paid_by[twice])} in"
            f" all, {Money(over)} too much."
        )
        return _Found(Check.DUPLICATE, sentence, over, one)
    if one.twice:
        payer, wrong = max(one.twice.items(), key=lambda each: each[1])
        sentence = (
            f"{names[payer]} has paid {Money(one.paid_by[payer])} of {one.code}, and its newest"
            f" answer says {Money(one.paid_said[payer])}: {Money(wrong)} too much."
        )
        return _Found(Check.DUPLICATE, sentence, wrong, one)
    if one.off_said is not None and one.contractual > one.off_said:
        wrong = one.contractual - one.off_said
        sentence = (
            f"{Money(one.contractual)} of {one.code} is written off, and the payer takes"
            f" {Money(one.off_said)} off: {Money(wrong)} too much."
        )
        return _Found(Check.WRITE_OFF_TOO_HIGH, sentence, wrong, one)
    if one.patient_said is not None and one.patient > one.patient_said:
        wrong = one.patient - one.patient_said
        sentence = (
            f"The client was charged {Money(one.patient)} for {one.code}, and the payer leaves"
            f" {Money(one.patient_said)} to the client: {Money(wrong)} too much."
        )
        return _Found(Check.PATIENT_OVERCHARGED, sentence, wrong, one)
    if over:
        return _Found(Check.OVERPAID, _overpaid(one, over), over, one)
    missing = _missing(one)
    if missing:
        sentence = (
            f"The payer has answered for {one.code}, and {Money(missing)} is open without"
            " a payment or a reason."
        )
        return _Found(Check.PAYMENT_MISSING, sentence, missing, one)
    good = _good(one.paid, one.written_off, one.patient, one.open, waits=one.waits)
    return _Found(Check.GOOD, good, 0, one)


def _overpaid(one: ChargeFacts, over: int) -> str:
    """Say by how much a charge is overpaid, and whether the write-off is at fault."""
    if not one.contractual:
        return (
            f"Payment and the client's part of {one.code} are {Money(over)} more than its price"
            f" of {Money(one.amount)}. Nothing is written off: the payment is too high."
        )
    fault = "Compare both with the payer's EOB: it says which is too high."
    if one.off_said is not None:
        fault = "The write-off is what the payer takes off: the payment is too high."
    return (
        f"Payment, write-off and the client's part of {one.code} are {Money(over)} more than its"
        f" price of {Money(one.amount)}. {fault}"
    )


def _missing(one: ChargeFacts) -> int:
    """Return what should have come, in cents: what a remittance says, or what stays open."""
    said = sum(max(cents - one.paid_by.get(payer, 0), 0) for payer, cents in one.paid_said.items())
    if said:
        return said
    return 0 if one.waits or one.denied else max(one.open, 0)


def _good(paid: int, off: int, patient: int, still: int, *, waits: bool) -> str:
    said = (
        f"The books agree with the payer: {Money(paid)} paid, {Money(off)} written off,"
        f" {Money(patient)} the client's"
    )
    if still <= 0:
        return f"{said}."
    return f"{said}; {Money(still)} {'waits for the next payer' if waits else 'is denied'}."
