"""The small dialogs: a question with verbs, a reason to give, a notice with details."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.text import Label

_ACCEPT = QDialogButtonBox.ButtonRole.AcceptRole
_REJECT = QDialogButtonBox.ButtonRole.RejectRole
_OTHER = QDialogButtonBox.ButtonRole.ActionRole


class Dialog(QDialog):
    """A dialog of ours: a title, content in `body`, buttons with verbs in the system's order."""

    def __init__(
        self, title: str, sentence: str = "", parent: QWidget | None = None, *, width: int = 0
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, on=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        self.heading = Label(title, "section", wrap=True)
        column.addWidget(self.heading)
        self.sentence = Label(sentence, "quiet", wrap=True)
        self.sentence.setVisible(bool(sentence))
        column.addWidget(self.sentence)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column.addLayout(self.body, 1)
        self.buttons = QDialogButtonBox()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addSpacing(4)
        column.addWidget(self.buttons)
        self.setFixedWidth(width or theme.now.size.dialog_small)

    def showEvent(self, event: QShowEvent) -> None:
        column = self.layout()
        if column is not None and self.minimumHeight() != self.maximumHeight():
            # A wrapped sentence asks for its room only when its width is known.
            self.resize(self.width(), column.totalHeightForWidth(self.width()))
        super().showEvent(event)

    def verb(self, words: str, *, primary: bool = False, harmless: bool = False) -> Button:
        """Add a button: the primary one does it, the harmless one is what Esc does."""
        button = Button(words, kind="primary" if primary else "")
        button.setDefault(primary)
        role = _ACCEPT if primary else _REJECT if harmless else _OTHER
        self.buttons.addButton(button, role)
        return button


class QuestionDialog(Dialog):
    """A question, and what happens in one sentence; Esc keeps everything as it is."""

    def __init__(
        self, title: str, sentence: str, do_it: str, keep_it: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, sentence, parent)
        self.do_it = self.verb(do_it, primary=True)
        self.keep_it = self.verb(keep_it, harmless=True)


class ReasonDialog(QuestionDialog):
    """A question that needs a reason: the button stays off until there is one."""

    def __init__(
        self,
        title: str,
        sentence: str,
        do_it: str,
        keep_it: str,
        recent: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, do_it, keep_it, parent)
        self._field = Choice()
        self._field.setEditable(True)
        self._field.addItems(list(recent))
        self._field.setCurrentText("")
        self._field.setAccessibleName("Reason")
        label = Label("Reason", "label")
        label.setBuddy(self._field)
        self.body.setSpacing(4)
        self.body.addWidget(label)
        self.body.addWidget(self._field)
        self._field.currentTextChanged.connect(self._look)
        self._look("")
        self._field.setFocus()

    def reason(self) -> str:
        """The reason that was given."""
        return self._field.currentText().strip()

    def _look(self, text: str) -> None:
        self.do_it.off_because("" if text.strip() else "Give a reason first")


class NoticeDialog(Dialog):
    """Something to read, with details that can be copied."""

    def __init__(
        self, title: str, sentence: str, details: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, sentence, parent, width=theme.now.size.dialog_medium)
        self.details = QPlainTextEdit(details)
        self.details.setProperty("role", "mono")
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Details")
        self.details.setFixedHeight(theme.now.px(180))
        self.body.addWidget(self.details)
        self.copy = self.verb("Copy details")
        self.copy.clicked.connect(self._on_copy)
        self.close_it = self.verb("Close", primary=True)
        self.close_it.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy.set_words("Copied")
