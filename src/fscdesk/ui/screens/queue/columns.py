"""The columns of the queue: how urgent, what and whose, until when, with whom, how much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fscdesk.services.queue.listing_items import QueueItem
from fscdesk.ui import theme
from fscdesk.ui.screens.queue.wording import KINDS, away
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column

_NOBODY = "nobody"


def severity_column(key: str, *, sortable: bool = True) -> Column[QueueItem]:
    """Return the column of shapes and words; sorted by it, what is lost first stands first."""
    return Column(
        key,
        "Severity",
        lambda row: theme.now.severity(row.urgency.value).word,
        Kind.SEVERITY,
        badge=lambda row: ("severity", row.urgency.value),
        width=92,
        priority=2,
        sortable=sortable,
    )


def what_column(key: str, *, sortable: bool = True) -> Column[QueueItem]:
    """Return the column that names a thing: what, and whose."""
    return Column(
        key,
        "What",
        lambda row: row.title,
        second=lambda row: row.about,
        names=True,
        strong=True,
        priority=0,
        width=240,
        sortable=sortable,
    )


def due_column(key: str, today: Callable[[], date], *, sortable: bool = True) -> Column[QueueItem]:
    """Return the column of the last day, with how far off it is."""
    return date_column(
        key,
        "Do by",
        lambda row: row.due_on,
        second=lambda row: away(row.due_on, today()),
        descending_first=False,
        width=104,
        priority=2,
        sortable=sortable,
    )


def queue_columns(today: Callable[[], date]) -> tuple[Column[QueueItem], ...]:
    """Return the columns of the whole list."""
    return (
        severity_column("lost"),
        what_column("title"),
        Column("kind", "Kind", lambda row: KINDS[row.kind], width=132, priority=7, shown=False),
        due_column("due", today),
        Column(
            "assigned",
            "With",
            lambda row: row.assignee or _NOBODY,
            icon=lambda _row: "user",
            width=128,
            priority=4,
        ),
        date_column("since", "Since", lambda row: row.since, shown=False, priority=8),
        date_column("snoozed", "Back on", lambda row: row.snoozed_until, shown=False, priority=6),
        Column(
            "note",
            "Note",
            lambda row: " ".join(row.note.split()),
            width=160,
            sortable=False,
            shown=False,
            priority=9,
        ),
        money_column("amount", "At stake", lambda row: row.amount, width=104, priority=1),
    )
