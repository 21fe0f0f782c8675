"""Below the grid: what was planned for the current cell, what came, and the difference in words."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.reports.budget_sheet import BudgetSheet
from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screens.accounting_plans.budget_rows import (
    GridRow,
    RowKind,
    Spread,
    column_words,
    difference_words,
    is_worse,
    months_over,
)
from fscdesk.ui.text import ElidedLabel, money_text

_KEYS = (
    "Type an amount; a quarter or the year is spread.  a last year’s actual, a+5 raised by 5 %, "
    "+3% what stands raised, > copies right, Delete clears."
)


class Compared(QWidget):
    """Three short lines: a caption, planned and came, and the difference in words."""

    def __init__(self) -> None:
        super().__init__()
        self.caption = ElidedLabel("", "caption")
        self.figures = ElidedLabel("", "body")
        self.words = ElidedLabel("", "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for one in (self.caption, self.figures, self.words):
            column.addWidget(one)

    def say(self, caption: str, figures: str = "", words: str = "", *, worse: bool = False) -> None:
        """Show one comparison; ``worse`` marks what needs a look."""
        self.caption.setText(caption)
        self.figures.setText(figures)
        self.words.setText(words)
        self.words.set_role("negative" if worse else "strong")


class BudgetStrip(QWidget):
    """Follows the current cell: this month (quarter, year), the year so far, the year before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.heading = ElidedLabel("", "section")
        self.keys = ElidedLabel(_KEYS, "hint")
        self.here, self.so_far, self.before = Compared(), Compared(), Compared()
        across = QHBoxLayout()
        across.setSpacing(24)
        for one in (self.here, self.so_far, self.before):
            across.addWidget(one, 1)
        inside = QVBoxLayout()
        inside.setContentsMargins(LEFT, 10, RIGHT, 10)
        inside.setSpacing(6)
        inside.addWidget(self.heading)
        inside.addLayout(across)
        inside.addWidget(self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line())
        column.addLayout(inside)
        theme.changed.connect(self.updateGeometry)

    def show_cell(self, sheet: BudgetSheet | None, cell: tuple[GridRow, Spread] | None) -> None:
        """Show what belongs to a cell."""
        if sheet is None or cell is None or cell[0].kind is RowKind.HEAD:
            self.heading.setText("")
            for one in (self.here, self.so_far, self.before):
                one.say("")
            return
        row, column = cell
        words = column_words(column, sheet.months)
        self.heading.setText(f"{row.label.strip()}, {words}")
        _compare(self.here, words, row, column)
        over = months_over(sheet)
        if over:
            span = Spread("", 0, over)
            _compare(self.so_far, f"So far: {column_words(span, sheet.months)}", row, span)
        else:
            self.so_far.say("So far", "No month of this year is over.")
        earlier = row.sheet.before if row.sheet is not None else ()
        if earlier:
            last = column.sum(earlier)
            planned = column.sum(row.planned)
            self.before.say(
                "The same a year before",
                f"Actual {_sum(last)}",
                _raised(planned, last),
            )
        else:
            self.before.say("")


def _compare(to: Compared, caption: str, row: GridRow, column: Spread) -> None:
    planned = column.sum(row.planned)
    caption = caption[:1].upper() + caption[1:]
    if not row.actual:
        to.say(caption, f"Planned {_sum(planned)}")
        return
    came = column.sum(row.actual)
    to.say(
        caption,
        f"Planned {_sum(planned)}, came {_sum(came)}",
        difference_words(row.type, planned, came),
        worse=is_worse(row.type, planned, came),
    )


def _raised(planned: Money, last: Money) -> str:
    off = planned - last
    if not last:
        return ""
    if not off:
        return "planned the same"
    share = abs(off.cents) * 1000 // abs(last.cents)
    return f"planned {share // 10}.{share % 10} % {'above' if off.cents > 0 else 'below'} it"


def _sum(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
