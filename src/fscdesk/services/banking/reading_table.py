"""Reads a bank's table by its columns: any order of days, any balance, faults as findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from fscdesk.models.values import Money
from fscdesk.services.banking.bank_words import single_blanks
from fscdesk.services.banking.layouts import Columns
from fscdesk.services.banking.statement_files import ReadLine, ReadStatement
from fscdesk.services.banking.statement_sums import Summary, contradictions
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.spreadsheets.cells import CellFault, read_cents
from fscdesk.services.spreadsheets.moments import read_moment
from fscdesk.services.spreadsheets.tables import Cell, cell_text, is_blank

Row = tuple[int, tuple[Cell, ...]]

_BEGINNING = re.compile(r"beginning balance", re.IGNORECASE)
_ENDING = re.compile(r"ending balance", re.IGNORECASE)
_AS_OF = re.compile(r"as of (\d{1,2}/\d{1,2}/\d{2,4})", re.IGNORECASE)
_TOTALS = re.compile(r"total (credits|debits)", re.IGNORECASE)


def read_table(
    rows: Sequence[Row], columns: Columns, *, preamble: Sequence[Row] = ()
) -> ReadStatement:
    """Read the rows below a heading. ``preamble`` is what stood above it (Bank of America).

    A row that cannot be used is a finding with its line and is left out; so is a running balance
    that does not follow from the line before, which means that a line is missing or was changed,
    and a summary that its lines do not come to. What the bank has not booked is left out.
    """
    findings: list[Finding] = []
    lines: list[ReadLine] = []
    told = _Told(preamble)
    for position, cells in rows:
        if is_blank(cells) or told.takes(columns, cells):
            continue
        try:
            lines.append(_line(position, cells, columns))
        except CellFault as fault:
            findings.append(
                Finding(f"bank-{fault.code}", fault.message, f"line {position}", Severity.ERROR)
            )
    if columns.pending:
        lines, waiting = _booked(lines)
        findings += waiting
    if (len(lines) > 1 and lines[0].on > lines[-1].on) or _newest_first(lines):
        lines.reverse()
    findings += _broken_balances(lines)
    findings += contradictions(told.summary(), lines)
    opening, closing = told.opening, told.closing
    if opening is None and lines and lines[0].balance is not None:
        opening = lines[0].balance - lines[0].amount
    if closing is None and lines:
        closing = lines[-1].balance
    return ReadStatement(
        layout=columns.name,
        account_number="",
        first_day=told.first_day or (min(line.on for line in lines) if lines else None),
        last_day=told.last_day or (max(line.on for line in lines) if lines else None),
        opening=opening,
        closing=closing,
        lines=tuple(lines),
        findings=tuple(findings),
    )


class _Told:
    """What a summary says beside the lines: balances at both ends, and their days."""

    def __init__(self, preamble: Sequence[Row]) -> None:
        self.opening: Money | None = None
        self.closing: Money | None = None
        self.credits: Money | None = None
        self.debits: Money | None = None
        self.first_day: date | None = None
        self.last_day: date | None = None
        for _, cells in preamble:
            words = cell_text(cells[0]) if cells else ""
            amounts = [cell for cell in cells[1:] if cell_text(cell).strip()]
            if amounts:
                self._take(words, amounts[-1])

    def summary(self) -> Summary:
        """Return the amounts that were told."""
        return Summary(self.opening, self.closing, self.credits, self.debits)

    def takes(self, columns: Columns, cells: Sequence[Cell]) -> bool:
        """Return whether the row is a balance or a total and no line; keep what it tells."""
        words = " ".join(_cell(cells, at) for at in columns.words)
        if _TOTALS.search(words):
            return True
        if not (_BEGINNING.search(words) or _ENDING.search(words)):
            return False
        if columns.amount is not None and _cell(cells, columns.amount):
            return False
        if columns.balance is not None:
            self._take(words, _cell(cells, columns.balance))
        return True

    def _take(self, words: str, amount: Cell) -> None:
        day = _AS_OF.search(words)
        try:
            money = Money(read_cents(amount))
            on = read_moment(day[1]).day if day else None
        except CellFault:
            return
        totals = _TOTALS.search(words)
        if totals is not None and totals[1].lower() == "credits":
            self.credits = money
        elif totals is not None:
            self.debits = money
        elif _BEGINNING.search(words):
            self.opening, self.first_day = money, on or self.first_day
        elif _ENDING.search(words):
            self.closing, self.last_day = money, on or self.last_day


def _booked(lines: Sequence[ReadLine]) -> tuple[list[ReadLine], list[Finding]]:
    """Part the lines that the bank has booked from those that only wait to be."""
    if all(line.balance is None for line in lines):
        return list(lines), []
    return [line for line in lines if line.balance is not None], [
        Finding(
            "bank-pending",
            f"{line.words} of {line.amount} is pending: it has no balance, and is left out until"
            " the bank has booked it.",
            f"line {line.position}",
            Severity.WARNING,
        )
        for line in lines
        if line.balance is None
    ]


def _line(position: int, cells: Sequence[Cell], columns: Columns) -> ReadLine:
    on = read_moment(cells[columns.on] if columns.on < len(cells) else "", columns.order).day
    words = single_blanks(" ".join(_cell(cells, at) for at in columns.words))
    balance = _cell(cells, columns.balance)
    return ReadLine(
        position=position,
        on=on,
        amount=_amount(cells, columns),
        words=words,
        kind=_cell(cells, columns.kind),
        check_number=_cell(cells, columns.check_number),
        balance=Money(read_cents(balance)) if balance else None,
    )


def _amount(cells: Sequence[Cell], columns: Columns) -> Money:
    if columns.amount is not None:
        told = _cell(cells, columns.amount)
        if not told:
            raise CellFault("amount", "There is no amount.")
        cents = read_cents(told)
        return Money(-cents if columns.flipped else cents)
    money_in = abs(read_cents(_cell(cells, columns.money_in)))
    money_out = abs(read_cents(_cell(cells, columns.money_out)))
    if bool(money_in) == bool(money_out):
        raise CellFault("amount", "One of money in and money out must be filled, not both.")
    return Money(money_in - money_out)


def _cell(cells: Sequence[Cell], at: int | None) -> str:
    return "" if at is None or at >= len(cells) else cell_text(cells[at]).strip()


def _newest_first(lines: Sequence[ReadLine]) -> bool:
    """Tell the order of a file of one day by its running balance."""
    if len(lines) < 2 or lines[0].on != lines[-1].on:  # noqa: PLR2004 - an order needs two
        return False
    pairs = list(pairwise(lines))
    down = all(_follows(after, before) for before, after in pairs)
    return down and not all(_follows(before, after) for before, after in pairs)


def _follows(before: ReadLine, after: ReadLine) -> bool:
    if before.balance is None or after.balance is None:
        return False
    return before.balance + after.amount == after.balance


def _broken_balances(lines: Sequence[ReadLine]) -> list[Finding]:
    return [
        Finding(
            "bank-balance",
            f"The balance goes from {before.balance} to {after.balance} with {after.amount}: a "
            "line is missing here, or was changed.",
            f"line {after.position}",
            Severity.WARNING,
        )
        for before, after in pairwise(lines)
        if before.balance is not None and after.balance is not None and not _follows(before, after)
    ]
