"""Good-faith estimates: what they hold, when a bill is warned of, what the page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.practice import Location
from fscdesk.models.service import Service
from fscdesk.models.values import Money
from fscdesk.services.billing.estimates import (
    DisputeWarning,
    NewEstimate,
    NewLine,
    dispute_warning,
    estimate_document,
    estimate_of,
    estimates_of,
    make_estimate,
    withdraw_estimate,
)
from fscdesk.services.billing.limits import DISPUTE_ABOVE
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.printing.estimate import estimate
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till
from tests.support.pdf import page_texts
from tests.support.people import add_payer, add_session
from tests.support.second_person import at_once, clerk, nobody, without
from tests.support.write_offs import TODAY, decide_setting

MARCH = date(2026, 3, 1)


def wanted(books: Office, till: Till) -> NewEstimate:
    """Ten sessions of 160.00 with the clinician of the charges, since March."""

    def look(work: Work) -> NewEstimate:
        charge = work.db.get_one(Charge, till.own)
        lines = (NewLine(charge.service_id, 10),)
        return NewEstimate(till.ben, lines, charge.provider_id, MARCH, ("f41.1", "F41.1"))

    return books.read(look)


def made(books: Office, new: NewEstimate) -> int:
    return books.write(lambda work: make_estimate(work, new)).value


def sessions(books: Office, till: Till, count: int, *, payer: bool = False) -> None:
    """Charge so many sessions of 160.00 more."""

    def act(work: Work) -> None:
        provider = work.db.get_one(Charge, till.own).provider_id or 0
        by = add_payer(work, "Imaginary Blue") if payer else None
        for number in range(count):
            day = date(2026, 3, 4) + timedelta(days=number)
            amounts = {"insurance": 160_00} if payer else {"share": 160_00}
            add_session(work, till.ben, provider, day=day, payer=by, **amounts)  # type: ignore[arg-type]

    books.write(act)


def warning(books: Office, till: Till, on: date | None = None) -> DisputeWarning | None:
    return books.read(lambda work: dispute_warning(work, till.ben, on=on))


def test_an_estimate_holds_for_twelve_months(books: Office, till: Till) -> None:
    first = made(books, wanted(books, till))
    row = books.read(lambda work: estimate_of(work, first))
    assert (row.number, row.total, row.valid_from, row.valid_to, row.in_force) == (
        "GFE-2026-00001",
        Money(1600_00),
        MARCH,
        date(2027, 2, 28),
        True,
    )
    assert row.diagnoses == ("F41.1",)
    assert [(one.code, one.count, one.rate, one.amount) for one in row.lines] == [
        ("90837", 10, Money(160_00), Money(1600_00))
    ]
    cheap = replace(
        wanted(books, till),
        lines=(NewLine(row_service(books), 3, Money(99_99)),),
        valid_from=None,
    )
    made(books, cheap)
    rows = books.read(lambda work: estimates_of(work, till.ben))
    assert [one.total for one in rows] == [Money(299_97), Money(1600_00)]
    assert rows[0].valid_from == TODAY


def row_service(books: Office) -> int:
    return books.read(lambda work: work.db.scalars(select(Service.id)).first()) or 0


def test_a_bill_of_400_above_is_warned_of(books: Office, till: Till) -> None:
    assert warning(books, till) is None, "nothing was estimated"
    new = replace(wanted(books, till), lines=(NewLine(row_service(books), 1, Money(80_00)),))
    made(books, new)
    sessions(books, till, 1)
    assert warning(books, till) is None
    sessions(books, till, 1, payer=True)
    assert warning(books, till) is None, "what a payer covers is not in it"
    books.write(lambda work: decide_setting(work, DISPUTE_ABOVE, "240.01"))
    assert warning(books, till) is None
    books.write(lambda work: decide_setting(work, DISPUTE_ABOVE, "240.00"))
    found = warning(books, till)
    assert found is not None
    assert (found.billed, found.total, found.above) == (
        Money(320_00),
        Money(80_00),
        Money(240_00),
    )
    assert found.words.startswith("320.00 was billed since 03/01/2026, 240.00 above estimate GFE-")
    assert warning(books, till, on=date(2026, 3, 3)) is None, "the second session came later"


def test_the_default_is_the_law_s_400(books: Office, till: Till) -> None:
    made(books, replace(wanted(books, till), lines=(NewLine(row_service(books), 1),)))
    sessions(books, till, 2)
    assert warning(books, till) is None
    sessions_of_fourth = date(2026, 3, 10)

    def fourth(work: Work) -> None:
        provider = work.db.get_one(Charge, till.own).provider_id or 0
        add_session(work, till.ben, provider, day=sessions_of_fourth, share=80_00)

    books.write(fourth)
    found = warning(books, till)
    assert found is not None
    assert found.above == Money(400_00)


def test_a_withdrawn_one_warns_of_nothing(books: Office, till: Till) -> None:
    new = replace(wanted(books, till), lines=(NewLine(row_service(books), 1, Money(1_00)),))
    one = made(books, new)
    sessions(books, till, 3)
    assert warning(books, till) is not None
    with pytest.raises(Problem, match="The reason is missing"):
        books.write(lambda work: withdraw_estimate(work, one, reason=" "))
    assert_all_or_nothing(books, lambda work: withdraw_estimate(work, one, reason="Moved"))
    assert warning(books, till) is None
    row = books.read(lambda work: estimate_of(work, one))
    assert (row.withdrawn_on, row.withdrawn_reason, row.in_force) == (TODAY, "Moved", False)
    with pytest.raises(ChangedElsewhere, match="was withdrawn on 04/12/2026 already"):
        books.write(lambda work: withdraw_estimate(work, one, reason="Moved"))


def test_what_cannot_be_estimated(books: Office, till: Till) -> None:
    new = wanted(books, till)
    service = new.lines[0].service_id
    for other, words in (
        (replace(new, lines=()), "An estimate needs a service"),
        (replace(new, lines=(NewLine(999, 1),)), "not in the catalogue"),
        (replace(new, lines=(NewLine(service, 0),)), "cannot be expected 0 times"),
        (replace(new, lines=(NewLine(service, 1001),)), "cannot be expected 1001 times"),
        (replace(new, lines=(NewLine(service, 1, Money()),)), "0.00 is no rate"),
        (replace(new, lines=(NewLine(service, 1, Money(-1)),)), "is no rate"),
        (replace(new, lines=(NewLine(service, 1000, Money(10**12)),)), "more than these books"),
        (replace(new, provider_id=None), "names who gives the care"),
        (replace(new, provider_id=999), "names who gives the care"),
        (replace(new, patient_id=999), "This client is not in the books"),
        (replace(new, diagnoses=("anxious",)), "does not look like a diagnosis"),
        (replace(new, note="x" * 301), "301 letters; 300 fit"),
    ):
        with pytest.raises(Problem, match=words):
            made(books, other)
    assert books.read(lambda work: estimates_of(work, till.ben)) == ()


def test_rights_two_desks_and_whole_or_nothing(books: Office, till: Till) -> None:
    new = wanted(books, till)
    for desk in (nobody(books), without(books, Right.MAKE_INVOICES)):
        with pytest.raises(Problem, match="You may not make estimates"):
            made(desk, new)
    one = assert_all_or_nothing(books, lambda work: make_estimate(work, new)).value
    both = at_once(
        *(
            (desk, lambda work: withdraw_estimate(work, one, reason="Moved"))
            for desk in (books, clerk(books))
        )
    )
    assert sorted(type(found).__name__ for found in both) == ["ChangedElsewhere", "NoneType"]


def test_the_page_says_what_was_estimated(books: Office, till: Till) -> None:
    one = made(books, wanted(books, till))
    with pytest.raises(Problem, match="names the date of birth"):
        books.read(lambda work: estimate_document(work, one))

    def born(work: Work) -> None:
        work.db.get_one(Patient, till.ben).birth_date = date(1988, 5, 6)

    books.write(born)
    document = books.read(lambda work: estimate_document(work, one))
    assert (document.total, document.disputed_from()) == (Money(1600_00), Money(2000_00))
    assert document.issued == TODAY
    text = " ".join(page_texts(estimate(document)))
    for words in ("GFE-2026-00001", "Ben Somebody", "F41.1", "1,600.00", "2,000.00"):
        assert words in text


def test_the_page_says_where_as_the_practice_s_locations_do(books: Office, till: Till) -> None:
    one = made(books, wanted(books, till))

    def known(work: Work) -> None:
        work.db.get_one(Patient, till.ben).birth_date = date(1988, 5, 6)
        work.db.add_all(
            (
                Location(name="Main", address="7 Fable Road, Inventia NJ"),
                Location(name="Old", address="1 Gone Street", active=False),
                Location(name="Video", place_of_service="10"),
            )
        )

    books.write(known)
    document = books.read(lambda work: estimate_document(work, one))
    assert (document.place, document.video) == ("7 Fable Road, Inventia NJ", True)
