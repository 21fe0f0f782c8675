"""One question at a time: late answers are dropped, and news never starve a screen."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.jobs.latest import Latest


def test_only_the_answer_to_the_newest_question_is_shown(qtbot: QtBot, desk: Desk) -> None:
    shown: list[int] = []
    gate = threading.Event()
    latest = Latest[int](desk, desk, shown.append, lambda fault: None)

    def slow(_work: Work) -> int:
        gate.wait(5)
        return 1

    latest.ask(slow)
    latest.ask(lambda _work: 2)
    qtbot.waitUntil(lambda: shown == [2])
    gate.set()
    qtbot.wait(50)
    assert shown == [2]
    assert not latest.waiting


def test_another_question_stops_the_one_before(qtbot: QtBot, desk: Desk) -> None:
    stopped = threading.Event()
    began = threading.Event()
    latest = Latest[int](desk, desk, lambda answer: None, lambda fault: None)

    def stepping(work: Work) -> int:
        began.set()
        try:
            for at in range(500):
                work.job.step(at, 500)
                threading.Event().wait(0.01)
        finally:
            stopped.set()
        return 1

    latest.ask(stepping)
    qtbot.waitUntil(began.is_set)
    latest.ask(lambda _work: 2)
    qtbot.waitUntil(stopped.is_set)


def test_news_wait_for_the_answer_that_is_on_its_way(qtbot: QtBot, desk: Desk) -> None:
    shown: list[int] = []
    gate = threading.Event()
    asked: list[int] = []
    latest = Latest[int](desk, desk, shown.append, lambda fault: None)

    def count(_work: Work) -> int:
        asked.append(1)
        gate.wait(5)
        return len(asked)

    latest.ask(count)
    for _news in range(5):
        latest.again()
    gate.set()
    qtbot.waitUntil(lambda: shown == [1, 2])
    qtbot.wait(50)
    assert shown == [1, 2], "five pieces of news are one more look"


def test_a_refusal_ends_the_waiting(qtbot: QtBot, desk: Desk) -> None:
    refused: list[BaseException] = []
    latest = Latest[int](desk, desk, lambda answer: None, refused.append)

    def refuse(_work: Work) -> int:
        raise Problem("No.")

    latest.ask(refuse)
    qtbot.waitUntil(lambda: bool(refused))
    assert not latest.waiting
