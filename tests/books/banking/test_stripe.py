"""Stripe's own files: the payout of each row, beside the card report or without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import Money
from fscdesk.services.banking.deposits import make_deposit
from fscdesk.services.banking.payouts import PayoutState, payout_draft, payouts
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import Applied
from fscdesk.services.office import Office
from tests.support.appointment_files import written
from tests.support.deposits import paid, undone
from tests.support.month import CARDS, bring_in
from tests.support.payments import Till, verify
from tests.support.report_imports import bring_in as read_in
from tests.support.report_imports import counts, opened, take_back
from tests.support.shared import samples

ITEMIZED = [
    *("payout_id", "effective_at_utc", "effective_at", "currency", "gross", "fee", "net"),
    *("reporting_category", "balance_transaction_id", "description"),
]
BALANCE = [
    *("id", "Type", "Source", "Amount", "Fee", "Net", "Currency", "Created (UTC)"),
    *("Available On (UTC)", "Description", "Customer Facing Amount", "Customer Facing Currency"),
    *("Transfer", "Transfer Date (UTC)", "Transfer Group"),
]
ON = "2026-04-12 00:00:00"
SAMPLE = "stripe_payouts_itemized_2026-03.csv"


def told(books: Office, folder: Path, heading: list[str], *rows: list[str]) -> Applied:
    """Import a file of Stripe."""
    path = folder / f"stripe-{len(list(folder.iterdir()))}.csv"
    path.write_text(written([heading, *rows]), encoding="utf-8", newline="")
    return read_in(books, opened(path))


def itemized(payout: str, kind: str, amount: str, transaction: str) -> list[str]:
    """A row of the itemized report, without a fee."""
    return [payout, ON, ON, "usd", amount, "0.00", amount, kind, transaction, ""]


def balance(transaction: str, kind: str, source: str, amounts: str, transfer: str) -> list[str]:
    """A row of the balance transactions; ``amounts`` are amount, fee and net."""
    amount, fee, net = amounts.split()
    day = "2026-04-12 00:01" if kind == "payout" else "2026-04-10 15:07"
    return [
        *(transaction, kind, source, amount, fee, net, "usd", day, ON, "", "", ""),
        *(transfer, "", ""),
    ]


def test_the_sample_is_the_payouts_of_the_card_report(books: Office) -> None:
    expected = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    done = bring_in(books, SAMPLE)
    assert counts(done.plan) == (19, 19, 0, 0, 0)
    found = books.read(payouts)
    assert {one.reference: str(one.amount) for one in found} == expected["stripe_payouts"]
    after = bring_in(books, CARDS)
    assert after.plan.unchanged == 19, "its payouts are known by their transaction"
    assert {one.difference for one in books.read(payouts)} == {Money()}
    verify(books)


def test_stripe_tells_which_payout_a_row_is_part_of(
    books: Office, till: Till, tmp_path: Path
) -> None:
    """By their days and amounts alone nobody could tell these two payouts apart."""
    for _ in range(2):
        paid(books, till, 30_00, PaymentMethod.CARD)
        paid(books, till, 20_00, PaymentMethod.CARD)
    charges = [
        balance(f"txn_{n}", "charge", f"ch_{n}", f"{amount}.00 0.00 {amount}.00", "")
        for n, amount in enumerate((30, 20, 30, 20))
    ]
    sent = [balance(f"txn_p{n}", "payout", f"po_{n}", "-50.00 0.00 -50.00", "") for n in (1, 2)]
    rows = told(books, tmp_path, BALANCE, *charges, *sent)
    assert counts(rows.plan) == (6, 6, 0, 0, 0)
    assert [one.rows for one in books.read(payouts)] == [0, 0]
    itemised = told(
        books,
        tmp_path,
        ITEMIZED,
        *(
            itemized(payout, "charge", f"{amount}.00", f"txn_{n}")
            for n, (amount, payout) in enumerate(
                ((30, "po_1"), (20, "po_1"), (30, "po_2"), (20, "po_2"))
            )
        ),
        itemized("po_1", "payout", "-50.00", "txn_p1"),
    )
    assert counts(itemised.plan) == (5, 0, 4, 1, 0)
    one, two = books.read(payouts)
    assert [(each.rows, each.difference) for each in (one, two)] == [(2, Money()), (2, Money())]
    again = told(books, tmp_path, ITEMIZED, itemized("po_1", "charge", "30.00", "txn_0"))
    assert counts(again.plan) == (1, 0, 0, 1, 0)

    # Two payments of each amount: whose card it was, nobody told.
    assert {one.state, two.state} == {PayoutState.OPEN}
    take_back(books, itemised)
    assert [each.rows for each in books.read(payouts)] == [0, 0]
    take_back(books, rows)
    assert books.read(lambda work: work.db.scalars(select(CardTransaction)).all()) == []
    verify(books)


def test_a_balance_with_its_payout_needs_no_other_file(
    books: Office, till: Till, tmp_path: Path
) -> None:
    paid(books, till, 100_00, PaymentMethod.CARD)
    file = told(
        books,
        tmp_path,
        BALANCE,
        balance("txn_1", "payment", "py_1", "100.00 3.45 96.55", "po_9"),
        balance("txn_2", "stripe_fee", "fee_1", "-2.00 0.00 -2.00", "po_9"),
        balance("txn_9", "payout", "po_9", "-94.55 0.00 -94.55", ""),
    )
    (found,) = books.read(payouts)
    assert (found.rows, found.difference, found.fees) == (2, Money(), Money(5_45))
    assert found.state is PayoutState.READY
    done = books.write(lambda work: make_deposit(work, payout_draft(found))).value
    verify(books)
    with pytest.raises(Problem, match="deposit DEP-2026-00001"):
        take_back(books, file)
    undone(books, done.id)
    take_back(books, file)
    assert books.read(payouts) == ()
    verify(books)
