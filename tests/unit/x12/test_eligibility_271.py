"""Answers about coverage: active or not, what the patient pays, what is left, and refusals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fscdesk.models.values import Money
from fscdesk.services.x12.eligibility_271 import read_271
from fscdesk.services.x12.eligibility_facts import (
    Benefit,
    BenefitKind,
    Covered,
    EligibilityAnswer,
    Entity,
    Network,
    PlanDate,
    Reading271,
    Who,
)
from tests.support.shared import x12_files
from tests.support.x12_texts import x12

ABOVE = """
    BHT*0022*11*E-1001*20260402*0831
    HL*1**20*1
    NM1*PR*2*NORTH HEALTH*****PI*NH001
    PER*IC**TE*8005550100
    HL*2*1*21*1
    NM1*1P*2*FICTIONAL SPRINGS COUNSELING*****XX*1234567893
"""
PERSON = """
    HL*3*2*22*0
    TRN*2*E-1001*9123456789
    TRN*1*PAYER-77*9111111111
    NM1*IL*1*RIVERA*ANA*M**JR*MI*MEM100
    REF*6P*G-500*RIVER WORKS
    REF*18*PLAN-9
    N3*1 MAIN ST
    DMG*D8*19800203*F
    INS*Y*18*001*25
    DTP*346*D8*20260101
    DTP*347*D8*20261231
"""
BENEFITS = """
    EB*1*IND*30^MH*PR*GOLD PLAN
    EB*C*IND*30***23*1500*****Y
    EB*C*IND*30***29*250.5*****Y
    EB*C*FAM*30***23*3000*****N
    EB*G*FAM*30***24*10*****W
    EB*B**MH***27*25****N*Y
    EB*A*IND*MH*****.2***Y*N
    EB*F*IND*MH***23***VS*30
    EB*F*IND*MH***29**VS**
    HSD*VS*12
    MSG*TELEHEALTH COUNTS AS A VISIT
    DTP*348*D8*20260101
    III*ZZ*11
    EB*1**35*PR
    EB*6**AL
    EB*I**A6**********HC:90837:95
    EB*R**30
    LS*2120
    NM1*PRP*2*SOUTH HEALTH*****PI*SH2
    PER*IC*CLAIMS*WP*8005550199
    LE*2120
"""


def answer_of(body: str) -> EligibilityAnswer:
    (answer,) = read_271(x12("271", body)).answers
    return answer


def benefits() -> tuple[Benefit, ...]:
    return answer_of(ABOVE + PERSON + BENEFITS).benefits


def codes(reading: Reading271) -> list[str]:
    return [oddity.code for oddity in reading.oddities]


def test_who_asked_whom_about_whom() -> None:
    reading = read_271(x12("271", ABOVE + PERSON + BENEFITS))
    assert codes(reading) == []
    (answer,) = reading.answers
    assert (answer.trace, answer.payer_trace) == ("E-1001", "PAYER-77")
    assert (answer.reference, answer.made_on) == ("E-1001", date(2026, 4, 2))
    assert (answer.payer_name, answer.payer_id) == ("NORTH HEALTH", "NH001")
    assert answer.provider_id == "1234567893"
    assert answer.subscriber == Covered(
        last_name="RIVERA",
        first_name="ANA",
        middle_name="M",
        suffix="JR",
        member_id="MEM100",
        birth_date=date(1980, 2, 3),
        sex="F",
        relation="18",
        changed=True,
    )
    assert answer.dependent is None
    assert answer.group_number == "G-500"
    assert answer.references == (("6P", "G-500"), ("18", "PLAN-9"))
    assert answer.rejections == ()


def test_the_plan() -> None:
    answer = answer_of(ABOVE + PERSON + BENEFITS)
    assert answer.active is True
    assert answer.plan_name == "GOLD PLAN"
    assert answer.coverage_start == date(2026, 1, 1)
    assert answer.coverage_end == date(2026, 12, 31)
    assert [day.what for day in answer.dates] == ["plan begins", "plan ends"]


def test_deductibles() -> None:
    whole, left, family = answer_of(ABOVE + PERSON + BENEFITS).of_kind(BenefitKind.DEDUCTIBLE)
    assert (whole.amount, whole.who, whole.network) == (Money(150000), Who.INDIVIDUAL, Network.IN)
    assert not whole.is_remaining
    assert (left.amount, left.is_remaining, left.is_so_far) == (Money(25050), True, False)
    assert (family.who, family.network) == (Who.FAMILY, Network.OUT)
    assert (
        whole.words == "Deductible 1,500.00 per calendar year, individual, in network, Health plan"
    )
    assert left.words == "Deductible 250.50 remaining, individual, in network, Health plan"


def test_out_of_pocket() -> None:
    (found,) = answer_of(ABOVE + PERSON + BENEFITS).of_kind(BenefitKind.OUT_OF_POCKET)
    assert (found.amount, found.network, found.is_so_far) == (Money(1000), Network.ANY, True)


def test_copay_and_coinsurance() -> None:
    answer = answer_of(ABOVE + PERSON + BENEFITS)
    (copay,) = answer.of_kind(BenefitKind.COPAY)
    (coinsurance,) = answer.of_kind(BenefitKind.COINSURANCE)
    assert (copay.amount, copay.services, copay.authorization) == (Money(2500), ("MH",), False)
    assert (copay.who, copay.level) == (Who.UNKNOWN, "")
    assert copay.words == "Copay 25.00 per visit, in network, Mental health"
    assert (coinsurance.percent, coinsurance.authorization) == (Decimal(20), True)
    assert coinsurance.words == (
        "Coinsurance 20 %, individual, out of network, Mental health, authorization needed"
    )


@pytest.mark.parametrize(("text", "percent"), [(".2", 20), ("0", 0), ("1", 100), ("30", 30)])
def test_a_share_is_a_fraction_or_already_a_percentage(text: str, percent: int) -> None:
    answer = answer_of(ABOVE + PERSON + f"EB*A**MH*****{text}")
    assert answer.benefits[0].percent == percent


def test_visits() -> None:
    limit, left = answer_of(ABOVE + PERSON + BENEFITS).of_kind(BenefitKind.LIMIT)
    assert (limit.quantity, limit.quantity_of, limit.network) == (
        Decimal(30),
        "VS",
        Network.UNKNOWN,
    )
    assert (left.quantity, left.is_remaining) == (Decimal(12), True)
    assert limit.words == "Limit 30 visits per calendar year, individual, Mental health"
    assert left.words == (
        "Limit 12 visits remaining, individual, Mental health, TELEHEALTH COUNTS AS A VISIT"
    )
    assert left.dates == (PlanDate("348", date(2026, 1, 1), date(2026, 1, 1)),)
    assert left.places == ("11",)
    assert limit.messages == ()


def test_what_is_not_covered_and_another_payer() -> None:
    answer = answer_of(ABOVE + PERSON + BENEFITS)
    (excluded,) = answer.of_kind(BenefitKind.NOT_COVERED)
    assert excluded.procedure == "90837 95"
    assert excluded.words == "Not covered, Psychotherapy, 90837 95"
    (other,) = answer.of_kind(BenefitKind.OTHER_PAYER)
    assert other.entities == (Entity("PRP", "SOUTH HEALTH", "SH2", "8005550199"),)


@pytest.mark.parametrize(
    ("lines", "active"),
    [
        ("EB*1**30", True),
        ("EB*6**30", False),
        ("EB*5", True),
        ("EB*8**30", False),
        ("EB*6**35\nEB*1**30", True),
        ("EB*1**35\nEB*6**30", False),
        ("EB*1**MH", True),
        ("EB*6**MH\nEB*1**98", True),
        ("EB*6**30\nEB*1**30", True),
        ("EB*B**98***27*25", None),
        ("", None),
    ],
)
def test_active_is_what_is_said_of_the_whole_plan(lines: str, active: bool | None) -> None:
    assert answer_of(ABOVE + PERSON + lines).active is active


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        ("DTP*291*RD8*20260101-20261231", date(2026, 1, 1), date(2026, 12, 31)),
        ("DTP*307*D8*20260402", date(2026, 4, 2), None),
        ("DTP*356*D8*20250701\nDTP*357*D8*20260630", date(2025, 7, 1), date(2026, 6, 30)),
        ("DTP*291*D8*20260402\nDTP*346*D8*20260101", date(2026, 1, 1), None),
        ("EB*1**30\nDTP*346*D8*20260201", date(2026, 2, 1), None),
        ("EB*B**30\nDTP*346*D8*20260201", None, None),
    ],
)
def test_dates_of_coverage(lines: str, start: date | None, end: date | None) -> None:
    person = "HL*3*2*22*0\nNM1*IL*1*RIVERA*ANA****MI*M1\n"
    answer = answer_of(ABOVE + person + lines)
    assert (answer.coverage_start, answer.coverage_end) == (start, end)


def test_a_dependent() -> None:
    body = (
        ABOVE
        + PERSON.replace("HL*3*2*22*0", "HL*3*2*22*1").replace("TRN*2*E-1001*9123456789", "")
        + """
        HL*4*3*23*0
        TRN*2*E-1002*9123456789
        NM1*03*1*RIVERA*LEO
        DMG*D8*20120506*M
        INS*N*19
        EB*1**30**GOLD PLAN
        HL*5*3*23*0
        TRN*2*E-1003*9123456789
        NM1*03*1*RIVERA*IDA
        AAA*N**67*C
        """
    )
    leo, ida = read_271(x12("271", body)).answers
    assert leo.subscriber is not None
    assert leo.subscriber.member_id == "MEM100"
    assert leo.dependent == Covered(
        last_name="RIVERA",
        first_name="LEO",
        birth_date=date(2012, 5, 6),
        sex="M",
        relation="19",
    )
    assert (leo.trace, leo.active, leo.group_number) == ("E-1002", True, "G-500")
    assert leo.coverage_start == date(2026, 1, 1)
    assert (ida.trace, ida.active, ida.benefits) == ("E-1003", None, ())
    assert [str(one) for one in ida.rejections] == [
        "Patient is not on file: correct it and ask again"
    ]
    assert ida.rejections[0].at == "dependent"


def test_a_subscriber_who_is_told_of_beside_dependents() -> None:
    body = ABOVE + PERSON + "EB*1**30\nHL*4*3*23*0\nNM1*03*1*RIVERA*LEO\nEB*6**30"
    answers = read_271(x12("271", body)).answers
    assert [(one.dependent is None, one.active) for one in answers] == [
        (False, False),
        (True, True),
    ]


def test_several_subscribers_and_sets() -> None:
    second = PERSON.replace("HL*3*2", "HL*4*2").replace("E-1001", "E-2").replace("MEM100", "MEM2")
    answers = read_271(x12("271", ABOVE + PERSON + "EB*1**30\n" + second + "EB*6**30")).answers
    assert [(one.trace, one.active) for one in answers] == [("E-1001", True), ("E-2", False)]


@pytest.mark.parametrize(
    ("body", "told", "at"),
    [
        ("HL*1**20*0\nAAA*Y**42*R", "The payer cannot answer now: ask again", "payer"),
        (ABOVE + "AAA*N**51*C", "Provider is not on file: correct it and ask again", "provider"),
        (
            ABOVE + PERSON + "AAA*N**75*C",
            "Subscriber is not on file: correct it and ask again",
            "subscriber",
        ),
        (ABOVE + PERSON + "AAA*N**99", "Reason 99", "subscriber"),
        (ABOVE + PERSON + "AAA*N", "Reason not given", "subscriber"),
    ],
)
def test_why_there_is_no_answer(body: str, told: str, at: str) -> None:
    answer = answer_of("BHT*0022*11*E-1\n" + body)
    assert [(str(one), one.at) for one in answer.rejections] == [(told, at)]
    assert answer.active is None


def test_a_refusal_above_is_told_to_those_below_it_only() -> None:
    body = (
        "BHT*0022*11*E\nHL*1**20*1\nNM1*PR*2*ONE\nAAA*Y**42*R\nHL*2**20*1\nNM1*PR*2*TWO\n"
        "HL*3*2*21*1\nNM1*1P*2*US\nHL*4*3*22*0\nNM1*IL*1*A\nEB*1**30"
    )
    first, second = read_271(x12("271", body)).answers
    assert ([one.code for one in first.rejections], first.payer_name) == (["42"], "ONE")
    assert (second.rejections, second.payer_name, second.active) == ((), "TWO", True)


def test_what_is_refused_of_the_subscriber_holds_for_the_dependent() -> None:
    body = ABOVE + "HL*3*2*22*1\nNM1*IL*1*A\nAAA*N**72*C\nHL*4*3*23*0\nNM1*03*1*B\nAAA*N**65*C"
    first = read_271(x12("271", body)).answers[0]
    assert first.dependent is not None
    assert [(one.code, one.at) for one in first.rejections] == [
        ("72", "subscriber"),
        ("65", "dependent"),
    ]


def test_a_refusal_of_one_service_leaves_the_rest() -> None:
    answer = answer_of(ABOVE + PERSON + "EB*1**30\nEB*V**MH\nAAA*N**53*N\nEB*B**98***27*10")
    assert [one.code for one in answer.benefits[1].rejections] == ["53"]
    assert answer.rejections == ()
    assert answer.active is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (ABOVE + PERSON + "EB*B**98***27*2S", "amount"),
        (ABOVE + PERSON + "DTP*307*D8*20269901", "day"),
        (ABOVE + "EB*1**30", "no_subscriber"),
        (ABOVE + "HL*3*2*23*0\nEB*1**30", "no_subscriber"),
        (ABOVE + "HL*3*2*77*0", "level"),
    ],
)
def test_what_is_amiss_is_told(body: str, code: str) -> None:
    assert codes(read_271(x12("271", body))) == [code]


def test_other_files_answer_nothing() -> None:
    assert codes(read_271(x12("270", "BHT*0022*13*E"))) == ["other_kind", "nothing_answered"]
    assert codes(read_271("")) == ["not_x12", "nothing_answered"]


def test_every_kept_file_is_read() -> None:
    read = {path.name: read_271(path.read_text("utf-8")) for path in x12_files("271")}
    for name, reading in read.items():
        (answer,) = reading.answers
        assert answer.payer_name == "ABC COMPANY", name
        if "error" in name:
            assert [one.code for one in answer.rejections] == ["50"], name
            assert (answer.active, answer.benefits) == (None, ())
            continue
        assert (answer.active, answer.plan_name) == (True, "GOLD 123 PLAN"), name
        assert (answer.trace, answer.coverage_start) == ("93175-012547", date(2006, 1, 1))
        assert (answer.dependent is not None) == ("dependent" in name)
        copays = answer.of_kind(BenefitKind.COPAY)
        assert [(one.amount, one.network) for one in copays] == [
            (Money(1000), Network.IN),
            (Money(3000), Network.OUT),
        ]
        assert all("MH" in one.services and "98" in one.services for one in copays)
