"""Which report a file is: by the names in its header, wherever they stand."""

from __future__ import annotations

import json

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.recognising import Recognised, explain_unknown, recognise
from tests.support.appointment_files import HEADER, ROW, source, workbook, written
from tests.support.shared import samples

READ_BY_MAPPING = {"tn_billing", "jane_appts", "wells_checking"}


def recognised(*lines: list[str]) -> Recognised:
    found = recognise(source(written(lines)))
    assert found is not None
    return found


def signatures() -> list[tuple[str, str]]:
    found = json.loads((samples() / "header_signatures.json").read_text())
    return [(each["id"], each["header"]) for each in found]


def test_every_known_header_is_told_by_its_names() -> None:
    for profile, header in signatures():
        lines = [["A title"], [], header.split(","), ["x"] * (header.count(",") + 1)]
        if profile in READ_BY_MAPPING:
            assert recognise(source(written(lines))) is None, profile
            continue
        found = recognised(*lines)
        if profile.startswith("sp_appt"):
            assert (found.profile, found.readable, found.header_line) == ("appointments", True, 3)
        else:
            assert (found.profile, found.readable) == (profile, False)


def test_the_sample_of_another_report_is_refused_with_its_name() -> None:
    file = source((samples() / "simplepractice_PaymentExport_03312026.csv").read_bytes(), "p.csv")
    found = recognise(file)
    assert found is not None
    with pytest.raises(Problem) as refused:
        read_appointments(file, found)
    assert refused.value.message.startswith("p.csv is the SimplePractice payment export.")
    assert "Appointment Status report" in refused.value.hint


def test_charge_paid_and_unpaid_belong_to_the_status_before_them() -> None:
    columns = recognised(HEADER).columns
    assert [columns[name] for name in ("patient_charge", "patient_paid", "patient_unpaid")] == [
        11,
        13,
        14,
    ]
    assert [
        columns[name]
        for name in ("insurance_charge", "insurance_paid", "write_off", "insurance_unpaid")
    ] == [16, 17, 18, 19]


UNCLEAR = {
    "amounts-first": ["Charge", "Uninvoiced", "Paid", "Unpaid", *HEADER[:11]],
    "sorted": sorted(HEADER),
    "statuses-together": [*HEADER[:11], HEADER[15], *HEADER[11:15], *HEADER[16:]],
    "uninvoiced-under-insurance": [*HEADER[:11], *HEADER[15:], "Uninvoiced"],
    "write-off-under-client": [*HEADER[:15], "Write Off", *HEADER[15:18], "Unpaid"],
    "one-set-of-nobody": [*HEADER[:11], HEADER[15], "Charge", "Paid", "Unpaid"],
    "two-sets-one-status": [*HEADER[:15], *HEADER[16:]],
    "client-twice": [*HEADER, "Client"],
}


@pytest.mark.parametrize("way", UNCLEAR)
def test_an_order_that_leaves_open_whose_amounts_they_are_is_not_guessed(way: str) -> None:
    file = source(written([UNCLEAR[way], ["x"] * len(UNCLEAR[way])]))
    found = recognise(file)
    assert found is not None
    assert found.profile == "appointments"
    assert [each.code for each in found.findings] == ["columns-unclear"]
    with pytest.raises(Problem, match="Nothing was imported"):
        read_appointments(file, found)


def test_a_header_below_thirty_lines_is_not_looked_for() -> None:
    assert recognise(source(written([["note"]] * 29 + [HEADER, ROW]))) is not None
    assert recognise(source(written([["note"]] * 30 + [HEADER, ROW]))) is None


def test_the_file_name_does_not_matter() -> None:
    assert recognise(source("a,b\n1,2\n", "appointment-status-report.csv")) is None


def test_a_second_sheet_with_sessions_is_told() -> None:
    book = workbook([HEADER, ROW], sheet="March")
    assert recognise(source(book)) is not None
    two = source(book)
    other = source(workbook([["Notes"], HEADER, ROW], sheet="April"))
    both = recognise(type(two)(**{  # the same file with both sheets
        **{name: getattr(two, name) for name in two.__slots__},
        "tables": (*other.tables, *two.tables),
    }))  # fmt: skip
    assert both is not None
    assert (both.table, both.header_line) == (0, 2)
    assert [(each.code, each.where) for each in both.findings] == [("other-sheet", "sheet March")]


def test_an_unknown_table_is_explained() -> None:
    lacking = explain_unknown(source(written([HEADER[:6], ROW[:6]]), "x.csv"))
    assert lacking.message.startswith("x.csv is no report that fscdesk knows.")
    near = [name for name in HEADER if name not in {"Units", "Total Fee"}]
    told = explain_unknown(source(written([near]), "x.csv"))
    assert "without the columns “Units” and “Total Fee”" in told.message
    one = explain_unknown(source(written([[name for name in HEADER if name != "Units"]]), "x.csv"))
    assert "without the column “Units”" in one.message
