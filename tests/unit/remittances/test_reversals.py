"""What a reversal takes back: what stands, no more, and never from the client."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.remittance import Fate, Unposted
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    Cas,
    DecidedLine,
    cas_text,
)
from fscdesk.services.remittances.charge_stand import ChargeStand, Made, Paid, Said
from fscdesk.services.remittances.reversals import take_back
from fscdesk.services.remittances.said_again import said_before

PAYER = 7
SAID = Said(
    *(11, 5, 2, 40, "1", "CLM1", "ICN1", 100_00, 100_00, 160_00),
    "CO 45 3000;PR 1 3000",
    reverses_id=None,
    back=False,
)
STAND = ChargeStand(
    1,
    PAYER,
    "90837",
    date(2026, 3, 2),
    160_00,
    patient_share=30_00,
    payers=((1, PAYER),),
    paid=Paid(open=100_00),
    said=(SAID,),
    made=(
        Made(1, 40, AdjustmentKind.CONTRACTUAL, 30_00, recorded=False),
        Made(2, 40, AdjustmentKind.TO_PATIENT, 30_00, recorded=False),
        Made(3, 39, AdjustmentKind.CONTRACTUAL, 1_00, recorded=False),
    ),
)


def taken(stand: ChargeStand, paid: int, *cas: Cas, charge: int = -160_00) -> DecidedLine:
    """What a reversal of so much does."""
    line = AnsweredLine(1, "90837", charge, paid, cas, charge_id=1)
    return take_back(line, claim(paid), stand)


def claim(paid: int, status: str = "22") -> AnsweredClaim:
    """The claim of a reversal."""
    return AnsweredClaim(1, "CLM1", status, -160_00, paid, 0, (), (), payer_number="ICN1", row_id=9)


def test_the_adjustments_of_the_same_answer_go_with_its_money() -> None:
    back = taken(STAND, -100_00, Cas("CO", "45", -30_00), Cas("PR", "1", -30_00))
    assert (back.reverses_id, back.undo, back.told, back.difference) == (11, (1, 2), (), 0)
    after = STAND.after(back)
    assert (after.open, after.patient_share, after.paid.total) == (160_00, 0, 0)
    assert back.left == after.open
    assert taken(after, -100_00).why is Unposted.REVERSES_NOTHING


def test_too_much_goes_first_and_what_simplepractice_recorded_last() -> None:
    stand = replace(STAND, paid=Paid(over=10_00, open=50_00, recorded=40_00), over=10_00)
    back = taken(stand, -70_00)
    assert (back.over, back.to_open, back.to_recorded) == (-10_00, -50_00, -10_00)
    refunded = replace(stand, over=0)  # the credit with the charge went back to the payer
    back = taken(refunded, -70_00)
    assert (back.over, back.to_open, back.to_recorded) == (0, -50_00, -20_00)


def test_the_answer_with_the_same_amounts_is_taken_back_before_a_newer_one() -> None:
    newer = SAID._replace(line_id=12, payment_id=41, paid=5_00)
    denied = SAID._replace(line_id=13, payment_id=42, paid=0)
    stand = replace(STAND, said=(SAID, newer, denied), paid=Paid(open=105_00))
    assert taken(stand, -100_00).reverses_id == 11
    assert taken(stand, -5_00).reverses_id == 12
    assert taken(stand, 0).reverses_id == 13
    gone = replace(stand, said=(SAID._replace(back=True), newer, denied))
    assert taken(gone, -100_00).reverses_id == 12


def test_a_reversal_without_money_takes_back_an_answer_without_money() -> None:
    only_share = replace(
        STAND,
        paid=Paid(),
        said=(SAID._replace(paid=0, claim_paid=0, adjustments="PR 1 3000"),),
        made=STAND.made[1:2],
    )
    back = taken(only_share, 0, Cas("PR", "1", -30_00))
    assert (back.fate, back.undo, only_share.after(back).patient_share) == (Fate.POSTED, (2,), 0)
    assert taken(replace(STAND, said=()), 0).why is Unposted.REVERSES_NOTHING


def test_what_was_entered_by_hand_is_taken_back_too() -> None:
    by_hand = replace(STAND, said=())
    back = taken(by_hand, -100_00)
    assert (back.reverses_id, back.undo, back.to_open) == (None, (1, 2), -100_00)


def test_what_another_payer_paid_is_not_taken_back() -> None:
    other = replace(STAND, payers=((1, 8),), paid=Paid(), said=(), made=())
    assert taken(other, -100_00).why is Unposted.OTHER_PAYER


def test_the_same_words_are_known_again() -> None:
    cas = (Cas("PR", "1", 30_00), Cas("CO", "45", 30_00))
    line = AnsweredLine(1, "90837", 160_00, 100_00, cas, charge_id=1)
    same = replace(claim(100_00, status="1"), charge=160_00)
    assert said_before(line, same, STAND) == {5}
    assert said_before(line, replace(same, row_id=5), STAND) == set()
    assert said_before(line, replace(same, payer_number="ICN2"), STAND) == set()
    assert said_before(replace(line, paid=1), same, STAND) == set()
    other = replace(line, cas=(Cas("PR", "1", 60_00),))
    assert said_before(other, same, STAND) == set()
    typed = replace(STAND, said=(SAID._replace(typed=True),))
    assert said_before(other, same, typed) == {5}
    back = replace(STAND, said=(SAID._replace(back=True),))
    assert said_before(line, same, back) == set()


CENTS = st.integers(0, 300_00)


@given(CENTS, CENTS, CENTS, CENTS, st.integers(1, 500_00))
def test_all_that_is_taken_is_accounted_for(
    over: int, open_: int, recorded: int, left_over: int, amount: int
) -> None:
    stand = replace(STAND, paid=Paid(over, open_, recorded), over=left_over)
    back = taken(stand, -amount)
    if back.fate is Fate.UNPOSTED:
        assert stand.paid.total == 0
        return
    assert back.paid == -amount == back.to_recorded + back.to_open + back.over
    assert -back.over <= min(over, left_over)
    assert back.difference >= 0
    assert (back.difference > 0) == (amount > min(over, left_over) + open_ + recorded)
    assert -back.to_open - back.difference <= open_
    after = stand.after(back)
    client = stand.patient_share - after.patient_share
    assert client == 30_00  # only what the same answer had moved to the client
    off = 30_00
    assert after.open == stand.open + off + client - back.to_open - back.difference
    # What is left to take back is what stands, never less than nothing.
    assert after.paid.total == stand.paid.total - amount + back.difference >= 0


def test_adjustments_are_spelled_as_they_are_kept() -> None:
    found = (Cas("CO", "45", 30_00), Cas("PR", "1", 30_00))
    assert cas_text(found) == SAID.adjustments


def test_a_line_that_pays_within_a_reversal_is_for_a_person() -> None:
    back = taken(STAND, 35_00)
    assert (back.fate, back.why) == (Fate.UNPOSTED, Unposted.BLOCKED)
    assert back.words == "35.00 is paid for 90837 of 03/02/2026 by a claim that takes money back."
