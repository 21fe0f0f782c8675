"""Bank tables of every layout that is known, of one that is mapped, and of none."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.layouts import Columns, Layout, signature_of
from fscdesk.services.banking.reading import UnknownLayout, heading_of, read_statement
from fscdesk.services.banking.statement_files import ReadStatement
from fscdesk.services.errors import Problem
from fscdesk.services.spreadsheets.moments import DateOrder

BANK_OF_AMERICA = """Description,,Summary Amt.
Beginning balance as of 03/01/2026,,"5,000.00"
Total credits,,"1,234.56"
Total debits,,"-15.00"
Ending balance as of 03/31/2026,,"6,219.56"

Date,Description,Amount,Running Bal.
03/01/2026,Beginning balance as of 03/01/2026,,"5,000.00"
03/04/2026,"FICTA HCCLAIMPMT TRN*1*EFT1*1999010000\\","1,234.56","6,234.56"
03/31/2026,"Monthly fee","-15.00","6,219.56"
"""
WELLS_FARGO = """"03/04/2026","1234.56","*","","FICTA HCCLAIMPMT"
"03/31/2026","-15.00","*","1042","CHECK # 1042"
"""


def read(text: str, name: str = "bank.csv", *layouts: Layout) -> ReadStatement:
    (found,) = read_statement(text.encode(), name, layouts=layouts)
    return found


def amounts(statement: ReadStatement) -> list[str]:
    return [str(line.amount) for line in statement.lines]


def test_bank_of_america_tells_its_balances_above_the_table() -> None:
    found = read(BANK_OF_AMERICA)
    assert found.layout == "Bank of America"
    assert amounts(found) == ["1,234.56", "-15.00"]
    assert (found.opening, found.closing) == (Money(500_000), Money(621_956))
    assert (found.first_day, found.last_day) == (date(2026, 3, 1), date(2026, 3, 31))
    assert found.findings == ()


@pytest.mark.parametrize(
    ("said", "instead", "told"),
    [
        (
            'Total credits,,"1,234.56"',
            'Total credits,,"1,300.00"',
            ["1,300.00; its lines have 1,2"],
        ),
        ('Total debits,,"-15.00"', 'Total debits,,"-30.00"', ["-30.00; its lines have -15.00"]),
        (
            '03/31/2026,,"6,219.56"',
            '03/31/2026,,"6,200.00"',
            [
                "an ending balance of 6,200.00; 5,000.00 and its lines come to 6,219.56",
                "an ending balance of 6,200.00; its last line ends with 6,219.56",
            ],
        ),
    ],
)
def test_a_statement_that_contradicts_itself_is_told(
    said: str, instead: str, told: list[str]
) -> None:
    assert said in BANK_OF_AMERICA
    found = read(BANK_OF_AMERICA.replace(said, instead))
    assert {one.code for one in found.findings} == {"bank-summary"}
    assert len(found.findings) == len(told)
    for one, words in zip(found.findings, told, strict=True):
        assert words in one.message


def test_a_line_that_is_missing_contradicts_the_summary() -> None:
    fee = '03/31/2026,"Monthly fee","-15.00","6,219.56"\n'
    found = read(BANK_OF_AMERICA.replace(fee, ""))
    assert [one.message.split(";")[0] for one in found.findings] == [
        "The statement tells total debits of -15.00",
        "The statement tells an ending balance of 6,219.56",
        "The statement tells an ending balance of 6,219.56",
    ]


def test_what_chase_has_not_booked_is_left_out() -> None:
    heading = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
    pending = "DEBIT,03/18/2026,STAPLES PENDING 123,-5.00,ACH, ,,\n"
    booked = "CREDIT,03/16/2026,B,10.00,ACH,105.00,,\n"
    found = read(heading + pending + booked)
    assert (amounts(found), found.closing) == (["10.00"], Money(105_00))
    (told,) = found.findings
    assert told.message.startswith("STAPLES PENDING 123 of -5.00 is pending")
    # Where no line has a balance, nothing tells them apart.
    assert amounts(read(heading + pending)) == ["-5.00"]


def test_bank_of_america_without_its_summary() -> None:
    found = read(BANK_OF_AMERICA.split("\n\n")[1])
    assert (found.opening, found.closing) == (Money(500_000), Money(621_956))
    assert len(found.lines) == 2


def test_wells_fargo_has_no_heading() -> None:
    found = read(WELLS_FARGO)
    assert found.layout == "Wells Fargo"
    assert amounts(found) == ["1,234.56", "-15.00"]
    assert found.lines[1].check_number == "1042"
    assert (found.opening, found.closing) == (None, None)


def test_chase_rows_are_one_comma_longer_than_the_heading() -> None:
    found = read(
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        'DEBIT,03/31/2026,"FEE",-15.00,FEE_TRANSACTION,85.00,,\n'
        'CREDIT,03/30/2026,"PAY",100.00,ACH_CREDIT,100.00,,\n'
    )
    assert [line.words for line in found.lines] == ["PAY", "FEE"]
    assert (found.opening, found.closing) == (Money(), Money(8500))


def test_one_day_newest_first_is_turned_by_its_balance() -> None:
    found = read(
        "Date,Description,Amount,Running Bal.\n"
        "03/31/2026,second,-15.00,85.00\n03/31/2026,first,100.00,100.00\n"
    )
    assert [line.words for line in found.lines] == ["first", "second"]
    assert (found.opening, found.closing, found.findings) == (Money(), Money(8500), ())


def test_a_balance_that_does_not_follow_is_told() -> None:
    found = read(
        "Date,Description,Amount,Running Bal.\n"
        "03/01/2026,one,100.00,100.00\n03/02/2026,two,50.00,175.00\n"
    )
    (finding,) = found.findings
    assert "from 100.00 to 175.00 with 50.00" in finding.message
    assert len(found.lines) == 2


def test_a_row_that_cannot_be_used_is_told_and_left_out() -> None:
    found = read(
        "Date,Description,Amount,Running Bal.\n"
        "03/01/2026,one,100.00,\n02/30/2026,two,1.00,\n03/02/2026,three,many,\n03/02/2026,four,,\n"
    )
    assert [(finding.where, finding.code) for finding in found.findings] == [
        ("line 3", "bank-date"),
        ("line 4", "bank-amount"),
        ("line 5", "bank-amount"),
    ]
    assert amounts(found) == ["100.00"]


def test_a_layout_that_was_mapped_is_read() -> None:
    headings = "Booked,Who,What for,Out,In"
    layout = Layout(
        signature_of(headings.split(",")),
        Columns(
            "Credit union", on=0, words=(1, 2), money_in=4, money_out=3, order=DateOrder.DAY_FIRST
        ),
    )
    text = f"{headings}\n04/03/2026,FICTA,payment,,10.00\n05/03/2026,Bank,fee,2.50,\n"
    with pytest.raises(UnknownLayout) as unknown:
        read(text)
    assert unknown.value.source.tables[0].rows[0][1][0] == "Booked"
    found = read(text, "bank.csv", layout)
    assert amounts(found) == ["10.00", "-2.50"]
    assert [line.on for line in found.lines] == [date(2026, 3, 4), date(2026, 3, 5)]
    assert found.lines[0].words == "FICTA payment"
    stored = Columns.of_mapping("Credit union", layout.columns.as_mapping())
    assert stored == layout.columns


def test_both_columns_of_money_filled_is_a_fault() -> None:
    headings = "Booked,Who,Out,In"
    columns = Columns("Union", on=0, words=(1,), money_in=3, money_out=2)
    found = read(
        f"{headings}\n03/04/2026,a,1.00,2.00\n",
        "bank.csv",
        Layout(signature_of(headings.split(",")), columns),
    )
    assert [finding.code for finding in found.findings] == ["bank-amount"]


def test_the_heading_of_an_unknown_table_is_found_below_its_title() -> None:
    with pytest.raises(UnknownLayout) as unknown:
        read("My bank\n\nDay,Text,Money\n03/01/2026,a,1.00\n")
    found = heading_of(unknown.value.source.tables[0].rows)
    assert found is not None
    assert found[1] == ("Day", "Text", "Money")


def test_what_is_no_table_is_refused_with_what_to_do() -> None:
    with pytest.raises(Problem) as refused:
        read_statement(b"%PDF-1.7 nothing", "march.pdf")
    assert "a PDF document" in refused.value.message
    assert "CSV or OFX" in refused.value.hint
