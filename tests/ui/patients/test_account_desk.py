"""The account as a desk: each tab by key, what it does, and what stands in the books after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.document import Document, DocumentKind, Sending
from fscdesk.models.invoice import Invoice
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.plan import PaymentPlan, PlanStatus
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider
from fscdesk.models.values import Money
from fscdesk.services.billing.account_notes import add_note
from fscdesk.services.billing.flags import flags_of
from fscdesk.services.billing.parking import is_parked
from fscdesk.services.billing.plan_reading import plan_detail
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.billing.statements import (
    make_statements,
    plan_statements,
    statement_pdf_of,
)
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screens.patients.details_tab import DetailsTab
from fscdesk.ui.screens.patients.documents_tab import DocumentsDesk
from fscdesk.ui.screens.patients.notes_tab import NotesTab
from tests.support.clock import Clock
from tests.support.named import unnamed
from tests.support.payments import verify
from tests.support.rivera import Rivera, seed_deductible, seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
TODAY = date(2026, 3, 20)
At = tuple[AccountRobot, Office, Rivera]


@pytest.fixture
def look(qapp: QApplication, clock: Clock) -> Iterator[None]:
    theme.apply(qapp)
    clock.set(MARCH)
    yield
    theme.apply(qapp)


@pytest.fixture
def owing(look: None, sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[At]:
    """Four sessions of 150.00 that the client owes."""
    rivera = sqlite_books.write(seed_six_hundred).value
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


@pytest.fixture
def insured(look: None, sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[At]:
    """A copay, a deductible, and 130.00 that the payer owes."""
    rivera = sqlite_books.write(seed_deductible).value
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


def owed(books: Office) -> tuple[int, int]:
    """What the client and the payers owe, in cents."""

    def look(work: Work) -> tuple[int, int]:
        rows = work.db.execute(select(Charge.patient_balance, Charge.insurance_balance)).all()
        return sum(row[0].cents for row in rows), sum(row[1].cents for row in rows)

    return books.read(look)


def badges(robot: AccountRobot) -> list[str]:
    found = robot.account.head.findChildren(Badge)
    return [one.status().word for one in found if one.isVisible()]


def test_a_write_off_waits_for_a_second_person(owing: At) -> None:
    robot, books, _rivera = owing
    robot.finds("rive")
    part = robot.lists("charges")
    assert [str(row.client) for row in part.model.loaded()] == ["150.00"] * 4
    robot.does("Down", "Ctrl+Shift+A")
    robot.fills(amount="40", reason="Hardship")
    said = robot.hears("it waits for a second person")
    assert "asks for 40.00" in said.text
    assert owed(books) == (600_00, 0)
    waiting = books.read(
        lambda work: work.db.scalars(
            select(Adjustment.amount).where(Adjustment.status == AdjustmentStatus.WAITING)
        ).all()
    )
    assert [one.cents for one in waiting] == [40_00]
    verify(books)


def test_an_adjustment_of_more_than_is_open_is_refused_in_its_form(owing: At) -> None:
    robot, books, _rivera = owing
    robot.finds("rive")
    robot.lists("charges")
    robot.does("Down", "Ctrl+Shift+A")
    top = robot.dialog()
    field = top.field("amount").editor
    field.setFocus()
    robot.waits(field.hasFocus)
    robot.presses("Ctrl+A")
    robot.types("151")
    top.field("reason").editor.setFocus()
    robot.types("Hardship")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: "150.00" in top.refusal.text())
    assert owed(books) == (600_00, 0)
    top.reject()
    robot.waits(lambda: QApplication.activeModalWidget() is None)


def test_the_payers_part_is_moved_with_a_reason_and_undone(insured: At) -> None:
    robot, books, _rivera = insured
    before = owed(books)
    robot.finds("rive")
    part = robot.lists("charges")
    robot.does("Home")
    robot.does("Down", "Down", "Ctrl+Shift+M")
    assert part.view.picking.current_row.payer == Money(130_00)
    robot.fills(reason="Coverage had ended")
    robot.hears("130.00 moved to the client: 90837 of 01/13/2026.")
    assert owed(books) == (before[0] + 130_00, before[1] - 130_00)
    robot.does("Ctrl+Z")
    robot.hears("130.00 is the payer’s again.")
    assert owed(books) == before
    verify(books)


def test_ticked_charges_are_invoiced_shown_and_undone(owing: At) -> None:
    robot, books, _rivera = owing
    robot.finds("rive")
    robot.lists("charges")
    robot.does("Down", "Space", "Down", "Space", "Ctrl+Shift+I")
    assert robot.sees_pages() == "Invoice INV-2026-00001"
    robot.hears("INV-2026-00001 over 300.00 is a draft")
    part = robot.lists("invoices")
    assert [(row.number, str(row.amount)) for row in part.model.loaded()] == [
        ("INV-2026-00001", "300.00")
    ]
    robot.does("Ctrl+Z")
    robot.hears("INV-2026-00001 is void")
    assert books.read(lambda work: work.db.scalars(select(Invoice.void_reason)).all()) == [
        "Taken back at once"
    ]
    verify(books)


def test_an_invoice_is_sent_looked_at_and_voided(owing: At) -> None:
    robot, books, rivera = owing
    robot.finds("rive")
    part = robot.lists("invoices")
    assert part.body.empty is not None
    robot.account.tabs.new()
    robot.sees_pages()
    robot.rests()
    assert part.model.total == 1
    row = next(iter(part.model.loaded()))
    acts = {act.key: act for act in part.spec.row_acts}
    assert acts["viewed"].off_because is not None
    assert acts["viewed"].off_because([row]) == "It was not sent yet."
    acts["send"].act([row])
    robot.fills()
    robot.hears("INV-2026-00001 is sent.")
    robot.waits(lambda: next(iter(part.model.loaded())).status.value == "sent")
    acts["viewed"].act([next(iter(part.model.loaded()))])
    robot.hears("INV-2026-00001 was looked at.")
    robot.waits(lambda: next(iter(part.model.loaded())).status.value == "viewed")
    acts["void"].act([next(iter(part.model.loaded()))])
    robot.fills(reason="Wrong charges")
    robot.hears("INV-2026-00001 is void")
    assert books.read(lambda work: work.db.scalar(select(func.count()).select_from(Sending))) == 1
    assert rivera.patient == 1
    verify(books)


def test_what_is_in_a_plan_cannot_go_into_another(owing: At) -> None:
    robot, books, rivera = owing
    books.write(lambda work: make_plan(work, NewPlan(rivera.guarantor, rivera.charges[:1], 3)))
    robot.finds("rive")
    part = robot.lists("charges")
    plan = next(act for act in part.spec.bulk if act.key == "plan")
    held = next(one for one in part.model.loaded() if one.id == rivera.charges[0])
    assert "in a plan" in held.waits
    assert plan.off_because is not None
    assert "in one plan at a time" in plan.off_because([held])
    robot.does("Ctrl+L")
    assert {one.id for one in robot.account.wizard.charges.model.loaded()} == set(
        rivera.charges[1:]
    )


def test_ticked_charges_alone_go_into_a_plan(owing: At) -> None:
    robot, books, _rivera = owing
    robot.finds("rive")
    part = robot.lists("charges")
    robot.does("Down", "Space", "Down", "Space")
    plan = next(act for act in part.spec.bulk if act.key == "plan")
    plan.act(part.chosen())
    robot.rests()
    assert robot.account.wizard.sum.text() == "300.00 = 60.00 + 6 × 40.00"
    assert owed(books) == (600_00, 0)


def test_a_later_payment_on_a_plan_and_its_end(owing: At) -> None:
    robot, books, rivera = owing
    made = books.write(lambda work: make_plan(work, NewPlan(rivera.guarantor, rivera.charges, 6)))
    robot.finds("rive")
    assert "In plan" in badges(robot)
    part = robot.lists("plan")
    acts = {act.key: act for act in part.spec.row_acts}
    rows = list(part.model.loaded())
    acts["pay"].act(rows)
    robot.fills(amount="120", number="55")
    said = robot.hears("120.00 paid on PLAN-2026-00001.")
    assert said.help is not None
    standing = books.read(lambda work: plan_detail(work, made.value.plan_id).standing)
    assert (str(standing.paid), str(standing.down_open)) == ("120.00", "0.00")
    acts["agreement"].act(rows)
    assert robot.sees_pages() == "Agreement PLAN-2026-00001"
    acts["cancel"].act(rows)
    robot.fills(reason="Agreed on the phone")
    robot.hears("PLAN-2026-00001 has ended; 480.00 is due as usual.")
    statuses = books.read(lambda work: work.db.scalars(select(PaymentPlan.status)).all())
    assert statuses == [PlanStatus.CANCELLED]
    robot.waits(lambda: "In plan" not in badges(robot))
    verify(books)


def test_payments_of_who_pays_and_the_way_to_one_of_them(owing: At) -> None:
    robot, books, rivera = owing
    paid = NewPayment(
        Money(50_00),
        PaymentMethod.CHECK,
        TODAY,
        guarantor_id=rivera.guarantor,
        reference="1047",
        rest=Rest(patient_id=rivera.patient),
    )
    number = books.write(lambda work: receive(work, paid)).value.payment_id
    robot.finds("rive")
    assert "Credit 50.00" in badges(robot)
    part = robot.lists("payments")
    assert [(row.reference, str(row.unapplied)) for row in part.model.loaded()] == [
        ("1047", "50.00")
    ]
    robot.does("Down", "Ctrl+Shift+R")
    assert robot.sees_pages() == "Receipt RC-2026-00001"
    part.view.setFocus()
    robot.does("Return")
    stop = robot.window.history.here()
    assert stop is not None
    assert (stop.place, stop.what) == ("payments", {"payment": number})


def test_a_statement_prints_again_exactly(owing: At, monkeypatch: pytest.MonkeyPatch) -> None:
    robot, books, _rivera = owing

    def make(work: Work) -> bytes:
        made = make_statements(work, plan_statements(work, as_of=TODAY))
        return statement_pdf_of(work, made.statements[0].id)

    pdf = books.write(make).value
    robot.finds("rive")
    part = robot.lists("statements")
    assert [str(row.amount_due) for row in part.model.loaded()] == ["600.00"]
    seen: list[bytes] = []

    def keep(pdf: bytes, _title: str, _file_name: str, _given: object) -> None:
        seen.append(pdf)

    monkeypatch.setattr(robot.window, "preview", keep)
    robot.does("Down", "Return")
    robot.waits(lambda: bool(seen))
    assert seen == [pdf]


def test_a_pinned_note_is_shown_when_the_account_is_opened(owing: At) -> None:
    robot, books, rivera = owing
    books.write(lambda work: add_note(work, rivera.patient, "Works nights.", pinned=True))
    robot.finds("rive")
    pinned = robot.account.head.pinned
    assert pinned.isVisible()
    assert pinned.words.text() == "Works nights."
    robot.lists("notes")
    tab = robot.account.tabs.part
    assert isinstance(tab, NotesTab)
    robot.does("Ctrl+N")
    robot.waits(tab.pane.form.field("text").editor.hasFocus)
    robot.types("Asked about the bill")
    robot.does("Ctrl+S")
    robot.hears("Asked about the bill is added.")
    robot.waits(lambda: robot.account.tabs.tabs.count("notes") == 2)


def test_flags_are_set_and_the_balance_is_parked(owing: At) -> None:
    robot, books, rivera = owing
    robot.finds("rive")
    robot.account.open_tab("details")
    robot.rests()
    tab = robot.account.tabs.part
    assert isinstance(tab, DetailsTab)
    flags = tab.flags
    flags.deceased.edit.setFocus()
    robot.waits(flags.deceased.edit.hasFocus)
    robot.types("3-1")
    flags.save_button.setFocus()
    robot.does("Space")
    robot.hears("The flags are saved.")
    fields = books.read(lambda work: flags_of(work, rivera.patient).fields)
    assert fields.deceased_on == date(2026, 3, 1)
    robot.waits(lambda: "Deceased 03/01/2026" in badges(robot))
    flags.park_button.setFocus()
    robot.does("Space")
    robot.fills(reason="Estate")
    robot.hears("The balance is parked.")
    assert books.read(lambda work: is_parked(work, rivera.patient))
    robot.waits(lambda: "Parked" in badges(robot))
    robot.does("Ctrl+Z")
    robot.hears("The balance is not parked any more.")
    assert not books.read(lambda work: is_parked(work, rivera.patient))


def test_a_sliding_fee_is_granted_and_its_discount_asked_for(owing: At) -> None:
    robot, books, rivera = owing
    robot.finds("rive")
    robot.account.open_tab("details")
    robot.rests()
    tab = robot.account.tabs.part
    assert isinstance(tab, DetailsTab)
    tab.flags.sliding_button.setFocus()
    robot.does("Space")
    robot.fills(percent="60", proof="Pay slips", first="2-20")
    robot.hears("60 % is paid from 02/20/2026.")
    robot.waits(lambda: "Pays 60 %" in tab.flags.sliding.text())
    part = robot.lists("charges")
    sliding = next(act for act in part.spec.bulk if act.key == "sliding")
    robot.does("Home")
    sliding.act(part.chosen())
    robot.hears("asks for 60.00")
    assert owed(books) == (600_00, 0)
    assert rivera.patient == 1


def test_an_estimate_is_drawn_kept_and_given_again(owing: At) -> None:
    robot, books, rivera = owing

    def known(work: Work) -> None:
        patient = work.db.get_one(Patient, rivera.patient)
        patient.birth_date = date(1980, 5, 1)
        patient.provider_id = work.db.scalars(select(Provider.id)).one()

    books.write(known)
    robot.finds("rive")
    robot.lists("documents")
    tab = robot.account.tabs.part
    assert isinstance(tab, DocumentsDesk)
    tab.acts.estimate()
    top = robot.dialog()
    service = top.field("service1")
    assert isinstance(service, ChoiceField)
    service.editor.setFocus()
    robot.waits(service.editor.hasFocus)
    robot.does("Down")
    assert service.combo.currentText() == "90837 Service 90837"
    robot.fills(count1="12")
    assert robot.sees_pages() == "Estimate GFE-2026-00001"
    robot.hears("Estimate GFE-2026-00001 of 03/20/2026 is kept")
    part = robot.lists("documents")
    assert [row.kind for row in part.model.loaded()] == [DocumentKind.ESTIMATE]
    robot.does("Down", "Return")
    assert robot.sees_pages() == "GFE-2026-00001"


def test_a_superbill_that_lacks_something_is_refused_in_its_form(owing: At) -> None:
    robot, books, _rivera = owing
    robot.finds("rive")
    robot.account.papers.superbill()
    top = robot.dialog()
    field = top.field("first").editor
    field.setFocus()
    robot.waits(field.hasFocus)
    robot.presses("Ctrl+A")
    robot.types("2-1")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: "has no date of birth" in top.refusal.text())
    pages = books.read(lambda work: work.db.scalar(select(func.count()).select_from(Document)))
    assert pages == 0
    top.reject()
    robot.waits(lambda: QApplication.activeModalWidget() is None)


def mails_the_explanation(robot: AccountRobot, folder: Path) -> None:
    robot.finds("rive")
    robot.does("Ctrl+E")
    pane = robot.account.explain_pane
    pane.giving._ask_folder = lambda _window, _title: folder
    pane.email_button.setFocus()
    robot.does("Space")


def given_out(books: Office) -> tuple[int, int]:
    """How many pages are kept, and how many lines the send log has."""

    def look(work: Work) -> tuple[int, int]:
        pages, lines = (
            work.db.scalar(select(func.count()).select_from(one)) for one in (Document, Sending)
        )
        return pages or 0, lines or 0

    return books.read(look)


def test_the_explanation_goes_out_as_a_mail_draft(insured: At, tmp_path: Path) -> None:
    robot, books, rivera = insured

    def addresses(work: Work) -> None:
        work.db.get_one(Guarantor, rivera.guarantor).email = "jordan@example.invalid"
        work.db.get_one(Practice, 1).email = "billing@example.invalid"

    books.write(addresses)
    mails_the_explanation(robot, tmp_path)
    robot.hears("for jordan@example.invalid is in")
    (draft,) = tmp_path.glob("*.eml")
    assert b"To: jordan@example.invalid" in draft.read_bytes()
    assert given_out(books) == (1, 1)


def test_without_an_address_no_mail_draft_is_written_and_nothing_is_kept(
    insured: At, tmp_path: Path
) -> None:
    robot, books, _rivera = insured
    mails_the_explanation(robot, tmp_path)
    robot.hears("has no e-mail address. No e-mail was written.")
    assert list(tmp_path.glob("*.eml")) == []
    assert given_out(books) == (0, 0)


def test_everything_on_the_desk_has_a_name(owing: At) -> None:
    robot, _books, _rivera = owing
    robot.finds("rive")
    for key in robot.account.tabs.tabs.keys:
        robot.account.open_tab(key)
        robot.rests()
    robot.does("Ctrl+E")
    assert unnamed(robot.account) == []
    robot.does("Ctrl+L")
    assert unnamed(robot.account.wizard) == []


def test_another_screen_opens_an_account_explained(insured: At) -> None:
    robot, _books, rivera = insured
    robot.window.open("patients", patient=rivera.patient, tab="explain")
    robot.waits(robot.in_front)
    robot.rests()
    robot.waits(robot.account.explain_pane.list.hasFocus)
    assert robot.account.explain_pane.found is not None


def test_nobody_is_charged_by_looking(owing: At) -> None:
    robot, books, _rivera = owing
    robot.finds("rive")
    for key in robot.account.tabs.tabs.keys:
        robot.account.open_tab(key)
        robot.rests()
    robot.does("Ctrl+E", "Escape", "Ctrl+L", "Escape")
    paid = books.read(lambda work: work.db.scalar(select(func.count()).select_from(Payment)))
    assert (owed(books), paid) == ((600_00, 0), 0)
