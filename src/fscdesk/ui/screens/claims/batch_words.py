"""How batches are called: their state, their way, and what their file is."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fscdesk.services.claims.batches import BatchRow, BatchState, Route
from fscdesk.ui.theme import Status

ROUTES: Final = MappingProxyType(
    {Route.ELECTRONIC: "By file", Route.PAPER: "On paper", Route.PORTAL: "By portal"}
)
STATES: Final = MappingProxyType(
    {
        BatchState.SENT: Status("Sent", "sky", "send"),
        BatchState.ACKNOWLEDGED: Status("Acknowledged", "teal", "check-check"),
        BatchState.REJECTED: Status("Rejected", "orange", "undo-2"),
        BatchState.UNDONE: Status("Taken back", "neutral", "ban"),
    }
)
_WAITS: Final = Status("File waits", "amber", "clock")
_SHORT: Final = 12


def batch_mark(row: BatchRow) -> Status:
    """Return a batch's badge; a file that no folder has taken yet is told first."""
    return _WAITS if row.waits else STATES[row.state]


def route_word(route: Route) -> str:
    """Return the way that claims went."""
    return ROUTES[route]


def short_hash(row: BatchRow) -> str:
    """Return the first characters of a file's hash: enough to compare two by eye."""
    return row.sha256[:_SHORT]


def where_words(row: BatchRow) -> str:
    """Return where a batch's file is now, or what stands in its place."""
    if row.state is BatchState.UNDONE:
        return "Taken back"
    if row.route is Route.PAPER:
        return "Printed from here"
    if row.route is Route.PORTAL:
        return row.reference or "Typed into the portal"
    return row.written_to or "Waits for a folder"
