"""Saved views as tabs with counts; the arrows move along them, the last go into a menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.tables.marks import paint_focus
from fscdesk.ui.text import count_text

BETWEEN, GAP, LINE, HEIGHT = 24, 8, 2, 32
_MORE = "\0more"


@dataclass(frozen=True, slots=True)
class TabFace:
    """What one tab shows. ``count`` None shows none; UNKNOWN_COUNT shows "…"."""

    key: str
    name: str
    icon: str = ""


class ViewTabs(QWidget):
    """A row of tabs, painted; for a screen reader it says the one that is open."""

    chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, name: str = "Views", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._tabs: tuple[TabFace, ...] = ()
        self._counts: dict[str, int | None] = {}
        self._current = ""
        self._over = ""
        self._menu = QMenu(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ownFocus", True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_tabs(self, tabs: Sequence[TabFace]) -> None:
        """Put other tabs; counts of tabs that stay are kept."""
        self._tabs = tuple(tabs)
        if tabs and self._current not in {tab.key for tab in tabs}:
            self._current = tabs[0].key
        self._tell()

    def show_counts(self, counts: Mapping[str, int | None]) -> None:
        """Show how many rows each view has; None is not known yet."""
        self._counts.update(counts)
        self._tell()

    def count(self, key: str) -> int | None:
        """Return a tab's number, or None where it is not known."""
        return self._counts.get(key)

    def set_current(self, key: str) -> None:
        """Mark a tab as open, without telling."""
        self._current = key
        self._tell()

    @property
    def current(self) -> str:
        """The key of the open tab."""
        return self._current

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all tabs, in order."""
        return tuple(tab.key for tab in self._tabs)

    def rects(self) -> dict[str, QRect]:
        """Return where the tabs are; those without room are not in it."""
        found: dict[str, QRect] = {}
        x, room = 0, self.width()
        wides = {tab.key: self._wide(tab) for tab in self._tabs}
        whole = sum(wides.values()) + BETWEEN * max(0, len(wides) - 1)
        limit = room if whole <= room else room - theme.now.px(60)
        for key, wide in wides.items():
            if x + wide > limit and found:
                found[_MORE] = QRect(x, 0, theme.now.px(52), self.height())
                break
            found[key] = QRect(x, 0, wide, self.height())
            x += wide + BETWEEN
        return found

    def sizeHint(self) -> QSize:
        return QSize(200, theme.now.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, theme.now.px(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        keys, key = self.keys, Qt.Key(event.key())
        if key in steps and self._current in keys:
            at = keys.index(self._current) + steps[key]
            if 0 <= at < len(keys):
                self._choose(keys[at])
        elif key == Qt.Key.Key_Menu or (
            key == Qt.Key.Key_F10 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            rect = self.rects().get(self._current, QRect())
            self.menu_wanted.emit(self._current, self.mapToGlobal(rect.bottomLeft()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self._at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not key:
            return
        if key == _MORE:
            self._show_rest()
        else:
            self._choose(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._at(event.position().toPoint())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._over = ""
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        key = self._at(event.pos())
        if key and key != _MORE:
            self.menu_wanted.emit(key, event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        by_key = {tab.key: tab for tab in self._tabs}
        flags = Qt.AlignmentFlag.AlignVCenter
        for key, rect in self.rects().items():
            body = rect.adjusted(0, 0, 4, -LINE)
            painter.setFont(now.font("body", weight=500))
            if key == _MORE:
                painter.setPen(now.text2)
                painter.drawText(body, flags, "More")
                side = now.size.icon_small
                top = (rect.height() - side) // 2
                icons.paint(painter, "chevron-down", "text2", rect.right() - side, top, side)
                continue
            tab, here = by_key[key], key == self._current
            painter.setPen(now.text if here or key == self._over else now.text2)
            metrics = now.metrics("body", weight=500)
            painter.drawText(body, flags, tab.name)
            x = rect.x() + metrics.horizontalAdvance(tab.name) + GAP
            if tab.icon:
                side = now.size.icon_small
                icons.paint(painter, tab.icon, "text3", x - 2, (rect.height() - side) // 2, side)
                x += side + GAP - 2
            painter.setFont(now.font("body"))
            painter.setPen(now.text3)
            beside = QRect(x, 0, rect.right() - x + 6, body.height())
            painter.drawText(beside, flags, self._count(tab))
            if here:
                painter.fillRect(rect.x(), self.height() - LINE, rect.width(), LINE, now.accent)
                if self.hasFocus():
                    paint_focus(painter, rect.adjusted(-4, 4, 4, -6), now.radius_control)

    def _count(self, tab: TabFace) -> str:
        if tab.key not in self._counts:
            return ""
        count = self._counts[tab.key]
        return "…" if count is None else count_text(count)

    def _wide(self, tab: TabFace) -> int:
        now, count = theme.now, self._count(tab)
        wide = now.metrics("body", weight=500).horizontalAdvance(tab.name)
        if tab.icon:
            wide += now.size.icon_small + GAP - 2
        return wide + (GAP + now.metrics("body").horizontalAdvance(count) if count else 0)

    def _at(self, point: QPoint) -> str:
        return next((key for key, rect in self.rects().items() if rect.contains(point)), "")

    def _choose(self, key: str) -> None:
        if key != self._current:
            self.set_current(key)
            self.chosen.emit(key)

    def _show_rest(self) -> None:
        self._menu.clear()
        shown = self.rects()
        for tab in self._tabs:
            if tab.key not in shown:
                entry = QAction(f"{tab.name}  {self._count(tab)}".rstrip(), self._menu)
                entry.triggered.connect(lambda _checked=False, key=tab.key: self._choose(key))
                self._menu.addAction(entry)
        self._menu.popup(self.mapToGlobal(shown[_MORE].bottomLeft()))

    def _tell(self) -> None:
        tab = next((tab for tab in self._tabs if tab.key == self._current), None)
        words = "" if tab is None else f"{tab.name} {self._count(tab)}".rstrip()
        self.setAccessibleName(f"{self._name}: {words}")
        self.update()
