"""Keeps an EOB that was typed in as the remittance that it is: claims, lines, and their reasons.

What is typed says what becomes of the payer's share; a payer's own line (CAS) speaks of the whole
price. So the client's share from before is added under PR-3, and what payers before this one
settled under OA-23. What remains with the payer has no reason: such a line does not add up, and
the remittance counts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import case, func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, Frequency
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.id_sets import among
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.remitted import LONGEST_TRACE
from fscdesk.services.remittances.answered import DENIED_STATUS, Cas, MatchedBy, cas_text
from fscdesk.services.remittances.expecting import allowed_of
from fscdesk.services.remittances.keeping import SERIES
from fscdesk.services.work import Topic, Work

CONTRACT: Final = ("CO", "45")
COPAY: Final = ("PR", "3")
"""The client's share that stood before this answer: that of the start, or of an earlier one."""
EARLIER_PAYERS: Final = ("OA", "23")
METHODS: Final[Mapping[PaymentMethod, str]] = MappingProxyType(
    {
        PaymentMethod.ACH: "ACH",
        PaymentMethod.CHECK: "CHK",
        PaymentMethod.WIRE: "FWT",
        PaymentMethod.EFT: "BOP",
    }
)
"""How money came, as an 835 says it (BPR04); what is not here is NON."""
_LONGEST_RANK: Final = 3


class TypedLine(NamedTuple):
    """What was typed of one charge, in cents; ``denied`` is ``CO-16``, ``reason`` of PR a CARC."""

    charge_id: int
    paid: int
    contractual: int
    patient: int
    reason: str
    denied: str


class _Ours(NamedTuple):
    """The line of a claim of ours that the payer answers."""

    claim_id: int
    line_id: int
    number: str
    payer_number: str
    rank: int


class _Known(NamedTuple):
    """What the books know of the charges of an EOB, once it is posted."""

    charges: Mapping[int, Charge]
    ours: Mapping[int, _Ours]
    share: Mapping[int, int]
    expected: Mapping[int, int]


def keep_typed(work: Work, payment_id: int, lines: Sequence[TypedLine]) -> str:
    """Keep what was just posted of a payer's check as a remittance, and return its number.

    It has one claim for each claim of ours (its number as the payer has it, without dashes), and
    one for each client without any. It is posted, and its payment is that of the check.
    """
    payment = work.db.get_one(Payment, payment_id)
    payer = work.db.get_one(Payer, payment.payer_id)
    known = _known(work, payment, lines)
    grouped: dict[tuple[int, int], list[TypedLine]] = defaultdict(list)
    for one in lines:
        ours = known.ours.get(one.charge_id)
        patient = known.charges[one.charge_id].patient_id
        grouped[patient, 0 if ours is None else ours.claim_id].append(one)
    paid = sum(one.paid for one in lines)
    row = Remittance(
        number=next_number(work, SERIES, work.today().year),
        origin=RemittanceOrigin.TYPED,
        payer_id=payer.id,
        payer_name=payer.name,
        trace=payment.reference[:LONGEST_TRACE],
        amount=payment.amount,
        method=METHODS.get(payment.method, "NON"),
        paid_on=payment.check_on or payment.received_on,
        check_off=payment.amount - Money(paid),
        status=RemittanceStatus.POSTED,
        claims=len(grouped),
        payment_id=payment.id,
        read_by=work.actor.staff_id,
        read_at=work.now(),
        posted_by=work.actor.staff_id,
        posted_at=work.now(),
    )
    work.db.add(row)
    work.db.flush()
    _add_claims(work, row, grouped, known)
    record(work, "keep_typed_eob", "remittance", row.id, number=row.number, payment=payment.number)
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
    return row.number


def _add_claims(
    work: Work,
    row: Remittance,
    grouped: Mapping[tuple[int, int], Sequence[TypedLine]],
    known: _Known,
) -> None:
    patients = {
        one.id: one
        for one in work.db.execute(
            select(Patient.id, Patient.name, Patient.number).where(
                among(work, Patient.id, {patient for patient, _ in grouped})
            )
        )
    }
    told: list[tuple[RemittanceClaim, list[RemittanceLine]]] = []
    for place, ((patient_id, claim_id), said) in enumerate(grouped.items(), start=1):
        person = patients[patient_id]
        rank = _rank(said[0].charge_id, row.payer_id or 0, known)
        lines = [_line(at, one, rank, known) for at, one in enumerate(said, start=1)]
        ours = known.ours.get(said[0].charge_id)
        days = [known.charges[one.charge_id].service_day for one in said]
        denied = all(one.denied for one in said)
        claim = RemittanceClaim(
            remittance_id=row.id,
            position=place,
            number=person.number if ours is None else ours.number.replace("-", ""),
            status_code=DENIED_STATUS if denied else str(min(rank, _LONGEST_RANK)),
            charge=Money(sum(one.charge.cents for one, _ in lines)),
            paid=Money(sum(one.paid for one in said)),
            patient_share=Money(sum(_patient_part(cas) for _, cas in lines)),
            payer_number="" if ours is None else ours.payer_number,
            patient_name=person.name,
            off=Money(sum(_missing(*one) for one in lines)),
            first_day=min(days),
            last_day=max(days),
            claim_id=claim_id or None,
            patient_id=patient_id,
            matched_by=MatchedBy.HAND.value,
            fate=Fate.POSTED,
        )
        told.append((claim, [one for one, _ in lines]))
        row.services_off += sum(1 for one in lines if _missing(*one))
        row.claims_off += bool(claim.off)
    work.db.add_all([claim for claim, _ in told])
    work.db.flush()
    for claim, rows in told:
        for one in rows:
            one.remittance_claim_id = claim.id
        work.db.add_all(rows)
    work.db.flush()


def _line(
    place: int, said: TypedLine, rank: int, known: _Known
) -> tuple[RemittanceLine, tuple[Cas, ...]]:
    charge = known.charges[said.charge_id]
    ours = known.ours.get(charge.id)
    cas = _reasons(said, charge, rank, known.share.get(charge.id, 0))
    line = RemittanceLine(
        position=place,
        code=charge.code,
        modifiers=charge.modifiers,
        units=str(charge.units),
        charge=charge.amount,
        paid=Money(said.paid),
        allowed=None if said.denied else Money(said.paid + _patient_part(cas)),
        first_day=charge.service_day,
        last_day=charge.service_day,
        adjustments=cas_text(cas),
        claim_line_id=None if ours is None else ours.line_id,
        charge_id=charge.id,
        matched_by=MatchedBy.HAND.value,
        fate=Fate.POSTED,
        words="Denied: it stays with the payer" if said.denied else "",
        wrote_off=Money(said.contractual),
        to_patient=Money(said.patient),
        denied=said.denied,
    )
    fee = known.expected.get(charge.id)
    if fee is not None and rank == 1:
        line.expected = Money(fee)
    return line, cas


def _reasons(said: TypedLine, charge: Charge, rank: int, share: int) -> tuple[Cas, ...]:
    """Return what a payer's own line would say (CAS); ``share`` was the client's before."""
    amount = charge.amount.cents
    if said.denied:
        group, _, carc = said.denied.partition("-")
        return (Cas(group, carc, amount),)
    parts: dict[tuple[str, str], int] = defaultdict(int)
    parts[CONTRACT] = said.contractual
    parts["PR", said.reason] += said.patient
    parts[COPAY] += max(share, 0)
    if rank > 1:
        settled = said.paid + sum(parts.values()) + max(charge.insurance_balance.cents, 0)
        parts[EARLIER_PAYERS] = max(amount - settled, 0)
    return tuple(Cas(*key, cents) for key, cents in parts.items() if cents)


def _patient_part(cas: Iterable[Cas]) -> int:
    return sum(one.cents for one in cas if one.group == "PR")


def _missing(line: RemittanceLine, cas: Iterable[Cas]) -> int:
    """Return what of a line has no reason, in cents."""
    return line.charge.cents - line.paid.cents - sum(one.cents for one in cas)


def _rank(charge_id: int, payer_id: int, known: _Known) -> int:
    """Return at which place the payer answers: by our claim, else the charge's own is first."""
    ours = known.ours.get(charge_id)
    if ours is not None:
        return ours.rank
    return 1 if known.charges[charge_id].payer_id == payer_id else 2


def _known(work: Work, payment: Payment, lines: Sequence[TypedLine]) -> _Known:
    ids = [one.charge_id for one in lines]
    charges = {
        one.id: one for one in work.db.scalars(select(Charge).where(among(work, Charge.id, ids)))
    }
    payer_id = payment.payer_id or 0
    return _Known(
        charges,
        _ours(work, payer_id, ids),
        _share_before(work, payment.id, charges),
        _expected(work, payer_id, ids),
    )


def _ours(work: Work, payer_id: int, charge_ids: Collection[int]) -> dict[int, _Ours]:
    """Return the newest claims that the payer has, by charge; one that holds it counts first."""
    rows = work.db.execute(
        select(
            ClaimLine.charge_id,
            ClaimLine.id.label("line_id"),
            Claim.id,
            Claim.number,
            Claim.payer_number,
            Claim.rank,
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            among(work, ClaimLine.charge_id, charge_ids),
            Claim.payer_id == payer_id,
            Claim.status.not_in(FALLEN | UNSENT),
            Claim.frequency != Frequency.VOID,
        )
        .order_by(ClaimLine.live.is_not(None), Claim.id, ClaimLine.id)
    )
    return {
        row.charge_id: _Ours(row.id, row.line_id, row.number, row.payer_number, row.rank)
        for row in rows
    }


def _share_before(work: Work, payment_id: int, charges: Mapping[int, Charge]) -> dict[int, int]:
    """Return what of each charge was the client's before this payment moved a part."""
    found = {one.id: one.patient_share.cents for one in charges.values()}
    moved = case(
        (Adjustment.kind == AdjustmentKind.TO_PATIENT, Adjustment.amount), else_=-Adjustment.amount
    )
    rows = work.db.execute(
        select(Adjustment.charge_id, func.sum(moved).label("cents"))
        .where(
            among(work, Adjustment.charge_id, charges),
            Adjustment.status == AdjustmentStatus.POSTED,
            Adjustment.kind.in_((AdjustmentKind.TO_PATIENT, AdjustmentKind.TO_PAYER)),
            Adjustment.payment_id.is_distinct_from(payment_id),
        )
        .group_by(Adjustment.charge_id)
    )
    for row in rows:
        found[row.charge_id] += _cents(row.cents)
    return found


def _cents(total: Money | int) -> int:
    return total.cents if isinstance(total, Money) else int(total)


def _expected(work: Work, payer_id: int, charge_ids: Collection[int]) -> dict[int, int]:
    """Return what the payer should allow of charges that it answers for the first time."""
    allowed = allowed_of(work, payer_id, charge_ids)
    if not allowed:
        return {}
    answered = set(
        work.db.scalars(
            select(RemittanceLine.charge_id)
            .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
            .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
            .where(
                among(work, RemittanceLine.charge_id, allowed),
                RemittanceLine.fate == Fate.POSTED,
                Remittance.payer_id == payer_id,
            )
        )
    )
    return {one: cents for one, cents in allowed.items() if one not in answered}
