"""The head of a claim's page: its number and badges, the line of facts, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui import theme
from fscdesk.ui.actions import Menu
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton, IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screens.claims.claim_page_words import facts_of
from fscdesk.ui.screens.claims.wording import FREQUENCIES, claim_mark, clock_mark
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import ElidedLabel, plain_tip
from fscdesk.ui.theme import Status

BETWEEN, LEAST = 28, 72


class FactLine(QWidget):
    """Words over what they say, side by side; the last ones go where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Facts")

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts."""
        self._facts = tuple(facts)
        self.setAccessibleDescription(". ".join(f"{words}: {text}" for words, text in self._facts))
        self.update()

    def words(self) -> str:
        """Return all of it, as it is read aloud."""
        return self.accessibleDescription()

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(400, now.line("small") + now.line("body") + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = "\n".join(f"{words}: {text}" for words, text in self._facts)
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        small, body = now.line("small"), now.line("body")
        flags = Qt.AlignmentFlag.AlignVCenter
        x = 0
        for words, text in self._facts:
            wide = max(
                now.metrics("small").horizontalAdvance(words),
                now.metrics("body", weight=500).horizontalAdvance(text),
            )
            wide += 2  # a measured width is cut by the pixel that was rounded away
            room = min(wide, self.width() - x)
            if room < min(wide, now.px(LEAST)):
                break
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            painter.drawText(QRect(x, 0, room, small), flags, elide(words, room, "small"))
            painter.setFont(now.font("body", weight=500))
            painter.setPen(now.text)
            painter.drawText(QRect(x, small + 2, room, body), flags, elide(text, room, "body", 500))
            x += room + now.px(BETWEEN)


class ClaimHead(QWidget):
    """Back, number, badges; then the buttons, with what comes next last and filled."""

    def __init__(
        self,
        back: Callable[[], object],
        buttons: Sequence[tuple[QAction, str]],
        more: Callable[[Menu], object],
        primary: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._more = more
        self.back = IconButton("arrow-left", "Back", key="Alt+Left", on=back)
        self.name = ElidedLabel("", "title")
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._badge_box = QWidget()
        self.badges = QHBoxLayout(self._badge_box)
        self.badges.setContentsMargins(0, 0, 0, 0)
        self.badges.setSpacing(8)
        self.shown: list[Badge] = []
        self.facts = FactLine()
        self.buttons = [ActionButton(one, icon) for one, icon in buttons]
        self.others = IconButton("ellipsis", "More", kind="", on=self._open_menu)
        self.primary = ActionButton(primary, "send", "primary")
        first = self._first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.back)
        first.addWidget(self.name)
        first.addSpacing(4)
        first.addStretch(1)
        for button in self.buttons:
            first.addWidget(button)
        first.addWidget(self.others)
        first.addWidget(self.primary)
        second = QHBoxLayout()
        second.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 14, RIGHT, 10)
        column.setSpacing(8)
        under = self._under = QHBoxLayout()
        under.setContentsMargins(0, 0, 0, 0)
        column.addLayout(first)
        column.addLayout(under)
        column.addLayout(second)
        self._place_badges()

    def show_view(self, view: ClaimView, patient_word: str) -> None:
        """Show a claim; its badges are made anew."""
        row = view.page.row
        self.name.setText(f"Claim {row.number}")
        marks = [claim_mark(row)]
        if row.frequency.value != "1":
            words = FREQUENCIES[row.frequency.value]
            marks.append(Status(words, "slate", "file-pen-line"))
        if row.deadline is not None:
            marks.append(clock_mark(row.deadline))
        for badge in self.shown:
            self.badges.removeWidget(badge)
            badge.hide()
            badge.deleteLater()
        self.shown = [Badge(mark) for mark in marks]
        for badge in self.shown:
            self.badges.addWidget(badge)
        self.facts.show_facts(facts_of(view, patient_word))
        self._place_badges()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_badges()

    def _place_badges(self) -> None:
        """Put the badges beside the number, or under it where it would be cut for them."""
        shown = [*self.buttons, self.others, self.primary]
        buttons = sum(one.sizeHint().width() + 8 for one in shown if not one.isHidden())
        badges = sum(one.sizeHint().width() + 8 for one in self.shown)
        number = theme.now.metrics("title").horizontalAdvance(self.name.text()) + 8
        back = self.back.sizeHint().width() + 24
        under = back + number + badges + buttons > self.width() - LEFT - RIGHT
        row, place = (self._under, 0) if under else (self._first, 3)
        if row.indexOf(self._badge_box) < 0:
            row.insertWidget(place, self._badge_box)
            if under:
                row.addStretch(1)

    def fill(self, *, primary: bool) -> None:
        """Let the last button be the filled one, or leave that to the card."""
        self.primary.set_kind("primary" if primary else "")

    def _open_menu(self) -> None:
        menu = Menu(self)
        self._more(menu)
        menu.popup(self.others.mapToGlobal(QPoint(0, self.others.height() + 4)))
