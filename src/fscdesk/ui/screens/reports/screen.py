"""The Reports screen: the list by question, the parameters, and the figures with what is behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from fscdesk.services.errors import Cancelled, Problem
from fscdesk.services.reports.books import Lines
from fscdesk.services.reports.exporting import pdf_bytes
from fscdesk.services.reports.report_asked import Kept
from fscdesk.services.reports.report_catalogue import CATALOGUE, REPORTS, ReportKind
from fscdesk.services.reports.report_made import NOTHING_BEHIND
from fscdesk.services.work import Topic
from fscdesk.ui.actions import Menu, action, off_because
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, EmptyState, Line
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.jobs.desk import Ended
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.reports.asking import (
    Remembered,
    Shown,
    read_remembered,
    read_report,
    remember,
)
from fscdesk.ui.screens.reports.chips import Chips
from fscdesk.ui.screens.reports.drilled import Drilled
from fscdesk.ui.screens.reports.figures import FiguresView
from fscdesk.ui.screens.reports.giving_out import GivingOut
from fscdesk.ui.screens.reports.head import ReportHead
from fscdesk.ui.screens.reports.pages_pane import PagesPane
from fscdesk.ui.screens.reports.report_list import ReportList
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.text import Label

TOPICS = frozenset(Topic) - {Topic.VIEWS, Topic.STAFF}
FIGURES, PAGES = "figures", "pages"
AFTER_MS, WAIT_MS, MOST_NOTES = 120, 300, 6
"""How long a report is current before it is made, how long it is made before that is said; and
how many of its notes stand below the figures (the pages have all)."""


class ReportsScreen(Screen):
    """Opened with ``report`` it shows that one; what else is named are its parameters.

    ``cell`` (row and column), ``drilled`` and ``line`` are what ``here`` wrote.
    """

    title = "Reports"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, ask_path: AskPath | None = None
    ) -> None:
        super().__init__(shell, parent)
        self.report: ReportKind = CATALOGUE[0]
        self.shown: Shown | None = None
        self.kept: dict[str, Kept] = {}
        self._known = False
        self._today = date.min  # the office's, once it is known
        self._stale = True
        self._asked_for: Mapping[str, Any] = {}
        self._wanted: tuple[int, int] | None = None
        self._drill_wanted, self._line_wanted = False, 0
        self._figures = Latest[Shown](shell.desk, self, self._on_figures, self._on_unread)
        self._pdf = Latest[bytes](shell.desk, self, self._on_pdf, shell.messages.refused)
        self.giving = GivingOut(shell, self, ask_path)
        self.list = ReportList()
        self.head = ReportHead()
        self.as_pages = Segmented("Show", [(FIGURES, "Figures"), (PAGES, "Pages")])
        self.print_button = Button("Print", "printer", tip="Ctrl+P", on=self.print_)
        self.export_button = Button("Export", "download", tip="Ctrl+Shift+E", on=self.export)
        self.head.line.add(self.as_pages, self.print_button, self.export_button)
        self.chips = Chips(shell.practice.patient)
        self.figures = FiguresView()
        self.pages = PagesPane()
        self.drilled = Drilled(shell, ask_path)
        self.waiting = EmptyState("hourglass", "", "Stop", self._figures.stop)
        self.fault = EmptyState("unlink", "", "Make it again", self.refresh)
        self.notes = Label("", "hint", wrap=True)
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._slow = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._build()
        self._open_entry = action(
            self, "Open entry", lambda: self.drilled.go_to_entry(self.drilled.part.chosen())
        )
        self._open_entry.setVisible(False)
        action(self, "Other days", self.chips.open_days, "Ctrl+D")
        action(self, "Figures or pages", self._turn_over, "Ctrl+G")
        for report in CATALOGUE:
            action(self, f"Report: {report.title}", partial(self.open_report, report.name))
        shell.desk.changed.connect(self._on_changed)
        shell.desk.ended.connect(self._on_ended)

    # What the window asks of a screen

    def primary(self) -> QAction | None:
        return self._open_entry if self.is_drilled else None

    def refresh(self) -> None:
        """Make the report again."""
        self._ask()

    def find_(self) -> None:
        self.list.seek()

    def print_(self) -> None:
        if self.shown is not None:
            self.giving.preview(self.shown)

    def explain(self) -> None:
        """Open what the number under the keys is made of (Ctrl+E)."""
        self.open_cell(*self.figures.place())

    def export(self) -> None:
        under = QPoint(0, self.export_button.height() + 4)
        self.export_menu().popup(self.export_button.mapToGlobal(under))

    def export_menu(self) -> Menu:
        """Return what can be given out now: the report, and the lines of the open number."""
        lines = self.drilled.part if self.is_drilled else None
        return self.giving.menu(self.shown, lines)

    def escape(self) -> bool:
        if self.list.end_finding():
            self.list.rows.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if self.is_drilled:
            if not self.drilled.part.escape():
                self.close_lines()
            return True
        if self.list.rows.hasFocus() or self.list.field.hasFocus():
            return False
        self.list.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def panes(self) -> tuple[QWidget, ...]:
        chips = (next(iter(self.chips.chips.values())),) if self.chips.chips else ()
        front = self.drilled.part.view if self.is_drilled else self._stack.currentWidget()
        return (self.list.rows, *chips, *(() if front is None else (front,)))

    def here(self) -> Mapping[str, object]:
        line = self.drilled.part.view.picking.current_row if self.is_drilled else None
        return {
            "report": self.report.name,
            "cell": self.figures.place(),
            "drilled": self.is_drilled,
            "line": 0 if line is None else line.id,
        }

    def on_shown(self, **what: Any) -> None:
        self._asked_for = what
        if self._known:
            self._begin()
        else:
            self.shell.desk.ask(
                self, read_remembered, self._on_remembered, self.shell.messages.refused
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.fit(self.width())

    # What a person does

    @property
    def is_drilled(self) -> bool:
        """Whether the lines of a number are on view."""
        return self._stack.currentWidget() is self.drilled

    def open_report(self, name: str, kept: Kept | None = None) -> None:
        """Show a report, with other parameters if they are given."""
        self.report = REPORTS[name]
        if kept is not None:
            self.kept[name] = kept
        self.list.choose(name)
        self._ask()
        self._remember(kept)

    def open_cell(self, row: int, column: int) -> None:
        """Open what a number is made of: its lines here, or its list in another place."""
        if self.shown is None or row < 0:
            return
        figures = self.figures.figures
        behind = figures.behind(row, column)
        if isinstance(behind, Lines):
            self.drilled.show_lines(behind, figures.name_of(row, column))
            self._stack.setCurrentWidget(self.drilled)
            off_because(self._open_entry, "")
            self.drilled.part.view.setFocus(Qt.FocusReason.OtherFocusReason)
            if self._line_wanted:
                self.drilled.part.go_to(self._line_wanted)
                self._line_wanted = 0
        elif behind is not None and self.shell.has(behind.place):
            self.shell.open(behind.place, **behind.asked)
        elif behind is None and figures.is_number(column) and figures.words(row, column):
            self.shell.messages.info(NOTHING_BEHIND)

    def close_lines(self) -> None:
        """Close the lines; the keys are on their number again."""
        self._stack.setCurrentWidget(self.figures)
        self.figures.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build(self) -> None:
        body = QWidget()
        self._stack = QStackedLayout(body)
        for one in (self.figures, self.pages, self.drilled, self.waiting, self.fault):
            self._stack.addWidget(one)
        self._notes = QWidget()
        foot = QVBoxLayout(self._notes)
        foot.setContentsMargins(LEFT, 8, RIGHT, 10)
        foot.addWidget(self.notes)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.head)
        right.addWidget(self.chips)
        right.addWidget(body, 1)
        right.addWidget(Line())
        right.addWidget(self._notes)
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(self.list)
        both.addWidget(Line(upright=True))
        both.addLayout(right, 1)
        self.list.chosen.connect(self._on_chosen)
        self.list.entered.connect(self._on_entered)
        self.chips.changed.connect(self._on_kept)
        self.figures.opened.connect(self.open_cell)
        self.figures.typed.connect(self.list.seek)
        self.drilled.closed.connect(self.close_lines)
        self.as_pages.chosen.connect(lambda _key: self._show_body())
        self._soon.timeout.connect(self._on_soon)
        self._slow.timeout.connect(self._on_slow)
        self.setAccessibleName("Reports")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusProxy(self.list.rows)

    def _on_remembered(self, found: Remembered) -> None:
        self._known, self._today = True, found.today
        known = {param.key for report in CATALOGUE for param in report.params}
        for name, kept in found.kept.items():
            self.kept.setdefault(name, {key: kept[key] for key in kept if key in known})
        if found.last in REPORTS:
            self.report = REPORTS[found.last]
        self._begin()

    def _begin(self) -> None:
        """Show what was asked for, or the report that was looked at last."""
        what = dict(self._asked_for)
        self._asked_for = {}
        name = str(what.pop("report", ""))
        cell, self._drill_wanted = what.pop("cell", None), bool(what.pop("drilled", False))
        self._line_wanted = int(what.pop("line", 0) or 0)
        self._wanted = cell if isinstance(cell, tuple) and cell[0] >= 0 else None
        other = name in REPORTS and name != self.report.name
        if name in REPORTS:
            self.report = REPORTS[name]
        takes = {param.key for param in self.report.params}
        if takes & what.keys():
            self.kept[self.report.name] = {key: what[key] for key in takes & what.keys()}
            other = True
        self.list.choose(self.report.name)
        if other or self._stale or self.shown is None:
            self._ask()
        elif self._wanted is not None and self._drill_wanted and not self.is_drilled:
            self._go_back()

    # Asking

    def _ask(self) -> None:
        name = self.report.name
        kept = dict(self.kept.get(name, {}))
        self._stale = False
        self._soon.stop()
        if self.shown is None or self.shown.name != name:
            self._slow.start()
            self.head.say(self.report.title, self.report.answers)
            self.chips.show_report(self.report, kept, self._today)
        self._figures.ask(lambda work: read_report(work, name, kept), title=self.report.title)

    def _on_figures(self, shown: Shown) -> None:
        self._slow.stop()
        same = self.shown is not None and self.shown.name == shown.name
        self.shown, self._today = shown, shown.today
        table = shown.made.table
        as_of = () if table.as_of is None else (f"as of {table.as_of:%m/%d/%Y}",)
        self.head.say(table.title, ", ".join((*as_of, *table.filters)))
        self.chips.show_report(self.report, shown.kept, shown.today)
        self.notes.setText("\n".join(table.notes[:MOST_NOTES]))
        self._notes.setVisible(bool(table.notes))
        self.figures.show_report(shown.made, same=same)
        for button in (self.print_button, self.export_button):
            button.off_because("")
        if not (same and self.is_drilled):
            self._show_body()
        if self._wanted is not None:
            self._go_back()

    def _go_back(self) -> None:
        """Put the keys on the number that was left, and open its lines if they were open."""
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        self.figures.go(*wanted)
        drilled, self._drill_wanted = self._drill_wanted, False
        if drilled:
            self.open_cell(*wanted)
        elif self.isVisible():
            self.figures.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_unread(self, fault: BaseException) -> None:
        self._slow.stop()
        self.shown = None
        for button in (self.print_button, self.export_button):
            button.off_because("There is no report yet")
        self._notes.hide()
        self._stack.setCurrentWidget(self.fault)
        if isinstance(fault, Cancelled):
            self.fault.say(f"{self.report.title} was stopped.", "circle-stop")
        elif isinstance(fault, Problem):
            self.fault.say(f"{fault.message} {fault.hint}".strip(), "info")
        else:
            self.fault.say(f"{self.report.title} could not be made.", "unlink")
            self.shell.messages.refused(fault)

    def _on_ended(self, ended: Ended) -> None:
        """Say that the report was stopped, here or in the list of what runs."""
        if isinstance(ended.fault, Cancelled) and self._figures.gave_up(ended.job):
            self._on_unread(ended.fault)

    def _show_body(self) -> None:
        """Show figures or pages, whichever was chosen."""
        if self.shown is None:
            return
        if self.as_pages.value() == FIGURES:
            self._stack.setCurrentWidget(self.figures)
            return
        table = self.shown.made.table
        self._pdf.ask(lambda _work: pdf_bytes(table))

    def _on_pdf(self, pdf: bytes) -> None:
        if self.as_pages.value() == PAGES:
            self._stack.setCurrentWidget(self.pages)
            self.pages.show_pdf(pdf)

    def _turn_over(self) -> None:
        """Show the pages instead of the figures, or the other way."""
        self.as_pages.set_value(PAGES if self.as_pages.value() == FIGURES else FIGURES)
        self._show_body()
        if self.as_pages.value() == FIGURES:
            self.figures.setFocus(Qt.FocusReason.OtherFocusReason)

    # What happens

    def _on_chosen(self, name: str) -> None:
        self.report = REPORTS[name]
        self._soon.start()

    def _on_soon(self) -> None:
        self._ask()
        self._remember(None)

    def _on_slow(self) -> None:
        self.waiting.say(f"Making {self.report.title}…", "hourglass")
        self._stack.setCurrentWidget(self.waiting)

    def _on_entered(self) -> None:
        if self._soon.isActive():
            self._on_soon()
        self._show_body()
        self.figures.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_kept(self, kept: Kept) -> None:
        self.kept[self.report.name] = kept
        self._ask()
        self._remember(kept)

    def _remember(self, kept: Kept | None) -> None:
        name = self.report.name
        self.shell.desk.act(self, lambda work: remember(work, name, kept), lambda _done: None)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & TOPICS:
            return
        if self.isVisible():
            self._figures.again()
        else:
            self._stale = True
