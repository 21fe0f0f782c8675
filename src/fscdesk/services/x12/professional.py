"""An 837P file (005010X222A1) as typed loops: what is written, and what is read back equal.

Texts are kept as the caller has them; the writer makes them X12's basic characters. What was
read, or has been written once, is already in that form. An empty text, None and () all mean
that the element or segment is left away. Loop names follow the implementation guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.x12.segments import Oddity
from fscdesk.services.x12.writing import Controls

VERSION: Final = "005010X222A1"
MOST_CLAIMS: Final = 5_000
"""Of one ST: the implementation guide's recommended most."""
MOST_LINES: Final = 50
MOST_DIAGNOSES: Final = 12
MOST_POINTERS: Final = 4
MOST_MODIFIERS: Final = 4
MOST_OTHER_PAYERS: Final = 10
ONE_UNIT: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Name:
    """A person, or an organization whose name is ``last``."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = True

    @classmethod
    def of_organization(cls, name: str) -> Name:
        """Return the name of an organization (NM102 = 2)."""
        return cls(name, is_person=False)


@dataclass(frozen=True, slots=True)
class Address:
    """N3 and N4. ``state`` and ``zip_code`` are needed unless ``country`` names another one."""

    street: str
    city: str
    state: str
    zip_code: str
    street2: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """PER*IC: whom to call. Of the numbers only digits are written."""

    name: str
    phone: str
    extension: str = ""
    fax: str = ""


@dataclass(frozen=True, slots=True)
class Submitter:
    """Loop 1000A: who made the file, by the id that the receiver gave."""

    name: Name
    identifier: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Receiver:
    """Loop 1000B: who takes the file."""

    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """Loops 2000A, 2010AA and 2010AB: who asks for the money; ``pay_to`` where it goes elsewhere.

    ``npi`` may be empty only for an atypical provider, whom the payer knows by
    `Payer.provider_number`.
    """

    name: Name
    npi: str
    tax_id: str
    address: Address
    tax_id_is_ssn: bool = False
    taxonomy: str = ""
    contact: Contact | None = None
    pay_to: Address | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loop 2000B and 2010BA: whose insurance it is, and the coverage that this claim is for.

    ``responsibility`` is P, S or T (SBR01). Address, birth date and sex are needed when the
    subscriber is the patient. ``insurance_type`` (SBR05) is for Medicare as a secondary payer.
    """

    name: Name
    member_id: str
    responsibility: str = "P"
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    address: Address | None = None
    born_on: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class PatientLoop:
    """Loop 2000C and 2010CA: the patient who is not the subscriber; ``relationship`` is PAT01."""

    relationship: str
    name: Name
    address: Address | None
    born_on: date | None
    sex: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Loop 2010BB: who shall pay; ``provider_number`` is its own for the billing provider (G2)."""

    name: str
    identifier: str
    address: Address | None = None
    provider_number: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """Loop 2310A, B, C or D: named only where it is not the billing provider itself.

    A facility has an address, a rendering provider may have a taxonomy.
    """

    name: Name
    npi: str = ""
    taxonomy: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS: what an earlier payer took off, under a group such as CO or PR."""

    group: str
    reason: str
    amount: Money
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Loops 2320, 2330A and 2330B: another payer of this claim, and what it did if it came first.

    ``paid`` is AMT*D, ``remaining`` AMT*EAF (what the patient still owes after it),
    ``not_covered`` AMT*A8. ``adjustments`` are those of the claim as a whole; those of a line
    stand with the line, and so does the day then: ``adjudicated_on`` is only for answers that
    came without lines. ``relationship`` is the patient's to this payer's subscriber, 18 self.
    """

    responsibility: str
    relationship: str
    subscriber: Name
    member_id: str
    payer_name: str
    payer_id: str
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    paid: Money | None = None
    not_covered: Money | None = None
    remaining: Money | None = None
    benefits_assigned: str = "Y"
    signature_source: str = ""
    release: str = "Y"
    remark_codes: tuple[str, ...] = ()
    subscriber_address: Address | None = None
    payer_address: Address | None = None
    adjudicated_on: date | None = None
    claim_number: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """PWK: a paper that exists. ``control`` ties it to the claim, AA (on request) needs none."""

    report_type: str
    transmission: str
    control: str = ""


@dataclass(frozen=True, slots=True)
class LineAdjudication:
    """Loop 2430: what an earlier payer, by the id of its 2330B, said to one line."""

    payer_id: str
    paid: Money
    code: str
    adjudicated_on: date | None
    modifiers: tuple[str, ...] = ()
    units: Decimal = ONE_UNIT
    bundled_into: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remaining: Money | None = None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """Loop 2400. ``place`` only where it differs from the claim's; ``pointers`` count from 1.

    ``service_to`` is None for a single day. ``control`` (REF*6R) comes back in the 835.
    """

    code: str
    charge: Money
    pointers: tuple[int, ...]
    service_from: date | None
    service_to: date | None = None
    modifiers: tuple[str, ...] = ()
    units: Decimal = ONE_UNIT
    unit_basis: str = "UN"
    place: str = ""
    control: str = ""
    note: str = ""
    attachments: tuple[Attachment, ...] = ()
    adjudications: tuple[LineAdjudication, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfessionalClaim:
    """Loop 2300 with the subscriber, payer and patient above it.

    ``control`` (CLM01) comes back as CLP01 of the 835. ``charge`` must be what the lines add
    up to. ``original_reference`` is the payer's own number of the claim that a frequency 7
    replaces or 8 voids. ``diagnoses`` begin with the principal one.
    ``related_causes`` are AA (auto), EM (employment) and OA (other accident).
    """

    control: str
    charge: Money
    place: str
    subscriber: Subscriber
    payer: Payer
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    patient: PatientLoop | None = None
    frequency: str = "1"
    provider_signature: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    signature_source: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_on: date | None = None
    onset_on: date | None = None
    attachments: tuple[Attachment, ...] = ()
    patient_paid: Money | None = None
    authorization: str = ""
    original_reference: str = ""
    note: str = ""
    referring: Provider | None = None
    rendering: Provider | None = None
    facility: Provider | None = None
    supervising: Provider | None = None
    other_payers: tuple[OtherPayer, ...] = ()

    @property
    def line_total(self) -> Money:
        """What the lines add up to; a written claim always says the same in ``charge``."""
        return sum((line.charge for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class ProfessionalSet:
    """One ST to SE: the claims of one billing provider.

    ``control`` is ST02 (4 to 9 characters), ``reference`` BHT03, the batch's own name.
    A read file that has several billing providers in one ST gives a set for each of them.
    """

    control: str
    reference: str
    billing: BillingProvider
    claims: tuple[ProfessionalClaim, ...]


@dataclass(frozen=True, slots=True)
class ProfessionalFile:
    """One interchange with one group of 837P sets."""

    controls: Controls
    submitter: Submitter
    receiver: Receiver
    sets: tuple[ProfessionalSet, ...]

    @property
    def claims(self) -> tuple[ProfessionalClaim, ...]:
        """All claims of the file, in its order."""
        return tuple(claim for one in self.sets for claim in one.claims)


@dataclass(frozen=True, slots=True)
class Reading837P:
    """What a text held. Where ``oddities`` is empty, no segment was left out."""

    files: tuple[ProfessionalFile, ...]
    oddities: tuple[Oddity, ...]

    @property
    def claims(self) -> tuple[ProfessionalClaim, ...]:
        """All claims that were found, in the order of the text."""
        return tuple(claim for one in self.files for claim in one.claims)


class CannotWrite(ValueError):
    """A value that an 837P cannot carry: too long, missing, or of the wrong form.

    ``field`` says where (``subscriber zip code``), ``message`` what is wrong and ``claim`` is
    the CLM01 of the claim it was met in, "" in what all claims share. Nothing is ever cut.
    """

    def __init__(self, field: str, message: str, claim: str = "") -> None:
        super().__init__(f"claim {claim}: {field} {message}" if claim else f"{field} {message}")
        self.field = field
        self.message = message
        self.claim = claim
