"""Acts of tests on remittances: keep and post one, look at what it would do, and at its charges."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.coverage import Policy
from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.remittance import Remittance
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredRemittance, Decided
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.remittances_made import kept

FIRST_DAY = date(2020, 1, 1)


def looked_at(books: Office, one: AnsweredRemittance, review: bool | None = False) -> Decided:
    """What posting would do, before it is kept."""
    return books.read(lambda work: decide(work, one, review=review))


def post(books: Office, one: AnsweredRemittance) -> int:
    """Keep a remittance and post all of it that can be, by a person's word; return its id."""

    def act(work: Work) -> int:
        new_id = kept(work, one)
        post_remittance(work, new_id)
        return new_id

    return books.write(act).value


def looked_at_again(books: Office, remittance_id: int) -> Decided:
    """What posting a kept remittance would do now."""
    return books.read(lambda work: decide(work, load(work, remittance_id), review=False))


def owed(books: Office, charge_id: int) -> tuple[int, int]:
    """What payer and client owe of a charge, in cents."""

    def look(work: Work) -> tuple[int, int]:
        charge = work.db.get_one(Charge, charge_id)
        return charge.insurance_balance.cents, charge.patient_balance.cents

    return books.read(look)


def recorded(books: Office, charge_id: int) -> int:
    """What stands in account 1060 with a charge, in cents."""
    total = select(func.sum(JournalLine.amount)).where(
        JournalLine.charge_id == charge_id, JournalLine.account == RECORDED_IN_SIMPLEPRACTICE
    )
    return books.read(lambda work: getattr(work.db.scalar(total), "cents", 0))


def fund(books: Office, remittance_id: int) -> int:
    """What the check still holds, in cents."""

    def look(work: Work) -> int:
        row = work.db.get_one(Remittance, remittance_id)
        held = select(Credit).where(
            Credit.payment_id == row.payment_id, Credit.kind == CreditKind.REMITTANCE
        )
        return work.db.scalars(held).one().balance.cents

    return books.read(look)


def insure(work: Work, patient_id: int, payer_id: int, rank: int) -> None:
    """Give a client a policy since long ago."""
    work.db.add(Policy(patient_id=patient_id, payer_id=payer_id, rank=rank, valid_from=FIRST_DAY))
    work.db.flush()
