"""To which fields of a claim the status code of a 277CA points, the likeliest first.

Our own reading of X12's claim status codes (code source 508) with the entity they are about; one
that is not here says that the whole claim has to be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_MEMBER: Final = ("member_id", "patient_name", "birth_date")
_LINE: Final = ("line_code", "line_modifiers", "line_units")
_OF_NOBODY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "29": _MEMBER,
        "30": _MEMBER,
        "31": ("subscriber_name", "patient_name", "member_id"),
        "32": _MEMBER,
        "33": _MEMBER,
        "34": ("subscriber_name", "patient_name", "member_id"),
        "84": ("authorization",),
        "86": ("diagnoses", "sex"),
        "94": ("referral",),
        "97": ("member_id",),
        "116": ("payer_id", "member_id"),
        "117": ("release",),
        "156": ("relationship",),
        "163": ("group_number", "member_id"),
        "178": ("line_amount",),
        "187": ("line_day",),
        "247": _LINE,
        "249": ("place_of_service", "line_place_of_service"),
        "252": ("authorization",),
        "254": ("diagnoses",),
        "255": ("diagnoses",),
        "258": ("line_units",),
        "453": ("line_modifiers",),
        "454": ("line_code",),
        "464": ("original_number",),
        "476": ("line_units",),
        "477": ("line_pointers", "diagnoses"),
        "507": ("line_code",),
    }
)
_CLIENT: Final = ("IL", "QC", "03")
_BY_ENTITY: Final[Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]]] = MappingProxyType(
    {
        "NPI": {
            ("85", "87"): ("billing_npi",),
            ("DQ",): ("supervising_npi", "supervising"),
            ("DN", "DK"): ("referral",),
            ("82",): ("rendering_npi",),
            (): ("rendering_npi", "billing_npi", "supervising_npi"),
        },
        "taxonomy": {
            ("85", "87"): ("billing_taxonomy",),
            (): ("rendering_taxonomy", "billing_taxonomy"),
        },
        "tax": {(): ("tax_id",)},
        "id": {
            ("PR",): ("payer_id",),
            ("85", "87"): ("billing_npi", "tax_id"),
            ("82",): ("rendering_npi",),
            (): ("member_id",),
        },
        "name": {
            ("82",): ("rendering",),
            ("DQ",): ("supervising",),
            ("DN", "DK"): ("referral",),
            ("IL",): ("subscriber_name", "patient_name"),
            (): ("patient_name", "subscriber_name"),
        },
        "address": {
            ("85", "87"): ("billing_address",),
            ("PR",): ("payer_address",),
            ("IL",): ("subscriber_address", "patient_address"),
            (): ("patient_address", "subscriber_address"),
        },
        "born": {(): ("birth_date",)},
        "sex": {(): ("sex",)},
        "enrolled": {
            ("82",): ("rendering_npi", "rendering"),
            _CLIENT: ("member_id",),
            (): ("billing_npi", "rendering_npi"),
        },
    }
)
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "24": "enrolled",
        "25": "enrolled",
        "26": "enrolled",
        "124": "name",
        "125": "name",
        "126": "address",
        "128": "tax",
        "145": "taxonomy",
        "149": "tax",
        "153": "id",
        "157": "sex",
        "158": "born",
        "164": "id",
        "500": "address",
        "501": "address",
        "502": "address",
        "503": "address",
        "504": "name",
        "505": "name",
        "562": "NPI",
    }
)


def fields_of_status(code: str) -> tuple[str, ...]:
    """Return where ``A7:562:82`` points to: category, status, and the entity where one is named."""
    _category, _colon, rest = code.partition(":")
    status, _colon, entity = rest.partition(":")
    kind = _KINDS.get(status)
    if kind is None:
        return _OF_NOBODY.get(status, ())
    by_entity = _BY_ENTITY[kind]
    return next((found for who, found in by_entity.items() if entity in who), by_entity[()])
