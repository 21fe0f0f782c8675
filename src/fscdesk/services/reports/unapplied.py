"""Unapplied money: each credit that is left on a day, whose it is and why, tied to the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, CreditKind, Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import UNAPPLIED_CREDITS
from fscdesk.services.ledger.open_items import unapplied_total
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

SAYS = "SimplePractice says"
"""The note of money that SimplePractice calls paid beyond its charge, with no payment here."""


@dataclass(frozen=True, slots=True)
class UnappliedRow:
    """One amount; ``owner`` is a client or a payer. ``days`` counts since it arose.

    What SimplePractice alone calls overpaid stands in no credit: ``credit_id`` and ``kind`` are
    None there, and ``note`` says so.
    """

    credit_id: int | None
    kind: CreditKind | None
    owner: str
    number: str
    account: str
    payment: str
    since: date
    days: int
    note: str
    balance: Money


@dataclass(frozen=True, slots=True)
class Unapplied:
    """What is not applied on a day, the oldest first. ``ledger`` is what the accounts hold.

    ``difference`` is money on the accounts that no row tells of; it should be zero.
    """

    as_of: date
    rows: tuple[UnappliedRow, ...]
    total: Money
    ledger: Money

    @property
    def difference(self) -> Money:
        """Return what the rows and the ledger differ by."""
        return self.ledger - self.total


def unapplied(work: Work, as_of: date) -> Unapplied:
    """Return every credit with money left at the end of the day, from the ledger's lines."""
    require(work, Right.SEE_REPORTS, "look at unapplied money")
    left = (
        select(JournalLine.credit_id, (-func.sum(JournalLine.amount)).label("balance"))
        .where(JournalLine.credit_id.is_not(None), JournalLine.day <= as_of)
        .group_by(JournalLine.credit_id)
        .having(func.sum(JournalLine.amount) != ZERO)
        .subquery()
    )
    found = work.db.execute(
        select(
            Credit.id,
            Credit.kind,
            Patient.name,
            Patient.number,
            Guarantor.number,
            Payer.name,
            Payer.payer_code,
            Payment.number,
            Credit.since,
            Credit.note,
            left.c.balance,
        )
        .join(left, left.c.credit_id == Credit.id)
        .outerjoin(Patient, Patient.id == Credit.patient_id)
        .outerjoin(Guarantor, Guarantor.id == Credit.guarantor_id)
        .outerjoin(Payer, Payer.id == Credit.payer_id)
        .outerjoin(Payment, Payment.id == Credit.payment_id)
        .order_by(Credit.since, Credit.id)
    )
    rows = tuple(
        UnappliedRow(
            credit,
            kind,
            name or payer or "",
            number or code or "",
            account or "",
            payment or "",
            since,
            (as_of - since).days,
            note,
            balance if isinstance(balance, Money) else Money(int(balance)),
        )
        for credit, kind, name, number, account, payer, code, payment, since, note, balance in found
    )
    rows = tuple(sorted((*rows, *_of_simplepractice(work, as_of)), key=lambda row: row.since))
    total = Money(sum(row.balance.cents for row in rows))
    return Unapplied(as_of, rows, total, -unapplied_total(work, as_of))


def _of_simplepractice(work: Work, as_of: date) -> list[UnappliedRow]:
    """Return what of clients' money stands on 2400 without a credit, by client and account."""
    found = work.db.execute(
        select(
            Patient.name,
            Patient.number,
            Guarantor.number.label("account"),
            func.min(JournalLine.day).label("since"),
            (-func.sum(JournalLine.amount)).label("left"),
        )
        .join(Patient, Patient.id == JournalLine.patient_id)
        .outerjoin(Guarantor, Guarantor.id == JournalLine.guarantor_id)
        .where(
            JournalLine.account == UNAPPLIED_CREDITS,
            JournalLine.credit_id.is_(None),
            JournalLine.day <= as_of,
        )
        .group_by(Patient.id, Patient.name, Patient.number, Guarantor.number)
        .having(func.sum(JournalLine.amount) != ZERO)
        .order_by(func.min(JournalLine.day), Patient.id)
    )
    return [
        UnappliedRow(
            *(None, None, row.name, row.number, row.account or "", "", row.since),
            (as_of - row.since).days,
            SAYS,
            row.left if isinstance(row.left, Money) else Money(int(row.left)),
        )
        for row in found
    ]
