"""Charges are voided and made anew: what was paid and adjusted goes along."""

from __future__ import annotations

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Credit
from fscdesk.models.values import Money
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import NOTHING
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.carrying import carry_over, standing_work
from fscdesk.services.payments.held_sessions import sessions_with_work
from fscdesk.services.sessions.recording import ChargeDraft, record_charges
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, pay, received, verify


def charge_again(work: Work, charge_id: int, *, share: int) -> tuple[int, list[str]]:
    """Exchange the charge of a session for one with another client share, and carry over."""
    old = work.db.get_one(Charge, charge_id)
    assert old.session_id is not None
    carried = standing_work(work, [old.session_id])
    void_charges(work, [old.session_id], on=DAY, reason="changed", batch_id=None)
    facts = ChargeFacts(1, old.service_id, "90834", "", 1, share, share, share, 0, "4010")
    draft = ChargeDraft(
        old.session_id,
        old.patient_id,
        old.guarantor_id,
        old.provider_id,
        None,
        old.service_day,
        DAY,
        facts,
        NOTHING,
    )
    (new,) = record_charges(work, [draft], recorded_on=DAY)
    findings = carry_over(work, carried, on=DAY, batch_id=None)
    return new, [one.code for one in findings]


def test_a_payment_follows_its_session_to_the_new_charge(books: Office, till: Till) -> None:
    received(books, pay(till, 100_00, Application(till.own, Money(100_00))))
    assert books.read(sessions_with_work)
    new, findings = books.write(lambda work: charge_again(work, till.own, share=130_00)).value
    assert findings == []
    assert books.read(lambda work: work.db.get_one(Charge, new).patient_balance) == Money(30_00)
    assert books.read(lambda work: work.db.get_one(Charge, till.own).patient_balance) == Money()
    verify(books)


def test_what_does_not_fit_is_a_credit_again_and_is_said(books: Office, till: Till) -> None:
    found = received(books, pay(till, 100_00, Application(till.own, Money(100_00))))
    new, findings = books.write(lambda work: charge_again(work, till.own, share=80_00)).value
    assert findings == ["payment-freed"]
    assert books.read(lambda work: work.db.get_one(Charge, new).patient_balance) == Money()
    left = books.read(lambda work: work.db.get_one(Credit, found.credit_id).balance)
    assert left == Money(20_00)
    verify(books)


def test_a_session_without_work_carries_nothing(books: Office, till: Till) -> None:
    assert books.read(sessions_with_work) == frozenset()
    _new, findings = books.write(lambda work: charge_again(work, till.own, share=80_00)).value
    assert findings == []
    verify(books)
