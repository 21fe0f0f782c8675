"""The composition root of the window: makes the application, the look, the desk, the window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from fscdesk import __version__
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.crash import CrashHandler, open_log
from fscdesk.ui.dialogs.welcome import Choice, WelcomeDialog
from fscdesk.ui.jobs.desk import Books, Desk
from fscdesk.ui.jobs_keeper import JobsKeeper
from fscdesk.ui.live import Live
from fscdesk.ui.main_window import Hooks, MainWindow
from fscdesk.ui.navigation import places
from fscdesk.ui.outbox_keeper import OutboxKeeper
from fscdesk.ui.painting import box
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import PracticeFacts, Shell
from fscdesk.ui.search import Provider

Counts = Callable[[Work], Mapping[str, int]]
"""How much waits for a person, by the key of the place."""

FIRST_SIZE = (1440, 900)


@dataclass(frozen=True)
class Screens:
    """What the program is put together from: screens by place, and what the shell asks."""

    makers: Mapping[str, Callable[[Shell], QWidget]]
    providers: Sequence[Provider] = ()
    hooks: Hooks = field(default_factory=Hooks)
    counts: Counts | None = None


@dataclass(frozen=True)
class Started:
    """The application before any practice is open."""

    app: QApplication
    preferences: Preferences
    crash: CrashHandler


def start(preferences: Preferences | None = None, *, log: bool = True) -> Started:
    """Make the application with its fonts and its look, and take over what would crash it.

    Call once, before any window. `log=False` writes no file.
    """
    QCoreApplication.setApplicationName("fscdesk")
    QCoreApplication.setApplicationVersion(__version__)
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    kept = preferences or Preferences()
    theme.now.comfortable = kept.comfortable()
    theme.apply(app, kept.scheme(), kept.text_size())
    app.setWindowIcon(_mark())
    _SystemLook(app, kept)
    if log:
        open_log()
    crash = CrashHandler(parent=app)
    crash.install()
    return Started(app, kept, crash)


def welcome(started: Started, carry_out: Callable[[Choice], object]) -> Choice | None:
    """Ask what to begin with, and have it done; None when the person closed the dialog."""
    dialog = WelcomeDialog(carry_out)
    dialog.setWindowIcon(started.app.windowIcon())
    dialog.exec()
    return dialog.choice


class Program(QObject):
    """One open practice in its window: the desk, the look at other workstations, the counts."""

    def __init__(
        self, started: Started, office: Books, practice: PracticeFacts, screens: Screens
    ) -> None:
        super().__init__(started.app)
        self._counts = screens.counts
        self._counting = False
        self._anew = False
        self.desk = Desk(office, self)
        self.live = Live(self.desk, self)
        self.outbox = OutboxKeeper(self.desk, self)
        self.jobs = JobsKeeper(self.desk, self)
        self.window = MainWindow(
            self.desk,
            practice,
            places(screens.makers, patients=practice.patients),
            providers=screens.providers,
            hooks=screens.hooks,
            preferences=started.preferences,
        )
        started.crash.on_problem = self.window.messages.refused
        self.desk.failed.connect(self.window.messages.refused)
        self.desk.changed.connect(self._on_changed)
        self.live.online.connect(self._on_online)
        self._online = True
        self._later = QTimer(self, singleShot=True, interval=250)
        self._later.timeout.connect(self._count)
        self.window.closing.connect(self.close)

    def show(self, place: str = "") -> None:
        """Show the window on a place, the first one if none is named."""
        window = self.window
        if not window.restoreGeometry(window.preferences.geometry()):
            window.resize(*FIRST_SIZE)
        window.show()
        first = place if window.has(place) else next(iter(window.places), "")
        if first:
            window.open(first)
        self.live.start()
        self.outbox.start()
        self.jobs.start()
        self._count()

    def close(self) -> None:
        """Let running work finish, and look no more."""
        self.live.stop()
        self.outbox.stop()
        self.jobs.stop()
        self._later.stop()
        self.desk.close()

    def _on_changed(self, _topics: frozenset[Topic]) -> None:
        self._later.start()

    def _on_online(self, online: bool) -> None:
        if online == self._online:
            return
        self._online = online
        if online:
            self.window.messages.info("The database answers again.")
        else:
            self.window.messages.problem(
                "The database does not answer.",
                hint="What is on the screen may be old, and nothing can be saved just now.",
            )

    def _count(self) -> None:
        if self._counts is None:
            return
        if self._counting:
            self._anew = True  # what is counted just now was asked before this change
            return
        self._counting = True
        self.desk.ask(self, self._counts, self._show_counts, self._no_counts)

    def _show_counts(self, counts: Mapping[str, int]) -> None:
        self._counting = False
        for key in self.window.places:
            self.window.set_count(key, counts.get(key, 0))
        if self._anew:
            self._anew = False
            self._count()

    def _no_counts(self, fault: BaseException) -> None:
        self._counting = self._anew = False
        self.desk.failed.emit(fault)


def run(
    office: Books,
    practice: PracticeFacts,
    screens: Screens,
    *,
    started: Started | None = None,
    place: str = "",
) -> int:
    """Show the window over an open office until it is closed; return the exit status.

    The caller closes the office afterwards.
    """
    ready = started or start()
    program = Program(ready, office, practice, screens)
    program.show(place)
    try:
        return ready.app.exec()
    finally:
        program.close()
        ready.crash.uninstall()


class _SystemLook(QObject):
    """Follows the system from light to dark, where the person left the choice to it."""

    def __init__(self, app: QApplication, preferences: Preferences) -> None:
        super().__init__(app)
        self._app, self._preferences = app, preferences
        app.styleHints().colorSchemeChanged.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        kept = self._preferences
        if kept.look() == "system":
            theme.apply(self._app, kept.scheme(), kept.text_size())


def _mark() -> QIcon:
    """The program's mark: three bars on the accent."""
    picture = QPixmap(64, 64)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    box(painter, picture.rect(), 14, theme.now.accent)
    for y, width in ((16, 32), (29, 26), (42, 32)):
        painter.fillRect(16, y, width, 6, theme.now.on_accent)
    painter.end()
    return QIcon(picture)
