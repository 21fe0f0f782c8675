"""Questions about coverage: written in the guide's order, and refused before anything is cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from fscdesk.services.x12.eligibility_270 import (
    AskedPerson,
    EligibilityRequest,
    Relation,
    write_270,
    write_270s,
)
from fscdesk.services.x12.envelopes import TransactionSet, read_interchanges
from fscdesk.services.x12.professional import CannotWrite
from fscdesk.services.x12.writing import Controls
from tests.support.shared import x12_files

CONTROLS = Controls(
    sender="FICTIONAL",
    receiver="CLEARING",
    interchange=42,
    group=7,
    made_at=datetime(2026, 4, 1, 8, 5),  # noqa: DTZ001 - written as the office's own time
)
RIVERA = AskedPerson("Rivera", "Ana", "M", "", "MEM-100", date(1980, 2, 3), "F")
LEO = AskedPerson("Rivera", "Leo", birth_date=date(2012, 5, 6), sex="M")
REQUEST = EligibilityRequest(
    trace="E-1001",
    trace_origin="9123456789",
    payer_name="North Health",
    payer_id="NH001",
    provider_name="Fictional Springs Counseling",
    provider_npi="1234567893",
    subscriber=RIVERA,
    on=date(2026, 4, 2),
)


def segments_of(text: str) -> list[str]:
    return [line.removesuffix("~") for line in text.splitlines()]


def test_a_subscriber() -> None:
    assert segments_of(write_270(REQUEST, CONTROLS))[1:] == [
        "GS*HS*FICTIONAL*CLEARING*20260401*0805*7*X*005010X279A1",
        "ST*270*0001*005010X279A1",
        "BHT*0022*13*E-1001*20260401*0805",
        "HL*1**20*1",
        "NM1*PR*2*NORTH HEALTH*****PI*NH001",
        "HL*2*1*21*1",
        "NM1*1P*2*FICTIONAL SPRINGS COUNSELING*****XX*1234567893",
        "HL*3*2*22*0",
        "TRN*1*E-1001*9123456789",
        "NM1*IL*1*RIVERA*ANA*M***MI*MEM-100",
        "DMG*D8*19800203*F",
        "DTP*291*D8*20260402",
        "EQ*30^MH",
        "SE*13*0001",
        "GE*1*7",
        "IEA*1*000000042",
    ]


def test_a_dependent() -> None:
    request = replace(
        REQUEST,
        dependent=LEO,
        relation=Relation.CHILD,
        group_number="G-5",
        provider_name="Oak",
        provider_first_name="Eli",
        until=date(2026, 4, 30),
        service_types=("MH",),
    )
    assert segments_of(write_270(request, CONTROLS))[7:-2] == [
        "NM1*1P*1*OAK*ELI****XX*1234567893",
        "HL*3*2*22*1",
        "NM1*IL*1*RIVERA*ANA*M***MI*MEM-100",
        "REF*6P*G-5",
        "DMG*D8*19800203*F",
        "HL*4*3*23*0",
        "TRN*1*E-1001*9123456789",
        "NM1*03*1*RIVERA*LEO",
        "DMG*D8*20120506*M",
        "INS*N*19",
        "DTP*291*RD8*20260402-20260430",
        "EQ*MH",
        "SE*18*0001",
    ]


def test_what_is_not_known_is_left_away() -> None:
    person = AskedPerson("Rivera", "Ana", member_id="MEM-100", sex="U")
    lines = segments_of(write_270(replace(REQUEST, subscriber=person), CONTROLS))
    assert not [line for line in lines if line.startswith("DMG")]
    person = replace(person, sex="F")
    lines = segments_of(write_270(replace(REQUEST, subscriber=person), CONTROLS))
    assert "DMG***F" in lines


def test_several_questions_in_one_file() -> None:
    requests = [replace(REQUEST, trace=f"E-{number}") for number in (1, 2, 3)]
    reading = read_interchanges(write_270s(requests, replace(CONTROLS, test=True)))
    assert reading.oddities == ()
    assert reading.interchanges[0].test
    assert [one.control for one in reading.sets("270")] == ["0001", "0002", "0003"]
    assert [_trace(one) for one in reading.sets()] == ["E-1", "E-2", "E-3"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"trace": ""}, "trace"),
        ({"trace": "T" * 51}, "trace"),
        ({"trace_origin": "123"}, "trace origin"),
        ({"payer_name": "~"}, "payer name"),
        ({"payer_name": "P" * 61}, "payer name"),
        ({"payer_id": ""}, "payer ID"),
        ({"provider_name": ""}, "provider name"),
        ({"provider_npi": "123"}, "provider NPI"),
        ({"subscriber": replace(RIVERA, last_name="")}, "last name"),
        ({"subscriber": replace(RIVERA, first_name="A" * 36)}, "first name"),
        ({"subscriber": replace(RIVERA, member_id="M" * 81)}, "member ID"),
        ({"subscriber": replace(RIVERA, member_id=""), "dependent": LEO}, "member ID"),
        ({"dependent": replace(LEO, middle_name="M" * 26)}, "middle name"),
        ({"group_number": "G" * 51}, "group number"),
        ({"until": date(2026, 4, 1)}, "last day"),
        ({"service_types": ()}, "service types"),
        ({"service_types": ("30", "mental")}, "service types"),
    ],
)
def test_what_a_question_cannot_hold_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(CannotWrite) as refused:
        write_270(replace(REQUEST, **wrong), CONTROLS)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_no_question_is_refused() -> None:
    with pytest.raises(CannotWrite):
        write_270s([], CONTROLS)


def test_the_order_of_segments_is_that_of_published_questions() -> None:
    """Our questions have the segments of the kept ones, in their order."""
    for path in x12_files("270"):
        (kept,) = read_interchanges(path.read_text("utf-8")).sets("270")
        dependent = any(segment.elements[2:3] == ("23",) for segment in kept.segments)
        request = replace(REQUEST, dependent=LEO if dependent else None)
        (ours,) = read_interchanges(write_270(request, CONTROLS)).sets("270")
        expected = _names(kept)
        known = {(name, code) for name, code in expected}
        assert [pair for pair in _names(ours) if pair in known] == expected, path.name


def _trace(found: TransactionSet) -> str:
    return next(segment.get(2) for segment in found.segments if segment.name == "TRN")


def _names(found: TransactionSet) -> list[tuple[str, str]]:
    """Segment names with the codes that tell segments of one name apart."""
    told = {"NM1": 1, "HL": 3, "DTP": 1}
    names = [
        (one.name, one.get(told[one.name]) if one.name in told else "") for one in found.segments
    ]
    people = {"DMG"}
    return [pair for index, pair in enumerate(names) if pair[0] not in people or index >= 9]
