"""The pane beside a list: one record, the same head everywhere, the next step at its foot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from fscdesk.services.work import Job
from fscdesk.ui import theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import EmptyState, Line
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.painting import box
from fscdesk.ui.tables.button_foot import ButtonFoot
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, Strip
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs
from fscdesk.ui.text import ElidedLabel, Label, money_text

FOLLOW_AFTER_MS = 120
SIDE = 20


class DetailPane(QWidget):
    """Follows the current row; never takes the focus by itself.

    What is shown stays until the next record's answer is there, and its buttons are off while
    another record is on its way: a step is never taken for a record that is not on view.
    """

    closed = Signal()
    step_wanted = Signal(int)
    """-1 or +1: the arrows of the head."""
    refused = Signal(object)
    shown = Signal(object)
    """The row whose details are on view now."""

    def __init__(
        self, desk: Desk, spec: DetailSpec[Any, Any], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._spec = desk, spec
        self._row: Any = None
        self._job: Job | None = None
        self._detail: Any = None
        self._pages: dict[str, QWidget] = {}
        self.instead: Callable[[Any], Any] = lambda row: row
        """What is shown in the place of the current row: ticked ones together, for example."""
        self._wait = QTimer(self, singleShot=True, interval=FOLLOW_AFTER_MS)
        self._wait.timeout.connect(self._ask)
        self.setAccessibleName("Details")
        self._build()

    def follow(self, row: Any) -> None:
        """Show a row soon, or nothing for None; the last one asked for wins."""
        row = self._row = None if row is None else self.instead(row)
        if self._job is not None:
            self._job.cancel()
        if row is None:
            self._wait.stop()
            self._detail = None
            self.foot.setEnabled(False)  # Ctrl+Enter presses nothing of a record that is gone
            self._stack.setCurrentIndex(0)
            return
        self.foot.setEnabled(False)
        self._wait.start()

    def show_detail(self, detail: Any) -> None:
        """Show an answer now: all parts are filled before the switch."""
        self._detail = detail
        head = self._spec.head(detail)
        self.name.setText(head.name)
        self.line.setText(head.line)
        self.line.setVisible(bool(head.line))
        self._fill_badges(head)
        self.strip.show_strip(head.strip)
        self.well.show_figures(head.figures)
        self._fill_foot(head)
        self._fill_page()
        self.foot.setEnabled(True)
        self.setAccessibleDescription(", ".join(part for part in (head.name, head.line) if part))
        self._stack.setCurrentIndex(1)

    def open_tab(self, key: str) -> None:
        """Open a tab by its key, as a click on it does."""
        self.tabs.set_current(key)
        self._fill_page()

    def page(self, key: str) -> QWidget | None:
        """Return a tab's page once it has been opened."""
        return self._pages.get(key)

    def sizeHint(self) -> QSize:
        return QSize(theme.now.size.detail_pane, 400)

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState("panel-right", self._spec.nothing))
        whole = QWidget()
        self._stack.addWidget(whole)
        column = QVBoxLayout(whole)
        column.setContentsMargins(SIDE, 12, SIDE, 12)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(2)
        self.name = ElidedLabel("", "section")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        before = IconButton("arrow-up", "Previous", key="Ctrl+Up", on=lambda: self._step(-1))
        after = IconButton("arrow-down", "Next", key="Ctrl+Down", on=lambda: self._step(1))
        close = IconButton("x", "Close the details", key="F4", on=self.closed.emit)
        head.addWidget(self.name, 1)
        for button in (before, after, close):
            head.addWidget(button)
        column.addLayout(head)
        self.line = Label("", "hint", wrap=True)
        column.addWidget(self.line)
        self._build_head(column)
        self._build_tabs(column)
        self.foot = ButtonFoot()
        column.addWidget(self.foot)
        self._menu = QMenu(self)

    def _build_head(self, column: QVBoxLayout) -> None:
        self._badges = QWidget()
        self._badge_line = QHBoxLayout(self._badges)
        self._badge_line.setContentsMargins(0, 4, 0, 0)
        self._badge_line.setSpacing(6)
        column.addWidget(self._badges)
        self.strip, self.well = _StripBar(), FigureWell()
        column.addWidget(self.strip)
        column.addWidget(self.well)

    def _build_tabs(self, column: QVBoxLayout) -> None:
        self.tabs = ViewTabs("Details")
        self.note = Label("", "hint")
        tabs = QVBoxLayout()
        tabs.setSpacing(0)
        tabs.setContentsMargins(0, 6, 0, 0)
        tab_line = QHBoxLayout()
        tab_line.addWidget(self.tabs, 1)
        tab_line.addWidget(self.note)
        tabs.addLayout(tab_line)
        rule = Line()
        tabs.addWidget(rule)
        column.addLayout(tabs)
        self.body = QWidget()
        self._body_stack = QStackedLayout(self.body)
        self._body_stack.setContentsMargins(0, 0, 0, 0)
        column.addSpacing(8)
        column.addWidget(self.body, 1)
        self.tabs.show_tabs([TabFace(tab.key, tab.word) for tab in self._spec.tabs])
        self.tabs.chosen.connect(lambda _key: self._fill_page())
        for part in (self.tabs, rule):  # one page without a word needs no tab to open it
            part.setVisible(any(tab.word for tab in self._spec.tabs))
        self.body.setVisible(bool(self._spec.tabs))
        if not self._spec.tabs:
            column.addStretch(1)

    @Slot()
    def _ask(self) -> None:
        row = self._row
        if row is None:
            return
        ask = self._spec.ask
        self._job = self._desk.ask(
            self, lambda work: ask(work, row), partial(self._keep, row), self._refuse
        )

    def _keep(self, row: Any, detail: Any) -> None:
        if row is self._row:  # an answer about a row that was left is dropped
            self.show_detail(detail)
            self.shown.emit(row)

    def _refuse(self, fault: BaseException) -> None:
        self.refused.emit(fault)

    def _fill_badges(self, head: PaneHead) -> None:
        _empty(self._badge_line)
        for status in head.badges:
            self._badge_line.addWidget(Badge(status))
        self._badge_line.addStretch(1)
        self._badges.setVisible(bool(head.badges))

    def _fill_foot(self, head: PaneHead) -> None:
        buttons: list[Button] = []
        for place, step in enumerate(head.next_steps):
            first = place == 0 and not step.quiet
            button = Button(step.word, step.icon, "primary" if first else "", on=step.act)
            if step.off_because:
                button.off_because(step.off_because)
            buttons.append(button)
        if head.more:
            buttons.append(IconButton("ellipsis", "More", on=partial(self._show_more, head.more)))
        self.foot.show_buttons(buttons)
        self.foot.setVisible(bool(buttons))

    def _show_more(self, steps: tuple[NextStep, ...]) -> None:
        self._menu.clear()
        for step in steps:
            entry = QAction(step.word, self._menu)
            entry.setEnabled(not step.off_because)
            entry.setToolTip(step.off_because)
            entry.triggered.connect(lambda _checked=False, step=step: step.act())
            self._menu.addAction(entry)
        self._menu.setToolTipsVisible(True)
        self._menu.popup(self.foot.mapToGlobal(self.foot.rect().topRight()))

    def _fill_page(self) -> None:
        tab = next((tab for tab in self._spec.tabs if tab.key == self.tabs.current), None)
        if tab is None or self._detail is None:
            return
        page = self._pages.get(tab.key)
        if page is None:
            made: Any = tab.make()
            page = self._pages[tab.key] = made
            self._body_stack.addWidget(page)
        shows: Any = page
        shows.show_detail(self._detail)
        self._body_stack.setCurrentWidget(page)
        self.note.setText(tab.note)
        self.note.setVisible(bool(tab.note or tab.word))
        self._order_page(page)

    def _order_page(self, page: QWidget) -> None:
        """Let Tab go from the tabs into the page, then to the foot: a page is made late."""
        before: QWidget = self.tabs
        for part in [page, *page.findChildren(QWidget)]:
            # The list of a choice is a window of its own.
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.window() is self.window():
                QWidget.setTabOrder(before, part)
                before = part

    def _step(self, step: int) -> None:
        self.step_wanted.emit(step)


class _StripBar(QWidget):
    """Where it stands, as a row of short bars and a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._strip: Strip | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(self, strip: Strip | None) -> None:
        self._strip = strip
        self.setVisible(strip is not None)
        if strip is not None:
            at = min(strip.done + 1, strip.steps)
            self.setAccessibleName(f"Step {at} of {strip.steps}. {strip.words}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, theme.now.px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        strip, now = self._strip, theme.now
        if strip is None:
            return
        painter = QPainter(self)
        wide = (self.width() - 4 * (strip.steps - 1)) / strip.steps
        for place in range(strip.steps):
            colour = now.border
            if place < strip.done:
                colour = now.tone("green").solid
            elif place == strip.done:
                colour = now.tone(strip.tone).solid
            x = round(place * (wide + 4))
            box(painter, QRect(x, 8, round(wide), 5), 2, colour)
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        at = min(strip.done + 1, strip.steps)
        words = f"Step {at} of {strip.steps}. {strip.words}"
        rect = self.rect().adjusted(0, 18, 0, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, elide(words, rect.width(), "small"))


class FigureWell(QWidget):
    """Up to four figures on a sunken ground."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: tuple[Figure, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        self._figures = figures
        self.setVisible(bool(figures))
        words = [f"{figure.label} {_figure_text(figure)}" for figure in figures]
        self.setAccessibleName(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, theme.now.px(64) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._figures:
            return
        now, painter = theme.now, QPainter(self)
        ground = self.rect().adjusted(0, 8, 0, 0)
        box(painter, ground, now.radius_card, now.sunken, now.border)
        wide = (ground.width() - 28) // len(self._figures)
        figure_font = QFont(now.font("strong"))
        figure_font.setPixelSize(now.px(16))
        for place, figure in enumerate(self._figures):
            x = 14 + place * wide
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            upper = ground.adjusted(x, now.px(10), 0, 0)
            painter.drawText(
                upper, Qt.AlignmentFlag.AlignTop, elide(figure.label, wide - 6, "small")
            )
            below = figure.amount is not None and figure.amount.cents < 0 and not figure.plain
            quiet = figure.amount is not None and not figure.amount
            painter.setPen(now.negative if below else now.text3 if quiet else now.text)
            painter.setFont(figure_font)
            words = QFontMetrics(figure_font).elidedText(
                _figure_text(figure), Qt.TextElideMode.ElideRight, wide - 4
            )
            lower = ground.adjusted(x, now.px(29), 0, 0)
            painter.drawText(lower, Qt.AlignmentFlag.AlignTop, words)


def _figure_text(figure: Figure) -> str:
    return figure.text or money_text(figure.amount, zero_dash=False)


def _empty(line: QHBoxLayout) -> None:
    while line.count():
        item = line.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
