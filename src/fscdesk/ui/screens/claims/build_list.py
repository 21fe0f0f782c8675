"""The list of today's claims below the cards: what goes, what stays, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fscdesk.models.values import Money
from fscdesk.services.claims.today import Today
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.build_rows import DayRow, rows_of
from fscdesk.ui.screens.claims.build_tiles import EVERYTHING
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text

NOUN = ("line", "lines")
MOST = 1_000_000


class BuildList(ListPart[DayRow]):
    """Shows the lines of the term that filters; they come whole from the plan on view."""

    def __init__(
        self,
        shell: Shell,
        today: Callable[[], Today | None],
        acts: Sequence[RowsAct[DayRow]],
        keeping: Keeping,
    ) -> None:
        self._term = EVERYTHING
        super().__init__(
            shell.desk,
            _spec(shell, today, lambda: self._term, tuple(acts)),
            messages=shell.messages,
            keeping=keeping,
        )

    def term(self) -> str:
        """Return which term of the sum filters."""
        return self._term

    def show_term(self, key: str) -> None:
        """Show the lines of one term."""
        if key != self._term:
            self._term = key
            self.ask_again()


def _spec(
    shell: Shell,
    today: Callable[[], Today | None],
    term: Callable[[], str],
    acts: tuple[RowsAct[DayRow], ...],
) -> ListSpec[DayRow]:
    columns = _columns(shell.practice.patient)

    def rows(_work: Work) -> Sequence[DayRow]:
        shown = today()
        return [] if shown is None else rows_of(shown, term())

    found = query_of(rows, columns, "what")

    def query(work: Work, state: FilterState, span: Span) -> Page[DayRow]:
        every = found(work, state, Span(0, MOST, span.sort, span.descending))
        total = sum(row.total.cents for row in every.rows if row.total is not None)
        part = tuple(every.rows[span.start : span.start + span.size])
        return Page(span.start, every.total, part, {"total": Money(total)})

    return ListSpec(
        key="claim.build",
        name="Today’s claims",
        title=False,
        columns=columns,
        query=query,
        noun=NOUN,
        row_acts=acts,
        ticking=False,
        sort="what",
        empty=Empty(
            "No claim waits, and no session is ready to bill. Nothing is to do here today.",
            "circle-check",
        ),
        none_words=_none_words,
        totals_words=lambda count, _totals: count_text(count, *NOUN),
    )


def _columns(patient: str) -> tuple[Column[DayRow], ...]:
    return (
        badge_column("mark", "State", lambda row: row.mark, width=112, priority=1),
        Column(
            "patient",
            patient,
            lambda row: row.patient,
            second=lambda row: row.payer,
            width=176,
            priority=1,
            strong=True,
        ),
        # Under the client's name; here for who wants to sort by it, and to find by it.
        Column("payer", "Payer", lambda row: row.payer, width=168, priority=3, shown=False),
        Column("number", "Claim", lambda row: row.number, width=132, priority=4),
        date_column("day", "Service", lambda row: row.day, priority=3),
        Column(
            "what",
            "What becomes of it",
            lambda row: row.what,
            second=lambda row: row.hint,
            names=True,
            whole=True,
            tooltip=lambda row: f"{row.what} {row.hint}".strip(),
            priority=1,
        ),
        Column(
            "lines",
            "Lines",
            lambda row: f"{row.lines:,}" if row.lines else "",
            Kind.NUMBER,
            lambda row: row.lines,
            width=56,
            priority=6,
            shown=False,
        ),
        money_column("total", "Total", lambda row: row.total, priority=1),
    )


def _none_words(state: FilterState) -> str:
    text = state.text.strip()
    return f"Nothing here holds “{text}”." if text else "Nothing is in this part of the sum."
