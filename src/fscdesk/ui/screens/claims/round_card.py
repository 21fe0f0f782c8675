"""The card of one claim of a portal round: its answer in two keys, a letter and Enter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.claims.answers import GROUPS
from fscdesk.services.claims.portal_round import LOOK_AGAIN_DAYS, MONEY_DAYS, Found
from fscdesk.ui import theme
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.buttons import Button, Keycap
from fscdesk.ui.forms.carc_field import CarcField
from fscdesk.ui.forms.card import LEFT, RIGHT, Card
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.round_list import days_of
from fscdesk.ui.screens.claims.round_state import Answer, RoundRow
from fscdesk.ui.screens.claims.round_words import BY_FOUND, ELSEWHERE, WAYS, Way
from fscdesk.ui.text import Label, count_text, money_text

OPEN, PORTAL = "o", "w"
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEPT: Final = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
_DAYS: Final = {Found.PENDING: LOOK_AGAIN_DAYS, Found.PAID: MONEY_DAYS}


class RoundCard(QWidget):
    """Shows one claim. A letter chooses what its portal says, Enter notes it; Esc goes back.

    Up and Down go to another claim. A key that is held down decides nothing.
    """

    given = Signal(object, object)
    """The RoundRow, and the Answer that was typed of it."""
    moved = Signal(int)
    opened = Signal()
    portal = Signal()
    turned = Signal()
    """An answer was begun, or left."""

    def __init__(self, shell: Shell, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.row: RoundRow | None = None
        self.way: Way | None = None
        self._notes_soon = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.days = {
            way.found: DateField(way.day, today=today, rule=self._day_fault)
            for way in WAYS.values()
            if way.day
        }
        self.carc = CarcField(shell.desk)
        self.group: ChoiceField[str] = ChoiceField(
            "Group", tuple((one, one) for one in GROUPS), optional=True
        )
        self.number = TextField("Their number", longest=50, optional=True)
        self.words = TextField("In its words", longest=300, optional=True)
        self.fields: tuple[Field, ...] = (
            *(*self.days.values(), self.carc, self.group, self.number, self.words),
        )
        for field in self.fields:
            field.editor.installEventFilter(self)
        self.carc.chosen.connect(self._on_found)
        self._build()

    # For the screen

    def show_row(self, row: RoundRow | None, place: str = "") -> None:
        """Show a claim; the same one keeps what is typed."""
        self.setVisible(row is not None)
        if row is None:
            self.row = None
            self._choose(None)
            return
        same = self.row is not None and self.row.id == row.id
        self.row = row
        claim = row.claim
        theirs = f"their {claim.payer_number}" if claim.payer_number else "they gave no number"
        if row.elsewhere:
            theirs = "no claim here"
        facts = (days_of(row), ", ".join(claim.codes), claim.number or ELSEWHERE, theirs)
        self.open_claim.set_words("Open the session" if row.elsewhere else "Open the claim")
        self._who.setText(f"{claim.patient}, {money_text(claim.insurance_open, zero_dash=False)}")
        self._place.setText(place)
        silent = f"Silent for {count_text(claim.days_sent or 0, 'day')}."
        plan = f" {claim.next_action}." if claim.next_action else ""
        self._facts.setText(", ".join(part for part in facts if part))
        self._silent.setText(silent + plan)
        self.setAccessibleName(f"What the portal says of {self._who.text()}, {self._facts.text()}")
        self.setAccessibleDescription(
            ", ".join(f"{way.letter}: {way.words}" for way in WAYS.values())
        )
        if not same:
            self._choose(None)

    def begin(self, answer: Answer) -> None:
        """Put back what was typed and not taken."""
        self._choose(BY_FOUND[answer.found])
        if answer.found in self.days:
            self.days[answer.found].set_value(answer.again_on)
        self.carc.set_value(answer.carc)
        self.group.set_value(answer.group or None)
        self.number.set_value(answer.payer_number)
        self.words.set_value(answer.words)

    def enter(self) -> None:
        """Put the focus on the card, or into the first field of an answer that was begun."""
        target: QWidget = self
        if self.way is not None:
            target = self._first(self.way).editor
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(target, QLineEdit):
            target.selectAll()

    def escape(self) -> bool:
        """Leave the answer that was begun; False while none is."""
        if self.way is None:
            return False
        self._choose(None)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def choose(self, letter: str) -> None:
        """Begin an answer: its first field has the focus, Enter notes it."""
        if self.row is not None and self.row.answer is None:
            self._choose(WAYS[letter])
            self.enter()

    def note(self) -> None:
        """Note what is typed, once every field is right; a code that is sought comes first."""
        way, row = self.way, self.row
        if way is None or row is None:
            return
        if way.denies:
            self.carc.settle()
            if self.carc.busy():
                self._notes_soon = True
                return
        shown = [field for field in self.fields if not field.isHidden()]
        faulty = [field for field in shown if not field.check()]
        if faulty:
            faulty[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        answer = Answer(
            way.found,
            again_on=self.days[way.found].value() if way.day else None,
            carc=self.carc.value() if way.denies else "",
            group=(self.group.value() or "") if way.denies else "",
            words=self.words.value(),
            payer_number=self.number.value() if way.numbered else "",
        )
        self._choose(None)
        self.given.emit(row, answer)

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        plain = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        )
        if plain and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.note()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~_KEPT
        letter = event.text().casefold()
        if plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif event.isAutoRepeat():
            event.accept()
        elif plain and letter in WAYS:
            self.choose(letter)
        elif plain and (letter == OPEN or key in _ENTER):
            self.opened.emit()
        elif plain and letter == PORTAL:
            self.portal.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            now, frame = theme.now, self._frame.geometry()
            bar = frame.x() - 5, frame.y() + 8, 3, frame.height() - 16
            QPainter(self).fillRect(*bar, now.accent)

    # What happens

    def _choose(self, way: Way | None) -> None:
        changed, self.way = way is not self.way, way
        self._notes_soon = False
        self._ways.setVisible(way is None)
        self._typing.setVisible(way is not None)
        if way is not None and changed:
            self._fill(way)
        noted = self.row is not None and self.row.answer is not None
        for button in self.buttons.values():
            button.off_because("It is noted. Undo it with Ctrl+Z." if noted else "")
        if changed:
            self.turned.emit()

    def _fill(self, way: Way) -> None:
        self._said.setText(way.words)
        self.note_button.set_words(f"Note: {way.words[:1].lower()}{way.words[1:]}")
        for found, day in self.days.items():
            day.setVisible(found is way.found)
            day.set_value(self._today() + timedelta(days=_DAYS[found]))
        self.carc.setVisible(way.denies)
        self.group.setVisible(way.denies)
        self.number.setVisible(way.numbered)
        self.carc.set_value("")
        self.group.set_value(None)
        self.number.set_value("" if self.row is None else self.row.claim.payer_number)
        self.words.set_value("")
        for field in self.fields:
            field.show_fault("")

    def _first(self, way: Way) -> Field:
        if way.denies:
            return self.carc
        return self.days[way.found] if way.day else self.words

    def _day_fault(self, day: date) -> str:
        return "This day is over." if day < self._today() else ""

    def _on_found(self, _found: object) -> None:
        if self._notes_soon:
            self._notes_soon = False
            self.note()

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 12, RIGHT + 8, 12)
        self._frame = Card(margins=(16, 12, 16, 12))
        column.addWidget(self._frame)
        body = self._frame.body
        body.setSpacing(4)
        self._who, self._place = Label("", "strong", wrap=True), Label("", "hint")
        self._facts, self._silent = Label("", "quiet", wrap=True), Label("", "hint", wrap=True)
        head = QHBoxLayout()
        head.addWidget(self._who, 1)
        head.addWidget(self._place, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        body.addWidget(self._facts)
        body.addWidget(self._silent)
        body.addSpacing(6)
        self._ways, self._typing = self._build_ways(), self._build_typing()
        body.addWidget(self._ways)
        body.addWidget(self._typing)
        self._typing.hide()

    def _build_ways(self) -> QWidget:
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.buttons: dict[str, Button] = {}
        for letter, way in WAYS.items():
            button = Button(way.short or way.words, on=partial(self.choose, letter))
            self.buttons[letter] = button
            line.addWidget(button)
            line.addWidget(Keycap(way.letter))
            line.addSpacing(8)
        line.addStretch(1)
        self.open_claim = Button("Open the claim", kind="quiet", on=self.opened.emit)
        line.addWidget(self.open_claim)
        line.addWidget(Keycap(OPEN.upper()))
        return whole

    def _build_typing(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._said = Label("", "strong")
        line = QHBoxLayout()
        line.setSpacing(12)
        weights = (*(2 for _day in self.days), 3, 2, 3, 5)
        for field, weight in zip(self.fields, weights, strict=True):
            line.addWidget(field, weight, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        self.note_button = Button("Note it", "check", on=self.note)
        self.leave = Button("Leave it", kind="quiet", on=self.escape)
        for part in (self.note_button, Keycap("Return")):
            foot.addWidget(part)
        foot.addSpacing(8)
        for part in (self.leave, Keycap("Esc")):
            foot.addWidget(part)
        foot.addStretch(1)
        column.addWidget(self._said)
        column.addLayout(line)
        column.addLayout(foot)
        return whole
