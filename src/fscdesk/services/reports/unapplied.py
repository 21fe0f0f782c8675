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
from fscdesk.services.ledger.open_items import unapplied_total
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class UnappliedRow:
    """One credit; ``owner`` is a client or a payer. ``days`` counts since it arose."""

    credit_id: int
    kind: CreditKind
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
    """The credits of a day, the oldest first. ``ledger`` is what the accounts hold.

    ``difference`` is money on the accounts that belongs to no credit; it should be zero.
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
    total = Money(sum(row.balance.cents for row in rows))
    return Unapplied(as_of, rows, total, -unapplied_total(work, as_of))
