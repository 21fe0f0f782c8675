"""The samples import, re-import, change and undo with the counts that they were made with."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from tests.support.shared import samples

MARCH = "simplepractice_appointments_2026-03.csv"
AGAIN = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"


def bring_in(books: Office, name: str) -> Applied:
    file = read_file(samples() / name)
    return books.write(lambda work: import_file(work, file, accept_proposals=True)).value


def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    return found


def cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def balances(books: Office) -> tuple[int, int, int]:
    sql = text(
        "SELECT count(*), coalesce(sum(insurance_balance), 0), coalesce(sum(patient_balance), 0)"
        " FROM session WHERE withdrawn_by IS NULL"
    )
    count, insurance, patient = books.read(lambda work: work.db.execute(sql).one())
    return int(count), int(insurance), int(patient)


def proves(books: Office) -> None:
    report = books.read(run_checks)
    assert [(check.name, check.offenders) for check in report.checks if not check.ok] == []


def test_march_comes_in_to_the_cent(books: Office) -> None:
    plan = bring_in(books, MARCH).plan
    told = expected()["march"]
    assert (plan.read, plan.created, plan.changed, plan.unchanged, plan.skipped) == (
        told["rows"],
        told["rows"],
        0,
        0,
        0,
    )
    assert plan.totals.fee == Money(cents(told["total_fee"]))
    assert plan.totals.write_off == Money(cents(told["insurance_write_off"]))
    owed = cents(told["client_unpaid"]) + cents(told["client_uninvoiced"])
    assert balances(books) == (60, cents(told["insurance_unpaid"]), owed)
    proves(books)


def test_the_same_file_again_changes_nothing_and_says_so(books: Office) -> None:
    first = bring_in(books, MARCH)
    before = balances(books)
    again = bring_in(books, MARCH)
    assert again.batch_id is None
    assert (again.plan.read, again.plan.unchanged) == (60, 60)
    assert again.plan.already is not None
    assert f"import {first.batch_id}" in again.plan.already
    assert balances(books) == before


def test_the_next_export_changes_what_it_says_and_no_more(books: Office) -> None:
    told = expected()
    bring_in(books, MARCH)
    plan = bring_in(books, AGAIN).plan
    assert (plan.created, plan.changed, plan.unchanged, plan.skipped, plan.gone) == (
        told["reexport_new"],
        told["reexport_changed"],
        told["reexport_unchanged"],
        0,
        len(told["gone_from_reexport"]),
    )
    assert balances(books)[0] == told["ledger_distinct_sessions_after_both_imports"]
    proves(books)


def test_undo_takes_everything_back_in_order(books: Office) -> None:
    first = bring_in(books, MARCH)
    after_march = balances(books)
    second = bring_in(books, AGAIN)
    assert first.batch_id is not None
    assert second.batch_id is not None
    with pytest.raises(Problem, match=f"import {second.batch_id} of {AGAIN}"):
        books.write(lambda work: undo_import(work, first.batch_id or 0))
    books.write(lambda work: undo_import(work, second.batch_id or 0))
    assert balances(books) == after_march
    proves(books)
    for _ in range(2):  # and once more: what was undone can be imported and undone again
        again = bring_in(books, AGAIN).batch_id or 0
        proves(books)
        books.write(partial(undo_import, batch_id=again))
        assert balances(books) == after_march
    books.write(lambda work: undo_import(work, first.batch_id or 0))
    assert balances(books) == (0, 0, 0)
    proves(books)
    bring_in(books, MARCH)
    assert balances(books) == after_march
    proves(books)


def test_an_import_undone_twice_is_refused(books: Office) -> None:
    batch = bring_in(books, MARCH).batch_id
    books.write(lambda work: undo_import(work, batch or 0))
    with pytest.raises(Problem, match="undone before"):
        books.write(lambda work: undo_import(work, batch or 0))


def test_without_answers_the_doubtful_rows_wait(books: Office) -> None:
    file = read_file(samples() / MARCH)
    plan = books.write(lambda work: import_file(work, file)).value.plan
    waiting = [row for row in plan.rows if row.question_id == "same_name:pat placeholder"]
    assert plan.skipped == len(waiting) > 0
    assert plan.read == plan.created + plan.changed + plan.unchanged + plan.skipped
    proves(books)


def test_rows_that_waited_come_in_when_the_same_file_is_answered(books: Office) -> None:
    file = read_file(samples() / MARCH)
    first = books.write(lambda work: import_file(work, file)).value
    waited = first.plan.skipped
    assert waited
    again = books.write(lambda work: import_file(work, file)).value
    assert (again.batch_id, again.plan.skipped) == (None, waited), "nobody has answered yet"
    second = bring_in(books, MARCH)
    assert (second.plan.created, second.plan.unchanged) == (waited, 60 - waited)
    owed = cents(expected()["march"]["client_unpaid"]) + 15500
    assert balances(books) == (60, cents(expected()["march"]["insurance_unpaid"]), owed)
    proves(books)
    third = bring_in(books, MARCH)
    assert (third.batch_id, third.plan.unchanged) == (None, 60)
    books.write(partial(undo_import, batch_id=second.batch_id or 0))
    assert balances(books)[0] == 60 - waited
    proves(books)
