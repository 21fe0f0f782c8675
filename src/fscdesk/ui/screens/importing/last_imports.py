"""The list of the imports that were made, each with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from fscdesk.services.importing.history import BatchRow, page_of_imports
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.importing.words import days_words
from fscdesk.ui.tables.columns import Column, Kind, Mark, badge_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.text import DASH, moment_text
from fscdesk.ui.theme import Status

_STANDS = Status("Imported", "green", "circle-check")
_UNDONE = Status("Undone", "neutral", "undo-2")


def spec(
    zone: ZoneInfo,
    undo: Callable[[Sequence[BatchRow]], object],
    sessions: Callable[[Sequence[BatchRow]], object] | None,
    choose: Callable[[], object],
) -> ListSpec[BatchRow]:
    """What the list shows; `undo` and `sessions` are done with the chosen import."""
    acts = [
        RowsAct(
            "undo",
            "Undo this import",
            undo,
            "undo-2",
            off_because=lambda rows: "" if all(row.stands for row in rows) else "It was undone.",
        )
    ]
    if sessions is not None:
        show = RowsAct(
            "sessions",
            "Show its sessions",
            sessions,
            "calendar-days",
            off_because=lambda rows: (
                "" if all(row.of_sessions for row in rows) else "The file held no sessions."
            ),
        )
        acts.insert(0, show)
    return ListSpec(
        key="importing.last",
        name="Last imports",
        columns=_columns(zone),
        query=_query,
        noun=("import", "imports"),
        row_acts=tuple(acts),
        ticking=False,
        totals=False,
        title=False,
        line=False,
        sort="when",
        descending=True,
        topics=frozenset({Topic.IMPORTS}),
        empty=Empty(
            "No file was imported yet. Export the appointment status report from SimplePractice, "
            "then choose it here.",
            "file-input",
            Press("Choose files", choose),
        ),
        exports=False,
    )


def _query(work: Work, state: FilterState, span: Span) -> Page[BatchRow]:
    return page_of_imports(work, state.text, span)


def _columns(zone: ZoneInfo) -> tuple[Column[BatchRow], ...]:
    return (
        Column(
            "when",
            "Imported",
            lambda row: moment_text(row.applied_at, zone),
            width=136,
            priority=0,
            descending_first=True,
        ),
        Column("file", "File", lambda row: row.file_name, names=True),
        Column(
            "report",
            "Report",
            lambda row: row.report,
            width=176,
            priority=4,
            sortable=False,
        ),
        Column("days", "Days", days_words, width=196, priority=6),
        _number("read", "Read", lambda row: row.read, priority=2),
        _number("created", "New", lambda row: row.created, priority=3),
        _number("changed", "Changed", lambda row: row.changed, priority=3),
        _number("skipped", "Skipped", lambda row: row.skipped, priority=5),
        Column("by", "By", lambda row: row.applied_by, width=120, priority=7, sortable=False),
        badge_column("state", "State", _state, width=112, priority=1, sortable=False),
    )


def _number(
    key: str, title: str, count: Callable[[BatchRow], int], *, priority: int
) -> Column[BatchRow]:
    return Column(
        key,
        title,
        lambda row: f"{count(row):,}" if count(row) else DASH,
        Kind.NUMBER,
        width=72,
        priority=priority,
        descending_first=True,
    )


def _state(row: BatchRow) -> Mark:
    return _STANDS if row.stands else _UNDONE
