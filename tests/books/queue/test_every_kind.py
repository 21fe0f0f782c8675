"""Work that no other test here makes, made through the services, and closed by what made it.

What claims, remittances and
groups make is in the files of their names.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fscdesk.models.session import BillingStatus
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.billing.write_off_runs import ask_run, plan_write_offs
from fscdesk.services.claims.authorization_rows import (
    AuthorizationFilter,
    page_of_authorizations,
)
from fscdesk.services.claims.authorizations import edit_authorization
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.approving import refuse
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.reading_items import READERS
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Work
from tests.support.claims import add_authorization, add_claim_desk, ready
from tests.support.invoices import open_practice
from tests.support.payments import pay, received
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.queue_items import items_of, kinds_now
from tests.support.second_person import second_person
from tests.support.small_balances import TOTAL, seed_small_balances

NAMED_BY_THE_OFFICE = {
    "unbilled": ItemKind.UNBILLED,
    "undocumented": ItemKind.UNDOCUMENTED,
    "missing data": ItemKind.NOT_READY,
    "rejected": ItemKind.REJECTED,
    "denied": ItemKind.DENIED,
    "silent": ItemKind.SILENT,
    "deadline near": ItemKind.DEADLINE,
    "remittance lines unmatched": ItemKind.UNPOSTED,
    "money unallocated": ItemKind.CREDIT,
    "1060 open": ItemKind.CLEARING,
    "recoupments": ItemKind.RECOUPMENT,
    "credit balances": ItemKind.OVERPAID,
    "authorizations": ItemKind.AUTHORIZATION,
    "plans missed": ItemKind.INSTALMENT,
    "approvals": ItemKind.APPROVAL,
}


def test_what_the_office_calls_work_has_its_kind_and_reader() -> None:
    read = {kind for reader in READERS for kind in reader.kinds}
    assert set(NAMED_BY_THE_OFFICE.values()) <= read


def test_missing_data_waits_until_the_session_is_ready(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    session = books.write(lambda work: ready(work, desk, status=BillingStatus.DOCUMENTED)).value
    (found,) = items_of(books, ItemKind.NOT_READY)
    assert (found.session_id, found.amount) == (session, Money(130_00))
    assert items_of(books, ItemKind.UNBILLED) == []
    books.write(
        lambda work: change_billing_status(
            work, [session], BillingStatus.READY_TO_BILL, reason="the policy is typed in"
        )
    )
    assert items_of(books, ItemKind.NOT_READY) == []
    assert [one.session_id for one in items_of(books, ItemKind.UNBILLED)] == [session]


def test_what_simplepractice_calls_paid_waits_in_1060_and_too_much_is_overpaid(
    books: Office,
) -> None:
    def paid(work: Work, insurance: int, said: int) -> int:
        return add_session(
            work,
            add_patient(work, "Quill Fakerson"),
            add_provider(work, "Testa Fernsample"),
            payer=add_payer(work, "Imaginary Blue"),
            day=date(2026, 3, 3),
            insurance=insurance,
            insurance_paid=said,
            paid_on=date(2026, 4, 1),
            status=BillingStatus.PAID,
        )

    assert items_of(books, ItemKind.CLEARING) == []
    session = books.write(lambda work: paid(work, 90_00, 100_00)).value
    (open_,) = items_of(books, ItemKind.CLEARING)
    assert (open_.session_id, open_.amount, open_.opens.place) == (
        session,
        Money(100_00),
        "payments",
    )
    (over,) = items_of(books, ItemKind.OVERPAID)
    assert (over.session_id, over.amount) == (session, Money(10_00))
    assert over.due_on is not None


def test_a_credit_waits_while_it_is_there(books: Office) -> None:
    till = books.write(open_practice).value
    done = received(books, pay(till, 50_00, Application(till.copays[0], Money(30_00))))
    (found,) = items_of(books, ItemKind.CREDIT)
    assert found.amount == Money(20_00)
    books.write(
        lambda work: return_payment(
            work, done.payment_id, on=work.today(), reason="no funds", expected_version=1
        )
    )
    assert items_of(books, ItemKind.CREDIT) == []


def test_an_authorization_waits_until_there_is_more_of_it(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    one = books.write(lambda work: add_authorization(work, desk.alma, desk.payer, granted=2)).value
    (found,) = items_of(books, ItemKind.AUTHORIZATION)
    assert found.key == f"authorization:{one}"
    assert found.patient_id == desk.alma
    asks = AuthorizationFilter(view="asks")
    row = books.read(lambda work: page_of_authorizations(work, asks, Span(0, 9, "to"))).rows[0]
    more = replace(row.fields, granted=40)
    books.write(lambda work: edit_authorization(work, one, more, expected_version=row.version))
    assert items_of(books, ItemKind.AUTHORIZATION) == []


def test_a_decision_waits_until_it_is_taken(books: Office) -> None:
    books.write(seed_small_balances)
    clerk = second_person(books, Role.BILLING_CLERK, name="Cleo Clerkson")
    manager = second_person(books, Role.BILLING_MANAGER, name="Mara Nager")
    asked = clerk.write(
        lambda work: ask_run(work, plan_write_offs(work), reason="as every month")
    ).value
    found = kinds_now(manager)[ItemKind.APPROVAL]
    assert (found.key, found.amount.cents) == (f"approval:{asked.request_id}", TOTAL)
    assert ItemKind.APPROVAL not in kinds_now(clerk), "nobody decides his own"
    request = asked.request_id
    assert request is not None
    manager.write(lambda work: refuse(work, request, note="ask", expected_version=1))
    assert ItemKind.APPROVAL not in kinds_now(manager)
