"""Invoices: what they ask for, one live invoice a charge, statuses that follow from the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.charge import Charge
from fscdesk.models.document import DocumentKind, SentBy
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus, InvoiceStyle
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.patient import Guarantor
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.documents import document_bytes, kept
from fscdesk.services.billing.invoice_listing import ShownStatus, invoice_lines
from fscdesk.services.billing.invoice_policies import AUTOMATICALLY
from fscdesk.services.billing.invoices import (
    Chosen,
    InvoicesMade,
    NotInvoiced,
    Terms,
    invoice_completed,
    make_invoices,
    mark_invoice,
    mark_viewed,
    plan_invoices,
    send_invoices,
    void_invoice,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.posting import About, Draft, Leg, post
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.work import Topic, Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.invoices import (
    invoiced,
    listed,
    open_practice,
    sent,
    session_of,
    set_to,
    text_of_page,
    version_of,
)
from tests.support.payments import Till, pay, received, verify

TODAY = date(2026, 4, 12)


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges, and addresses."""
    return books.write(open_practice).value


def pay_all(books: Office, till: Till, *amounts: int) -> None:
    parts = [
        Application(charge, Money(cents))
        for charge, cents in zip(till.copays, amounts, strict=False)
        if cents
    ]
    received(books, pay(till, sum(amounts), *parts))


# Making


def test_one_bill_for_each_client_asks_for_the_clients_share(books: Office, till: Till) -> None:
    made = invoiced(books)
    assert [(one.number, one.amount.plain(), one.charges) for one in made.invoices] == [
        ("INV-2026-00001", "60.00", 2),
        ("INV-2026-00002", "160.00", 1),
    ]
    row = listed(books)["INV-2026-00001"]
    assert (row.status, row.issued_on, row.due_on) == (
        ShownStatus.DRAFT,
        TODAY,
        date(2026, 5, 12),
    )
    alma, ben = (text_of_page(books, one.document_id) for one in made.invoices)
    assert "INV-2026-00001" in alma
    assert "$60.00" in alma
    assert "your share" in alma
    assert "Net 30" in alma
    assert "130.00" not in alma  # the payer has not answered: nothing is said of its share
    assert "Alma Anyone" in alma
    assert "Ben Somebody" not in alma
    assert "$160.00" in ben
    verify(books)


def test_a_page_shows_what_the_payer_did_once_it_has_settled(books: Office, till: Till) -> None:
    def settle(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        about = About(charge.patient_id, charge.guarantor_id, charge.session_id, charge.id,
                      charge.payer_id, charge.provider_id)  # fmt: skip
        paid = (Leg("1050", 90_00, Part.INSURANCE_PAID), Leg("1110", -90_00, Part.INSURANCE_PAID))
        off = (Leg("4900", 40_00, Part.WRITE_OFF), Leg("1110", -40_00, Part.WRITE_OFF))
        post(work, Draft(TODAY, EntryKind.RECEIPT, "paid", paid, about))
        post(work, Draft(TODAY, EntryKind.ADJUSTMENT, "contract", off, about))

    books.write(settle)
    made = invoiced(books, Chosen(charge_ids=(till.copays[0],)), Terms(InvoiceStyle.DETAILED))
    text = text_of_page(books, made.invoices[0].document_id)
    for words in ("160.00", "−90.00", "−40.00", "$30.00", "90837"):
        assert words in text
    assert "your share" not in text


@pytest.mark.parametrize("style", InvoiceStyle)
def test_each_style_asks_for_the_same(books: Office, till: Till, style: InvoiceStyle) -> None:
    pay_all(books, till, 10_00)
    made = invoiced(books, Chosen(guarantor_ids=(till.alma_pays,)), Terms(style, 14, note="March"))
    (one,) = made.invoices
    text = text_of_page(books, one.document_id)
    assert one.amount == Money(50_00)
    assert "$50.00" in text
    assert "−10.00" in text
    assert "Net 14" in text
    assert ("90837" in text.replace("Service 90837", "")) is (style is InvoiceStyle.DETAILED)


def test_less_than_the_minimum_is_stated_and_not_made(books: Office, till: Till) -> None:
    pay_all(books, till, 30_00, 20_01)
    plan = books.read(lambda work: plan_invoices(work, Chosen()))
    assert [one.amount for one in plan.invoices] == [Money(160_00)]
    (left,) = plan.left_out
    assert (left.reason_code, left.amount) == (NotInvoiced.BELOW_MINIMUM, Money(9_99))
    assert left.reason == "9.99 in all, less than the smallest invoice of 10.00"
    alone = Chosen(guarantor_ids=(till.alma_pays,))
    with pytest.raises(Problem, match=r"nothing to invoice\. 9\.99 in all"):
        invoiced(books, alone)
    assert invoiced(books, alone, Terms(minimum=Money())).total == Money(9_99)


def test_given_charges_say_why_they_are_not_invoiced(books: Office, till: Till) -> None:
    pay_all(books, till, 30_00)
    invoiced(books, Chosen(charge_ids=(till.own,)))
    plan = books.read(lambda work: plan_invoices(work, Chosen((*till.copays, till.own))))
    assert [line.charge_id for line in plan.invoices[0].lines] == [till.copays[1]]
    assert {one.charge_id: one.reason for one in plan.left_out} == {
        till.copays[0]: "Nothing of it is the client's to pay",
        till.own: "On invoice INV-2026-00001 already",
    }
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: plan_invoices(work, Chosen(charge_ids=(9_999,))))


def test_who_is_not_billed_gets_none(books: Office, till: Till) -> None:
    def quiet(work: Work) -> None:
        work.db.get_one(Guarantor, till.ben_pays).do_not_bill = True

    books.write(quiet)
    plan = books.read(lambda work: plan_invoices(work, Chosen()))
    assert [one.reason_code for one in plan.left_out] == [NotInvoiced.DO_NOT_BILL]
    assert [one.patient_id for one in plan.invoices] == [till.alma]


def test_days_of_service_narrow_it(books: Office, till: Till) -> None:
    plan = books.read(
        lambda work: plan_invoices(work, Chosen(first=date(2026, 3, 3), last=date(2026, 3, 8)))
    )
    assert [one.patient_id for one in plan.invoices] == [till.ben]
    with pytest.raises(Problem, match="cannot begin"):
        books.read(lambda work: plan_invoices(work, Chosen(first=TODAY, last=date(2026, 1, 1))))
    with pytest.raises(Problem, match="cannot be due after 366 days"):
        books.read(lambda work: plan_invoices(work, Chosen(), Terms(net_days=366)))


def test_a_charge_stands_on_one_live_invoice(books: Office, till: Till) -> None:
    (made,) = invoiced(books, Chosen(charge_ids=(till.own,))).invoices

    def again(work: Work) -> None:
        line = InvoiceLine(
            invoice_id=made.id, position=9, charge_id=till.own, live=till.own, amount=Money(1)
        )
        work.db.add(line)

    with pytest.raises(IntegrityError):
        books.write(again)


def test_who_saw_another_list_makes_nothing(books: Office, till: Till) -> None:
    plan = books.read(lambda work: plan_invoices(work, Chosen()))
    pay_all(books, till, 5_00)
    with pytest.raises(ChangedElsewhere, match="changed after this list"):
        books.write(lambda work: make_invoices(work, plan))
    assert listed(books) == {}


def test_the_same_key_makes_them_once(books: Office, till: Till) -> None:
    first = invoiced(books, key="k1")
    plan = books.read(lambda work: plan_invoices(work, Chosen()))
    again = books.write(lambda work: make_invoices(work, plan, request_key="k1")).value
    assert again.repeated
    assert again.invoices == first.invoices
    assert len(listed(books)) == 2


def test_of_two_desks_one_wins(books: Office, till: Till) -> None:
    plan = books.read(lambda work: plan_invoices(work, Chosen()))

    def act(_desk: int) -> InvoicesMade | Problem:
        try:
            return books.write(lambda work: make_invoices(work, plan)).value
        except Problem as told:
            return told

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(act, range(2)))
    assert sorted(isinstance(one, Problem) for one in done) == [False, True]
    assert len(listed(books)) == 2


def test_an_invoice_and_a_payment_at_once_agree(books: Office, till: Till) -> None:
    new = pay(till, 100_00, Application(till.own, Money(100_00)))

    def bill() -> int:
        try:
            return len(invoiced(books).invoices)
        except ChangedElsewhere:
            return len(invoiced(books).invoices)

    with ThreadPoolExecutor(2) as pool:
        billed, paid = pool.submit(bill), pool.submit(lambda: received(books, new))
        assert (billed.result(), paid.result().applied) == (2, Money(100_00))
    assert listed(books)["INV-2026-00002"].open == Money(60_00)
    verify(books)


def test_making_leaves_nothing_half_done(books: Office, till: Till) -> None:
    plan = books.read(lambda work: plan_invoices(work, Chosen()))
    done = assert_all_or_nothing(books, lambda work: make_invoices(work, plan))
    assert Topic.INVOICES in done.topics
    assert [one.number for one in done.value.invoices] == ["INV-2026-00001", "INV-2026-00002"]
    verify(books)


# Its life


def test_statuses_follow_from_the_ledger(books: Office, till: Till, clock: Clock) -> None:
    (made,) = sent(books, Chosen(guarantor_ids=(till.alma_pays,))).invoices

    def status(**how: object) -> ShownStatus:
        return listed(books, **how)[made.number].status

    assert status() is ShownStatus.SENT
    books.write(lambda work: mark_viewed(work, made.id, expected_version=2))
    assert status() is ShownStatus.VIEWED
    clock.forward(days=30)
    assert status() is ShownStatus.VIEWED  # due that very day
    clock.forward(days=1)
    assert status() is ShownStatus.OVERDUE
    assert listed(books)[made.number].days_overdue == 1
    assert status(as_of=TODAY) is ShownStatus.VIEWED
    new = pay(till, 60_00, Application(till.copays[0], Money(30_00)))
    received(books, new)  # dated 10 April: before the invoice was made
    assert status(as_of=TODAY) is ShownStatus.PARTIAL
    assert status() is ShownStatus.OVERDUE
    assert listed(books)[made.number].open == Money(30_00)
    pay_all(books, till, 0, 30_00)
    assert status() is ShownStatus.PAID
    assert listed(books, as_of=date(2026, 4, 11)) == {}
    assert books.read(lambda work: [one.open for one in invoice_lines(work, made.id)]) == [
        Money(),
        Money(),
    ]
    verify(books)


def test_a_past_day_shows_what_was_open_then(books: Office, till: Till, clock: Clock) -> None:
    (made,) = sent(books, Chosen(charge_ids=(till.own,))).invoices
    clock.forward(days=20)
    late = pay(till, 100_00, Application(till.own, Money(100_00)), posted_on=date(2026, 5, 1))
    received(books, late)
    assert listed(books)[made.number].open == Money(60_00)
    assert listed(books, as_of=date(2026, 4, 30))[made.number].open == Money(160_00)
    assert listed(books, as_of=date(2026, 5, 1))[made.number].status is ShownStatus.PARTIAL


def test_voiding_frees_the_charges_and_marks_the_page(books: Office, till: Till) -> None:
    (made,) = sent(books, Chosen(charge_ids=(till.own,))).invoices
    original = books.read(lambda work: document_bytes(work, made.document_id))
    assert_all_or_nothing(
        books,
        lambda work: void_invoice(work, made.id, "wrong style", expected_version=2),
    )
    row = listed(books)[made.number]
    assert (row.status, row.void_reason) == (ShownStatus.VOID, "wrong style")
    assert (row.amount, row.open) == (Money(160_00), ZERO), "a void bill asks for nothing"
    pages = books.read(lambda work: kept(work, DocumentKind.INVOICE, made.id))
    assert [one.number for one in pages] == ["INV-2026-00001-2", "INV-2026-00001"]
    void = text_of_page(books, pages[0].id)
    assert "VOID" in void
    assert "wrong style" in void
    assert books.read(lambda work: document_bytes(work, made.document_id)) == original
    again = invoiced(books, Chosen(charge_ids=(till.own,)))
    assert again.invoices[0].number == "INV-2026-00002"
    with pytest.raises(Problem, match="is void already"):
        books.write(lambda work: void_invoice(work, made.id, "x", expected_version=3))
    with pytest.raises(Problem, match="is void"):
        books.write(lambda work: send_invoices(work, [made.id], SentBy.PRINT))
    verify(books)


def test_voiding_needs_a_reason_and_the_version_that_was_seen(books: Office, till: Till) -> None:
    (made,) = sent(books, Chosen(charge_ids=(till.own,))).invoices
    with pytest.raises(Problem, match="reason is missing"):
        books.write(lambda work: void_invoice(work, made.id, " ", expected_version=2))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: void_invoice(work, made.id, "late", expected_version=1))


def test_collections_and_back(books: Office, till: Till) -> None:
    (made,) = sent(books, Chosen(charge_ids=(till.own,))).invoices
    books.write(lambda work: mark_invoice(work, made.id, InvoiceStatus.COLLECTIONS))
    assert listed(books)[made.number].status is ShownStatus.COLLECTIONS
    books.write(lambda work: mark_invoice(work, made.id, InvoiceStatus.SENT))
    assert listed(books)[made.number].status is ShownStatus.SENT
    books.write(lambda work: mark_invoice(work, made.id, InvoiceStatus.WRITTEN_OFF))
    assert listed(books)[made.number].status is ShownStatus.WRITTEN_OFF


def test_what_an_agency_holds_is_still_open(books: Office, till: Till) -> None:
    (made,) = sent(books, Chosen(charge_ids=(till.own,))).invoices

    def hand_over(work: Work) -> None:
        charge = work.db.get_one(Charge, till.own)
        about = About(charge.patient_id, charge.guarantor_id, charge.session_id, charge.id)
        legs = (Leg("1130", 160_00, Part.AGENCY), Leg("1100", -160_00, Part.AGENCY))
        post(work, Draft(TODAY, EntryKind.AGENCY, "to the agency", legs, about))
        mark_invoice(work, made.id, InvoiceStatus.COLLECTIONS)

    books.write(hand_over)
    row = listed(books)[made.number]
    assert (row.status, row.open) == (ShownStatus.COLLECTIONS, Money(160_00))


def test_only_what_was_sent_can_have_been_looked_at(books: Office, till: Till) -> None:
    (made,) = invoiced(books, Chosen(charge_ids=(till.own,))).invoices
    with pytest.raises(Problem, match="is draft"):
        books.write(lambda work: mark_viewed(work, made.id, expected_version=1))


def test_sending_and_looking_are_all_or_nothing(books: Office, till: Till) -> None:
    made = invoiced(books)
    ids = [one.id for one in made.invoices]
    done = assert_all_or_nothing(books, lambda work: send_invoices(work, ids, SentBy.FILE))
    assert done.value == 2
    assert Topic.INVOICES in done.topics
    again = books.write(lambda work: send_invoices(work, ids, SentBy.PRINT))
    assert again.value == 0
    assert_all_or_nothing(books, lambda work: mark_viewed(work, ids[0], expected_version=2))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: mark_viewed(work, ids[1], expected_version=1))


# By itself


def test_sessions_that_complete_are_invoiced_if_the_practice_wants(
    books: Office, till: Till
) -> None:
    sessions = books.read(lambda work: [session_of(work, one) for one in till.copays])
    assert books.write(lambda work: invoice_completed(work, sessions)).value is None
    set_to(books, AUTOMATICALLY, True)
    made = assert_all_or_nothing(books, lambda work: invoice_completed(work, sessions)).value
    assert made is not None
    assert [(one.patient_id, one.charges) for one in made.invoices] == [(till.alma, 2)]
    assert books.write(lambda work: invoice_completed(work, sessions)).value is None
    assert books.write(lambda work: invoice_completed(work, [])).value is None


# Rights


def test_without_the_right_nothing_is_made_or_shown(books: Office, till: Till) -> None:
    (made,) = sent(books, Chosen(charge_ids=(till.own,))).invoices
    version = version_of(books, made.id)
    books.write(lambda work: work.db.execute(delete(RoleRight)))
    for act in (
        lambda work: plan_invoices(work, Chosen()),
        lambda work: send_invoices(work, [made.id], SentBy.PRINT),
        lambda work: mark_viewed(work, made.id, expected_version=version),
        lambda work: void_invoice(work, made.id, "x", expected_version=version),
        lambda work: document_bytes(work, made.document_id),
    ):
        with pytest.raises(Problem, match="You may not"):
            books.write(act)
    assert books.read(lambda work: work.db.scalars(select(Invoice.status)).all()) == [
        InvoiceStatus.SENT
    ]
