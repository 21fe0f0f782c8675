"""What stands beside a claim's form: the notice, the card, the clocks, the story, a note."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fscdesk.services.claims.detail import ClaimPage, LinkedClaim
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.services.claims.tracking import LONGEST_NOTE
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button, Keycap
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.painting import box
from fscdesk.ui.screens.claims.claim_box import ENTER, BoxEdit
from fscdesk.ui.screens.claims.claim_card import ResendCard
from fscdesk.ui.screens.claims.claim_clock_bars import ClockBars
from fscdesk.ui.screens.claims.claim_page_words import Notice, notice_of, story_of
from fscdesk.ui.tables.story import Story
from fscdesk.ui.text import Label

SIDE = 20
_LINKS = {
    "corrects": "Corrects",
    "corrected by": "Corrected by",
    "behind": "Behind",
    "before": "Before",
}
_VOID = "8"
_VOIDS = {"corrects": "Takes back", "corrected by": "Taken back by"}


class NoticeBox(QWidget):
    """A sentence on its tone, with what follows from it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._icon = "slate", "info"
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 12, 14, 12)
        line.setSpacing(9)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.title, self.text = Label("", "strong", wrap=True), Label("", "small", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.text)
        line.addWidget(self._picture)
        line.addLayout(column, 1)
        theme.changed.connect(self._draw)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        if notice is not None:
            self._tone, self._icon = notice.tone, notice.icon
            self.title.setText(notice.title)
            self.text.setText(notice.text)
            self.text.setVisible(bool(notice.text))
            self._draw()
        self.setVisible(notice is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        box(QPainter(self), self.rect(), now.radius_card, now.tone(self._tone).bg)

    def _draw(self) -> None:
        side = theme.now.size.icon
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(icons.pixmap(self._icon, f"{self._tone}.fg", side, ratio))


class NoteLine(BoxEdit):
    """Where a note is typed: Enter keeps it, Esc leaves it."""

    kept = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(LONGEST_NOTE)
        self.setPlaceholderText("Add a note")
        self.setAccessibleName("Add a note")
        self.setAccessibleDescription("Enter keeps it. A note is never changed.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if not event.isAutoRepeat() and self.text().strip():
                self.kept.emit(self.text().strip())
        elif key == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ClaimBeside(QWidget):
    """The pane at the right of a claim's page."""

    link_wanted = Signal(int)
    """The id of another claim that shall be shown."""
    opened = Signal(str)
    """The key of a step of the story."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self.setFixedWidth(theme.now.size.detail_pane)
        self.setAccessibleName("Where it stands")
        self.notice, self.card, self.clocks, self.story = (
            NoticeBox(),
            ResendCard(),
            ClockBars(),
            Story(),
        )
        self.story.setAccessibleName("Timeline, newest first")
        self.story.opened.connect(self.opened)
        self._links = QVBoxLayout()
        self._links.setSpacing(4)
        self.links: list[Button] = []
        self._clock_head = Label("Clocks", "section")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SIDE, 14, SIDE, 16)
        column.setSpacing(10)
        column.addWidget(self.notice)
        column.addWidget(self.card)
        column.addLayout(self._links)
        column.addWidget(self._clock_head)
        column.addWidget(self.clocks)
        column.addWidget(Line())
        head = QHBoxLayout()
        head.addWidget(Label("Timeline", "section"))
        head.addStretch(1)
        head.addWidget(Label("newest first", "hint"))
        column.addLayout(head)
        column.addWidget(self.story)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(Scrolled(page, "Where it stands"), 1)
        whole.addWidget(Line())
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(SIDE, 8, SIDE, 8)
        line.setSpacing(8)
        self.note = NoteLine()
        line.addWidget(self.note, 1)
        line.addWidget(Keycap("Ctrl+Shift+N"))
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        whole.addWidget(foot)

    def show_view(self, view: ClaimView) -> None:
        """Show where a claim stands."""
        page = view.page
        self.notice.show_notice(notice_of(view))
        self.card.show_view(view)
        payer = page.content.payer if page.content is not None else None
        self.clocks.show_clocks(page.clocks, payer)
        self._clock_head.setVisible(bool(page.clocks))
        self.clocks.setVisible(bool(page.clocks))
        self._show_links(page)
        self.story.show_steps(story_of(page, self._zone))

    def _show_links(self, page: ClaimPage) -> None:
        while self._links.count():
            item = self._links.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.links = []
        for one in page.links:
            button = Button(
                _link_words(one, page.row.frequency.value),
                "file-text",
                "link",
                compact=True,
                on=partial(self._go, one.id),
            )
            self.links.append(button)
            self._links.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _go(self, claim_id: int) -> None:
        self.link_wanted.emit(claim_id)


def _link_words(one: LinkedClaim, frequency: str) -> str:
    """Return what another claim is to this one: a void takes back, and corrects nothing."""
    status = theme.now.claim(one.status.value).word.lower()
    voids = {"corrects": frequency, "corrected by": one.frequency.value}.get(one.how) == _VOID
    words = _VOIDS[one.how] if voids else _LINKS[one.how]
    return f"{words} {one.number}, {status}"
