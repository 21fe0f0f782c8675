"""The money that SimplePractice knew: each client's payment and each payer's check, with its day.

Drawn from the diary: what an appointment has paid in all on a day, less what it had before, is
a payment, or money that went back. Numbers and references follow the order of the days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from fscdesk.services.demo.diary import Appointment


class Share(NamedTuple):
    """What of a payment is for which appointment, in cents."""

    one: Appointment
    cents: int


class Money(NamedTuple):
    """A payment in cents; below zero it went back. ``payer`` None: the client's own.

    ``number`` is SimplePractice's; ``reference`` the check's or the transfer's.
    """

    day: date
    number: int
    payer: int | None
    reference: str
    shares: tuple[Share, ...]

    @property
    def cents(self) -> int:
        """Return the whole amount."""
        return sum(share.cents for share in self.shares)


def money_of(diary: Sequence[Appointment]) -> list[Money]:
    """Return every payment of the diary, those to come included, in the order of their days."""
    drawn: list[tuple[date, int, str, tuple[Share, ...]]] = []
    checks: dict[tuple[date, int, str], list[Share]] = defaultdict(list)
    for one in diary:
        if one.cancelled is not None:
            continue
        drawn += [(day, -1, "", (Share(one, cents),)) for day, cents in _moves(one, one.paid)]
        if one.payer is not None and not one.missed:
            _answered(one, one.payer, checks)
    drawn += [(*check, tuple(shares)) for check, shares in checks.items()]
    drawn.sort(key=lambda row: row[:3])
    return [
        Money(day, 700_001 + at, None if payer < 0 else payer, reference, shares)
        for at, (day, payer, reference, shares) in enumerate(drawn)
    ]


def _answered(
    one: Appointment, payer: int, checks: dict[tuple[date, int, str], list[Share]]
) -> None:
    """Put what a payer paid into its check of that day; what it takes back names the old one."""
    first = ""
    for day, cents in _moves(one, [(answer.day, answer.paid) for answer in one.answers]):
        reference = f"{payer + 1}{day:%y%m%d}"
        if cents < 0:
            reference = first
        first = first or reference
        checks[day, payer, reference].append(Share(one, cents))


def _moves(one: Appointment, totals: Sequence[tuple[date, int]]) -> Iterator[tuple[date, int]]:
    """Yield what came or went back on each day, from what was paid in all since that day."""
    before = 0
    for day, total in totals:
        if total != before:
            yield max(day, one.day), total - before
        before = total
