"""The desk: work off the GUI thread, answers on it, nothing for the dead."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.jobs.activity import Activity
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.jobs.progress import JobProgress
from fscdesk.ui.live import Live
from tests.support.robots.shell import ShellRobot


def test_an_answer_comes_back_on_the_gui_thread(desk: Desk, qtbot: QtBot) -> None:
    owner, got = QObject(), list[tuple[str, bool]]()
    gui = QThread.currentThread()

    def ask(work: Work) -> str:
        assert threading.current_thread() is not threading.main_thread()
        return work.actor.name

    desk.ask(owner, ask, lambda name: got.append((name, QThread.currentThread() is gui)))
    qtbot.waitUntil(lambda: len(got) == 1)
    assert got[0][1]


def test_answers_for_a_dead_owner_are_dropped_and_news_is_still_told(
    desk: Desk, qtbot: QtBot
) -> None:
    owner, gate = QObject(), threading.Event()
    got: list[str] = []
    news: list[object] = []
    desk.changed.connect(news.append)

    def change(work: Work) -> str:
        gate.wait(5)
        work.touch(Topic.SESSIONS)
        return "written"

    asked = desk.ask(owner, lambda _work: "read", got.append)
    job = desk.act(owner, change, got.append)
    import shiboken6

    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: job.ended and asked.ended)
    assert got == []
    assert news == [frozenset({Topic.SESSIONS})]


def test_writes_run_in_order_and_a_refusal_stops_none(desk: Desk, qtbot: QtBot) -> None:
    owner, order, refused = QObject(), list[int](), list[BaseException]()

    def refuse(_work: Work) -> int:
        raise Problem("No.")

    desk.act(owner, lambda _work: 1, order.append)
    desk.act(owner, refuse, order.append, refused.append)
    desk.act(owner, lambda _work: 2, order.append)
    qtbot.waitUntil(lambda: order == [1, 2])
    assert [str(fault) for fault in refused] == ["No."]


def test_a_fault_that_nobody_took_charge_of_is_told(desk: Desk, qtbot: QtBot) -> None:
    owner = QObject()

    def fail(_work: Work) -> int:
        raise KeyError("a bug")

    with qtbot.waitSignal(desk.failed) as told:
        desk.ask(owner, fail, lambda _answer: None)
    assert told.args is not None
    assert isinstance(told.args[0], KeyError)


def test_a_cancelled_job_is_silent_and_saves_nothing(desk: Desk, qtbot: QtBot) -> None:
    owner, said, started = QObject(), list[object](), threading.Event()
    activity = Activity(desk)

    def long(work: Work) -> int:
        work.touch(Topic.SESSIONS)
        started.set()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            work.job.step(1, 10)
        return 1

    desk.changed.connect(said.append)
    desk.failed.connect(said.append)
    job = desk.act(owner, long, said.append, said.append, title="Import sessions")
    qtbot.waitUntil(started.is_set)
    assert [one.title for one in activity.running] == ["Import sessions"]
    job.cancel()
    qtbot.waitUntil(lambda: job.ended)
    assert said == []
    assert activity.running == []
    assert activity.results[0].words == "Stopped. Nothing was saved."


def test_a_closed_desk_takes_no_more_work(sqlite_books: Office, qapp: QApplication) -> None:
    desk = Desk(sqlite_books)
    desk.close()
    got: list[str] = []
    assert desk.ask(QObject(), lambda _work: "late", got.append).ended
    assert desk.act(QObject(), lambda _work: "late", got.append).ended
    qapp.processEvents()
    assert got == []


def test_closing_stops_what_only_reads(sqlite_books: Office, qapp: QApplication) -> None:
    desk, started = Desk(sqlite_books), threading.Event()

    def read_on(work: Work) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            work.job.step(0, 0)
            started.set()

    desk.ask(desk, read_on, lambda _none: None)
    assert started.wait(5)
    before = time.monotonic()
    desk.close()
    assert time.monotonic() - before < 5


def test_the_pill_comes_after_half_a_second_and_its_list_can_cancel(
    shell: ShellRobot, qtbot: QtBot
) -> None:
    started, top = threading.Event(), shell.window.top

    def read(work: Work) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            work.job.step(3, 5, "Reading ERA")
            started.set()
            time.sleep(0.005)

    job = shell.window.desk.ask(shell.window, read, lambda _none: None, title="Read remittances")
    qtbot.waitUntil(started.is_set)
    assert not top.pill.isVisible()
    qtbot.waitUntil(top.pill.isVisible)
    assert top.pill.accessibleName() == "Background activity: Reading ERA 3 of 5"
    shell.clicks(top.pill)
    assert top.jobs.isVisible()
    cancel = next(
        one
        for one in top.jobs.findChildren(QObject)
        if getattr(one, "words", lambda: "")() == "Cancel"
    )
    cancel.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: job.ended and not top.pill.isVisible())
    shell.presses("Esc")
    assert not top.jobs.isVisible()


def test_a_refused_job_marks_the_bell_until_it_is_looked_at(
    shell: ShellRobot, qtbot: QtBot
) -> None:
    bell = shell.window.top.bell

    def refuse(_work: Work) -> None:
        raise Problem("The file is damaged.")

    shell.window.desk.ask(
        shell.window, refuse, lambda _none: None, lambda _fault: None, title="Read the file"
    )
    qtbot.waitUntil(lambda: bell.unseen)
    assert bell.accessibleName().endswith("one was refused")
    shell.clicks(bell)
    assert not bell.unseen


def test_progress_shows_after_half_a_second_and_cancel_only_asks(qtbot: QtBot) -> None:
    job = Job()
    dialog = JobProgress(job, "Closing March")
    qtbot.addWidget(dialog)
    dialog.look()
    assert not dialog.isVisible()
    job.step(2, 8, "Statements")
    for _ in range(5):
        dialog.look()
    assert dialog.isVisible()
    assert (dialog.bar.value(), dialog.bar.maximum()) == (2, 8)
    dialog.cancel.click()
    assert dialog.isVisible()
    assert dialog.step.text() == "Stopping. Nothing will be saved."
    job.ended = True
    dialog.look()
    assert not dialog.isVisible()


def test_live_repeats_what_another_workstation_changed(
    desk: Desk, sqlite_books: Office, qtbot: QtBot
) -> None:
    live = Live(desk)
    seen: list[bool] = []
    live.online.connect(seen.append)
    live.look()
    qtbot.waitUntil(lambda: seen == [True])

    def elsewhere(work: Work) -> None:
        work.touch(Topic.PATIENTS)

    sqlite_books.write(elsewhere)
    with qtbot.waitSignal(desk.changed) as told:
        live.look()
    assert told.args == [frozenset({Topic.PATIENTS})]


def test_live_says_when_the_database_does_not_answer(desk: Desk, qtbot: QtBot) -> None:
    answers = iter([True, False])

    def counts(_work: Work) -> dict[Topic, int]:
        if next(answers):
            raise OSError("gone")
        return {}

    live = Live(desk, counts=counts)
    seen: list[bool] = []
    live.online.connect(seen.append)
    live.look()
    qtbot.waitUntil(lambda: seen == [False])
    live.look()
    qtbot.waitUntil(lambda: seen == [False, True])
