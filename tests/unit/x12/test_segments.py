"""Any delimiters, any line ends, any damage of the ISA: the segments are the same."""

from __future__ import annotations

import pytest

from fscdesk.services.x12.segments import (
    Delimiters,
    Segment,
    decoded,
    find_delimiters,
    split_segments,
    starts_of_interchanges,
)
from tests.support.x12_texts import x12

BODY = """
    BHT*0085*08*B1*20260401*0830*TH
    STC*A1:19:PR*20260401*WQ*120
"""
TEXT = x12("277", BODY)


def words(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Names and elements, composites split, so that files of other delimiters can be compared."""
    marks = find_delimiters(text)
    return [
        (segment.name, tuple(part for n in range(1, 12) for part in segment.components(n, marks)))
        for segment in split_segments(text, marks)
        if segment.name != "ISA"
    ]


EXPECTED = words(TEXT)


def test_the_usual_delimiters() -> None:
    assert find_delimiters(TEXT) == Delimiters("*", ":", "^", "~")
    assert EXPECTED[2:4] == [
        ("BHT", ("0085", "08", "B1", "20260401", "0830", "TH")),
        ("STC", ("A1", "19", "PR", "20260401", "WQ", "120")),
    ]


@pytest.mark.parametrize(
    ("element", "component", "terminator"),
    [
        *[("|", ">", "~"), ("*", "<", "\n"), ("\x1d", "\x1f", "\x1e"), ("^", ":", "'")],
        *[("*", "|", "~"), ("*", "\\", "\x85"), ("+", ":", "'"), ("\t", ":", "\n")],
    ],
)
def test_other_delimiters(element: str, component: str, terminator: str) -> None:
    marks = str.maketrans({"*": element, ":": component, "~": terminator})
    text = TEXT.replace("*260401*0830*^*", "*260401*0830*!*").replace("~\n", "~").translate(marks)
    assert find_delimiters(text) == Delimiters(element, component, "!", terminator)
    assert words(text) == EXPECTED


@pytest.mark.parametrize(
    "ending", ["~", "~\r\n", "~\n\n", "~\r", "\n~", "\r\n~", "~\n    ", "~ \t"]
)
def test_line_ends_and_blanks_around_segments(ending: str) -> None:
    assert words(TEXT.replace("~\n", ending)) == EXPECTED


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\n\n"])
def test_a_line_end_may_end_the_segments(ending: str) -> None:
    text = TEXT.replace("~\n", ending)
    assert find_delimiters(text).terminator == "\n"
    assert words(text) == EXPECTED


def test_lines_broken_at_80_columns() -> None:
    run = TEXT.replace("~\n", "~")
    wrapped = "\r\n".join(run[at : at + 80] for at in range(0, len(run), 80))
    assert words(wrapped) == EXPECTED


def test_a_byte_order_mark_and_text_before() -> None:
    assert words("\ufeff" + TEXT) == EXPECTED
    before = "Content-Type: text/plain\n\n" + TEXT
    assert find_delimiters(before) == find_delimiters(TEXT)
    assert starts_of_interchanges(before) == (26,)


def test_a_short_isa() -> None:
    short = "ISA*00**00**ZZ*PAYER*ZZ*FICTIONAL*260401*0830*^*00501*905*0*P*:~" + TEXT[107:]
    assert find_delimiters(short) == Delimiters("*", ":", "^", "~")
    assert words(short) == EXPECTED


def test_an_isa_with_fields_missing() -> None:
    missing = "ISA*00**00**ZZ*PAYER*ZZ*FICTIONAL*0*P*:~" + TEXT[107:]
    assert find_delimiters(missing) == Delimiters("*", ":", "^", "~")
    assert words(missing) == EXPECTED


@pytest.mark.parametrize("ending", ["~", "~\n"])
def test_an_isa_without_its_component_separator(ending: str) -> None:
    text = TEXT.replace("*P*:~\n", "*P*~\n").replace("~\n", ending)
    assert find_delimiters(text).terminator == "~"
    assert words(text) == EXPECTED


@pytest.mark.parametrize("ending", ["~", "~\n", "\n"])
def test_a_file_that_lost_its_isa(ending: str) -> None:
    text = "".join(TEXT.splitlines(keepends=True)[1:]).replace("~\n", ending)
    assert words(text) == EXPECTED


def test_a_letter_is_no_repetition_separator() -> None:
    assert find_delimiters(TEXT.replace("*^*", "*U*")).repetition == "^"


def test_nothing_like_x12_gives_the_usual_delimiters() -> None:
    for text in ("", "ISA", "ISA*", "Date,Client,Amount\n2026-04-01,A,1", "\x00\x01"):
        assert find_delimiters(text).element in "*,"


def test_a_name_isa_inside_an_element_is_no_interchange() -> None:
    inside = TEXT.replace("STC*A1", "NM1*QC*1*ISA*03*X~\nNM1*QC*1*VISA*03*X~\nSTC*A1")
    assert starts_of_interchanges(inside) == (0,)
    assert starts_of_interchanges(TEXT + TEXT) == (0, len(TEXT))
    assert starts_of_interchanges("no x12") == ()


def test_elements_are_counted_from_one() -> None:
    segment = Segment("SVC", (" HC:90837:95 ", "120", ""), 7)
    marks = Delimiters()
    assert segment.get(1) == "HC:90837:95"
    assert (segment.get(0), segment.get(3), segment.get(4), segment.get(-1)) == ("", "", "", "")
    assert segment.components(1, marks) == ("HC", "90837", "95")
    assert segment.components(3, marks) == segment.components(9, marks) == ()
    assert segment.component(1, 2, marks) == "90837"
    assert segment.component(1, 4, marks) == segment.component(1, 0, marks) == ""
    assert Segment(
        "EB",
        (
            "",
            "30^MH^ ",
        ),
        1,
    ).repetitions(2, marks) == ("30", "MH", "")


def test_positions_run_through_the_file() -> None:
    segments = split_segments("A*1~~ b *2 ~\n~C", Delimiters(), first=5)
    assert segments == [Segment("A", ("1",), 5), Segment("B", ("2",), 6), Segment("C", (), 7)]


def test_bytes_of_any_encoding() -> None:
    assert decoded(b"\xef\xbb\xbfISA*") == "ISA*"
    assert decoded("José".encode("latin-1")) == "José"
    assert decoded("José".encode()) == "José"
    assert decoded("ISA*".encode("utf-16")) == "ISA*"
    assert decoded(b"I\0SA") == "ISA"
