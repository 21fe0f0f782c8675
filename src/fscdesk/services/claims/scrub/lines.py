"""Rules about one service line: code, modifiers, units, minutes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.procedures import (
    CRISIS,
    CRISIS_MORE,
    MINUTES,
    ONE_UNIT,
    PROLONGED,
    PROLONGED_UNTIL,
    THERAPY,
    THERAPY_WITH_EM,
    by_day,
    codes_of,
)
from fscdesk.services.claims.scrub.sentences import count, day, listed, of_line, shown

MOST_MODIFIERS: Final = 4
MOST_UNITS: Final = 999
"""Box 24G has three places."""
_CODE: Final = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}", re.ASCII)


@rule(
    22,
    "procedure-code",
    "The code of the service",
    "2400 SV101-2, box 24D",
    Severity.STOPS,
    fixed=True,
)
def procedure_code(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2 and box 24D: five characters of CPT or HCPCS, in the practice's active list."""
    for line in content.lines:
        if not _CODE.fullmatch(line.code):
            yield Found(
                "line_code",
                f"{of_line(line)} has no code of CPT or HCPCS, which have five characters.",
                "Correct the code in Setup, Services, and make the session's charge anew.",
                line.position,
            )
        elif not line.service_active:
            yield Found(
                "line_code",
                f"{of_line(line)}: {line.code} is set aside in the practice's list of services.",
                "Make it active in Setup, Services, or charge the session with another code.",
                line.position,
            )


@rule(23, "modifiers", "Modifiers", "2400 SV101-3 to SV101-6, box 24D", Severity.STOPS)
def modifiers(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-3 to -6 and box 24D: at most four, each of two characters, each once."""
    for line in content.lines:
        bad = [one for one in line.modifiers if not _MODIFIER.fullmatch(one)]
        twice = sorted({one for one in line.modifiers if line.modifiers.count(one) > 1})
        if bad:
            fault = (
                f"{listed([one or '(empty)' for one in bad])}, and a modifier has two characters"
            )
        elif twice:
            fault = f"{listed(twice)} more than once"
        elif len(line.modifiers) > MOST_MODIFIERS:
            fault = f"{len(line.modifiers)} modifiers, and {MOST_MODIFIERS} fit"
        else:
            continue
        yield Found(
            "line_modifiers",
            f"{of_line(line)} has {fault}.",
            "Correct them on the claim; where a claim rule adds them, correct the rule.",
            line.position,
        )


@rule(24, "units", "Units", "2400 SV104, box 24G", Severity.STOPS, fixed=True)
def units(content: ClaimContent) -> Iterator[Found]:
    """Guard SV104 and box 24G: 1 to 999, and one for a code that stands for a whole session.

    More than one unit of psychotherapy is denied by most payers (``domain/features.md`` 3.8): a
    warning.
    """
    for line in content.lines:
        if not 1 <= line.units <= MOST_UNITS:
            yield Found(
                "line_units",
                f"{of_line(line)} has {count(line.units, 'unit')}; a claim carries 1 to "
                f"{MOST_UNITS}.",
                "Correct the units of the session's charge.",
                line.position,
            )
        elif line.units > 1 and line.code in ONE_UNIT:
            yield Found(
                "line_units",
                f"{of_line(line)} has {line.units} units; {line.code} stands for one session, "
                "however long.",
                "Make it one unit, unless this payer has said otherwise.",
                line.position,
                at_most=Severity.WARNS,
            )


@rule(33, "minutes", "Minutes and code agree", "the note, box 24D", Severity.WARNS)
def minutes(content: ClaimContent) -> Iterator[Found]:
    """Guard the code against the time in the note (CPT's midpoints, ``domain/features.md`` 3.9).

    Too short for its code warns. So long that another code would fit is only told; a crisis of
    more than 74 minutes is told unless 90840 stands beside it.
    """
    for line in content.lines:
        if line.minutes is None or line.code not in MINUTES:
            continue
        fewest, most = MINUTES[line.code]
        if line.minutes < fewest:
            yield Found(
                "line_code",
                f"{of_line(line)} took {count(line.minutes, 'minute')}; {line.code} begins with "
                f"{fewest}.",
                f"Compare it with the note{_shorter(line)}.",
                line.position,
            )
        elif most is not None and line.minutes > most and not _goes_on(content, line):
            yield Found(
                "line_code",
                f"{of_line(line)} took {line.minutes} minutes; {line.code} ends with {most}.",
                "Compare it with the note: a longer code may be right.",
                line.position,
                at_most=Severity.TELLS,
            )


@rule(
    34,
    "prolonged-service",
    "Deleted codes of prolonged service",
    "2400 SV101-2, box 24D",
    Severity.STOPS,
)
def prolonged_service(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101-2: 99354 to 99357 ended with 2022; every payer refuses them since."""
    for line in content.lines:
        if line.code in PROLONGED and line.service_day > PROLONGED_UNTIL:
            yield Found(
                "line_code",
                f"{of_line(line)}: {line.code} ended on {day(PROLONGED_UNTIL)}.",
                "Charge the session without it; what replaced it depends on the visit's code.",
                line.position,
            )


@rule(35, "most-units", "The practice's limits of units", "2400 SV104, box 24G", Severity.WARNS)
def most_units(content: ClaimContent) -> Iterator[Found]:
    """Guard SV104: all lines of a code on one day together, against the practice's own limit.

    CMS calls its limits MUE; they are not ours to ship, so a practice types those it wants.
    """
    for lines in by_day(content).values():
        of_code: dict[str, list[ContentLine]] = defaultdict(list)
        for line in lines:
            if line.most_units is not None:
                of_code[line.code].append(line)
        for code, same in of_code.items():
            limit = min(line.most_units for line in same if line.most_units is not None)
            added = sum(line.units for line in same)
            if added > limit:
                yield Found(
                    "line_units",
                    f"{of_line(same[-1])}: {count(added, 'unit')} of {shown(code)} on one day; the "
                    f"practice's limit is {limit}.",
                    "Look whether the session was charged twice. The limit stands in Setup, "
                    "Policies.",
                    same[-1].position,
                )


RULES: Final = (procedure_code, modifiers, units, minutes, prolonged_service, most_units)


def _shorter(line: ContentLine) -> str:
    """Return which code of the same kind fits the time, as the end of a sentence."""
    kind = (
        THERAPY if line.code in THERAPY else THERAPY_WITH_EM if line.code in THERAPY_WITH_EM else ()
    )
    for code in sorted(kind):
        fewest, most = MINUTES[code]
        if line.minutes is not None and fewest <= line.minutes <= (most or line.minutes):
            return f": {code} fits the time"
    return ""


def _goes_on(content: ClaimContent, line: ContentLine) -> bool:
    same_day = [one for one in content.lines if one.service_day == line.service_day]
    return line.code == CRISIS and CRISIS_MORE in codes_of(same_day)
