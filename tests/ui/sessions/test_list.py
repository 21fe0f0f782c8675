"""The list of sessions: found by typing, cut by tabs and chips, opened by other screens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.office import Office
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import clashes, commands_of
from fscdesk.ui.screens.sessions.asking import BALANCE, BATCH, CLIENT, VIEW
from fscdesk.ui.screens.sessions.wording import none_words
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.tables.list_menus import export_chosen_as
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.sessions import SessionsRobot
from tests.ui.sessions.conftest import OpenSessions

QUILL = "Quill Fakerson"


def test_the_newest_stands_first_and_the_sums_are_of_all(sessions: SessionsRobot) -> None:
    days = [row.day for row in sessions.model.loaded()]
    assert days == sorted(days, reverse=True)
    assert sessions.part.body.totals.words() == "60 sessions, 9,635.00 charged"
    assert sessions.part.body.totals.shown() == {"insurance": "5,067.00", "patient": "503.00"}
    first = sessions.current()
    assert first is not None
    assert first.day == date(2026, 3, 31), "the first row is current, so that the pane tells"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ficc", ["José Ficción"] * 2),
        ("3/20", ["Minna Minorsample", "Nonesuch, JR, of Nowhere Maxim"]),
        ("96130", ["Eve Evaluationdemo"]),
        ("dee imaginary", ["Dee O'Example"]),
    ],
)
def test_typing_anywhere_in_the_list_narrows_it(
    sessions: SessionsRobot, typed: str, names: list[str]
) -> None:
    sessions.types(typed)
    sessions.sees(len(names))
    assert sessions.names() == names
    sessions.qtbot.waitUntil(lambda: sessions.note() == f"{len(names)} of 60")
    sessions.presses("Escape")
    sessions.sees(60)
    comes_to(sessions.view)


def test_after_finding_a_row_it_stays_current_in_the_whole_list(sessions: SessionsRobot) -> None:
    sessions.types("ficc")
    sessions.sees(2)
    sessions.qtbot.waitUntil(lambda: _day(sessions) == date(2026, 3, 23))
    sessions.presses("Down", "Down")
    row = sessions.current()
    assert _day(sessions) == date(2026, 3, 9)
    sessions.presses("Escape")
    sessions.sees(60)
    sessions.qtbot.waitUntil(lambda: sessions.current() == row)


def test_each_tab_says_how_many_and_shows_them(sessions: SessionsRobot) -> None:
    views = sessions.part.views
    assert views is not None
    expected = {
        "unbilled": 9,
        "no_signed_note": 14,
        "denied": 0,
        "waiting_on_payer": 22,
        "client_owes": 9,
    }
    sessions.qtbot.waitUntil(lambda: {key: views.tabs.count(key) for key in expected} == expected)
    for key, count in expected.items():
        sessions.sorts_tab(key)
        sessions.sees(count)
    assert all(row.patient_balance.cents > 0 for row in sessions.model.loaded())


def test_an_empty_tab_is_good_news(sessions: SessionsRobot) -> None:
    sessions.sorts_tab("denied")
    sessions.sees(0)
    empty = sessions.part.body.empty
    assert empty is not None
    assert empty.sentence.text().startswith("Nothing is denied.")


def test_clearing_the_filters_stays_in_the_tab(sessions: SessionsRobot) -> None:
    sessions.sorts_tab("unbilled")
    sessions.sees(9)
    sessions.view.setFocus()
    sessions.types("nobody")
    sessions.sees(0)
    empty = sessions.part.body.empty
    assert empty is not None
    assert empty.sentence.text() == "No unbilled sessions with “nobody”."
    assert empty.button is not None
    empty.button.click()
    sessions.sees(9)


def test_a_practice_without_sessions_offers_the_import(
    sqlite_books: Office, open_sessions: OpenSessions
) -> None:
    robot = open_sessions(sqlite_books)
    robot.sees(0)
    empty = robot.part.body.empty
    assert empty is not None
    assert empty.sentence.text().startswith("No sessions yet.")
    assert empty.button is not None
    empty.button.click()
    assert robot.elsewhere("importing") == {}


def test_a_place_that_is_not_there_has_no_button(
    march: Office, open_sessions: OpenSessions
) -> None:
    robot = open_sessions(march, others=False)
    row = robot.goes_to(QUILL)
    robot.sees_pane(QUILL)
    assert robot.steps() == ["Check before billing"]
    assert robot.screen.primary() is None
    words = {one.text() for one in commands_of(robot.screen)}
    assert not words & {"Open client", "Import files", "Statement…"}
    assert {"Check before billing", "Set status…", "Set attendance…"} <= words
    assert row.patient_name == QUILL


def test_other_screens_open_it_on_a_view_a_client_an_import(sessions: SessionsRobot) -> None:
    sessions.opens("home")
    sessions.opens("sessions", view="unbilled")
    sessions.sees(9)
    assert sessions.part.views is not None
    assert sessions.part.views.tabs.current == "unbilled"
    assert sessions.part.state == FilterState().with_values(VIEW, ("unbilled",))
    sessions.opens("sessions", patient=sessions.goes_to(QUILL).patient_id)
    sessions.sees(5)
    assert set(sessions.names()) == {QUILL}
    chip = sessions.part.line.chips[CLIENT]
    sessions.qtbot.waitUntil(lambda: chip.accessibleName() == f"Client: {QUILL}")
    sessions.opens("sessions", batch=1)
    sessions.sees(60)
    chip = sessions.part.line.chips[BATCH]
    sessions.qtbot.waitUntil(lambda: "simplepractice_appointments" in chip.accessibleName())


def test_what_home_asks_becomes_tab_and_chips(sessions: SessionsRobot) -> None:
    sessions.opens(
        "sessions",
        view="waiting_on_payer",
        payer=(1, 3),
        day=(None, date(2026, 3, 19)),
        status=("submitted",),
    )
    sessions.settles()
    state = sessions.part.state
    assert state.values("payer") == ("1", "3")
    assert state.range("day") == Days(end=date(2026, 3, 19))
    rows = list(sessions.model.loaded())
    assert rows
    assert all(
        row.payer_id in (1, 3) and row.day <= date(2026, 3, 19) and row.insurance_balance
        for row in rows
    )
    sessions.opens("sessions", view="payer_owes", day=(None, date(2026, 3, 15)))
    sessions.qtbot.waitUntil(
        lambda: (
            {row.day for row in sessions.model.loaded()}
            == {date(2026, 3, 9), date(2026, 3, 12), date(2026, 3, 13)}
        )
    )
    assert all(row.insurance_balance.cents > 0 for row in sessions.model.loaded())
    assert sessions.part.line.chips[BALANCE].accessibleName() == "Balance: Payer owes"
    sessions.opens("sessions", open=True)
    assert sessions.part.state.values(BALANCE) == ("open",)
    sessions.qtbot.waitUntil(
        lambda: all(row.insurance_balance or row.patient_balance for row in sessions.model.loaded())
    )


def test_one_session_is_shown_among_those_of_its_client(sessions: SessionsRobot) -> None:
    sessions.opens("sessions", session=12)
    sessions.sees(5)
    sessions.qtbot.waitUntil(lambda: (row := sessions.current()) is not None and row.id == 12)
    assert sessions.sees_pane(QUILL, "03/09").detail.row.id == 12
    sessions.opens("sessions", session=999_999)
    assert sessions.sees_message("not in the books").hint


def test_back_returns_to_the_same_row_of_the_same_question(sessions: SessionsRobot) -> None:
    sessions.sorts_tab("unbilled")
    sessions.sees(9)
    row = sessions.goes_to(QUILL, "03/23")
    sessions.presses("Ctrl+L")
    assert sessions.elsewhere("patients") == {"patient": row.patient_id}
    sessions.window.open("sessions", view="client_owes")
    sessions.sees(9)
    sessions.presses("Alt+Left", "Alt+Left")
    sessions.sees(9)
    assert sessions.part.state.values(VIEW) == ("unbilled",)
    sessions.qtbot.waitUntil(lambda: sessions.current() == row)


def test_enter_goes_into_the_details_and_esc_back_to_the_row(sessions: SessionsRobot) -> None:
    row = sessions.goes_to("José Ficción")
    sessions.presses("F4")
    pane = sessions.part.pane
    assert pane is not None
    assert not pane.isVisible()
    sessions.presses("Return")
    assert pane.isVisible()
    sessions.sees_pane("José Ficción")
    comes_to(pane.tabs)
    sessions.presses("Ctrl+Down")
    assert sessions.current() != row
    sessions.presses("Ctrl+Up", "Escape")
    comes_to(sessions.view)
    assert sessions.current() == row


def test_ticks_and_current_row_stay_with_their_records(
    march: Office, sessions: SessionsRobot
) -> None:
    ticked = sessions.goes_to("Newton Notyet")
    sessions.presses("Space")
    current = sessions.goes_to(QUILL, "03/23")
    march.write(_withdraw_the_newest)
    sessions.window.desk.changed.emit(frozenset({Topic.SESSIONS}))
    sessions.sees(59)
    assert sessions.model.ticks.ids == {ticked.id}
    assert sessions.current() == current
    assert "1 selected" in sessions.part.body.bar.count.text()


def test_what_another_desk_changes_is_seen(march: Office, sessions: SessionsRobot) -> None:
    row = sessions.goes_to("José Ficción")
    march.write(
        lambda work: change_billing_status(
            work, [row.id], BillingStatus.DENIED, reason="No prior authorization"
        )
    )
    sessions.window.desk.changed.emit(frozenset({Topic.SESSIONS}))
    sessions.sees_cell(row.id, "status", "Denied")
    views = sessions.part.views
    assert views is not None
    sessions.qtbot.waitUntil(lambda: views.tabs.count("denied") == 1)


def test_ticked_rows_are_exported_and_no_others(
    march: Office, open_sessions: OpenSessions, tmp_path: Path
) -> None:
    path = tmp_path / "chosen.csv"
    robot = open_sessions(march, path=str(path))
    robot.goes_to("Newton Notyet")
    robot.presses("Space")
    robot.goes_to("Nonesuch, JR, of Nowhere Maxim")
    robot.presses("Space")
    export_chosen_as(robot.part, "csv")
    robot.sees_message("2 rows exported to chosen.csv.")
    text = path.read_text(encoding="utf-8-sig")
    assert "Newton Notyet" in text
    assert "-40.00" in text
    assert "Quill" not in text


def test_the_bar_of_ticked_rows_has_their_sums_and_the_only_primary_button(
    sessions: SessionsRobot,
) -> None:
    button = sessions.screen._import_button
    assert button is not None
    assert button.property("kind") == "primary"
    sessions.goes_to("Newton Notyet")
    sessions.presses("Space")
    sessions.goes_to(QUILL)
    sessions.presses("Space")
    assert sessions.part.body.bar.sums.text() == "320.00 charged, 290.00 open"
    assert sessions.part.body.bar.buttons["check"].property("kind") == "primary"
    assert button.property("kind") == ""
    primary = sessions.screen.primary()
    assert primary is not None
    assert primary.text() == "Check before billing"
    sessions.presses("Escape")
    assert button.property("kind") == "primary"


def test_everything_has_a_name_and_no_key_two_meanings(sessions: SessionsRobot) -> None:
    sessions.sees_pane("Nova Newclient")
    for tab in ("charges", "report", "checks"):
        sessions.opens_tab(tab)
    assert unnamed(sessions.window) == []
    assert clashes(sessions.window, sessions.screen) == []
    keys = {one.text(): one.shortcut().toString() for one in commands_of(sessions.screen)}
    assert keys["Check before billing"] == "Ctrl+Shift+B"
    assert keys["Open client"] == "Ctrl+L"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (FilterState().with_values(VIEW, ("denied",)), "No denied sessions."),
        (FilterState().with_values("status", ("denied",)), "No denied sessions."),
        (
            FilterState()
            .with_values(VIEW, ("client_owes",))
            .with_days("day", Days(start=date(2026, 3, 1), end=date(2026, 3, 31))),
            "No sessions with money owed by the client in March 2026.",
        ),
        (
            FilterState().with_days("day", Days(start=date(2026, 3, 1))),
            "No sessions since 03/01/2026.",
        ),
        (FilterState().with_days("day", Days(word="today")), "No sessions today."),
        (
            FilterState(text="quill").with_values("payer", ("1",)),
            "No sessions that match these filters with “quill”.",
        ),
    ],
)
def test_an_empty_answer_says_what_was_asked(look: object, state: FilterState, words: str) -> None:
    assert none_words(state) == words


def _day(robot: SessionsRobot) -> date | None:
    row = robot.current()
    return None if row is None else row.day


def _withdraw_the_newest(work: Work) -> None:
    """Take the session back as undoing its import does."""
    work.db.get_one(Session, 60).withdrawn_by = 1
    work.touch(Topic.SESSIONS)
