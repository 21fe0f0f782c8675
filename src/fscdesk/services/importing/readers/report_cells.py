"""The cells of one line of a report, typed when they are asked for; faults are raised.

What is only strange (an unknown word, a reference that Excel rounded) is noted and kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from fscdesk.models.values import Money
from fscdesk.services.errors import Severity
from fscdesk.services.importing.readers.appointment_codes import lost_zeros
from fscdesk.services.spreadsheets.cells import (
    Amounts,
    CellFault,
    Names,
    Note,
    clean_text,
    read_codes,
    shown,
)
from fscdesk.services.spreadsheets.moments import Moments
from fscdesk.services.spreadsheets.tables import Cell, cell_text, heading_key

LONGEST_TEXT = 400
_NOTHING = frozenset({"", "-", "--", "–", "—"})
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_UTC = re.compile(r"\s*(?:UTC|GMT|Z|[+-]00:?00)\s*\Z", re.IGNORECASE)
_OTHER_ZONE = re.compile(r":[0-9]{2}\s*[+-][0-9]{2}:?[0-9]{2}\s*\Z")


class _Texts(dict[Cell, str]):
    """Texts by cell; ``--`` is none, and one past the limit is cut and told."""

    def __init__(self, notes: list[Note]) -> None:
        super().__init__()
        self._notes = notes

    def __missing__(self, cell: Cell) -> str:
        text, hidden = clean_text(cell)
        if hidden:
            self._notes.append(
                Note("hidden-characters", f"Hidden characters were taken out of “{shown(text)}”.")
            )
        if text in _NOTHING:
            text = ""
        if len(text) > LONGEST_TEXT:
            self._notes.append(
                Note("cut-text", f"“{shown(text)}” is kept as its first {LONGEST_TEXT} letters.")
            )
            text = text[:LONGEST_TEXT].rstrip()
        self[cell] = text
        return text


class ReportCells:
    """The cells of the line that was last ``moved`` to, by field.

    A field whose column the file does not have is blank. ``notes`` gathers what is worth saying
    about the line. Raises CellFault for what cannot be used.
    """

    def __init__(
        self,
        places: dict[str, int],
        titles: dict[str, str],
        *,
        commas: Collection[str] = (),
        sure: bool = True,
    ) -> None:
        self.notes: list[tuple[Note, Severity]] = []
        self.moments = Moments(sure=sure)
        self.line, self.raw = 0, ""
        self._cells: tuple[Cell, ...] = ()
        self._places, self._titles, self._commas = places, titles, commas
        self._faint: list[Note] = []
        self._names, self._texts = Names(self._faint), _Texts(self._faint)
        self._amounts: dict[str, Amounts] = {}
        self._told: set[tuple[str, str]] = set()

    def move(self, line: int, raw: str, cells: tuple[Cell, ...]) -> None:
        """Go to another line."""
        self.line, self.raw, self._cells = line, raw, cells

    def has(self, field: str) -> bool:
        """Say whether the file has the column."""
        return field in self._places

    def blank(self, field: str) -> bool:
        """Say whether the cell holds nothing, or dashes for “no information”."""
        return cell_text(self._cell(field)).strip() in _NOTHING

    def need(self, field: str) -> str:
        """Return a name that the row cannot be without."""
        name = self.name(field)
        if not name:
            raise CellFault("no-name", f"There is nothing under “{self._titles[field]}”.")
        return name

    def name(self, field: str) -> str:
        """Return a name as the practice writes it; dashes are none."""
        name = self._names[self._cell(field)]
        self._drain()
        return "" if name in _NOTHING else name

    def text(self, field: str) -> str:
        """Return a text with blanks folded; dashes are none."""
        text = self._texts[self._cell(field)]
        self._drain()
        return text

    def word(self, field: str, known: Collection[str]) -> str:
        """Return a status word as it is written; one whose folded form is not known is told."""
        word = self.text(field)
        if heading_key(word) not in known:
            self.tell_once(
                "unknown-word",
                f"“{shown(word)}” under “{self._titles[field]}” is not a word that fscdesk knows. "
                "It is kept as it is."
                if word
                else f"There is nothing under “{self._titles[field]}”.",
            )
        return word

    def reference(self, field: str) -> str:
        """Return a number or reference as text; what Excel did to it is told."""
        cell = self._cell(field)
        text = self.text(field)
        if _ROUNDED.fullmatch(text):
            self.tell_once(
                "lost-digits",
                f"“{shown(text)}” under “{self._titles[field]}” has lost digits: a spreadsheet "
                "program rounded it.",
            )
        elif not isinstance(cell, str) and text:
            self.tell_once(
                "numbers",
                f"“{self._titles[field]}” holds numbers in this workbook: zeros in front of a "
                "reference may have been lost.",
                Severity.INFO,
            )
        return text

    def codes(self, field: str) -> str:
        """Return billing codes, apart by one blank; leading zeros are kept."""
        digits = lost_zeros(self._cell(field))
        if digits:
            self.tell_once(
                "lost-zeros",
                f"The code {digits} is a number in this workbook: "
                "zeros in front of it may have been lost.",
            )
        return " ".join(read_codes(self.text(field)))

    def zip_code(self, field: str) -> str:
        """Return a postal code; zeros that a spreadsheet program took off are put back."""
        text = self.text(field)
        return text.zfill(5) if text.isascii() and text.isdigit() and len(text) in {3, 4} else text

    def day(self, field: str) -> date:
        """Return a day; there has to be one."""
        cell = self._cell(field)
        try:
            return self.moments[cell][0]
        except CellFault as fault:
            if fault.code != "date":
                raise
            raise CellFault(
                "date", fault.message.replace(" is not a day and a time.", " is not a day.")
            ) from None

    def day_or_none(self, field: str) -> date | None:
        """Return a day, or None for a blank cell."""
        return None if self.blank(field) else self.day(field)

    def instant(self, field: str) -> datetime:
        """Return an instant from a cell that is written in UTC."""
        day, minute = self.moments[self._in_utc(field)]
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)

    def utc_day(self, field: str) -> date | None:
        """Return the day of a cell that is written in UTC, as it is written; None if blank."""
        return None if self.blank(field) else self.moments[self._in_utc(field)][0]

    def timed(self, field: str) -> bool:
        """Say whether a cell in UTC names a time of day."""
        cell = self._in_utc(field)
        _ = self.moments[cell]
        return cell not in self.moments.untimed

    def money(self, field: str) -> Money:
        """Return an amount; a blank cell or an absent column is 0.00."""
        amounts = self._amounts.get(field)
        if amounts is None:
            amounts = self._amounts[field] = Amounts(comma_decimal=field in self._commas)
        return Money(amounts[self._cell(field)])

    def money_or_none(self, field: str) -> Money | None:
        """Return an amount, or None where the file has no such column."""
        return self.money(field) if field in self._places else None

    def needed_money(self, field: str) -> Money:
        """Return the amount that the row is about; that a blank one is read as 0.00 is told."""
        amount = self.money(field)
        if self.blank(field):
            self.tell("no-amount", "There is no amount. The row is read with 0.00.")
        return amount

    def tell(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        """Note something about the line."""
        self.notes.append((Note(code, message), severity))

    def tell_once(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        """Note something that is said for the first line only."""
        if (code, message) not in self._told:
            self._told.add((code, message))
            self.tell(code, message, severity)

    def _cell(self, field: str) -> Cell:
        place = self._places.get(field)
        return "" if place is None else self._cells[place]

    def _in_utc(self, field: str) -> Cell:
        cell = self._cell(field)
        if not isinstance(cell, str):
            return cell
        text = _UTC.sub("", cell)
        if _OTHER_ZONE.search(text):
            raise CellFault("date", f"“{shown(cell)}” is not in UTC.")
        return text

    def _drain(self) -> None:
        self.notes += [(note, Severity.WARNING) for note in self._faint]
        self._faint.clear()
