"""The claims of one patient, in the account: Enter opens the claim."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.claims.listing import ClaimFilter, ClaimRow, page_of_claims
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.screens.claims.wording import (
    FREQUENCIES,
    RANKS,
    STATUSES,
    claim_mark,
    clock_words,
    status_mark,
    why_words,
)
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec
from fscdesk.ui.text import count_text, money_text

_TOPICS = frozenset({Topic.CLAIMS, Topic.PAYERS, Topic.PROVIDERS, Topic.LEDGER})


def claims_spec(practice: PracticeFacts, patient_id: int) -> ListSpec[ClaimRow]:
    """Declare the list of one patient's claims, the newest first."""
    return ListSpec(
        key="account-claims",
        name="Claims",
        columns=_columns(),
        query=partial(_page, patient_id),
        noun=("claim", "claims"),
        filters=(
            DayFilter("day", "Service"),
            ChoiceFilter(
                "status",
                "Status",
                tuple(
                    Choice(key, status_mark(key).word, status=("claim", key)) for key in STATUSES
                ),
            ),
        ),
        ticking=False,
        title=False,
        sort="day",
        descending=True,
        topics=_TOPICS,
        empty=Empty(f"No claim was built for this {practice.patient.lower()}.", "file-text"),
        totals_words=_totals_words,
    )


def _columns() -> tuple[Column[ClaimRow], ...]:
    return (
        date_column("day", "Service", lambda row: row.first_day, priority=1),
        Column("number", "Number", lambda row: row.number, names=True, priority=1),
        Column("payer", "Payer", _payer, width=148, priority=2),
        Column(
            "codes",
            "Codes",
            lambda row: ", ".join(row.codes),
            width=116,
            sortable=False,
            priority=5,
        ),
        badge_column("status", "Status", claim_mark, width=124, priority=1),
        Column("deadline", "Deadline", clock_words, width=132, priority=4),
        Column("next", "Next", why_words, width=190, sortable=False, priority=6),
        date_column("sent", "Sent", lambda row: row.last_sent_on, priority=4),
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
        money_column("open", "Open", lambda row: row.insurance_open, sortable=False, priority=3),
        money_column("total", "Charged", lambda row: row.total, priority=2),
    )


def _payer(row: ClaimRow) -> str:
    return row.payer if row.rank == 1 else f"{row.payer}, {RANKS[row.rank].lower()}"


def _page(patient_id: int, work: Work, state: FilterState, span: Span) -> Page[ClaimRow]:
    first, last = state.ends("day", work.today())
    wanted = ClaimFilter(
        text=state.text.strip(),
        from_day=first,
        to_day=last,
        statuses=state.values("status"),
        patient_id=patient_id,
    )
    return page_of_claims(work, wanted, span)


def _totals_words(total: int, totals: Mapping[str, Money]) -> str:
    charged = money_text(totals.get("total"), zero_dash=False)
    return f"{count_text(total, 'claim')}, {charged} charged"
