"""Axes of charts: round steps, at most four gridlines, short words for amounts."""

from __future__ import annotations

from fscdesk.ui.text import MINUS

GRIDLINES = 4
_STEPS = (1, 2, 5)


def ticks(highest: int) -> tuple[int, ...]:
    """Return the values of the gridlines from 0 up to at least ``highest``: at most four.

    Works on whole cents (or counts), so no step is ever a fraction.
    """
    if highest <= 0:
        return (0,)
    power = 1
    while True:
        for step in _STEPS:
            size = step * power
            count = -(-highest // size)
            if count < GRIDLINES:
                return tuple(at * size for at in range(count + 1))
        power *= 10


def short_amount(cents: int) -> str:
    """Return an amount as an axis says it: ``0``, ``500``, ``1.5k``, ``2k``, ``1.2m``."""
    dollars = abs(cents) / 100
    sign = MINUS if cents < 0 else ""
    if dollars >= 1_000_000:
        return f"{sign}{_trim(dollars / 1_000_000)}m"
    if dollars >= 1_000:
        return f"{sign}{_trim(dollars / 1_000)}k"
    return f"{sign}{_trim(dollars)}"


def _trim(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
