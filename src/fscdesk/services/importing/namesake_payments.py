"""Moves SimplePractice's payments between clients of one name once the reports tell whose they are.

A payment export has no clinician: before anything shows that a name is two people, all of that
name's money is the one client's. What a later file tells is what an earlier one would have told,
so the end is the same in every order. What a person decided or did with a payment is left alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from sys import maxsize

from sqlalchemy import case, func, or_, select

from fscdesk.models.charge import Side
from fscdesk.models.import_batch import BatchStatus, ImportAnswer, ImportBatch, ImportRow
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import Credit, Payment, PaymentOrigin, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.session import Session
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.importing.reports.known_payments import WhoPaid
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE, UNDEPOSITED
from fscdesk.services.ledger.posting import Draft, post, reverse_all
from fscdesk.services.payments.applying import applications_of, unapply
from fscdesk.services.payments.holding import receipts_of, write_change
from fscdesk.services.payments.receiving import receipt_legs
from fscdesk.services.work import Topic, Work

REASON = "The reports tell two clients of this name apart"
Told = Mapping[tuple[int, date], int]
"""What the income allocation says that a client paid on a day, in cents."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A payment out of a report, and the client whose money it is here."""

    payment_id: int
    credit_id: int
    owner: int
    paid_on: date
    amount: Money
    batch_id: int


def rehome_payments(
    work: Work, groups: Sequence[Collection[int]], *, on: date, batch_id: int
) -> int:
    """Give payments to the client of a shared name who paid them, as far as that is told now.

    ``groups`` are the clients of each name. The income allocation tells by the clinician; where
    it is silent, a session that is called paid does, but only for clients who were not known
    when the payment came. Returns how many moved, each by a receipt that is posted anew.
    """
    everybody = {one for group in groups for one in group}
    held = _held(work, everybody)
    if not held:
        return 0
    told = _told(work, everybody)
    moves: dict[int, tuple[_Held, int]] = {}
    for group in groups:
        for one, taker in _as_told([held_by for p in group for held_by in held[p]], group, told):
            moves.setdefault(one.payment_id, (one, taker))
    for one, taker in _as_called_paid(work, held, groups, told):
        moves.setdefault(one.payment_id, (one, taker))
    return sum(_move(work, one, taker, on, batch_id) for one, taker in moves.values())


def follow_receipts(work: Work, batch_id: int) -> None:
    """Say of payments whose receipts an import had posted anew who paid them, now it is undone."""
    found = work.db.scalars(
        select(Payment)
        .where(
            Payment.id.in_(
                select(JournalLine.payment_id)
                .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
                .where(JournalEntry.batch_id == batch_id, JournalEntry.kind == EntryKind.RECEIPT)
            ),
            or_(Payment.batch_id.is_(None), Payment.batch_id != batch_id),
            Payment.guarantor_id.is_not(None),
        )
        .order_by(Payment.id)
    )
    for payment in found.all():
        whose = work.db.scalar(
            select(JournalLine.guarantor_id).where(
                JournalLine.entry_id.in_(receipts_of(work, payment.id)),
                JournalLine.account == UNDEPOSITED,
            )
        )
        if whose is not None and whose != payment.guarantor_id:
            _say_who_paid(work, payment, whose, "The import that told it was undone")
    work.db.flush()


def _held(work: Work, patients: Collection[int]) -> dict[int, list[_Held]]:
    """Return the payments that reports brought for some clients, oldest first."""
    rows: dict[int, list[_Held]] = defaultdict(list)
    for row in work.db.execute(
        select(
            Payment.id,
            Credit.id.label("credit_id"),
            Credit.patient_id,
            Payment.received_on,
            Payment.amount,
            Payment.batch_id,
        )
        .join(Credit, Credit.payment_id == Payment.id)
        .where(
            among(work, Credit.patient_id, patients),
            Payment.origin == PaymentOrigin.SIMPLEPRACTICE,
            Payment.status == PaymentStatus.POSTED,
            Payment.batch_id.is_not(None),
        )
        .order_by(Payment.received_on, Payment.id, Credit.id)
    ):
        one = _Held(row.id, row.credit_id, row.patient_id or 0, *row[3:5], row.batch_id or 0)
        rows[one.payment_id].append(one)
    found: dict[int, list[_Held]] = defaultdict(list)
    for payment_id, filling in rows.items():
        filled = None if len(filling) == 1 else _filled(work, payment_id)
        for one in filling:
            if filled in (None, one.credit_id):
                found[one.owner].append(one)
    return found


def _filled(work: Work, payment_id: int) -> int | None:
    """Return the credit that the standing receipt of a payment filled."""
    return work.db.scalar(
        select(JournalLine.credit_id).where(
            JournalLine.entry_id.in_(receipts_of(work, payment_id)),
            JournalLine.credit_id.is_not(None),
        )
    )


def _told(work: Work, patients: Collection[int]) -> Told:
    found: dict[tuple[int, date], int] = defaultdict(int)
    for patient_id, paid_on, amount in work.db.execute(
        select(
            ReportedAllocation.patient_id, ReportedAllocation.paid_on, ReportedAllocation.amount
        ).where(
            among(work, ReportedAllocation.patient_id, patients),
            ReportedAllocation.side == Side.PATIENT,
            ReportedAllocation.amount > ZERO,
        )
    ):
        found[patient_id or 0, paid_on] += amount.cents
    return found


def _as_told(
    theirs: Sequence[_Held], group: Collection[int], told: Told
) -> Iterable[tuple[_Held, int]]:
    """Yield the payments of which somebody has too much of a day, and just one too little."""
    for day in sorted({one.paid_on for one in theirs}):
        there = [one for one in theirs if one.paid_on == day]
        lacks = {patient: told.get((patient, day), 0) for patient in group}
        for one in there:
            lacks[one.owner] -= one.amount.cents
        for one in there:
            takers = [patient for patient in group if lacks[patient] >= one.amount.cents]
            if lacks[one.owner] <= -one.amount.cents and len(takers) == 1:
                lacks[one.owner] += one.amount.cents
                lacks[takers[0]] -= one.amount.cents
                yield one, takers[0]


def _as_called_paid(
    work: Work,
    held: Mapping[int, Sequence[_Held]],
    groups: Sequence[Collection[int]],
    told: Told,
) -> Iterable[tuple[_Held, int]]:
    """Yield the payments for which a session speaks of a client who came to be known later."""
    first = _first_seen(work, {one for group in groups for one in group})
    who_paid: WhoPaid | None = None
    for group in groups:
        for one in (one for patient in group for one in held.get(patient, ())):
            later = [p for p in group if p != one.owner and first[p].known > one.batch_id]
            if not later or told.get((one.owner, one.paid_on)):
                continue
            who_paid = who_paid or WhoPaid(work)
            # Of a client who had been seen before, money may be on account.
            sure = first[one.owner].seen <= one.batch_id
            taker = who_paid.one_of(group, one.paid_on, one.amount, exactly=sure)
            if taker in later:
                yield one, taker


@dataclass(frozen=True, slots=True)
class _Since:
    """The import by which a client came to be known, and the first that brought a session.

    Zero for what was typed here.
    """

    known: int
    seen: int


def _first_seen(work: Work, patients: Collection[int]) -> dict[int, _Since]:
    seen = {
        patient_id: first or 0
        for patient_id, first in work.db.execute(
            select(Session.patient_id, func.min(func.coalesce(Session.batch_id, 0)))
            .where(among(work, Session.patient_id, patients), Session.withdrawn_by.is_(None))
            .group_by(Session.patient_id)
        )
    }
    rows = work.db.execute(
        select(
            Patient.id,
            case((Patient.batch_id.is_(None), 0), else_=ImportBatch.id),
        )
        .outerjoin(
            ImportBatch,
            (ImportBatch.id == Patient.batch_id) & (ImportBatch.status == BatchStatus.APPLIED),
        )
        .where(among(work, Patient.id, patients), Patient.withdrawn.is_(False))
    )
    found = {
        patient_id: _Since(
            seen.get(patient_id, maxsize) if made_by is None else made_by,
            seen.get(patient_id, maxsize),
        )
        for patient_id, made_by in rows
    }
    asleep = _Since(0, maxsize)
    return {one: found.get(one, asleep) for one in patients}


def _move(work: Work, one: _Held, taker: int, on: date, batch_id: int) -> bool:
    """Post the receipt of a payment anew for another client, dated as it was."""
    applied = applications_of(work, one.payment_id)
    receipts = receipts_of(work, one.payment_id)
    if not _only_reports_moved_it(work, one, [*applied, *receipts]):
        return False
    payment = work.db.get_one(Payment, one.payment_id, with_for_update=True)
    old, patient = work.db.get_one(Credit, one.credit_id), work.db.get_one(Patient, taker)
    unapply(work, applied, on=on, reason=REASON, batch_id=batch_id)
    reverse_all(work, receipts, on=None, reason=REASON, batch_id=batch_id)
    _say_who_paid(work, payment, patient.guarantor_id, REASON)
    credit = crediting.open_credit(
        work,
        old.kind,
        since=old.since,
        payment_id=payment.id,
        patient_id=taker,
        guarantor_id=patient.guarantor_id,
        note=old.note,
    )
    memo = f"Payment {payment.number}"
    legs = receipt_legs(payment, credit)
    post(work, Draft(payment.posted_on, EntryKind.RECEIPT, memo, legs), batch_id=batch_id)
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    work.db.expire_all()
    return True


def _only_reports_moved_it(work: Work, one: _Held, entries: Collection[int]) -> bool:
    """Say whether nobody has decided whose a payment is, and imports alone have moved it."""
    by_hand = work.db.scalar(
        select(JournalEntry.id)
        .where(among(work, JournalEntry.id, entries), JournalEntry.batch_id.is_(None))
        .limit(1)
    )
    elsewhere = work.db.scalar(
        select(JournalLine.id)
        .where(
            among(work, JournalLine.entry_id, entries),
            JournalLine.credit_id.is_(None),
            JournalLine.account.not_in((RECORDED_IN_SIMPLEPRACTICE, UNDEPOSITED)),
        )
        .limit(1)
    )
    shared = work.db.scalar(
        select(Credit.id)
        .where(Credit.payment_id == one.payment_id, Credit.id != one.credit_id)
        .where(Credit.balance != ZERO)
        .limit(1)
    )
    refunded = work.db.scalar(
        select(Refund.id)
        .where(Refund.payment_id == one.payment_id, Refund.status != RefundStatus.CANCELLED)
        .limit(1)
    )
    if any(found is not None for found in (by_hand, elsewhere, shared, refunded)):
        return False
    rows = work.db.scalars(
        select(ImportRow.raw).where(
            ImportRow.noun == "payment",
            ImportRow.noun_id == one.payment_id,
            ImportRow.batch_id == one.batch_id,
        )
    )
    return not any(
        work.db.scalar(
            select(ImportAnswer.question)
            .where(ImportAnswer.question.like(f"which:%|{row_digest(raw)}"))
            .limit(1)
        )
        for raw in rows
    )


def row_digest(raw: str) -> str:
    """Return what names a row of a report in the question whom it means."""
    return hashlib.sha256(raw.encode()).hexdigest()[:12]


def _say_who_paid(work: Work, payment: Payment, guarantor_id: int, reason: str) -> None:
    was, now = (
        f"{person.name} ({person.number})"
        for person in (
            work.db.get_one(Guarantor, payment.guarantor_id),
            work.db.get_one(Guarantor, guarantor_id),
        )
    )
    payment.guarantor_id = guarantor_id
    write_change(work, payment, "from", old=was, new=now, reason=reason)
