"""A dialog that does something and stays until it is saved: a refusal is said in its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.forms.fields import Choice, Sentence
from fscdesk.ui.text import Label


class ActDialog(Dialog):
    """Fields in ``body``, a verb, and a way out. What was chosen is kept when it is refused."""

    wanted = Signal()
    """The verb was pressed; answer with ``finish`` or ``refuse``."""

    def __init__(
        self,
        title: str,
        sentence: str,
        verb: str,
        busy: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, parent)
        self._verb, self._busy, self._reason_off = verb, busy, ""
        self.fields = QVBoxLayout()
        self.fields.setSpacing(12)
        self.body.addLayout(self.fields)
        self.refusal = Sentence()
        self.body.addWidget(self.refusal, 0, Qt.AlignmentFlag.AlignTop)
        self.do_it = self.verb(verb, primary=True)
        self.keep_it = self.verb("Leave as it is", harmless=True)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.do_it.click)

    def accept(self) -> None:
        """Ask for the act to be done, once; the dialog closes when it is."""
        if self.do_it.isEnabled():
            self.refusal.say("")
            self.do_it.set_words(self._busy)
            self.do_it.off_because(self._busy)
            self.wanted.emit()

    def finish(self) -> None:
        """Close: it is saved."""
        super().accept()

    def refuse(self, problem: Problem) -> None:
        """Say why it was not done; the fields stay as they are."""
        self.do_it.set_words(self._verb)
        self.refusal.say(f"{problem.message} {problem.hint}".strip())
        self.judge(self._reason_off)
        self.fit()

    def judge(self, reason: str) -> None:
        """Switch the verb off with the reason, or on."""
        self._reason_off = reason
        self.do_it.off_because(reason)

    def fit(self) -> None:
        """Take the height that the sentences need now."""
        column = self.layout()
        if column is not None and self.isVisible():
            column.activate()
            self.resize(self.width(), column.totalHeightForWidth(self.width()))


class ReasonChoice(QWidget):
    """A field for a reason, with those that were given lately."""

    changed = Signal()

    def __init__(self, label: str = "Reason", note: str = "") -> None:
        super().__init__()
        self.combo = Choice()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        self.combo.setAccessibleName(label)
        self.combo.currentTextChanged.connect(lambda _text: self.changed.emit())
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.setMaxLength(200)
            edit.setAccessibleName(label)
            edit.setPlaceholderText(note)
        self.setFocusProxy(self.combo)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._label = Label(label, "label")
        self._label.setBuddy(self.combo)
        column.addWidget(self._label)
        column.addWidget(self.combo)

    def offer(self, reasons: Sequence[str]) -> None:
        """Offer recent reasons; what is typed stays."""
        typed = self.combo.currentText()
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItems(list(reasons))
        self.combo.setCurrentIndex(-1)
        self.combo.setEditText(typed)
        self.combo.blockSignals(False)

    def reason(self) -> str:
        """Return the reason, without blanks around it."""
        return self.combo.currentText().strip()
