"""What may be amiss in an 835, counted while it is read and said once for each kind."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fscdesk.services.x12.segments import Oddity

_SAID: Final = MappingProxyType(
    {
        "amount": ("An amount is not one of whole cents", "amounts are not of whole cents"),
        "no_amount": ("An amount is missing and was taken as 0", "amounts are missing, taken as 0"),
        "stray_money": (
            "An amount stands where it belongs to nothing",
            "amounts belong to nothing",
        ),
        "no_bpr": ("The transaction does not say what was paid (BPR)", ""),
        "second_bpr": ("The transaction says twice what was paid (BPR)", "BPR segments too many"),
        "no_trn": ("The transaction has no trace number (TRN)", ""),
        "second_trn": ("The transaction has a second trace number", "trace numbers too many"),
        "no_made_on": ("The transaction does not say when it was made (DTM*405)", ""),
        "no_payer": ("The transaction does not name the payer (N1*PR)", ""),
        "no_payee": ("The transaction does not name the payee (N1*PE)", ""),
        "other_party": (
            "Another payer or payee is named as well",
            "more payers or payees are named",
        ),
        "repeated_party": ("A payer or payee is named again", "payers or payees are named again"),
        "no_lx": ("The claims have no header number (LX)", ""),
        "no_claims": ("The transaction holds neither claims nor adjustments of the provider", ""),
        "no_claim_number": ("A claim does not say its number", "claims do not say their number"),
        "no_status": ("A claim does not say its status", "claims do not say their status"),
        "no_patient": ("A claim does not name its patient", "claims do not name their patient"),
        "no_service_day": ("A service does not say its day", "services do not say their day"),
        "no_code": ("A service does not say its code", "services do not say their code"),
        "day": ("A date is not one", "dates are none"),
        "quantity": ("A number of units is not one", "numbers of units are none"),
        "cas": ("An adjustment lacks its group or reason", "adjustments lack group or reason"),
        "plb": (
            "An adjustment of the provider lacks its reason",
            "provider adjustments lack reasons",
        ),
        "many_pairs": ("A PLB has more than six adjustments", "PLB have more than six adjustments"),
        "component": ("A code is divided by another mark", "codes are divided by another mark"),
        "unlisted": (
            "A claim's services do not add up to it",
            "claims are not the sum of services",
        ),
        "unknown_segment": ("A segment is not known here", "segments are not known here"),
        "out_of_place": ("A segment stands out of its place", "segments stand out of their place"),
        "version": ("The transaction is of another version than 005010X221A1", ""),
    }
)
"""By code: the sentence for one, and how several are counted."""

SPOILING: Final = frozenset({"amount", "stray_money", "no_bpr", "second_bpr"})
"""After these the money of a transaction is not what it says."""


class Notes:
    """What was amiss in one transaction: how often, and where first."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int]] = {}

    def add(self, code: str, position: int) -> None:
        """Count one more of a kind."""
        count, first = self._found.get(code, (0, position))
        self._found[code] = (count + 1, first)

    @property
    def spoiled(self) -> bool:
        """Return whether money could not be read, or belongs to nothing."""
        return not SPOILING.isdisjoint(self._found)

    def oddities(self) -> tuple[Oddity, ...]:
        """Return one oddity of each kind, where it stood first; the count is in its sentence."""
        return tuple(
            Oddity(code, _sentence(code, count), position)
            for code, (count, position) in self._found.items()
        )


def _sentence(code: str, count: int) -> str:
    one, several = _SAID[code]
    return f"{one}." if count == 1 or not several else f"{count:,} {several}."
