"""What a column of a list is: its key, its words, and how its value is shown, copied and spoken."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.text import MONTHS, day_text, money_text
from fscdesk.ui.theme import Status

C = TypeVar("C")

Mark = Status | tuple[str, str] | None
"""What a badge cell shows: a kind and a key of ``tokens.json``, or a word with tone and icon."""


class Ink(enum.StrEnum):
    """How a piece of a cell's words is drawn."""

    QUIET = "quiet"
    PLAIN = "plain"
    STRONG = "strong"


Piece = tuple[str, Ink]
"""Words in one ink; a cell can say "Code 90837 → 90834" in three."""


class HasId(Protocol):
    """Any row dataclass: a table must know when a row has become another row."""

    @property
    def id(self) -> int:
        """The record's own number, the same on every page and after every refresh."""
        ...


class Kind(enum.StrEnum):
    """How a cell is painted and on which side it stands."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    BADGE = "badge"
    SEVERITY = "severity"
    NUMBER = "number"
    AGE = "age"


RIGHT_KINDS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.AGE})


def status_of(mark: Mark) -> Status | None:
    """Look up what a badge shows; kind ``severity`` gives the filled shapes."""
    if not isinstance(mark, tuple):
        return mark
    kind, key = mark
    return theme.now.severity(key) if kind == "severity" else theme.now.status(kind, key)


@dataclass(frozen=True)
class Column(Generic[C]):
    """One column: its sort key, its heading, and the words it shows.

    ``text`` is what the cell says. For money, dates and badges use ``money_column``,
    ``date_column`` and ``badge_column``, which keep the value as well. ``names`` marks the
    one column that names the row: it is drawn stronger and takes the free width. Widths are
    pixels at 100 %. Columns with a high ``priority`` number fold first when the list is narrow.
    ``wide`` takes the free width in the place of the column that names the row; ``whole``: before
    other columns have more than their own width, its words are seen whole, and the column that
    names the row has its own width before others are shown. ``pieces`` are
    its words in several inks, ``signed`` amounts carry a plus as well as a minus.
    """

    key: str
    title: str
    text: Callable[[C], str]
    kind: Kind = Kind.TEXT
    value: Callable[[C], Any] | None = None
    right: bool | None = None
    width: int = 112
    priority: int = 5
    sortable: bool = True
    names: bool = False
    strong: bool = False
    second: Callable[[C], str] | None = None
    badge: Callable[[C], Mark] | None = None
    tooltip: Callable[[C], str] | None = None
    spoken: Callable[[C], str] | None = None
    shown: bool = True
    fixed: bool = False
    states_zero: bool = False
    plain_negative: bool = False
    icon: Callable[[C], str] | None = None
    descending_first: bool = False
    wide: bool = False
    whole: bool = False
    pieces: Callable[[C], Sequence[Piece]] | None = None
    signed: bool = False

    @property
    def stands_right(self) -> bool:
        """Say whether heading and cells stand at the right edge."""
        return self.kind in RIGHT_KINDS if self.right is None else self.right

    def money(self, row: C) -> Money | None:
        """Return the amount of a money cell, or None where it is unknown."""
        found = self.value(row) if self.kind is Kind.MONEY and self.value else None
        return found if isinstance(found, Money) else None

    def shown_text(self, row: C) -> str:
        """Return what the cell shows: U+2212 for minus, an en dash for nothing owed."""
        if self.kind is Kind.MONEY:
            return money_text(self.money(row), zero_dash=not self.states_zero, signed=self.signed)
        return self.text(row)

    def copied_text(self, row: C) -> str:
        """Return what goes to the clipboard and into files: ``-1234.50``, words for badges."""
        amount = self.money(row)
        if amount is not None:
            return amount.plain()
        second = self.second(row) if self.second else ""
        words = self.text(row)
        return f"{words}, {second}" if second else words

    def spoken_text(self, row: C) -> str:
        """Return the cell in words for a screen reader, with the heading where it needs one."""
        if self.spoken is not None:
            return self.spoken(row)
        if self.kind is Kind.DATE and self.value is not None:
            day = self.value(row)
            return f"{MONTHS[day.month - 1]} {day.day}" if isinstance(day, date) else ""
        amount = self.money(row)
        if amount is not None:
            return f"{self.title.lower()} {amount or 0}"
        words = self.text(row)
        if words and self.kind in (Kind.NUMBER, Kind.AGE):
            return f"{self.title.lower()} {words}"
        return words


def money_column(
    key: str, title: str, amount: Callable[[C], Money | None], **more: Any
) -> Column[C]:
    """Return a column of amounts; None is unknown and stays empty."""

    def words(row: C) -> str:
        return money_text(amount(row))

    return Column(key, title, words, Kind.MONEY, amount, **{"width": 92, **more})


def date_column(key: str, title: str, day: Callable[[C], date | None], **more: Any) -> Column[C]:
    """Return a column of days, written as ten digits; the newest come first when sorted."""

    def words(row: C) -> str:
        return day_text(day(row))

    settings = {"width": 96, "descending_first": True, **more}
    return Column(key, title, words, Kind.DATE, day, **settings)


def badge_column(key: str, title: str, badge: Callable[[C], Mark], **more: Any) -> Column[C]:
    """Return a column of badges: icon and word on a tint, always both."""

    def words(row: C) -> str:
        found = status_of(badge(row))
        return "" if found is None else found.word

    settings = {"width": 130, "kind": Kind.BADGE, **more}
    return Column(key, title, words, badge=badge, **settings)


def row_sentence(columns: Sequence[Column[C]], row: C) -> str:
    """Return the row as one sentence, its name first.

    ``Quill Fakerson, March 16, 90837, Paid, payer owes 0``.
    """
    ordered = sorted(columns, key=lambda column: not column.names)
    return ", ".join(words for column in ordered if (words := column.spoken_text(row)))
