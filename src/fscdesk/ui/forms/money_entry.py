"""What a person may type for an amount, and what it means."""

from __future__ import annotations

import re

from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.ui.text import MINUS

_TERM = re.compile(r"(?P<dollars>\d{1,3}(?:,\d{3})+|\d*)(?:\.(?P<cents>\d*))?", re.ASCII)
_SUM = re.compile(r"[+-]?[^+-]+", re.ASCII)
_LONGEST = 200


def read_money(text: str) -> Money:
    """Read `12.5`, `1,200`, `$55`, `−3.00`, `(7.25)`, `.5` or a sum as `=100-38.60`.

    Raises ValueError with a sentence that can be shown.
    """
    typed = text.strip()
    plain = typed.replace(MINUS, "-").replace("$", "").replace(" ", "")
    if not plain or len(plain) > _LONGEST:
        raise ValueError(_not_an_amount(typed))
    if plain.startswith("="):
        return _sum(plain[1:], typed)
    if plain.startswith("(") and plain.endswith(")"):
        return -_amount(plain[1:-1], typed)
    if plain.startswith("-"):
        return -_amount(plain[1:], typed)
    return _amount(plain.removeprefix("+"), typed)


def _sum(text: str, typed: str) -> Money:
    terms: list[str] = _SUM.findall(text)
    if not terms or "".join(terms) != text:
        raise ValueError(_not_an_amount(typed))
    total = Money()
    for term in terms:
        amount = _amount(term.lstrip("+-"), typed)
        total = total - amount if term.startswith("-") else total + amount
    return _small_enough(total)


def _amount(text: str, typed: str) -> Money:
    found = _TERM.fullmatch(text)
    if found is None or not (found["dollars"] or found["cents"]):
        raise ValueError(_not_an_amount(typed))
    cents = found["cents"] or ""
    if len(cents) > 2:
        message = f"{typed} has more than two decimals. Amounts are in whole cents."
        raise ValueError(message)
    dollars = int(found["dollars"].replace(",", "") or 0)
    return _small_enough(Money(dollars * 100 + int(cents.ljust(2, "0"))))


def _small_enough(amount: Money) -> Money:
    if abs(amount.cents) > LARGEST_CENTS:
        message = "More than ten billion dollars."
        raise ValueError(message)
    return amount


def _not_an_amount(typed: str) -> str:
    return f"{typed or 'Nothing'} is not an amount. Type it as 12.50 or =100-38.60."
