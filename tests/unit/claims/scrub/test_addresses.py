from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import Address
from tests.support.claim_contents import (
    HOME,
    a_coverage,
    a_payer,
    alma,
    clean,
    found,
    of,
    only,
)

STREET = Address("20 Sample Street", "", "Nowhere", "NJ", "07005-1234")


@pytest.mark.parametrize(
    "box",
    [
        "PO Box 12",
        "P.O. Box 12",
        "p o box 12",
        "P. O. BOX 12",
        "Post Office Box 1",
        "POB 7",
        "Box 9",
    ],
)
def test_billing_address(box: str) -> None:
    one = only("billing-address", of("practice", address=replace(STREET, line1=box)))
    assert one.severity is Severity.STOPS
    assert f"a PO box: {box}" in one.message
    assert one.field == "billing_address"


@pytest.mark.parametrize(
    "street", ["12 Poblano Road", "1 Post Office Square", "5 Boxwood Lane", "Polk 1"]
)
def test_a_street_is_no_box(street: str) -> None:
    assert not found(of("practice", address=replace(STREET, line1=street)))


def test_billing_address_has_nine_digits_in_a_file() -> None:
    short = of("practice", address=replace(STREET, zip_code="07005"))
    assert only("billing-address", short).severity is Severity.STOPS
    paper = replace(short, payer=a_payer(route="paper"))
    assert only("billing-address", paper).severity is Severity.TELLS
    assert not found(of("practice", address=replace(STREET, zip_code="070051234")))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (Address(), "is missing"),
        (replace(STREET, city=" "), "has no city"),
        (replace(STREET, line1="", state=""), "has no street and no state"),
        (replace(STREET, state="New Jersey"), "has New Jersey for its state"),
        (replace(STREET, zip_code="0700"), "has 0700 for its ZIP code"),
    ],
)
def test_what_an_address_lacks_is_said(address: Address, said: str) -> None:
    assert said in only("billing-address", of("practice", address=address)).message
    assert said in only("addresses", clean(patient=alma(address=address))).message
    place = clean(facility_name="East office", facility_address=address)
    if address:
        assert only("billing-address", place).field == "facility"
    else:
        assert not found(place)


def test_addresses() -> None:
    one = only("addresses", clean(patient=alma(address=replace(HOME, line1=""))))
    assert (one.severity, one.field) == (Severity.STOPS, "patient_address")
    assert "client" in one.hint
    mother = alma(first_name="Zebra", address=Address())
    other = a_coverage(relationship="child", subscriber=mother)
    one = only("addresses", clean(coverage=other))
    assert one.field == "subscriber_address"
    assert "policy" in one.hint
    same = a_coverage(subscriber=mother)  # who is insured alone is the client: one address
    assert not found(clean(coverage=same))
