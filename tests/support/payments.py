"""A small practice with open charges, to take money in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.ledger.balances import balance
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Received, receive
from fscdesk.services.work import Work
from tests.support.people import (
    add_guarantor,
    add_patient,
    add_payer,
    add_provider,
    add_service,
    add_session,
)

DAY = date(2026, 4, 10)


@dataclass(frozen=True)
class Till:
    """Two patients of two guarantors and one payer, with charges that are open.

    ``copays`` are Alma's: 30.00 and 30.00; ``own`` is Ben's whole fee of 160.00; ``insured`` is
    the payer's 130.00 for Alma, on the charges of ``copays``.
    """

    alma: int
    ben: int
    alma_pays: int
    ben_pays: int
    payer: int
    copays: tuple[int, int]
    own: int


def cents(work: Work, account: str) -> int:
    """Return the balance of an account in cents; debits are positive."""
    return balance(work, account).cents


def verify(books: Office) -> None:
    """Fail with the offenders unless every check of the books holds."""
    report = books.read(run_checks)
    assert report.ok, [(one.name, one.offenders) for one in report.checks if not one.ok]


def pay(till: Till, amount: int, *parts: Application, **facts: object) -> NewPayment:
    """Return a check of Alma's guarantor over ``amount`` cents."""
    return NewPayment(
        Money(amount),
        PaymentMethod.CHECK,
        DAY,
        guarantor_id=till.alma_pays,
        applications=parts,
        **facts,  # type: ignore[arg-type]
    )


def received(books: Office, new: NewPayment) -> Received:
    """Post a payment."""
    return books.write(lambda work: receive(work, new)).value


def open_till(work: Work) -> Till:
    """Put the little practice into empty books."""
    provider = add_provider(work, "Mockley O'Sample", "1234567893")
    payer = add_payer(work, "Example East")
    add_service(work, "90837")
    alma_pays = add_guarantor(work, "Alma Anyone", "G-1")
    ben_pays = add_guarantor(work, "Ben Somebody", "G-2")
    alma = add_patient(work, "Alma Anyone", "P-1", guarantor=alma_pays)
    ben = add_patient(work, "Ben Somebody", "P-2", guarantor=ben_pays)
    for day in (2, 9):
        add_session(
            work,
            alma,
            provider,
            day=date(2026, 3, day),
            payer=payer,
            insurance=130_00,
            share=30_00,
        )
    add_session(work, ben, provider, day=date(2026, 3, 3), share=160_00)
    work.db.flush()
    charges = list(work.db.execute(select(Charge.patient_id, Charge.id).order_by(Charge.id)))
    first, second = (one.id for one in charges if one.patient_id == alma)
    own = next(one.id for one in charges if one.patient_id == ben)
    return Till(alma, ben, alma_pays, ben_pays, payer, (first, second), own)
