"""The work queue: thing by thing, what is lost first at the top. Enter opens the work itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO
from fscdesk.services.billing.plan_dues import charge_due
from fscdesk.services.queue.items import id_of
from fscdesk.services.queue.listing_items import ItemKind, QueueItem, item_of
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.billing.instalments import dues_words
from fscdesk.ui.screens.queue import asking
from fscdesk.ui.screens.queue.columns import queue_columns
from fscdesk.ui.screens.queue.item_acts import NOTE_KEY, ItemActs
from fscdesk.ui.screens.queue.item_page import ItemPage
from fscdesk.ui.screens.queue.wording import due_mark, open_words
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text, day_text, money_text

TOPICS = frozenset(Topic) - {Topic.VIEWS}
"""Nearly everything can put work into the queue, or take it out."""
PAGE = "item"
ROUND = "portal-round"


class QueueScreen(Screen):
    """One list of things. Opened with ``view``, ``kind``, ``payer``, ``text`` and ``item`` (a key).

    Nothing: as it was left. After an act the next thing is current, where the last one stood.
    """

    title = "Work queue"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, keeping: Keeping | None = None
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._place, self._acted, self._seen = 0, False, FilterState(text="\0")
        self.acts = ItemActs(shell, self, self._today)
        self.list: ListPart[QueueItem] = ListPart(
            shell.desk,
            self._spec(),
            messages=shell.messages,
            keeping=keeping or keeping_in_books(),
            today=self._today,
        )
        self.line = TitleLine(self.title)
        self._open = action(self, "Open the work", self.open_current)
        action(self, "Note on this thing", self.note, NOTE_KEY)
        if shell.has(ROUND):
            action(self, "Portal round", partial(shell.open, ROUND), "Ctrl+G")
        for one in self.list.actions():  # a held-down key never decides about one after the other
            if one.shortcut().toString() not in ("Ctrl+Up", "Ctrl+Down"):
                one.setAutoRepeat(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.list.opened.connect(lambda row: self.acts.open(row.opens))
        self.list.answered.connect(self._on_answered)
        self.list.current_changed.connect(self._on_current)
        self.acts.done.connect(self._on_acted)
        shell.desk.changed.connect(self._on_changed)
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self.focus)
        self._judge(None)

    # What the window asks

    def primary(self) -> QAction:
        return self._open

    def refresh(self) -> None:
        """Look again (F5)."""
        self.list.refresh()

    def find_(self) -> None:
        """Find in the queue (Ctrl+F)."""
        self.list.find_()

    def export(self) -> None:
        """Export the queue (Ctrl+Shift+E)."""
        self.list.export()

    def save(self) -> None:
        """Keep the note that is being written (Ctrl+S)."""
        page = self._page()
        if page is not None:
            page.note.keep()
        self.focus()

    def escape(self) -> bool:
        focused, pane = QApplication.focusWidget(), self.list.pane
        if focused is not None and pane is not None and pane.isAncestorOf(focused):
            self.focus()
            return True
        return self.list.escape()

    def panes(self) -> tuple[QWidget, ...]:
        pane = self.list.pane
        shown = pane is not None and self.list.pane_shown
        return (self.list.view, pane) if shown and pane is not None else (self.list.view,)

    def here(self) -> Mapping[str, object]:
        part = self.list
        return {
            "view": part.views.current.key if part.views is not None else "",
            "filters": part.state.to_json(),
            "row": part.view.picking.current_id,
        }

    def on_shown(self, **what: Any) -> None:
        self._today.learn(self.shell.desk, self)
        state = _state_of(what)
        if state is not None:
            self.list.filter_by(state, str(what.get("view") or "all"))
            self.shell.desk.ask(self, asking.ask_names, self._name)
        row = id_of(str(what["item"])) if what.get("item") else what.get("row")
        if row is not None:
            self.list.go_to(int(row))
        self._focus_soon.start()

    # What a person does

    def open_current(self) -> None:
        """Open the current thing's work (Ctrl+Enter)."""
        row = self.list.view.picking.current_row
        if row is not None:
            self.acts.open(row.opens)

    def note(self) -> None:
        """Go to the note of the current thing (Ctrl+Shift+N)."""
        if self.list.view.picking.current_row is None:
            return
        if not self.list.pane_shown:
            self.list.toggle_pane()
        page = self._page()
        if page is not None:
            page.ensureWidgetVisible(page.note)
            page.note.field.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def charge_due(self) -> None:
        """Charge interest and late fees of payment plans up to today."""
        self.shell.desk.act(
            self,
            lambda work: charge_due(work, work.today()),
            lambda dues: self.shell.messages.info(dues_words(dues)),
            self.shell.messages.refused,
            title="Charging what is due",
        )

    def focus(self) -> None:
        """Put the focus on the rows."""
        if self.isVisible():
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # What happens

    def _on_current(self, row: QueueItem | None) -> None:
        if row is not None:
            self._place = max(0, self.list.view.current_place)
        self._judge(row)

    def _on_acted(self) -> None:
        self._acted = True
        self.list.model.ticks.clear()

    def _on_answered(self) -> None:
        model, picking = self.list.model, self.list.view.picking
        if not model.known:
            return
        fresh = self.list.state != self._seen
        self._seen = self.list.state
        if picking.current_row is None and model.total and (fresh or self._acted):
            picking.go(0 if fresh else self._place)
        self._acted = False
        total = money_text(model.totals.get("amount", ZERO), zero_dash=False)
        words = f"{count_text(model.total)} open, {total} at stake"
        self.line.note.setText(words if model.total else "")
        self._judge(picking.current_row)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        """Show the pane anew: its row may be the same, and what people did about it is not."""
        row, pane = self.list.view.picking.current_row, self.list.pane
        if topics & TOPICS and self.isVisible() and pane is not None and row is not None:
            pane.follow(row)

    def _judge(self, row: QueueItem | None) -> None:
        off_because(self._open, "" if row is not None else "Nothing waits")

    def _name(self, names: Mapping[str, Mapping[str, str]]) -> None:
        for key, words in names.items():
            self.list.line.name_values(key, words)

    def _page(self) -> ItemPage | None:
        page = self.list.pane.page(PAGE) if self.list.pane is not None else None
        return page if isinstance(page, ItemPage) else None

    # The list

    def _spec(self) -> ListSpec[QueueItem]:
        acts, has = self.acts, self.shell.has
        detail: DetailSpec[QueueItem, QueueItem] = DetailSpec(
            ask=_ask_item,
            head=self._head,
            tabs=(PaneTab(PAGE, "", lambda: ItemPage(acts.open, has, acts.write_note)),),
            nothing="Choose a line to see why it waits.",
        )
        return ListSpec(
            key="queue_items",
            name="Work queue",
            columns=queue_columns(self._today),
            query=asking.ask_page,
            noun=("item", "items"),
            filters=asking.queue_filters(),
            views=asking.queue_views(),
            bulk=acts.bulk(),
            row_acts=acts.row_acts(),
            title=False,
            sort="lost",
            topics=TOPICS,
            empty=Empty("Nothing waits for a person.", "circle-check"),
            none_words=_none_words,
            picked_words=_picked_words,
            totals_words=lambda count, _totals: asking.counted_words(self.list.state, count),
            all_total=asking.ask_every,
            view_counts=asking.ask_view_counts,
            detail=detail,
            least_width=620,
        )

    def _head(self, row: QueueItem) -> PaneHead:
        due = due_mark(row, self._today())
        asleep = f"Asleep until {day_text(row.snoozed_until)}" if row.snoozed_until else ""
        return PaneHead(
            name=row.title,
            line=", ".join(part for part in (row.about, asleep) if part),
            badges=(theme.now.severity(row.urgency.value), *([due] if due else [])),
            figures=(
                Figure("At stake", text=money_text(row.amount, zero_dash=False)),
                Figure("With", text=row.assignee or "nobody"),
                *([Figure("Waits", text=self._waits(row.since))] if row.since else []),
            ),
            next_steps=(
                NextStep(
                    open_words(row),
                    partial(self.acts.open, row.opens),
                    "arrow-up-right",
                    "" if self.shell.has(row.opens.place) else "It has no screen in this version",
                ),
                *self._own_steps(row),
                NextStep("Snooze", partial(self.acts.sleep, [row]), "alarm-clock", _many(row)),
            ),
            more=(
                NextStep("Give to…", partial(self.acts.give, [row]), off_because=_many(row)),
                NextStep("Set aside", partial(self.acts.set_aside, [row]), off_because=_many(row)),
            ),
        )

    def _waits(self, since: date) -> str:
        return count_text(max(0, (self._today() - since).days), "day")

    def _own_steps(self, row: QueueItem) -> list[NextStep]:
        steps = []
        every = row.every
        if every is not None and self.shell.has(every.place):
            steps.append(NextStep("Show all in the list", partial(self.acts.open, every)))
        if row.kind is ItemKind.SILENT and self.shell.has(ROUND):
            # On the round a session without a claim of ours stands under its id below zero.
            on_it = row.claim_id or -(row.session_id or 0) or None
            opens = partial(self.shell.open, ROUND, payer=row.payer_id, claim=on_it)
            steps.append(NextStep("Look it up in the portal round", opens, "waypoints"))
        if row.kind is ItemKind.PLAN_DUE:
            words = f"Charge {money_text(row.amount, zero_dash=False)} now"
            steps.append(NextStep(words, self.charge_due, "calendar-check"))
        return steps


def _ask_item(work: Work, row: QueueItem) -> QueueItem:
    return item_of(work, row) or row


def _many(row: QueueItem) -> str:
    return "" if row.named else "It stands for many; the list behind it has each"


def _state_of(what: Mapping[str, Any]) -> FilterState | None:
    """Return the question that another screen, or the way back, asks; None leaves the list."""
    if what.get("filters"):
        return FilterState.from_json(str(what["filters"]))
    asked = {key: what[key] for key in ("kind", "payer", "text", "view", "item") if what.get(key)}
    if not asked:
        return None
    state = FilterState(text=str(asked.get("text", "")))
    for key in ("kind", "payer"):
        found = asked.get(key, ())
        values = found if isinstance(found, tuple) else (found,)
        state = state.with_values(key, [str(one) for one in values])
    view = str(asked.get("view", "all"))
    return state if view == "all" else state.with_values(asking.VIEW, (view,))


def _none_words(state: FilterState) -> str:
    text = state.text.strip()
    return (
        f"Nothing in the queue holds “{text}”." if text else "Nothing here matches these filters."
    )


def _picked_words(rows: Any) -> str:
    total = sum((row.amount for row in rows), ZERO)
    return f"{money_text(total, zero_dash=False)} at stake"
