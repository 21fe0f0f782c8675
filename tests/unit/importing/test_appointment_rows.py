"""Single rows: arithmetic, codes that do not go together, repeats, and rows that cannot be used."""

from __future__ import annotations

import pytest

from fscdesk.services.errors import Cancelled, Severity
from fscdesk.services.importing.readers.appointments import CodeLine, read_appointments
from fscdesk.services.importing.recognising import recognise
from tests.support.appointment_files import (
    CODE,
    FEE,
    HEADER,
    ROW,
    bare,
    codes,
    read,
    read_rows,
    row,
    source,
    workbook,
    written,
)


def test_a_row_that_adds_up_has_no_findings() -> None:
    assert read_rows(row()).findings == []


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"RATE": "150.0"}, "fee-sum", "Rate × units is 150.00, the total fee says 160.00."),
        ({"CLIENT_CHARGE": "31.0"}, "share-sum", "Client 31.00 and insurance 130.00"),
        ({"CLIENT_CHARGE": "31.0"}, "client-sum", "the client are 30.00, the charge says 31.00"),
        ({"INSURANCE_CHARGE": "131"}, "insurance-sum", "are 130.00, the charge says 131.00"),
    ],
)
def test_sums_that_do_not_hold_are_told_and_the_row_is_used(
    cells: dict[str, str], code: str, words: str
) -> None:
    file = read_rows(row(), row(DATE="03/03/2026 09:00", **cells))
    told = next(finding for finding in file.findings if finding.code == code)
    assert words in told.message
    assert (told.where, told.severity) == ("line 3", Severity.WARNING)
    assert len(file.rows) == 2


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"DATE": "02/30/2026 09:00"}, "date"),
        ({"DATE": ""}, "date"),
        ({"DATE": "soon"}, "date"),
        ({"FEE": "1e5"}, "amount"),
        ({"FEE": "NaN"}, "amount"),
        ({"CLIENT_CHARGE": "30,00"}, "amount"),
        ({"INSURANCE_CHARGE": "1.005"}, "amount"),
        ({"RATE": "abc"}, "amount"),
        ({"RATE": "110.0 x"}, "amount"),
        ({"CLIENT": ""}, "no-name"),
        ({"CLINICIAN": " "}, "no-name"),
        ({"CLIENT": "x" * 161}, "too-long"),
        ({"CODE": "x" * 25}, "too-long"),
        ({"CODE": "1 2 3 4 5 6 7 8 9 10 11 12 13"}, "too-long"),
    ],
)
def test_a_row_that_cannot_be_used_is_skipped_and_told(cells: dict[str, str], code: str) -> None:
    bad = row(**cells)
    file = read_rows(row(), bad, row(DATE="03/04/2026 09:00"))
    assert [each.lines for each in file.rows] == [(2,), (4,)]
    assert [(each.line, each.reason_code, each.raw) for each in file.skipped] == [
        (3, code, written([bad]).strip("\n"))
    ]
    assert [(each.code, each.where, each.severity) for each in file.findings] == [
        (code, "line 3", Severity.ERROR)
    ]
    assert file.findings[0].message.endswith("The row was skipped.")
    assert file.read == 3


def test_a_comma_without_quotes_does_not_move_amounts() -> None:
    text = written([HEADER, ROW]) + ",".join(ROW).replace("Quill", "Quill, Jr") + "\n"
    file = read(text)
    assert [(each.line, each.reason_code) for each in file.skipped] == [(3, "long-row")]


def test_a_row_that_was_cut_off_is_not_filled_with_zeros() -> None:
    file = read(written([HEADER, ROW, row(DATE="03/03/2026 09:00")[:15]]))
    assert [(each.line, each.reason_code) for each in file.skipped] == [(3, "short-row")]
    assert codes(file) == ["short-row"]


def test_blank_cells_past_the_header_do_not_matter() -> None:
    assert bare(read(written([HEADER, [*ROW, "", " "]]))) == bare(read_rows(ROW))


@pytest.mark.parametrize(
    "cells",
    [
        ["Total", *[""] * 7, "160.0"],
        ["TOTALS:", "", "", "", "", "", "", "", "160.0"],
        ["", "", "", "Grand Total", "", "", "", "", "160.0"],
        ["", "", "", "", "", "", "160.0", "1", "160.0"],
        ["Summary", "1 client", "1 appointment"],
    ],
)
def test_totals_are_skipped_without_a_finding(cells: list[str]) -> None:
    file = read_rows(row(), cells + [""] * (20 - len(cells)))
    assert [each.reason_code for each in file.skipped] == ["totals"]
    assert file.findings == []


def test_a_client_called_total_is_a_client() -> None:
    assert len(read_rows(row(CLIENT="Total Fakerson")).rows) == 1


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"CODE": "90832 90785"}, CodeLine("90832", 1, 16000)),
        ({"CODE": "Intake call"}, CodeLine("Intake call", 1, 16000)),
        ({"UNITS": "1 1"}, CodeLine("90837", 1, 16000)),
        ({"RATE": "100 60"}, CodeLine("90837", 1, 16000)),
        ({"RATE": ""}, CodeLine("90837", 1, 16000)),
        ({"RATE": "--"}, CodeLine("90837", 1, 16000)),
        ({"UNITS": ""}, CodeLine("90837", 1, 16000)),
        ({"UNITS": "0"}, CodeLine("90837", 1, 16000)),
        ({"UNITS": "1.5"}, CodeLine("90837", 1, 16000)),
        ({"UNITS": "many"}, CodeLine("90837", 1, 16000)),
        ({"CODE": ""}, CodeLine("", 1, 16000)),
    ],
)
def test_codes_that_do_not_go_together_keep_the_fee_as_one_charge(
    cells: dict[str, str], line: CodeLine
) -> None:
    file = read_rows(row(**cells))
    assert file.rows[0].codes == (line,)
    assert file.rows[0].fee == 16000
    assert codes(file) == ["no-code" if cells.get("CODE") == "" else "code-count"]


@pytest.mark.parametrize(
    ("rate", "units"),
    [
        ("1,100.0 25.0", "1 2"),
        ("$1,100.00, $25.00", "1,2"),
        ("$ 1,100.00 $ 25.00", "1\n2"),
        ("1100.0;25", "1; 2"),
    ],
)
def test_rates_of_several_codes_in_any_layout(rate: str, units: str) -> None:
    file = read_rows(row(CODE="90832 90785", RATE=rate, UNITS=units, FEE="1150.0"))
    assert file.rows[0].codes == (CodeLine("90832", 1, 110000), CodeLine("90785", 2, 2500))
    assert codes(file) == ["share-sum"]


def test_one_rate_may_have_a_thousands_mark() -> None:
    assert read_rows(row(RATE="$1,160.00")).rows[0].codes[0].rate == 116000


def test_a_row_past_a_million_letters_is_skipped() -> None:
    cells = [*ROW, *(["x" * 130_000] * 9)]
    file = read(written([[*HEADER, *(["Extra"] * 9)], cells]))
    assert [(each.reason_code, len(each.raw)) for each in file.skipped] == [("too-long", 1_048_576)]


def test_no_rate_and_no_fee_is_no_trouble() -> None:
    file = read_rows(row(CODE="09", RATE="--", FEE="--", CLIENT_CHARGE="0", INSURANCE_CHARGE="0"))
    assert file.rows[0].codes == (CodeLine("09", 1, 0),)
    assert "code-count" not in codes(file)


def test_a_session_without_code_and_fee_has_no_services() -> None:
    nothing = row(CODE="", RATE="", UNITS="", FEE="0")
    assert read_rows(nothing).rows[0].codes == ()


def test_the_kth_repetition_of_a_code_belongs_to_the_kth_session() -> None:
    first, second = row(CODE="90832"), row(CODE="90785")
    for order in (
        [first, second, first, second],
        [first, first, second, second],
        [first, second, second, first],
    ):
        file = read_rows(*order)
        assert [(each.occurrence, len(each.codes)) for each in file.rows] == [(1, 2), (2, 2)]
        assert {line.code for line in file.rows[1].codes} == {"90832", "90785"}
        assert file.totals.fee == 64000
        assert (file.read, file.joined) == (4, 2)


def test_same_start_with_other_amounts_is_told_as_such() -> None:
    file = read_rows(row(), row(FEE="150.0", RATE="150.0", INSURANCE_CHARGE="120.0"))
    assert [each.occurrence for each in file.rows] == [1, 2]
    assert "same-start" in codes(file)
    assert "repeated-row" not in codes(file)


def test_another_client_clinician_or_minute_is_another_session() -> None:
    file = read_rows(
        row(),
        row(CLIENT="Quill Fakerson II"),
        row(CLINICIAN="Mockley O'Sample"),
        row(DATE="03/02/2026 09:01"),
    )
    assert {each.occurrence for each in file.rows} == {1}
    assert file.findings == []


def test_many_repeats_are_quick() -> None:
    file = read(written([HEADER]) + written([ROW]) * 20_000)
    assert file.rows[-1].occurrence == 20_000


def test_joined_lines_keep_what_is_still_open() -> None:
    done = row(CODE="90832", RATE="110", FEE="110")
    open_line = row(CODE="90785", RATE="50", FEE="50")
    open_line[9], open_line[10], open_line[4] = "NO NOTE", "UNPAID", "Other Plan (1)"
    file = read_rows(done, open_line)
    joined = file.rows[0]
    assert (joined.note_status, joined.patient_status) == ("NO NOTE", "UNPAID")
    assert joined.payer is not None
    assert joined.payer.code == "99901"
    assert "mixed-payer" in codes(file)


def test_day_first_lines_are_not_read_as_something_else() -> None:
    file = read_rows(
        row(), row(DATE="31/03/2026 09:00"), row(DATE="03/31/2026 09:00", CODE="90834")
    )
    assert [each.lines for each in file.rows] == [(2,), (4,)]
    assert codes(file) == ["day-first"]


def test_a_file_that_writes_days_first_is_not_guessed_at() -> None:
    file = read_rows(
        row(DATE="02/03/2026 09:00"), row(DATE="31/03/2026 09:00"), row(DATE="04/04/2026 09:00")
    )
    assert [each.lines for each in file.rows] == [(4,)]  # April 4 either way
    assert codes(file) == ["date-unsure", "day-first"]


def test_days_without_times_are_told_once_with_their_number() -> None:
    file = read_rows(row(DATE="3/2/2026"), row(DATE="3/3/2026"), row(DATE="3/3/2026", CLIENT="Z"))
    assert [(each.code, each.where) for each in file.findings] == [("no-time", "line 1")]
    assert file.findings[0].message.startswith("3 rows")


def test_hidden_characters_in_a_name_are_taken_out_and_told() -> None:
    file = read_rows(row(), row(CLIENT="Quill\u202e Fakerson", DATE="03/03/2026 09:00"))
    assert {each.client for each in file.rows} == {"Quill Fakerson"}
    assert [(each.code, each.where) for each in file.findings] == [("hidden-characters", "line 3")]


def test_unknown_status_words_are_kept() -> None:
    changed = row()
    changed[9], changed[10], changed[15] = "Half Signed", "partly paid", "APPEALED"
    read_row = read_rows(changed).rows[0]
    assert (read_row.note_status, read_row.patient_status, read_row.insurance_status) == (
        "Half Signed",
        "partly paid",
        "APPEALED",
    )


def test_comma_decimals_only_where_a_whole_column_agrees() -> None:
    good = row(FEE="1.160,50", RATE="1.160,50")
    mixed = read(written([HEADER, good, row(DATE="03/03/2026 09:00", RATE="160")], ";"))
    assert [each.line for each in mixed.skipped] == [2]  # the fee column also says 160.0
    assert codes(mixed) == ["amount"]
    agreed = row(DATE="03/03/2026 09:00", RATE="160,00", FEE="160,00")
    both = read(written([HEADER, good, agreed], ";"))
    assert [each.fee for each in both.rows] == [116050, 16000]
    assert both.rows[0].codes == (CodeLine("90837", 1, 116050),)
    assert read(written([HEADER, good])).rows == []


def test_a_report_without_rows_says_so() -> None:
    file = read(written([HEADER]))
    assert (file.read, file.first_day, codes(file)) == (0, None, ["no-sessions"])


def test_progress_is_told_and_a_stop_is_obeyed() -> None:
    file = source(written([HEADER]) + written([ROW]) * 5_000)
    recognised = recognise(file)
    assert recognised is not None
    steps: list[tuple[int, int]] = []
    read_appointments(
        file, recognised, progress=lambda done, total, _text: steps.append((done, total))
    )
    assert steps == [(0, 5_000), (2_000, 5_000), (4_000, 5_000)]

    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_appointments(file, recognised, progress=stop)


def test_numbers_of_a_workbook_that_formulas_left_are_whole_cents() -> None:
    cells: list[object] = list(row(RATE="160.0", UNITS="1"))
    cells[FEE], cells[17], cells[CODE] = 160.00000000000003, 91.39999999999999, 90837
    read_row = read(workbook([HEADER, cells])).rows[0]
    assert (read_row.fee, read_row.insurance_paid) == (16000, 9140)
    assert read_row.codes == (CodeLine("90837", 1, 16000),)
