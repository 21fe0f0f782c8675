"""Under the list: the sum of the period, its difference, and the way to finish it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fscdesk.services.banking.bank_sheet import BankSheet
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.painting import hairline
from fscdesk.ui.screens.reconciliation.sums_line import Sum, SumsLine
from fscdesk.ui.screens.reconciliation.words import stated
from fscdesk.ui.text import Label, short_day_text

WHY_LEAST, WHY_WIDE = 132, 240
GAP = 16


class BankFoot(QWidget):
    """Start + in − out = matched, the statement, the difference; then why, and the button."""

    def __init__(self, press: Callable[[], object]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sums = SumsLine()
        self.why = Label("", "hint", wrap=True)
        self.why.setMinimumWidth(WHY_LEAST)
        self.why.setMaximumWidth(WHY_WIDE)
        self.why.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = Button("Begin the period", on=press, tip="Ctrl+Enter")
        self._enter = EnterPath([self.button], press, self)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 11, RIGHT, 10)
        line.setSpacing(GAP)
        line.addWidget(self.sums, 1)
        line.addWidget(self.why)
        line.addWidget(self.button)

    def show_sheet(self, sheet: BankSheet, verb: str, why_not: str) -> None:
        """Show a period: its figures, the button's verb, and why it is off."""
        self.sums.show_sums(sums_of(sheet))
        done = sheet.period.completed
        ready = not why_not and sheet.state is not None
        self.button.set_words(verb)
        self.button.set_kind("primary" if ready and not done else "")
        self.button.off_because(why_not)
        words = short_why(sheet) if why_not else ""
        if sheet.state is None:
            words = "Type the statement’s last day and ending balance."
        elif done:
            words = f"Reconciled: {sheet.period.number}. Its lines are locked."
        elif not why_not:
            words = "All agrees. Finishing locks it and keeps its page."
        self.why.setText(words)
        self.why.setToolTip(why_not)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave the words to the button's tooltip where they would cut the figures."""
        figures = self.sums.minimumSizeHint().width() + GAP + self.button.sizeHint().width()
        self.why.setVisible(LEFT + figures + GAP + WHY_LEAST + RIGHT <= self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        hairline(QPainter(self), 0, 0, self.width())


def sums_of(sheet: BankSheet) -> tuple[Sum, ...]:
    """Return the figures of a period; of one that is not begun what is known of it."""
    state = sheet.state
    if state is None:
        told = sheet.period.statement
        known = (Sum("Statement", stated(told)),) if told is not None else ()
        return (Sum("Not finished", f"{sheet.unfinished:,}"), *known)
    tone = "amber" if state.difference else "green"
    return (
        Sum(f"Start {short_day_text(state.first_day)}", stated(state.opening)),
        Sum("Matched in", stated(state.cleared_in), "+"),
        Sum("Matched out", stated(-state.cleared_out), "−"),
        Sum("Matched balance", stated(state.cleared_balance), "="),
        Sum(f"Statement {short_day_text(state.last_day)}", stated(state.statement), apart=True),
        Sum("Difference", stated(state.difference), tone=tone),
    )


def short_why(sheet: BankSheet) -> str:
    """Return in few words what is missing; the whole stands in the tooltip."""
    state = sheet.state
    if state is None:
        return ""
    if state.open_lines:
        count = len(state.open_lines)
        lines = "line of the bank is" if count == 1 else "lines of the bank are"
        return f"{count} {lines} not matched."
    return next(iter(state.missing), "")
