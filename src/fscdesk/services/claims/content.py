"""A claim as it goes out: everything that a form or an 837P says, gathered from its sources.

Scrubbing, the 837P and the CMS-1500 are functions of this alone. Names, addresses and ids come
from the practice, the policy, the patient and the people when the claim is assembled; what was
sent is kept with its batch, so that a form prints again as it left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fscdesk.models.values import ZERO, Money

__all__ = [
    "Address",
    "AuthorizationFacts",
    "ClaimContent",
    "ContentLine",
    "CoverageFacts",
    "EarlierAdjustment",
    "EarlierAnswer",
    "EarlierLine",
    "EarlierPayer",
    "PayerFacts",
    "Person",
    "PracticeFacts",
    "ProviderFacts",
    "ReferralFacts",
]


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as it is kept; ``zip_code`` with or without its last four."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""

    def __bool__(self) -> bool:
        return bool(self.line1 or self.city or self.state or self.zip_code)

    @property
    def complete(self) -> bool:
        """Return whether street, city, state and zip code are all there."""
        return all((self.line1, self.city, self.state, self.zip_code))


@dataclass(frozen=True, slots=True)
class Person:
    """A patient or a subscriber as a claim names them; ``sex`` is M, F, U, or empty."""

    last_name: str
    first_name: str
    middle_name: str = ""
    suffix: str = ""
    birth_date: date | None = None
    sex: str = ""
    address: Address = Address()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """The billing provider (2010AA, boxes 25 and 33) and who sends (1000A).

    ``owner_last`` and ``owner_first`` name the clinician whose own the billing NPI is: a person
    who bills alone is no organization. They are empty for a practice with an NPI of its own.
    """

    name: str
    npi: str
    tax_id: str
    tax_id_kind: str
    taxonomy: str
    address: Address
    phone: str
    contact: str = ""
    owner_last: str = ""
    owner_first: str = ""

    @property
    def is_person(self) -> bool:
        """Return whether a clinician bills under their own name (NM102 1)."""
        return bool(self.owner_last and self.owner_first)


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A clinician in a role on the claim (2310B, 2310D, box 24J)."""

    id: int
    last_name: str
    first_name: str
    npi: str
    taxonomy: str
    licence: str = ""
    credentials: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """Who referred, ordered, or supervises (2310A, boxes 17 and 17b): DN, DK, DQ."""

    qualifier: str
    last_name: str
    first_name: str
    npi: str


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """The payer of this claim (2010BB) and how it wants to be billed.

    ``accepts_assignment``: the practice takes what this payer allows (CLM07, box 27).
    """

    id: int
    name: str
    payer_code: str
    filing_indicator: str
    route: str
    address: Address
    filing_days: int | None
    corrected_days: int | None
    appeal_days: int | None
    needs_authorization: bool
    wants_referral: bool
    member_id_pattern: str
    public_program: bool
    active: bool = True
    accepts_assignment: bool = True


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """The policy of this claim (2010BA, boxes 1a, 4, 6, 7, 11).

    ``payer_id`` is whose policy it is now; None in what was sent before this was kept.
    ``benefits_assigned``: the payer's money comes to the practice (CLM08, OI03, box 13);
    ``release_signed``: the practice may tell the payer what it asks (CLM09, OI06, box 12).
    """

    policy_id: int
    rank: int
    member_id: str
    group_number: str
    plan_name: str
    relationship: str
    subscriber: Person
    valid_from: date
    valid_to: date | None
    payer_id: int | None = None
    benefits_assigned: bool = True
    release_signed: bool = True

    @property
    def is_self(self) -> bool:
        """Return whether the patient is the subscriber (SBR02 18)."""
        return self.relationship == "self"


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """The authorization that the claim names (REF*G1, box 23). ``left`` before this claim."""

    id: int
    number: str
    codes: tuple[str, ...]
    counts: str
    left: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class EarlierAdjustment:
    """What an earlier payer took off, or left to somebody else (CAS): group, CARC, amount."""

    group: str
    carc: str
    amount: Money


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """What an earlier payer decided of one line (2430)."""

    position: int
    paid: Money
    adjustments: tuple[EarlierAdjustment, ...]
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What an earlier payer decided of the claim (2320): the sum of its lines."""

    paid: Money
    patient_owes: Money
    payer_number: str
    decided_on: date | None
    lines: tuple[EarlierLine, ...]


@dataclass(frozen=True, slots=True)
class EarlierPayer:
    """Another coverage of the patient on these days (2320, 2330; boxes 9 to 9d).

    ``answer`` is None while that payer has not decided, and for a coverage that comes later.
    """

    coverage: CoverageFacts
    payer: PayerFacts
    answer: EarlierAnswer | None


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A service line (2400, box 24). ``control`` is our line id (REF*6R)."""

    line_id: int
    position: int
    charge_id: int
    session_id: int
    service_day: date
    code: str
    service_name: str
    modifiers: tuple[str, ...]
    place_of_service: str
    units: int
    amount: Money
    pointers: tuple[int, ...]
    minutes: int | None = None
    service_active: bool = True
    open_insurance: Money = ZERO
    patient_paid: Money = ZERO
    charge_voided: bool = False
    most_units: int | None = None

    @property
    def control(self) -> str:
        """Return what the payer's answer brings back for this line."""
        return str(self.line_id)


@dataclass(frozen=True, slots=True)
class ClaimContent:
    """One claim, complete. ``today`` is the office's day on which it was assembled.

    ``account`` is CLM01 and box 26; ``others`` are the patient's other coverages on these days,
    by rank; ``diagnoses`` codes as they are kept, with the dot, the principal one first.

    ``eligibility_asked_on`` is when the payer was last asked about this policy, and
    ``eligibility_active`` what it said. ``eligibility_days`` how old an answer may be (0: the
    practice does not ask). ``evaluated_on`` is the day of the patient's last 90791 or 90792 with
    this clinician before those of this claim, ``corrects_answer_of`` the day on which the payer
    answered the claim that this one replaces, and ``corrects_sent_on`` the day on which that was
    first sent. ``provider_signature``, ``assignment``, ``benefits_assigned`` and ``release`` are
    CLM06 to CLM09 (boxes 31, 27, 13 and 12).
    """

    claim_id: int
    number: str
    status: str
    frequency: str
    rank: int
    patient_id: int
    patient: Person
    practice: PracticeFacts
    payer: PayerFacts
    coverage: CoverageFacts | None
    rendering: ProviderFacts
    supervising: ProviderFacts | None
    referral: ReferralFacts | None
    facility_name: str
    facility_npi: str
    facility_address: Address
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[ContentLine, ...]
    authorization: AuthorizationFacts | None
    others: tuple[EarlierPayer, ...]
    original_number: str
    note: str
    total: Money
    today: date
    held_for: str = ""
    wait_for: str = ""
    hold_claims: bool = False
    crossed_over: bool = False
    first_sent_on: date | None = None
    denied_on: date | None = None
    answered_on: date | None = None
    doubles: tuple[str, ...] = field(default=())
    """Numbers of other standing claims that bill the same service (payer, day, code,
    modifiers, rendering provider); a corrected claim and its original are not doubles."""
    nears: tuple[str, ...] = field(default=())
    """Numbers of other standing claims of this patient with the same code on the same day."""
    eligibility_asked_on: date | None = None
    eligibility_active: bool | None = None
    eligibility_days: int = 30
    evaluated_on: date | None = None
    corrects_answer_of: date | None = None
    corrects_sent_on: date | None = None
    provider_signature: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"

    @property
    def account(self) -> str:
        """Return the number without its dashes, as payers return it (CLP01)."""
        return self.number.replace("-", "")

    @property
    def first_day(self) -> date:
        """Return the earliest day of service."""
        return min(line.service_day for line in self.lines)

    @property
    def last_day(self) -> date:
        """Return the latest day of service."""
        return max(line.service_day for line in self.lines)
