"""What an agency recovered: it pays what is left after its commission, for a guarantor's case.

The net amount is received like any payment (Dr 1050 / Cr 2400), and at once pays the case, one
entry for each charge, oldest first: Dr 2400 net, Dr 7610 commission / Cr 1130 gross. The gross
leg stands as two lines, so that the payment's own lines sum to zero and each entry balances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import Agency, CaseStatus, CollectionCase
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.case_following import follow_cases
from fscdesk.services.billing.collection_reading import (
    CaseCharge,
    case_charges,
    untouched_since,
)
from fscdesk.services.billing.plan_schedule import POINTS, rounded
from fscdesk.services.editing import key_of, locked, require_version
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import AGENCY_COMMISSIONS, AT_AGENCY
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment, Received, Rest, receive
from fscdesk.services.permissions import Right, require
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Topic, Work

_NOTHING = "Nothing was posted."


@dataclass(frozen=True, slots=True)
class NewRecovery:
    """What an agency says it recovered of a case: ``gross``, of which it pays the net.

    ``commission`` None is the case's share of the gross, rounded half-even to the cent; another
    amount is what stands on the agency's own page.
    """

    case_id: int
    gross: Money
    received_on: date
    commission: Money | None = None
    method: PaymentMethod = PaymentMethod.CHECK
    reference: str = ""
    check_on: date | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Recovered:
    """A recovery in the books, and what of the case is at the agency still."""

    payment_id: int
    payment_number: str
    gross: Money
    commission: Money
    net: Money
    left: Money
    status: CaseStatus
    repeated: bool = False


def commission_of(gross: Money, points: int) -> Money:
    """Return an agency's share of what it recovered, rounded half-even to the cent."""
    return rounded(gross.cents * points, POINTS)


def recover(work: Work, new: NewRecovery) -> Recovered:
    """Post what an agency pays for a case; the case is closed when nothing is left of it.

    It stands in the books on the day it came, or on the later day on which an earlier recovery
    was taken back: account 1130 is below zero on no day. Raises Problem, with nothing posted,
    for more than is left at the agency, for a commission that leaves nothing, and for a day
    before the case was handed over.
    """
    require(work, Right.POST_PAYMENT, "post payments")
    case = locked(work, CollectionCase, new.case_id, "this case")
    commission = (
        commission_of(new.gross, case.commission_points)
        if new.commission is None
        else new.commission
    )
    net = new.gross - commission
    repeated = _posted_before(work, new)
    charges = _locked(work, new.case_id)
    held = [one for one in case_charges(work, new.case_id) if one.left > ZERO]
    if not repeated:
        _require(case, new, commission, held)
    received = receive(work, _payment(work, case, new, net, charges))
    if not received.repeated:
        _pay(work, case, received, new.gross, commission, held, charges)
    left = Money(sum(one.left.cents for one in case_charges(work, new.case_id)))
    if not received.repeated:
        follow_cases(work, [case.id], on=work.today(), reason="All of it was recovered")
        follow_money(work, [one.session_id for one in charges.values()], "Recovered by the agency")
        case = locked(work, CollectionCase, new.case_id, "this case")
        record(
            work,
            "recover_case",
            "collection_case",
            case.id,
            number=case.number,
            payment=received.number,
            gross=new.gross.plain(),
            commission=commission.plain(),
        )
        work.touch(Topic.COLLECTIONS, Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    return Recovered(
        received.payment_id,
        received.number,
        new.gross,
        commission,
        net,
        left,
        case.status,
        received.repeated,
    )


def undo_recovery(
    work: Work, case_id: int, payment_id: int, *, reason: str, expected_version: int
) -> None:
    """Void a recovery that was entered by mistake; the case is at the agency again.

    ``expected_version`` is the payment's. Raises Problem when the payment is not of this case,
    was deposited or refunded.
    """
    require(work, Right.CORRECT_PAYMENT, "void payments")
    payment = locked(work, Payment, payment_id, "this payment")
    case = locked(work, CollectionCase, case_id, "this case")
    require_version(payment, expected_version, f"payment {payment.number}")
    if payment_id not in recoveries_of(work, case_id):
        raise Problem(
            f"Payment {payment.number} did not pay case {case.number}.",
            hint="Nothing was changed.",
        )
    void_payment(work, payment_id, reason=reason, expected_version=expected_version)
    record(work, "undo_recovery", "collection_case", case_id, payment=payment_id)
    work.touch(Topic.COLLECTIONS)


def recoveries_of(work: Work, case_id: int) -> tuple[int, ...]:
    """Return the payments that an agency made for a case, oldest first."""
    found = (
        select(JournalLine.payment_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalEntry.case_id == case_id,
            JournalLine.account == AT_AGENCY,
            JournalLine.payment_id.is_not(None),
            JournalEntry.kind == EntryKind.APPLIED,
        )
        .distinct()
    )
    return tuple(sorted(one for one in work.db.scalars(found) if one is not None))


def _posted_before(work: Work, new: NewRecovery) -> bool:
    if key_of(new.request_key) is None:
        return False
    found = select(Payment.id).where(Payment.request_key == new.request_key)
    return work.db.scalar(found) is not None


def _locked(work: Work, case_id: int) -> dict[int, Charge]:
    ids = [one.charge_id for one in case_charges(work, case_id)]
    rows = select(Charge).where(among(work, Charge.id, ids)).order_by(Charge.id).with_for_update()
    found = work.db.scalars(rows.execution_options(populate_existing=True))
    return {one.id: one for one in found}


def _require(
    case: CollectionCase, new: NewRecovery, commission: Money, held: Sequence[CaseCharge]
) -> None:
    gross, left = new.gross, Money(sum(one.left.cents for one in held))
    if new.received_on < case.placed_on:
        raise Problem(
            f"The day of receipt, {new.received_on:%m/%d/%Y}, lies before case {case.number} was"
            f" handed over on {case.placed_on:%m/%d/%Y}.",
            hint=f"{_NOTHING} Look at the day again, and at which case it is.",
        )
    if gross <= ZERO:
        raise Problem("What was recovered must be above zero.", hint=_NOTHING)
    if gross > left:
        raise Problem(
            f"{gross} was recovered, but {left} of case {case.number} is at the agency.",
            hint=f"{_NOTHING} Type the amount before the commission, for this case alone.",
        )
    if commission < ZERO or commission >= gross:
        raise Problem(
            f"A commission of {commission} leaves nothing of {gross}.",
            hint=f"{_NOTHING} Look at the agency's page again.",
        )


def _payment(
    work: Work, case: CollectionCase, new: NewRecovery, net: Money, charges: dict[int, Charge]
) -> NewPayment:
    agency = work.db.get_one(Agency, case.agency_id)
    oldest = min(charges.values(), key=lambda one: (one.service_day, one.id))
    posted_on = max(new.received_on, untouched_since(work, case.id) or case.placed_on)
    return NewPayment(
        net,
        new.method,
        new.received_on,
        guarantor_id=case.guarantor_id,
        reference=new.reference,
        check_on=new.check_on,
        posted_on=posted_on,
        memo=f"{agency.name}, case {case.number}"[:200],
        rest=Rest(CreditKind.OVERPAYMENT, oldest.patient_id),
        request_key=new.request_key,
        says=repr(replace(new, request_key=None)),
    )


def _pay(
    work: Work,
    case: CollectionCase,
    received: Received,
    gross: Money,
    commission: Money,
    held: Sequence[CaseCharge],
    charges: dict[int, Charge],
) -> None:
    credit = work.db.get_one(Credit, received.credit_id)
    drafts = [
        _draft(case, charges[charge_id], credit, part, kept)
        for charge_id, part, kept in _shares(gross, commission, held)
    ]
    post_all(work, drafts)
    work.db.refresh(credit)


def _shares(
    gross: Money, commission: Money, held: Sequence[CaseCharge]
) -> list[tuple[int, int, int]]:
    """Return (charge, gross, commission) in cents: oldest first, the commission in proportion."""
    left, parts = gross.cents, []
    for one in held:
        part = min(left, one.left.cents)
        if part:
            parts.append((one.charge_id, part))
            left -= part
    kept = commission.split([part for _, part in parts])
    return [(one, part, cut.cents) for (one, part), cut in zip(parts, kept, strict=True)]


def _draft(case: CollectionCase, charge: Charge, credit: Credit, gross: int, kept: int) -> Draft:
    about = About.of_charge(charge)
    paid = about._replace(payment_id=credit.payment_id)
    net = gross - kept
    legs = [
        Leg(AT_AGENCY, -net, Part.PATIENT_PAID, paid),
        crediting.leg(credit, net, Part.PATIENT_PAID),
        Leg(AT_AGENCY, -kept, Part.PATIENT_PAID),
        Leg(AGENCY_COMMISSIONS, kept, Part.PATIENT_PAID),
    ]
    return Draft(
        on=credit.since,
        kind=EntryKind.APPLIED,
        memo="Recovered by the agency",
        legs=tuple(leg for leg in legs if leg.cents),
        about=about,
        case_id=case.id,
    )
