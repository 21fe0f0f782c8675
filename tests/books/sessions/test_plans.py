"""How lists ask the database: which index answers, and how many questions a page costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.sessions import ordering
from fscdesk.services.sessions.queries import (
    SORTS,
    SessionFilter,
    page_of_sessions,
    session_counts,
)
from fscdesk.services.work import Work
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.questions import asked_of, plans


@pytest.fixture
def some(sqlite_books: Office) -> Office:
    def fill(work: Work) -> None:
        testa = add_provider(work, "Testa Fernsample")
        payers = [add_payer(work, f"Plan {n}", f"Plan {n}", str(n)) for n in range(3)]
        for n in range(12):
            patient = add_patient(work, f"Client {n:02d}", str(1000 + n))
            add_session(work, patient, testa, payer=payers[n % 3], insurance=100 * (n % 2))

    sqlite_books.write(fill)
    return sqlite_books


def _of_sessions(sql: str) -> bool:
    """The questions for ids and counts, not the one that joins names to a page of ids."""
    return " session" in sql and "session.version" not in sql


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_walks_a_covering_index_and_sorts_nothing(
    some: Office, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(ordering, "GATHERED", -1)
    for span in (Span(at, 6, sort, down) for at in (0, 6) for down in (False, True)):
        with asked_of(some) as heard:
            some.read(partial(page_of_sessions, wanted=SessionFilter(), span=span))
        for plan in plans(some, [one for one in heard if _of_sessions(one[0])]):
            assert "USING INDEX" in plan or "USING COVERING INDEX" in plan, plan
            assert "TEMP B-TREE FOR ORDER BY" not in plan
            assert not re.search(r"SCAN session(?! USING)", plan), plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (SessionFilter(), "ix_session_by_fee"),
        (SessionFilter(billing=("paid",)), "ix_session_by_billing"),
        (SessionFilter(payers=(1,)), "ix_session_by_payer"),
        (SessionFilter(providers=(1,)), "ix_session_by_provider"),
        (SessionFilter(billing=("paid",), payers=(1,)), "ix_session_by_day"),
        (SessionFilter(attendance=("completed",)), "ix_session_by_day"),
        (SessionFilter(from_day=date(2026, 3, 1)), "ix_session_by_day"),
        (SessionFilter(view="client_owes"), "ix_session_open"),
        (SessionFilter(view="unbilled"), "ix_session_by_billing"),
        (SessionFilter(view="no_signed_note"), "ix_session_by_note"),
        (SessionFilter(patient_id=1), "uq_session_live"),
    ],
    ids=str,
)
def test_counts_and_sums_are_read_from_an_index(
    some: Office, wanted: SessionFilter, index: str
) -> None:
    with asked_of(some) as heard:
        some.read(lambda work: page_of_sessions(work, wanted, Span(0, 5, "day")))
    counted = [(sql, parameters) for sql, parameters in heard if sql.startswith("SELECT count(*)")]
    (plan,) = plans(some, counted)

    assert index in plan


def test_a_page_costs_a_handful_of_questions_and_the_next_even_fewer(some: Office) -> None:
    def questions(act: Callable[[Work], object]) -> int:
        with asked_of(some) as heard:
            some.read(act)
        return len(heard) - 1  # the transaction's BEGIN

    wanted = SessionFilter(text="plan", view="unbilled")
    first = questions(lambda work: page_of_sessions(work, wanted, Span(0, 5, "client")))
    again = questions(lambda work: page_of_sessions(work, wanted, Span(5, 5, "client")))
    tabs = questions(session_counts)

    assert first <= 16
    assert again == 2  # the change counters, and the rows of the page
    assert tabs <= 12
    assert questions(session_counts) == 1
