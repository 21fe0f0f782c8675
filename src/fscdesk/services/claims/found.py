"""What a payer's portal can say of a claim, in which words it is kept, and when to look again."""

from __future__ import annotations

import enum
from typing import Final

__all__ = [
    "FIND_MONEY",
    "LOOK_AGAIN",
    "LOOK_AGAIN_DAYS",
    "MONEY_DAYS",
    "NOT_ON_FILE",
    "SAID_PAID",
    "Found",
]

LOOK_AGAIN_DAYS: Final = 14
"""A claim that a payer has in process is looked up again after so many days."""
LOOK_AGAIN: Final = "Look it up again"
MONEY_DAYS: Final = 7
"""The money of a claim that a portal calls paid should be here after so many days."""
FIND_MONEY: Final = "Look whether its payment has come"
SAID_PAID: Final = "The portal says that it is paid"
NOT_ON_FILE: Final = "The payer does not have it on file"


class Found(enum.StrEnum):
    """What a portal says of a claim."""

    PAID = "paid"
    PENDING = "pending"
    DENIED = "denied"
    NOT_ON_FILE = "not_on_file"
