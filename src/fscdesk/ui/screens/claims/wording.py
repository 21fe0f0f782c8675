"""How claims are called: badges, frequencies, clocks, and why one does not go."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fscdesk.services.claims.clocks import Band, Clock
from fscdesk.services.claims.listing import ClaimRow
from fscdesk.ui import theme
from fscdesk.ui.text import count_text, short_day_text
from fscdesk.ui.theme import Status

STATUSES: Final = (
    *("draft", "scrubbed", "submitted", "acknowledged", "accepted", "pending"),
    *("partially_paid", "paid", "denied", "appealing", "rejected", "closed", "void"),
)
"""Every status of a claim, in the order of its life (DESIGN.md 7)."""
RANKS: Final = MappingProxyType({1: "Primary", 2: "Secondary", 3: "Tertiary"})
FREQUENCIES: Final = MappingProxyType({"1": "Original", "7": "Corrected (7)", "8": "Void (8)"})
_BANDS: Final = MappingProxyType(
    {Band.USED: "amber", Band.DAYS_14: "amber", Band.DAYS_7: "orange", Band.OVERDUE: "red"}
)
_SILENT: Final = MappingProxyType({"medium": "amber", "high": "orange", "critical": "red"})


def claim_mark(row: ClaimRow) -> Status:
    """Return a claim's badge: held and ready are told apart, before its status is told."""
    if row.ready:
        return Status("Ready", "blue", "circle-arrow-up")
    if row.why_held:
        return Status("To mend" if row.stops else "Held", "amber", "pause")
    return status_mark(row.status.value)


def status_mark(status: str) -> Status:
    """Return the badge of a status."""
    return theme.now.claim(status)


def clock_mark(clock: Clock) -> Status:
    """Return the badge of a clock: red once it is over."""
    return Status(clock.words, _BANDS.get(clock.band, "neutral"), "clock")


def clock_words(row: ClaimRow) -> str:
    """Return the nearest limit of a claim, or how long its payer is silent."""
    if row.deadline is not None:
        return row.deadline.words
    if row.waiting and row.days_sent is not None:
        return f"Silent {count_text(row.days_sent, 'day')}"
    return ""


def clock_tone(row: ClaimRow) -> str:
    """Return how that is coloured; nothing where there is time."""
    if row.deadline is not None:
        return _BANDS.get(row.deadline.band, "")
    return _SILENT.get(row.silent, "")


def clock_badge(row: ClaimRow) -> Status | None:
    """Return what the list shows of a claim's time: coloured once it is short."""
    words = clock_words(row)
    if not words:
        return None
    return Status(words, clock_tone(row) or "neutral", "clock")


def why_words(row: ClaimRow) -> str:
    """Return what must be known of a claim in the list: its next action, or why it stands so.

    What is to be done and who does it come first; a denial or a rejection says why.
    """
    why = row.why_held or row.reason
    if row.next_action:
        on = f" on {short_day_text(row.next_action_on)}" if row.next_action_on else ""
        why = f"{row.next_action}{on}"
    return ", ".join(part for part in (why.rstrip("."), row.assigned) if part)
