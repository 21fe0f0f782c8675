"""The list of the runs that were made, newest first; Enter opens one."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from fscdesk.services.billing.statement_runs import RunRow, page_of_runs
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec, Press
from fscdesk.ui.text import moment_text


def runs_spec(zone: ZoneInfo, back: Callable[[], object]) -> ListSpec[RunRow]:
    """Return what the list shows; ``back`` is the way to the plan."""
    return ListSpec(
        key="statements.runs",
        name="Past runs of statements",
        columns=_columns(zone),
        query=_query,
        noun=("run", "runs"),
        ticking=False,
        totals=False,
        title=False,
        line=False,
        searching=False,
        sort="run",
        descending=True,
        topics=frozenset({Topic.STATEMENTS}),
        empty=Empty("No statements were made yet.", "mail", Press("Plan statements", back)),
    )


def _query(work: Work, _state: FilterState, span: Span) -> Page[RunRow]:
    return page_of_runs(work, span)


def _columns(zone: ZoneInfo) -> tuple[Column[RunRow], ...]:
    return (
        Column(
            "run",
            "Run",
            lambda row: f"Run {row.id:,}",
            width=108,
            priority=0,
            descending_first=True,
        ),
        Column(
            "made",
            "Made",
            lambda row: moment_text(row.made_at, zone),
            width=148,
            priority=1,
            sortable=False,
        ),
        date_column("as_of", "As of", lambda row: row.as_of, width=108, priority=1),
        Column(
            "numbers",
            "Numbers",
            lambda row: row.first if row.first == row.last else f"{row.first} to {row.last}",
            width=240,
            names=True,
            sortable=False,
        ),
        Column("by", "By", lambda row: row.made_by, width=150, priority=4, sortable=False),
        money_column(
            "minimum",
            "Minimum",
            lambda row: row.minimum,
            width=96,
            priority=5,
            sortable=False,
            states_zero=True,
        ),
        Column(
            "statements",
            "Statements",
            lambda row: f"{row.statements:,}",
            Kind.NUMBER,
            width=104,
            priority=2,
            descending_first=True,
        ),
        money_column("total", "Amount due", lambda row: row.total, width=116, priority=1),
    )
