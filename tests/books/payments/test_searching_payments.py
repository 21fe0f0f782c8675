"""Ctrl+K finds payments by the check's number, by their own, and by the amount."""

from __future__ import annotations

import pytest

from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Rest
from fscdesk.services.searching import find_anything
from tests.support.payments import open_till, pay, received


@pytest.mark.parametrize("typed", ["481516", "pay-2026-00001", "151.20", "alma 151.20"])
def test_a_number_or_an_amount_finds_the_payment(books: Office, typed: str) -> None:
    till = books.write(open_till).value
    done = received(
        books, pay(till, 151_20, rest=Rest(patient_id=till.alma), reference="0000481516")
    )
    wanted = "0000481516" if typed == "481516" else typed
    found = books.read(lambda work: find_anything(work, wanted))
    assert found[0].title == "PAY-2026-00001 from Alma Anyone"
    assert found[0].detail == "151.20, 0000481516, 04/10/2026"
    assert (found[0].place, found[0].what) == ("payments", {"payment": done.payment_id})
    assert done.amount == Money(151_20)


def test_a_name_alone_or_a_day_finds_none(books: Office) -> None:
    till = books.write(open_till).value
    received(books, pay(till, 151_20, rest=Rest(patient_id=till.alma)))
    for typed in ("alma", "3/2", "alma 3/2"):
        found = books.read(lambda work, typed=typed: find_anything(work, typed))  # type: ignore[misc]
        assert found
        assert all(one.kind != "payment" for one in found)
