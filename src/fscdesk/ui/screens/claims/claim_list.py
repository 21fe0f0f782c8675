"""The list of claims: its columns, its views, and what can be done with its rows."""

from __future__ import annotations

from collections.abc import Sequence

from fscdesk.models.values import Money
from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.work import Topic
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims import asking
from fscdesk.ui.screens.claims.claim_acts import ClaimActs
from fscdesk.ui.screens.claims.claim_pane import claim_pane
from fscdesk.ui.screens.claims.wording import (
    FREQUENCIES,
    RANKS,
    claim_mark,
    clock_badge,
    why_words,
)
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec, Press
from fscdesk.ui.text import count_text, money_text

NOUN = ("claim", "claims")
TOPICS = frozenset({Topic.CLAIMS, Topic.PATIENTS, Topic.PAYERS, Topic.STAFF, Topic.IMPORTS})


def claims_spec(shell: Shell, acts: ClaimActs) -> ListSpec[ClaimRow]:
    """Return the declaration of the list."""
    build = Press("Build claims", acts.build, "list-checks")
    return ListSpec(
        key="claims",
        name="Claims",
        title=False,
        columns=_columns(shell.practice.patient),
        query=asking.ask_page,
        noun=NOUN,
        filters=asking.claim_filters(),
        views=asking.claim_views(),
        bulk=acts.bulk(),
        row_acts=acts.row_acts(),
        sort="day",
        descending=True,
        topics=TOPICS,
        empty=Empty(
            "No claim was built yet. Sessions that are ready to bill become claims.",
            "file-text",
            build,
        ),
        none_words=none_words,
        picked_words=_picked_words,
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        all_total=asking.ask_every,
        view_counts=asking.ask_view_counts,
        detail=claim_pane(shell.practice.zone, acts),
    )


def none_words(state: FilterState) -> str:
    """Return why nothing is shown."""
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys else ""
    return f"No claims{found}{others}."


def _columns(patient: str) -> tuple[Column[ClaimRow], ...]:
    return (
        date_column("day", "Service", lambda row: row.first_day, priority=1),
        # It stands below the payer; here for who wants to sort by it.
        Column("number", "Number", lambda row: row.number, width=128, priority=6, shown=False),
        Column(
            "patient",
            patient,
            lambda row: row.patient,
            second=why_words,
            names=True,
            priority=1,
        ),
        Column("payer", "Payer", _payer, second=lambda row: row.number, width=136, priority=2),
        Column(
            "codes",
            "Codes",
            lambda row: ", ".join(row.codes),
            width=116,
            sortable=False,
            priority=5,
        ),
        badge_column("status", "Status", claim_mark, width=124, priority=1),
        Column(
            "days",
            "Days",
            lambda row: f"{row.days:,}",
            Kind.NUMBER,
            lambda row: row.days,
            width=56,
            sortable=False,
            priority=4,
        ),
        badge_column("deadline", "Deadline", clock_badge, width=150, priority=3),
        date_column("next_action", "On", lambda row: row.next_action_on, shown=False, priority=8),
        Column("assigned", "With", lambda row: row.assigned, width=110, priority=7),
        date_column("sent", "Sent", lambda row: row.last_sent_on, priority=5),
        Column("clinician", "Clinician", lambda row: row.clinician, shown=False, priority=9),
        Column(
            "kind",
            "Kind",
            lambda row: FREQUENCIES[row.frequency.value],
            width=104,
            shown=False,
            sortable=False,
            priority=9,
        ),
        Column(
            "payer_number",
            "Payer's number",
            lambda row: row.payer_number,
            width=128,
            shown=False,
            priority=9,
        ),
        money_column("open", "Open", lambda row: row.insurance_open, sortable=False, priority=4),
        money_column("total", "Charged", lambda row: row.total, priority=2),
    )


def _payer(row: ClaimRow) -> str:
    return row.payer if row.rank == 1 else f"{row.payer}, {RANKS[row.rank].lower()}"


def _picked_words(rows: Sequence[ClaimRow]) -> str:
    total = sum((row.total for row in rows), Money())
    ready = sum(row.ready for row in rows)
    return f"{money_text(total, zero_dash=False)} charged, {ready} ready to send"
