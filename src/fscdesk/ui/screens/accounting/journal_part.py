"""The Journal tab: every entry with its pane, and in its place the form of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.accounting.entry_drafts import kept_entry
from fscdesk.services.accounting.journal import EntryKind
from fscdesk.services.accounting.ledgers import EntryRow, entry_detail
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screens.accounting.entry_form import EntryForm
from fscdesk.ui.screens.accounting.entry_pane import (
    PAPER,
    EntryView,
    fact_sections,
    line_steps,
    marks_of,
    opening_words,
    origin_steps,
    place_of,
    view_of,
)
from fscdesk.ui.screens.accounting.journal_acts import JournalActs
from fscdesk.ui.screens.accounting.journal_list import (
    ALL,
    TOPICS,
    journal_spec,
)
from fscdesk.ui.screens.accounting.part import BooksPart, Rooms
from fscdesk.ui.screens.accounting.tabs import LEDGER, OPENING
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.facts import FactsPage
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.tables.story import StoryPage

_TWO = 2


class JournalPart(BooksPart):
    """Enter goes into an entry's pane; Ctrl+N writes a new one, Esc puts it aside.

    Shown on ``entry`` (an id) it makes that one current.
    """

    def __init__(self, rooms: Rooms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rooms, self._shell = rooms, rooms.shell
        self._view: EntryView | None = None
        self.acts = JournalActs(rooms, self, self._look_at, self._copy_entry)
        detail: DetailSpec[EntryRow, Any] = DetailSpec(
            ask=lambda work, row: view_of(work, row.id),
            head=self._head,
            tabs=(
                Tab("lines", "Lines", self._lines),
                Tab("origin", "Comes from", self._origins),
                Tab("facts", "Facts", self._facts),
            ),
            nothing="Choose an entry to see its lines.",
        )
        self.journal: PaneTab[EntryRow] = PaneTab(
            self._shell,
            journal_spec(detail, self._row_acts()),
            keeping=rooms.keeping,
            follows=TOPICS,
        )
        self.form = EntryForm(rooms)
        self._stack = QStackedWidget()
        for one in (self.journal, self.form):
            self._stack.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.begin_button = Button("New entry", "plus", tip="Ctrl+N", on=self.new)
        self._first = action(self, "First step", self._press_first)
        self._first.setVisible(False)
        self._copy = action(self, "Copy the entry", self._copy_current, "Ctrl+D")
        self._back = action(self, "Turn the entry back…", self._turn_current, "Ctrl+Shift+R")
        self._paper = action(self, "Keep a paper with the entry…", self._paper_current)
        self.form.posted.connect(self._on_posted)
        self.form.left.connect(self._show_list)

    # What the screen asks

    @property
    def list(self) -> ListPart[EntryRow]:
        """The list of entries."""
        return self.journal.list

    @property
    def writing(self) -> bool:
        """Whether the form of a new entry is in front."""
        return self._stack.currentWidget() is self.form

    def primary(self) -> QAction | None:
        if self.writing:
            return self.form.command()
        button = self.journal.primary_button()
        if button is None:
            return None
        self._first.setText(button.words())
        self._first.setEnabled(button.isEnabled())
        self._first.setStatusTip(button.toolTip())
        return self._first

    def buttons(self) -> tuple[QWidget, ...]:
        return () if self.writing else (self.begin_button,)

    def note(self) -> str:
        return "New entry" if self.writing else ""

    def new_verb(self) -> str:
        return "New entry"

    def new(self) -> None:
        """Write an entry: one that was put aside is there again."""
        self._stack.setCurrentWidget(self.form)
        self.told.emit()
        self.form.begin()

    def save(self) -> None:
        if self.writing:
            self.form.save()

    def can_save(self) -> bool:
        return self.writing

    def find_(self) -> None:
        self._show_list()
        self.journal.find_()

    def refresh(self) -> None:
        self.journal.refresh()

    def export(self) -> None:
        self.journal.export()

    def escape(self) -> bool:
        if self.writing:
            self._show_list()
            return True
        return self.journal.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.form,) if self.writing else self.journal.panes()

    def enter(self) -> None:
        if not self.writing:
            self.journal.enter()
            return
        focused = QApplication.focusWidget()
        if focused is None or not self.form.isAncestorOf(focused):
            self.form.begin()

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("new"):
            self.new()
        elif type(what.get("entry")) is int:
            self._show_list()
            self.open_entry(what["entry"])
        elif "filters" in what or "account" in what:
            self._show_list()
            kept = what.get("filters")
            state = FilterState.from_json(kept) if isinstance(kept, str) else FilterState()
            row = what.get("row")
            self.journal.look_at(
                state, str(what.get("view", ALL)), row if isinstance(row, int) else None
            )

    def here(self) -> Mapping[str, object]:
        part = self.list
        return {
            "view": part.views.current.key if part.views is not None else ALL,
            "filters": part.state.to_json(),
            "row": part.view.picking.current_id,
        }

    def open_entry(self, entry_id: int) -> None:
        """Show one entry alone, by its number."""

        def found(number: str) -> None:
            self.journal.look_at(FilterState(text=number), ALL, entry_id)

        self._shell.desk.ask(
            self,
            lambda work: entry_detail(work, entry_id).row.number,
            found,
            self._shell.messages.refused,
        )

    # The pane

    def _head(self, view: EntryView) -> PaneHead:
        self._view = view
        row, detail = view.detail.row, view.detail
        steps: list[NextStep] = []
        for one in view.origins:
            where = place_of(self._shell, one)
            if where is not None:
                open_it = partial(self._shell.open, where[0], **where[1])
                steps.append(NextStep(opening_words(one), open_it))
                break
        more: list[NextStep] = []
        if detail.may_reverse:
            copy = NextStep("Copy it", partial(self._copy_entry, row), "copy")
            back = NextStep("Turn it back…", partial(self.acts.turn_back, row), "undo-2")
            paper = NextStep("Keep a paper…", partial(self.acts.keep_paper, row), "paperclip")
            steps[:0] = [copy, back]
            more.append(paper)
        elif row.kind is EntryKind.OPENING and row.reversed_by is None:
            steps.insert(0, NextStep("Open the opening balances", partial(self._rooms.go, OPENING)))
        return PaneHead(
            name=row.number,
            line=row.memo,
            badges=marks_of(view),
            figures=(Figure("Amount", row.amount), Figure("Lines", text=f"{len(detail.lines):,}")),
            next_steps=tuple(steps[:_TWO]),
            more=(*steps[_TWO:], *more),
        )

    def _origins(self) -> StoryPage:
        page = StoryPage(partial(origin_steps, self._shell))
        page.story.setAccessibleName("Where it comes from")
        page.opened.connect(self._on_step)
        return page

    def _lines(self) -> StoryPage:
        page = StoryPage(line_steps)
        page.story.setAccessibleName("Lines")
        page.opened.connect(lambda code: self._rooms.go(LEDGER, account=code))
        return page

    def _facts(self) -> FactsPage:
        return FactsPage("Facts", partial(fact_sections, self._shell.practice.zone))

    def _on_step(self, key: str) -> None:
        view = self._view
        if view is None:
            return
        what, _colon, number = key.partition(":")
        if what == PAPER:
            self.acts.open_paper(next(one for one in view.papers if str(one.id) == number))
            return
        where = place_of(self._shell, view.origins[int(what)])
        if where is not None:
            self._shell.open(where[0], **where[1])

    # What happens

    def _row_acts(self) -> tuple[RowsAct[EntryRow], ...]:
        return (RowsAct("copy", "Copy it", lambda rows: self._copy_entry(rows[0]), "copy"),)

    def _current(self) -> EntryRow | None:
        row = self.list.view.picking.current_row
        return row if isinstance(row, EntryRow) and not self.writing else None

    def _copy_current(self) -> None:
        row = self._current()
        if row is not None:
            self._copy_entry(row)

    def _turn_current(self) -> None:
        row = self._current()
        if row is not None:
            self.acts.turn_back(row)

    def _paper_current(self) -> None:
        row = self._current()
        if row is not None:
            self.acts.keep_paper(row)

    def _copy_entry(self, row: EntryRow) -> None:
        def read(found: tuple[EntryView, bool]) -> None:
            view, aside = found
            aside = aside or self.form.written
            self.new()
            if not aside:
                self.form.copy(view.detail)
                return
            self._shell.messages.problem(
                "An entry that is not posted stands here.",
                hint="Nothing was copied. Post it or throw it away, then copy.",
            )

        self._shell.desk.ask(
            self,
            lambda work: (view_of(work, row.id), kept_entry(work) is not None),
            read,
            self._shell.messages.refused,
        )

    def _press_first(self) -> None:
        button = self.journal.primary_button()
        if button is not None and button.isEnabled():
            button.click()

    def _on_posted(self, entry_id: int) -> None:
        self._show_list()
        self.journal.look_at(FilterState(), ALL, entry_id)

    def _look_at(self, entry_id: int) -> None:
        self.list.go_to(entry_id)

    def _show_list(self) -> None:
        if self.writing:
            self._stack.setCurrentWidget(self.journal)
            self.told.emit()
            self.journal.enter()
