"""The Home screen: the metrics against their goals, what needs a person, and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.importing.taking_back import Undone
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.reports.freshness import LastDone
from fscdesk.services.reports.metrics import MoneyWeek
from fscdesk.services.reports.twelve_months import MonthSeen
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.actions import action
from fscdesk.ui.dialogs.question import QuestionDialog
from fscdesk.ui.forms.buttons import ActionButton, Button
from fscdesk.ui.forms.card import LEFT, RIGHT, EmptyState, Scrolled, TitleLine
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.home.alerts_card import AlertsCard
from fscdesk.ui.screens.home.metric_tile import MetricBand
from fscdesk.ui.screens.home.money_cards import MoneyByWeekCard, OpenByAgeCard
from fscdesk.ui.screens.home.month_cards import MonthCards
from fscdesk.ui.screens.home.needs_card import NeedsCard
from fscdesk.ui.screens.home.news_cards import FreshnessCard, LastDoneCard
from fscdesk.ui.screens.home.reading import (
    News,
    OpenMoney,
    Overview,
    read_months,
    read_news,
    read_open,
    read_overview,
    read_weeks,
)
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.text import Label, count_text, long_day_text, moment_text
from fscdesk.ui.undo import Undo

TOPICS = frozenset(Topic) - {Topic.VIEWS, Topic.STAFF}
SIDE, GAP = 320, 16
BESIDE_FROM = 1000
"""From this width on, freshness stands beside the queue; below, under it."""
CHARTS_HIGH, MOST_ITEMS = 280, 100
OLD_AFTER_MS = 60_000
"""Whoever comes back to Home after so long sees figures that are read again."""


class HomeScreen(Screen):
    """Everything is read in the background, in five questions, and shown as it comes."""

    title = "Home"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        desk, refused = shell.desk, shell.messages.refused
        self._overview = Latest[Overview](desk, self, self._on_overview, self._on_unread)
        self._open = Latest[OpenMoney](desk, self, self._on_open, refused)
        self._weeks = Latest[tuple[MoneyWeek, ...]](desk, self, self._on_weeks, refused)
        self._months = Latest[tuple[MonthSeen, ...]](desk, self, self._on_months, refused)
        self._news = Latest[News](desk, self, self._on_news, refused)
        self._read = QElapsedTimer()
        self._stale = True
        self._primary: QAction | None = None
        self.head = TitleLine("")
        self.as_of = Label("", "hint")
        self.head.add(self.as_of)
        self._add_buttons()
        self.band = MetricBand()
        self.alerts = AlertsCard(shell)
        self.needs = NeedsCard(shell)
        self.months = MonthCards(shell)
        self.by_age = OpenByAgeCard(shell)
        self.by_week = MoneyByWeekCard(shell)
        self.fresh = FreshnessCard(shell)
        self.done = LastDoneCard(shell)
        self._build()
        self._connect()

    def primary(self) -> QAction | None:
        return self._primary

    def refresh(self) -> None:
        """Look again at everything."""
        self._ask()
        self.needs.part.refresh()
        self.alerts.part.refresh()

    def panes(self) -> tuple[QWidget, ...]:
        if self._stack.currentWidget() is self.empty:
            return ()
        cards: tuple[QWidget, ...] = (self.by_age, self.by_week.chart, self.fresh, self.done)
        alerts = () if self.alerts.isHidden() else (self.alerts.part.view,)
        return (self.band, *self.months.charts, *alerts, self.needs.part.view, *cards)

    def here(self) -> Mapping[str, object]:
        row = self.needs.part.view.picking.current_row
        return {"item": row.id} if row is not None else {}

    def on_shown(self, **what: Any) -> None:
        self.alerts.begin()
        self.needs.today.learn(self.shell.desk, self)
        old = not self._read.isValid() or self._read.hasExpired(OLD_AFTER_MS)
        if self._stale or old:
            self._ask()
        if what.get("item"):
            self.needs.part.go_to(what["item"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # Building

    def _add_buttons(self) -> None:
        shell = self.shell
        payments = shell.has("payments")
        if shell.has("importing"):
            bring = action(self, "Import files", lambda: shell.open("importing"))
            kind = "" if payments else "primary"
            self.head.add(ActionButton(bring, "file-input", kind))  # type: ignore[arg-type]
            self._primary = bring
        if payments:
            enter = action(self, "Enter payment", lambda: shell.open("payments", new=True))
            self.head.add(ActionButton(enter, "plus", "primary"))
            self._primary = enter

    def _build(self) -> None:
        charts = QHBoxLayout()
        charts.setSpacing(GAP)
        charts.addWidget(self.by_age, 11)
        charts.addWidget(self.by_week, 10)
        main = QVBoxLayout()
        main.setSpacing(GAP)
        main.addWidget(self.alerts)
        main.addWidget(self.needs, 1)
        main.addLayout(charts)
        self._side = QWidget()
        self._side_box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._side)
        self._side_box.setContentsMargins(0, 0, 0, 0)
        self._side_box.setSpacing(GAP)
        self._side_box.addWidget(self.fresh, 1)
        self._side_box.addWidget(self.done, 1)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(GAP)
        self._both.addLayout(main, 1)
        self._both.addWidget(self._side)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(LEFT, 4, RIGHT, GAP)
        inside.setSpacing(GAP)
        inside.addWidget(self.band)
        inside.addWidget(self.months)
        inside.addLayout(self._both, 1)
        self.area = Scrolled(page, "Home")
        importing = self.shell.has("importing")
        more = " Import the appointment report from SimplePractice." if importing else ""
        self.empty = EmptyState(
            "file-input",
            f"No sessions yet.{more}",
            "Import files" if importing else "",
            lambda: self.shell.open("importing"),
        )
        if self.shell.has("accounting"):
            opening = partial(self.shell.open, "accounting", tab="opening")
            self.empty.also(Button("Enter opening balances", kind="link", on=opening))
        below = QWidget()
        self._stack = QStackedLayout(below)
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(below, 1)
        self.setAccessibleName("Home")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusProxy(self.needs.part.view)

    def _connect(self) -> None:
        self.band.opened.connect(lambda metric: self._go(metric.list_of))
        self.needs.part.answered.connect(self._share_height)
        self.alerts.opened.connect(self._go)
        self.alerts.part.answered.connect(self._share_height)
        self.needs.opened.connect(lambda need: self._go(need.opens))
        self.by_age.opened.connect(
            lambda bucket: self.shell.open("aging", by="payer", key=EVERYBODY, bucket=bucket)
        )
        self.by_week.opened.connect(self._go_to_week)
        for card in (self.fresh, self.done, self.months):
            card.opened.connect(lambda place, asked: self.shell.open(place, **asked))
        self.done.undo_wanted.connect(self._on_undo_wanted)
        self.shell.desk.changed.connect(self._on_changed)
        theme.changed.connect(self._arrange)

    def _arrange(self) -> None:
        """Put freshness beside the queue, or under it where the sheet is narrow."""
        way = QBoxLayout.Direction
        now = theme.now
        beside = self.width() >= now.px(BESIDE_FROM)
        self._both.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self._side_box.setDirection(way.TopToBottom if beside else way.LeftToRight)
        self._side.setMinimumWidth(now.px(SIDE) if beside else 0)
        self._side.setMaximumWidth(now.px(SIDE) if beside else 16_777_215)
        self._share_height()

    def _share_height(self) -> None:
        """Let the charts grow when all items are on view, but not beyond reason."""
        least = max(self.by_age.minimumSizeHint().height(), self.by_week.minimumSizeHint().height())
        above = self.band.height() + self.months.sizeHint().height() + GAP
        room = self.area.viewport().height() - above - 3 * GAP - 4
        alerts = 0 if self.alerts.isHidden() else self.alerts.height() + GAP
        spare = room - alerts - self.needs.height_for(MOST_ITEMS) - GAP
        high = max(least, min(theme.now.px(CHARTS_HIGH), spare))
        for card in (self.by_age, self.by_week):
            card.setFixedHeight(high)

    # Asking

    def _ask(self) -> None:
        self._stale = False
        self._read.start()
        self._overview.ask(read_overview)
        self._open.ask(read_open)
        self._weeks.ask(read_weeks)
        self._months.ask(read_months)
        self._news.ask(read_news)

    def _on_overview(self, seen: Overview) -> None:
        self.head.heading.setText(long_day_text(seen.today))
        self.as_of.setText(f"Figures as of {moment_text(seen.at, self.shell.practice.zone)}")
        self.band.show_metrics(seen.metrics, seen.today)
        self._stack.setCurrentWidget(self.empty if seen.empty else self.area)

    def _on_open(self, money: OpenMoney) -> None:
        self.by_age.show_aging(money.aging)

    def _on_weeks(self, weeks: tuple[MoneyWeek, ...]) -> None:
        self.by_week.show_weeks(weeks)

    def _on_months(self, months: tuple[MonthSeen, ...]) -> None:
        self.months.show_months(months)

    def _on_news(self, news: News) -> None:
        self.fresh.show_freshness(news.freshness)
        self.done.show_done(news.done, news.today)

    def _on_unread(self, fault: BaseException) -> None:
        self._stale = True
        if isinstance(fault, Problem) and not self.head.heading.text():
            self.head.heading.setText("Home")
        self.shell.messages.refused(fault)

    # What happens

    def _go(self, opens: Any) -> None:
        """Open the list behind a figure."""
        if self.shell.has(opens.place):
            self.shell.open(opens.place, **opens.asked)
        else:
            self.shell.messages.info("The list behind this has no screen in this version.")

    def _go_to_week(self, monday: date) -> None:
        """Open the payments that were posted in a week."""
        week = Days(start=monday, end=monday + timedelta(days=6))
        state = FilterState().with_days("day", week)
        self.shell.open("payments", tab="payments", view="all", filters=state.to_json())

    def _on_undo_wanted(self, act: LastDone) -> None:
        dialog = QuestionDialog(
            "Undo this import?",
            f"{act.words}. What it made is taken back with reversing entries, and what it changed"
            " is as it was before. The file can be imported again.",
            "Undo the import",
            "Keep it",
            self,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._undo(act))
        dialog.open()

    def _undo(self, act: LastDone) -> None:
        self.shell.undo.push(Undo(act.words, lambda work: _undo_words(work, act.id)))
        if not self.shell.undo.undo():
            self.shell.messages.info("Another undo is under way. Press Ctrl+Z when it is done.")

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & TOPICS:
            return
        if not self.isVisible():
            self._stale = True
            return
        for one in (self._overview, self._open, self._weeks, self._months, self._news):
            one.again()


def _undo_words(work: Work, batch: int) -> str:
    """Take an import back, and say what that did."""
    done: Undone = undo_import(work, batch)
    parts = [
        count_text(done.withdrawn, "session") + " withdrawn" if done.withdrawn else "",
        count_text(done.restored, "session") + " as before" if done.restored else "",
        count_text(done.entries_reversed, "entry", "entries") + " reversed",
    ]
    said = ", ".join(part for part in parts if part)
    return f"Undid the import of {done.file_name}: {said}."
