"""The sample report, read; and the same report in every other way that it can be written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.errors import Severity
from fscdesk.services.importing.readers.appointments import AppointmentFile, CodeLine
from fscdesk.services.spreadsheets.cells import without_zeros
from fscdesk.services.spreadsheets.tables import raw_line
from tests.support.appointment_files import (
    CLIENT,
    CLINICIAN,
    CODE,
    DATE,
    FEE,
    MARCH,
    MONEY,
    PAYER,
    RATE,
    REEXPORT,
    UNITS,
    Table,
    bare,
    changed,
    codes,
    each_cell,
    read,
    sample,
    workbook,
    written,
)
from tests.support.shared import samples


@pytest.fixture(scope="module")
def march() -> Table:
    return sample()


@pytest.fixture(scope="module")
def plain(march: Table) -> AppointmentFile:
    return read(written(march))


@pytest.mark.parametrize(("which", "name"), [("march", MARCH), ("reexport", REEXPORT)])
def test_totals_are_the_expected_ones(which: str, name: str) -> None:
    expected = json.loads((samples() / "expected.json").read_text())[which]
    file = read((samples() / name).read_bytes())
    totals = file.totals
    assert file.read == len(file.rows) == expected["rows"]
    assert {
        "total_fee": Money(totals.fee).plain(),
        "client_charge": Money(totals.patient_charge).plain(),
        "client_uninvoiced": Money(totals.uninvoiced).plain(),
        "client_paid": Money(totals.patient_paid).plain(),
        "client_unpaid": Money(totals.patient_unpaid).plain(),
        "insurance_charge": Money(totals.insurance_charge).plain(),
        "insurance_paid": Money(totals.insurance_paid).plain(),
        "insurance_write_off": Money(totals.write_off).plain(),
        "insurance_unpaid": Money(totals.insurance_unpaid).plain(),
    } == {key: value for key, value in expected.items() if key != "rows"}
    assert (file.skipped, file.preamble, file.joined) == ([], [], 0)
    assert (file.has_fee, file.has_patient, file.has_insurance) == (True, True, True)


def test_a_row_is_read_field_by_field(plain: AppointmentFile) -> None:
    over = next(row for row in plain.rows if row.insurance_status == "OVER")
    assert asdict(over) == {
        "lines": (36,),
        "raw": '03/20/2026 08:15,"Nonesuch, JR, of Nowhere Maxim",Placebo Quentin Q. Standin,'
        "90837 ,FICTA (99904),,120.0 ,1 ,120.0,LOCKED,UNPAID,15.0,0.0,0.0,15.0,OVER,105.0,145.0,"
        "0.0,-40.0",
        "day": date(2026, 3, 20),
        "minute": 8 * 60 + 15,
        "client": "Nonesuch, JR, of Nowhere Maxim",
        "clinician": "Placebo Quentin Q. Standin",
        "codes": (asdict(CodeLine("90837", 1, 12000)),),
        "payer": {"name": "FICTA", "code": "99904"},
        "second_payer": None,
        "fee": 12000,
        "note_status": "LOCKED",
        "patient_status": "UNPAID",
        "patient_charge": 1500,
        "uninvoiced": 0,
        "patient_paid": 0,
        "patient_unpaid": 1500,
        "insurance_status": "OVER",
        "insurance_charge": 10500,
        "insurance_paid": 14500,
        "write_off": 0,
        "insurance_unpaid": -4000,
        "occurrence": 1,
        "attendance": "",
    }
    assert (over.settled_write_off, over.insurance_share) == (0, 10500)


def test_two_identical_lines_are_two_sessions(plain: AppointmentFile) -> None:
    twins = [row for row in plain.rows if row.lines[0] in {45, 46}]
    assert [row.occurrence for row in twins] == [1, 2]
    assert replace(twins[0], lines=(46,), occurrence=2) == twins[1]
    assert [(each.code, each.where, each.severity) for each in plain.findings] == [
        ("repeated-row", "line 46", Severity.WARNING)
    ]
    assert {row.occurrence for row in plain.rows if row not in twins} == {1}


def test_groups_and_twins_on_one_minute_are_not_repeats(plain: AppointmentFile) -> None:
    group = [row for row in plain.rows if row.day == date(2026, 3, 12) and row.minute == 18 * 60]
    assert len({row.client for row in group}) == len(group) == 4


def test_several_codes_are_several_services(plain: AppointmentFile) -> None:
    testing = next(row for row in plain.rows if len(row.codes) == 4)
    assert testing.codes == (
        CodeLine("96130", 1, 25000),
        CodeLine("96131", 3, 20000),
        CodeLine("96136", 1, 11000),
        CodeLine("96137", 5, 5500),
    )


def test_days_and_lines(plain: AppointmentFile) -> None:
    assert (plain.first_day, plain.last_day) == (date(2026, 3, 2), date(2026, 3, 31))
    assert [row.lines for row in plain.rows] == [(line,) for line in range(2, 62)]


# The same report, written in other ways: every row must come out the same.


def dollars(cell: str) -> str:
    """An amount as Excel shows it in its accounting format."""
    if not cell:
        return cell
    amount = float(cell)
    text = f"${abs(amount):,.2f}"
    return f"({text})" if amount < 0 else text if amount else "--"


def rates_as_dollars(cell: str) -> str:
    return " ".join(dollars(piece) for piece in cell.split())


def excel_day(style: str) -> Callable[[str], str]:
    def restyled(cell: str) -> str:
        at = datetime.strptime(cell, "%m/%d/%Y %H:%M")  # noqa: DTZ007 - local, as the file
        serial = (at - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001
        return style.format(
            at=at, m=at.month, d=at.day, h=at.hour, h12=at.hour % 12 or 12, serial=serial
        )

    return restyled


def money_with(change: Callable[[str], str]) -> Callable[[Table], Table]:
    return lambda table: changed(table, each_cell(MONEY, change))


def commas(cell: str) -> str:
    return cell.replace(".", ",")


def excel_saved(table: Table) -> Table:
    table = changed(table, each_cell((DATE,), excel_day("{m}/{d}/{at:%y} {h}:{at:%M}")))
    table = changed(table, each_cell(MONEY, dollars))
    table = changed(table, each_cell((RATE,), rates_as_dollars))
    return changed(table, each_cell((CODE, UNITS), str.strip))


def shuffled(table: Table) -> Table:
    """The columns in another order, each party's amounts still after its status."""
    order = [15, 19, 18, 17, 16, 9, 3, 2, 1, 0, 8, 7, 6, 5, 4, 10, 14, 13, 12, 11]
    return [[cells[place] for place in order] for cells in table]


def framed(table: Table) -> Table:
    """A title above, a blank line within, totals and a note below."""
    return [
        ["Appointment Status Report"],
        ["Fictional Springs Counseling", "03/01/2026 - 03/31/2026"],
        [],
        *table[:30],
        [""] * 20,
        table[0],
        *table[30:],
        ["Total", *[""] * 7, "9635.00", *[""] * 11],
        ["Generated on 04/01/2026"],
    ]


TABLES: dict[str, Callable[[Table], str | bytes]] = {
    "bom": lambda table: ("\ufeff" + written(table)).encode(),
    "utf16": lambda table: written(table).encode("utf-16"),
    "cp1252": lambda table: written(table).encode("cp1252"),
    "crlf": lambda table: written(table, end="\r\n"),
    "cr": lambda table: written(table, end="\r"),
    "semicolon": lambda table: written(table, ";"),
    "tab": lambda table: written(table, "\t"),
    "sep-line": lambda table: "sep=;\n" + written(table, ";"),
    "preamble-and-totals": lambda table: written(framed(table)),
    "upper-headings": lambda table: written([[each.upper() for each in table[0]], *table[1:]]),
    "other-headings": lambda table: written(
        [
            [each.replace("Write Off", "Write-off").replace(" ", "\u00a0") for each in table[0]],
            *table[1:],
        ]
    ),
    "numbered-headings": lambda table: written(
        [[*table[0][:16], "Charge2", "Paid2", "Write Off", "Unpaid2"], *table[1:]]
    ),
    "other-order": lambda table: written(shuffled(table)),
    "more-columns": lambda table: written([["Office", *cells, "x"] for cells in table]),
    "excel-saved": lambda table: written(excel_saved(table)),
    "am-pm": lambda table: written(
        changed(table, each_cell((DATE,), excel_day("{m}/{d}/{at:%Y} {h12}:{at:%M} {at:%p}")))
    ),
    "iso": lambda table: written(
        changed(table, each_cell((DATE,), excel_day("{at:%Y-%m-%d %H:%M:%S}")))
    ),
    "serial": lambda table: written(
        changed(table, each_cell((DATE,), excel_day("{serial:.5f}")))
    ),
    "dollars": lambda table: written(money_with(dollars)(table)),
    "unicode-minus": lambda table: written(
        money_with(lambda cell: cell.replace("-", "\u2212"))(table)
    ),
    "comma-decimals": lambda table: written(
        changed(table, each_cell((*MONEY, RATE), commas)), ";"
    ),
    "nbsp": lambda table: written(
        changed(
            table,
            each_cell(range(9), lambda cell: "\u00a0" + cell.replace(" ", "\u00a0") + "\u00a0"),
        )
    ),
    "decomposed": lambda table: written(
        changed(
            table,
            each_cell((CLIENT, CLINICIAN), lambda cell: cell.replace("é", "e\u0301")
                      .replace("ó", "o\u0301").replace("í", "i\u0301").replace("Ü", "U\u0308")),
        )
    ),
    "comma-codes": lambda table: written(
        changed(table, each_cell((CODE, RATE, UNITS), lambda cell: ", ".join(cell.split())))
    ),
    "codes-on-lines": lambda table: written(
        changed(table, each_cell((CODE, RATE, UNITS), lambda cell: "\n".join(cell.split())))
    ),
    "xlsx-text": workbook,
    "xlsx-typed": lambda table: workbook([table[0], *map(typed, table[1:])]),
    "xlsx-preamble": lambda table: workbook([[], ["Report"], [], *map(typed, table)]),
}  # fmt: skip


def typed(cells: list[str]) -> list[Any]:
    """A row as Excel keeps it: a datetime, numbers, and codes as text."""
    if cells[0] == "Date of Service":
        return list(cells)
    row: list[Any] = list(cells)
    row[DATE] = datetime.strptime(cells[DATE], "%m/%d/%Y %H:%M")  # noqa: DTZ007 - local
    for place in (*MONEY, RATE, UNITS):
        if " " not in cells[place].strip():
            row[place] = float(cells[place])
    if len(cells[CODE].strip()) == 5 and cells[CODE].strip().isdigit():
        row[CODE] = int(cells[CODE])
    return row


@pytest.mark.parametrize("way", TABLES)
def test_the_report_reads_the_same_however_it_is_written(
    way: str, march: Table, plain: AppointmentFile
) -> None:
    file = read(TABLES[way](march))
    assert bare(file) == bare(plain)
    assert file.totals == plain.totals
    assert [code for code in codes(file) if code != "lost-zeros"] == codes(plain)
    assert file.read == len(file.rows) + file.joined + len(file.skipped)


def test_lines_that_are_no_sessions_are_skipped_with_their_reasons(march: Table) -> None:
    file = read(written(framed(march)))
    assert [(row.line, row.reason_code) for row in file.skipped] == [
        (34, "empty"),
        (35, "header"),
        (67, "totals"),
        (68, "note"),
    ]
    assert [(row.line, row.raw) for row in file.preamble] == [
        (1, "Appointment Status Report"),
        (2, "Fictional Springs Counseling,03/01/2026 - 03/31/2026"),
    ]
    assert file.read == 64
    assert file.skipped[2].raw == raw_line(framed(march)[-2])


def test_upper_cased_names_are_data(march: Table, plain: AppointmentFile) -> None:
    file = read(written(changed(march, each_cell((CLIENT, CLINICIAN, PAYER), str.upper))))
    assert [row.client for row in file.rows] == [row.client.upper() for row in plain.rows]
    assert [row.payer and row.payer.name for row in file.rows] == [
        row.payer and row.payer.name.upper() for row in plain.rows
    ]
    assert file.totals == plain.totals


def test_lost_zeros_stay_lost_but_can_be_matched(march: Table, plain: AppointmentFile) -> None:
    file = read(written(changed(march, each_cell((CODE,), lambda code: re.sub(r"^0+", "", code)))))
    pairs = [
        (line.code, whole.code)
        for row, before in zip(file.rows, plain.rows, strict=True)
        for line, whole in zip(row.codes, before.codes, strict=True)
    ]
    assert ("12", "012") in pairs
    assert all(without_zeros(code) == without_zeros(whole) for code, whole in pairs)


def test_a_short_number_as_a_code_in_a_workbook_is_told_once(march: Table) -> None:
    rows = [typed(cells) for cells in march[1:]]
    for row in rows:
        if row[CODE] == "012 ":
            row[CODE] = 12
    file = read(workbook([march[0], *rows]))
    told = [finding for finding in file.findings if finding.code == "lost-zeros"]
    assert [finding.where for finding in told] == ["line 7"]
    assert {row.codes[0].code for row in file.rows if row.lines == (7,)} == {"12"}


def columns(table: Table, *places: int) -> Table:
    return [[cells[place] for place in places] for cells in table]


def test_18_columns_without_note_and_write_off(march: Table, plain: AppointmentFile) -> None:
    file = read(written(columns(march, *range(9), *range(10, 18), 19)))
    assert {row.write_off for row in file.rows} == {None}
    assert file.totals == plain.totals  # the write-off is what the other amounts leave
    over = next(row for row in file.rows if row.insurance_status == "OVER")
    assert over.settled_write_off == 0
    assert [replace(row, note_status="", write_off=None) for row in bare(plain)] == bare(file)


def test_17_columns_without_payers(march: Table, plain: AppointmentFile) -> None:
    table = columns(march, *range(4), 6, 7, 8, *range(10, 20))
    table[0][-2] = "Write-off"
    file = read(written(table))
    assert len(table[0]) == 17
    assert [replace(row, note_status="", payer=None, second_payer=None) for row in bare(plain)] == (
        bare(file)
    )


@pytest.mark.parametrize("note", [True, False])
def test_13_and_12_columns_do_not_know_the_insurance(
    march: Table, plain: AppointmentFile, note: bool
) -> None:
    table = columns(march, *range(4), 6, 7, 8, *([9] if note else []), *range(10, 15))
    table[0][4] = "Rate Per Unit"
    file = read(written(table))
    assert len(table[0]) == (13 if note else 12)
    assert (file.has_insurance, file.has_patient, file.has_fee) == (False, True, True)
    assert [row.insurance_share for row in file.rows] == [
        row.insurance_charge for row in plain.rows
    ]
    assert [row.patient_paid for row in file.rows] == [row.patient_paid for row in plain.rows]
    assert (file.totals.patient_unpaid, file.totals.insurance_charge) == (34800, 0)
    assert codes(file) == ["repeated-row"]


@pytest.mark.parametrize(
    "name",
    [
        "simplepractice_appointments_variant12_no_insurance.csv",
        "simplepractice_appointments_variant18_no_note_no_writeoff.csv",
    ],
)
def test_the_variants_of_the_samples_are_clean(name: str) -> None:
    file = read((samples() / name).read_bytes())
    assert file.findings == []
    assert len(file.rows) == len(sample(name)) - 1


def test_only_the_required_columns(march: Table, plain: AppointmentFile) -> None:
    file = read(written(columns(march, *range(4), RATE, UNITS, FEE, 10)))
    assert (file.has_fee, file.has_patient, file.has_insurance) == (True, False, False)
    assert file.totals.fee == plain.totals.fee
    assert codes(file) == ["repeated-row"]


def test_charges_without_unpaid_columns_are_derived(march: Table, plain: AppointmentFile) -> None:
    file = read(written(columns(march, *range(14), *range(15, 19))))
    assert bare(file) == bare(plain)


# Several codes in rows of their own.


def split_rows(table: Table, *, repeat_totals: bool) -> Table:
    """Each code on a line of its own; amounts split, or repeated as those of the session."""
    rows = [table[0]]
    for cells in table[1:]:
        parts = list(
            zip(cells[CODE].split(), cells[RATE].split(), cells[UNITS].split(), strict=True)
        )
        for place, (code, rate, units) in enumerate(parts):
            row = list(cells)
            row[CODE], row[RATE], row[UNITS] = code, rate, units
            if len(parts) > 1 and not repeat_totals:
                own = float(rate) * int(units)
                row[FEE] = str(own)
                for money in MONEY[1:]:
                    row[money] = cells[money] if place == 0 else "0.0"
            rows.append(row)
    return rows


@pytest.mark.parametrize("repeat_totals", [True, False])
def test_rows_of_one_code_each_are_one_session(
    march: Table, plain: AppointmentFile, repeat_totals: bool
) -> None:
    file = read(written(split_rows(march, repeat_totals=repeat_totals)))
    assert bare(file) == bare(plain)
    assert file.totals == plain.totals
    assert file.joined == 10
    assert file.read == 70 == len(file.rows) + file.joined
    joined = next(row for row in file.rows if len(row.codes) == 4)
    assert len(joined.lines) == len(joined.raw.split("\n")) == 4
    assert codes(file) == codes(plain)
