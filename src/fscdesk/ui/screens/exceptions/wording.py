"""How exceptions are called: badges by kind, short names of the tabs, where each opens."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.services.reports.exception_list import WORDS, BankException, ExceptionKind, Opens
from fscdesk.ui.theme import Status

NOUN: Final = ("exception", "exceptions")
TABS: Final[Mapping[ExceptionKind, str]] = MappingProxyType(
    {
        ExceptionKind.REMITTANCE_WITHOUT_MONEY: "No money",
        ExceptionKind.MONEY_WITHOUT_REMITTANCE: "No remittance",
        ExceptionKind.HELD_NOT_IDENTIFIED: "To identify",
        ExceptionKind.BANKED_NOT_POSTED: "Not posted",
        ExceptionKind.POSTED_NOT_DEPOSITED: "Not deposited",
        ExceptionKind.DEPOSITED_NOT_BANKED: "Not at the bank",
        ExceptionKind.RECORDED_NOT_RECEIVED: "Not received",
    }
)
"""Which half is missing, short enough for a tab."""
GOOD_NEWS: Final[Mapping[ExceptionKind, str]] = MappingProxyType(
    {
        ExceptionKind.REMITTANCE_WITHOUT_MONEY: "The money of every remittance has come.",
        ExceptionKind.MONEY_WITHOUT_REMITTANCE: "All money of payers has its remittance.",
        ExceptionKind.HELD_NOT_IDENTIFIED: "No money is left to identify.",
        ExceptionKind.BANKED_NOT_POSTED: "Every line of the bank is explained.",
        ExceptionKind.POSTED_NOT_DEPOSITED: "All that was received is deposited.",
        ExceptionKind.DEPOSITED_NOT_BANKED: "The bank has shown every deposit.",
        ExceptionKind.RECORDED_NOT_RECEIVED: "All that SimplePractice calls paid has come.",
    }
)
_LOOK: Final[Mapping[ExceptionKind, tuple[str, str]]] = MappingProxyType(
    {
        ExceptionKind.REMITTANCE_WITHOUT_MONEY: ("red", "scroll-text"),
        ExceptionKind.MONEY_WITHOUT_REMITTANCE: ("amber", "circle-question-mark"),
        ExceptionKind.HELD_NOT_IDENTIFIED: ("violet", "pause"),
        ExceptionKind.BANKED_NOT_POSTED: ("blue", "landmark"),
        ExceptionKind.POSTED_NOT_DEPOSITED: ("slate", "inbox"),
        ExceptionKind.DEPOSITED_NOT_BANKED: ("orange", "send"),
        ExceptionKind.RECORDED_NOT_RECEIVED: ("neutral", "git-compare-arrows"),
    }
)
_OPEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "remittance": "Open the remittance",
        "reconciliation": "Open the bank's line",
        "accounting": "Open the entry",
        "sessions": "Open the session",
    }
)


def kind_words(kind: ExceptionKind) -> str:
    """Return a kind in words: ``Remittance without money``."""
    return WORDS[kind]


def kind_mark(kind: ExceptionKind) -> Status:
    """Return the badge of a kind: which half is missing."""
    tone, icon = _LOOK[kind]
    return Status(TABS[kind], tone, icon)


def what_words(one: BankException) -> str:
    """Return what an exception is, in one line: whose it is, or which document, and its words."""
    if one.opens is Opens.BANK_LINE:
        return one.words
    first = one.number if one.opens in (Opens.ENTRY, Opens.SUSPENSE) else one.who
    return ", ".join(part for part in (first, one.words) if part)


def open_words(place: str, asked: Mapping[str, object]) -> str:
    """Return what the button says that opens what an exception is about."""
    if place == "payments":
        if "deposit" in asked:
            return "Open the deposit"
        return "Open the payment" if "payment" in asked else "Open SimplePractice"
    return _OPEN.get(place, "Open it")
