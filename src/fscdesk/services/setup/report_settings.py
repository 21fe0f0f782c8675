"""The settings of the reports that are written each month."""

from __future__ import annotations

from typing import Final

from fscdesk.services.setup.declaring import SettingDef

MONTHLY_REPORTS, REPORTS_FOLDER = "monthly_reports", "reports_folder"
_GROUP = "Reports"

REPORT_SETTINGS: Final = (
    SettingDef(
        MONTHLY_REPORTS,
        _GROUP,
        "Reports of each month",
        "Written once a month, about the month before, as PDF and Excel.",
        "several",
        (),
        choices=(
            ("income", "Income statement"),
            ("balance-sheet", "Balance sheet"),
            ("cash-flow", "Cash flow"),
            ("budget-variance", "Budget and actual"),
            ("aging", "A/R aging"),
            ("unapplied", "Unapplied money"),
            ("roll-forward", "A/R roll-forward"),
            ("payer-mix", "Payer mix"),
            ("adjustments", "Adjustments by reason"),
            ("revenue", "Revenue by service"),
            ("production", "Provider production"),
            ("collection-rate", "Collection rate"),
            ("dso", "Days in A/R"),
            ("clean-claims", "Clean claims"),
            ("denials", "Denials"),
            ("trial-balance", "Trial balance"),
            ("tie-out", "Tie-out of receivables"),
        ),
    ),
    SettingDef(
        REPORTS_FOLDER,
        _GROUP,
        "Folder of the reports",
        "Where they are written to. Without it none is. They show clients' names where a report"
        " does.",
        "folder",
        "",
        highest=400,
    ),
)
