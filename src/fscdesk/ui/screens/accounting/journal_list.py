"""The journal's list: its columns, its chips, and what they ask of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fscdesk.services.accounting.chart import chart
from fscdesk.services.accounting.journal import EntryKind
from fscdesk.services.accounting.ledgers import EntryFilter, EntryRow, journal_page, who_posted
from fscdesk.services.ledger.entry_words import KIND_WORDS
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.accounting.wording import entry_mark
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.text import count_text

NOUN = ("entry", "entries")
VIEW, KIND, BY, DAY, ACCOUNT = "view", "kind", "by", "day", "account"
ALL, BY_HAND, LATE = "all", "by_hand", "late"
TOPICS = frozenset(
    {Topic.BOOKS, Topic.BANK, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS, Topic.REMITTANCES}
)


def journal_spec(
    detail: DetailSpec[EntryRow, object], acts: Sequence[RowsAct[EntryRow]]
) -> ListSpec[EntryRow]:
    """Declare the list of all entries, the newest first."""
    return ListSpec(
        key="journal",
        name="Journal",
        title=False,
        columns=_columns(),
        query=page_of,
        noun=NOUN,
        filters=(
            ChoiceFilter(
                KIND, "Kind", tuple(Choice(key.value, KIND_WORDS[key]) for key in KIND_WORDS)
            ),
            ChoiceFilter(BY, "Made by", ask=_people),
            DayFilter(DAY, "Month"),
            ChoiceFilter(ACCOUNT, "Account", ask=_accounts, always=False, single=True),
        ),
        views=(
            View(ALL, "All", counted=False),
            View(BY_HAND, "By hand", FilterState().with_values(VIEW, (BY_HAND,)), counted=False),
            View(
                LATE,
                "Into closed months",
                FilterState().with_values(VIEW, (LATE,)),
                good_news="Nothing was posted into a closed month.",
                counted=False,
            ),
        ),
        row_acts=tuple(acts),
        ticking=False,
        sort="on",
        descending=True,
        topics=TOPICS,
        empty=Empty("Nothing is posted yet. Import sessions, or write a first entry.", "book-open"),
        none_words=_none,
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        all_total=lambda work: journal_page(work, EntryFilter(), Span(0, 0, "on")).total,
        detail=detail,
    )


def question_of(work: Work, state: FilterState) -> EntryFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    first, last = state.ends(DAY, work.today())
    view = next(iter(state.values(VIEW)), ALL)
    asked = EntryFilter(
        first=first,
        last=last,
        kinds=tuple(EntryKind(one) for one in state.values(KIND)),
        account=next(iter(state.values(ACCOUNT)), ""),
        text=state.text.strip(),
        posted_by=tuple(int(one) for one in state.values(BY)),
    )
    return replace(asked, by_hand=view == BY_HAND, late=view == LATE)


def page_of(work: Work, state: FilterState, span: Span) -> Page[EntryRow]:
    """Return a page of entries for the list."""
    return journal_page(work, question_of(work, state), span)


def _people(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(number), name) for number, name in who_posted(work)]


def _accounts(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(row.code, f"{row.code} {row.name}") for row in chart(work)]


def _none(state: FilterState) -> str:
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys - {VIEW} else ""
    return f"No entries{found}{others}."


def _more(row: EntryRow) -> str:
    told: Mapping[str, str | None] = {"turned back by": row.reversed_by, "turns back": row.reverses}
    return ", ".join(f"{words} {number}" for words, number in told.items() if number)


def _columns() -> tuple[Column[EntryRow], ...]:
    return (
        date_column("on", "Date", lambda row: row.on, priority=1),
        Column("number", "Entry", lambda row: row.number, width=112, priority=1),
        Column("memo", "Memo", lambda row: row.memo, names=True, priority=1, sortable=False),
        badge_column(
            "kind",
            "Kind",
            lambda row: entry_mark(row.kind, turned_back=row.reversed_by is not None),
            width=140,
            priority=2,
            sortable=False,
        ),
        Column(
            "reference",
            "Reference",
            lambda row: row.reference,
            width=120,
            priority=8,
            sortable=False,
        ),
        Column("pair", "Reversals", _more, width=176, priority=7, sortable=False),
        Column("by", "Made by", lambda row: row.posted_by, width=116, priority=4, sortable=False),
        money_column("amount", "Amount", lambda row: row.amount, priority=1, sortable=False),
    )
