"""What this room takes over of a transaction of an 835."""

from __future__ import annotations

from datetime import date

from fscdesk.services.remittances.answered import Cas, Plb
from fscdesk.services.remittances.from_835 import answered_of
from fscdesk.services.x12.reading_835 import read_835
from tests.support.eras import claim, era, plb, plbs, reversal_of, service
from tests.support.eras_answered import answered
from tests.support.shared import x12_files


def test_a_whole_remittance() -> None:
    line = service(
        "90837",
        "175",
        cas="CO45=30 PR3=20",
        line_id="17",
        modifiers=("95", "HO"),
        allowed="145",
        remarks=("N1", "N2"),
        units="1.00",
    )
    text = era(
        claim(
            "CLM202600001",
            line,
            payer_number="ICN-7",
            frequency="7",
            remarks=("MA18",),
            crossover=("NEXT HEALTH", "77"),
            corrected=("NEWNAME", "ALMA", "NEW123"),
            interest="1.25",
            received_on="20260310",
        ),
        plb=[plb("WO", "25", "ICN0"), plbs(("L6", "-1.25", ""), ("72", "3", "R-1"))],
    )
    (found,) = answered(text)
    assert (found.amount, found.method, found.paid_on) == (9825, "ACH", date(2026, 3, 20))
    assert (found.trace, found.origin_id, found.control) == ("EFT2026001", "1999019901", "0001")
    assert (found.payer_name, found.payer_code, found.payer_id) == ("IMAGINARY BLUE", "99901", None)
    assert found.plbs == (
        Plb(1, "WO", "ICN0", 2500, "1234567893"),
        Plb(2, "L6", "", -125, "1234567893"),
        Plb(3, "72", "R-1", 300, "1234567893"),
    )
    assert found.balanced
    (one,) = found.claims
    assert (one.number, one.status, one.charge, one.paid) == ("CLM202600001", "1", 17500, 12500)
    assert (one.patient_share, one.payer_number, one.frequency) == (2000, "ICN-7", "7")
    assert (one.patient_name, one.member_id) == ("ALMA ANYONE", "XYZ123456789")
    assert one.corrected == "name ALMA NEWNAME, member id NEW123"
    assert (one.forwarded, one.forwarded_to) == (True, "NEXT HEALTH")
    assert (one.interest, one.remarks, one.received_on) == (125, ("MA18",), date(2026, 3, 10))
    (got,) = one.lines
    assert (got.position, got.code, got.modifiers, got.units) == (1, "90837", ("95", "HO"), "1")
    assert (got.charge, got.paid, got.allowed) == (17500, 12500, 14500)
    assert got.cas == (Cas("CO", "45", 3000), Cas("PR", "3", 2000))
    assert (got.line_id, got.remarks, got.first_day) == ("17", ("N1", "N2"), date(2026, 3, 2))
    assert got.charge_id is None


def test_a_claim_that_is_not_itemised_has_one_line_of_its_whole_amount() -> None:
    (found,) = answered(era(claim("C-1", charge="160", paid="100", cas="CO45=60")))
    (one,) = found.claims
    assert one.cas == (Cas("CO", "45", 6000),)
    (line,) = one.lines
    assert (line.itemised, line.charge, line.paid, line.cas) == (False, 16000, 10000, ())


def test_a_reversal_keeps_its_signs_and_groups() -> None:
    paid = claim("C-1", service("90837", "150", cas="CO45=30 PR3=20"))
    (found,) = answered(era(reversal_of(paid), paid))
    back = found.claims[0]
    assert back.reversal
    assert (back.charge, back.paid) == (-15000, -10000)
    assert back.lines[0].cas == (Cas("CO", "45", -3000), Cas("PR", "3", -2000))
    assert not found.claims[1].reversal


def test_what_does_not_balance_is_off_on_its_claim() -> None:
    (service_off,) = answered(era(claim("C-1", service(charge="150", paid="140", cas="CO45=30"))))
    assert service_off.claims[0].off == -2000
    assert (service_off.services_off, service_off.balanced) == (1, False)
    (unlisted,) = answered(era(claim("C-1", service(charge="150"), charge="170", cas="CO45=20")))
    assert unlisted.claims[0].off == 2000


def test_days_of_a_claim_are_those_of_its_services_without_any() -> None:
    lines = [service(day=""), service(day="20260305")]
    (found,) = answered(era(claim("C-1", *lines, days=("20260302", "20260309"))))
    assert [(one.first_day, one.last_day) for one in found.claims[0].lines] == [
        (date(2026, 3, 2), date(2026, 3, 9)),
        (date(2026, 3, 5), date(2026, 3, 5)),
    ]


def test_the_day_of_payment_is_never_missing() -> None:
    assert answered(era(effective="", made_on="20260319"))[0].paid_on == date(2026, 3, 19)
    assert answered(era(effective="", made_on=""))[0].paid_on == date(2026, 4, 12)


def test_what_no_row_could_keep_is_cut() -> None:
    odd = service("9" * 60, line_id="7" * 60, remarks=("N1; 2",), modifiers=("95",) * 4)
    text = era(claim("N" * 90, odd, patient=("A" * 300, "B")), trace="T" * 90)
    (found,) = answered(text.replace("IMAGINARY BLUE", "IMAGINARY\x00BLUE"))
    one = found.claims[0]
    assert (len(found.trace), len(one.number), len(one.patient_name)) == (60, 50, 200)
    line = one.lines[0]
    assert len(line.code) <= 24
    assert len(" ".join(line.modifiers)) <= 24
    assert line.remarks == ("N12",)
    assert "\x00" not in found.payer_name


def test_every_sample_is_taken_over_with_its_money() -> None:
    for path in x12_files("835"):
        reading = read_835(path.read_bytes())
        assert reading.remittances, path.name
        for said in reading.remittances:
            found = answered_of(said, read_on=date(2026, 4, 12))
            assert found.amount == said.amount
            assert [one.paid for one in found.claims] == [one.paid for one in said.claims]
            assert sum(one.cents for one in found.plbs) == sum(
                one.amount for one in said.provider_adjustments
            )
            for one, theirs in zip(found.claims, said.claims, strict=True):
                whole = sum(line.paid for line in one.lines)
                own = sum(cas.cents for cas in one.cas) if theirs.services else 0
                assert one.lines
                assert one.off or whole - own == one.paid, (path.name, one.number)
