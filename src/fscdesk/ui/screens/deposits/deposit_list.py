"""The list of deposits, declared: what can be made first, then what was made, and their chips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accounts import bank_accounts
from fscdesk.services.banking.deposit_book import (
    BookedDeposit,
    DepositState,
    deposit_book,
    deposits_holding,
)
from fscdesk.services.banking.deposit_words import DEPOSIT_KINDS
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.deposits.wording import NOUN, kind_word, name_of, state_mark
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import (
    Choice,
    ChoiceFilter,
    DayFilter,
    Empty,
    ListSpec,
    RowsAct,
    View,
)
from fscdesk.ui.text import count_text, money_text

TOPICS: Final = frozenset({Topic.BANK, Topic.PAYMENTS, Topic.LEDGER, Topic.IMPORTS})
VIEW, KIND, ACCOUNT, DAY = "view", "kind", "account", "day"
TO_MAKE, ON_ITS_WAY, AT_THE_BANK, ALL = "to_make", "way", "bank", "all"
_STATES: Final[Mapping[str, frozenset[DepositState]]] = {
    TO_MAKE: frozenset({DepositState.TO_MAKE, DepositState.WAITING, DepositState.OPEN}),
    ON_ITS_WAY: frozenset({DepositState.MADE}),
    AT_THE_BANK: frozenset({DepositState.BANKED, DepositState.LOCKED}),
    ALL: frozenset(DepositState),
}
_NO_SUM: Final = frozenset({DepositState.UNDONE, DepositState.OPEN})
"""What is no deposit any more; the payments of a payout that does not add up wait in a row."""
WAITS, HELD = "waits", "held"
"""Sums that have no column: what waits for its payout, and what account 1050 holds."""
_VIEWS: Final = (
    (TO_MAKE, "To deposit", "Nothing waits to be deposited.", False),
    (ON_ITS_WAY, "On its way", "The bank has shown every deposit.", True),
    (AT_THE_BANK, "At the bank", "", True),
    (ALL, "All", "", True),
)


def deposits_spec(
    acts: tuple[tuple[RowsAct[BookedDeposit], ...], tuple[RowsAct[BookedDeposit], ...]],
    detail: DetailSpec[BookedDeposit, Any],
    picked: Callable[[Sequence[BookedDeposit]], str],
) -> ListSpec[BookedDeposit]:
    """Return the declaration. ``acts`` are those of ticked rows and those of one row."""
    bulk, row_acts = acts
    return ListSpec(
        key="deposits",
        name="Deposits",
        title=False,
        columns=COLUMNS,
        query=ask_page,
        noun=NOUN,
        filters=(
            ChoiceFilter(KIND, "Kind", ask=_kinds),
            ChoiceFilter(ACCOUNT, "Bank account", ask=_accounts, always=False),
            DayFilter(DAY, "Day"),
        ),
        views=tuple(
            View(
                key,
                name,
                FilterState().with_values(VIEW, (key,)),
                good_news=news,
                counted=key in (TO_MAKE, ON_ITS_WAY),
                sort="on",
                descending=newest,
            )
            for key, name, news, newest in _VIEWS
        ),
        bulk=bulk,
        row_acts=row_acts,
        sort="on",
        topics=TOPICS,
        empty=Empty("No money has come yet that could be deposited.", "landmark"),
        none_words=_none_words,
        picked_words=picked,
        totals_words=totals_words,
        all_total=lambda work: len(deposit_book(work)),
        view_counts=_counts,
        detail=detail,
    )


def ask_page(work: Work, state: FilterState, span: Span) -> Page[BookedDeposit]:
    """Return a span of the deposits that a state asks for, with what they come to."""
    found = list(_asked(work, state))
    column = next(one for one in COLUMNS if one.key == span.sort)
    found.sort(key=lambda row: (_rank(column, row), abs(row.id)), reverse=span.descending)
    sums = [row for row in found if row.state not in _NO_SUM]
    totals = {
        "amount": sum((row.amount for row in sums), ZERO),
        "fees": sum((row.fees for row in sums), ZERO),
        WAITS: sum((row.amount for row in sums if row.state is DepositState.WAITING), ZERO),
    }
    if state.values(VIEW) == (TO_MAKE,):
        totals[HELD] = sum((_held(row) for row in found), ZERO)
    rows = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), rows, totals)


def totals_words(count: int, totals: Mapping[str, Money]) -> str:
    """Return how many rows there are, what of the sum waits, and how it foots with 1050."""
    said = [count_text(count, *NOUN)]
    if waits := totals.get(WAITS, ZERO):
        said.append(f"{_stated(waits)} of it waits for its payout")
    held = totals.get(HELD)
    if held is not None and held != totals["amount"]:
        said.append(f"{_stated(held)} in 1050 before fees")
    return ", ".join(said)


def _held(row: BookedDeposit) -> Money:
    """Return what account 1050 holds of a row that is not made."""
    items = row.group.items if row.group is not None else row.waiting
    return sum((one.amount for one in items), ZERO)


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)


def _asked(work: Work, state: FilterState, *, without: str = "") -> Sequence[BookedDeposit]:
    view = next(iter(state.values(VIEW)), ALL)
    first, last = state.ends(DAY, work.today()) if without != DAY else (None, None)
    kinds = set(state.values(KIND)) if without != KIND else set()
    accounts = set(state.values(ACCOUNT)) if without != ACCOUNT else set()
    words = state.text.casefold().split()
    holding = deposits_holding(work, state.text)
    return [
        row
        for row in deposit_book(work, first=first, last=last)
        if row.state in _STATES.get(view, _STATES[ALL])
        and _within(row.on, first, last)
        and (not kinds or row.kind.value in kinds)
        and (not accounts or row.account in accounts)
        and (row.id in holding or all(word in row.found_by for word in words))
    ]


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    return {key: len(_asked(work, state)) for key, state in states.items()}


def _kinds(work: Work, state: FilterState) -> Sequence[Choice]:
    found = _asked(work, state, without=KIND)
    return [
        Choice(one.value, word, sum(row.kind is one for row in found))
        for one, word in DEPOSIT_KINDS.items()
    ]


def _accounts(work: Work, state: FilterState) -> Sequence[Choice]:
    found = _asked(work, state, without=ACCOUNT)
    return [
        Choice(one.name, one.label, sum(row.account == one.name for row in found))
        for one in bank_accounts(work, also_inactive=True)
    ]


def _none_words(state: FilterState) -> str:
    text = state.text.strip()
    return f"No deposits with “{text}”." if text else "No deposits match these filters."


def _rank(column: Column[BookedDeposit], row: BookedDeposit) -> Any:
    value = column.value(row) if column.value is not None else None
    if isinstance(value, Money | date | int):
        return value
    return column.text(row).casefold()


COLUMNS: Final[tuple[Column[BookedDeposit], ...]] = (
    date_column("on", "Day", lambda row: row.on, priority=1),
    Column("number", "Number", lambda row: row.number, width=136, priority=7, shown=False),
    Column(
        "what",
        "Deposit",
        lambda row: row.words or name_of(row),
        names=True,
        priority=1,
        tooltip=lambda row: row.words,
    ),
    Column("kind", "Kind", lambda row: kind_word(row.kind), width=124, priority=4),
    badge_column("state", "State", lambda row: state_mark(row.state), width=140, priority=2),
    Column("account", "Bank account", lambda row: row.account, width=136, priority=6),
    Column("reference", "Reference", lambda row: row.reference, width=120, priority=7),
    Column(
        "items",
        "Payments",
        lambda row: count_text(row.items),
        Kind.NUMBER,
        value=lambda row: row.items,
        width=80,
        priority=5,
    ),
    money_column("fees", "Fees", lambda row: row.fees, width=80, priority=6),
    money_column("amount", "Amount", lambda row: row.amount, priority=1, plain_negative=True),
)


def picked_words(rows: Sequence[BookedDeposit]) -> str:
    """Return what ticked rows come to."""
    return f"{_stated(sum((row.amount for row in rows), ZERO))} to the bank"
