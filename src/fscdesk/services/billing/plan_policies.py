"""What the practice has decided about plans and collections; the defaults are DESIGN.md 9's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_schedule import Limits
from fscdesk.services.work import Work

DOWN_PERCENT: Final = "plan_down_percent"
"""Setting: the least that is paid down, in percent of the total."""
LONGEST_MONTHS: Final = "plan_longest_months"
"""Setting: how many months after its day a plan's last payment may be due."""
APR_POINTS: Final = "plan_apr_points"
"""Setting: the interest a year of a plan that bears any, in basis points."""
LATE_FEE: Final = "plan_late_fee"
"""Setting: the least late fee of an instalment, as ``25.00``."""
LATE_FEE_POINTS: Final = "plan_late_fee_points"
"""Setting: the late fee in basis points of the instalment; the greater of the two is charged."""
GRACE_DAYS: Final = "plan_grace_days"
"""Setting: how many days after its due day an instalment is not late."""
AUTO_PAY_POINTS: Final = "plan_auto_pay_discount_points"
"""Setting: what a plan that pays by itself saves, in basis points of its instalments."""
DEFAULT_AFTER: Final = "plan_default_after"
"""Setting: at how many missed instalments a plan ends by default."""
COLLECTIONS_DAYS: Final = "collections_days"
"""Setting: how many days a client has owed what is proposed for an agency."""
COLLECTIONS_MINIMUM: Final = "collections_minimum"
"""Setting: the smallest amount that is proposed for an agency, as ``10.00``."""

DEFAULT_DOWN_PERCENT: Final = 20
DEFAULT_LONGEST_MONTHS: Final = 24
DEFAULT_APR_POINTS: Final = 500
DEFAULT_LATE_FEE: Final = Money(25_00)
DEFAULT_LATE_FEE_POINTS: Final = 500
DEFAULT_GRACE_DAYS: Final = 10
DEFAULT_AUTO_PAY_POINTS: Final = 500
DEFAULT_DEFAULT_AFTER: Final = 2
DEFAULT_COLLECTIONS_DAYS: Final = 120
DEFAULT_COLLECTIONS_MINIMUM: Final = Money(10_00)
"""What owes less than the small-balance threshold is written off, not handed over."""


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    """What a new plan is held to, and what it copies into its agreement."""

    limits: Limits
    late_fee: Money
    late_fee_points: int
    grace_days: int
    auto_pay_points: int
    default_after: int


def plan_policy(work: Work) -> PlanPolicy:
    """Return the practice's policy for plans as it is now."""
    return PlanPolicy(
        Limits(
            _whole(work, DOWN_PERCENT, DEFAULT_DOWN_PERCENT),
            _whole(work, LONGEST_MONTHS, DEFAULT_LONGEST_MONTHS),
            _whole(work, APR_POINTS, DEFAULT_APR_POINTS),
        ),
        _money(work, LATE_FEE, DEFAULT_LATE_FEE),
        _whole(work, LATE_FEE_POINTS, DEFAULT_LATE_FEE_POINTS),
        _whole(work, GRACE_DAYS, DEFAULT_GRACE_DAYS),
        _whole(work, AUTO_PAY_POINTS, DEFAULT_AUTO_PAY_POINTS),
        _whole(work, DEFAULT_AFTER, DEFAULT_DEFAULT_AFTER),
    )


def collections_days(work: Work) -> int:
    """Return after how many days a client's balance is proposed for an agency."""
    return _whole(work, COLLECTIONS_DAYS, DEFAULT_COLLECTIONS_DAYS)


def collections_minimum(work: Work) -> Money:
    """Return the smallest amount that is proposed for an agency."""
    return _money(work, COLLECTIONS_MINIMUM, DEFAULT_COLLECTIONS_MINIMUM)


def _whole(work: Work, key: str, default: int) -> int:
    value = _value(work, key)
    return default if value is None else int(value)


def _money(work: Work, key: str, default: Money) -> Money:
    value = _value(work, key)
    return default if value is None else Money.parse(str(value))


def _value(work: Work, key: str) -> Any:
    setting = work.db.get(Setting, key)
    return None if setting is None else setting.value
