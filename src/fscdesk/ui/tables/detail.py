"""What a detail pane shows of a row, declared: head, figures, tabs, the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from fscdesk.models.values import Money
from fscdesk.services.work import Work
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.theme import Status

R = TypeVar("R", bound=HasId)
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the well. Money below zero is red unless ``plain``; words go in ``text``."""

    label: str
    amount: Money | None = None
    text: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """How far it has come: ``done`` of ``steps`` are over, the next is where it stands.

    ``tone`` colours the step where it stands: red where it is stuck.
    """

    done: int
    steps: int
    words: str
    tone: str = "teal"


@dataclass(frozen=True)
class NextStep:
    """A button at the foot. The first is primary; ``off_because`` says why it is off.

    ``quiet``: not even as the first: it takes back what is done, and nobody waits for that.
    """

    word: str
    act: Callable[[], object]
    icon: str = ""
    off_because: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class PaneHead:
    """The same head everywhere: name, one line, badges, progress, figures, next steps."""

    name: str
    line: str = ""
    badges: tuple[Status, ...] = ()
    strip: Strip | None = None
    figures: tuple[Figure, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    more: tuple[NextStep, ...] = ()


class PanePage(Protocol):
    """A widget that shows one tab's part of a detail."""

    def show_detail(self, detail: Any) -> None:
        """Show another record; called only with what ``DetailSpec.ask`` returned."""
        ...


@dataclass(frozen=True)
class PaneTab:
    """A tab of the pane. ``make`` returns a QWidget that is a ``PanePage``; made when opened."""

    key: str
    word: str
    make: Callable[[], PanePage]
    note: str = ""


@dataclass(frozen=True)
class DetailSpec(Generic[R, D]):
    """How a list's pane gets and shows the current record.

    ``ask`` runs in the background 120 ms after the row became current. ``head`` and the pages
    run on the GUI thread with its answer alone.
    """

    ask: Callable[[Work, R], D]
    head: Callable[[D], PaneHead]
    tabs: tuple[PaneTab, ...] = ()
    nothing: str = "Choose a row to see its details."
