"""What a client is charged for money that the bank took back: made with its entry, gone with it.

The entry of such a fee names the payment and the number of the entry that took the money, so that
each of several chargebacks has its own. What was charged before the number stood there belongs to
the payment alone, and goes when nothing of it is taken any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.values import Money
from fscdesk.services.billing.account_fees import FeeCode, charge_fee, void_fee
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import FEES
from fscdesk.services.payments.policies import returned_fee
from fscdesk.services.work import Work


def return_fee_of(
    work: Work, payment: Payment, credit: Credit, fee: Money | None, *, on: date, entry_id: int
) -> tuple[Money, int | None]:
    """Charge the account for money that an entry took out; return the fee and its charge.

    ``fee`` None is the practice's own. Raises Problem for a fee of a payer.
    """
    if payment.guarantor_id is None or credit.patient_id is None:
        if fee:
            raise Problem(
                "A payer is charged no fee for a returned payment.",
                hint="Nothing was posted. Leave the fee empty.",
            )
        return Money(), None
    amount = returned_fee(work) if fee is None else fee
    if not amount:
        return amount, None
    charge_id = charge_fee(
        work,
        patient_id=credit.patient_id,
        guarantor_id=payment.guarantor_id,
        amount=amount,
        code=FeeCode.RETURNED,
        on=on,
        memo=_memos(work, payment, [entry_id])[0],
    )
    return amount, charge_id


def fees_of(work: Work, payment: Payment) -> list[int]:
    """Return every live fee of a payment that was taken back, by the words of their entries."""
    return _live(work, payment, or_(*_of_payment(payment)))


def fees_made_with(
    work: Work, payment: Payment, entry_ids: Collection[int], *, all_back: bool
) -> list[int]:
    """Return the live fees that were charged with entries that took money out.

    ``all_back``: nothing of the payment is taken any more, so those without a number count too.
    """
    memos = _memos(work, payment, entry_ids)
    if all_back:
        memos.append(_words(payment))
    return _live(work, payment, JournalEntry.memo.in_(memos))


def take_fees_back(work: Work, charge_ids: Iterable[int], reason: str) -> None:
    """Void fees, by the day of today. Raises Problem where a plan or an agency has one."""
    for charge_id in charge_ids:
        void_fee(work, charge_id, on=work.today(), reason=reason)


def fees_taken_by(work: Work, payment: Payment, win_id: int) -> list[tuple[Charge, str]]:
    """Return the fees that went with a win, each with the words of its entry.

    They went by the words of the win's own entry, before anything else was said of the dispute.
    """
    win = work.db.get_one(JournalEntry, win_id)
    later = work.db.scalar(
        select(func.min(JournalEntry.id))
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.payment_id == payment.id,
            JournalEntry.kind == EntryKind.RETURNED,
            JournalEntry.id > win_id,
        )
    )
    back = aliased(JournalEntry)
    found = (
        select(Charge, JournalEntry.memo)
        .join(JournalEntry, JournalEntry.charge_id == Charge.id)
        .join(back, back.reverses_id == JournalEntry.id)
        .where(
            Charge.guarantor_id == payment.guarantor_id,
            Charge.voided_on.is_not(None),
            JournalEntry.kind == EntryKind.CHARGE,
            or_(*_of_payment(payment)),
            back.memo == win.memo,
            back.id > win_id,
            *(() if later is None else (back.id < later,)),
        )
        .order_by(Charge.id)
    )
    return [(row[0], row[1]) for row in work.db.execute(found)]


def charge_again(work: Work, fees: Iterable[tuple[Charge, str]]) -> None:
    """Charge fees anew that were taken back, by the day of today: for what they were for."""
    for old, memo in list(fees):
        charge_fee(
            work,
            patient_id=old.patient_id,
            guarantor_id=old.guarantor_id,
            amount=old.amount,
            code=old.code,
            on=work.today(),
            memo=memo,
        )


def _words(payment: Payment) -> str:
    return f"Fee for returned payment {payment.number}"


def _memos(work: Work, payment: Payment, entry_ids: Collection[int]) -> list[str]:
    numbers = work.db.scalars(
        select(JournalEntry.number).where(JournalEntry.id.in_(entry_ids)).order_by(JournalEntry.id)
    )
    return [f"{_words(payment)} ({one})" for one in numbers]


def _of_payment(payment: Payment) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    words = _words(payment)
    return (
        JournalEntry.memo == words,
        JournalEntry.memo.startswith(f"{words} (", autoescape=True),
    )


def _live(work: Work, payment: Payment, which: ColumnElement[bool]) -> list[int]:
    found = (
        select(Charge.id)
        .join(JournalLine, JournalLine.charge_id == Charge.id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalLine.guarantor_id == payment.guarantor_id,
            JournalLine.account == FEES,
            JournalEntry.kind == EntryKind.CHARGE,
            Charge.voided_on.is_(None),
            which,
        )
        .distinct()
        .order_by(Charge.id)
    )
    return list(work.db.scalars(found))
