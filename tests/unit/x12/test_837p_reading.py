"""Reads other people's 837P, and damaged ones, as far as they go; never an exception."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.x12.professional import Adjustment, Name, Reading837P
from fscdesk.services.x12.reading_837p import read_837p
from fscdesk.services.x12.writing_837p import write_837p
from tests.support.professional_claims import CHILD, a_claim, a_file, a_secondary_claim
from tests.support.shared import x12_files

TOTALS = {
    "coordination-of-benefits": [("26407789", 79_04, 3)],
    "demo": [("26463774", 100_00, 4)],
    "COB-claim-from-billing-provider-to-payer-a": [("26407789", 79_04, 3)],
    "COB-claim-from-billing-provider-to-payer-b": [("26407789", 79_04, 3)],
    "COB-claim-from-payer-a-to-payer-b-in-payer-to-payer": [("26407789", 79_04, 3)],
    "ambulance": [("051068", 766_50, 4)],
    "anesthesia": [("153829140", 827_00, 1)],
    "chiropractic": [("125WILL", 145_50, 1)],
    "commercial-health-insurance": [("26463774", 100_00, 4)],
    "drug-administered-in-the-physician-office": [("CLMNO12345", 103_37, 2)],
    "encounter": [("26462967", 100_00, 4)],
    "home-infusion-therapy-pharmacy-adjudicated-with-HCPCS-in-loop-2400-or-NDC-in-loop-2410": [
        ("CLMNO12345", 2232_93, 6)
    ],
    "home-infusion-therapy-pharmacy-adjudicated-with-NDC-in-loop-2410": [
        ("CLMNO12345", 2232_93, 6)
    ],
    "medicare-secondary-payer-COB": [("101KEN6055", 120_00, 1)],
    "out-of-network-repriced-claim": [("TS234H3", 252_71, 1)],
    "oxygen": [("R03996273 #01", 520_24, 2)],
    "ppo-repriced-claim": [("ABC123-RI", 28_75, 2)],
    "wheelchair": [("SMI123", 75_00, 1)],
    "sample": [
        *(("1029353-03", 553_96, 4), ("1029353-03", 174_00, 1), ("1-1180", 174_00, 1)),
        *(("1-1181", 174_00, 1), ("1-1182", 174_00, 1), ("1-1183", 174_00, 1)),
        *(("1029353-03", 174_00, 1), ("1029353-03", 174_00, 1)),
    ],
}


def samples() -> dict[str, str]:
    """The shared files by the part of their name that says what they are."""
    return {
        path.stem.partition("__")[2].removeprefix("X222-"): path.read_text("utf-8")
        for path in x12_files("837P")
    }


def codes(reading: Reading837P) -> list[str]:
    return [oddity.code for oddity in reading.oddities]


def test_every_sample_is_read_to_claims_whose_lines_add_up() -> None:
    found = samples()
    assert set(found) == set(TOTALS)
    for name, text in found.items():
        reading = read_837p(text)
        claims = [(one.control, one.charge.cents, len(one.lines)) for one in reading.claims]
        assert claims == TOTALS[name], name
        assert all(one.charge == one.line_total for one in reading.claims), name
        assert set(codes(reading)) <= {"old_diagnosis", "not_kept", "version", "not_charges"}
        assert all(one.member_id for one in (claim.subscriber for claim in reading.claims))


def test_what_another_payer_did_is_read_from_a_sample() -> None:
    (claim,) = read_837p(samples()["medicare-secondary-payer-COB"]).claims
    (other,) = claim.other_payers
    assert (other.payer_id, other.paid, other.not_covered) == ("59999", Money(80_00), Money(15_00))
    assert (claim.subscriber.insurance_type, other.group_name) == ("12", "COMMERCE")
    (answer,) = claim.lines[0].adjudications
    assert answer.adjustments == (
        Adjustment("CO", "42", Money(25_00)),
        Adjustment("PR", "2", Money(15_00)),
    )
    assert (answer.modifiers, answer.adjudicated_on) == (("25",), date(2005, 1, 28))
    assert claim.referring is not None
    assert claim.referring.name == Name("BRYHT", "LEE", "T")


def test_a_dependent_of_a_sample_keeps_the_subscriber_above() -> None:
    (claim,) = read_837p(samples()["commercial-health-insurance"]).claims
    assert claim.patient is not None
    assert (claim.patient.name.first, claim.subscriber.name.first) == ("TED", "JANE")
    assert [line.pointers for line in claim.lines] == [(1,), (1,), (2,), (2,)]
    assert [line.units for line in claim.lines] == [Decimal(1)] * 4


@pytest.mark.parametrize("marks", ["|<!\n", "\x1d\x1f\x1e\x1c", "+>!'"])
def test_other_delimiters_and_line_ends_change_nothing(marks: str) -> None:
    file = a_file(a_secondary_claim(), a_claim(control="K", patient=CHILD))
    text = write_837p(file).replace("\n", "")
    swapped = text.translate(str.maketrans("*:^~", marks))
    wrapped = "\r\n".join(text[at : at + 80] for at in range(0, len(text), 80))
    for other in (swapped, wrapped, f"\ufeff{text}", text.replace("~", "~\r\n  ")):
        assert read_837p(other).files == (file,)


def test_several_files_in_one_text_are_all_read() -> None:
    first, second = a_file(), a_file(a_claim(control="SECOND"))
    reading = read_837p(write_837p(first) + write_837p(second))
    assert reading.files == (first, second)
    assert [one.control for one in reading.claims] == ["FS-1001", "SECOND"]


def test_two_billing_providers_in_one_set_are_two_sets() -> None:
    text = write_837p(a_file())
    level = text[text.index("HL*1*") : text.index("SE*25")]
    again = level.replace("HL*1**", "HL*3**").replace("HL*2*1*", "HL*4*3*")
    reading = read_837p(text.replace("SE*25", again.replace("371234567", "371234568") + "SE*44"))
    assert [one.billing.tax_id for one in reading.files[0].sets] == ["371234567", "371234568"]
    assert reading.oddities == ()


def test_a_dependent_finds_its_subscriber_by_number_and_not_by_nearness() -> None:
    other = replace(a_claim().subscriber, member_id="OTHER")
    text = write_837p(
        a_file(
            a_claim(control="A", patient=CHILD),
            a_claim(control="B", subscriber=other, patient=CHILD),
        )
    )
    moved = text.replace("HL*5*4*23", "HL*5*2*23")
    assert [one.subscriber.member_id for one in read_837p(moved).claims] == ["AET0012345"] * 2


@pytest.mark.parametrize(
    ("good", "bad", "odd"),
    [
        ("CLM*FS-1002*160*", "CLM*FS-1002*1O0*", "bad_amount"),
        ("CLM*FS-1002*160*", "CLM*FS-1002*161*", "claim_total"),
        ("DTP*472*D8*20260302", "DTP*472*D8*20261302", "bad_date"),
        ("DMG*D8*19870605", "DMG*D8*19870631", "bad_date"),
        ("*UN*1*", "*UN*ONE*", "bad_number"),
        ("HI*ABK", "HI*BK", "old_diagnosis"),
        ("HI*ABK:F411", "HI*ABK:F411*ZZ:F332", "not_kept"),
        ("SV1*HC", "SV1*WK", "code_kind"),
        ("SV1*HC:90837*160", "SV1*HC:90837:::::WORDS*160", "not_kept"),
        ("SV1*", "SV2*", "no_service"),
        ("REF*6R*L1", "REF*6R*L1~\nREF*X4*1", "not_kept"),
        ("*22*0~", "*29*0~", "level"),
        ("ISA*00", "ISB*00", "no_isa"),
        ("*000000042*0", "*00000004A*0", "no_control"),
        ("005010X222A1", "005010X222A2", "version"),
        ("*CH~", "*RP~", "not_charges"),
        ("SE*36", "SE*37", "se_count"),
        ("HL*2", "XX*2", "not_kept"),
        ("*FX*2175550101", "*EM*SOMEONE", "not_kept"),
    ],
)
def test_what_is_not_as_it_should_be_is_said(good: str, bad: str, odd: str) -> None:
    text = write_837p(a_file(a_secondary_claim()))
    assert good in text
    reading = read_837p(text.replace(good, bad))
    assert odd in codes(reading), reading.oddities
    assert len(reading.claims) == 1


def test_a_claim_outside_the_levels_is_read_and_said() -> None:
    text = write_837p(a_file())
    bare = text[: text.index("HL*1*")] + text[text.index("CLM*") :]
    reading = read_837p(bare)
    assert [one.control for one in reading.claims] == ["FS-1001"]
    assert "no_level" in codes(reading)


def test_messages_hold_no_data_of_persons() -> None:
    text = write_837p(a_file()).replace("N3*14 ORCHARD", "N3*A~\nN3*14 ORCHARD")
    reading = read_837p(text.replace("PRV*BI", "PAT*SECRET~\nPRV*BI"))
    left = [one.message for one in reading.oddities if one.code == "not_kept"]
    assert left == ["PAT is not kept.", "N3 is not kept."]


@pytest.mark.parametrize("text", ["", "hello", "ISA", "ISA*", "~~~", "CLM*1*2~", "\x00"])
def test_what_is_no_837_gives_no_claims_and_says_so(text: str) -> None:
    reading = read_837p(text)
    assert reading.oddities
    assert all(one.charge in {ZERO, Money(2_00)} for one in reading.claims)


def test_another_kind_of_transaction_is_left_alone() -> None:
    reading = read_837p(write_837p(a_file()).replace("ST*837", "ST*835"))
    assert (reading.files, codes(reading)) == ((), ["not_837", "no_837"])


def test_a_file_cut_anywhere_is_read_without_an_exception() -> None:
    text = write_837p(a_file(a_secondary_claim(), a_claim(control="K", patient=CHILD)))
    for end in range(0, len(text) - 2, 5):
        assert read_837p(text[:end]).oddities, end


def test_any_damage_is_read_without_an_exception() -> None:
    chance = random.Random(837)
    texts = [*samples().values(), write_837p(a_file(a_secondary_claim()))]
    for _ in range(400):
        letters = list(chance.choice(texts))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(letters))
            match chance.randrange(4):
                case 0:
                    letters[at] = chance.choice("*:~^0AZ \n>é")
                case 1:
                    del letters[at : at + chance.randint(1, 40)]
                case 2:
                    letters[at:at] = letters[chance.randrange(len(letters)) :][:30]
                case _:
                    letters[at:at] = chance.choice(
                        ["~HL*1**20*1~", "~SBR~", "~LX~", "~NM1~", "~SVD~"]
                    )
        reading = read_837p("".join(letters))
        assert isinstance(reading.claims, tuple)
