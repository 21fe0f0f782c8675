"""Pictures are taken when the rows have come, not when the questions have gone quiet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.offscreen import settle
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screenshots import rest
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_memory import ListMemory
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import ListSpec
from tests.support.robots.office import window_over

LATE_MS = 700


@dataclass(frozen=True, slots=True)
class Row:
    id: int


def query(_work: Work, _state: FilterState, span: Span) -> Page[Row]:
    rows = tuple(Row(number) for number in range(1, 501))
    return Page(span.start, len(rows), rows[span.start : span.start + span.size])


class LateScreen(Screen):
    """A list that learns only after a while how it was arranged, and asks for rows then."""

    title = "Late"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        columns = (Column[Row]("id", "Number", lambda row: str(row.id)),)
        self.list: ListPart[Row] = ListPart(shell.desk, ListSpec("late", "Late", columns, query))
        QVBoxLayout(self).addWidget(self.list)


def test_a_list_that_asks_late_is_waited_for(
    sqlite_books: Office, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ListMemory, "load", lambda _memory, then: QTimer.singleShot(LATE_MS, then))
    with window_over(sqlite_books, qtbot, tmp_path, {"home": LateScreen}) as window:
        window.open("home")
        screen = window.screen_in_front()
        assert isinstance(screen, LateScreen)
        settle(window)
        before = screen.list.model.known
        assert not before, "nothing is asked, so it is quiet"
        rest(window)
        assert screen.list.model.known
        assert screen.list.model.settled
        assert screen.list.model.row_at(0) == Row(1)
