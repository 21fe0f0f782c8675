"""The proof: each flagged page fills the screen, its reason beside it. Enter good, h hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.billing.statement_holds import release
from fscdesk.services.billing.statement_terms import PROOF
from fscdesk.services.billing.statements import Recipient, preview_statement
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.card import LEFT, RIGHT, Card, Line
from fscdesk.ui.forms.question import Answer, Question, QuestionCard
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.statements.pane_pages import LETTER, PageImage
from fscdesk.ui.screens.statements.planning import Planning
from fscdesk.ui.screens.statements.rows import AccountRow, badges_of
from fscdesk.ui.screens.statements.words import amount, proofed_words, why_proofed
from fscdesk.ui.text import Label, day_text
from fscdesk.ui.undo import Undo

GOOD, HOLD = "good", "hold"
SIDE = 372
_ANSWERS = (Answer(GOOD, "Good", "g"), Answer(HOLD, "Hold back", "h"))


class ProofPage(QWidget):
    """One page after the other; none is answered before it is on view."""

    finished = Signal(str)
    """All pages were looked at: what came of it, in words."""

    def __init__(self, shell: Shell, planning: Planning) -> None:
        super().__init__()
        self._shell, self._planning = shell, planning
        self.todo: list[Recipient] = []
        self._done: dict[int, Recipient] = {}
        self._counts = {GOOD: 0, HOLD: 0}
        self._asked = 0
        self._all = 0
        across = QHBoxLayout(self)
        across.setContentsMargins(LEFT, 4, 0, 0)
        across.setSpacing(0)
        self._desk_room = QWidget()
        paper = QVBoxLayout(self._desk_room)
        paper.setContentsMargins(0, 8, 0, 16)
        self.image = PageImage(self._show_all)
        paper.addWidget(self.image, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        paper.addStretch(1)
        across.addWidget(self._desk_room, 1)
        across.addSpacing(20)
        across.addWidget(Line(upright=True))
        across.addWidget(self._build_side())

    # For the screen

    def waiting(self) -> list[Recipient]:
        """Return the flagged pages that nobody has looked at as they are now."""
        shown = self._planning.shown
        plan = () if shown is None else shown.plan.to_proof
        return [one for one in plan if self._done.get(one.guarantor_id) != one]

    def begin(self) -> bool:
        """Show the first flagged page; False when there is none to look at."""
        self.todo = self.waiting()
        self._all, self._counts = len(self.todo), {GOOD: 0, HOLD: 0}
        if self.todo:
            self._show()
        return bool(self.todo)

    def enter(self) -> None:
        """Put the focus on the question."""
        self.card.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def current(self) -> Recipient | None:
        """Whose page is on view."""
        return self.todo[0] if self.todo else None

    # What happens

    def _show(self) -> None:
        one = self.todo[0]
        row = AccountRow(one.guarantor_id, one.number, one.name, one.balance, recipient=one)
        shown = self._planning.shown
        as_of = shown.plan.as_of if shown is not None else None
        self._where.setText(f"Page {self._all - len(self.todo) + 1} of {self._all}")
        self._name.setText(one.name)
        facts = [f"Account {one.number}", f"{amount(one.balance)} owed"]
        if as_of is not None:
            facts.append(f"as of {day_text(as_of)}")
        self._facts.setText(", ".join(facts))
        _fill(self._badges, [Badge(status) for status in badges_of(row)])
        _fill(self._why.body, [Label(words, wrap=True) for words in why_proofed(one)])
        self._dunning.setVisible(bool(one.dunning))
        _fill(
            self._dunning.body,
            [Label("Its text by age", "strong"), Label(one.dunning, "quiet", wrap=True)],
        )
        self.card.show_question(
            Question(
                str(one.guarantor_id), "Is this page good to go out?", "", _ANSWERS, suggested=GOOD
            )
        )
        self.card.choose("")
        self.image.forget()
        self.image.update()
        self._ask(one)

    def _ask(self, one: Recipient) -> None:
        shown = self._planning.shown
        if shown is None:
            return
        self._asked += 1
        asked, as_of, since = self._asked, shown.plan.as_of, shown.plan.since

        def found(pdf: bytes) -> None:
            if asked == self._asked:
                self.image.show_pdf(pdf)

        self._shell.desk.ask(
            self,
            lambda work: preview_statement(
                work, as_of=as_of, guarantor_id=one.guarantor_id, since=since
            ),
            found,
            self._shell.messages.refused,
        )

    def _on_answered(self, _key: str, answer: str) -> None:
        one = self.current
        if one is None or not self.image.drawn:
            self.card.choose("")  # what is not on view cannot be judged
            return
        self._counts[answer] += 1
        if answer == HOLD:
            self._hold(one)
        else:
            self._done[one.guarantor_id] = one
        self._next()

    def _hold(self, one: Recipient) -> None:
        causes = frozenset(one.flags) & PROOF
        words = f"{one.name} gets no statement until the cause is gone."
        undo = Undo(f"holding {one.name}", _released(one))
        self._planning.hold_until(
            {one.guarantor_id: causes}, lambda: self._shell.messages.info(words, undo=undo)
        )

    def _next(self) -> None:
        del self.todo[0]
        if self.todo:
            self._show()
        else:
            self._asked += 1
            self.finished.emit(proofed_words(self._counts[GOOD], self._counts[HOLD]))

    def _show_all(self) -> None:
        """Show all pages in full size (a click on the page)."""
        one, shown = self.current, self._planning.shown
        if one is None or shown is None:
            return
        as_of = shown.plan.as_of
        self._shell.desk.ask(
            self,
            lambda work: preview_statement(work, as_of=as_of, guarantor_id=one.guarantor_id),
            lambda pdf: self._shell.preview(
                pdf, f"Preview: {one.name}", f"statement-preview-{as_of.isoformat()}.pdf"
            ),
            self._shell.messages.refused,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the whole page: as high as there is room, never wider than that."""
        self._side.setFixedWidth(theme.now.px(SIDE))
        wide = self.width() - self._side.width() - LEFT - 21
        high = self.height() - 28
        self.image.setFixedWidth(max(120, min(wide, round(high / LETTER))))

    # Building

    def _build_side(self) -> QWidget:
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(20, 8, RIGHT, 16)
        column.setSpacing(8)
        self._where, self._name = Label("", "hint"), Label("", "section", wrap=True)
        self._facts = Label("", "quiet", wrap=True)
        for part in (self._where, self._name, self._facts):
            column.addWidget(part)
        badges = QWidget()
        self._badges = QHBoxLayout(badges)
        self._badges.setContentsMargins(0, 2, 0, 4)
        self._badges.setSpacing(6)
        self._badges.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column.addWidget(badges)
        self._why, self._dunning = Card(kind="well"), Card(kind="well")
        column.addWidget(self._why)
        column.addWidget(self._dunning)
        column.addStretch(1)
        self.card = QuestionCard(Question("", "", "", _ANSWERS, suggested=GOOD))
        self.card.answered.connect(self._on_answered)
        frame = Card(margins=(1, 1, 1, 1))
        frame.body.addWidget(self.card)
        column.addWidget(frame)
        column.addWidget(
            Label("H holds it until the cause is gone. Esc shows the list.", "hint", wrap=True)
        )
        return self._side


def _fill(layout: QHBoxLayout | QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)


def _released(one: Recipient) -> Callable[[Work], str]:
    def act(work: Work) -> str:
        release(work, [one.guarantor_id])
        return f"{one.name} gets a statement again."

    return act
