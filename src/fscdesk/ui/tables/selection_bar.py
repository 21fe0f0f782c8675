"""What stands in the header's place while rows are ticked: how many, their sums, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.tables.delegates import FIRST_PAD
from fscdesk.ui.tables.marks import BOX, Tick, hairline, paint_tick
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import ElidedLabel, Label, count_text, plain_tip

GAP = 8


class SelectionBar(QWidget):
    """Covers the headings, so that no row moves when the first one is ticked."""

    all_wanted = Signal()
    """ "All 2,418" was pressed."""
    box_clicked = Signal()
    """The tick box at the left was clicked."""
    clear_wanted = Signal()

    def __init__(
        self,
        acts: Sequence[RowsAct[Any]],
        words: Callable[[Sequence[Any]], str] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._acts, self._words_of = tuple(acts), words
        self._rows: tuple[Any, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName("What is ticked")
        self.box = _Box(self)
        self.box.clicked.connect(self.box_clicked)
        self.count = Label("", "strong")
        self.sums = ElidedLabel("", "small")
        self.everything = Button("All", kind="link", compact=True, on=self.all_wanted.emit)
        self.clear_button = IconButton("x", "Untick all", key="Esc", on=self.clear_wanted.emit)
        self.more = Button("More", compact=True)
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.buttons = {
            act.key: Button(act.word, compact=True, on=lambda act=act: self._do(act))  # type: ignore[misc]
            for act in self._acts
        }
        line = QHBoxLayout(self)
        line.setContentsMargins(FIRST_PAD, 0, 16, 0)
        line.setSpacing(GAP)
        line.addWidget(self.box)
        line.addSpacing(3)
        line.addWidget(self.count)
        self.sums.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        line.addWidget(self.sums)
        line.addWidget(self.everything)
        line.addStretch(1)
        for button in self.buttons.values():
            line.addWidget(button)
        line.addWidget(self.more)
        line.addWidget(self.clear_button)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(400, theme.now.size.selection_bar)

    def show_rows(self, rows: Sequence[Any], total: int, state: Tick) -> None:
        """Say what is ticked; with no rows the bar goes away."""
        self._rows = tuple(rows)
        self.setVisible(bool(rows))
        if not rows:
            return
        self.box.state = state
        self.box.update()
        count = len(self._rows)
        self.count.setText(f"{count_text(count)} selected")
        self.sums.setText(self._words_of(self._rows) if self._words_of else "")
        offered = count < total
        self.everything.setVisible(offered)
        self.everything.set_words(f"All {count_text(total)}")
        self.setAccessibleDescription(f"{self.count.text()}, {self.sums.text()}".rstrip(", "))
        self._judge()
        self._fit()

    def say_busy(self, words: str) -> None:
        """Show in the "All" button that it is working; "" ends that."""
        self.everything.setEnabled(not words)
        if words:
            self.everything.set_words(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        painter.fillRect(self.rect(), now.selected)
        hairline(painter, 0, 0, self.width())
        hairline(painter, 0, self.height() - 1, self.width())

    def _judge(self) -> None:
        """Make the most likely act primary, and switch off what cannot be done, with why."""
        primary = ""
        for act in self._acts:
            reason = act.off_because(self._rows) if act.off_because else ""
            self.buttons[act.key].off_because(reason)
            likely = act.likely(self._rows) if act.likely else True
            if not primary and not reason and likely:
                primary = act.key
        for key, button in self.buttons.items():
            kind = "primary" if key == primary else ""
            if button.property("kind") != kind:
                button.setProperty("kind", kind)
                button.style().unpolish(button)
                button.style().polish(button)

    def _fit(self) -> None:
        """Show the buttons that have room, the primary one first; the others are in More."""
        words = self.count.sizeHint().width() + self.sums.sizeHint().width() + 80
        room = self.width() - min(words, self.width() // 2) - 2 * self.clear_button.width()
        if self.everything.isVisibleTo(self):
            room -= self.everything.sizeHint().width()
        ordered = sorted(
            self._acts, key=lambda act: self.buttons[act.key].property("kind") != "primary"
        )
        shown: set[str] = set()
        wanted = sum(self.buttons[act.key].sizeHint().width() + GAP for act in ordered)
        if wanted > room:
            room -= self.more.sizeHint().width() + GAP
        for act in ordered:
            room -= self.buttons[act.key].sizeHint().width() + GAP
            if room < 0:
                break
            shown.add(act.key)
        for key, button in self.buttons.items():
            button.setVisible(key in shown)
        rest = [act for act in self._acts if act.key not in shown]
        self.more.setVisible(bool(rest))
        self.menu.clear()
        for act in rest:
            entry = QAction(act.word, self.menu)
            entry.setEnabled(self.buttons[act.key].isEnabled())
            entry.setToolTip(plain_tip(self.buttons[act.key].toolTip()))
            entry.triggered.connect(lambda _checked=False, act=act: self._do(act))
            self.menu.addAction(entry)

    def _do(self, act: RowsAct[Any]) -> None:
        act.act(self._rows)


class _Box(QAbstractButton):
    """The tick box of the bar, in line with those of the rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.state = Tick.SOME
        self.setAccessibleName("Tick all that is loaded, or nothing")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(BOX) + 2, theme.now.size.hit_min)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_tick(QPainter(self), 0, self.height() // 2, self.state)
