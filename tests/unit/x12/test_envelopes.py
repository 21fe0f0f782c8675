"""Files into interchanges, groups and sets: what is there is read, what is amiss is told."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.x12.envelopes import Reading, read_interchanges
from tests.support.shared import x12, x12_files
from tests.support.x12_texts import enveloped, transaction
from tests.support.x12_texts import x12 as x12_text

BODY = "BHT*0085*08*B1*20260401*0830*TH\nHL*1**20*1"
TEXT = x12_text("277", BODY)


def codes(reading: Reading) -> list[str]:
    return [oddity.code for oddity in reading.oddities]


def shape(reading: Reading) -> list[list[list[tuple[str, str, int]]]]:
    return [
        [
            [(one.kind, one.control, len(one.segments)) for one in group.sets]
            for group in interchange.groups
        ]
        for interchange in reading.interchanges
    ]


def test_a_file_as_it_should_be() -> None:
    reading = read_interchanges(TEXT)
    assert codes(reading) == []
    assert shape(reading) == [[[("277", "0001", 4)]]]
    interchange = reading.interchanges[0]
    assert (interchange.control, interchange.sender) == ("000000905", "PAYER")
    assert (interchange.receiver, interchange.test) == ("FICTIONAL", False)
    assert interchange.made_on == date(2026, 4, 1)
    group = interchange.groups[0]
    assert (group.functional_code, group.control, group.version) == ("HN", "77", "005010X214")
    found = group.sets[0]
    assert [segment.name for segment in found.segments] == ["ST", "BHT", "HL", "SE"]
    assert [segment.position for segment in found.segments] == [3, 4, 5, 6]
    assert reading.sets("277") == reading.sets() == (found,)
    assert reading.sets("835") == ()


def test_a_version_not_in_st_is_that_of_the_group() -> None:
    text = TEXT.replace("ST*277*0001*005010X214", "ST*277*0001")
    assert read_interchanges(text).sets()[0].version == "005010X214"


def test_a_test_file_says_so() -> None:
    assert read_interchanges(TEXT.replace("*P*:", "*T*:")).interchanges[0].test


def test_several_sets_groups_and_interchanges() -> None:
    first, second = (transaction("277", BODY, control=control) for control in ("0001", "0002"))
    two = enveloped(first, second, code="HN")
    groups = [*two[:-1], *two[1:-1], "IEA*2*000000905"]
    text = "~\n".join([*groups, ""])
    other = TEXT.replace("*", "|").replace(":", ">").replace("~\n", "\n")
    reading = read_interchanges(text + other)
    assert codes(reading) == []
    sets = [("277", "0001", 4), ("277", "0002", 4)]
    assert shape(reading) == [[sets, sets], [[("277", "0001", 4)]]]
    assert [one.delimiters.element for one in reading.interchanges] == ["*", "|"]
    assert reading.delimiters.element == "*"
    assert [one.delimiters.element for one in reading.sets()] == ["*"] * 4 + ["|"]
    positions = [segment.position for one in reading.sets() for segment in one.segments]
    assert positions == sorted(set(positions))


@pytest.mark.parametrize(
    ("damage", "replacement", "code"),
    [
        ("SE*4*", "SE*9*", "se_count"),
        ("SE*4*0001", "SE*4*0002", "se_control"),
        ("SE*4*0001~\n", "", "no_se"),
        ("GE*1*77", "GE*2*77", "ge_count"),
        ("GE*1*77", "GE*1*78", "ge_control"),
        ("GE*1*77~\n", "", "no_ge"),
        ("IEA*1*000000905", "IEA*3*000000905", "iea_count"),
        ("IEA*1*000000905", "IEA*1*000000906", "iea_control"),
        ("IEA*1*000000905~\n", "", "no_iea"),
        ("PAYER          ", "PAYER", "short_isa"),
        ("ISA*", "some words\nISA*", "text_before_isa"),
    ],
)
def test_one_damage_is_told_once_and_the_set_is_read(
    damage: str, replacement: str, code: str
) -> None:
    assert damage in TEXT
    reading = read_interchanges(TEXT.replace(damage, replacement, 1))
    assert codes(reading) == [code]
    assert [one.kind for one in reading.sets()] == ["277"]


def test_leading_noughts_of_control_numbers_do_not_matter() -> None:
    assert codes(read_interchanges(TEXT.replace("IEA*1*000000905", "IEA*01*905"))) == []


def test_without_its_isa() -> None:
    reading = read_interchanges("".join(TEXT.splitlines(keepends=True)[1:]))
    assert codes(reading) == ["no_isa"]
    assert shape(reading) == [[[("277", "0001", 4)]]]
    assert reading.interchanges[0].made_on is None


def test_without_its_gs() -> None:
    reading = read_interchanges(TEXT.replace("GS*HN", "ZZ*HN"))
    assert codes(reading) == ["stray_segment", "no_gs"]
    assert shape(reading) == [[[("277", "0001", 4)]]]


def test_without_its_st() -> None:
    reading = read_interchanges(TEXT.replace("ST*277*0001*005010X214~\n", ""))
    assert codes(reading) == ["no_st", "se_count"]
    assert shape(reading) == [[[("277", "", 3)]]]


def test_a_set_that_begins_before_another_ended() -> None:
    both = "~\n".join(enveloped(transaction("277", BODY)[:-1], transaction("277", BODY), code="HN"))
    reading = read_interchanges(both + "~")
    assert codes(reading) == ["no_se"]
    assert shape(reading) == [[[("277", "0001", 3), ("277", "0001", 4)]]]


def test_a_ta1_is_kept() -> None:
    text = TEXT.replace("GS*HN", "TA1*000000042*260401*0830*R*025~\nGS*HN")
    receipts = read_interchanges(text).interchanges[0].receipts
    assert [receipt.elements for receipt in receipts] == [
        ("000000042", "260401", "0830", "R", "025")
    ]


@pytest.mark.parametrize(
    "text", ["", "   \n", "Date,Client\n2026-04-01,A", "%PDF-1.7 stream", "ISABELLA", "\x00" * 40]
)
def test_what_is_no_x12_is_said_to_be_none(text: str) -> None:
    reading = read_interchanges(text)
    assert reading.interchanges == ()
    assert codes(reading) == ["not_x12"]


def test_every_kept_file_gives_its_sets() -> None:
    kinds = {"277CA": "277", "837P": "837"}
    for folder in sorted(path for path in x12().iterdir() if path.is_dir()):
        kind = kinds.get(folder.name, folder.name)
        for path in x12_files(folder.name):
            reading = read_interchanges(path.read_text("utf-8", "replace"))
            assert {one.kind for one in reading.sets()} == {kind}, path.name
            assert all(one.segments[0].name == "ST" for one in reading.sets()), path.name
            assert all(one.segments[-1].name == "SE" for one in reading.sets()), path.name
