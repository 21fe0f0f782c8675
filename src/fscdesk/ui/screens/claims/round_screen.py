"""The portal round: payers with silent claims, one after the other, each answer in two keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.claims.portal_round import Noted, PortalStop, portal_round
from fscdesk.services.claims.round_sessions import NotedSession
from fscdesk.services.work import Topic
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.forms.card import EmptyState, Line, TitleLine
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.claims.round_acts import Opens, RoundActs, open_in_browser
from fscdesk.ui.screens.claims.round_card import RoundCard
from fscdesk.ui.screens.claims.round_head import RoundHead, address_of, why_not_opened
from fscdesk.ui.screens.claims.round_list import RoundList
from fscdesk.ui.screens.claims.round_state import Answer, Round, RoundRow, Stand
from fscdesk.ui.screens.claims.round_stops import StopList
from fscdesk.ui.screens.claims.round_summary import RoundSummary
from fscdesk.ui.screens.claims.round_words import round_note
from fscdesk.ui.tables.keeping import Keeping

CLAIM, CLAIMS, SESSIONS, SETUP = "claim", "claims", "sessions", "setup"
TOPICS = frozenset(
    {Topic.CLAIMS, Topic.PAYERS, Topic.PATIENTS, Topic.SESSIONS, Topic.QUEUE, Topic.LEDGER}
)
NOBODY_SILENT = (
    "No payer is silent. What has no answer after 30 days comes up here, billed here or not."
)


class RoundScreen(Screen):
    """Opened with ``payer`` and ``claim`` (ids), or on the payer whose claims wait longest.

    A letter and Enter note what the portal says of a claim, then the next one has the focus.
    """

    title = "Portal round"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        opens: Opens = open_in_browser,
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._opens = opens
        self.round = Round()
        self._payer: int | None = None
        self._claim: int | None = None
        self._fresh = True  # it has just come to the front: the card is to have the focus
        self.acts = RoundActs(shell, self)
        self._commands()
        self.line = TitleLine(self.title)
        self.line.add(ActionButton(self.end))
        self.stops = StopList()
        self.head = RoundHead(self.portal, self.setup)
        self.list = RoundList(shell, self._rows, keeping or keeping_in_books())
        self.card = RoundCard(shell, self._today)
        self.summary = RoundSummary(self._go_on, self.again)
        self.nothing = EmptyState("circle-check", NOBODY_SILENT)
        self._stack = QStackedWidget()
        self._work = self._build()
        for part in (self.nothing, self._work, self.summary):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(Line())
        column.addWidget(self._stack, 1)
        self._connect()
        self._show()

    def _rows(self) -> tuple[RoundRow, ...]:
        """Return what the list shows; asked for on a worker thread, so it is read whole."""
        stand = self.stand
        return () if stand is None else stand.rows

    @property
    def row(self) -> RoundRow | None:
        """The claim on the card."""
        return self.round.row(self._claim)

    @property
    def stand(self) -> Stand | None:
        """The payer in front."""
        return self.round.stand(self._payer)

    # What the window asks for

    def primary(self) -> QAction | None:
        if self._stack.currentWidget() is not self._work:
            return None
        return self.noting if self.card.way is not None else self.portal

    def refresh(self) -> None:
        self._latest.again()

    def export(self) -> None:
        """Export the claims of the payer in front."""
        self.list.export()

    def next_exception(self) -> None:
        """Go to the next claim that nobody has looked up yet, without answering this one."""
        self._go(self.round.after(self._claim))

    def escape(self) -> bool:
        if self._stack.currentWidget() is self.summary and self.round.left:
            self._go(self.round.after(None))
            return True
        return self.card.escape()

    def panes(self) -> tuple[QWidget, ...]:
        if self._stack.currentWidget() is self._work:
            return (self.stops, self.list.view, self.card)
        return ()

    def here(self) -> Mapping[str, object]:
        return {"payer": self._payer, CLAIM: self._claim}

    def on_shown(self, **what: Any) -> None:
        self._today.learn(self.shell.desk, self)
        if self.round.known and not self.round.left:
            self.round = Round()  # what was done before is told already
        payer, claim = what.get("payer"), what.get(CLAIM)
        if type(payer) is int:
            self._payer = payer
        self._claim = claim if type(claim) is int else None
        self._fresh = True
        self._latest.ask(portal_round)
        self._focus_soon.start()

    # What a person does

    def open_portal(self) -> None:
        """Show the portal of the payer in front in the browser; nothing of a person goes along."""
        stand = self.stand
        url = None if stand is None else address_of(stand.stop)
        if url is not None:
            self._opens(url)

    def open_claim(self) -> None:
        """Open the claim on the card, or the session that has none here."""
        row = self.row
        if row is None:
            return
        if row.claim.session_id is not None and self.shell.has(SESSIONS):
            self.shell.open(SESSIONS, session=row.claim.session_id)
        elif row.claim.claim_id is not None and self.shell.has(CLAIM):
            self.shell.open(CLAIM, claim=row.claim.claim_id)

    def step_payer(self, step: int) -> None:
        """Go to the payer before or behind (Ctrl+Up, Ctrl+Down)."""
        ids = [stand.stop.payer_id for stand in self.round.stands]
        if self._payer in ids:
            self._open_payer(ids[max(0, min(len(ids) - 1, ids.index(self._payer) + step))])

    def end_round(self) -> None:
        """Show what was noted until now."""
        self._stack.setCurrentWidget(self.summary)
        self._show_summary()
        self.summary.enter()
        self._judge()

    # What happens

    def _on_given(self, row: RoundRow, answer: Answer) -> None:
        following = self.round.after(row.id)
        self.round.answered(row.id, answer)

        def done(noted: Noted | NotedSession) -> None:
            self.round.answered(row.id, answer, noted)
            self._show()

        def refused(_fault: BaseException) -> None:
            self.round.answered(row.id, None)
            self._go(self.round.row(row.id))
            self.card.begin(answer)
            self.card.enter()

        self.acts.note(row, answer, done, refused)
        self._go(following)

    def _on_stops(self, stops: tuple[PortalStop, ...]) -> None:
        self.round.merge(stops)
        row = self.row
        if row is None or self.stand is None:
            stand = self.stand
            own = next(iter(stand.left), None) if stand is not None else None
            row = own or self.round.after(None)
            self._take(row)
        elif self._payer != self.round.payer_of(row.id):
            self._take(row)
        self._show()
        self._focus_soon.start()

    def _go(self, row: RoundRow | None) -> None:
        """Show a claim and put the focus on its card; None: the round is at its end."""
        self._take(row)
        self._show()
        if row is not None:
            self.card.enter()
        elif self._stack.currentWidget() is self.summary:
            self.summary.enter()

    def _take(self, row: RoundRow | None) -> None:
        if row is not None:
            other = self.round.payer_of(row.id)
            changed, self._payer, self._claim = other != self._payer, other, row.id
            if changed:
                self.list.ask_again()
            self._stack.setCurrentWidget(self._work)
        elif not self.round.left:
            self._claim = None

    def _show(self) -> None:
        stand, row = self.stand, self.row
        self.line.note.setText(round_note(self.round.stands))
        if not self.round.known:
            self.nothing.say("Looking for silent payers…", "search")
            self._stack.setCurrentWidget(self.nothing)
        elif not self.round.rows:
            self.nothing.say(NOBODY_SILENT, "circle-check")
            self._stack.setCurrentWidget(self.nothing)
        elif not self.round.left and row is None:
            self._stack.setCurrentWidget(self.summary)
            self._show_summary()
        elif self._stack.currentWidget() is self.nothing:
            self._stack.setCurrentWidget(self._work)
        self.stops.show_stands(self.round.stands, self._payer)
        if stand is not None:
            self.head.show_stop(stand.stop)
        self._show_card(stand, row)
        self.list.refresh()
        self.list.go_to(self._claim)
        self._judge()

    def _show_card(self, stand: Stand | None, row: RoundRow | None) -> None:
        place = ""
        if stand is not None and row is not None:
            at = [one.id for one in stand.rows].index(row.id) if row in stand.rows else 0
            place = f"{at + 1} of {len(stand.rows)}"
        self.card.show_row(row, place)

    def _show_summary(self) -> None:
        self.summary.show_round(self.round.done, self.round.stands)

    def _judge(self) -> None:
        stand = self.stand
        why = why_not_opened(stand.stop) if stand is not None else "No payer is in front."
        working = self._stack.currentWidget() is self._work
        off_because(self.portal, why)
        self.portal.setVisible(working)
        self.setup.setVisible(working and bool(why) and self.shell.has(SETUP))
        self.noting.setVisible(working and self.card.way is not None)
        typing = self.card.way is not None
        self.head.open.set_kind("" if typing else "primary")
        self.card.note_button.set_kind("primary" if typing else "")
        self.end.setVisible(working and bool(self.round.done))
        self.again.setVisible(bool(self.round.left))
        for one in self._steps:
            one.setEnabled(working)

    def _open_payer(self, payer_id: int) -> None:
        stand = self.round.stand(payer_id)
        if stand is not None:
            self._go(next(iter(stand.left), next(iter(stand.rows), None)))

    def _on_moved(self, step: int) -> None:
        stand = self.stand
        if stand is None:
            return
        ids = [row.id for row in stand.rows]
        at = ids.index(self._claim) if self._claim in ids else 0
        self._go(stand.rows[max(0, min(len(ids) - 1, at + step))])

    def _on_current(self, row: RoundRow | None) -> None:
        if row is not None and row.id != self._claim and self.list.view.hasFocus():
            self._take(self.round.row(row.id))
            self._show_card(self.stand, self.row)

    def _on_opened(self, row: RoundRow) -> None:
        self._go(self.round.row(row.id))

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.isVisible():
            self._latest.again()

    def _go_on(self, what: Mapping[str, object]) -> None:
        asked = dict(what)
        place = str(asked.pop("place", CLAIMS))
        if self.shell.has(place):
            self.shell.open(place, **asked)

    def _open_setup(self) -> None:
        self.shell.open(SETUP, group="payers", tab="portals")

    def _focus(self) -> None:
        if not self.isVisible():
            return
        front = self._stack.currentWidget()
        if front is self.nothing:
            self.nothing.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if front is self.summary:
            self.summary.enter()
        elif self._fresh or not (self._inside(self.list) or self._inside(self.stops)):
            self.card.enter()
        self._fresh = self._latest.waiting

    def _inside(self, part: QWidget) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and part.isAncestorOf(focused)

    # Building

    def _commands(self) -> None:
        self.portal = action(self, "Open the portal", self.open_portal)
        self.noting = action(self, "Note the answer", lambda: self.card.note())  # noqa: PLW0108
        self.setup = action(self, "Portals in Setup", self._open_setup)
        self.end = action(self, "End the round", self.end_round)
        self.again = action(self, "Go on with the round", self.next_exception)
        step = partial(action, self, repeats=True)
        self._steps = (
            step("Payer before", partial(self.step_payer, -1), "Ctrl+Up"),
            step("Next payer", partial(self.step_payer, 1), "Ctrl+Down"),
            action(self, "Open the claim", self.open_claim, "Ctrl+L"),
        )

    def _build(self) -> QWidget:
        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.head)
        right.addWidget(Line())
        right.addWidget(self.list, 1)
        right.addWidget(self.card)
        across.addWidget(self.stops)
        across.addWidget(Line(upright=True))
        across.addLayout(right, 1)
        self._keep_keys()
        return whole

    def _keep_keys(self) -> None:
        """Let the keys that step through other lists go from payer to payer."""
        wanted = {QKeySequence("Ctrl+Up"), QKeySequence("Ctrl+Down")}
        for one in self.list.actions():
            if one.shortcut() in wanted:
                self.list.removeAction(one)
                one.setEnabled(False)

    def _connect(self) -> None:
        self._latest: Latest[tuple[PortalStop, ...]] = Latest(
            self.shell.desk, self, self._on_stops, self.shell.messages.refused
        )
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        self.stops.chosen.connect(self._open_payer)
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._on_opened)
        self.card.given.connect(self._on_given)
        self.card.moved.connect(self._on_moved)
        self.card.opened.connect(self.open_claim)
        self.card.portal.connect(self.portal.trigger)
        self.card.turned.connect(self._judge)
        self.shell.desk.changed.connect(self._on_changed)
