"""A question in the pane that wants a reason, or a choice, before something is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.text import Label

_LONGEST = 120


class AskInPane(QWidget):
    """What will be done, one field, and two buttons. Enter does it, Esc leaves it."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._do: Callable[[str], object] | None = None
        self._choose: Callable[[int], object] | None = None
        self._own: tuple[Field, Callable[[], object]] | None = None
        self._goes_soon = False
        self.title, self.words = Label("", "strong", wrap=True), Label("", "small", wrap=True)
        self.reason = TextField("Reason", longest=_LONGEST)
        self.choice: ChoiceField[int] = ChoiceField("Payer")
        self.do_it = Button("", "check", "primary", on=self._go)
        self.keep = Button("Leave it", on=self.leave)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(8)
        for part in (self.title, self.words, self.reason, self.choice):
            column.addWidget(part)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.do_it)
        line.addWidget(self.keep)
        line.addStretch(1)
        column.addLayout(line)
        self.hide()

    @property
    def asking(self) -> bool:
        """Whether a question is on view."""
        return not self.isHidden()

    def ask_reason(
        self, title: str, words: str, verb: str, do: Callable[[str], object], example: str = ""
    ) -> None:
        """Ask why, and then do it."""
        self._do, self._choose = do, None
        self.reason.set_value("")
        self.reason.edit.setPlaceholderText(example)
        self._show(title, words, verb, self.reason)

    def ask_choice(
        self,
        title: str,
        words: str,
        verb: str,
        options: Sequence[tuple[int, str]],
        do: Callable[[int], object],
    ) -> None:
        """Ask which one, and then do it."""
        self._do, self._choose = None, do
        self.choice.set_options(options)
        self._show(title, words, verb, self.choice)

    def ask_field(
        self, title: str, words: str, verb: str, field: Field, do: Callable[[], object]
    ) -> None:
        """Ask with a field of the asker's own, and then do it.

        The words stand below the field: what it finds is shown above it.
        """
        self._drop_own()
        self._do = self._choose = None
        self._own = field, do
        self._column.insertWidget(1, field)
        if isinstance(field, FoundField):
            field.chosen.connect(self._on_found)
        self._show(title, words, verb, field)
        QWidget.setTabOrder(field.editor, self.do_it)

    def leave(self) -> None:
        """Ask no more; nothing is done."""
        self._drop_own()
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._go()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _show(self, title: str, words: str, verb: str, field: Field) -> None:
        if self._own is not None and field is not self._own[0]:
            self._drop_own()
        self.title.setText(title)
        self.words.setText(words)
        self.do_it.set_words(verb)
        for one in (self.reason, self.choice):
            one.setVisible(one is field)
        self.show()
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        field: Field = self.reason if self._do is not None else self.choice
        if self._own is not None:
            field = self._own[0]
            if isinstance(field, FoundField) and field.busy():
                self._goes_soon = True
                return
        if not field.check():
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.hide()
        chosen = self.choice.value()
        if self._own is not None:
            self._own[1]()
            self._drop_own()
        elif self._do is not None:
            self._do(self.reason.value())
        elif self._choose is not None and chosen is not None:
            self._choose(chosen)
        self.left.emit()

    def _on_found(self, _found: object) -> None:
        if self._goes_soon:
            self._goes_soon = False
            self._go()

    def _drop_own(self) -> None:
        """Take an asker's field away."""
        if self._own is None:
            return
        field, _do = self._own
        self._own, self._goes_soon = None, False
        self._column.removeWidget(field)
        if isinstance(field, FoundField):
            field.popup.close_up()
        field.hide()
        field.deleteLater()
