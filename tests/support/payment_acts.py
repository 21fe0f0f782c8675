"""Every command on received money, ready to be run: for the battery that each of them passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.payment import CreditKind, Payment, PaymentMethod
from fscdesk.models.refund import Refund
from fscdesk.models.values import Money
from fscdesk.services.billing.account_fees import charge_fee, void_fee
from fscdesk.services.office import Office
from fscdesk.services.payments import (
    approving,
    correcting,
    disputing,
    refunding,
    returning,
    transferring,
    voiding_refunds,
)
from fscdesk.services.payments.applying import Application, applications_of
from fscdesk.services.payments.receiving import Received, Rest
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, pay, received
from tests.support.second_person import manager

LATER = date(2026, 4, 11)


@dataclass(frozen=True)
class Act:
    """A command that stands ready: at whose desk, and what it does.

    ``guarded`` says that it asks for a right of its own.
    """

    office: Office
    act: Callable[[Work], Any]
    guarded: bool = True


def setting(books: Office, key: str, value: object) -> None:
    """Set one setting of the practice."""
    from fscdesk.models.setting import Setting

    def put(work: Work) -> None:
        work.db.merge(
            Setting(key=key, value=value, changed_by=work.actor.staff_id, changed_at=work.now())
        )

    books.write(put)


def unapplied(books: Office, till: Till, cents: int = 150_00, **facts: object) -> Received:
    """Post a check of Alma's guarantor that stays a credit of Alma."""
    return received(books, pay(till, cents, rest=Rest(patient_id=till.alma), **facts))


def partly(books: Office, till: Till) -> Received:
    """Post a check over 150.00, of which 30.00 pays Alma's first copay."""
    parts = (Application(till.copays[0], Money(30_00)),)
    return received(books, pay(till, 150_00, *parts))


def version_of(books: Office, payment_id: int) -> int:
    """Return the version of a payment as it is now."""
    return books.read(lambda work: work.db.get_one(Payment, payment_id).version)


def asked(books: Office, credit_id: int, cents: int, **facts: Any) -> refunding.Asked:
    """Ask for a refund."""
    new = refunding.NewRefund(credit_id, Money(cents), "Paid twice", **facts)
    return books.write(lambda work: refunding.request_refund(work, new)).value


def request_of(books: Office, refund_id: int) -> tuple[int, int]:
    """Return the request of a refund, and its version."""

    def look(work: Work) -> tuple[int, int]:
        refund = work.db.get_one(Refund, refund_id)
        request = work.db.scalars(select(ApprovalRequest).filter_by(id=refund.request_id)).one()
        return request.id, request.version

    return books.read(look)


def _apply(books: Office, till: Till) -> Act:
    one = unapplied(books, till)
    parts = [Application(till.copays[0], Money(30_00)), Application(till.own, Money(5_00))]
    return Act(
        books,
        lambda work: transferring.apply_credit(
            work, one.credit_id, parts, on=LATER, seen=Money(150_00)
        ),
    )


def _take_back(books: Office, till: Till) -> Act:
    one = partly(books, till)
    (entry,) = books.read(lambda work: applications_of(work, one.payment_id))
    return Act(books, lambda work: transferring.take_back(work, entry, reason="wrong session"))


def _transfer(books: Office, till: Till) -> Act:
    one = unapplied(books, till)
    return Act(
        books,
        lambda work: transferring.transfer(
            work,
            one.credit_id,
            amount=Money(60_00),
            to_patient=till.ben,
            reason="meant for Ben",
            on=LATER,
            seen=Money(150_00),
        ),
    )


def _change_kind(books: Office, till: Till) -> Act:
    one = unapplied(books, till)
    return Act(
        books,
        lambda work: transferring.change_kind(
            work,
            one.credit_id,
            CreditKind.RETAINER,
            reason="agreed",
            seen=CreditKind.OVERPAYMENT,
        ),
    )


def _return(books: Office, till: Till) -> Act:
    one = partly(books, till)
    version = version_of(books, one.payment_id)
    return Act(
        books,
        lambda work: returning.return_payment(
            work,
            one.payment_id,
            on=LATER,
            reason="not covered",
            expected_version=version,
            fee=Money(25_00),
        ),
    )


def _undo_return(books: Office, till: Till) -> Act:
    one = _return(books, till)
    books.write(one.act)
    payment_id, version = books.read(
        lambda work: work.db.execute(select(Payment.id, Payment.version)).one()
    )
    return Act(
        books,
        lambda work: returning.undo_return(
            work, payment_id, reason="another check", expected_version=version
        ),
    )


def _charge_back_part(books: Office, till: Till) -> Act:
    parts = (Application(till.copays[0], Money(30_00)),)
    new = replace(pay(till, 40_00, *parts), method=PaymentMethod.CARD)
    one = received(books, new)
    version = version_of(books, one.payment_id)
    return Act(
        books,
        lambda work: disputing.charge_back_part(
            work,
            one.payment_id,
            Money(25_00),
            on=LATER,
            reason="disputed",
            expected_version=version,
            fee=Money(15_00),
        ),
    )


def _charged_back(books: Office, till: Till) -> tuple[int, int]:
    """Return a payment of which a part is charged back, and its version."""
    books.write(_charge_back_part(books, till).act)
    row = books.read(lambda work: work.db.execute(select(Payment.id, Payment.version)).one())
    return row.id, row.version


def _win_dispute(books: Office, till: Till) -> Act:
    payment_id, version = _charged_back(books, till)
    return Act(
        books,
        lambda work: disputing.win_dispute(
            work, payment_id, on=LATER, reason="won", expected_version=version
        ),
    )


def _take_dispute_back(books: Office, till: Till) -> Act:
    payment_id, version = _charged_back(books, till)
    return Act(
        books,
        lambda work: disputing.take_dispute_back(
            work, payment_id, reason="another payment", expected_version=version
        ),
    )


def _facts(books: Office, till: Till) -> Act:
    one = partly(books, till)
    now = books.read(lambda work: correcting.facts_of(work.db.get_one(Payment, one.payment_id)))
    version = version_of(books, one.payment_id)
    new = replace(now, reference="1048", check_on=DAY)
    return Act(
        books,
        lambda work: correcting.correct_facts(
            work, one.payment_id, new, reason="misread", expected_version=version
        ),
    )


def _amount(books: Office, till: Till) -> Act:
    one = partly(books, till)
    version = version_of(books, one.payment_id)
    return Act(
        books,
        lambda work: correcting.correct_amount(
            work, one.payment_id, Money(105_00), reason="misread", expected_version=version
        ),
    )


def _payer(books: Office, till: Till) -> Act:
    one = partly(books, till)
    version = version_of(books, one.payment_id)
    return Act(
        books,
        lambda work: correcting.correct_payer(
            work,
            one.payment_id,
            guarantor_id=till.ben_pays,
            reason="it was Ben's check",
            expected_version=version,
        ),
    )


def _void(books: Office, till: Till) -> Act:
    one = partly(books, till)
    version = version_of(books, one.payment_id)
    return Act(
        books,
        lambda work: correcting.void_payment(
            work, one.payment_id, reason="entered twice", expected_version=version
        ),
    )


def _request(books: Office, till: Till) -> Act:
    one = unapplied(books, till)
    new = refunding.NewRefund(one.credit_id, Money(150_00), "Paid twice")
    return Act(books, lambda work: refunding.request_refund(work, new))


def _pay(books: Office, till: Till) -> Act:
    refund = asked(books, unapplied(books, till).credit_id, 100_00)
    return Act(
        books,
        lambda work: refunding.pay_refund(
            work, refund.refund_id, on=LATER, reference="2001", expected_version=refund.version
        ),
    )


def _cancel(books: Office, till: Till) -> Act:
    refund = asked(books, unapplied(books, till).credit_id, 100_00)
    return Act(
        books,
        lambda work: refunding.cancel_refund(
            work, refund.refund_id, reason="keeps it", expected_version=refund.version
        ),
    )


def _void_refund(books: Office, till: Till) -> Act:
    one = _pay(books, till)
    books.write(one.act)
    refund_id, version = books.read(
        lambda work: work.db.execute(select(Refund.id, Refund.version)).one()
    )
    return Act(
        books,
        lambda work: voiding_refunds.void_refund(
            work, refund_id, reason="never cashed", expected_version=version
        ),
    )


def _approve(books: Office, till: Till) -> Act:
    refund = asked(books, unapplied(books, till).credit_id, 150_00)
    request, version = request_of(books, refund.refund_id)
    return Act(
        manager(books),
        lambda work: approving.approve(work, request, note="seen", expected_version=version),
    )


def _refuse(books: Office, till: Till) -> Act:
    refund = asked(books, unapplied(books, till).credit_id, 150_00)
    request, version = request_of(books, refund.refund_id)
    return Act(
        manager(books),
        lambda work: approving.refuse(work, request, note="wait", expected_version=version),
    )


def _withdraw(books: Office, till: Till) -> Act:
    refund = asked(books, unapplied(books, till).credit_id, 150_00)
    request, version = request_of(books, refund.refund_id)
    return Act(
        books,
        lambda work: approving.withdraw(work, request, expected_version=version),
        guarded=False,
    )


def _void_fee(books: Office, till: Till) -> Act:
    fee = books.write(
        lambda work: charge_fee(
            work,
            patient_id=till.alma,
            guarantor_id=till.alma_pays,
            amount=Money(25_00),
            code="LATE",
            on=DAY,
            memo="",
        )
    ).value
    return Act(books, lambda work: void_fee(work, fee, on=LATER, reason="waived"), guarded=False)


ACTS: Mapping[str, Callable[[Office, Till], Act]] = MappingProxyType(
    {
        "apply_credit": _apply,
        "take_back": _take_back,
        "transfer": _transfer,
        "change_kind": _change_kind,
        "return_payment": _return,
        "undo_return": _undo_return,
        "charge_back_part": _charge_back_part,
        "win_dispute": _win_dispute,
        "take_dispute_back": _take_dispute_back,
        "correct_facts": _facts,
        "correct_amount": _amount,
        "correct_payer": _payer,
        "void_payment": _void,
        "request_refund": _request,
        "pay_refund": _pay,
        "cancel_refund": _cancel,
        "void_refund": _void_refund,
        "approve": _approve,
        "refuse": _refuse,
        "withdraw": _withdraw,
        "void_fee": _void_fee,
    }
)
"""By name; each prepares the books and returns the act. Each can be done once only."""
