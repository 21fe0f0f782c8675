"""The import wizard in the user's words, and a window to run it in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.forms.question import QuestionCard
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import Hooks, MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.importing.plan_step import PlanStep
from fscdesk.ui.screens.importing.screen import ImportScreen, choose_files, import_newest
from fscdesk.ui.screens.importing.steps import Step
from tests.support.robots.keys import KeyRobot
from tests.support.robots.shell import PRACTICE, PlainScreen


@dataclass
class Chooser:
    """Stands in for the system's dialogs: what it is told to choose, it chooses."""

    files: list[Path] = field(default_factory=list)
    folder: Path | None = None


class ImportingRobot(KeyRobot):
    """Everything a person may do to the wizard by key, and what is then seen."""

    def __init__(self, qtbot: QtBot, window: MainWindow, folder: Path, chooser: Chooser) -> None:
        super().__init__(qtbot, window)
        self.folder, self.chooser = folder, chooser
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def screen(self) -> ImportScreen:
        """The wizard, which is in front."""
        front = self.window.screen_in_front()
        assert isinstance(front, ImportScreen)
        return front

    @property
    def plan(self) -> PlanStep:
        """Its third step."""
        return self.screen.plan

    def step(self) -> Step:
        """Which step is in front."""
        return self.screen.run.step

    def sees(self, step: Step) -> None:
        """Wait until a step is in front and nothing is under way."""
        self.waits(lambda: self.step() is step and self.at_rest())

    def at_rest(self) -> bool:
        """Whether nothing is read, planned or applied just now."""
        run, model = self.screen.run, self.plan.list.model
        counted = model.known or run.step is not Step.PLAN
        return not run.doing and counted and model.settled

    def rests(self) -> None:
        """Wait until the plan is counted again."""
        self.waits(self.at_rest)

    def tiles(self) -> dict[str, int]:
        """The figures that are shown, by key."""
        page = self.screen.done if self.step() is Step.DONE else self.plan
        return {key: tile.count for key, tile in page.tiles.tiles.items() if not tile.isHidden()}

    def question(self) -> str:
        """The question in focus, or nothing."""
        focused = self.target()
        return focused.question.sentence if isinstance(focused, QuestionCard) else ""

    def open_questions(self) -> list[str]:
        """The questions that have no answer."""
        cards = self.plan.questions.cards.cards
        return [card.question.sentence for card in cards if not card.chosen]

    def answers(self) -> dict[str, str]:
        """The words of the answers that are given, by question."""
        found = {}
        for card in self.plan.questions.cards.cards:
            words = {answer.key: answer.words for answer in card.question.answers}
            if card.chosen:
                found[card.question.sentence] = words[card.chosen]
        return found

    def button(self) -> str:
        """What the primary button says."""
        primary = self.screen.primary()
        return "" if primary is None else primary.text()

    def foot(self) -> str:
        """What the foot of the plan says is not saved."""
        return self.plan.foot.words.text()

    def rows(self) -> list[tuple[str, str, str]]:
        """The rows on view: verdict, client, what will happen."""
        model = self.plan.list.model
        columns = [model.section_of(key) for key in ("verdict", "client", "what")]
        return [
            (texts[0], texts[1], texts[2])
            for at in range(model.rowCount())
            if (texts := [str(model.index(at, column).data()) for column in columns])
        ]

    def newest(self) -> Message:
        """What was said last."""
        return self.heard[-1]


def put(folder: Path, name: str, data: str | bytes, written: datetime) -> Path:
    """Write a file as an export of that moment."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    os.utime(path, (written.timestamp(), written.timestamp()))
    return path


@contextmanager
def wizard(
    qtbot: QtBot, books: Office, folder: Path, *, others: Sequence[str] = ("home", "sessions")
) -> Iterator[ImportingRobot]:
    """Open a window over the books, on Home, with the wizard a chord away.

    `folder` is the watched one; it may hold exports already.
    """
    desk = Desk(books)
    chooser = Chooser()
    preferences = Preferences(folder.parent / "workstation.ini")
    preferences.set_watched_folder(folder)

    def make(shell: Shell) -> ImportScreen:
        return ImportScreen(
            shell,
            preferences=preferences,
            ask_files=lambda _window, _folder: chooser.files,
            ask_folder=lambda _window, _folder: chooser.folder,
        )

    window = MainWindow(
        desk,
        PRACTICE,
        places({**dict.fromkeys(others, PlainScreen), "importing": make}),
        hooks=Hooks(import_newest=import_newest, choose_files=choose_files),
        preferences=preferences,
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    try:
        yield ImportingRobot(qtbot, window, folder, chooser)
    finally:
        desk.close()
