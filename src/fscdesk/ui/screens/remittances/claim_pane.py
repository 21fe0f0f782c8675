"""The pane beside a remittance: one claim in words, what will happen, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.remittances.beside import ClaimBeside
from fscdesk.services.remittances.detail import PageClaim, PagePlb
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton, Keycap
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.screens.claims.claim_beside import NoticeBox
from fscdesk.ui.screens.claims.claim_page_words import Notice
from fscdesk.ui.screens.claims.wording import status_mark
from fscdesk.ui.screens.remittances.asking_reason import AskInPane
from fscdesk.ui.screens.remittances.beside_words import (
    Follows,
    Saying,
    Whole,
    corrected_saying,
    follows,
    plb_sayings,
    sayings,
)
from fscdesk.ui.screens.remittances.sheet_rows import claim_note
from fscdesk.ui.screens.remittances.wording import claim_mark, plb_mark
from fscdesk.ui.screens.remittances.wrapped_acts import WrappedActs
from fscdesk.ui.text import ElidedLabel, Label
from fscdesk.ui.theme import Status

SIDE = 20
_TOP = Qt.AlignmentFlag.AlignTop


class ClaimPane(QWidget):
    """Shows the current claim; a notice above all of it where the whole remittance is stopped."""

    left = Signal()
    """A question in it was answered or left: the keys go back to the claims."""

    def __init__(
        self, post: QAction, seconds: Sequence[tuple[QAction, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("In words")
        self.setFixedWidth(theme.now.size.detail_pane)
        self._narrow = False
        self.notice = NoticeBox()
        self.name, self.line = ElidedLabel("", "section"), Label("", "small", wrap=True)
        self._badges = QHBoxLayout()
        self._badges.setSpacing(8)
        self.said = _Said()
        self.will = _WillHappen()
        self._will_head = Label("What will happen", "section")
        self.ask = AskInPane()
        self.ask.left.connect(self._on_left)
        self.seconds = [ActionButton(one, icon) for one, icon in seconds]
        self.post = ActionButton(post, "check", "primary")
        self.keycap = Keycap("Ctrl+Return")
        self._acts, self._last, self._rule = WrappedActs(self.seconds), QWidget(), Line()
        self._foot = self._build_foot()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(Scrolled(self._build_page(), "In words"), 1)
        whole.addWidget(Line())
        whole.addWidget(self._foot)

    def _build_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SIDE, 14, SIDE, 12)
        column.setSpacing(8)
        for part in (self.notice, self.name, self.line):
            column.addWidget(part)
        column.addLayout(self._badges)
        heading = Label("In words", "section")
        for one in (Line(), heading, self.said, Line(), self._will_head, self.will):
            column.addWidget(one)
        column.addStretch(1)
        return page

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        lower = QVBoxLayout(foot)
        lower.setContentsMargins(SIDE, 12, SIDE, 12)
        lower.setSpacing(12)
        last = QHBoxLayout(self._last)
        last.setContentsMargins(0, 0, 0, 0)
        last.setSpacing(8)
        last.addWidget(self.post)
        last.addWidget(self.keycap)
        last.addStretch(1)
        for part in (self.ask, self._acts, self._rule, self._last):
            lower.addWidget(part)
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return foot

    def show_notice(self, notice: Notice | None) -> None:
        """Say above all of it why nothing is posted."""
        self.notice.show_notice(notice)

    def show_claim(
        self,
        claim: PageClaim,
        beside: ClaimBeside,
        instead: PageClaim | None,
        *,
        held: bool,
        agreed: bool,
        whole: Whole = Whole.GOES,
    ) -> None:
        """Show a claim; ``instead`` is what the payer says in place of what it takes back."""
        self.name.setText(claim.patient)
        self.line.setText("\n".join(claim_note(claim).split(", ", 1)))
        marks = [] if beside.status is None else [status_mark(beside.status.value)]
        self._show_badges([*marks, claim_mark(claim, held=held, agreed=agreed)])
        said = sayings(claim, beside)
        if instead is not None:
            said.append(corrected_saying(instead))
        self.said.show_sayings(said)
        self._will_head.setText("What happened" if claim.posted else "What will happen")
        self.will.show_follows(follows(claim, beside, held=held, agreed=agreed, whole=whole))

    def show_plb(self, plb: PagePlb) -> None:
        """Show what the payer settles beside its claims."""
        self.name.setText(f"{plb.reason} {plb.reference}".strip())
        self.line.setText("Provider-level adjustment (PLB)")
        self._show_badges([plb_mark(plb)])
        self.said.show_sayings(plb_sayings(plb))
        self._will_head.setText("What will happen" if plb.item_id is None else "What happened")
        words = plb.words or "It stands with this payer's amounts to settle"
        self.will.show_follows([Follows(words[:1].upper() + words[1:], "arrow-left-right")])

    def fold(self, width: int) -> None:
        """Take as much room as there is beside the claims."""
        self._narrow = width < theme.now.size.detail_pane
        self.setFixedWidth(width)
        self.judge()

    def judge(self) -> None:
        """Show the foot as far as something can be done."""
        acting = any(one.isVisibleTo(self._acts) for one in self.seconds)
        asking = self.ask.asking
        self._acts.arrange()
        self._acts.setVisible(acting and not asking)
        post = self.post.isVisibleTo(self._last)
        self.keycap.setVisible(post and not self._narrow)
        self._last.setVisible(post and not asking)
        self._rule.setVisible(acting and post and not asking)
        self._foot.setVisible(acting or post or asking)

    def words(self) -> str:
        """Return all that is said, as it is read aloud."""
        line = self.line.text().replace("\n", ", ")
        parts = (self.name.text(), line, self.said.words(), self.will.words())
        return ". ".join(one for one in parts if one)

    def _on_left(self) -> None:
        self.judge()
        self.left.emit()

    def _show_badges(self, marks: Sequence[Status]) -> None:
        _clear(self._badges)
        for at, mark in enumerate(marks):
            if at:
                self._badges.addWidget(Label("→", "small"))
            self._badges.addWidget(Badge(mark))
        self._badges.addStretch(1)


class _Said(QWidget):
    """What is said, one under the other: code, words, amount; more below in small type."""

    def __init__(self) -> None:
        super().__init__()
        self._sayings: tuple[Saying, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)

    def show_sayings(self, found: Sequence[Saying]) -> None:
        """Show others."""
        if tuple(found) == self._sayings:
            return
        self._sayings = tuple(found)
        _clear(self._grid)
        for at, one in enumerate(found):
            row = 3 * at
            code = Label(one.code, "caption")
            words = Label(one.words, "body", wrap=True)
            self._grid.addWidget(code, row, 0, _TOP)
            self._grid.addWidget(words, row, 1)
            if one.amount:
                amount = Label(one.amount, "body")
                amount.setAlignment(Qt.AlignmentFlag.AlignRight | _TOP)
                self._grid.addWidget(amount, row, 2)
            if one.more:
                self._grid.addWidget(Label(one.more, "hint", wrap=True), row + 1, 0, 1, 3)
            self._grid.setRowMinimumHeight(row + 2, 6)

    def words(self) -> str:
        """Return all of it, as it is read aloud."""
        return ". ".join(
            " ".join(part for part in (one.code, one.words, one.amount, one.more) if part)
            for one in self._sayings
        )


class _WillHappen(QWidget):
    """What follows, each with its icon."""

    def __init__(self) -> None:
        super().__init__()
        self._follows: tuple[Follows, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        theme.changed.connect(self._draw)

    def show_follows(self, found: Sequence[Follows]) -> None:
        """Show others."""
        if tuple(found) != self._follows:
            self._follows = tuple(found)
            self._draw()

    def words(self) -> str:
        """Return all of it, as it is read aloud."""
        return ". ".join(one.words for one in self._follows)

    def _draw(self) -> None:
        _clear(self._grid)
        side = theme.now.size.icon_small
        for row, one in enumerate(self._follows):
            picture = QLabel()
            ratio = self.devicePixelRatioF()
            picture.setPixmap(icons.pixmap(one.icon, "text2", side, ratio))
            picture.setContentsMargins(0, 3, 0, 0)
            self._grid.addWidget(picture, row, 0, _TOP)
            self._grid.addWidget(Label(one.words, "body", wrap=True), row, 1)


def _clear(layout: QGridLayout | QHBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
