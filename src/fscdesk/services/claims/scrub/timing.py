"""Rules about days: of service, of the policy, of the plan's year, and until when to file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from fscdesk.models.claim import Frequency, Severity
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import count, day, days_later, of_line, shown

MUCH_USED: Final = 75
"""Of a hundred: from there on a claim is told to hurry."""
_WHOLE: Final = 100


@rule(25, "service-day", "Days of service", "2400 DTP*472, box 24A", Severity.STOPS)
def service_day(content: ClaimContent) -> Iterator[Found]:
    """Guard DTP*472 and box 24A: not in the future, and within the policy's own days."""
    coverage = content.coverage
    for line in content.lines:
        if line.service_day > content.today:
            yield Found(
                "line_day",
                f"{of_line(line)} has not come yet.",
                "Send the claim after the session, or correct the session's day.",
                line.position,
            )
        elif coverage is not None and line.service_day < coverage.valid_from:
            yield Found(
                "line_day",
                f"{of_line(line)} is before the policy begins, {day(coverage.valid_from)}.",
                "Correct the days of the client's policy, or give the client the policy of then.",
                line.position,
            )
        elif (
            coverage is not None
            and coverage.valid_to is not None
            and line.service_day > coverage.valid_to
        ):
            yield Found(
                "line_day",
                f"{of_line(line)} is after the policy ended, {day(coverage.valid_to)}.",
                "Correct the days of the client's policy, or give the client the policy that "
                "followed.",
                line.position,
            )


@rule(26, "one-year", "One year to a claim", "2400 DTP*472, box 24A", Severity.WARNS)
def one_year(content: ClaimContent) -> Iterator[Found]:
    """Guard the plan's year: days of two years meet two deductibles; some payers refuse that."""
    years = sorted({line.service_day.year for line in content.lines})
    if len(years) > 1:
        yield Found(
            "lines",
            f"The claim has days of {years[0]} and of {years[-1]}.",
            "Where this payer wants a claim for each year, drop this one and build it for each "
            "year apart.",
        )


@rule(27, "timely-filing", "The payer's time to file", "the claim as a whole", Severity.STOPS)
def timely_filing(content: ClaimContent) -> Iterator[Found]:
    """Guard the payer's limit: a warning once three quarters of its days are gone, then a stop.

    Days count from the first service; behind another payer from that payer's answer; for a
    corrected claim from the answer that it corrects, or, where none came, from the first sending
    of what it corrects. On the last day itself a claim still goes.
    Days are the payer's own (Setup, Payers); a claim that takes another back has no limit.
    """
    clock = _clock(content)
    if clock is None:
        return
    since, days, what = clock
    gone, payer = (content.today - since).days, shown(content.payer.name)
    limit = days_later(since, days)
    if gone > days:
        yield Found(
            "lines",
            f"{payer} takes this claim for {count(days, 'day')} from {what}, {day(since)}; they "
            f"ended on {limit}.",
            "Ask the payer for an exception. Where its days are others, correct them in Setup, "
            "Payers.",
        )
    elif gone * _WHOLE >= days * MUCH_USED:
        yield Found(
            "lines",
            f"{days - gone} of {count(days, 'day')} left: {payer} takes this claim until {limit}.",
            "Send it soon. The payer's days stand in Setup, Payers.",
            at_most=Severity.WARNS,
        )


RULES: Final = (service_day, one_year, timely_filing)


def _clock(content: ClaimContent) -> tuple[date, int, str] | None:
    """Return since when, for how many days, and in words since what; None where nothing runs."""
    if not content.lines or content.frequency == Frequency.VOID:
        return None
    if content.frequency == Frequency.REPLACEMENT:
        answer = content.corrects_answer_of or content.answered_on or content.denied_on
        since = answer or content.corrects_sent_on
        if since is None or content.payer.corrected_days is None:
            return None
        what = "its answer" if answer else "the first sending of what it corrects"
        return since, content.payer.corrected_days, what
    if content.payer.filing_days is None:
        return None
    answers = [
        one.answer.decided_on
        for one in content.others
        if one.coverage.rank < content.rank and one.answer is not None
    ]
    decided = [on for on in answers if on is not None]
    if decided:
        return max(decided), content.payer.filing_days, "the earlier payer's answer"
    return content.first_day, content.payer.filing_days, "the first service"
