"""What the demo shows of remittances: each tale once, each state, money that comes out to zero."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Appeal, Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.ledger import JournalLine
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentOrigin, PaymentStatus
from fscdesk.models.recoupment import Recoupment, RecoupmentKind, RecoupmentPair
from fscdesk.models.remittance import (
    Automation,
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.demo import cast
from fscdesk.services.demo.building import live
from fscdesk.services.demo.diary import Tale
from fscdesk.services.demo.era_answers import LOWERED
from fscdesk.services.demo.tales import REVIEWED
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.remittances.incoming import plan_era
from fscdesk.services.remittances.underpayments import UnderpaymentFilter, page_of_underpayments
from fscdesk.services.work import Work
from fscdesk.services.x12.reading_835 import read_835

TODAY = date(2026, 4, 15)
SIZE = 700
"""As beside."""
STRANGERS = Money(95_00)
"""What a payer has paid for a claim that is not ours, in a remittance that is posted."""


@pytest.fixture
def demo(small_demo: Office) -> Office:
    return small_demo


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 1), date(2028, 2, 29)])
@pytest.mark.parametrize("sessions", [300, SIZE, 9000])
def test_every_usual_size_has_every_tale(today: date, sessions: int) -> None:
    told = [one.tale for one in live(today=today, sessions=sessions).diary if one.tale]
    assert len(told) == len(set(told))
    assert set(told) == set(Tale)


def test_payers_send_a_file_each_week_and_it_is_read_without_an_oddity(demo: Office) -> None:
    def look(work: Work) -> None:
        files = work.db.scalars(select(RemittanceFile).order_by(RemittanceFile.id)).all()
        assert len(files) == len(live(today=TODAY, sessions=SIZE).season.readings)
        assert {one.oddities for one in files} == {""}
        for one in files:
            for read in read_835(one.content).remittances:
                assert read.readable
                assert not read.claims_off
                assert not read.services_off

    demo.read(look)


def test_they_stand_in_every_state_and_all_but_the_newest_are_done(demo: Office) -> None:
    def look(work: Work) -> None:
        rows = work.db.scalars(_eras().order_by(Remittance.id)).all()
        states = Counter(one.status for one in rows)
        nobodys = {RemittanceStatus.UNDONE, RemittanceStatus.CLOSED}
        assert set(states) == set(RemittanceStatus) - nobodys
        assert states[RemittanceStatus.POSTED] > len(rows) * 3 // 4
        (stopped,) = [one for one in rows if one.status is RemittanceStatus.STOPPED]
        assert stopped.check_off == Money(10_00)
        assert [one.check_off for one in rows if one is not stopped] == [ZERO] * (len(rows) - 1)
        newest = max(one.paid_on for one in rows)
        (waiting,) = [one for one in rows if one.status is RemittanceStatus.TO_POST]
        assert (newest - waiting.paid_on).days < 7
        reviewed = work.db.get_one(Payer, waiting.payer_id)
        assert reviewed.automation is Automation.REVIEW
        assert reviewed.payer_code == cast.PAYERS[REVIEWED].code
        whys = work.db.scalars(
            select(RemittanceClaim.why).where(RemittanceClaim.remittance_id == waiting.id)
        ).all()
        assert {Unposted.NOT_OURS, Unposted.AMOUNT_DIFFERS} < set(whys)
        assert whys.count("") > 3  # the others wait for a look alone
        zero = [one for one in rows if one.amount == ZERO]
        assert zero
        assert {(one.method, one.status) for one in zero} == {("NON", RemittanceStatus.POSTED)}

    demo.read(look)


def test_one_was_undone_and_posted_again(demo: Office) -> None:
    def look(work: Work) -> None:
        (old,) = work.db.scalars(
            select(Payment).where(
                Payment.origin == PaymentOrigin.REMITTANCE, Payment.status == PaymentStatus.VOIDED
            )
        )
        again = work.db.scalars(
            _eras().where(Remittance.trace == old.reference, Remittance.amount == old.amount)
        ).one()
        assert again.status is RemittanceStatus.POSTED
        assert again.payment_id is not None
        assert again.payment_id > old.id

    demo.read(look)


def test_a_remainder_waits_for_its_owner(demo: Office) -> None:
    def look(work: Work) -> None:
        (partly,) = work.db.scalars(
            _eras().where(Remittance.status == RemittanceStatus.PARTLY)
        ).all()
        (left,) = work.db.scalars(
            select(RemittanceClaim).where(
                RemittanceClaim.remittance_id == partly.id, RemittanceClaim.fate == Fate.UNPOSTED
            )
        )
        assert (left.why, left.paid) == (Unposted.NOT_OURS, STRANGERS)
        held = work.db.scalars(
            select(Credit).where(Credit.kind == CreditKind.REMITTANCE, Credit.balance != ZERO)
        )
        assert [(one.payment_id, one.balance) for one in held] == [(partly.payment_id, STRANGERS)]

    demo.read(look)


def test_denials_are_of_each_kind_and_some_were_won(demo: Office) -> None:
    def look(work: Work) -> None:
        denied = set(work.db.scalars(select(RemittanceLine.denied)))
        assert denied > {"CO-16", "CO-197", "CO-29", "PR-204", "CO-97"}
        outcomes = set(work.db.scalars(select(Appeal.outcome)))
        assert {"", "won"} <= outcomes
        corrected = select(Claim.status).where(
            Claim.frequency == Frequency.REPLACEMENT, Claim.status == ClaimStatus.PAID
        )
        assert work.db.scalars(corrected).first() is not None
        for status in (ClaimStatus.DENIED, ClaimStatus.APPEALING):
            open_ones = (
                select(func.count(func.distinct(Claim.id)))
                .join(ClaimLine, ClaimLine.claim_id == Claim.id)
                .join(RemittanceLine, RemittanceLine.charge_id == ClaimLine.charge_id)
                .where(Claim.status == status, RemittanceLine.denied != "")
            )
            assert work.db.scalars(open_ones).one() > 0

    demo.read(look)


def test_what_was_taken_back_was_answered_anew(demo: Office) -> None:
    def look(work: Work) -> None:
        again = aliased(RemittanceLine)
        back = work.db.execute(
            select(RemittanceLine, again)
            .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
            .join(again, again.charge_id == RemittanceLine.charge_id)
            .where(
                RemittanceClaim.status_code == "22",
                RemittanceLine.fate == Fate.POSTED,
                again.id > RemittanceLine.id,
                again.fate == Fate.POSTED,
            )
        ).all()
        assert len(back) >= 3
        assert all(taken.reverses_id and taken.paid < ZERO for taken, _ in back)
        assert {bool(new.denied) for _, new in back} == {True, False}

    demo.read(look)


def test_recoupments_come_to_zero_but_for_one_of_each_side(demo: Office) -> None:
    def look(work: Work) -> None:
        items = work.db.scalars(select(Recoupment).order_by(Recoupment.id)).all()
        (will_take,) = [one for one in items if one.open < ZERO]
        (taken,) = [one for one in items if one.open > ZERO]
        assert (will_take.kind, will_take.reason_code) == (RecoupmentKind.WILL_TAKE, "WO")
        assert (taken.kind, taken.reason_code) == (RecoupmentKind.TAKEN, "WO")
        (interest,) = [one for one in items if one.kind is RecoupmentKind.INTEREST]
        assert (interest.reason_code, interest.account) == ("L6", "4310")
        pairs = work.db.scalars(select(RecoupmentPair)).all()
        assert len(pairs) == 2
        by_id = {one.id: one for one in items}
        reasons = set()
        for pair in pairs:
            one, other = by_id[pair.item_id], by_id[pair.other_id or 0]
            assert one.remittance_id != other.remittance_id
            assert one.amount == -other.amount
            assert (one.open, other.open) == (ZERO, ZERO)
            reasons |= {one.reason_code, other.reason_code}
        assert reasons == {"FB", "WO"}
        on_1120 = select(func.sum(JournalLine.amount)).where(JournalLine.account == "1120")
        assert work.db.scalars(on_1120).one() == taken.open

    demo.read(look)


def test_one_payer_pays_too_little_for_one_code_and_once_paid_right(demo: Office) -> None:
    payer, code, percent = LOWERED

    def look(work: Work) -> None:
        payer_id = work.db.scalars(
            select(Payer.id).where(Payer.payer_code == cast.PAYERS[payer].code)
        ).one()
        wanted = UnderpaymentFilter(payers=(payer_id,), codes=(code,))
        short = page_of_underpayments(work, wanted, Span(0, 50, "paid_on")).rows
        assert len(short) > 1
        first = min(one.paid_on for one in short)
        for one in short:
            assert one.allowed.cents == one.billed.cents * percent // 100
            assert one.short == one.expected - one.allowed
        before = (
            select(RemittanceLine.allowed, RemittanceLine.expected)
            .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
            .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
            .where(
                Remittance.payer_id == payer_id,
                Remittance.paid_on < first,
                RemittanceLine.code == code,
                RemittanceLine.denied == "",
            )
        )
        right = [row for row in work.db.execute(before) if row.allowed == row.expected]
        assert right

    demo.read(look)


def test_a_claim_is_passed_on_and_the_second_payer_pays_the_rest(demo: Office) -> None:
    def look(work: Work) -> None:
        (passed,) = work.db.scalars(
            select(RemittanceClaim).where(RemittanceClaim.forwarded.is_(True))
        )
        (second,) = work.db.scalars(
            select(RemittanceClaim).where(RemittanceClaim.status_code == "2")
        )
        assert (passed.number, passed.status_code) == (second.number, "19")
        assert passed.paid > second.paid > ZERO
        first_line, second_line = (
            work.db.scalars(
                select(RemittanceLine).where(RemittanceLine.remittance_claim_id == one.id)
            ).one()
            for one in (passed, second)
        )
        assert first_line.charge_id == second_line.charge_id
        assert second_line.adjustments.startswith("OA 23 ")
        assert second_line.fate == Fate.POSTED
        charge = work.db.get_one(Charge, first_line.charge_id)
        assert charge.insurance_balance == ZERO

    demo.read(look)


def test_what_was_paid_twice_is_the_payers_and_some_checks_are_still_typed(demo: Office) -> None:
    def look(work: Work) -> None:
        twice = work.db.scalars(
            select(RemittanceClaim).where(RemittanceClaim.payer_number.endswith("D"))
        ).all()
        assert [one.fate for one in twice] == [Fate.POSTED]
        charge_id = select(RemittanceLine.charge_id).where(
            RemittanceLine.remittance_claim_id == twice[0].id
        )
        charge = work.db.get_one(Charge, work.db.scalars(charge_id).one())
        assert charge.insurance_balance == -twice[0].paid
        typed = select(Payment.id).where(
            Payment.origin == PaymentOrigin.TYPED, Payment.payer_id.is_not(None)
        )
        assert len(work.db.scalars(typed).all()) > 1

    demo.read(look)


def test_each_file_is_known_when_it_comes_again(demo: Office) -> None:
    def look(work: Work) -> None:
        for file in work.db.scalars(select(RemittanceFile)).all():
            plan = plan_era(work, "saved again.835", file.content)
            assert plan.transactions
            assert all(one.before is not None for one in plan.transactions)
            assert not any(one.conflict for one in plan.transactions)

    demo.read(look)


def _eras() -> Select[Remittance]:
    return select(Remittance).where(Remittance.origin == RemittanceOrigin.ERA)
