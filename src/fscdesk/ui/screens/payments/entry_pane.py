"""The right pane of the entry: the journal as it will be, what follows, and the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton, Keycap
from fscdesk.ui.painting import box, hairline
from fscdesk.ui.screens.payments.entry_state import EntryState, Leg
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import Label, count_text, day_text, money_text
from fscdesk.ui.theme import Status

WIDE, NARROW = 344, 288
_BALANCED = Status("Balanced", "green", "equal")
_NOT_YET = Status("Not yet", "amber", "equal-not")
_LINE = 32
Fact = tuple[str, str, str]
"""Icon, what it is about, what will be."""


class Journal(QWidget):
    """Debit and credit by account, with their sums: what will be posted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.legs: list[Leg] = []
        self.day = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_legs(self, legs: Sequence[Leg], day: str) -> None:
        """Show other lines."""
        self.legs, self.day = list(legs), day
        said = [
            f"{one.account} {one.name}"
            f" {'debit' if one.debit else 'credit'} {money_text(one.debit or one.credit)}"
            for one in self.legs
        ]
        self.setAccessibleName(f"What will be posted: {'; '.join(said) or 'nothing yet'}")
        self.updateGeometry()
        self.update()

    @property
    def sums(self) -> tuple[int, int]:
        """Debits and credits in cents."""
        debit = sum((one.debit for one in self.legs), ZERO).cents
        return debit, sum((one.credit for one in self.legs), ZERO).cents

    def sizeHint(self) -> QSize:
        return QSize(280, theme.now.px(30 + _LINE * max(1, len(self.legs)) + 38))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        wide, high = self.width(), self.height()
        box(painter, self.rect(), now.radius_card, now.surface, now.border)
        head = now.px(30)
        box(painter, QRect(1, 1, wide - 2, head), now.radius_card - 1, now.sunken)
        hairline(painter, 1, head, wide - 2)
        self._line(painter, 0, head, ("Account", "Debit", "Credit"), "caption", now.text3)
        y = head
        step = now.px(_LINE)
        for one in self.legs:
            debit, credit = money_text(one.debit), money_text(one.credit)
            texts = (
                f"{one.account} {one.name}",
                debit if one.debit else "",
                credit if one.credit else "",
            )
            self._line(painter, y, step, texts, "body", now.text)
            y += step
            hairline(painter, 1, y, wide - 2)
        if not self.legs:
            self._line(painter, y, step, ("Nothing yet", "", ""), "body", now.text3)
            y += step
        foot = QRect(1, y, wide - 2, high - y - 1)
        box(painter, foot, now.radius_card - 1, now.sunken)
        hairline(painter, 1, y, wide - 2)
        sums = tuple(money_text(one, zero_dash=False) for one in self.sums)
        self._line(painter, y, foot.height(), (self.day, *sums), "strong", now.text)

    def _line(
        self,
        painter: QPainter,
        y: int,
        high: int,
        texts: tuple[str, ...],
        role: str,
        ink: QColor,
    ) -> None:
        now, wide = theme.now, self.width()
        debit, credit = (
            now.metrics("strong").horizontalAdvance(money_text(max(one, 10_000))) + now.px(12)
            for one in self.sums
        )
        painter.setPen(ink)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        room = wide - debit - credit - 24
        first = "body" if role == "strong" else role
        painter.setFont(now.font(first))
        left = QRect(12, y, room, high)
        painter.drawText(left, int(Qt.AlignmentFlag.AlignVCenter), elide(texts[0], room, first))
        painter.setFont(now.font(role))
        painter.drawText(QRect(wide - debit - credit - 12, y, debit, high), right, texts[1])
        painter.drawText(QRect(wide - credit - 12, y, credit, high), right, texts[2])


class NextFacts(QWidget):
    """What follows from posting, a line each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: list[Fact] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        self.facts = list(facts)
        self.setAccessibleName("; ".join(f"{title}: {words}" for _icon, title, words in facts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, theme.now.px(44) * len(self.facts))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, y = theme.now, QPainter(self), 0
        flags, side = int(Qt.AlignmentFlag.AlignVCenter), now.size.icon
        room = self.width() - 30
        for icon, title, words in self.facts:
            icons.paint(painter, icon, "text2", 0, y + now.px(10), side)
            painter.setFont(now.font("body", weight=500))
            painter.setPen(now.text)
            painter.drawText(QRect(28, y, room, now.px(20)), flags, title)
            painter.setFont(now.font("small"))
            painter.setPen(now.text2)
            line = QRect(28, y + now.px(18), room, now.px(18))
            painter.drawText(line, flags, elide(words, room, "small"))
            y += now.px(44)


class EntryPane(QWidget):
    """Everything about what posting will do, and the two buttons that do it."""

    def __init__(self, post: QAction, post_next: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge, self.journal, self.next = Badge(_NOT_YET), Journal(), NextFacts()
        self.primary = ActionButton(post, "check", "primary")
        self.secondary = ActionButton(post_next)
        self.keycap = Keycap("Ctrl+Return")
        head = QHBoxLayout()
        head.addWidget(Label("What will be posted", "section"))
        head.addStretch(1)
        head.addWidget(self.badge)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for part in (self.primary, self.keycap, self.secondary):
            foot.addWidget(part)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.journal)
        column.addSpacing(12)
        column.addWidget(Label("Next", "section"))
        column.addWidget(self.next)
        column.addStretch(1)
        column.addWidget(Label("Payer, method and dates stay for the next one.", "hint", wrap=True))
        column.addLayout(foot)

    def follow(self, state: EntryState) -> None:
        """Show what posting would do now."""
        posted_on = state.head.posted_on
        self.journal.show_legs(state.legs(), day_text(posted_on))
        debit, credit = self.journal.sums
        whole = debit and debit == credit and not state.unfinished
        self.badge.set_status(_BALANCED if whole else _NOT_YET)
        self.next.show_facts(facts_of(state))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keycap.setVisible(self.width() >= theme.now.px(WIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        hairline(QPainter(self), 0, 0, self.height(), upright=True)


def facts_of(state: EntryState) -> list[Fact]:
    """What follows: the deposit, the sessions, what clients will read."""
    facts: list[Fact] = [("landmark", "Deposit", "Waits in undeposited funds")]
    settled = sum(not one.left for one in state.answered)
    denied, approved = len(state.denied), 0
    if state.from_payer:
        approved = len(state.answered) - settled - denied
    said = [
        words
        for count, words in (
            (settled, f"{settled} become settled" if settled != 1 else "1 becomes settled"),
            (denied, f"{denied} denied"),
            (approved, f"{approved} answered in part"),
        )
        if count
    ]
    facts.append(("list-checks", "Sessions", ", ".join(said) or "No status changes"))
    if state.patient:
        clients = {
            one.charge.patient_id
            for one in state.answered
            if one.answer is not None and one.answer.patient
        }
        owe = f"{count_text(len(clients), 'client')} will owe {money_text(state.patient)} more"
        facts.append(("receipt", "Client statements", owe))
    else:
        facts.append(("receipt", "Client statements", _asked_less(state)))
    return facts


def _asked_less(state: EntryState) -> str:
    """What the next statements say of a client's money; a payer's changes nothing there."""
    if state.from_payer or not (state.applied or state.kept):
        return "They stay as they are"
    parts = []
    if state.applied:
        parts.append(f"The next one asks for {money_text(state.applied)} less")
    if state.kept:
        parts.append(f"{'shows' if parts else 'The next one shows'} {money_text(state.kept)} kept")
    return ", ".join(parts)
