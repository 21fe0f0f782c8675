"""Refuses a paper whose figures do not add up, before anything of it can be printed."""

from __future__ import annotations

from collections.abc import Iterable

from fscdesk.models.values import Money


def total(amounts: Iterable[Money]) -> Money:
    """The sum of amounts, in whole cents."""
    return Money(sum(each.cents for each in amounts))


def must_be(what: str, said: Money, found: Money) -> None:
    """Raise ValueError where a figure is not what its parts lead to."""
    if said != found:
        raise ValueError(f"{what} says {said}, its parts add up to {found}")


def must_hold(holds: object, sentence: str) -> None:
    """Raise ValueError with the sentence where something does not hold."""
    if not holds:
        raise ValueError(sentence)
