"""How charges stand for a payer that answers: what is open of each, and what was said before.

A few questions for any number of charges. What is learnt here is judged without the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import BigInteger, Label, cast, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.coverage import Policy
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
)
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_posting import WRITTEN_PARTS
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.remittances.adjustment_rows import claim_of_key
from fscdesk.services.remittances.charge_stand import (
    NOTHING_PAID,
    ChargeStand,
    Made,
    Paid,
    Said,
    moves_of,
)
from fscdesk.services.remittances.entries import MORE_THAN_PAID
from fscdesk.services.remittances.expecting import allowed_of
from fscdesk.services.work import Work

ANSWERED: Final = (
    ClaimStatus.PAID,
    ClaimStatus.PARTIALLY_PAID,
    ClaimStatus.DENIED,
    ClaimStatus.APPEALING,
)
"""Claims that their payer has answered."""
_NOBODY: Final[frozenset[int]] = frozenset()


@dataclass(slots=True)
class _Found:
    """What is summed of one charge while rows come in."""

    open: int = 0
    over: int = 0
    paid: Paid = NOTHING_PAID
    recorded: int = 0
    written_off: int = 0
    moved: int = 0
    by_simplepractice: bool = False
    payers: tuple[tuple[int, int], ...] = ()
    answered_by: frozenset[int] = _NOBODY
    answered_ranks: frozenset[int] = _NOBODY
    said: tuple[Said, ...] = ()
    made: tuple[Made, ...] = ()
    payments: dict[str, int] = field(default_factory=dict)


def stands(work: Work, charge_ids: Collection[int], payer_id: int) -> dict[int, ChargeStand]:
    """Return how charges stand for a payer, by id; those that are not in the books are left out.

    Nine questions, whatever the number of charges.
    """
    wanted = set(charge_ids)
    if not wanted:
        return {}
    work.db.flush()
    found: dict[int, _Found] = defaultdict(_Found)
    _read_lines(work, wanted, payer_id, found)
    _read_adjustments(work, wanted, payer_id, found)
    _read_policies(work, wanted, found)
    _read_claims(work, wanted, found)
    _read_said(work, wanted, payer_id, found)
    allowed = allowed_of(work, payer_id, wanted)
    rows = work.db.execute(
        select(
            Charge.id,
            Charge.payer_id,
            Charge.code,
            Charge.service_day,
            _cents(Charge.amount),
            _cents(Charge.patient_share),
            Charge.voided_on,
            Session.second_payer_id,
        )
        .join(Session, Session.id == Charge.session_id, isouter=True)
        .where(among(work, Charge.id, wanted))
    )
    made: dict[int, ChargeStand] = {}
    for row in rows:
        one = found[row.id]
        for payer, rank in ((row.payer_id, 1), (row.second_payer_id, 2)):
            if payer is not None and all(payer != other for _, other in one.payers):
                one.payers += ((rank, payer),)
        made[row.id] = ChargeStand(
            charge_id=row.id,
            payer_id=payer_id,
            code=row.code,
            service_day=row.service_day,
            amount=row.amount,
            patient_share=row.patient_share + one.moved,
            voided=row.voided_on is not None,
            open=one.open,
            over=one.over,
            recorded=one.recorded,
            written_off=one.written_off,
            payers=one.payers if len(one.payers) == 1 else tuple(sorted(set(one.payers))),
            answered_by=one.answered_by,
            answered_ranks=one.answered_ranks,
            by_simplepractice=one.by_simplepractice,
            paid=one.paid,
            said=one.said,
            made=one.made,
            allowed=allowed.get(row.id),
            payments=tuple(number for number, cents in one.payments.items() if cents > 0),
        )
    return made


def claim_ranks(work: Work, claim_ids: Collection[int]) -> dict[int, int]:
    """Return at which place the payer of each claim was asked."""
    if not claim_ids:
        return {}
    rows = work.db.execute(select(Claim.id, Claim.rank).where(among(work, Claim.id, claim_ids)))
    return {row.id: row.rank for row in rows}


def _cents(column: InstrumentedAttribute[Money]) -> Label[int]:
    """Return an amount as whole cents: a Money for each of ten thousands would be dear."""
    return type_coerce(column, BigInteger).label(column.key)


def _read_lines(
    work: Work, wanted: Collection[int], payer_id: int, found: dict[int, _Found]
) -> None:
    """Sum the ledger: what is open, and whose money stands with the charge."""
    rows = work.db.execute(
        select(
            JournalLine.charge_id,
            JournalLine.account,
            JournalLine.part,
            Payment.payer_id,
            Payment.number,
            cast(func.sum(JournalLine.amount), BigInteger),
        )
        .outerjoin(Payment, Payment.id == JournalLine.payment_id)
        .where(
            among(work, JournalLine.charge_id, wanted),
            JournalLine.account.in_(
                (INSURANCE_RECEIVABLE, PAYER_CREDITS, RECORDED_IN_SIMPLEPRACTICE)
            ),
        )
        .group_by(
            JournalLine.charge_id,
            JournalLine.account,
            JournalLine.part,
            Payment.payer_id,
            Payment.number,
        )
        .order_by(Payment.number)
    )
    for charge_id, account, part, payer, number, cents in rows:
        one = found[charge_id or 0]
        if account == INSURANCE_RECEIVABLE:
            one.open += cents
        elif account == PAYER_CREDITS:
            one.over -= cents
        elif part is Part.INSURANCE_PAID:
            one.recorded += cents
        elif part in WRITTEN_PARTS:
            one.written_off += cents
        if part is not Part.INSURANCE_PAID or not cents:
            continue
        if payer is None:
            one.by_simplepractice |= account != RECORDED_IN_SIMPLEPRACTICE
            continue
        one.answered_by |= {payer}
        if payer == payer_id:
            one.paid = _with(one.paid, account, -cents)
            one.payments[number or ""] = one.payments.get(number or "", 0) - cents


def _with(paid: Paid, account: str, cents: int) -> Paid:
    if account == PAYER_CREDITS:
        return paid._replace(over=paid.over + cents)
    if account == INSURANCE_RECEIVABLE:
        return paid._replace(open=paid.open + cents)
    return paid._replace(recorded=paid.recorded + cents)


def _read_adjustments(
    work: Work, wanted: Collection[int], payer_id: int, found: dict[int, _Found]
) -> None:
    """Read what was moved between payer and client, and what this payer's answers made."""
    rows = work.db.execute(
        select(
            Adjustment.id,
            Adjustment.charge_id,
            Adjustment.kind,
            _cents(Adjustment.amount),
            Adjustment.recorded,
            Adjustment.reason,
            Adjustment.request_key,
            Adjustment.payment_id,
            Payment.payer_id,
        )
        .outerjoin(Payment, Payment.id == Adjustment.payment_id)
        .where(
            among(work, Adjustment.charge_id, wanted),
            Adjustment.status == AdjustmentStatus.POSTED,
        )
        .order_by(Adjustment.id)
    )
    for row in rows:
        one = found[row.charge_id]
        claim_id = claim_of_key(row.request_key)
        made = Made(row.id, row.payment_id or 0, row.kind, row.amount, row.recorded, claim_id)
        one.moved += moves_of(made)
        if row.payer_id is not None:
            one.answered_by |= {row.payer_id}
        if row.payer_id != payer_id:
            continue
        one.made += (made,)
        if claim_id and row.kind is AdjustmentKind.CORRECTION and row.reason == MORE_THAN_PAID:
            # It was taken back with the payment, but is none of it: it stands on its own line.
            one.paid = one.paid._replace(open=one.paid.open + row.amount)


def _read_policies(work: Work, wanted: Collection[int], found: dict[int, _Found]) -> None:
    rows = work.db.execute(
        select(Charge.id, Policy.rank, Policy.payer_id)
        .join(Policy, Policy.patient_id == Charge.patient_id)
        .where(
            among(work, Charge.id, wanted),
            Policy.valid_from <= Charge.service_day,
            or_(Policy.valid_to.is_(None), Policy.valid_to >= Charge.service_day),
        )
    )
    for row in rows:
        found[row.id].payers += ((row.rank, row.payer_id),)


def _read_claims(work: Work, wanted: Collection[int], found: dict[int, _Found]) -> None:
    """Read at which places payers have answered claims with these charges."""
    rows = work.db.execute(
        select(ClaimLine.charge_id, Claim.rank)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(among(work, ClaimLine.charge_id, wanted), Claim.status.in_(ANSWERED))
        .distinct()
    )
    for row in rows:
        found[row.charge_id].answered_ranks |= {row.rank}


def _read_said(
    work: Work, wanted: Collection[int], payer_id: int, found: dict[int, _Found]
) -> None:
    """Read what remittances that are posted said of the charges."""
    rows = work.db.execute(
        select(
            RemittanceLine.id,
            RemittanceLine.charge_id,
            _cents(RemittanceLine.paid),
            _cents(RemittanceLine.charge),
            RemittanceLine.adjustments,
            RemittanceLine.reverses_id,
            RemittanceClaim.id.label("claim_id"),
            RemittanceClaim.status_code,
            RemittanceClaim.number,
            RemittanceClaim.payer_number,
            RemittanceClaim.adjustments.label("claim_adjustments"),
            type_coerce(RemittanceClaim.paid, BigInteger).label("claim_paid"),
            Remittance.id.label("remittance_id"),
            Remittance.payer_id,
            Remittance.payment_id,
            Remittance.origin,
            Payment.status.label("payment_status"),
        )
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .outerjoin(Payment, Payment.id == Remittance.payment_id)
        .where(
            among(work, RemittanceLine.charge_id, wanted),
            RemittanceLine.fate == Fate.POSTED,
            RemittanceClaim.fate == Fate.POSTED,
        )
        .order_by(RemittanceLine.id)
    ).all()
    back = {row.reverses_id for row in rows if row.reverses_id is not None}
    for row in rows:
        one = found[row.charge_id or 0]
        if row.id not in back and row.reverses_id is None and row.payer_id is not None:
            one.answered_by |= {row.payer_id}
        if row.payer_id == payer_id:
            one.said += (
                Said(
                    row.id,
                    row.claim_id,
                    row.remittance_id,
                    row.payment_id,
                    row.status_code,
                    row.number,
                    row.payer_number,
                    row.claim_paid,
                    row.paid,
                    row.charge,
                    row.adjustments,
                    row.reverses_id,
                    row.id in back,
                    row.payment_status is PaymentStatus.RETURNED,
                    row.claim_adjustments,
                    row.origin is RemittanceOrigin.TYPED,
                ),
            )
