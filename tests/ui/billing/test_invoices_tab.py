"""The Invoices tab: made from a plan, sent, overdue, voided; each act is one transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from fscdesk.models.charge import Charge
from fscdesk.services.billing.invoice_following import follow_charges
from fscdesk.services.billing.invoice_listing import InvoiceFilter, page_of_invoices
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.books.payments.test_carrying import charge_again
from tests.support.clock import Clock
from tests.support.invoices import invoiced
from tests.support.payments import Till
from tests.support.pdf import page_texts
from tests.support.robots.billing import BillingRobot, proves


def statuses(books: Office) -> list[str]:
    page = books.read(lambda work: page_of_invoices(work, InvoiceFilter(), Span(0, 99, "number")))
    return [row.status.value for row in page.rows]


def test_all_that_is_on_no_invoice_is_planned_and_made(billing: BillingRobot) -> None:
    billing.opens("statements", tab="invoices")
    assert list(billing.column("number")) == []
    billing.does("Ctrl+N")
    planned = list(billing.column("who"))
    assert planned
    assert statuses(billing.office) == []
    assert billing.button() == f"Make {len(planned)} invoice{'s' if len(planned) > 1 else ''}"
    billing.does("Ctrl+Return")
    assert statuses(billing.office) == ["draft"] * len(planned)
    assert "None is sent yet." in billing.newest().text
    assert list(billing.column("status")) == ["Draft"] * len(planned)
    proves(billing.office)


def test_ticked_invoices_are_marked_as_sent_and_logged(billing: BillingRobot) -> None:
    made = invoiced(billing.office)
    billing.opens("statements", tab="invoices", view="draft")
    billing.does("Ctrl+A")
    act = billing.list.spec.bulk[0]
    billing.list.do(act)
    billing.rests()
    assert statuses(billing.office) == ["sent"] * len(made.invoices)
    billing.opens("statements", tab="send_log")
    assert sorted(billing.column("number")) == sorted(one.number for one in made.invoices)
    assert set(billing.column("how")) == {"Printed"}


def test_an_invoice_is_voided_with_a_reason_and_its_charges_are_free(
    billing: BillingRobot,
) -> None:
    made = invoiced(billing.office)
    billing.opens("statements", tab="invoices")
    billing.presses("Ctrl+Shift+V")
    billing.dialog()
    billing.types("Made twice")
    billing.presses("Return")
    billing.comes_forward()
    billing.waits(lambda: "is void" in billing.newest().text)
    billing.rests()
    assert statuses(billing.office).count("void") == 1
    billing.does("Ctrl+N")
    assert len(billing.column("who")) == 1
    assert len(made.invoices) >= 1
    proves(billing.office)


def test_a_bill_whose_session_changed_is_found_and_made_anew_by_key(
    billing: BillingRobot, till: Till
) -> None:
    made = invoiced(billing.office)
    row = next(one for one in made.invoices if one.patient_id == till.ben)

    def exchange(work: Work) -> None:
        charge_again(work, till.own, share=130_00)
        follow_charges(work, [work.db.get_one(Charge, till.own).session_id or 0], "the fee is less")

    billing.office.write(exchange)
    billing.opens("statements", tab="invoices", view="changed")
    assert list(billing.column("number")) == [row.number]
    billing.presses("Ctrl+Shift+N")
    billing.waits(lambda: "in its place" in billing.newest().text)
    assert billing.newest().text == (
        f"{row.number} is void. INV-2026-00003 asks for 130.00 in its place; it is not sent yet."
    )
    billing.rests()
    assert list(billing.column("number")) == []
    assert statuses(billing.office).count("void") == 1
    proves(billing.office)


def test_enter_shows_the_kept_page(billing: BillingRobot) -> None:
    made = invoiced(billing.office)
    billing.opens("statements", tab="invoices")
    billing.presses("Return")
    pages = page_texts(billing.looks_at_pages())
    assert made.invoices[-1].number in pages[0]


def test_what_is_overdue_stands_in_its_own_view_and_under_reminders(
    billing: BillingRobot, clock: Clock
) -> None:
    made = invoiced(billing.office)
    billing.opens("statements", tab="invoices", view="draft")
    billing.does("Ctrl+A")
    billing.list.do(billing.list.spec.bulk[0])
    billing.rests()
    clock.set(datetime(2026, 6, 1, 12, tzinfo=UTC))
    billing.opens("statements", tab="invoices", view="overdue")
    billing.does("F5")
    assert set(billing.column("status")) == {"Overdue"}
    billing.opens("queue")
    assert "Reminders due" in billing.column("title")
    billing.goes_to("title", "Reminders due")
    billing.does("Return")
    letters = list(billing.column("who"))
    assert letters
    billing.does("Ctrl+Return")
    pages = page_texts(billing.looks_at_pages())
    assert len(pages) == len(letters)
    assert "made and kept" in billing.newest().text
    assert list(billing.column("who")) == []
    billing.does("Ctrl+Return")
    assert sum(len(one.number) > 0 for one in made.invoices) == len(made.invoices)
    billing.opens("queue")
    assert "Reminders due" not in billing.column("title")
    proves(billing.office)
