"""Tables of other systems: suggested, mapped by hand once, and read by the saved mapping."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.errors import Problem
from fscdesk.services.importing.mapping import (
    FIELDS,
    Profile,
    find_header,
    heading_keys,
    missing,
    signature,
    suggest,
)
from fscdesk.services.importing.readers.appointments import (
    CodeLine,
    PayerName,
    read_appointments,
)
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.spreadsheets.moments import DateOrder
from tests.support.appointment_files import codes, read, source, workbook, written
from tests.support.shared import samples

_THERAPY_NOTES = (
    "Type,Date,Appointment Type,Service Code,Service Description,Units,Rate,First Name,Last Name,"
    "DOB,Clinician Name,Clinician NPI,Clinician Type,Location,Primary Insurer Name,"
    "Primary Insurer Group,Secondary Insurer Name,Note Status,Patient Amount Due,"
    "Patient Amount Paid,Patient Balance Status,Insurance Amount Due,Insurance Amount Paid,"
    "Insurance Balance Status"
)
THERAPY_NOTES = _THERAPY_NOTES.split(",")


def mapped(header: list[str], name: str = "By hand", **options: object) -> Profile:
    return Profile(name, signature(header), suggest(header), **options)  # type: ignore[arg-type]


def test_a_therapynotes_sheet_is_read_by_its_mapping() -> None:
    profile = mapped(THERAPY_NOTES)
    assert missing(profile) == []
    cells: list[object] = [
        "Appointment", 46083.375, "Therapy", 90837, "Psychotherapy", 2, 80.0, "Quill", "Fakerson",
        32000, "Testa Fernsample", 1234567893, "LCSW", "Office", "Imaginary Blue Plan (99901)",
        "", "", "Signed", 30.0, 10.0, "Open", 130.0, 100.0, "Open",
    ]  # fmt: skip
    file = read(workbook([THERAPY_NOTES, cells]), profile)
    row = file.rows[0]
    assert (row.day, row.minute) == (date(2026, 3, 2), 540)
    assert (row.client, row.clinician) == ("Quill Fakerson", "Testa Fernsample")
    assert row.codes == (CodeLine("90837", 2, 8000),)
    assert row.payer == PayerName("Imaginary Blue Plan", "99901")
    assert (row.fee, row.patient_charge, row.patient_paid, row.patient_unpaid) == (
        16000,
        3000,
        1000,
        2000,
    )
    assert (row.insurance_charge, row.insurance_paid, row.insurance_unpaid) == (13000, 10000, 3000)
    assert (row.note_status, row.patient_status) == ("Signed", "Open")
    assert file.findings == []
    assert (file.has_fee, file.has_patient, file.has_insurance) == (True, True, True)


def test_the_jane_sample_is_read_by_its_mapping() -> None:
    data = (samples() / "peer_jane_appointments.csv").read_bytes()
    found = find_header(source(data))
    assert found is not None
    header = [str(cell) for cell in found.cells]
    suggested = suggest(header)
    assert suggested == {
        "day": "startat",
        "client_first": "patientfirstname",
        "client_last": "patientlastname",
        "clinician": "staffmembername",
        "codes": "treatmentname",
        "note_status": "chartstatus",
        "attendance": "state",
        "insurance_status": "insurancestate",
    }
    file = read(data, Profile("Jane", signature(header), suggested))
    assert len(file.rows) == 8
    assert file.rows[1].client == 'Roberta "Bobbie" Dummydata'
    assert file.rows[1].lines == (3,)
    assert file.rows[2].lines == (5,)  # the note before it has a line end
    assert {row.codes for row in file.rows} == {(CodeLine("Individual Counselling", 1, 0),)}
    assert [row.attendance for row in file.rows][-2:] == ["no_show", "cancelled"]
    assert (file.has_fee, file.has_patient, file.has_insurance) == (False, False, False)
    assert file.findings == []


def test_a_mapping_is_found_in_any_order_of_columns() -> None:
    header = ["Date", "Client", "Provider", "Code", "Fee"]
    row = ["03/02/2026 09:00", "Quill Fakerson", "Testa Fernsample", "90837", "160"]
    profile = mapped(header)
    straight = read(written([["Title"], header, row]), profile)
    turned = read(written([header[::-1], row[::-1]]), profile)
    assert straight.rows[0].codes == turned.rows[0].codes == (CodeLine("90837", 1, 16000),)
    assert straight.rows[0].client == turned.rows[0].client
    assert recognise(source(written([[*header, "More"], [*row, ""]])), [profile]) is None


def test_columns_of_one_name_are_told_apart_by_their_order() -> None:
    assert heading_keys(["Charge", "Paid", "charge ", ""]) == ("charge", "paid", "charge#2", "#4")
    assert signature(["A", "B"]) == signature(["b", " A", ""])
    assert signature(["A", "B", "A"]) != signature(["A", "A", "B"])
    assert len(signature(["A"])) == 64


def test_day_and_time_first_and_last_name_modifiers_and_codes() -> None:
    header = ["Date", "Start Time", "First Name", "Last Name", "Therapist", "CPT", "Mods",
              "Units", "Total Fee"]  # fmt: skip
    row = ["31/03/2026", "9:00 AM", "Quill", "", "Testa Fernsample", "90832, 90785", "95 HO",
           "2, 1", "160"]  # fmt: skip
    profile = mapped(header, date_format=DateOrder.DAY_FIRST, several_codes=True)
    file = read(written([header, row]), profile)
    assert (file.rows[0].day, file.rows[0].minute) == (date(2026, 3, 31), 540)
    assert file.rows[0].client == "Quill"
    assert file.rows[0].codes == (CodeLine("90832", 2, 8000, ("95", "HO")), CodeLine("90785", 1, 0))
    assert codes(file) == []


def test_a_mapping_that_lacks_columns_says_which() -> None:
    header = ["Date", "First Name", "Amount"]
    profile = mapped(header)
    assert missing(profile) == [
        "Clinician",
        "Billing code or service",
        "Client, or the client's first and last name",
    ]
    file = source(written([header, ["03/02/2026", "Quill", "1"]]))
    found = recognise(file, [profile])
    assert found is not None
    with pytest.raises(Problem, match="does not say where to find: Clinician; Billing code"):
        read_appointments(file, found)


def test_a_profile_travels_as_json() -> None:
    profile = mapped(THERAPY_NOTES, date_format=DateOrder.DAY_FIRST, several_codes=True)
    assert Profile.from_dict(json.loads(json.dumps(profile.as_dict()))) == profile


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "x", "signature": "y", "columns": 3},
        {"name": "x", "signature": "y", "columns": {"colour": "a"}},
        {"name": "x", "signature": "y", "columns": {}, "date_format": "sideways"},
    ],
)
def test_a_broken_profile_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(Problem, match="mapping cannot be read"):
        Profile.from_dict(data)


@given(st.lists(st.text(max_size=20), max_size=30))
def test_suggestions_name_each_field_and_column_once(header: list[str]) -> None:
    suggested = suggest(header)
    assert suggested.keys() <= {field.key for field in FIELDS}
    assert len(set(suggested.values())) == len(suggested)
    assert set(suggested.values()) <= set(heading_keys(header))
    assert signature(header) == signature([*header, "", ""])


def test_a_header_is_found_under_a_title() -> None:
    lines = [["Sessions of March"], [], ["Day", "Who", "What"], ["03/02/2026", "Quill", "x"]]
    found = find_header(source(written(lines)))
    assert found is not None
    assert (found.table, found.line, found.headings) == (0, 3, ("Day", "Who", "What"))
    assert find_header(source("1,2\n3,4\n")) is None
