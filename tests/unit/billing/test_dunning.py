"""Which text a statement gets by what is old on it."""

from __future__ import annotations

import pytest

from fscdesk.models.values import Money
from fscdesk.services.billing.dunning import DEFAULTS, PENDING, PREFIX, dunning_text
from fscdesk.services.printing.statement import StatementAges

TEXTS = {key: key.removeprefix(PREFIX) for key in DEFAULTS}


def ages(*owed: int, kept: int = 0) -> StatementAges:
    first, second, third, fourth, fifth = (Money(cents) for cents in owed)
    return StatementAges((first, second, third, fourth, fifth), Money(kept))


@pytest.mark.parametrize(
    ("found", "band"),
    [
        (ages(1, 0, 0, 0, 0), "0"),
        (ages(1, 1, 0, 0, 0), "31"),
        (ages(0, 1, 1, 0, 0), "61"),
        (ages(1, 1, 1, 1, 0), "91"),
        (ages(1, 0, 0, 0, 1), "121"),
        # Who has paid the oldest part is not reminded of it.
        (ages(50, 0, 0, 0, 40, kept=40), "0"),
        (ages(50, 0, 30, 0, 40, kept=60), "61"),
    ],
)
def test_the_oldest_part_that_is_not_paid_decides(found: StatementAges, band: str) -> None:
    assert dunning_text(TEXTS, found, pending=False) == band
    assert dunning_text(TEXTS, found, pending=True) == f"{band}{PENDING}"


def test_who_owes_nothing_is_told_nothing() -> None:
    assert dunning_text(TEXTS, ages(10, 0, 0, 0, 0, kept=10), pending=True) == ""


def test_every_text_fits_its_setting_and_asks_without_shouting() -> None:
    assert all(len(words) <= 300 and "!" not in words for words in DEFAULTS.values())
    assert DEFAULTS[f"{PREFIX}0"] == ""
