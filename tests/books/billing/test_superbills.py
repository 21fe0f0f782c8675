"""Superbills: sessions that took place, with what an insurer needs; never a fee."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Executable, delete, update

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import Attendance, Session
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.superbills import (
    SuperbillLacks,
    Superbills,
    check_superbill,
    make_superbills,
)
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.patients.coverage import PolicyFields, add_diagnosis, add_policy
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.sessions.locating import set_location, standing_places
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.invoices import open_practice, text_of_page
from tests.support.payments import DAY, Till, received, verify
from tests.support.people import add_provider, add_session

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def till(books: Office) -> Till:
    """Ben has all that a superbill needs."""

    def act(work: Work) -> Till:
        till = open_practice(work)
        practice = work.db.get_one(Practice, 1)
        practice.tax_id, practice.npi = "00-0000000", "1234567893"
        provider = work.db.get_one(Provider, 1)
        provider.credentials, provider.licence = "LCSW", "LCSW 44SC00000000, NJ"
        work.db.get_one(Patient, till.ben).birth_date = date(1990, 5, 17)
        work.db.add(Location(name="Main office", place_of_service="11"))
        add_diagnosis(work, till.ben, "F41.1", valid_from=NEW_YEAR)
        add_diagnosis(work, till.ben, "F32.0", valid_from=date(2026, 3, 10))
        add_policy(work, till.ben, PolicyFields(till.payer, 1, "ZZZ000005", NEW_YEAR))
        add_session(work, till.ben, 1, day=date(2026, 3, 12), share=160_00)
        return till

    return books.write(act).value


def checked(books: Office, patient: int, first: date = FIRST, last: date = LAST) -> Superbills:
    return books.read(lambda work: check_superbill(work, patient, first, last))


def made(books: Office, patient: int, first: date = FIRST, last: date = LAST) -> Superbills:
    return books.write(lambda work: make_superbills(work, patient, first, last)).value


def test_it_says_what_an_insurer_needs_and_what_was_paid(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(100_00),
        PaymentMethod.CARD,
        DAY,
        guarantor_id=till.ben_pays,
        applications=(Application(till.own, Money(100_00)),),
    )
    received(books, new)
    done = assert_all_or_nothing(books, lambda work: make_superbills(work, till.ben, FIRST, LAST))
    bills = done.value
    assert (bills.lines, bills.charged, bills.paid) == (2, Money(320_00), Money(100_00))
    (page,) = bills.documents
    assert page.number == "SB-2026-00001"
    text = text_of_page(books, page.id)
    for words in (
        *("SB-2026-00001", "Ben Somebody", "05/17/1990", "Mockley O'Sample, LCSW"),
        *("1234567893", "00-0000000", "LCSW 44SC00000000, NJ", "F41.1", "F32.0", "90837"),
        *("03/03/2026", "03/12/2026", "160.00", "320.00", "100.00", "220.00", "A, B"),
        *("Example East", "ZZZ000005"),
    ):
        assert words in text.replace("’", "'"), words
    assert "Alma" not in text
    verify(books)


def test_the_same_superbill_is_made_once(books: Office, till: Till) -> None:
    first = made(books, till.ben)
    assert made(books, till.ben).documents == first.documents
    received(
        books,
        NewPayment(
            Money(10_00),
            PaymentMethod.CASH,
            DAY,
            guarantor_id=till.ben_pays,
            applications=(Application(till.own, Money(10_00)),),
        ),
    )
    again = made(books, till.ben)
    assert [one.number for one in again.documents] == ["SB-2026-00002"]
    assert books.read(lambda work: document_bytes(work, first.documents[0].id))


def test_two_desks_make_one(books: Office, till: Till) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _desk: made(books, till.ben), range(2)))
    assert done[0].documents == done[1].documents


@pytest.mark.parametrize(
    "attendance", [Attendance.NO_SHOW, Attendance.LATE_CANCELLED, Attendance.CANCELLED]
)
def test_what_did_not_take_place_is_never_on_it(
    books: Office, till: Till, attendance: Attendance
) -> None:
    def act(work: Work) -> None:
        add_session(work, till.ben, 1, day=date(2026, 3, 20), share=75_00, attendance=attendance)

    books.write(act)
    assert checked(books, till.ben).lines == 2
    text = text_of_page(books, made(books, till.ben).documents[0].id)
    assert "03/20/2026" not in text
    assert "75.00" not in text
    only = date(2026, 3, 20)
    with pytest.raises(Problem, match="No session took place"):
        checked(books, till.ben, only, only)


@pytest.mark.parametrize(
    "kind", [ServiceKind.NO_SHOW_FEE, ServiceKind.LATE_CANCEL_FEE, ServiceKind.ACCOUNT_FEE]
)
def test_a_fee_is_never_on_it(books: Office, till: Till, kind: ServiceKind) -> None:
    def act(work: Work) -> None:
        add_session(work, till.ben, 1, day=date(2026, 3, 21), share=25_00, code="FEE")
        work.db.execute(update(Service).where(Service.code == "FEE").values(kind=kind))

    books.write(act)
    assert checked(books, till.ben).lines == 2


def test_each_clinician_signs_an_own_page(books: Office, till: Till) -> None:
    def act(work: Work) -> None:
        other = add_provider(work, "Testa Fernsample", "1234567893")
        add_session(work, till.ben, other, day=date(2026, 3, 25), share=120_00)

    books.write(act)
    bills = made(books, till.ben)
    assert len(bills.documents) == 2
    texts = [text_of_page(books, one.id) for one in bills.documents]
    assert ["Testa" in text for text in texts] == [False, True]
    assert "120.00" not in texts[0]


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        (update(Patient).values(birth_date=None), "no-birth-date", "no date of birth"),
        (update(Provider).values(npi=""), "no-npi", "has no NPI"),
        (delete(Location), "no-place", "were held is not known"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    books: Office, till: Till, statement: Executable, code: str, words: str
) -> None:
    books.write(lambda work: work.db.execute(statement))
    found = checked(books, till.ben)
    assert {one.code for one in found.missing} == {code}
    with pytest.raises(Problem, match=words):
        made(books, till.ben)


def test_a_day_without_diagnosis_is_a_finding(books: Office, till: Till) -> None:
    def act(work: Work) -> None:
        add_session(work, till.ben, 1, day=date(2025, 12, 30), share=160_00)

    books.write(act)
    found = checked(books, till.ben, date(2025, 12, 1))
    assert [(one.code, one.message) for one in found.missing] == [
        (
            "no-diagnosis",
            "Ben Somebody has no diagnosis for 12/30/2025. Add it under Policies.",
        )
    ]
    with pytest.raises(Problem, match="no diagnosis for 12/30/2025"):
        made(books, till.ben, date(2025, 12, 1))


def test_each_session_without_a_place_is_named_once(books: Office, till: Till) -> None:
    def act(work: Work) -> list[int]:
        work.db.add(Location(name="Video", place_of_service="10"))
        for day in (20, 26):
            add_session(work, till.ben, 1, day=date(2026, 3, day), share=90_00, code="90791")
        found = work.db.query(Session).where(Session.patient_id == till.ben)
        return [one.id for one in found if one.day >= FIRST]

    held = books.write(act).value
    (lacks,) = checked(books, till.ben).missing
    assert lacks.where == "Ben Somebody"
    assert lacks.message == (
        "Where 90837 of 03/03/2026, 03/12/2026; 90791 of 03/20/2026, 03/26/2026 were held is not"
        " known. Set the location in Sessions, or import the attendance report of that time with"
        " its offices kept as locations under Setup."
    )
    with pytest.raises(SuperbillLacks, match="1 more were held is not known") as refused:
        made(books, till.ben)
    assert refused.value.places
    assert "03/26/2026" not in refused.value.message

    def place(work: Work) -> None:
        seen: dict[int, int | None] = dict.fromkeys(held)
        set_location(work, seen, standing_places(work, held).offered[1].id)

    books.write(place)
    (page,) = made(books, till.ben).documents
    text = text_of_page(books, page.id)
    assert "03/03/2026 10 90837" in text
    assert "03/26/2026 10 90791" in text


def test_a_session_by_video_is_at_home(books: Office, till: Till) -> None:
    def act(work: Work) -> None:
        work.db.execute(update(Charge).values(modifiers="95"))
        work.db.execute(delete(Location))

    books.write(act)
    text = text_of_page(books, made(books, till.ben).documents[0].id)
    assert "\n10\n" in text or " 10 " in text
    assert "95" in text


def test_the_sessions_own_location_counts(books: Office, till: Till) -> None:
    def act(work: Work) -> None:
        there = Location(name="School", place_of_service="03")
        work.db.add(there)
        work.db.flush()
        work.db.execute(update(Session).values(location_id=there.id))

    books.write(act)
    assert "03" in text_of_page(books, made(books, till.ben).documents[0].id)


def test_without_ids_of_the_practice_it_warns(books: Office, till: Till) -> None:
    books.write(lambda work: work.db.execute(update(Practice).values(tax_id="")))
    bills = made(books, till.ben)
    assert [one.code for one in bills.findings] == ["no-practice-id"]


def test_refusals(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="cannot begin"):
        made(books, till.ben, LAST, FIRST)
    with pytest.raises(Problem, match="not in the books"):
        made(books, 99)
    books.write(lambda work: work.db.execute(delete(RoleRight)))
    with pytest.raises(Problem, match="You may not"):
        made(books, till.ben)
