"""The focus ring: two accent pixels outside whatever control the keys go to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from fscdesk.ui import theme
from fscdesk.ui.painting import smooth

WIDTH, GAP = 2, 1
_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})


class FocusRings(QObject):
    """Keeps one ring in each window, around what has the focus there.

    Lists and cards mark their own row, and say so by the property `ownFocus`.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last: FocusRing | None = None
        # A dying window moves the focus between half-destroyed widgets, which Python must not
        # even be handed. So the news is taken without its arguments, and looked at afterwards.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._follow)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        self._later.start()

    @Slot()
    def _follow(self) -> None:
        focused = QApplication.focusWidget()
        ring = ring_of(focused.window()) if focused is not None else None
        last, self._last = self._last, ring
        if last is not None and last is not ring and isValid(last):
            last.follow(None)
        if ring is not None:
            wanted = focused is not None and wants_ring(focused)
            ring.follow(focused if wanted else None)


class FocusRing(QWidget):
    """The ring of one window: it lies over everything and takes no clicks."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._around: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def follow(self, widget: QWidget | None) -> None:
        """Lie around a widget, or around nothing."""
        for old in self._watched:
            if isValid(old):
                old.removeEventFilter(self)
        self._watched, self._around = [], widget
        here = widget
        while here is not None and here is not self.parentWidget():
            here.installEventFilter(self)
            self._watched.append(here)
            here = here.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        smooth(painter)
        painter.setPen(QPen(theme.now.focus, WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = WIDTH / 2
        radius = theme.now.radius_control + GAP + half
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius
        )

    def _place(self) -> None:
        around, window = self._around, self.parentWidget()
        if around is None or window is None or not isValid(around) or not around.isVisible():
            self.hide()
            return
        reach = WIDTH + GAP
        inner = QRect(around.mapTo(window, QPoint(0, 0)), around.size())
        outer = inner.adjusted(-reach, -reach, reach, reach)
        self.setGeometry(outer)
        seen = QRegion(_seen(around, window).translated(-outer.topLeft()))
        self.setMask(seen.intersected(QRegion(self.rect())))
        self.raise_()
        self.show()


def ring_of(window: QWidget) -> FocusRing | None:
    """The ring of a window, made when it is needed first; popups of the system have none."""
    if window.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip):
        return None
    found = window.findChild(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, FocusRing) else FocusRing(window)


def wants_ring(widget: QWidget) -> bool:
    """Whether the ring goes around a widget, or the widget marks its focus itself."""
    if widget.property("ownFocus") or widget.isWindow():
        return False
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        return str(widget.property("kind")) != "bare"
    return not isinstance(widget, QAbstractItemView | QScrollArea)


def _seen(widget: QWidget, window: QWidget) -> QRect:
    """The part of the window in which a widget can be seen: what scrolls away cuts it off."""
    seen = window.rect()
    here: QWidget | None = widget
    while here is not None and here is not window:
        above = here.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is here:
            seen = seen.intersected(QRect(here.mapTo(window, QPoint(0, 0)), here.size()))
        here = above
    return seen
