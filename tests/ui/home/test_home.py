"""Home by keys: figures open their lists, what is unknown says so, an import can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fscdesk.services.office import Office
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.reports.metrics import Goal, Metric
from fscdesk.services.reports.opening import Opens
from fscdesk.services.sessions.filters import SessionFilter
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.actions import clashes
from fscdesk.ui.dialogs.question import QuestionDialog
from fscdesk.ui.screens.home.metric_tile import spoken, tone_of, verdict
from fscdesk.ui.screens.home.row_button import RowButton
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.tables.popup import Popup
from tests.support.clock import NOON
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.people import add_patient, add_provider, add_session
from tests.support.queue_items import items_now
from tests.support.robots.home import HomeRobot
from tests.ui.home.conftest import OTHERS, import_march

TODAY = NOON.date()
OpenHome = Callable[..., HomeRobot]


def metric(value: float | None, goal: Goal, unit: str = "%") -> Metric:
    good = None if value is None else goal.met(value)
    off = None if value is None or good else round(abs(value - goal.limit), 1)
    return Metric(
        "x", "X", value, unit, goal.words(unit), goal.limit, good, off, (), "", Opens("sessions")
    )


def test_the_title_is_the_offices_day_and_the_figures_say_when(home: HomeRobot) -> None:
    assert home.screen.head.heading.text() == "Sunday, April 12, 2026"
    assert home.screen.as_of.text() == "Figures as of 04/12/2026 08:00"


def test_seven_metrics_are_named_with_figure_verdict_and_goal(home: HomeRobot) -> None:
    names = [tile.accessibleName() for tile in home.screen.band.tiles]
    assert len(names) == 7
    assert names[0] == "Unbilled sessions: 1, on goal, goal < 10"
    assert names[3] == "Claims over 90 days: 1, 1 over, goal 0"
    assert names[1] == "Days to payment: no payments yet, goal < 45"


def test_enter_on_a_metric_opens_its_list(home: HomeRobot) -> None:
    home.tile("unbilled").setFocus()
    home.presses("Return")
    assert home.place() == "sessions"
    assert home.last_asked() == {"view": "unbilled"}
    home.presses("Alt+Left")
    assert home.place() == "home"
    home.tile("unbilled").setFocus()
    home.presses("Right", "Right", "Return")
    assert home.place() == "aging"


def test_every_question_of_a_metric_is_one_that_sessions_understand(home: HomeRobot) -> None:
    for tile in home.screen.band.tiles:
        assert tile.shown is not None
        if tile.shown.list_of.place == "sessions":
            SessionFilter.of(tile.shown.list_of.asked)


def test_t_shows_the_trend_as_a_table_and_escape_comes_back(home: HomeRobot) -> None:
    tile = home.tile("unbilled")
    tile.setFocus()
    home.presses("T")
    popup = next(one for one in home.window.findChildren(Popup) if one.isVisible())
    assert popup.accessibleName() == "Unbilled sessions: figures"
    home.presses("Esc")
    comes_to(tile)


def test_what_needs_a_person_is_the_queue_worst_first_and_opens_the_work(
    home: HomeRobot, sqlite_books: Office
) -> None:
    shown = home.groups()
    waiting = items_now(sqlite_books)
    assert shown == [(one.urgency.value, one.title) for one in waiting], "as the queue says"
    assert ("critical", "No answer for 95 days") in shown
    assert home.screen.needs.note.text().startswith(f"{len(shown)} items, ")
    view = home.screen.needs.part.view
    view.setFocus()
    title = "Denied, on no claim here"
    place = [found for _urgency, found in shown].index(title)
    home.presses(*["Down"] * (place + 1), "Return")
    assert home.place() == "sessions"
    assert set(home.last_asked()) == {"session"}
    home.presses("Alt+Left")
    home.settles()
    assert view.picking.current_row is not None
    assert view.picking.current_row.title == title, "the same row again"


def test_the_first_key_goes_to_what_needs_a_person(home: HomeRobot) -> None:
    home.window.open("sessions")
    home.window.open("home")
    comes_to(home.screen.needs.part.view)


def test_open_balance_by_age_opens_aging_at_that_age(home: HomeRobot) -> None:
    assert home.screen.by_age.sum.text() == "370.00 open"
    home.screen.by_age.bar.setFocus()
    home.presses("End", "Left", "Return")
    assert home.place() == "aging"
    assert home.last_asked() == {"by": "payer", "key": EVERYBODY, "bucket": 3}


def test_the_weeks_show_their_figures(home: HomeRobot) -> None:
    chart = home.screen.by_week.chart
    assert len(chart.figures().rows) == 13
    chart.setFocus()
    home.presses("T")
    assert any(one.isVisible() for one in home.window.findChildren(Popup))
    home.presses("Esc")


def test_a_week_opens_the_payments_that_were_posted_in_it(open_home: OpenHome) -> None:
    robot = open_home(others=(*OTHERS, "payments"))
    robot.screen.by_week.chart.setFocus()
    robot.presses("End", "Return")
    assert robot.place() == "payments"
    asked = robot.last_asked()
    assert (asked["tab"], asked["view"]) == ("payments", "all")
    week = FilterState.from_json(str(asked["filters"])).range("day")
    assert week == Days(start=date(2026, 4, 6), end=date(2026, 4, 12))


def test_without_payments_the_weeks_show_their_figures_on_enter(home: HomeRobot) -> None:
    home.screen.by_week.chart.setFocus()
    home.presses("End", "Return")
    assert any(one.isVisible() for one in home.window.findChildren(Popup))
    home.presses("Esc")


def test_freshness_says_who_never_answered(home: HomeRobot) -> None:
    lines = home.lines(home.screen.fresh)
    assert ("Imaginary Blue Plan of Nowhere", "none yet, late") in lines
    assert ("None yet", "") in lines, "no file was ever imported"


def test_an_empty_practice_says_what_to_do_first(open_home: OpenHome) -> None:
    robot = open_home(None)
    screen = robot.screen
    assert screen._stack.currentWidget() is screen.empty
    assert screen.empty.sentence.text() == (
        "No sessions yet. Import the appointment report from SimplePractice."
    )
    assert unnamed(robot.window) == []
    robot.presses("Ctrl+Return")
    assert robot.place() == "importing"


def test_no_button_leads_to_a_place_that_is_not_there(open_home: OpenHome) -> None:
    robot = open_home(others=("sessions",))
    assert robot.screen.primary() is None
    assert robot.screen.by_age.link is None
    robot.tile("days_in_ar").setFocus()
    robot.presses("Return")
    assert robot.place() == "home"
    assert robot.heard[-1].text == "The list behind this has no screen in this version."


def test_news_are_read_at_once(home: HomeRobot) -> None:
    def more(work: Work) -> None:
        for minute in range(4):
            add_session(
                work,
                add_patient(work, f"Nova Newclient {minute}"),
                add_provider(work, f"Placebo Standin {minute}"),
                day=TODAY - timedelta(days=2),
                minute=600 + minute,
                payer=1,
                insurance=5000,
            )

    home.window.desk.act(home.window, more, lambda _done: None)
    home.waits(lambda: home.tile("unbilled").accessibleName().startswith("Unbilled sessions: 5"))
    home.waits(lambda: home.screen.by_age.sum.text() == "570.00 open")


def test_news_while_another_screen_is_in_front_are_read_on_the_way_back(
    home: HomeRobot, sqlite_books: Office
) -> None:
    home.window.open("sessions")

    def more(work: Work) -> None:
        who, clinician = add_patient(work, "Nova Newclient"), add_provider(work, "Placebo Standin")
        add_session(work, who, clinician, day=TODAY, payer=1, insurance=3000)

    home.window.desk.act(home.window, more, lambda _done: None)
    QTest.qWait(50)
    assert home.screen.by_age.sum.text() == "370.00 open"
    home.window.open("home")
    home.waits(lambda: home.screen.by_age.sum.text() == "400.00 open")


def test_the_newest_import_can_be_taken_back_after_a_question(
    open_home: OpenHome, sqlite_books: Office
) -> None:
    import_march(sqlite_books)
    robot = open_home(None)
    assert robot.lines(robot.screen.done)[0] == ("Imported 60 rows, 60 new", "08:00")
    undo = robot.undo_button()
    assert undo is not None
    assert undo.accessibleName() == "Undo: Imported 60 rows, 60 new, 08:00"
    undo.setFocus()
    robot.presses("Space")
    dialog = robot.window.findChild(QuestionDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "Undo this import?"
    dialog.reject()
    robot.qtbot.wait(20)
    assert robot.undo_button() is not None, "kept"
    robot.clicks(undo)
    again = [one for one in robot.window.findChildren(QuestionDialog) if one.isVisible()]
    robot.clicks(again[-1].do_it)
    robot.waits(lambda: bool(robot.heard))
    said = robot.heard[-1].text
    assert said.startswith("Undid the import of simplepractice_appointments_2026-03.csv: ")
    assert "60 sessions withdrawn" in said
    robot.waits(lambda: robot.undo_button() is None)


def test_the_keys_stay_on_their_line_when_it_is_read_again(
    open_home: OpenHome, sqlite_books: Office
) -> None:
    import_march(sqlite_books)
    robot = open_home(None)
    before = robot.undo_button()
    assert before is not None
    before.setFocus()
    robot.presses("F5")
    robot.waits(lambda: robot.undo_button() not in (None, before))
    after = robot.undo_button()
    assert after is not None
    comes_to(after)


def test_the_line_of_an_import_opens_it(open_home: OpenHome, sqlite_books: Office) -> None:
    import_march(sqlite_books)
    robot = open_home(None)
    robot.screen.done.findChildren(RowButton)[0].setFocus()
    robot.presses("Return")
    assert robot.place() == "importing"
    assert robot.last_asked() == {"batch": 1}


@pytest.mark.parametrize(
    ("value", "goal", "unit", "tone", "words", "aloud"),
    [
        (9.0, Goal(10), "", "green", "On goal", "9, on goal, goal < 10"),
        (5.1, Goal(5), "%", "amber", "0.1 over", "5.1 %, 0.1 over, goal < 5 %"),
        (10.0, Goal(10), "", "amber", "Just missed", "10, just missed, goal < 10"),
        (2.0, Goal(0, exact=True), "", "red", "2 over", "2, 2 over, goal 0"),
        (80.0, Goal(95, below=False), "%", "red", "15 under", "80.0 %, 15 under, goal > 95 %"),
        (
            95.0,
            Goal(95, below=False),
            "%",
            "amber",
            "Just missed",
            "95.0 %, just missed, goal > 95 %",
        ),
    ],
)
def test_a_verdict_is_a_word_and_a_tone(
    value: float, goal: Goal, unit: str, tone: str, words: str, aloud: str
) -> None:
    found = metric(value, goal, unit)
    assert (tone_of(found), verdict(found), spoken(found)) == (tone, words, aloud)


def test_everything_has_a_name_and_no_key_is_claimed_twice(
    open_home: OpenHome, sqlite_books: Office
) -> None:
    import_march(sqlite_books)
    robot = open_home(None)
    assert unnamed(robot.window) == []
    assert clashes(robot.window, robot.screen) == []


@pytest.mark.parametrize(("size", "text"), [((1280, 720), 100), ((1440, 900), 150)])
def test_a_small_window_scrolls_and_cuts_nothing_off(
    home: HomeRobot, qapp: QApplication, size: tuple[int, int], text: int
) -> None:
    theme.apply(qapp, "light", text)
    home.window.resize(*size)
    home.qtbot.waitUntil(lambda: home.screen.done.width() >= theme.now.px(250))
    assert (home.window.width(), home.window.height()) == size
    page = home.screen.area.widget()
    assert page is not None
    assert page.width() <= home.screen.area.viewport().width(), "never across"
    for tile in home.screen.band.tiles:
        assert tile.geometry().right() <= home.screen.band.width()
    assert home.screen.done.width() >= theme.now.px(250)
    theme.apply(qapp)
