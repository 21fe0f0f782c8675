"""Shows a running job in a dialog: after half a second, ten times a second, with Cancel."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from fscdesk.services.work import Job
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.text import ElidedLabel

SHOW_AFTER_MS, LOOK_EVERY_MS = 500, 100


class JobProgress(Dialog):
    """Looks at a job's last snapshot; the worker never calls into the screen.

    For the few jobs that nothing may go on beside; all others show in the activity pill.
    """

    def __init__(self, job: Job, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._job = job
        self._waited = 0
        self.step = ElidedLabel("", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(title)
        self.body.addWidget(self.step)
        self.body.addWidget(self.bar)
        self.cancel = self.verb("Cancel", harmless=True)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def reject(self) -> None:
        self._job.cancel()
        self.step.setText("Stopping. Nothing will be saved.")
        self.cancel.setEnabled(False)

    @Slot()
    def look(self) -> None:
        """Show the job's last snapshot, or go away when the job has ended."""
        if self._job.ended:
            self._timer.stop()
            self.accept()
            self.deleteLater()
            return
        self._waited += LOOK_EVERY_MS
        if self._waited == SHOW_AFTER_MS:
            self.open()
        seen = self._job.progress
        self.bar.setRange(0, seen.total)
        self.bar.setValue(seen.done)
        if self.cancel.isEnabled():
            self.step.setText(seen.text)
