"""The accounts of a plan as rows: what a list shows of them, and how it finds and sorts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fscdesk.models.values import ZERO, GuarantorId, Money
from fscdesk.services.billing.statements import (
    Flag,
    LeftOut,
    Reason,
    Recipient,
    StatementPlan,
)
from fscdesk.services.paging import Page, Span
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.text import money_text
from fscdesk.ui.theme import Status

WHAT = "what"
"""The pick of a list: a flag of those who get a statement, a reason of those who do not."""
ALL = "all"
AGES = ("0–30", "31–90", "Over 90")
_BUCKETS = ((0,), (1, 2), (3, 4))

_FLAGS = {
    Flag.NO_ADDRESS: Status("No address", "amber", "map-pin"),
    Flag.JUST_PAID: Status("Just paid", "amber", "hand-coins"),
    Flag.DOUBLED: Status("Doubled", "amber", "trending-up"),
    Flag.NEW_CREDIT: Status("New credit", "amber", "coins"),
    Flag.ON_PLAN: Status("On a plan", "amber", "calendar-check"),
    Flag.OVER_120: Status("Over 120 days", "orange", "hourglass"),
    Flag.CREDITS: Status("Has credits", "sky", "coins"),
    Flag.FIRST: Status("First one", "neutral", "mail"),
}
_REASONS = {
    Reason.HELD: Status("Held back", "amber", "pause"),
    Reason.BAD_ADDRESS: Status("Bad address", "orange", "map-pin"),
    Reason.NO_GUARANTOR: Status("Nobody pays", "red", "user-x"),
    Reason.DO_NOT_BILL: Status("Not billed", "slate", "ban"),
    Reason.DECEASED: Status("Deceased", "slate", "user-x"),
    Reason.PARKED: Status("Parked", "slate", "pause"),
    Reason.IN_COLLECTIONS: Status("At an agency", "orange", "briefcase"),
    Reason.PENDING: Status("Insurance pending", "sky", "hourglass"),
    Reason.ON_PLAN: Status("On a plan", "sky", "calendar-check"),
    Reason.NOT_DUE: Status("Not due yet", "neutral", "calendar-check"),
    Reason.TOO_YOUNG: Status("Not old enough", "neutral", "clock"),
    Reason.OTHER_TYPE: Status("Another type", "neutral", "circle-minus"),
    Reason.OVER_MOST: Status("Next run", "neutral", "list"),
    Reason.NO_ADDRESS: Status("No address", "amber", "map-pin"),
    Reason.STATED: Status("Has one", "green", "file-check"),
    Reason.NOTHING_NEW: Status("Nothing new", "neutral", "clock"),
    Reason.BELOW_MINIMUM: Status("Below minimum", "neutral", "circle-minus"),
    Reason.CREDIT: Status("Has a credit", "sky", "coins"),
    Reason.ZERO: Status("Owes nothing", "neutral", "circle-check"),
}
_REASON_TABS = {
    Reason.STATED: "Has a statement",
    Reason.DO_NOT_BILL: "Not to be billed",
}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of a plan: it gets a statement (``recipient``), or not (``left``)."""

    id: int
    number: str
    name: str
    balance: Money
    recipient: Recipient | None = None
    left: LeftOut | None = None

    @property
    def guarantor_id(self) -> GuarantorId | None:
        """Return whose account it is; None for entries that name nobody."""
        whose = self.recipient or self.left
        return None if whose is None else whose.guarantor_id

    @property
    def place(self) -> str:
        """Return ZIP code and city, by which the envelopes are sorted; or nothing."""
        if self.recipient is None or not self.recipient.address:
            return ""
        line = self.recipient.address[-1]
        return f"{self.recipient.zip_code} {line.rpartition(', ')[0] or line}".strip()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return its flags, or its reason."""
        if self.recipient is not None:
            return tuple(flag.value for flag in self.recipient.flags)
        return (self.left.reason_code.value,) if self.left is not None else ()

    @property
    def reason(self) -> str:
        """Return in words why it gets no statement; empty where it gets one."""
        return "" if self.left is None else self.left.reason

    @property
    def held(self) -> bool:
        """Say whether a person keeps it back."""
        return self.left is not None and self.left.reason_code is Reason.HELD

    def age(self, place: int) -> Money | None:
        """Return what is owed in one of ``AGES``; None where it was not asked for."""
        if self.recipient is None:
            return None
        owed = self.recipient.ages.owed
        return Money(sum(owed[bucket].cents for bucket in _BUCKETS[place]))


def badges_of(row: AccountRow) -> tuple[Status, ...]:
    """Return what a person may want to know of an account, most important first."""
    if row.left is not None:
        return (_REASONS[row.left.reason_code],)
    flags = row.recipient.flags if row.recipient is not None else ()
    return tuple(badge for flag, badge in _FLAGS.items() if flag in flags)


def badge_of(row: AccountRow) -> Status | None:
    """Return the most important badge; those that have no room are counted in it."""
    found = badges_of(row)
    if not found:
        return None
    # That it is the first one is no matter beside another, and stands in the pane.
    more = sum(badge is not _FLAGS[Flag.FIRST] for badge in found[1:])
    word = f"{found[0].word} +{more}" if more else found[0].word
    return Status(word, found[0].tone, found[0].icon)


def rows_to_print(plan: StatementPlan) -> Iterator[AccountRow]:
    """Go through those who get a statement, in the order of the envelopes."""
    for one in plan.recipients:
        yield AccountRow(one.guarantor_id, one.number, one.name, one.balance, recipient=one)


def rows_left_out(plan: StatementPlan) -> Iterator[AccountRow]:
    """Go through those who get none, by name."""
    for one in plan.left_out:
        name = one.name or "Nobody"
        yield AccountRow(one.guarantor_id or 0, one.number, name, one.balance, left=one)


def tabs_of(rows: Sequence[AccountRow], *, left: bool) -> list[tuple[str, str, int]]:
    """Return what there is among rows, as key, word and count; everything first."""
    found = Counter(key for row in rows for key in row.keys)
    words: dict[str, str] = (
        {reason.value: _REASON_TABS.get(reason, badge.word) for reason, badge in _REASONS.items()}
        if left
        else {flag.value: badge.word for flag, badge in _FLAGS.items()}
    )
    named = [(key, word, found[key]) for key, word in words.items() if found[key]]
    return [(ALL, "All", len(rows)), *named]


def page_of(rows: Sequence[AccountRow], state: FilterState, span: Span) -> Page[AccountRow]:
    """Return some of the rows that a list asks for, with the sums of all of those."""
    what = state.values(WHAT)
    words = state.text.casefold().split()
    found = [
        row
        for row in rows
        if (not what or what[0] in row.keys) and all(word in _text(row) for word in words)
    ]
    rank = _RANKS.get(span.sort)
    if rank is not None:
        found.sort(key=lambda row: (rank(row), row.id), reverse=span.descending)
    elif span.descending:
        found.reverse()
    sums = {"balance": Money(sum(row.balance.cents for row in found))}
    for place in range(len(AGES)):
        if found and found[0].recipient is not None:
            cents = sum((row.age(place) or ZERO).cents for row in found)
            sums[f"age{place}"] = Money(cents)
    part = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), part, sums)


def _text(row: AccountRow) -> str:
    owed = money_text(row.balance)
    return f"{row.number} {row.name} {row.place} {row.reason} {owed}".casefold()


def _worst(row: AccountRow) -> int:
    """Rank by what matters most: those who owe and get nothing come before the settled ones."""
    order = [*_REASONS] if row.left is not None else [*_FLAGS]
    return min((order.index(key) for key in row.keys), default=len(order))  # type: ignore[arg-type]


def _age_rank(place: int) -> Callable[[AccountRow], Any]:
    return lambda row: row.age(place) or ZERO


_RANKS: dict[str, Callable[[AccountRow], Any]] = {
    "number": lambda row: row.number,
    "name": lambda row: row.name.casefold(),
    "balance": lambda row: row.balance,
    "note": lambda row: (_worst(row), row.name.casefold()),
    "reason": lambda row: (_worst(row), row.reason, row.name.casefold()),
    **{f"age{place}": _age_rank(place) for place in range(len(AGES))},
}
"""By column; a column without one has the plan's own order."""
