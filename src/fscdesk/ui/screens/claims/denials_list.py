"""The Denials tab: every denied line by who must move; and how much is denied, as rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.claims.denials import TOPICS, DenialRow
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims import denial_asking as asking
from fscdesk.ui.screens.claims.denial_acts import DenialActs
from fscdesk.ui.screens.claims.denial_pane import denial_pane
from fscdesk.ui.screens.claims.denial_words import (
    category_mark,
    deadline_mark,
    next_words,
    reason_words,
    stands_mark,
)
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text, money_text

NOUN = ("denied line", "denied lines")


def denials_spec(shell: Shell, acts: DenialActs) -> ListSpec[DenialRow]:
    """Return the declaration of the list."""
    return ListSpec(
        key="denials",
        name="Denied lines",
        title=False,
        columns=_columns(shell.practice.patient),
        query=asking.ask_page,
        noun=NOUN,
        filters=asking.denial_filters(),
        views=asking.denial_views(),
        bulk=acts.bulk(),
        row_acts=acts.row_acts(),
        sort="deadline",
        topics=TOPICS,
        empty=Empty("No payer has denied anything.", "circle-check"),
        none_words=none_words,
        picked_words=_picked_words,
        totals_words=_totals_words,
        all_total=asking.ask_every,
        view_counts=asking.ask_view_counts,
        detail=denial_pane(shell.practice.zone, acts),
    )


def none_words(state: FilterState) -> str:
    """Return why nothing is shown."""
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys else ""
    return f"No denied lines{found}{others}."


REASON: Final = 272
"""Pixels in which nearly each reason of a denial is read whole."""


def _columns(patient: str) -> tuple[Column[DenialRow], ...]:
    return (
        date_column("day", "Service", lambda row: row.day, second=lambda row: row.code, priority=2),
        Column(
            "patient",
            patient,
            lambda row: row.patient,
            second=reason_words,
            names=True,
            whole=True,  # rather fewer columns than half a reason
            width=REASON,
            priority=1,
        ),
        Column("payer", "Payer", lambda row: row.payer, width=124, priority=3),
        # It stands below the day; here for who wants to sort by it.
        Column("code", "Code", lambda row: row.code, width=64, priority=4, shown=False),
        # It stands below the client, in words; here for who wants to sort by it.
        Column("reason", "Reason", lambda row: row.why, width=72, priority=7, shown=False),
        badge_column(
            "category", "Category", lambda row: category_mark(row.category), width=126, priority=4
        ),
        badge_column("deadline", "Deadline", deadline_mark, width=172, priority=1),
        Column("assigned", "With", lambda row: row.assigned, width=100, priority=6),
        Column(
            "next_action",
            "Next",
            next_words,
            Kind.TEXT,
            width=140,
            priority=8,
            shown=False,
        ),
        date_column("denied", "Denied", lambda row: row.denied_on, priority=7, shown=False),
        Column("number", "Claim", lambda row: row.number, width=128, priority=9, shown=False),
        Column("clinician", "Clinician", lambda row: row.clinician, priority=9, shown=False),
        badge_column(
            "status",
            "Status",
            stands_mark,
            width=130,
            priority=9,
            shown=False,
            sortable=False,
        ),
        money_column("amount", "Billed", lambda row: row.amount, priority=8, shown=False),
        money_column("open", "At stake", lambda row: row.open, priority=1),
    )


def _picked_words(rows: Sequence[DenialRow]) -> str:
    return f"{money_text(_open(rows), zero_dash=False)} at stake"


def _open(rows: Sequence[DenialRow]) -> Money:
    """Return what is open of rows; a charge that two payers have denied is open once."""
    return Money(sum({one.charge_id: one.open.cents for one in rows}.values()))


def _totals_words(count: int, _totals: Mapping[str, Money]) -> str:
    """Say what is counted: the queue's number of what is denied is another one."""
    return f"{count_text(count, *NOUN)}; the work queue counts whole claims and sessions"
