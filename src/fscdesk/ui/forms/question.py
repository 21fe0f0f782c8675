"""Questions as cards: answered in place, by letter or by Enter, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import Card, Line
from fscdesk.ui.painting import box, radio
from fscdesk.ui.text import plain_tip

PAD, GAP, CIRCLE = 10, 6, 14
HIGH = 48
WORDS_AT_LEAST = 300
"""Where less is left for the words, the answers go below them."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its key, its words, and the letter that chooses it."""

    key: str
    words: str
    letter: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `suggested` is the key that Enter takes, `chosen` what was answered."""

    key: str
    sentence: str
    detail: str
    answers: tuple[Answer, ...]
    suggested: str = ""
    chosen: str = ""


class QuestionCard(QWidget):
    """One question with its answers as radio buttons, each with its letter.

    Enter takes the suggestion, a letter takes its answer; a key that is held down decides
    nothing. Left and Right move between answers, Space takes the one that is marked.
    """

    answered = Signal(str, str)  # question key, answer key
    moved = Signal(int)  # -1 up, +1 down

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.chosen = question.chosen
        self._below = False
        self._marked = self._first_mark()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(WORDS_AT_LEAST) + self._answers_width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(WORDS_AT_LEAST), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = self.width() - self._answers_width() < theme.now.px(WORDS_AT_LEAST)
        if below != self._below:
            self._below = below
            self.updateGeometry()

    def show_question(self, question: Question) -> None:
        """Show the same question as it stands now: other words, other answers, an answer."""
        if question == self.question and question.chosen == self.chosen:
            return
        before = self._marked_key()
        self.question, self.chosen = question, question.chosen
        keys = [answer.key for answer in question.answers]
        self._marked = keys.index(before) if before in keys else self._first_mark()
        self._name()
        self.updateGeometry()
        self.update()

    def choose(self, key: str) -> None:
        """Show an answer as given, without telling."""
        self.chosen = key
        self._name()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
            return
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        key = Qt.Key(event.key())
        answers = self.question.answers
        if plain and key in _ENTER and self.question.suggested:
            self._decide(self.chosen or self.question.suggested)
        elif plain and key == Qt.Key.Key_Space:
            self._decide(answers[self._marked].key)
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._marked = max(0, min(len(answers) - 1, self._marked + step))
            self._name()
            self.update()
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif plain and self._letter(event.text()):
            self._decide(self._letter(event.text()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        for at, rect in enumerate(self._rects()):
            if rect.contains(event.position().toPoint()):
                self._marked = at
                self._decide(self.question.answers[at].key)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        tone = now.tone("amber" if not self.chosen else "green")
        if not self.chosen:
            painter.fillRect(self.rect(), tone.bg)
        if self.hasFocus():
            painter.fillRect(QRect(0, 0, 3, self.height()), now.accent)
        side = now.size.icon
        mark = "circle-check" if self.chosen else "circle-question-mark"
        icons.paint(painter, mark, tone.fg, 16, (now.px(HIGH) - side) / 2, side)
        rects = self._rects()
        left = 16 + side + 12
        beside = rects and not self._below
        room = (rects[0].left() if beside else self.width()) - left - 12
        self._lines(painter, left, room)
        for at, rect in enumerate(rects):
            self._paint_answer(painter, at, rect)

    def _lines(self, painter: QPainter, left: int, room: int) -> None:
        now = theme.now
        first, second = now.line("body"), now.line("small")
        top = (now.px(HIGH) - first - second) // 2
        for role, weight, words, y, height, colour in (
            ("body", 500, self.question.sentence, top, first, now.text),
            ("small", None, self.question.detail, top + first, second, now.text2),
        ):
            shown = now.metrics(role, weight=weight).elidedText(
                words, Qt.TextElideMode.ElideRight, room
            )
            painter.setFont(now.font(role, weight=weight))
            painter.setPen(colour)
            painter.drawText(
                QRect(left, y, room, height),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
                shown,
            )

    def _paint_answer(self, painter: QPainter, at: int, rect: QRect) -> None:
        now, answer = theme.now, self.question.answers[at]
        chosen = answer.key == self.chosen
        marked = self.hasFocus() and at == self._marked
        fill = now.accent_tint if chosen else now.surface
        line = now.accent if chosen or marked else now.border_input
        box(painter, rect, now.radius_control, fill, line, width=2 if marked else 1)
        circle = QRect(rect.x() + PAD, rect.y() + (rect.height() - CIRCLE) // 2, CIRCLE, CIRCLE)
        radio(painter, circle, chosen=chosen)
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.accent_text if chosen else now.text)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        words = rect.adjusted(PAD + CIRCLE + GAP, 0, 0, 0)
        painter.drawText(words, flags, answer.words)
        painter.setFont(now.font("caption"))
        painter.setPen(now.text3)
        cap = rect.adjusted(0, 0, -PAD, 0)
        painter.drawText(
            cap, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._cap(answer)
        )

    def _cap(self, answer: Answer) -> str:
        return "↵" if answer.key == self.question.suggested else answer.letter.upper()

    def _rects(self) -> list[QRect]:
        """Return where the answers are: at the right, or below the words where room is short."""
        height, widths = theme.now.size.control_small, self._widths()
        top = (theme.now.px(HIGH) - height) // 2
        x = self.width() - 8 - self._answers_width()
        if self._below:
            top, x = theme.now.px(HIGH) - 2, 16 + theme.now.size.icon + 12
        made: list[QRect] = []
        for wide in widths:
            made.append(QRect(x, top, wide, height))
            x += wide + 8
        return made

    def _widths(self) -> list[int]:
        words, caps = theme.now.metrics("small", weight=500), theme.now.metrics("caption")
        around = PAD + CIRCLE + GAP + GAP + PAD
        return [
            around
            + words.horizontalAdvance(answer.words)
            + caps.horizontalAdvance(self._cap(answer))
            for answer in self.question.answers
        ]

    def _answers_width(self) -> int:
        return sum(wide + 8 for wide in self._widths())

    def _height(self) -> int:
        now = theme.now
        return now.px(HIGH) + (now.size.control_small + 8 if self._below else 0)

    def _marked_key(self) -> str:
        answers = self.question.answers
        return answers[self._marked].key if self._marked < len(answers) else ""

    def _letter(self, typed: str) -> str:
        wanted = typed.casefold()
        for answer in self.question.answers:
            if wanted and answer.letter.casefold() == wanted:
                return answer.key
        return ""

    def _first_mark(self) -> int:
        keys = [answer.key for answer in self.question.answers]
        wanted = self.chosen or self.question.suggested
        return keys.index(wanted) if wanted in keys else 0

    def _decide(self, key: str) -> None:
        self.choose(key)
        self.answered.emit(self.question.key, key)

    def _name(self) -> None:
        question = self.question
        words = {answer.key: answer.words for answer in question.answers}
        state = f"answered: {words[self.chosen]}" if self.chosen else "not answered"
        self.setAccessibleName(f"{question.sentence} {state}")
        offered = ", ".join(f"{answer.words} ({self._cap(answer)})" for answer in question.answers)
        self.setAccessibleDescription(f"{question.detail} {offered}".strip())
        self.setToolTip(plain_tip(f"{question.sentence}\n{question.detail}".strip()))


class Questions(Card):
    """All questions of a plan. Deciding one moves on to the next that has no answer."""

    answered = Signal(str, str)
    finished = Signal()

    def __init__(self, questions: Sequence[Question] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, margins=(1, 1, 1, 1))
        self.body.setSpacing(0)
        self.cards: list[QuestionCard] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.show_questions(questions)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Show other questions; a card whose question stays keeps its place and its focus."""
        known = {card.question.key: card for card in self.cards}
        focused = next((card.question.key for card in self.cards if card.hasFocus()), "")
        keys = [question.key for question in questions]
        if keys == list(known):  # the usual case: an answer was given, nothing moves
            for question in questions:
                known[question.key].show_question(question)
            return
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            kept = isinstance(widget, QuestionCard) and widget.question.key in keys
            if widget is not None and not kept:
                widget.hide()
                widget.deleteLater()
        self.cards = []
        for question in questions:
            if self.cards:
                self._rows.addWidget(Line())
            card = known.get(question.key) or self._make(question)
            card.show_question(question)
            self.cards.append(card)
            self._rows.addWidget(card)
        self.setVisible(bool(self.cards))
        for card in self.cards:
            card.show()
            if card.question.key == focused:
                card.setFocus()
        if focused and focused not in keys and not self.focus_first_open() and self.cards:
            self.cards[-1].setFocus()

    def _make(self, question: Question) -> QuestionCard:
        card = QuestionCard(question)
        card.answered.connect(self._on_answered)
        card.moved.connect(self._on_moved)
        return card

    def focus_first_open(self) -> bool:
        """Put the focus on the first question without an answer; False when there is none."""
        for card in self.cards:
            if not card.chosen:
                card.setFocus()
                return True
        return False

    def open_count(self) -> int:
        """How many have no answer."""
        return sum(not card.chosen for card in self.cards)

    def _on_answered(self, question: str, answer: str) -> None:
        at = [card.question.key for card in self.cards].index(question)
        following = [*self.cards[at + 1 :], *self.cards[:at]]
        nearest = next((card for card in following if not card.chosen), None)
        if nearest is not None:
            nearest.setFocus()
        self.answered.emit(question, answer)
        if nearest is None:
            self.finished.emit()

    def _on_moved(self, step: int) -> None:
        at = next((at for at, card in enumerate(self.cards) if card.hasFocus()), 0)
        self.cards[max(0, min(len(self.cards) - 1, at + step))].setFocus()
