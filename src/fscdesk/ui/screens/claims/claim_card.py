"""The card on which a claim goes again: what was changed, `r`, the rule that chose how, Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.claims.changing import CORRECTING
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button, Keycap
from fscdesk.ui.painting import box
from fscdesk.ui.screens.claims.claim_box import ENTER
from fscdesk.ui.screens.claims.claim_page_words import again_words, changes_words, rule_of
from fscdesk.ui.text import Label, count_text

AGAIN, DROP = "r", "d"


class ResendCard(QWidget):
    """Takes the focus, so that letters are its own; a key that is held down decides nothing.

    At rest it says what waits; ``r`` asks, and shows the rule; Enter puts it into the batch. Where
    nothing was changed it warns of that first, and takes a second Enter.
    """

    wanted = Signal()
    """Put it into the next batch."""
    drop_wanted = Signal()
    finding_wanted = Signal()
    left = Signal()
    """Esc, with nothing asked: the focus goes elsewhere."""
    stands = Signal()
    """It asks now, or no more: what is filled on the page may change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: ClaimView | None = None
        self.asking = False
        self._asked_for = self._warned = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        self.heading = Label("", "strong", wrap=True)
        self.goes = Label("", "body", wrap=True)
        self.why = Label("", "small", wrap=True)
        for label in (self.heading, self.goes, self.why):
            column.addWidget(label)
        self._answers = QWidget()
        across = QHBoxLayout(self._answers)
        across.setContentsMargins(0, 4, 0, 0)
        across.setSpacing(6)
        self.again = Button("", compact=True, on=self.ask)
        self.again_key = Keycap("R")
        self.drop = Button("Drop…", compact=True, kind="quiet", on=self.drop_wanted.emit)
        self.do_it = Button("Into today's batch", "check", "primary", compact=True, on=self.confirm)
        self.do_key = Keycap("Return")
        for part in (self.do_it, self.do_key, self.again, self.again_key, self.drop):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            across.addWidget(part)
        across.addStretch(1)
        column.addWidget(self._answers)
        self.hide()

    def show_view(self, view: ClaimView) -> None:
        """Show how this claim stands; the card is away where there is nothing to send again."""
        other = self._view is None or self._view.page.row.id != view.page.row.id
        self._view = view
        if other or not self._can():
            self.asking = self._asked_for = self._warned = False
        self._tell()

    def ask(self) -> None:
        """Ask, and show the rule; a finding that stops the claim is gone to instead."""
        if self._view is None or not self._can():
            return
        if self._view.page.row.stops and "edit" in self._view.page.may:
            self.finding_wanted.emit()
            return
        self.asking = self._asked_for = True
        self._tell()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def waits(self) -> bool:
        """Whether it is on view."""
        return not self.isHidden()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if event.isAutoRepeat():
            event.accept()
        elif plain and Qt.Key(event.key()) in ENTER:
            if self.asking:
                self.confirm()
        elif plain and event.text().casefold() == AGAIN:
            self.ask()
        elif plain and event.text().casefold() == DROP and not self.drop.isHidden():
            self.drop_wanted.emit()
        elif plain and event.key() == Qt.Key.Key_Escape:
            self._step_back()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        focused = self.hasFocus()
        line = now.accent if focused else now.border_strong
        box(painter, self.rect(), now.radius_card, now.accent_tint, line, width=2 if focused else 1)

    def confirm(self) -> None:
        """Put it into the batch; one that says what it said before only after a second Enter."""
        if self.asking and self._view is not None and self._view.unchanged and not self._warned:
            self._warned = True
            self._tell()
        elif self.asking:
            self.asking = self._asked_for = self._warned = False
            self._tell()
            self.wanted.emit()

    def _step_back(self) -> None:
        if self.asking:
            self.asking = self._asked_for = self._warned = False
            self._tell()
        if not self.waits() or not self.asking:
            self.left.emit()

    def _can(self) -> bool:
        view = self._view
        if view is None:
            return False
        page = view.page
        return (
            page.held_for == CORRECTING
            or page.row.status.value == "rejected"
            or "correct" in page.may
        )

    def _rests(self) -> bool:
        """Whether it stands on the page without being asked for."""
        view = self._view
        assert view is not None
        return view.page.held_for == CORRECTING or view.page.row.status.value == "rejected"

    def _tell(self) -> None:
        view = self._view
        shown = view is not None and self._can() and (self.asking or self._rests())
        if view is None or not shown:
            self.setVisible(False)
            self.stands.emit()
            return
        goes, why = rule_of(view)
        verb = again_words(view)
        self.heading.setText(f"{verb}?" if self.asking else self._resting(view))
        self.goes.setText(f"{goes}." if self.asking else self._what(view))
        if self.asking and self._warned:
            goes, why = view.unchanged, "Enter again lets it go so, Esc leaves it."
            self.heading.setText("Send it all the same?")
            self.goes.setText(goes)
        self.why.setText(why)
        self.why.setVisible(self.asking)
        self.again.set_words(verb)
        for part, on in (
            (self.again, not self.asking),
            (self.again_key, not self.asking),
            (self.drop, not self.asking and "drop" in view.page.may),
            (self.do_it, self.asking),
            (self.do_key, self.asking),
        ):
            part.setVisible(on)
        keys = "Enter puts it into today's batch, Esc leaves it" if self.asking else "R sends it"
        self.setAccessibleName(f"{self.heading.text()} {self.goes.text()}")
        self.setAccessibleDescription(f"{why} {keys}.")
        self.setVisible(True)
        self.stands.emit()
        self.update()

    def _resting(self, view: ClaimView) -> str:
        if view.page.row.status.value == "rejected":
            return "Goes again once it is mended"
        return "Corrected, and not in a batch yet"

    def _what(self, view: ClaimView) -> str:
        stops = view.page.row.stops
        if stops:
            verb = "stops" if stops == 1 else "stop"
            return f"{count_text(stops, 'finding')} {verb} it. R goes there."
        return changes_words(view) if view.differs else rule_of(view)[1]
