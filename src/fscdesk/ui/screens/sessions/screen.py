"""The screen of sessions: the list with its tabs and chips, the pane, and their acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fscdesk.services.sessions.placing import client_names, client_of, place_in_list
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.sessions.acts import SessionActs
from fscdesk.ui.screens.sessions.asking import (
    CLIENT,
    Names,
    ask_every,
    ask_names,
    ask_page,
    ask_view_counts,
    needs_names,
    question_of,
    session_filters,
    session_views,
)
from fscdesk.ui.screens.sessions.claim_ways import SessionClaims
from fscdesk.ui.screens.sessions.columns import BEFORE_BILLING, is_billed, session_columns
from fscdesk.ui.screens.sessions.opening import Wanted, wanted_of
from fscdesk.ui.screens.sessions.pane import pane_spec
from fscdesk.ui.screens.sessions.ways import CLIENTS, IMPORTS, STATEMENTS, SessionWays
from fscdesk.ui.screens.sessions.wording import NOUN, none_words, picked_words, totals_words
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct

TOPICS = frozenset(
    {
        Topic.SESSIONS,
        Topic.LEDGER,
        Topic.IMPORTS,
        Topic.PATIENTS,
        Topic.PAYERS,
        Topic.PROVIDERS,
        Topic.SERVICES,
        Topic.CLAIMS,
    }
)
"""What the rows, the checks and the story are made from."""


class SessionsScreen(Screen):
    """All sessions, from done to paid.

    Other screens open it with ``view``, ``patient``, ``batch``, ``session``, ``payer``,
    ``provider``, ``status``, ``attendance``, ``note``, ``code``, ``location``, ``text``, ``open``
    and ``day`` (first, last), in any combination; ``session`` alone shows its client's sessions
    with that row current. Nothing: as it was left.
    """

    title = "Sessions"

    def __init__(
        self,
        shell: Shell,
        *,
        keeping: Keeping | None = None,
        ask_path: AskPath | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self.acts = SessionActs(shell, self, self._show_missing)
        self.claims = SessionClaims(shell, self)
        self.ways = SessionWays(shell, self.acts, self.claims)
        self._place: int | None = None
        self._named = FilterState()
        self._seen: FilterState | None = None
        self._sought: object | None = None
        """What the last search for a row's place is known by, until it is answered."""
        self.part: ListPart[SessionRow] = ListPart(
            shell.desk,
            self._spec(),
            messages=shell.messages,
            keeping=keeping or keeping_in_books(),
            today=self._today,
            ask_path=ask_path,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.part)
        self.setFocusProxy(self.part)
        self._import_button: Button | None = None
        self._add_commands()
        self.part.opened.connect(self._on_opened)
        self.part.answered.connect(self._on_answered)
        self.part.model.ticks.changed.connect(self._on_ticks)
        shell.desk.changed.connect(self._on_changed)

    # What the window asks for

    def primary(self) -> QAction | None:
        """Return what the one primary button does: with ticked rows that of their bar."""
        if not len(self.part.model.ticks):
            return self._import
        buttons = self.part.body.bar.buttons
        likely = (key for key, button in buttons.items() if button.property("kind") == "primary")
        return self._commands.get(next(likely, ""))

    def refresh(self) -> None:
        self.part.refresh()
        self._follow()

    def find_(self) -> None:
        self.part.find_()

    def export(self) -> None:
        self.part.export()

    def escape(self) -> bool:
        """Come back from the pane to its row, then step back in the list."""
        focused = QApplication.focusWidget()
        pane = self.part.pane
        if focused is not None and pane is not None and pane.isAncestorOf(focused):
            self.part.view.setFocus()
            return True
        return self.part.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.part.panes()

    def here(self) -> Mapping[str, object]:
        views = self.part.views
        return {
            "tab": views.current.key if views is not None else "",
            "filters": self.part.state.to_json(),
            "session": self.part.view.picking.current_id,
        }

    def on_shown(self, **what: object) -> None:
        """Show what another screen, or the way back, asks for."""
        wanted = wanted_of(what, [view.key for view in self.part.spec.views])
        if wanted is None:
            self._follow()
        elif wanted.alone is not None:
            self._open_with_client(wanted.alone)
        else:
            self._show(wanted)

    # Building

    def _spec(self) -> ListSpec[SessionRow]:
        patient = self.shell.practice.patient
        sentence = "No sessions yet. Import the appointment report from SimplePractice."
        press = Press("Import files", self._open_import) if self.shell.has(IMPORTS) else None
        return ListSpec(
            key="sessions",
            name="Sessions",
            columns=session_columns(patient),
            query=ask_page,
            noun=NOUN,
            filters=session_filters(patient),
            views=session_views(patient),
            bulk=self._bulk(),
            row_acts=self._row_acts(patient),
            sort="day",
            descending=True,
            topics=TOPICS,
            empty=Empty(sentence, "calendar-days", press),
            none_words=partial(none_words, patient=patient),
            picked_words=picked_words,
            totals_words=totals_words,
            all_total=ask_every,
            view_counts=ask_view_counts,
            detail=pane_spec(self.ways),
        )

    def _bulk(self) -> tuple[RowsAct[SessionRow], ...]:
        acts = [
            RowsAct(
                "check",
                "Check before billing",
                self.acts.check,
                shortcut="Ctrl+Shift+B",
                likely=_any_unbilled,
            ),
            RowsAct("status", "Set status…", self.acts.set_status, likely=_any_billed),
            RowsAct("attendance", "Set attendance…", self.acts.set_attendance),
            RowsAct("location", "Set location…", self.acts.set_location, shortcut="Ctrl+Shift+O"),
        ]
        if self.shell.has(STATEMENTS):
            acts.append(RowsAct("statement", "Statement…", self.acts.statement))
        return (
            *acts,
            RowsAct(
                "copy",
                "Copy",
                lambda _rows: self.part.copy(),
                likely=lambda _rows: False,
                in_menu=False,
            ),
            RowsAct(
                "export",
                "Export…",
                lambda _rows: self.part.export_chosen(),
                likely=lambda _rows: False,
            ),
        )

    def _row_acts(self, patient: str) -> tuple[RowsAct[SessionRow], ...]:
        claims = self.claims.row_acts()
        if not self.shell.has(CLIENTS):
            return claims
        words, key = f"Open {patient.lower()}", "Ctrl+Shift+P" if claims else "Ctrl+L"
        return (*claims, RowsAct("client", words, self.acts.open_client, shortcut=key))

    def _add_commands(self) -> None:
        """Give the window the list's commands, for Ctrl+K and Ctrl+/."""
        self.addActions(self.part.actions())
        bulk = {act.key: act for act in self.part.spec.bulk}
        self._commands: dict[str, QAction] = {
            key: action(self, bulk[key].word, partial(self.part.do, bulk[key]))
            for key in ("status", "attendance", "statement")
            if key in bulk
        }
        check = bulk["check"].word
        with_key = next(one for one in self.part.actions() if one.text() == check)
        self._commands["check"] = with_key
        if self.claims.builds:
            action(self, "Build claims", self.claims.build, "Ctrl+B")
        self._import: QAction | None = None
        if self.shell.has(IMPORTS):
            self._import = action(self, "Import files", self._open_import, icon="file-input")
            self._import_button = Button(
                "Import", "file-input", "primary", tip="Ctrl+Enter", on=self._open_import
            )
            self.part.title.add(self._import_button)

    # Showing what was asked for

    def _show(self, wanted: Wanted) -> None:
        self.part.filter_by(wanted.state, wanted.view)
        self._place = None
        if wanted.session is not None:
            self._go_to(wanted.session)
        self._follow()

    def _open_with_client(self, session_id: int) -> None:
        """Show a session among those of its client, whose name the chip then says."""

        def found(answer: tuple[int, Names] | None) -> None:
            if answer is None:
                self.shell.messages.problem(
                    "This session is not in the books.", hint="Its import may have been undone."
                )
                return
            client, names = answer
            self._take_names(names)
            state = FilterState().with_values(CLIENT, (str(client),))
            self._show(Wanted(state, "all", session_id))
            if not self.part.pane_shown:
                self.part.toggle_pane()

        self.shell.desk.ask(self, partial(_ask_client, session_id), found)

    def _go_to(self, session_id: int, *, or_first: bool = False) -> None:
        """Make a session current, wherever it stands in the list."""
        part = self.part
        sought = self._sought = object()
        part.go_to(session_id)
        state, sort = part.state, part.model.sort_key
        descending = part.model.descending
        self.shell.desk.ask(
            self,
            lambda work: place_in_list(
                work, question_of(work, state), session_id, sort, descending=descending
            ),
            partial(self._on_placed, sought, or_first),
        )

    def _on_placed(self, sought: object, or_first: bool, place: int | None) -> None:
        if sought is not self._sought:
            return
        self._sought, self._place = None, place
        if place is None and or_first and self.part.view.picking.current_row is None:
            self.part.view.picking.go(0)
        self._scroll_to_place()

    def _scroll_to_place(self) -> None:
        """Bring the page of the wanted row; the row becomes current when it has come."""
        view, model = self.part.view, self.part.model
        if self._place is not None and model.known and self._place < model.total:
            view.scrollTo(model.index(self._place, 0), view.ScrollHint.PositionAtCenter)
            self._place = None

    def _show_missing(self, session_id: int) -> None:
        """Go to a session and say what it lacks."""
        if not self.part.pane_shown:
            self.part.toggle_pane()
        self.part.go_to(session_id)
        if self.part.pane is not None:
            self.part.pane.open_tab("checks")
        self.part.view.setFocus()

    # What happens

    @Slot(object)
    def _on_opened(self, _row: SessionRow) -> None:
        """Enter: the details take the focus; Esc comes back to the row."""
        if not self.part.pane_shown:
            self.part.toggle_pane()
        if self.part.pane is not None:
            self.part.pane.tabs.setFocus()

    @Slot()
    def _on_answered(self) -> None:
        self._scroll_to_place()
        state = self.part.state
        if state != self._seen:
            self._seen = state
            self._choose_some()
        if state != self._named and needs_names(state):
            self._named = state
            self.shell.desk.ask(self, lambda work: ask_names(work, state), self._take_names)

    def _choose_some(self) -> None:
        """After a new question, stay on the record if it is in the answer, else take the first."""
        picking = self.part.view.picking
        if picking.current_row is not None or self._sought is not None:
            return
        if picking.current_id is None:
            picking.go(0)
        else:
            self._go_to(picking.current_id, or_first=True)

    def _take_names(self, names: Names) -> None:
        for key, words in names.items():
            self.part.line.name_values(key, words)

    @Slot()
    def _on_ticks(self) -> None:
        """Leave the primary colour to the bar of ticked rows: there is one on a screen."""
        button = self._import_button
        kind = "" if len(self.part.model.ticks) else "primary"
        if button is not None and button.property("kind") != kind:
            button.setProperty("kind", kind)
            button.set_icon("file-input")
            button.style().unpolish(button)
            button.style().polish(button)

    @Slot(object)
    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.isVisible():
            self._follow()

    def _follow(self) -> None:
        """Look again at the session in the pane: its checks may have changed, not its row."""
        row = self.part.view.picking.current_row
        if self.part.pane is not None and self.part.pane_shown and row is not None:
            self.part.pane.follow(row)

    def _open_import(self) -> None:
        self.shell.open(IMPORTS)

    def _today(self) -> date:
        return datetime.now(self.shell.practice.zone).date()


def _ask_client(session_id: int, work: Work) -> tuple[int, Names] | None:
    client = client_of(work, session_id)
    if client is None:
        return None
    return client, {CLIENT: {str(client): client_names(work, [client]).get(client, "")}}


def _any_billed(rows: Sequence[SessionRow]) -> bool:
    return any(map(is_billed, rows))


def _any_unbilled(rows: Sequence[SessionRow]) -> bool:
    return any(row.billing_status in BEFORE_BILLING and is_billed(row) for row in rows)
