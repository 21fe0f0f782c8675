"""All rules of the scrubber, and the one function that runs them over a claim."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub import (
    add_ons,
    addresses,
    authorizations,
    characters,
    coverage,
    diagnoses,
    doubles,
    form,
    identities,
    lines,
    other_payers,
    paper,
    persons,
    telehealth,
    timing,
)
from fscdesk.services.claims.scrub.findings import CodeBook, ScrubFinding, ScrubRule, milder

_THEMES: Final = (
    identities,
    addresses,
    persons,
    coverage,
    form,
    diagnoses,
    lines,
    timing,
    add_ons,
    telehealth,
    authorizations,
    other_payers,
    doubles,
    characters,
    paper,
)
RULES: Final[Mapping[str, ScrubRule]] = MappingProxyType(
    {
        one.code: one
        for one in sorted(
            (one for theme in _THEMES for one in theme.RULES), key=lambda one: one.number
        )
    }
)
"""By code, in the order of ``domain/x12.md`` 5; behind them what its list does not have."""
DEFAULTS: Final[Mapping[str, Severity | None]] = MappingProxyType({})
"""A practice that has changed no rule's weight."""


def scrub(
    content: ClaimContent,
    codes: CodeBook,
    severities: Mapping[str, Severity | None] = DEFAULTS,
) -> tuple[ScrubFinding, ...]:
    """Return all that the rules find on a claim, in their order; nothing for a clean one.

    ``severities`` are the practice's own weights by rule, None for a rule that is off. What is
    milder than its rule stays so; a fixed rule keeps its weight. Pure, and never raises.
    """
    found: list[ScrubFinding] = []
    for one in RULES.values():
        severity = severity_of(one, severities)
        if severity is None:
            continue
        found += (
            ScrubFinding(
                one.code,
                milder(severity, said.at_most),
                said.field,
                said.message,
                said.hint,
                said.line,
            )
            for said in one.check(content, codes)
        )
    return tuple(found)


def severity_of(one: ScrubRule, severities: Mapping[str, Severity | None]) -> Severity | None:
    """Return how much a rule weighs in a practice; None where it is off."""
    return one.severity if one.fixed else severities.get(one.code, one.severity)
