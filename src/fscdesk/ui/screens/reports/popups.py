"""The popups of the chips: one of some words, a day or two days, or codes that are typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fscdesk.ui import theme
from fscdesk.ui.forms.amounts import DayEdit
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.day_entry import read_day
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.text import Label, day_text

VALUE = Qt.ItemDataRole.UserRole
Offer = tuple[str | int | None, str]
"""A value, and the words for it; None is the report's own."""


class PickPopup(Popup):
    """Gives one of some values: Up, Down and Enter, or a click."""

    picked = Signal(object)
    """The value."""

    def __init__(
        self, title: str, offers: Sequence[Offer], now: object, parent: QWidget, width: int = 220
    ) -> None:
        super().__init__(title, parent, width=width)
        self.list = _Values(title)
        for value, words in offers:
            item = QListWidgetItem(words)
            item.setData(VALUE, value)
            self.list.addItem(item)
            if value == now:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        high = theme.now.size.control_small
        for at in range(self.list.count()):
            self.list.item(at).setSizeHint(QSize(60, high))
        self.list.setFixedHeight(len(offers) * high + 4)
        self.body.addWidget(self.list)
        self.list.itemClicked.connect(self._give)
        self.list.entered_on.connect(self._give)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        super().open_under(anchor, right=right)
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _give(self, item: QListWidgetItem) -> None:
        self.close_up()
        self.picked.emit(item.data(VALUE))


class _Values(QListWidget):
    entered_on = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_ValueLine(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.entered_on.emit(self.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class _ValueLine(QStyledItemDelegate):
    """One value: its words, the one under the keys with the accent's bar."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        now, rect = theme.now, QRect(option.rect)
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, now.selected if chosen else now.hover)
        if chosen:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), now.accent)
        painter.setFont(now.font("body", weight=600 if chosen else 400))
        painter.setPen(now.text)
        inner = rect.adjusted(12, 0, -8, 0)
        words = elide(str(index.data()), inner.width(), "body", 600)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, words)


class DaysPopup(PickPopup):
    """Gives a day or a period by its name, or the days that are typed below the names."""

    typed = Signal(object)
    """tuple[date, ...]: one day, or two."""

    def __init__(
        self,
        title: str,
        offers: Sequence[Offer],
        now: object,
        days: tuple[date, ...],
        today: date,
        parent: QWidget,
    ) -> None:
        super().__init__(title, offers, now, parent, width=280)
        self._today = today
        names = ("Day",) if len(days) == 1 else ("From", "To")
        line = QHBoxLayout()
        line.setSpacing(8)
        self.fields = []
        for name, day in zip(names, days, strict=True):
            field = DayEdit(lambda: today)
            field.setProperty("compact", True)
            field.setAccessibleName(f"{title}: {name.lower()}")
            field.setText(day_text(day))
            field.returnPressed.connect(self._on_typed)
            field.textEdited.connect(self._on_edited)
            label = Label(name, "label")
            label.setBuddy(field)
            line.addWidget(label)
            line.addWidget(field, 1)
            self.fields.append(field)
        self.body.addLayout(line)
        self.hint = Label("t is today, -1 yesterday, 3-31 the last 31st of March.", "hint")
        self.hint.setWordWrap(True)
        self.fault = Label("", "refusal", wrap=True)
        self.fault.hide()
        words = "Show this day" if len(days) == 1 else "Show these days"
        self.show_it = Button(words, kind="primary", compact=True, on=self._on_typed)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.fault)
        self.body.addWidget(self.show_it, 0, Qt.AlignmentFlag.AlignLeft)

    def type_first(self) -> None:
        """Put the keys into the first field."""
        self.fields[0].setFocus(Qt.FocusReason.PopupFocusReason)
        self.fields[0].selectAll()

    def _on_typed(self) -> None:
        try:
            days = tuple(read_day(field.text(), self._today) for field in self.fields)
        except ValueError as fault:
            self._refuse(str(fault))
            return
        if days[-1] < days[0]:
            self._refuse("The last day is before the first.")
            return
        self.close_up()
        self.typed.emit(days)

    def _refuse(self, words: str) -> None:
        self.fault.setText(words)
        self.fault.show()
        self.hint.hide()
        self.arrange()

    def _on_edited(self, _text: str) -> None:
        self.fault.hide()
        self.hint.show()


class WordsTyped(Popup):
    """Gives some words, with commas or blanks between them: Enter in the field, or the button."""

    picked = Signal(object)
    """tuple[str, ...]."""

    def __init__(self, title: str, words: tuple[str, ...], hint: str, parent: QWidget) -> None:
        super().__init__(title, parent, width=260)
        self.field = QLineEdit(", ".join(words))
        self.field.setAccessibleName(title)
        self.field.returnPressed.connect(self._on_typed)
        self.body.addWidget(self.field)
        self.body.addWidget(Label(hint, "hint", wrap=True))
        show = Button("Show these", kind="primary", compact=True, on=self._on_typed)
        self.body.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        super().open_under(anchor, right=right)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    def _on_typed(self) -> None:
        self.close_up()
        self.picked.emit(tuple(self.field.text().replace(",", " ").split()))
