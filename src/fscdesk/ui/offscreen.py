"""A window that is laid out and painted but shown nowhere: for pictures and measurements."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from fscdesk.services.office import Office
from fscdesk.ui.app import Program, start
from fscdesk.ui.composing import facts_of, screens_of
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.preferences import Preferences

SIZE = (1440, 900)
SETTLE_S, GIVE_UP_S = 0.25, 20.0


@contextmanager
def drawn(
    office: Office, app: QApplication, preferences: Preferences | None = None
) -> Iterator[MainWindow]:
    """Hold a window that is laid out and painted but not on any screen."""
    started = start(preferences, log=False)
    program = Program(started, office, facts_of(office), screens_of())
    window = program.window
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(*SIZE)
    window.show()
    try:
        yield window
    finally:
        program.close()
        window.close()
        window.deleteLater()
        program.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        started.crash.uninstall()


def settle(window: MainWindow) -> None:
    """Let every question be answered and everything be painted."""
    quiet_since = began = time.monotonic()
    while time.monotonic() - quiet_since < SETTLE_S and time.monotonic() - began < GIVE_UP_S:
        QCoreApplication.processEvents()
        if not window.desk.quiet():
            quiet_since = time.monotonic()
        time.sleep(0.005)
