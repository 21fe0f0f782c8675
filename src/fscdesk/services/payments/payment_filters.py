"""What the list of payments can be asked, and how the question becomes a condition."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentOrigin, PaymentStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.bulk import is_postgres
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among
from fscdesk.services.patients.finding import guarantor_book, patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "unapplied": "Unapplied",
        "not_deposited": "Not deposited",
        "returned": "Returned",
        "voided": "Voided",
    }
)
"""The built-in views. ``unapplied``: money is left of it; ``not_deposited``: not at the bank."""


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which must be found in who paid, a client of his, the number, the
    reference, the day or the amount.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    methods: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    payers: tuple[int, ...] = ()
    guarantor_id: int | None = None
    batch_id: int | None = None
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> PaymentFilter:
        """Read what the table part holds.

        Keys: text, day (first, last), method, status, origin, payer, guarantor, batch, view.
        Raises KeyError for any other key.
        """
        return cls(**fields_asked(asked, _SINGLE, texts=_TEXTS, numbers=_NUMBERS, days=True))


_TEXTS = {"method": "methods", "status": "statuses", "origin": "origins"}
_NUMBERS = {"payer": "payers"}
_SINGLE = {"text": "text", "guarantor": "guarantor_id", "batch": "batch_id", "view": "view"}


def matching(work: Work, wanted: PaymentFilter) -> list[ColumnElement[bool]] | None:
    """Return the conditions of a filter; None where a word is nowhere."""
    conditions = [*_ranges(wanted), *_picks(work, wanted), *_view(wanted.view)]
    for word in wanted.text.split():
        places = _places(work, word)
        if not places:
            return None
        conditions.append(or_(*places))
    return conditions


def _ranges(wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_day is not None:
        conditions.append(Payment.posted_on >= wanted.from_day)
    if wanted.to_day is not None:
        conditions.append(Payment.posted_on <= wanted.to_day)
    if wanted.guarantor_id is not None:
        conditions.append(Payment.guarantor_id == wanted.guarantor_id)
    if wanted.batch_id is not None:
        conditions.append(Payment.batch_id == wanted.batch_id)
    return conditions


def _picks(work: Work, wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.methods:
        conditions.append(Payment.method.in_([PaymentMethod(one) for one in wanted.methods]))
    if wanted.statuses:
        conditions.append(Payment.status.in_([PaymentStatus(one) for one in wanted.statuses]))
    if wanted.origins:
        conditions.append(Payment.origin.in_([PaymentOrigin(one) for one in wanted.origins]))
    if wanted.payers:
        conditions.append(among(work, Payment.payer_id, wanted.payers))
    return conditions


def _view(view: str) -> list[ColumnElement[bool]]:
    holding = select(Credit.payment_id).where(
        Credit.balance != ZERO, Credit.payment_id.is_not(None)
    )
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "unapplied": [Payment.id.in_(holding)],
        "not_deposited": [
            Payment.status == PaymentStatus.POSTED,
            Payment.deposited_on.is_(None),
            Payment.banked_on.is_(None),
            Payment.amount > ZERO,
        ],
        "returned": [Payment.status == PaymentStatus.RETURNED],
        "voided": [Payment.status == PaymentStatus.VOIDED],
    }
    return conditions[view]


def _places(work: Work, word: str) -> list[ColumnElement[bool]]:
    days = days_meant(word, work.today())
    if days:
        return [Payment.posted_on.in_(days)]
    folded = fold(word)
    places = [
        _starts(work, Payment.reference, word),
        _starts(work, Payment.number, word.upper()),
    ]
    if "." in word:  # a number without cents is a reference; amounts have no index
        with suppress(ValueError):
            places.append(Payment.amount == Money.parse(word))
    guarantors = set(guarantor_book(work).with_word(folded))
    patients = patients_with(work, [folded])
    if patients:
        guarantors |= set(
            work.db.scalars(
                select(Patient.guarantor_id).where(among(work, Patient.id, patients)).distinct()
            )
        )
    if guarantors:
        places.append(among(work, Payment.guarantor_id, guarantors))
    payers = [
        row.id
        for row in work.db.execute(select(Payer.id, Payer.name, Payer.short_name))
        if folded in fold(f"{row.name} {row.short_name}")
    ]
    if payers:
        places.append(among(work, Payment.payer_id, payers))
    return places


def _starts(work: Work, column: Any, word: str) -> ColumnElement[bool]:
    """Return that a column begins so; on SQLite as a range, which its index can answer."""
    begins: ColumnElement[bool] = (
        column.startswith(word, autoescape=True)
        if is_postgres(work)
        else (column >= word) & (column < f"{word}\U0010ffff")
    )
    return begins
