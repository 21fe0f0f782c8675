"""Which procedure codes only add to another service of the same day.

From ``domain/x12.md`` 5 (rules 28 to 34) and the CMS add-on code edits. It stands below the rooms:
the rules of claims ask it, and so does the counting of authorizations.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COMPLEXITY: Final = "90785"
CRISIS_MORE: Final = "90840"
THERAPY: Final = frozenset({"90832", "90834", "90837"})
THERAPY_WITH_EM: Final = frozenset({"90833", "90836", "90838"})
MEDICATION: Final = "90863"
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


def is_add_on(code: str) -> bool:
    """Return whether a code only ever adds to another service of the same day."""
    return code in OWN_RULE or code in ADD_ONS
