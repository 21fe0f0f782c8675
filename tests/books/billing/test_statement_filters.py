"""How a run chooses its accounts: filters, flags for proofing, dunning, plans, what is parked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.patient import Guarantor, Patient, SendBy
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import Money
from fscdesk.services.billing.parking import park
from fscdesk.services.billing.statement_terms import filters_from
from fscdesk.services.billing.statements import (
    Flag,
    Made,
    Reason,
    RunFilters,
    StatementPlan,
    make_statements,
    plan_statements,
    statement_docs,
    statement_pdf_of,
)
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.work import Work
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.payment_acts import setting
from tests.support.payments import received, verify
from tests.support.pdf import page_texts

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 12)
Ids = dict[str, list[int]]


@pytest.fixture
def office(books: Office) -> Ids:
    """Accounts that differ in what filters look at; guarantor and patients by name."""

    def act(work: Work) -> Ids:
        cast, made = add_cast(work), {}
        for name, day, facts in (
            ("Old Debt", date(2025, 11, 3), {}),
            ("New Debt", date(2026, 3, 20), {"billing_type": "sliding"}),
            ("Waits Long", date(2026, 3, 4), {}),
            ("Came Back", date(2026, 3, 4), {"bad_address": True}),
            ("By Email", date(2026, 3, 4), {"bad_address": True, "email": "by@example.invalid"}),
        ):
            whose, patient = made[name] = add_account(work, name, **facts)
            insurance = 100_00 if name == "Waits Long" else 0
            draft = a_draft(cast, whose, patient, day, share=50_00, insurance=insurance)
            record(work, draft, paid_on=MARCH)
        work.db.get_one(Guarantor, made["By Email"][0]).send_by = SendBy.EMAIL
        return made

    return books.write(act).value


def plan(books: Office, as_of: date = MARCH, **filters: Any) -> StatementPlan:
    how = RunFilters(**filters)
    return books.read(lambda work: plan_statements(work, as_of=as_of, filters=how))


def make(books: Office, found: StatementPlan) -> Made:
    return books.write(lambda work: make_statements(work, found)).value


def names(found: StatementPlan) -> set[str]:
    return {one.name for one in found.recipients}


def why(found: StatementPlan) -> dict[str, Reason]:
    return {one.name: one.reason_code for one in found.left_out}


def pays(books: Office, who: list[int], cents: int, day: date) -> None:
    new = NewPayment(
        Money(cents), PaymentMethod.CASH, day, guarantor_id=who[0], rest=Rest(patient_id=who[1])
    )
    received(books, new)


ALL = {"Old Debt", "New Debt", "Waits Long", "By Email"}


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, {"Came Back": Reason.BAD_ADDRESS}),
        ({"bad_addresses": True}, {}),
        (
            {"age_days": 27},
            {"Came Back": Reason.BAD_ADDRESS, "New Debt": Reason.TOO_YOUNG},
        ),
        (
            {"leave_pending": True},
            {"Came Back": Reason.BAD_ADDRESS, "Waits Long": Reason.PENDING},
        ),
        (
            {"billing_types": ("sliding",)},
            {
                "Came Back": Reason.BAD_ADDRESS,
                **dict.fromkeys(ALL - {"New Debt"}, Reason.OTHER_TYPE),
            },
        ),
    ],
)
def test_each_account_that_is_left_out_has_its_reason(
    books: Office, office: Ids, filters: dict[str, Any], left: dict[str, Reason]
) -> None:
    found = plan(books, **filters)
    assert why(found) == left
    assert names(found) == set(office) - set(left)
    ledger = books.read(lambda work: balance(work, "1100", "2400", as_of=MARCH))
    assert found.total + found.total_left_out == ledger


def test_a_run_holds_at_most_so_many_and_the_next_takes_the_rest(
    books: Office, office: Ids
) -> None:
    first = plan(books, most=3)
    assert len(first.recipients) == 3
    assert list(why(first).values()).count(Reason.OVER_MOST) == 1
    make(books, first)
    second = plan(books, most=3)
    assert names(second) == ALL - names(first)
    with pytest.raises(Problem, match="from zero and from one"):
        plan(books, most=0)


def test_a_run_keeps_how_it_was_asked(books: Office, office: Ids) -> None:
    made = make(books, plan(books, age_days=27, billing_types=("",)))
    kept = books.read(lambda work: work.db.get_one(StatementRun, made.run_id).filters)
    assert kept == {"age_days": 27, "billing_types": [""]}
    assert filters_from(kept) == RunFilters(age_days=27, billing_types=("",))


def test_a_billing_type_that_nobody_has_is_refused(books: Office, office: Ids) -> None:
    with pytest.raises(Problem, match="No account has the billing type “foo”") as refused:
        plan(books, billing_types=("foo",))
    assert refused.value.hint == "No statement was made. The types are sliding."


def test_reminding_and_changed_only(books: Office, office: Ids) -> None:
    make(books, plan(books))
    assert names(plan(books, APRIL)) == set()
    assert names(plan(books, APRIL, repeat_days=12)) == ALL
    pays(books, office["New Debt"], 10_00, APRIL)
    assert names(plan(books, APRIL, repeat_days=12, changed_only=True)) == {"New Debt"}


def test_what_a_person_should_look_at_is_flagged(books: Office, office: Ids) -> None:
    make(books, plan(books))

    def more(work: Work) -> None:
        whose, patient = office["Old Debt"]
        cast = add_cast(work)
        record(work, a_draft(cast, whose, patient, APRIL, share=50_00), paid_on=APRIL)

    books.write(more)
    pays(books, office["New Debt"], 10_00, APRIL)
    found = {one.name: one.flags for one in plan(books, APRIL).recipients}
    assert found == {
        "Old Debt": (Flag.OVER_120, Flag.DOUBLED),
        "New Debt": (Flag.CREDITS, Flag.NEW_CREDIT, Flag.JUST_PAID),
    }
    assert {one.name for one in plan(books, APRIL).to_proof} == set(found)


def test_accounts_with_a_credit_get_one_when_asked(books: Office, office: Ids) -> None:
    pays(books, office["New Debt"], 90_00, MARCH)
    assert why(plan(books))["New Debt"] is Reason.CREDIT
    found = plan(books, with_credits=True)
    one = next(one for one in found.recipients if one.name == "New Debt")
    assert (one.balance, one.dunning) == (Money(-40_00), "")
    made = make(books, found)
    page = next(row for row in made.statements if row.name == "New Debt")
    text = page_texts(books.read(lambda work: statement_pdf_of(work, page.id)))[0]
    assert "nothing to pay" in text


def test_the_text_follows_the_age_the_payer_and_a_payment_in_between(
    books: Office, office: Ids
) -> None:
    texts = {one.name: one.dunning for one in plan(books).recipients}
    assert "120 days" in texts["Old Debt"]
    assert texts["New Debt"] == ""
    assert "Your insurance has not answered" in texts["Waits Long"]
    pays(books, office["Old Debt"], 45_00, MARCH)
    setting(books, "statement_dunning_121", "Really old.")
    found = plan(books)
    assert Reason.BELOW_MINIMUM is why(found)["Old Debt"]
    found = books.read(lambda work: plan_statements(work, as_of=MARCH, minimum=Money(1)))
    assert {one.name: one.dunning for one in found.recipients}["Old Debt"] == "Really old."
    docs = books.read(lambda work: statement_docs(work, found))
    assert any(doc.message.startswith("Really old.") for doc in docs)
    made = make(books, found)
    kept = books.read(
        lambda work: {
            row.guarantor_id: row.message
            for row in work.db.execute(select(Statement.guarantor_id, Statement.message))
        }
    )
    assert kept[office["Old Debt"][0]] == "Really old."
    one = next(row for row in made.statements if row.name == "Old Debt")
    pdf = books.read(lambda work: statement_pdf_of(work, one.id))
    assert "Really old." in " ".join(page_texts(pdf))


def test_what_is_parked_is_on_no_statement_but_on_the_list(books: Office) -> None:
    def act(work: Work) -> list[int]:
        cast = add_cast(work)
        ids = add_account(work, "Two Kids", patients=2)
        for patient, cents in zip(ids[1:], (50_00, 30_00), strict=True):
            draft = a_draft(cast, ids[0], patient, date(2026, 3, 4), share=cents)
            record(work, draft, paid_on=MARCH)
        return ids

    ids = books.write(act).value
    books.write(lambda work: park(work, ids[1], reason="moved abroad"))
    found = plan(books)
    assert [(one.name, one.balance.cents) for one in found.recipients] == [("Two Kids", 30_00)]
    assert [(one.balance.cents, one.reason_code) for one in found.left_out] == [
        (50_00, Reason.PARKED)
    ]
    (doc,) = books.read(lambda work: statement_docs(work, found))
    assert [section.heading for section in doc.sections] == ["Two Kids B."]
    assert doc.totals().balance == doc.amount_due == doc.ages.due_now == Money(30_00)
    books.write(lambda work: park(work, ids[2], reason="moved abroad"))
    both = plan(books)
    assert both.recipients == ()
    assert [(one.balance.cents, one.reason_code) for one in both.left_out] == [
        (80_00, Reason.PARKED)
    ]
    verify(books)


def test_nobody_writes_to_the_dead(books: Office, office: Ids) -> None:
    def dies(work: Work) -> None:
        work.db.get_one(Patient, office["New Debt"][1]).deceased_on = date(2026, 3, 25)

    books.write(dies)
    assert why(plan(books))["New Debt"] is Reason.DECEASED
    # As of a day before nobody knew.
    assert "New Debt" in names(plan(books, date(2026, 3, 24)))


def test_recorded_amounts_count_as_paid_just_now(books: Office) -> None:
    def act(work: Work) -> None:
        cast = add_cast(work)
        whose, patient = add_account(work, "Paid Part")
        draft = a_draft(
            cast, whose, patient, date(2026, 3, 4), share=50_00, recorded=Recorded(20_00, 0, 0)
        )
        record(work, draft, paid_on=date(2026, 3, 30))

    books.write(act)
    (one,) = plan(books).recipients
    assert Flag.JUST_PAID in one.flags
