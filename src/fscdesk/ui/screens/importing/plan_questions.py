"""The questions of a plan as cards above its rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.questions import Question as Asked
from fscdesk.services.importing.questions import QuestionKind
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Scrolled
from fscdesk.ui.forms.question import HIGH, Answer, Question, QuestionCard, Questions
from fscdesk.ui.text import Label, count_text

SEEN_AT_ONCE = 3
_CUT = (QuestionKind.GONE, QuestionKind.SAME_NAME)


class PlanQuestions(QWidget):
    """Cards under a count. Says `answered`, and `finished` when the last one was decided."""

    answered = Signal(str, str)
    finished = Signal()
    all_suggested = Signal(object)  # dict of question to answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 12, RIGHT + 8, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        self._count = Label("", "section")
        head.addWidget(self._count)
        head.addStretch(1)
        self.take_all = Button("", kind="link", compact=True, on=self._on_take_all)
        head.addWidget(self.take_all)
        column.addLayout(head)
        self.cards = Questions()
        self.cards.answered.connect(self.answered)
        self.cards.finished.connect(self.finished)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.cards)
        inner.addStretch(1)
        self._area = Scrolled(page, "Questions")
        column.addWidget(self._area)
        self._shown: tuple[Question, ...] = ()
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        theme.changed.connect(self._fit_soon.start)

    def show_plan(self, plan: ImportPlan, order: Sequence[str]) -> None:
        """Show a plan's questions in the order in which they were first asked."""
        place = {question: at for at, question in enumerate(order)}
        asked = sorted(plan.questions, key=lambda one: place.get(one.id, len(place)))
        self._shown = tuple(card_of(one) for one in asked)
        self.cards.show_questions(self._shown)
        answered = sum(bool(one.chosen) for one in self._shown)
        count = count_text(len(self._shown), "question")
        self._count.setText(f"{answered} of {count} answered")
        open_now = len(self._suggested())
        self.take_all.set_words(f"Take all {open_now} suggestions")
        self.take_all.setVisible(open_now > 1)
        self.setVisible(bool(self._shown))
        self._fit_soon.start()

    def focus_first_open(self) -> bool:
        """Go to the first question without an answer; False when there is none."""
        found = self.cards.focus_first_open()
        self.show_focused()
        return found

    def focus_next_open(self) -> bool:
        """Go to the next question without an answer after the one in focus."""
        cards = self.cards.cards
        at = next((at for at, card in enumerate(cards) if card.hasFocus()), -1)
        for card in (*cards[at + 1 :], *cards[: at + 1]):
            if not card.chosen:
                self.focus_card(card)
                return True
        return False

    def focus_question(self, key: str) -> bool:
        """Go to one question; False when it is not there."""
        card = next((card for card in self.cards.cards if card.question.key == key), None)
        if card is not None:
            self.focus_card(card)
        return card is not None

    def focus_card(self, card: QuestionCard) -> None:
        """Put the focus on a card and bring it into view."""
        card.setFocus()
        self._area.ensureWidgetVisible(card, 0, 2)

    def show_focused(self) -> None:
        """Bring the card in focus into view."""
        card = next((card for card in self.cards.cards if card.hasFocus()), None)
        if card is not None:
            self._area.ensureWidgetVisible(card, 0, 2)

    def area(self) -> QScrollArea:
        """What scrolls."""
        return self._area

    def _suggested(self) -> dict[str, str]:
        return {one.key: one.suggested for one in self._shown if one.suggested and not one.chosen}

    def _on_take_all(self) -> None:
        wanted = self._suggested()
        for card in self.cards.cards:
            if card.question.key in wanted:
                card.choose(wanted[card.question.key])
        self.all_suggested.emit(wanted)

    def _fit(self) -> None:
        """Be as high as the cards, but leave the rows their room."""
        wanted = self.cards.sizeHint().height()
        most = (theme.now.px(HIGH) + 1) * SEEN_AT_ONCE + 2
        if len(self.cards.cards) > SEEN_AT_ONCE:
            most += theme.now.px(HIGH) // 3  # a part of the next one says that there is more
        self._area.setFixedHeight(min(wanted, most))
        self.show_focused()


def card_of(asked: Asked) -> Question:
    """A question of the plan as a card: short words, and a letter for each answer."""
    same = [option for option in asked.options if option.key.startswith("same:")]
    answers: list[Answer] = []
    taken: set[str] = set()
    for option in asked.options:
        words = option.label
        if option.key.startswith("same:"):
            head, _, name = words.partition(": ")
            words = head if len(same) == 1 else name or head
        elif asked.kind in _CUT:
            words = words.partition(",")[0]
        letter = _letter(words, taken)
        taken.add(letter)
        answers.append(Answer(option.key, words, letter))
    detail = asked.detail
    if asked.remembered and "remembered" not in detail:
        detail = f"{detail} Remembered from an earlier import.".strip()
    return Question(
        key=asked.id,
        sentence=asked.text,
        detail=detail,
        answers=tuple(answers),
        suggested=asked.proposal or "",
        chosen=asked.answer or "",
    )


def _letter(words: str, taken: set[str]) -> str:
    """The first letter of a word that no answer before has, else any that is free."""
    starts = [word[0] for word in words.split()]
    letters: list[str] = [*starts, *words, *"abcdefghijklmnopqrstuvwxyz"]
    for letter in letters:
        small = letter.casefold()
        if small.isalnum() and small not in taken:
            return small
    return ""
