"""What a statement says about its age: a text for each age, with and without insurance pending.

The text is made with the figures and frozen with them, so a payment in between changes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from fscdesk.models.setting import Setting
from fscdesk.services.id_sets import among_words
from fscdesk.services.printing.statement import StatementAges
from fscdesk.services.work import Work

BANDS: Final = ("0", "31", "61", "91", "121")
"""Each age by its first day, as in the buckets of a statement."""
PREFIX: Final = "statement_dunning_"
PENDING: Final = "_pending"
LONGEST: Final = 300

_ASKS: Final = (
    "",
    "Part of this balance is more than 30 days old. If you have paid it already, thank you.",
    "Part of this balance is more than 60 days old. Pay it now, or call us about a plan.",
    "Part of this balance is more than 90 days old. Pay it now, or call us this week.",
    "Part of this balance is more than 120 days old. Unpaid, it may go to a collection agency.",
)
_WAITS: Final = "Your insurance has not answered for all of it; what it owes is not asked of you."

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        **{f"{PREFIX}{band}": asks for band, asks in zip(BANDS, _ASKS, strict=True)},
        **{
            f"{PREFIX}{band}{PENDING}": f"{asks} {_WAITS}".strip()
            for band, asks in zip(BANDS, _ASKS, strict=True)
        },
    }
)
"""Settings: the text of each age, by its key; with ``_pending`` where insurance is pending."""


def dunning_texts(work: Work) -> dict[str, str]:
    """Return every text by the key of its setting, as the practice has it now."""
    kept = work.db.execute(
        select(Setting.key, Setting.value).where(among_words(work, Setting.key, list(DEFAULTS)))
    )
    return {**DEFAULTS, **{row.key: str(row.value) for row in kept}}


def dunning_text(texts: Mapping[str, str], ages: StatementAges, *, pending: bool) -> str:
    """Return the text for what is owed; nothing where nothing is.

    Credits count against the oldest first: who has paid the old part is not reminded of it.
    """
    kept = ages.credits.cents
    for band in range(len(BANDS) - 1, -1, -1):
        owed = ages.owed[band].cents
        if owed > kept:
            return texts[f"{PREFIX}{BANDS[band]}{PENDING if pending else ''}"]
        kept -= owed
    return ""
