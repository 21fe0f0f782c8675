"""999, 997 and TA1: which sets went on, and what was wrong with those that did not."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.x12.acknowledgment_999 import (
    ElementFault,
    Reading999,
    SegmentFault,
    Syntax,
    read_999,
)
from tests.support.pyx12_judge import judge
from tests.support.shared import x12_files
from tests.support.x12_texts import x12

HEAD = "AK1*HC*77*005010X222A1\n"


def codes(reading: Reading999) -> list[str]:
    return [oddity.code for oddity in reading.oddities]


def test_accepted() -> None:
    reading = read_999(x12("999", HEAD + "AK2*837*0001*005010X222A1\nIK5*A\nAK9*A*1*1*1"))
    assert codes(reading) == []
    (group,) = reading.groups
    assert (group.functional_code, group.control, group.version) == ("HC", "77", "005010X222A1")
    assert group.syntax is Syntax.ACCEPTED
    assert (group.included, group.received, group.accepted) == (1, 1, 1)
    assert (group.sender, group.made_on) == ("PAYER", date(2026, 4, 1))
    (answer,) = group.sets
    assert (answer.kind, answer.control, answer.version) == ("837", "0001", "005010X222A1")
    assert answer.syntax is Syntax.ACCEPTED
    assert answer.syntax.went_on
    assert (answer.reasons, answer.faults) == ((), ())


def test_one_set_of_three_rejected_and_why() -> None:
    body = (
        HEAD
        + """
        AK2*837*0001
        IK5*A
        AK2*837*0002
        IK3*CLM*27**8
        CTX*CLM01:C-1042
        IK4*2*782*6*abc
        IK4*5:3*1325*I9
        IK3*REF*40*2300*I6
        CTX*SITUATIONAL TRIGGER*CLM*43**5:3*C023:1325
        CTX*CLM01:C-1043
        IK5*R*5*I5
        AK2*837*0003
        IK3*N4*9**8
        IK4*3*116*4*123
        IK5*E*5
        AK9*P*3*3*2
        """
    )
    (group,) = read_999(x12("999", body)).groups
    assert group.syntax is Syntax.PARTIAL
    assert not group.syntax.went_on
    assert [answer.syntax for answer in group.sets] == [
        Syntax.ACCEPTED,
        Syntax.REJECTED,
        Syntax.ACCEPTED_WITH_ERRORS,
    ]
    rejected = group.sets[1]
    assert rejected.reasons == (
        "one or more segments are wrong",
        "one or more segments break the guide",
    )
    assert rejected.faults[0] == SegmentFault(
        segment="CLM",
        position=27,
        loop="",
        code="8",
        words="segment has wrong elements",
        claim_number="C-1042",
        context=(),
        elements=(
            ElementFault(2, 0, "6", "character that is not allowed", "abc"),
            ElementFault(5, 3, "I9", "element is missing that the rest asks for", ""),
        ),
    )
    assert str(rejected.faults[0]) == (
        "CLM, segment 27: CLM02 character that is not allowed (abc); "
        "CLM05-3 element is missing that the rest asks for"
    )
    assert rejected.faults[1].claim_number == "C-1043"
    assert rejected.faults[1].loop == "2300"
    assert rejected.faults[1].context == ("CLM05, segment 43",)
    assert str(rejected.faults[1]) == (
        "REF, segment 40: segment is missing that another one asks for"
    )
    assert group.sets[2].syntax.went_on


def test_a_set_that_is_not_named_shares_its_groups_lot() -> None:
    (group,) = read_999(x12("999", HEAD + "AK9*A*2*2*2")).groups
    assert group.of_set("0002") is Syntax.ACCEPTED
    (group,) = read_999(x12("999", HEAD + "AK9*R*2*2*0*2*5")).groups
    assert group.of_set("0001") is Syntax.REJECTED
    assert group.reasons == (
        "version of the group is not supported",
        "number of transactions in GE is wrong",
    )
    body = HEAD + "AK2*837*0001\nIK5*R*5\nAK9*P*2*2*1"
    (group,) = read_999(x12("999", body)).groups
    assert group.of_set("1") is Syntax.REJECTED
    assert group.of_set("0002") is Syntax.UNKNOWN


def test_the_older_997() -> None:
    body = (
        "AK1*HC*77\nAK2*837*0001\nAK3*NM1*12*2010AA*8\nAK4*9*67*5*12345678901\nAK5*R*5\nAK9*R*1*1*0"
    )
    reading = read_999(x12("997", body, version="004010"))
    assert codes(reading) == []
    (answer,) = reading.groups[0].sets
    assert answer.syntax is Syntax.REJECTED
    assert str(answer.faults[0]) == "NM1, segment 12: NM109 too long (12345678901)"
    assert answer.faults[0].loop == "2010AA"


@pytest.mark.parametrize("code", ["R", "M", "W", "X", "r"])
def test_every_way_to_reject(code: str) -> None:
    (group,) = read_999(x12("999", HEAD + f"AK2*837*0001\nIK5*{code}\nAK9*R*1*1*0")).groups
    assert group.sets[0].syntax is Syntax.REJECTED


def test_a_rejected_envelope() -> None:
    text = x12("999", HEAD + "AK9*A*1*1*1")
    text = text.replace("GS*FA", "TA1*000000042*260401*0830*R*025~\nGS*FA")
    reading = read_999(text)
    (envelope,) = reading.envelopes
    assert (envelope.control, envelope.made_on) == ("000000042", date(2026, 4, 1))
    assert (envelope.syntax, envelope.reason) == (
        Syntax.REJECTED,
        "control number was used before",
    )
    alone = "".join(
        line for line in text.splitlines(keepends=True) if line[:3] in {"ISA", "TA1", "IEA"}
    )
    assert read_999(alone).envelopes == reading.envelopes
    accepted = read_999(alone.replace("*R*025", "*A*000"))
    assert accepted.envelopes[0].syntax is Syntax.ACCEPTED
    assert accepted.envelopes[0].reason == ""


def test_codes_without_words_are_shown_as_they_are() -> None:
    body = HEAD + "AK2*837*0001\nIK3*CLM*5**ZZ\nIK5*Q*99\nAK9*?"
    (group,) = read_999(x12("999", body)).groups
    assert group.syntax is group.sets[0].syntax is Syntax.UNKNOWN
    assert group.sets[0].reasons == ("code 99",)
    assert group.sets[0].faults[0].words == "code ZZ"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (HEAD + "AK2*837*0001\nIK5*A", "no_ak9"),
        (HEAD + "AK2*837*0001\nAK9*A*1*1*1", "no_ik5"),
        ("AK2*837*0001\nIK5*A\nAK9*A*1*1*1", "no_ak1"),
        (HEAD + "IK5*A\nAK9*A*1*1*1", "no_ak2"),
        (HEAD + "AK2*837*0001\nIK4*2*782*6\nIK5*A\nAK9*A*1*1*1", "no_ik3"),
        ("", "nothing_acknowledged"),
    ],
)
def test_what_is_missing_is_told(body: str, code: str) -> None:
    assert codes(read_999(x12("999", body))) == [code]


def test_another_kind_of_file_acknowledges_nothing() -> None:
    assert codes(read_999(x12("277", "BHT*0085*08*1"))) == ["other_kind", "nothing_acknowledged"]
    assert codes(read_999("hello")) == ["not_x12", "nothing_acknowledged"]


def test_every_kept_file_is_read() -> None:
    read = {path.name: read_999(path.read_text("utf-8")) for path in x12_files("999")}
    assert {reading.groups[0].syntax for reading in read.values()} == {
        Syntax.ACCEPTED,
        Syntax.REJECTED,
    }
    assert [len(reading.groups) for reading in read.values()] == [1, 4, 1, 1]
    rejected = read["imsweb__x12_999_rejected.txt"].groups[0]
    assert rejected.sets[0].control == "0028"
    assert str(rejected.sets[0].faults[0]) == "NM, segment 17: segment is not known"


def test_the_answer_of_an_independent_program_is_understood() -> None:
    good = next(path for path in x12_files("837P") if "commercial" in path.name).read_text("utf-8")
    (group,) = read_999(judge_999(good)).groups
    assert group.syntax is Syntax.ACCEPTED
    charge = good.split("CLM*")[1].split("*")[1]
    (group,) = read_999(judge_999(good.replace(f"*{charge}*", "*ABC*", 1))).groups
    assert group.syntax is Syntax.REJECTED
    assert group.of_set(group.sets[0].control) is Syntax.REJECTED
    faults = [str(fault) for fault in group.sets[0].faults]
    assert any("CLM02 character that is not allowed (ABC)" in fault for fault in faults)


def judge_999(text: str) -> str:
    """What pyx12 answers to a file, made of basic characters first as the judge wants it."""
    answer = judge(text.upper().replace(">", "^").replace("~", "~\n")).acknowledgment
    assert answer
    return answer
