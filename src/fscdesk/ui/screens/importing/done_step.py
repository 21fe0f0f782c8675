"""The last step: the same figures, the number of the import, its undo, and where to go now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.plan_rows import EVERYTHING
from fscdesk.services.importing.report_signatures import short_title
from fscdesk.ui import icons, theme
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT, Card, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.importing.foot import Foot
from fscdesk.ui.screens.importing.plan_list import PlanList
from fscdesk.ui.screens.importing.run import ImportRun
from fscdesk.ui.screens.importing.tiles import Tiles
from fscdesk.ui.screens.importing.words import applied_words, days_words, result_words
from fscdesk.ui.text import Label, count_text, day_text, money_text


class DoneStep(QWidget):
    """What was imported. Undo is the window's: Ctrl+Z and the message bar do the same."""

    def __init__(self, shell: Shell, run: ImportRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell, self._run = shell, run
        self.go_on = action(self, "Import another file", run.take_next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tiles = Tiles()
        self.tiles.chosen.connect(self._on_term)
        column.addWidget(self.tiles)
        column.addWidget(Line())
        column.addWidget(self._build_card())
        self.list = PlanList(
            shell.desk,
            lambda: None if run.kept is None else run.kept.proposal,
            shell.messages,
            planned=False,
        )
        self.list.answered.connect(lambda: self.tiles.choose(self.list.shows()))
        column.addWidget(self.list, 1)
        self.foot = Foot(self.go_on, "arrow-right")
        column.addWidget(self.foot)
        theme.changed.connect(self._draw)

    def primary(self) -> QAction:
        """The next file, or another one."""
        return self.go_on

    def focus(self) -> None:
        """Put the focus on the way on."""
        for button in (self.sessions, self.undo):
            if not button.isHidden():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def show_result(self) -> None:
        """Show what the run left."""
        kept = self._run.kept
        if kept is None:
            return
        proposal = kept.proposal
        plan = proposal.plan
        self.tiles.show_counts(
            {
                "read": plan.read,
                "new": plan.created,
                "changed": plan.changed,
                "unchanged": plan.unchanged,
                "skipped": plan.skipped,
                "gone": plan.gone,
                "findings": len(proposal.lines.findings),
            }
        )
        self._title.setText(f"Import {kept.batch_id} is in the books")
        self._words.setText(applied_words(plan))
        of_sessions = plan.report_totals is None
        self._facts.setText(_facts(plan, proposal.entries))
        for button in (self.sessions, self.unbilled):
            button.setVisible(of_sessions and self._shell.has("sessions"))
        waiting = self._run.queue
        self.go_on.setText(f"Next file: {waiting[0].name}" if waiting else "Import another file")
        more = count_text(len(waiting), "file waits", "files wait")
        self.foot.say(f"{more} to be imported." if waiting else "", "file-input")
        self.tiles.choose(EVERYTHING)
        self.list.show_term(EVERYTHING)
        self._draw()

    def escape(self) -> bool:
        """Step back out of finding or a filter."""
        if self.list.escape():
            return True
        if self.list.shows() != EVERYTHING:
            self._on_term(EVERYTHING)
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through."""
        return (self.tiles, self.card, *self.list.panes(), self.foot)

    def _build_card(self) -> QWidget:
        self.card = QWidget()
        around = QVBoxLayout(self.card)
        around.setContentsMargins(LEFT, 16, RIGHT + 8, 16)
        card = Card(margins=(20, 14, 20, 14))
        around.addWidget(card)
        line = QHBoxLayout()
        line.setSpacing(16)
        self._picture = QLabel()
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title, self._words = Label("", "section"), Label("", "body", wrap=True)
        self._facts = Label("", "hint", wrap=True)
        for part in (self._title, self._words, self._facts):
            words.addWidget(part)
        line.addLayout(words, 1)
        self.sessions = Button("Its sessions", "calendar-days", on=self._on_sessions)
        self.unbilled = Button("Unbilled sessions", on=self._on_unbilled)
        self.undo = Button("Undo", "undo-2", on=self._shell.undo.undo)
        for button in (self.sessions, self.unbilled, self.undo):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            if button is not self.undo and not self._shell.has("sessions"):
                button.hide()
        line.addWidget(Keycap("Ctrl+Z"), 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(line)
        return self.card

    def _on_term(self, key: str) -> None:
        self.tiles.choose(key)
        self.list.show_term(key)

    def _on_sessions(self) -> None:
        if self._run.kept is not None:
            self._shell.open("sessions", batch=self._run.kept.batch_id)

    def _on_unbilled(self) -> None:
        self._shell.open("sessions", view="unbilled")

    def _draw(self) -> None:
        side = theme.now.size.icon_large
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(icons.pixmap("circle-check", "green.solid", side, ratio))


def _facts(plan: ImportPlan, entries: int | None) -> str:
    """What the import was about, and what it came to."""
    if plan.report_totals is not None:
        parts = (short_title(plan.profile), days_words(plan), result_words(plan, entries))
        return "  ".join(f"{part}." for part in parts if part)
    change = money_text(plan.open_change, zero_dash=False, signed=True)
    posted = count_text(entries or 0, "entry", "entries")
    return (
        f"{days_words(plan)}.  Amounts as of {day_text(plan.file_day)}.  Open balance {change}, "
        f"{posted} posted."
    )
