"""Money that is not applied: whose it is, why, since when, and what is promised of it.

Credits come from receipts, transfers and credit memos. Beside them stand amounts of account 2400
without a credit: SimplePractice says that more was paid than charged, and no payment is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentMethod
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import ZERO, Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import UNAPPLIED_CREDITS
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold, sort_name
from fscdesk.services.payments.holding import promised
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work

TOPICS = frozenset({Topic.PAYMENTS, Topic.LEDGER, Topic.PATIENTS, Topic.PAYERS, Topic.IMPORTS})
SIMPLEPRACTICE = "simplepractice"
"""The kind of an amount that SimplePractice calls paid, and that stands in no credit."""
VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "clients": "Clients",
        "payers": "Payers",
        "simplepractice": "SimplePractice says",
        "old": "Older than 30 days",
    }
)
OLD_DAYS = 30


@dataclass(frozen=True, slots=True)
class CreditRow:
    """An amount that is not applied.

    ``id`` is the credit; None for what SimplePractice alone knows. ``promised`` waits to be
    refunded, ``free`` is the rest. ``age`` is in days, as of today. ``memo_credit`` may be
    applied but is no money that came. ``payment_id`` of what a payer will take is the
    check that it was added to.
    """

    id: int | None
    kind: str
    owner: str
    owner_number: str
    patient_id: int | None
    guarantor_id: int | None
    guarantor: str
    payer_id: int | None
    since: date
    age: int
    balance: Money
    promised: Money
    free: Money
    payment_id: int | None
    payment_number: str
    method: PaymentMethod | None
    note: str

    @property
    def memo_credit(self) -> bool:
        """Return whether it came from a credit memo."""
        return self.kind == CreditKind.CREDIT_MEMO.value

    @property
    def will_be_taken(self) -> bool:
        """Return whether the payer will take it from a later check."""
        return self.kind == CreditKind.RECOUPMENT.value


@dataclass(frozen=True, slots=True)
class CreditFilter:
    """The question above the list; empty means any. ``kinds`` may hold ``simplepractice``."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    patient_id: int | None = None
    guarantor_id: int | None = None
    payer_id: int | None = None
    payment_id: int | None = None
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> CreditFilter:
        """Read what the table part holds: text, kind, client, guarantor, payer, payment, view.

        Raises KeyError for any other key.
        """
        return cls(**fields_asked(asked, _SINGLE, texts=_TEXTS))


_TEXTS = {"kind": "kinds"}
_SINGLE = {
    "text": "text",
    "client": "patient_id",
    "guarantor": "guarantor_id",
    "payer": "payer_id",
    "payment": "payment_id",
    "view": "view",
}
_SORTS: Mapping[str, Callable[[CreditRow], Any]] = MappingProxyType(
    {
        "owner": lambda row: sort_name(row.owner),
        "guarantor": lambda row: sort_name(row.guarantor),
        "kind": lambda row: row.kind,
        "since": lambda row: row.since,
        "age": lambda row: row.age,
        "balance": lambda row: row.balance,
        "promised": lambda row: row.promised,
        "free": lambda row: row.free,
        "payment": lambda row: row.payment_number,
    }
)
SORTS = tuple(_SORTS)


def page_of_credits(work: Work, wanted: CreditFilter, span: Span) -> Page[CreditRow]:
    """Return a span of what is not applied, how many match, and the sums of all of them.

    ``span.sort`` is one of ``SORTS``. Totals: ``balance``, ``promised``, ``free``.
    """
    found = _matching(work, wanted)
    key = _SORTS[span.sort]
    found.sort(
        key=lambda row: (key(row), row.id or 0, row.patient_id or 0), reverse=span.descending
    )
    totals = {
        "balance": sum((row.balance for row in found), ZERO),
        "promised": sum((row.promised for row in found), ZERO),
        "free": sum((row.free for row in found), ZERO),
    }
    return Page(span.start, len(found), tuple(found[span.start : span.start + span.size]), totals)


def credit_counts(work: Work, base: CreditFilter | None = None) -> dict[str, int]:
    """Return how many amounts each built-in view has, within ``base``."""
    within = base or CreditFilter()
    return {view: len(_matching(work, replace(within, view=view))) for view in VIEWS}


def open_credits(work: Work, wanted: CreditFilter | None = None) -> tuple[CreditRow, ...]:
    """Return every amount that is not applied, the oldest first: some thousands at most."""
    return tuple(_matching(work, wanted or CreditFilter()))


def _matching(work: Work, wanted: CreditFilter) -> list[CreditRow]:
    rows = list(remembered(work, TOPICS, ("open credits", work.today()), lambda: _all(work)))
    for word in wanted.text.split():
        folded = fold(word)
        rows = [row for row in rows if folded in fold(_searched(row))]
    if wanted.kinds:
        rows = [row for row in rows if row.kind in wanted.kinds]
    for name in ("patient_id", "guarantor_id", "payer_id", "payment_id"):
        value = getattr(wanted, name)
        if value is not None:
            rows = [row for row in rows if getattr(row, name) == value]
    return [row for row in rows if _VIEWED[wanted.view](row)]


_VIEWED: Mapping[str, Callable[[CreditRow], bool]] = MappingProxyType(
    {
        "all": lambda row: bool(row.balance),
        "clients": lambda row: row.payer_id is None,
        "payers": lambda row: row.payer_id is not None,
        "simplepractice": lambda row: row.id is None,
        "old": lambda row: row.age > OLD_DAYS,
    }
)


def _searched(row: CreditRow) -> str:
    return " ".join(
        (row.owner, row.owner_number, row.guarantor, row.payment_number, row.note, str(row.balance))
    )


def _all(work: Work) -> tuple[CreditRow, ...]:
    found = work.db.execute(
        select(Credit, Payment.id, Payment.number, Payment.method)
        .outerjoin(Recoupment, Recoupment.credit_id == Credit.id)
        .outerjoin(Remittance, Remittance.id == Recoupment.remittance_id)
        .outerjoin(Payment, Payment.id == func.coalesce(Credit.payment_id, Remittance.payment_id))
        .where(Credit.balance != ZERO)
        .order_by(Credit.since, Credit.id)
    ).all()
    held = promised(work, [row[0].id for row in found])
    unknown = _without_credit(work)
    patients = _people(
        work, Patient, {row[0].patient_id for row in found} | {one[0] for one in unknown}
    )
    guarantors = _people(
        work,
        Guarantor,
        {row[0].guarantor_id for row in found} | {one[1] for one in unknown},
    )
    payers = {row[0]: row[1] for row in work.db.execute(select(Payer.id, Payer.name))}
    rows = [
        replace(
            _row(work, credit, number or "", method, patients, guarantors, payers, held),
            payment_id=payment_id,
        )
        for credit, payment_id, number, method in found
    ]
    rows += [
        CreditRow(
            id=None,
            kind=SIMPLEPRACTICE,
            owner=patients[patient_id][0],
            owner_number=patients[patient_id][1],
            patient_id=patient_id,
            guarantor_id=guarantor_id,
            guarantor=guarantors[guarantor_id][0],
            payer_id=None,
            since=since,
            age=max((work.today() - since).days, 0),
            balance=amount,
            promised=ZERO,
            free=amount,
            payment_id=None,
            payment_number="",
            method=None,
            note="SimplePractice says more was paid than charged",
        )
        for patient_id, guarantor_id, since, amount in unknown
    ]
    rows.sort(key=lambda row: (row.since, row.id or 0))
    return tuple(rows)


def _row(
    work: Work,
    credit: Credit,
    number: str,
    method: PaymentMethod | None,
    patients: Mapping[int, tuple[str, str]],
    guarantors: Mapping[int, tuple[str, str]],
    payers: Mapping[int, str],
    held: Mapping[int, Money],
) -> CreditRow:
    owner, owner_number = (
        (payers[credit.payer_id], "")
        if credit.payer_id is not None
        else patients[credit.patient_id or 0]
    )
    kept = held.get(credit.id, ZERO)
    return CreditRow(
        id=credit.id,
        kind=credit.kind.value,
        owner=owner,
        owner_number=owner_number,
        patient_id=credit.patient_id,
        guarantor_id=credit.guarantor_id,
        guarantor=guarantors.get(credit.guarantor_id or 0, ("", ""))[0],
        payer_id=credit.payer_id,
        since=credit.since,
        age=max((work.today() - credit.since).days, 0),
        balance=credit.balance,
        promised=kept,
        free=credit.balance - kept,
        payment_id=credit.payment_id,
        payment_number=number,
        method=method,
        note=credit.note,
    )


def _without_credit(work: Work) -> list[tuple[int, int, date, Money]]:
    """Return (patient, guarantor, since, amount) of what stands in 2400 and in no credit."""
    in_credits = {
        row[0]: row[1]
        for row in work.db.execute(
            select(Credit.patient_id, func.sum(Credit.balance))
            .where(Credit.patient_id.is_not(None), Credit.balance != ZERO)
            .group_by(Credit.patient_id)
        )
    }
    asked = select(Patient.id, Patient.guarantor_id, Patient.unapplied)
    beside = {
        row[0]: (row[1], row[2] - in_credits.get(row[0], ZERO))
        for row in work.db.execute(asked.where(Patient.unapplied != ZERO))
    }
    # A credit may have filled what stands beside it in the other direction, to the cent.
    for patient_id, held in in_credits.items():
        if patient_id is not None and held and patient_id not in beside:
            beside[patient_id] = (work.db.get_one(Patient, patient_id).guarantor_id, -held)
    wanted = {one: pair for one, pair in beside.items() if pair[1]}
    since = {
        row[0]: row[1]
        for row in work.db.execute(
            select(JournalLine.patient_id, func.min(JournalLine.day))
            .where(
                among(work, JournalLine.patient_id, wanted),
                JournalLine.account == UNAPPLIED_CREDITS,
                JournalLine.credit_id.is_(None),
            )
            .group_by(JournalLine.patient_id)
        )
    }
    return [
        (one, guarantor_id, since[one], amount) for one, (guarantor_id, amount) in wanted.items()
    ]


def _people(
    work: Work, noun: type[Patient | Guarantor], ids: set[Any]
) -> dict[int, tuple[str, str]]:
    rows = work.db.execute(
        select(noun.id, noun.name, noun.number).where(
            among(work, noun.id, [one for one in ids if one is not None])
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}
