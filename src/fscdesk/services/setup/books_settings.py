"""The settings of the books."""

from __future__ import annotations

import calendar
from typing import Final

from fscdesk.services.accounting import fiscal
from fscdesk.services.setup.declaring import SettingDef

BOOKS_SETTINGS: Final = (
    SettingDef(
        fiscal.FIRST_MONTH,
        "Accounting",
        "Fiscal year begins with",
        "Year-end closes, budgets and this year's earnings follow it. Closed years stay.",
        "choice",
        str(fiscal.DEFAULT_FIRST_MONTH),
        choices=tuple((str(month), calendar.month_name[month]) for month in range(1, 13)),
    ),
)
