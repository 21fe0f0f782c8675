"""The door of the plan form: what it offers, what it makes, and that it is all or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.plan import PaymentPlan, PlanStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.documents import document_bytes, kept
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.plan_entry import (
    EVERY,
    FirstPayment,
    PlanTerms,
    agree,
    plan_basis,
    preview_terms,
    take_back,
    take_on_plan,
)
from fscdesk.services.printing.binding import together
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.payments import verify
from tests.support.pdf import page_texts
from tests.support.plans import TODAY, Family, open_family, six_months

CHECK = FirstPayment(Money(120_00), PaymentMethod.CHECK.value, TODAY, "1047")


@pytest.fixture
def family(books: Office) -> Family:
    """Four charges of 150.00 over two children, one that a payer shares, one of somebody else."""
    return books.write(open_family).value


def terms(family: Family, **facts: object) -> PlanTerms:
    base = PlanTerms(family.rowan, family.iris, family.charges, 6)
    return replace(base, **facts)  # type: ignore[arg-type]


def counted(work: Work) -> tuple[int, int, int]:
    """Plans, payments, kept pages."""
    found = [
        work.db.scalar(select(func.count()).select_from(one)) or 0
        for one in (PaymentPlan, Payment, Document)
    ]
    return found[0], found[1], found[2]


def test_the_basis_is_what_is_open_and_in_no_plan(books: Office, family: Family) -> None:
    basis = books.read(lambda work: plan_basis(work, family.iris))
    assert {one.charge_id for one in basis.charges} == {*family.charges, family.pending}
    assert basis.own == {family.charges[0], family.charges[2], family.pending}
    assert (basis.guarantor, basis.held, basis.method) == ("Rowan Imagined", Money(), "")
    books.write(lambda work: agree(work, terms(family, charge_ids=family.charges[:2]), None))
    later = books.read(lambda work: plan_basis(work, family.iris))
    assert {one.charge_id for one in later.charges} == {*family.charges[2:], family.pending}
    assert later.held == Money(300_00)


def test_the_preview_is_that_of_the_plan(books: Office, family: Family) -> None:
    preview = books.read(lambda work: preview_terms(work, terms(family)))
    assert preview.schedule is not None
    assert [str(one.amount) for one in preview.schedule.parts] == ["80.00"] * 6
    assert (preview.least_down, preview.total) == (Money(120_00), Money(600_00))
    weekly = books.read(lambda work: preview_terms(work, terms(family, every="week")))
    assert weekly.schedule is not None
    days = [one.due_on for one in weekly.schedule.parts]
    assert (days[1] - days[0]).days == 7
    assert {key for key, _word in EVERY} == {"month", "two_weeks", "week", "quarter"}


def test_plan_payment_receipt_and_agreement_are_made_together(
    books: Office, family: Family
) -> None:
    done = books.write(lambda work: agree(work, terms(family), CHECK)).value
    assert (done.payment, done.receipt) == ("PAY-2026-00001", "RC-2026-00001")
    assert books.read(counted) == (1, 1, 2)

    def pages(work: Work) -> tuple[bytes, ...]:
        receipt = kept(work, DocumentKind.RECEIPT, 1)[0]
        agreement = kept(work, DocumentKind.AGREEMENT, done.plan.plan_id)[0]
        return document_bytes(work, receipt.id), document_bytes(work, agreement.id)

    assert books.read(pages) == done.pages
    texts = page_texts(together(done.pages))
    assert "RC-2026-00001" in texts[0]
    assert "80.00" in " ".join(texts[1:])
    assert books.read(lambda work: plan_basis(work, family.iris)).method == "check"
    verify(books)


def test_a_repeated_command_makes_them_once(books: Office, family: Family) -> None:
    keyed = terms(family, request_key="once")
    first = books.write(lambda work: agree(work, keyed, CHECK)).value
    second = books.write(lambda work: agree(work, keyed, CHECK)).value
    assert second.plan.repeated
    assert first.payment == second.payment
    assert books.read(counted)[:2] == (1, 1)


def test_what_is_refused_leaves_nothing(books: Office, family: Family) -> None:
    with pytest.raises(Problem, match="is open for this plan, no longer"):
        books.write(lambda work: agree(work, terms(family, expected_total=Money(599_00)), CHECK))
    future = replace(CHECK, received_on=TODAY.replace(year=2027))
    with pytest.raises(Problem):
        books.write(lambda work: agree(work, terms(family), future))
    assert books.read(counted) == (0, 0, 0)


def test_both_are_taken_back_together(books: Office, family: Family) -> None:
    done = books.write(lambda work: agree(work, terms(family), CHECK)).value
    books.write(lambda work: take_back(work, done))
    statuses = books.read(lambda work: work.db.scalars(select(PaymentPlan.status)).all())
    assert statuses == [PlanStatus.CANCELLED]
    basis = books.read(lambda work: plan_basis(work, family.iris))
    assert sum(one.open.cents for one in basis.charges) == 640_00
    verify(books)


def test_a_plan_without_a_payment_and_a_later_one(books: Office, family: Family) -> None:
    done = books.write(
        lambda work: agree(work, terms(family), replace(CHECK, amount=Money()))
    ).value
    assert (done.payment, done.receipt, len(done.pages)) == ("", "", 1)
    taken = books.write(
        lambda work: take_on_plan(work, done.plan.plan_id, family.rowan, CHECK)
    ).value
    assert (taken.applied, taken.unapplied) == (Money(120_00), Money())
    assert six_months(family).number == 6
    verify(books)


def test_a_plan_is_replaced_with_a_payment_and_both_come_back(
    books: Office, family: Family
) -> None:
    first = books.write(lambda work: agree(work, terms(family), CHECK)).value
    basis = books.read(lambda work: plan_basis(work, family.iris, first.plan.plan_id))
    old = basis.old
    assert old is not None
    assert (old.name, old.number, old.payments, old.every) == ("PLAN-2026-00001", 6, 6, "month")
    assert (old.paid, old.open, old.fees) == (Money(120_00), Money(480_00), Money())
    assert basis.own == frozenset(family.charges)
    assert basis.held == Money()
    wanted = terms(
        family,
        number=12,
        charge_ids=tuple(sorted(basis.own)),
        replaces=old.plan_id,
        old_version=old.version,
        reason="Less income",
    )
    preview = books.read(lambda work: preview_terms(work, wanted))
    assert (preview.total, preview.least_down) == (Money(480_00), Money())
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: agree(work, replace(wanted, old_version=old.version + 1), CHECK))
    done = books.write(lambda work: agree(work, wanted, CHECK)).value
    assert (done.payment, done.receipt) == ("PAY-2026-00002", "RC-2026-00002")
    statuses = select(PaymentPlan.status).order_by(PaymentPlan.id)
    assert books.read(lambda work: work.db.scalars(statuses).all()) == [
        PlanStatus.REPLACED,
        PlanStatus.ACTIVE,
    ]
    verify(books)
    with pytest.raises(Problem, match="PLAN-2026-00001 is replaced already"):
        books.read(lambda work: plan_basis(work, family.iris, old.plan_id))
    books.write(lambda work: take_back(work, done))
    assert books.read(lambda work: work.db.scalars(statuses).all()) == [
        PlanStatus.ACTIVE,
        PlanStatus.CANCELLED,
    ]
    again = books.read(lambda work: plan_basis(work, family.iris, old.plan_id))
    assert again.own == basis.own
    verify(books)


def test_the_next_day_a_replaced_plan_stays_replaced(
    books: Office, family: Family, clock: Clock
) -> None:
    first = books.write(lambda work: agree(work, terms(family), None)).value
    wanted = terms(
        family, number=12, replaces=first.plan.plan_id, old_version=first.version, reason="Less"
    )
    done = books.write(lambda work: agree(work, wanted, None)).value
    clock.forward(days=1)
    books.write(lambda work: take_back(work, done))
    statuses = select(PaymentPlan.status).order_by(PaymentPlan.id)
    assert books.read(lambda work: work.db.scalars(statuses).all()) == [
        PlanStatus.REPLACED,
        PlanStatus.CANCELLED,
    ]
    basis = books.read(lambda work: plan_basis(work, family.iris))
    assert {one.charge_id for one in basis.charges} >= set(family.charges)
    verify(books)


def test_a_replaced_plan_whose_charges_are_in_another_stays_replaced(
    books: Office, family: Family
) -> None:
    first = books.write(lambda work: agree(work, terms(family), None)).value
    wanted = terms(
        family,
        charge_ids=family.charges[:2],
        replaces=first.plan.plan_id,
        old_version=first.version,
        reason="Less",
    )
    done = books.write(lambda work: agree(work, wanted, None)).value
    books.write(lambda work: agree(work, terms(family, charge_ids=family.charges[2:]), None))
    books.write(lambda work: take_back(work, done))
    statuses = select(PaymentPlan.status).order_by(PaymentPlan.id)
    assert books.read(lambda work: work.db.scalars(statuses).all()) == [
        PlanStatus.REPLACED,
        PlanStatus.CANCELLED,
        PlanStatus.ACTIVE,
    ]
    verify(books)


def test_a_plan_of_somebody_else_is_not_replaced(books: Office, family: Family) -> None:
    first = books.write(lambda work: agree(work, terms(family), None)).value
    with pytest.raises(Problem, match="not of this account"):
        books.read(lambda work: plan_basis(work, _sol(work, family), first.plan.plan_id))


def _sol(work: Work, family: Family) -> int:
    found = select(Patient.id).where(Patient.guarantor_id == family.stranger)
    return work.db.scalars(found).one()
