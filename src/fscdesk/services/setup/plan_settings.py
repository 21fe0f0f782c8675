"""The settings of payment plans and collections."""

from __future__ import annotations

from typing import Final

from fscdesk.services.billing import plan_policies as policies
from fscdesk.services.setup.declaring import SettingDef

PLANS: Final = "Payment plans"
COLLECTIONS: Final = "Collections"

PLAN_SETTINGS: Final = (
    SettingDef(
        policies.DOWN_PERCENT,
        PLANS,
        "Least down payment",
        "A plan that pays less of its total down is refused. Plans that are made stay.",
        "whole",
        policies.DEFAULT_DOWN_PERCENT,
        lowest=0,
        highest=90,
        unit="%",
    ),
    SettingDef(
        policies.LONGEST_MONTHS,
        PLANS,
        "Longest plan",
        "The last payment of a plan is due within so many months of its day.",
        "whole",
        policies.DEFAULT_LONGEST_MONTHS,
        lowest=1,
        highest=60,
        unit="months",
    ),
    SettingDef(
        policies.APR_POINTS,
        PLANS,
        "Interest",
        "What a plan with interest bears a year, in hundredths of a percent: 500 is 5 %.",
        "whole",
        policies.DEFAULT_APR_POINTS,
        lowest=0,
        highest=3600,
        unit="hundredths of a percent",
    ),
    SettingDef(
        policies.LATE_FEE,
        PLANS,
        "Least late fee",
        "Charged once for a payment that is missed; the next plans say so.",
        "money",
        policies.DEFAULT_LATE_FEE,
        lowest=0,
        highest=100_00,
    ),
    SettingDef(
        policies.LATE_FEE_POINTS,
        PLANS,
        "Late fee as a share",
        "Of the payment that is missed, in hundredths of a percent; the greater fee is charged.",
        "whole",
        policies.DEFAULT_LATE_FEE_POINTS,
        lowest=0,
        highest=2500,
        unit="hundredths of a percent",
    ),
    SettingDef(
        policies.GRACE_DAYS,
        PLANS,
        "Grace",
        "So many days after its due day a payment is not late; the next plans say so.",
        "whole",
        policies.DEFAULT_GRACE_DAYS,
        lowest=0,
        highest=60,
        unit="days",
    ),
    SettingDef(
        policies.AUTO_PAY_POINTS,
        PLANS,
        "Discount for automatic payment",
        "What the agreement promises, in hundredths of a percent of what is financed.",
        "whole",
        policies.DEFAULT_AUTO_PAY_POINTS,
        lowest=0,
        highest=5000,
        unit="hundredths of a percent",
    ),
    SettingDef(
        policies.DEFAULT_AFTER,
        PLANS,
        "Default after",
        "So many missed payments end a plan, and its charges are due as usual; 0 ends none.",
        "whole",
        policies.DEFAULT_DEFAULT_AFTER,
        lowest=0,
        highest=24,
        unit="missed payments",
    ),
    SettingDef(
        policies.COLLECTIONS_DAYS,
        COLLECTIONS,
        "Proposed after",
        "A balance that a client has owed for longer stands on the list for an agency.",
        "whole",
        policies.DEFAULT_COLLECTIONS_DAYS,
        lowest=30,
        highest=1000,
        unit="days",
    ),
    SettingDef(
        policies.COLLECTIONS_MINIMUM,
        COLLECTIONS,
        "Smallest amount",
        "Accounts that owe less of it are not proposed.",
        "money",
        policies.DEFAULT_COLLECTIONS_MINIMUM,
        lowest=1,
        highest=1_000_00,
    ),
)
