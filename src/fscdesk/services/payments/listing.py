"""The list of payments: what it finds, in which order, with which sums.

Ids come first: by day or number they are read from the index, the top of any other order without
sorting the rest, and what is deep in it is put in order once and kept until a payment changes.
Only the rows of a page are joined to names.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, select, type_coerce

from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentOrigin, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold, sort_name
from fscdesk.services.payments.payment_filters import VIEWS, PaymentFilter, matching
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work

__all__ = ["SORTS", "VIEWS", "PaymentFilter", "PaymentRow", "page_of_payments", "payment_counts"]

TOPICS = frozenset({Topic.PAYMENTS, Topic.LEDGER, Topic.PATIENTS, Topic.PAYERS, Topic.IMPORTS})


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as the list shows it. ``applied`` is what went to charges and stayed there."""

    id: int
    number: str
    posted_on: date
    from_name: str
    guarantor_id: int | None
    payer_id: int | None
    method: PaymentMethod
    reference: str
    amount: Money
    applied: Money
    unapplied: Money
    refunded: Money
    status: PaymentStatus
    origin: PaymentOrigin
    received_on: date
    check_on: date | None
    deposited_on: date | None
    banked_on: date | None
    version: int


_HELD = (
    select(Credit.payment_id, type_coerce(func.sum(Credit.balance), BigInteger).label("cents"))
    .where(Credit.balance != ZERO, Credit.payment_id.is_not(None))
    .group_by(Credit.payment_id)
    .subquery("held")
)
"""What is left of payments: of few is anything left, so they are summed once and joined."""
SHALLOW = 2_000
"""So many rows from the top are found without putting all of them in order."""
_COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "posted": Payment.posted_on,
        "number": Payment.number,
        "received": Payment.received_on,
        "method": Payment.method,
        "reference": Payment.reference,
        "amount": Payment.amount,
        "unapplied": func.coalesce(_HELD.c.cents, 0),
        "status": Payment.status,
        "origin": Payment.origin,
        "deposited": Payment.deposited_on,
        "banked": Payment.banked_on,
    }
)
_WALKED = ("posted", "number")
"""Columns with an index of their own: without a filter they need no list of ids."""
SORTS = (*_COLUMNS, "from")


def page_of_payments(work: Work, wanted: PaymentFilter, span: Span) -> Page[PaymentRow]:
    """Return a span of the matching payments, how many match, and the sums of all of them.

    ``span.sort`` is one of ``SORTS``. Totals: ``amount`` and ``unapplied`` of what stands in
    the books; a voided or returned payment counts nothing.
    """
    conditions = matching(work, wanted)
    if conditions is None:
        return Page(span.start, 0, (), {"amount": ZERO, "unapplied": ZERO})
    key = (wanted, work.today() if wanted.text else None)
    count, amount, left = remembered(
        work, TOPICS, ("payment totals", key), lambda: _totals(work, conditions)
    )
    if span.sort == "from":
        ids: Sequence[int] = _by_owner(work, conditions, key, span)
    elif span.start + span.size <= SHALLOW or (span.sort in _WALKED and not conditions):
        ids = list(work.db.scalars(_in_order(conditions, span).offset(span.start).limit(span.size)))
    else:
        every = remembered(
            work,
            TOPICS,
            ("payment ids", key, span.sort, span.descending),
            lambda: array("q", work.db.scalars(_in_order(conditions, span))),
        )
        ids = every[span.start : span.start + span.size]
    totals = {"amount": amount, "unapplied": left}
    return Page(span.start, count, rows_of_payments(work, ids), totals)


def payment_counts(work: Work, base: PaymentFilter | None = None) -> dict[str, int]:
    """Return how many payments each built-in view has, within ``base``."""
    within = base or PaymentFilter()
    span = Span(0, 0, "posted")
    return {view: page_of_payments(work, replace(within, view=view), span).total for view in VIEWS}


def rows_of_payments(work: Work, ids: Sequence[int]) -> tuple[PaymentRow, ...]:
    """Return these payments as the list shows them, in this order."""
    if not ids:
        return ()
    found = {
        payment.id: payment
        for payment in work.db.scalars(select(Payment).where(among(work, Payment.id, list(ids))))
    }
    guarantors = _names(
        work, Guarantor.id, Guarantor.name, {one.guarantor_id for one in found.values()}
    )
    payers = _names(work, Payer.id, Payer.name, {one.payer_id for one in found.values()})
    left = _sums(work, Credit.payment_id, Credit.balance, found)
    back = _sums(work, Refund.payment_id, Refund.amount, found, Refund.status == RefundStatus.PAID)
    return tuple(
        _row(
            found[one],
            payers.get(found[one].payer_id or 0)
            or guarantors.get(found[one].guarantor_id or 0, ""),
            left.get(one, ZERO),
            back.get(one, ZERO),
        )
        for one in ids
        if one in found
    )


def _row(one: Payment, name: str, left: Money, back: Money) -> PaymentRow:
    stands = one.status is PaymentStatus.POSTED
    return PaymentRow(
        id=one.id,
        number=one.number,
        posted_on=one.posted_on,
        from_name=name,
        guarantor_id=one.guarantor_id,
        payer_id=one.payer_id,
        method=one.method,
        reference=one.reference,
        amount=one.amount,
        applied=one.amount - left - back if stands else ZERO,
        unapplied=left,
        refunded=back,
        status=one.status,
        origin=one.origin,
        received_on=one.received_on,
        check_on=one.check_on,
        deposited_on=one.deposited_on,
        banked_on=one.banked_on,
        version=one.version,
    )


def _names(work: Work, key: Any, name: Any, ids: Collection[int | None]) -> dict[int, str]:
    rows = work.db.execute(
        select(key, name).where(among(work, key, [one for one in ids if one is not None]))
    )
    return {row[0]: row[1] for row in rows}


def _sums(
    work: Work, key: Any, amount: Any, ids: Collection[int], *more: ColumnElement[bool]
) -> dict[int, Money]:
    rows = work.db.execute(
        select(key, func.sum(amount)).where(among(work, key, ids), *more).group_by(key)
    )
    return {row[0]: row[1] for row in rows}


def _totals(work: Work, conditions: Sequence[ColumnElement[bool]]) -> tuple[int, Money, Money]:
    standing = func.sum(Payment.amount).filter(Payment.status == PaymentStatus.POSTED)
    count, amount = work.db.execute(
        select(func.count(), standing).select_from(Payment).where(*conditions)
    ).one()
    # From the credits, few of which hold anything: never a question for each payment.
    held = select(func.sum(Credit.balance)).where(Credit.balance != ZERO)
    if conditions:
        held = held.join(Payment, Payment.id == Credit.payment_id).where(*conditions)
    else:
        held = held.where(Credit.payment_id.is_not(None))
    return count, amount or ZERO, work.db.scalar(held) or ZERO


def _in_order(conditions: Sequence[ColumnElement[bool]], span: Span) -> Select[int]:
    query = select(Payment.id).where(*conditions)
    if span.sort == "unapplied":
        query = query.outerjoin(_HELD, _HELD.c.payment_id == Payment.id)
    column = _COLUMNS[span.sort]
    if span.descending:
        return query.order_by(column.desc().nulls_last(), Payment.id.desc())
    return query.order_by(column.asc().nulls_first(), Payment.id)


def _by_owner(
    work: Work, conditions: Sequence[ColumnElement[bool]], key: Hashable, span: Span
) -> list[int]:
    """Return ids by who paid: the names are put in order here, and counted.

    Only the payments of those on whom the page stands are read.
    """
    owners = remembered(work, TOPICS, ("payment owners", key), lambda: _owners(work, conditions))
    if span.descending:
        owners = owners[::-1]
    ids: list[int] = []
    passed = 0
    for column, owner, count in owners:
        first = span.start - passed
        passed += count
        if first >= count:
            continue
        by = Payment.id.desc() if span.descending else Payment.id
        found = (
            select(Payment.id)
            .where(_OWNERS[column] == owner, *conditions)
            .order_by(by)
            .offset(max(first, 0))
            .limit(span.size - len(ids))
        )
        ids += work.db.scalars(found)
        if len(ids) >= span.size:
            break
    return ids


_OWNERS = {"guarantor": Payment.guarantor_id, "payer": Payment.payer_id}


def _owners(
    work: Work, conditions: Sequence[ColumnElement[bool]]
) -> tuple[tuple[str, int, int], ...]:
    """Return (whose column, id, how many payments) of all who paid, by name."""
    names: dict[str, dict[Any, str]] = {
        "guarantor": {
            row[0]: sort_name(row[1])
            for row in work.db.execute(select(Guarantor.id, Guarantor.name))
        },
        "payer": {row[0]: fold(row[1]) for row in work.db.execute(select(Payer.id, Payer.name))},
    }
    found: list[tuple[str, str, int, int]] = [
        (names[which][row[0]], which, int(row[0] or 0), row[1])
        for which, column in _OWNERS.items()
        for row in work.db.execute(
            select(column, func.count()).where(column.is_not(None), *conditions).group_by(column)
        )
    ]
    return tuple(row[1:] for row in sorted(found))
