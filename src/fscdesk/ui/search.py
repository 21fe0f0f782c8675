"""Ctrl+K: one box that finds places, commands, and whatever the services know.

What is typed is never logged. What was opened last ranks first, for as long as the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from fscdesk.services.work import Work
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Keycap
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.painting import box
from fscdesk.ui.popover import Popover

ROWS, PAUSE_MS, BOX_WIDTH, POPUP_WIDTH = 8, 120, 480, 560


@dataclass(frozen=True)
class Hit:
    """Something found: `open` is the place to open and what to show there."""

    kind: str
    title: str
    detail: str
    open: tuple[str, Mapping[str, object]]
    icon: str = "search"


@dataclass(frozen=True)
class Line:
    """One row of the popup; `act` gets True when it shall open beside (Ctrl+Enter)."""

    title: str
    detail: str
    icon: str
    act: Callable[[bool], object] = field(compare=False)
    key: str = ""


Provider = Callable[[Work, str], Sequence[Hit]]
"""Answers what was typed, inside a read transaction, best first."""


def rank(lines: Sequence[Line], typed: str, recent: Sequence[str]) -> list[Line]:
    """The lines that hold every typed word: by how they begin, then opened last, then in order."""
    words = typed.casefold().split()
    wanted = " ".join(words)

    def place(line: Line) -> tuple[int, int]:
        title = line.title.casefold()
        begins = 0 if title.startswith(wanted) else 1 if f" {wanted}" in f" {title}" else 2
        opened = recent.index(line.title) if line.title in recent else len(recent) + 1
        return begins, opened

    found = [
        line
        for line in lines
        if all(word in f"{line.title} {line.detail}".casefold() for word in words)
    ]
    return sorted(found, key=place)


class HitList(QWidget):
    """The rows of the popup. The box keeps the focus; this only shows and marks."""

    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.at = 0
        self.note = ""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[Line], note: str) -> None:
        """Show rows, keeping the mark on the same one where it is still there."""
        marked = self.lines[self.at] if self.at < len(self.lines) else None
        self.lines, self.note = list(lines), note
        self.at = self.lines.index(marked) if marked in self.lines else 0
        self.updateGeometry()
        self.update()

    def move_mark(self, step: int) -> None:
        """Mark the row above or below; past the end it begins again."""
        if self.lines:
            self.at = (self.at + step) % len(self.lines)
            self.update()

    def sizeHint(self) -> QSize:
        rows = max(1, len(self.lines))
        return QSize(POPUP_WIDTH, rows * theme.now.size.row_comfortable)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // theme.now.size.row_comfortable
        if 0 <= at < len(self.lines) and at != self.at:
            self.at = at
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // theme.now.size.row_comfortable
        if 0 <= at < len(self.lines):
            self.taken.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        high, side = now.size.row_comfortable, now.size.icon
        one_line = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        if not self.lines:
            painter.setFont(now.font("body"))
            painter.setPen(now.text3)
            painter.drawText(self.rect().adjusted(12, 0, 0, 0), one_line, self.note)
        for at, line in enumerate(self.lines):
            row = QRect(0, at * high, self.width(), high)
            if at == self.at:
                box(painter, row, now.radius_control, now.selected)
            icons.paint(painter, line.icon, "text2", 12, row.y() + (high - side) / 2, side)
            right = row.right() - 12
            if line.key:
                width = now.metrics("caption").horizontalAdvance(line.key) + 12
                cap = QRect(right - width, row.y() + (high - now.px(18)) // 2, width, now.px(18))
                box(painter, cap, 4, now.sunken, now.border_strong)
                painter.setFont(now.font("caption"))
                painter.setPen(now.text3)
                painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, line.key)
                right -= width + 8
            left = 12 + side + 12
            title = now.metrics("body", weight=500)
            shown = title.elidedText(line.title, Qt.TextElideMode.ElideRight, right - left)
            painter.setFont(now.font("body", weight=500))
            painter.setPen(now.text)
            painter.drawText(QRect(left, row.y(), right - left, high), one_line, shown)
            left += title.horizontalAdvance(shown) + 10
            if right - left > now.px(30):
                detail = now.metrics("small").elidedText(
                    line.detail, Qt.TextElideMode.ElideRight, right - left
                )
                painter.setFont(now.font("small"))
                painter.setPen(now.text3)
                painter.drawText(QRect(left, row.y(), right - left, high), one_line, detail)


class SearchBox(QLineEdit):
    """The box in the top bar and its popup. Enter opens, Ctrl+Enter opens beside, Esc leaves.

    `own_lines` gives the places and the commands of the moment; providers are asked in the
    background, and an answer to older words is dropped.
    """

    def __init__(
        self,
        desk: Desk,
        window: QWidget,
        own_lines: Callable[[], Sequence[Line]],
        providers: Sequence[Provider],
        open_hit: Callable[[Hit, bool], object],
        what: str,
    ) -> None:
        super().__init__()
        self._desk, self._own_lines = desk, own_lines
        self._providers, self._open_hit = tuple(providers), open_hit
        self._hits: dict[int, list[Line]] = {}
        self._ticket = 0
        self._waiting = 0
        self._recent: list[str] = []
        self._came_from: QWidget | None = None
        self.setProperty("kind", "search")
        self.setPlaceholderText(what)
        self.setAccessibleName("Search and commands")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(theme.now.px(BOX_WIDTH))
        self.popup = Popover(window, POPUP_WIDTH)
        self.popup.takes_escape = False
        self.list = HitList()
        self.popup.body.addWidget(self.list)
        self.list.taken.connect(lambda at: self._take(at, beside=False))
        self._cap = Keycap("Ctrl+K", self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._on_edited)
        self.popup.installEventFilter(self)

    def start(self) -> None:
        """Ctrl+K: put the cursor here and show what was opened last."""
        window = self.window()
        focused = window.focusWidget()
        if focused is not self:
            self._came_from = focused
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._on_edited(self.text())

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()  # here Ctrl+Enter opens beside; it is not the screen's primary act
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        beside = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.popup.isVisible():
            self.list.move_mark(1 if key == Qt.Key.Key_Down else -1)
            self._say_marked()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._take(self.list.at, beside=beside)
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.popup.close_up()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.popup.isVisible():
            self._on_edited(self.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.popup and event.type() == QEvent.Type.Hide:
            self._ticket += 1  # answers still on their way are for nobody
        return super().eventFilter(watched, event)

    def leave(self) -> None:
        """Close, empty the box, and give the focus back to where it was."""
        self.popup.close_up()
        self.clear()
        before, self._came_from = self._came_from, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cap = self._cap.sizeHint()
        self._cap.resize(cap)
        self._cap.move(self.width() - cap.width() - 8, (self.height() - cap.height()) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.now.size.icon
        y = (self.height() - side) / 2
        icons.paint(QPainter(self), "search", "text2", theme.now.px(10), y, side)

    def _on_edited(self, _text: str) -> None:
        self._ticket += 1
        self._hits.clear()
        self._waiting = len(self._providers) if self.text().strip() else 0
        self._pause.start()
        self._show()

    def _ask(self) -> None:
        typed = self.text().strip()
        if not typed or not self.popup.isVisible():
            return
        for number, provider in enumerate(self._providers):
            self._desk.ask(
                self,
                partial(_answer, provider, typed),
                partial(self._keep, self._ticket, number),
                partial(self._lost, self._ticket),
            )

    def _keep(self, ticket: int, number: int, hits: Sequence[Hit]) -> None:
        if ticket != self._ticket:
            return
        self._waiting -= 1
        self._hits[number] = [self._line(hit) for hit in hits]
        self._show()

    def _lost(self, ticket: int, fault: BaseException) -> None:
        if ticket == self._ticket:
            self._waiting -= 1
            self._show()
        self._desk.failed.emit(fault)

    def _line(self, hit: Hit) -> Line:
        detail = f"{hit.kind} · {hit.detail}" if hit.detail else hit.kind
        return Line(hit.title, detail, hit.icon, partial(self._open_hit, hit))

    def _show(self) -> None:
        typed = self.text().strip()
        own = rank(self._own_lines(), typed, self._recent)
        found = [line for number in sorted(self._hits) for line in self._hits[number]]
        found.sort(key=lambda line: line.title not in self._recent)
        # Places that begin with what is typed come first, then what was found, then commands.
        first = [line for line in own if line.title.casefold().startswith(typed.casefold())]
        rest = [line for line in own if line not in first]
        room = ROWS - min(len(found), ROWS - 2)
        lines = [*first[:room], *found, *rest][:ROWS] if typed else own[:ROWS]
        note = "Searching…" if self._waiting > 0 else f"Nothing is called “{typed}”."
        self.list.show_lines(lines, note)
        self.popup.open_under(self)
        self._say_marked()

    def _say_marked(self) -> None:
        lines, at = self.list.lines, self.list.at
        marked = f"{lines[at].title}, {lines[at].detail}" if at < len(lines) else self.list.note
        self.setAccessibleDescription(marked)

    def _take(self, at: int, *, beside: bool) -> None:
        if not self.popup.isVisible() or at >= len(self.list.lines):
            return
        line = self.list.lines[at]
        self._recent = [line.title, *(one for one in self._recent if one != line.title)][:50]
        self._came_from = None
        self.leave()
        line.act(beside)


def _answer(provider: Provider, typed: str, work: Work) -> Sequence[Hit]:
    return provider(work, typed)
