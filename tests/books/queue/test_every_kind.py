"""Work that no other test here makes, made through the services, and closed by what made it.

What claims, portals, remittances and groups make is in the files of their names.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import BillingStatus
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.billing.statement_holds import hold, release
from fscdesk.services.billing.statements import Flag, plan_statements
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
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.refunding import cancel_refund, pay_refund
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.reading_items import READERS
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Work
from tests.support.claims import add_authorization, add_claim_desk, ready
from tests.support.clock import Clock
from tests.support.invoices import open_practice
from tests.support.month_of_statements import seed_statements
from tests.support.payment_acts import asked, unapplied
from tests.support.payments import open_till, pay, received
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.queue_items import items_of, kinds_now
from tests.support.remittances_made import claim, kept, line, remittance
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

    def comes(work: Work) -> None:
        charge = work.db.scalars(select(Charge)).one()
        receive(
            work,
            NewPayment(
                Money(100_00),
                PaymentMethod.CHECK,
                work.today(),
                payer_id=charge.payer_id,
                applications=(
                    Application(charge.id, Money(100_00), Side.INSURANCE, recorded=True),
                ),
            ),
        )

    books.write(comes)
    assert items_of(books, ItemKind.CLEARING) == []
    assert len(items_of(books, ItemKind.OVERPAID)) == 1, "the money came, and it is still too much"


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


def test_what_a_payer_paid_too_much_waits_until_it_is_taken_back(books: Office) -> None:
    till = books.write(open_till).value
    copay = Cas("PR", "3", 30_00)
    right = claim(1, line(till.copays[0], 100_00, Cas("CO", "45", 30_00), copay))
    more = claim(1, line(till.copays[0], 10_00, Cas("CO", "45", 120_00), copay), payer_number="B")

    def post(work: Work) -> int:
        for trace, said in (("EFT0001", right), ("EFT0002", more)):
            one = kept(work, remittance(till.payer, said, trace=trace))
            post_remittance(work, one, agreed=[1])
        return one

    one = books.write(post).value
    (over,) = items_of(books, ItemKind.OVERPAID)
    assert over.key == f"overpaid:{till.copays[0]}"
    assert over.amount == Money(10_00)
    books.write(lambda work: undo_remittance(work, one, "another client's"))
    assert items_of(books, ItemKind.OVERPAID) == []


def test_a_refund_waits_until_it_is_paid_or_let_go(books: Office) -> None:
    till = books.write(open_till).value
    credit = unapplied(books, till).credit_id
    first, second = asked(books, credit, 30_00), asked(books, credit, 20_00)
    found = {one.key: one.amount.cents for one in items_of(books, ItemKind.REFUND)}
    assert found == {f"refund:{first.refund_id}": 30_00, f"refund:{second.refund_id}": 20_00}
    books.write(
        lambda work: pay_refund(
            work, first.refund_id, on=work.today(), reference="2001", expected_version=first.version
        )
    )
    (left,) = items_of(books, ItemKind.REFUND)
    assert left.key == f"refund:{second.refund_id}"
    books.write(
        lambda work: cancel_refund(
            work, second.refund_id, reason="applied instead", expected_version=second.version
        )
    )
    assert items_of(books, ItemKind.REFUND) == []


def test_a_statement_that_is_held_waits_until_its_cause_is_gone(
    books: Office, clock: Clock
) -> None:
    clock.set(datetime(2026, 4, 1, 15, tzinfo=UTC))
    books.write(lambda work: seed_statements(work, count=12))
    plan = books.read(lambda work: plan_statements(work, as_of=date(2026, 4, 1)))
    just, bare = (
        next(one.guarantor_id for one in plan.recipients if flag in one.flags)
        for flag in (Flag.JUST_PAID, Flag.NO_ADDRESS)
    )
    assert items_of(books, ItemKind.STATEMENT_HELD) == []
    causes: dict[int, frozenset[Flag]] = {
        just: frozenset({Flag.JUST_PAID}),
        bare: frozenset({Flag.NO_ADDRESS}),
    }
    books.write(lambda work: hold(work, causes))
    (found,) = items_of(books, ItemKind.STATEMENT_HELD)
    assert len(found.lines) == 2
    clock.set(datetime(2026, 4, 20, 15, tzinfo=UTC))
    (found,) = items_of(books, ItemKind.STATEMENT_HELD)
    assert len(found.lines) == 1, "what was just paid then is long paid"
    books.write(lambda work: release(work, [bare]))
    assert items_of(books, ItemKind.STATEMENT_HELD) == []
