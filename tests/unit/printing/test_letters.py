"""Explained balances, credit memos and reminder letters read back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.credit_memo import CreditMemoUse, credit_memo
from fscdesk.services.printing.explanation import explanation
from fscdesk.services.printing.reminder import ReminderTone, reminder
from tests.support.papers import a_credit_memo, a_reminder, an_explanation, flat
from tests.support.pdf import page_texts


def test_explanation_has_a_sentence_for_each_movement() -> None:
    page = flat(explanation(an_explanation(2)))
    for text in (
        "03/01/2026, Individual session, 50 minutes with Mockley O’Sample",
        "03/01/2026 The session cost $160.00. 000: 160.00 160.00",
        "03/08/2026 Your insurance, Imaginary Blue, paid $100.00. −100.00 60.00",
        "03/15/2026 The practice agreed with your insurance not to charge $20.00. −20.00 40.00",
        "03/22/2026 You paid by card. Thank you. −25.00 15.00",
        "You paid by card. Thank you. −25.01 14.99",
        "All together, left to pay 29.99",
        "$29.99 is left for you to pay.",
        "This is not a bill",
    ):
        assert text in page


def test_charge_goes_on_under_its_name() -> None:
    pages = page_texts(explanation(an_explanation(9)))
    assert len(pages) > 1
    for page in pages[1:]:
        assert re.search(r"03/\d\d/2026, Individual session, 50 minutes with", page[:200])
    many = an_explanation(1)
    step = many.charges[0].steps[0]
    steps = tuple(replace(step, change=Money(1), balance=Money(n + 1)) for n in range(60))
    long = replace(many, charges=(replace(many.charges[0], steps=steps),), total=Money(60))
    later = page_texts(explanation(long))[1:]
    assert later
    assert all("with Mockley O’Sample, continued" in page for page in later)


def test_money_not_on_a_charge_has_its_own_heading() -> None:
    page = flat(explanation(an_explanation(1, credit=Money(40_00))))
    assert "Money not used yet" in page
    assert "You paid ahead by check 1042. −40.00 −40.00" in page
    assert "Credit balance 25.00" in page
    assert "You have a credit of $25.00. There is nothing to pay." in page


def test_account_without_charges_and_closing_words() -> None:
    page = flat(explanation(an_explanation(0)))
    assert "Nothing has been charged to this account." in page
    assert "There is nothing to pay." in page
    said = flat(explanation(replace(an_explanation(), closing="Pay it at your next session.")))
    assert "Pay it at your next session." in said
    assert "is left for you to pay" not in said


def test_explanation_that_does_not_add_up_is_refused() -> None:
    document = an_explanation()
    with pytest.raises(ValueError, match="account 1003"):
        replace(document, total=Money(30_00))
    charge = document.charges[0]
    wrong = replace(charge.steps[2], balance=Money(40_01))
    steps = (*charge.steps[:2], wrong, charge.steps[3])
    broken = replace(charge, steps=steps)
    with pytest.raises(ValueError, match="not to charge"):
        replace(document, charges=(broken, document.charges[1]))
    with pytest.raises(ValueError, match="no movement"):
        replace(document, charges=(replace(charge, steps=()),))


def test_credit_memo_says_what_why_and_where_it_went() -> None:
    page = flat(credit_memo(a_credit_memo()))
    for text in (
        "CM-2026-00001",
        "For invoice INV-2026-00041",
        "The sessions were charged at the wrong rate.",
        "03/02/2026 Quill Fakerson Individual session, 50 minutes 001. 20.00",
        "Credit 40.00",
        "$40.00",
        "04/02/2026 Applied to invoice INV-2026-00042 30.00",
        "Left of this credit 10.00",
        "$10.00 stands on your account",
    ):
        assert text in page


def test_used_up_unused_and_void_memos() -> None:
    used = CreditMemoUse(date(2026, 4, 2), "Applied", Money(40_00))
    assert "All of this credit has been used." in flat(credit_memo(a_credit_memo(uses=(used,))))
    about_all = flat(credit_memo(replace(a_credit_memo(), lines=())))
    assert "Charge" not in about_all
    assert "Credit 40.00" in about_all
    partly = a_credit_memo(void_on=date(2026, 4, 3), void_reason="The wrong account.")
    assert "Taken back 10.00" in flat(credit_memo(partly))
    unused = flat(credit_memo(a_credit_memo(uses=())))
    assert "Where it went" not in unused
    assert "$40.00 stands on your account" in unused
    void = a_credit_memo(uses=(), void_on=date(2026, 4, 3), void_reason="The wrong account.")
    page = flat(credit_memo(void))
    assert "VOID" in page
    assert "Void since 04/03/2026 The wrong account." in page
    assert "nothing left of it" in page
    assert "stands on your account" not in page


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Money(41_00)},
        {"left": Money(40_00)},
        {"uses": ()},
        {"uses": (CreditMemoUse(date(2026, 4, 2), "x", Money(41_00)),), "left": Money(-1_00)},
        {"uses": (), "lines": (), "amount": ZERO, "left": ZERO},
        {"void_on": date(2026, 4, 3)},
    ],
)
def test_memo_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="CM-2026-00001"):
        replace(a_credit_memo(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("tone", ReminderTone)
def test_each_tone_has_its_title(tone: ReminderTone) -> None:
    page = flat(reminder(a_reminder(tone=tone)))
    assert tone.title() in page
    assert len({each.title() for each in ReminderTone}) == len(ReminderTone) == 5


def test_reminder_has_the_words_and_the_ages() -> None:
    page = flat(reminder(a_reminder()))
    for text in (
        "$110.00 is past due",
        "They were due more than 30 days ago.",
        "Pay with the slip, or call us if you want to pay in parts.",
        "Invoice INV-2026-00000 03/01/2026 35 days 55.00",
        "Invoice INV-2026-00001 02/28/2026 36 days 55.00",
        "The oldest amount is 36 days late",
        "Past due 110.00",
        "The billing office",
        "Payment slip",
        "or a plan to pay in parts? Call (555) 010-0100",
    ):
        assert text in page


def test_lines_of_a_letter_stand_and_long_ones_go_on_whole() -> None:
    words = " ".join(f"w{n:04d}" for n in range(1500))
    pages = page_texts(reminder(a_reminder(paragraphs=("One\nTwo <b>three</b>", words))))
    assert "One\nTwo <b>three</b>\n" in pages[0]
    assert re.findall(r"w\d{4}", "\n".join(pages)) == words.split()
    assert len(pages) > 1
    assert all("Payment slip" not in page for page in pages)


def test_all_invoices_of_a_long_list_are_there() -> None:
    text = flat(reminder(a_reminder(80)))
    assert re.findall(r"INV-2026-(\d{5})", text) == [f"{n:05d}" for n in range(80)]


@pytest.mark.parametrize(
    "change",
    [
        {"total": Money(110_01)},
        {"total": ZERO, "lines": ()},
        {"day": date(2026, 3, 1)},
    ],
)
def test_reminder_that_does_not_hold_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="account 1003"):
        replace(a_reminder(), **change)  # type: ignore[arg-type]
