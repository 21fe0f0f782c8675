"""Rules about postal addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.models.claim_batch import Route
from fscdesk.services.claims.content import Address, ClaimContent
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import shown

_PO_BOX: Final = re.compile(
    r"^\W*(p\W*o\W*(box|bx|b\b)|post\W+office\W+box|(lock)?box\W*\d)", re.IGNORECASE | re.ASCII
)
_ZIP: Final = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)
_ZIP_9: Final = re.compile(r"\d{5}-?\d{4}", re.ASCII)
_STATE: Final = re.compile(r"[A-Za-z]{2}", re.ASCII)


@rule(4, "billing-address", "The practice's address", "2010AA N3 and N4, box 33", Severity.STOPS)
def billing_address(content: ClaimContent) -> Iterator[Found]:
    """Guard 2010AA N3 and N4, 2310C and boxes 32 and 33: a street, and a ZIP code of nine digits.

    Payers refuse a PO box as the address of a billing provider since 5010; it may be the address
    that money goes to. On paper five digits do.
    """
    address, where = content.practice.address, "Correct it in Setup, Practice."
    if missing := fault_of(address):
        yield Found("billing_address", f"The practice's address {missing}.", where)
    elif _PO_BOX.search(address.line1):
        yield Found(
            "billing_address",
            f"The practice's address is a PO box: {shown(address.line1)}.",
            "Claims want the street where it works. Put that into Setup, Practice.",
        )
    elif not _ZIP_9.fullmatch(address.zip_code):
        yield Found(
            "billing_address",
            f"The practice's ZIP code {shown(address.zip_code)} has no last four digits; an 837P "
            "needs all nine.",
            "Look them up at the post office and add them in Setup, Practice.",
            at_most=Severity.STOPS if _is_file(content) else Severity.TELLS,
        )
    facility = content.facility_address
    if content.facility_name and facility and (missing := fault_of(facility)):
        yield Found(
            "facility",
            f"The address of {shown(content.facility_name)} {missing}.",
            "Complete it in Setup, Practice, under its locations.",
        )


@rule(
    11, "addresses", "Addresses of client and subscriber", "2010BA and 2010CA N3 and N4, boxes 5 "
    "and 7", Severity.STOPS
)  # fmt: skip
def addresses(content: ClaimContent) -> Iterator[Found]:
    """Guard N3 and N4 of 2010BA and 2010CA, boxes 5 and 7: street, city, state and ZIP code."""
    if missing := fault_of(content.patient.address):
        yield Found(
            "patient_address",
            f"The client's address {missing}.",
            "Complete it in the client's details, or at who pays for the client.",
        )
    coverage = content.coverage
    if coverage is None or coverage.is_self:
        return
    if missing := fault_of(coverage.subscriber.address):
        yield Found(
            "subscriber_address",
            f"The subscriber's address {missing}.",
            "Complete it in the client's policy; empty there means the client's own.",
        )


RULES: Final = (billing_address, addresses)


def fault_of(address: Address) -> str:
    """Return what an address lacks, to follow "the address"; nothing where it is whole."""
    if not address:
        return "is missing"
    lacks = [
        word
        for word, value in (
            ("street", address.line1),
            ("city", address.city),
            ("state", address.state),
            ("ZIP code", address.zip_code),
        )
        if not value.strip()
    ]
    if lacks:
        return f"has no {' and no '.join(lacks)}"
    if not _STATE.fullmatch(address.state):
        return f"has {shown(address.state)} for its state, which is two letters"
    if not _ZIP.fullmatch(address.zip_code):
        return f"has {shown(address.zip_code)} for its ZIP code, which is five or nine digits"
    return ""


def _is_file(content: ClaimContent) -> bool:
    return content.payer.route == Route.ELECTRONIC
