"""A run of thousands: whose page is whose, and the files that leave the program."""

from __future__ import annotations

import csv
import os
import random
import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.service import Service
from fscdesk.models.statement import Statement
from fscdesk.models.values import Money
from fscdesk.services.billing.statement_files import Written, write_statements
from fscdesk.services.billing.statements import (
    Made,
    StatementPlan,
    make_statements,
    plan_statements,
)
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.errors import Cancelled, Problem
from fscdesk.services.office import Office
from fscdesk.services.reports import saving
from fscdesk.services.work import Job, Work
from tests.support.accounts import ADDRESS, a_draft, add_account, add_cast, record
from tests.support.pdf import page_texts

MARCH = date(2026, 3, 31)
MARK = re.compile(r"K\d{5}K")
MANY = 3_100


def fill_marked(work: Work, count: int) -> None:
    """Accounts whose every text, and one patient's or several's, hold the account's own mark."""
    cast = add_cast(work)
    work.db.get_one(Service, cast.service).name = "Session"
    chance = random.Random(20260401)
    marks = [f"K{number:05d}K" for number in range(count)]
    payers = [
        Guarantor(
            number=mark,
            name=f"Payer {mark}",
            **{**ADDRESS, "address1": f"{mark} Lane", "zip_code": f"{chance.randrange(99):05d}"},
        )
        for mark in marks
    ]
    work.db.add_all(payers)
    work.db.flush()
    served = [
        Patient(
            number=f"{payer.number}-{one}",
            name=f"Client {one} {payer.number}",
            sort_name=payer.number,
            guarantor_id=payer.id,
        )
        for payer in payers
        for one in range(chance.choice((1, 1, 2)))
    ]
    chance.shuffle(served)
    work.db.add_all(served)
    work.db.flush()
    record(
        work,
        *(
            a_draft(
                cast,
                one.guarantor_id,
                one.id,
                date(2026, 3, day),
                share=1_000 + one.guarantor_id,
                recorded=Recorded(500, 0, 0),
                minute=at % 1440,
            )
            for at, one in enumerate(served)
            for day in (4, 11)
        ),
        paid_on=date(2026, 3, 20),
    )


def make(books: Office) -> tuple[StatementPlan, Made]:
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH))
    return plan, books.write(lambda work: make_statements(work, plan)).value


def write(books: Office, out: Path, *, two_sided: bool = False) -> Written:
    plan, made = make(books)
    return books.read(lambda work: write_statements(work, out, made, plan, two_sided=two_sided))


def check_whose(books: Office, out: Path, count: int) -> None:
    books.write(lambda work: fill_marked(work, count))
    plan, made = make(books)
    assert len(made.statements) == count
    marks = {int(one.guarantor_id): one.number for one in plan.recipients}
    owed = {one.guarantor_id: one.balance for one in plan.recipients}
    written = books.read(lambda work: write_statements(work, out, made, plan))
    for one in made.statements:
        pages = page_texts((out / f"{one.number}.pdf").read_bytes())
        text = "\n".join(pages)
        assert set(MARK.findall(text)) == {marks[one.guarantor_id]}
        assert one.number in text
        assert f"${owed[one.guarantor_id]}" in pages[0]
        assert set(re.findall(r"ST-\d{4}-\d{5}", text)) == {one.number}
    kept = books.read(
        lambda work: work.db.execute(select(Statement.number, Statement.guarantor_id)).all()
    )
    assert {(number, marks[who]) for number, who in kept} == {
        (one.number, one.account) for one in made.statements
    }
    together = page_texts(written.print_file.read_bytes())
    order = [found[0] for found in map(MARK.findall, together) if found]
    assert list(dict.fromkeys(order)) == [one.account for one in made.statements]
    assert all(len(set(MARK.findall(page))) == 1 for page in together)
    zips = [one.zip_code for one in made.statements]
    assert zips == sorted(zips)


def test_no_page_holds_a_word_of_another_account(sqlite_books: Office, tmp_path: Path) -> None:
    check_whose(sqlite_books, tmp_path, MANY)


def test_nor_on_the_other_database(books: Office, tmp_path: Path) -> None:
    check_whose(books, tmp_path, 60)


def test_numbers_follow_each_other_in_the_order_of_the_envelopes(books: Office) -> None:
    books.write(lambda work: fill_marked(work, 30))
    _, made = make(books)
    assert [one.number for one in made.statements] == [
        f"ST-2026-{number:05d}" for number in range(1, 31)
    ]


def test_stopping_a_run_leaves_nothing(books: Office) -> None:
    books.write(lambda work: fill_marked(work, 20))
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH))

    class Stopped(Job):
        def step(self, done: int, total: int, text: str = "") -> None:
            if done == 15:
                self.cancel()
            super().step(done, total, text)

    with pytest.raises(Cancelled):
        books.write(lambda work: make_statements(work, plan), Stopped())
    assert books.read(lambda work: work.db.scalars(select(Statement.id)).all()) == []
    assert make(books)[1].statements[0].number == "ST-2026-00001"


# Files


@pytest.fixture
def two(sqlite_books: Office) -> Office:
    """Two accounts that owe, one that does not, one formula for a name."""

    def act(work: Work) -> None:
        cast = add_cast(work)
        accounts: tuple[tuple[str, int, dict[str, object]], ...] = (
            ("Quill Fakerson", 5_500, {"zip_code": "07009"}),
            ("=HYPERLINK(1)", 4_000, {"zip_code": "07001"}),
            ("No Street", 3_000, {"address1": ""}),
            ("Minna Placeholder", 500, {}),
        )
        for name, cents, facts in accounts:
            guarantor, patient = add_account(work, name, **facts)  # type: ignore[arg-type]
            draft = a_draft(cast, guarantor, patient, date(2026, 3, 4), share=cents)
            record(work, draft, paid_on=MARCH)

    sqlite_books.write(act)
    return sqlite_books


def test_files_are_named_by_number_and_the_list_says_who_was_left_out(
    two: Office, tmp_path: Path
) -> None:
    written = write(two, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ST-2026-00001.pdf",
        "ST-2026-00002.pdf",
        "ST-2026-00003.pdf",
        "statements-2026-03-31-run-1.csv",
        "statements-2026-03-31-run-1.pdf",
    ]
    with written.proof_list.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["Statement", "Account", "Name", "Balance", "Left out because"],
            ["ST-2026-00001", "G-=HYPERLINK(1)", "'=HYPERLINK(1)", "40.00", ""],
            ["ST-2026-00002", "G-Quill Fakerson", "Quill Fakerson", "55.00", ""],
            ["ST-2026-00003", "G-No Street", "No Street", "30.00", ""],
            [
                "",
                "G-Minna Placeholder",
                "Minna Placeholder",
                "5.00",
                f"Owes less than the minimum of {Money(1_000)}",
            ],
        ]


def test_a_printer_that_uses_both_sides_puts_nobody_on_anothers_back(
    two: Office, tmp_path: Path
) -> None:
    pages = page_texts(write(two, tmp_path, two_sided=True).print_file.read_bytes())
    assert len(pages) == 6
    assert [bool(page.strip()) for page in pages] == [True, False] * 3


def test_the_same_run_may_be_written_again(two: Office, tmp_path: Path) -> None:
    plan, made = make(two)
    first = two.read(lambda work: write_statements(work, tmp_path, made, plan))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = two.read(lambda work: write_statements(work, tmp_path, made, plan))
    assert again == first
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_is_not_there_is_refused(two: Office, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="does not exist"):
        write(two, tmp_path / "nowhere")


def test_no_other_file_is_ever_changed(two: Office, tmp_path: Path) -> None:
    mine = tmp_path / "ST-2026-00002.pdf"
    mine.write_bytes(b"something of mine")
    with pytest.raises(Problem, match=r"ST-2026-00002\.pdf is in this folder already"):
        write(two, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
    assert mine.read_bytes() == b"something of mine"


@pytest.mark.parametrize("at", range(5))
def test_a_full_disk_leaves_no_file(
    two: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    calls = 0

    def full(_handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(saving, "_sync_folder", lambda _folder: None)
    with pytest.raises(Problem, match="The disk is full"):
        write(two, tmp_path)
    assert list(tmp_path.iterdir()) == []
