"""The work queue: each kind is there only while something waits, and only for who may do it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fscdesk.models.staff import Role
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.invoices import SentBy, send_invoices
from fscdesk.services.billing.statement_sending import mark_sent, unsent
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.billing.write_off_runs import ask_run, plan_write_offs
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.queue.waiting import Kind, Urgency, Waiting, queue, waiting_count
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.invoices import invoiced, open_practice
from tests.support.payments import pay, received
from tests.support.plans import noon, open_family, planned, six_months
from tests.support.second_person import nobody, second_person
from tests.support.small_balances import COUNT, TOTAL, seed_small_balances


def rows(books: Office) -> dict[Kind, Waiting]:
    return {row.kind: row for row in books.read(queue).rows}


def test_an_empty_practice_has_nothing_to_do(books: Office) -> None:
    assert books.read(queue).rows == ()
    assert books.read(queue).amount == ZERO


def test_the_months_statements_wait_until_a_run_is_made_and_then_to_be_sent(
    books: Office,
) -> None:
    books.write(open_practice)
    waits = rows(books)[Kind.STATEMENT_RUN]
    today = books.read(lambda work: work.today())
    plan = books.read(lambda work: plan_statements(work, as_of=today))
    assert (waits.count, waits.amount) == (len(plan.recipients), plan.total)
    assert waits.oldest == today.replace(day=1)
    assert dict(waits.opens.asked) == {"tab": "statements", "proof": True}
    made = books.write(lambda work: make_statements(work, plan)).value
    found = rows(books)
    assert Kind.STATEMENT_RUN not in found
    assert found[Kind.STATEMENT_UNSENT].count == len(made.statements)
    assert found[Kind.STATEMENT_UNSENT].amount == made.total
    ids = [row.id for row in books.read(unsent)]
    books.write(lambda work: mark_sent(work, ids, how=SentBy.PRINT))
    assert Kind.STATEMENT_UNSENT not in rows(books)


def test_the_next_month_waits_again(books: Office, clock: Clock) -> None:
    books.write(open_practice)

    def run(work: Work) -> None:
        make_statements(work, plan_statements(work, as_of=work.today()))

    books.write(run)
    assert Kind.STATEMENT_RUN not in rows(books)
    clock.set(datetime(2026, 6, 1, 15, tzinfo=UTC))
    assert Kind.STATEMENT_RUN in rows(books)


def test_a_write_off_run_waits_for_the_second_person_alone(books: Office) -> None:
    books.write(seed_small_balances)
    clerk = second_person(books, Role.BILLING_CLERK, name="Cleo Clerkson")
    manager = second_person(books, Role.BILLING_MANAGER, name="Mara Nager")
    listed = rows(clerk)[Kind.WRITE_OFF]
    assert (listed.count, listed.amount.cents) == (COUNT, TOTAL)
    assert listed.oldest == date(2025, 10, 6)
    asked = clerk.write(
        lambda work: ask_run(work, plan_write_offs(work), reason="as every month")
    ).value
    assert Kind.WRITE_OFF not in rows(clerk)
    assert Kind.REQUEST not in rows(clerk)
    row = rows(manager)[Kind.REQUEST]
    assert dict(row.opens.asked) == {"tab": "write_offs", "request": asked.request_id}
    assert (row.count, row.amount.cents, row.urgency) == (COUNT, TOTAL, Urgency.HIGH)
    assert "Cleo Clerkson" in row.why


def test_a_returned_check_opens_its_charge_again_in_the_queue(books: Office) -> None:
    till = books.write(open_practice).value
    assert Kind.RETURNED not in rows(books)
    done = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    books.write(
        lambda work: return_payment(
            work,
            done.payment_id,
            on=work.today(),
            reason="no funds",
            expected_version=1,
        )
    )
    row = rows(books)[Kind.RETURNED]
    assert (row.count, row.amount.cents) == (1, 30_00)
    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    assert Kind.RETURNED not in rows(books)


def test_invoices_wait_to_be_sent_and_overdue_ones_to_be_reminded_of(
    books: Office, clock: Clock
) -> None:
    books.write(open_practice)
    made = invoiced(books)
    assert rows(books)[Kind.INVOICE_DRAFT].count == len(made.invoices)
    ids = [one.id for one in made.invoices]
    books.write(lambda work: send_invoices(work, ids, SentBy.PRINT))
    assert Kind.INVOICE_DRAFT not in rows(books)
    assert Kind.REMINDER not in rows(books)
    clock.set(datetime(2026, 6, 1, 15, tzinfo=UTC))
    assert rows(books)[Kind.REMINDER].count >= 1


def test_a_missed_instalment_and_an_old_balance_wait(books: Office, clock: Clock) -> None:
    family = books.write(open_family).value
    planned(books, six_months(family))
    assert Kind.INSTALMENT not in rows(books)
    clock.set(noon(date(2026, 6, 20)))
    found = rows(books)
    assert found[Kind.INSTALMENT].count == 1
    assert found[Kind.INSTALMENT].urgency is Urgency.HIGH
    assert found[Kind.COLLECTION].lines[0].words == "Sol Somebody"


def test_the_count_is_that_of_the_list_and_nobody_sees_what_he_may_not_do(
    books: Office,
) -> None:
    books.write(seed_small_balances)
    assert books.read(waiting_count) >= len(books.read(queue).rows) > 0
    stranger = nobody(books)
    assert stranger.read(queue).rows == ()
    assert stranger.read(waiting_count) == 0


@pytest.mark.parametrize("look", [1, 2])
def test_a_row_keeps_its_id_from_look_to_look(books: Office, look: int) -> None:
    books.write(seed_small_balances)
    ids = [row.id for row in books.read(queue).rows]
    assert len(set(ids)) == len(ids)
    for _ in range(look):
        assert [row.id for row in books.read(queue).rows] == ids
