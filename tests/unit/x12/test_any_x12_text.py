"""However a file is damaged, every reader ends with dataclasses and oddities, never a traceback."""

from __future__ import annotations

import dataclasses
import enum
import random
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.x12.acknowledgment_999 import read_999
from fscdesk.services.x12.claim_acknowledgment_277 import read_277ca
from fscdesk.services.x12.eligibility_271 import read_271
from fscdesk.services.x12.envelopes import read_interchanges
from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import Reading835
from fscdesk.services.x12.segments import Oddity, decoded
from tests.support.shared import x12_files
from tests.support.x12_texts import x12

READERS: tuple[Callable[[str], Any], ...] = (
    *(read_999, read_277ca, read_271, read_835, read_interchanges),
)
KINDS = ("999", "277CA", "271", "270", "835")
NAMES = (
    *("ISA", "IEA", "GS", "GE", "ST", "SE", "TA1", "BHT", "HL", "NM1", "TRN", "STC", "SVC", "REF"),
    *("DTP", "QTY", "AMT", "AK1", "AK2", "IK3", "AK4", "CTX", "IK5", "AK9", "EB", "AAA", "HSD"),
    *("DMG", "INS", "MSG", "III", "PER", "LS", "LE", "N3", "ZZ", "BPR", "N1", "N4", "DTM", "LX"),
    *("TS3", "CLP", "CAS", "SVC", "LQ", "MIA", "MOA", "PLB", "CUR"),
)
VALUES = (
    *("", "1", "0", "2", "PT", "19", "20", "21", "22", "23", "QC", "IL", "85", "PR", "A2:20:85"),
    *("A7", ":::", "D8", "RD8", "20260401", "20260401-20260431", "120.505", "9" * 30, "-.5", "Y"),
    *(
        "HC:90837:95",
        "WO:1",
        "CO",
        "6R",
        "D",
        "472",
        "30^MH^",
        "^",
        "MI",
        "é",
        "\x00",
        "\ud800",
        " ",
        "27",
        "29",
        "FJ",
        "1K",
        "CLM01:C",
    ),
)
DAMAGE = "~*:^|>\n\r \t\x00\x1d\ufeffISAGSTH0129é٣"


def pieces(value: Any) -> Iterator[Any]:
    """All that a reading holds, down to its plain values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Money)):
        for part in dataclasses.fields(value):
            yield from pieces(getattr(value, part.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from pieces(part)
    else:
        yield value


def all_oddities(reading: Any) -> Iterator[Oddity]:
    """The oddities of a file, and of each transaction that keeps its own."""
    yield from reading.oddities
    if isinstance(reading, Reading835):
        for found in reading.remittances:
            yield from found.oddities
            assert found.readable or found.oddities
            assert all(found.claims[at].off for at in found.claims_off)
            assert all(found.claims[at].services[line].off for at, line in found.services_off)


def read_by_all(text: str) -> None:
    """Each reader gives values of our own kinds; its sentences are whole, and can be shown."""
    for reader in READERS:
        reading = reader(text)
        for value in pieces(reading):
            assert value is None or isinstance(
                value, (str, bool, int, enum.Enum, Money, date, Decimal)
            ), (reader, value)
            if isinstance(value, str):
                assert "\0" not in value
            if isinstance(value, Money):
                assert abs(value.cents) <= LARGEST_CENTS
        for oddity in all_oddities(reading):
            assert isinstance(oddity, Oddity)
            assert oddity.message.endswith(".")
            assert len(oddity.message) < 120
            assert oddity.position >= 0
    for claim in read_277ca(text).claims:
        assert all(isinstance(reason, str) for reason in claim.reasons)
    for answer in read_271(text).answers:
        assert all(benefit.words for benefit in answer.benefits)
        assert all(str(rejection) for rejection in answer.rejections)
    for group in read_999(text).groups:
        assert group.of_set("0001")
        assert all(str(fault) for answer in group.sets for fault in answer.faults)


def damaged(text: str, chance: random.Random) -> str:
    """A text cut off, with letters lost, changed or put in, with lines lost, doubled or swapped."""
    for _ in range(chance.randint(1, 6)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        match chance.randrange(7):
            case 0:
                text = text[:to]
            case 1:
                text = text[at:]
            case 2:
                text = text[:at] + text[at + chance.randint(1, 9) :]
            case 3:
                text = text[:at] + chance.choice(DAMAGE) + text[at + 1 :]
            case 4:
                text = text[:at] + chance.choice(DAMAGE) + text[at:]
            case 5:
                text = text[:to] + text[at:to] + text[to:]
            case _:
                lines = text.split("~")
                chance.shuffle(lines)
                text = "~".join(lines)
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kept_file_whole_and_damaged(kind: str) -> None:
    files = x12_files(kind)
    for path in files:
        text = decoded(path.read_bytes())
        read_by_all(text)
        chance = random.Random(path.name)
        for _ in range(min(60, 400 // len(files))):
            read_by_all(damaged(text, chance))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kept_file_cut_off_anywhere(kind: str) -> None:
    path = x12_files(kind)[0]
    text = decoded(path.read_bytes())
    for end in range(0, len(text), 7):
        read_by_all(text[:end])


@pytest.mark.parametrize("kind", ["999", "277", "271", "837", "835"])
def test_sentences_hold_nothing_of_the_file(kind: str) -> None:
    names = (
        *("HL", "NM1", "TRN", "STC", "SVC", "DTP", "AMT", "EB", "DMG", "IK3", "IK4", "ZZ", "BPR"),
        *("CLP", "CAS", "DTM", "SVC", "PLB", "SE"),
    )
    secret = "*".join(["SECRET"] * 14)
    text = x12(kind, "\n".join(f"{name}*{secret}" for name in names) + "\nSECRET*1")
    for reader in READERS:
        for oddity in all_oddities(reader(text)):
            assert "SECRET" not in oddity.message.upper()


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    read_by_all(text)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    read_by_all(decoded(data))
    assert read_835(data).remittances == read_835(decoded(data)).remittances


@given(st.text(max_size=200))
def test_any_text_behind_an_envelope(text: str) -> None:
    whole = x12("277", "HL*1**20")
    read_by_all(whole[: whole.index("HL*")] + text)


@given(
    st.sampled_from(["999", "277", "271", "835"]),
    st.lists(
        st.lists(st.sampled_from(VALUES), max_size=13).flatmap(
            lambda values: st.sampled_from(NAMES).map(lambda name: "*".join((name, *values)))
        ),
        max_size=25,
    ),
)
def test_any_segments_in_any_order(kind: str, lines: list[str]) -> None:
    read_by_all(x12(kind, "\n".join(lines)))
