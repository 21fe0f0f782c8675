"""Today's claims: built with Ctrl+B, mended card by card, sent with Ctrl+Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.claims.batch_plan import BatchPlan, Route, Sent
from fscdesk.services.claims.mend_cards import MendCard
from fscdesk.services.claims.sending_again import batch_file
from fscdesk.services.claims.today import BuiltToday, Today, undo_today
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.forms.card import Line, TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.claims.build_list import BuildList
from fscdesk.ui.screens.claims.build_plan import BASIS, DayPlan
from fscdesk.ui.screens.claims.build_rows import DayRow, counts_of
from fscdesk.ui.screens.claims.build_tiles import EVERYTHING, MEND, BuildTiles
from fscdesk.ui.screens.claims.build_words import built_words, foot_words, off_words, send_verb
from fscdesk.ui.screens.claims.mend_acts import MendActs
from fscdesk.ui.screens.claims.mend_view import ACCEPT, HOLD, OPEN, MendView
from fscdesk.ui.screens.claims.sending_acts import SendingActs
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import count_text, long_day_text, money_text
from fscdesk.ui.undo import Undo

CLAIM, PATIENTS, SESSIONS, SETUP = "claim", "patients", "sessions", "setup"


class ClaimBuildScreen(Screen):
    """Opened with ``build`` it builds what is ready first (``sessions``, ids: those alone).

    ``claims`` (ids) shows the plan of some claims alone. Nothing: as it was left.
    """

    title = "Today’s claims"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, keeping: Keeping | None = None
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._sending = SendingActs(shell, self)
        self.plan = DayPlan(shell.desk, self._send, self)
        self.line = TitleLine(self.title)
        self.send = action(self, "Send claims", self.plan.send)
        self._build = action(self, "Build claims", self.plan.build, "Ctrl+B")
        self.build_button = ActionButton(self._build, "list-checks")
        self.line.add(self.build_button)
        self.tiles = BuildTiles()
        self.mend = MendView(shell, self._today)
        self.list = BuildList(
            shell, lambda: self.plan.shown, self._row_acts(), keeping or keeping_in_books()
        )
        self.foot = Foot(self.send, "send", stopping="Stopping. Nothing will be saved or sent.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.line, self.tiles, Line(), self.mend):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        column.addWidget(self.foot)
        self.acts = MendActs(shell, self.plan, self.mend.keep, self)
        self._commands()
        self._connect()
        self._fresh = True
        self._key = ""
        self._decided: set[str] = set()  # cards that were answered: one that is back is shown
        self._show()

    # What the window asks

    def primary(self) -> QAction | None:
        """Send what can go."""
        return self.send

    def refresh(self) -> None:
        """Look again (F5)."""
        self.plan.again()

    def find_(self) -> None:
        """Find in the list (Ctrl+F)."""
        self.list.find_()

    def export(self) -> None:
        """Export what the list shows (Ctrl+Shift+E)."""
        self.list.export()

    def next_exception(self) -> None:
        """Go to the next card without deciding this one (Ctrl+J)."""
        cards = self.plan.cards
        if not cards:
            self.shell.messages.note("Nothing is to be mended.")
            return
        keys = [one.key for one in cards]
        at = keys.index(self._key) if self._key in keys and self._in_card() else -1
        self._key = keys[(at + 1) % len(keys)]
        self._show_card()
        self.mend.enter()

    def escape(self) -> bool:
        if self.mend.escape() or self.list.escape():
            return True
        if self.list.term() != EVERYTHING:
            self._on_term(EVERYTHING)
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tiles, self.mend, *self.list.panes(), self.foot)

    def here(self) -> Mapping[str, object]:
        return {
            "claims": self.plan.only,
            "term": self.list.term(),
            "row": self.list.view.picking.current_id,
            "card": self._key,
        }

    def on_shown(self, **what: Any) -> None:
        self._today.learn(self.shell.desk, self)
        self._fresh = True
        self._key = str(what.get("card", ""))  # from elsewhere: the first one
        self._decided.clear()
        if "term" in what:
            self._on_term(str(what["term"]))
            row = what.get("row")
            self.list.go_to(row if isinstance(row, int) else None)
        if what.get("build"):
            self.plan.only = None
            self.plan.build(what.get("sessions"))
        elif "claims" in what or self.plan.stale or self.plan.shown is None:
            self.plan.look(what.get("claims"))
        self._show_card()
        self._focus_soon.start()

    # What happens

    def _connect(self) -> None:
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        plan, messages = self.plan, self.shell.messages
        plan.planned.connect(self._show)
        plan.unread.connect(messages.refused)
        plan.refused.connect(messages.refused)
        plan.built.connect(self._on_built)
        plan.busy.connect(self._on_busy)
        self.tiles.chosen.connect(self._on_term)
        self.list.opened.connect(self._open_row)
        self.mend.saved.connect(self._on_saved)
        self.mend.held.connect(partial(self._on_answered, self.acts.hold))
        self.mend.accepted.connect(partial(self._on_answered, self.acts.accept))
        self.mend.opened.connect(self._open_card)
        self.shell.desk.changed.connect(self._on_changed)

    def _show(self) -> None:
        """Show the plan as it is; a new one changes figures and rows, never what is typed."""
        today = self.plan.shown
        self._show_card()
        if today is None:
            self.foot.say("Looking at what is ready…")
        else:
            self.tiles.show_counts(counts_of(today))
            self.line.note.setText(long_day_text(today.batch.day))
            self.list.refresh()
            self.foot.say(foot_words(today))
            total = money_text(today.batch.total, zero_dash=False)
            self.foot.result.setText(f"{total} in all" if today.batch.going else "")
        self._judge(today)
        if self._fresh and today is not None and not self.plan.working:
            self._focus_soon.start()

    def _show_card(self) -> None:
        cards = self.plan.cards
        keys = [one.key for one in cards]
        inside = self._in_card()
        back = next((key for key in keys if key in self._decided), "")
        if back and self.mend.untouched():
            self._decided.discard(back)
            self._key = back
        if self._key not in keys:
            self._key = keys[0] if keys else ""
        if not cards:
            self.mend.show_card(None, 0, 0)
            if inside:
                self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        at = keys.index(self._key)
        self.mend.show_card(cards[at], at + 1, len(cards))

    def _judge(self, today: Today | None) -> None:
        off = off_words(today)
        if self.plan.working:
            off = "Claims are built or sent just now."
        self.send.setText(send_verb(today))
        off_because(self.send, off)
        unbuilt = 0 if today is None else len(today.unbuilt)
        self._build.setText(f"Build {count_text(unbuilt, 'claim')}" if unbuilt else "Build claims")
        self.build_button.setVisible(unbuilt > 0)

    def _focus(self) -> None:
        """Begin on the first card; while there is none, in the list."""
        if not self.isVisible():
            return
        if self.plan.cards:
            self._fresh = False
            self.mend.enter()
        else:
            self._fresh = self.plan.shown is None or not self.plan.settled
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_term(self, key: str) -> None:
        self.tiles.choose(key)
        self.list.show_term(key)

    def _on_saved(self, card: MendCard, value: object) -> None:
        self._next_key(card)
        self.acts.save(card, value)

    def _on_answered(self, act: Callable[[MendCard], object], card: MendCard) -> None:
        self._next_key(card)
        act(card)

    def _next_key(self, card: MendCard) -> None:
        """Go on with the card behind the one that was decided; should it be back, with that."""
        self._decided.add(card.key)
        keys = [one.key for one in self.plan.cards]
        at = keys.index(card.key) if card.key in keys else -1
        self._key = keys[at + 1] if at + 1 < len(keys) else ""

    def _on_built(self, built: BuiltToday) -> None:
        if not built.made:
            self.shell.messages.note(
                "Every session that is ready is on a claim, or is left out here with the reason."
            )
            return
        undo = Undo(f"building {count_text(built.claims, 'claim')}", partial(_unbuild, built))
        self.shell.messages.info(built_words(built), undo=undo)

    def _on_busy(self, job: Job | None) -> None:
        self.foot.follow(job)
        self._judge(self.plan.shown)

    def _send(self, batch: BatchPlan, refused: Callable[[BaseException], None]) -> Job:
        return self._sending.send(sent=self._on_sent, plan=batch, refused=refused)

    def _on_sent(self, sent: Sent) -> None:
        self.plan.sent()
        paper = next((one for one in sent.batches if one.route is Route.PAPER), None)
        if paper is None:
            return
        self.shell.desk.ask(
            self,
            lambda work: batch_file(work, paper.id).data,
            lambda pdf: self.shell.preview(pdf, f"{paper.number}, forms to print", paper.file_name),
            self.shell.messages.refused,
        )

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & BASIS:
            return
        if self.isVisible() and self.plan.shown is not None and not self.plan.working:
            self.plan.again()
        else:
            self.plan.stale = True

    # Opening

    def _open_card(self, card: MendCard) -> None:
        if self.shell.has(CLAIM):
            self.shell.open(CLAIM, claim=card.claims[0].id, field=card.field)

    def _open_row(self, row: DayRow) -> None:
        """Show the claim of a line, or where a session that is left out is mended."""
        if row.claim_id is not None and self.shell.has(CLAIM):
            what = {"field": row.field} if row.field else {}
            self.shell.open(CLAIM, claim=row.claim_id, **what)
        elif row.place == "services" and self.shell.has(SETUP):
            self.shell.open(SETUP, group="services")
        elif row.place == "patient" and row.patient_id is not None and self.shell.has(PATIENTS):
            self.shell.open(PATIENTS, patient=row.patient_id)
        elif row.session_id is not None and self.shell.has(SESSIONS):
            self.shell.open(SESSIONS, session=row.session_id)

    def _open_account(self, rows: Any) -> None:
        row = rows[0]
        if row.patient_id is not None and self.shell.has(PATIENTS):
            self.shell.open(PATIENTS, patient=row.patient_id)

    def _in_card(self) -> bool:
        focused = self.window().focusWidget() if self.window() is not None else None
        return focused is not None and (focused is self.mend or self.mend.isAncestorOf(focused))

    # Building

    def _row_acts(self) -> tuple[RowsAct[DayRow], ...]:
        return (
            RowsAct("open", "Open", lambda rows: self._open_row(rows[0]), "file-text"),
            RowsAct("account", "Open the account", self._open_account, "users"),
        )

    def _commands(self) -> None:
        """Give the window the answers of the card, for Ctrl+K and for hands in its field."""
        for words, letter, key in (
            ("Hold the claim on the card", HOLD, "Ctrl+Shift+H"),
            ("Let the claim go with its warning", ACCEPT, "Ctrl+Shift+A"),
            ("Open the claim on the card", OPEN, "Ctrl+L"),
        ):
            action(self, words, partial(self._answer, letter), key)
        action(self, "Show what must be mended", partial(self._on_term, MEND))

    def _answer(self, letter: str) -> None:
        if self._in_card() and self.mend.answer(letter):
            return
        row = self.list.view.picking.current_row
        if letter == OPEN and row is not None:
            self._open_row(row)
        elif letter == ACCEPT and self.mend.card is not None:
            self.shell.messages.note("This stops the claim: it cannot go with it.")
        else:
            self.shell.messages.note("No card is open.")


def _unbuild(built: BuiltToday, work: Work) -> str:
    count = undo_today(work, built)
    are = "is" if count == 1 else "are"
    return f"{count_text(count, 'claim')} {are} dropped; the sessions are ready to bill again."
