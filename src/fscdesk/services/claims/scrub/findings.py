"""What a rule of the scrubber is, what it finds, and what it may ask of the diagnosis codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent

_WEIGHT: Final = {Severity.TELLS: 0, Severity.WARNS: 1, Severity.STOPS: 2}


class CodeBook(Protocol):
    """What the rules ask of ICD-10-CM; codes come with or without their dot. Never raises."""

    def is_billable(self, code: str, on: date) -> bool | None:
        """Return whether a claim of that day may carry the code; None where no table can say."""

    def words(self, code: str) -> str:
        """Return the code's own words; nothing for a code that the table does not have."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place that a rule does not like: the field of the claim's page, a sentence, what to do.

    ``line`` is the line's position. ``at_most`` is for a finding that is milder than its rule.
    """

    field: str
    message: str
    hint: str
    line: int | None = None
    at_most: Severity = Severity.STOPS


Check = Callable[[ClaimContent, CodeBook], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class ScrubRule:
    """One rule: its number in the list of facts, its code, what it guards, and how much it weighs.

    ``guards`` names the segment of the 837P and the box of the CMS-1500. A ``fixed`` rule keeps
    its weight whatever the practice says: without it no 837P can be written.
    """

    number: int
    code: str
    title: str
    guards: str
    severity: Severity
    check: Check
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class ScrubFinding:
    """What a scrub says about one field of a claim, as it is kept and shown."""

    rule: str
    severity: Severity
    field: str
    message: str
    hint: str
    line: int | None = None


def rule_of_codes(
    number: int, code: str, title: str, guards: str, severity: Severity, *, fixed: bool = False
) -> Callable[[Check], ScrubRule]:
    """Make a rule of the function below, which asks the diagnosis codes."""

    def made(check: Check) -> ScrubRule:
        return ScrubRule(number, code, title, guards, severity, check, fixed)

    return made


def rule(
    number: int, code: str, title: str, guards: str, severity: Severity, *, fixed: bool = False
) -> Callable[[Callable[[ClaimContent], Iterator[Found]]], ScrubRule]:
    """Make a rule of the function below, which looks at the claim alone."""

    def made(look: Callable[[ClaimContent], Iterator[Found]]) -> ScrubRule:
        def check(content: ClaimContent, codes: CodeBook) -> Iterator[Found]:  # noqa: ARG001 - needs none
            return look(content)

        return ScrubRule(number, code, title, guards, severity, check, fixed)

    return made


def milder(one: Severity, other: Severity) -> Severity:
    """Return the one of two that weighs less."""
    return min(one, other, key=_WEIGHT.__getitem__)
