"""The table of a list with its bars: totals under it, the selection bar over its headings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.ui.forms.card import EmptyState
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.paged_model import PagedModel
from fscdesk.ui.tables.selection_bar import SelectionBar
from fscdesk.ui.tables.spec import ListSpec
from fscdesk.ui.tables.totals import TotalsBar
from fscdesk.ui.tables.view import ListView

ABOVE = 12
"""How far the selection bar (44) reaches over the headings (32): up to the chips, not on them."""


class ListBody(QWidget):
    """Shows rows, or says in one sentence why there are none."""

    def __init__(self, spec: ListSpec[Any], model: PagedModel[Any], bar_host: QWidget) -> None:
        super().__init__()
        self._spec, self._model = spec, model
        self.view: ListView[Any] = ListView(model)
        self.view.setAccessibleName(spec.name)
        self.totals = TotalsBar(self.view)
        self.bar = SelectionBar(spec.bulk, spec.picked_words, bar_host)
        self._host = bar_host
        self.view.heading.installEventFilter(self)
        bar_host.installEventFilter(self)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.totals)
        self.totals.setVisible(spec.totals)  # not before: without a parent it would be a window
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(rows)
        self._empty: EmptyState | None = None
        model.ticks.changed.connect(self.show_ticks)

    @property
    def empty(self) -> EmptyState | None:
        """The sentence on view instead of rows, if there is one."""
        return self._empty

    def show_rows(self) -> None:
        """Show the table, whatever stood in its place."""
        self._stack.setCurrentIndex(0)
        if self._empty is not None:
            self._stack.removeWidget(self._empty)
            self._empty.deleteLater()
            self._empty = None

    def say(
        self, icon: str, sentence: str, button: str = "", on: Callable[[], object] | None = None
    ) -> None:
        """Show one sentence in place of the rows."""
        focused = self.view.hasFocus()
        self.show_rows()
        self._empty = EmptyState(icon, sentence, button, on)
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)
        if focused and self._empty.button is not None:
            self._empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def judge(self, state: FilterState, good_news: str, clear: Callable[[], object]) -> None:
        """Show rows, or the sentence that says why there are none."""
        spec, model = self._spec, self._model
        if model.total or not model.known:
            self.show_rows()
        elif good_news:
            self.say("circle-check", good_news)
        elif state.is_empty:
            press = spec.empty.press
            words, act = (press.word, press.act) if press else ("", None)
            self.say(spec.empty.icon, spec.empty.sentence, words, act)
        else:
            said = spec.none_words(state) if spec.none_words else ""
            sentence = said or f"No {spec.noun[1]} match these filters."
            helps = spec.none_press(state) if spec.none_press else None
            if helps is not None:
                self.say(spec.empty.icon, sentence, helps.word, helps.act)
            elif spec.views and state == spec.views[0].filters:  # nothing that could be cleared
                self.say(spec.empty.icon, sentence)
            else:
                self.say("list-filter", sentence, "Clear filters", clear)

    def say_fault(self, fault: Problem, again: Callable[[], object]) -> None:
        """Show why nothing could be read."""
        sentence = f"{fault.message} {fault.hint}".strip()
        self.say("unlink", sentence, "Try again", again)

    def show_ticks(self) -> None:
        """Bring the selection bar up to date."""
        ticks = self._model.ticks
        self.bar.show_rows(ticks.rows, self._model.total, self.view.heading.tick_state)
        self._place_bar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest):
            self._place_bar()
        return super().eventFilter(watched, event)

    def _place_bar(self) -> None:
        if self.bar.isHidden():
            return
        heading = self.view.heading
        top = heading.mapTo(self._host, heading.rect().topLeft())
        bottom = top.y() + heading.height()
        high = min(heading.height() + ABOVE, bottom)
        self.bar.setGeometry(QRect(top.x(), bottom - high, self.width(), high))
        self.bar.raise_()
