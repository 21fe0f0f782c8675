"""Whatever the bytes are, reading ends with rows or with a sentence, never with a traceback."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.services.errors import Problem
from fscdesk.services.importing.readers.appointments import AppointmentFile, read_appointments
from fscdesk.services.importing.recognising import explain_unknown, recognise
from tests.support.appointment_files import HEADER, ROW, source, workbook, written

HEAD = written([HEADER]).encode()
REPORT = written([HEADER, ROW, ROW]).encode()
BOOK = workbook([HEADER, ROW])


def taken(data: bytes) -> AppointmentFile | None:
    """Rows, or None where the file is refused in words."""
    refused: Problem | None = None
    try:
        file = source(data)
        recognised = recognise(file)
        if recognised is None:
            raise explain_unknown(file)
        read = read_appointments(file, recognised)
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.message.endswith(".")
        assert refused.hint
        return None
    assert read.read == len(read.rows) + read.joined + len(read.skipped)
    for row in read.rows:
        assert row.client
        assert row.clinician
        assert 0 <= row.minute < 1440
        assert "\x00" not in row.raw
        row.raw.encode()
    return read


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    taken(data)


@given(st.binary(max_size=200))
def test_any_bytes_under_the_header(data: bytes) -> None:
    taken(HEAD + data)


@given(st.lists(st.lists(st.text(max_size=12), max_size=22), max_size=4))
def test_any_cells_under_the_header(rows: list[list[str]]) -> None:
    text = written([HEADER, *rows])
    taken(text.encode("utf-8", "surrogatepass"))


@given(st.integers(0, 19), st.text(max_size=30), st.sampled_from(",;\t"))
def test_any_text_in_one_cell(place: int, cell: str, delimiter: str) -> None:
    row = [*ROW[:place], cell, *ROW[place + 1 :]]
    taken(written([HEADER, row, ROW], delimiter).encode("utf-8", "surrogatepass"))


@given(st.integers(0, 19), st.none() | st.booleans() | st.integers() | st.floats() | st.dates()
       | st.times() | st.timedeltas() | st.datetimes())  # fmt: skip
@settings(max_examples=60)
def test_any_value_in_one_cell_of_a_workbook(place: int, cell: object) -> None:
    row: list[object] = [*ROW[:place], cell, *ROW[place + 1 :]]
    try:
        data = workbook([HEADER, row])
    except (ValueError, OverflowError):  # openpyxl has no way to write it
        return
    taken(data)


@given(st.integers(0, len(REPORT)), st.binary(max_size=3), st.integers(0, 3))
def test_a_report_with_a_few_bytes_changed(at: int, new: bytes, cut: int) -> None:
    taken(REPORT[:at] + new + REPORT[at + cut :])


@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), max_size=6))
def test_a_workbook_with_a_few_bytes_changed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(BOOK)
    for at, byte in changes:
        data[at] = byte
    taken(bytes(data))


@given(st.integers(0, len(BOOK)))
def test_a_workbook_that_was_cut_off(end: int) -> None:
    taken(BOOK[:end])
