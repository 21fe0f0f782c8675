"""What stands in front while a file is read: nothing that a key could set off by mistake."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from fscdesk.services.work import Job
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.text import Label

LOOK_EVERY_MS, SHOW_AFTER_MS = 100, 150


class Waiting(QWidget):
    """Says what is being read, how far it is, and offers to stop. Takes keys and ignores them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self._job: Job | None = None
        self._waited = 0
        self.words = Label("", "quiet")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(280)
        self.bar.setAccessibleName("How far it is")
        self.stop = Button("Stop", compact=True, on=self._on_stop)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for part in (self.words, self.bar, self.stop):
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(part)
            line.addStretch(1)
            column.addLayout(line)
        column.addStretch(3)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self.follow(None, "")

    def follow(self, job: Job | None, words: str) -> None:
        """Show how far a job is; None when it is over."""
        self._job, self._waited = job, 0
        self.setAccessibleName(words or "Reading")
        for part in (self.words, self.bar, self.stop):
            part.setVisible(False)
        self.words.setText(words)
        self.stop.setEnabled(True)
        if job is None:
            self._timer.stop()
        else:
            self._timer.start()

    def _look(self) -> None:
        if self._job is None or self._job.ended:
            self._timer.stop()
            return
        self._waited += LOOK_EVERY_MS
        if self._waited < SHOW_AFTER_MS:
            return
        for part in (self.words, self.bar, self.stop):
            part.setVisible(True)
        seen = self._job.progress
        self.bar.setRange(0, seen.total)
        self.bar.setValue(seen.done)
        if seen.text and self.stop.isEnabled():
            self.words.setText(f"{seen.text}…")

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)
            self.words.setText("Stopping. Nothing was saved.")
