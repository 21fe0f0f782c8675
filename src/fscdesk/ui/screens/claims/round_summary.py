"""How a portal round ended: what was noted, by answer, and where each of it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.claims.portal_round import Found
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton, Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Card
from fscdesk.ui.screens.claims.round_state import RoundRow, Stand
from fscdesk.ui.screens.claims.round_words import count_rows, summary_words, sums_of
from fscdesk.ui.text import Label, money_text

WIDE = 560
GOES_ON: Mapping[Found, tuple[str, Mapping[str, object]]] = {
    Found.PENDING: ("Show them", {"status": ("pending",)}),
    Found.PAID: ("Show them", {"status": ("pending",)}),
    Found.DENIED: ("Correct or appeal", {"tab": "denials"}),
    Found.NOT_ON_FILE: ("Send them again", {"view": "rejected"}),
}
"""Where claims go on after an answer: the words of the button, and what Claims opens on."""
SESSIONS: Final = "sessions"
ELSEWHERE: Mapping[Found, tuple[str, Mapping[str, object]]] = {
    Found.PENDING: ("Show them", {"view": "waiting_on_payer"}),
    Found.PAID: ("Show them", {"view": "waiting_on_payer"}),
    Found.DENIED: ("Show them", {"view": "denied"}),
    Found.NOT_ON_FILE: ("Bill them", {"view": "unbilled"}),
}
"""The same for sessions that have no claim here, in Sessions."""


class RoundSummary(QWidget):
    """The sums of the round, each with its next step; the claims that are left, with the way on."""

    def __init__(self, goes: Callable[[Mapping[str, object]], object], again: QAction) -> None:
        super().__init__()
        self._goes = goes
        self.heading = Label("", "section")
        self.sentence = Label("", "quiet", wrap=True)
        self.left = Label("", "quiet", wrap=True)
        self.buttons: dict[Found, Button] = {}
        self._sums = QWidget()
        self._grid = QGridLayout(self._sums)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._again = ActionButton(again, "play")
        card = Card(margins=(20, 16, 20, 16))
        card.setMaximumWidth(WIDE)
        last = QHBoxLayout()
        last.addWidget(self._again)
        last.addStretch(1)
        for part in (self.heading, self.sentence, self._sums, self.left):
            card.body.addWidget(part)
        card.body.addLayout(last)
        across = QHBoxLayout()
        across.addWidget(card, 1)
        across.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 20, RIGHT, 20)
        column.addLayout(across)
        column.addStretch(1)

    def show_round(self, done: Sequence[RoundRow], stands: Sequence[Stand]) -> None:
        """Show what was noted until now, and what nobody looked up."""
        waiting = [row for stand in stands for row in stand.left]
        left = len(waiting)
        self.heading.setText("The round is done" if not left else "What was noted so far")
        self.sentence.setText(summary_words(done, stands))
        waits = "waits" if left == 1 else "wait"
        self.left.setText(f"{count_rows(waiting)} {waits} to be looked up." if left else "")
        self.left.setVisible(bool(left))
        self._clear()
        for at, one in enumerate(sums_of(done)):
            badge = Badge(one.way.mark)
            amount = Label(money_text(one.amount, zero_dash=False))
            amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            words, what = (ELSEWHERE if one.elsewhere else GOES_ON)[one.way.found]
            place = {"place": SESSIONS} if one.elsewhere else {}
            button = Button(words, compact=True, on=partial(self._goes, {**what, **place}))
            button.setAccessibleName(f"{words}: {one.way.words}")
            self.buttons[one.way.found] = button
            self._grid.addWidget(badge, at, 0)
            self._grid.addWidget(Label(one.count), at, 1)
            self._grid.addWidget(amount, at, 2)
            self._grid.addWidget(button, at, 3)
        self._sums.setVisible(bool(self.buttons))

    def enter(self) -> None:
        """Put the focus on the first way on."""
        target = next(iter(self.buttons.values()), self._again)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.buttons = {}
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
