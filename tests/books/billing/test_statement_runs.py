"""Who is held back from a run, the runs that were made, and their print files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fscdesk.models.values import GuarantorId, Money
from fscdesk.services.billing.statement_files import print_file_of, write_statements
from fscdesk.services.billing.statement_runs import guarantors_of, page_of_runs, run_of
from fscdesk.services.billing.statements import (
    Made,
    Reason,
    made_statements,
    make_statements,
    plan_statements,
    preview_statement,
    statement_pdf_of,
    unnumbered_statement,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.pdf import page_texts

MARCH = date(2026, 3, 31)
APRIL = date(2026, 4, 30)


@pytest.fixture
def three(books: Office) -> dict[str, list[int]]:
    """Three accounts that owe; guarantor and patient by name."""

    def act(work: Work) -> dict[str, list[int]]:
        cast = add_cast(work)
        made = {}
        for at, (name, zip_code) in enumerate(
            (("Quill Fakerson", "07009"), ("José Ficción", "07001"), ("Minna Mock", ""))
        ):
            facts: dict[str, Any] = {"zip_code": zip_code} if zip_code else {"address1": ""}
            made[name] = add_account(work, name, **facts)
            for day in (4, 11):
                whose, patient = made[name]
                on = date(2026, 3, day)
                draft = a_draft(cast, whose, patient, on, share=2_000 + at, minute=540 + at)
                record(work, draft, paid_on=MARCH)
        return made

    return books.write(act).value


def make(books: Office, as_of: date = MARCH, held: tuple[int, ...] = ()) -> Made:
    plan = books.read(lambda work: plan_statements(work, as_of=as_of, held=held))
    return books.write(lambda work: make_statements(work, plan)).value


def test_who_is_held_back_is_on_the_proof_list_and_gets_none(
    books: Office, three: dict[str, list[int]]
) -> None:
    held = three["José Ficción"][0]
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH, held=[held]))
    assert [one.name for one in plan.recipients] == ["Quill Fakerson", "Minna Mock"]
    assert [(one.name, one.reason_code, one.reason) for one in plan.left_out] == [
        ("José Ficción", Reason.HELD, "Held back")
    ]
    made = books.write(lambda work: make_statements(work, plan)).value
    assert [one.name for one in made.statements] == ["Quill Fakerson", "Minna Mock"]
    again = books.read(lambda work: plan_statements(work, as_of=MARCH))
    assert [one.name for one in again.recipients] == ["José Ficción"]


def test_a_plan_that_holds_others_back_is_another_plan(
    books: Office, three: dict[str, list[int]]
) -> None:
    seen = books.read(lambda work: plan_statements(work, as_of=MARCH))
    held = three["José Ficción"][0]
    other = books.read(lambda work: plan_statements(work, as_of=MARCH, held=[held]))
    assert seen.digest != other.digest
    with pytest.raises(ChangedElsewhere, match="changed after this list was made"):
        books.write(lambda work: make_statements(work, other, shown=seen.digest))


def test_holding_back_one_who_gets_none_anyway_changes_no_reason(
    books: Office, three: dict[str, list[int]]
) -> None:
    make(books)
    held = three["José Ficción"][0]
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH, held=[held]))
    assert {one.reason_code for one in plan.left_out} == {Reason.STATED}


def test_runs_are_listed_newest_first_with_their_sums(
    books: Office, three: dict[str, list[int]]
) -> None:
    first = make(books, held=(three["Quill Fakerson"][0],))
    second = make(books, APRIL)
    page = books.read(lambda work: page_of_runs(work, Span(0, 10, "run", descending=True)))
    assert page.total == 2
    assert [row.id for row in page.rows] == [second.run_id, first.run_id]
    row = page.rows[1]
    assert (row.as_of, row.statements, row.total) == (MARCH, 2, first.total)
    assert (row.first, row.last) == ("ST-2026-00001", "ST-2026-00002")
    assert row.minimum == Money(1_000)
    assert row.made_at == books.read(lambda work: work.now())
    assert row.made_by == books.actor.name
    by_total = books.read(lambda work: page_of_runs(work, Span(0, 1, "total")))
    assert [one.id for one in by_total.rows] == [first.run_id]
    assert books.read(lambda work: run_of(work, first.run_id)) == row
    assert books.read(lambda work: run_of(work, 99)) is None


def test_the_print_file_is_the_kept_pages_in_the_order_of_envelopes(
    books: Office, three: dict[str, list[int]], tmp_path: Path
) -> None:
    made = make(books)
    pdf = books.read(lambda work: print_file_of(work, made_statements(work, made.run_id)))
    written = books.read(lambda work: write_statements(work, tmp_path, made))
    assert written.print_file.read_bytes() == pdf
    pages = page_texts(pdf)
    names = ["José Ficción", "Quill Fakerson", "Minna Mock"]
    assert len(pages) == len(three)
    for page, name in zip(pages, names, strict=True):
        assert [one for one in names if one in page] == [name]
    one = made.statements[0]
    alone = books.read(lambda work: statement_pdf_of(work, one.id))
    assert page_texts(alone)[0] == next(page for page in pages if one.number in page)


def test_who_pays_for_clients_is_named_once(books: Office, three: dict[str, list[int]]) -> None:
    patients = [ids[1] for ids in three.values()]
    found = books.read(lambda work: guarantors_of(work, [*patients, patients[0], 999]))
    assert list(found) == sorted(ids[0] for ids in three.values())


def test_what_a_statement_would_say_is_what_its_preview_draws(
    books: Office, three: dict[str, list[int]]
) -> None:
    whose = GuarantorId(three["José Ficción"][0])
    doc = books.read(lambda work: unnumbered_statement(work, whose, as_of=MARCH))
    assert doc.recipient_name == "José Ficción"
    assert doc.amount_due == Money(4_002)
    text = page_texts(
        books.read(lambda work: preview_statement(work, as_of=MARCH, guarantor_id=whose))
    )[0]
    assert "$40.02" in text
    with pytest.raises(Problem, match="no such account"):
        books.read(lambda work: unnumbered_statement(work, GuarantorId(999), as_of=MARCH))
