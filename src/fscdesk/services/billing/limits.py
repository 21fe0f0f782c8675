"""What the practice has decided about write-offs and estimates; each has its default."""

from __future__ import annotations

from typing import Any, Final

from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.work import Work

WRITE_OFF_ALONE: Final = "write_off_alone"
"""Setting: up to which sum a write-off needs no second person, as ``0.00``."""
SMALL_BALANCE: Final = "small_balance"
"""Setting: up to which balance an account is small, as ``10.00`` (DESIGN 9)."""
SMALL_BALANCE_DAYS: Final = "small_balance_days"
"""Setting: how long a small balance must have been open before a run writes it off."""
RUN_LIMIT: Final = "write_off_run_limit"
"""Setting: the most that one run may write off, as ``1000.00``."""
VISIT_DAYS: Final = "write_off_visit_days"
"""Setting: a visit within so many days is remarked, as the balance can be asked for then."""
DISPUTE_ABOVE: Final = "estimate_dispute_above"
"""Setting: how far above an estimate a bill is warned of, as ``400.00`` (45 CFR 149.620)."""

DEFAULT_WRITE_OFF_ALONE: Final = Money()
DEFAULT_SMALL_BALANCE: Final = Money(10_00)
DEFAULT_SMALL_BALANCE_DAYS: Final = 90
DEFAULT_RUN_LIMIT: Final = Money(1000_00)
DEFAULT_VISIT_DAYS: Final = 14
DEFAULT_DISPUTE_ABOVE: Final = Money(400_00)


def write_off_alone(work: Work) -> Money:
    """Return up to which sum of an account one person writes off alone; nothing at first."""
    return _money(work, WRITE_OFF_ALONE, DEFAULT_WRITE_OFF_ALONE)


def small_balance(work: Work) -> Money:
    """Return up to which balance an account is small."""
    return _money(work, SMALL_BALANCE, DEFAULT_SMALL_BALANCE)


def small_balance_days(work: Work) -> int:
    """Return how long a small balance must have been open."""
    return _days(work, SMALL_BALANCE_DAYS, DEFAULT_SMALL_BALANCE_DAYS)


def run_limit(work: Work) -> Money:
    """Return the most that one run writes off."""
    return _money(work, RUN_LIMIT, DEFAULT_RUN_LIMIT)


def visit_days(work: Work) -> int:
    """Return within how many days a coming visit is remarked."""
    return _days(work, VISIT_DAYS, DEFAULT_VISIT_DAYS)


def dispute_above(work: Work) -> Money:
    """Return how far above its estimate a bill can be disputed."""
    return _money(work, DISPUTE_ABOVE, DEFAULT_DISPUTE_ABOVE)


def _money(work: Work, key: str, default: Money) -> Money:
    value = _value(work, key)
    return default if value is None else Money.parse(str(value))


def _days(work: Work, key: str, default: int) -> int:
    value = _value(work, key)
    return default if value is None else int(value)


def _value(work: Work, key: str) -> Any:
    setting = work.db.get(Setting, key)
    return None if setting is None else setting.value
