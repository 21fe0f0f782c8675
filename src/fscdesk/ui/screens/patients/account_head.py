"""The head of an account: name, badges, the line of facts, and what can be made of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.patients.queries import PatientDetail
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.screens.patients.wording import badges_of, facts_of, has_statement
from fscdesk.ui.text import ElidedLabel


class AccountHead(QWidget):
    """Two lines: who it is, and what one must know of him."""

    def __init__(
        self,
        practice: PracticeFacts,
        statement: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._practice = practice
        self.name = ElidedLabel("", "title")
        self.facts = ElidedLabel("", "small")
        self._badges = QHBoxLayout()
        self._badges.setSpacing(8)
        self._badges.setContentsMargins(12, 0, 12, 0)
        self.statement = Button("Statement", "mail", tip="Ctrl+P", on=statement)
        first = QHBoxLayout()
        first.setSpacing(0)
        first.addWidget(self.name)
        first.addLayout(self._badges)
        first.addStretch(1)
        first.addWidget(self.statement)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 17, RIGHT, 9)
        column.setSpacing(4)
        column.addLayout(first)
        column.addWidget(self.facts)

    def show_detail(self, detail: PatientDetail) -> None:
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
        for status in badges_of(detail):
            self._badges.addWidget(Badge(status))
        self.statement.setVisible(has_statement(detail.header))
        pays = detail.guarantor.fields.name
        self.statement.setToolTip(f"Statement of {pays} as of today  Ctrl P")
