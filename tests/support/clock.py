"""A clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 4, 12, 12, tzinfo=UTC)
"""A Sunday, eight in the morning in New York; the day after which the samples end."""


class Clock:
    """Stands still until it is told otherwise; pass it as `now`."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The moment, aware and in UTC."""
        return self.moment

    def set(self, moment: datetime) -> None:
        """Jump to a moment, in any zone; a naive one is a bug in the test."""
        assert moment.tzinfo is not None, "a moment needs a zone"
        self.moment = moment.astimezone(UTC)

    def forward(self, **by: float) -> None:
        """Move by `days=1`, `hours=2`, …: the arguments of timedelta."""
        self.moment += timedelta(**by)
