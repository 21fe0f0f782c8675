"""The practice's clock and calendar against UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moment_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a minute of the practice's day.

    A minute that the clock skips in spring is taken after the jump, one that comes twice
    in autumn is the first of the two: SimplePractice shows no zone and cannot say more.
    """
    local = datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minute)
    return local.astimezone(UTC)


class Moments:
    """``moment_of`` in the form that the database stores, for many sessions.

    One offset is looked up for each day and hour, not for each session.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[tuple[date, int], str] = {}

    def stored(self, day: date, minute: int) -> str:
        """Return UTC as ISO text without a zone."""
        known = self._known.get((day, minute))
        if known is None:
            known = moment_of(day, minute, self._zone).strftime("%Y-%m-%d %H:%M:%S.%f")
            self._known[day, minute] = known
        return known
