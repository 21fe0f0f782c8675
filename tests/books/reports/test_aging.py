"""Aging of a small, readable book: buckets, credits, rows, the proof, the lines, the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.patient import Patient
from fscdesk.models.setting import Setting
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.posting import Draft, Leg, post
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.reports.aging import Aging, AgingRow, aging, open_by_month_end
from fscdesk.services.reports.aging_lines import EVERYBODY, SORTS, aging_lines
from fscdesk.services.reports.aging_report import aging_json, aging_report
from fscdesk.services.reports.aging_sums import NOBODY, UNAPPLIED, AgeBy, By
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.tampering import tamper

END = date(2026, 3, 31)


def _ago(days: int) -> date:
    return END - timedelta(days=days)


@pytest.fixture
def office(books: Office, clock: Clock) -> Office:
    """March 2026 of a small practice: two payers, two clients of one family and one alone."""
    clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC))

    def fill(work: Work) -> None:
        testa, stan = add_provider(work, "Testa Fernsample"), add_provider(work, "Stan Standin")
        blue, ficta = add_payer(work, "Imaginary Blue", code="99901"), add_payer(work, "FICTA")
        minna = add_patient(work, "Minna Placeholder", "C-1")
        family = work.db.get_one(Patient, minna).guarantor_id
        quill = add_patient(work, "Quill Placeholder", "C-2", guarantor=family)
        zoe = add_patient(work, "Zoë Dummy", "C-3")

        def held(patient: int, ago: int, payer: int | None = None, **money: Any) -> None:
            add_session(
                work,
                patient,
                stan if patient == zoe else testa,
                day=_ago(ago),
                payer=payer,
                paid_on=_ago(ago),
                **money,
            )

        held(minna, 30, blue, insurance=10000, share=2500, patient_paid=2500)
        held(minna, 31, blue, insurance=20000)
        held(quill, 60, ficta, insurance=4000, insurance_paid=5000)  # FICTA paid 10.00 too much
        held(quill, 61, ficta, insurance=3000)
        held(zoe, 90, share=1600)
        held(zoe, 91, share=800)
        held(zoe, 121, share=400)
        held(zoe, 5, share=700, patient_paid=1000)  # 3.00 unapplied
        held(quill, 2, None, insurance=900)  # the file gave an insurance share but no payer

    books.write(fill)
    return books


def _ask(office: Office, by: By = By.PAYER, **how: Any) -> Aging:
    return office.read(lambda work: aging(work, as_of=END, by=by, **how))


def _shown(row: AgingRow) -> list[str]:
    return [row.name, *map(str, row.buckets), str(row.unapplied), str(row.balance)]


def test_by_payer_has_one_row_for_all_clients(office: Office) -> None:
    found = _ask(office)
    assert found.bucket_titles == ("0–30", "31–60", "61–90", "91–120", "Over 120")
    assert [_shown(row) for row in found.rows] == [
        ["FICTA", "0.00", "0.00", "30.00", "0.00", "0.00", "-10.00", "20.00"],
        ["Imaginary Blue", "100.00", "200.00", "0.00", "0.00", "0.00", "0.00", "300.00"],
        ["No payer named", "9.00", "0.00", "0.00", "0.00", "0.00", "0.00", "9.00"],
        ["Clients", "0.00", "0.00", "16.00", "8.00", "4.00", "-3.00", "25.00"],
    ]
    assert [row.key for row in found.rows][2:] == [NOBODY, None]
    assert _shown(found.total) == [
        "All",
        "109.00",
        "200.00",
        "46.00",
        "8.00",
        "4.00",
        "-13.00",
        "354.00",
    ]
    assert found.rows[1].second == "99901"
    assert (found.rows[0].late_percent, found.rows[3].late_percent) == (100, 100)
    assert found.total.late_percent == 16  # 58.00 of 367.00


@pytest.mark.parametrize("by", By)
def test_every_way_to_look_has_the_same_total(office: Office, by: By) -> None:
    found = _ask(office, by)
    assert str(found.total.balance) == "354.00"
    assert found.ties
    assert (found.ledger, str(found.difference)) == (found.total.balance, "0.00")


def test_by_patient_has_payer_and_client_together_and_apart(office: Office) -> None:
    rows = {row.name: row for row in _ask(office, By.PATIENT).rows}
    assert list(rows) == ["Zoë Dummy", "Minna Placeholder", "Quill Placeholder"]
    quill = rows["Quill Placeholder"]
    assert (str(quill.insurance), str(quill.patient), quill.second) == ("29.00", "0.00", "C-2")
    zoe = rows["Zoë Dummy"]
    assert (str(zoe.insurance), str(zoe.patient), str(zoe.unapplied)) == ("0.00", "25.00", "-3.00")


def test_by_guarantor_joins_a_family(office: Office) -> None:
    rows = {row.name: str(row.balance) for row in _ask(office, By.GUARANTOR).rows}
    assert rows == {"Minna Placeholder": "329.00", "Zoë Dummy": "25.00"}


def test_by_clinician_and_by_session(office: Office) -> None:
    rows = {row.name: str(row.balance) for row in _ask(office, By.PROVIDER).rows}
    assert rows == {"Stan Standin": "25.00", "Testa Fernsample": "329.00"}
    sessions = _ask(office, By.SESSION).rows
    assert [row.name for row in sessions][:2] == ["11/30/2025 Zoë Dummy", "12/30/2025 Zoë Dummy"]
    assert len(sessions) == 9


def test_what_is_of_the_future_counts_as_young(office: Office) -> None:
    found = office.read(lambda work: aging(work, as_of=_ago(3), age_by=AgeBy.POSTING))
    assert found.past
    assert str(found.total.buckets[0]) == "358.00"  # all posted on the 31st


def test_wide_and_narrow_buckets(office: Office) -> None:
    narrow = _ask(office, bucket_days=10)
    assert narrow.bucket_titles[-2:] == ("31–40", "Over 40")
    assert [str(bucket) for bucket in narrow.total.buckets] == [
        "9.00",
        "0.00",
        "100.00",
        "200.00",
        "58.00",
    ]
    with pytest.raises(Problem, match="bucket of 0 days"):
        _ask(office, bucket_days=0)


def test_the_practice_says_what_it_calls_its_clients(office: Office) -> None:
    def call_them(work: Work) -> None:
        work.db.add(
            Setting(
                key="patient_word",
                value="Patient",
                changed_by=work.actor.staff_id,
                changed_at=work.now(),
            )
        )

    office.write(call_them)
    assert _ask(office).rows[-1].name == "Patients"


def test_a_line_that_no_charge_holds_breaks_the_tie_and_is_named(office: Office) -> None:
    def stray(work: Work) -> None:
        legs = (Leg("1120", 5000, Part.CHARGE), Leg("1000", -5000, Part.CHARGE))
        post(work, Draft(on=END, kind=EntryKind.OPENING, memo="Stray", legs=legs))

    office.write(stray)
    found = _ask(office)
    assert found.ties is False
    assert (str(found.ledger), str(found.difference)) == ("404.00", "-50.00")
    [offender] = found.offenders
    assert offender.endswith("of 03/31/2026: 50.00 on 1120 belongs to no open item")
    assert found.tie is not None
    assert "≠ general ledger 404.00" in found.tie.words


def test_a_session_that_disagrees_with_its_charges_breaks_the_tie(
    office: Office, practice: str
) -> None:
    tamper(practice, "UPDATE session SET insurance_balance = insurance_balance + 100 WHERE id = 1")
    found = _ask(office)
    assert found.ties is False
    assert str(found.difference) == "-1.00"


def test_without_a_proof_nothing_is_claimed(office: Office) -> None:
    found = _ask(office, prove=False)
    assert (found.ties, found.ledger, found.difference, found.offenders) == (None, None, None, ())


def test_a_cell_opens_its_lines(office: Office) -> None:
    blue = _ask(office).rows[1].key
    page = office.read(
        lambda work: aging_lines(
            work, as_of=END, by=By.PAYER, key=blue, bucket=1, span=Span(0, 10, "day")
        )
    )
    [line] = page.rows
    assert (line.day, line.patient, line.patient_number) == (_ago(31), "Minna Placeholder", "C-1")
    assert (line.payer, line.code, line.age, line.side) == (
        "Imaginary Blue"[:16],
        "90837",
        31,
        "insurance",
    )
    assert (line.status, line.provider, str(line.open)) == (
        "documented",
        "Testa Fernsample",
        "200.00",
    )


def test_credits_open_their_lines(office: Office) -> None:
    page = office.read(
        lambda work: aging_lines(
            work, as_of=END, by=By.PAYER, key=EVERYBODY, bucket=UNAPPLIED, span=Span(0, 10, "open")
        )
    )
    assert [(line.side, str(line.open)) for line in page.rows] == [
        ("insurance", "-10.00"),
        ("patient", "-3.00"),
    ]
    assert str(page.totals["open"]) == "-13.00"


@pytest.mark.parametrize("sort", SORTS)
def test_lines_sort_both_ways_and_page(office: Office, sort: str) -> None:
    def ids(start: int, size: int, *, descending: bool) -> list[int]:
        span = Span(start, size, sort, descending)
        page = office.read(
            lambda work: aging_lines(
                work, as_of=END, by=By.PAYER, key=EVERYBODY, bucket=None, span=span
            )
        )
        assert page.total == 9
        return [line.id for line in page.rows]

    for descending in (False, True):
        whole = ids(0, 100, descending=descending)
        assert len(set(whole)) == 9
        assert ids(0, 4, descending=descending) + ids(4, 5, descending=descending) == whole
    if sort in ("day", "open"):
        values = [ids(0, 1, descending=False), ids(0, 1, descending=True)]
        assert values[0] != values[1]


def test_the_oldest_come_first_when_age_descends(office: Office) -> None:
    span = Span(0, 100, "age", descending=True)
    page = office.read(
        lambda work: aging_lines(
            work, as_of=END, by=By.PAYER, key=EVERYBODY, bucket=None, span=span
        )
    )
    ages = [line.age for line in page.rows]
    assert ages == sorted(ages, reverse=True)
    assert ages[0] == 121


def test_month_ends_are_as_the_office_saw_them(office: Office) -> None:
    months = office.read(lambda work: open_by_month_end(work, END, months=4))
    assert [month.day for month in months] == [
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
        END,
    ]
    assert [sum(b.cents for b in month.buckets) for month in months] == [
        1200 + 1600,
        5800,
        25800,
        36700,
    ]
    assert str(months[-1].unapplied) == "-13.00"
    middle = office.read(lambda work: open_by_month_end(work, date(2026, 3, 15), months=2))
    assert [month.day for month in middle] == [date(2026, 2, 28), date(2026, 3, 15)]


def test_the_report_is_a_table_with_its_proof(office: Office) -> None:
    def made(work: Work) -> TableReport:
        return aging_report(work, aging(work, as_of=END))

    report = office.read(made)
    assert [column.title for column in report.columns] == [
        "Payer",
        "Payer id",
        "0–30",
        "31–60",
        "61–90",
        "91–120",
        "Over 120",
        "Credits",
        "Balance",
        "Over 60",
    ]
    assert report.totals is not None
    assert report.totals[0] == "All"
    assert report.notes[0] == (
        "Aging 354.00 = client and payer ledgers 354.00 = general ledger 354.00"
        " (1100 to 1130 less 2400 and 2410), difference 0.00."
    )
    assert report.filters == ("Aged from the day of service", "Buckets of 30 days")
    by_clinician = office.read(
        lambda work: aging_report(work, aging(work, as_of=END, by=By.PROVIDER))
    )
    assert [column.title for column in by_clinician.columns][:2] == ["Clinician", "0–30"]


def test_json_has_amounts_as_text(office: Office) -> None:
    found = _ask(office)
    document = aging_json(found)
    assert document["as_of"] == "2026-03-31"
    assert document["rows"][0] == {
        "id": found.rows[0].key,
        "name": "FICTA",
        "second": "99901",
        "buckets": ["0.00", "0.00", "30.00", "0.00", "0.00"],
        "unapplied": "-10.00",
        "balance": "20.00",
        "insurance": "20.00",
        "patient": "0.00",
    }
    assert (document["ledger"], document["ties"], document["difference"]) == (
        "354.00",
        True,
        "0.00",
    )
    assert aging_json(replace(found, tie=None))["ledger"] is None


def test_empty_books_owe_nothing(books: Office) -> None:
    found = books.read(lambda work: aging(work, as_of=END))
    assert (found.rows, str(found.total.balance), found.ties) == ((), "0.00", True)
    assert found.total.late_percent is None
