"""The settings of what statements say about their age."""

from __future__ import annotations

from typing import Final

from fscdesk.services.billing.dunning import BANDS, DEFAULTS, LONGEST, PENDING, PREFIX
from fscdesk.services.setup.declaring import SettingDef

_AGES: Final = ("up to 30 days", "from 31 days", "from 61 days", "from 91 days", "over 120 days")
_STATES: Final = (("", ""), (PENDING, ", insurance pending"))

DUNNING_SETTINGS: Final = tuple(
    SettingDef(
        f"{PREFIX}{band}{pending}",
        "Statement texts",
        f"Owed {age}{words}",
        "Stands on the next statements whose oldest open part is of this age.",
        "text",
        DEFAULTS[f"{PREFIX}{band}{pending}"],
        highest=LONGEST,
    )
    for band, age in zip(BANDS, _AGES, strict=True)
    for pending, words in _STATES
)
