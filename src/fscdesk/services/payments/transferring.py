"""Moves money that is not applied: to charges and back, to another client, to another kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, CreditKind, Payment
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.billing.credit_memos import require_spendable, take_rest_of_void
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.editing import locked, require_unchanged, text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import About, Draft, post
from fscdesk.services.payments.applying import Application, Applied, apply, unapply
from fscdesk.services.payments.holding import (
    lock_charges_of,
    locked_credit,
    locked_payment,
    require_day,
    require_free,
    write_change,
)
from fscdesk.services.payments.recouped import require_not_recouped
from fscdesk.services.payments.sharing import require_policy
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class Transferred:
    """The entry of a transfer, and the credit that the money is in now."""

    entry_id: int
    credit_id: int
    amount: Money


def apply_credit(
    work: Work,
    credit_id: int,
    applications: Sequence[Application],
    *,
    on: date,
    seen: Money | None = None,
) -> Applied:
    """Apply money that is left to charges; ``seen`` is what the person saw to be left.

    Raises Problem for more than is free (a refund that waits keeps its part), and what
    ``applying.apply`` raises.
    """
    require(work, Right.POST_PAYMENT, "apply credits")
    credit = _seen(work, credit_id, seen)
    require_spendable(work, credit)
    require_not_recouped(credit, "applied")
    if not applications:
        raise Problem("No charge was chosen.", hint="Nothing was posted. Type an amount first.")
    require_day(work, on, "The day", since=credit.since)
    total = Money(sum(one.amount.cents for one in applications))
    if any(one.amount.cents <= 0 for one in applications):
        raise Problem("An amount to apply must be above zero.", hint="Nothing was posted.")
    require_free(work, credit, total, "applied")
    if credit.guarantor_id is not None:
        require_policy(work, applications)
    done = apply(work, credit, applications, on=on)
    record(
        work,
        "apply_credit",
        "credit",
        credit_id,
        amount=total.plain(),
        entries=list(done.entry_ids),
    )
    return done


def take_back(work: Work, entry_id: int, *, reason: str, on: date | None = None) -> int:
    """Take one application back, so that its money is a credit again; return the entry.

    ``on`` is today unless given. What returns to a void credit memo is taken back with it.
    Raises ChangedElsewhere when it was taken back before.
    """
    require(work, Right.CORRECT_PAYMENT, "take applied money back")
    words = text_of(reason, "the reason", longest=300, required=True)
    found = work.db.execute(
        select(JournalLine.credit_id, JournalLine.amount, JournalLine.payment_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalLine.entry_id == entry_id,
            JournalLine.credit_id.is_not(None),
            JournalEntry.kind == EntryKind.APPLIED,
        )
    ).first()
    if found is None or found.credit_id is None:
        raise Problem("This is not an application of money.", hint="Nothing was changed.")
    payment = None if found.payment_id is None else locked_payment(work, found.payment_id)
    locked(work, Credit, found.credit_id, "this credit")
    if not standing(work, [entry_id]):
        raise ChangedElsewhere(
            "This was taken back before.", hint="Nothing was changed. Look at the payment again."
        )
    lock_charges_of(work, [entry_id])
    when = work.today() if on is None else on
    require_day(work, when, "The day")
    (reversal,) = unapply(work, [entry_id], on=when, reason=words)
    take_rest_of_void(work, found.credit_id)
    entry = work.db.get_one(JournalEntry, entry_id)
    if entry.charge_id is not None:
        reopen_unpaid(work, [entry.charge_id], on=max(when, work.today()))
    if payment is not None:
        amount = found.amount
        charge = work.db.execute(
            select(Charge.code, Charge.service_day)
            .join(JournalEntry, JournalEntry.charge_id == Charge.id)
            .where(JournalEntry.id == entry_id)
        ).one()
        write_change(
            work,
            payment,
            "application",
            old=f"{amount} applied to {charge.code} of {charge.service_day:%m/%d/%Y}",
            new="Not applied",
            reason=words,
        )
    record(work, "take_back", "journal_entry", entry_id, reversal=reversal)
    return reversal


def transfer(
    work: Work,
    credit_id: int,
    *,
    amount: Money,
    to_patient: int,
    reason: str,
    on: date,
    kind: CreditKind | None = None,
    seen: Money | None = None,
) -> Transferred:
    """Move a credit, or a part of it, to another client: Dr 2400 theirs, Cr 2400 the other's.

    It stays money of the same payment, so a refund still goes to who paid it. The entry names
    both by their numbers, as entries leave the practice with the books. Raises Problem for a
    payer's money, for the same client, and for more than is free.
    """
    require(work, Right.CORRECT_PAYMENT, "transfer credits")
    words = text_of(reason, "the reason", longest=300, required=True)
    credit = _seen(work, credit_id, seen)
    giver, taker = _both(work, credit, to_patient)
    require_day(work, on, "The day", since=credit.since)
    require_free(work, credit, amount, "transferred")
    gained = crediting.open_credit(
        work,
        kind or credit.kind,
        since=on,
        payment_id=credit.payment_id,
        patient_id=taker.id,
        guarantor_id=taker.guarantor_id,
        note=credit.note,
    )
    entry_id = post(
        work,
        Draft(
            on=on,
            kind=EntryKind.TRANSFER,
            memo=f"Transfer from {giver.number} to {taker.number}",
            legs=(
                crediting.leg(credit, amount.cents, Part.TRANSFER),
                crediting.leg(gained, -amount.cents, Part.TRANSFER),
            ),
            about=About(payment_id=credit.payment_id),
        ),
    )
    if credit.payment_id is not None:
        write_change(
            work,
            work.db.get_one(Payment, credit.payment_id),
            "transfer",
            old=f"{amount} of {_long(giver)}",
            new=_long(taker),
            reason=words,
        )
    record(
        work,
        "transfer_credit",
        "credit",
        credit_id,
        amount=amount.plain(),
        to_patient=taker.id,
        entry=entry_id,
    )
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    gained_id = gained.id
    work.db.expire_all()
    return Transferred(entry_id, gained_id, amount)


def change_kind(
    work: Work, credit_id: int, kind: CreditKind, *, reason: str, seen: CreditKind
) -> None:
    """Say anew why money is not applied (prepayment, overpayment, retainer).

    A credit memo is not money: no credit becomes one or stops being one.
    """
    require(work, Right.CORRECT_PAYMENT, "change credits")
    words = text_of(reason, "the reason", longest=300, required=True)
    credit = locked_credit(work, credit_id)
    require_unchanged(credit.kind, seen, "this credit")
    if kind is credit.kind:
        return
    require_not_recouped(credit, "kept as another kind")
    if CreditKind.CREDIT_MEMO in (kind, credit.kind):
        raise Problem(
            "A credit memo is no money that came.",
            hint="Nothing was changed. Choose prepayment, overpayment or retainer.",
        )
    old, credit.kind = credit.kind, kind
    work.db.flush()
    if credit.payment_id is not None:
        write_change(
            work,
            work.db.get_one(Payment, credit.payment_id),
            "kind",
            old=old.value.replace("_", " "),
            new=kind.value.replace("_", " "),
            reason=words,
        )
    record(work, "change_credit", "credit", credit_id, old=old.value, new=kind.value)
    work.touch(Topic.PAYMENTS)


def _seen(work: Work, credit_id: int, seen: Money | None) -> Credit:
    credit = locked_credit(work, credit_id)
    if seen is not None:
        require_unchanged(credit.balance, seen, "this credit")
    return credit


def _both(work: Work, credit: Credit, to_patient: int) -> tuple[Patient, Patient]:
    if credit.patient_id is None:
        raise Problem(
            "This is a payer's money.",
            hint="Nothing was posted. It pays the payer's share, or goes back to the payer.",
        )
    if credit.kind is CreditKind.CREDIT_MEMO:
        raise Problem(
            "A credit memo is no money that came.",
            hint="Nothing was posted. Void it, and issue one for the other client.",
        )
    if credit.patient_id == to_patient:
        raise Problem("The money is this client's already.", hint="Nothing was posted.")
    taker = work.db.get(Patient, to_patient)
    if taker is None or taker.withdrawn:
        raise Problem("Who is to get the money is not in the books.", hint="Nothing was posted.")
    return work.db.get_one(Patient, credit.patient_id), taker


def _long(patient: Patient) -> str:
    return f"{patient.name} ({patient.number})"
