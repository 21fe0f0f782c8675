"""The bar above the sheet: back, forward, search, what runs in the background, help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import IconButton
from fscdesk.ui.jobs.activity import Activity
from fscdesk.ui.jobs.pill import ActivityList, ActivityPill
from fscdesk.ui.painting import box
from fscdesk.ui.search import SearchBox


class Bell(IconButton):
    """Opens the last results; a red dot says that one of them was refused and not looked at."""

    def __init__(self) -> None:
        super().__init__("bell", "Background activity and last results", kind="bar")
        self.unseen = False

    def mark(self, *, unseen: bool) -> None:
        """Set the dot, or take it away; its name says the same."""
        self.unseen = unseen
        words = "Background activity and last results"
        self.set_name(f"{words}, one was refused" if unseen else words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.unseen:
            side = theme.now.px(7)
            spot = self.rect().adjusted(self.width() // 2 + 1, 5, 0, 0)
            spot.setSize(spot.size().boundedTo(spot.size().__class__(side, side)))
            box(QPainter(self), spot, side / 2, theme.now.tone("red").solid)


class TopBar(QWidget):
    """Holds the parts; the window decides what they do."""

    def __init__(
        self,
        search: SearchBox,
        activity: Activity,
        window: QWidget,
        *,
        go: Callable[[int], object],
        keys: Callable[[], object],
    ) -> None:
        super().__init__()
        self.search = search
        self.back = IconButton("arrow-left", "Back", kind="bar", key="Alt+Left", on=lambda: go(-1))
        self.forward = IconButton(
            "arrow-right", "Forward", kind="bar", key="Alt+Right", on=lambda: go(1)
        )
        self.pill = ActivityPill(activity)
        self.bell = Bell()
        self.jobs = ActivityList(activity, window)
        self.help = IconButton(
            "circle-question-mark", "Keys of this screen", kind="bar", key="Ctrl+/", on=keys
        )
        self.pill.clicked.connect(lambda: self._on_jobs(self.pill))
        self.bell.clicked.connect(lambda: self._on_jobs(self.bell))
        activity.failed.connect(lambda: self.bell.mark(unseen=not self.jobs.isVisible()))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 8, 0)
        line.setSpacing(0)
        line.addWidget(self.back)
        line.addWidget(self.forward)
        line.addSpacing(10)
        line.addWidget(search, 100)
        line.addStretch(1)
        line.addSpacing(16)
        line.addWidget(self.pill)
        line.addSpacing(16)
        line.addWidget(self.bell)
        line.addSpacing(12)
        line.addWidget(self.help)
        self._resize()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._resize()

    def _on_jobs(self, anchor: QWidget) -> None:
        self.bell.mark(unseen=False)
        self.jobs.toggle(anchor)

    def _resize(self) -> None:
        if self.height() != theme.now.size.topbar:
            self.setFixedHeight(theme.now.size.topbar)
