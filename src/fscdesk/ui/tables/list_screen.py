"""Every list of the program: one widget, made from a ``ListSpec``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.messages import Messages
from fscdesk.ui.tables import list_menus
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.tables.copying import tab_separated
from fscdesk.ui.tables.export import AskPath, Exporting, Shown
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping, keeping_in_memory
from fscdesk.ui.tables.layout import TableLayout
from fscdesk.ui.tables.list_frame import ListFrame
from fscdesk.ui.tables.list_memory import NO_VIEW, ListMemory
from fscdesk.ui.tables.list_questions import Asked, TickAll, ask_counts
from fscdesk.ui.tables.saved_views import OpenView
from fscdesk.ui.tables.spec import ListSpec, RowsAct
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

R = TypeVar("R", bound=HasId)


class ListPart(ListFrame, Generic[R]):
    """Title, views, chips, table, totals, selection, details: what ``spec`` asks for of these.

    Embed it with ``title=False`` and no views or filters for a list inside a screen. It asks
    nothing until it is shown for the first time (or ``start`` is called); while it is hidden it
    only marks itself stale. ``messages`` gets what it has to say; without one, listen to
    ``said`` and ``refused``.
    """

    opened = Signal(object)
    """Enter or double click: the row."""
    current_changed = Signal(object)
    """The current row, or None."""
    said = Signal(str)
    refused = Signal(object)
    answered = Signal()
    """Rows or totals are new."""

    def __init__(
        self,
        desk: Desk,
        spec: ListSpec[R],
        *,
        messages: Messages | None = None,
        keeping: Keeping | None = None,
        today: Callable[[], date] = date.today,
        ask_path: AskPath | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, spec, keeping or keeping_in_memory(), today, parent)
        self._messages = messages
        self._state = spec.views[0].filters if spec.views else FilterState()
        self._started = self._stale = False
        self._asked = Asked()
        self.exporting = Exporting(desk, self, ask_path)
        self.tick_all = TickAll(desk, self.model, self.body.bar, spec.noun[1])
        self.memory = ListMemory(self._desk, self._keeping, spec, self)
        self._connect()
        self._open_layout(self._first)

    # For the screen that holds the list

    def start(self) -> None:
        """Read what was remembered, then the first rows; showing the list does this too."""
        if self._started:
            return
        self._started = True
        self.memory.load(self._on_remembered)

    def refresh(self) -> None:
        """Look again; ticks, current row and scroll position stay."""
        if self._started:
            self.model.refresh()
            self._count()

    def ask_again(self) -> None:
        """Put the question anew: what the query closes over has changed."""
        self.model.ticks.clear()
        self.view.picking.go_to(None)
        if self._started:
            self._ask()

    def filter_by(self, state: FilterState, view: str = "") -> None:
        """Show other rows: a screen opened this list on something. Asks if it is running."""
        if self.views is not None and view and view != self.views.current.key:
            self.views.tabs.set_current(view)
            if self._started:  # its own order, as when a person goes to its tab
                self._open_layout(self._layout_of(self.views.current))
        self._state = state
        self.line.set_state(state)
        if self._started:
            self._ask()

    @property
    def state(self) -> FilterState:
        """What the list is asked now."""
        return self._state

    def chosen(self) -> tuple[R, ...]:
        """Return the ticked rows, or else the current one."""
        return self.view.picking.chosen()

    def go_to(self, row_id: int | None) -> None:
        """Make a record current: coming back from it, or coming from another screen."""
        self.view.picking.go_to(row_id)

    def find_(self, text: str = "") -> None:
        """Open the find field (Ctrl+F)."""
        if self.spec.searching and self.spec.line:
            self.line.seek(text)

    def add_filter(self) -> None:
        """Offer another filter (Ctrl+Shift+F)."""
        self.line.add_filter()

    def export(self) -> None:
        """Offer the formats to export to (Ctrl+Shift+E)."""
        list_menus.pop_export(self)

    def escape(self) -> bool:
        """Step back: out of the find field, then out of the ticks. False if neither."""
        if self.line.clear_find():
            self.view.setFocus()
            return True
        if len(self.model.ticks):
            self.model.ticks.clear()
            return True
        return False

    def step(self, by: int) -> None:
        """Make the previous or next record current (Ctrl+Up, Ctrl+Down)."""
        self.view.picking.do("down" if by > 0 else "up")

    def panes(self) -> tuple[QWidget, ...]:
        """Return what F6 goes through."""
        shown = self.pane is not None and self.pane.isVisible()
        return (self.view, self.pane.tabs) if shown and self.pane is not None else (self.view,)

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, with headings."""
        rows = self.chosen()
        if rows:
            QGuiApplication.clipboard().setText(tab_separated(self.seen_columns(), rows))
            self._say(f"{count_text(len(rows), 'row')} copied.")

    def export_as(self, form: str) -> None:
        """Write all matching rows as ``csv``, ``xlsx`` or ``pdf``."""
        query, span = self.model.query, self.model.whole_span
        if query is not None:
            view = (f"View: {self.views.current.name}",) if self.views else ()
            filters = (*view, *self.line.words())
            shown = Shown(self.spec.name, self.seen_columns(), query, span, filters)
            self.exporting.start(shown, form)

    def export_chosen(self) -> None:
        """Offer the formats to export the ticked rows to, or else the current one."""
        if self.chosen():
            list_menus.pop_export_chosen(self)

    def sort_by(self, key: str) -> None:
        """Sort by a column; the same one again turns the order round."""
        column = next(column for column in self.spec.columns if column.key == key)
        same = key == self.model.sort_key
        descending = not self.model.descending if same else column.descending_first
        self.model.order_by(key, descending=descending)
        self.view.scrollToTop()
        self._change_layout(replace(self.layout_now, sort=key, descending=descending))

    def toggle_pane(self) -> None:
        """Open or close the details (F4)."""
        if self.pane is None:
            return
        wanted = not self.pane_shown
        self._pane_by_hand = wanted
        self._change_layout(replace(self.layout_now, pane=wanted))
        self.fit_pane()

    def _connect(self) -> None:
        view, bar = self.view, self.body.bar
        view.opened.connect(self.opened)
        view.current_changed.connect(self._on_current)
        view.typed.connect(self.find_)
        view.copy_wanted.connect(self.copy)
        view.sort_wanted.connect(self.sort_by)
        view.menu_wanted.connect(lambda at: list_menus.pop(list_menus.row_menu(self), at))
        view.arranging.changed.connect(lambda: self._change_layout(self.layout_now))
        bar.box_clicked.connect(view.picking.toggle_loaded)
        bar.clear_wanted.connect(self._on_clear_wanted)
        bar.all_wanted.connect(self.tick_all.start)
        self.tick_all.done.connect(view.setFocus)
        self.tick_all.refused.connect(self._refuse)
        self.line.changed.connect(self._on_filtered)
        self.line.leave.connect(view.setFocus)
        self.model.answered.connect(self._on_answered)
        self.model.refused.connect(self._on_unread)
        self.exporting.done.connect(self._say)
        self.exporting.refused.connect(self._refuse)
        self._desk.changed.connect(self._on_changed)
        self._split.splitterMoved.connect(self._on_pane_dragged)
        if self.views is not None:
            self.views.chosen.connect(self._on_view)
            self.views.said.connect(self._say)
            self.views.refused.connect(self._refuse)
        if self.pane is not None:
            self.pane.closed.connect(self.toggle_pane)
            self.pane.step_wanted.connect(self.step)
            self.pane.refused.connect(self._refuse)
        list_menus.add_keys(self)

    # Asking

    def _ask(self) -> None:
        state, query = self._state, self.spec.query
        self.model.show(lambda work, span: query(work, state, span))
        self._stale = False
        self._count()

    def _ask_from_top(self) -> None:
        self.view.scrollToTop()
        self._ask()
        if self.views is not None:
            self.views.judge()

    def _count(self) -> None:
        ask_counts(self._desk, self, self.spec, self._on_counted, self._refuse)
        if self.views is not None:
            self.views.count()

    def _open_layout(self, layout: TableLayout) -> None:
        self.view.set_density(layout.density)
        self.view.arranging.apply(layout)
        self.model.set_order(layout.sort, descending=layout.descending)
        self.fit_pane()

    def _saved_state(self) -> tuple[FilterState, str, bool]:
        return self._state, self.model.sort_key, self.model.descending

    def _layout_of(self, view: OpenView | None) -> TableLayout:
        first = self._first
        if view is not None and view.sort:
            first = replace(first, sort=view.sort, descending=view.descending)
        return self.memory.layout(view.key if view else NO_VIEW, first)

    def _view_key(self) -> str:
        return self.views.current.key if self.views else NO_VIEW

    def _change_layout(self, layout: TableLayout) -> None:
        self.view.arranging.layout = layout
        self.memory.keep(self._view_key(), self.layout_now)

    def do(self, act: RowsAct[R]) -> None:
        """Do something with what is chosen, or say why that cannot be."""
        rows = self.chosen()
        reason = list_menus.why_not(act, rows)
        if reason:
            self._refuse(Problem(reason))
        else:
            act.act(rows)

    def _say(self, sentence: str, undo: Undo | None = None) -> None:
        self.said.emit(sentence)
        if self._messages is not None:
            self._messages.info(sentence, undo=undo)

    def _refuse(self, fault: BaseException) -> None:
        self.refused.emit(fault)
        if self._messages is not None:
            self._messages.refused(fault)

    def _show_state(self) -> None:
        view = self.views.current if self.views else None
        good_news = view.good_news if view is not None and self._state == view.filters else ""
        if good_news:
            good_news = f"{good_news} {self._asked.checked}".strip()
        self.body.judge(self._state, good_news, self._clear_filters)

    def _clear_filters(self) -> None:
        """Go back to what the open view shows, or to the first view where that is nothing."""
        wanted = self.views.current.filters if self.views else FilterState()
        if self.views is not None and wanted == self._state:
            self.views.open(self.spec.views[0].key)
        else:
            self.line.set_state(wanted)
            self._on_filtered(wanted)
        self.view.setFocus()

    # What happens

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.start()
        if self._stale:
            self._stale = False
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.view.arranging.settle()
        self.memory.store()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the shared keys where no window with its own actions is around."""
        keys = {
            "Ctrl+F": self.find_,
            "Ctrl+Shift+E": self.export,
            "F5": self.refresh,
            "Ctrl+R": self.refresh,
        }
        pressed = QKeySequence(event.keyCombination()).toString()
        if pressed in keys:
            keys[pressed]()
        elif event.key() == Qt.Key.Key_Escape and self.escape():
            event.accept()
        else:
            event.ignore()

    def _on_remembered(self) -> None:
        view = self.views.current if self.views else None
        self._open_layout(self._layout_of(view))
        self.line.set_state(self._state)
        self._ask()
        if self.views is not None:
            self.views.load()

    @Slot(object)
    def _on_view(self, view: OpenView) -> None:
        self.model.ticks.clear()
        self._state = view.filters
        self.line.set_state(view.filters)
        self._open_layout(self._layout_of(view))
        self._ask_from_top()

    @Slot(object)
    def _on_filtered(self, state: FilterState) -> None:
        self._state = state
        self._ask_from_top()

    @Slot(object)
    def _on_current(self, row: Any) -> None:
        self.current_changed.emit(row)
        if self.pane is not None and self.pane_shown:
            self.pane.follow(row)

    @Slot()
    def _on_answered(self) -> None:
        self._show_state()
        words = self.spec.totals_words(self.model.total, self.model.totals)
        self.body.totals.say(words or self.spec.counted(self.model.total))
        self.body.show_ticks()
        self._show_count()
        self.answered.emit()

    def _on_counted(self, asked: Asked) -> None:
        self._asked = asked
        self._show_count()
        if self.body.empty is not None:
            self._show_state()

    def _show_count(self) -> None:
        known, every = self.model.known, self._asked.every
        shown = count_text(self.model.total) if known else "…"
        if not self._state.is_empty:
            shown = f"{shown} of {'…' if every is None else count_text(every)}"
        self.title.note.setText(" · ".join(part for part in (self.spec.subtitle, shown) if part))

    @Slot(object)
    def _on_unread(self, fault: BaseException) -> None:
        if not self.model.total and isinstance(fault, Problem):
            self.body.say_fault(fault, self._ask)
        self._refuse(fault)

    @Slot(object)
    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.VIEWS in topics and self.views is not None and self._started:
            self.views.load()
        if topics & self.spec.topics:
            if self.isVisible():
                self.refresh()
            else:
                self._stale = self._started

    @Slot()
    def _on_clear_wanted(self) -> None:
        self.model.ticks.clear()
        self.view.setFocus()
