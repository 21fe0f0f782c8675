"""What the books know of payments before a report about money is planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select

from fscdesk.models.charge import Side
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among_words
from fscdesk.services.importing.reports.payment_words import CHECKS
from fscdesk.services.payments.clearing import open_items
from fscdesk.services.work import Work

NEAR = timedelta(days=14)
"""The same check may stand under another day here: it was typed when it came."""


GUARANTOR, PATIENT, PAYER = "guarantor", "patient", "payer"
Owner = tuple[str, int]
"""Whose money it is: one of the three words, and the id (of a plan, where it is to be made)."""


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment of the books. ``owner`` is the guarantor or the payer.

    ``check_on`` is the payer's own day, where it is known: a remittance may be read weeks later.
    """

    id: int
    number: str
    owner: Owner
    patient_id: int | None
    method: PaymentMethod
    reference: str
    amount: Money
    received_on: date
    status: PaymentStatus
    external_id: str | None
    deposited: bool
    check_on: date | None = None

    def is_near(self, day: date) -> bool:
        """Return whether a report may tell this payment under that day."""
        known = (self.received_on, self.check_on)
        return any(one is not None and abs(one - day) <= NEAR for one in known)


@dataclass(frozen=True, slots=True)
class KnownRefund:
    """A refund of the books, to a client or a payer; ``key`` is what a report told."""

    id: int
    number: str
    owner: Owner
    amount: Money
    paid_on: date
    key: str | None


def _payments() -> Any:
    return select(
        Payment.id,
        Payment.number,
        Payment.guarantor_id,
        Payment.payer_id,
        Payment.method,
        Payment.reference,
        Payment.amount,
        Payment.received_on,
        Payment.status,
        Payment.external_id,
        Payment.deposited_on,
        Payment.check_on,
        select(Credit.patient_id)
        .where(Credit.payment_id == Payment.id)
        .order_by(case((Credit.guarantor_id == Payment.guarantor_id, 0), else_=1), Credit.id)
        .limit(1)
        .scalar_subquery()
        .label("patient_id"),
    )


def _known(row: Any) -> KnownPayment:
    owner = (GUARANTOR, row.guarantor_id) if row.payer_id is None else (PAYER, row.payer_id)
    return KnownPayment(
        id=row.id,
        number=row.number,
        owner=owner,
        patient_id=row.patient_id,
        method=row.method,
        reference=row.reference,
        amount=row.amount,
        received_on=row.received_on,
        status=row.status,
        external_id=row.external_id,
        deposited=row.deposited_on is not None,
        check_on=row.check_on,
    )


def payments_with_keys(work: Work, keys: Collection[str]) -> dict[str, KnownPayment]:
    """Return the payments that a report has told before, by their keys."""
    rows = work.db.execute(_payments().where(among_words(work, Payment.external_id, keys)))
    return {row.external_id: _known(row) for row in rows}


def payments_between(work: Work, first: date, last: date) -> list[KnownPayment]:
    """Return every payment that stands, received (or a check of) from the first day to the last."""
    rows = work.db.execute(
        _payments()
        .where(
            _between(first, last),
            Payment.status == PaymentStatus.POSTED,
        )
        .order_by(Payment.received_on, Payment.id)
    )
    return [_known(row) for row in rows]


def _between(first: date, last: date) -> ColumnElement[bool]:
    return or_(Payment.received_on.between(first, last), Payment.check_on.between(first, last))


def payments_without_id(work: Work, first: date, last: date) -> list[KnownPayment]:
    """Return the payments near these days that no id of SimplePractice stands with yet."""
    rows = work.db.execute(
        _payments()
        .where(
            _between(first - NEAR, last + NEAR),
            Payment.status == PaymentStatus.POSTED,
            or_(Payment.external_id.is_(None), Payment.external_id.startswith(CHECKS)),
        )
        .order_by(Payment.received_on, Payment.id)
    )
    return [_known(row) for row in rows]


def refunds_of(work: Work, first: date, last: date, keys: Collection[str]) -> list[KnownRefund]:
    """Return the paid refunds of these keys, and those near these days that have none."""
    rows = work.db.execute(
        select(
            Refund.id,
            Refund.number,
            Credit.patient_id,
            Credit.payer_id,
            Refund.amount,
            Refund.paid_on,
            Refund.request_key,
        )
        .join(Credit, Credit.id == Refund.credit_id)
        .where(
            Refund.status == RefundStatus.PAID,
            or_(
                among_words(work, Refund.request_key, keys),
                Refund.paid_on.between(first - NEAR, last + NEAR),
            ),
        )
        .order_by(Refund.id)
    )
    return [
        KnownRefund(
            row.id,
            row.number,
            (PATIENT, row.patient_id) if row.payer_id is None else (PAYER, row.payer_id),
            row.amount,
            row.paid_on or first,
            row.request_key,
        )
        for row in rows
    ]


class WhoPaid:
    """Which of several clients of one name paid an amount on a day; asked once, then known."""

    def __init__(self, work: Work) -> None:
        self._told: dict[tuple[date, int], set[int]] = defaultdict(set)
        for patient_id, paid_on, amount in work.db.execute(
            select(
                ReportedAllocation.patient_id,
                ReportedAllocation.paid_on,
                ReportedAllocation.amount,
            ).where(ReportedAllocation.side == Side.PATIENT)
        ):
            if patient_id is not None:
                self._told[paid_on, amount.cents].add(patient_id)
        self._open: dict[tuple[date, int], set[int]] = defaultdict(set)
        self._owes: set[int] = set()
        for item in open_items(work, Side.PATIENT):
            self._open[item.day, item.left].add(item.patient_id)
            self._owes.add(item.patient_id)

    def one_of(
        self, patients: Collection[int], day: date, amount: Money, *, exactly: bool = False
    ) -> int | None:
        """Return the only one of some clients whom the books know to have paid this.

        ``exactly`` leaves out who is only the one of them that has anything called paid.
        """
        told = self._told[day, amount.cents], self._open[day, amount.cents]
        for found in (
            *(one & set(patients) for one in told),
            set() if exactly else self._owes & set(patients),
        ):
            if len(found) == 1:
                return next(iter(found))
        return None
