"""Work for many at once is one item: there while something waits, and for who may do it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.billing.invoices import SentBy, send_invoices
from fscdesk.services.billing.statement_sending import mark_sent, unsent
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.billing.write_off_runs import ask_run, plan_write_offs
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.keeping_items import set_done
from fscdesk.services.queue.listing_items import item_counts
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.invoices import invoiced, open_practice
from tests.support.payments import pay, received
from tests.support.plans import noon, open_family, planned, six_months
from tests.support.queue_items import items_now, kinds_now
from tests.support.second_person import nobody, second_person
from tests.support.small_balances import COUNT, TOTAL, seed_small_balances


def test_the_months_statements_wait_until_a_run_is_made_and_then_to_be_sent(
    books: Office,
) -> None:
    books.write(open_practice)
    waits = kinds_now(books)[ItemKind.STATEMENT_RUN]
    today = books.read(lambda work: work.today())
    plan = books.read(lambda work: plan_statements(work, as_of=today))
    assert (waits.key, waits.amount) == ("statement_run:all", plan.total)
    assert waits.about.startswith(f"{len(plan.recipients)} accounts would get one")
    assert {one.words for one in waits.lines} <= {one.name for one in plan.recipients}
    assert waits.since == today.replace(day=1)
    assert dict(waits.opens.asked) == {"tab": "statements", "proof": True}
    made = books.write(lambda work: make_statements(work, plan)).value
    found = kinds_now(books)
    assert ItemKind.STATEMENT_RUN not in found
    assert found[ItemKind.STATEMENTS].about.startswith(f"{len(made.statements)} statements")
    assert found[ItemKind.STATEMENTS].amount == made.total
    ids = [row.id for row in books.read(unsent)]
    books.write(lambda work: mark_sent(work, ids, how=SentBy.PRINT))
    assert ItemKind.STATEMENTS not in kinds_now(books)


def test_the_next_month_waits_again(books: Office, clock: Clock) -> None:
    books.write(open_practice)

    def run(work: Work) -> None:
        make_statements(work, plan_statements(work, as_of=work.today()))

    books.write(run)
    assert ItemKind.STATEMENT_RUN not in kinds_now(books)
    clock.set(datetime(2026, 6, 1, 15, tzinfo=UTC))
    assert ItemKind.STATEMENT_RUN in kinds_now(books)


def test_a_write_off_run_waits_for_the_second_person_alone(books: Office) -> None:
    books.write(seed_small_balances)
    clerk = second_person(books, Role.BILLING_CLERK, name="Cleo Clerkson")
    manager = second_person(books, Role.BILLING_MANAGER, name="Mara Nager")
    listed = kinds_now(clerk)[ItemKind.WRITE_OFF]
    assert (len(listed.lines), listed.amount.cents) == (min(COUNT, 8), TOTAL)
    assert listed.since == date(2025, 10, 6)
    asked = clerk.write(
        lambda work: ask_run(work, plan_write_offs(work), reason="as every month")
    ).value
    assert ItemKind.WRITE_OFF not in kinds_now(clerk)
    assert ItemKind.APPROVAL not in kinds_now(clerk)
    row = kinds_now(manager)[ItemKind.APPROVAL]
    assert dict(row.opens.asked) == {"tab": "write_offs", "request": asked.request_id}
    assert (row.amount.cents, row.urgency) == (TOTAL, Urgency.HIGH)
    assert "Cleo Clerkson" in row.about


def test_a_returned_check_opens_its_charge_again_in_the_queue(books: Office) -> None:
    till = books.write(open_practice).value
    assert ItemKind.RETURNED not in kinds_now(books)
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
    row = kinds_now(books)[ItemKind.RETURNED]
    assert (len(row.lines), row.amount.cents) == (1, 30_00)
    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    assert ItemKind.RETURNED not in kinds_now(books)


def test_invoices_wait_to_be_sent_and_overdue_ones_to_be_reminded_of(
    books: Office, clock: Clock
) -> None:
    books.write(open_practice)
    made = invoiced(books)
    drafts = kinds_now(books)[ItemKind.INVOICE_DRAFT]
    assert drafts.about.startswith(f"{len(made.invoices)} invoice")
    ids = [one.id for one in made.invoices]
    books.write(lambda work: send_invoices(work, ids, SentBy.PRINT))
    assert ItemKind.INVOICE_DRAFT not in kinds_now(books)
    assert ItemKind.REMINDER not in kinds_now(books)
    clock.set(datetime(2026, 6, 1, 15, tzinfo=UTC))
    assert kinds_now(books)[ItemKind.REMINDER].lines


def test_a_missed_instalment_and_an_old_balance_wait(books: Office, clock: Clock) -> None:
    family = books.write(open_family).value
    planned(books, six_months(family))
    assert ItemKind.INSTALMENT not in kinds_now(books)
    clock.set(noon(date(2026, 6, 20)))
    found = kinds_now(books)
    assert found[ItemKind.INSTALMENT].urgency is Urgency.HIGH
    assert found[ItemKind.COLLECTION].lines[0].words == "Sol Somebody"


def test_nobody_sees_what_he_may_not_do(books: Office) -> None:
    books.write(seed_small_balances)
    found = items_now(books)
    assert books.read(item_counts).views["all"] == len(found) > 0
    stranger = nobody(books)
    assert items_now(stranger) == ()
    assert stranger.read(item_counts).views["all"] == 0


def test_an_item_keeps_its_number_from_look_to_look(books: Office) -> None:
    books.write(seed_small_balances)
    ids = [one.id for one in items_now(books)]
    assert len(set(ids)) == len(ids)
    assert [one.id for one in items_now(books)] == ids


def test_a_group_can_sleep_and_wakes_when_more_comes(books: Office) -> None:
    books.write(open_practice)
    made = invoiced(books)
    key = kinds_now(books)[ItemKind.INVOICE_DRAFT].key
    books.write(lambda work: set_done(work, [key]))
    assert ItemKind.INVOICE_DRAFT not in kinds_now(books)
    assert [one.key for one in items_now(books, "done")] == [key]
    books.write(lambda work: send_invoices(work, [made.invoices[0].id], SentBy.PRINT))
    assert ItemKind.INVOICE_DRAFT in kinds_now(books), "another number of them is another thing"
