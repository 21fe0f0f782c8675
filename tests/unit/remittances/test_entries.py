"""Entries of a remittance, by themselves: each balances, and the fund gives what charges get."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Side
from fscdesk.models.ledger import EntryKind
from fscdesk.models.remittance import Fate, RuleAction
from fscdesk.models.values import Money
from fscdesk.services.ledger.charge_locks import BilledCharge
from fscdesk.services.ledger.posting import Draft
from fscdesk.services.remittances.answered import (
    AnsweredLine,
    Cas,
    DecidedAdjustment,
    DecidedLine,
)
from fscdesk.services.remittances.entries import (
    MORE_THAN_PAID,
    Fund,
    adjustments_of,
    claim_memo,
    payments_of,
    receipt,
)

ON = date(2026, 4, 12)
FUND = Fund(credit_id=7, payment_id=5, payer_id=3, number="REM-2026-00001", on=ON)
SAID = AnsweredLine(1, "90837", 160_00, 0, (), charge_id=1)


def charge(*, first_day: date = date(2026, 3, 2)) -> BilledCharge:
    return BilledCharge(
        id=1,
        patient_id=2,
        guarantor_id=4,
        session_id=6,
        payer_id=9,
        provider_id=8,
        service_day=date(2026, 3, 2),
        first_day=first_day,
        patient_balance=Money(),
        insurance_balance=Money(130_00),
    )


def moved(drafts: list[Draft], account: str) -> int:
    """What drafts move on an account, credits (of the fund) left out."""
    return sum(
        leg.cents
        for draft in drafts
        for leg in draft.legs
        if leg.account == account and (leg.about or draft.about).credit_id is None
    )


def from_fund(drafts: list[Draft]) -> int:
    return sum(
        leg.cents
        for draft in drafts
        for leg in draft.legs
        if (leg.about or draft.about).credit_id == FUND.credit_id
    )


amounts = st.integers(-200_00, 200_00)


@given(recorded=amounts, opened=amounts, over=amounts)
def test_the_fund_gives_what_the_charge_gets(recorded: int, opened: int, over: int) -> None:
    paid = recorded + opened + over
    line = DecidedLine(
        SAID, Fate.POSTED, paid=paid, to_recorded=recorded, to_open=opened, over=over
    )
    drafts = list(payments_of(line, charge(), FUND, "memo"))
    assert all(sum(leg.cents for leg in draft.legs) == 0 for draft in drafts)
    assert from_fund(drafts) == paid
    assert (moved(drafts, "1060"), moved(drafts, "1110")) == (-recorded, -opened)
    assert moved(drafts, "2410") == -over
    for draft in drafts:
        gives = draft.legs[0].cents > 0
        assert draft.kind is (EntryKind.APPLIED if gives else EntryKind.TAKEN_BACK)
        assert draft.about.payer_id == 9  # the line is the charge's payer's, the fund its own
        assert (draft.legs[0].about or draft.about).payer_id == 3


@given(off=amounts, moves=amounts, difference=st.integers(0, 50_00), recorded=st.booleans())
def test_adjustments_take_off_what_was_decided(
    off: int, moves: int, difference: int, recorded: bool
) -> None:
    line = DecidedLine(
        SAID,
        Fate.POSTED,
        adjustments=(
            DecidedAdjustment(RuleAction.WRITE_OFF, Cas("CO", "45", off), off, recorded=recorded),
        ),
        to_patient=moves,
        patient_carc="2",
        difference=difference,
    )
    rows = list(adjustments_of(line, charge(), FUND))
    drafts = [one.draft("memo") for one in rows]
    assert all(one.amount for one in rows)
    assert all(sum(leg.cents for leg in draft.legs) == 0 for draft in drafts)
    assert moved(drafts, "4900") == off
    assert moved(drafts, "4910") == difference
    assert moved(drafts, "1100") == moves
    assert moved(drafts, "1110") == -difference - moves - (0 if recorded else off)
    assert moved(drafts, "1060") == (-off if recorded else 0)
    kinds = [one.kind for one in rows]
    assert (AdjustmentKind.TO_PATIENT in kinds) is (moves > 0)
    assert (AdjustmentKind.TO_PAYER in kinds) is (moves < 0)


def test_each_says_why_in_the_payers_words() -> None:
    line = DecidedLine(
        SAID,
        Fate.POSTED,
        adjustments=(
            DecidedAdjustment(RuleAction.WRITE_OFF, Cas("CO", "45", 10_00), 10_00),
            DecidedAdjustment(RuleAction.ADJUST, Cas("OA", "X99", 5_00), 5_00),
        ),
        to_patient=20_00,
        patient_carc="1",
        difference=1_00,
    )
    contract, adjusted, more, share = adjustments_of(line, charge(), FUND)
    assert contract.reason.endswith("(CO-45)")
    assert (contract.kind, contract.group_code, contract.carc) == (
        AdjustmentKind.CONTRACTUAL,
        "CO",
        "45",
    )
    assert (adjusted.kind, adjusted.reason) == (
        AdjustmentKind.CORRECTION,
        "As the payer says (OA-X99)",
    )
    assert (more.reason, more.side) == (MORE_THAN_PAID, Side.INSURANCE)
    assert share.reason == "The deductible is the client's (PR-1)"
    back = DecidedLine(SAID, Fate.POSTED, to_patient=-5_00)
    (smaller,) = adjustments_of(back, charge(), FUND)
    assert (smaller.side, smaller.amount, smaller.group_code) == (Side.PATIENT, 5_00, "")
    unnamed = DecidedLine(SAID, Fate.POSTED, to_patient=5_00)
    (plain,) = adjustments_of(unnamed, charge(), FUND)
    assert (plain.reason, plain.group_code) == ("The client's share", "")


@pytest.mark.parametrize(
    ("first_day", "day"), [(date(2026, 3, 2), ON), (date(2026, 4, 20), date(2026, 4, 20))]
)
def test_nothing_stands_before_its_charge_is_in_the_books(first_day: date, day: date) -> None:
    line = DecidedLine(SAID, Fate.POSTED, paid=1_00, to_open=1_00, to_patient=2_00)
    (paid,) = payments_of(line, charge(first_day=first_day), FUND, claim_memo(FUND.number, 3))
    (share,) = adjustments_of(line, charge(first_day=first_day), FUND)
    assert (paid.on, share.on, paid.memo) == (day, day, "REM-2026-00001, claim 3")


def test_the_check_fills_the_fund() -> None:
    draft = receipt(FUND, 91_40, "PAY-2026-00007")
    assert (draft.kind, draft.on, draft.memo) == (EntryKind.RECEIPT, ON, "Payment PAY-2026-00007")
    assert moved([draft], "1050") == 91_40
    assert from_fund([draft]) == -91_40
