"""The list of sessions: what it finds, in which order, with which sums, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.paging import Page, Span
from fscdesk.services.sessions import ordering
from fscdesk.services.sessions.queries import (
    SORTS,
    SessionFilter,
    SessionRow,
    choices,
    ids_of_sessions,
    page_of_sessions,
    session_counts,
)
from fscdesk.services.work import Work
from tests.support.databases import Databases
from tests.support.people import (
    SPRING,
    add_batch,
    add_patient,
    add_payer,
    add_provider,
    add_session,
)
from tests.support.shared_books import filled_books

EVERYTHING = SessionFilter()


def ten_sessions(work: Work) -> None:
    """Ten sessions of five clients, three payers and two clinicians, and one undone."""
    testa = add_provider(work, "Testa Fernsample")
    mockley = add_provider(work, "Mockley O'Sample")
    blue = add_payer(work, "Imaginary Blue Plan of Nowhere", "Imaginary Blue")
    ficta = add_payer(work, "Fictional Assurance", "FICTA", "FIC01")
    quill = add_patient(work, "Quill Fakerson", "1001")
    jose = add_patient(work, "José Ficción", "1002", also="Pepe Ficción")
    roberta = add_patient(work, 'Roberta "Bobbie" Dummydata', "1003")
    zebra = add_patient(work, "Zebra Testcase", "1004")
    umit = add_patient(work, "Ümit Beispielmann", "1005")
    batch = add_batch(work, "appointments_2026-03.csv")
    made: list[dict[str, Any]] = [
        {
            "patient": quill,
            "provider": testa,
            "payer": blue,
            "insurance": 13000,
            "share": 3000,
            "insurance_paid": 9140,
            "write_off": 3860,
            "patient_paid": 3000,
            "status": BillingStatus.PAID,
            "batch": batch,
        },
        {
            "patient": quill,
            "provider": testa,
            "payer": blue,
            "insurance": 13000,
            "status": BillingStatus.SUBMITTED,
        },
        {
            "patient": jose,
            "provider": mockley,
            "payer": ficta,
            "insurance": 13000,
            "status": BillingStatus.DENIED,
            "code": "90834",
        },
        {
            "patient": jose,
            "provider": mockley,
            "payer": ficta,
            "insurance": 10500,
            "share": 1500,
            "insurance_paid": 14500,
            "status": BillingStatus.APPROVED,
        },
        {
            "patient": roberta,
            "provider": testa,
            "payer": blue,
            "insurance": 13000,
            "status": BillingStatus.COMPLETED,
            "note": "NO NOTE",
        },
        {
            "patient": zebra,
            "provider": mockley,
            "share": 5500,
            "status": BillingStatus.READY_TO_BILL,
            "code": "012",
        },
        {
            "patient": umit,
            "provider": mockley,
            "payer": ficta,
            "insurance": 12200,
            "status": BillingStatus.READY_TO_BILL,
        },
        {
            "patient": umit,
            "provider": mockley,
            "payer": ficta,
            "note": "",
            "attendance": Attendance.CANCELLED,
            "status": BillingStatus.COMPLETED,
        },
        {
            "patient": zebra,
            "provider": testa,
            "share": 9000,
            "patient_paid": 9000,
            "status": BillingStatus.PAID,
            "attendance": Attendance.NO_SHOW,
            "note": "",
        },
        {
            "patient": roberta,
            "provider": testa,
            "payer": blue,
            "insurance": 6500,
            "status": BillingStatus.PENDING,
            "code": "90853",
        },
    ]
    for place, facts in enumerate(made):
        add_session(work, day=SPRING + timedelta(days=3 * place), minute=540 + place, **facts)
    undone = add_session(work, quill, testa, day=SPRING, minute=1000)
    work.db.get_one(Session, undone).withdrawn_by = batch


@pytest.fixture(scope="module")
def practice_of_ten(databases: Databases) -> Iterator[Office]:
    """For tests that only read."""
    with filled_books(databases, ten_sessions) as office:
        yield office


@pytest.fixture
def own_practice_of_ten(books: Office) -> Office:
    """For tests that write."""
    books.write(ten_sessions)
    return books


def listed(
    office: Office, wanted: SessionFilter = EVERYTHING, sort: str = "day", **span: Any
) -> Page[SessionRow]:
    asked = Span(span.get("start", 0), span.get("size", 100), sort, span.get("descending", False))
    return office.read(lambda work: page_of_sessions(work, wanted, asked))


def days(page: Page[SessionRow]) -> list[int]:
    return [(row.day - SPRING).days // 3 for row in page.rows]


def test_a_row_says_what_the_list_shows(practice_of_ten: Office) -> None:
    row = listed(practice_of_ten).rows[3]

    assert (row.day, row.time) == (date(2026, 3, 11), "09:03")
    assert (row.patient_name, row.payer, row.provider_name) == (
        "José Ficción",
        "FICTA",
        "Mockley O'Sample",
    )
    assert (row.code_text, row.billing_status, row.attendance) == (
        "90837",
        "approved",
        "completed",
    )
    assert (row.fee, row.insurance_balance, row.patient_balance) == (
        Money(12000),
        Money(-4000),
        Money(1500),
    )
    assert (row.note_status, row.note_signed) == ("LOCKED", True)


def test_totals_are_of_everything_that_matches_and_not_of_the_page(
    practice_of_ten: Office,
) -> None:
    page = listed(practice_of_ten, size=2)

    assert (len(page.rows), page.total) == (2, 10)
    assert page.totals == {
        "fee": Money(16000 + 13000 + 13000 + 12000 + 13000 + 5500 + 12200 + 0 + 9000 + 6500),
        "insurance": Money(13000 + 13000 - 4000 + 13000 + 12200 + 6500),
        "patient": Money(1500 + 5500),
    }


def test_what_an_undone_import_brought_is_in_no_list_and_no_count(practice_of_ten: Office) -> None:
    assert listed(practice_of_ten, SessionFilter(from_day=SPRING, to_day=SPRING)).total == 1
    assert practice_of_ten.read(session_counts)["all"] == 10


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": ["denied", "paid"]}, [0, 2, 8]),
        ({"attendance": ["no_show"]}, [8]),
        ({"payer": ["0"]}, [5, 8]),
        ({"payer": ["0", "2"]}, [2, 3, 5, 6, 7, 8]),
        ({"clinician": ["1"]}, [0, 1, 4, 8, 9]),
        ({"note": ["NO NOTE"]}, [4]),
        ({"note": [""]}, [7, 8]),
        ({"code": ["012", "90853"]}, [5, 9]),
        ({"client": 2}, [2, 3]),
        ({"batch": 1}, [0]),
        ({"open": True}, [1, 2, 3, 4, 5, 6, 9]),
        ({"day": (date(2026, 3, 8), date(2026, 3, 14))}, [2, 3, 4]),
        ({"day": (None, date(2026, 3, 5))}, [0, 1]),
        ({"day": (date(2026, 3, 26), None)}, [8, 9]),
        ({"view": "unbilled"}, [4, 6]),
        ({"view": "no_signed_note"}, [4]),
        ({"view": "denied"}, [2]),
        ({"view": "waiting_on_payer"}, [1, 9]),
        ({"view": "client_owes"}, [3, 5]),
        ({"view": "client_owes", "clinician": ["2"], "text": "zeb"}, [5]),
        ({"text": "jose"}, [2, 3]),
        ({"text": "JOSÉ ficcion"}, [2, 3]),
        ({"text": "pepe"}, [2, 3]),
        ({"text": "bobbie"}, [4, 9]),
        ({"text": "umit"}, [6, 7]),
        ({"text": "1001"}, [0, 1]),
        ({"text": "osample"}, [2, 3, 5, 6, 7]),
        ({"text": "blue 90853"}, [9]),
        ({"text": "imaginary"}, [0, 1, 4, 9]),
        ({"text": "sample"}, list(range(10))),
        ({"text": "3/8"}, [2]),
        ({"text": "03/08/2026"}, [2]),
        ({"text": "2026-03-08"}, [2]),
        ({"text": "2/30"}, []),
        ({"text": "appointments_2026"}, [0]),
        ({"text": "nobody"}, []),
        ({"text": "fic", "status": ["denied"]}, [2]),
        ({"text": "%"}, []),
        ({"text": "' OR 1=1 --"}, []),
    ],
    ids=str,
)
def test_a_filter_finds_exactly_what_it_says(
    practice_of_ten: Office,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, Any],
    found: list[int],
) -> None:
    page = listed(practice_of_ten, SessionFilter.of(asked))
    monkeypatch.setattr(ordering, "GATHERED", -1)
    walked = listed(practice_of_ten, SessionFilter.of(asked))

    assert days(page) == days(walked) == found
    assert page.total == len(found)
    assert page.totals["fee"] == sum((row.fee for row in page.rows), Money())
    assert page.totals["insurance"] == sum((row.insurance_balance for row in page.rows), Money())
    assert page.totals["patient"] == sum((row.patient_balance for row in page.rows), Money())


def test_a_filter_that_is_not_known_is_a_bug_of_the_screen() -> None:
    with pytest.raises(KeyError):
        SessionFilter.of({"colour": ["red"]})


EXPECTED: dict[str, Callable[[SessionRow], Any]] = {
    "day": lambda row: (row.day, row.time),
    "client": lambda row: row.patient_name.split()[-1].lower(),
    "payer": lambda row: "" if row.payer == "Self-pay" else row.payer.lower(),
    "clinician": lambda row: row.provider_name.split()[-1].lower().replace("'", ""),
    "status": lambda row: list(BillingStatus).index(BillingStatus(row.billing_status)),
    "attendance": lambda row: list(Attendance).index(Attendance(row.attendance)),
    "note": lambda row: row.note_status,
    "code": lambda row: row.code_text,
    "fee": lambda row: row.fee,
    "insurance": lambda row: row.insurance_balance,
    "patient": lambda row: row.patient_balance,
}


@pytest.mark.parametrize("sort", SORTS)
def test_every_column_sorts_both_ways_and_pages_fit_together(
    practice_of_ten: Office, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    for few in (ordering.GATHERED, -1):
        monkeypatch.setattr(ordering, "GATHERED", few)
        for asked in ({}, {"status": ["paid", "ready_to_bill", "pending"]}):
            wanted = SessionFilter.of(asked)
            up = listed(practice_of_ten, wanted, sort)
            down = listed(practice_of_ten, wanted, sort, descending=True)
            parts = [
                row.id
                for start in range(0, up.total + 3, 3)
                for row in listed(practice_of_ten, wanted, sort, start=start, size=3).rows
            ]

            keys = [EXPECTED[sort](row) for row in up.rows]
            assert keys == sorted(keys)
            assert [row.id for row in up.rows] == [row.id for row in down.rows][::-1]
            assert parts == [row.id for row in up.rows]


def test_a_sort_that_is_not_offered_is_refused(practice_of_ten: Office) -> None:
    with pytest.raises(KeyError):
        listed(practice_of_ten, sort="patient_name; drop table session")


def test_tabs_count_within_what_is_filtered(practice_of_ten: Office) -> None:
    ours = SessionFilter(providers=(2,))
    counted = practice_of_ten.read(lambda work: session_counts(work, ours))

    assert counted == {
        "all": 5,
        "unbilled": 1,
        "no_signed_note": 0,
        "denied": 1,
        "waiting_on_payer": 0,
        "client_owes": 2,
    }


def test_chips_offer_values_in_order_with_counts(practice_of_ten: Office) -> None:
    def words(column: str, within: SessionFilter | None = None) -> list[tuple[str, str, int]]:
        offered = practice_of_ten.read(lambda work: choices(work, column, within))
        return [(one.value, one.word, one.count) for one in offered]

    assert words("payer") == [
        ("0", "Self-pay", 2),
        ("2", "FICTA", 4),
        ("1", "Imaginary Blue", 4),
    ]
    assert words("clinician") == [("1", "Testa Fernsample", 5), ("2", "Mockley O'Sample", 5)]
    assert [value for value, _, _ in words("status")] == [
        "completed",
        "ready_to_bill",
        "submitted",
        "pending",
        "approved",
        "paid",
        "denied",
    ]
    assert words("note") == [("", "None", 2), ("LOCKED", "LOCKED", 7), ("NO NOTE", "NO NOTE", 1)]
    assert words("code", SessionFilter(payers=(0,))) == [("012", "012", 1), ("90837", "90837", 1)]


def test_an_answer_is_kept_only_until_something_changes(own_practice_of_ten: Office) -> None:
    before = listed(own_practice_of_ten)
    own_practice_of_ten.write(lambda work: add_session(work, 1, 1, day=date(2026, 4, 1), share=700))
    after = listed(own_practice_of_ten)

    assert (before.total, after.total) == (10, 11)
    assert after.totals["patient"] == before.totals["patient"] + Money(700)
    assert len(own_practice_of_ten.read(lambda work: ids_of_sessions(work, EVERYTHING))) == 11


def test_a_write_sees_its_own_changes(own_practice_of_ten: Office) -> None:
    listed(own_practice_of_ten)

    def act(work: Work) -> int:
        add_session(work, 1, 1, day=date(2026, 4, 1))
        return page_of_sessions(work, EVERYTHING, Span(0, 5, "day")).total

    assert own_practice_of_ten.write(act).value == 11


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.fixed_dictionaries(
        {},
        optional={
            "status": st.lists(st.sampled_from(list(BillingStatus)), max_size=4),
            "payer": st.lists(st.sampled_from(["0", "1", "2"]), max_size=2),
            "clinician": st.lists(st.sampled_from(["1", "2", "9"]), max_size=2),
            "attendance": st.lists(st.sampled_from(list(Attendance)), max_size=2),
            "text": st.sampled_from(["", "fic", "90837", "a", "sample 3/8", "blue"]),
            "open": st.booleans(),
            "view": st.sampled_from(["all", "unbilled", "client_owes", "denied"]),
        },
    ),
    sort=st.sampled_from(SORTS),
)
def test_both_ways_of_putting_in_order_agree(
    practice_of_ten: Office, asked: dict[str, Any], sort: str
) -> None:
    wanted = SessionFilter.of(asked)
    with pytest.MonkeyPatch.context() as patch:
        gathered = listed(practice_of_ten, wanted, sort)
        patch.setattr(ordering, "GATHERED", -1)
        walked = listed(practice_of_ten, wanted, sort)

    assert [row.id for row in gathered.rows] == [row.id for row in walked.rows]
    assert all(first.id != second.id for first, second in pairwise(gathered.rows))
