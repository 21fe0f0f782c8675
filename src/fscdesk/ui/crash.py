"""What happens to a fault that nobody foresaw: a log line and a dialog, and no client's data.

An exception's own words, and the values in its frames, can hold a name or an amount. So only
what stands in the program is kept: types, modules, functions, line numbers.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

import PySide6
from platformdirs import user_log_path
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from fscdesk.services.errors import Cancelled, Problem
from fscdesk.ui.dialogs.question import NoticeDialog

LOG_NAME: Final = "fscdesk.log"
_LARGEST, _KEPT = 500_000, 4
_DEEPEST = 40
_log = logging.getLogger("fscdesk.crash")


def describe(fault: BaseException) -> str:
    """Say where a fault came from and of what type it is, without one value of it."""
    parts: list[str] = []
    seen: set[int] = set()
    here: BaseException | None = fault
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        parts.append(_one(here))
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return "\nwhile handling\n".join(parts)


def details(fault: BaseException) -> str:
    """What "Copy details" puts on the clipboard."""
    return (
        f"fscdesk on {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}\n{describe(fault)}"
    )


def open_log(folder: Path | None = None) -> Path:
    """Write the program's log into a small rotated file, and return where it is.

    Only `fscdesk` loggers go there, from WARNING up; they never say a name or an amount.
    """
    place = folder or user_log_path("fscdesk", appauthor=False)
    place.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        place / LOG_NAME, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("fscdesk")
    for old in list(logger.handlers):
        if isinstance(old, RotatingFileHandler):
            logger.removeHandler(old)
            old.close()
    logger.addHandler(handler)
    return place / LOG_NAME


class CrashHandler(QObject):
    """Takes every exception that nothing else took: logs it, then says it once.

    A Problem that reached here is only a refusal that nobody showed: `on_problem` shows it. While
    a dialog is open further faults are logged and not shown.
    """

    _came = Signal(object)

    def __init__(
        self,
        on_problem: Callable[[BaseException], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.on_problem = on_problem
        self.dialog: NoticeDialog | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self._came.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take what Python and its threads leave unhandled."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread

    def uninstall(self) -> None:
        """Give the hooks back to whoever had them."""
        sys.excepthook, threading.excepthook = self._before

    def take(self, fault: BaseException) -> None:
        """Log a fault and show it; from any thread."""
        if isinstance(fault, Cancelled):
            return
        if isinstance(fault, Problem) and self.on_problem is not None:
            self._came.emit(fault)
            return
        _log.error("%s", describe(fault))
        self._came.emit(fault)

    def _on_exception(
        self,
        kind: type[BaseException],
        fault: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.take(fault)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.take(args.exc_value)

    @Slot(object)
    def _show(self, fault: BaseException) -> None:
        if isinstance(fault, Problem) and self.on_problem is not None:
            self.on_problem(fault)
            return
        if self.dialog is not None:
            return
        self.dialog = NoticeDialog(
            "Something in fscdesk did not work",
            "What you were doing may not have been saved: look at it again before you go on. "
            "What was saved before is safe.",
            details(fault),
            parent=QApplication.activeWindow(),
        )
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


def _one(fault: BaseException) -> str:
    kind = type(fault)
    lines = [f"{kind.__module__}.{kind.__qualname__}"]
    trace, depth = fault.__traceback__, 0
    while trace is not None and depth < _DEEPEST:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "?")
        lines.append(f"  {module}, line {trace.tb_lineno}, in {code.co_name}")
        trace, depth = trace.tb_next, depth + 1
    return "\n".join(lines)
