"""Appointment reports for tests: the sample's rows, written again in other ways."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from fscdesk.services.importing.mapping import Profile
from fscdesk.services.importing.readers.appointments import (
    AppointmentFile,
    AppointmentRow,
    read_appointments,
)
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.spreadsheets.files import SourceFile, read_source
from tests.support.shared import samples

Table = list[list[str]]

MARCH = "simplepractice_appointments_2026-03.csv"
REEXPORT = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"
THEN = datetime(2026, 4, 1, 8, tzinfo=UTC)

_HEADER = (
    "Date of Service,Client,Clinician,Billing Code,Primary Insurance,Secondary Insurance,"
    "Rate per Unit,Units,Total Fee,Progress Note Status,Client Payment Status,Charge,Uninvoiced,"
    "Paid,Unpaid,Insurance Payment Status,Charge,Paid,Write Off,Unpaid"
)
_ROW = (
    "03/02/2026 09:00,Quill Fakerson,Testa Fernsample,90837 ,Imaginary Blue Plan (99901),,"
    "160.0 ,1 ,160.0,LOCKED,PAID,30.0,0.0,30.0,0.0,PAID,130.0,91.4,38.6,0.0"
)
HEADER, ROW = _HEADER.split(","), _ROW.split(",")
DATE, CLIENT, CLINICIAN, CODE, PAYER = 0, 1, 2, 3, 4
RATE, UNITS, FEE = 6, 7, 8
CLIENT_CHARGE, INSURANCE_CHARGE = 11, 16
MONEY = (8, 11, 12, 13, 14, 16, 17, 18, 19)


def sample(name: str = MARCH) -> Table:
    """The cells of a sample, header first."""
    with (samples() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def row(**cells: str) -> list[str]:
    """A row that adds up, with some cells changed, by the names of the places above."""
    changed = list(ROW)
    for name, cell in cells.items():
        changed[globals()[name]] = cell
    return changed


def written(table: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    """The cells as CSV text."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(table)
    return buffer.getvalue()


def changed(table: Table, change: Callable[[list[str]], list[str]]) -> Table:
    """The table with a change made to each row under the header."""
    return [table[0], *(change(list(cells)) for cells in table[1:])]


def each_cell(places: Sequence[int], change: Callable[[str], str]) -> Callable[..., list[str]]:
    """A change of some cells of a row."""

    def of_row(cells: list[str]) -> list[str]:
        for place in places:
            cells[place] = change(cells[place])
        return cells

    return of_row


def workbook(rows: Sequence[Sequence[object]], sheet: str = "Report") -> bytes:
    """The cells as an XLSX file."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for cells in rows:
        page.append(list(cells))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def source(data: bytes | str, name: str = "report.csv") -> SourceFile:
    """A source file of these bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return read_source(raw, path=Path(name), modified_at=THEN)


def read(data: bytes | str, *profiles: Profile) -> AppointmentFile:
    """What the reader makes of these bytes, recognised on the way."""
    file = source(data)
    recognised = recognise(file, profiles)
    assert recognised is not None, "not recognised"
    return read_appointments(file, recognised)


def read_rows(*rows: Sequence[str]) -> AppointmentFile:
    """What the reader makes of these rows under the full header."""
    return read(written([HEADER, *rows]))


def bare(file: AppointmentFile) -> list[AppointmentRow]:
    """The rows without what tells how they were written: lines and raw text."""
    return [replace(each, lines=(), raw="") for each in file.rows]


def codes(file: AppointmentFile) -> list[str]:
    """The codes of the findings, in their order."""
    return [finding.code for finding in file.findings]
