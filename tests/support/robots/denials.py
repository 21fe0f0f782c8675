"""Denied lines and their rates in the user's words, by key: two tabs of Claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screens.claims.rates_part import RatesPart
from fscdesk.ui.screens.claims.screen import DENIALS, RATES, ClaimsScreen
from fscdesk.ui.tables.facts import FactsPage
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.story import StoryPage
from tests.support.focus import comes_to
from tests.support.robots.claims_day import ClaimsDayRobot, claims_window
from tests.support.robots.office import DiaryScreen

OTHERS = ("patients", "sessions", "setup", "claim", "payments", "remittance")


class DenialsRobot:
    """A person who works on denials, by keyboard; the claim's page and others keep a diary."""

    def __init__(self, desk: ClaimsDayRobot) -> None:
        self.desk = desk

    @property
    def screen(self) -> ClaimsScreen:
        """The Claims place, which is in front."""
        front = self.desk.front
        assert isinstance(front, ClaimsScreen)
        return front

    @property
    def tab(self) -> PaneTab[Any]:
        """The tab in front."""
        return self.screen.part

    @property
    def rates(self) -> RatesPart:
        """The Denial rates tab, which is in front."""
        part = self.screen.part
        assert isinstance(part, RatesPart)
        return part

    def opens(self, view: str = "open") -> None:
        """Come to a view of the Denials tab, with the keys in its rows."""
        self.desk.window.open("claims", tab=DENIALS, view=view)
        self.desk.rests()
        if self.tab.list.model.total:
            comes_to(self.tab.list.view)

    def opens_rates(self) -> None:
        """Come to the Denial rates tab."""
        self.desk.window.open("claims", tab=RATES)
        self.desk.rests()
        self.desk.waits(lambda: self.rates.shown is not None)
        comes_to(self.rates.list.view)

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        self.desk.does(*keys)

    def diary(self) -> dict[str, Any]:
        """What the place in front was opened on last."""
        self.desk.waits(lambda: isinstance(self.desk.front, DiaryScreen))
        return self.desk.asked()[-1]

    def detail(self) -> Any:
        """What the pane shows, once it belongs to the current row."""
        pane = self.tab.list.pane
        assert pane is not None
        self.desk.waits(lambda: pane.foot.isEnabled() and pane._detail is not None)
        return pane._detail

    def steps(self) -> dict[str, bool]:
        """The buttons at the pane's foot, and whether they can be pressed."""
        self.detail()
        pane = self.tab.list.pane
        assert pane is not None
        buttons = [one for one in pane.foot.buttons() if isinstance(one, Button)]
        return {one.words(): one.isEnabled() for one in buttons if one.words()}

    def presses_step(self, words: str) -> None:
        """Press a button of the pane's foot."""
        self.detail()
        pane = self.tab.list.pane
        assert pane is not None
        found = [
            one for one in pane.foot.buttons() if isinstance(one, Button) and one.words() == words
        ]
        found[0].click()
        self.desk.rests()

    def why(self) -> str:
        """All that the first tab of the pane says."""
        self.detail()
        pane = self.tab.list.pane
        assert pane is not None
        pane.open_tab("why")
        page = pane.page("why")
        assert isinstance(page, FactsPage)
        return page.facts.accessibleDescription()

    def done(self) -> Sequence[str]:
        """What was done, the newest first."""
        self.detail()
        pane = self.tab.list.pane
        assert pane is not None
        pane.open_tab("done")
        page = pane.page("done")
        assert isinstance(page, StoryPage)
        return [one.title for one in page.story._steps]

    def lines(self) -> list[tuple[str, ...]]:
        """The lines that are open below the rates: client, reason, what it is now."""
        part = self.rates.lines.part
        self.desk.waits(lambda: part.isVisible() and part.model.known and part.model.settled)
        keys = ("patient", "reason", "now") if part is self.rates.lines.denials else ("patient",)
        return [
            tuple(str(part.model.index(at, part.model.section_of(key)).data()) for key in keys)
            for at in range(part.model.total)
        ]


@contextmanager
def denials_window(qtbot: QtBot, books: Office, scratch: Path) -> Iterator[DenialsRobot]:
    """Open a window over the books, on Home."""
    with claims_window(qtbot, books, scratch, others=OTHERS) as desk:
        robot = DenialsRobot(desk)
        desk.rests()
        yield robot
        assert QApplication.activeModalWidget() is None
