"""The columns of the banks that we know, and of those that a person has mapped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fscdesk.services.spreadsheets.moments import DateOrder
from fscdesk.services.spreadsheets.tables import Cell, heading_key


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a bank's table means what, counted from 0.

    Either ``amount`` (signed; ``flipped`` where money out is positive, as some card statements
    have it) or ``money_in`` and ``money_out``. ``words`` are joined in their order. ``heading``
    is False for a table without a heading row, which has ``width`` columns. ``pending``: a line
    without a balance among lines that have one is not booked by the bank yet.
    """

    name: str
    on: int
    words: tuple[int, ...]
    amount: int | None = None
    money_in: int | None = None
    money_out: int | None = None
    flipped: bool = False
    kind: int | None = None
    check_number: int | None = None
    balance: int | None = None
    order: DateOrder = DateOrder.MONTH_FIRST
    heading: bool = True
    width: int | None = None
    pending: bool = False

    def as_mapping(self) -> dict[str, Any]:
        """Return what is stored of a layout that a person made."""
        return {
            "on": self.on,
            "words": list(self.words),
            "amount": self.amount,
            "money_in": self.money_in,
            "money_out": self.money_out,
            "flipped": self.flipped,
            "kind": self.kind,
            "check_number": self.check_number,
            "balance": self.balance,
            "order": self.order.value,
            "heading": self.heading,
            "width": self.width,
        }

    @classmethod
    def of_mapping(cls, name: str, stored: Mapping[str, Any]) -> Columns:
        """Return a stored layout."""
        facts = dict(stored)
        facts["words"] = tuple(facts["words"])
        facts["order"] = DateOrder(facts["order"])
        return cls(name, **facts)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table that is recognised by its heading row; ``signature`` is that of ``headings``."""

    signature: str
    columns: Columns


def signature_of(cells: Sequence[Cell]) -> str:
    """Return what recognises a heading row: its headings in order, folded, empty ends left out."""
    keys = [heading_key(cell) for cell in cells]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256("|".join(keys).encode()).hexdigest()


def _of(headings: str, columns: Columns) -> Layout:
    return Layout(signature_of(headings.split(",")), columns)


KNOWN = (
    _of(
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #",
        Columns(
            "Chase checking",
            on=1,
            words=(2,),
            amount=3,
            kind=4,
            balance=5,
            check_number=6,
            pending=True,
        ),
    ),
    _of(
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo",
        Columns("Chase card", on=1, words=(2, 6), amount=5, kind=4),
    ),
    _of(
        "Date,Description,Amount,Running Bal.",
        Columns("Bank of America", on=0, words=(1,), amount=2, balance=3),
    ),
    _of(
        "Date,Amount,Check Number,Description",
        Columns("Wells Fargo with headings", on=0, words=(3,), amount=1, check_number=2),
    ),
)
"""Headings as the banks write them (simplepractice.md, part 4)."""

WELLS_FARGO = Columns("Wells Fargo", on=0, words=(4,), amount=1, check_number=3, heading=False)
"""``"date","amount","*","check no or empty","description"``, without a heading row."""
