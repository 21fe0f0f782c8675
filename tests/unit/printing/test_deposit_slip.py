"""Deposit slips read back: cash by its notes, the checks, the total, and no client's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.deposit_slip import (
    DepositSlipDoc,
    SlipCash,
    SlipItem,
    deposit_slip,
)
from tests.support.papers import flat
from tests.support.pdf import page_texts
from tests.support.statements import LETTERHEAD

SLIP = DepositSlipDoc(
    LETTERHEAD,
    "DEP-2026-00007",
    date(2026, 4, 11),
    "First Fictional Bank",
    "Operating account ···1234",
    Money(286_80),
    cash=Money(61_80),
    counted=(
        SlipCash(Money(20_00), 3),
        SlipCash(Money(1_00), 1),
        SlipCash(Money(25), 3),
        SlipCash(Money(5), 1),
    ),
    checks=(
        SlipItem("1047", "PAY-2026-00001", Money(150_00)),
        SlipItem("", "PAY-2026-00002", Money(75_00)),
    ),
    reference="Bag 12",
)


def test_a_slip_says_what_is_handed_over() -> None:
    page = flat(deposit_slip(SLIP))
    for text in (
        "Deposit slip",
        "DEP-2026-00007",
        "04/11/2026",
        "Bag 12",
        "First Fictional Bank",
        "Operating account ···1234",
        "$286.80",
        "cash, 2 checks",
        "$20 3 60.00",
        "25 ¢ 3 0.75",
        "Cash 61.80",
        "1 1047 PAY-2026-00001 150.00",
        "2 without a number PAY-2026-00002 75.00",
        "Checks 225.00",
        "Total of the deposit 286.80",
        "Handed over by",
        "Taken by the bank",
    ):
        assert text in page


def test_a_card_batch_shows_its_fees_and_needs_no_signature() -> None:
    batch = replace(
        SLIP,
        amount=Money(91_55),
        cash=ZERO,
        counted=(),
        checks=(),
        others=(
            SlipItem("card", "PAY-2026-00003", Money(100_00)),
            SlipItem("card", "REF-2026-00001", Money(-5_00)),
        ),
        fees=Money(3_45),
    )
    page = flat(deposit_slip(batch))
    assert "Other items 95.00" in page
    assert "Fees kept back −3.45" in page
    assert "Total of the deposit 91.55" in page
    assert "Handed over" not in page


def test_an_undone_slip_says_so() -> None:
    gone = replace(SLIP, undone_on=date(2026, 4, 12), undone_why="Counted again")
    page = flat(deposit_slip(gone))
    assert "Undone on 04/12/2026" in page
    assert "Counted again" in page
    assert "UNDONE" in page


def test_many_checks_go_on_to_the_next_page() -> None:
    many = tuple(SlipItem(str(2000 + n), f"PAY-2026-{n:05d}", Money(1_00)) for n in range(80))
    pages = page_texts(deposit_slip(replace(SLIP, amount=Money(141_80), checks=many)))
    assert len(pages) > 2
    assert "Total of the deposit" in pages[-1]
    assert "Handed over by" in pages[-1]


def test_figures_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"parts add up to 286\.80"):
        replace(SLIP, amount=Money(286_81))
    with pytest.raises(ValueError, match="the cash of deposit slip"):
        replace(SLIP, counted=SLIP.counted[1:])
    with pytest.raises(ValueError, match="no reason is given"):
        replace(SLIP, undone_on=date(2026, 4, 12))
