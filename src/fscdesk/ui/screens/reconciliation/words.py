"""What the Reconciliation place calls things: marks, periods, reasons."""

from __future__ import annotations

from datetime import date
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.bank_sheet import SheetMark, SheetPeriod, SheetRow
from fscdesk.ui import theme
from fscdesk.ui.tables.filter_state import month_end
from fscdesk.ui.text import day_text, money_text, month_text
from fscdesk.ui.theme import Status

_WORDS: Final = {
    SheetMark.IN_TRANSIT: Status("In transit", "amber", "unlink"),
    SheetMark.TO_DEPOSIT: Status("To deposit", "neutral", "wallet"),
    SheetMark.HELD: Status("To identify", "violet", "pause"),
    SheetMark.LOCKED: Status("Locked", "neutral", "lock"),
}
_SEEN: Final = Status("In transit", "neutral", "clock")
_OUT: Final = Status("Outstanding", "amber", "unlink")
_OUT_SEEN: Final = Status("Outstanding", "neutral", "clock")
MARKS: Final = {
    SheetMark.UNMATCHED: "Unmatched",
    SheetMark.PROPOSED: "Proposed",
    SheetMark.IN_TRANSIT: "In transit",
    SheetMark.HELD: "To identify",
    SheetMark.MATCHED: "Matched",
    SheetMark.LOCKED: "Locked",
    SheetMark.TO_DEPOSIT: "To deposit",
}


def mark_of(row: SheetRow) -> Status:
    """Return the badge of a row: what is on its way and was confirmed is quiet."""
    if row.mark is SheetMark.IN_TRANSIT:
        if (row.book_amount or ZERO) < ZERO:
            return _OUT_SEEN if row.seen else _OUT
        return _SEEN if row.seen else _WORDS[row.mark]
    found = _WORDS.get(row.mark)
    return found if found is not None else theme.now.bank_match(row.mark.value)


def stated(amount: Money | None) -> str:
    """Return an amount as a sum or a decision states it: zero is ``0.00``."""
    return money_text(amount, zero_dash=False)


def until_words(last_day: date | None) -> str:
    """Return ``March 2026`` for a day that ends its month, else ``until 03/14/2026``."""
    if last_day is None:
        return "Not begun"
    whole = last_day == month_end(last_day)
    return month_text(last_day) if whole else f"until {day_text(last_day)}"


def month_words(last_day: date) -> str:
    """Return ``March`` for a day that ends its month, else the day itself."""
    whole = last_day == month_end(last_day)
    return month_text(last_day).split(" ")[0] if whole else f"to {day_text(last_day)}"


def period_words(period: SheetPeriod) -> str:
    """Return how the menu names a period."""
    if period.reconciliation_id is None:
        return "Not begun"
    words = until_words(period.last_day)
    return f"{words}, reconciled" if period.completed else words


def name_of(row: SheetRow) -> str:
    """Return what a row is, as the head of its details."""
    if row.match_id is not None:
        return "Money to identify" if row.mark is SheetMark.HELD else row.bank_says
    if not row.line_ids:
        if row.mark is SheetMark.TO_DEPOSIT:
            return "Waits to be deposited"
        going = (row.book_amount or ZERO) < ZERO
        return "Not yet paid by the bank" if going else "Not yet at the bank"
    if row.proposal is not None and row.proposal.is_complete:
        return row.book_says
    if row.sets:
        return row.book_says
    if row.returns:
        return f"One of {len(row.returns)} came back" if len(row.returns) > 1 else "It came back"
    if row.amount > ZERO:
        return "Money without a remittance" if row.is_eft else "Money to identify"
    return "Money that left, unexplained"


def about_of(row: SheetRow, label: str) -> str:
    """Return the line under it: whose side, the day, the account."""
    if not row.line_ids:
        return f"Our books {day_text(row.book_on)}, {label}"
    side = "credit" if row.amount >= ZERO else "debit"
    return f"Bank {side} {day_text(row.bank_on)}, {label}"
