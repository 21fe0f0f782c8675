"""What a reminder letter says: amounts that are late, how late, and the office's words.

The sentences come from the practice's templates, by the caller. Amounts are positive.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


class ReminderTone(enum.IntEnum):
    """How firm a letter is: by the days that the oldest amount is late (DESIGN.md 9)."""

    DAYS_7 = 7
    DAYS_14 = 14
    DAYS_30 = 30
    DAYS_60 = 60
    DAYS_90 = 90

    def title(self) -> str:
        """What stands at the letter's head."""
        return {
            ReminderTone.DAYS_7: "Reminder",
            ReminderTone.DAYS_14: "Second reminder",
            ReminderTone.DAYS_30: "Past due",
            ReminderTone.DAYS_60: "Long past due",
            ReminderTone.DAYS_90: "Final notice",
        }[self]


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One amount that is late."""

    what: str
    """``Invoice INV-2026-00042``: no diagnosis, no clinical words."""
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class ReminderDoc:
    """One letter.

    Raises ValueError where the lines are not the total, nothing is asked for, or a line is not
    late on the letter's day.
    """

    letterhead: Letterhead
    account: str
    day: date
    recipient: Recipient
    tone: ReminderTone
    paragraphs: tuple[str, ...]
    lines: tuple[ReminderLine, ...]
    total: Money
    number: str = ""
    signed: str = ""
    """Under the letter: ``Dana Kestrel, billing office``."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        name = f"reminder for account {self.account}"
        must_hold(self.total > ZERO, f"{name} asks for {self.total}")
        must_be(name, self.total, total(line.amount for line in self.lines))
        for line in self.lines:
            must_hold(self.days_late(line) > 0, f"{name}: “{line.what}” is not late")

    def days_late(self, line: ReminderLine) -> int:
        """Days from the due date to the letter's day."""
        return (self.day - line.due_on).days
