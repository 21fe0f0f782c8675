"""Fields: a label above, an editor, and a sentence under it when something is wrong.

A field holds a typed value, not text. It is checked once when it is left, and again on saving.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import check_box
from fscdesk.ui.text import Label

V = TypeVar("V", bound=Hashable)
Rule = Callable[[V], str]
"""Says what is wrong with a value, or nothing."""


class Sentence(QWidget):
    """A sentence under a field, with an icon; takes no room while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words = Label("", "refusal", wrap=True)
        line.addWidget(self._picture)
        line.addWidget(self._words, 1)
        self.hide()

    def say(self, text: str) -> None:
        """Show the sentence, or nothing."""
        self._words.setText(text)
        side = theme.now.size.icon_small
        shown = icons.pixmap("circle-x", "red.fg", side, self.devicePixelRatioF())
        self._picture.setPixmap(shown)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What it says."""
        return self._words.text()


class Field(QWidget):
    """A labelled editor. Subclasses read and write their own kind of value.

    `changed` at every keystroke; `left` when the person has gone on to another field.
    """

    changed = Signal()
    left = Signal()

    def __init__(
        self, label: str, editor: QWidget, *, optional: bool = False, hint: str = ""
    ) -> None:
        super().__init__()
        self.name = label
        self.optional = optional
        self.editor = editor
        self._touched = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._head = QHBoxLayout()
        self._head.setSpacing(6)
        self._label = Label(label, "label")
        self._label.setBuddy(editor)
        self._head.addWidget(self._label)
        if optional:
            self._head.addWidget(Label("optional", "hint"))
        self._head.addStretch(1)
        column.addLayout(self._head)
        column.addWidget(editor)
        self._hint = Label(hint, "hint", wrap=True)
        column.addWidget(self._hint)
        self._hint.setVisible(bool(hint))  # not before: alone it would be a window for a moment
        self.sentence = Sentence()
        column.addWidget(self.sentence)
        column.addStretch(1)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(hint)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)

    def fault(self) -> str:
        """What is wrong with what stands here, as a sentence; empty when nothing is."""
        return ""

    def check(self) -> bool:
        """Look at the value and show what is wrong with it; True when nothing is."""
        fault = self.fault()
        self.show_fault(fault)
        return not fault

    def show_fault(self, sentence: str) -> None:
        """Show a sentence under the field, from here or from a service."""
        self._touched = bool(sentence)
        self.sentence.say(sentence)
        self.editor.setAccessibleDescription(sentence or self._hint.text())
        if bool(self.editor.property("faulty")) != bool(sentence):
            self.editor.setProperty("faulty", bool(sentence))
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def set_hint(self, hint: str) -> None:
        """Say something else under the field: what it brings about, since when it is so."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if not self._touched:
            self.editor.setAccessibleDescription(hint)

    def draft(self) -> str:
        """What stands here, as text that `restore` takes: unsaved work is kept."""
        return ""

    def restore(self, draft: str) -> None:
        """Put back what `draft` gave."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and isinstance(event, QFocusEvent) and event.lostFocus():
            popup = event.reason() in (
                Qt.FocusReason.PopupFocusReason,
                Qt.FocusReason.ActiveWindowFocusReason,
            )
            if not popup:
                self._on_left()
        return super().eventFilter(watched, event)

    def _on_left(self) -> None:
        self.check()
        self.left.emit()

    def _edited(self) -> None:
        # A fault that is shown goes away as soon as it is mended; a new one waits until leaving.
        if self._touched and not self.fault():
            self.show_fault("")
        self.changed.emit()

    def _missing(self) -> str:
        return f"{self.name} is missing."


class LineField(Field):
    """A field with one line of text; the parent of those that read it as something."""

    edit: QLineEdit

    def __init__(
        self,
        label: str,
        *,
        optional: bool = False,
        hint: str = "",
        example: str = "",
        edit: QLineEdit | None = None,
    ) -> None:
        self.edit = edit or QLineEdit()
        super().__init__(label, self.edit, optional=optional, hint=hint)
        self.edit.setPlaceholderText(example)
        self.edit.textEdited.connect(self._edited)

    def draft(self) -> str:
        return self.edit.text()

    def restore(self, draft: str) -> None:
        self.edit.setText(draft)


class TextField(LineField):
    """One line of words. `rule` says what is wrong with them, if anything."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        optional: bool = False,
        hint: str = "",
        example: str = "",
        longest: int = 200,
        secret: bool = False,
        rule: Rule[str] | None = None,
    ) -> None:
        super().__init__(label, optional=optional, hint=hint, example=example)
        self._rule = rule
        self.edit.setMaxLength(longest)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.set_value(value)

    def value(self) -> str:
        """The words, without blanks around them."""
        return self.edit.text().strip()

    def set_value(self, value: str) -> None:
        """Show other words."""
        self.edit.setText(value)
        self.edit.setCursorPosition(0)
        self._edited()

    def fault(self) -> str:
        value = self.value()
        if not value:
            return "" if self.optional else self._missing()
        return self._rule(value) if self._rule else ""


class NoteField(Field):
    """Several lines of words."""

    def __init__(
        self, label: str, value: str = "", *, optional: bool = False, hint: str = "", lines: int = 3
    ) -> None:
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(theme.now.line("body") * lines + 16)
        super().__init__(label, self.edit, optional=optional, hint=hint)
        self.set_value(value)
        self.edit.textChanged.connect(self._edited)

    def value(self) -> str:
        """The words, without blanks around them."""
        return self.edit.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Show other words."""
        self.edit.setPlainText(value)

    def fault(self) -> str:
        return "" if self.optional or self.value() else self._missing()

    def draft(self) -> str:
        return self.edit.toPlainText()

    def restore(self, draft: str) -> None:
        self.edit.setPlainText(draft)


class Choice(QComboBox):
    """A combo box that draws its own arrow, in the theme's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = theme.now.size.icon_small
        colour = "text2" if self.isEnabled() else "disabled"
        x = self.width() - side - theme.now.px(9)
        icons.paint(painter, "chevron-down", colour, x, (self.height() - side) / 2, side)


class ChoiceField(Field, Generic[V]):
    """One of some values, each with its words. Typing goes to the first that begins so."""

    def __init__(
        self,
        label: str,
        options: Sequence[tuple[V, str]] = (),
        value: V | None = None,
        *,
        optional: bool = False,
        hint: str = "",
    ) -> None:
        self.combo = Choice()
        self._values: list[V | None] = []
        super().__init__(label, self.combo, optional=optional, hint=hint)
        self.set_options(options)
        self.set_value(value)
        self.combo.currentIndexChanged.connect(lambda _at: self._edited())

    def set_options(self, options: Sequence[tuple[V, str]]) -> None:
        """Offer other values; what was chosen stays chosen where it is still offered."""
        before = self.value() if self._values else None
        self.combo.blockSignals(True)
        self.combo.clear()
        self._values = [None, *(value for value, _words in options)]
        self.combo.addItems(["", *(words for _value, words in options)])
        self.combo.setCurrentIndex(self._values.index(before) if before in self._values else 0)
        self.combo.blockSignals(False)

    def value(self) -> V | None:
        """What is chosen, or None."""
        at = self.combo.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def set_value(self, value: V | None) -> None:
        """Choose. Raises ValueError for a value that is not offered."""
        self.combo.setCurrentIndex(self._values.index(value))

    def fault(self) -> str:
        return "" if self.optional or self.value() is not None else self._missing()

    def draft(self) -> str:
        return self.combo.currentText()

    def restore(self, draft: str) -> None:
        # By its words: what is offered may stand in another order by now, or be gone.
        self.combo.setCurrentIndex(max(0, self.combo.findText(draft)))


class Check(QCheckBox):
    """A check box painted like those in lists."""

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, side = theme.now, QPainter(self), theme.now.size.icon
        square = QRect(1, (self.height() - side) // 2, side, side)
        check_box(painter, square, self.checkState(), enabled=self.isEnabled())
        painter.setFont(now.font("body"))
        painter.setPen(now.text if self.isEnabled() else now.disabled)
        painter.drawText(
            self.rect().adjusted(side + 9, 0, 0, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
            self.text(),
        )

    def sizeHint(self) -> QSize:
        now = theme.now
        words = now.metrics("body").horizontalAdvance(self.text())
        return QSize(now.size.icon + 9 + words + 2, now.size.hit_min)

    def hitButton(self, pos: object) -> bool:
        return True


class CheckField(Field):
    """Yes or no, with its words beside the box."""

    def __init__(self, label: str, *, value: bool = False, hint: str = "") -> None:
        self.box = Check(label)
        super().__init__(label, self.box, optional=True, hint=hint)
        while self._head.count():
            item = self._head.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
        self.set_value(value=value)
        self.box.toggled.connect(lambda _on: self._edited())

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, *, value: bool) -> None:
        """Tick it, or not."""
        self.box.setChecked(value)

    def draft(self) -> str:
        return "yes" if self.value() else ""

    def restore(self, draft: str) -> None:
        self.set_value(value=bool(draft))


def is_typing(widget: QObject | None) -> bool:
    """Whether keys without Ctrl belong to this widget's text."""
    if isinstance(widget, QLineEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QPlainTextEdit) and not widget.isReadOnly()


def undoes_itself(widget: QObject | None) -> bool:
    """Whether Ctrl+Z is the text's own undo just now."""
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    if isinstance(widget, QPlainTextEdit):
        return widget.document().isUndoAvailable()
    return False


def is_button(widget: QObject | None) -> bool:
    """Whether Enter belongs to this widget."""
    return isinstance(widget, QAbstractButton)
