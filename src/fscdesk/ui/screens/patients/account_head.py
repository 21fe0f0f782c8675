"""The head of an account: name, badges, the line of facts, pinned notes, what can be made of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fscdesk.services.patients.queries import PatientDetail
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.account_reading import AccountStanding
from fscdesk.ui.screens.patients.wording import badges_of, facts_of, has_statement
from fscdesk.ui.text import ElidedLabel


class AccountHead(QWidget):
    """Who it is, and what one must know of him before doing anything.

    Pinned notes stand under the line of facts, with what a warning has to say.
    """

    def __init__(
        self,
        shell: Shell,
        statement: Callable[[], object],
        superbill: Callable[[], object],
        enter_payment: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._practice = shell.practice
        self.name = ElidedLabel("", "title")
        self.facts = ElidedLabel("", "small")
        self.badges = QWidget()
        self._badges = QHBoxLayout(self.badges)
        self._badges.setSpacing(8)
        self._badges.setContentsMargins(12, 0, 12, 0)
        self.statement = Button("Statement", "mail", tip="Ctrl+P", on=statement)
        self.superbill = Button("Superbill", "file-text", on=superbill)
        self.payment = Button("Enter payment", "plus", "primary", on=enter_payment)
        self.pinned = _Pinned()
        first = self._first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.name)
        first.addWidget(self.badges)
        first.addStretch(1)
        first.addWidget(self.statement)
        first.addWidget(self.superbill)
        first.addWidget(self.payment)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 17, RIGHT, 9)
        column.setSpacing(4)
        column.addLayout(first)
        second = self._second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.facts, 1)
        column.addLayout(second)
        column.addWidget(self.pinned)
        self._can_enter = shell.has("payment-entry")
        self.show_payment(on=True)

    def show_payment(self, *, on: bool) -> None:
        """Show the way to a payment, where there is one and nothing else is being done."""
        self.payment.setVisible(on and self._can_enter)
        self._place_badges()

    def show_account(self, detail: PatientDetail, standing: AccountStanding) -> None:
        """Show a patient; the badges are made anew."""
        self.name.setText(detail.name)
        facts = "   ·   ".join(facts_of(self._practice, detail))
        self.facts.setText(facts)
        while self._badges.count():
            item = self._badges.takeAt(0)
            badge = item.widget() if item is not None else None
            if badge is not None:
                badge.hide()
                badge.deleteLater()
        for status in badges_of(detail, standing):
            self._badges.addWidget(Badge(status))
        self.statement.setVisible(has_statement(detail.header))
        pays = detail.guarantor.fields.name
        self.statement.setToolTip(f"Statement of {pays} as of today  Ctrl P")
        said = [" ".join(one.text.split()) for one in standing.pinned]
        self.pinned.say("   ·   ".join((*said, *filter(None, (standing.dispute,)))))
        self._place_badges()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_badges()

    def _place_badges(self) -> None:
        """Put the badges beside the name, or under it where the name would be cut for them."""
        buttons = (self.statement, self.superbill, self.payment)
        shown = [one.sizeHint().width() + 8 for one in buttons if not one.isHidden()]
        badges = self.badges.sizeHint().width() + 16
        name = theme.now.metrics("title").horizontalAdvance(self.name.text())
        under = name + badges + sum(shown) > self.width() - LEFT - RIGHT
        row = self._second if under else self._first
        if row.indexOf(self.badges) < 0:
            self._badges.setContentsMargins(12, 0, 0 if under else 12, 0)
            row.insertWidget(1, self.badges)


class _Pinned(QWidget):
    """What must be seen whenever the account is opened, in one line."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel()
        self.words = ElidedLabel("", "small")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._picture)
        line.addWidget(self.words, 1)
        self.hide()
        theme.changed.connect(self._draw)

    def say(self, words: str) -> None:
        """Show the words, or nothing."""
        self.words.setText(words)
        self.setVisible(bool(words) and self.parent() is not None)
        self._draw()

    def _draw(self) -> None:
        side = theme.now.size.icon_small
        shown = icons.pixmap("sticky-note", "amber.fg", side, self.devicePixelRatioF())
        self._picture.setPixmap(shown)
