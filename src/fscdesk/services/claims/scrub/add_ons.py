"""Rules about services of one day that need, or exclude, each other.

From the psychotherapy policy that ``domain/x12.md`` 5 names (rules 28 to 32) and from
``domain/features.md`` 3.9. A claim has one clinician, so its lines of a day are that clinician's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.procedures import (
    ADD_ONS,
    COMPLEXITY,
    COMPLEXITY_NEVER,
    COMPLEXITY_WITH,
    CRISIS,
    CRISIS_MORE,
    EVALUATIONS,
    FAMILY,
    OWN_RULE,
    THERAPY,
    THERAPY_WITH_EM,
    by_day,
    codes_of,
    is_add_on,
    is_em,
)
from fscdesk.services.claims.scrub.sentences import day, listed, of_line

EVALUATION_DAYS: Final = 180
"""About six months: a second evaluation within them is asked about by payers."""
_SERVICES: Final = "Correct the codes of that day's session, and build the claim again."
_NOT_CRISIS: Final = EVALUATIONS | THERAPY


@rule(28, "add-on", "An add-on has its service", "2400 SV101-2, box 24D", Severity.STOPS)
def add_on(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2: an add-on is never alone; its service stands on the same day.

    Where another service is there that does not go with an add-on of psychotherapy, the three
    rules below say so.
    """
    for lines in by_day(content).values():
        there = codes_of(lines)
        services = {code for code in there if not is_add_on(code)}
        for line in lines:
            if line.code in OWN_RULE and not services:
                missing = True
            else:
                missing = line.code in ADD_ONS and not there & ADD_ONS[line.code]
            if missing:
                yield Found(
                    "line_code",
                    f"{of_line(line)} only adds to another service, and none that it adds to is on "
                    "this claim that day.",
                    "Charge the service too, or take the add-on away, then build the claim again.",
                    line.position,
                )


@rule(
    29,
    "therapy-with-visit",
    "90833, 90836, 90838 beside a visit",
    "2400 SV101-2, box 24D",
    Severity.STOPS,
)
def therapy_with_visit(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2: these add to a visit (E/M), never to 90832, 90834, 90837, crisis or family."""
    never = THERAPY | FAMILY | {CRISIS, CRISIS_MORE}
    for line, there in _lines_of(content, THERAPY_WITH_EM):
        services = {code for code in there if not is_add_on(code)}
        against = sorted(there & never)
        if against:
            yield Found(
                "line_code",
                f"{of_line(line)} cannot stand beside {listed(against)} on one day.",
                _SERVICES,
                line.position,
            )
        elif services and not any(is_em(code) for code in there):
            yield Found(
                "line_code",
                f"{of_line(line)} adds psychotherapy to a visit (E/M), and no visit is there that "
                "day.",
                "Without a visit the codes are 90832, 90834 and 90837. " + _SERVICES,
                line.position,
            )


@rule(
    30,
    "interactive-complexity",
    "90785 beside what it adds to",
    "2400 SV101-2, box 24D",
    Severity.STOPS,
)
def interactive_complexity(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2: 90785 goes with 90791, 90792, 90832 to 90838 and 90853 only.

    Never with 90839, 90840, 90846 or 90847.
    """
    for line, there in _lines_of(content, {COMPLEXITY}):
        services = {code for code in there if not is_add_on(code)}
        against = sorted(there & COMPLEXITY_NEVER)
        if against and services:
            yield Found(
                "line_code",
                f"{of_line(line)} cannot stand beside {listed(against)} on one day.",
                "Take 90785 away. " + _SERVICES,
                line.position,
            )
        elif services and not there & COMPLEXITY_WITH:
            yield Found(
                "line_code",
                f"{of_line(line)} does not go with {listed(sorted(services))}.",
                "It adds to evaluations (90791, 90792), psychotherapy (90832 to 90838) and groups "
                "(90853) only. " + _SERVICES,
                line.position,
            )


@rule(31, "crisis", "90839 and 90840", "2400 SV101-2, box 24D", Severity.STOPS)
def crisis(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2: 90839 once a day, without evaluation or psychotherapy; 90840 only after it."""
    for line, there in _lines_of(content, {CRISIS_MORE}):
        services = {code for code in there if not is_add_on(code)}
        if services and CRISIS not in there:
            yield Found(
                "line_code",
                f"{of_line(line)} goes on after 90839, and 90839 is not on this claim that day.",
                _SERVICES,
                line.position,
            )
    for lines in by_day(content).values():
        crises = [line for line in lines if line.code == CRISIS]
        if not crises:
            continue
        against = sorted(codes_of(lines) & _NOT_CRISIS)
        if against:
            yield Found(
                "line_code",
                f"{of_line(crises[0])} cannot stand beside {listed(against)} on one day.",
                _SERVICES,
                crises[0].position,
            )
        # Lines that agree in everything are doubles: another rule says so.
        if len({line.modifiers for line in crises}) > 1:
            yield Found(
                "line_code",
                f"{of_line(crises[-1])}: 90839 is for once a day, not {len(crises)} times.",
                "What goes on after 74 minutes is 90840. " + _SERVICES,
                crises[-1].position,
            )


@rule(32, "evaluation", "90791 and 90792", "2400 SV101-2, box 24D", Severity.WARNS)
def evaluation(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2: an evaluation not on a day of psychotherapy, nor again within six months."""
    before = content.evaluated_on
    for line in sorted(content.lines, key=lambda one: (one.service_day, one.position)):
        if line.code not in EVALUATIONS:
            continue
        same_day = [one for one in content.lines if one.service_day == line.service_day]
        against = sorted(codes_of(same_day) & (THERAPY | THERAPY_WITH_EM))
        if against:
            yield Found(
                "line_code",
                f"{of_line(line)} stands beside {listed(against)} on one day; payers take one of "
                "them.",
                _SERVICES,
                line.position,
            )
        if before is not None and timedelta() < line.service_day - before < timedelta(
            days=EVALUATION_DAYS
        ):
            yield Found(
                "line_code",
                f"{of_line(line)} is the second evaluation within six months; the one before was "
                f"on {day(before)}.",
                "Let the note say why, or charge psychotherapy. Some payers allow one a year.",
                line.position,
            )
        before = line.service_day


RULES: Final = (add_on, therapy_with_visit, interactive_complexity, crisis, evaluation)


def _lines_of(
    content: ClaimContent, wanted: frozenset[str] | set[str]
) -> Iterator[tuple[ContentLine, set[str]]]:
    """Yield the lines of some codes, each with all codes of its day."""
    for lines in by_day(content).values():
        there = codes_of(lines)
        yield from ((line, there) for line in lines if line.code in wanted)
