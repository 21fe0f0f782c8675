"""What the list of sessions says: sums, and why nothing is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fscdesk.models.values import Money
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui import theme
from fscdesk.ui.screens.sessions.asking import DAY, VIEW
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.text import count_text, money_text

NOUN = ("session", "sessions")
_KINDS = {
    "unbilled": "unbilled sessions",
    "no_signed_note": "sessions without a signed note",
    "denied": "denied sessions",
    "waiting_on_payer": "sessions that wait on a payer",
    "client_owes": "sessions with money owed by the {patient}",
}


def picked_words(rows: Sequence[SessionRow]) -> str:
    """Return the sums of ticked rows: ``230.00 charged, 190.00 open``."""
    charged = sum(row.fee.cents for row in rows)
    still_open = sum(row.insurance_balance.cents + row.patient_balance.cents for row in rows)
    return f"{_stated(charged)} charged, {_stated(still_open)} open"


def totals_words(count: int, totals: Mapping[str, Money]) -> str:
    """Return what stands left of the totals: ``60 sessions, 9,635.00 charged``."""
    charged = totals.get("fee", Money())
    return f"{count_text(count, *NOUN)}, {money_text(charged, zero_dash=False)} charged"


def none_words(state: FilterState, patient: str = "Client") -> str:
    """Return why nothing is shown: ``No denied sessions in March 2026``."""
    view, statuses = state.values(VIEW), state.values("status")
    what = _KINDS[view[0]].format(patient=patient.lower()) if view else "sessions"
    if len(statuses) == 1:
        status = theme.now.billing_status(statuses[0]).word.lower()
        what = what if status in what else f"{status} sessions" if not view else what
    others = state.set_keys - {VIEW, DAY, "status"}
    if others or len(statuses) > 1 or (view and statuses):
        what += " that match these filters"
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    return f"No {what}{found}{_when(state.range(DAY))}."


def _when(days: Days | None) -> str:
    if days is None:
        return ""
    words = days.words()
    if days.word:
        return f" {words.lower()}" if days.word.startswith(("to", "y")) else f" ({words.lower()})"
    if words.startswith(("since", "until")):
        return f" {words}"
    if " to " in words:
        return f" from {words}"
    return f" on {words}" if "/" in words else f" in {words}"


def _stated(cents: int) -> str:
    return money_text(cents, zero_dash=False)
