"""Above the denial rates: what was denied as columns, and how the appeals of the period ended."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.claims.appeal_outcomes import AppealOutcomes
from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy
from fscdesk.ui import theme
from fscdesk.ui.charts.column_chart import Column, ColumnChart
from fscdesk.ui.forms.card import LEFT, RIGHT, Card
from fscdesk.ui.screens.claims.denial_words import OUTCOMES
from fscdesk.ui.screens.claims.rates_list import ROWS, row_name
from fscdesk.ui.screens.home.row_button import RowButton, RowWords
from fscdesk.ui.text import Label, count_text, money_text

MONTHS, FEW = 12, 6
"""So many columns can be told apart by their names; the chart says so where there are more."""
CARD = 300
_OPENS = "Enter opens the denials"


class RatesTop(QWidget):
    """A column opens the denials that it is made of, a line of the card the appeals."""

    row_wanted = Signal(str)
    """The key of a row."""
    appeals_wanted = Signal(str)
    """An outcome: a value of Outcome, "" for those that are pending."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.chart = ColumnChart("Denied amount", ("Denied",))
        self.chart.opened.connect(self.row_wanted)
        self.card = Card("Appeals")
        self.card.setFixedWidth(theme.now.px(CARD))
        self.buttons: dict[str, RowButton] = {}
        self.back = Label("", "hint")
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 14, RIGHT, 4)
        line.setSpacing(24)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label("Denied amount", "section"))
        self.hint = Label(_OPENS, "hint")
        head.addWidget(self.hint)
        head.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addLayout(head)
        left.addWidget(self.chart)
        line.addLayout(left, 1)
        line.addWidget(self.card)
        self.card.body.setSpacing(0)

    def show_rates(self, found: DenialRates) -> None:
        """Show the rates of a period."""
        rows = list(found.rows)
        if found.by is DenialsBy.MONTH:
            rows, which = rows[-MONTHS:], "newest"
        else:
            rows = sorted((row for row in rows if row.denied), key=lambda row: -row.amount.cents)
            rows, which = rows[:FEW], "with most"
        every = sum(bool(row.denied) for row in found.rows)
        if found.by is DenialsBy.MONTH:
            every = len(found.rows)
        cut = f"The {len(rows)} {which} of {every}. " if every > len(rows) else ""
        self.hint.setText(f"{cut}{_OPENS}")
        self.chart.show_columns(
            [Column(row.key, row_name(found.by, row), (row.amount,)) for row in rows]
        )
        self.chart.setAccessibleName(f"Denied amount by {ROWS[found.by].lower()}")
        self._show_appeals(found.appeals)

    def _show_appeals(self, found: AppealOutcomes) -> None:
        while self.card.body.count() > 1:
            item = self.card.body.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self.back:
                widget.hide()
                widget.deleteLater()
        counts = {
            "won": found.won,
            "partly": found.partly,
            "lost": found.lost,
            "withdrawn": found.withdrawn,
            "": found.pending,
        }
        self.card.note.setText(f"{count_text(found.opened)} opened" if found.opened else "")
        self.buttons = {}
        shown = {key: count for key, count in counts.items() if count}
        for at, (key, count) in enumerate(shown.items()):
            mark = OUTCOMES[key]
            words = RowWords(mark.icon, mark.word, f"{count:,}", mark.tone)
            button = RowButton(words, opens=True, last=at == len(shown) - 1)
            button.clicked.connect(partial(self._on_pressed, key))
            self.buttons[key] = button
            self.card.body.addWidget(button)
        back = f"They brought back {money_text(found.back, zero_dash=False)}."
        self.back.setText(back if found.opened else "No appeal was opened in this period.")
        self.card.body.addWidget(self.back)
        self.card.body.addStretch(1)

    def _on_pressed(self, key: str, _checked: bool = False) -> None:
        self.appeals_wanted.emit(key)
