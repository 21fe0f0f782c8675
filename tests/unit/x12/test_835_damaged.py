"""Files as payers really send them: any marks, any wraps, parts that lack, one set that is bad."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import Reading835, Remittance
from fscdesk.services.x12.segments import Delimiters
from tests.support.eras import claim, era, file_of, plb, remittance, reversal_of, service
from tests.support.x12_texts import x12

LINES = (
    service("90837", "150", cas="CO45=30 PR3=20", line_id="4711", modifiers=("95",), allowed="120"),
    service("90785", "20", cas="CO97=20", remarks=("N19",)),
)
PLAIN = (claim("C-1", *LINES, remarks=("MA01",)), reversal_of(claim("C-0", *LINES)))
MARKS = (
    Delimiters("*", ":", "^", "~"),
    Delimiters("|", ">", "^", "~"),
    Delimiters("*", "<", "!", "\n"),
    Delimiters("\x1d", "\x1f", "\x1e", "\x1c"),
    Delimiters("+", ":", "*", "'"),
)

RECEIPT = (
    b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260401*0830*^*00501"
    b"*000000905*0*P*:~TA1*000000001*260401*0830*A*000~IEA*0*000000905~"
)


def plain(**settings: Any) -> str:
    return era(*PLAIN, plb=[plb("WO", "25", "ICN0")], **settings)


def said(found: Remittance) -> object:
    """What a transaction says, but for where it stands and how its codes were divided."""
    claims = [
        one._replace(
            services=tuple(line._replace(composite="", position=0) for line in one.services),
            position=0,
        )
        for one in found.claims
    ]
    adjustments = [one._replace(position=0) for one in found.provider_adjustments]
    return (found.amount, found.trace, found.payer, found.payee, claims, adjustments)


def codes(reading: Reading835) -> list[str]:
    own = [oddity.code for oddity in reading.oddities]
    return own + [oddity.code for one in reading.remittances for oddity in one.oddities]


EXPECTED = said(read_835(plain()).remittances[0])


@pytest.mark.parametrize(
    ("marks", "wrap"),
    [
        pair
        for pair in itertools.product(MARKS, ("lines", "crlf", "none", "80", "7", "4"))
        if pair[0].terminator != "\n" or pair[1] in ("lines", "crlf")
    ],
)
def test_any_marks_and_any_wraps_say_the_same(marks: Delimiters, wrap: str) -> None:
    text = plain(delimiters=marks, wrap=wrap)
    if marks.terminator == "\n" and wrap == "crlf":
        text = text.replace("\n\r\n", "\r\n")
    reading = read_835(text.encode())
    (found,) = reading.remittances
    assert said(found) == EXPECTED
    assert codes(reading) == []
    assert found.balanced


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "latin-1"])
def test_the_bytes_may_be_of_any_code(codec: str) -> None:
    (found,) = read_835(plain().encode(codec)).remittances
    assert said(found) == EXPECTED


def test_a_letter_that_is_not_ascii_is_kept() -> None:
    text = era(claim("C-1", service(), patient=("FICCIÓN", "ZOË")))
    for codec in ("utf-8", "latin-1"):
        patient = read_835(text.encode(codec)).remittances[0].claims[0].patient
        assert patient is not None
        assert patient.name == "ZOË FICCIÓN"


def test_blanks_around_elements_and_before_segments_are_no_part_of_them() -> None:
    lines = plain().splitlines()
    loose = [lines[0], *(line.replace("*", " * ").replace("~", " ~") for line in lines[1:])]
    reading = read_835("\n   ".join(loose))
    assert codes(reading) == []
    assert said(reading.remittances[0]) == EXPECTED


def test_small_letters_in_the_names_of_segments_are_read() -> None:
    lines = plain().splitlines()
    small = [line.split("*", 1)[0].lower() + "*" + line.split("*", 1)[1] for line in lines[1:]]
    reading = read_835("\n".join([lines[0], *small]))
    assert said(reading.remittances[0]) == EXPECTED
    assert codes(reading) == []


def test_text_before_the_file_is_told() -> None:
    reading = read_835("Dear practice,\nhere it is: " + plain())
    assert said(reading.remittances[0]) == EXPECTED
    assert codes(reading) == ["text_before_isa"]


@pytest.mark.parametrize(
    ("without", "odd"),
    [
        (("ISA", "IEA"), {"no_isa"}),
        (("ISA", "GS", "GE", "IEA"), {"no_isa", "no_gs"}),
        (("ISA", "GS", "ST", "SE", "GE", "IEA"), {"no_isa", "no_st", "no_se"}),
        (("ST",), {"no_st", "se_count"}),
        (("IEA",), {"no_iea"}),
        (("GE", "IEA"), {"no_ge", "no_iea"}),
        (("SE", "GE", "IEA"), {"no_se", "no_ge", "no_iea"}),
        (("SE",), {"no_se"}),
        (("LX",), {"no_lx", "se_count"}),
        (("DTM",), {"no_made_on", "no_service_day", "se_count"}),
        (("N1", "N3", "N4", "PER"), {"no_payer", "no_payee", "se_count"}),
        (("TRN",), {"no_trn", "se_count"}),
        (("NM1",), {"no_patient", "se_count"}),
    ],
)
def test_what_lacks_is_told_and_the_rest_is_read(without: tuple[str, ...], odd: set[str]) -> None:
    lines = [line for line in plain().splitlines() if line.split("*")[0] not in without]
    reading = read_835("\n".join(lines))
    (found,) = reading.remittances
    assert set(codes(reading)) == odd
    assert found.balanced
    assert [one.number for one in found.claims] == ["C-1", "C-0"]
    assert [len(one.services) for one in found.claims] == [2, 2]


@pytest.mark.parametrize(
    ("old", "new", "odd"),
    [
        ("SE*39*0001", "SE*12*0001", "se_count"),
        ("SE*39*0001", "SE*39*0009", "se_control"),
        ("GE*1*77", "GE*2*77", "ge_count"),
        ("GE*1*77", "GE*1*78", "ge_control"),
        ("IEA*1*000000905", "IEA*1*000000906", "iea_control"),
        ("*00*          *ZZ*BLUE", "*00**ZZ*BLUE", "short_isa"),
        ("ST*835*0001", "ST*835*0001*005010X221A1", ""),
        ("ST*835*0001", "ST*835*0001*005010X221", ""),
        ("X*005010X221A1", "X*004010X091A1", "version"),
        ("DTM*472*20260302", "DTM*472*20260231", "day no_service_day"),
        ("BPR*I*25*D*ACH*CCP", "BPR*I*25*D*ACH*CCP*", "day"),
        ("TRN*1*EFT", "TRN*1*FIRST\n~TRN*1*EFT", "second_trn"),
        ("**1~", "**one~", "quantity"),
        ("CLP*C-1*1", "CLP**1", "no_claim_number"),
        ("CLP*C-1*1", "CLP*C-1*", "no_status"),
        ("SVC*HC:90785", "SVC*", "no_code"),
        ("SVC*HC:90785", "SVC*HC>90785", "component"),
        ("WO:ICN0", "WO>ICN0", "component"),
        ("CAS*CO*45*30", "CAS**45*30", "cas"),
        ("CAS*CO*45*30", "CAS*CO**30", "cas"),
        ("WO:ICN0*25", ":ICN0*25", "plb"),
        ("REF*6R*4711", "ZZZ*6R*4711", "unknown_segment"),
        ("MOA***MA01", "ZZZ***MA01", "unknown_segment"),
        ("MOA***MA01", "N3*1 PLAZA", "out_of_place"),
        ("LX*2", "LX*2~\nN1*PE*SPRINGS", "out_of_place"),
        ("REF*TJ", "XX*TJ", "unknown_segment"),
    ],
)
def test_each_break_with_the_standard_is_an_oddity_of_its_own(old: str, new: str, odd: str) -> None:
    text = plain()
    assert old in text
    counted = {"se_count"} if odd != "se_count" else set()
    found = set(codes(read_835(text.replace(old, new, 1)))) - counted
    assert found == set(odd.split())


def test_oddities_of_one_kind_are_counted_not_repeated() -> None:
    (found,) = read_835(plain().replace("REF*6R", "ZZZ*6R")).remittances
    (oddity,) = found.oddities
    assert (oddity.code, oddity.message) == ("unknown_segment", "2 segments are not known here.")
    assert oddity.position == 21


def test_more_than_six_pairs_in_a_plb_are_read_and_told() -> None:
    pairs = "*".join(f"L6:R{number}*-1" for number in range(7))
    text = era(claim("C-1", service()), plb=[plb("WO", "-7")]).replace("WO*-7", pairs)
    (found,) = read_835(text).remittances
    assert len(found.provider_adjustments) == 7
    assert found.balanced
    assert [one.code for one in found.oddities] == ["many_pairs"]


def test_payer_and_payee_that_are_named_again_are_told() -> None:
    again = ("N1*PR*IMAGINARY BLUE*XV*99901", "N1*PE*OTHER OFFICE*XX*1679576722", "REF*TJ*1")
    (found,) = read_835(era(claim("C-1", service()), extra=again)).remittances
    assert {one.code for one in found.oddities} == {"repeated_party", "other_party"}
    assert found.payee.npi == "1234567893"
    (other,) = found.other_parties
    assert (other.name, other.npi, other.tax_id) == ("OTHER OFFICE", "1679576722", "1")


def test_several_interchanges_groups_and_sets_are_all_read() -> None:
    one = file_of(
        remittance(claim("A", service()), control="0001", trace="T1"),
        remittance(claim("B", service()), control="0002", trace="T2"),
        interchange="000000001",
        group="1",
    )
    two = file_of(
        remittance(claim("C", service()), control="0001", trace="T3"),
        delimiters=MARKS[1],
        interchange="000000002",
        group="2",
        test=True,
    )
    reading = read_835(one + two)
    assert [found.trace for found in reading.remittances] == ["T1", "T2", "T3"]
    assert [found.claims[0].number for found in reading.remittances] == ["A", "B", "C"]
    assert [found.interchange_control[-1] for found in reading.remittances] == ["1", "1", "2"]
    assert [found.group_control for found in reading.remittances] == ["1", "1", "2"]
    assert [found.test for found in reading.remittances] == [False, False, True]
    assert all(found.balanced for found in reading.remittances)
    positions = [found.position for found in reading.remittances]
    segments = (one + two).replace("|", "*").split("~\n")
    assert [segments[at - 1][:6] for at in positions] == ["ST*835"] * 3
    assert codes(reading) == []


def test_oddities_belong_to_the_transaction_in_which_they_stand() -> None:
    two = (
        remittance(claim("A", service()), control="0001"),
        remittance(claim("B", service()), control="0002"),
    )
    text = re.sub(r"SE\*\d+\*0002", "SE*99*0002", file_of(*two)).replace("GE*2", "GE*5")
    reading = read_835(text)
    first, second = reading.remittances
    assert first.oddities == ()
    assert [one.code for one in second.oddities] == ["se_count"]
    assert [one.code for one in reading.oddities] == ["ge_count"]


def test_one_bad_transaction_leaves_the_others_as_they_are() -> None:
    good = remittance(claim("A", service()), control="0001")
    bad = remittance(claim("B", service(), paid="1"), control="0002", amount="777")
    other = x12("999", "AK1*HC*1~AK9*A*1*1*1").splitlines()[2:-2]
    text = file_of(good, bad, remittance(claim("C", service()), control="0003"))
    text = text.replace("ST*835*0003", "\n".join(other) + "\nST*835*0003")
    reading = read_835(text)
    assert [found.balanced for found in reading.remittances] == [True, False, True]
    assert [one.code for one in reading.oddities] == ["other_kind", "ge_count"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (x12("837", "BHT*0019*00*1*20260401*0830*CH").encode(), "claims (837)"),
        (x12("999", "AK1*HC*1").encode(), "acknowledgment of syntax (999)"),
        (x12("277", "HL*1**20").encode(), "claim statuses (277)"),
        (x12("271", "HL*1**20").encode(), "eligibility (271)"),
        (x12("999", "AK1*HC*1").replace("ST*999", "ST*123").encode(), "something else"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Office"),
        (b"", "no X12"),
        (b"Date,Amount\n2026-03-02,12.00\n", "no X12"),
        (RECEIPT, "(TA1)"),
    ],
)
def test_a_file_of_another_kind_is_named(data: bytes, says: str) -> None:
    reading = read_835(data)
    assert reading.remittances == ()
    assert any(says in oddity.message for oddity in reading.oddities)


def test_the_digest_is_of_the_bytes() -> None:
    text = plain()
    assert read_835(text).digest == read_835(text.encode()).digest
    assert read_835(text + "\n").digest != read_835(text).digest
    assert len(read_835(b"").digest) == 64
