"""How deposits are called: their states, the ways to the bank, sentences about them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.services.banking.deposit_book import BookedDeposit, DepositKind, DepositState
from fscdesk.services.banking.deposit_words import DEPOSIT_KINDS
from fscdesk.services.banking.deposits import MadeDeposit, Undeposited
from fscdesk.ui.screens.payments.wording import method_word, stated
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.theme import Status

_MARKS: Final[Mapping[DepositState, Status]] = MappingProxyType(
    {
        DepositState.TO_MAKE: Status("To deposit", "amber", "inbox"),
        DepositState.WAITING: Status("Payout not come", "slate", "clock"),
        DepositState.OPEN: Status("Does not add up", "red", "triangle-alert"),
        DepositState.MADE: Status("On its way", "blue", "send"),
        DepositState.BANKED: Status("At the bank", "green", "landmark"),
        DepositState.LOCKED: Status("Locked", "neutral", "lock"),
        DepositState.UNDONE: Status("Undone", "neutral", "undo-2"),
    }
)
NOUN: Final = ("deposit", "deposits")


def state_mark(state: DepositState) -> Status:
    """Return the badge of a state."""
    return _MARKS[state]


def kind_word(kind: DepositKind) -> str:
    """Return how the money gets to the bank, in a word."""
    return DEPOSIT_KINDS[kind]


def name_of(row: BookedDeposit) -> str:
    """Return a deposit's number; what is not made yet is called by what it is."""
    return row.number or f"{kind_word(row.kind)} of {day_text(row.on)}"


def paid_by(one: Undeposited) -> str:
    """Return ``Check 1047, PAY-2026-00012, 03/02/2026``."""
    by = " ".join(part for part in (method_word(one.method.value), one.reference) if part)
    return f"{by}, {one.number}, {day_text(one.received_on)}"


def made_words(done: MadeDeposit, account: str = "") -> str:
    """Say what was made: number, amount, what went in, and what was kept back."""
    fees = f", {stated(done.fees)} of fees kept back" if done.fees else ""
    into = f" to {account}" if account else ""
    items = count_text(done.items, "payment")
    return f"{done.number}: {stated(done.amount)}{into}, {items}{fees}."
