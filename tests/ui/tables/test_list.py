"""The parts of a list together: chips, views, totals, selection bar, details, emptiness."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.button_foot import ButtonFoot
from fscdesk.ui.tables.choice_popup import ChoicePopup
from fscdesk.ui.tables.columns_popup import ColumnsPopup
from fscdesk.ui.tables.days_popup import DaysPopup
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab, Strip
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.tables.keeping import keeping_in_memory
from fscdesk.ui.tables.saved_views import NamePopup
from fscdesk.ui.tables.spec import Press, RowsAct
from fscdesk.ui.tables.story import StoryPage, StoryStep
from tests.support.focus import comes_to
from tests.support.robots.table import FakeBooks, ListRobot, SessionRow

OpenList = Callable[..., ListRobot]


def _popup(robot: ListRobot, kind: type[Any]) -> Any:
    found = [popup for popup in robot.part.window().findChildren(kind) if popup.isVisible()]
    assert found, f"no {kind.__name__} is open"
    return found[-1]


def test_the_count_says_shown_of_all(sessions: ListRobot) -> None:
    note = sessions.part.title.note
    assert note.text() == "250"
    sessions.part.filter_by(FilterState(text="quill"))
    sessions.sees(50)
    sessions.qtbot.waitUntil(lambda: note.text() == "50 of 250")


def test_a_chip_filters_at_once_and_its_cross_clears_it(sessions: ListRobot) -> None:
    chip = sessions.part.line.chips["status"]
    chip.setFocus()
    sessions.presses("Return")
    popup = _popup(sessions, ChoicePopup)
    popup.list.setFocus()
    sessions.presses("Space")
    assert popup.keys() == ("completed",)
    sessions.sees(41)
    assert chip.is_set()
    assert chip.accessibleName() == "Status: completed"
    sessions.presses("Escape")
    assert not popup.isVisible()
    comes_to(chip)
    sessions.presses("Delete")
    sessions.sees(250)
    assert not chip.is_set()


def test_values_can_be_found_by_typing(sessions: ListRobot) -> None:
    popup = ChoicePopup("Status", sessions.part)
    from fscdesk.ui.tables.spec import Choice

    popup.offer([Choice(str(number), f"Word {number}", number) for number in range(20)], ["3"])
    popup.open_under(sessions.part.line.add)
    comes_to(popup.search)
    sessions.types("17")
    sessions.presses("Return")
    assert popup.keys() == ("17", "3")
    assert popup.isVisible(), "Enter took the only match"
    sessions.presses("Return")
    assert not popup.isVisible()


def test_days_can_be_typed_and_a_day_that_is_none_is_said(sessions: ListRobot) -> None:
    sessions.part.line.chips["date"].click()
    popup = _popup(sessions, DaysPopup)
    popup.start.setText("02/30/2026")
    popup.start.setFocus()
    sessions.presses("Return")
    assert "02/30/2026 is not a day" in popup.fault.text()
    popup.start.setText("3-1")
    popup.end.setText("3-31")
    sessions.presses("Return")
    assert sessions.part.state.range("date") == Days(start=date(2026, 3, 1), end=date(2026, 3, 31))
    assert sessions.part.line.chips["date"].accessibleName() == "Date: March 2026"
    sessions.sees(61)


def test_plus_filter_brings_the_others(
    sessions: ListRobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chip = sessions.part.line.chips["code"]
    assert chip.isHidden()
    sessions.part.line._on_added("code")
    assert not chip.isHidden()
    assert sessions.part.line.add.isHidden(), "there is no other"
    _popup(sessions, ChoicePopup).close_up()


def test_totals_stand_in_line_with_their_column(sessions: ListRobot) -> None:
    totals, view = sessions.part.body.totals, sessions.view
    section = sessions.model.section_of("owes")
    expected = Money(sum(row.owes.cents for row in sessions.books.rows))
    assert totals.shown() == {"owes": str(expected)}

    def aligned() -> bool:
        cell = totals.cell("owes")
        right = view.columnViewportPosition(section) + view.columnWidth(section)
        return cell.right() == right - 16 - 1 and totals.x() == view.x()

    assert aligned()
    sessions.part.resize(1000, 700)
    view.heading.resizeSection(sessions.model.section_of("code"), 150)
    sessions.qtbot.waitUntil(aligned)
    sessions.part.filter_by(FilterState(text="quill"))
    sessions.sees(50)
    quills = [row.owes.cents for row in sessions.books.rows if row.client.startswith("Quill")]
    assert totals.shown() == {"owes": str(Money(sum(quills)))}
    assert totals.words() == "50 sessions"


def test_no_row_moves_when_the_selection_bar_comes(sessions: ListRobot) -> None:
    index = sessions.model.index(3, 1)
    before = sessions.view.viewport().mapToGlobal(sessions.view.visualRect(index).topLeft())
    sessions.clicks_box(3)
    assert sessions.part.body.bar.isVisible()
    after = sessions.view.viewport().mapToGlobal(sessions.view.visualRect(index).topLeft())
    assert after == before
    bar, heading = sessions.part.body.bar, sessions.view.heading
    bottom = bar.mapToGlobal(QPoint(0, bar.height()))
    assert bottom.y() == heading.mapToGlobal(QPoint(0, heading.height())).y()
    assert bar.height() == theme.now.size.selection_bar


def test_the_first_act_that_can_be_done_is_primary(open_list: OpenList) -> None:
    done: list[tuple[int, ...]] = []
    acts = (
        RowsAct[SessionRow](
            "sign", "Sign", lambda rows: None, off_because=lambda rows: "Only clinicians sign."
        ),
        RowsAct[SessionRow](
            "build",
            "Build claims",
            lambda rows: done.append(tuple(row.id for row in rows)),
            shortcut="Ctrl+B",
        ),
    )
    robot = open_list(bulk=acts)
    robot.presses("Down", "Space", "Down", "Space")
    buttons = robot.part.body.bar.buttons
    assert buttons["build"].property("kind") == "primary"
    assert not buttons["sign"].isEnabled()
    assert buttons["sign"].toolTip() == "Only clinicians sign."
    buttons["build"].click()
    robot.presses("Ctrl+B")
    assert done == [(1, 2), (1, 2)]


def test_acts_without_room_are_in_more(open_list: OpenList) -> None:
    acts = tuple(
        RowsAct[SessionRow](str(number), f"Do the thing number {number}", lambda rows: None)
        for number in range(8)
    )
    robot = open_list(bulk=acts, width=700)
    robot.presses("Down", "Space")
    bar = robot.part.body.bar
    shown = [button for button in bar.buttons.values() if button.isVisible()]
    assert 0 < len(shown) < 8
    assert len(shown) + len(bar.menu.actions()) == 8
    assert all(button.geometry().right() < bar.width() for button in shown)


def test_a_changed_view_can_be_saved_renamed_and_deleted(open_list: OpenList) -> None:
    robot = open_list(keeping=keeping_in_memory())
    views = robot.part.views
    assert views is not None
    assert views.save.isHidden()
    robot.types("quill")
    robot.sees(50)
    assert not views.save.isHidden()
    views.save.click()
    popup = _popup(robot, NamePopup)
    assert not popup.keep.isEnabled()
    robot.types("Quills")
    robot.presses("Return")
    robot.qtbot.waitUntil(lambda: views.current.name == "Quills")
    assert views.save.isHidden()
    robot.qtbot.waitUntil(lambda: views.tabs.count(views.current.key) == 50)
    views.open("all")
    robot.sees(250)
    kept = next(iter(views._kept.values()))
    views._rename(kept, "Fakersons")
    robot.qtbot.waitUntil(lambda: views.view(kept.key).name == "Fakersons")
    with robot.qtbot.waitSignal(robot.part.said) as said:
        views._delete(views._kept[kept.key])
    assert said.args == ["The view “Fakersons” is deleted."]
    assert views.tabs.keys == ("all", "denied")


def test_arrows_move_along_the_tabs(sessions: ListRobot) -> None:
    views = sessions.part.views
    assert views is not None
    sessions.qtbot.waitUntil(lambda: views.tabs.count("denied") == 41)
    views.tabs.setFocus()
    sessions.presses("Right")
    sessions.sees(41)
    assert sessions.part.state.values("status") == ("denied",)
    assert views.tabs.accessibleName() == "Views: Denied 41"


def test_opening_another_view_lets_go_of_the_ticks(sessions: ListRobot) -> None:
    sessions.clicks_box(0)
    assert sessions.part.views is not None
    sessions.part.views.open("denied")
    sessions.sees(41)
    assert sessions.ticked() == set()


def test_layout_and_sort_are_remembered_for_each_view(open_list: OpenList) -> None:
    keeping = keeping_in_memory()
    robot = open_list(keeping=keeping)
    robot.part.sort_by("client")
    robot.view.heading.resizeSection(robot.model.section_of("code"), 160)
    robot.view.heading.moveSection(1, 3)
    robot.qtbot.waitUntil(lambda: robot.part.layout_now.order[0] != "date")
    robot.part.hide()
    stored: dict[str, str] = {}
    robot.qtbot.waitUntil(
        lambda: bool(stored.update(keeping.layouts(None, "sessions")) or stored)  # type: ignore[arg-type]
    )
    again = open_list(keeping=keeping)
    assert again.model.sort_key == "client"
    assert again.part.layout_now.width("code") == 160
    assert again.part.layout_now.order == robot.part.layout_now.order
    assert again.part.views is not None
    again.part.views.open("denied")
    again.settles()
    assert again.model.sort_key == "date", "each view has its own"


def test_columns_can_be_hidden_and_moved_by_keyboard(sessions: ListRobot) -> None:
    sessions.part.show_columns()
    popup = _popup(sessions, ColumnsPopup)
    sessions.presses("Down", "Space")
    assert not sessions.view.isColumnHidden(sessions.model.section_of("client")), "it names the row"
    sessions.presses("Down", "Space")
    assert sessions.view.isColumnHidden(sessions.model.section_of("code"))
    sessions.presses("Alt+Up")
    assert sessions.part.layout_now.order[:3] == ("date", "code", "client")
    popup.reset.click()
    assert sessions.part.layout_now.order[:3] == ("date", "client", "code")
    assert not sessions.view.isColumnHidden(sessions.model.section_of("code"))


def test_columns_fold_by_priority_and_come_back(sessions: ListRobot) -> None:
    sessions.part.resize(520, 700)
    assert sessions.view.isColumnHidden(sessions.model.section_of("code")), "the highest number"
    assert not sessions.view.isColumnHidden(sessions.model.section_of("date"))
    assert not sessions.view.isColumnHidden(sessions.model.section_of("client"))
    sessions.part.resize(1200, 700)
    assert not sessions.view.isColumnHidden(sessions.model.section_of("code"))
    assert not sessions.part.layout_now.hidden, "a fold is not remembered"


@pytest.mark.parametrize(
    ("state", "sentence", "button"),
    [
        (FilterState(), "No sessions yet. Import", "Import files"),
        (FilterState(text="nobody"), "No sessions match", "Clear filters"),
    ],
)
def test_emptiness_says_why_and_what_helps(
    open_list: OpenList, books: FakeBooks, state: FilterState, sentence: str, button: str
) -> None:
    from fscdesk.ui.tables.spec import Empty

    if state.is_empty:
        books.rows = []
    pressed: list[str] = []
    press = Press("Import files", lambda: pressed.append("import"))
    robot = open_list(empty=Empty("No sessions yet. Import them.", press=press))
    robot.part.filter_by(state)
    robot.sees(0)
    empty = robot.part.body.empty
    assert empty is not None
    assert sentence in empty.sentence.text()
    assert empty.button is not None
    assert empty.button.words() == button
    empty.button.click()
    if state.is_empty:
        assert pressed == ["import"]
    else:
        robot.sees(250)
        assert robot.part.line.state().is_empty


def test_good_news_is_said_with_the_time_it_was_looked_at(
    open_list: OpenList, books: FakeBooks
) -> None:
    books.rows = [row for row in books.rows if row.status != "denied"]
    robot = open_list()
    assert robot.part.views is not None
    robot.part.views.open("denied")
    robot.sees(0)
    expected = "Nothing is denied. Last checked 08:12."
    robot.qtbot.waitUntil(
        lambda: (
            robot.part.body.empty is not None and robot.part.body.empty.sentence.text() == expected
        )
    )


def _detail(steps: list[str]) -> DetailSpec[SessionRow, SessionRow]:
    return DetailSpec(
        ask=lambda _work, row: row,
        head=lambda row: PaneHead(
            row.client,
            row.code,
            (theme.now.billing_status(row.status),),
            Strip(5, 7, "Paid when both balances are 0.00"),
            (Figure("Charged", row.fee), Figure("Payer owes", row.owes)),
            (NextStep("Open claim", lambda: steps.append(row.client)),),
        ),
        tabs=(PaneTab("story", "Story", lambda: StoryPage(lambda row: [StoryStep(row.client)])),),
    )


def test_details_follow_the_current_row_without_taking_the_focus(open_list: OpenList) -> None:
    steps: list[str] = []
    robot = open_list(detail=_detail(steps))
    pane = robot.part.pane
    assert pane is not None
    with robot.qtbot.waitSignal(pane.shown) as shown:
        robot.presses("Down", "Down", "Down")
    assert shown.args is not None
    assert shown.args[0].id == 3, "the two on the way were not asked for"
    comes_to(robot.view)
    assert pane.name.text() == "Minna Minorsample 0003"
    button = pane.foot.findChild(Button)
    assert button is not None
    assert button.property("kind") == "primary"
    button.click()
    assert steps == ["Minna Minorsample 0003"]
    robot.presses("Down")
    assert not pane.foot.isEnabled(), "no step is taken for a record that is being left"
    robot.qtbot.waitUntil(pane.foot.isEnabled)
    assert pane.name.text() == "José Ficción 0004"


def test_f4_folds_the_details_and_they_fold_first_when_it_is_narrow(open_list: OpenList) -> None:
    robot = open_list(detail=_detail([]))
    pane = robot.part.pane
    assert pane is not None
    seen = [pane.isVisible()]
    assert 320 <= pane.width() <= 600
    for _press in range(3):
        robot.presses("F4")
        seen.append(pane.isVisible())
    assert seen == [True, False, True, False]
    robot.presses("F4")
    narrow = open_list(detail=_detail([]), width=800)
    folded = narrow.part.pane_shown
    narrow.presses("F4")
    assert (folded, narrow.part.pane_shown) == (False, True), "a person may want it all the same"


def test_export_writes_every_matching_row(open_list: OpenList, tmp_path: Path) -> None:
    robot = open_list(path=str(tmp_path / "sessions"))
    robot.part.filter_by(FilterState(text="nova"))
    robot.sees(50)
    with robot.qtbot.waitSignal(robot.part.said) as said:
        robot.part.export_as("csv")
    assert said.args == ["50 rows exported to sessions.csv."]
    lines = (tmp_path / "sessions.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 51
    assert lines[0].startswith("Date,Client,Code,Status")


def test_export_into_a_place_that_cannot_be_written_is_refused(
    open_list: OpenList, tmp_path: Path
) -> None:
    robot = open_list(path=str(tmp_path / "missing" / "sessions.csv"))
    with robot.qtbot.waitSignal(robot.part.refused) as refused:
        robot.part.export_as("csv")
    assert refused.args is not None
    assert isinstance(refused.args[0], Problem)


def test_a_row_reads_as_one_sentence(sessions: ListRobot) -> None:
    index = sessions.model.index(0, sessions.model.section_of("client"))
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "Nova Newclient 0001, March 31, 90837, Ready to bill, age 1 days, payer owes 10.01"
    )


def test_every_control_has_a_name(open_list: OpenList) -> None:
    robot = open_list(detail=_detail([]))
    robot.presses("Down", "Space")
    robot.part.show_columns()
    robot.part.line.chips["date"].click()
    kinds = (QAbstractButton, QLineEdit)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in robot.part.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.isVisible()
        and not widget.accessibleName()
        # Qt's own clear button and glass inside a line edit
        and not isinstance(widget.parent(), QLineEdit)
    ]
    assert not nameless
    focusable = [
        type(widget).__name__
        for widget in robot.part.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not isinstance(widget, QAbstractButton | QLineEdit)
    ]
    assert not focusable


def test_an_embedded_list_needs_no_title_tabs_or_chips(open_list: OpenList) -> None:
    robot = open_list(title=False, line=False, views=(), filters=(), exports=False, ticking=False)
    robot.sees(250)
    assert robot.part.views is None
    assert robot.view.mapTo(robot.part, QPoint(0, 0)).y() == 0
    robot.types("quill")
    robot.sees(250)
    comes_to(robot.view)


def test_an_embedded_list_with_ticks_shows_its_bar_over_the_headings(open_list: OpenList) -> None:
    robot = open_list(title=False, line=False, views=(), filters=())
    robot.clicks_box(2)
    bar = robot.part.body.bar
    assert bar.isVisible()
    assert bar.height() == robot.view.heading.height(), "there is no more room above"


def test_news_of_another_topic_asks_nothing(sessions: ListRobot, desk: Desk) -> None:
    sessions.books.asked.clear()
    desk.changed.emit(frozenset({Topic.STAFF}))
    sessions.qtbot.wait(30)
    assert not sessions.books.asked


def test_a_click_on_the_box_does_not_move_the_current_row(sessions: ListRobot) -> None:
    sessions.clicks_row(1)
    sessions.clicks_box(4)
    assert sessions.current() == 2
    assert sessions.ticked() == {5}


def test_hovering_tints_a_whole_row_and_leaves_it(sessions: ListRobot) -> None:
    rect = sessions.view.visualRect(sessions.model.index(2, 1))
    QTest.mouseMove(sessions.view.viewport(), rect.center())
    sessions.qtbot.waitUntil(lambda: sessions.view.hovered == 2)
    image = sessions.view.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    for x in (4, sessions.view.viewport().width() - 14):
        shade = image.pixelColor(int(x * ratio), int((rect.y() + 3) * ratio))
        assert shade == theme.now.hover


def test_chips_without_room_go_behind_plus_filter_unless_they_filter(sessions: ListRobot) -> None:
    line = sessions.part.line
    sessions.part.filter_by(FilterState().with_values("status", ("denied",)))
    sessions.part.resize(480, 700)
    assert line.chips["date"].isHidden()
    assert not line.chips["status"].isHidden()
    assert {one.key for one in line._hidden()} == {"date", "code"}
    sessions.part.resize(1200, 700)
    assert not line.chips["date"].isHidden()


def test_next_steps_without_room_stand_on_the_next_row(open_list: OpenList) -> None:
    foot = ButtonFoot()
    foot.resize(300, 10)
    foot.show_buttons(
        [Button("Return 40.00 to FICTA"), Button("Open claim"), Button("Write it off")]
    )
    first, second, third = foot.buttons()
    assert first.y() == second.y() < third.y()
    assert third.geometry().bottom() < foot.height()
    foot.deleteLater()
