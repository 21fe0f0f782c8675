"""The list of exceptions: all money, and all word of money, whose other half has not come.

    for one in exceptions(work):
        print(one.kind, one.amount, one.days, one.to_do)

Nothing of it is stored. Each closes itself when what is missing comes: the bank's line, the
remittance, the deposit, the payment.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.exception_kinds import WORDS, BankException, ExceptionKind, Opens
from fscdesk.services.reports.exceptions_of_bank import (
    deposited_not_banked,
    money_to_identify,
    unmatched_lines,
)
from fscdesk.services.reports.exceptions_of_money import (
    payments_without_remittance,
    recorded_not_received,
    remittances_and_payments,
)
from fscdesk.services.work import Work

__all__ = [
    "WORDS",
    "BankException",
    "ExceptionKind",
    "ExceptionTotal",
    "Opens",
    "exception_totals",
    "exceptions",
]

_ORDER = {kind: place for place, kind in enumerate(ExceptionKind)}
_QUESTIONS = (
    (
        remittances_and_payments,
        {ExceptionKind.REMITTANCE_WITHOUT_MONEY, ExceptionKind.POSTED_NOT_DEPOSITED},
    ),
    (payments_without_remittance, {ExceptionKind.MONEY_WITHOUT_REMITTANCE}),
    (
        money_to_identify,
        {ExceptionKind.MONEY_WITHOUT_REMITTANCE, ExceptionKind.HELD_NOT_IDENTIFIED},
    ),
    (
        unmatched_lines,
        {ExceptionKind.MONEY_WITHOUT_REMITTANCE, ExceptionKind.BANKED_NOT_POSTED},
    ),
    (deposited_not_banked, {ExceptionKind.DEPOSITED_NOT_BANKED}),
    (recorded_not_received, {ExceptionKind.RECORDED_NOT_RECEIVED}),
)


@dataclass(frozen=True, slots=True)
class ExceptionTotal:
    """How many exceptions of a kind there are, what they come to, and how old the oldest is."""

    kind: ExceptionKind
    words: str
    count: int
    amount: Money
    oldest: int


def exceptions(
    work: Work, as_of: date | None = None, *, kinds: Collection[ExceptionKind] = ()
) -> tuple[BankException, ...]:
    """Return what is open on a day (today), by kind and then the oldest first.

    ``kinds`` asks for some of them only. Matches count by the day of the bank's line, documents
    by the day in the books.
    """
    require(work, Right.SEE_REPORTS, "see exceptions")
    day = as_of or work.today()
    wanted = set(kinds) or set(ExceptionKind)
    found = [
        one
        for question, answers in _QUESTIONS
        if answers & wanted
        for one in question(work, day)
        if one.kind in wanted
    ]
    found.sort(key=lambda one: (_ORDER[one.kind], one.since, one.opens, one.opens_id))
    return tuple(found)


def exception_totals(found: Collection[BankException]) -> tuple[ExceptionTotal, ...]:
    """Return the counts and sums of the kinds that there are, in their order."""
    return tuple(
        ExceptionTotal(
            kind,
            words,
            len(own),
            sum((one.amount for one in own), ZERO),
            max(one.days for one in own),
        )
        for kind, words in WORDS.items()
        for own in ([one for one in found if one.kind is kind],)
        if own
    )
