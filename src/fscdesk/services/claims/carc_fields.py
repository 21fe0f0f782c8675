"""To which fields of a claim a payer's reason code (CARC) points, the likeliest first.

Our own reading of X12's code list for behavioural health; a code that is not here says that the
whole claim has to be looked at. What a code means is said in ``services/remittances/reasons.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.services.remittances import reasons
from fscdesk.services.remittances.carc import carc_of

_LINE: Final = ("line_code", "line_modifiers", "line_units")
_COVERAGE: Final = ("member_id", "coverage", "patient_name", "birth_date")

FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "4": ("line_modifiers", "line_code"),
        "5": ("place_of_service", "line_place_of_service", "line_modifiers"),
        "6": ("line_code", "birth_date"),
        "7": ("line_code", "sex"),
        "8": ("rendering_taxonomy", "rendering", "line_code"),
        "9": ("diagnoses", "birth_date"),
        "10": ("diagnoses", "sex"),
        "11": ("line_pointers", "diagnoses", "line_code"),
        "12": ("diagnoses", "rendering_taxonomy"),
        "13": ("line_day",),
        "14": ("birth_date", "line_day"),
        "15": ("authorization", "line_code"),
        "16": ("diagnoses", "rendering_npi", "billing_npi", "member_id", *_LINE),
        "18": ("lines", "line_modifiers", "frequency", "original_number"),
        "22": ("others", "coverage"),
        "24": ("coverage", "payer_id"),
        "26": ("coverage", "line_day"),
        "27": ("coverage", "line_day"),
        "29": ("line_day", "original_number", "note"),
        "31": _COVERAGE,
        "33": ("subscriber_name", "relationship", "coverage"),
        "39": ("authorization",),
        "45": ("line_amount",),
        "49": ("line_code", "diagnoses"),
        "50": ("diagnoses", "line_pointers", "line_code", "note"),
        "51": ("diagnoses",),
        "54": ("line_modifiers", "supervising"),
        "55": ("line_code", "note"),
        "58": ("place_of_service", "line_place_of_service"),
        "59": ("line_modifiers", "line_code"),
        "96": ("line_code", "coverage", "diagnoses"),
        "97": ("line_modifiers", "line_code"),
        "107": ("lines", "line_code"),
        "109": ("payer_id", "coverage", "member_id"),
        "110": ("line_day",),
        "119": ("authorization", "line_units"),
        "125": ("patient_name", "member_id", *_LINE),
        "129": ("others", "original_number"),
        "136": ("others",),
        "140": ("member_id", "patient_name"),
        "146": ("diagnoses", "line_day"),
        "147": ("rendering", "line_amount"),
        "148": ("note", "referral"),
        "150": ("line_code", "line_units", "note"),
        "151": ("line_units", "note"),
        "152": ("line_units", "line_code"),
        "165": ("referral", "authorization"),
        "167": ("diagnoses",),
        "170": ("rendering", "rendering_taxonomy", "supervising", "line_code"),
        "171": ("rendering", "place_of_service"),
        "172": ("rendering_taxonomy", "rendering", "line_code"),
        "177": ("coverage", "line_day"),
        "181": ("line_code", "line_day"),
        "182": ("line_modifiers", "line_day"),
        "183": ("referral",),
        "184": ("referral",),
        "185": ("rendering", "rendering_npi", "supervising"),
        "186": ("line_code", "line_units"),
        "189": ("line_code",),
        "197": ("authorization", "line_code"),
        "198": ("authorization", "line_units"),
        "199": ("line_code",),
        "200": ("coverage", "line_day"),
        "204": ("line_code", "coverage"),
        "206": ("rendering_npi", "billing_npi"),
        "207": ("rendering_npi", "billing_npi"),
        "208": ("rendering_npi", "billing_npi"),
        "222": ("line_units", "authorization"),
        "226": ("note",),
        "227": ("patient_name", "others"),
        "231": ("line_code", "line_modifiers"),
        "234": ("line_code", "lines"),
        "236": ("line_code", "line_modifiers"),
        "242": ("rendering", "payer_id"),
        "243": ("authorization", "referral"),
        "252": ("note",),
        "256": ("line_code", "coverage"),
        "272": ("coverage",),
        "273": ("line_units", "coverage"),
        "284": ("authorization", "line_code"),
        "288": ("referral",),
        "296": ("authorization", "line_units"),
        "A1": ("note", *_LINE),
        "B1": ("rendering",),
        "B7": ("rendering", "rendering_npi", "rendering_taxonomy", "line_day"),
        "B9": ("coverage", "line_modifiers"),
        "B11": ("payer_id", "coverage"),
        "B13": ("lines", "original_number"),
        "B15": ("lines", "line_code"),
        "B16": ("line_code",),
        "B20": ("lines", "rendering"),
    }
)
"""By code; field names are those of the claim page and of the scrubber."""
ANY: Final = ("diagnoses", *_LINE, "rendering", "member_id")
"""Where to look for a code that says nothing of the kind."""


def fields_for(carc: str) -> tuple[str, ...]:
    """Return the fields to look at for a reason code, the likeliest first; none without one."""
    code = carc_of(carc)
    return () if code is None else FIELDS.get(code, ANY)


def words_for(carc: str) -> str:
    """Return what a reason code means in our words, or nothing where we have none."""
    reason = reasons.carc(carc)
    return "" if reason is None else reason.words
