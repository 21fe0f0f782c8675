"""Whether a claim that goes again says what it said before: then its payer says the same again.

Only a warning comes of it: a payer may have erred, or have what it missed by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from fscdesk.models.claim import Claim, ClaimStatus, Frequency
from fscdesk.services.claims.as_cms1500 import as_it_left
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.carc_fields import fields_for, words_for
from fscdesk.services.claims.detail import ClaimPage
from fscdesk.services.claims.differing import Difference, differences
from fscdesk.services.work import Work

GOING: Final = "22"
"""The box that says as what a claim goes: it differs in every correction."""
BOXES: Final = MappingProxyType(
    {
        "authorization": "23",
        "billing_npi": "33a",
        "birth_date": "3",
        "diagnoses": "21",
        "line_amount": "24f",
        "line_code": "24d",
        "line_modifiers": "24d",
        "line_place_of_service": "24b",
        "line_pointers": "24e",
        "line_units": "24g",
        "member_id": "1a",
        "note": "19",
        "patient_name": "2",
        "place_of_service": "24b",
        "referral": "17",
        "relationship": "6",
        "rendering": "31",
        "rendering_npi": "24j",
        "sex": "3",
        "subscriber_name": "4",
        "supervising": "17",
    }
)
"""In which box a difference of a field shows."""


def unchanged_words(work: Work, page: ClaimPage, differs: Sequence[Difference]) -> str:
    """Return what to think of before a claim goes again, "" where what was wrong is changed.

    ``differs`` is what changes against the claim that this one replaces.
    """
    status = page.row.status
    if page.replaces_id is not None and page.row.frequency is not Frequency.VOID:
        if status not in (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED):
            return ""
        first = work.db.get_one(Claim, page.replaces_id)
        if first.denied_on is None:
            return ""
        return _denied(first.number, first.reason_code, first.reason, differs)
    if status is ClaimStatus.REJECTED:
        said = page.row.reason.rstrip(".") or "no reason"
        if _touched(page) or _differing(work, page):
            return ""
        return f"It was rejected ({said}), and nothing on it is changed since."
    if "correct" in page.may and status in (ClaimStatus.DENIED, ClaimStatus.PARTIALLY_PAID):
        return _denied(
            page.row.number, page.row.reason_code, page.row.reason, _differing(work, page)
        )
    return ""


def _denied(number: str, code: str, reason: str, differs: Sequence[Difference]) -> str:
    changed = {one.box for one in differs} - {GOING}
    asked = [BOXES.get(field, "") for field in fields_for(code)]
    said = (reason or words_for(code)).rstrip(".") or "no reason was given"
    if not changed:
        return f"{number} was denied ({said}), and nothing is changed since."
    if asked and all(asked) and not changed & set(asked):
        return f"{number} was denied ({said}), and nothing of that is changed."
    return ""


def _touched(page: ClaimPage) -> bool:
    """Return whether somebody has changed a field since the claim was rejected."""
    when = max((one.at for one in page.history if one.new is ClaimStatus.REJECTED), default=None)
    return when is not None and any(one.at > when for one in page.changes)


def _differing(work: Work, page: ClaimPage) -> tuple[Difference, ...]:
    """Return what the claim would say now otherwise than as it left."""
    claim_id = page.row.id
    old = as_it_left(work, [claim_id]).get(claim_id)
    new = contents(work, [claim_id]).get(claim_id)
    if old is None or new is None:
        return ()
    found = differences(old, new, denied=False, answered_on=None, granted={})
    return tuple(one for one in found if one.box != GOING)
