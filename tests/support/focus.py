"""Where the focus is, given the moments that Qt and a slow machine need to move it."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE = 20.0


def comes_to(widget: QWidget) -> None:
    """Wait until a widget has the focus. Raises AssertionError naming what has it instead."""
    until = monotonic() + PATIENCE
    while not widget.hasFocus() and monotonic() < until:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, QDeadlineTimer(20))
    assert widget.hasFocus(), f"the focus is on {QApplication.focusWidget()}, not on {widget}"
