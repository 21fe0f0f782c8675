"""The demo's own 835 writer: what is said is read back, and another reader sees the same."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from fscdesk.services.demo.era_answers import second_answer
from fscdesk.services.demo.era_odd import differing, stranger
from fscdesk.services.demo.era_writing import (
    Beside,
    Check,
    Payee,
    SaidClaim,
    SaidService,
    Taken,
    write_era,
)
from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import Remittance
from tests.support.oxedi_judge import judge, ours

DAY: Final = date(2026, 3, 2)
AT: Final = datetime(2026, 3, 20, 6, 30)  # noqa: DTZ001 - the office's own time
PAYEE: Final = Payee("Fictional Springs Counseling", "2999001001", "000000001", "SPRINGS01")
SERVICE: Final = SaidService(
    "90837",
    ("95",),
    1,
    DAY,
    "4711",
    160_00,
    (Taken("CO", "45", 40_00), Taken("PR", "3", 30_00)),
    ("N130",),
)
CLAIM: Final = SaidClaim(
    number="CLM202600007",
    status="1",
    payer_number="99901202600007",
    filing="BL",
    place="11",
    frequency="1",
    person=("Nobody", "Nell", "IBN000111222"),
    services=(SERVICE,),
)


def check(*claims: SaidClaim, beside: tuple[Beside, ...] = (), off: int = 0) -> Check:
    return Check(
        "Imaginary Blue", "99901", "9990126031", date(2026, 3, 18), claims, beside, off=off
    )


def read(*checks: Check) -> tuple[Remittance, ...]:
    data = write_era(checks, PAYEE, 260320, AT).encode("ascii")
    reading = read_835(data)
    assert not reading.oddities
    assert not any(one.oddities for one in reading.remittances)
    assert judge(data) == ours(reading)
    return reading.remittances


def test_what_is_said_is_read_back() -> None:
    (found,) = read(check(CLAIM, beside=(Beside("L6", "", -1_37), Beside("WO", "OLD7", 15_00))))
    assert (found.amount, found.method) == (90_00 + 1_37 - 15_00, "ACH")
    assert (found.trace, found.effective_on) == ("9990126031", date(2026, 3, 18))
    assert (found.payer.name, found.payer.id) == ("IMAGINARY BLUE", "99901")
    assert found.payee.npi == PAYEE.npi
    assert not found.check_off
    (claim,) = found.claims
    assert (claim.number, claim.status, claim.payer_number) == (
        *("CLM202600007", "1", "99901202600007"),
    )
    assert (claim.charge, claim.paid, claim.patient_share) == (160_00, 90_00, 30_00)
    assert claim.member_id == "IBN000111222"
    (service,) = claim.services
    assert (service.code, service.modifiers, service.line_id) == ("90837", ("95",), "4711")
    assert (service.first_day, service.allowed, service.remarks) == (DAY, 120_00, ("N130",))
    assert [(one.group, one.reason, one.amount) for one in service.adjustments] == [
        ("CO", "45", 40_00),
        ("PR", "3", 30_00),
    ]
    beside = [(one.reason, one.reference, one.amount) for one in found.provider_adjustments]
    assert beside == [("L6", "", -1_37), ("WO", "OLD7", 15_00)]


def test_a_reversal_is_the_opposite_and_what_is_below_zero_is_carried() -> None:
    (found,) = read(check(CLAIM.reversed(), beside=(Beside("FB", "NEXT", -90_00),)))
    assert (found.amount, found.method, found.check_off) == (0, "NON", 0)
    (claim,) = found.claims
    assert (claim.status, claim.charge, claim.paid) == ("22", -160_00, -90_00)
    assert [one.amount for one in claim.services[0].adjustments] == [-40_00, -30_00]


def test_a_check_can_be_put_off_balance() -> None:
    first, second = read(check(CLAIM, off=10_00), check(CLAIM))
    assert (first.check_off, second.check_off) == (10_00, 0)


def test_a_second_payer_pays_what_was_left_but_for_the_copay() -> None:
    second = second_answer(CLAIM, member_id="SPM1", filing="CI", number="999057", keeps=20_00)
    (found,) = read(check(second))
    (claim,) = found.claims
    assert (claim.number, claim.status) == (CLAIM.number, "2")
    assert (claim.charge, claim.paid, claim.patient_share) == (160_00, 10_00, 20_00)
    assert claim.services[0].adjustments[0].reason == "23"
    (rest,) = read(check(second_answer(CLAIM, member_id="", filing="", number="", keeps=0)))
    assert (rest.claims[0].paid, rest.claims[0].patient_share) == (30_00, 0)


def test_what_differs_still_balances_and_a_stranger_is_nobodys() -> None:
    (changed,) = differing((CLAIM,))
    assert (changed.services[0].charge, changed.paid) == (150_00, CLAIM.paid)
    whole = SaidClaim(
        *("C", "4", "P", "BL", "11", "1", CLAIM.person),
        (SaidService("90837", (), 1, DAY, "1", 160_00, (Taken("CO", "29", 160_00),)),),
    )
    assert differing((whole,)) == (whole,), "a denial is no amount that differs"
    (found,) = read(check(changed, stranger(CLAIM, DAY)))
    assert [one.off for one in found.claims] == [0, 0]
    assert found.claims[1].paid == 95_00
