"""What the menu of the bank's rows offers, and what the bar of ticked rows does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fscdesk.services.banking.bank_sheet import SheetMark, SheetRow
from fscdesk.ui.screens.reconciliation.bank_acts import BankActs
from fscdesk.ui.tables.spec import RowsAct


def row_acts(decide: Callable[[SheetRow], object], acts: BankActs) -> tuple[RowsAct[SheetRow], ...]:
    """Return what is done with one row; ``decide`` takes what is proposed for it."""
    return (
        RowsAct(
            "accept",
            "Accept the proposal",
            lambda rows: decide(rows[0]),
            shortcut="Ctrl+Shift+M",
            off_because=lambda rows: (
                "" if rows[0].mark is SheetMark.PROPOSED else "Nothing is proposed for it."
            ),
        ),
        RowsAct(
            "enter",
            "Enter what it is…",
            lambda rows: acts.enter(rows[0]),
            shortcut="Ctrl+Shift+Y",
            off_because=lambda rows: (
                "" if _is_open(rows[0]) else "This is no open line of the bank."
            ),
        ),
        RowsAct(
            "out",
            "Take out, it came twice",
            lambda rows: acts.take_out(rows[0]),
            off_because=lambda rows: (
                ""
                if _is_open(rows[0]) and len(rows[0].line_ids) == 1
                else "This is no open line of the bank."
            ),
        ),
    )


def bulk_acts(acts: BankActs) -> tuple[RowsAct[SheetRow], ...]:
    """Return what is done with ticked rows of both sides."""
    return (
        RowsAct(
            "match",
            "Match",
            acts.match,
            "link-2",
            "Ctrl+L",
            off_because=acts.why_not_match,
            likely=lambda rows: not acts.why_not_match(rows),
        ),
        RowsAct(
            "apart",
            "Take apart…",
            acts.take_apart,
            "unlink",
            off_because=_why_not_apart,
        ),
    )


def _is_open(row: SheetRow) -> bool:
    return bool(row.line_ids) and row.match_id is None


def _why_not_apart(rows: Sequence[SheetRow]) -> str:
    if any(row.mark is SheetMark.LOCKED for row in rows):
        return "It belongs to a reconciled period: take that back first."
    return "" if all(row.match_id is not None for row in rows) else "Not all of these are matched."
