"""What is paid and taken back in one remittance finds each other, among thousands as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import monotonic

from fscdesk.services.remittances.answered import AnsweredClaim, AnsweredLine
from fscdesk.services.remittances.charge_stand import ChargeStand
from fscdesk.services.remittances.netting import netted, pays_what

STAND = ChargeStand(1, 7, "90837", date(2026, 3, 2), 160_00)


def claim(at: int, number: str, cents: int, *, charge_id: int = 1, icn: str = "") -> AnsweredClaim:
    """A claim of one line that pays so much, or takes it back."""
    billed = 160_00 if cents > 0 else -160_00
    line = AnsweredLine(1, "90837", billed, cents, (), charge_id=charge_id)
    status = "1" if cents > 0 else "22"
    return AnsweredClaim(at, number, status, billed, cents, 0, (), (line,), payer_number=icn)


def test_the_payers_number_says_which_is_meant_and_ours_where_it_is_missing() -> None:
    back = claim(9, "A", -100_00, icn="I2")
    assert pays_what(claim(1, "A", 100_00), back)
    assert pays_what(claim(1, "B", 100_00, icn="I2"), back)
    assert not pays_what(claim(1, "A", 100_00, icn="I1"), back)
    assert not pays_what(claim(1, "B", 100_00), back)
    assert not pays_what(claim(1, "A", 99_00, icn="I2"), back)
    assert not pays_what(claim(1, "A", 100_00, icn="I2", charge_id=2), back)
    found = [claim(1, "A", 100_00, icn="I1"), claim(2, "B", 100_00, icn="I2"), back]
    ((twin, reversal),) = netted([*found, replace(back, position=10)], {1: STAND}, None)
    assert (twin.position, reversal.position) == (2, 9)


def test_the_first_of_several_is_taken_back_first() -> None:
    twice = [claim(1, "A", 100_00), claim(2, "A", 100_00)]
    backs = [claim(3, "A", -100_00), claim(4, "A", -100_00, icn="I4")]
    pairs = netted([*backs, *twice], {1: STAND}, None)
    assert [(one.paid.position, one.reversal.position) for one in pairs] == [(1, 3), (2, 4)]


def test_thousands_are_netted_at_once() -> None:
    count = 10_000
    paid = [claim(at, f"A{at}", 100_00, charge_id=at) for at in range(count)]
    backs = [claim(count + at, f"B{at}", -100_00, charge_id=count + at) for at in range(count)]
    stands = {at: replace(STAND, charge_id=at) for at in range(2 * count)}
    began = monotonic()
    assert netted([*paid, *backs], stands, None) == []
    assert monotonic() - began < 5
