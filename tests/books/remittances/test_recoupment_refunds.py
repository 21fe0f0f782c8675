"""What a payer said that it will take, sent back by a refund before it could."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.queries import open_credits
from fscdesk.services.payments.refunding import (
    NewRefund,
    cancel_refund,
    pay_refund,
    request_refund,
)
from fscdesk.services.payments.transferring import apply_credit, change_kind
from fscdesk.services.remittances.answered import Plb
from fscdesk.services.remittances.plbs import open_items
from fscdesk.services.remittances.recoupment_detail import item_detail
from fscdesk.services.remittances.recoupments import unpair
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.remittances_made import claim, kept, line, plain, posted, remittance, will_take

WHY = "Sent back before it was taken"


@pytest.fixture
def told(books: Office, till: Till) -> int:
    """A check of 190.00 for Alma, 60.00 of which the payer will take again; its remittance."""

    def act(work: Work) -> int:
        money = claim(1, line(till.copays[0], 130_00))
        decided = [will_take(Plb(1, "WO", "ICN3", -60_00))]
        said = remittance(till.payer, money, plbs=[one.plb for one in decided])
        one = kept(work, said)
        posted(work, one, [plain(money)], decided)
        return one

    return books.write(act).value


def credit(work: Work) -> Credit:
    """The credit of what the payer will take."""
    return work.db.scalars(select(Credit).where(Credit.kind == CreditKind.RECOUPMENT)).one()


def ask(books: Office, amount: int) -> tuple[int, int]:
    """Ask for a refund out of it; return the refund and its version."""
    asked = books.write(
        lambda work: request_refund(work, NewRefund(credit(work).id, Money(amount), WHY))
    ).value
    return asked.refund_id, asked.version


def pay(books: Office, refund: tuple[int, int]) -> int:
    return books.write(
        lambda work: pay_refund(
            work, refund[0], on=work.today(), reference="1042", expected_version=refund[1]
        )
    ).value


def left(work: Work) -> int:
    """What is open of the item, in cents."""
    return work.db.scalars(select(Recoupment)).one().open.cents


def test_a_paid_refund_lowers_what_is_open_and_names_itself(books: Office, told: int) -> None:
    pay(books, ask(books, 45_00))

    def look(work: Work) -> None:
        assert left(work) == -15_00
        assert credit(work).balance == Money(15_00)
        assert cents(work, "1000") == -45_00
        (settled,) = item_detail(work, 1).history
        assert (settled.refund, settled.account) == (
            "REF-2026-00001",
            "1000 Bank: operating account",
        )
        assert (settled.amount, settled.by_hand) == (Money(45_00), True)
        assert not settled.may_be_taken_apart
        (still,) = open_items(work, work.db.get_one(Recoupment, 1).payer_id)
        assert still.left == -15_00

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match="REF-2026-00001 has paid this"):
        books.write(lambda work: unpair(work, item_detail(work, 1).history[0].pair_id, WHY))
    with pytest.raises(Problem, match="was refunded"):
        books.write(lambda work: undo_remittance(work, told, WHY))
    pay(books, ask(books, 15_00))
    assert books.read(left) == 0
    verify(books)


@pytest.mark.usefixtures("told")
def test_a_refund_that_is_called_off_changes_nothing(books: Office) -> None:
    refund, version = ask(books, 60_00)
    assert books.read(left) == -60_00
    verify(books)
    books.write(lambda work: cancel_refund(work, refund, reason=WHY, expected_version=version))
    assert books.read(left) == -60_00
    verify(books)


@pytest.mark.usefixtures("told")
def test_more_than_the_payer_will_take_does_not_go_back(books: Office) -> None:
    with pytest.raises(Problem, match=r"60\.00 is left of this money"):
        ask(books, 60_01)


@pytest.mark.usefixtures("told")
def test_it_pays_no_charge_and_is_kept_as_it_is(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="it cannot be applied"):
        books.write(
            lambda work: apply_credit(
                work,
                credit(work).id,
                [Application(till.copays[1], Money(60_00))],
                on=work.today(),
            )
        )
    with pytest.raises(Problem, match="it cannot be kept as another kind"):
        books.write(
            lambda work: change_kind(
                work,
                credit(work).id,
                CreditKind.PREPAYMENT,
                reason=WHY,
                seen=CreditKind.RECOUPMENT,
            )
        )
    assert books.read(left) == -60_00


@pytest.mark.usefixtures("told")
def test_among_the_unapplied_it_names_the_check_that_brought_it(books: Office) -> None:
    (row,) = books.read(open_credits)
    assert (row.payment_number, row.will_be_taken, row.free) == (
        "PAY-2026-00001",
        True,
        Money(60_00),
    )
    assert row.promised == ZERO
