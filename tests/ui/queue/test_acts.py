"""What people do about things of the queue, by real keys: give, snooze, set aside, note, undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.screens.queue.item_page import ItemPage
from fscdesk.ui.screens.queue.screen import PAGE
from fscdesk.ui.screens.queue.wording import KINDS, away, due_mark
from tests.support.claims import add_claim_desk, ready
from tests.support.queue_items import items_now
from tests.support.robots.billing import BillingRobot, billing_window

TODAY = date(2026, 4, 12)
PLACES = ("patients", "setup", "claims", "claim", "sessions")


@pytest.fixture
def queue(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[BillingRobot]:
    """Three sessions to bill; the queue in front, the first of them current."""
    desk = sqlite_books.write(add_claim_desk).value
    for at, day in enumerate((3, 4, 5)):
        sqlite_books.write(
            lambda work, at=at, day=day: ready(  # type: ignore[misc]
                work, desk, day=date(2026, 4, day), minute=600 + at
            )
        )
    with billing_window(qtbot, sqlite_books, tmp_path, others=PLACES) as robot:
        robot.opens("queue", kind="unbilled")
        robot.waits(robot.queue.list.view.hasFocus)
        yield robot


def days(robot: BillingRobot) -> list[date | None]:
    """The days of service of the sessions in the list."""
    return [one.since for one in robot.queue.list.model.loaded()]


def kept(robot: BillingRobot, view: str) -> list[QueueItem]:
    """The sessions of a view, as the service has them."""
    found = items_now(robot.office, view)
    return [one for one in found if one.kind is ItemKind.UNBILLED]


def current(robot: BillingRobot) -> QueueItem:
    found = robot.queue.list.view.picking.current_row
    assert isinstance(found, QueueItem)
    return found


def answers(robot: BillingRobot, *keys: str, typed: str = "") -> None:
    """Answer the dialog that has come up, and wait until it is gone."""
    dialog = robot.dialog()
    assert isinstance(dialog, FieldsDialog)
    if typed:
        robot.presses("Ctrl+A")
        robot.types(typed)
    robot.presses(*keys, "Ctrl+Return")
    robot.waits(lambda: QApplication.activeModalWidget() is None)
    robot.comes_forward()
    robot.rests()


def page(robot: BillingRobot) -> ItemPage:
    pane = robot.queue.list.pane
    assert pane is not None
    found = pane.page(PAGE)
    assert isinstance(found, ItemPage)
    return found


def test_me_stands_first_and_undo_gives_it_back(queue: BillingRobot) -> None:
    first = current(queue).key
    queue.presses("Ctrl+Shift+A")
    answers(queue)
    queue.waits(lambda: "is with you now" in queue.newest().text)
    assert [one.key for one in kept(queue, "mine")] == [first]
    queue.does("Ctrl+Z")
    queue.waits(lambda: kept(queue, "mine") == [])
    assert "with whom they were before" in queue.newest().text


def test_snoozed_it_is_gone_and_the_next_one_is_current(queue: BillingRobot) -> None:
    queue.presses("Down")
    key, after = current(queue).key, list(queue.queue.list.model.loaded())[2].key
    queue.presses("Ctrl+Shift+D")
    answers(queue, typed="+3")
    queue.waits(lambda: "is snoozed until 04/15/2026." in queue.newest().text)
    queue.waits(lambda: len(days(queue)) == 2)
    queue.waits(lambda: current(queue).key == after)
    queue.waits(queue.queue.list.view.hasFocus)
    (asleep,) = kept(queue, "snoozed")
    assert (asleep.key, asleep.snoozed_until) == (key, TODAY + timedelta(days=3))
    queue.does("Ctrl+Z")
    queue.waits(lambda: kept(queue, "snoozed") == [])
    queue.waits(lambda: len(days(queue)) == 3)


def test_next_week_is_a_day_and_monday_is_what_is_proposed(queue: BillingRobot) -> None:
    queue.presses("Ctrl+Shift+D")
    answers(queue)
    queue.waits(lambda: "until 04/20/2026" in queue.newest().text)  # today is a Sunday
    queue.waits(lambda: len(days(queue)) == 2)
    queue.presses("Ctrl+Shift+D")
    answers(queue, typed="next month")
    queue.waits(lambda: "until 05/01/2026" in queue.newest().text)


def test_a_day_that_is_not_ahead_is_refused_in_the_dialog(queue: BillingRobot) -> None:
    queue.presses("Ctrl+Shift+D")
    dialog = queue.dialog()
    assert isinstance(dialog, FieldsDialog)
    queue.presses("Ctrl+A")
    queue.types("t")
    queue.presses("Ctrl+Return")
    queue.waits(lambda: "is not ahead" in dialog.refusal.text())
    queue.presses("Escape")
    queue.waits(lambda: QApplication.activeModalWidget() is None)
    assert kept(queue, "snoozed") == []


def test_several_are_set_aside_at_once_and_taken_up_again(queue: BillingRobot) -> None:
    queue.presses("Space", "Down", "Space")
    queue.does("Ctrl+D")
    queue.waits(lambda: "2 items are set aside" in queue.newest().text)
    queue.waits(lambda: len(days(queue)) == 1)
    assert len(kept(queue, "done")) == 2
    queue.waits(lambda: current(queue).since == date(2026, 4, 5))
    queue.does("Ctrl+Z")
    queue.waits(lambda: kept(queue, "done") == [])


def test_a_held_key_sets_only_one_aside(queue: BillingRobot) -> None:
    acts = {one.shortcut().toString(): one for one in queue.queue.list.actions()}
    assert not acts["Ctrl+D"].autoRepeat()
    assert acts["Ctrl+Down"].autoRepeat()


def test_what_was_set_aside_is_taken_up_from_its_tab(queue: BillingRobot) -> None:
    queue.does("Ctrl+D")
    queue.waits(lambda: len(kept(queue, "done")) == 1)
    queue.opens("queue", view="done")
    queue.waits(lambda: queue.queue.list.model.total == 1)
    queue.presses("Ctrl+D")
    queue.waits(lambda: "set aside already" in queue.newest().text)
    acts = {one.key: one for one in queue.queue.list.spec.bulk}
    queue.queue.list.do(acts["up"])
    queue.waits(lambda: kept(queue, "done") == [])


def test_a_note_is_kept_when_its_field_is_left_and_esc_takes_it_back(queue: BillingRobot) -> None:
    queue.waits(lambda: queue.queue.list.pane is not None and page_is_there(queue))
    edit = page(queue).note.field.edit
    queue.presses("Ctrl+Shift+N")
    queue.waits(edit.hasFocus)
    queue.types("Called Pat, calls back")
    queue.presses("Ctrl+S")
    queue.waits(lambda: queue.newest().text == "The note is kept.")
    queue.waits(lambda: kept(queue, "all")[0].note == "Called Pat, calls back")
    queue.waits(queue.queue.list.view.hasFocus)
    queue.rests()
    queue.waits(lambda: edit.toPlainText() == "Called Pat, calls back")
    queue.presses("Ctrl+Shift+N")
    queue.waits(edit.hasFocus)
    queue.types("x")
    queue.presses("Escape")
    queue.waits(queue.queue.list.view.hasFocus)
    queue.rests()
    assert kept(queue, "all")[0].note == "Called Pat, calls back"
    queue.does("Ctrl+Z")
    queue.waits(lambda: kept(queue, "all")[0].note == "")


def page_is_there(robot: BillingRobot) -> bool:
    pane = robot.queue.list.pane
    return pane is not None and pane.page(PAGE) is not None and pane.foot.isEnabled()


def test_tabs_and_chips_count_what_they_show(queue: BillingRobot) -> None:
    views = queue.queue.list.views
    assert views is not None
    queue.presses("Ctrl+Shift+A")
    answers(queue)
    queue.opens("queue", view="mine")
    queue.waits(lambda: queue.queue.list.model.total == 1)
    chip = next(one for one in queue.queue.list.spec.filters if one.key == "kind")
    asked = chip.ask  # type: ignore[union-attr]
    assert asked is not None
    state = queue.queue.list.state
    found = {one.key: one.count for one in queue.office.read(lambda work: asked(work, state))}
    assert found == {"unbilled": 1}


def test_an_alert_opens_its_thing(queue: BillingRobot) -> None:
    last = list(queue.queue.list.model.loaded())[2]
    queue.opens("queue", item=last.key)
    queue.waits(lambda: current(queue).key == last.key)


def test_every_kind_has_its_word_and_days_are_said_as_people_say_them() -> None:
    assert set(KINDS) == set(ItemKind)
    assert len(set(KINDS.values())) == len(KINDS)
    said = [away(TODAY + timedelta(days=left), TODAY) for left in (-2, -1, 0, 1, 9)]
    assert said == ["2 days late", "1 day late", "today", "tomorrow", "in 9 days"]
    assert away(None, TODAY) == ""


def test_the_last_day_is_red_when_it_is_near(queue: BillingRobot) -> None:
    item = current(queue)
    assert item.due_on is not None
    near = due_mark(item, item.due_on - timedelta(days=3))
    far = due_mark(item, item.due_on - timedelta(days=40))
    assert near is not None
    assert far is not None
    assert (near.tone, far.tone) == ("red", "amber")
