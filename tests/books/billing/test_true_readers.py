"""Money comes and goes at random; statements, accounts, explanations and aging stay true."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.collection import Agency
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.values import ZERO, GuarantorId, Money
from fscdesk.services.billing.account_fees import charge_fee
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.billing.agencies import AgencyFields, add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.explaining import explain, for_patient
from fscdesk.services.billing.explaining_page import explanation_doc
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.billing.statements import plan_statements, unnumbered_statement
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.patients.account import AccountFilter, account_header, page_of_account
from fscdesk.services.printing.statement_checks import sum_findings
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.aging_lines import EVERYBODY, aging_lines
from fscdesk.services.reports.aging_sums import UNAPPLIED, AgeBy, By
from fscdesk.services.sessions.story import story
from fscdesk.services.work import Work
from tests.support.brute_aging import aged
from tests.support.clock import Clock
from tests.support.money_desk import MoneyDesk
from tests.support.payment_acts import setting
from tests.support.payments import open_till, verify

NewBooks = Callable[[], AbstractContextManager[Office]]
STEPS = 18
REFUSED = "refused"
START = date(2026, 3, 1)


def another(work: Work, rng: random.Random) -> str:
    """Do one thing that is no payment."""
    charges = list(work.db.scalars(select(Charge).where(Charge.voided_on.is_(None))))
    charge = rng.choice(charges)
    side = rng.choice((Side.PATIENT, Side.INSURANCE))
    amount = Money(rng.choice((5_00, 10_00, 30_00)))
    what = rng.choice(("write off", "to patient", "fee", "memo", "agency"))
    if what == "write off":
        kind = rng.choice((AdjustmentKind.COURTESY, AdjustmentKind.DISCOUNT))
        adjust(work, NewAdjustment(charge.id, kind, amount, "kindness", side))
    elif what == "to patient":
        kind = AdjustmentKind.TO_PATIENT
        adjust(
            work, NewAdjustment(charge.id, kind, amount, "deductible", group_code="PR", carc="1")
        )
    elif what == "fee":
        about = {"patient_id": charge.patient_id, "guarantor_id": charge.guarantor_id}
        charge_fee(work, **about, amount=amount, code="LATE", on=work.today(), memo="late")
    elif what == "memo":
        issue(work, NewMemo(charge.patient_id, amount, "sorry"))
    else:
        agency = work.db.scalars(select(Agency.id)).first()
        if agency is None:
            agency = add_agency(work, AgencyFields("Fictional Recovery", 3000))
        place(work, NewPlacement(agency, charge_ids=(charge.id,)))
    return what


def a_step(books: Office, desk: MoneyDesk, rng: random.Random) -> str:
    """Do one thing at random, and say which."""
    if rng.random() < 0.5:
        return desk.step()
    with suppress(Problem):
        return books.write(lambda work: another(work, rng)).value
    return REFUSED


def look(work: Work, as_of: date, seed: str) -> None:
    """Hold every reader to the ledger on a day."""
    for patient_id, guarantor_id in work.db.execute(select(Patient.id, Patient.guarantor_id)):
        found = explain(work, patient_id=patient_id, as_of=as_of)
        for one in found.charges:
            running = ZERO
            for step in one.steps:
                running += step.amount
                assert step.running == running, seed
                assert step.sentence.endswith((".", ")")), step.sentence
            assert bool(one.waits) == bool(one.charge_id), (seed, one)
            for wait in one.waits:
                side = one.client if wait.side is Side.PATIENT else one.payer
                assert wait.amount == side, seed
        plain = for_patient(found)
        assert plain.client_owes == found.client_owes, seed
        explanation_doc(work, found)  # refuses figures that do not add up
        doc = unnumbered_statement(work, GuarantorId(guarantor_id), as_of=as_of, since=START)
        assert list(sum_findings(doc)) == [], seed
        assert doc.totals().balance == doc.ages.due_now, seed
    for charge_id in work.db.scalars(select(Charge.id)):
        explain(work, charge_id=charge_id, as_of=as_of)
    for by in By:
        found_by = aging(work, as_of=as_of, by=by)
        assert found_by.ties, (seed, by, found_by.tie)
        cells = {
            row.key: [cell.cents for cell in (*row.buckets, row.unapplied)] for row in found_by.rows
        }
        assert cells == aged(work, as_of, by, AgeBy.SERVICE, 30), (seed, by)
        lines = aging_lines(
            work, as_of=as_of, by=by, key=EVERYBODY, bucket=UNAPPLIED, span=Span(0, 500, "open")
        )
        assert lines.totals["open"] == found_by.total.unapplied, (seed, by)
        assert sum(line.open.cents for line in lines.rows) == lines.totals["open"].cents


def look_today(work: Work, seed: str) -> None:
    """Hold to the ledger what is read of today alone."""
    plan = plan_statements(work, as_of=work.today())
    assert plan.total + plan.total_left_out == balance(work, "1100", "2400"), seed
    for patient_id in work.db.scalars(select(Patient.id)):
        head = account_header(work, patient_id)
        page = page_of_account(work, patient_id, AccountFilter(), Span(0, 999, "day"))
        if page.rows:
            assert page.totals["balance"] == head.balance, seed
        standing = page_of_account(
            work, patient_id, AccountFilter(only_standing=True), Span(0, 999, "day")
        )
        if standing.rows:
            assert standing.totals["balance"] == head.balance, seed
    for session_id in set(work.db.scalars(select(JournalLine.session_id))):
        if session_id is not None:
            assert story(work, session_id)


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shorter life is another life
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_happens_every_reader_says_what_the_ledger_says(
    new_books: NewBooks, clock: Clock, seed: int
) -> None:
    rng = random.Random(seed)
    clock.set(datetime(2026, 4, 12, 17, tzinfo=UTC))
    with new_books() as books:
        till = books.write(open_till).value
        setting(books, WRITE_OFF_ALONE, "500.00")
        desk, done = MoneyDesk(books, till, rng), 0
        for step in range(STEPS):
            if step % 5 == 4:
                clock.forward(days=1)
            what = a_step(books, desk, rng)
            done += what != REFUSED
            told = f"seed {seed}, step {step}, after {what}"
            today = books.read(lambda work: work.today())
            days = (today, today - timedelta(days=rng.randrange(1, 9)))
            for day in days if step % 3 == 0 else days[:1]:
                books.read(partial(look, as_of=day, seed=told))
            books.read(partial(look_today, seed=told))
        assert done > STEPS // 2
        verify(books)
