"""A clinician who moves takes no earlier session along: reports go by the day of service."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.audit import AuditEvent
from fscdesk.models.charge import Charge
from fscdesk.models.cost_centre import ProviderCostCentre
from fscdesk.models.provider import Provider
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import budget, copy_actual
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.cost_centres import (
    CentreDraft,
    CentreSpan,
    MemberRow,
    assign,
    centre_members,
    cost_centres,
    save_cost_centre,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.earned import earned
from fscdesk.services.reports.income_statement import income_statement
from fscdesk.services.work import Work
from tests.support.books_kept import APRIL, MARCH, behind, keep_books, not_behind, taken_off
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till
from tests.support.second_person import at_once, second_person

SPRING: Final = (MARCH[0], APRIL[1])


@pytest.fixture
def till(books: Office) -> Till:
    made = keep_books(books)

    def two(work: Work) -> None:
        save_cost_centre(work, CentreDraft("EAST", "East office"))
        save_cost_centre(work, CentreDraft("WEST", "West office"))

    books.write(two)
    return made


def member(books: Office) -> MemberRow:
    return books.read(centre_members)[0]


def moves(books: Office, code: str | None, day: date | None, late: str | None = None) -> None:
    seen = member(books)
    books.write(
        lambda work: assign(
            work, seen.id, code, day, expected_version=seen.version, late_reason=late
        )
    )


def service_days(books: Office) -> list[date]:
    return books.read(
        lambda work: list(work.db.scalars(select(Charge.service_day).order_by(Charge.service_day)))
    )


def net(books: Office, first: date = SPRING[0], last: date = SPRING[1]) -> dict[str, str]:
    """Return the net revenue by cost centre; every number is that of its lines."""
    found = books.read(lambda work: earned(work, first, last, by=Cut.COST_CENTRE))
    assert found.ties
    statement = books.read(lambda work: income_statement(work, first, last, by=Cut.COST_CENTRE))
    assert statement.ties
    assert books.read(lambda work: not_behind(work, statement)) == []
    told = {
        column.title: statement.amount("net_revenue", at)
        for at, column in enumerate(statement.columns)
    }
    assert {row.name: row.net for row in found.rows if row.net} == {
        name: amount for name, amount in told.items() if amount and name != "Total"
    }
    for row in found.rows:
        for what, lines in row.drills.items():
            assert books.read(partial(behind, which=lines)) == getattr(row, what)
    return {row.name: f"{row.units} {row.net}" for row in found.rows}


def test_who_moves_leaves_the_earlier_sessions_behind(books: Office, till: Till) -> None:
    days = service_days(books)
    assert len(days) == 3
    moves(books, "EAST", None)
    assert net(books) == {"East office": "3 480.00"}
    moves(books, "WEST", days[1])
    before = [day for day in days if day < days[1]]
    found = net(books)
    assert found["East office"].startswith(f"{len(before)} ")
    assert found["West office"].startswith(f"{3 - len(before)} ")
    moves(books, None, days[-1])
    assert "No cost centre" in net(books)
    assert member(books).history[0] == CentreSpan(None, days[-1], None)


def test_a_late_line_counts_for_the_centre_of_the_day_of_service(books: Office, till: Till) -> None:
    """A session of March is adjusted in April, when its clinician works elsewhere."""
    moves(books, "EAST", None)
    moves(books, "WEST", APRIL[0])
    taken_off(books, till.own, 10_00, AdjustmentKind.COURTESY, on=date(2026, 4, 10))
    found = books.read(lambda work: earned(work, *APRIL, by=Cut.COST_CENTRE))
    assert [(row.key, row.taken_off) for row in found.rows if row.taken_off] == [
        ("EAST", Money(10_00))
    ]
    planned = books.write(lambda work: copy_actual(work, "As 2026", date(2027, 1, 1))).value
    cells = books.read(lambda work: budget(work, planned)).cells
    assert {one.cost_centre for one in cells if one.account.startswith("49")} == {"EAST"}


def test_before_the_first_day_there_is_no_centre(books: Office, till: Till) -> None:
    moves(books, "EAST", date(2026, 3, 31))
    assert net(books) == {"No cost centre": "3 480.00"}
    assert (member(books).cost_centre, member(books).since) == ("EAST", date(2026, 3, 31))


def test_the_history_says_from_when_to_when(books: Office, till: Till) -> None:
    moves(books, "EAST", None)
    moves(books, "WEST", date(2026, 3, 1))
    moves(books, "EAST", date(2026, 6, 1))  # not yet
    seen = member(books)
    assert (seen.cost_centre, seen.since) == ("WEST", date(2026, 3, 1))
    assert seen.history == (
        CentreSpan("EAST", date(2026, 6, 1), None),
        CentreSpan("WEST", date(2026, 3, 1), date(2026, 5, 31)),
        CentreSpan("EAST", None, date(2026, 2, 28)),
    )
    assert {one.code: one.providers for one in books.read(cost_centres)} == {"EAST": 0, "WEST": 1}


def test_a_change_is_undone_by_its_opposite(books: Office, till: Till) -> None:
    moves(books, "EAST", None)
    was = member(books).history
    moves(books, "WEST", date(2026, 3, 1))
    moves(books, "EAST", date(2026, 3, 1))
    assert member(books).history == was
    rows = books.read(lambda work: len(list(work.db.scalars(select(ProviderCostCentre)))))
    assert rows == 1
    moves(books, None, None)
    assert member(books).history == ()


def test_what_holds_already_is_said(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="is of no cost centre from the beginning already"):
        moves(books, None, None)
    moves(books, "EAST", None)
    before = member(books)
    with pytest.raises(Problem, match="is of EAST on 03/01/2026 already"):
        moves(books, "EAST", date(2026, 3, 1))
    assert member(books) == before


def test_a_closed_month_keeps_its_report(books: Office, till: Till) -> None:
    moves(books, "EAST", None)
    books.write(lambda work: close(work, date(2026, 3, 1)))
    before = net(books, *MARCH)
    for day in (None, date(2026, 3, 31)):
        with pytest.raises(Problem, match=r"closed") as refused:
            moves(books, "WEST", day)
        assert "posted" not in refused.value.hint
        assert "Nothing was saved" in refused.value.hint
    moves(books, "WEST", date(2026, 4, 1))
    assert net(books, *MARCH) == before
    assert member(books).suggested == date(2026, 4, 12)


def test_a_closed_month_takes_a_written_reason_by_who_may(books: Office, till: Till) -> None:
    moves(books, "EAST", None)
    books.write(lambda work: close(work, date(2026, 3, 1)))
    seen = member(books)
    accountant = second_person(books, Role.ACCOUNTING)
    with pytest.raises(Problem, match=r"March 2026 is closed"):
        accountant.write(
            lambda work: assign(
                *(work, seen.id, "WEST", date(2026, 3, 1)),
                expected_version=seen.version,
                late_reason="moved in March",
            )
        )
    moves(books, "WEST", date(2026, 3, 1), "moved in March")
    assert net(books, *MARCH) == {"West office": "3 480.00"}
    told = books.read(
        lambda work: work.db.scalars(
            select(AuditEvent)
            .where(AuditEvent.action == "assign_cost_centre")
            .order_by(AuditEvent.id.desc())
            .limit(1)
        ).one()
    )
    assert told.detail["late_reason"] == "moved in March"
    assert told.detail["from_day"] == "2026-03-01"


def test_a_day_that_is_a_slip_is_refused(books: Office, till: Till) -> None:
    for day in (date(226, 3, 1), date(2062, 3, 1)):
        with pytest.raises(Problem, match="cannot be the day of a change"):
            moves(books, "EAST", day)
    assert member(books).history == ()


def test_two_desks_move_one_clinician(books: Office, till: Till) -> None:
    seen = member(books)

    def to(code: str, work: Work) -> None:
        assign(work, seen.id, code, None, expected_version=seen.version)

    other = second_person(books, Role.ADMIN)
    done = at_once((books, lambda work: to("EAST", work)), (other, lambda work: to("WEST", work)))
    assert sorted(type(one).__name__ for one in done) == ["ChangedElsewhere", "NoneType"]
    assert len(member(books).history) == 1


def test_a_fault_anywhere_leaves_nothing(books: Office, till: Till) -> None:
    seen = member(books)
    assert_all_or_nothing(
        books,
        lambda work: assign(work, seen.id, "EAST", date(2026, 4, 1), expected_version=seen.version),
    )


def test_the_version_of_the_clinician_counts(books: Office, till: Till) -> None:
    seen = member(books)
    moves(books, "EAST", None)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: assign(work, seen.id, "WEST", None, expected_version=seen.version))
    assert books.read(lambda work: work.db.get_one(Provider, seen.id).version) == seen.version + 1
