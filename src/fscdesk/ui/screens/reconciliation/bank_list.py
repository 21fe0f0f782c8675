"""The list of the Bank tab: the bank's line at the left, our books at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.bank_sheet import (
    BankSheet,
    SheetFilter,
    SheetMark,
    SheetRow,
    page_of_sheet,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.reconciliation.words import MARKS, mark_of, stated
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, Press, RowsAct

MARK, WAY = "mark", "way"
LEFT, RIGHT = ("bank_on", "bank_says", "bank_amount"), ("book_on", "book_says", "book_amount")
"""The columns of the two sides, for the words over them."""
TOPICS = frozenset({Topic.BANK, Topic.PAYMENTS, Topic.LEDGER, Topic.BOOKS})
AskSheet = Callable[[Work], BankSheet | None]


def bank_spec(
    ask: AskSheet,
    acts: tuple[RowsAct[SheetRow], ...],
    bulk: tuple[RowsAct[SheetRow], ...],
    detail: DetailSpec[SheetRow, object],
    press: Press,
) -> ListSpec[SheetRow]:
    """Return the declaration of the list; ``ask`` reads the period that is on view."""

    def page(work: Work, state: FilterState, span: Span) -> Page[SheetRow]:
        sheet = ask(work)
        if sheet is None:
            return Page(0, 0, ())
        return page_of_sheet(sheet, filter_of(state), span)

    def marks(work: Work, _state: FilterState) -> Sequence[Choice]:
        sheet = ask(work)
        counts: Mapping[SheetMark, int] = {} if sheet is None else sheet.counts()
        return [Choice(key.value, word, counts.get(key, 0)) for key, word in MARKS.items()]

    def every(work: Work) -> int:
        sheet = ask(work)
        return 0 if sheet is None else len(sheet.rows)

    return ListSpec(
        key="bank_sheet",
        name="Bank",
        title=False,
        columns=_columns(),
        query=page,
        noun=("line", "lines"),
        filters=(
            ChoiceFilter(MARK, "Show", ask=marks),
            ChoiceFilter(
                WAY, "Kind", (Choice("in", "Money in"), Choice("out", "Money out")), single=True
            ),
        ),
        row_acts=acts,
        bulk=bulk,
        sort="standing",
        totals=False,
        topics=TOPICS,
        empty=Empty(
            "Nothing of the bank is here yet. Import its statement to match it.", "landmark", press
        ),
        none_words=_none_words,
        picked_words=picked_words,
        all_total=every,
        detail=detail,
        least_width=760,
    )


def filter_of(state: FilterState) -> SheetFilter:
    """Return what chips and the find field ask for."""
    return SheetFilter(state.values(MARK), state.values(WAY), state.text)


def sides(rows: Sequence[SheetRow]) -> tuple[Money, Money]:
    """Return what ticked rows come to at the bank and in our books."""
    bank = sum((row.bank_amount or ZERO for row in rows if row.line_ids), ZERO)
    ours = sum((row.book_amount or ZERO for row in rows if not row.line_ids), ZERO)
    return bank, ours


def picked_words(rows: Sequence[SheetRow]) -> str:
    """Return the live sum of a match by hand: both sides and what is between them."""
    bank, ours = sides(rows)
    return f"bank {stated(bank)}, ours {stated(ours)}, difference {stated(bank - ours)}"


def _none_words(state: FilterState) -> str:
    text = state.text.strip()
    return f"Nothing here holds “{text}”." if text else "Nothing here stands so."


def _columns() -> tuple[Column[SheetRow], ...]:
    return (
        date_column("bank_on", "Bank date", lambda row: row.bank_on, priority=2),
        Column(
            "bank_says",
            "Bank says",
            lambda row: row.bank_says,
            second=lambda row: row.bank_detail,
            tooltip=lambda row: row.bank_words,
            width=176,
            names=True,
            priority=0,
            fixed=True,
        ),
        money_column(
            "bank_amount",
            "Amount",
            lambda row: row.bank_amount,
            priority=0,
            fixed=True,
            plain_negative=True,
            strong=True,
            spoken=lambda row: f"at the bank {stated(row.bank_amount)}" if row.bank_amount else "",
        ),
        badge_column("standing", "State", mark_of, width=124, priority=3),
        date_column("book_on", "Posted", lambda row: row.book_on, priority=4),
        Column(
            "book_says",
            "Our books say",
            lambda row: row.book_says,
            second=lambda row: row.book_detail,
            tooltip=lambda row: row.why,
            width=176,
            wide=True,
            priority=1,
        ),
        money_column(
            "book_amount",
            "Amount",
            lambda row: row.book_amount,
            priority=0,
            fixed=True,
            plain_negative=True,
            strong=True,
            spoken=lambda row: f"in our books {stated(row.book_amount)}" if row.book_amount else "",
        ),
    )
