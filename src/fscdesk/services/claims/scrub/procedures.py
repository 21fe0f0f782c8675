"""What the rules know of procedure codes: by number, never by the words of their owner.

From ``domain/x12.md`` 5 (rules 28 to 34) and ``domain/features.md`` 3.9. Which codes only add to
others stands in ``add_on_codes``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.services.add_on_codes import (
    ADD_ONS,
    COMPLEXITY,
    CRISIS_MORE,
    MEDICATION,
    OWN_RULE,
    THERAPY,
    THERAPY_WITH_EM,
    is_add_on,
)
from fscdesk.services.claims.content import ClaimContent, ContentLine

__all__ = [
    "ADD_ONS",
    "AT_HOME",
    "AUDIO",
    "COMPLEXITY",
    "COMPLEXITY_NEVER",
    "COMPLEXITY_WITH",
    "CRISIS",
    "CRISIS_MORE",
    "EVALUATIONS",
    "FAMILY",
    "GROUP",
    "LIKE",
    "MEDICATION",
    "MINUTES",
    "OFFICE",
    "ONE_UNIT",
    "OWN_RULE",
    "PLACES",
    "PROLONGED",
    "PROLONGED_UNTIL",
    "TELEHEALTH_PLACES",
    "THERAPY",
    "THERAPY_WITH_EM",
    "VIDEO",
    "by_day",
    "codes_of",
    "is_add_on",
    "is_behavioral",
    "is_em",
    "place_of",
]

CRISIS: Final = "90839"
EVALUATIONS: Final = frozenset({"90791", "90792"})
FAMILY: Final = frozenset({"90846", "90847"})
GROUP: Final = "90853"
ONE_UNIT: Final = EVALUATIONS | THERAPY | THERAPY_WITH_EM | FAMILY | {CRISIS, COMPLEXITY, GROUP}
"""Codes that stand for one service each, however long it took."""
PROLONGED: Final = frozenset({"99354", "99355", "99356", "99357"})
PROLONGED_UNTIL: Final = date(2022, 12, 31)
LIKE: Final = (THERAPY, THERAPY_WITH_EM, EVALUATIONS, FAMILY)
"""Codes of which a client has one at a time with one clinician."""
COMPLEXITY_WITH: Final = EVALUATIONS | THERAPY | THERAPY_WITH_EM | {GROUP}
COMPLEXITY_NEVER: Final = frozenset({CRISIS, CRISIS_MORE}) | FAMILY
_EM: Final = ((99202, 99255), (99281, 99285), (99304, 99316), (99341, 99350))
MINUTES: Final[Mapping[str, tuple[int, int | None]]] = MappingProxyType(
    {
        "90832": (16, 37),
        "90833": (16, 37),
        "90834": (38, 52),
        "90836": (38, 52),
        "90837": (53, None),
        "90838": (53, None),
        CRISIS: (30, 74),
    }
)
"""From how many minutes on, and up to how many, a code stands for a session."""
AT_HOME: Final = "10"
TELEHEALTH_PLACES: Final = frozenset({"02", AT_HOME})
OFFICE: Final = "11"
AUDIO: Final = "93"
VIDEO: Final = frozenset({"95", "GT"})
PLACES: Final = frozenset(
    {f"{number:02d}" for first, last in ((1, 27), (31, 34), (41, 42), (49, 58), (60, 62))
     for number in range(first, last + 1)}
    | {"65", "66", "71", "72", "81", "99"}
)  # fmt: skip
"""The place of service codes of CMS: 52 of them, 02, 10 and 27 included."""


def is_em(code: str) -> bool:
    """Return whether a code is a visit of evaluation and management that therapy can add to."""
    if not (code.isascii() and code.isdigit()):
        return False
    return any(first <= int(code) <= last for first, last in _EM)


def is_behavioral(code: str) -> bool:
    """Return whether a code is one of psychiatry and psychotherapy (90785 to 90899, H0001 …)."""
    number = code.removeprefix("H")
    if not (number.isascii() and number.isdigit()):
        return False
    if code.startswith("H"):
        return True
    return int(COMPLEXITY) <= int(code) <= 90899  # noqa: PLR2004 - the last of them


def by_day(content: ClaimContent) -> dict[date, list[ContentLine]]:
    """Return the lines of a claim, all of one clinician, by their day."""
    found: dict[date, list[ContentLine]] = defaultdict(list)
    for line in content.lines:
        found[line.service_day].append(line)
    return found


def codes_of(lines: Sequence[ContentLine]) -> set[str]:
    """Return the codes of some lines."""
    return {line.code for line in lines}


def place_of(content: ClaimContent, line: ContentLine) -> str:
    """Return where a line took place: its own place of service, else the claim's."""
    return line.place_of_service or content.place_of_service
