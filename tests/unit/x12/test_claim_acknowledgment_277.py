"""277CA and 277: each claim with its number, its verdict, and why."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.x12.claim_acknowledgment_277 import read_277ca
from fscdesk.services.x12.claim_statuses import Level, Payment, Reading277
from fscdesk.services.x12.status_words import Verdict
from tests.support.shared import x12_files
from tests.support.x12_texts import x12

DAY = date(2026, 4, 1)
ABOVE = """
    BHT*0085*08*ANSWER1*20260401*0830*TH
    HL*1**20*1
    NM1*AY*2*FICTIONAL CLEARING*****46*CLR1
    TRN*1*C-77
    DTP*050*D8*20260331
    DTP*009*D8*20260401
    HL*2*1*21*1
    NM1*41*2*FICTIONAL SPRINGS COUNSELING*****46*FSC1
    TRN*2*BATCH-0007
    STC*A1:19:PR*20260401*WQ*360
    QTY*90*2
    QTY*AA*1
    AMT*YU*240
    AMT*YY*120
    HL*3*2*19*1
    NM1*85*2*FICTIONAL SPRINGS COUNSELING*****XX*1234567893
"""
CLAIMS = """
    HL*4*3*PT
    NM1*QC*1*RIVERA*ANA*M***MI*MEM100
    TRN*2*C-1042
    STC*A2:20:PR*20260401*WQ*120
    REF*1K*PAYER-9
    REF*D9*CLEAR-5
    DTP*472*RD8*20260316-20260318
    HL*5*3*PT
    NM1*QC*1*STONE*BO****MI*MEM200
    TRN*2*C-1043
    STC*A7:562:82*20260401*U*120******A7:145:82*A6:252*CALL US
    DTP*472*D8*20260317
    SVC*HC:90837:95*120*****1
    STC*A7:453**U*120
    REF*FJ*L-88
    DTP*472*D8*20260317
    HL*6*3*PT
    NM1*QC*1*LAKE*CY****MI*MEM300
    TRN*2*C-1044
    STC*A2:20*20260401*WQ*120
"""


def codes(reading: Reading277) -> list[str]:
    return [oddity.code for oddity in reading.oddities]


def test_the_file_itself() -> None:
    reading = read_277ca(x12("277", ABOVE + CLAIMS))
    assert codes(reading) == []
    (answer,) = reading.answers
    assert (answer.control, answer.reference, answer.made_on) == ("0001", "ANSWER1", DAY)
    assert answer.is_acknowledgment
    assert answer.from_clearinghouse
    assert (answer.source_name, answer.source_id) == ("FICTIONAL CLEARING", "CLR1")
    assert (answer.received_on, answer.processed_on) == (date(2026, 3, 31), DAY)
    assert [level.level for level in answer.levels] == list(Level)
    batch = answer.levels[1]
    assert (batch.reference, batch.identifier) == ("BATCH-0007", "FSC1")
    assert (batch.accepted, batch.rejected, batch.claims) == (2, 1, 3)
    assert (batch.accepted_amount, batch.rejected_amount) == (Money(24000), Money(12000))
    assert batch.verdict is Verdict.PENDING
    assert not any(level.rejected_whole for level in answer.levels)
    assert [claim.claim_number for claim in reading.claims] == ["C-1042", "C-1043", "C-1044"]


def test_an_accepted_claim() -> None:
    claim = read_277ca(x12("277", ABOVE + CLAIMS)).claims[0]
    assert claim.verdict is Verdict.ACCEPTED
    assert (claim.payer_claim_number, claim.clearinghouse_trace) == ("PAYER-9", "CLEAR-5")
    assert (claim.last_name, claim.first_name, claim.middle_name) == ("RIVERA", "ANA", "M")
    assert claim.member_id == "MEM100"
    assert (claim.service_from, claim.service_to) == (date(2026, 3, 16), date(2026, 3, 18))
    assert claim.charge == Money(12000)
    assert (claim.batch_reference, claim.provider_id) == ("BATCH-0007", "1234567893")
    assert claim.reasons == ("Accepted: payer: taken into processing (A2:20:PR)",)
    assert claim.payment == Payment()


def test_a_rejected_claim_has_every_reason() -> None:
    claim = read_277ca(x12("277", ABOVE + CLAIMS)).claims[1]
    assert claim.verdict is Verdict.REJECTED
    assert [(one.category, one.status, one.entity, one.text) for one in claim.statuses] == [
        ("A7", "562", "82", "CALL US"),
        ("A7", "145", "82", "CALL US"),
        ("A6", "252", "", "CALL US"),
    ]
    assert claim.statuses[0].party == "rendering provider"
    assert claim.statuses[0].on == DAY
    assert claim.reasons == (
        "Rejected, information is wrong: rendering provider: NPI (A7:562:82): CALL US",
        (
            "Rejected, information is wrong: rendering provider: specialty (taxonomy code)"
            " (A7:145:82): CALL US"
        ),
        "Rejected, information is missing: authorization number (A6:252): CALL US",
        "Line L-88: Rejected, information is wrong: modifier (A7:453)",
    )
    (line,) = claim.lines
    assert (line.control, line.code, line.modifiers) == ("L-88", "90837", ("95",))
    assert (line.charge, line.service_from) == (Money(12000), date(2026, 3, 17))
    assert line.verdict is Verdict.REJECTED


def test_a_claim_without_what_stood_in_the_one_before() -> None:
    claim = read_277ca(x12("277", ABOVE + CLAIMS)).claims[2]
    assert claim.verdict is Verdict.ACCEPTED
    assert (claim.payer_claim_number, claim.clearinghouse_trace, claim.lines) == ("", "", ())
    assert (claim.service_from, claim.service_to) == (None, None)
    assert (claim.last_name, claim.middle_name) == ("LAKE", "")


def test_a_claim_rejected_only_by_its_line() -> None:
    body = ABOVE + "HL*4*3*PT\nNM1*QC*1*A*B\nTRN*2*C-1\nSVC*HC:90837*120\nSTC*A7:454**U\n"
    (claim,) = read_277ca(x12("277", body + "DTP*472*D8*20260317")).claims
    assert claim.statuses == ()
    assert claim.verdict is Verdict.REJECTED
    assert claim.service_from == claim.service_to == date(2026, 3, 17)


def test_a_batch_rejected_as_a_whole() -> None:
    body = ABOVE.replace("STC*A1:19:PR*20260401*WQ*360", "STC*A8:746:40*20260401*U*360")
    body = body[: body.index("HL*3*")]
    (answer,) = read_277ca(x12("277", body)).answers
    assert answer.claims == ()
    source, batch = answer.levels
    assert batch.rejected_whole
    assert not source.rejected_whole
    assert batch.reference == "BATCH-0007"
    assert str(batch.statuses[0]) == (
        "Rejected, fields contradict each other: receiver: duplicate of a file already sent"
        " (A8:746:40)"
    )


def test_all_claims_of_a_provider_rejected() -> None:
    body = ABOVE + "TRN*1*0\nSTC*A3:24:85*20260401*U*120\nQTY*QC*4\nAMT*YY*480\n"
    second = "HL*4*2*19*1\nNM1*85*1*OAK*ELI****XX*1000000004\n"
    text = x12("277", body + second + CLAIMS.replace("HL*4*3", "HL*5*4", 1))
    (answer,) = read_277ca(text).answers
    refused, other = answer.levels[2:]
    assert refused.rejected_whole
    assert (refused.rejected, refused.rejected_amount, refused.claims) == (4, Money(48000), 0)
    assert (other.name, other.claims, other.rejected_whole) == ("ELI OAK", 3, False)
    assert {claim.provider_id for claim in answer.claims} == {"1000000004"}


def test_a_rejected_level_with_claims_below_leaves_the_word_to_them() -> None:
    body = ABOVE.replace("STC*A1:19:PR*", "STC*A3:21*")
    (answer,) = read_277ca(x12("277", body + CLAIMS)).answers
    assert answer.levels[1].verdict is Verdict.REJECTED
    assert not answer.levels[1].rejected_whole


def test_one_rejection_among_several_statuses_rejects() -> None:
    text = x12(
        "277", ABOVE + CLAIMS.replace("STC*A2:20:PR*20260401*WQ*120", "STC*A2:20\nSTC*A7:21")
    )
    claim = read_277ca(text).claims[0]
    assert len(claim.statuses) == 2
    assert claim.verdict is Verdict.REJECTED


def test_another_batch_does_not_keep_the_provider_of_the_one_before() -> None:
    body = ABOVE + CLAIMS + "HL*7*1*21*1\nNM1*41*2*FICTIONAL*****46*FSC1\nTRN*2*BATCH-0008\n"
    body += "HL*8*7*PT\nNM1*QC*1*OAK*DI\nTRN*2*C-2000\nSTC*A2:20"
    reading = read_277ca(x12("277", body))
    last = reading.claims[-1]
    assert (last.batch_reference, last.provider_id) == ("BATCH-0008", "")
    assert [level.claims for level in reading.answers[0].levels] == [4, 3, 3, 1]


def test_several_claims_of_one_patient() -> None:
    body = ABOVE + "HL*4*3*PT\nNM1*QC*1*RIVERA*ANA****MI*M1\n"
    body += "TRN*2*C-1\nSTC*A2:20**WQ*10\nTRN*2*C-2\nSTC*A3:21**U*20"
    reading = read_277ca(x12("277", body))
    assert codes(reading) == []
    assert [(one.claim_number, one.verdict, one.last_name) for one in reading.claims] == [
        ("C-1", Verdict.ACCEPTED, "RIVERA"),
        ("C-2", Verdict.REJECTED, "RIVERA"),
    ]


def test_the_answer_to_a_status_question() -> None:
    body = """
        BHT*0010*08*Q1*20260401*0830*DG
        HL*1**20*1
        NM1*PR*2*NORTH HEALTH*****PI*NH1
        HL*2*1*21*1
        NM1*41*2*FICTIONAL*****46*FSC1
        HL*3*2*19*1
        NM1*1P*2*FICTIONAL*****XX*1234567893
        HL*4*3*22*1
        NM1*IL*1*RIVERA*ANA****MI*MEM100
        HL*5*4*23
        NM1*QC*1*RIVERA*LEO
        TRN*2*QUESTION-5
        STC*F1:65*20260330**120*84.5*20260328**20260330*CHK-9
        REF*1K*PAYER-9
        REF*EJ*C-1042
        DTP*472*D8*20260316
        SVC*HC:90837*120*84.5
        STC*F1:65
        REF*FJ*L-1
        HL*6*3*22
        NM1*IL*1*STONE*BO****MI*MEM200
        TRN*2*QUESTION-6
        STC*P2:46*20260330**80
    """
    reading = read_277ca(x12("277", body, version="005010X212"))
    assert codes(reading) == []
    assert not reading.answers[0].is_acknowledgment
    assert not reading.answers[0].from_clearinghouse
    paid, waiting = reading.claims
    assert (paid.claim_number, paid.reference) == ("C-1042", "QUESTION-5")
    assert (paid.verdict, paid.first_name, paid.member_id) == (Verdict.FINAL, "LEO", "MEM100")
    assert paid.payment == Payment(Money(8450), date(2026, 3, 28), date(2026, 3, 30), "CHK-9")
    assert paid.charge == Money(12000)
    assert [line.control for line in paid.lines] == ["L-1"]
    assert (waiting.claim_number, waiting.verdict) == ("QUESTION-6", Verdict.PENDING)
    assert (waiting.last_name, waiting.member_id) == ("STONE", "MEM200")


def test_an_acknowledgment_does_not_take_another_reference_for_its_number() -> None:
    text = x12("277", ABOVE + CLAIMS.replace("REF*D9*CLEAR-5", "REF*EJ*OTHER"))
    assert read_277ca(text).claims[0].claim_number == "C-1042"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (ABOVE + "HL*4*3*PT\nNM1*QC*1*A*B\nSTC*A2:20", "no_trace"),
        (ABOVE + "HL*4*3*PT\nNM1*QC*1*A*B\nTRN*2*C-1", "no_status"),
        (ABOVE + "HL*4*3*PT\nNM1*QC*1*A*B\nTRN*2\nSTC*A2:20", "no_claim_number"),
        (ABOVE + CLAIMS.replace("*WQ*120", "*WQ*12O", 1), "amount"),
        (ABOVE + CLAIMS.replace("20260317", "20260399", 1), "day"),
        (ABOVE + CLAIMS.replace("*WQ*", "*U*", 1), "action_differs"),
        (ABOVE + "HL*4*3*99", "level"),
    ],
)
def test_what_is_amiss_is_told(body: str, code: str) -> None:
    assert code in codes(read_277ca(x12("277", body)))


def test_levels_are_known_by_their_names_where_hl_is_lost() -> None:
    body = "\n".join(line for line in (ABOVE + CLAIMS).splitlines() if "HL*" not in line)
    reading = read_277ca(x12("277", body))
    assert [claim.claim_number for claim in reading.claims] == ["C-1042", "C-1043", "C-1044"]
    assert reading.claims[0].batch_reference == "BATCH-0007"


def test_other_files_say_nothing_of_claims() -> None:
    assert codes(read_277ca(x12("999", "AK1*HC*1\nAK9*A"))) == [
        "other_kind",
        "nothing_acknowledged",
    ]
    assert codes(read_277ca("")) == ["not_x12", "nothing_acknowledged"]


def test_every_kept_file_is_read() -> None:
    read = {path.name: read_277ca(path.read_text("utf-8")) for path in x12_files("277CA")}
    found = {
        name: [(one.claim_number, str(one.verdict)) for one in reading.claims]
        for name, reading in read.items()
    }
    assert found == {
        "imsweb__x12_277CA_accepted.txt": [("5781", "accepted")],
        "imsweb__x12_277CA_rejected.txt": [("3920394930203", "rejected")],
        "x12types__277_00.edi": [
            ("PATIENT22222", "accepted"),
            ("PATIENT33333", "rejected"),
            ("JONES44444", "rejected"),
            ("JOHNSON55555", "accepted"),
            ("MILLS66666", "accepted"),
        ],
    }
    for reading in read.values():
        batch = reading.answers[0].levels[1]
        told = [claim for claim in reading.claims if claim.verdict is Verdict.ACCEPTED]
        if batch.rejected is not None:
            assert batch.accepted == len(told)
            assert batch.accepted_amount == Money(
                sum((one.charge or Money()).cents for one in told)
            )
