"""The layouts that a practice teaches: the columns of a bank's table, named once by a person.

    first = first_rows(data, "export.csv")
    read = preview(first, columns)          # what the file would say, read so
    save_layout(work, first, columns)

Of the file only its headings are kept, never a line. A file without headings has its columns named
by their place, and is known again by its shape (``reading_by_place``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.bank import BankLayout
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.banking.layouts import KNOWN, WELLS_FARGO, Columns, signature_of
from fscdesk.services.banking.reading import has_a_line, heading_of, is_wells_fargo
from fscdesk.services.banking.reading_by_place import (
    filled_rows,
    fits,
    guessed_places,
    place_signature,
    width_of,
)
from fscdesk.services.banking.reading_ofx import is_ofx
from fscdesk.services.banking.reading_table import Row, read_table
from fscdesk.services.banking.statement_files import ReadStatement
from fscdesk.services.editing import locked, recorded_new, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.spreadsheets.cells import CellFault
from fscdesk.services.spreadsheets.files import read_source
from fscdesk.services.spreadsheets.moments import DateOrder, read_moment
from fscdesk.services.spreadsheets.tables import cell_text, is_blank, raw_line
from fscdesk.services.work import Topic, Work

__all__ = [
    "Columns",
    "DateOrder",
    "FirstRows",
    "LayoutRow",
    "first_rows",
    "guessed",
    "kept_layouts",
    "preview",
    "remove_layout",
    "rename_layout",
    "save_layout",
]

SHOWN: Final = 12
"""So many lines of a file are shown to choose from."""
_DOING: Final = "teach how a bank's file is read"
_NOT_SAVED: Final = "Nothing was saved."
_DAYS: Final = re.compile(r"dat(e|um)|posted|day", re.IGNORECASE)
_WORDS: Final = re.compile(r"descri|memo|payee|detail|narrat|text|name|particular", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"amount|betrag|value", re.IGNORECASE)
_IN: Final = re.compile(r"credit|deposit|money in|paid in", re.IGNORECASE)
_OUT: Final = re.compile(r"debit|withdraw|money out|paid out", re.IGNORECASE)
_BALANCE: Final = re.compile(r"balance|bal\.", re.IGNORECASE)
_CHECK: Final = re.compile(r"che(ck|que)|slip", re.IGNORECASE)
_KIND: Final = re.compile(r"type|kind|category", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FirstRows:
    """A file as it is mapped: its headings, its first lines as words, and all of its rows.

    ``signature`` recognises the headings again; ``known_as`` is the layout that reads them
    without being taught, "" for none. ``heading_line`` is the heading's line in the file, 0 where
    there is none: its columns are "Column 1", "Column 2", … then.
    """

    name: str
    headings: tuple[str, ...]
    heading_line: int
    shown: tuple[tuple[str, ...], ...]
    signature: str
    known_as: str
    rows: tuple[Row, ...]
    preamble: tuple[Row, ...]

    @property
    def by_place(self) -> bool:
        """Return whether the columns have no headings and are named by their place."""
        return self.heading_line == 0


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """A layout that was taught: its headings as the bank writes them, and who taught it."""

    id: int
    name: str
    columns: Columns
    headings: str
    saved_by: str
    saved_at: datetime


def first_rows(data: bytes, name: str) -> FirstRows:
    """Return what a mapping is made of.

    Raises Problem for a file that is no table, for one that needs no mapping (OFX), and for one
    in which neither a row of headings nor a line of a statement is found.
    """
    name = PurePath(name).name
    if is_ofx(data):
        raise Problem(
            f"{name} is an OFX file, which says itself what is what.",
            hint="Nothing needs to be mapped. Import it in Reconciliation.",
        )
    source = read_source(
        data,
        path=Path(name),
        modified_at=datetime.now(UTC),
        advice="Download the account's transactions from the bank as CSV.",
    )
    for table in source.tables:
        found = heading_of(table.rows)
        if found is None:
            continue
        at, cells = found
        after = tuple(row for row in table.rows[at + 1 :] if not is_blank(row[1]))
        signature = signature_of(cells)
        wide = max([len(cells), *(len(row[1]) for row in after[:SHOWN])])
        return FirstRows(
            name=name,
            headings=tuple(_named(cells, place) for place in range(wide)),
            heading_line=table.rows[at][0],
            shown=tuple(tuple(cell_text(cell).strip() for cell in row[1]) for row in after[:SHOWN]),
            signature=signature,
            known_as=next((one.columns.name for one in KNOWN if one.signature == signature), ""),
            rows=after,
            preamble=tuple(row for row in table.rows[:at] if not is_blank(row[1])),
        )
    for table in source.tables:
        if has_a_line(table.rows):
            return _by_place(name, table.rows)
    raise Problem(
        f"{name} has no row of headings, and no line with a day and an amount.",
        hint="Nothing was read. Download the account's transactions from the bank as CSV.",
    )


def _by_place(name: str, rows: Sequence[Row]) -> FirstRows:
    filled = filled_rows(rows)
    return FirstRows(
        name=name,
        headings=tuple(f"Column {place + 1}" for place in range(width_of(filled))),
        heading_line=0,
        shown=tuple(tuple(cell_text(cell).strip() for cell in row[1]) for row in filled[:SHOWN]),
        signature="",
        known_as=WELLS_FARGO.name if is_wells_fargo(filled) else "",
        rows=filled,
        preamble=(),
    )


def guessed(first: FirstRows) -> Columns:
    """Return what the columns most likely are, by their headings: a person looks at it.

    Where there are none it is by what stands in them.
    """
    if first.by_place:
        columns = guessed_places(first.rows)
        return replace(columns, order=_order(first, columns.on))
    heads = list(enumerate(first.headings))

    def named(pattern: re.Pattern[str]) -> int | None:
        return next((at for at, head in heads if pattern.search(head)), None)

    money_in, money_out = named(_IN), named(_OUT)
    amount = named(_AMOUNT)
    if money_in is not None and money_out is not None and money_in != money_out:
        amount = None
    else:
        money_in = money_out = None
    on = named(_DAYS) or 0
    words = tuple(at for at, head in heads if _WORDS.search(head))
    return Columns(
        name="",
        on=on,
        words=words[:2] or (min(1, len(heads) - 1),),
        amount=amount,
        money_in=money_in,
        money_out=money_out,
        kind=named(_KIND),
        check_number=named(_CHECK),
        balance=named(_BALANCE),
        order=_order(first, on),
    )


def preview(first: FirstRows, columns: Columns) -> ReadStatement:
    """Return what the whole file says when its columns mean this; nothing is stored."""
    return read_table(first.rows, columns, preamble=first.preamble)


def kept_layouts(work: Work) -> tuple[LayoutRow, ...]:
    """Return the layouts that were taught, by name."""
    rows = work.db.execute(
        select(BankLayout, Staff.name)
        .join(Staff, Staff.id == BankLayout.saved_by)
        .order_by(func.lower(BankLayout.name), BankLayout.id)
    )
    return tuple(
        LayoutRow(
            row.id,
            row.name,
            Columns.of_mapping(row.name, row.mapping),
            row.sample,
            who,
            row.saved_at,
        )
        for row, who in rows
    )


def save_layout(work: Work, first: FirstRows, columns: Columns) -> int:
    """Keep what a file's columns mean under ``columns.name``; return its id.

    One for the same headings, or that reads this file without headings, is changed. Raises
    Problem, and saves nothing, where a name is missing or another layout's, where day, words or
    amount is not said, and where not one line of the file can be read so.
    """
    require(work, Right.RECONCILE, _DOING)
    name = text_of(columns.name, "the name", longest=80, required=True)
    wide = len(first.headings) if first.by_place else None
    columns = replace(columns, name=name, heading=not first.by_place, width=wide)
    _require_sense(first, columns)
    signature = place_signature(columns) if first.by_place else first.signature
    row = _row_of(work, first, signature)
    _require_free(work, name, None if row is None else row.id)
    work.touch(Topic.BANK)
    mapping = columns.as_mapping()
    if row is None:
        values = {
            "name": name,
            "signature": signature,
            "mapping": mapping,
            "sample": raw_line(first.headings),
            "saved_by": work.actor.staff_id,
            "saved_at": work.now(),
        }
        told = {"name": name}
        try:
            return recorded_new(
                work, BankLayout(**values), told, action="save_bank_layout", noun="bank_layout"
            )
        except IntegrityError as taken:
            raise Problem(
                "These columns were named at another desk a moment ago.",
                hint=f"{_NOT_SAVED} Look at the list of bank files.",
            ) from taken
    row.name, row.mapping, row.signature = name, mapping, signature
    row.saved_by, row.saved_at = work.actor.staff_id, work.now()
    work.db.flush()
    record(work, "save_bank_layout", "bank_layout", row.id)
    return row.id


def rename_layout(work: Work, layout_id: int, name: str) -> None:
    """Call a layout something else. Raises Problem for no name, and for another layout's."""
    require(work, Right.RECONCILE, _DOING)
    name = text_of(name, "the name", longest=80, required=True)
    row = locked(work, BankLayout, layout_id, "this layout")
    _require_free(work, name, layout_id)
    row.name = name
    work.db.flush()
    record(work, "rename_bank_layout", "bank_layout", row.id)
    work.touch(Topic.BANK)


def remove_layout(work: Work, layout_id: int) -> LayoutRow:
    """Forget a layout: its files are not known any more. Statements that were read stay.

    Returns it as it was. Raises Problem when it is not there.
    """
    require(work, Right.RECONCILE, _DOING)
    row = locked(work, BankLayout, layout_id, "this layout")
    was = next(one for one in kept_layouts(work) if one.id == layout_id)
    work.db.delete(row)
    work.db.flush()
    record(work, "remove_bank_layout", "bank_layout", layout_id)
    work.touch(Topic.BANK)
    return was


def _row_of(work: Work, first: FirstRows, signature: str) -> BankLayout | None:
    """Return the layout, locked, that a file has already; None where it has none."""
    rows = work.db.scalars(select(BankLayout).order_by(BankLayout.id).with_for_update()).all()
    same = next((row for row in rows if row.signature == signature), None)
    if same is not None or not first.by_place:
        return same
    reading = (row for row in rows if fits(Columns.of_mapping("", row.mapping), first.rows))
    return next(reading, None)


def _require_sense(first: FirstRows, columns: Columns) -> None:
    used = (columns.on, *columns.words, columns.amount, columns.money_in, columns.money_out)
    if any(at is not None and not 0 <= at < len(first.headings) for at in used):
        raise Problem("One of these columns is not in the file.", hint=f"{_NOT_SAVED} Look again.")
    one = columns.amount is not None
    two = columns.money_in is not None and columns.money_out is not None
    half = columns.money_in is not None or columns.money_out is not None
    if one == two or (one and half):
        raise Problem(
            "The amount is one column, or two: money in and money out.",
            hint=f"{_NOT_SAVED} Say which column holds it.",
        )
    if not columns.words:
        raise Problem("The bank's words are missing.", hint=f"{_NOT_SAVED} Say which column.")
    if not preview(first, columns).lines:
        raise Problem(
            f"Not one line of {first.name} can be read so.",
            hint=f"{_NOT_SAVED} Look at the day and the amount.",
        )


def _require_free(work: Work, name: str, layout_id: int | None) -> None:
    taken = work.db.scalar(select(BankLayout.id).where(func.lower(BankLayout.name) == name.lower()))
    known = any(one.columns.name.casefold() == name.casefold() for one in KNOWN)
    if known or taken not in (None, layout_id):
        raise Problem(
            f"There is a layout “{name}” already.", hint=f"{_NOT_SAVED} Give it another name."
        )


def _named(cells: Sequence[object], place: int) -> str:
    """Return a column's heading, or its place where it has none (Chase writes one too many)."""
    head = cell_text(cells[place]).strip() if place < len(cells) else ""  # type: ignore[arg-type]
    return head or f"Column {place + 1}"


def _order(first: FirstRows, on: int) -> DateOrder:
    """Return the order in which most of the first days can be read; the month first as a rule."""
    return max(DateOrder, key=lambda order: _readable(first, on, order))


def _readable(first: FirstRows, on: int, order: DateOrder) -> int:
    count = 0
    for _line, cells in first.rows[:SHOWN]:
        with suppress(CellFault):
            read_moment(cells[on] if on < len(cells) else "", order)
            count += 1
    return count
