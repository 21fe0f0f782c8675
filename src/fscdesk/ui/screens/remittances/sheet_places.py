"""The columns of a remittance's page: what we billed at the left, what the payer said beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A column: its words, its width at 100 %, and when it goes (high numbers first)."""

    key: str
    title: str
    width: int
    right: bool = True
    folds: int = 0
    ours: bool = False


PLACES: Final = (
    Place("session", "Session", 86, right=False, ours=True),
    Place("billed_code", "Code", 52, right=False, ours=True),
    Place("charged", "Charged", 76, ours=True),
    Place("expected", "Expected", 76, folds=1, ours=True),
    Place("code", "Code", 52, right=False, folds=3),
    Place("allowed", "Allowed", 78, folds=2),
    Place("paid", "Paid", 78),
    Place("off", "Write-off", 78),
    Place("client", "Client", 70),
    Place("against", "Against expected", 106),
)
