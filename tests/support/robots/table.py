"""A list in the user's words: keys that are pressed, and what is then seen. No database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fscdesk.models.values import Money, StaffId
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Actor, Job, Topic, Work
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, View

T = TypeVar("T")
TODAY = date(2026, 4, 1)
NAMES = ("Quill Fakerson", "Nova Newclient", "Zebra Testcase", "Minna Minorsample", "José Ficción")
STATUSES = ("completed", "ready_to_bill", "submitted", "pending", "paid", "denied")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A row as a list of sessions has it."""

    id: int
    on: date
    client: str
    code: str
    status: str
    owes: Money
    fee: Money


@dataclass(frozen=True)
class Written(Generic[T]):
    """What a write of the fake books returns."""

    value: T
    topics: frozenset[Topic]


class FakeBooks:
    """Rows in a Python list behind the two doors of an office.

    ``hold`` makes readers wait until ``let_go``, so that a test can look at the time between.
    """

    def __init__(self, count: int) -> None:
        self.rows = [session(number) for number in range(1, count + 1)]
        self.asked: list[Span] = []
        self.fault: BaseException | None = None
        self._open = threading.Event()
        self._open.set()

    def hold(self) -> None:
        """Let no question be answered."""
        self._open.clear()

    def let_go(self) -> None:
        """Answer what was asked meanwhile."""
        self._open.set()

    def read(self, ask: Callable[[Work], T], job: Job | None = None, /) -> T:
        self._open.wait(10)
        if self.fault is not None:
            raise self.fault
        return ask(_work(job))

    def write(self, act: Callable[[Work], T], job: Job | None = None, /) -> Written[T]:
        work = _work(job)
        value = act(work)
        return Written(value, frozenset(work.topics))

    def page(self, work: Work, state: FilterState, span: Span) -> Page[SessionRow]:
        """Answer as a service does: filtered, sorted by the span's column, then by id."""
        self.asked.append(span)
        words = state.text.casefold().split()
        statuses = state.values("status")
        first, last = state.ends("date", TODAY)
        found = [
            row
            for row in self.rows
            if all(word in row.client.casefold() for word in words)
            and (not statuses or row.status in statuses)
            and (first is None or first <= row.on)
            and (last is None or row.on <= last)
        ]
        attribute = {"date": "on"}.get(span.sort, span.sort)
        found.sort(key=lambda row: row.id)
        found.sort(key=lambda row: getattr(row, attribute), reverse=span.descending)
        part = found[span.start : span.start + span.size]
        owed = Money(sum(row.owes.cents for row in found))
        return Page(span.start, len(found), tuple(part), {"owes": owed})

    def change(self, row_id: int, **news: Any) -> None:
        """Change a record as another workstation would."""
        self.rows = [replace(row, **news) if row.id == row_id else row for row in self.rows]

    def take_away(self, row_id: int) -> None:
        """Remove a record as another workstation would."""
        self.rows = [row for row in self.rows if row.id != row_id]


def session(number: int) -> SessionRow:
    """Make the row with this id; the newest has the lowest id."""
    owes = 0 if number % 3 == 0 else -4000 if number % 50 == 0 else 1000 + number
    return SessionRow(
        id=number,
        on=date(2026, 3, 31) - timedelta(days=number // 2),
        client=f"{NAMES[number % len(NAMES)]} {number:04d}",
        code="90837" if number % 2 else "90834",
        status=STATUSES[number % len(STATUSES)],
        owes=Money(owes),
        fee=Money(13000),
    )


COLUMNS: tuple[Column[SessionRow], ...] = (
    date_column("date", "Date", lambda row: row.on, priority=1),
    Column("client", "Client", lambda row: row.client, names=True, priority=1),
    Column("code", "Code", lambda row: row.code, width=80, priority=6),
    badge_column("status", "Status", lambda row: ("billing", row.status), priority=2),
    Column("age", "Age", lambda row: f"{(TODAY - row.on).days} days", Kind.AGE, sortable=False),
    money_column("owes", "Payer owes", lambda row: row.owes, priority=3),
)


def sessions_spec(books: FakeBooks, **more: Any) -> ListSpec[SessionRow]:
    """Declare the list that most tests look at; ``more`` replaces parts of it."""
    denied = FilterState().with_values("status", ("denied",))
    spec = ListSpec(
        key="sessions",
        name="Sessions",
        columns=COLUMNS,
        query=books.page,
        noun=("session", "sessions"),
        filters=(
            DayFilter("date", "Date"),
            ChoiceFilter("status", "Status", tuple(Choice(key, key) for key in STATUSES)),
            ChoiceFilter("code", "Code", (Choice("90837", "90837"),), always=False),
        ),
        views=(
            View("all", "All", counted=False),
            View("denied", "Denied", denied, good_news="Nothing is denied."),
        ),
        sort="date",
        descending=True,
        topics=frozenset({Topic.SESSIONS}),
        empty=Empty("No sessions yet. Import the appointment report from SimplePractice."),
        picked_words=lambda rows: f"{Money(sum(row.fee.cents for row in rows))} charged",
    )
    return replace(spec, **more)


class ListRobot:
    """Everything a test may do to a list: mostly real keys at whatever has the focus."""

    def __init__(self, qtbot: QtBot, part: ListPart[SessionRow], books: FakeBooks) -> None:
        self.qtbot, self.part, self.books = qtbot, part, books
        self.view, self.model = part.view, part.model

    def presses(self, *keys: str) -> None:
        """Press keys one after the other, where the focus is."""
        for key in keys:
            where = QApplication.focusWidget() or self.view
            pressed = QKeySequence.fromString(key)
            QTest.keySequence(where, pressed)

    def types(self, text: str) -> None:
        """Type letters where the focus is."""
        for letter in text:
            QTest.keyClicks(cast(QWidget, QApplication.focusWidget()), letter)

    def settles(self) -> None:
        """Wait until nothing is being asked."""
        self.qtbot.waitUntil(lambda: self.model.known and self.model.settled)

    def sees(self, count: int) -> None:
        """Wait for so many rows."""
        self.qtbot.waitUntil(lambda: self.model.total == count and self.model.settled)

    def cell(self, row: int, key: str) -> str:
        """Wait for a cell's text."""
        index = self.model.index(row, self.model.section_of(key))
        self.qtbot.waitUntil(lambda: index.data() != "…")
        return str(index.data())

    def current(self) -> int | None:
        """Return the id of the current record, if its row is here."""
        row = self.view.picking.current_row
        return None if row is None else cast(int, row.id)

    def ticked(self) -> set[int]:
        """Return the ids that are ticked."""
        return set(self.model.ticks.ids)

    def clicks_box(self, row: int) -> None:
        """Click a row's tick box with the mouse."""
        rect = self.view.visualRect(self.model.index(row, 0))
        at = QPoint(rect.x() + 32, rect.center().y())
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def clicks_row(
        self, row: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Click the name in a row."""
        rect = self.view.visualRect(self.model.index(row, self.model.section_of("client")))
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, held, rect.center())

    def clipboard(self) -> str:
        """Return the text on the clipboard."""
        return QGuiApplication.clipboard().text()


def _work(job: Job | None) -> Work:
    return Work(
        db=cast(Session, None),
        now=lambda: datetime(2026, 4, 1, 12, 12, tzinfo=UTC),
        actor=Actor(StaffId(1), "Dana Kestrel"),
        zone=ZoneInfo("America/New_York"),
        job=job or Job(),
    )
