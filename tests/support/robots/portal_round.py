"""The round of the portals in the user's words, by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payer import Portal
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.round_screen import RoundScreen
from fscdesk.ui.screens.claims.screen import ClaimsScreen
from fscdesk.ui.screens.queue import QueueScreen
from tests.support.claim_acts import TODAY
from tests.support.claims import DAY, ClaimDesk, build, ready
from tests.support.focus import comes_to
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen, Maker
from tests.support.robots.shell import PRACTICE

ADDRESS = "https://portal.example/status"
STEPS = "Sign in\nClaims, Search\nType the member id and the day"


class RoundRobot(KeyRobot):
    """A person who looks up claims, by keyboard."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office) -> None:
        super().__init__(qtbot, window)
        self.office = office
        self.heard: list[Message] = []
        self.pages: list[str] = []
        window.messages.said.connect(self.heard.append)

    @property
    def front(self) -> QWidget:
        """The screen in front."""
        found = self.window.screen_in_front()
        assert found is not None
        return found

    @property
    def screen(self) -> RoundScreen:
        """The round, which is in front."""
        assert isinstance(self.front, RoundScreen), self.front
        return self.front

    def opens(self) -> None:
        """Come to the round, on its first claim."""
        self.window.open("portal-round")
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        if not self.window.desk.quiet():
            return False
        if isinstance(self.front, RoundScreen) and self.front.list.isVisible():
            return self.front.list.model.known and self.front.list.model.settled
        return True

    def rests(self) -> None:
        """Wait until what was asked is answered, and what follows from it, too."""
        for _ in range(3):
            QApplication.processEvents()
            self.waits(self.at_rest, timeout=60_000)

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def answers(self, letter: str) -> None:
        """Answer the claim on the card in two keys."""
        comes_to(self.screen.card)
        self.presses(letter)
        self.waits(lambda: self.screen.card.way is not None and not self.screen.card.hasFocus())
        self.presses("Return")
        self.rests()

    def runs(self, words: str) -> None:
        """Run a command of the round by its words, as Ctrl+K does."""
        found = [one for one in self.screen.actions() if one.text() == words]
        assert found, [one.text() for one in self.screen.actions()]
        assert found[0].isEnabled()
        assert found[0].isVisible(), words
        found[0].trigger()
        self.rests()

    def patient(self) -> str:
        """Who is on the card."""
        row = self.screen.row
        return "" if row is None or self.screen.card.isHidden() else row.claim.patient

    def claim(self) -> int:
        """The claim on the card."""
        assert self.screen.row is not None
        return self.screen.row.id

    def payers(self) -> Sequence[str]:
        """The payers at the left, as they are read aloud."""
        return [one.accessibleName() for one in self.screen.stops.buttons.values()]

    def column(self, key: str) -> Sequence[str]:
        """A column of the claims in front, from the top."""
        model = self.screen.list.model
        section = model.section_of(key)
        return [str(model.index(at, section).data()) for at in range(model.rowCount())]

    def ended(self) -> bool:
        """Whether the sums of the round are on view."""
        return self.screen.summary.isVisible()

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")


def silent_claims(books: Office, desk: ClaimDesk) -> tuple[int, ...]:
    """Four silent claims: three of Imaginary Blue, the longest for 90 days, one of Example East.

    Imaginary Blue has a portal. Their ids come in the order of the round.
    """
    plan = (
        (desk.payer, desk.alma, 90),
        (desk.payer, desk.ben, 60),
        (desk.payer, desk.alma, 40),
        (desk.next_payer, desk.ben, 70),
    )

    def portal(work: Work) -> None:
        work.db.add(Portal(payer_id=desk.payer, name="Blue portal", address=ADDRESS, steps=STEPS))
        work.touch(Topic.PAYERS)

    books.write(portal)
    return tuple(_sent(books, desk, at, *one) for at, one in enumerate(plan))


def _sent(books: Office, desk: ClaimDesk, at: int, payer: int, patient: int, days: int) -> int:
    day, sent = DAY + timedelta(days=7 * at - 100), TODAY - timedelta(days=days)
    session = books.write(lambda work: ready(work, desk, patient=patient, day=day)).value
    (claim_id,) = build(books, [session])

    def send(work: Work) -> None:
        move_claims(work, [ClaimMove(claim_id, ClaimStatus.SUBMITTED, "sent")])
        values = {"payer_id": payer, "first_sent_on": sent, "last_sent_on": sent}
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(**values))
        work.touch(Topic.CLAIMS)

    books.write(send)
    return claim_id


@contextmanager
def round_window(
    qtbot: QtBot, books: Office, scratch: Path, *, size: tuple[int, int] = (1440, 900)
) -> Iterator[RoundRobot]:
    """Open a window over the books, on Home; no browser is opened, its addresses are kept."""
    desk = Desk(books)
    robots: list[RoundRobot] = []

    def opens(url: QUrl) -> None:
        robots[0].pages.append(url.toString())

    def makes(shell: Shell) -> RoundScreen:
        return RoundScreen(shell, opens=opens)

    makers: dict[str, Maker] = {
        **dict.fromkeys(("home", "claim", "setup"), DiaryScreen),
        "claims": ClaimsScreen,
        "queue": QueueScreen,
        "portal-round": makes,
    }
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    window = MainWindow(
        desk, PRACTICE, places(makers), preferences=Preferences(scratch / "workstation.ini")
    )
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    robots.append(RoundRobot(qtbot, window, books))
    try:
        yield robots[0]
    finally:
        desk.close()
