"""The first start: explore the demo, create a practice, open one, or connect to a shared one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFileDialog,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from fscdesk.services.errors import Problem
from fscdesk.ui import icons, theme
from fscdesk.ui.dialogs.shared_address import SharedAddress, SharedForm
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.painting import box
from fscdesk.ui.text import Label

ZONES: tuple[tuple[str, str], ...] = (
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Mountain without summer time (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
)


@dataclass(frozen=True, slots=True)
class ExploreDemo:
    """The fictional practice, two years of work."""


@dataclass(frozen=True, slots=True)
class CreatePractice:
    """A new, empty practice in a new file."""

    name: str
    zone: ZoneInfo
    path: Path


@dataclass(frozen=True, slots=True)
class OpenPractice:
    """A practice in a file on this computer."""

    path: Path


@dataclass(frozen=True, slots=True)
class ConnectPractice:
    """A shared practice on a PostgreSQL server; the password is in the system's keyring."""

    address: SharedAddress


Choice = ExploreDemo | CreatePractice | OpenPractice | ConnectPractice


class WelcomeDialog(QDialog):
    """Asks what to begin with. `carry_out` does it; a Problem from it is shown here.

    `carry_out` is called on the GUI thread and shall be quick or show its own progress. The
    dialog closes, with `choice` set, when it returns without a Problem.
    """

    def __init__(
        self,
        carry_out: Callable[[Choice], object],
        parent: QWidget | None = None,
        *,
        folder: Path | None = None,
        save_password: Callable[[SharedAddress, str], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.choice: Choice | None = None
        self._carry_out, self._folder = carry_out, folder or Path.home()
        self.setWindowTitle("fscdesk")
        self.setFixedWidth(theme.now.size.dialog_medium)
        self._pages = QStackedLayout()
        self.refusal = Label("", "refusal", wrap=True)
        self.refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 28)
        column.setSpacing(12)
        column.addLayout(self._pages, 1)
        column.addWidget(self.refusal)
        self.first = self._first_page()
        self.creation = self._create_page()
        self.shared = SharedForm(save_password)
        self.shared.cancelled.connect(lambda: self._turn(0))
        self.shared.connected.connect(lambda address: self._do(ConnectPractice(address)))
        for page in (self.first, self.creation, self.shared):
            self._pages.addWidget(page)
        self._turn(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pages.currentIndex():
            self._turn(0)
            return
        super().keyPressEvent(event)

    def _first_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Label("Welcome to fscdesk", "title"))
        column.addWidget(Label("What do you want to begin with?", "quiet"))
        column.addSpacing(8)
        self.ways = (
            Way("Explore the demo practice", "Fictional clients, two years of work", "sparkles"),
            Way("Create a practice", "A new file on this computer", "circle-plus"),
            Way("Open a practice", "A file that exists already", "folder-open"),
            Way("Connect to a shared practice", "On a PostgreSQL server", "database"),
        )
        acts = (
            lambda: self._do(ExploreDemo()),
            lambda: self._turn(1),
            self._open_file,
            lambda: self._turn(2),
        )
        for way, act in zip(self.ways, acts, strict=True):
            way.clicked.connect(act)
            column.addWidget(way)
        column.addStretch(1)
        return page

    def _create_page(self) -> Form:
        form = Form("Create the practice", "Back")
        form.heading("Create a practice")
        self.name = TextField("Name of the practice", longest=120)
        self.zone: ChoiceField[str] = ChoiceField(
            "Time zone",
            ZONES,
            "America/New_York",
            hint="Days and times of sessions are read in this zone. It stays as it is.",
        )
        form.row(name=self.name)
        form.row(zone=self.zone)
        form.saved.connect(self._create_file)
        form.cancelled.connect(lambda: self._turn(0))
        return form

    def _turn(self, page: int) -> None:
        self.refusal.hide()
        self._pages.setCurrentIndex(page)
        (self.ways[0], self.name, self.shared.host)[page].setFocus()

    def _create_file(self) -> None:
        proposed = "".join(c if c.isalnum() or c in " -_" else "" for c in self.name.value())
        path, _kind = QFileDialog.getSaveFileName(
            self,
            "Where the practice is kept",
            str(self._folder / f"{proposed.strip() or 'practice'}.fscdesk"),
            "Practices (*.fscdesk)",
        )
        if path:
            self.create_at(Path(path))

    def create_at(self, path: Path) -> None:
        """Create the practice that the form describes, in this file."""
        key = self.zone.value() or "America/New_York"
        try:
            zone = ZoneInfo(key)
        except ZoneInfoNotFoundError:
            self.zone.show_fault(f"This computer does not know the zone {key}.")
            return
        self._do(CreatePractice(self.name.value(), zone, path))

    def _open_file(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, "Open a practice", str(self._folder), "Practices (*.fscdesk);;All files (*)"
        )
        if path:
            self._do(OpenPractice(Path(path)))

    def _do(self, choice: Choice) -> None:
        try:
            self._carry_out(choice)
        except Problem as refused:
            self.refusal.setText(f"{refused.message} {refused.hint}".strip())
            self.refusal.show()
            return
        self.choice = choice
        self.accept()


class Way(QAbstractButton):
    """One way to begin: a large button with two lines."""

    def __init__(self, words: str, detail: str, icon: str) -> None:
        super().__init__()
        self._words, self._detail, self._icon = words, detail, icon
        self.setAccessibleName(words)
        self.setAccessibleDescription(detail)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(400), theme.now.px(60))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        fill = now.hover if self.underMouse() or self.isDown() else now.surface
        box(painter, self.rect(), now.radius_card, fill, now.border_strong)
        side = now.size.icon_large
        icons.paint(painter, self._icon, "accent", 18, (self.height() - side) / 2, side)
        one, two = now.line("body"), now.line("small")
        top = (self.height() - one - two) // 2
        left = 18 + side + 16
        painter.setFont(now.font("strong"))
        painter.setPen(now.text)
        words = self.rect().adjusted(left, top, -12, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignTop), self._words)
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(words.adjusted(0, one, 0, 0), int(Qt.AlignmentFlag.AlignTop), self._detail)
