"""What the form of a payment needs: who may have paid, the practice's rules, plain values in.

A form knows no mapped class: it says methods and kinds by their words, and a payer or a
guarantor as a `Source`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import CreditKind, Payment, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.patients.finding import guarantor_book, patient_book
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.policies import (
    Allocation,
    OverApplying,
    allocation,
    over_applying,
)
from fscdesk.services.payments.receiving import NewPayment, Received, Rest, receive
from fscdesk.services.work import Work

SourceKind = Literal["payer", "guarantor"]
METHODS: Final[tuple[tuple[str, str], ...]] = (
    (PaymentMethod.CHECK.value, "Check"),
    (PaymentMethod.EFT.value, "EFT"),
    (PaymentMethod.CARD.value, "Card"),
    (PaymentMethod.CASH.value, "Cash"),
    (PaymentMethod.DEBIT.value, "Debit card"),
    (PaymentMethod.ACH.value, "ACH"),
    (PaymentMethod.WIRE.value, "Wire"),
    (PaymentMethod.ONLINE.value, "Online"),
    (PaymentMethod.PLAN.value, "Plan"),
    (PaymentMethod.OTHER.value, "Other"),
)
"""How money comes, and its words; the most usual first."""
KINDS: Final[tuple[tuple[str, str], ...]] = (
    (CreditKind.OVERPAYMENT.value, "Overpayment"),
    (CreditKind.PREPAYMENT.value, "Prepayment"),
    (CreditKind.RETAINER.value, "Retainer"),
)
"""Why money may stay without a charge, and its words."""
FOUND = 8


@dataclass(frozen=True, slots=True)
class Source:
    """Whom money may come from. ``patients`` are a guarantor's own: id and name."""

    kind: SourceKind
    id: int
    name: str
    detail: str = ""
    patients: tuple[tuple[int, str], ...] = ()

    @property
    def key(self) -> str:
        """Return ``payer:3``: what drafts and preferences call it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class EntryRules:
    """What the practice decided about entering payments, and its day."""

    today: date
    allocation: Allocation
    may_exceed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment as the form holds it. ``parts`` are charges of clients with what pays them.

    ``rest_kind`` empty: nothing may stay without a charge.
    """

    source: Source
    amount: Money
    method: str
    received_on: date
    posted_on: date
    request_key: str
    check_on: date | None = None
    reference: str = ""
    parts: tuple[tuple[int, Money], ...] = ()
    rest_kind: str = ""
    rest_patient: int | None = None


def entry_rules(work: Work) -> EntryRules:
    """Return the practice's rules for the form."""
    may = over_applying(work) is not OverApplying.BLOCK
    return EntryRules(work.today(), allocation(work), may)


def find_sources(work: Work, typed: str, *, most: int = FOUND) -> tuple[Source, ...]:
    """Return the payers and guarantors that every typed word fits, best first.

    A client's name or number finds who pays for that client. What begins with the words comes
    before what only holds them; payers come before people.
    """
    words = [fold(word) for word in typed.split()]
    if not words:
        return ()
    wanted = " ".join(words)
    found = [*_payers(work, words), *_guarantors(work, words)]

    def place(one: Source) -> tuple[int, str]:
        name = fold(one.name)
        begins = 0 if name.startswith(wanted) else 1 if f" {wanted}" in f" {name}" else 2
        return begins, "" if one.kind == "payer" else name

    return tuple(sorted(found, key=place)[:most])


def source_of(
    work: Work,
    *,
    payer_id: int | None = None,
    guarantor_id: int | None = None,
    patient_id: int | None = None,
) -> Source:
    """Return a payer, a guarantor, or who pays for a client. Raises Problem when there is none."""
    if payer_id is not None:
        payer = work.db.get(Payer, payer_id)
        if payer is not None:
            return _payer(payer.id, payer.short_name, payer.payer_code)
    if patient_id is not None:
        patient = work.db.get(Patient, patient_id)
        guarantor_id = None if patient is None else patient.guarantor_id
    found = [] if guarantor_id is None else _people(work, [guarantor_id])
    if not found:
        raise Problem("Who paid is not in the books.", hint="Find them by their name.")
    return found[0]


def new_payment(entry: Entry) -> NewPayment:
    """Return the entry as the services take it."""
    from_payer = entry.source.kind == "payer"
    kind = CreditKind(entry.rest_kind) if entry.rest_kind else CreditKind.OVERPAYMENT
    return NewPayment(
        entry.amount,
        PaymentMethod(entry.method),
        entry.received_on,
        guarantor_id=None if from_payer else entry.source.id,
        payer_id=entry.source.id if from_payer else None,
        reference=entry.reference,
        check_on=entry.check_on,
        posted_on=entry.posted_on,
        applications=tuple(Application(one, amount) for one, amount in entry.parts),
        rest=Rest(kind, None if from_payer else entry.rest_patient),
        request_key=entry.request_key,
    )


def receive_entry(work: Work, entry: Entry) -> Received:
    """Post a guarantor's payment. Raises Problem when a rest was not said to be kept."""
    left = entry.amount - sum((amount for _one, amount in entry.parts), Money())
    if left.cents > 0 and not entry.rest_kind:
        raise Problem(
            f"{left} of the payment is left to apply.",
            hint="Nothing was posted. Apply it, or say what it is kept as.",
        )
    return receive(work, new_payment(entry))


def payment_version(work: Work, payment_id: int) -> int:
    """Return the version of a payment, by which undoing sees whether somebody changed it."""
    return work.db.get_one(Payment, payment_id).version


def _payers(work: Work, words: Sequence[str]) -> list[Source]:
    rows = work.db.execute(
        select(Payer.id, Payer.name, Payer.short_name, Payer.payer_code)
        .where(Payer.active)
        .order_by(Payer.short_name, Payer.id)
    )
    return [
        _payer(row.id, row.short_name, row.payer_code)
        for row in rows
        if all(
            f" {word}" in f" {fold(f'{row.short_name} {row.name} {row.payer_code}')}"
            for word in words
        )
    ]


def _payer(payer_id: int, name: str, code: str) -> Source:
    return Source("payer", payer_id, name, code)


def _guarantors(work: Work, words: Sequence[str]) -> list[Source]:
    paying, served = guarantor_book(work), patient_book(work)
    own = set.intersection(*(set(paying.with_word(word)) for word in words))
    patients = set.intersection(*(set(served.with_word(word)) for word in words))
    if patients:
        few = sorted(patients)[: FOUND * FOUND]
        own |= set(work.db.scalars(select(Patient.guarantor_id).where(Patient.id.in_(few))))
    return _people(work, sorted(own)[: FOUND * FOUND])


def _people(work: Work, ids: Sequence[int]) -> list[Source]:
    names: dict[int, list[tuple[int, str]]] = {}
    for one, name, guarantor_id in work.db.execute(
        select(Patient.id, Patient.name, Patient.guarantor_id)
        .where(Patient.guarantor_id.in_(ids), Patient.withdrawn.is_(False))
        .order_by(Patient.sort_name, Patient.id)
    ):
        names.setdefault(guarantor_id, []).append((one, name))
    found = []
    for row in work.db.execute(
        select(Guarantor.id, Guarantor.name, Guarantor.number)
        .where(Guarantor.id.in_(ids))
        .order_by(Guarantor.name, Guarantor.id)
    ):
        served = tuple(names.get(row.id, ()))
        others = [name for _one, name in served if name != row.name]
        pays = f", pays for {', '.join(others)}" if others else ""
        found.append(Source("guarantor", row.id, row.name, f"{row.number}{pays}", served))
    return found
