"""Rules about services that are billed twice, or nearly so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.procedures import LIKE, by_day
from fscdesk.services.claims.scrub.sentences import listed, of_line


@rule(41, "double", "Billed once", "the claim as a whole, CARC 18", Severity.STOPS)
def double(content: ClaimContent) -> Iterator[Found]:
    """Guard against CARC 18: payer, client, day, code with modifiers and clinician, once only.

    Void claims do not count, nor does the claim that this one corrects or takes back.
    """
    if content.doubles:
        yield Found(
            "lines",
            f"{listed(content.doubles)} {_bills(content.doubles)} the same service to this payer.",
            "Drop this claim. Where the other one was wrong, correct that one (7).",
        )
    seen: dict[tuple[object, ...], ContentLine] = {}
    for line in content.lines:
        key = (line.service_day, line.code, frozenset(line.modifiers))
        first = seen.setdefault(key, line)
        if first is not line:
            yield Found(
                "line_code",
                f"{of_line(line)} is the same service as line {first.position}.",
                "Look whether the session was recorded twice; two that took place differ by a "
                "modifier, such as 59 or 76.",
                line.position,
            )


@rule(42, "near-double", "Nearly billed twice", "the claim as a whole, CARC 18", Severity.WARNS)
def near_double(content: ClaimContent) -> Iterator[Found]:
    """Guard against CARC 18 and 97: the same code that day elsewhere, or one of its family here."""
    if content.nears:
        yield Found(
            "lines",
            f"{listed(content.nears)} {_bills(content.nears)} the same code for this client on the "
            "same day, with another clinician or other modifiers.",
            "Look whether both services took place; a payer may want a modifier on one.",
        )
    for lines in by_day(content).values():
        for at, line in enumerate(lines):
            before = next((one for one in lines[:at] if _near(one, line)), None)
            if before is not None:
                yield Found(
                    "line_code",
                    f"{of_line(line)} stands beside {before.code} (line {before.position}) with "
                    "the same clinician; payers take one of them.",
                    "Look whether both services took place; a payer may want a modifier on one.",
                    line.position,
                )


RULES: Final = (double, near_double)


def _near(one: ContentLine, other: ContentLine) -> bool:
    if one.code == other.code:
        return set(one.modifiers) != set(other.modifiers)
    return any(one.code in family and other.code in family for family in LIKE)


def _bills(numbers: tuple[str, ...]) -> str:
    return "bills" if len(numbers) == 1 else "bill"
