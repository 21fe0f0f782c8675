"""What the check of a session's money says, as the last word of its story."""

from __future__ import annotations

from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.remittances.session_check import WORDS, check_sessions
from fscdesk.services.work import Work

GOOD, LOOK = "circle-check", "triangle-alert"
_TITLE: Final = "Payments checked"


def money_checked(work: Work, session_id: int) -> tuple[str, str, str, Money | None] | None:
    """Return icon, title, sentence and by how much it is off; None where no payer answered."""
    found = check_sessions(work, [session_id]).get(session_id)
    if found is None:
        return None
    if found.good:
        return GOOD, _TITLE, found.sentence, None
    return LOOK, WORDS[found.found], found.sentence, found.amount
