"""Corrects payments: their facts in place, amount and payer by reversing and posting again.

Every change stands under the payment: from, to, who, why. A payment that was entered by mistake
is voided: everything of it is reversed, and the row stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Side
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.deposited import require_not_deposited
from fscdesk.services.banking.reconciliation_locks import require_unlocked, require_unmatched
from fscdesk.services.billing.adjusting import reverse_of_payment
from fscdesk.services.billing.case_following import cases_of
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.claim_answers import take_answers_back
from fscdesk.services.editing import plain, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.posting import Draft, post, reverse_all
from fscdesk.services.payments.applying import Application, applications_of, apply
from fscdesk.services.payments.days import require_not_before
from fscdesk.services.payments.disputing import require_no_dispute
from fscdesk.services.payments.following import follow_reversed
from fscdesk.services.payments.holding import (
    entries_of,
    free_of,
    lock_charges_of,
    locked_credits,
    locked_payment,
    receipts_of,
    require_no_refunds,
    require_not_remitted,
    write_change,
)
from fscdesk.services.payments.receiving import receipt_legs
from fscdesk.services.payments.remitted import (
    follow_facts,
    let_go,
    mark_undone,
    require_nothing_rests,
    typed_eob,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_DOING = "correct payments"
_ON_THE_SLIP = frozenset({"method", "reference"})


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What of a payment can be corrected in place; the ledger knows none of it.

    The day of its deposit is the deposit's, and the bank's day that of the bank's line.
    """

    method: PaymentMethod
    reference: str
    check_on: date | None
    memo: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did: how much is applied again, and which charges stay open."""

    applied: Money
    left_open: tuple[int, ...] = ()


def facts_of(payment: Payment) -> PaymentFacts:
    """Return the facts of a payment as a form shows them."""
    return PaymentFacts(*(getattr(payment, one.name) for one in fields(PaymentFacts)))


def correct_facts(
    work: Work, payment_id: int, new: PaymentFacts, *, reason: str, expected_version: int
) -> tuple[str, ...]:
    """Correct method, reference, day of the check and memo, and return the names of what differed.

    Raises Problem for days that cannot be, and for method or reference once the deposit is
    reconciled: they stand on its slip. ChangedElsewhere for a payment changed meanwhile.
    """
    require(work, Right.CORRECT_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    if new.check_on is not None and new.check_on != payment.check_on:
        require_not_before(work, new.check_on, "The day on the check")
    wanted = {
        "method": new.method,
        "reference": text_of(new.reference, "the reference", longest=100),
        "check_on": new.check_on,
        "memo": text_of(new.memo, "the memo"),
    }
    differing = {name: one for name, one in wanted.items() if getattr(payment, name) != one}
    if differing.keys() & _ON_THE_SLIP:
        require_unlocked(work, payments=(payment_id,))
    for name, value in differing.items():
        old = _words(getattr(payment, name))
        setattr(payment, name, value)
        write_change(work, payment, name, old=old, new=_words(value), reason=words)
    if differing:
        work.db.flush()
        follow_facts(work, payment)
        record(work, "correct_payment", "payment", payment_id, what=sorted(differing))
        work.touch(Topic.PAYMENTS)
    return tuple(differing)


def correct_amount(
    work: Work, payment_id: int, amount: Money, *, reason: str, expected_version: int
) -> Corrected:
    """Correct how much came: the receipt is reversed and posted again on the same payment.

    What was applied stays applied. Raises Problem when less would be left than was applied,
    transferred or promised, and once the payment was deposited.
    """
    require(work, Right.CORRECT_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    require_not_remitted(work, payment)
    require_not_deposited(work, payment, "its amount stands on the deposit slip")
    if not 0 < amount.cents <= LARGEST_CENTS:
        raise Problem(f"{amount} cannot be the amount of a payment.", hint="Nothing was changed.")
    credit = locked_credits(work, payment_id)[0]
    missing = payment.amount - amount - free_of(work, credit)
    if missing.cents > 0:
        raise Problem(
            f"{missing} more of payment {payment.number} is used than {amount} leaves.",
            hint="Nothing was changed. Take back what was applied to a charge first.",
        )
    if amount == payment.amount:
        return Corrected(amount - credit.balance)
    reverse_all(work, receipts_of(work, payment_id), on=work.today(), reason=words)
    old, payment.amount = payment.amount, amount
    _post_receipt(work, payment, credit)
    write_change(work, payment, "amount", old=str(old), new=str(amount), reason=words)
    follow_facts(work, payment)
    record(work, "correct_payment", "payment", payment_id, old=old.plain(), new=amount.plain())
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    work.db.refresh(credit)
    return Corrected(amount - credit.balance)


def correct_payer(
    work: Work,
    payment_id: int,
    *,
    guarantor_id: int | None = None,
    payer_id: int | None = None,
    patient_id: int | None = None,
    reason: str,
    expected_version: int,
) -> Corrected:
    """Correct who paid: everything is reversed and posted again for the right one.

    ``patient_id`` is whose credit a guarantor's rest becomes; the client of the first
    application unless given. What the right one cannot pay (a payer the client's share, a
    guarantor the payer's) stays open and is named. Raises Problem once money of the payment
    was transferred or refunded.
    """
    require(work, Right.CORRECT_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    require_not_remitted(work, payment)
    old = _from_words(work, payment)
    held = locked_credits(work, payment_id)
    _require_whole(work, payment, held)
    applied = applications_of(work, payment_id)
    lock_charges_of(work, applied)
    eob = typed_eob(work, payment_id)
    if eob is not None:
        require_nothing_rests(work, eob)
        let_go(work, eob)
    again = _as_applications(work, applied)
    entries = entries_of(work, payment_id)
    require_unmatched(work, entries, f"Money of payment {payment.number}")
    reversals = reverse_all(work, entries, on=work.today(), reason=words)
    take_answers_back(work, payment.number, day=work.today())
    payment.guarantor_id, payment.payer_id = _new_owner(work, payment, guarantor_id, payer_id)
    credit = _new_credit(work, payment, held[0], patient_id)
    _post_receipt(work, payment, credit)
    work.db.expire_all()
    mine = Side.PATIENT if payer_id is None else Side.INSURANCE
    fitting = [one for one in again if one.side is mine and _may_pay(work, one, payer_id)]
    apply(work, credit, fitting, on=work.today())
    follow_reversed(work, reversals, on=work.today(), reason=words)
    write_change(work, payment, "from", old=old, new=_from_words(work, payment), reason=words)
    record(work, "correct_payment", "payment", payment_id, guarantor=guarantor_id, payer=payer_id)
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS, Topic.LEDGER)
    work.db.expire_all()
    return Corrected(
        Money(sum(one.amount.cents for one in fitting)),
        tuple(sorted({one.charge_id for one in again} - {one.charge_id for one in fitting})),
    )


def void_payment(work: Work, payment_id: int, *, reason: str, expected_version: int) -> None:
    """Void a payment that was entered by mistake: all of it is reversed, the row stays.

    What came with it from a payer (adjustments, whose share it is) is taken back too. Raises
    Problem once it was deposited or refunded: then money did come.
    """
    require(work, Right.CORRECT_PAYMENT, "void payments")
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    require_not_remitted(work, payment)
    require_not_deposited(work, payment, "money did come")
    require_no_refunds(work, payment, "voided")
    require_no_dispute(work, payment, "voided")
    locked_credits(work, payment_id)
    entries = entries_of(work, payment_id)
    require_unmatched(work, entries, f"Money of payment {payment.number}")
    lock_charges_of(work, entries)
    eob = typed_eob(work, payment_id)
    if eob is not None:
        require_nothing_rests(work, eob)
        mark_undone(work, eob)
    reversals = reverse_all(work, entries, on=work.today(), reason=words)
    work.db.expire_all()
    reverse_of_payment(work, payment_id, reason=words)
    follow_reversed(work, reversals, on=work.today(), reason=words)
    take_answers_back(work, payment.number, day=work.today())
    reopen_unpaid(work, _charges_of(work, entries), on=work.today())
    payment.status = PaymentStatus.VOIDED
    write_change(
        work, payment, "voided", old=f"Posted, {payment.amount}", new="Voided", reason=words
    )
    record(work, "void_payment", "payment", payment_id, amount=payment.amount.plain())
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS, Topic.LEDGER)
    work.db.expire_all()


def _charges_of(work: Work, entries: Sequence[int]) -> list[int]:
    """Return the charges that some entries are about."""
    found = select(JournalEntry.charge_id).where(among(work, JournalEntry.id, entries)).distinct()
    return [one for one in work.db.scalars(found) if one is not None]


def _require_whole(work: Work, payment: Payment, held: Sequence[Credit]) -> None:
    require_no_refunds(work, payment, "given to another payer")
    if not payment.amount:
        raise Problem(
            f"Payment {payment.number} came without money.",
            hint="Nothing was changed. Void it, and enter its EOB for the right payer.",
        )
    if cases_of(work, applications_of(work, payment.id)):
        raise Problem(
            f"Payment {payment.number} is what an agency recovered of a case.",
            hint="Nothing was changed. Void it, and enter the recovery for the right case.",
        )
    if any(credit.balance for credit in held[1:]):
        raise Problem(
            f"Money of payment {payment.number} was transferred.",
            hint="Nothing was changed. Transfer it back first.",
        )
    adjusted = work.db.scalar(
        select(Adjustment.number)
        .where(Adjustment.payment_id == payment.id, Adjustment.status == AdjustmentStatus.POSTED)
        .limit(1)
    )
    if adjusted is not None:
        raise Problem(
            f"Adjustments came with payment {payment.number} ({adjusted}).",
            hint="Nothing was changed. Void the payment, and enter it for the right payer.",
        )
    others = {credit.id for credit in held[1:]}
    drawn = set(
        work.db.scalars(
            select(JournalLine.credit_id).where(
                JournalLine.entry_id.in_(applications_of(work, payment.id))
            )
        )
    )
    if drawn & others:
        raise Problem(
            f"Money of payment {payment.number} was transferred, and has paid a charge.",
            hint="Nothing was changed. Take that back first.",
        )


def _new_owner(
    work: Work, payment: Payment, guarantor_id: int | None, payer_id: int | None
) -> tuple[int | None, int | None]:
    if (guarantor_id is None) == (payer_id is None):
        raise Problem("A payment comes from one guarantor or one payer.", hint="Choose who paid.")
    if (guarantor_id, payer_id) == (payment.guarantor_id, payment.payer_id):
        raise Problem("That is who paid already.", hint="Nothing was changed.")
    known = (
        work.db.get(Guarantor, guarantor_id)
        if guarantor_id is not None
        else work.db.get(Payer, payer_id)
    )
    if known is None:
        raise Problem("Who paid is not in the books.", hint="Nothing was changed.")
    return guarantor_id, payer_id


def _new_credit(work: Work, payment: Payment, old: Credit, patient_id: int | None) -> Credit:
    """Open the credit of the new owner; the old one stays, empty."""
    if payment.payer_id is not None:
        return crediting.open_credit(
            work,
            old.kind,
            since=work.today(),
            payment_id=payment.id,
            payer_id=payment.payer_id,
            note=old.note,
        )
    whose = patient_id or work.db.scalar(
        select(Patient.id)
        .where(Patient.guarantor_id == payment.guarantor_id, Patient.withdrawn.is_(False))
        .order_by(Patient.id)
        .limit(1)
    )
    if whose is None or work.db.get(Patient, whose) is None:
        raise Problem(
            "Whose money the rest is has not been said.",
            hint="Nothing was changed. Choose the client whose credit it becomes.",
        )
    return crediting.open_credit(
        work,
        old.kind,
        since=work.today(),
        payment_id=payment.id,
        patient_id=whose,
        guarantor_id=payment.guarantor_id,
        note=old.note,
    )


def _post_receipt(work: Work, payment: Payment, credit: Credit) -> None:
    post(
        work,
        Draft(
            on=max(work.today(), payment.posted_on),
            kind=EntryKind.RECEIPT,
            memo=f"Payment {payment.number}, corrected",
            legs=receipt_legs(payment, credit),
        ),
    )


def _as_applications(work: Work, entry_ids: Sequence[int]) -> list[Application]:
    """Return what entries applied, as they can be applied again."""
    found = work.db.execute(
        select(JournalEntry.charge_id, JournalLine.account, JournalLine.amount, JournalLine.part)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalEntry.id.in_(entry_ids), JournalLine.credit_id.is_(None))
        .order_by(JournalEntry.id, JournalLine.id)
    )
    return [
        Application(
            row.charge_id,
            -row.amount,
            Side.PATIENT if row.part == "patient_paid" else Side.INSURANCE,
            recorded=row.account == RECORDED_IN_SIMPLEPRACTICE,
        )
        for row in found
    ]


def _may_pay(work: Work, one: Application, payer_id: int | None) -> bool:
    """Return whether a payer pays this charge at all; a guarantor may pay anybody's."""
    return payer_id is None or payer_id in payers_of(work, [one.charge_id])[one.charge_id]


def _from_words(work: Work, payment: Payment) -> str:
    if payment.payer_id is not None:
        return work.db.get_one(Payer, payment.payer_id).name
    person = work.db.get_one(Guarantor, payment.guarantor_id)
    return f"{person.name} ({person.number})"


def _words(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    return str(plain(value) or "none")
