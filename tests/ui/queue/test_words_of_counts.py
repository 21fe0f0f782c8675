"""What is counted, in words: the queue and the lists behind it count the same money differently."""

from __future__ import annotations

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.appeal_outcomes import AppealOutcomes
from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy, RateRow
from fscdesk.ui.screens.claims.rates_top import FEW, RatesTop
from fscdesk.ui.screens.queue.asking import KIND, counted_words
from fscdesk.ui.tables.filter_state import FilterState


def test_the_queue_says_what_it_counts_as_one_denial() -> None:
    denied = FilterState().with_values(KIND, ("denied",))
    words = "10 items: each denied claim once, and denied sessions on no claim"
    assert counted_words(denied, 10) == words
    assert counted_words(denied, 0) == "0 items"
    assert counted_words(FilterState(), 10) == "10 items"


def _rates(by: DenialsBy, count: int) -> DenialRates:
    rows = tuple(
        RateRow(f"2026-{at:02}", f"Payer {at}", 9, Money(900), 1, Money(at * 100), 0, ZERO)
        for at in range(1, count + 1)
    )
    outcomes = AppealOutcomes()
    return DenialRates(date(2026, 1, 1), date(2026, 12, 31), by, rows, rows[0], outcomes)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (FEW, "Enter opens the denials"),
        (FEW + 2, f"The {FEW} with most of {FEW + 2}. Enter opens the denials"),
    ],
)
def test_a_chart_that_leaves_payers_out_says_so(qtbot: QtBot, count: int, words: str) -> None:
    top = RatesTop()
    qtbot.addWidget(top)
    top.show_rates(_rates(DenialsBy.PAYER, count))
    assert top.hint.text() == words
