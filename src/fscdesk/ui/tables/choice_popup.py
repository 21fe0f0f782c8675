"""The popup of a chip: find a value, tick it, see how many rows have it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.tables.keys import typed_text
from fscdesk.ui.tables.marks import BOX, Tick, elide, paint_tick
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.tables.spec import Choice
from fscdesk.ui.text import count_text

CHOICE = Qt.ItemDataRole.UserRole
SHOWN_AT_MOST = 10
_V = Qt.AlignmentFlag.AlignVCenter


class ChoicePopup(Popup):
    """Ticks apply at once; Enter or Esc closes."""

    picked = Signal(object)
    """tuple[str, ...]: the keys now ticked."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._keys: set[str] = set()
        self.search = QLineEdit(self, placeholderText=f"Find in {title.lower()}")
        self.search.setProperty("compact", True)
        self.search.setAccessibleName(f"Find in {title.lower()}")
        self.list = QListWidget(self)
        self.list.setAccessibleName(title)
        self.list.setItemDelegate(ChoiceLine(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none = Button("Clear", kind="quiet", compact=True, on=self._clear)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.body.addWidget(self.none)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._toggle)
        self._fit()

    def offer(self, choices: Sequence[Choice], keys: Sequence[str]) -> None:
        """Show the values and what is ticked. A ticked value that is gone is still shown."""
        self._keys = set(keys)
        self.list.clear()
        known = {choice.key for choice in choices}
        lost = [Choice(key, key) for key in keys if key not in known]
        for choice in [*choices, *lost]:
            item = QListWidgetItem(choice.word)
            item.setData(CHOICE, choice)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(choice))
            self._show_state(item)
            self.list.addItem(item)
        self._narrow(self.search.text())
        self._fit()

    def keys(self) -> tuple[str, ...]:
        """Return what is ticked."""
        return tuple(sorted(self._keys))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        ours = watched is self.search or watched is self.list
        if not ours or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = event.key()
        if watched is self.search and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.setFocus()
            self._first()
            return True
        if watched is self.list:
            if key == Qt.Key.Key_Space and self.list.currentItem() is not None:
                self._toggle(self.list.currentItem())
                return True
            if key == Qt.Key.Key_Up and self._at_top():
                self.search.setFocus()
                return True
            if text := typed_text(event):
                self.search.setFocus()
                self.search.insert(text)
                return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._take_only_match():
                self.close_up()
            return True
        return super().eventFilter(watched, event)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        self.search.clear()
        super().open_under(anchor, right=right)
        self._take_focus()

    def _take_only_match(self) -> bool:
        """Enter in the search field ticks what was found, if it is one."""
        if not self.search.text() or not self.search.hasFocus():
            return False
        left = [item for item in self._items() if not item.isHidden()]
        if len(left) != 1:
            return False
        self._toggle(left[0])
        self.search.clear()
        return True

    def _toggle(self, item: QListWidgetItem) -> None:
        choice: Choice = item.data(CHOICE)
        self._keys ^= {choice.key}
        self._show_state(item)
        self.none.setEnabled(bool(self._keys))
        self.picked.emit(self.keys())

    def _clear(self) -> None:
        self._keys.clear()
        for item in self._items():
            self._show_state(item)
        self.none.setEnabled(False)
        self.picked.emit(())

    def _show_state(self, item: QListWidgetItem) -> None:
        on = item.data(CHOICE).key in self._keys
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            word = item.text().casefold()
            item.setHidden(not all(part in word for part in words))

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _take_focus(self) -> None:
        if self.search.isVisibleTo(self):
            self.search.setFocus()
            return
        self.list.setFocus()
        if self.list.currentRow() < 0:
            self._first()

    def _first(self) -> None:
        for at, item in enumerate(self._items()):
            if not item.isHidden():
                self.list.setCurrentRow(at)
                return

    def _at_top(self) -> bool:
        current = self.list.currentRow()
        return all(item.isHidden() for item in self._items()[:current])

    def _fit(self) -> None:
        rows = max(1, min(SHOWN_AT_MOST, self.list.count()))
        self.list.setFixedHeight(rows * theme.now.size.control_small + 4)
        self.search.setVisible(self.list.count() > 6)
        self.none.setEnabled(bool(self._keys))
        if self.isVisible():
            self.arrange()
            if not self.search.hasFocus():
                self._take_focus()


class ChoiceLine(QStyledItemDelegate):
    """One value: box, icon of its status, word, count."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(60, theme.now.size.control_small)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        now = theme.now
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        choice: Choice = index.data(CHOICE)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if focused or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, now.selected if focused else now.hover)
        if focused:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), now.accent)
        on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        middle = rect.y() + rect.height() // 2
        paint_tick(painter, rect.x() + 8, middle, Tick.ON if on else Tick.OFF)
        x = rect.x() + 8 + now.px(BOX) + 8
        if choice.status is not None:
            status = now.status(*choice.status)
            side = now.size.icon_small
            colour = now.tone(status.tone).fg
            icons.paint(painter, status.icon, colour, x, middle - side // 2, side)
            x += side + 6
        painter.setFont(now.font("body"))
        count = "" if choice.count is None else count_text(choice.count)
        wide = now.metrics("small").horizontalAdvance(count)
        room = rect.right() - x - wide - 16
        painter.setPen(now.text)
        painter.drawText(QRect(x, rect.y(), room, rect.height()), _V, elide(choice.word, room))
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(rect.adjusted(0, 0, -8, 0), _V | Qt.AlignmentFlag.AlignRight, count)


def _spoken(choice: Choice) -> str:
    return choice.word if choice.count is None else f"{choice.word}, {count_text(choice.count)}"
