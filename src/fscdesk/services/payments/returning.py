"""Money that the bank takes back: returned checks (NSF) and card chargebacks, always whole.

The payment stays in the list. What it had paid is open again, and one entry of the bank's day
takes the money out: Dr the credit, Cr the account it was deposited in, 1000 where the books know
of no deposit yet (DESIGN.md 6): it stays undeposited until that is entered. The deposit of the
earlier day is left as it was (features 42). The fee is a charge of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.payment import (
    Credit,
    Payment,
    PaymentMethod,
    PaymentOrigin,
    PaymentStatus,
)
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.deposited import account_of_deposit
from fscdesk.services.banking.reconciliation_locks import require_unmatched
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse_all
from fscdesk.services.payments.applying import applications_of
from fscdesk.services.payments.disputed_money import memo_of_bank
from fscdesk.services.payments.following import follow_reversed
from fscdesk.services.payments.holding import (
    lock_charges_of,
    locked_credits,
    locked_payment,
    require_day,
    require_no_refunds,
    write_change,
)
from fscdesk.services.payments.return_fees import fees_of, return_fee_of, take_fees_back
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


class ReturnKind(enum.StrEnum):
    """Why the bank took the money back."""

    NSF = "returned"
    CHARGEBACK = "chargeback"


METHODS = {
    ReturnKind.NSF: frozenset(PaymentMethod) - {PaymentMethod.CASH, PaymentMethod.CARD},
    ReturnKind.CHARGEBACK: frozenset(
        {PaymentMethod.CARD, PaymentMethod.DEBIT, PaymentMethod.ONLINE, PaymentMethod.PLAN}
    ),
}
_WORDS = {ReturnKind.NSF: "returned", ReturnKind.CHARGEBACK: "charged back"}


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return did: its entry, the charges that are open again, the fee if one was charged.

    ``plans`` are the completed payment plans that are in force again, because it had paid them.
    ``contractual`` and ``moved`` are what the payer's answer keeps saying: what its contract took
    off, and what it made its members'. The claim was decided, only the money is missing.
    """

    entry_id: int
    reopened: tuple[int, ...]
    fee_charge_id: int | None
    fee: Money
    plans: tuple[int, ...] = ()
    contractual: Money = ZERO
    moved: Money = ZERO


def return_payment(
    work: Work,
    payment_id: int,
    *,
    on: date,
    reason: str,
    expected_version: int,
    kind: ReturnKind = ReturnKind.NSF,
    fee: Money | None = None,
) -> Returned:
    """Record that the bank took a whole payment back on a day.

    ``fee`` is what the account is charged for it: the practice's own fee unless given, none
    for a payer. What came with a payer's check (adjustments, whose share it is) stands: the
    claim was decided, the payer owes the money again, and ``Returned`` says what stands.
    Raises Problem, with nothing posted, when part of the money was refunded, or was transferred
    and has paid a charge of somebody else: those come first.
    """
    require(work, Right.CORRECT_PAYMENT, "mark payments as returned")
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked_payment(work, payment_id, expected_version)
    held = locked_credits(work, payment_id)
    _require(work, payment, held, kind, on)
    applied = applications_of(work, payment_id)
    lock_charges_of(work, applied)
    reopened = _charges_of(work, applied)
    said = f"{payment.number} was {_WORDS[kind]}"
    reversals = reverse_all(work, applied, on=on, reason=said)
    work.db.expire_all()
    follow_reversed(work, reversals, on=on, reason=said)
    entry_id = _take_out(work, payment, locked_credits(work, payment_id), on, said)
    payment.status = PaymentStatus.RETURNED
    write_change(
        work,
        payment,
        kind.value,
        old=f"Posted {payment.posted_on:%m/%d/%Y}",
        new=f"{_WORDS[kind].capitalize()} {on:%m/%d/%Y}",
        reason=words,
    )
    charged, fee_charge = return_fee_of(work, payment, held[0], fee, on=on, entry_id=entry_id)
    plans = reopen_unpaid(work, reopened, on=max(on, work.today()))
    contractual, moved = _standing_answer(work, payment_id)
    record(
        work,
        "return_payment",
        "payment",
        payment_id,
        kind=kind.value,
        amount=payment.amount.plain(),
        on=on.isoformat(),
        fee=charged.plain(),
    )
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS, Topic.LEDGER)
    if payment.origin is PaymentOrigin.REMITTANCE:
        work.touch(Topic.REMITTANCES, Topic.QUEUE)
    work.db.expire_all()
    return Returned(entry_id, reopened, fee_charge, charged, plans, contractual, moved)


def undo_return(work: Work, payment_id: int, *, reason: str, expected_version: int) -> None:
    """Take a return back that was recorded by mistake, with its fee.

    The money is a credit again, by the day of today; what it had paid is applied anew by a
    person, who sees what is open now. Raises Problem unless the payment was returned, and once
    the bank has shown it: that match comes apart first.
    """
    require(work, Right.CORRECT_PAYMENT, "take returns back")
    words = text_of(reason, "the reason", longest=300, required=True)
    payment = locked(work, Payment, payment_id, "this payment")
    require_version(payment, expected_version, f"payment {payment.number}")
    if payment.status is not PaymentStatus.RETURNED:
        raise Problem(f"Payment {payment.number} was not returned.", hint="Nothing was changed.")
    _require_not_undone(work, payment)
    locked_credits(work, payment_id)
    found = work.db.scalars(
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.payment_id == payment_id, JournalEntry.kind == EntryKind.RETURNED)
        .distinct()
    )
    returns = standing(work, found)
    require_unmatched(work, returns, f"The return of payment {payment.number}")
    reverse_all(work, returns, on=work.today(), reason=words)
    payment.status = PaymentStatus.POSTED
    write_change(work, payment, "return_undone", old="Returned", new="Posted", reason=words)
    take_fees_back(work, fees_of(work, payment), words)
    record(work, "undo_return", "payment", payment_id)
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    if payment.origin is PaymentOrigin.REMITTANCE:
        work.touch(Topic.REMITTANCES, Topic.QUEUE)
    work.db.expire_all()


def _require_not_undone(work: Work, payment: Payment) -> None:
    """Raise Problem for the money of a remittance that was undone after the return."""
    if payment.origin is not PaymentOrigin.REMITTANCE:
        return
    stands = work.db.scalar(
        select(Remittance.id).where(
            Remittance.payment_id == payment.id, Remittance.status != RemittanceStatus.UNDONE
        )
    )
    if stands is None:
        raise Problem(
            f"What payment {payment.number} had paid was undone with its remittance.",
            hint="Nothing was changed. Post the remittance again: it brings a payment of its own.",
        )


def _require(
    work: Work, payment: Payment, held: Sequence[Credit], kind: ReturnKind, on: date
) -> None:
    if payment.method not in METHODS[kind]:
        raise Problem(
            f"Payment {payment.number} came by {payment.method.value}; that is not"
            f" {_WORDS[kind]} by a bank.",
            hint="Nothing was posted. Correct the method first, or void the payment.",
        )
    if not payment.amount:
        raise Problem(
            f"Payment {payment.number} came without money.",
            hint="Nothing was posted. Void it if its EOB was entered by mistake.",
        )
    require_day(work, on, "The bank's day", since=min(payment.received_on, payment.posted_on))
    by_part = kind is ReturnKind.CHARGEBACK and payment.guarantor_id is not None
    instead = "Record the part that was charged back." if by_part else ""
    require_no_refunds(work, payment, _WORDS[kind], instead=instead)
    away = {
        credit.id: credit.guarantor_id
        for credit in held[1:]
        if credit.guarantor_id != payment.guarantor_id
    }
    for entry_id in applications_of(work, payment.id) if away else ():
        found = work.db.execute(
            select(Charge.code, Charge.service_day, Patient.name, JournalLine.amount)
            .join(JournalEntry, JournalEntry.charge_id == Charge.id)
            .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
            .join(Patient, Patient.id == Charge.patient_id)
            .where(JournalEntry.id == entry_id, JournalLine.credit_id.in_(away))
        ).first()
        if found is not None:
            raise Problem(
                f"{found.amount} of payment {payment.number} was transferred and has paid"
                f" {found.code} of {found.service_day:%m/%d/%Y} of {found.name}.",
                hint="Nothing was posted. Take that back first; then return the payment.",
            )


def _standing_answer(work: Work, payment_id: int) -> tuple[Money, Money]:
    """Return what of a payer's answer stands: taken off by contract, and made the clients'."""
    rows = work.db.execute(
        select(Adjustment.kind, func.sum(Adjustment.amount))
        .where(Adjustment.payment_id == payment_id, Adjustment.status == AdjustmentStatus.POSTED)
        .group_by(Adjustment.kind)
    )
    sums = {AdjustmentKind(kind): total for kind, total in rows}
    moved = sums.pop(AdjustmentKind.TO_PATIENT, ZERO) - sums.pop(AdjustmentKind.TO_PAYER, ZERO)
    return sum(sums.values(), ZERO), moved


def _take_out(work: Work, payment: Payment, held: Sequence[Credit], on: date, said: str) -> int:
    """Post the entry that takes the money out of every credit that holds some of it."""
    cents = sum(credit.balance.cents for credit in held)
    if cents != payment.amount.cents:
        raise Problem(
            f"{payment.amount - Money(cents)} of payment {payment.number} is used elsewhere.",
            hint="Nothing was posted. Look at what became of the payment first.",
        )
    owner = crediting.about(held[0])._replace(credit_id=None)
    return post(
        work,
        Draft(
            on=on,
            kind=EntryKind.RETURNED,
            memo=memo_of_bank(said, on),
            legs=(
                *(
                    crediting.leg(credit, credit.balance.cents, Part.RETURNED)
                    for credit in held
                    if credit.balance
                ),
                Leg(account_of_deposit(work, payment.id), -cents, Part.RETURNED, owner),
            ),
        ),
    )


def _charges_of(work: Work, entry_ids: Sequence[int]) -> tuple[int, ...]:
    found = select(JournalEntry.charge_id).where(
        JournalEntry.id.in_(entry_ids), JournalEntry.charge_id.is_not(None)
    )
    return tuple(sorted({one for one in work.db.scalars(found) if one is not None}))
