"""The card of one fault: its sentence, the field that mends it, and the other answers."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fscdesk.services.claims.mend_cards import Editor, MendCard
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.bound import field_value
from fscdesk.ui.forms.buttons import Button, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT, Card
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.mend_fields import field_of
from fscdesk.ui.text import Label, count_text, day_text, money_text

HOLD, ACCEPT, OPEN = "h", "a", "o"
FIELD_WIDE, FIELD_LEAST = 380, 180
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEPT: Final = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


class MendView(QWidget):
    """Shows one card at a time; the field has the focus, and Enter saves what stands in it.

    Esc leaves the field; then a letter takes another answer: h, a, o. A key that is held down
    decides nothing.
    """

    saved = Signal(object, object)  # MendCard, the value
    held = Signal(object)
    accepted = Signal(object)
    opened = Signal(object)

    def __init__(self, shell: Shell, today: OfficeDay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell, self._today = shell, today
        self.card: MendCard | None = None
        self.field: Field | None = None
        self._first = ""
        self._saves_soon = False
        self._drafts: dict[str, tuple[str, str]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._build()
        theme.changed.connect(self._draw)

    # For the screen

    def show_card(self, card: MendCard | None, at: int, count: int) -> None:
        """Show a card, or nothing; the same one keeps what is typed and the focus."""
        self.setVisible(card is not None)
        if card is None:
            self.card = None
            self._drop_field()
            return
        same = self.card is not None and self.card.key == card.key
        unchanged = same and self.card == card
        self._count.setText(f"{at} of {count}" if count > 1 else "")
        self._others.setVisible(count > 1)
        if unchanged:
            return
        focused = self._has_focus_inside()
        typed = self._typed()
        self.card = card
        self._show_words(card)
        self._show_field(card)
        if same and typed is not None and self.field is not None:
            self.field.restore(typed)
        elif card.key in self._drafts and self.field is not None:
            draft, fault = self._drafts.pop(card.key)
            self.field.restore(draft)
            self.field.show_fault(fault)
        if focused:
            self.enter()

    def enter(self) -> None:
        """Put the focus into the field, with what stands there marked; else on the card."""
        target = self if self.field is None else self.field.editor
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(target, QLineEdit):
            target.selectAll()

    def untouched(self) -> bool:
        """Whether nothing was typed on the card in front."""
        return self._typed() is None

    def keep(self, card: MendCard, sentence: str) -> None:
        """Keep what was typed for a card that could not be saved, and why not."""
        draft, _fault = self._drafts.get(card.key, ("", ""))
        self._drafts[card.key] = (draft, sentence)
        if self.card is not None and self.card.key == card.key and self.field is not None:
            self.field.show_fault(sentence)

    def escape(self) -> bool:
        """Leave the field for the card; False when the field does not have the focus."""
        field = self.field
        if field is None or not field.editor.hasFocus():
            return False
        field.restore(self._first)
        field.show_fault("")
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def answer(self, letter: str) -> bool:
        """Take another answer than the field's; False where the card does not offer it."""
        if self.card is None or (letter == ACCEPT and self.card.stops):
            return False
        signal = {HOLD: self.held, ACCEPT: self.accepted, OPEN: self.opened}[letter]
        signal.emit(self.card)
        return True

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        plain = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        )
        if plain and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            if not event.isAutoRepeat():
                self._save()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
            return
        plain = not event.modifiers() & ~_KEPT
        typed = event.text()
        if plain and Qt.Key(event.key()) in _ENTER:
            if self.field is not None:
                self._save()
            else:
                self.answer(OPEN)
        elif plain and typed.casefold() in (HOLD, ACCEPT, OPEN):
            self.answer(typed.casefold())
        elif plain and typed.isprintable() and typed.strip() and self._type_on(typed):
            event.accept()
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
            QPainter(self).fillRect(
                frame.x() - 5, frame.y() + 8, 3, frame.height() - 16, now.accent
            )

    # What happens

    def _type_on(self, typed: str) -> bool:
        """Let what is typed on the card go on in its field."""
        if self.field is None or not isinstance(self.field.editor, QLineEdit):
            return False
        self.enter()
        QApplication.sendEvent(
            self.field.editor,
            QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, typed),
        )
        return True

    def _save(self) -> None:
        """Save what stands in the field, once it is right; a name that is sought comes first."""
        field, card = self.field, self.card
        if field is None or card is None:
            return
        if isinstance(field, FoundField):
            field.settle()
            if field.busy():
                self._saves_soon = True
                return
        if not field.check():
            return
        value: Any = field_value(field)
        if value is None:
            return
        if self.untouched() and not card.suggested and card.value:
            field.show_fault("This is what stands there now. Type what is right.")
            return
        self._drafts[card.key] = (field.draft(), "")
        self.saved.emit(card, value)

    def _open(self) -> None:
        self.answer(OPEN)

    def _on_found(self, _found: object) -> None:
        if self._saves_soon:
            self._saves_soon = False
            self._save()

    def _show_words(self, card: MendCard) -> None:
        others = len(card.claims) - 1
        number = card.claims[0].number
        if others:
            number += f" and {count_text(others, 'more claim')}"
        facts = (
            *(card.patient, card.payer, number, day_text(card.first_day)),
            money_text(card.total, zero_dash=False),
        )
        self._message.setText(card.message)
        self._facts.setText(", ".join(word for word in facts if word))
        self._hint.setText(card.hint)
        self._hint.setVisible(bool(card.hint))
        many = "this claim" if not others else f"these {others + 1} claims"
        self.hold.set_words(f"Hold {many}")
        self.accept.set_words("Let it go so" if not others else "Let them go so")
        self._accepting.setVisible(not card.stops)
        self.setAccessibleName(f"{card.message} {self._facts.text()}")
        self.setAccessibleDescription(card.hint)
        self._draw()

    def _show_field(self, card: MendCard) -> None:
        self._drop_field()
        field = field_of(card, self._shell, self.window(), self._today)
        self.field = field
        self._saving.setVisible(field is not None)
        self._leave.setVisible(field is not None)
        self._open_cap.set_keys("Return" if field is None else OPEN.upper())
        if field is None:
            self._first = ""
            return
        where = "on the claim" if card.source is None else f"in {card.source.words}"
        if card.field == "supervising" or card.editor is Editor.NPI:
            where = "with the clinician"
        self.save.set_words(f"Save {where}")
        field.setMinimumWidth(theme.now.px(FIELD_LEAST))
        field.setMaximumWidth(theme.now.px(FIELD_WIDE))
        field.editor.installEventFilter(self)
        if isinstance(field, FoundField):
            field.chosen.connect(self._on_found)
        self._first = field.draft()
        self._place.insertWidget(0, field)
        field.show()
        QWidget.setTabOrder(field.editor, self.save)

    def _drop_field(self) -> None:
        if self.field is None:
            return
        field, self.field = self.field, None
        self._saves_soon = False
        field.editor.removeEventFilter(self)
        if field.editor.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place.removeWidget(field)
        field.hide()
        field.deleteLater()

    def _typed(self) -> str | None:
        """Return what a person has typed in the field, None where nothing was."""
        if self.field is None or self.field.draft() == self._first:
            return None
        return self.field.draft()

    def _has_focus_inside(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _draw(self) -> None:
        card = self.card
        if card is None:
            return
        name, tone = ("octagon-alert", "red.fg") if card.stops else ("triangle-alert", "amber.fg")
        side = theme.now.size.icon
        self._picture.setPixmap(icons.pixmap(name, tone, side, self.devicePixelRatioF()))

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 12, RIGHT + 8, 12)
        self._frame = Card(margins=(16, 12, 16, 12))
        column.addWidget(self._frame)
        body = self._frame.body
        body.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._picture = QLabel()
        self._message = Label("", "strong", wrap=True)
        self._count = Label("", "hint")
        self._others = QWidget()
        beside = QHBoxLayout(self._others)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(Label("the others", "hint"))
        beside.addWidget(Keycap("Ctrl+J"))
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._message, 1)
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._others, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        self._facts, self._hint = Label("", "quiet", wrap=True), Label("", "hint", wrap=True)
        body.addWidget(self._facts)
        body.addWidget(self._hint)
        body.addSpacing(4)
        body.addLayout(self._build_answers())

    def _build_answers(self) -> QHBoxLayout:
        self.save = Button("Save", on=self._save)
        self.hold = Button("Hold", "pause", "quiet", on=partial(self.answer, HOLD))
        self.accept = Button("Let it go so", "check", "quiet", on=partial(self.answer, ACCEPT))
        self.open_claim = Button("Open the claim", "file-text", "quiet", on=self._open)
        self._open_cap = LetterCap(OPEN.upper())
        self._leave = Label("Esc, then", "hint")
        self._saving = _capped(self.save, Keycap("Return"))
        self._accepting = _capped(self.accept, Keycap(ACCEPT.upper()))
        line = QHBoxLayout()
        line.setSpacing(8)
        self._place = QHBoxLayout()
        line.addLayout(self._place, FIELD_WIDE)
        low = Qt.AlignmentFlag.AlignBottom
        line.addWidget(self._saving, 0, low)
        line.addStretch(1)
        for part in (
            _capped(self._leave),
            _capped(self.hold, Keycap(HOLD.upper())),
            self._accepting,
            _capped(self.open_claim, self._open_cap),
        ):
            line.addWidget(part, 0, low)
        return line


def _capped(*parts: QWidget) -> QWidget:
    """Return a control with its key beside it, as high as a field."""
    whole = QWidget()
    whole.setFixedHeight(theme.now.size.control + 2)
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(4)
    for part in parts:
        line.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    return whole


class LetterCap(QWidget):
    """A keycap whose key can change."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self._line = line
        self._cap = Keycap(keys)
        line.addWidget(self._cap)

    def set_keys(self, keys: str) -> None:
        """Show another key."""
        self._line.removeWidget(self._cap)
        self._cap.hide()
        self._cap.deleteLater()
        self._cap = Keycap(keys)
        self._line.addWidget(self._cap)
