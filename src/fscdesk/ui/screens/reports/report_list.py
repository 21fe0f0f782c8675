"""All reports by the question that they answer; typing finds one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fscdesk.services.reports.report_catalogue import CATALOGUE, GROUPS, ReportKind
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import LEFT, TitleLine
from fscdesk.ui.painting import box
from fscdesk.ui.tables.keys import typed_text
from fscdesk.ui.tables.marks import elide

REPORT = Qt.ItemDataRole.UserRole
WIDE, NARROW, ROOMY, HIGH, HEAD_HIGH = 284, 216, 1080, 46, 34
"""Pixels at 100 %: of the pane, also on a screen below the third; of a report, of a heading."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class ReportList(QWidget):
    """Up and Down choose a report, Enter goes to its figures."""

    chosen = Signal(str)
    """The name of the report that became current."""
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.head = TitleLine("Reports")
        self.field = _Find()
        self.rows = _Rows()
        found = QWidget()
        line = QVBoxLayout(found)
        line.setContentsMargins(LEFT - 8, 0, 8, 8)
        line.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(found)
        column.addWidget(self.rows, 1)
        self.field.textChanged.connect(self._narrow)
        self.field.down.connect(self._on_down)
        self.field.entered.connect(self._on_entered)
        self.rows.typed.connect(self.seek)
        self.rows.entered.connect(self.entered)
        self.rows.currentItemChanged.connect(self._on_current)
        self.setFocusProxy(self.rows)
        self.setAccessibleName("Reports")
        theme.changed.connect(self._on_theme)
        self._fill()
        self._on_theme()

    def fit(self, room: int) -> None:
        """Take less width where the screen has little."""
        now = theme.now
        self.setFixedWidth(now.px(WIDE if room >= now.px(ROOMY) else NARROW))

    def current(self) -> str:
        """Return the name of the current report, or nothing."""
        return _name(self.rows.currentItem())

    def choose(self, name: str) -> None:
        """Make a report current without telling."""
        self.rows.blockSignals(True)
        for item in self._items():
            if _name(item) == name:
                self.rows.setCurrentItem(item)
                self.rows.scrollToItem(item)
        self.rows.blockSignals(False)
        self.rows.viewport().update()

    def names(self) -> list[str]:
        """Return the names of the reports on view, in their order."""
        return [_name(item) for item in self._items() if not item.isHidden() and _name(item)]

    def seek(self, text: str = "") -> None:
        """Put the keys into the find field, with ``text`` at its end."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.field.insert(text)
        else:
            self.field.selectAll()

    def end_finding(self) -> bool:
        """Show all reports again; False if all are."""
        was = bool(self.field.text())
        self.field.clear()
        return was

    def _fill(self) -> None:
        for group in GROUPS:
            head = QListWidgetItem(group)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.rows.addItem(head)
            for report in (one for one in CATALOGUE if one.group == group):
                item = QListWidgetItem(report.title)
                item.setData(REPORT, report)
                spoken = f"{report.title}. {report.answers}"
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                item.setToolTip(report.answers)
                self.rows.addItem(item)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            report = item.data(REPORT)
            if isinstance(report, ReportKind):
                said = f"{report.title} {report.answers} {report.name}".casefold()
                item.setHidden(not all(word in said for word in words))
        seen = {item.data(REPORT).group for item in self._items() if _name(item) in self.names()}
        for item in self._items():
            if item.data(REPORT) is None:
                item.setHidden(item.text() not in seen)

    def _on_down(self) -> None:
        names = self.names()
        if not names:
            return
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.current() not in names:
            self._go(names[0])

    def _on_entered(self) -> None:
        names = self.names()
        if names:
            if self.current() not in names:
                self._go(names[0])
            self.field.clear()
            self.entered.emit()

    def _go(self, name: str) -> None:
        for item in self._items():
            if _name(item) == name:
                self.rows.setCurrentItem(item)

    def _items(self) -> list[QListWidgetItem]:
        return [self.rows.item(at) for at in range(self.rows.count())]

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if _name(item):
            self.chosen.emit(_name(item))

    def _on_theme(self) -> None:
        self.fit(self.window().width())
        for item in self._items():
            high = HIGH if item.data(REPORT) is not None else HEAD_HIGH
            item.setSizeHint(QSize(60, theme.now.px(high)))


class _Find(QLineEdit):
    """Finds a report while typed in; Enter takes the first, Down goes to the list."""

    down = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__(placeholderText="Find a report")
        self.setAccessibleName("Find a report")
        self.setProperty("compact", True)
        glass = QAction(icons.icon("search", "text3", 14), "Find a report", self)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class _Rows(QListWidget):
    typed = Signal(str)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Reports")
        self.setProperty("ownFocus", True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setItemDelegate(_ReportLine(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Right,
        ):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif text := typed_text(event):
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


class _ReportLine(QStyledItemDelegate):
    """A group's question, or a report with the line that it answers."""

    def __init__(self, rows: _Rows) -> None:
        super().__init__(rows)
        self._rows = rows

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, rect = theme.now, QRect(option.rect)
        report = index.data(REPORT)
        if not isinstance(report, ReportKind):
            painter.setFont(now.font("caption", weight=600))
            painter.setPen(now.text3)
            inner = rect.adjusted(LEFT, now.px(8), -8, 0)
            painter.drawText(inner, _LEFT, str(index.data()))
            return
        current = index.row() == self._rows.currentRow()
        ground = rect.adjusted(8, 1, -8, -1)
        if current:
            box(painter, ground, now.radius_control, now.selected)
            if self._rows.hasFocus():
                box(painter, ground, now.radius_control, None, now.focus, width=2)
        elif index == self._rows.indexAt(self._rows.mapFromGlobal(self._rows.cursor().pos())):
            box(painter, ground, now.radius_control, now.hover)
        inner = rect.adjusted(LEFT, 5, -16, -5)
        half = inner.height() // 2
        painter.setFont(now.font("body", weight=600 if current else 500))
        painter.setPen(now.text)
        top = QRect(inner.x(), inner.y(), inner.width(), half)
        painter.drawText(top, _LEFT, elide(report.title, top.width(), "body", 600))
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        low = top.translated(0, half)
        painter.drawText(low, _LEFT, elide(report.answers, low.width(), "small"))


def _name(item: QListWidgetItem | None) -> str:
    report = None if item is None else item.data(REPORT)
    return report.name if isinstance(report, ReportKind) else ""
