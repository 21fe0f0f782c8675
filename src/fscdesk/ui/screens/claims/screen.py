"""The Claims place: claims, the batches in which they left, and what payers have denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.work import Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.claims import asking, denial_asking
from fscdesk.ui.screens.claims.batches_list import batches_part
from fscdesk.ui.screens.claims.claim_acts import BUILD, ClaimActs
from fscdesk.ui.screens.claims.claim_list import TOPICS, claims_spec
from fscdesk.ui.screens.claims.denial_acts import DenialActs
from fscdesk.ui.screens.claims.denials_list import denials_spec
from fscdesk.ui.screens.claims.rates_part import RatesPart
from fscdesk.ui.screens.patients.charge_acts import ChargeActs
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab

CLAIMS, BATCHES, DENIALS, RATES = "claims", "batches", "denials", "rates"
TABS = {
    CLAIMS: "Claims",
    BATCHES: "Batches",
    DENIALS: "Denials",
    RATES: "Denial rates",
}
ROUND = "portal-round"
AskNames = Callable[[Work, FilterState], Mapping[str, Mapping[str, str]]]
"""What picked payers, clinicians and people are called."""
_CHIPS = ("patient", "session", "batch", "payer", "silent", "due", "status")


class ClaimsScreen(Screen):
    """Four lists behind tabs. Opened with ``tab`` and, in any tab, ``view``, ``text`` and ``row``.

    ``patient``, ``session``, ``payer`` and ``batch`` (ids) show the claims of that one, ``silent``
    and ``due`` (days) and ``status`` (words) those of the chip; ``claim`` one claim in the list.
    Nothing: as it was left.
    """

    title = "Claims"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, keeping: Keeping | None = None
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._keeping = keeping or keeping_in_books()
        self.acts = ClaimActs(shell, self, self._today)
        self.denial_acts = DenialActs(shell, self, self.acts, ChargeActs(shell, self))
        self.head = TitleLine(self.title)
        if shell.has(ROUND):
            opens = partial(shell.open, ROUND)
            self.head.add(Button("Portal round", "waypoints", tip="Ctrl+G", on=opens))
        if shell.has(BUILD):
            self.head.add(Button("Build claims", "list-checks", tip="Ctrl+B", on=self.acts.build))
        self.tabs = TabbedParts(
            self.title, [PartTab(key, word, partial(self._make, key)) for key, word in TABS.items()]
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.tabs, 1)
        self._commands()
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self.tabs.opened.connect(lambda _key: self._on_focus())
        self.tabs.open(CLAIMS)

    @property
    def part(self) -> PaneTab[Any]:
        """The tab in front."""
        front = self.tabs.part
        assert isinstance(front, PaneTab)
        return front

    def tab(self, key: str) -> PaneTab[Any]:
        """Bring a tab to the front, and return it."""
        self.tabs.open(key)
        return self.part

    # What the window asks for

    def primary(self) -> QAction | None:
        """Return the first step of the pane: send, send again, open."""
        button = self.part.primary_button()
        if button is None:
            return None
        self._first.setText(button.words())
        self._first.setEnabled(button.isEnabled())
        self._first.setStatusTip(button.toolTip())
        return self._first

    def new(self) -> None:
        """Show today's claims as they stand (Ctrl+N); nothing is built before Ctrl+B."""
        if self.shell.has(BUILD):
            self.shell.open(BUILD)

    def refresh(self) -> None:
        self.tabs.refresh()

    def find_(self) -> None:
        self.part.find_()

    def export(self) -> None:
        self.part.export()

    def print_(self) -> None:
        """Show the rates of denials as they print (Ctrl+P)."""
        part = self.part
        if isinstance(part, RatesPart):
            part.print_()
        else:
            self.shell.messages.note("A claim is printed from its page. Enter opens it.")

    def escape(self) -> bool:
        return self.part.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.tabs.panes()

    def here(self) -> Mapping[str, object]:
        front, part = self.part, self.part.list
        return {
            "tab": self.tabs.current,
            "view": part.views.current.key if part.views is not None else "",
            "filters": part.state.to_json(),
            "row": part.view.picking.current_id,
            **(front.here() if isinstance(front, RatesPart) else {}),
        }

    def on_shown(self, **what: object) -> None:
        """Show what another screen, or the way back, asks for."""
        self._today.learn(self.shell.desk, self)
        asked = {key: _values(what[key]) for key in _CHIPS if what.get(key) is not None}
        if asked:
            state = FilterState()
            for key, values in asked.items():
                state = state.with_values(key, values)
            self.tab(CLAIMS).look_at(state, "all")
        elif what:
            self._put_back(what)
        self._focus_soon.start()

    # Building

    def _put_back(self, what: Mapping[str, object]) -> None:
        key = str(what.get("tab", CLAIMS))
        part = self.tab(key if key in TABS else CLAIMS)
        view, kept = str(what.get("view", "")), what.get("filters")
        if isinstance(kept, str):
            part.look_at(FilterState.from_json(kept), view)
        elif view or "text" in what:
            built = {one.key: one.filters for one in part.list.spec.views}
            state = built.get(view, FilterState()).with_text(str(what.get("text", "")))
            part.look_at(state, view)
        row = what.get("row", what.get("claim"))
        if type(row) is int:
            part.list.go_to(row)
        if isinstance(part, RatesPart) and "by" in what:
            part.put_back(what)

    def _make(self, key: str) -> PaneTab[Any]:
        if key == BATCHES:
            return batches_part(self.shell, self._keeping)
        if key == RATES:
            return RatesPart(self.shell, self._keeping)
        if key == DENIALS:
            denials: PaneTab[Any] = PaneTab(
                self.shell,
                denials_spec(self.shell, self.denial_acts),
                keeping=self._keeping,
                opens=self.denial_acts.open,
            )
            denials.list.answered.connect(lambda: self._name(denials, denial_asking.ask_names))
            return denials
        part: PaneTab[Any] = PaneTab(
            self.shell,
            claims_spec(self.shell, self.acts),
            keeping=self._keeping,
            follows=TOPICS,
            opens=self.acts.open,
        )
        part.list.answered.connect(lambda: self._name(part, asking.ask_names))
        return part

    def _commands(self) -> None:
        """Give the window the tabs and the pane's first step, for Ctrl+K and Ctrl+/."""
        self._first = action(self, "First step", self._press_first)
        self._first.setVisible(False)
        action(self, "Next tab", partial(self._step, 1), "Ctrl+PgDown")
        action(self, "Previous tab", partial(self._step, -1), "Ctrl+PgUp")
        if self.shell.has(BUILD):
            action(self, "Build claims", self.acts.build, "Ctrl+B")
        if self.shell.has(ROUND):
            action(self, "Portal round", partial(self.shell.open, ROUND), "Ctrl+G")
        for key in (BATCHES, DENIALS, RATES):
            action(self, f"Claims: {TABS[key]}", partial(self.tab, key))

    def _step(self, step: int) -> None:
        keys = list(TABS)
        self.tab(keys[(keys.index(self.tabs.current) + step) % len(keys)])

    def _press_first(self) -> None:
        button = self.part.primary_button()
        if button is not None and button.isEnabled():
            button.click()

    # What happens

    def _name(self, part: PaneTab[Any], ask: AskNames) -> None:
        """Say what picked payers, clinicians and people are called, once for each question."""
        state = part.list.state
        if not state.set_keys:
            return

        def named(names: Mapping[str, Mapping[str, str]]) -> None:
            for key, words in names.items():
                part.list.line.name_values(key, words)

        self.shell.desk.ask(self, lambda work: ask(work, state), named)

    def _on_focus(self) -> None:
        if self.isVisible():
            self.part.enter()


def _values(asked: object) -> tuple[str, ...]:
    """Return what a chip is asked for: one id or word, or several."""
    return tuple(map(str, asked)) if isinstance(asked, tuple) else (str(asked),)
