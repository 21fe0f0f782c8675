"""Where a statement's rows go: which row stands on which page, and how high each is."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.printing.fonts import Set, fit
from fscdesk.services.printing.sheet import (
    BODY,
    CONTINUED,
    HEADING,
    HEAVY,
    LEFT,
    MORE,
    PAGE_END,
    QUIET,
    RIGHT,
    ROW,
    SLIP_END,
    TOTAL,
)
from fscdesk.services.printing.statement_document import (
    StatementDoc,
    StatementLine,
    StatementTotals,
)
from fscdesk.services.printing.words import day, whole_month

FIRST_ROW, NEXT_ROW = 312.6, 96.0
"""Top of the first row on page 1 (below the heading at 3.95 in) and on the pages after it."""
AGES, AGES_GAP, MESSAGE_GAP = 33.4, 16.0, 16.2
PERIOD = "This period"
NOTHING = "No activity in this period"


class Kind(enum.Enum):
    """What a row is, which decides how it is set."""

    HEADING = "a patient's name"
    LINE = "activity"
    SUBTOTAL = "a patient's sums"
    TOTAL = "the statement's sums"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, measured."""

    kind: Kind
    label: Set
    height: float
    day: date | None = None
    cells: tuple[Money | None, ...] = ()
    """One for each column of amounts."""
    section: str = ""
    keep_next: bool = False
    """Not to be the last on a page."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Right edges of the amounts; the text column ends before the first of them."""

    names: tuple[str, ...]
    edges: tuple[float, ...]
    rooms: tuple[float, ...]
    what: float = 111.4

    @property
    def what_room(self) -> float:
        """The width of the text column."""
        return self.edges[0] - self.rooms[0] - self.what - 6


@dataclass(frozen=True, slots=True)
class Layout:
    """A statement cut into pages; the first one always has what is due and the slip."""

    pages: tuple[tuple[Row, ...], ...]
    columns: Columns
    ages_top: float
    message: Set


USUAL = Columns(
    ("Charge", "Paid", "Insurance", "Balance"),
    (363.2, 424.2, 489.2, 568.8),
    (56.0, 56.0, 60.0, 74.0),
)
ADJUSTED = Columns(
    ("Charge", "Paid", "Insurance", "Adjusted", "Balance"),
    (330.0, 387.0, 446.0, 506.0, 568.8),
    (52.0, 52.0, 54.0, 54.0, 58.0),
)


def lay_out(doc: StatementDoc, message: str) -> Layout:
    """Cut the rows into pages; the slip stays on page 1, activity goes on behind it."""
    columns = ADJUSTED if doc.adjusts() else USUAL
    rows = list(_rows(doc, columns))
    text = fit((message,), QUIET, RIGHT - LEFT, 72, 12)
    below = AGES_GAP + AGES + (MESSAGE_GAP + text.height if text.lines else 0)
    end = SLIP_END if doc.amount_due.cents > 0 else PAGE_END
    height = sum(row.height for row in rows)
    if FIRST_ROW + height + below <= end:
        return Layout((tuple(rows),), columns, FIRST_ROW + height + AGES_GAP, text)
    pages = []
    room = end - below - CONTINUED - FIRST_ROW
    while rows:
        count = _count(rows, room)
        pages.append(tuple(rows[:count]))
        rows = rows[count:]
        room = PAGE_END - NEXT_ROW - CONTINUED
    return Layout(tuple(pages), columns, end - below + AGES_GAP, text)


def _count(rows: list[Row], room: float) -> int:
    """How many rows go on a page: at least one, and no heading alone at its foot."""
    used, count = 0.0, 0
    while count < len(rows) and used + rows[count].height <= room:
        used += rows[count].height
        count += 1
    kept = count
    while 1 < kept < len(rows) and rows[kept - 1].keep_next:
        kept -= 1
    return kept if kept and not rows[kept - 1].keep_next else max(1, count)


def _rows(doc: StatementDoc, columns: Columns) -> Iterator[Row]:
    several = len(doc.sections) > 1
    month = whole_month(doc.period_from, doc.period_to) or PERIOD
    before = f"Balance before {day(doc.period_from)}"
    for section in doc.sections:
        name = section.heading if several else ""
        if several:
            label = fit((name,), HEAVY, RIGHT - LEFT, 3 * MORE, MORE)
            yield Row(Kind.HEADING, label, HEADING + label.height, section=name, keep_next=True)
        balance = section.previous_balance
        yield _line(StatementLine(None, before, balance), name, columns, keep_next=True)
        lines = section.lines or (StatementLine(None, NOTHING, balance),)
        for line in lines[:-1]:
            yield _line(line, name, columns)
        yield _line(lines[-1], name, columns, keep_next=True)
        if several:
            part = "this period" if month == PERIOD else month
            yield _sums(Kind.SUBTOTAL, f"{name}, {part}", section.totals(), columns)
    yield _sums(Kind.TOTAL, "Together" if several else month, doc.totals(), columns)


def _line(line: StatementLine, name: str, columns: Columns, *, keep_next: bool = False) -> Row:
    label = fit((line.what,), BODY, columns.what_room, 6 * MORE, MORE)
    return Row(
        Kind.LINE, label, ROW + label.height, line.day, _cells(line, columns), name, keep_next
    )


def _sums(kind: Kind, text: str, totals: StatementTotals, columns: Columns) -> Row:
    label = fit((text,), HEAVY, columns.what + columns.what_room - LEFT, 3 * MORE, MORE)
    return Row(kind, label, TOTAL + label.height, cells=_cells(totals, columns))


def _cells(of: StatementLine | StatementTotals, columns: Columns) -> tuple[Money | None, ...]:
    if columns is ADJUSTED:
        return (of.charge, of.paid, of.insurance, of.adjusted, of.balance)
    return (of.charge, of.paid, of.insurance, of.balance)
