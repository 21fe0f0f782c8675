"""What stands under the grid: the keys of a cell, what is left over, what the payment raises."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO
from fscdesk.services.payments.entering import KINDS
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.fields import Choice, Sentence
from fscdesk.ui.painting import box
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import Label, money_text, short_day_text

PAYER_KEYS = (
    ("↵", "as expected"),
    ("d c p", "rest is deductible, coinsurance, copay"),
    ("o", "rest is contractual"),
    ("x16", "denied"),
    ("=", "what is left"),
    ("↓", "its lines"),
)
CLIENT_KEYS = (
    ("↵", "all of it, as far as the money goes"),
    ("=", "what is left of the payment"),
    ("Del", "not paid"),
)
MOST = 2
Notice = tuple[str, str, str, str]
"""Tone, icon, what happened, what becomes of it."""


class KeyHints(QWidget):
    """The keys of a number cell, painted as caps with their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[tuple[str, str], ...] = PAYER_KEYS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Keys of a cell")

    def show_keys(self, keys: tuple[tuple[str, str], ...]) -> None:
        """Show the keys of a payer's cells, or of a client's."""
        self._keys = keys
        said = ", ".join(f"{key} {words}" for key, words in keys)
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, theme.now.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, x = theme.now, QPainter(self), LEFT
        high = now.px(20)
        top = (self.height() - high) // 2
        for key, words in self._keys:
            wide = max(now.px(20), now.metrics("caption").horizontalAdvance(key) + now.px(12))
            room = now.metrics("small").horizontalAdvance(words)
            if x + wide + room + now.px(8) > self.width():
                return
            cap = QRect(x, top, wide, high)
            box(painter, cap, 4, now.sunken, now.border_strong)
            painter.setFont(now.font("caption"))
            painter.setPen(now.text2)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            x += wide + now.px(8)
            painter.setFont(now.font("small"))
            painter.setPen(now.text2)
            flags = int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRect(x, 0, room + 4, self.height()), flags, words)
            x += room + now.px(16)


class RestLine(QWidget):
    """What is left over, as one line: as what it is kept, and whose it is."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 6, RIGHT + 8, 6)
        line.setSpacing(8)
        self.words = Label("", "body")
        self.kind, self.owner = Choice(), Choice()
        self.kind.setAccessibleName("Keep the rest as")
        self.owner.setAccessibleName("Whose the rest is")
        self.kind.addItems(["not decided", *(words for _key, words in KINDS)])
        self.of = Label("of", "body")
        self.payer = Label("", "body")
        for part in (self.words, self.kind, self.of, self.owner, self.payer):
            line.addWidget(part)
        line.addStretch(1)
        self.kind.setMinimumContentsLength(14)
        self.owner.setMinimumContentsLength(22)
        self._patients: list[int | None] = []
        self.kind.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.owner.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def follow(self, state: EntryState) -> None:
        """Show the rest of a payment; nothing where all of it is applied."""
        source, over = state.source, state.over
        self.setVisible(source is not None and over > ZERO and state.amount > ZERO)
        self.words.setText(f"{money_text(over, zero_dash=False)} is left over. Keep it as")
        payer = state.from_payer
        self.owner.setVisible(not payer)
        self.payer.setVisible(payer)
        self.payer.setText(source.name if source is not None and payer else "")
        kinds = ["", *(key for key, _words in KINDS)]
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(kinds.index(state.rest_kind))
        self.kind.blockSignals(False)
        if payer or source is None:
            return
        paid = {one.charge.patient_id: one.charge.patient for one in state.answered}
        people = {**dict(source.patients), **paid}
        self.owner.blockSignals(True)
        if self._patients != [None, *people]:
            self._patients = [None, *people]
            self.owner.clear()
            self.owner.addItems(["whom?", *people.values()])
        wanted = state.rest_patient
        self.owner.setCurrentIndex(self._patients.index(wanted) if wanted in self._patients else 0)
        self.owner.blockSignals(False)

    def chosen(self) -> tuple[str, int | None]:
        """As what it is kept (empty: not decided), and whose it is."""
        kinds = ["", *(key for key, _words in KINDS)]
        at = self.owner.currentIndex()
        patient = self._patients[at] if 0 <= at < len(self._patients) else None
        return kinds[max(0, self.kind.currentIndex())], patient


class Notices(QWidget):
    """What the payment raises, most urgent first: said below the rows, never in a dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notices: list[Notice] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What this payment raises")

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show the first of them, and how many more there are."""
        self.notices = list(notices)
        self.setAccessibleDescription(" ".join(one[2] for one in self.notices))
        self.setVisible(bool(self.notices))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        shown = min(MOST, len(self.notices))
        more = 20 if len(self.notices) > MOST else 4
        return QSize(300, theme.now.px(28 + shown * 54 + more))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        wide = self.width() - LEFT - RIGHT - 8
        painter.setFont(now.font("section"))
        painter.setPen(now.text)
        painter.drawText(QRect(LEFT, 0, wide, now.px(24)), flags, "What this payment raises")
        top, side = now.px(28), now.size.icon
        for tone, icon, what, then in self.notices[:MOST]:
            card = QRect(LEFT, top, wide, now.px(46))
            box(painter, card, now.radius_card, now.tone(tone).bg)
            y = card.y() + (card.height() - side) / 2
            icons.paint(painter, icon, f"{tone}.fg", card.x() + 14, y, side)
            room = wide - 60
            painter.setFont(now.font("strong"))
            painter.setPen(now.text)
            line = QRect(card.x() + 42, card.y() + now.px(4), room, now.px(20))
            painter.drawText(line, flags, elide(what, room, "strong"))
            painter.setFont(now.font("small"))
            painter.setPen(now.text2)
            painter.drawText(line.translated(0, now.px(19)), flags, elide(then, room, "small"))
            top += now.px(54)
        if len(self.notices) > MOST:
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            more = QRect(LEFT, top - now.px(4), wide, now.px(18))
            painter.drawText(more, flags, f"and {len(self.notices) - MOST} more")


class Below(QWidget):
    """The parts under the grid, in order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fault, self.hints = Sentence(), KeyHints()
        self.rest, self.notices = RestLine(), Notices()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        holder = QHBoxLayout()
        holder.setContentsMargins(LEFT, 0, RIGHT, 0)
        holder.addWidget(self.fault)
        column.addLayout(holder)
        for part in (self.hints, self.rest, self.notices):
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def follow(self, state: EntryState) -> None:
        """Bring every part up to date."""
        self.hints.show_keys(PAYER_KEYS if state.from_payer else CLIENT_KEYS)
        self.rest.follow(state)
        self.notices.show_notices(notices_of(state))


def notices_of(state: EntryState) -> list[Notice]:
    """What the payment raises: doubts, denials, lines on which more is paid than is owed."""
    name = "" if state.source is None else state.source.name
    found: list[Notice] = [
        ("amber", "triangle-alert", one.message, "If it is meant, post it again with Ctrl+Enter.")
        for one in state.doubts
    ]
    for line in state.denied:
        if line.answer is None:
            continue
        day, open_ = short_day_text(line.charge.service_day), money_text(line.charge.open)
        who = f"{line.charge.patient}, {day}"
        what = f"Denied (CO-{line.answer.denied}): {who}. {open_} stays with {name}."
        then = "The session is marked as denied. Nothing moves to the client."
        found.append(("red", "circle-x", what, then))
    for line in state.answered:
        if line.left < ZERO:
            who = f"{line.charge.patient}, {short_day_text(line.charge.service_day)}"
            over = money_text(-line.left)
            what = f"{money_text(line.paid)} for {who}, is {over} more than is owed."
            then = "The line is overpaid then, and stands in the list of credits."
            found.append(("orange", "triangle-alert", what, then))
    return found
