"""Single rows of the other reports: unknown words, ids, zones, and what a workbook loses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem, Severity
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.recognising import recognise
from tests.support.appointment_files import source, workbook, written
from tests.support.report_files import LINES, heading, line, read_bytes, read_lines, told

WORDS = {
    "sp_payment_export": ("Account", "account"),
    "sp_income_alloc": ("Source", "source"),
    "sp_card_tx": ("TransactionType", "kind"),
    "sp_ins_pay": ("PaymentStatus", "status"),
    "sp_claims": ("Status", "status"),
    "sp_client_details": ("Status", "status"),
    "sp_attendance": ("status", "status_word"),
}


@pytest.mark.parametrize("report", WORDS)
def test_an_unknown_word_is_kept_and_told_once(report: str) -> None:
    column, field = WORDS[report]
    strange = line(report, **{column: "Quite New"})
    file = read_lines(report, strange, line(report), strange)
    assert [getattr(row, field) for row in file.rows][::2] == ["Quite New", "Quite New"]
    unknown = [found for found in file.findings if found.code == "unknown-word"]
    assert [(found.where, found.severity) for found in unknown] == [("line 2", Severity.WARNING)]
    assert "“Quite New”" in unknown[0].message
    assert file.skipped == []


@pytest.mark.parametrize("report", WORDS)
def test_words_may_be_written_in_capitals(report: str) -> None:
    column, _field = WORDS[report]
    place = ["".join(filter(str.isalnum, name)) for name in heading(report)].index(column)
    word = line(report)[place]
    file = read_lines(report, line(report, **{column: word.upper()}))
    assert "unknown-word" not in [code for code, _ in told(file)]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Show", "completed"), ("NO SHOW", "no_show"), ("No-show", "no_show"),
        ("Canceled", "cancelled"), ("Cancelled", "cancelled"),
        ("Late Canceled", "late_cancelled"), ("late cancelled", "late_cancelled"),
        ("Clinician Canceled", "clinician_cancelled"),
        ("Clinician Cancelled", "clinician_cancelled"), ("Rescheduled", ""), ("", ""),
    ],
)  # fmt: skip
def test_attendance_in_both_spellings(word: str, meant: str) -> None:
    file = read_lines("sp_attendance", line("sp_attendance", status=word))
    assert (file.rows[0].status_word, file.rows[0].attendance) == (word, meant)
    assert [code for code, _ in told(file)] == ([] if meant else ["unknown-word"])


def test_a_summary_that_tells_of_more_than_is_there_is_said() -> None:
    summary = ["1,230 clients", "1 clinician", "3 appointments", "1 office", "1 status"]
    file = read_lines("sp_attendance", summary, line("sp_attendance"), line("sp_attendance"))
    assert (file.read, len(file.rows), len(file.skipped)) == (3, 2, 1)
    assert [(found.code, found.message, found.severity) for found in file.findings] == [
        ("summary-differs", "The report says 1,230 clients; 1 were read.", Severity.INFO),
        ("summary-differs", "The report says 3 appointments; 2 were read.", Severity.WARNING),
    ]


def test_an_evening_charge_belongs_to_the_practices_day() -> None:
    evening = line("sp_card_tx")
    assert evening[8] == "03/03/2026 02:07"
    row = read_lines("sp_card_tx", evening).rows[0]
    assert row.created_at == datetime(2026, 3, 3, 2, 7, tzinfo=UTC)
    assert row.created_day == date(2026, 3, 2)
    assert row.available_on == date(2026, 3, 5)  # a day, not an instant
    file = source(written([heading("sp_card_tx"), evening]))
    found = recognise(file)
    assert found is not None
    tokyo = read_report(file, found, ZoneInfo("Asia/Tokyo"))
    assert tokyo.rows[0].created_day == tokyo.first_day == date(2026, 3, 3)


@pytest.mark.parametrize(
    "cell", ["2026-03-03T02:07:00Z", "2026-03-03 02:07 UTC", "2026-03-03 02:07:10+00:00"]
)
def test_utc_may_be_said_in_the_cell(cell: str) -> None:
    row = read_lines("sp_card_tx", line("sp_card_tx", CreatedUTC=cell)).rows[0]
    assert row.created_at == datetime(2026, 3, 3, 2, 7, tzinfo=UTC)


def test_another_zone_in_the_cell_is_refused() -> None:
    other = line("sp_card_tx", CreatedUTC="2026-03-03 02:07:00-05:00")
    file = read_lines("sp_card_tx", other)
    assert [(row.line, row.reason_code) for row in file.skipped] == [(2, "date")]


def test_days_without_any_time_are_not_moved_to_the_evening_before() -> None:
    file = read_lines("sp_card_tx", line("sp_card_tx", CreatedUTC="03/03/2026"))
    assert (file.rows[0].created_day, file.first_day, file.last_day) == (date(2026, 3, 3),) * 3
    assert told(file) == [("no-time", "line 1")]
    one_timed = read_lines(
        "sp_card_tx",
        line("sp_card_tx", CreatedUTC="03/03/2026"),
        line("sp_card_tx", TransactionID="txn_2"),
    )
    assert [row.created_day.day for row in one_timed.rows] == [2, 2]


def test_net_that_does_not_follow_and_other_money_are_said() -> None:
    file = read_lines(
        "sp_card_tx",
        line("sp_card_tx", Net="28.76"),
        line("sp_card_tx", TransactionID="txn_2", Currency="CAD"),
    )
    assert told(file) == [("net-differs", "line 2"), ("currency", "line 3")]
    assert [row.currency for row in file.rows] == ["usd", "cad"]


def test_fee_and_net_follow_where_one_has_no_column() -> None:
    for gone, fee, net in (("Net", 125, 2875), ("Fee", 125, 2875), ("Net,Fee", 0, 3000)):
        both = (heading("sp_card_tx"), line("sp_card_tx"))
        kept = [at for at, name in enumerate(both[0]) if name not in gone.split(",")]
        row = read_bytes(written([[cells[at] for at in kept] for cells in both])).rows[0]
        assert (row.fee, row.net) == (Money(fee), Money(net))


@pytest.mark.parametrize(
    ("report", "column"), [("sp_payment_export", "PaymentID"), ("sp_card_tx", "TransactionID")]
)
def test_ids_that_repeat_or_lack_are_told_and_kept(report: str, column: str) -> None:
    file = read_lines(report, line(report), line(report), line(report, **{column: ""}))
    assert told(file) == [("repeated-id", "line 3"), ("no-id", "line 4")]
    assert "line 2" in file.findings[0].message
    assert len(file.rows) == 3


@pytest.mark.parametrize("report", ["sp_payment_export", "sp_income_alloc", "sp_payer_alloc"])
@pytest.mark.parametrize("blank", ["", "--", " ", "$"])
def test_a_blank_amount_is_nothing_and_is_told(report: str, blank: str) -> None:
    cells = line(report)
    cells[-1 if report != "sp_payment_export" else 5] = blank
    file = read_lines(report, cells)
    assert file.rows[0].amount == Money()
    if blank != "$":
        assert told(file) == [("no-amount", "line 2")]


def test_a_denial_without_an_amount_needs_no_word() -> None:
    file = read_lines("sp_ins_pay", line("sp_ins_pay", Amount="--"))
    assert (file.rows[0].amount, file.findings) == (Money(), [])


def test_negative_amounts_are_legal_everywhere() -> None:
    for report, column in (
        ("sp_payment_export", "Amount"), ("sp_income_alloc", "AmountPaid"),
        ("sp_ins_pay", "Amount"), ("sp_outstanding", "ClientBalance"),
        ("sp_ins_aging", "BalanceDue"), ("sp_unpaid_ins", "InsBalance"),
    ):  # fmt: skip
        for written_so in ("-40.00", "(40.00)", "-$40", "($40.00)", "\u221240.00"):
            file = read_lines(report, line(report, **{column: written_so}))
            assert Money(-4000) in file.totals.values(), (report, written_so)


def test_the_payer_tab_is_known_by_any_likely_name_of_its_amount() -> None:
    for name in ("Amount", "Allocated Amount", "Insurance Amount", "Amount Paid", "Total"):
        file = read_bytes(
            written([
                ["Clinician", "Payer", name],
                ["Testa Fernsample", "FICTA", "251.40"],
                ["Totals", "", "251.40"],
            ])
        )  # fmt: skip
        assert file.report == "sp_payer_alloc"
        assert [(row.payer, row.clinician, row.source, row.amount) for row in file.rows] == [
            ("FICTA", "Testa Fernsample", "insurance", Money(25140))
        ]
        assert (file.rows[0].paid_on, file.first_day) == (None, None)
        assert [row.reason_code for row in file.skipped] == ["totals"]
        assert file.totals["insurance"] == Money(25140)


def test_a_list_of_sessions_with_payer_and_amount_is_left_to_mapping() -> None:
    names = ["Date", "Client", "Clinician", "CPT Code", "Payer", "Amount"]
    assert recognise(source(written([names, ["x"] * 6]))) is None


def test_the_extra_columns_of_outstanding_balances() -> None:
    names = [
        *heading("sp_outstanding"), "Prev. Total balance", "Prev. Client balance",
        "Client payments", "Client write off", "Total balance", "Insurance paid",
        "Insurance write off", "Insurance balance",
    ]  # fmt: skip
    amounts = ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00", "7.00", "8.00"]
    file = read_bytes(written([names, [*line("sp_outstanding"), *amounts]]))
    row = file.rows[0]
    assert [
        row.previous_total, row.previous_client, row.client_payments, row.client_write_off,
        row.total_balance, row.insurance_paid, row.insurance_write_off, row.insurance_balance,
    ] == [Money(100 * number) for number in range(1, 9)]  # fmt: skip
    assert file.totals["insurance_balance"] == Money(800)
    plain = read_lines("sp_outstanding", line("sp_outstanding"))
    assert plain.rows[0].insurance_balance is None
    assert "insurance_balance" not in plain.totals


def test_a_payer_whose_name_begins_with_total_is_a_payer() -> None:
    payer = line("sp_ins_aging", InsurancePayer="Total Health of Nowhere")
    assert read_lines("sp_ins_aging", payer).rows[0].payer == "Total Health of Nowhere"
    faulty = line("sp_ins_aging", InsurancePayer="Total Health of Nowhere", BalanceDue="many")
    assert told(read_lines("sp_ins_aging", faulty)) == [("no-rows", "line 1"), ("amount", "line 2")]
    for report, day in (("sp_ins_pay", "DateReceived"), ("sp_claims", "DateSubmitted")):
        broken = line(report, Payer="Total Health of Nowhere", **{day: "soon"})
        assert ("date", "line 2") in told(read_lines(report, broken))


def test_a_client_whose_name_is_like_a_total_is_not_passed_over() -> None:
    broken = line("sp_attendance", clientname="Sum Nobody", dateofservice="soon")
    assert ("date", "line 2") in told(read_lines("sp_attendance", broken))


def test_of_a_row_that_is_left_out_it_is_not_said_how_it_was_read() -> None:
    broken = line("sp_card_tx", Amount="", Net="", Fee="", AvailableOnUTC="soon")
    assert told(read_lines("sp_card_tx", broken)) == [("no-rows", "line 1"), ("date", "line 2")]


def test_an_unquoted_comma_and_a_cut_line_are_told() -> None:
    long, short = [*line("sp_ins_pay"), "x"], line("sp_ins_pay")[:5]
    file = read_lines("sp_ins_pay", long, short, line("sp_ins_pay"))
    assert told(file) == [("long-row", "line 2"), ("short-row", "line 3")]
    assert (file.read, len(file.rows), len(file.skipped)) == (3, 1, 2)


def test_references_that_a_spreadsheet_rounded_are_told() -> None:
    rounded = line("sp_payment_export", PaymentReferenceID="4.81516E+14")
    file = read_lines("sp_payment_export", rounded)
    assert told(file) == [("lost-digits", "line 2")]
    assert file.rows[0].reference == "4.81516E+14"
    cells: list[object] = [*line("sp_payment_export")]
    cells[0], cells[6] = 880001, 481516
    book = read_bytes(workbook([heading("sp_payment_export"), cells]))
    assert (book.rows[0].payment_id, book.rows[0].reference) == ("880001", "481516")
    assert [(found.code, found.severity) for found in book.findings] == [
        ("numbers", Severity.INFO)
    ]  # the id is a number of its own; a check number may have begun with zeros


def test_codes_and_postal_codes_that_became_numbers() -> None:
    assert read_lines("sp_income_alloc", line("sp_income_alloc")).rows[0].codes == "012 90785"
    cells: list[object] = [*line("sp_income_alloc")]
    cells[8] = 12
    book = read_bytes(workbook([heading("sp_income_alloc"), cells]))
    assert (book.rows[0].codes, told(book)) == ("12", [("lost-zeros", "line 2")])
    client = line("sp_client_details", ZIP="7000")
    assert read_lines("sp_client_details", client).rows[0].zip_code == "07000"
    foreign = line("sp_client_details", ZIP="K1A 0B1")
    assert read_lines("sp_client_details", foreign).rows[0].zip_code == "K1A 0B1"


def test_a_client_without_a_name_is_left_out_and_told() -> None:
    for report, column in (("sp_client_details", "Client"), ("sp_unpaid_ins", "Client")):
        file = read_lines(report, line(report, **{column: "--"}))
        assert told(file) == [("no-rows", "line 1"), ("no-name", "line 2")]


@pytest.mark.parametrize("report", LINES)
def test_a_report_without_rows_is_read_and_told(report: str) -> None:
    file = read_bytes(written([heading(report)]))
    assert (file.read, file.rows, file.first_day) == (0, [], None)
    assert told(file) == [("no-rows", "line 1")]
    assert all(amount == Money() for amount in file.totals.values())


@pytest.mark.parametrize("report", LINES)
def test_hidden_characters_are_taken_out_of_names_and_nul_is_refused(report: str) -> None:
    cells = line(report)
    place = next(at for at, name in enumerate(heading(report)) if name in {
        "Client", "Name", "Client name", "client_name", "Insurance Payer", "Payer",
    })  # fmt: skip
    cells[place] = "Qu\u200bill Fakerson"
    file = read_lines(report, cells)
    assert ("hidden-characters", "line 2") in told(file)
    assert "Quill Fakerson" in vars_of(file.rows[0])
    with pytest.raises(Problem, match="NUL"):
        read_bytes(written([heading(report), cells]).encode() + b"\x00")


def vars_of(row: object) -> list[object]:
    return [getattr(row, name) for name in type(row).__slots__]  # type: ignore[attr-defined]


@pytest.mark.parametrize("report", LINES)
def test_who_wants_sessions_is_refused_and_the_report_is_readable(report: str) -> None:
    file = source(written([heading(report), line(report)]), "x.csv")
    found = recognise(file)
    assert found is not None
    assert (found.profile, found.readable, found.is_report) == (report, False, True)
    with pytest.raises(Problem, match="It holds no sessions to import"):
        read_appointments(file, found)


def test_a_column_that_stands_there_twice_is_not_guessed() -> None:
    names = [*heading("sp_payment_export"), "Amount"]
    file = source(written([names, [*line("sp_payment_export"), "1.00"]]), "x.csv")
    found = recognise(file)
    assert found is not None
    assert [finding.code for finding in found.findings] == ["columns-unclear"]
    with pytest.raises(Problem, match="“Amount” is there more often than once"):
        read_report(file, found, UTC)


def test_reports_that_are_only_named_and_sessions_are_refused_by_the_door() -> None:
    reminders = source(written([["Date", "Primary Clinician", "Client", "Type", "Status"], ["x"]]))
    found = recognise(reminders)
    assert found is not None
    with pytest.raises(Problem, match="SimplePractice reminders report"):
        read_report(reminders, found, UTC)
