"""What payers' reason codes (CARC) and remark codes (RARC) say, and what to do about them.

The codes are X12's and CMS's; words, categories and remedies are ours, for behavioural health.
They come from ``resources/seeds/carc.csv`` and ``rarc.csv``; a code that is not there is not known.
"""

from __future__ import annotations

import csv
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from fscdesk.resources import resource
from fscdesk.services.remittances.carc import carc_of


class Category(enum.StrEnum):
    """What a reason is about; the order is that in which reports list them."""

    CONTRACT = "contract"
    PATIENT_SHARE = "patient share"
    ELIGIBILITY = "eligibility"
    AUTHORIZATION = "authorization"
    CODING = "coding"
    DUPLICATE = "duplicate"
    FILING_LIMIT = "filing limit"
    INFORMATION_MISSING = "information missing"
    COORDINATION = "coordination of benefits"
    MEDICAL_NECESSITY = "medical necessity"
    PROVIDER = "provider"
    BENEFIT_LIMIT = "benefit limit"
    BUNDLED = "bundled"
    TAKE_BACK = "take-back"
    INTEREST = "interest or penalty"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code in words, its usual remedy, and the document that helps ("" for none)."""

    code: str
    words: str
    category: Category
    remedy: str
    document: str


def carc(code: str) -> Reason | None:
    """Return what an adjustment reason means, as typed or as sent (``045``); None if unknown."""
    found = carc_of(code)
    return None if found is None else carcs().get(found)


def rarc(code: str) -> Reason | None:
    """Return what a remark code means; None if unknown."""
    return rarcs().get(code.strip().upper())


@cache
def carcs() -> Mapping[str, Reason]:
    """Return every adjustment reason that is known, by code, in the order of the list."""
    return _read("seeds/carc.csv")


@cache
def rarcs() -> Mapping[str, Reason]:
    """Return every remark that is known, by code, in the order of the list."""
    return _read("seeds/rarc.csv")


def _read(name: str) -> Mapping[str, Reason]:
    with resource(name).open(encoding="utf-8", newline="") as lines:
        found = {
            row["code"]: Reason(
                code=row["code"],
                words=row["words"],
                category=Category(row["category"]),
                remedy=row["remedy"],
                document=row["document"],
            )
            for row in csv.DictReader(lines)
        }
    return MappingProxyType(found)
