"""Whether a statement agrees with itself: its balances and totals with its lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.statement_files import ReadLine
from fscdesk.services.errors import Finding, Severity

_MISSING = "A line is missing, or the file was changed."


@dataclass(frozen=True, slots=True)
class Summary:
    """What a statement says beside its lines; None where it does not. Debits are below zero."""

    opening: Money | None = None
    closing: Money | None = None
    credits: Money | None = None
    debits: Money | None = None


def contradictions(told: Summary, lines: Sequence[ReadLine]) -> list[Finding]:
    """Return each amount of the summary that the lines, oldest first, do not come to."""
    money_in = sum((one.amount for one in lines if one.amount > ZERO), ZERO)
    money_out = sum((one.amount for one in lines if one.amount < ZERO), ZERO)
    found: list[Finding] = []
    if told.credits is not None and told.credits != money_in:
        found.append(_differs("total credits of", told.credits, f"its lines have {money_in}"))
    if told.debits is not None and -abs(told.debits) != money_out:
        found.append(_differs("total debits of", told.debits, f"its lines have {money_out}"))
    if told.opening is not None and told.closing is not None:
        comes_to = told.opening + money_in + money_out
        if comes_to != told.closing:
            said = f"{told.opening} and its lines come to {comes_to}"
            found.append(_differs("an ending balance of", told.closing, said))
    first = lines[0] if lines else None
    if told.opening is not None and first is not None and first.balance is not None:
        before = first.balance - first.amount
        if before != told.opening:
            said = f"its first line begins with {before}"
            found.append(_differs("a beginning balance of", told.opening, said))
    last = lines[-1].balance if lines else None
    if told.closing is not None and last is not None and last != told.closing:
        said = f"its last line ends with {last}"
        found.append(_differs("an ending balance of", told.closing, said))
    return found


def _differs(what: str, amount: Money, said: str) -> Finding:
    return Finding(
        "bank-summary",
        f"The statement tells {what} {amount}; {said}. {_MISSING}",
        "summary",
        Severity.WARNING,
    )
