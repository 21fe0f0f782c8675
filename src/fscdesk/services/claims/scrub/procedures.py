"""What the rules know of procedure codes: by number, never by the words of their owner.

From ``domain/x12.md`` 5 (rules 28 to 34) and ``domain/features.md`` 3.9; the pairs of add-ons
beyond psychotherapy are those that the CMS add-on code edits list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.services.claims.content import ClaimContent, ContentLine

COMPLEXITY: Final = "90785"
CRISIS: Final = "90839"
CRISIS_MORE: Final = "90840"
EVALUATIONS: Final = frozenset({"90791", "90792"})
THERAPY: Final = frozenset({"90832", "90834", "90837"})
THERAPY_WITH_EM: Final = frozenset({"90833", "90836", "90838"})
FAMILY: Final = frozenset({"90846", "90847"})
GROUP: Final = "90853"
MEDICATION: Final = "90863"
ONE_UNIT: Final = EVALUATIONS | THERAPY | THERAPY_WITH_EM | FAMILY | {CRISIS, COMPLEXITY, GROUP}
"""Codes that stand for one service each, however long it took."""
PROLONGED: Final = frozenset({"99354", "99355", "99356", "99357"})
PROLONGED_UNTIL: Final = date(2022, 12, 31)
LIKE: Final = (THERAPY, THERAPY_WITH_EM, EVALUATIONS, FAMILY)
"""Codes of which a client has one at a time with one clinician."""
COMPLEXITY_WITH: Final = EVALUATIONS | THERAPY | THERAPY_WITH_EM | {GROUP}
COMPLEXITY_NEVER: Final = frozenset({CRISIS, CRISIS_MORE}) | FAMILY
ADD_ONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        MEDICATION: THERAPY,
        "96113": frozenset({"96112"}),
        "96121": frozenset({"96116"}),
        "96131": frozenset({"96130"}),
        "96133": frozenset({"96132"}),
        "96137": frozenset({"96136"}),
        "96139": frozenset({"96138"}),
        "96159": frozenset({"96158"}),
        "96165": frozenset({"96164"}),
        "96168": frozenset({"96167"}),
        "96171": frozenset({"96170"}),
        "97130": frozenset({"97129"}),
    }
)
"""Add-ons whose primaries have no further rule of their own."""
OWN_RULE: Final = THERAPY_WITH_EM | {COMPLEXITY, CRISIS_MORE}
"""Add-ons of psychotherapy; what they may stand beside is three rules of its own."""
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


def is_add_on(code: str) -> bool:
    """Return whether a code only ever adds to another service of the same day."""
    return code in OWN_RULE or code in ADD_ONS


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
