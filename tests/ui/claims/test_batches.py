"""The Batches tab at the keyboard: what left, its file, its check-list, and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import ClaimBatch, PortalCheck, Route
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.as_cms1500 import CmsMode, printer_test_page
from fscdesk.services.claims.printers import Printer, forget_printer, printers
from fscdesk.services.claims.sending_again import batch_file, batch_pdf
from fscdesk.services.office import Office
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screens.claims.batches_list import BatchesPart
from fscdesk.ui.screens.claims.portal_page import PortalPage
from fscdesk.ui.screens.claims.printer_dialog import PrinterDialog
from tests.support.claims_day import by_portal
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.pdf import page_texts
from tests.support.robots.claims_day import ClaimsDayRobot
from tests.support.sent_claims import (
    answer_999,
    batch_of,
    by_route,
    send,
    sets_of,
    some_claims,
    with_clearinghouse,
)
from tests.ui.claims.conftest import OpenDay


def one_batch(
    books: Office, open_day: OpenDay, outbox: Path | None, route: Route = Route.ELECTRONIC
) -> ClaimsDayRobot:
    """Three claims that went in one batch; the window shows it."""
    if outbox is not None:
        outbox.mkdir()
    desk = with_clearinghouse(books, outbox)
    some_claims(books, desk, 3)
    if route is Route.PORTAL:
        books.write(lambda work: by_portal(work, desk.payer))
    else:
        by_route(books, desk.payer, route)
    send(books)
    robot = open_day(books)
    robot.opens_batches()
    robot.waits(lambda: robot.batches.primary_button() is not None)
    return robot


def part(robot: ClaimsDayRobot) -> BatchesPart:
    return robot.batches


def tab(robot: ClaimsDayRobot, key: str) -> object:
    """A tab of the pane, opened."""
    pane = part(robot).list.pane
    assert pane is not None
    pane.open_tab(key)
    return pane.page(key)


def sent(books: Office) -> int:
    return books.read(lambda work: work.db.query(Claim).filter_by(status="submitted").count())


def test_a_batch_shows_its_claims_its_file_and_its_hash(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    assert list(robot.column("number")) == ["BAT-2026-00001"]
    assert list(robot.column("claims")) == ["3"]
    assert list(robot.column("total")) == ["480.00"]
    (file,) = outbox.iterdir()
    assert list(robot.column("file")) == [file.name]
    batch = batch_of(sqlite_books, 1)
    assert list(robot.column("hash")) == [batch.sha256[:12]]
    assert list(robot.column("where")) == ["Outbox outbox"]
    facts = tab(robot, "file")
    assert batch.sha256[:32] in facts.facts.words()  # type: ignore[attr-defined]
    button = part(robot).primary_button()
    assert button is not None
    assert button.words() == "Show its claims"
    robot.does("Ctrl+Return")
    assert len(robot.column("number")) == 3


def test_the_file_is_saved_again_where_a_person_chooses(
    sqlite_books: Office, open_day: OpenDay, outbox: Path, tmp_path: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    folder = tmp_path / "stick"
    folder.mkdir()
    part(robot).acts._ask_folder = lambda _window: folder
    row = part(robot).list.view.picking.current_row
    assert row is not None
    part(robot).acts.save(row)
    robot.rests()
    (file,) = folder.iterdir()
    assert file.read_bytes() == bytes(batch_of(sqlite_books, 1).content or b"")
    assert robot.said() == f"{file.name} is saved in stick."
    seen: list[Path] = []
    part(robot).acts._open_folder = seen.append
    part(robot).acts.open_outbox(row)
    robot.rests()
    assert seen == [outbox]


def test_it_is_sent_again_after_a_question(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    (file,) = outbox.iterdir()
    told = file.read_bytes()
    file.unlink()
    row = part(robot).list.view.picking.current_row
    assert row is not None
    part(robot).acts.send_again(row)
    robot.dialog()
    robot.presses("Return")
    robot.waits(lambda: "once more" in robot.said())
    assert file.read_bytes() == told
    robot.comes_forward()


def test_it_is_taken_back_with_a_reason(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    row = part(robot).list.view.picking.current_row
    assert row is not None
    dialog = part(robot).acts.take_back(row)
    robot.dialog()
    robot.presses("Ctrl+Return")
    assert not dialog.isHidden()  # without a reason nothing is done
    robot.types("Wrong day")
    robot.presses("Ctrl+Return")
    robot.waits(
        lambda: "BAT-2026-00001 is taken back: 3 claims" in "".join(one.text for one in robot.heard)
    )
    robot.comes_forward()
    robot.rests()
    assert list(outbox.iterdir()) == []
    assert sent(sqlite_books) == 0
    assert list(robot.column("state")) == ["Taken back"]


def test_a_file_that_has_left_is_taken_back_only_by_saying_so(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    for file in outbox.iterdir():
        file.unlink()
    row = part(robot).list.view.picking.current_row
    assert row is not None
    dialog = part(robot).acts.take_back(row)
    robot.dialog()
    robot.types("Never arrived")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: "is not in the outbox any more" in dialog.refusal.text())
    assert sent(sqlite_books) == 3
    dialog.field("anyway").editor.setFocus()
    robot.presses("Space", "Ctrl+Return")
    robot.waits(lambda: sent(sqlite_books) == 0)
    robot.comes_forward()


def test_an_answered_batch_is_not_taken_back_and_shows_its_answers(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    batch = batch_of(sqlite_books, 1)
    (control,) = sets_of(sqlite_books, 1)
    data = answer_999(batch.group_control, {control: "A"})
    plan = sqlite_books.read(lambda work: plan_acknowledgment(work, "a.999", data))
    sqlite_books.write(lambda work: apply_acknowledgment(work, plan))
    robot.does("F5")
    robot.waits(lambda: list(robot.column("state")) == ["Acknowledged"])
    story = tab(robot, "answers")
    pane = part(robot).list.pane
    assert pane is not None
    pane.follow(part(robot).list.view.picking.current_row)
    robot.waits(pane.foot.isEnabled)
    assert "999: BAT-2026-00001 taken" in story.story.accessibleDescription() or any(  # type: ignore[attr-defined]
        "999" in step.title
        for step in story.story._steps  # type: ignore[attr-defined]
    )
    back = next(one for one in pane.foot.buttons() if "Take it back" in one.words())  # type: ignore[attr-defined]
    assert not back.isEnabled()
    assert "It was answered" in back.toolTip()


def test_paper_is_printed_from_here(sqlite_books: Office, open_day: OpenDay) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PAPER)
    assert list(robot.column("route")) == ["On paper"]
    button = part(robot).primary_button()
    assert button is not None
    assert button.words() == "Print the forms"
    robot.presses("Ctrl+Return")
    assert len(page_texts(robot.looks_at_pages())) == 3


def test_pages_that_leave_the_preview_are_on_record(
    sqlite_books: Office, open_day: OpenDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PAPER)
    path = str(tmp_path / "forms.pdf")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (path, ""))
    robot.presses("Ctrl+Return")
    robot.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
    robot.presses("Ctrl+S")

    def noted() -> list[int | None]:
        rows = select(AuditEvent.noun_id).where(
            AuditEvent.action == "send", AuditEvent.noun == "claim"
        )
        return sqlite_books.read(lambda work: list(work.db.scalars(rows.order_by(AuditEvent.id))))

    robot.waits(lambda: noted() == [1, 2, 3])
    assert Path(path).read_bytes().startswith(b"%PDF")
    robot.looks_at_pages()


def test_the_printers_test_page_is_shown_from_here(sqlite_books: Office, open_day: OpenDay) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PAPER)
    (button,) = [
        one for one in part(robot).findChildren(Button) if one.words() == "Printer test page"
    ]
    button.click()
    dialog = robot.dialog()
    assert isinstance(dialog, PrinterDialog)
    assert dialog.called.isHidden()
    robot.presses("Ctrl+Return")
    assert robot.looks_at_pages() == sqlite_books.read(printer_test_page)


def test_a_printer_gets_a_name_and_forms_are_moved_for_it_here(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PAPER)
    part(robot).show_test_page()
    dialog = robot.dialog()
    assert isinstance(dialog, PrinterDialog)
    comes_to(dialog.printer.combo)
    robot.presses("End")  # another one
    robot.waits(lambda: not dialog.called.isHidden())
    for words in ("Front desk", "-4", "6"):
        robot.presses("Tab")
        robot.types(words)
    robot.presses("Ctrl+Return")
    page = robot.looks_at_pages()
    assert sqlite_books.read(printers) == (Printer("Front desk", -4, 6),)
    assert page == sqlite_books.read(lambda work: printer_test_page(work, "Front desk"))
    preferences = robot.window.preferences
    assert preferences.forms_printer() == "Front desk"
    batch = batch_of(sqlite_books, 1).id
    robot.presses("Ctrl+Return")
    moved = sqlite_books.read(
        lambda work: batch_pdf(work, batch, CmsMode.RED_FORM, printer="Front desk")
    )
    assert robot.looks_at_pages() == moved
    # Somebody takes it off the list: forms print as the file of the batch is.
    sqlite_books.write(lambda work: forget_printer(work, Printer("Front desk", -4, 6)))
    robot.presses("Ctrl+Return")
    assert robot.looks_at_pages() == sqlite_books.read(lambda work: batch_file(work, batch)).data


def test_a_portals_steps_are_ticked_with_the_number_it_gave(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PORTAL)
    page = tab(robot, "list")
    assert isinstance(page, PortalPage)
    assert [box.text() for box in list(page.boxes.values())[:2]] == [
        "Open the form",
        "Type the claim",
    ]
    first = next(iter(page.boxes))
    page.references[first].setFocus()
    comes_to(page.references[first])
    robot.types("REF-77")
    page.boxes[first].setFocus()
    robot.does("Space")
    robot.waits(lambda: "“Open the form” is done" in robot.said())
    check = sqlite_books.read(lambda work: work.db.query(PortalCheck).one())
    assert (check.step, check.reference) == (1, "REF-77")
    robot.rests()
    comes_to(page.boxes[first])
    robot.does("Ctrl+Z")
    robot.waits(lambda: "is not done any more" in robot.said())
    assert sqlite_books.read(lambda work: work.db.query(PortalCheck).count()) == 0
    robot.waits(lambda: not page.boxes[first].isChecked())
    assert isinstance(page.references[first], QLineEdit)


def reference(books: Office) -> list[str]:
    """The numbers that the portal's steps have."""
    return books.read(lambda work: [one.reference for one in work.db.query(PortalCheck)])


def test_a_number_that_comes_after_the_tick_is_kept_and_can_be_changed(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PORTAL)
    page = tab(robot, "list")
    assert isinstance(page, PortalPage)
    first = next(iter(page.boxes))
    page.boxes[first].setFocus()
    comes_to(page.boxes[first])
    robot.does("Space")
    robot.waits(lambda: reference(sqlite_books) == [""])
    robot.does("Tab")
    robot.types("REF123")
    robot.does("Return")
    assert reference(sqlite_books) == ["REF123"]
    assert "the portal's number is REF123 now" in robot.said()
    comes_to(page.references[first])
    robot.types("X")
    robot.does("Tab")  # leaving the field keeps it, too
    robot.waits(lambda: reference(sqlite_books) == ["REF123X"])
    robot.rests()
    robot.does("Ctrl+Z")
    robot.waits(lambda: reference(sqlite_books) == ["REF123"])


def test_enter_in_the_number_ticks_the_step_with_it(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PORTAL)
    page = tab(robot, "list")
    assert isinstance(page, PortalPage)
    first = next(iter(page.boxes))
    page.references[first].setFocus()
    comes_to(page.references[first])
    robot.does("Return")
    assert reference(sqlite_books) == []  # nothing typed, nothing ticked
    robot.types("REF123")
    robot.does("Return")
    assert reference(sqlite_books) == ["REF123"]
    robot.waits(lambda: page.boxes[first].isChecked())  # noqa: PLW0108 - it is made anew
    comes_to(page.references[first])


def test_enter_goes_into_the_pane_and_opens_a_claim(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    robot.does("Return")
    pane = part(robot).list.pane
    assert pane is not None
    comes_to(pane.tabs)
    robot.does("Tab")
    robot.does("Return")
    assert list(robot.asked()[-1]) == ["claim"]


def test_the_chips_ask_for_a_state_and_a_way(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = one_batch(sqlite_books, open_day, outbox)
    listed = part(robot).list
    listed.filter_by(listed.state.with_values("route", ("paper",)))
    robot.rests()
    assert listed.model.total == 0
    listed.filter_by(listed.state.with_values("route", ("electronic",)))
    robot.rests()
    assert list(robot.column("state")) == ["Sent"]


def test_everything_has_a_name(sqlite_books: Office, open_day: OpenDay) -> None:
    robot = one_batch(sqlite_books, open_day, None, Route.PORTAL)
    assert unnamed(part(robot)) == []
    tab(robot, "list")
    QApplication.processEvents()
    assert unnamed(part(robot)) == []
    batch = sqlite_books.read(lambda work: work.db.query(ClaimBatch).one())
    assert batch.route is Route.PORTAL
    assert ClaimStatus.SUBMITTED
