"""Finds what a test left behind: windows, running timers, threads."""

from __future__ import annotations

import gc
import sys
import threading
import time
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

GRACE = 2.0
"""Seconds that a thread has to end after it was told to.

A desk that closes waits for its threads itself, so none needs any of it, on a loaded machine
neither; more would only hide one that was forgotten.
"""
QT_OWN = ("QTipLabel", "QComboBoxPrivateContainer", "QDesktopScreenWidget")
"""Windows that Qt makes and removes by itself."""
_known_timers: set[int] = set()
"""What ran when the last test ended, and so what runs when the next begins."""
_set_aside: weakref.WeakSet[QTimer] = weakref.WeakSet()
"""Timers that `set_aside` took out of the collector's sight: they are asked one by one."""


@dataclass(frozen=True)
class Standing:
    """What stood before a test began; only what came later is the test's own."""

    threads: frozenset[int]
    qt: bool = False
    windows: frozenset[int] = field(default=frozenset())
    timers: frozenset[int] = field(default=frozenset())


def standing(*, qt: bool) -> Standing:
    """Note what stands now; without `qt`, threads alone, for a test that has no window."""
    qt = qt and _has_application()
    return Standing(
        threads=frozenset(id(thread) for thread in threading.enumerate()),
        qt=qt,
        windows=frozenset(_windows() if qt else ()),
        timers=frozenset(_known_timers) if qt else frozenset(),
    )


def left_behind(before: Standing) -> list[str]:
    """Say in words what stands now and did not stand before; empty when all is well."""
    found = [f"thread {name}" for name in _threads(before)]
    if not before.qt:
        return found
    windows = {key: text for key, text in _windows().items() if key not in before.windows}
    if windows:  # a cycle between a window and its slots ends with the next collection
        gc.collect()
        windows = {key: text for key, text in _windows().items() if key not in before.windows}
    running = _timers()
    timers = [text for key, text in running.items() if key not in before.timers]
    _known_timers.clear()
    _known_timers.update(running)
    return [
        *found,
        *(f"window {text}" for text in windows.values()),
        *(f"running timer {text}" for text in timers),
    ]


def set_aside() -> None:
    """Take what stays out of what the collector, and `left_behind`, look through.

    What one file of tests leaves in memory (modules, mappers, compiled statements) stays until
    the run ends. To walk through all of it after each test, and with each full collection, cost
    a tenth of the run.
    """
    gc.collect()
    if _has_application():
        _set_aside.update(_seen_timers())
    gc.freeze()


def _has_application() -> bool:
    """Return whether Qt runs at all."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets is not None and widgets.QApplication.instance() is not None


def _windows() -> dict[int, str]:
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return {
        shiboken6.getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.windowTitle()!r}"
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() not in QT_OWN
    }


def _timers() -> dict[int, str]:
    """Timers that run and that Python made."""
    import shiboken6

    return {
        shiboken6.getCppPointer(timer)[0]: f"of {type(timer.parent()).__name__}"
        for timer in (*_seen_timers(), *_set_aside)
        if shiboken6.isValid(timer) and timer.isActive()
    }


def _seen_timers() -> list[QTimer]:
    """Every timer that the collector knows: Qt itself has no list of them."""
    from PySide6.QtCore import QTimer

    kinds = _kinds(QTimer)
    return [thing for thing in gc.get_objects() if type(thing) in kinds]


def _kinds(kind: type) -> set[type]:
    """Return a class and all that derive from it."""
    kinds = {kind}
    derived: type
    for derived in kind.__subclasses__():
        kinds |= _kinds(derived)
    return kinds


def _threads(before: Standing) -> list[str]:
    """Threads that still run after a grace period, ours and those of Qt's pool."""
    until = time.monotonic() + GRACE
    while True:
        names = [
            thread.name
            for thread in threading.enumerate()
            # Qt's own threads show up as dummies once they ran Python, and never go away.
            if id(thread) not in before.threads and not isinstance(thread, threading._DummyThread)
        ]
        if before.qt:
            from PySide6.QtCore import QThreadPool

            names += ["of Qt's pool"] * QThreadPool.globalInstance().activeThreadCount()
        if not names or time.monotonic() > until:
            return names
        time.sleep(0.01)
