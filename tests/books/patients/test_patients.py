"""The list of patients, one patient, and the account with its running balances."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.patient import Patient
from fscdesk.models.session import Attendance
from fscdesk.models.values import Money
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.account import (
    BROUGHT_FORWARD,
    AccountFilter,
    AccountRow,
    account_header,
    page_of_account,
)
from fscdesk.services.patients.coverage import PolicyFields, add_policy
from fscdesk.services.patients.queries import (
    SORTS,
    PatientFilter,
    PatientRow,
    page_of_patients,
    patient_counts,
    patient_detail,
)
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.people import (
    add_guarantor,
    add_patient,
    add_payer,
    add_provider,
    add_session,
)
from tests.support.shared_books import filled_books

FEBRUARY = date(2026, 2, 6)


def five_patients(work: Work) -> None:
    """One of them withdrawn, one inactive; the first with an account that moved."""
    testa = add_provider(work, "Testa Fernsample")
    mockley = add_provider(work, "Mockley O'Sample")
    ficta = add_payer(work, "Fictional Assurance", "FICTA")
    blue = add_payer(work, "Imaginary Blue Plan", "Imaginary Blue", "99902")
    parent = add_guarantor(work, "Pat Parent", "G9")
    maxim = add_patient(work, "Maxim Nonesuch", "1006")
    minna = add_patient(work, "Minna Minorsample", "1007", guarantor=parent)
    jose = add_patient(work, "José Ficción", "998", also="Pepe Ficción")
    gone = add_patient(work, "Wanda Withdrawn", "1008")
    zoe = add_patient(work, "Zoë Archived", "1009")
    work.db.get_one(Patient, gone).withdrawn = True
    work.db.get_one(Patient, zoe).active = False
    work.db.get_one(Patient, minna).provider_id = mockley
    add_policy(work, maxim, PolicyFields(ficta, 1, "ZZZ000005", date(2026, 1, 1)))
    add_session(
        work,
        maxim,
        testa,
        day=FEBRUARY,
        payer=ficta,
        insurance=14500,
        share=1500,
        insurance_paid=10640,
        write_off=3860,
        patient_paid=1500,
        paid_on=FEBRUARY + timedelta(days=13),
    )
    add_session(
        work,
        maxim,
        testa,
        day=date(2026, 3, 6),
        payer=ficta,
        insurance=14500,
        share=1500,
        patient_paid=2500,
        paid_on=date(2026, 3, 6),
    )
    add_session(
        work,
        maxim,
        testa,
        day=date(2026, 3, 20),
        payer=ficta,
        insurance=10500,
        share=1500,
        insurance_paid=14500,
        paid_on=date(2026, 3, 24),
    )
    add_session(
        work, maxim, testa, day=date(2026, 4, 20), payer=ficta, attendance=Attendance.SCHEDULED
    )
    add_session(work, minna, mockley, day=date(2026, 3, 2), payer=blue, insurance=13000)
    add_session(work, jose, mockley, day=date(2026, 3, 3), share=5500)


@pytest.fixture(scope="module")
def practice_of_five(databases: Databases) -> Iterator[Office]:
    """For tests that only read."""
    with filled_books(databases, five_patients) as office:
        yield office


@pytest.fixture
def own_practice_of_five(books: Office) -> Office:
    """For a test that writes."""
    books.write(five_patients)
    return books


def listed(office: Office, sort: str = "name", **asked: Any) -> Page[PatientRow]:
    return office.read(
        lambda work: page_of_patients(work, PatientFilter.of(asked), Span(0, 50, sort))
    )


def names(page: Page[PatientRow]) -> list[str]:
    return [row.name for row in page.rows]


def test_a_patient_stands_in_the_list_with_what_everybody_owes(practice_of_five: Office) -> None:
    page = listed(practice_of_five)
    maxim = page.rows[3]

    assert names(page) == ["Zoë Archived", "José Ficción", "Minna Minorsample", "Maxim Nonesuch"]
    assert (maxim.number, maxim.guarantor, maxim.payer) == ("1006", "Maxim Nonesuch", "FICTA")
    assert maxim.last_session == date(2026, 3, 20)
    assert (maxim.client_owes, maxim.payer_owes, maxim.unapplied) == (
        Money(1500),
        Money(14500 - 4000),
        Money(1000),
    )
    assert page.totals == {
        "client": Money(1500 + 5500),
        "payer_owes": Money(10500 + 13000),
        "unapplied": Money(1000),
    }


def test_without_a_policy_the_payer_is_that_of_the_newest_session(
    practice_of_five: Office,
) -> None:
    payers = {row.name: row.payer for row in listed(practice_of_five).rows}

    assert payers["Minna Minorsample"] == "Imaginary Blue"
    assert payers["José Ficción"] == "Self-pay"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "jose"}, ["José Ficción"]),
        ({"text": "pepe"}, ["José Ficción"]),
        ({"text": "zoe arch"}, ["Zoë Archived"]),
        ({"text": "100"}, ["Zoë Archived", "Minna Minorsample", "Maxim Nonesuch"]),
        ({"text": "wanda"}, []),
        ({"payer": ["1"]}, ["Maxim Nonesuch"]),
        ({"payer": ["0"]}, ["Zoë Archived", "José Ficción"]),
        ({"clinician": ["2"]}, ["Minna Minorsample"]),
        ({"guarantor": 1}, ["Minna Minorsample"]),
        ({"view": "client_owes"}, ["José Ficción", "Maxim Nonesuch"]),
        ({"view": "payer_owes"}, ["Minna Minorsample", "Maxim Nonesuch"]),
        ({"view": "credits"}, ["Maxim Nonesuch"]),
        ({"view": "inactive"}, ["Zoë Archived"]),
    ],
    ids=str,
)
def test_a_filter_finds_exactly_what_it_says(
    practice_of_five: Office, asked: dict[str, Any], found: list[str]
) -> None:
    assert names(listed(practice_of_five, **asked)) == found


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "Zoë Archived", "Maxim Nonesuch"),
        ("number", "José Ficción", "Zoë Archived"),
        ("guarantor", "Zoë Archived", "Minna Minorsample"),
        ("payer", "Zoë Archived", "Minna Minorsample"),
        ("clinician", "Zoë Archived", "Minna Minorsample"),
        ("last", "Zoë Archived", "Maxim Nonesuch"),
        ("client", "Zoë Archived", "José Ficción"),
        ("payer_owes", "Zoë Archived", "Minna Minorsample"),
        ("unapplied", "Zoë Archived", "Maxim Nonesuch"),
    ],
)
def test_every_column_sorts(practice_of_five: Office, sort: str, first: str, last: str) -> None:
    page = listed(practice_of_five, sort)

    assert (names(page)[0], names(page)[-1]) == (first, last)
    assert sort in SORTS


def test_tabs_count(practice_of_five: Office) -> None:
    assert (
        practice_of_five.read(patient_counts).items()
        >= {
            "all": 4,
            "client_owes": 2,
            "payer_owes": 2,
            "credits": 1,
            "inactive": 1,
        }.items()
    )


def test_one_patient_with_all_that_belongs_to_him(practice_of_five: Office) -> None:
    jose = practice_of_five.read(lambda work: patient_detail(work, 3))
    minna = practice_of_five.read(lambda work: patient_detail(work, 2))

    assert (jose.name, jose.pays_for_himself, [one.shown for one in jose.aliases]) == (
        "José Ficción",
        True,
        ["Pepe Ficción"],
    )
    assert (minna.guarantor.fields.name, minna.pays_for_himself) == ("Pat Parent", False)
    assert minna.guarantor.patients == ("Minna Minorsample",)
    with pytest.raises(Problem, match="undone"):
        practice_of_five.read(lambda work: patient_detail(work, 4))
    with pytest.raises(Problem, match="not in the books"):
        practice_of_five.read(lambda work: patient_detail(work, 99))


def test_the_figures_above_an_account(practice_of_five: Office) -> None:
    header = practice_of_five.read(lambda work: account_header(work, 1))

    assert (header.client_owes, header.payer_owes, header.unapplied) == (
        Money(1500),
        Money(10500),
        Money(1000),
    )
    assert header.balance == Money(1500 + 10500 - 1000)
    assert header.payer == "FICTA"
    assert header.oldest_open == date(2026, 3, 20)
    assert (header.last_payment, header.last_payment_by, header.last_payment_on) == (
        Money(14500),
        "FICTA",
        date(2026, 3, 24),
    )
    assert (header.last_statement, header.last_statement_on) == ("", None)
    assert header.sessions == 4


def account(office: Office, wanted: AccountFilter | None = None, **span: Any) -> Page[AccountRow]:
    asked = Span(span.get("start", 0), span.get("size", 100), "day", span.get("descending", False))
    return office.read(lambda work: page_of_account(work, 1, wanted or AccountFilter(), asked))


def told(rows: tuple[AccountRow, ...]) -> list[tuple[str, ...]]:
    return [
        (
            row.what,
            row.detail.partition(", entry")[0],
            str(row.charge or row.paid),
            str(row.payer_owes),
            str(row.client_owes),
            str(row.balance),
        )
        for row in rows
    ]


def test_the_ledger_runs_from_the_oldest_to_today(practice_of_five: Office) -> None:
    page = account(practice_of_five)

    assert told(page.rows) == [
        (
            "Session 02/06, 90837",
            "Charge: FICTA 145.00, client 15.00",
            "160.00",
            "145.00",
            "15.00",
            "160.00",
        ),
        (
            "Client paid for 02/06",
            "Recorded in SimplePractice",
            "-15.00",
            "145.00",
            "0.00",
            "145.00",
        ),
        ("FICTA paid for 02/06", "Recorded in SimplePractice", "-106.40", "38.60", "0.00", "38.60"),
        ("Write-off for 02/06", "Recorded in SimplePractice", "-38.60", "0.00", "0.00", "0.00"),
        (
            "Session 03/06, 90837",
            "Charge: FICTA 145.00, client 15.00",
            "160.00",
            "145.00",
            "15.00",
            "160.00",
        ),
        (
            "Client paid for 03/06",
            "Recorded in SimplePractice",
            "-25.00",
            "145.00",
            "-10.00",
            "135.00",
        ),
        (
            "Session 03/20, 90837",
            "Charge: FICTA 105.00, client 15.00",
            "120.00",
            "250.00",
            "5.00",
            "255.00",
        ),
        (
            "FICTA paid for 03/20",
            "Recorded in SimplePractice",
            "-145.00",
            "105.00",
            "5.00",
            "110.00",
        ),
    ]
    header = practice_of_five.read(lambda work: account_header(work, 1))
    assert page.totals["balance"] == header.balance
    assert page.totals["charge"] == Money(44000)
    assert page.totals["paid"] == Money(-33000)
    assert len({row.id for row in page.rows}) == len(page.rows)


def test_a_first_day_brings_the_rest_forward(practice_of_five: Office) -> None:
    page = account(practice_of_five, AccountFilter(from_day=date(2026, 3, 1)))
    first = page.rows[0]

    assert (first.id, first.what, first.detail) == (
        BROUGHT_FORWARD,
        "Brought forward",
        "4 earlier movements",
    )
    assert page.total == 5
    assert page.totals["charge"] == Money(28000)
    assert page.rows[-1].balance == Money(11000)


def test_a_ledger_can_be_narrowed_while_its_balances_count_everything(
    practice_of_five: Office,
) -> None:
    paid = account(practice_of_five, AccountFilter(kinds=("insurance_paid",)))
    march = account(practice_of_five, AccountFilter(session_id=2))
    until = account(practice_of_five, AccountFilter(to_day=date(2026, 2, 28)))

    assert [str(row.balance) for row in paid.rows] == ["38.60", "110.00"]
    assert [row.what for row in march.rows] == ["Session 03/06, 90837", "Client paid for 03/06"]
    assert until.total == 4


def test_pages_and_the_other_direction_fit_together(practice_of_five: Office) -> None:
    up = [row.id for row in account(practice_of_five).rows]
    down = [row.id for row in account(practice_of_five, descending=True).rows]
    paged = [
        row.id for start in (0, 3, 6) for row in account(practice_of_five, start=start, size=3).rows
    ]

    assert down == up[::-1]
    assert paged == up


def test_a_reversed_pair_is_shown_as_both(own_practice_of_five: Office, clock: Clock) -> None:
    clock.forward(days=1)
    own_practice_of_five.write(
        lambda work: void_charges(work, [3], on=work.today(), reason="Wrong code", batch_id=None)
    )
    rows = account(own_practice_of_five).rows
    pairs = [row for row in rows if row.dimmed]

    assert [row.what for row in pairs] == [
        "Session 03/20, 90837",
        "FICTA paid for 03/20",
        "Reversed: Session 03/20, 90837",
        "Reversed: FICTA paid for 03/20",
    ]
    assert {row.detail for row in pairs[2:]} == {"Wrong code"}
    assert {row.reversed_by for row in pairs[:2]} == {row.entry_number for row in pairs[2:]}
    assert rows[-1].balance == Money(13500)
    assert own_practice_of_five.read(lambda work: account_header(work, 1)).balance == Money(13500)


def test_an_account_reads_every_entry_of_its_patient_and_no_other(
    practice_of_five: Office,
) -> None:
    ours = {row.entry_id for row in account(practice_of_five).rows}
    entries = practice_of_five.read(lambda work: work.db.query(JournalEntry).count())

    assert len(ours) < entries
