"""What an appeal letter says before the argument: the practice's words, with its blanks filled.

A template names what it wants filled in by words in braces; one that is not known stays as it
was typed, so that a slip is seen on the letter and not lost. Pure but for the setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from fscdesk.services.claims.policies import APPEAL_LETTER, words
from fscdesk.services.work import Work

USUAL: Final = (
    "To the appeals department:\n\n"
    "We ask you to review your decision on claim {payer_number} for {patient}, member id "
    "{member_id}, service of {service_days}. On {denied_on} you denied {amount} for this reason: "
    "{reason}."
)
"""Used where the practice has set none."""
BLANKS: Final[Mapping[str, str]] = {
    "patient": "the client's name",
    "member_id": "the member id",
    "payer": "the payer's name",
    "claim": "our number of the claim",
    "payer_number": "the payer's number of the claim, ours where it is not known",
    "service_days": "the days of service",
    "denied_on": "the day of the denial",
    "amount": "what the denied services cost",
    "reason": "the payer's reason",
    "practice": "the practice's name",
    "clinician": "who rendered the service",
    "today": "the day of the letter",
}
"""What a template can have filled in, in words: for the help beside the setting."""
_BLANK: Final = re.compile(r"\{([a-z_]+)\}")


def template(work: Work) -> str:
    """Return the practice's words, or the usual ones."""
    return words(work, APPEAL_LETTER).strip() or USUAL


def merged(text: str, values: Mapping[str, str]) -> str:
    """Return a template with its blanks filled; a blank of another name stays."""
    return _BLANK.sub(lambda found: values.get(found[1], found[0]), text)
