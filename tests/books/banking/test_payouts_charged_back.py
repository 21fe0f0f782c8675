"""Card payouts in which money was taken back: tied to the payment, deposited, matched, closed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.deposit import DepositKind
from fscdesk.models.payment import Payment
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, draft_of, take_apart
from fscdesk.services.banking.deposits import make_deposit
from fscdesk.services.banking.match_items import BankLeg, DepositToMake
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.payouts import Payout, PayoutState, payout_draft, payouts
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.disputing import charge_back_part, win_dispute
from fscdesk.services.payments.receiving import Received
from fscdesk.services.payments.returning import Returned, ReturnKind, return_payment
from tests.books.banking.test_payouts import card, made, only, row, told
from tests.support.bank_books import line, starts
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify

BACK = date(2026, 4, 12)


def dispute(amount: int = 30_00, fee: int = 15_00, name: str = "9") -> list[str]:
    """A dispute's row of the card report, in cents: what was taken back, and the fee for it."""
    sums = [f"{one / 100:.2f}" for one in (-amount, fee, -amount - fee)]
    moments = ["04/11/2026 15:07", "04/12/2026 00:00"]
    return ["Alma Anyone", f"txn_{name}", "adjustment", f"du_{name}", *sums, "usd", *moments]


def charged_back(books: Office, one: Received) -> Returned:
    """Record that the processor took a payment back."""
    version = books.read(lambda work: work.db.get_one(Payment, one.payment_id).version)
    return books.write(
        lambda work: return_payment(
            work,
            one.payment_id,
            on=BACK,
            reason="Disputed",
            expected_version=version,
            kind=ReturnKind.CHARGEBACK,
            fee=Money(),
        )
    ).value


def opened(books: Office, till: Till, folder: Path) -> tuple[int, Received, Received]:
    """Deposit 30.00 by its payout; the next one has 50.00 and takes the 30.00 back for 15.00."""
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    one, other = card(books, till, 30_00), card(books, till, 50_00)
    told(books, folder, row("1", "charge", 30_00, 1_00), row("4", "payout", -29_00))
    made(books, only(books))
    rows = (row("2", "charge", 50_00, 1_50), dispute(), row("5", "payout", -3_50))
    told(books, folder, *rows)
    return account, one, other


def state(books: Office) -> tuple[Payout, ...]:
    return books.read(lambda work: payouts(work, also_deposited=True))


def test_a_dispute_says_what_is_to_be_done(books: Office, till: Till, tmp_path: Path) -> None:
    opened(books, till, tmp_path)
    found = only(books)
    assert (found.state, found.difference) == (PayoutState.OPEN, Money())
    assert found.why == (
        "Payout po_5 of 04/12/2026 over 3.50 takes 30.00 back and a fee of 15.00 (txn_9). Where a"
        " card payment, or a part of one, of that amount was charged back, record it on the"
        " payment; else match the bank's line by hand, and say there what that is."
    )


def test_a_payout_less_a_chargeback_is_deposited_matched_and_closed(
    books: Office, till: Till, tmp_path: Path
) -> None:
    account, one, other = opened(books, till, tmp_path)
    charged_back(books, one)
    found = only(books)
    assert (found.state, found.payment_ids, found.fees) == (
        PayoutState.READY,
        (other.payment_id,),
        Money(16_50),
    )
    assert (found.amount, found.taken_back, found.to_deposit) == (
        Money(3_50),
        Money(30_00),
        Money(33_50),
    )
    done = assert_all_or_nothing(books, lambda work: make_deposit(work, payout_draft(found))).value
    assert (done.gross, done.fees, done.amount) == (Money(50_00), Money(16_50), Money(33_50))
    assert books.read(payouts) == ()
    # 29.00 and 33.50 came, 30.00 went back: what the bank has of both payouts.
    sums = books.read(lambda work: [cents(work, one) for one in ("1000", "1050", "7600")])
    assert sums == [29_00 + 3_50, 0, 17_50]
    books.write(lambda work: line(work, "4/12", 3_50, "STRIPE TRANSFER"))
    (proposed,) = books.read(lambda work: proposals(work, account))
    assert sorted(item.amount.cents for item in proposed.items) == [-30_00, 33_50]
    books.write(lambda work: accept(work, draft_of(account, proposed)))
    assert books.read(lambda work: proposals(work, account)) == ()
    verify(books)


def test_the_banks_line_deposits_the_payout(books: Office, till: Till, tmp_path: Path) -> None:
    account, one, _ = opened(books, till, tmp_path)
    charged_back(books, one)
    books.write(lambda work: line(work, "4/12", 3_50, "STRIPE TRANSFER ST-X5Y6Z7W8"))
    (proposed,) = books.read(lambda work: proposals(work, account))
    match = books.write(lambda work: accept(work, draft_of(account, proposed))).value
    assert [one.state for one in state(books)] == [PayoutState.DEPOSITED] * 2
    verify(books)
    books.write(lambda work: take_apart(work, match, "Another line"))
    assert only(books).state is PayoutState.READY
    verify(books)


def test_one_chargeback_is_not_chosen_among_two(books: Office, till: Till, tmp_path: Path) -> None:
    opened(books, till, tmp_path)
    for number in (1, 2):
        another = card(books, till, 30_00)
        rows = row(f"6{number}", "charge", 30_00), row(f"7{number}", "payout", -30_00)
        told(books, tmp_path, *rows)
        charged_back(books, another)
    assert "takes 30.00 back" in state(books)[1].why


def test_a_payout_that_was_matched_by_hand_closes(
    books: Office, till: Till, tmp_path: Path
) -> None:
    account, one, other = opened(books, till, tmp_path)
    back = charged_back(books, one)
    ident = books.write(lambda work: line(work, "4/12", 3_50, "STRIPE TRANSFER")).value
    by_hand = DepositToMake(
        DepositKind.CARD, Money(48_50), (other.payment_id,), fees=Money(1_50), since=BACK
    )
    match = books.write(
        lambda work: accept(
            work,
            MatchDraft(
                account,
                (ident,),
                entry_ids=(back.entry_id,),
                deposits=(by_hand,),
                legs=(BankLeg("7600", Money(-15_00)),),
                memo="Dispute fee",
            ),
        )
    ).value
    assert books.read(payouts) == ()
    assert state(books)[1].deposit == "DEP-2026-00002"
    verify(books)
    books.write(lambda work: take_apart(work, match, "Not this line"))
    assert only(books).state is PayoutState.READY


def test_a_part_that_was_taken_back_is_named_by_a_person(
    books: Office, till: Till, tmp_path: Path
) -> None:
    """A dispute of a part is no payment of ours: the bank's line says which account it is."""
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    other = card(books, till, 50_00)
    rows = row("2", "charge", 50_00, 1_50), dispute(12_00), row("5", "payout", -21_50)
    told(books, tmp_path, *rows)
    assert "takes 12.00 back and a fee of 15.00 (txn_9)" in only(books).why
    with pytest.raises(Problem, match=r"Payout po_5 is 21\.50, these payments less fees are 33"):
        made(books, only(books))
    ident = books.write(lambda work: line(work, "4/12", 21_50, "STRIPE TRANSFER")).value
    by_hand = DepositToMake(
        DepositKind.CARD, Money(33_50), (other.payment_id,), fees=Money(16_50), since=BACK
    )
    legs = (BankLeg("7600", Money(-12_00), note="Disputed"),)
    draft = MatchDraft(account, (ident,), deposits=(by_hand,), legs=legs, memo="Dispute")
    books.write(lambda work: accept(work, draft))
    assert books.read(payouts) == ()
    verify(books)


def test_a_part_that_was_charged_back_is_tied_to_its_payout(
    books: Office, till: Till, tmp_path: Path
) -> None:
    """A dispute of a part is recorded on its payment; the payout is deposited and closed by it."""
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    one, other = card(books, till, 30_00), card(books, till, 50_00)
    told(books, tmp_path, row("1", "charge", 30_00, 1_00), row("4", "payout", -29_00))
    made(books, only(books))
    rows = row("2", "charge", 50_00, 1_50), dispute(12_00), row("5", "payout", -21_50)
    told(books, tmp_path, *rows)
    version = books.read(lambda work: work.db.get_one(Payment, one.payment_id).version)
    books.write(
        lambda work: charge_back_part(
            work,
            one.payment_id,
            Money(12_00),
            on=BACK,
            reason="Disputed",
            expected_version=version,
            fee=Money(),
        )
    )
    found = only(books)
    assert (found.state, found.payment_ids) == (PayoutState.READY, (other.payment_id,))
    assert (found.taken_back, found.to_deposit, found.fees) == (
        Money(12_00),
        Money(33_50),
        Money(16_50),
    )
    books.write(lambda work: line(work, "4/12", 21_50, "STRIPE TRANSFER"))
    (proposed,) = books.read(lambda work: proposals(work, account))
    books.write(lambda work: accept(work, draft_of(account, proposed)))
    assert books.read(payouts) == ()
    verify(books)


def test_a_dispute_that_was_won_is_tied_to_the_payout_that_brings_it(
    books: Office, till: Till, tmp_path: Path
) -> None:
    account, one, _ = opened(books, till, tmp_path)
    charged_back(books, one)
    made(books, only(books))
    third = card(books, till, 20_00)
    rows = row("3", "charge", 20_00, 1_00), dispute(-30_00, 0, "8"), row("6", "payout", -49_00)
    told(books, tmp_path, *rows)
    assert "Where a dispute of that amount was won" in only(books).why
    version = books.read(lambda work: work.db.get_one(Payment, one.payment_id).version)
    books.write(
        lambda work: win_dispute(
            work, one.payment_id, on=BACK, reason="Won", expected_version=version
        )
    )
    found = only(books)
    assert (found.state, found.payment_ids) == (PayoutState.READY, (third.payment_id,))
    assert (found.taken_back, found.to_deposit) == (Money(-30_00), Money(19_00))
    books.write(lambda work: line(work, "4/12", 49_00, "STRIPE TRANSFER"))
    (proposed,) = books.read(lambda work: proposals(work, account))
    assert sorted(item.amount.cents for item in proposed.items) == [19_00, 30_00]
    books.write(lambda work: accept(work, draft_of(account, proposed)))
    assert books.read(payouts) == ()
    assert [one.state for one in state(books)] == [PayoutState.DEPOSITED] * 3
    verify(books)


def test_a_deposit_by_hand_that_the_bank_has_not_shown_is_named(
    books: Office, till: Till, tmp_path: Path
) -> None:
    _, one, other = opened(books, till, tmp_path)
    charged_back(books, one)
    draft = payout_draft(only(books))
    books.write(
        lambda work: make_deposit(
            work, type(draft)(None, draft.kind, draft.on, (other.payment_id,), fees=Money(1_50))
        )
    )
    found = only(books)
    assert found.state is PayoutState.OPEN
    assert "has payments in DEP-2026-00002, which was made without it" in found.why
