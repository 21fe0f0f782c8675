"""Card payouts: their rows, payments, refunds and fees; the sample month to the cent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.deposit import Deposit
from fscdesk.models.import_batch import Verdict
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import Money
from fscdesk.services.banking.deposit_plan import DepositGroup, plan_deposits
from fscdesk.services.banking.deposits import MadeDeposit, make_deposit
from fscdesk.services.banking.payouts import (
    Payout,
    PayoutState,
    cards_in_transit,
    link_payouts,
    payout_draft,
    payout_findings,
    payouts,
)
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import Applied
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Received
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.work import Work
from tests.support.deposits import paid, undone, waiting
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.month import CARDS, EXPORT, SESSIONS, bring_in
from tests.support.payment_acts import asked
from tests.support.payments import Till, cents, verify
from tests.support.report_imports import bring_in as read_in
from tests.support.report_imports import small, take_back
from tests.support.second_person import at_once, refusals
from tests.support.shared import samples

CARD = "sp_card_tx"
WEEK = "04/12/2026 00:00"


def row(
    transaction: str,
    kind: str,
    amount: int,
    fee: int = 0,
    *,
    client: str = "Alma Anyone",
    available: str = WEEK,
) -> list[str]:
    """A row of the card report of 04/10/2026; amounts in cents."""
    source = {"charge": "ch", "refund": "re", "payout": "po"}[kind]
    told = [f"{one / 100:.2f}" for one in (amount, fee, amount - fee)]
    who = "" if kind == "payout" else client
    created = "04/12/2026 00:01" if kind == "payout" else "04/10/2026 15:07"
    return [
        *(who, f"txn_{transaction}", kind, f"{source}_{transaction}"),
        *(*told, "usd", created, available),
    ]


def told(books: Office, folder: Path, *rows: list[str]) -> Applied:
    """Import a card report."""
    return read_in(books, small(folder, CARD, *rows))


def only(books: Office) -> Payout:
    """Return the one payout that is not deposited."""
    (found,) = books.read(payouts)
    return found


def card(books: Office, till: Till, amount: int) -> Received:
    """Take a card payment of Alma's guarantor."""
    return paid(books, till, amount, PaymentMethod.CARD)


def made(books: Office, payout: Payout) -> MadeDeposit:
    """Deposit a payout."""
    return books.write(lambda work: make_deposit(work, payout_draft(payout))).value


def refunded(books: Office, one: Received, amount: int) -> None:
    """Pay a part of a card payment back."""
    wanted = asked(books, one.credit_id, amount)
    books.write(
        lambda work: pay_refund(
            work,
            wanted.refund_id,
            on=date(2026, 4, 10),
            reference="",
            expected_version=wanted.version,
        )
    )


def test_the_sample_month(books: Office) -> None:
    expected = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    for name in (SESSIONS, EXPORT, CARDS):
        bring_in(books, name)
    found = books.read(payouts)
    assert {one.reference: str(one.amount) for one in found} == expected["stripe_payouts"]
    assert {one.state for one in found} == {PayoutState.READY}
    assert books.read(payout_findings_of) == ()
    plan = books.read(plan_deposits)
    in_plan = {one.reference: one for one in plan.groups if one.payout_id is not None}
    assert {name: str(one.amount) for name, one in in_plan.items()} == expected["stripe_payouts"]

    def deposit_all(work: Work) -> int:
        done = [make_deposit(work, payout_draft(one)) for one in payouts(work)]
        return sum(one.amount.cents for one in done)

    total = sum(one.amount.cents for one in found)
    assert books.write(deposit_all).value == total
    assert str(books.read(cards_in_transit)) == expected["card_in_transit_at_month_end"]
    assert books.read(lambda work: cents(work, "7600")) == sum(one.fees.cents for one in found)
    assert books.read(lambda work: str(cards_in_transit(work, date(2026, 3, 29)))) == "81.98"
    verify(books)


def payout_findings_of(work: Work) -> object:
    """The findings of the payouts as they are now."""
    return payout_findings(payouts(work))


def test_a_payout_is_its_payments_less_refunds_and_fees(
    books: Office, till: Till, tmp_path: Path
) -> None:
    one, other = card(books, till, 100_00), card(books, till, 50_00)
    refunded(books, other, 20_00)
    # What goes back to a card is kept back by the processor: no money leaves the bank.
    assert books.read(lambda work: (cents(work, "1000"), cents(work, "1050"))) == (0, 130_00)
    told(
        books,
        tmp_path,
        row("1", "charge", 100_00, 3_45),
        row("2", "charge", 50_00, 1_88),
        row("3", "refund", -20_00),
        row("4", "payout", -124_67),
    )
    found = only(books)
    assert (found.state, found.amount, found.fees) == (
        PayoutState.READY,
        Money(124_67),
        Money(5_33),
    )
    assert set(found.payment_ids) == {one.payment_id, other.payment_id}
    assert len(found.refund_ids) == 1
    (group,) = books.read(plan_deposits).groups
    assert isinstance(group, DepositGroup)
    assert (group.payout_id, group.amount) == (found.id, Money(124_67))

    done = assert_all_or_nothing(books, lambda work: make_deposit(work, payout_draft(found))).value
    assert (done.gross, done.amount, done.items) == (Money(130_00), Money(124_67), 3)
    assert books.read(lambda work: [cents(work, one) for one in ("1000", "1050", "7600")]) == [
        124_67,
        0,
        5_33,
    ]
    assert books.read(payouts) == ()
    verify(books)
    (row_,) = books.read(lambda work: payouts(work, also_deposited=True))
    assert (row_.state, row_.deposit) == (PayoutState.DEPOSITED, done.number)
    undone(books, done.id)
    assert only(books).state is PayoutState.READY
    assert len(waiting(books)) == 3
    verify(books)


def test_what_does_not_add_up_stays_open_with_its_difference(
    books: Office, till: Till, tmp_path: Path
) -> None:
    card(books, till, 100_00)
    told(books, tmp_path, row("1", "charge", 100_00, 3_45), row("4", "payout", -90_00))
    found = only(books)
    assert (found.state, found.difference, found.rows) == (PayoutState.OPEN, Money(90_00), 0)
    (finding,) = books.read(lambda work: plan_deposits(work).findings)
    assert finding.message == (
        "Payout po_4 of 04/12/2026 over 90.00 has no rows that add up to it; 90.00 is to be"
        " explained."
    )
    with pytest.raises(Problem, match="A deposit needs a payment"):
        made(books, found)


def test_a_payout_waits_for_its_payments(books: Office, till: Till, tmp_path: Path) -> None:
    told(books, tmp_path, row("1", "charge", 100_00, 3_45), row("4", "payout", -96_55))
    found = only(books)
    assert (found.state, found.difference) == (PayoutState.OPEN, Money())
    assert "holds 100.00 of which no payment is undeposited here (txn_1)" in found.why
    assert till.alma


def test_the_payments_of_a_payout_must_come_to_it(
    books: Office, till: Till, tmp_path: Path
) -> None:
    one = card(books, till, 100_00)
    card(books, till, 40_00)
    told(books, tmp_path, row("1", "charge", 100_00, 3_45), row("4", "payout", -96_55))
    draft = payout_draft(only(books))
    before = books.read(whole_books)
    with pytest.raises(Problem, match=r"Payout po_4 is 96\.55, these payments less fees are 99"):
        books.write(lambda work: make_deposit(work, replace(draft, fees=Money(1_00))))
    assert books.read(whole_books) == before
    assert one.payment_id in draft.payment_ids
    outcomes = at_once(
        (books, lambda work: make_deposit(work, draft)),
        (books, lambda work: make_deposit(work, draft)),
    )
    (refused,) = refusals(outcomes)
    assert isinstance(refused, Problem), repr(refused)
    verify(books)


def test_payouts_of_one_day_are_told_apart_only_in_one_way(
    books: Office, till: Till, tmp_path: Path
) -> None:
    told(
        books,
        tmp_path,
        *(row(str(n), "charge", amount) for n, amount in enumerate((10_00, 20_00, 45_00))),
        row("7", "payout", -30_00),
        row("8", "payout", -45_00),
    )
    assert [(one.rows, one.difference) for one in books.read(payouts)] == [
        (2, Money()),
        (1, Money()),
    ]
    assert till.alma


def test_two_ways_of_telling_them_apart_are_none(books: Office, till: Till, tmp_path: Path) -> None:
    told(
        books,
        tmp_path,
        *(row(str(n), "charge", amount) for n, amount in enumerate((10_00, 20_00, 10_00, 20_00))),
        row("7", "payout", -30_00),
        row("8", "payout", -30_00),
    )
    assert [one.rows for one in books.read(payouts)] == [0, 0]
    assert till.alma


def test_a_payout_of_a_week_takes_all_since_the_one_before(
    books: Office, till: Till, tmp_path: Path
) -> None:
    told(
        books,
        tmp_path,
        row("1", "charge", 10_00, available="04/09/2026 00:00"),
        row("2", "charge", 20_00, available="04/11/2026 00:00"),
        row("7", "payout", -30_00),
        row("9", "charge", 5_00, available="04/13/2026 00:00"),
    )
    assert only(books).rows == 2
    assert books.write(link_payouts).value == 0
    assert till.alma


def test_a_payout_takes_what_none_before_it_took(books: Office, tmp_path: Path) -> None:
    days = [f"04/{day:02d}/2026 00:00" for day in (6, 7, 8, 9, 10)]
    told(
        books,
        tmp_path,
        row("1", "charge", 10_00, available=days[0]),
        row("7", "payout", -99_00, available=days[1]),
        row("2", "charge", 20_00, available=days[1]),
        row("3", "charge", 5_00, available=days[2]),
        row("8", "payout", -5_00, available=days[2]),
        row("4", "charge", 1_00, available=days[3]),
        row("9", "payout", -31_00, available=days[4]),
        row("5", "charge", 2_00, available=WEEK),
        row("6", "payout", -32_00, available=WEEK),
    )
    assert [(one.reference, one.rows) for one in books.read(payouts)] == [
        ("po_7", 0),
        ("po_8", 1),
        ("po_9", 3),
        ("po_6", 0),
    ]


@pytest.mark.parametrize("day", ["07/01/2026", "12/31/2099"])
def test_a_row_of_a_day_that_cannot_be_is_left_out(books: Office, tmp_path: Path, day: str) -> None:
    done = told(
        books,
        tmp_path,
        row("1", "charge", 10_00, available=f"{day} 00:00"),
        row("2", "charge", 20_00),
    )
    skipped = [one for one in done.plan.rows if one.verdict is Verdict.SKIPPED]
    assert [one.reason for one in skipped] == [f"{day} cannot be its day"]
    kept = books.read(lambda work: work.db.scalars(select(CardTransaction.transaction_id)).all())
    assert kept == ["txn_2"]


def test_the_report_cannot_be_undone_while_its_payout_is_deposited(
    books: Office, till: Till, tmp_path: Path
) -> None:
    card(books, till, 100_00)
    rows = told(books, tmp_path, row("1", "charge", 100_00, 3_45))
    report = told(books, tmp_path, row("4", "payout", -96_55))
    done = made(books, only(books))
    for one in (rows, report):
        with pytest.raises(Problem, match="deposit DEP-2026-00001"):
            take_back(books, one)
    undone(books, done.id)
    take_back(books, report)
    assert books.read(payouts) == ()
    left = books.read(lambda work: work.db.scalars(select(CardTransaction)).one().payout_id)
    assert left is None
    assert books.read(lambda work: work.db.get_one(Deposit, done.id).live_payout_id) is None
    verify(books)
    again = told(books, tmp_path, row("4", "payout", -96_55))
    assert again.batch_id is not None
    assert only(books).state is PayoutState.READY


def test_an_import_whose_payments_are_deposited_cannot_be_undone(books: Office) -> None:
    bring_in(books, SESSIONS)
    export = bring_in(books, EXPORT)
    bring_in(books, CARDS)
    first = books.read(payouts)[0]
    done = made(books, first)
    with pytest.raises(Problem, match="deposit DEP-2026-00001"):
        take_back(books, export)
    undone(books, done.id)
    take_back(books, export)
    verify(books)
