"""What an exception is: money, or word of money, whose other half has not come."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import Money


class ExceptionKind(enum.StrEnum):
    """Which half is missing, in the order in which the list shows them."""

    REMITTANCE_WITHOUT_MONEY = "remittance_without_money"
    MONEY_WITHOUT_REMITTANCE = "money_without_remittance"
    HELD_NOT_IDENTIFIED = "held_not_identified"
    BANKED_NOT_POSTED = "banked_not_posted"
    POSTED_NOT_DEPOSITED = "posted_not_deposited"
    DEPOSITED_NOT_BANKED = "deposited_not_banked"
    RECORDED_NOT_RECEIVED = "recorded_not_received"


class Opens(enum.StrEnum):
    """Where an exception is worked on: what stands there has the id."""

    REMITTANCE = "remittance"
    PAYMENT = "payment"
    SUSPENSE = "suspense"
    BANK_LINE = "bank_line"
    ENTRY = "entry"
    SESSION = "session"
    CLEARING = "clearing"


WORDS: Final[Mapping[ExceptionKind, str]] = MappingProxyType(
    {
        ExceptionKind.REMITTANCE_WITHOUT_MONEY: "Remittance without money",
        ExceptionKind.MONEY_WITHOUT_REMITTANCE: "Money without remittance",
        ExceptionKind.HELD_NOT_IDENTIFIED: "Money to identify",
        ExceptionKind.BANKED_NOT_POSTED: "At the bank, not posted",
        ExceptionKind.POSTED_NOT_DEPOSITED: "Posted, not deposited",
        ExceptionKind.DEPOSITED_NOT_BANKED: "Deposited, not at the bank",
        ExceptionKind.RECORDED_NOT_RECEIVED: "Recorded in SimplePractice, not received",
    }
)


@dataclass(frozen=True, slots=True)
class BankException:
    """One thing whose other half is missing. It is never stored: what is missing closes it.

    ``number`` names the document, ``who`` is the payer, client or bank account, ``words`` say
    what it is. ``amount`` is what is missing (below zero: money that left); ``since`` is the day
    from which it waits and ``days`` how many those are. ``opens`` and ``opens_id`` lead there.
    """

    kind: ExceptionKind
    opens: Opens
    opens_id: int
    number: str
    who: str
    words: str
    amount: Money
    since: date
    days: int
    to_do: str


def made(
    kind: ExceptionKind,
    opens: tuple[Opens, int, str],
    who: str,
    words: str,
    amount: Money,
    since: date,
    as_of: date,
    to_do: str,
) -> BankException:
    """Return an exception with its age on a day; ``opens`` is where, id and number."""
    where, ident, number = opens
    days = max(0, (as_of - since).days)
    return BankException(kind, where, ident, number, who, words, amount, since, days, to_do)


def how(word: str, reference: str) -> str:
    """Return ``Check 1042``, or the word alone where there is no reference."""
    return f"{word} {reference}" if reference else word
