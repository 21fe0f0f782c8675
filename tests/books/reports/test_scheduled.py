"""The reports of each month: which, about what, where to, and what is in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from fscdesk.services.errors import Problem
from fscdesk.services.jobs.running import Outcome, run_jobs
from fscdesk.services.office import Office
from fscdesk.services.preferences import put_preference
from fscdesk.services.reports.report_catalogue import REPORTS
from fscdesk.services.reports.scheduled import write_monthly
from fscdesk.services.setup.report_settings import (
    MONTHLY_REPORTS,
    REPORT_SETTINGS,
    REPORTS_FOLDER,
)
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Work
from tests.support.books_kept import keep_books
from tests.support.pdf import page_texts


def choose(books: Office, folder: Path, *names: str) -> None:
    def write(work: Work) -> None:
        change_setting(work, MONTHLY_REPORTS, names, seen=())
        change_setting(work, REPORTS_FOLDER, str(folder), seen="")

    books.write(write)


def test_the_choices_are_reports_by_their_titles() -> None:
    offered = REPORT_SETTINGS[0].choices
    assert [words for _name, words in offered] == [REPORTS[name].title for name, _words in offered]


def test_the_month_before_is_written_once(books: Office, tmp_path: Path) -> None:
    keep_books(books)
    choose(books, tmp_path, "income", "balance-sheet")
    books.write(lambda work: put_preference(work, "report/income", {"compare": "previous"}))
    (ran,) = run_jobs(books, ("reports",))
    assert (ran.outcome, ran.result) == (Outcome.DONE, "4 files written")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "balance-sheet_2026-03.pdf",
        "balance-sheet_2026-03.xlsx",
        "income_2026-03.pdf",
        "income_2026-03.xlsx",
    ]
    rows = list(load_workbook(tmp_path / "income_2026-03.xlsx").worksheets[0].values)
    assert rows[0][2:4] == ("March 2026", "February 2026")
    assert any(row[1] == "Net income" and row[2] == 255 for row in rows)
    page = page_texts((tmp_path / "balance-sheet_2026-03.pdf").read_bytes())[0]
    assert "03/31/2026" in page
    (again,) = run_jobs(books, ("reports",))
    assert again.outcome is Outcome.RAN_BEFORE


def test_what_cannot_be_made_stops_no_other(books: Office, tmp_path: Path) -> None:
    choose(books, tmp_path, "budget-variance", "trial-balance")
    written = books.write(write_monthly).value
    assert len(written.paths) == 2
    assert written.refused == ("Budget and actual: No approved budget covers March 2026.",)


def test_without_a_folder_nothing_is_written(books: Office) -> None:
    books.write(lambda work: change_setting(work, MONTHLY_REPORTS, ("income",), seen=()))
    (ran,) = run_jobs(books, ("reports",))
    assert ran.result == "No report is to be written each month"


def test_a_folder_that_is_not_there_is_named(books: Office, tmp_path: Path) -> None:
    choose(books, tmp_path / "gone", "income")
    with pytest.raises(Problem, match="does not exist"):
        books.write(write_monthly)
    (ran,) = run_jobs(books, ("reports",))
    assert ran.outcome is Outcome.FAILED
