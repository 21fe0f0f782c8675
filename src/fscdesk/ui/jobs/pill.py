"""The activity pill in the top bar, and the list that it opens."""

from __future__ import annotations

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.jobs.activity import Activity, Running
from fscdesk.ui.painting import box, smooth
from fscdesk.ui.popover import Popover
from fscdesk.ui.text import ElidedLabel, Label

WIDTH, BAR = 240, 60


def words_of(running: Running) -> str:
    """What a job is doing now: its title, its step, and how many of how many."""
    seen = running.job.progress
    count = f" {seen.done:,} of {seen.total:,}" if seen.total else ""
    return f"{seen.text or running.title}{count}"


class ActivityPill(QAbstractButton):
    """One pill for all jobs. It comes after half a second, and goes when nothing runs."""

    def __init__(self, activity: Activity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._activity = activity
        self._turn = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Background activity")
        activity.ticked.connect(self._look)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(WIDTH), theme.now.size.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._activity.shown()
        if shown is None:
            return
        now, painter = theme.now, QPainter(self)
        box(painter, self.rect(), now.radius_control, now.surface, now.border)
        self._ring(painter, QRectF(10, self.height() / 2 - 6, 12, 12))
        seen = shown.job.progress
        bar = BAR if seen.total else 0
        room = self.rect().adjusted(30, 0, -(bar + 20 if bar else 10), 0)
        metrics = now.metrics("small", weight=500)
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.text2)
        words = metrics.elidedText(words_of(shown), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words)
        if bar:
            track = QRect(self.width() - bar - 12, self.height() // 2 - 2, bar, 4)
            box(painter, track, 2, now.border_strong)
            done = max(4, round(bar * min(1.0, seen.done / seen.total)))
            box(painter, QRect(track.x(), track.y(), done, 4), 2, now.accent)

    def _ring(self, painter: QPainter, rect: QRectF) -> None:
        now = theme.now
        smooth(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.border_strong, 1.6))
        painter.drawEllipse(rect)
        painter.setPen(QPen(now.accent, 1.6))
        if now.motion:
            painter.drawArc(rect, -self._turn * 16 * 36, 16 * 100)
        else:
            middle, reach = rect.center(), rect.width() / 2
            painter.drawLine(middle, QPointF(reach * cos(pi / 2), -reach * sin(pi / 2)) + middle)

    def _look(self) -> None:
        shown = self._activity.shown()
        self._turn = (self._turn + 1) % 10
        self.setVisible(shown is not None)
        if shown is not None:
            self.setAccessibleName(f"Background activity: {words_of(shown)}")
            self.update()


class ActivityList(Popover):
    """The jobs with their steps and Cancel, then how the last ten ended."""

    def __init__(self, activity: Activity, window: QWidget) -> None:
        super().__init__(window, 400)
        self._activity = activity
        self._jobs: list[tuple[Running, ElidedLabel, QProgressBar]] = []
        self._content = QWidget()
        self.body.addWidget(self._content)
        self._shape: tuple[object, ...] = ()
        activity.ticked.connect(self._look)

    def toggle(self, anchor: QWidget) -> None:
        """Open under the pill or the bell, or close."""
        if self.isVisible():
            self.close_up()
            return
        self._build()
        self.open_under(anchor, right=True)

    def _look(self) -> None:
        if not self.isVisible():
            return
        shape = (*(one.job for one in self._activity.running), *self._activity.results)
        if shape != self._shape:
            self._build()
            self.arrange()
            return
        for running, step, bar in self._jobs:
            _show_progress(running, step, bar)

    def _build(self) -> None:
        activity = self._activity
        self._shape = (*(one.job for one in activity.running), *activity.results)
        self.body.removeWidget(self._content)
        self._content.hide()
        self._content.deleteLater()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(8)
        self._jobs = []
        head = "Running now" if activity.running else "Nothing is running"
        column.addWidget(Label(head, "label"))
        for running in activity.running:
            column.addLayout(self._job_row(running))
        if activity.results:
            column.addWidget(Label("Last results", "label"))
        for result in activity.results:
            row = QHBoxLayout()
            row.setSpacing(8)
            picture = QLabel()
            side, ratio = theme.now.size.icon, self.devicePixelRatioF()
            shade = theme.now.tone(result.tone).fg
            picture.setPixmap(icons.pixmap(result.icon, shade, side, ratio))
            row.addWidget(picture)
            row.addWidget(Label(result.title, "body"))
            row.addWidget(ElidedLabel(result.words, "hint"), 1)
            column.addLayout(row)
        self.body.addWidget(self._content)
        self._content.show()

    def _job_row(self, running: Running) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(4)
        step, bar = ElidedLabel("", "body"), QProgressBar()
        bar.setTextVisible(False)
        bar.setAccessibleName(running.title)
        words.addWidget(step)
        words.addWidget(bar)
        cancel = Button("Cancel", compact=True)
        cancel.setAccessibleName(f"Cancel: {running.title}")

        def stop() -> None:
            running.job.cancel()
            cancel.set_words("Stopping")
            cancel.off_because("It stops at its next step. Nothing will be saved.")

        cancel.clicked.connect(stop)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(cancel)
        self._jobs.append((running, step, bar))
        _show_progress(running, step, bar)
        return row


def _show_progress(running: Running, step: ElidedLabel, bar: QProgressBar) -> None:
    seen = running.job.progress
    step.setText(words_of(running))
    bar.setRange(0, max(1, seen.total))
    bar.setValue(seen.done)
