"""What the practice has decided about payments; each has the default of DESIGN.md 9."""

from __future__ import annotations

import enum
from typing import Any, Final

from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.work import Work

ALLOCATION: Final = "payment_allocation"
"""Setting: whether a payment is shared out by itself: off, suggest, enforce."""
OVER_APPLYING: Final = "payment_over_applying"
"""Setting: what happens when more is applied than a charge asks: allow, warn, block."""
ASK_ABOVE: Final = "payment_ask_above"
"""Setting: from which amount on a payment is asked back before it is posted, as ``10000.00``."""
REFUND_ALONE: Final = "refund_alone"
"""Setting: up to which amount a refund needs no second person, as ``100.00``."""
REFUND_DAYS: Final = "refund_days"
"""Setting: within how many days an overpayment goes back."""
PUBLIC_REFUND_DAYS: Final = "refund_days_public"
"""Setting: the same for Medicare and Medicaid."""
RETURNED_FEE: Final = "returned_check_fee"
"""Setting: the fee for a returned check, as ``25.00``; nothing is charged while it is empty."""
SP_AMOUNTS_POST: Final = "simplepractice_amounts_post"
"""Setting: whether amounts that SimplePractice calls paid are posted (through 1060)."""

DEFAULT_ASK_ABOVE: Final = Money(10_000_00)
DEFAULT_REFUND_ALONE: Final = Money(100_00)
DEFAULT_REFUND_DAYS: Final = 30
DEFAULT_PUBLIC_REFUND_DAYS: Final = 60


class Allocation(enum.StrEnum):
    """How the practice shares payments out: by hand, proposed, or always oldest first."""

    OFF = "off"
    SUGGEST = "suggest"
    ENFORCE = "enforce"


class OverApplying(enum.StrEnum):
    """What the practice does when more is applied to a charge than is open."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


def allocation(work: Work) -> Allocation:
    """Return how payments are shared out; suggested at first."""
    return Allocation(_value(work, ALLOCATION) or Allocation.SUGGEST)


def over_applying(work: Work) -> OverApplying:
    """Return what happens when more is applied than is open; blocked at first."""
    return OverApplying(_value(work, OVER_APPLYING) or OverApplying.BLOCK)


def ask_above(work: Work) -> Money:
    """Return the amount above which a payment that is not wholly applied is asked back."""
    value = _value(work, ASK_ABOVE)
    return DEFAULT_ASK_ABOVE if value is None else Money.parse(str(value))


def refund_alone(work: Work) -> Money:
    """Return up to which amount a refund needs no second person."""
    value = _value(work, REFUND_ALONE)
    return DEFAULT_REFUND_ALONE if value is None else Money.parse(str(value))


def refund_days(work: Work, *, public_program: bool) -> int:
    """Return within how many days an overpayment goes back (DESIGN 9)."""
    key = PUBLIC_REFUND_DAYS if public_program else REFUND_DAYS
    default = DEFAULT_PUBLIC_REFUND_DAYS if public_program else DEFAULT_REFUND_DAYS
    value = _value(work, key)
    return default if value is None else int(value)


def returned_fee(work: Work) -> Money:
    """Return the fee for a returned check; zero when the practice charges none."""
    return Money.parse(str(_value(work, RETURNED_FEE) or "0.00"))


def simplepractice_posts(work: Work) -> bool:
    """Return whether amounts that SimplePractice calls paid are posted; so at first."""
    value = _value(work, SP_AMOUNTS_POST)
    return True if value is None else bool(value)


def _value(work: Work, key: str) -> Any:
    setting = work.db.get(Setting, key)
    return None if setting is None else setting.value
