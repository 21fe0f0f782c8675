"""One door for everything said to the user; the bar and the tests listen to the same signal."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from fscdesk.services.errors import Cancelled, Problem
from fscdesk.ui.undo import Undo


class Level(enum.StrEnum):
    """How much the message matters."""

    INFO = "info"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Help:
    """The one button beside a refusal that helps: its verb, and what it does."""

    label: str
    act: Callable[[], object] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What the bar shows: a sentence, what to do about it, and one way to do it."""

    level: Level
    text: str
    hint: str = ""
    undo: Undo | None = field(default=None, compare=False)
    help: Help | None = None


class Messages(QObject):
    """Says things to the user. A Problem is shown; any other exception is a bug."""

    said = Signal(object)  # Message
    cleared = Signal()

    def info(self, text: str, *, undo: Undo | None = None, help: Help | None = None) -> None:  # noqa: A002
        """Confirm something that worked, with the way to undo it."""
        self.said.emit(Message(Level.INFO, text, undo=undo, help=help))

    def note(self, text: str) -> None:
        """Say how things stand where nothing was done and nothing is wrong."""
        self.said.emit(Message(Level.NOTE, text))

    def warn(self, text: str, *, undo: Undo | None = None, help: Help | None = None) -> None:  # noqa: A002
        """Say that something was done and a part of it was not: first what was not, and why."""
        self.said.emit(Message(Level.WARNING, text, undo=undo, help=help))

    def problem(self, text: str, *, hint: str = "", help: Help | None = None) -> None:  # noqa: A002
        """Say that something was not done: what happened, and what to do."""
        self.said.emit(Message(Level.PROBLEM, text, hint, help=help))

    def refused(self, fault: BaseException, *, help: Help | None = None) -> None:  # noqa: A002
        """Show a Problem as it is; pass anything else on to the crash handler."""
        if isinstance(fault, Cancelled):
            return
        if not isinstance(fault, Problem):
            raise fault
        self.problem(fault.message, hint=fault.hint, help=help)

    def clear(self) -> None:
        """Take the last message away."""
        self.cleared.emit()
