"""Where a person can go: the places, the rail that shows them, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import key_text

FOLD_BELOW = 1180
KEPT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the window: `make` builds its screen when it is opened first.

    `under` names the place that it belongs to: it has no line of its own in the rail then, and
    that place's line is marked.
    """

    key: str
    title: str
    icon: str
    chord: str
    make: Callable[[Shell], QWidget]
    at_foot: bool = False
    under: str = ""


PLACES: tuple[tuple[str, str, str, str], ...] = (
    ("home", "Home", "house", "Ctrl+1"),
    ("queue", "Work queue", "inbox", "Ctrl+2"),
    ("sessions", "Sessions", "calendar-days", "Ctrl+3"),
    ("claims", "Claims", "file-text", "Ctrl+4"),
    ("payments", "Payments", "banknote", "Ctrl+5"),
    ("patients", "Patients", "users", "Ctrl+6"),
    ("aging", "Aging", "hourglass", "Ctrl+7"),
    ("reconciliation", "Reconciliation", "git-compare-arrows", "Ctrl+8"),
    ("accounting", "Accounting", "book-open", "Ctrl+9"),
    ("reports", "Reports", "chart-column", "Ctrl+0"),
    ("setup", "Setup", "settings", "Ctrl+,"),
)
"""The eleven places of DESIGN 11, in the rail's order: key, title, icon, chord."""

PLACES_UNDER: tuple[tuple[str, str, str, str], ...] = (
    ("importing", "Import files", "file-input", "sessions"),
    ("statements", "Billing", "mail", "patients"),
    ("payment-entry", "Enter payment", "banknote", "payments"),
    ("remittance", "Remittance", "scroll-text", "payments"),
    ("claim", "Claim", "file-text", "claims"),
    ("claim-build", "Build and send", "send", "claims"),
    ("claim-answers", "Read answers", "file-input", "claims"),
    ("portal-round", "Portal round", "waypoints", "claims"),
)
"""Places without a line in the rail: key, title, icon, and the place that they belong to."""


def places(
    makers: Mapping[str, Callable[[Shell], QWidget]], *, patients: str = "Clients"
) -> tuple[Place, ...]:
    """The places that have a screen, in the rail's order: no button leads nowhere.

    `patients` is the practice's word. Raises KeyError for a maker of an unknown place.
    """
    unknown = set(makers) - {key for key, *_rest in (*PLACES, *PLACES_UNDER)}
    if unknown:
        raise KeyError(*unknown)
    return tuple(
        Place(
            key,
            patients if key == "patients" else title,
            icon,
            chord,
            makers[key],
            at_foot=key == "setup",
        )
        for key, title, icon, chord in PLACES
        if key in makers
    ) + tuple(
        Place(key, title, icon, "", makers[key], under=under)
        for key, title, icon, under in PLACES_UNDER
        if key in makers
    )


@dataclass(frozen=True)
class Stop:
    """Where a person was: the place, and what brings the same row back."""

    place: str
    what: Mapping[str, object] = field(default_factory=dict)
    from_screen: bool = False


class History:
    """The way back and forward, like a browser's."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._at = -1

    def here(self) -> Stop | None:
        """Where the person is."""
        return self._stops[self._at] if self._stops else None

    def visit(self, stop: Stop) -> None:
        """Go somewhere new; what lay forward is forgotten."""
        del self._stops[self._at + 1 :]
        self._stops.append(stop)
        del self._stops[:-KEPT]
        self._at = len(self._stops) - 1

    def amend(self, what: Mapping[str, object]) -> None:
        """Remember the row on which the person leaves the present stop."""
        here = self.here()
        if here is not None:
            self._stops[self._at] = Stop(here.place, what, here.from_screen)

    def can_go(self, step: int) -> bool:
        """Whether there is a stop one step back (-1) or forward (1)."""
        return 0 <= self._at + step < len(self._stops)

    def go(self, step: int) -> Stop | None:
        """Move one step, and return where that is; None at the end."""
        if not self.can_go(step):
            return None
        self._at += step
        return self._stops[self._at]


class RailButton(QAbstractButton):
    """One line of the rail: icon, name, and how much waits there for a person."""

    moved = Signal(int)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self._count, self._folded = place, 0, False
        self._holds = False
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_count(self, count: int) -> None:
        """Show how much waits; 0 shows nothing."""
        self._count = count
        self._name()
        self.update()

    def count(self) -> int:
        """How much waits."""
        return self._count

    def hold(self, *, holds: bool) -> None:
        """Leave the mark to a line below: what is open belongs here, but is not this."""
        self._holds = holds
        self.update()

    def fold(self, *, folded: bool) -> None:
        """Show only the icon, with the name in the tooltip."""
        self._folded = folded
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, theme.now.size.control)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        if (self.isChecked() and not self._holds) or self.isDown():
            box(painter, self.rect(), now.radius_control, now.rail_active)
        elif self.underMouse():
            box(painter, self.rect(), now.radius_control, now.border)
        side = now.size.icon
        inset = 0 if self._folded or not self.place.under else 18
        x = (self.width() - side) / 2 if self._folded else 10 + inset
        shade = "accent" if self.isChecked() else "text2"
        icons.paint(painter, self.place.icon, shade, x, (self.height() - side) / 2, side)
        if self._folded:
            if self._count:
                box(painter, QRect(self.width() - 14, 6, 6, 6), 3, now.accent)
            return
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(now.font("body", weight=600 if self.isChecked() else 500))
        painter.setPen(now.text if self.isChecked() else now.text2)
        left = 10 + inset + side + 10
        painter.drawText(self.rect().adjusted(left, 0, -40, 0), int(flags), self._words())
        if self._count:
            painter.setFont(now.font("small", weight=500))
            painter.setPen(now.text2)
            right = flags | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -10, 0), int(right), f"{self._count:,}")

    def _words(self) -> str:
        return self.place.title

    def _name(self) -> None:
        waits = f", {self._count:,} waiting" if self._count else ""
        self.setAccessibleName(f"{self.place.title}{waits}")
        key = key_text(self.place.chord)
        self.setToolTip(f"{self.place.title}  {key}" if self._folded else key)


class Rail(QWidget):
    """The places from top to bottom, Setup at the foot. Up and Down move, Enter opens.

    A place without a line of its own shows one below where it belongs, while it is open.
    """

    asked = Signal(str)

    def __init__(
        self,
        shown: Sequence[Place],
        head: QWidget,
        foot: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.buttons = {place.key: RailButton(place) for place in shown if not place.under}
        self._inner = {place.key: RailButton(place) for place in shown if place.under}
        self._head, self._foot = head, foot
        self._folded = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.setSpacing(2)
        column.addWidget(head)
        column.addSpacing(10)
        for key, button in self.buttons.items():
            if button.place.at_foot:
                continue
            column.addWidget(button)
            for inner in self._inner.values():
                if inner.place.under == key:
                    inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it is open already
                    column.addWidget(inner)
                    inner.hide()
        column.addStretch(1)
        for button in self.buttons.values():
            if button.place.at_foot:
                column.addWidget(button)
        column.addSpacing(4)
        column.addWidget(foot)
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, key=key: self._on_clicked(key))
            button.moved.connect(lambda step, key=key: self._on_moved(key, step))
        self._resize()

    def mark(self, key: str) -> None:
        """Show which place is open: in its line, or below the one that it belongs to."""
        inner = self._inner.get(key)
        open_ = key if inner is None else inner.place.under
        for name, button in self.buttons.items():
            button.setChecked(name == open_)
            button.hold(holds=inner is not None)
        for name, button in self._inner.items():
            button.setChecked(name == key)
            button.setVisible(name == key and open_ in self.buttons)

    def marked(self) -> str:
        """Which place is open, or the one that it belongs to; or nothing."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def fold(self, *, folded: bool) -> None:
        """Fold to icons, or unfold."""
        if folded != self._folded:
            self._folded = folded
            for button in (*self.buttons.values(), *self._inner.values()):
                button.fold(folded=folded)
            self._resize()

    def is_folded(self) -> bool:
        """Whether only icons are shown."""
        return self._folded

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._resize()

    def _resize(self) -> None:
        size = theme.now.size
        self.setFixedWidth(size.rail_small if self._folded else size.rail)
        self._head.setFixedHeight(size.topbar)
        for part in (self._head, self._foot):
            part.setProperty("folded", self._folded)
            part.update()

    def _on_clicked(self, key: str) -> None:
        self.buttons[key].setChecked(key == self.marked())
        self.asked.emit(key)

    def _on_moved(self, key: str, step: int) -> None:
        keys = list(self.buttons)
        at = max(0, min(len(keys) - 1, keys.index(key) + step))
        self.buttons[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)
