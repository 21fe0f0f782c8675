"""The head of a remittance's page: what it is, whether it balances, the next one and the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.remittances.beside import Neighbours
from fscdesk.services.remittances.detail import RemittancePage
from fscdesk.services.remittances.listing import RemittanceOrigin, RemittanceStatus
from fscdesk.ui.actions import Menu
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton, IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screens.claims.claim_head import FactLine
from fscdesk.ui.screens.remittances.wording import ORIGINS, method_word, page_mark
from fscdesk.ui.text import Label, day_text, money_text
from fscdesk.ui.theme import Status

BALANCED = Status("Balanced", "green", "equal")
UNBALANCED = Status("Does not balance", "red", "equal-not")


class RemittanceHead(QWidget):
    """Title and badges; at the right the file's text, what else can be done, and the arrows."""

    def __init__(
        self,
        back: Callable[[], object],
        text: QAction,
        fill_menu: Callable[[Menu], object],
        arrows: Sequence[Callable[[], object]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill_menu = fill_menu
        self.back = IconButton("arrow-left", "Back", key="Alt+Left", on=back)
        self.name = Label("Remittance", "title")
        self._badges = QHBoxLayout()
        self._badges.setSpacing(8)
        self.shown: list[Badge] = []
        self.text = ActionButton(text, "scroll-text", "quiet")
        self.more = IconButton("ellipsis", "More", kind="", on=self._open_menu)
        self.newer = IconButton("arrow-up", "Newer remittance", kind="", on=arrows[0])
        self.older = IconButton("arrow-down", "Older remittance", kind="", on=arrows[1])
        self.place = Label("", "hint")
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.back)
        first.addWidget(self.name)
        first.addSpacing(4)
        first.addLayout(self._badges)
        first.addStretch(1)
        for part in (self.text, self.more, self.newer, self.older, self.place):
            first.addWidget(part)
        self.facts = FactLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 14, RIGHT, 10)
        column.setSpacing(8)
        column.addLayout(first)
        column.addWidget(self.facts)

    def show_page(self, page: RemittancePage, near: Neighbours) -> None:
        """Show a remittance; its badges are made anew."""
        for badge in self.shown:
            self._badges.removeWidget(badge)
            badge.hide()
            badge.deleteLater()
        off = bool(page.check_off or page.claims_off or page.services_off)
        marks = [UNBALANCED if off else BALANCED, page_mark(page)]
        self.shown = [Badge(one) for one in marks]
        for badge in self.shown:
            self._badges.addWidget(badge)
        self.facts.show_facts(facts_of(page))
        self.place.setText(f"{near.place:,} of {near.total:,}")
        self.newer.setEnabled(near.before is not None)
        self.older.setEnabled(near.after is not None)

    def _open_menu(self) -> None:
        menu = Menu(self)
        self._fill_menu(menu)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))


def _posted_as(status: RemittanceStatus) -> str:
    return "Was posted as" if status is RemittanceStatus.UNDONE else "Posted as"


def facts_of(page: RemittancePage) -> list[tuple[str, str]]:
    """Return the facts under the title: words, and what they say."""
    row = page.row
    file = page.file_name
    if file and page.place > 1:
        file = f"{file}, transaction {page.place}"
    facts = (
        ("Payer", row.payer or "Not known yet"),
        (method_word(row) or "Payment", row.trace),
        ("Paid on", day_text(row.paid_on)),
        ("Amount", money_text(row.amount, zero_dash=False)),
        ("Number", row.number),
        (_posted_as(row.status), page.payment_number),
        ("File", file or ORIGINS[row.origin]),
        ("Typed by" if row.origin is RemittanceOrigin.TYPED else "Read by", row.read_by),
    )
    return [(words, text) for words, text in facts if text]
