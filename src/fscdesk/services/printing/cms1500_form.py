"""What a CMS-1500 (02/12) says, box by box, before anybody decides where it stands.

Values are as the practice keeps them: names in both cases, codes with their dots, amounts as
Money. Nothing is refused here: a claim that is not finished must be seen as well. What the form
has no room for is named when its places are found (`cms1500_cells.py`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money

ON_FILE = "SOF"
"""Signature on file, as boxes 12 and 13 say it."""


class CmsCoverage(enum.StrEnum):
    """Box 1: whose insurance it is."""

    MEDICARE = "medicare"
    MEDICAID = "medicaid"
    TRICARE = "tricare"
    CHAMPVA = "champva"
    GROUP = "group"
    FECA = "feca"
    OTHER = "other"


class CmsRelationship(enum.StrEnum):
    """Box 6: what the patient is to the insured."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class CmsSex(enum.StrEnum):
    """Boxes 3 and 11a; the form has no place for anything else, which leaves it empty."""

    MALE = "M"
    FEMALE = "F"


class CmsTaxIdKind(enum.StrEnum):
    """Box 25: what kind of number the tax ID is."""

    SSN = "SSN"
    EIN = "EIN"


@dataclass(frozen=True, slots=True)
class CmsName:
    """A person as boxes 2, 4 and 9 name one: ``LAST SUFFIX, FIRST, M``."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""

    def shown(self) -> str:
        """Last name with suffix, first name, middle initial, with commas between them."""
        last = " ".join(part for part in (self.last.strip(), self.suffix.strip()) if part)
        parts = (last, self.first.strip(), self.middle.strip()[:1])
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class CmsAddress:
    """Boxes 5 and 7: where a person lives, and the phone, with or without its dashes."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CmsPlace:
    """Boxes 32 and 33: a place or a firm, its numbers, and (33 only) its phone."""

    name: str
    street: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""
    npi: str = ""
    other_id_qualifier: str = ""
    """``ZZ`` before a taxonomy, ``G2`` before a number of the payer's."""
    other_id: str = ""


@dataclass(frozen=True, slots=True)
class CmsReferral:
    """Boxes 17 to 17b: ``DN`` referring, ``DK`` ordering, ``DQ`` supervising."""

    qualifier: str
    name: str
    """First name first, with credentials: box 17 is not in the order of box 2."""
    npi: str = ""
    other_id_qualifier: str = ""
    other_id: str = ""


@dataclass(frozen=True, slots=True)
class CmsOtherInsured:
    """Boxes 9, 9a and 9d: the patient's other coverage."""

    name: CmsName
    policy: str = ""
    plan_name: str = ""


@dataclass(frozen=True, slots=True)
class CmsLine:
    """One service of box 24. ``pointers`` are the numbers of the diagnoses, from 1."""

    from_day: date
    to_day: date
    place: str
    code: str
    charge: Money
    units: int = 1
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    rendering_npi: str = ""
    rendering_qualifier: str = ""
    """In the shaded half: ``ZZ`` before a taxonomy."""
    rendering_other_id: str = ""
    paid: Money = ZERO
    """What the patient and earlier payers paid of it: box 29 is the sum for the page."""
    emergency: bool = False
    epsdt: str = ""
    supplement: str = ""
    """The shaded half of 24A to 24G."""


@dataclass(frozen=True, slots=True)
class CmsForm:
    """A whole claim on paper. Boxes 8, 9b, 9c and 30 are reserved and have no value here.

    None in a yes-or-no box leaves both empty. Box 28 is not given: each page adds up its own.
    """

    patient_name: CmsName
    insured_id: str
    relationship: CmsRelationship | None
    lines: tuple[CmsLine, ...]
    diagnoses: tuple[str, ...]
    """ICD-10-CM, the principal one first; with or without the dot."""
    tax_id: str
    tax_id_kind: CmsTaxIdKind | None
    account_number: str
    billing: CmsPlace
    carrier: tuple[str, ...] = ()
    """The payer's name, then its address with city, state and zip last."""
    coverage: CmsCoverage | None = None
    patient_birth_date: date | None = None
    patient_sex: CmsSex | None = None
    patient_address: CmsAddress = CmsAddress()
    insured_name: CmsName | None = None
    insured_address: CmsAddress = CmsAddress()
    insured_birth_date: date | None = None
    insured_sex: CmsSex | None = None
    group_number: str = ""
    plan_name: str = ""
    other_insured: CmsOtherInsured | None = None
    another_plan: bool | None = None
    employment: bool | None = False
    auto_accident: bool | None = False
    auto_state: str = ""
    other_accident: bool | None = False
    claim_codes: str = ""
    other_claim_qualifier: str = ""
    other_claim_id: str = ""
    patient_signature: str = ON_FILE
    patient_signed_on: date | None = None
    insured_signature: str = ON_FILE
    illness_date: date | None = None
    illness_qualifier: str = ""
    """``431`` onset, ``484`` last menstrual period."""
    other_date: date | None = None
    other_date_qualifier: str = ""
    unable_from: date | None = None
    unable_to: date | None = None
    referral: CmsReferral | None = None
    hospital_from: date | None = None
    hospital_to: date | None = None
    additional_information: str = ""
    outside_lab: bool | None = False
    lab_charges: Money | None = None
    resubmission_code: str = ""
    """``7`` replaces, ``8`` voids; empty on an original."""
    original_reference: str = ""
    """The payer's number of the claim that is replaced or voided."""
    prior_authorization: str = ""
    accept_assignment: bool | None = True
    facility: CmsPlace | None = None
    provider_signature: str = ""
    provider_signed_on: date | None = None
