"""The billed services of a row: codes, rates and units that share three cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fscdesk.services.importing.readers.appointment_rows import CodeLine
from fscdesk.services.spreadsheets.cells import (
    LONGEST_CODE,
    CellFault,
    is_billing_code,
    read_cents,
    read_codes,
    shown,
)
from fscdesk.services.spreadsheets.tables import Cell, cell_text

MOST_CODES = 12
_MOST_UNITS = 9_999
_UNITS = re.compile(r"[0-9]{1,4}(?:\.0{1,9})?")
_DOLLAR_GAP = re.compile(r"\$\s+")
_ANY_BREAK = re.compile(r"[,;\s]+")
_SHORT_CODE = 5


@dataclass(frozen=True, slots=True)
class Services:
    """What the three cells say. With ``trouble`` the fee decides (``settle``).

    Lines beside a trouble have no rates: they stand where there is no fee either.
    ``amount`` is Σ rate × units in cents.
    """

    codes: tuple[str, ...]
    lines: tuple[CodeLine, ...]
    amount: int
    trouble: str = ""
    trouble_code: str = ""


class ServiceCells(dict[tuple[Cell, Cell, Cell, Cell], Services]):
    """Services by their cells (codes, rate, units, modifiers).

    Raises CellFault where a rate is unreadable or a code too long; other disagreements are the
    ``trouble`` of the services, so that the row is not lost.
    """

    def __init__(self, *, several: bool, comma_decimal: bool, rated: bool) -> None:
        super().__init__()
        self._several, self._comma_decimal, self._rated = several, comma_decimal, rated

    def __missing__(self, cells: tuple[Cell, Cell, Cell, Cell]) -> Services:
        """Read cells that were not seen together before."""
        services = self[cells] = self._read(*cells)
        return services

    def _read(self, code: Cell, rate: Cell, units: Cell, modifiers: Cell) -> Services:
        codes = read_codes(code, several=self._several)
        for each in codes:
            if len(each) > LONGEST_CODE:
                raise CellFault("too-long", f"The code “{shown(each)}” is too long to be one.")
        if len(codes) > MOST_CODES:
            raise CellFault("too-long", f"{len(codes)} codes are more than a session can have.")
        rates = self._rates(rate, len(codes))
        counts = self._counts(units, len(codes))
        if not codes:
            return Services((), (), 0, "There is no billing code.", "no-code")
        trouble = trouble_code = ""
        if rates is None or counts is None:
            trouble, trouble_code = _mismatch(codes, rate, units), "code-count"
            if counts is None or cell_text(rate).strip(" -\u00a0"):
                return Services(codes, (), 0, trouble, trouble_code)
            rates = [0] * len(codes)
        marks = tuple(read_codes(modifiers))
        lines = tuple(
            CodeLine(each, count, cents, marks if place == 0 else ())
            for place, (each, count, cents) in enumerate(zip(codes, counts, rates, strict=True))
        )
        amount = sum(line.units * line.rate for line in lines)
        return Services(codes, lines, amount, trouble, trouble_code)

    def _rates(self, cell: Cell, count: int) -> list[int] | None:
        if not self._rated:
            return [0] * count

        def read(piece: Cell) -> int:
            return read_cents(piece, comma_decimal=self._comma_decimal)

        return _values(cell, count, read)

    def _counts(self, cell: Cell, count: int) -> list[int] | None:
        if not self._rated and not cell_text(cell).strip():
            return [1] * count
        try:
            return _values(cell, count, _read_units)
        except CellFault:
            return None


def settle(services: Services, fee: int, *, rated: bool) -> tuple[CodeLine, ...]:
    """Return lines for services whose cells disagree or have no rates: the fee as one line."""
    if not services.codes:
        return (CodeLine("", 1, fee),) if fee else ()
    if not fee and services.lines:
        return services.lines
    if not rated and services.lines:
        first, *rest = services.lines
        units = first.units if fee % first.units == 0 else 1
        return (CodeLine(first.code, units, fee // units, first.modifiers), *rest)
    together = " ".join(services.codes)
    alone = len(together) > LONGEST_CODE or all(map(is_billing_code, services.codes))
    return (CodeLine(services.codes[0] if alone else together, 1, fee),)


def lost_zeros(cell: Cell) -> str:
    """Return the digits of a code that a workbook keeps as a short number, else nothing."""
    if isinstance(cell, (int, float)) and len(cell_text(cell)) < _SHORT_CODE:
        return cell_text(cell)
    return ""


def _values(cell: Cell, count: int, read: Callable[[Cell], int]) -> list[int] | None:
    """Read ``count`` values from a cell; None where it holds another number of them."""
    text = _DOLLAR_GAP.sub("$", cell_text(cell)).strip()
    if not text.strip("-"):
        return None
    if count == 1:
        try:
            return [read(text if isinstance(cell, str) else cell)]
        except CellFault:
            if len(text.split()) == 1:
                raise
    blanks = [piece.strip(",;") for piece in text.split()]
    any_break = [piece for piece in _ANY_BREAK.split(text) if piece]
    for pieces in (blanks, any_break):
        if len(pieces) == count and (values := _read_all(pieces, read)) is not None:
            return values
    if _read_all(blanks, read) is None:
        for piece in any_break:
            read(piece)  # says which piece is no value at all
    return None


def _read_all(pieces: list[str], read: Callable[[Cell], int]) -> list[int] | None:
    try:
        return [read(piece) for piece in pieces]
    except CellFault:
        return None


def _read_units(cell: Cell) -> int:
    text = cell_text(cell).strip()
    if not _UNITS.fullmatch(text) or not 1 <= int(text.partition(".")[0]) <= _MOST_UNITS:
        raise CellFault("units", f"“{shown(cell)}” is not a number of units.")
    return int(text.partition(".")[0])


def _mismatch(codes: tuple[str, ...], rate: Cell, units: Cell) -> str:
    return (
        f"The codes “{shown(' '.join(codes))}”, the rate “{shown(rate)}” and the units "
        f"“{shown(units)}” do not go together. The fee is kept as one charge."
    )
