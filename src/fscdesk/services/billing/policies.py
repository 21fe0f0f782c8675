"""What the practice has decided about statements; each has the default of DESIGN.md 9."""

from __future__ import annotations

from typing import Any, Final

from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.work import Work

MINIMUM: Final = "statement_minimum"
"""Setting: the smallest balance that gets a statement, as ``10.00``."""
NET_DAYS: Final = "net_days"
"""Setting: how many days after its date a statement is due."""
REPEAT_DAYS: Final = "statement_repeat_days"
"""Setting: after how many days an account on which nothing happened is reminded again."""
MESSAGE: Final = "statement_message"
"""Setting: the sentence below the ages; empty for the one with the phone number."""
INSTRUCTIONS: Final = "statement_instructions"
"""Setting: how to pay, under the amount due; empty for the usual words."""

DEFAULT_MINIMUM: Final = Money(10_00)
DEFAULT_NET_DAYS: Final = 30
DEFAULT_REPEAT_DAYS: Final = 25
"""Statements go out once a month; a second run in the same month reminds nobody."""


def statement_minimum(work: Work) -> Money:
    """Return the smallest balance that gets a statement."""
    value = _value(work, MINIMUM)
    return DEFAULT_MINIMUM if value is None else Money.parse(str(value))


def net_days(work: Work) -> int:
    """Return how many days a guarantor has to pay."""
    return _days(work, NET_DAYS, DEFAULT_NET_DAYS)


def repeat_days(work: Work) -> int:
    """Return after how many days an unchanged balance is stated again."""
    return _days(work, REPEAT_DAYS, DEFAULT_REPEAT_DAYS)


def words(work: Work, key: str) -> str:
    """Return a text of the practice's own for its statements, or nothing."""
    return str(_value(work, key) or "")


def _days(work: Work, key: str, default: int) -> int:
    value = _value(work, key)
    return default if value is None else int(value)


def _value(work: Work, key: str) -> Any:
    setting = work.db.get(Setting, key)
    return None if setting is None else setting.value
