"""The payment entry: one check over many sessions, by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.payments.doubting import Doubted
from fscdesk.services.payments.entering import Source
from fscdesk.services.work import Topic
from fscdesk.ui.actions import action
from fscdesk.ui.messages import Help
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.payments.entry_drafting import Drafting
from fscdesk.ui.screens.payments.entry_grid import OPEN
from fscdesk.ui.screens.payments.entry_keeping import Opening, content_of, opening, put_back
from fscdesk.ui.screens.payments.entry_posting import Poster
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.screens.payments.entry_view import EntryView
from fscdesk.ui.text import count_text, moment_text

_BASIS = frozenset({Topic.PAYMENTS, Topic.SESSIONS, Topic.LEDGER, Topic.PATIENTS})
_IDS = ("payer_id", "guarantor_id", "patient_id")


class EntryScreen(Screen):
    """One payment: who paid, the open charges, what will be posted.

    Opened with ``payer_id``, ``guarantor_id`` or ``patient_id`` it begins with who that is; with
    ``bank`` (text by field) with what the bank tells; else with what was half entered, if any.
    """

    title = "Enter payment"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.today = OfficeDay(shell.practice.zone)
        self.state = EntryState()
        self.posting, self._stale, self._ticket = False, False, 0
        self.post_act = action(self, "Post", partial(self.post, and_next=False))
        self.next_act = action(
            self,
            "Post, next",
            partial(self.post, and_next=True),
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        )
        self.drafting = Drafting(shell.desk, lambda: self.state, self._content, self)
        self.poster = Poster(shell, self)
        window = shell if isinstance(shell, QWidget) else self
        self.view = EntryView(shell, self.state, self._day, self.post_act, self.next_act, window)
        self.head, self.grid = self.view.head, self.view.grid
        self.finding, self.below = self.view.finding, self.view.below
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        # The window puts the focus on the first control after a screen was shown; then this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        self._commands()
        self._connect()
        self._read_head()
        self._follow()

    def _commands(self) -> None:
        self._of_guarantors = [
            action(self, "Pay in full", self.pay_in_full, "Ctrl+G"),
            action(self, "Oldest charges first", self.oldest_first, "Ctrl+Shift+G"),
        ]
        keep = action(self, "Keep what is left over", self.keep_rest, "Ctrl+Shift+K")
        self._throw_away = action(self, "Discard the draft", self.discard)
        self.finding.offer([*self._of_guarantors, keep])

    def _connect(self) -> None:
        self.head.changed.connect(self._on_head)
        self.head.source_chosen.connect(self._on_source)
        self.head.amount.left.connect(self._on_amount_left)
        self.head.finished.connect(self._on_head_done)
        self.grid.changed.connect(self._on_answered)
        self.grid.typed.connect(self.drafting.soon)
        self.grid.said.connect(self._on_cell_said)
        self.grid.finished.connect(self._on_row_done)
        self.grid.above.connect(self.finding.begin)
        self.finding.said.connect(self.below.fault.say)
        self.finding.searched.connect(self._follow)
        self.below.rest.changed.connect(self._on_rest)
        self.view.cancel.clicked.connect(lambda _on=False: self.leave())
        self.view.discard.clicked.connect(lambda _on=False: self.discard())
        self.shell.desk.changed.connect(self._on_changed)
        self.shell.undo.undone.connect(lambda *_said: self._on_undone())

    # What the window asks

    def primary(self) -> QAction | None:
        return self.post_act

    def new(self) -> None:
        """Begin another payment; what stands here is kept as a draft of whom it is about."""
        self.drafting.flush()
        self._clear(None)
        self.head.begin()

    def refresh(self) -> None:
        """Look at the open charges again."""
        source = self.state.source
        if source is not None:
            self._ask({f"{source.kind}_id": source.id}, again=True)

    def find_(self) -> None:
        self.finding.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def escape(self) -> bool:
        if self.head.source.popup.isVisible():
            self.head.source.popup.close_up()
        elif self.state.from_payer and self.grid.row is not None:
            self.grid.leave()
            self.finding.begin()
        else:
            self.leave()
        return True

    def panes(self) -> tuple[QWidget, ...]:
        return (self.head, self.finding, self.grid, self.below, self.view.pane)

    def on_shown(self, **what: Any) -> None:
        self.today.learn(self.shell.desk, self)
        wanted = {key: int(what[key]) for key in _IDS if what.get(key) is not None}
        if what.get("bank"):  # money that the bank has: amount, reference, received_on
            self.new()
            self.head.restore(what["bank"])
            self._on_head()
            if wanted:  # and who sent it, as if that had been chosen
                self._ask(wanted)
        elif wanted:
            self.drafting.flush()
            self._ask(wanted, arrived=True)
        elif self.state.source is None and not self.state.started:
            self._ask({}, newest=True)
        elif self._stale:
            self.refresh()
        self._focus_soon.start()

    def _day(self) -> date:
        """The office's day; the computer's until the books have said it."""
        rules = self.state.rules
        return self.today() if rules is None else rules.today

    # What a person does

    def leave(self) -> None:
        """Go back; what is half entered stays as a draft."""
        self.drafting.flush()
        self.shell.back()

    def discard(self) -> None:
        """Throw the draft away; the message can bring it back."""
        if not self.state.started:
            return
        undo = self.drafting.discard()
        self.state.renew()
        self._clear(self.state.source)
        self.shell.messages.info("The draft is discarded. Nothing was posted.", undo=undo)
        self.head.begin()

    def post(self, *, and_next: bool) -> None:
        """Post the payment, or say why it cannot be posted."""
        if self.posting or not self.grid.settle() or not self.head.check():
            return
        self._read_head()
        why, hint = self.state.why_not()
        if why:
            keep = self.state.left.cents > 0 and self.state.source is not None
            help_ = Help("Keep it as a credit", self.keep_rest) if keep else None
            self.shell.messages.problem(why, hint=hint, help=help_)
            return
        self.drafting.hold()
        self._working(busy=True)
        after = partial(self._on_posted, self.state.source, and_next)
        self.poster.post(self.state, self._content(), after, self._on_refused)

    def pay_in_full(self) -> None:
        """Pay all that the guarantor owes."""
        if not self.state.from_payer:
            self.state.pay_in_full()
            self._shared_out()

    def oldest_first(self) -> None:
        """Share the money out, the oldest charges first."""
        if not self.state.from_payer:
            self.state.pay_oldest_first()
            self._shared_out()

    def keep_rest(self) -> None:
        """Go to the line that says what is left over is kept as."""
        if not self.below.rest.isHidden():
            self.below.rest.kind.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Asking

    def _ask(
        self,
        wanted: Mapping[str, int],
        *,
        newest: bool = False,
        again: bool = False,
        arrived: bool = False,
    ) -> None:
        self._ticket += 1
        ticket = self._ticket
        self._stale = False
        self.shell.desk.ask(
            self,
            lambda work: opening(work, wanted, draft_too=not again, newest=newest),
            lambda found: self._on_opened(ticket, found, again=again, arrived=arrived),
            self.shell.messages.refused,
        )

    def _on_opened(self, ticket: int, found: Opening, *, again: bool, arrived: bool) -> None:
        if ticket != self._ticket:
            return
        state = self.state
        state.rules = found.rules
        self.head.fresh_days()
        lost = state.look_again(found.lines) if again else self._begin(found, arrived=arrived)
        if lost:
            lines = count_text(lost, "line")
            self.shell.messages.note(f"{lines} changed meanwhile. Look at what is open again.")
        if not again:
            self.state.propose()
        self.grid.show_rows(keep=again)
        self.finding.follow()
        self._follow()

    def _begin(self, found: Opening, *, arrived: bool) -> int:
        """Take over who paid, the lines, and the draft about them; return what no longer fits."""
        state, draft = self.state, found.draft
        moved = state.source != found.source
        if arrived and moved and state.started:  # it stays a draft of whom it was about
            self.head.begin_next()
            state.renew()
            self._read_head()
        elif not moved and state.started:
            return state.look_again(found.lines)
        state.begin(found.source, found.lines, found.found)
        self.head.show_source(found.source)
        if found.choices.get("method") and not state.started:
            self.head.restore({"method": found.choices["method"]})
        lost = 0
        if draft is not None:
            if not state.started:
                self.head.restore(draft.content.get("head", {}))
            lost = put_back(state, draft.content)
            self.drafting.went_on(draft.about, moment_text(draft.at, self.shell.practice.zone))
        self._read_head()
        state.own_patient()
        return lost

    def _on_source(self, source: Source) -> None:
        self.drafting.moved_on()
        self._ask({f"{source.kind}_id": source.id})

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _BASIS and not self.posting:
            if self.isVisible() and self.state.source is not None:
                self.refresh()
            else:
                self._stale = True

    def _on_undone(self) -> None:
        if not self.state.started:
            self._stale = False
            self.state.source = None
            if self.isVisible():
                self._ask({}, newest=True)

    # Following

    def _read_head(self) -> None:
        self.state.head = self.head.facts()

    def _on_head(self) -> None:
        self._read_head()
        self._typed()

    def _typed(self) -> None:
        """Something was typed: sums follow, the draft is saved soon."""
        self.drafting.soon()
        self._follow()

    def _on_answered(self) -> None:
        self.grid.repaint_all()
        self.state.own_patient()
        self._typed()

    def _on_cell_said(self, sentence: str) -> None:
        self.below.fault.say(sentence)
        self._follow()

    def _on_amount_left(self) -> None:
        if self.state.propose():
            self._shared_out(touched=False)

    def _shared_out(self, *, touched: bool = True) -> None:
        self.state.touched = self.state.touched or touched
        self.grid.show_rows()
        if self.grid.row is not None:
            self.grid.go(self.grid.at)
        self._on_answered()

    def _on_rest(self) -> None:
        self.state.rest_kind, patient = self.below.rest.chosen()
        self.state.rest_patient = patient
        self.state.own_patient()
        self._typed()

    def _follow(self) -> None:
        state = self.state
        self.post_act.setText("Posting…" if self.posting else state.button())
        for one in self._of_guarantors:
            one.setEnabled(state.source is not None and not state.from_payer)
        self._throw_away.setEnabled(state.started)
        self.view.follow(state, self.drafting.words())

    def _on_head_done(self) -> None:
        """Enter has left the last field: on to the claims, or to the first open charge."""
        self._on_amount_left()
        if self.state.from_payer or not self.grid.rows:
            self.finding.begin()
        else:
            self.grid.go(0)

    def _on_row_done(self) -> None:
        if self.state.from_payer:
            self.finding.begin()

    def _focus(self) -> None:
        if not self.isVisible():
            return
        if self.grid.row is not None:
            self.grid.go(self.grid.at)
        elif self.state.from_payer and self.state.answered:
            self.finding.begin()
        else:
            self.head.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        self.drafting.flush()
        super().hideEvent(event)

    # Posting

    def _working(self, *, busy: bool) -> None:
        self.posting = busy
        self.post_act.setEnabled(not busy)
        self.next_act.setEnabled(not busy)
        self._follow()

    def _on_refused(self, fault: BaseException) -> None:
        self.drafting.release()
        if isinstance(fault, Doubted):
            self.state.ask_back(fault.findings)
        self._working(busy=False)
        self.shell.messages.refused(fault)

    def _on_posted(self, source: Source | None, and_next: bool) -> None:
        self.drafting.release(forget=True)
        self._clear(source, keep_days=True)
        self._working(busy=False)
        if and_next:
            self.head.begin()
        else:
            self.shell.back()

    def _clear(self, source: Source | None, *, keep_days: bool = False) -> None:
        """Empty the form; who paid and how stay, and the days where they were just used."""
        self.head.begin_next()
        if not keep_days:
            self.head.fresh_days(anew=True)
        self.state.renew()
        self.state.source = source
        if source is None:
            self.state.show_lines([])
        self.head.show_source(source)
        self.grid.view = OPEN
        self.finding.clear()
        self.grid.leave()
        self._read_head()
        self.grid.show_rows(keep=False)
        self._follow()
        if source is not None:
            self.refresh()

    def _content(self) -> dict[str, Any]:
        return content_of(self.state, self.head.draft())
