"""Claims as an 837P file: one interchange with all of them, checked by reading it back.

One transaction set holds the claims of one payer. A receiver rejects a set as a whole, so that
what is wrong with one payer's claims does not keep the others from being read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fscdesk.services.claims.as_837p_claim import address_of, as_claim, bare_digits
from fscdesk.services.claims.content import ClaimContent, PracticeFacts
from fscdesk.services.claims.policies import Sender
from fscdesk.services.x12.professional import (
    MOST_CLAIMS,
    BillingProvider,
    CannotWrite,
    Contact,
    Name,
    ProfessionalFile,
    ProfessionalSet,
    Receiver,
    Submitter,
)
from fscdesk.services.x12.reading_837p import read_837p
from fscdesk.services.x12.writing import Controls, basic
from fscdesk.services.x12.writing_837p import write_837p

__all__ = [
    "FileControls",
    "as_file",
    "read_back_fault",
    "set_control",
    "sets_of",
    "unwritable",
    "write_claims",
]


@dataclass(frozen=True, slots=True)
class FileControls:
    """The numbers of one file. ``sets`` are one for each of `sets_of`; ``made_at`` office time."""

    interchange: int
    group: int
    sets: tuple[int, ...]
    made_at: datetime
    reference: str


def sets_of(contents: Iterable[ClaimContent]) -> list[list[ClaimContent]]:
    """Return the claims by transaction set: one for each payer, in the order that they came.

    A payer with more claims than a set takes (5,000) has several.
    """
    found: dict[tuple[PracticeFacts, int], list[ClaimContent]] = {}
    for one in contents:
        found.setdefault((one.practice, one.payer.id), []).append(one)
    return [
        group[start : start + MOST_CLAIMS]
        for group in found.values()
        for start in range(0, len(group), MOST_CLAIMS)
    ]


def set_control(number: int) -> str:
    """Return ST02 for a number: at least four digits."""
    return f"{number:04d}"


def write_claims(
    contents: Sequence[ClaimContent], sender: Sender, controls: FileControls
) -> tuple[ProfessionalFile, str]:
    """Return the file as dataclasses and as text. Raises CannotWrite, naming claim and field."""
    file = as_file(contents, sender, controls)
    return file, write_837p(file)


def read_back_fault(file: ProfessionalFile, text: str) -> str:
    """Return in what the text is not the file when our reader reads it; "" where it is the same.

    The check of the writer by the reader: nothing leaves the office that does not say, claim by
    claim and field by field, what was meant.
    """
    reading = read_837p(text)
    if reading.oddities:
        return reading.oddities[0].message
    if len(reading.files) != 1:
        return f"it holds {len(reading.files)} files"
    found = reading.files[0]
    for meant, read in zip(file.claims, found.claims, strict=False):
        if meant != read:
            return f"claim {meant.control} reads otherwise"
    if len(file.claims) != len(found.claims):
        return f"it holds {len(found.claims)} claims, not {len(file.claims)}"
    return "" if found == file else "its envelope reads otherwise"


def unwritable(contents: Sequence[ClaimContent], sender: Sender) -> dict[int, CannotWrite]:
    """Return which claims cannot be written, each with its first fault; key 0 is the file's own."""
    controls = FileControls(1, 1, tuple(range(1, len(contents) + 1)), _ANY_DAY, "CHECK")
    if not contents:
        return {}
    try:
        write_claims(contents, sender, controls)
    except CannotWrite:
        pass
    else:
        return {}
    found: dict[int, CannotWrite] = {}
    for one in contents:
        try:
            write_claims([one], sender, controls)
        except CannotWrite as fault:
            found[one.claim_id if fault.claim else 0] = fault
    return found


_ANY_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - office time has no zone in X12


def as_file(
    contents: Sequence[ClaimContent], sender: Sender, controls: FileControls
) -> ProfessionalFile:
    """Return one interchange with all claims. Raises CannotWrite where a claim lacks a part."""
    groups = sets_of(contents)
    return ProfessionalFile(
        Controls(
            basic(sender.submitter_id),
            basic(sender.receiver_id),
            controls.interchange,
            controls.group,
            controls.made_at.replace(second=0, microsecond=0, tzinfo=None),
            sender.submitter_qualifier,
            sender.receiver_qualifier,
            test=sender.test,
        ),
        Submitter(
            Name.of_organization(basic(sender.submitter_name)),
            basic(sender.submitter_id),
            Contact(basic(sender.contact), bare_digits(sender.phone)),
        ),
        Receiver(basic(sender.receiver_name), basic(sender.receiver_id)),
        tuple(
            ProfessionalSet(
                set_control(number),
                f"{controls.reference}.{at}",
                _billing(group[0].practice),
                tuple(as_claim(one) for one in group),
            )
            for at, (group, number) in enumerate(zip(groups, controls.sets, strict=False), start=1)
        ),
    )


def _billing(practice: PracticeFacts) -> BillingProvider:
    name = Name.of_organization(basic(practice.name))
    if practice.is_person:
        name = Name(basic(practice.owner_last), basic(practice.owner_first))
    return BillingProvider(
        name,
        practice.npi,
        bare_digits(practice.tax_id),
        address_of(practice.address),
        tax_id_is_ssn=practice.tax_id_kind == "SY",
        taxonomy=basic(practice.taxonomy),
    )
