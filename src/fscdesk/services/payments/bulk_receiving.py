"""Receives many payments at once, by the rules of ``receive``: what an import brings in a year.

Each payment gets its number, its credit and its receipt (Dr 1050, Cr the credit). Nothing is
applied here: ``clearing.settle`` does that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.values import LARGEST_CENTS
from fscdesk.services.audit import record
from fscdesk.services.bulk import insert_rows, reserve_ids, stored_moment
from fscdesk.services.editing import text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.ledger.accounts import PAYER_CREDITS, UNAPPLIED_CREDITS, UNDEPOSITED
from fscdesk.services.ledger.periods import open_days
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.payments.days import FUTURE_DAYS
from fscdesk.services.payments.receiving import SERIES, NewPayment
from fscdesk.services.work import Topic, Work

_PAYMENT = (
    *("id", "number", "guarantor_id", "payer_id", "method", "reference", "amount"),
    *("received_on", "posted_on", "check_on", "memo", "status", "origin", "external_id"),
    *("request_key", "request_digest", "batch_id", "received_by", "posted_at", "version"),
)
_CREDIT = (
    *("id", "kind", "payment_id", "patient_id", "guarantor_id", "payer_id", "since"),
    *("note", "balance"),
)


@dataclass(frozen=True, slots=True)
class ReceivedMany:
    """The payments and their credits, in the order in which they were given."""

    payment_ids: tuple[int, ...]
    credit_ids: tuple[int, ...]


def receive_all(
    work: Work, payments: Sequence[NewPayment], *, batch_id: int | None = None
) -> ReceivedMany:
    """Post many payments without applications; the caller has asked for the right.

    Raises Problem, with nothing posted, for an amount or a day that cannot be, for somebody who
    is not in the books, and for an id that was posted before.
    """
    if not payments:
        return ReceivedMany((), ())
    _require(work, payments)
    payments = _on_open_days(work, payments)
    numbers = _numbers(work, payments)
    payment_ids = list(reserve_ids(work, "payment", len(payments)))
    credit_ids = list(reserve_ids(work, "credit", len(payments)))
    moment = stored_moment(work.now())
    insert_rows(
        work,
        "payment",
        _PAYMENT,
        (
            (
                *(ident, number, new.guarantor_id, new.payer_id, new.method.value),
                *(text_of(new.reference, "the reference", longest=100), new.amount.cents),
                *(new.received_on.isoformat(), _posted_on(new).isoformat()),
                None if new.check_on is None else new.check_on.isoformat(),
                *(text_of(new.memo, "the memo"), PaymentStatus.POSTED.value, new.origin.value),
                *(new.external_id, new.request_key, "", batch_id),
                *(work.actor.staff_id, moment, 1),
            )
            for ident, number, new in zip(payment_ids, numbers, payments, strict=True)
        ),
    )
    insert_rows(
        work,
        "credit",
        _CREDIT,
        (
            (
                *(credit_id, new.rest.kind.value, payment_id, new.rest.patient_id),
                *(new.guarantor_id, new.payer_id, _posted_on(new).isoformat()),
                *(new.rest.note, 0),
            )
            for credit_id, payment_id, new in zip(credit_ids, payment_ids, payments, strict=True)
        ),
    )
    post_all(
        work,
        [
            _receipt(new, number, payment_id, credit_id)
            for new, number, payment_id, credit_id in zip(
                payments, numbers, payment_ids, credit_ids, strict=True
            )
        ],
        batch_id=batch_id,
    )
    work.db.expire_all()
    record(
        work,
        "post_payments",
        "import_batch",
        batch_id or 0,
        payments=len(payments),
        cents=sum(new.amount.cents for new in payments),
    )
    work.touch(Topic.PAYMENTS, Topic.LEDGER, Topic.PATIENTS)
    return ReceivedMany(tuple(payment_ids), tuple(credit_ids))


def _on_open_days(work: Work, payments: Sequence[NewPayment]) -> Sequence[NewPayment]:
    """Return the payments with the days in the books on which they post."""
    days = open_days(work, to_post=True)
    if days.first is None:
        return payments
    return [replace(new, posted_on=days.postable(_posted_on(new))) for new in payments]


def _posted_on(new: NewPayment) -> date:
    return new.posted_on or new.received_on


def _receipt(new: NewPayment, number: str, payment_id: int, credit_id: int) -> Draft:
    owner = About(
        patient_id=new.rest.patient_id,
        guarantor_id=new.guarantor_id,
        payer_id=new.payer_id,
        payment_id=payment_id,
    )
    payers = new.payer_id is not None
    part = Part.INSURANCE_PAID if payers else Part.PATIENT_PAID
    account = PAYER_CREDITS if payers else UNAPPLIED_CREDITS
    cents = new.amount.cents
    return Draft(
        on=_posted_on(new),
        kind=EntryKind.RECEIPT,
        memo=f"Payment {number}",
        legs=(
            Leg(UNDEPOSITED, cents, part, owner),
            Leg(account, -cents, part, owner._replace(credit_id=credit_id)),
        ),
    )


def _numbers(work: Work, payments: Sequence[NewPayment]) -> list[str]:
    """Give each payment the next number of its year, in the order in which they stand."""
    places: dict[int, list[int]] = defaultdict(list)
    for at, new in enumerate(payments):
        places[_posted_on(new).year].append(at)
    numbers = [""] * len(payments)
    for year, wanted in sorted(places.items()):
        taken = reserve_numbers(work, SERIES, year, len(wanted))
        for at, number in zip(wanted, taken, strict=True):
            numbers[at] = number_text(SERIES, year, number)
    return numbers


def _require(work: Work, payments: Sequence[NewPayment]) -> None:
    latest = work.today() + timedelta(days=FUTURE_DAYS)
    for new in payments:
        if (new.guarantor_id is None) == (new.payer_id is None):
            raise Problem(
                "A payment comes from one guarantor or one payer.", hint="Nothing was posted."
            )
        if not 0 < new.amount.cents <= LARGEST_CENTS:
            raise Problem(
                f"{new.amount} cannot be the amount of a payment.", hint="Nothing was posted."
            )
        if max(new.received_on, _posted_on(new)) > latest:
            raise Problem(
                f"The day of receipt, {new.received_on:%m/%d/%Y}, has not come yet.",
                hint="Nothing was posted. Money is entered when it is there.",
            )
        if new.applications:
            raise Problem(
                "Payments that come together are applied afterwards.", hint="Nothing was posted."
            )
        if new.guarantor_id is not None and new.rest.patient_id is None:
            raise Problem("Whose money the rest is has not been said.", hint="Nothing was posted.")
    _require_known(work, payments)
    _require_new(work, payments)


def _require_known(work: Work, payments: Sequence[NewPayment]) -> None:
    for model, wanted in (
        (Guarantor, {new.guarantor_id for new in payments}),
        (Payer, {new.payer_id for new in payments}),
        (Patient, {new.rest.patient_id for new in payments}),
    ):
        ids = {one for one in wanted if one is not None}
        key = model.__table__.c.id
        if ids and len(work.db.scalars(select(key).where(among(work, key, ids))).all()) < len(ids):
            raise Problem("Who paid is not in the books.", hint="Nothing was posted.")


def _require_new(work: Work, payments: Sequence[NewPayment]) -> None:
    for column, keys in (
        (Payment.external_id, [new.external_id for new in payments]),
        (Payment.request_key, [new.request_key for new in payments]),
    ):
        given = [key for key in keys if key is not None]
        taken = work.db.scalar(select(Payment.number).where(among_words(work, column, given)))
        if taken is not None or len(set(given)) < len(given):
            raise ChangedElsewhere(
                "One of these payments was posted before.",
                hint="Nothing was posted twice. Look at the list of payments.",
            )
