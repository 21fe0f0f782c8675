"""The foot of the plan: what is not made yet, how far it is, and the button that makes it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from fscdesk.services.work import Job
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import ActionButton, Button, Keycap
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.painting import hairline
from fscdesk.ui.text import ElidedLabel, Label

LOOK_EVERY_MS, SHOW_AFTER_MS = 100, 500


class Foot(QWidget):
    """Holds the primary button. While a job runs it shows how far that is, with Cancel."""

    def __init__(
        self,
        primary: QAction,
        icon: str,
        parent: QWidget | None = None,
        *,
        stopping: str = "Stopping. No statement will be made.",
    ) -> None:
        super().__init__(parent)
        self._icon, self._stopping = icon, stopping
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 13, RIGHT + 8, 12)
        line.setSpacing(8)
        self._picture = QLabel()
        line.addWidget(self._picture)
        self.words = ElidedLabel("", "quiet")
        line.addWidget(self.words, 1)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("How far it is")
        line.addWidget(self.bar)
        self.cancel = Button("Cancel", kind="link", compact=True, on=self._on_cancel)
        line.addWidget(self.cancel)
        self.result = Label("", "quiet")
        line.addWidget(self.result)
        line.addSpacing(8)
        self.primary = ActionButton(primary, icon, "primary")
        line.addWidget(self.primary)
        self.keycap = Keycap("Ctrl+Return")
        line.addWidget(self.keycap)
        self._job: Job | None = None
        self._waited = 0
        self._said = ""
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        theme.changed.connect(self._draw)
        self._rest()

    def say(self, words: str) -> None:
        """Say what is not made yet."""
        self._said = words
        if self._job is None:
            self.words.setText(words)
            self._draw()

    def yield_primary(self, *, yielding: bool) -> None:
        """Give the primary colour and its key away while rows are ticked."""
        kind = "" if yielding else "primary"
        if self.primary.property("kind") != kind:
            self.primary.setProperty("kind", kind)
            self.primary.set_icon(self._icon)
            self.primary.style().unpolish(self.primary)
            self.primary.style().polish(self.primary)
        self.keycap.setVisible(not yielding)

    def follow(self, job: Job | None) -> None:
        """Show how far a job is, after half a second; None when there is none any more."""
        self._job, self._waited = job, 0
        if job is None:
            self._timer.stop()
            self._rest()
        else:
            self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        hairline(QPainter(self), 0, 0, self.width())

    def _look(self) -> None:
        if self._job is None or self._job.ended:
            self.follow(None)
            return
        self._waited += LOOK_EVERY_MS
        if self._waited < SHOW_AFTER_MS:
            return
        seen = self._job.progress
        self.bar.setRange(0, seen.total)
        self.bar.setValue(seen.done)
        self.bar.show()
        self.cancel.show()
        if self.cancel.isEnabled():
            self.words.setText(f"{seen.text}…" if seen.text else "Working…")

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.cancel.setEnabled(False)
            self.words.setText(self._stopping)

    def _rest(self) -> None:
        self.bar.hide()
        self.cancel.hide()
        self.cancel.setEnabled(True)
        self.words.setText(self._said)
        self._draw()

    def _draw(self) -> None:
        side = theme.now.size.icon
        self._picture.setPixmap(icons.pixmap("info", "text3", side, self.devicePixelRatioF()))
        self._picture.setVisible(bool(self._said))
