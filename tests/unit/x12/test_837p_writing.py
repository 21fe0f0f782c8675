"""What an 837P of ours looks like: envelopes, levels, and each element in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from fscdesk.models.values import Money
from fscdesk.services.x12.professional import (
    Adjustment,
    Attachment,
    Contact,
    Name,
    OtherPayer,
    ProfessionalFile,
    ProfessionalSet,
    Provider,
)
from fscdesk.services.x12.reading_837p import read_837p
from fscdesk.services.x12.writing_837p import write_837p
from tests.support.professional_claims import (
    BILLING,
    CHILD,
    CONTROLS,
    HOME,
    OFFICE,
    PAYER,
    SUBSCRIBER,
    a_claim,
    a_file,
    a_line,
    a_secondary_claim,
)
from tests.support.pyx12_judge import assert_accepted, judge

ISA = (
    "ISA*00*          *00*          *ZZ*FSC1234        *ZZ*CLEARING       *260305*0930*^*00501"
    "*000000042*0*T*:~\n"
)
PLAIN = f"""\
{ISA}\
GS*HC*FSC1234*CLEARING*20260305*0930*7*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*BATCH-42*20260305*0930*CH~
NM1*41*2*WILLOW COUNSELING GROUP*****46*FSC1234~
PER*IC*DANA CLERK*TE*2175550100*EX*12*FX*2175550101~
NM1*40*2*CLEARING HOUSE*****46*CLEARING~
HL*1**20*1~
PRV*BI*PXC*101YM0800X~
NM1*85*2*WILLOW COUNSELING GROUP*****XX*1234567893~
N3*200 MAIN STREET*SUITE 5~
N4*SPRINGFIELD*IL*627010001~
REF*EI*371234567~
HL*2*1*22*0~
SBR*P*18*GRP77******CI~
NM1*IL*1*RIVERA*ALMA*J***MI*AET0012345~
N3*14 ORCHARD LANE~
N4*SPRINGFIELD*IL*62704~
DMG*D8*19870605*F~
NM1*PR*2*AETHERIA HEALTH*****PI*60054~
CLM*FS-1001*160***11:B:1*Y*A*Y*Y~
HI*ABK:F411~
LX*1~
SV1*HC:90837*160*UN*1***1~
DTP*472*D8*20260302~
REF*6R*L1~
SE*25*0001~
GE*1*7~
IEA*1*000000042~
"""


def segments(file: ProfessionalFile, *names: str) -> list[str]:
    """The segments of these names, after pyx12 has taken the file."""
    text = write_837p(file)
    assert_accepted(text)
    return [one[:-1] for one in text.splitlines() if one.split("*")[0].rstrip("~") in names]


def test_a_plain_claim_is_written_segment_by_segment() -> None:
    assert write_837p(a_file()) == PLAIN
    assert_accepted(PLAIN)


def test_the_judge_notices_what_is_wrong() -> None:
    for good, bad in [
        ("REF*EI*371234567~\n", ""),
        ("*11:B:1*", "*ZQ:B:1*"),
        ("20260302", "20261302"),
        ("RIVERA", "rívera"),
        ("NM1*PR", "NM1*XX"),
        ("SE*25", "SE*26"),
    ]:
        assert good in PLAIN
        assert not judge(PLAIN.replace(good, bad)).accepted, bad


def test_a_live_file_says_p_and_asks_for_a_receipt_where_wanted() -> None:
    controls = replace(CONTROLS, test=False, acknowledgment_wanted=True, group_receiver="PAYERS")
    (isa, gs) = segments(a_file(controls=controls), "ISA", "GS")
    assert isa.endswith("*000000042*1*P*:")
    assert gs == "GS*HC*FSC1234*PAYERS*20260305*0930*7*X*005010X222A1"


def test_neighbours_share_levels_and_levels_are_counted() -> None:
    other = replace(SUBSCRIBER, member_id="AET9")
    sister = replace(CHILD, name=Name("RIVERA", "LUZ"), sex="F")
    claims = [
        a_claim(control="A"),
        a_claim(control="B"),
        a_claim(control="C", patient=CHILD),
        a_claim(control="D", patient=CHILD),
        a_claim(control="E", patient=sister),
        a_claim(control="F", subscriber=other),
        a_claim(control="G", payer=replace(PAYER, identifier="60055"), subscriber=other),
        a_claim(control="H"),
    ]
    file = a_file(*claims)
    assert [one[:5] for one in segments(file, "HL", "CLM")] == [
        *("HL*1*", "HL*2*", "CLM*A", "CLM*B"),
        *("HL*3*", "HL*4*", "CLM*C", "CLM*D", "HL*5*", "CLM*E"),
        *("HL*6*", "CLM*F", "HL*7*", "CLM*G", "HL*8*", "CLM*H"),
    ]
    assert segments(file, "HL") == [
        *("HL*1**20*1", "HL*2*1*22*0", "HL*3*1*22*1", "HL*4*3*23*0", "HL*5*3*23*0"),
        *("HL*6*1*22*0", "HL*7*1*22*0", "HL*8*1*22*0"),
    ]
    assert read_837p(write_837p(file)).files == (file,)


def test_a_dependents_subscriber_is_not_called_self_and_needs_no_address() -> None:
    subscriber = replace(SUBSCRIBER, address=None, born_on=None, sex="")
    file = a_file(a_claim(subscriber=subscriber, patient=CHILD))
    assert segments(file, "SBR", "PAT", "DMG") == [
        *("SBR*P**GRP77******CI", "PAT*19", "DMG*D8*20140203*M"),
    ]


def test_the_hundred_and_first_claim_of_a_person_opens_a_level() -> None:
    for patient, levels in ((None, 3), (CHILD, 4)):
        file = a_file(*(a_claim(control=f"C{at}", patient=patient) for at in range(101)))
        assert len(segments(file, "HL")) == levels
        assert read_837p(write_837p(file)).files == (file,)


def test_each_set_has_one_billing_provider_and_is_counted_by_itself() -> None:
    solo = replace(BILLING, name=Name("CLERK", "DANA"), tax_id_is_ssn=True, npi="1987654325")
    sets = (
        ProfessionalSet("0001", "B1", BILLING, (a_claim(),)),
        ProfessionalSet("0002", "B2", solo, (a_claim(control="X"), a_claim(control="Y"))),
    )
    file = a_file(sets=sets)
    assert segments(file, "HL", "SE", "GE") == [
        *("HL*1**20*1", "HL*2*1*22*0", "SE*25*0001"),
        *("HL*1**20*1", "HL*2*1*22*0", "SE*31*0002", "GE*2*7"),
    ]
    assert "REF*SY*371234567" in segments(file, "REF")


def test_billing_provider_with_contact_and_another_place_for_the_money() -> None:
    box = replace(HOME, street="PO BOX 7")
    billing = replace(BILLING, contact=Contact("", "(217) 555-0100"), pay_to=box, taxonomy="")
    file = a_file(sets=(ProfessionalSet("0001", "B1", billing, (a_claim(),)),))
    found = segments(file, "PER", "NM1", "N3", "PRV")
    assert found[5:8] == ["PER*IC**TE*2175550100", "NM1*87*2", "N3*PO BOX 7"]
    assert not any(one.startswith("PRV") for one in found)


def test_texts_become_basic_characters_and_nothing_can_break_the_file() -> None:
    claim = a_claim(
        control="fs*1:2~3",
        subscriber=replace(SUBSCRIBER, name=Name("Núñez~Løw", "josé^", "de:la")),
        note="Ask for <Dana>  *today*",
    )
    found = segments(a_file(claim), "NM1", "CLM", "NTE")
    assert found[3] == "NM1*IL*1*NUNEZ LOW*JOSE*DE LA***MI*AET0012345"
    assert found[5:7] == ["CLM*FS 1 2 3*160***11:B:1*Y*A*Y*Y", "NTE*ADD*ASK FOR DANA TODAY"]


def test_punctuation_that_says_nothing_is_dropped() -> None:
    claim = a_claim(
        subscriber=replace(SUBSCRIBER, address=replace(HOME, zip_code="62704-1234")),
        diagnoses=("f41.1", "F33.2"),
    )
    billing = replace(BILLING, tax_id="37-1234567")
    file = a_file(sets=(ProfessionalSet("0001", "B1", billing, (claim,)),))
    assert segments(file, "HI") == ["HI*ABK:F411*ABF:F332"]
    assert segments(file, "N4")[1] == "N4*SPRINGFIELD*IL*627041234"
    assert segments(file, "REF")[0] == "REF*EI*371234567"


def test_a_corrected_claim_names_the_payers_own_number() -> None:
    claim = a_claim(frequency="7", original_reference="2026075A", authorization="AU-9")
    found = segments(a_file(claim), "CLM", "REF")
    assert found[1:4] == ["CLM*FS-1001*160***11:B:7*Y*A*Y*Y", "REF*G1*AU-9", "REF*F8*2026075A"]


def test_what_a_claim_may_say_besides() -> None:
    claim = a_claim(
        signature_source="P",
        related_causes=("AA", "EM"),
        accident_state="TX",
        accident_on=date(2026, 1, 2),
        onset_on=date(2026, 1, 3),
        patient_paid=Money(20_50),
        attachments=(Attachment("OZ", "AA"), Attachment("M1", "FX", "A-1")),
        note="SEE LETTER",
    )
    assert segments(a_file(claim), "CLM", "DTP", "PWK", "AMT", "NTE") == [
        *("CLM*FS-1001*160***11:B:1*Y*A*Y*Y*P*AA:EM::TX", "DTP*431*D8*20260103"),
        *("DTP*439*D8*20260102", "PWK*OZ*AA", "PWK*M1*FX***AC*A-1", "AMT*F5*20.5"),
        *("NTE*ADD*SEE LETTER", "DTP*472*D8*20260302"),
    ]
    one_cause = replace(claim, related_causes=("OA",))
    assert segments(a_file(one_cause), "CLM")[0].endswith("*P*OA:::TX")


def test_providers_stand_in_their_loops() -> None:
    claim = a_claim(
        referring=Provider(Name("DOE", "JO"), "1234567893"),
        rendering=Provider(Name("STONE", "AVA"), "1987654325", taxonomy="101YM0800X"),
        facility=Provider(Name.of_organization("NORTH ROOM"), address=OFFICE),
        supervising=Provider(Name("HILL", "MAX"), "1234567893"),
    )
    assert segments(a_file(claim), "NM1", "PRV", "N3")[8:] == [
        *("NM1*DN*1*DOE*JO****XX*1234567893", "NM1*82*1*STONE*AVA****XX*1987654325"),
        *("PRV*PE*PXC*101YM0800X", "NM1*77*2*NORTH ROOM", "N3*200 MAIN STREET*SUITE 5"),
        "NM1*DQ*1*HILL*MAX****XX*1234567893",
    ]


def test_a_line_says_only_what_differs() -> None:
    line = a_line(
        modifiers=("95", "HO"),
        units=Decimal("1.50"),
        place="11",
        pointers=(2, 1),
        service_to=date(2026, 3, 2),
        note="LONG",
        attachments=(Attachment("OZ", "AA"),),
    )
    far = a_line(2, place="02", service_to=date(2026, 3, 5), charge=Money(95))
    file = a_file(a_claim(lines=(line, far), diagnoses=("F411", "F332")))
    assert segments(file, "SV1", "DTP", "PWK", "NTE") == [
        *("SV1*HC:90837:95:HO*160*UN*1.5***2:1", "PWK*OZ*AA", "DTP*472*D8*20260302"),
        *("NTE*ADD*LONG", "SV1*HC:90837*0.95*UN*1*02**1", "DTP*472*RD8*20260303-20260305"),
    ]


def test_a_secondary_claim_carries_what_the_first_payer_said() -> None:
    found = segments(a_file(a_secondary_claim()), "SBR", "AMT", "OI", "SVD", "CAS", "DTP")
    assert found == [
        *("SBR*S*18*******CI", "SBR*P*18*******BL", "AMT*D*96", "AMT*EAF*24", "OI***Y***Y"),
        *("DTP*472*D8*20260302", "SVD*00621*96*HC:90837**1", "CAS*CO*45*40", "CAS*PR*2*24"),
        "DTP*573*D8*20260320",
    ]


def test_adjustments_are_gathered_by_group_six_in_a_segment() -> None:
    reasons = [Adjustment("CO", str(code), Money(code)) for code in range(1, 8)]
    mixed = (*reasons[:3], Adjustment("PR", "2", Money(-50), Decimal(2)), *reasons[3:])
    claim = a_secondary_claim()
    other = replace(claim.other_payers[0], adjustments=mixed, remark_codes=("MA01", "N130"))
    file = a_file(replace(claim, other_payers=(other,)))
    assert segments(file, "CAS", "MOA")[:4] == [
        "CAS*CO*1*0.01**2*0.02**3*0.03**4*0.04**5*0.05**6*0.06",
        *("CAS*CO*7*0.07", "CAS*PR*2*-0.5*2", "MOA***MA01*N130"),
    ]
    (back,) = read_837p(write_837p(file)).claims
    assert set(back.other_payers[0].adjustments) == set(mixed)
    assert [one.group for one in back.other_payers[0].adjustments] == ["CO"] * 7 + ["PR"]


def test_medicare_as_a_later_payer_says_why() -> None:
    subscriber = replace(SUBSCRIBER, responsibility="S", insurance_type="12", filing_indicator="MB")
    claim = replace(a_secondary_claim(), subscriber=subscriber)
    assert segments(a_file(claim), "SBR")[0] == "SBR*S*18*GRP77**12****MB"


def test_payer_address_and_its_number_for_us_are_optional() -> None:
    payer = replace(PAYER, address=OFFICE, provider_number="W-77")
    found = segments(a_file(a_claim(payer=payer)), "N3", "REF")
    assert found[-3:] == ["N3*200 MAIN STREET*SUITE 5", "REF*G2*W-77", "REF*6R*L1"]


def test_fifty_lines_and_three_payers() -> None:
    claim = a_secondary_claim()
    second = replace(claim.other_payers[0], responsibility="S", payer_id="00622", adjustments=())
    assert isinstance(second, OtherPayer)
    lines = tuple(
        replace(claim.lines[0], control=f"L{at}", place="10" if at % 2 else "") for at in range(50)
    )
    file = a_file(
        replace(
            claim,
            charge=Money(160_00 * 50),
            lines=lines,
            subscriber=replace(claim.subscriber, responsibility="T"),
            other_payers=(claim.other_payers[0], second),
        )
    )
    assert len(segments(file, "LX")) == 50
    assert read_837p(write_837p(file)).files == (file,)
