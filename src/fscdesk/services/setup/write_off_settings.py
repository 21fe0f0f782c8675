"""The settings of write-offs and estimates."""

from __future__ import annotations

from typing import Final

from fscdesk.services.billing import limits
from fscdesk.services.setup.declaring import SettingDef

GROUP: Final = "Write-offs"

WRITE_OFF_SETTINGS: Final = (
    SettingDef(
        limits.WRITE_OFF_ALONE,
        GROUP,
        "Without a second person",
        "Up to this sum of an account in 30 days, write-offs and credit memos post at once; all"
        " others wait for approval.",
        "money",
        limits.DEFAULT_WRITE_OFF_ALONE,
        lowest=0,
        highest=50_00,
    ),
    SettingDef(
        limits.SMALL_BALANCE,
        GROUP,
        "Small balance",
        "A write-off run lists accounts that owe no more than this in all.",
        "money",
        limits.DEFAULT_SMALL_BALANCE,
        lowest=1,
        highest=100_00,
    ),
    SettingDef(
        limits.SMALL_BALANCE_DAYS,
        GROUP,
        "Older than",
        "A small balance must have been open so long before a run lists it.",
        "whole",
        limits.DEFAULT_SMALL_BALANCE_DAYS,
        lowest=0,
        highest=1000,
        unit="days",
    ),
    SettingDef(
        limits.RUN_LIMIT,
        GROUP,
        "Most of one run",
        "What is beyond this sum waits for the next run.",
        "money",
        limits.DEFAULT_RUN_LIMIT,
        lowest=1,
        highest=100_000_00,
    ),
    SettingDef(
        limits.VISIT_DAYS,
        GROUP,
        "A visit is near within",
        "A run flags accounts with a visit so soon, as the balance can be asked for then.",
        "whole",
        limits.DEFAULT_VISIT_DAYS,
        lowest=0,
        highest=90,
        unit="days",
    ),
    SettingDef(
        limits.DISPUTE_ABOVE,
        "Estimates",
        "Warn above the estimate by",
        "From here on a bill can be disputed by who pays alone (45 CFR 149.620).",
        "money",
        limits.DEFAULT_DISPUTE_ABOVE,
        lowest=0,
        highest=400_00,
    ),
)
