"""How much and how old something of the queue is, in words."""

from __future__ import annotations

from datetime import date


def many(count: int, word: str, plural: str = "") -> str:
    """Return ``1 account``, ``12 accounts``."""
    return f"{count:,} {word if count == 1 else plural or f'{word}s'}"


def since(oldest: date | None, today: date) -> str:
    """Say how old the oldest is: ``oldest 12 days``; nothing where that is not known."""
    return "" if oldest is None else f"oldest {many(max((today - oldest).days, 0), 'day')}"
