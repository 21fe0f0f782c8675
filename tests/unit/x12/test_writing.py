"""What is written can be read, counts itself, and cannot be broken by what is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.x12.envelopes import read_interchanges
from fscdesk.services.x12.segments import Delimiters
from fscdesk.services.x12.writing import Controls, SegmentWriter, basic, write_segments
from tests.support.shared import x12_files

CONTROLS = Controls(
    sender="FICTIONAL",
    receiver="CLEARING",
    interchange=42,
    group=7,
    made_at=datetime(2026, 4, 1, 8, 5),  # noqa: DTZ001 - written as the office's own time
)


def written(*values: str, delimiters: Delimiters | None = None) -> str:
    writer = SegmentWriter(delimiters)
    writer.open_file(CONTROLS, "HS", "005010X279A1")
    writer.open_set("270", "0001", "005010X279A1")
    for value in values:
        writer.add("NTE", "ADD", value)
    writer.close_set()
    writer.close_file()
    return writer.text()


def test_the_envelope() -> None:
    assert written("A").splitlines() == [
        (
            "ISA*00*          *00*          *ZZ*FICTIONAL      *ZZ*CLEARING       "
            "*260401*0805*^*00501*000000042*0*P*:~"
        ),
        "GS*HS*FICTIONAL*CLEARING*20260401*0805*7*X*005010X279A1~",
        "ST*270*0001*005010X279A1~",
        "NTE*ADD*A~",
        "SE*3*0001~",
        "GE*1*7~",
        "IEA*1*000000042~",
    ]


def test_the_isa_has_its_fixed_length() -> None:
    for controls in (CONTROLS, replace(CONTROLS, test=True, acknowledgment_wanted=True)):
        writer = SegmentWriter()
        writer.open_file(controls, "HC", "005010X222A1")
        assert len(writer.text().splitlines()[0]) == 106


def test_a_test_file_and_names_of_the_group() -> None:
    writer = SegmentWriter()
    controls = replace(CONTROLS, test=True, group_sender="A1", group_receiver="B2")
    writer.open_file(controls, "HC", "005010X222A1")
    isa, gs = writer.text().splitlines()
    assert isa.endswith("*0*T*:~")
    assert gs.startswith("GS*HC*A1*B2*")


@pytest.mark.parametrize(
    "wrong",
    [
        {"interchange": 0},
        {"interchange": 1_000_000_000},
        {"group": -1},
        {"sender": ""},
        {"receiver": "SIXTEEN LETTERS."},
    ],
)
def test_what_an_envelope_cannot_hold_is_refused(wrong: dict[str, int | str]) -> None:
    with pytest.raises(ValueError, match="must"):
        SegmentWriter().open_file(replace(CONTROLS, **wrong), "HC", "005010X222A1")  # type: ignore[arg-type]


def test_values_composites_and_repetitions() -> None:
    writer = SegmentWriter()
    writer.add("SV1", ("HC", "90837", "95", "", ""), Money(12050), "UN", 1, None, "", ("1", "2"))
    writer.add("EQ", ["30", "MH"], None, "")
    writer.add("DTP", "472", "D8", date(2026, 4, 1))
    writer.add("LX")
    assert (
        writer.text(lines=False)
        == "SV1*HC:90837:95*120.5*UN*1***1:2~EQ*30^MH~DTP*472*D8*20260401~LX~"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("José “Pepe” O’Neil", 'JOSE "PEPE" O\'NEIL'),
        ("Łukasz Straße — 5", "LUKASZ STRASSE - 5"),
        ("Ærøskøbing", "AEROSKOBING"),
        ("A*B:C^D~E", "A B C D E"),
        ("  two   blanks\tand\nlines  ", "TWO BLANKS AND LINES"),
        ("Apt #5 @ home_1", "APT 5 HOME 1"),
        ("日本", ""),
        ("ﬁ ½", "FI 1 2"),
    ],
)
def test_the_basic_character_set(text: str, expected: str) -> None:
    assert basic(text) == expected


def test_other_delimiters_are_kept_out_too() -> None:
    marks = Delimiters("/", "=", "!", "?")
    assert basic("a/b=c!d?e*f", marks) == "A B C D E*F"
    reading = read_interchanges(written("a/b=c!d?e*f", delimiters=marks))
    assert reading.oddities == ()
    assert reading.sets()[0].segments[1].get(2) == "A B C D E*F"


@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_text_breaks_a_file(values: list[str]) -> None:
    reading = read_interchanges(written(*values))
    assert reading.oddities == ()
    found = reading.sets()[0].segments[1:-1]
    assert [segment.get(2) for segment in found] == [basic(value) for value in values]


@given(st.text(max_size=80))
def test_basic_is_its_own_basic_form(text: str) -> None:
    once = basic(text)
    assert basic(once) == once
    assert once.isascii()


def test_what_was_read_can_be_written_again() -> None:
    for path in x12_files("999"):
        text = path.read_text("utf-8")
        reading = read_interchanges(text)
        again = "".join(write_segments(one.segments, one.delimiters) for one in reading.sets())
        assert [line for line in again.splitlines() if line] == [
            line
            for line in text.splitlines()
            if line and line[:3] not in {"ISA", "GS*", "GE*", "IEA"}
        ]
