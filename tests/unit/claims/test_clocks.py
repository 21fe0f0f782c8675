"""The clocks of claims: which run, until when, and in which band."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fscdesk.models.claim import ClaimStatus, Frequency
from fscdesk.services.claims.clocks import (
    Band,
    ClockFacts,
    ClockKind,
    band_of,
    clocks_of,
    silence,
)

DAY = date(2026, 1, 1)
DRAFT = ClockFacts(
    ClaimStatus.DRAFT,
    Frequency.ORIGINAL,
    DAY,
    filing_days=100,
    corrected_days=60,
    appeal_days=30,
)
DENIED = replace(
    DRAFT,
    status=ClaimStatus.DENIED,
    answered_on=date(2026, 2, 1),
    denied_on=date(2026, 2, 1),
)


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (0, Band.OK),
        (74, Band.OK),
        (75, Band.USED),
        (85, Band.USED),
        (86, Band.DAYS_14),
        (92, Band.DAYS_14),
        (93, Band.DAYS_7),
        (100, Band.DAYS_7),
        (101, Band.OVERDUE),
    ],
)
def test_a_band_begins_where_it_says(day: int, band: Band) -> None:
    (clock,) = clocks_of(DRAFT, DAY + timedelta(days=day))
    assert (clock.what, clock.due_on) == (ClockKind.FILE, date(2026, 4, 11))
    assert clock.left == 100 - day
    assert clock.band is band


def test_a_short_limit_is_near_from_its_first_day() -> None:
    assert band_of(DAY, DAY + timedelta(days=7), DAY) is Band.DAYS_7


def test_what_was_rejected_must_still_be_filed() -> None:
    (clock,) = clocks_of(replace(DRAFT, status=ClaimStatus.REJECTED), DAY)
    assert clock.what is ClockKind.FILE


def test_a_denial_can_be_corrected_and_appealed_the_nearer_first() -> None:
    appeal, correct = clocks_of(DENIED, date(2026, 2, 1))
    assert (appeal.what, appeal.due_on) == (ClockKind.APPEAL, date(2026, 3, 3))
    assert (correct.what, correct.due_on) == (ClockKind.CORRECT, date(2026, 4, 2))


def test_a_corrected_claim_counts_from_the_answer_to_the_first_one() -> None:
    facts = replace(DRAFT, frequency=Frequency.REPLACEMENT, corrects_answer_of=date(2026, 2, 1))
    (clock,) = clocks_of(facts, date(2026, 2, 1))
    assert (clock.what, clock.due_on) == (ClockKind.CORRECT, date(2026, 4, 2))
    assert clocks_of(replace(facts, corrects_answer_of=None), DAY) == ()


def test_a_corrected_claim_of_an_unanswered_one_counts_from_its_first_sending() -> None:
    facts = replace(DRAFT, frequency=Frequency.REPLACEMENT, corrects_sent_on=date(2026, 1, 1))
    (clock,) = clocks_of(facts, date(2026, 2, 1))
    assert (clock.what, clock.due_on) == (ClockKind.CORRECT, date(2026, 3, 2))
    answered = replace(facts, corrects_answer_of=date(2026, 2, 1))
    assert clocks_of(answered, date(2026, 2, 1))[0].due_on == date(2026, 4, 2)
    assert clocks_of(replace(facts, frequency=Frequency.VOID), DAY) == (), "it has no limit"


def test_an_open_appeal_has_its_own_limit() -> None:
    facts = replace(DENIED, status=ClaimStatus.APPEALING, appeal_due_on=date(2026, 5, 1))
    (clock,) = clocks_of(facts, date(2026, 4, 28))
    assert (clock.what, clock.left, clock.band) == (ClockKind.APPEAL, 3, Band.DAYS_7)
    assert clocks_of(replace(facts, appeal_due_on=None), DAY) == ()


@pytest.mark.parametrize(
    "status",
    [ClaimStatus.SUBMITTED, ClaimStatus.ACCEPTED, ClaimStatus.PAID, ClaimStatus.CLOSED],
)
def test_what_is_sent_or_over_has_no_clock(status: ClaimStatus) -> None:
    assert clocks_of(replace(DENIED, status=status), DAY) == ()


def test_a_payer_without_days_has_no_clock() -> None:
    assert clocks_of(replace(DRAFT, filing_days=None), DAY) == ()
    bare = replace(DENIED, corrected_days=None, appeal_days=None)
    assert clocks_of(bare, DAY) == ()


def test_a_part_that_was_denied_can_be_argued_with_too() -> None:
    partly = replace(DENIED, status=ClaimStatus.PARTIALLY_PAID)
    assert len(clocks_of(partly, DAY)) == 2
    assert clocks_of(replace(partly, denied_on=None), DAY) == ()


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (12, "File in 12 days"),
        (1, "File in 1 day"),
        (0, "File today"),
        (-1, "File 1 day over"),
        (-3, "File 3 days over"),
    ],
)
def test_a_clock_reads_as_a_list_shows_it(left: int, words: str) -> None:
    (clock,) = clocks_of(DRAFT, DAY + timedelta(days=100 - left))
    assert clock.words == words


@pytest.mark.parametrize(
    ("days", "grave"),
    [(29, ""), (30, "medium"), (59, "medium"), (60, "high"), (89, "high"), (90, "critical")],
)
def test_silence_grows_grave(days: int, grave: str) -> None:
    assert silence(ClaimStatus.PENDING, DAY, DAY + timedelta(days=days)) == grave
    assert silence(ClaimStatus.PAID, DAY, DAY + timedelta(days=days)) == ""
    assert silence(ClaimStatus.PENDING, None, DAY + timedelta(days=days)) == ""


def test_behind_another_payer_filing_counts_from_its_answer() -> None:
    behind = replace(DRAFT, filed_from=date(2026, 3, 1))
    (clock,) = clocks_of(behind, date(2026, 3, 2))
    assert (clock.what, clock.due_on) == (ClockKind.FILE, date(2026, 6, 9))
