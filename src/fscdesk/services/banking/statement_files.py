"""A bank's statement file as it was read: plain values, nothing believed yet, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.errors import Finding

PAPER = "Typed from paper"
"""The layout of lines that a person typed."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of a statement. ``position`` is its line in the file, counted from 1.

    ``amount`` is positive for money in. ``words`` is the bank's text with single blanks.
    ``bank_id`` is the bank's own id of the line (FITID), ``balance`` what the account held after
    it, where the file tells.
    """

    position: int
    on: date
    amount: Money
    words: str
    kind: str = ""
    check_number: str = ""
    bank_id: str = ""
    balance: Money | None = None


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A whole file: its lines oldest first, and what it says about the account.

    ``account_number`` is the account's number as the file writes it, empty where it does not.
    ``opening`` and ``closing`` are balances of the bank, None where the file tells none.
    """

    layout: str
    account_number: str
    first_day: date | None
    last_day: date | None
    opening: Money | None
    closing: Money | None
    lines: tuple[ReadLine, ...]
    findings: tuple[Finding, ...]
