"""Which door takes which file, and what is said where none does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fscdesk.services.errors import Cancelled, Problem
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.reading import ReadReport, read_any, read_file
from fscdesk.services.importing.recognising import explain_unknown, recognise
from fscdesk.services.work import Job
from tests.support.appointment_files import HEADER, ROW, source, workbook, written
from tests.support.report_files import LINES, ZONE, heading, line


def saved(folder: Path, *rows: list[str]) -> Path:
    path = folder / "some name.csv"
    path.write_text(written(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("report", LINES)
def test_one_door_takes_all_and_the_other_sessions_alone(report: str, tmp_path: Path) -> None:
    path = saved(tmp_path, heading(report), line(report))
    read = read_any(path, zone=ZONE)
    assert isinstance(read, ReadReport)
    assert (read.report.report, read.recognised.profile, read.source.name) == (
        report, report, "some name.csv",
    )  # fmt: skip
    assert len(read.report.rows) == 1
    with pytest.raises(Problem, match="It holds no sessions to import") as refused:
        read_file(path)
    assert "Appointment Status report" in refused.value.hint


def test_sessions_go_through_both_doors(tmp_path: Path) -> None:
    path = saved(tmp_path, HEADER, ROW)
    read = read_any(path, zone=ZONE)
    assert isinstance(read, ReadFile)
    assert read.content == read_file(path).content


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("Date Requested,Client,Status,Payer", "insurance status checks report"),
        ("Date,Primary Clinician,Client,Type,Status", "reminders report"),
        ("Date,Primary Clinician,Client,Status,To,Subject", "e-mail report"),
        ("one,two", "is no report that fscdesk knows"),
    ],
)
def test_what_is_of_no_use_is_refused_by_name(names: str, said: str, tmp_path: Path) -> None:
    path = saved(tmp_path, names.split(","), ["x"] * (names.count(",") + 1))
    with pytest.raises(Problem, match=said):
        read_any(path, zone=ZONE)


def test_a_report_without_one_of_its_columns_is_named() -> None:
    names = [name for name in heading("sp_payment_export") if name != "Amount"]
    told = explain_unknown(source(written([names]), "x.csv"))
    assert told.message == (
        "x.csv looks like the SimplePractice payment export without the column “Amount”. "
        "Nothing was imported."
    )
    two = [name for name in names if name != "Account"]
    assert "no report that fscdesk knows" in explain_unknown(source(written([two]))).message


def test_a_second_sheet_with_a_report_is_told_and_not_added() -> None:
    report = "sp_income_alloc"
    current = source(workbook([heading(report), line(report)], sheet="Current payments"))
    payers = source(workbook([heading("sp_payer_alloc"), line("sp_payer_alloc")], sheet="Payers"))
    both = recognise(replace(current, tables=(*payers.tables, *current.tables)))
    assert both is not None
    assert (both.profile, both.table) == (report, 1)  # it knows more of its columns
    assert [(each.code, each.where) for each in both.findings] == [("other-sheet", "sheet Payers")]


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    job = Job()
    job.cancel()
    path = saved(tmp_path, heading("sp_claims"), line("sp_claims"))
    with pytest.raises(Cancelled):
        read_any(path, zone=ZONE, job=job)
