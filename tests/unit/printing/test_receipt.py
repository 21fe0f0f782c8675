"""Receipts read back: how money came, what it paid, what is left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.receipt import (
    METHODS,
    ReceiptCredit,
    ReceiptState,
    paid_by,
    receipt,
)
from tests.support.papers import a_receipt, flat


def test_receipt_says_what_came_and_where_it_went() -> None:
    page = flat(receipt(a_receipt(2)))
    for text in (
        "Receipt",
        "RC-2026-00007",
        "04/01/2026 08:15",
        "$230.01",
        (
            "$230.01 from Sample McSampleface, by check, number 1042, "
            "received on 04/01/2026 08:15 by Dana Kestrel."
        ),
        "03/01/2026 Quill Fakerson Individual session, 50 minutes 000. 90837 95.00",
        "03/02/2026 Quill Fakerson Individual session, 50 minutes 001. 90837 95.01",
        "Applied to charges 190.01",
        "Kept as prepayment for Quill Fakerson 40.00",
        "Amount received 230.01",
        "Balance after this payment 55.00",
        "Thank you for your payment.",
        "A question about this receipt? Call (555) 010-0100, Monday to Friday, 9 to 4.",
        "Page 1 of 1",
    ):
        assert text in page


def test_all_of_it_kept_needs_no_table() -> None:
    page = flat(receipt(a_receipt(0)))
    assert "Kept as prepayment for Quill Fakerson 40.00" in page
    assert "Amount received 40.00" in page
    assert "Applied to charges" not in page
    assert "Service" not in page


def test_several_credits_stand_by_type_and_owner() -> None:
    kept = (
        ReceiptCredit("retainer", "Minna Placeholder", Money(10_00)),
        ReceiptCredit("overpayment", "", Money(5_00)),
    )
    page = flat(receipt(a_receipt(1, kept=kept)))
    assert "Kept as retainer for Minna Placeholder 10.00" in page
    assert "Kept as overpayment 5.00" in page


def test_credit_balance_is_named() -> None:
    assert "Credit balance after this payment 12.34" in flat(
        receipt(a_receipt(remaining=Money(-12_34)))
    )


@pytest.mark.parametrize(
    ("state", "word"), [(ReceiptState.RETURNED, "RETURNED"), (ReceiptState.VOID, "VOID")]
)
def test_payment_that_does_not_stand_says_so(state: ReceiptState, word: str) -> None:
    page = flat(receipt(a_receipt(state=state, reason="The bank returned it on 04/10/2026.")))
    assert word in page
    assert f"{state.value} The bank returned it on 04/10/2026." in page
    assert "What this payment had covered" in page
    assert "Balance now 55.00" in page
    assert "Thank you" not in page
    assert word not in flat(receipt(a_receipt()))


@pytest.mark.parametrize("method", METHODS)
def test_each_method_has_its_words(method: str) -> None:
    assert METHODS[method] in flat(receipt(a_receipt(method=method)))


def test_methods_and_references_as_said() -> None:
    assert paid_by("check", "1042") == "by check, number 1042"
    assert paid_by("CARD", "ch_7") == "by card, reference ch_7"
    assert paid_by("cash", "") == "in cash"
    assert paid_by("barter", "") == "by barter"
    assert paid_by("", "") == ""


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Money(1)},
        {"amount": ZERO, "lines": (), "credits": ()},
        {"credits": ()},
        {"lines": ()},
        {"state": ReceiptState.VOID},
        {"state": ReceiptState.RETURNED, "state_reason": "  "},
    ],
)
def test_receipt_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="RC-2026-00007"):
        replace(a_receipt(), **change)  # type: ignore[arg-type]


def test_refusal_names_both_figures() -> None:
    with pytest.raises(ValueError, match=r"says 325\.04, its parts add up to 325\.03"):
        replace(a_receipt(), amount=Money(325_04))


@pytest.mark.parametrize(
    ("method", "words"), [("eft", "by EFT"), ("ach", "by ACH"), ("plan", "on a plan")]
)
def test_the_box_says_how_the_money_came(method: str, words: str) -> None:
    page = flat(receipt(replace(a_receipt(1), method=method, account="FICTA", from_payer=True)))
    assert f"Received {words}" in page or words in page
    assert "Payer FICTA" in page
    assert "Account FICTA" not in page
