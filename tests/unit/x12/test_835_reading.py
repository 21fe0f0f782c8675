"""What an 835 says: each part of it, the way a payer sends it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import (
    CasAdjustment,
    Contact,
    Named,
    PaidClaim,
    PaidService,
    Party,
    Remittance,
)
from tests.support.eras import claim, era, plb, plbs, remittance, reversal_of, service


def read(text: str) -> Remittance:
    """The only transaction of a file that has no oddity of its own."""
    reading = read_835(text)
    assert reading.oddities == ()
    (found,) = reading.remittances
    return found


def first_claim(text: str) -> PaidClaim:
    return read(text).claims[0]


def first_service(text: str) -> PaidService:
    return first_claim(text).services[0]


def codes(found: Remittance) -> list[str]:
    return [oddity.code for oddity in found.oddities]


def test_a_plain_file_says_who_paid_what_to_whom() -> None:
    found = read(era(claim("C-1", service("90837", "150", cas="CO45=30 PR3=20"))))
    assert found.balanced
    assert found.oddities == ()
    assert (found.amount, found.method, found.handling) == (10_000, "ACH", "I")
    assert (found.trace, found.origin, found.supplement) == ("EFT2026001", "1999019901", "")
    assert (found.effective_on, found.made_on) == (date(2026, 3, 20), date(2026, 3, 19))
    assert (found.interchange_control, found.group_control, found.set_control) == (
        *("000000905", "77", "0001"),
    )
    assert (found.position, found.version, found.test) == (3, "005010X221A1", False)
    assert found.account_tail == "8765"
    assert found.currency == ""
    assert found.payer == Party(
        role="PR",
        name="IMAGINARY BLUE",
        qualifier="XV",
        id="99901",
        street=("1 MADE-UP PLAZA",),
        city="SAMPLEVILLE",
        state="NJ",
        zip_code="07000",
        contacts=(
            Contact(
                "BL",
                "PROVIDER HELP",
                (("TE", "8005550100"), ("UR", "WWW.BLUE.EXAMPLE")),
            ),
        ),
    )
    assert (found.payee.npi, found.payee.tax_id) == ("1234567893", "221234567")
    assert found.payee.ids == ("1234567893", "221234567")


def test_a_service_says_what_was_paid_and_why_not_all() -> None:
    line = service(
        "90837",
        "150",
        cas="CO45=30 CO253=1.60x1 PR3=20",
        line_id="4711",
        modifiers=("95", "HO"),
        allowed="120",
        remarks=("N130", "MA13"),
        extra=("REF*0K*A1", "AMT*KH*2.5", "LQ*RX*70"),
    )
    found = first_service(era(claim("C-1", line)))
    assert found == PaidService(
        position=16,
        line_id="4711",
        qualifier="HC",
        code="90837",
        modifiers=("95", "HO"),
        composite="HC:90837:95:HO",
        charge=15_000,
        paid=9_840,
        revenue_code="",
        units=Decimal(1),
        billed_qualifier="",
        billed_code="",
        billed_modifiers=(),
        billed_units=None,
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        adjustments=(
            CasAdjustment("CO", "45", 3_000),
            CasAdjustment("CO", "253", 160, "1"),
            CasAdjustment("PR", "3", 2_000),
        ),
        allowed=12_000,
        remarks=("N130", "MA13"),
        references=(("0K", "A1"), ("RX", "70")),
        amounts=(("KH", 250),),
        off=0,
    )


def test_a_claim_says_whose_it_is_and_what_became_of_it() -> None:
    found = first_claim(
        era(
            claim(
                "C-1",
                service("90837", "150", cas="PR1=150"),
                insured=("ANYONE", "ALBERT", "POL1"),
                corrected=("ANYONE", "ALMAH", "XYZ9"),
                rendering="1245319599",
                crossover=("EXAMPLE EAST", "99902"),
                other_payer=("NEXT PLAN", "99903"),
                group_number="GRP7",
                remarks=("MA01", "MA07"),
                interest="1.25",
                received_on="20260305",
                days=("20260302", "20260303"),
                extra=("REF*EA*REC1", "AMT*AU*120", "DTM*036*20260301", "NM1*GB*1*OTHER*OLGA"),
            )
        )
    )
    assert (found.number, found.status, found.charge, found.paid) == ("C-1", "1", 15_000, 0)
    assert (found.patient_share, found.filing, found.payer_number) == (15_000, "12", "ICN0001")
    assert (found.place, found.frequency, found.group_number) == ("11", "1", "GRP7")
    assert found.patient == Named("ANYONE", "ALMA", qualifier="MI", id="XYZ123456789")
    assert found.insured == Named("ANYONE", "ALBERT", qualifier="MI", id="POL1")
    assert found.corrected == Named("ANYONE", "ALMAH", qualifier="C", id="XYZ9")
    assert found.rendering is not None
    assert found.rendering.id == "1245319599"
    assert found.crossover == Named("EXAMPLE EAST", qualifier="PI", id="99902", is_person=False)
    assert found.other_payer is not None
    assert found.other_payer.name == "NEXT PLAN"
    assert found.other_insured is not None
    assert found.other_insured.name == "OLGA OTHER"
    assert found.member_id == "POL1"
    assert found.remarks == ("MA01", "MA07")
    assert (found.interest, found.amounts) == (125, (("AU", 12_000),))
    assert (found.received_on, found.coverage_ended_on) == (date(2026, 3, 5), date(2026, 3, 1))
    assert (found.first_day, found.last_day) == (date(2026, 3, 2), date(2026, 3, 3))
    assert found.references == (("EA", "REC1"),)
    assert (found.reversal, found.forwarded, found.predetermination) == (False, True, False)


def test_the_member_id_is_the_patients_where_no_insured_is_named() -> None:
    assert first_claim(era(claim("C-1", service()))).member_id == "XYZ123456789"


@pytest.mark.parametrize(
    ("more", "forwarded"),
    [
        ({"status": "19"}, True),
        ({"status": "20"}, True),
        ({"status": "21"}, True),
        ({"crossover": ("EXAMPLE EAST", "99902")}, True),
        ({"remarks": ("MA18",)}, True),
        ({"remarks": ("N89",)}, True),
        ({"remarks": ("MA01", "N130")}, False),
        ({"status": "23"}, False),
    ],
)
def test_a_claim_went_on_where_status_name_or_remark_says_so(
    more: dict[str, object], forwarded: object
) -> None:
    assert first_claim(era(claim("C-1", service(), **more))).forwarded is forwarded  # type: ignore[arg-type]


def test_remarks_of_hospitals_stand_among_the_claims() -> None:
    text = era(claim("C-1", service(), extra=("MIA*0****MA02" + "*" * 15 + "N1*N2",)))
    assert first_claim(text).remarks == ("MA02", "N1", "N2")


@pytest.mark.parametrize(
    ("sent", "code", "modifiers"),
    [
        ("HC:90837", "90837", ()),
        ("HC:90837:95:HO", "90837", ("95", "HO")),
        ("HC:9083795", "90837", ("95",)),
        ("HC:9083795HO", "90837", ("95", "HO")),
        ("HC:H0004HOUK", "H0004", ("HO", "UK")),
        ("HC:9083795:HO", "90837", ("95", "HO")),
        ("HC:0591T", "0591T", ()),
        ("N4:12345678901", "12345678901", ()),
        ("ZZ:M151000:F0", "M151000", ("F0",)),
        ("HC:90837::95", "90837", ("95",)),
    ],
)
def test_modifiers_are_taken_from_a_code_that_they_ran_together_with(
    sent: str, code: str, modifiers: tuple[str, ...]
) -> None:
    text = era(claim("C-1", service("90000"))).replace("HC:90000", sent)
    found = first_service(text)
    assert (found.code, found.modifiers, found.composite) == (code, modifiers, sent)


def test_what_was_billed_stands_beside_what_the_payer_judged() -> None:
    line = service("90834", "150", billed=("90837", "95"), billed_units="2", units="1.5")
    found = first_service(era(claim("C-1", line)))
    assert (found.code, found.units) == ("90834", Decimal("1.5"))
    assert (found.billed_qualifier, found.billed_code) == ("HC", "90837")
    assert (found.billed_modifiers, found.billed_units) == (("95",), Decimal(2))


def test_a_service_of_several_days_has_a_first_and_a_last_one() -> None:
    found = first_service(era(claim("C-1", service(last_day="20260304"))))
    assert (found.first_day, found.last_day) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_period_in_one_element_is_two_days() -> None:
    line = service(day="", extra=("DTM*472****RD8*20260302-20260304",))
    found = first_service(era(claim("C-1", line)))
    assert (found.first_day, found.last_day) == (date(2026, 3, 2), date(2026, 3, 4))


def test_six_reasons_of_one_group_and_more_are_all_kept() -> None:
    cas = " ".join(f"OA{number}={number}" for number in range(1, 9))
    found = first_service(era(claim("C-1", service("90837", "150", cas=cas))))
    assert [one.amount for one in found.adjustments] == [100 * n for n in range(1, 9)]
    assert found.off == 0


def test_negative_reasons_keep_their_sign() -> None:
    found = first_service(era(claim("C-1", service("90837", "100", cas="CO45=-20 CO144=-1"))))
    assert found.paid == 12_100
    assert [one.amount for one in found.adjustments] == [-2_000, -100]


def test_a_reversal_is_the_claim_turned_round() -> None:
    paid = claim("C-1", service("90837", "150", cas="CO45=30 PR3=20"), interest="2")
    found = read(era(paid, reversal_of(paid)))
    assert found.balanced
    assert found.amount == 0
    first, back = found.claims
    assert (first.reversal, back.reversal) == (False, True)
    assert (back.charge, back.paid, back.interest) == (-15_000, -10_000, -200)
    assert [one.amount for one in back.services[0].adjustments] == [-3_000, -2_000]


def test_a_predetermination_is_told_from_an_answer() -> None:
    found = first_claim(era(claim("C-1", service(cas="OA101=150"), status="25")))
    assert found.predetermination
    assert not found.reversal


def test_a_status_with_a_nought_before_it_is_the_same() -> None:
    assert first_claim(era(claim("C-1", service(), status="04"))).status == "4"


def test_each_pair_of_a_plb_is_an_adjustment_of_its_own() -> None:
    segment = plbs(
        ("WO", "25", "ICN1"),
        ("FB", "-170.5", "ICN2"),
        ("L6", "-1.1", ""),
        ("72", "3", "R"),
        ("50", "4", "S"),
        ("CS", "5", "T"),
        fiscal_day="20261231",
    )
    found = read(era(claim("C-1", service()), plb=[segment, plb("LE", "7")]))
    assert found.balanced
    assert [(one.reason, one.reference, one.amount) for one in found.provider_adjustments] == [
        ("WO", "ICN1", 2_500),
        ("FB", "ICN2", -17_050),
        ("L6", "", -110),
        ("72", "R", 300),
        ("50", "S", 400),
        ("CS", "T", 500),
        ("LE", "", 700),
    ]
    assert {one.fiscal_day for one in found.provider_adjustments} == {date(2026, 12, 31)}
    assert {one.provider for one in found.provider_adjustments} == {"1234567893"}
    assert "many_pairs" not in codes(found)


def test_a_third_part_of_a_plb_is_its_qualifier() -> None:
    text = era(claim("C-1", service()), plb=[plb("WO", "1", "REF1:X9")])
    (found,) = read(text).provider_adjustments
    assert (found.reason, found.reference, found.qualifier) == ("WO", "REF1", "X9")


def test_a_check_that_the_payer_takes_is_negative() -> None:
    found = read(era(claim("C-1", service("90837", "10")), plb=[plb("WO", "50")]))
    assert found.amount == -4_000
    assert found.balanced


def test_a_negative_check_that_is_also_marked_as_taken_stays_negative() -> None:
    text = era(claim("C-1", service("90837", "10")), plb=[plb("WO", "50")])
    found = read(text.replace("BPR*I*40*D", "BPR*I*-40*D"))
    assert found.amount == -4_000


def test_a_second_line_id_and_a_second_patient_do_not_replace_the_first() -> None:
    line = service(line_id="17", extra=("REF*6R*18",))
    found = first_claim(era(claim("C-1", line, extra=("NM1*QC*1*SECOND*SAM",))))
    assert found.services[0].line_id == "17"
    assert found.services[0].references == (("6R", "18"),)
    assert found.patient is not None
    assert found.patient.last == "ANYONE"


def test_a_payment_of_nothing_is_read_like_any_other() -> None:
    text = era(claim("C-1", service(cas="PR1=150")), method="NON", handling="H", payee="X", npi="")
    found = read(text)
    assert (found.amount, found.method, found.handling) == (0, "NON", "H")
    assert found.account_tail == ""
    assert (found.payee.npi, found.payee.tax_id) == ("", "221234567")
    assert found.balanced


def test_the_provider_of_a_summary_is_kept_with_its_claims() -> None:
    text = era(
        claim("C-1", service(), extra=()),
        claim("C-2", service()),
    ).replace("LX*1~\n", "LX*1~\nTS3*1245319599*11*20261231*1*150~\n")
    first, second = read(text.replace("SE*22", "SE*23")).claims
    assert (first.provider, second.provider) == ("1245319599", "")


def test_other_ids_of_payer_and_references_of_the_head_are_kept() -> None:
    head = (
        "REF*EV*SITE1",
        "DTM*405*20260319",
        "N1*PR*BLUE",
        "REF*2U*PAY77",
        "REF*NF*12345",
        "N1*PE*SPRINGS*FI*221234567",
        "REF*HPI*1234567893",
        "REF*PQ*OLD",
    )
    found = read(era(claim("C-1", service()), head=head, supplement="SUP1"))
    assert found.references == (("EV", "SITE1"),)
    assert found.payer.ids == ("PAY77", "12345")
    assert (found.payee.npi, found.payee.tax_id) == ("1234567893", "221234567")
    assert found.supplement == "SUP1"


def test_another_currency_is_told() -> None:
    found = read(era(claim("C-1", service()), extra=("CUR*PR*CAD",)))
    assert found.currency == "CAD"


def test_each_transaction_has_its_own_control_number() -> None:
    one = remittance(claim("C-1", service()), control="0001")
    two = remittance(claim("C-2", service()), control="0002")
    assert (one.control, two.control) == ("0001", "0002")


def test_positions_count_the_segments_of_the_file() -> None:
    text = era(claim("C-1", service()), claim("C-2", service(), service("90785", "20")))
    segments = text.split("~\n")
    for found in read(text).claims:
        assert segments[found.position - 1].startswith(f"CLP*{found.number}*")
        for one in found.services:
            assert segments[one.position - 1].startswith(f"SVC*HC:{one.code}")
