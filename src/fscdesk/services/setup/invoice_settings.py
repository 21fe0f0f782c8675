"""The settings of invoices and reminders."""

from __future__ import annotations

from typing import Final

from fscdesk.services.billing import invoice_policies as policies
from fscdesk.services.setup.declaring import SettingDef

GROUP: Final = "Invoices"

INVOICE_SETTINGS: Final = (
    SettingDef(
        policies.INVOICE_MINIMUM,
        GROUP,
        "Smallest invoice",
        "Clients with less to invoice get none until more has come together.",
        "money",
        policies.DEFAULT_INVOICE_MINIMUM,
        lowest=0,
        highest=1_000_00,
    ),
    SettingDef(
        policies.AUTOMATICALLY,
        GROUP,
        "Invoice by itself",
        "A session that completes is invoiced at once, as a draft that a person sends.",
        "yes_no",
        False,
    ),
    SettingDef(
        policies.STYLE,
        GROUP,
        "Style",
        "How much the next invoices say, where nobody chooses.",
        "choice",
        "patient",
        choices=(
            ("patient", "In plain words"),
            ("detailed", "With codes and rates"),
            ("summary", "Sums by month"),
        ),
    ),
    SettingDef(
        policies.HOW_TO_PAY,
        GROUP,
        "How to pay",
        "Stands under the lines of an invoice; empty for the usual words.",
        "text",
        "",
        highest=300,
    ),
    *(
        SettingDef(
            policies.reminder_key(days),
            "Reminders",
            f"Reminder at {days} days",
            f"What the letter says when an invoice is {days} days overdue.",
            "text",
            policies.REMINDER_WORDS[days],
            highest=300,
        )
        for days in policies.BANDS
    ),
)
