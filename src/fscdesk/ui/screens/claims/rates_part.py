"""The Denial rates tab: how much of what payers answer they deny, and what appeals bring back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy
from fscdesk.services.claims.denials_counted import Counted
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.counted_lines import CountedLines, OpenRow
from fscdesk.ui.screens.claims.rates_list import DAY, ROWS, RateLine, lines_of, rates_of, rates_spec
from fscdesk.ui.screens.claims.rates_top import RatesTop
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab

PERIOD = FilterState().with_days(DAY, Days(word="this_year"))
"""What is asked before anybody chose, as on the command line."""
ROOM = 560
"""Below this height the columns give their room to the lines that are open."""


class RatesPart(PaneTab[RateLine]):
    """Columns and appeals above, rows below; Enter on any of them opens what it is made of."""

    def __init__(self, shell: Shell, keeping: Keeping, ask_path: AskPath | None = None) -> None:
        self.by = DenialsBy.PAYER
        super().__init__(shell, rates_spec(lambda: self.by), keeping=keeping, opens=self._open_line)
        self._shell, self._asked = shell, PERIOD
        self.shown: DenialRates | None = None
        self._wanted: tuple[str, Counted] | None = None
        self.top = RatesTop()
        self.top.row_wanted.connect(self.open_row)
        self.top.appeals_wanted.connect(self.open_appeals)
        self.list.put_above(self.top)
        self.lines = CountedLines(shell, keeping, ask_path)
        self.lines.closed.connect(self.close_lines)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self.lines)
        column.setStretch(0, 1)
        column.setStretch(1, 1)
        self.rows = Segmented("Rows", [(key.value, word) for key, word in ROWS.items()])
        self.rows.chosen.connect(lambda key: self.show_by(DenialsBy(key)))
        line = self.list.line_row.layout()
        if isinstance(line, QHBoxLayout):
            line.insertWidget(0, _after_margin(self.rows))
            line.insertWidget(
                2, Button("Print", "printer", "quiet", compact=True, tip="Ctrl+P", on=self.print_)
            )
        self._latest: Latest[DenialRates] = Latest(
            shell.desk, self, self._on_rates, shell.messages.refused
        )
        for key, word in ROWS.items():
            action(self, f"Denial rates by {word.lower()}", partial(self.show_by, key))
        self.list.filter_by(PERIOD)

    # What is shown

    def show_by(self, by: DenialsBy) -> None:
        """Let something else stand in a row."""
        self.rows.set_value(by.value)
        if by is not self.by:
            self.by = by
            self.close_lines()
            self._seen = None  # other rows: the first of them becomes current
            self.list.ask_again()

    def open_row(self, key: str, what: Counted = Counted.DENIED) -> None:
        """Open what a row is made of, below."""
        found = self.shown
        line = next((one for one in lines_of(found) if one.key == key), None) if found else None
        if found is None or line is None:
            return
        self.list.go_to(line.id)
        row = OpenRow(found.first, found.last, found.by, key, line.name)
        self.lines.show_row(row, what)
        self._fit()
        self.lines.denials.view.setFocus()

    def open_appeals(self, outcome: str) -> None:
        """Open the appeals of the period that ended so, below."""
        if self.shown is not None:
            self.lines.show_appeals(self.shown.first, self.shown.last, outcome)
            self._fit()
            self.lines.appeals.view.setFocus()

    def close_lines(self) -> None:
        """Close what is open below, and go back to the rows."""
        was = not self.lines.isHidden()
        self.lines.forget()
        self._fit()
        if was and self.isVisible():
            self.list.view.setFocus()

    def print_(self) -> None:
        """Show the rates as they print, with how the appeals ended (Ctrl+P)."""
        state, by = self.list.state, self.by
        self._shell.desk.ask(
            self,
            lambda work: _pages(work, state, by),
            lambda pdf: self._shell.preview(pdf, "Denial rates", "denial_rates.pdf"),
            self._shell.messages.refused,
            title="Denial rates",
        )

    def here(self) -> Mapping[str, object]:
        """Return what brings the same rows back."""
        row = self.lines.row
        return {
            "by": self.by.value,
            **({} if row is None else {"key": row.key, "what": self.lines.what.value()}),
        }

    def put_back(self, what: Mapping[str, object]) -> None:
        """Show again what ``here`` named."""
        self.show_by(DenialsBy(str(what["by"])))
        key = what.get("key")
        self._wanted = (str(key), Counted(str(what["what"]))) if key is not None else None
        self._ask()

    # What the screen asks

    def escape(self) -> bool:
        if self.lines.isVisible():
            self.close_lines()
            return True
        return super().escape()

    def panes(self) -> tuple[QWidget, ...]:
        below = (self.lines.part.view,) if self.lines.isVisible() else ()
        return (self.top.chart, *self.list.panes(), *below)

    def export(self) -> None:
        (self.lines.part if self._in_lines() else self.list).export()

    # What happens

    def _open_line(self, line: RateLine) -> None:
        self.open_row(line.key)

    def _in_lines(self) -> bool:
        here = self.focusWidget()
        return here is not None and self.lines.isVisible() and self.lines.isAncestorOf(here)

    def _on_answered(self) -> None:
        super()._on_answered()
        if self.list.state.days != self._asked.days:
            self.close_lines()
        self._asked = self.list.state
        self._ask()  # the columns say what the rows say

    def _ask(self) -> None:
        state, by = self.list.state, self.by
        self._latest.ask(lambda work: rates_of(work, state, by))

    def _on_rates(self, found: DenialRates) -> None:
        self.shown = found
        self.top.show_rates(found)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.open_row(*wanted)

    def _fit(self) -> None:
        self.top.setVisible(self.lines.isHidden() or self.height() >= theme.now.px(ROOM) * 2)


def _after_margin(part: QWidget) -> QWidget:
    """Return a part that begins where content begins on the sheet."""
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(24, 0, 0, 0)
    line.addWidget(part)
    return whole


def _pages(work: Work, state: FilterState, by: DenialsBy) -> bytes:
    from fscdesk.services.reports.denials_report import denials_report
    from fscdesk.services.reports.exporting import pdf_bytes

    return pdf_bytes(denials_report(work, rates_of(work, state, by)))
