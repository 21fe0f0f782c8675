"""Rules about telehealth that hold for every payer; what one payer wants is a claim rule's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.procedures import (
    AUDIO,
    OFFICE,
    TELEHEALTH_PLACES,
    VIDEO,
    place_of,
)
from fscdesk.services.claims.scrub.sentences import day, listed, name_of, of_line, shown

STATES: Final = frozenset(
    {
        *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL"),
        *("IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE"),
        *("NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD"),
        *("TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY"),
        *("PR", "VI", "GU", "AS", "MP"),
    }
)
_TWO_LETTERS: Final = re.compile(r"(?<![A-Za-z])[A-Z]{2}(?![A-Za-z])")


@rule(
    36,
    "telehealth-modifiers",
    "Sound or picture",
    "2400 SV101-3 to SV101-6, box 24D",
    Severity.WARNS,
)
def telehealth_modifiers(content: ClaimContent) -> Iterator[Found]:
    """Guard SV101: 93 says that there was sound alone, 95 and GT that there was a picture."""
    for line in content.lines:
        video = sorted(VIDEO & set(line.modifiers))
        if video and AUDIO in line.modifiers:
            yield Found(
                "line_modifiers",
                f"{of_line(line)} has {AUDIO}, which says sound only, and {listed(video)}, which "
                "says video.",
                "Keep the one that the note says. Which one this payer wants is set in its claim "
                "rules.",
                line.position,
            )


@rule(
    37,
    "telehealth-place",
    "Telehealth and the office",
    "CLM05-1 and SV101, boxes 24B and 24D",
    Severity.WARNS,
)
def telehealth_place(content: ClaimContent) -> Iterator[Found]:
    """Guard CLM05-1, SV105 and SV101: in the office (11) nobody is seen by video or by phone.

    Which modifier a payer wants with place 02 or 10 is a claim rule's, not ours.
    """
    for line in content.lines:
        remote = sorted((VIDEO | {AUDIO}) & set(line.modifiers))
        if remote and place_of(content, line) == OFFICE:
            yield Found(
                "line_place_of_service",
                f"{of_line(line)} has {listed(remote)} for telehealth and takes place in the "
                f"office ({OFFICE}).",
                "By video or phone the place is 10 (at home) or 02 (elsewhere): set the session's "
                "location, or take the modifier away.",
                line.position,
            )


@rule(45, "licence", "Licence where the client is", "state law", Severity.TELLS)
def licence(content: ClaimContent) -> Iterator[Found]:
    """Guard telehealth across a state line: most states want a licence where the client sits.

    Told where the clinician's licence, as Setup has it, names states and not the client's; one
    that names no state is taken as the practice's own state's. Where the client really sat only
    the note can say.
    """
    state = content.patient.address.state.strip().upper()
    remote = [line for line in content.lines if _by_telehealth(content, line)]
    if state not in STATES or not remote:
        return
    written = content.rendering.licence
    named = STATES & set(_TWO_LETTERS.findall(written))
    held = named or {content.practice.address.state.strip().upper()}
    if state in held or not held & STATES:
        return
    yield Found(
        "rendering",
        f"The client lives in {state} and was treated by telehealth on "
        f"{day(remote[0].service_day)}; the licence of {name_of(content.rendering)} says "
        f"{shown(written) if named else listed(sorted(held))}.",
        f"Look whether a licence or a compact holds in {state}. The licence stands in Setup, "
        "People.",
    )


RULES: Final = (telehealth_modifiers, telehealth_place, licence)


def _by_telehealth(content: ClaimContent, line: ContentLine) -> bool:
    return place_of(content, line) in TELEHEALTH_PLACES or bool(
        (VIDEO | {AUDIO}) & set(line.modifiers)
    )
