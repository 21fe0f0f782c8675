"""The silent claims of one payer of a portal round, in the one table part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.round_state import RoundRow
from fscdesk.ui.screens.claims.round_words import count_rows, mark_of
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text, day_text, short_day_text

NOUN = ("claim", "claims")
MOST = 1_000_000
Rows = Callable[[], Sequence[RoundRow]]


class RoundList(ListPart[RoundRow]):
    """Shows the claims of the payer in front; they come whole from the round on view."""

    def __init__(self, shell: Shell, rows: Rows, keeping: Keeping) -> None:
        super().__init__(shell.desk, _spec(shell, rows), messages=shell.messages, keeping=keeping)


def days_of(row: RoundRow) -> str:
    """Return the days of service of a claim: one, or from and to."""
    claim = row.claim
    if claim.first_day == claim.last_day:
        return day_text(claim.first_day)
    return f"{short_day_text(claim.first_day)} to {day_text(claim.last_day)}"


def number_of(row: RoundRow) -> str:
    """Return the number of a claim, or where it was billed that has none here."""
    return row.claim.number or "SimplePractice"


def _spec(shell: Shell, rows: Rows) -> ListSpec[RoundRow]:
    columns = _columns(shell.practice.patient)
    found = query_of(lambda _work: rows(), columns, "silent")

    def query(work: Work, state: FilterState, span: Span) -> Page[RoundRow]:
        every = found(work, state, Span(0, MOST, span.sort, span.descending))
        total = sum(row.claim.insurance_open.cents for row in every.rows)
        part = tuple(every.rows[span.start : span.start + span.size])
        return Page(span.start, every.total, part, {"open": Money(total)})

    return ListSpec(
        key="claims.round",
        name="Claims to look up",
        title=False,
        line=False,
        searching=False,
        columns=columns,
        query=query,
        noun=NOUN,
        ticking=False,
        sort="silent",
        empty=Empty("No claim of this payer is silent.", "circle-check"),
        totals_words=lambda _count, _totals: count_rows(rows()),
    )


def _columns(patient: str) -> tuple[Column[RoundRow], ...]:
    return (
        badge_column("mark", "The portal says", mark_of, width=160, priority=1),
        Column(
            "patient",
            patient,
            lambda row: row.claim.patient,
            names=True,
            strong=True,
            priority=0,
            width=150,
        ),
        Column(
            "day", "Service", days_of, value=lambda row: row.claim.first_day, width=92, priority=1
        ),
        Column("codes", "Code", lambda row: ", ".join(row.claim.codes), width=72, priority=4),
        Column("number", "Claim", number_of, width=124, priority=3),
        Column(
            "payer_number",
            "Their number",
            lambda row: row.claim.payer_number,
            width=116,
            priority=2,
        ),
        date_column("sent", "Sent", lambda row: row.claim.last_sent_on, priority=5),
        Column(
            "silent",
            "Days",
            lambda row: count_text(row.claim.days_sent or 0),
            Kind.NUMBER,
            lambda row: row.claim.days_sent,
            width=76,
            priority=2,
            spoken=lambda row: f"silent for {count_text(row.claim.days_sent or 0, 'day')}",
        ),
        money_column("open", "Open", lambda row: row.claim.insurance_open, priority=1),
    )
