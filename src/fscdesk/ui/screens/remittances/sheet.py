"""What we billed beside what the payer said: claims with their lines, painted, gone through by key.

Up and Down go from claim to claim; Space holds one, Enter goes on to the next that needs a look.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screens.remittances.sheet_places import PLACES, Place
from fscdesk.ui.screens.remittances.sheet_rows import RowKind, Sheet, SheetRow, spoken, tip
from fscdesk.ui.tables.marks import badge_width, elide, hairline, paint_badge, paint_focus
from fscdesk.ui.text import plain_tip

_APART: Final = 6
"""Between the words of two columns, at least."""
GAP: Final = 34
"""Between what we billed and what the payer said."""
_V = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _V | Qt.AlignmentFlag.AlignRight
_MOVES: Final[Mapping[Qt.Key, int]] = MappingProxyType({Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1})


class RemittanceSheet(QAbstractScrollArea):
    """The table. The current claim has a tint and a bar; what the payer said is in strong type."""

    moved = Signal(int)
    """Another unit is current."""
    entered = Signal()
    held = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = Sheet()
        self.current = -1
        self._tops: list[int] = []
        self._needs: dict[str, int] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What we billed and what the payer said")
        theme.changed.connect(self._arrange)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show other rows; the current claim stays current while there is one in its place."""
        self.sheet = sheet
        if sheet.units:
            self.current = max(0, min(self.current, len(sheet.units) - 1))
        else:
            self.current = -1
        self._arrange()
        self._tell()

    def go(self, unit: int) -> None:
        """Make a claim current, and bring it into view."""
        if not 0 <= unit < len(self.sheet.units):
            return
        changed, self.current = unit != self.current, unit
        self._show_current()
        self._tell()
        self.viewport().update()
        if changed:
            self.moved.emit(unit)

    def columns(self) -> list[tuple[Place, QRect]]:
        """Return the columns that have room, with their places across."""
        px = theme.now.px
        gap = px(GAP)
        room = self.viewport().width() - LEFT - RIGHT - gap
        shown = list(PLACES)
        widths = {one.key: px(one.width) for one in shown}
        if sum(widths.values()) > room:
            # Rather near each other than gone: only what the words need.
            gap, room = gap // 3, room + gap - gap // 3
            widths = {key: min(wide, self._needs.get(key, wide)) for key, wide in widths.items()}
        while sum(widths[one.key] for one in shown) > room:
            least = max(shown, key=lambda one: one.folds)
            if not least.folds:
                break
            shown.remove(least)
        spare = max(0, room - sum(widths[one.key] for one in shown))
        each = min(px(26), spare // len(shown))
        found: list[tuple[Place, QRect]] = []
        x, ours = LEFT, True
        for one in shown:
            if ours and not one.ours:
                x, ours = x + gap, False
            wide = widths[one.key] + each
            if one is shown[-1]:
                wide = max(wide, self.viewport().width() - RIGHT - x)
            found.append((one, QRect(x, 0, wide, 0)))
            x += wide
        return found

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        last = len(self.sheet.units) - 1
        if not plain:
            event.ignore()
        elif key in _MOVES:
            self.go(max(0, min(last, self.current + _MOVES[key])))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = max(1, self.viewport().height() // (3 * theme.now.size.row_compact))
            self.go(
                max(0, min(last, self.current + (step if key == Qt.Key.Key_PageDown else -step)))
            )
        elif key == Qt.Key.Key_Home:
            self.go(0)
        elif key == Qt.Key.Key_End:
            self.go(last)
        elif event.isAutoRepeat() and key != Qt.Key.Key_Tab:
            event.accept()  # a key that is held down decides nothing
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Space:
            self.held.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(round(event.position().y()))
        if row is not None:
            self.go(row.unit)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(event.pos().y())), self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        now, high = theme.now, theme.now.size.row_compact
        head, foot = self._head(), now.size.totals_row
        columns = self.columns()
        scroll = self.verticalScrollBar().value()
        room = self.viewport().height() - head - foot
        painter.setClipRect(0, head, self.viewport().width(), room)
        for at in range(scroll // high, min(len(self.sheet.rows), (scroll + room) // high + 1)):
            row = self.sheet.rows[at]
            rect = QRect(0, head + at * high - scroll, self.viewport().width(), high)
            self._paint_row(painter, row, rect, columns)
        if self.hasFocus() and 0 <= self.current < len(self._tops):
            self._paint_ring(painter, head - scroll, high)
        painter.setClipping(False)
        self._paint_head(painter, columns)
        below = min(len(self.sheet.rows) * high - scroll, room)
        self._paint_totals(painter, columns, head + below)

    # Painting

    def _paint_head(self, painter: QPainter, columns: list[tuple[Place, QRect]]) -> None:
        now = theme.now
        top, caption = now.px(30), now.size.header_row
        wide = self.viewport().width()
        painter.fillRect(0, 0, wide, top, now.surface)
        painter.fillRect(0, top, wide, caption, now.sunken)
        hairline(painter, 0, top + caption - 1, wide)
        sides = (
            ([rect for place, rect in columns if place.ours], "What we billed", now.text2, "text2"),
            (
                [rect for place, rect in columns if not place.ours][:-1],
                f"What {self.sheet.payer or 'the payer'} said",
                now.accent,
                "accent_text",
            ),
        )
        for rects, words, line, ink in sides:
            if not rects:
                continue
            left, right = rects[0].left(), rects[-1].right()
            painter.setFont(now.font("small", weight=600))
            painter.setPen(now.colour(ink))
            painter.drawText(
                QRect(left, 0, right - left, top - 2), _V, elide(words, right - left, "small", 600)
            )
            painter.fillRect(left, top - 2, right - left, 2, line)
        painter.setFont(now.font("caption"))
        painter.setPen(now.text3)
        for place, rect in columns:
            at = QRect(rect.left(), top, rect.width(), caption)
            painter.drawText(at, int(_RIGHT if place.right else _V), place.title)

    def _paint_row(
        self, painter: QPainter, row: SheetRow, rect: QRect, columns: list[tuple[Place, QRect]]
    ) -> None:
        now, current = theme.now, row.unit == self.current and row.kind is not RowKind.GROUP
        head = row.kind is not RowKind.LINE
        painter.fillRect(rect, now.selected if current else now.sunken if head else now.surface)
        hairline(painter, 0, rect.bottom(), rect.width())
        if current:
            painter.fillRect(0, rect.top(), 3, rect.height(), now.accent)
        if not head:
            self._paint_cells(painter, row.cells, rect, columns, ink=row.ink, quiet=row.computed)
            return
        right = rect.right() - RIGHT
        if row.mark is not None:
            wide = badge_width(row.mark)
            paint_badge(
                painter,
                QRect(right - wide, rect.top(), wide, rect.height()),
                row.mark,
                outlined=current,
            )
            right -= wide + 12
        if row.kind is RowKind.PLB:
            paid = next((at for place, at in columns if place.key == "paid"), None)
            if paid is not None:
                painter.setFont(now.font("strong"))
                painter.setPen(now.text)
                at = QRect(paid.left(), rect.top(), paid.width(), rect.height())
                painter.drawText(at, int(_RIGHT), row.cells.get("paid", ""))
                right = min(right, paid.left() - 8)
        painter.setFont(now.font("strong"))
        painter.setPen(now.text)
        room = max(0, right - LEFT)
        name = elide(row.name, room, "strong")
        painter.drawText(QRect(LEFT, rect.top(), room, rect.height()), _V, name)
        x = LEFT + now.metrics("strong").horizontalAdvance(name) + 12
        painter.setFont(now.font("small"))
        painter.setPen(now.text2)
        if right > x:
            painter.drawText(
                QRect(x, rect.top(), right - x, rect.height()),
                _V,
                elide(row.note, right - x, "small"),
            )

    def _paint_cells(
        self,
        painter: QPainter,
        cells: Mapping[str, str],
        rect: QRect,
        columns: list[tuple[Place, QRect]],
        *,
        ink: str = "text",
        strong: bool = False,
        quiet: frozenset[str] = frozenset(),
    ) -> None:
        now = theme.now
        for place, across in columns:
            words = cells.get(place.key, "")
            if not words:
                continue
            last = place.key == "against"
            bold = strong or place.key == "paid" or (ink == "negative" and last)
            role = "strong" if bold else "body"
            painter.setFont(now.font(role))
            colour = now.colour(ink) if last else now.text
            if not last and (place.key in ("billed_code", "code") or place.key in quiet):
                colour = now.text2
            painter.setPen(colour)
            at = QRect(across.left(), rect.top(), across.width(), rect.height())
            painter.drawText(
                at, int(_RIGHT if place.right else _V), elide(words, across.width(), role)
            )

    def _paint_totals(
        self, painter: QPainter, columns: list[tuple[Place, QRect]], top: int
    ) -> None:
        now = theme.now
        rect = QRect(0, top, self.viewport().width(), now.size.totals_row)
        painter.fillRect(rect, now.sunken)
        hairline(painter, 0, top, rect.width())
        painter.setFont(now.font("small"))
        painter.setPen(now.text2)
        painter.drawText(rect.adjusted(LEFT, 0, 0, 0), _V, self.sheet.counted)
        self._paint_cells(painter, self.sheet.totals, rect, columns, strong=True)

    def _paint_ring(self, painter: QPainter, shift: int, high: int) -> None:
        first = self._tops[self.current]
        count = sum(
            1
            for row in self.sheet.rows[first // high :]
            if row.unit == self.current and row.kind is not RowKind.GROUP
        )
        rect = QRect(0, first + shift, self.viewport().width(), count * high)
        paint_focus(painter, rect, 0)

    # Arranging

    def tip_at(self, y: int) -> str:
        """Return in whole what may be cut at a height of the viewport; "" where there is no row."""
        row = self._row_at(y)
        return "" if row is None else tip(row)

    def _row_at(self, y: int) -> SheetRow | None:
        """Return the row at a height of the viewport; None on the head and below the rows."""
        at = y - self._head() + self.verticalScrollBar().value()
        row = at // theme.now.size.row_compact
        return self.sheet.rows[row] if y >= self._head() and row < len(self.sheet.rows) else None

    def _head(self) -> int:
        return theme.now.px(30) + theme.now.size.header_row

    def _measure(self) -> None:
        """Find how much room the words of each column need."""
        caption, body = theme.now.metrics("caption"), theme.now.metrics("strong")
        every = [*(row.cells for row in self.sheet.rows), self.sheet.totals]
        self._needs = {
            one.key: theme.now.px(_APART)
            + max(
                caption.horizontalAdvance(one.title),
                *(
                    body.horizontalAdvance(words)
                    for words in {row.get(one.key, "") for row in every}
                ),
            )
            for one in PLACES
        }

    def _arrange(self) -> None:
        self._measure()
        high = theme.now.size.row_compact
        tops: dict[int, int] = {}
        for at, row in enumerate(self.sheet.rows):
            if row.kind is not RowKind.GROUP:
                tops.setdefault(row.unit, at * high)
        self._tops = [tops[unit] for unit in range(len(self.sheet.units))]
        room = self.viewport().height() - self._head() - theme.now.size.totals_row
        bar = self.verticalScrollBar()
        bar.setPageStep(max(high, room))
        bar.setSingleStep(high)
        bar.setRange(0, max(0, len(self.sheet.rows) * high - room))
        self._show_current()
        self.viewport().update()

    def _show_current(self) -> None:
        if not 0 <= self.current < len(self._tops):
            return
        high, bar = theme.now.size.row_compact, self.verticalScrollBar()
        top = self._tops[self.current]
        after = self.current + 1
        bottom = self._tops[after] if after < len(self._tops) else len(self.sheet.rows) * high
        room = self.viewport().height() - self._head() - theme.now.size.totals_row
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(min(top, bottom - room))

    def _tell(self) -> None:
        words = spoken(self.sheet, self.current) if self.current >= 0 else ""
        self.setAccessibleDescription(words)
