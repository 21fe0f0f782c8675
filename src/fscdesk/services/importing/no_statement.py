"""Says of a file that was taken for a bank's statement which report it really is."""

from __future__ import annotations

from fscdesk.services.errors import Problem
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.importing.report_signatures import (
    CARD_TRANSACTIONS,
    STRIPE_BALANCE,
    STRIPE_PAYOUTS,
)
from fscdesk.services.spreadsheets.files import SourceFile

_PAYOUTS = {
    STRIPE_PAYOUTS: "This is a payout report",
    STRIPE_BALANCE: "This is a payout report",
    CARD_TRANSACTIONS: "This is a report of card payments",
}


def no_statement(source: SourceFile) -> Problem | None:
    """Return the refusal of a payout report, a card report or another one.

    None for what no report is, and for one that can be named but not imported: a bank's export.
    """
    found = recognise(source)
    if found is None or not (found.is_report or found.readable):
        return None
    what = _PAYOUTS.get(found.profile, "This is a report")
    return Problem(
        f"{what} ({found.title}), not a bank’s statement. Nothing was read.",
        hint="Import it with “import” (Import in the window); the bank’s lines are matched then.",
    )
