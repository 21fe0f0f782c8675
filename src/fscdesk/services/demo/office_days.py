"""The calendar of the billing desk: what is done with money on which day of the last months."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Final, NamedTuple

from fscdesk.services.demo import (
    agreements,
    bills,
    claim_stories,
    claim_weeks,
    counter,
    deciding,
    era_weeks,
    remarks,
    second_payers,
)
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.era_payers import Payers
from fscdesk.services.demo.scene import Scene
from fscdesk.services.demo.season import CLAIMS_ANSWERED, WEEK, Season, workday

Act = Callable[[Scene], None]

_ACTS: Final[tuple[tuple[int, Act], ...]] = (
    (100, agreements.plan_of_four_weeks),
    *((ago, partial(agreements.pay_plans, stories=(Story.PLAN_DONE,))) for ago in (93, 86, 79, 72)),
    (77, remarks.estimate),
    (75, agreements.plans_of_six_months),
    (72, bills.invoice_late),
    (50, bills.invoice),
    (44, partial(agreements.pay_plans, stories=(Story.PLAN_KEPT, Story.PLAN_LATE))),
    (40, remarks.parked),
    (35, bills.pay_invoice),
    (33, bills.reminders),
    (30, deciding.bad_debt),
    (28, remarks.notes),
    (26, counter.check_to_bounce),
    (25, bills.reminders),
    (24, deciding.adjustments),
    (22, counter.retainer),
    (21, deciding.small_balances),
    (20, counter.prepayment),
    (20, deciding.sliding_fee),
    (19, counter.bounce),
    (18, counter.overpayment),
    (16, agreements.hand_over),
    (15, counter.siblings),
    (14, partial(agreements.pay_plans, stories=(Story.PLAN_KEPT,))),
    (13, remarks.flags),
    (12, counter.small_refund),
    (11, bills.reminders),
    (12, claim_stories.deny_corners),
    (12, second_payers.second_cards),
    (11, second_payers.first_payers_letter),
    (10, second_payers.bill_second_payer),
    (9, claim_stories.correct_corner),
    (9, deciding.credit_memo),
    (7, deciding.letter_of_a_payer),
    (6, bills.invoice),
    (6, bills.invoice_void),
    (6, bills.invoice_draft),
    (5, counter.ask_refund),
    (4, deciding.ask_bad_debt),
    (4, agreements.recovered),
    (4, claim_stories.take_back_corner),
    (3, claim_stories.appeal_corner),
    (2, claim_stories.authorizations_run_out),
    (2, claim_weeks.read_999),
    (1, claim_weeks.read_277ca),
)
"""How many days ago, and what."""


class Entry(NamedTuple):
    """An act with its moment, in the office's hours."""

    day: date
    at: time
    act: Act


def calendar(season: Season) -> list[Entry]:
    """Return what the desk does, in order; what lies before the first month is left out."""
    begins = season.first + 4 * WEEK
    found = [entry for entry in _entries(season) if begins < entry.day < season.today]
    return sorted(found, key=lambda entry: entry[:2])


def _claims(season: Season) -> Iterator[Entry]:
    """Yield the weeks of the claims desk; a batch goes on the morning of its import."""
    for on in season.batches:
        yield Entry(on, time(9, 0), partial(claim_weeks.build_week, on=on))
        yield Entry(on, time(9, 20), partial(claim_weeks.send_week, on=on))
        yield Entry(workday(on + timedelta(days=1)), time(8, 50), claim_weeks.read_999)
        yield Entry(workday(on + CLAIMS_ANSWERED), time(8, 55), claim_weeks.read_277ca)
    yield Entry(season.batches[-1], time(9, 10), claim_stories.keep_back)


def _remittances(season: Season) -> Iterator[Entry]:
    """Yield the readings of remittances, in their order: the payers remember what they said."""
    world = Payers(season)
    for on in season.readings:
        yield Entry(on, time(9, 5), partial(era_weeks.read_week, world=world, on=on))
    for on in season.readings[-4:-3]:
        yield Entry(on, time(14, 40), partial(era_weeks.undo_and_post_again, on=on))


def _entries(season: Season) -> Iterator[Entry]:
    for minute, (ago, act) in enumerate(_ACTS):
        yield Entry(workday(season.today - timedelta(days=ago)), time(13, minute), act)
    for week in range(1, 15):
        yield Entry(workday(season.today - WEEK * week), time(8, 30), agreements.dues)
    yield from _claims(season)
    yield from _remittances(season)
    first = season.today.replace(day=1)
    for month in range(5):
        yield Entry(workday(first), time(11, 15), counter.checks_of_the_month)
        # One run of statements is left to be made: the first thing that a visitor can do.
        if month in (1, 2) and first > season.first + 8 * WEEK:
            yield Entry(workday(first), time(15, 30), bills.statements)
        first = (first - timedelta(days=1)).replace(day=1)
