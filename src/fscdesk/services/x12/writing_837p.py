"""Writes an 837P file, 005010X222A1: envelopes, levels (HL), and each claim under its patient.

Claims keep their order. Neighbours of one subscriber and payer share a level, as the guide
wants it; each ST holds one billing provider. Pure: the control numbers are the caller's.
"""

from __future__ import annotations

from typing import Final

from fscdesk.services.x12.professional import (
    MOST_CLAIMS,
    VERSION,
    BillingProvider,
    CannotWrite,
    Name,
    Payer,
    ProfessionalClaim,
    ProfessionalFile,
    ProfessionalSet,
    Subscriber,
)
from fscdesk.services.x12.writing import SegmentWriter
from fscdesk.services.x12.writing_837p_claim import write_claim
from fscdesk.services.x12.writing_837p_cob import RELATIONSHIPS, SELF, write_coverage
from fscdesk.services.x12.writing_837p_parties import (
    ORGANIZATION,
    PERSON,
    write_address,
    write_birth,
    write_contact,
    write_name,
)
from fscdesk.services.x12.writing_837p_values import compact, digits, npi, one_of, required

_QUALIFIERS: Final = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})
_MOST_UNDER_ONE = 100
"""Loop 2300 stands at most this often under one subscriber or patient."""


def write_837p(file: ProfessionalFile) -> str:
    """Return the file's text, each segment on a line of its own.

    Raises CannotWrite for the first value that the format cannot carry; nothing is cut.
    """
    if not file.sets:
        raise CannotWrite("file", "has no claims")
    writer = SegmentWriter()
    _open(writer, file)
    for one in file.sets:
        _SetWriter(writer, file, one).write()
    writer.close_file()
    return writer.text()


def _open(writer: SegmentWriter, file: ProfessionalFile) -> None:
    """Write ISA and GS."""
    controls = file.controls
    one_of("sender qualifier", controls.sender_qualifier, _QUALIFIERS)
    one_of("receiver qualifier", controls.receiver_qualifier, _QUALIFIERS)
    required("group sender", controls.group_sender or controls.sender, 15, 2)
    required("group receiver", controls.group_receiver or controls.receiver, 15, 2)
    try:
        writer.open_file(controls, "HC", VERSION)
    except ValueError as refused:
        raise CannotWrite("envelope", str(refused)) from refused


class _SetWriter:
    """Writes one ST to SE, and counts its levels."""

    def __init__(self, writer: SegmentWriter, file: ProfessionalFile, one: ProfessionalSet) -> None:
        self._writer = writer
        self._file = file
        self._set = one
        self._level = 0
        self._subscriber_level = 0
        self._above: ProfessionalClaim | None = None
        self._under = 0

    def write(self) -> None:
        claims = self._set.claims
        if not 0 < len(claims) <= MOST_CLAIMS:
            raise CannotWrite("claims", f"are {len(claims)}; one ST has 1 to {MOST_CLAIMS}")
        made_at = self._file.controls.made_at
        self._writer.open_set("837", compact("set control", self._set.control, 4, 9), VERSION)
        self._writer.add(
            *("BHT", "0019", "00", required("batch reference", self._set.reference, 50)),
            *(made_at.date(), f"{made_at:%H%M}", "CH"),
        )
        self._write_ends()
        self._write_billing(self._set.billing)
        for claim in claims:
            try:
                self._write_above(claim)
                write_claim(self._writer, claim)
            except CannotWrite as refused:
                raise CannotWrite(refused.field, refused.message, claim.control) from None
            self._above = claim
        self._writer.close_set()

    def _write_ends(self) -> None:
        """Write loops 1000A and 1000B."""
        submitter, receiver = self._file.submitter, self._file.receiver
        if submitter.name.suffix:
            raise CannotWrite("submitter name suffix", "has no place in an 837P")
        write_name(
            *(self._writer, "submitter", "41", submitter.name),
            qualifier="46",
            identifier=required("submitter id", submitter.identifier, 80, 2),
        )
        write_contact(self._writer, "submitter", submitter.contact)
        write_name(
            *(self._writer, "receiver", "40", Name.of_organization(receiver.name)),
            may_be=ORGANIZATION,
            qualifier="46",
            identifier=required("receiver id", receiver.identifier, 80, 2),
        )

    def _write_billing(self, billing: BillingProvider) -> None:
        """Write loops 2000A, 2010AA and 2010AB."""
        field = "billing provider"
        self._open_level("", "20", has_child=True)
        if billing.taxonomy:
            taxonomy = compact(f"{field} taxonomy", billing.taxonomy, 10)
            self._writer.add("PRV", "BI", "PXC", taxonomy)
        number = npi(f"{field} NPI", billing.npi)
        write_name(self._writer, field, "85", billing.name, qualifier="XX", identifier=number)
        write_address(self._writer, field, billing.address)
        kind = "SY" if billing.tax_id_is_ssn else "EI"
        self._writer.add("REF", kind, digits(f"{field} tax id", billing.tax_id, 9))
        if billing.contact is not None:
            write_contact(self._writer, field, billing.contact)
        if billing.pay_to is not None:
            self._writer.add("NM1", "87", "1" if billing.name.is_person else "2")
            write_address(self._writer, "pay-to", billing.pay_to)

    def _write_above(self, claim: ProfessionalClaim) -> None:
        """Write loops 2000B and 2000C unless this claim stands under those of the one before."""
        above = self._above
        same_payer = above is not None and (
            (above.subscriber, above.payer) == (claim.subscriber, claim.payer)
            and (above.patient is None) == (claim.patient is None)
        )
        same_patient = same_payer and above is not None and above.patient == claim.patient
        if same_patient and self._under < _MOST_UNDER_ONE:
            self._under += 1
            return
        self._under = 1
        if not same_payer or claim.patient is None:
            self._subscriber_level = self._level + 1
            self._open_level("1", "22", has_child=claim.patient is not None)
            self._write_subscriber(claim.subscriber, is_patient=claim.patient is None)
            self._write_payer(claim.payer)
        if claim.patient is not None:
            self._open_level(str(self._subscriber_level), "23", has_child=False)
            self._write_patient(claim)

    def _open_level(self, parent: str, kind: str, *, has_child: bool) -> None:
        self._level += 1
        self._writer.add("HL", self._level, parent, kind, "1" if has_child else "0")

    def _write_subscriber(self, subscriber: Subscriber, *, is_patient: bool) -> None:
        field = "subscriber"
        write_coverage(self._writer, field, subscriber, SELF if is_patient else "")
        write_name(
            *(self._writer, field, "IL", subscriber.name),
            qualifier="MI",
            identifier=required("member id", subscriber.member_id, 80, 2),
        )
        if is_patient or subscriber.address is not None:
            write_address(self._writer, field, subscriber.address)
        write_birth(*(self._writer, field, subscriber.born_on, subscriber.sex), needed=is_patient)

    def _write_payer(self, payer: Payer) -> None:
        write_name(
            *(self._writer, "payer", "PR", Name.of_organization(payer.name)),
            may_be=ORGANIZATION,
            qualifier="PI",
            identifier=required("payer id", payer.identifier, 80, 2),
        )
        if payer.address is not None:
            write_address(self._writer, "payer", payer.address)
        if payer.provider_number:
            number = required("provider number", payer.provider_number, 50)
            self._writer.add("REF", "G2", number)

    def _write_patient(self, claim: ProfessionalClaim) -> None:
        patient = claim.patient
        assert patient is not None, "only called for a patient who is not the subscriber"
        relation = one_of("patient relationship", patient.relationship, RELATIONSHIPS)
        self._writer.add("PAT", relation)
        write_name(self._writer, "patient", "QC", patient.name, may_be=PERSON)
        write_address(self._writer, "patient", patient.address)
        write_birth(self._writer, "patient", patient.born_on, patient.sex, needed=True)
