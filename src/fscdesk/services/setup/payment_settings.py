"""The settings of payments, refunds and returned checks."""

from __future__ import annotations

from typing import Final

from fscdesk.models.values import ZERO
from fscdesk.services.payments import policies
from fscdesk.services.setup.declaring import SettingDef

GROUP: Final = "Payments"

PAYMENT_SETTINGS: Final = (
    SettingDef(
        policies.ALLOCATION,
        GROUP,
        "Sharing out",
        "How the next payments are shared out over open charges.",
        "choice",
        "suggest",
        choices=(
            ("off", "By hand"),
            ("suggest", "Proposed, oldest first"),
            ("enforce", "Always oldest first"),
        ),
    ),
    SettingDef(
        policies.OVER_APPLYING,
        GROUP,
        "More than is open",
        "What happens when more is typed for a charge than is open.",
        "choice",
        "block",
        choices=(("allow", "Take it"), ("warn", "Warn, then take it"), ("block", "Refuse it")),
    ),
    SettingDef(
        policies.ASK_ABOVE,
        GROUP,
        "Ask back above",
        "A larger payment that is not wholly applied is posted at the second Ctrl+Enter only.",
        "money",
        policies.DEFAULT_ASK_ABOVE,
        lowest=100_00,
        highest=1_000_000_00,
    ),
    SettingDef(
        policies.REFUND_ALONE,
        GROUP,
        "Refunds without a second person",
        "Refunds up to this amount need no approval; all others wait for one.",
        "money",
        policies.DEFAULT_REFUND_ALONE,
        lowest=0,
        highest=10_000_00,
    ),
    SettingDef(
        policies.RETURNED_FEE,
        GROUP,
        "Fee for a returned check",
        "Charged to who sent the check; 0.00 charges nothing.",
        "money",
        ZERO,
        lowest=0,
        highest=100_00,
    ),
    SettingDef(
        policies.REFUND_DAYS,
        GROUP,
        "Refunds are due after",
        "The clock of an overpayment, from the day on which it was found.",
        "whole",
        policies.DEFAULT_REFUND_DAYS,
        lowest=1,
        highest=365,
        unit="days",
    ),
    SettingDef(
        policies.PUBLIC_REFUND_DAYS,
        GROUP,
        "Medicare and Medicaid after",
        "The same clock for payers of public programs (42 CFR 401.305).",
        "whole",
        policies.DEFAULT_PUBLIC_REFUND_DAYS,
        lowest=1,
        highest=60,
        unit="days",
    ),
    SettingDef(
        policies.SP_AMOUNTS_POST,
        GROUP,
        "Post what SimplePractice calls paid",
        "Off: the appointment report’s amounts are only compared, and every payment is typed here.",
        "yes_no",
        True,
    ),
)
