"""What claims need of the fictional payers: routes, clocks, addresses, how member ids look.

In the order of ``cast.PAYERS``. One is billed on paper, one in its portal, the others by file. What
the first one remits is looked at before it is posted.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fscdesk.models.claim_batch import Route
from fscdesk.models.remittance import Automation


class OnClaims(NamedTuple):
    """How claims go to a payer, and until when; days as in ``PayerFields``.

    ``automation`` is how much of what it remits posts by itself.
    """

    route: Route
    indicator: str
    corrected_days: int
    appeal_days: int
    pattern: str
    street: str
    zip_code: str
    refers: bool = False
    public: bool = False
    automation: Automation = Automation.ONE_CLICK


CLAIMS: Final = (
    OnClaims(
        Route.ELECTRONIC,
        "BL",
        180,
        180,
        "AAA999999999",
        "1 Invented Plaza",
        "07001-0001",
        automation=Automation.REVIEW,
    ),
    OnClaims(
        Route.ELECTRONIC,
        "CI",
        90,
        60,
        "AA999999999",
        "44 Pretend Parkway",
        "07001-0044",
        automation=Automation.AUTOMATIC,
    ),
    OnClaims(
        Route.ELECTRONIC,
        "HM",
        120,
        90,
        "AA999999999",
        "9 Sample Square",
        "07002-0009",
        True,
        automation=Automation.AUTOMATIC,
    ),
    OnClaims(
        Route.ELECTRONIC,
        "12",
        95,
        120,
        "A999999999",
        "300 Fable Road",
        "07002-0300",
        automation=Automation.AUTOMATIC,
    ),
    OnClaims(Route.ELECTRONIC, "CI", 180, 180, "AAA999999999", "2 Second Street", "07003-0002"),
    OnClaims(Route.PAPER, "15", 180, 180, "AAA999999999", "77 Placeholder Way", "07003-0077"),
    OnClaims(
        Route.PORTAL, "MC", 365, 90, "AAA999999999", "5 Capitol Mock-Up", "07004-0005", public=True
    ),
    OnClaims(Route.ELECTRONIC, "CI", 60, 30, "AAA999999999", "8 Helping Hand Lane", "07004-0008"),
)
CITY: Final = "Sampleville"
ELECTRONIC: Final = frozenset(
    number for number, one in enumerate(CLAIMS) if one.route is Route.ELECTRONIC
)


def takes_files(payer: int | None) -> bool:
    """Return whether claims to a payer (by its place in the cast) go in an 837P."""
    return payer in ELECTRONIC
