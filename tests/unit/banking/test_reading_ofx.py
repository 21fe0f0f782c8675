"""OFX as banks write it: SGML and XML, several accounts, broken values, any bytes."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.banking.reading import read_statement
from fscdesk.services.banking.reading_ofx import read_ofx
from fscdesk.services.errors import Problem

HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
LINE = (
    "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260304120000[-5:EST]<TRNAMT>57.50<FITID>1<NAME>FICTA"
    "</STMTTRN>"
)


def sgml(*lines: str, tail: str = "", account: str = "<ACCTID>1234") -> bytes:
    body = (
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>0{account}"
        f"</BANKACCTFROM><BANKTRANLIST><DTSTART>20260301<DTEND>20260331{''.join(lines)}"
        f"</BANKTRANLIST>{tail}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    return (HEAD + body).encode()


def test_an_empty_element_without_an_end_swallows_nothing() -> None:
    (found,) = read_ofx(
        sgml(
            "<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20260305<TRNAMT>-12,5<FITID>2<NAME><MEMO>"
            "<CHECKNUM>1042</STMTTRN>",
            LINE,
            tail="<LEDGERBAL><BALAMT>+100.00<DTASOF>20260331</LEDGERBAL>"
            "<AVAILBAL><BALAMT>7.00<DTASOF>20260331</AVAILBAL>",
        ),
        "x.ofx",
    )
    first, second = found.lines
    assert (first.amount, first.words, first.on) == (Money(5750), "FICTA", date(2026, 3, 4))
    assert (second.amount, second.check_number, second.words) == (Money(-1250), "1042", "")
    assert (found.closing, found.account_number) == (Money(10_000), "1234")


def test_version_2_and_several_accounts() -> None:
    one = (
        "<CCSTMTRS><CURDEF>USD</CURDEF><CCACCTFROM><ACCTID>99</ACCTID></CCACCTFROM>"
        "<BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260302</DTPOSTED>"
        "<TRNAMT>-9.99</TRNAMT><FITID>a</FITID><NAME>A &amp; B</NAME><MEMO>more</MEMO></STMTTRN>"
        "</BANKTRANLIST></CCSTMTRS>"
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?><OFX>'
        f"{one}{one.replace('99', '77', 1)}</OFX>"
    )
    found = read_statement(text.encode(), "both.qfx")
    assert [statement.account_number for statement in found] == ["99", "77"]
    assert found[0].lines[0].words == "A & B more"


def test_a_memo_that_goes_on_or_repeats_is_one_text() -> None:
    long = "IMAGINARY BLUE PLAN OF HCCLAIMPM"
    (found,) = read_ofx(
        sgml(
            LINE.replace("<NAME>FICTA", f"<NAME>{long}<MEMO>T TRN*1*EFT1*1999010000\\"),
            LINE.replace("<NAME>FICTA", "<NAME>FICTA CHECK<MEMO>FICTA CHECK"),
        ),
        "x.ofx",
    )
    assert [line.words for line in found.lines] == [
        "IMAGINARY BLUE PLAN OF HCCLAIMPMT TRN*1*EFT1*1999010000\\",
        "FICTA CHECK",
    ]


def test_a_transaction_that_cannot_be_used_is_told() -> None:
    (found,) = read_ofx(
        sgml(LINE.replace("57.50", "lots"), LINE.replace("20260304", "20261304")), "x"
    )
    assert [finding.where for finding in found.findings] == ["transaction 1", "transaction 2"]
    assert found.lines == ()


def test_another_currency_is_not_taken_for_dollars() -> None:
    (found,) = read_ofx(sgml(LINE).replace(b"USD", b"EUR"), "x")
    assert found.lines == ()
    assert "EUR" in found.findings[0].message


def test_an_ofx_file_without_a_statement_is_refused() -> None:
    with pytest.raises(Problem, match="without a bank or card statement"):
        read_statement((HEAD + "<OFX></OFX>").encode(), "empty.ofx")


def test_blanks_within_a_tag_and_cdata_are_read() -> None:
    name = "<![CDATA[FICTA & <SONS>]]>"
    text = (
        LINE.replace("FICTA", name)
        .replace("<STMTTRN>", "<STMTTRN >")
        .replace("<TRNAMT>", "< TRNAMT >")
        .replace("</STMTTRN>", "</STMTTRN >")
    )
    (found,) = read_ofx(sgml(text, LINE), "x.ofx")
    assert [line.words for line in found.lines] == ["FICTA & <SONS>", "FICTA"]
    assert found.lines[0].amount == Money(5750)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_first_bytes(encoding: str) -> None:
    text = "\ufeff" + sgml(LINE.replace("FICTA", "CAFÉ Ω")).decode("utf-8")
    (found,) = read_statement(text.encode(encoding), "x.ofx")
    assert [line.words for line in found.lines] == ["CAFÉ Ω"]


@pytest.mark.parametrize(
    ("charset", "encoding", "words"),
    [
        ("1250", "cp1250", "ŁÓDŹ ŻABKA"),
        ("SHIFT_JIS", "shift_jis", "カフェ"),
        ("932", "cp932", "カフェ"),
        ("1252", "cp1252", "CAFÉ"),
        ("ISO-8859-1", "latin-1", "CAFÉ"),
        ("8859-2", "iso8859-2", "ŁÓDŹ"),
        ("1252", "utf-8", "CAFÉ"),
        ("NONE", "cp1252", "CAFÉ"),
        ("hex", "cp1252", "CAFÉ"),
    ],
)
def test_the_charset_of_the_header_is_believed(charset: str, encoding: str, words: str) -> None:
    text = sgml(LINE).decode("ascii").replace("CHARSET:1252", f"CHARSET:{charset}")
    (found,) = read_ofx(text.replace("FICTA", words).encode(encoding), "x.ofx")
    assert [line.words for line in found.lines] == [words]
    assert found.findings == ()


def test_a_letter_that_cannot_be_read_is_told() -> None:
    (found,) = read_ofx(sgml(LINE).replace(b"FICTA", b"FIC\x81TA"), "x.ofx")
    (told,) = found.findings
    assert told.message == "1 letter is not readable as cp1252; each is shown as \ufffd."
    assert [line.words for line in found.lines] == ["FIC\ufffdTA"]


@given(st.binary(max_size=300), st.integers(0, 400))
def test_whatever_bytes_come_it_reads_or_refuses(noise: bytes, at: int) -> None:
    data = sgml(LINE)
    with suppress(Problem):
        read_statement(data[:at] + noise + data[at:], "x.ofx")
