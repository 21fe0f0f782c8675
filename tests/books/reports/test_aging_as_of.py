"""Aging of any day equals the sum of every line up to it, on random books; and stays the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.patient import Patient
from fscdesk.services.ledger import open_items
from fscdesk.services.ledger.checks import CHECKS, run_checks
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.reports import aging_lines as lines_module
from fscdesk.services.reports import aging_sums
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.aging_lines import EVERYBODY, aging_lines
from fscdesk.services.reports.aging_sums import UNAPPLIED, AgeBy, By, open_sums
from fscdesk.services.statuses import follow_balances
from fscdesk.services.work import Work
from tests.support.brute_aging import aged
from tests.support.clock import Clock
from tests.support.people import add_patient, add_payer, add_provider, add_session

START = date(2025, 9, 1)
DAYS = st.integers(0, 200)

# What one session of a random book is: day, who, shares, what was paid of them, when, and
# whether and when the payment was reversed. Payments reach from nothing to too much.
SESSION = st.tuples(
    DAYS,
    st.integers(0, 2),  # patient
    st.sampled_from([None, 0, 1]),  # payer
    st.sampled_from([0, 1, 4000, 12000]),  # insurance share
    st.sampled_from([0, 2500, 15000]),  # client's share
    st.sampled_from([0, 4000, 11999, 12000, 12500]),  # insurance paid
    st.sampled_from([0, 2500, 2600]),  # client paid
    st.integers(0, 90),  # paid after
    st.sampled_from([None, 0, 45]),  # reversed after
    st.integers(0, 40),  # recorded after
)
BOOKS = st.lists(SESSION, min_size=1, max_size=8)
BALANCES = [name for name in CHECKS if name != "recorded-in-simplepractice"]
"""Some payments are reversed by hand, which the report does not know."""
Lend = Callable[[], AbstractContextManager[Office]]
SOME = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def _fill(work: Work, sessions: list[tuple[int | None, ...]], clock: Clock) -> None:
    clinicians = [add_provider(work, name) for name in ("Testa Fernsample", "Placebo Standin")]
    payers = [add_payer(work, name) for name in ("Imaginary Blue", "FICTA")]
    home = add_patient(work, "Quill Fakerson")
    family = work.db.get_one(Patient, home).guarantor_id
    patients = [home, add_patient(work, "Minna", guarantor=family), add_patient(work, "Zoë Dummy")]
    for at, found in enumerate(sessions):
        day, who, payer, insurance, share, ins_paid, paid, after, undone, later = found
        assert day is not None
        assert who is not None
        on = START + timedelta(days=day)
        clock.set(_noon(on + timedelta(days=later or 0)))
        session = add_session(
            work,
            patients[who],
            clinicians[at % 2],
            day=on,
            minute=at,
            payer=None if payer is None else payers[payer],
            insurance=insurance or 0,
            share=share or 0,
            insurance_paid=(ins_paid or 0) if insurance else 0,
            patient_paid=(paid or 0) if share else 0,
            paid_on=on + timedelta(days=after or 0),
        )
        if undone is None:
            continue
        for entry in work.db.scalars(
            select(JournalEntry).where(
                JournalEntry.kind == EntryKind.SP_RECORDED,
                JournalEntry.charge_id.in_(select(Charge.id).filter_by(session_id=session)),
            )
        ).all():
            reverse(work, entry.id, on=entry.entry_date + timedelta(days=undone), reason="Undone")
        follow_balances(work, [session], "Undone")
    # A balance became the client's later than the payer's: responsibility ages by its own day.
    work.db.execute(
        update(Charge).where(Charge.id % 2 == 0).values(patient_since=START + timedelta(days=150))
    )
    clock.set(_noon(START + timedelta(days=400)))


def _cells(
    work: Work, as_of: date, by: By, age_by: AgeBy, width: int
) -> dict[int | None, list[int]]:
    found = open_sums(work, as_of=as_of, by=by, age_by=age_by, bucket_days=width)
    return {
        key: [
            *(sums.insurance[at] + sums.patient[at] for at in range(5)),
            sums.insurance[UNAPPLIED] + sums.patient[UNAPPLIED] + sums.credit,
        ]
        for key, sums in found.items()
    }


@SOME
@given(sessions=BOOKS, after=st.integers(-1, 320), width=st.sampled_from([1, 30, 45]))
def test_any_day_is_the_sum_of_all_lines_up_to_it(
    new_books: Lend, clock: Clock, sessions: list[tuple[int | None, ...]], after: int, width: int
) -> None:
    as_of = START + timedelta(days=after)
    with new_books() as books:
        books.write(lambda work: _fill(work, sessions, clock))

        def compare(work: Work) -> None:
            for by in By:
                for age_by in AgeBy:
                    expected = aged(work, as_of, by, age_by, width)
                    assert _cells(work, as_of, by, age_by, width) == expected, (by, age_by)

        books.read(compare)
        found = books.read(lambda work: aging(work, as_of=as_of, bucket_days=width))
        assert found.ties
        assert found.ledger == found.total.balance
        report = books.read(lambda work: run_checks(work, BALANCES))
        assert report.ok, report


@SOME
@given(sessions=BOOKS, after=st.integers(0, 320))
def test_the_lines_of_every_cell_add_up_to_it(
    new_books: Lend, clock: Clock, sessions: list[tuple[int | None, ...]], after: int
) -> None:
    as_of = START + timedelta(days=after)
    with new_books() as books:
        books.write(lambda work: _fill(work, sessions, clock))

        def compare(work: Work) -> None:
            for by in By:
                table = aging(work, as_of=as_of, by=by, prove=False)
                for row in (*table.rows, table.total):
                    key = EVERYBODY if row is table.total else row.key
                    for bucket, cell in enumerate((*row.buckets, row.unapplied)):
                        span = Span(0, 1000, "age", descending=True)
                        page = aging_lines(
                            work, as_of=as_of, by=by, key=key, bucket=bucket, span=span
                        )
                        assert page.totals["open"] == cell, (by, row.name, bucket)
                        assert page.total == len(page.rows) == len({line.id for line in page.rows})
                        assert sum(line.open.cents for line in page.rows) == cell.cents

        books.read(compare)


@SOME
@given(sessions=BOOKS)
def test_after_the_last_posting_both_methods_agree(
    new_books: Lend, clock: Clock, sessions: list[tuple[int | None, ...]]
) -> None:
    with new_books() as books, pytest.MonkeyPatch.context() as patch:
        books.write(lambda work: _fill(work, sessions, clock))
        newest = books.read(open_items.newest_day)
        as_of = newest or START
        today = books.read(lambda work: aging(work, as_of=as_of))
        for module in (aging_sums, lines_module, open_items):
            patch.setattr(module, "is_past", lambda _work, _as_of: True)
        past = books.read(lambda work: aging(work, as_of=as_of))
        assert not today.past
        assert past.rows == today.rows
        assert past.total == today.total


def test_the_same_day_has_the_same_answer_next_year(books: Office, clock: Clock) -> None:
    clock.set(_noon(date(2026, 3, 31)))

    def first(work: Work) -> tuple[int, int, int]:
        clinician, payer = add_provider(work, "Testa Fernsample"), add_payer(work, "FICTA")
        patient = add_patient(work, "Quill Fakerson")
        add_session(
            work, patient, clinician, day=date(2026, 2, 3), payer=payer, insurance=9000, share=2500
        )
        return clinician, payer, patient

    clinician, payer, patient = books.write(first).value
    march = books.read(lambda work: aging(work, as_of=date(2026, 3, 31)))
    assert [str(bucket) for bucket in march.total.buckets] == [
        "0.00",
        "115.00",
        "0.00",
        "0.00",
        "0.00",
    ]

    clock.set(_noon(date(2027, 3, 31)))

    def later(work: Work) -> None:
        # The charge is paid and reversed, another comes; none of it was known in March.
        [charge] = work.db.scalars(select(JournalEntry.id))
        reverse(work, charge, on=date(2026, 5, 1), reason="Voided")
        add_session(
            work,
            patient,
            clinician,
            day=date(2026, 4, 1),
            payer=payer,
            insurance=5000,
            insurance_paid=6000,
        )

    books.write(later)
    again = books.read(lambda work: aging(work, as_of=date(2026, 3, 31)))
    assert again.past
    assert (again.rows, again.total) == (march.rows, march.total)
    now = books.read(lambda work: aging(work, as_of=date(2027, 3, 31)))
    assert (str(now.total.balance), str(now.total.unapplied)) == ("-10.00", "-10.00")
