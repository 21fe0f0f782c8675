"""A small table of facts for a pane: headings, words, and figures in up to two columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import hairline
from fscdesk.ui.tables.marks import elide, paint_focus, wrapped
from fscdesk.ui.text import plain_tip

HEAD, LINE, AFTER, COLUMN = 32, 26, 12, 84
_V = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _V | Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
_UNDER = 4
MOST = 8
"""Lines of a long value; nothing that is kept of a record is longer."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, and what it says under each heading of its section."""

    label: str
    values: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its columns at the right, and the lines under it.

    Without columns a line has one value of words, which takes all the room that is left; what
    is longer stands below its label, in as many lines as it needs.
    """

    title: str
    lines: tuple[Fact, ...]
    columns: tuple[str, ...] = ()


class Facts(QWidget):
    """Draws sections; takes the focus so that a screen reader reads them and keys scroll."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name)
        theme.changed.connect(self.updateGeometry)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show another record's facts."""
        self._sections = tuple(sections)
        self.setAccessibleDescription(". ".join(_spoken(one) for one in self._sections))
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Return all that is shown, as it is read aloud."""
        return self.accessibleDescription()

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def heightForWidth(self, width: int) -> int:
        now = theme.now
        return sum(
            now.px(HEAD)
            + now.px(AFTER)
            + sum(self._height(section, fact, width) for fact in section.lines)
            for section in self._sections
        )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        y = 0
        for section in self._sections:
            head = QRect(0, y, self.width(), now.px(HEAD))
            painter.setFont(now.font("strong"))
            painter.setPen(now.text)
            room = self.width() - len(section.columns) * now.px(COLUMN)
            painter.drawText(head, _V, elide(section.title, room - 8, "strong"))
            painter.setFont(now.font("caption"))
            painter.setPen(now.text3)
            for rect, word in zip(self._cells(head, section), section.columns, strict=False):
                painter.drawText(rect, _RIGHT, word)
            y = head.bottom() + 1
            hairline(painter, 0, y - 1, self.width())
            for fact in section.lines:
                rect = QRect(0, y, self.width(), self._height(section, fact, self.width()))
                self._paint_line(painter, rect, section, fact)
                y += rect.height()
            y += now.px(AFTER)
        if self.hasFocus():
            paint_focus(painter, self.rect().adjusted(0, 0, 0, -2), now.radius_control)

    def _paint_line(self, painter: QPainter, rect: QRect, section: Section, fact: Fact) -> None:
        now = theme.now
        role = "strong" if fact.strong else "body"
        painter.setFont(now.font("body"))
        painter.setPen(now.text3 if not section.columns else now.text2)
        if section.columns:
            room = rect.width() - len(section.columns) * now.px(COLUMN)
        else:
            room = now.metrics("body").horizontalAdvance(fact.label) + 16
        first = QRect(rect.x(), rect.y(), rect.width(), now.px(LINE))
        painter.drawText(first, _V, elide(fact.label, room - 8, "body"))
        painter.setPen(now.text)
        painter.setFont(now.font(role))
        if not section.columns:
            below = self._below(section, fact, rect.width())
            if not below:
                painter.drawText(rect, _RIGHT, fact.values[0])
            for at, words in enumerate(below):
                line = rect.translated(0, now.px(LINE) + at * now.line("body") - 2)
                painter.drawText(line, _LEFT, words)
            return
        for cell, value in zip(self._cells(rect, section), fact.values, strict=False):
            painter.drawText(cell, _RIGHT, elide(value, cell.width(), role))

    def _below(self, section: Section, fact: Fact, width: int) -> list[str]:
        """Return the lines under the label of words that do not fit beside it."""
        metrics = theme.now.metrics("strong" if fact.strong else "body")
        if section.columns or not fact.values:
            return []
        room = width - theme.now.metrics("body").horizontalAdvance(fact.label) - 16
        if metrics.horizontalAdvance(fact.values[0]) <= room:
            return []
        role = "strong" if fact.strong else "body"
        return wrapped(fact.values[0], width, role, most=MOST)

    def _height(self, section: Section, fact: Fact, width: int) -> int:
        below = len(self._below(section, fact, width))
        return theme.now.px(LINE) + (below * theme.now.line("body") + _UNDER if below else 0)

    def _cells(self, rect: QRect, section: Section) -> list[QRect]:
        wide = theme.now.px(COLUMN)
        first = rect.width() - len(section.columns) * wide
        return [
            QRect(first + at * wide, rect.y(), wide, rect.height())
            for at in range(len(section.columns))
        ]

    def _show_tip(self, event: QHelpEvent) -> None:
        """Say in whole what had to be cut."""
        y, now = event.pos().y(), theme.now
        for section in self._sections:
            y -= now.px(HEAD)
            for fact in section.lines:
                high = self._height(section, fact, self.width())
                if 0 <= y < high:
                    words = f"{fact.label}: {', '.join(value for value in fact.values if value)}"
                    QToolTip.showText(event.globalPos(), plain_tip(words), self)
                    return
                y -= high
            y -= now.px(AFTER)
        QToolTip.hideText()


class FactsPage(QScrollArea):
    """A tab of a pane that shows facts made from the detail."""

    def __init__(
        self,
        name: str,
        sections: Callable[[Any], Sequence[Section]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sections = sections
        self.facts = Facts(name)
        self.setWidget(self.facts)
        self.facts.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_detail(self, detail: Any) -> None:
        """Show another record's facts, from the top."""
        self.facts.show_sections(self._sections(detail))
        self.verticalScrollBar().setValue(0)


def _spoken(section: Section) -> str:
    lines = []
    for fact in section.lines:
        named = [
            f"{word} {value}".strip()
            for word, value in zip(section.columns or ("",), fact.values, strict=False)
            if value
        ]
        lines.append(f"{fact.label}: {', '.join(named)}")
    return f"{section.title}. {'; '.join(lines)}"
