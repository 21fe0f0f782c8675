"""The window: rail, top bar, and the sheet with the screen in front. It knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from fscdesk.ui import shared_keys, theme
from fscdesk.ui.actions import Menu, commands_of, plain, shown_key
from fscdesk.ui.focus_ring import FocusRings
from fscdesk.ui.jobs.activity import Activity
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.message_bar import MessageBar
from fscdesk.ui.messages import Help, Message, Messages
from fscdesk.ui.navigation import FOLD_BELOW, History, Place, Rail, Stop
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.rail_ends import PracticeHead, UserFoot, foot_widget
from fscdesk.ui.screen import Given, PracticeFacts, Screen, Shell
from fscdesk.ui.search import Hit, Line, Provider, SearchBox
from fscdesk.ui.sheet import Sheet
from fscdesk.ui.top_bar import TopBar
from fscdesk.ui.undo import Undo, UndoStack
from fscdesk.ui.undo_key import UndoKey

Hook = Callable[[Shell], object]


@dataclass(frozen=True)
class Hooks:
    """What the window offers where somebody gave it: without a hook there is no command."""

    import_newest: Hook | None = None
    choose_files: Hook | None = None
    lock: Hook | None = None
    other_practice: Hook | None = None


class MainWindow(QMainWindow):
    """The shell of the program: it gives screens what `Shell` promises, and routes the keys."""

    closing = Signal()

    def __init__(
        self,
        desk: Desk,
        practice: PracticeFacts,
        shown: Sequence[Place],
        *,
        messages: Messages | None = None,
        providers: Sequence[Provider] = (),
        hooks: Hooks | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__()
        self.desk, self.practice = desk, practice
        self.messages = messages or Messages(self)
        self.undo = UndoStack(desk, self)
        self.undo_key = UndoKey(self)
        self.preferences = preferences or Preferences()
        self.hooks = hooks or Hooks()
        self.places = {place.key: place for place in shown}
        self.history = History()
        self._screens: dict[str, QWidget] = {}
        self.activity = Activity(desk, self)
        self._build(providers)
        self.commands = shared_keys.install(self)
        self.setWindowTitle(f"{practice.name} – fscdesk")
        self.setMinimumSize(900, 600)
        theme.changed.connect(self._fold)

    # What screens ask for

    def open(self, place_key: str, **what: object) -> None:
        """Bring a place to the front, on what a screen names. Raises KeyError if unknown."""
        self._leave()
        self.history.visit(Stop(place_key, what, from_screen=bool(what)))
        self._show(place_key, what)

    def back(self) -> None:
        """Return to where the person was before, on the same row."""
        self.go(-1)

    def has(self, place_key: str) -> bool:
        """Whether a place has a screen."""
        return place_key in self.places

    def set_count(self, place_key: str, count: int) -> None:
        """Show in the rail how much waits there; nothing happens for a place without screen."""
        if place_key in self.rail.buttons:
            self.rail.buttons[place_key].set_count(count)

    def preview(self, pdf: bytes, title: str, file_name: str, given: Given | None = None) -> None:
        """Show pages, to print or to keep; ``given`` is told when they have left the program."""
        dialog = PreviewDialog(pdf, title, file_name, self.messages, self, given)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # What the window does itself

    def go(self, step: int) -> None:
        """Go back (-1) or forward (1)."""
        self._leave()
        stop = self.history.go(step)
        if stop is not None:
            self._show(stop.place, stop.what)

    def screen_in_front(self) -> QWidget | None:
        """The screen that is shown."""
        return self.sheet.stack.currentWidget()

    def here(self) -> Screen | None:
        """The screen that is shown, if it takes the shared keys."""
        front = self.screen_in_front()
        return front if isinstance(front, Screen) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or event.modifiers() or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        screen, stop = self.here(), self.history.here()
        if screen is not None and screen.escape():
            return
        if not self.bar.isHidden():
            self.messages.clear()
        elif stop is not None and stop.from_screen:
            self.back()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        self.rail.fold(folded=self.width() < theme.now.px(FOLD_BELOW))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.preferences.set_geometry(self.saveGeometry())
        self.activity.close()
        self.closing.emit()
        super().closeEvent(event)

    # Building

    def _build(self, providers: Sequence[Provider]) -> None:
        practice, hooks = self.practice, self.hooks
        head = PracticeHead(practice.name, self._fill_practice if hooks.other_practice else None)
        foot = UserFoot(practice.user, lambda menu: shared_keys.fill_user_menu(self, menu))
        self.rail = Rail(tuple(self.places.values()), head, foot_widget(foot))
        self.rail.asked.connect(self._on_place)
        words = f"Search {practice.patients.lower()}, claims, checks, or type a command"
        self.search = SearchBox(self.desk, self, self._own_lines, providers, self._open_hit, words)
        self.top = TopBar(
            self.search, self.activity, self, go=self.go, keys=lambda: shared_keys.show_keys(self)
        )
        self.messages.said.connect(self._on_said)
        self.bar = MessageBar(self.messages, self.undo)
        self.sheet = Sheet(self.bar)
        self.undo.undone.connect(self._on_undone)
        self.undo.refused.connect(self.messages.refused)
        desk = QWidget()
        desk.setObjectName("desk")
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 8, 8)
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.sheet, 1)
        across = QHBoxLayout(desk)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(right, 1)
        self.setCentralWidget(desk)
        self._rings = FocusRings(self)

    def _fill_practice(self, menu: Menu) -> None:
        other = self.hooks.other_practice
        if other is not None:
            menu.add("Open another practice…", lambda: other(self), "folder-open")

    # Going

    def _leave(self) -> None:
        screen = self.here()
        if screen is not None:
            self.history.amend(screen.here())
        self.bar.leave()

    def _show(self, key: str, what: Mapping[str, object]) -> None:
        screen = self._screens.get(key)
        if screen is None:
            screen = self._screens[key] = self.places[key].make(self)
            self.sheet.stack.addWidget(screen)
        self.sheet.stack.setCurrentWidget(screen)
        self.rail.mark(key)
        self.top.back.setEnabled(self.history.can_go(-1))
        self.top.forward.setEnabled(self.history.can_go(1))
        if isinstance(screen, Screen):
            screen.on_shown(**what)
        shared_keys.follow(self.commands, self.here())
        shared_keys.focus_into(screen)

    def _on_place(self, key: str) -> None:
        stop = self.history.here()
        if stop is None or stop.place != key:
            self.open(key)

    # Saying and undoing

    def _on_said(self, message: Message) -> None:
        if message.undo is not None and self.undo.newest() is not message.undo:
            self.undo.push(message.undo)
            self.undo_key.note()

    def _on_undone(self, sentence: str, again: Undo | None) -> None:
        redo = Help("Redo", self.undo.redo) if again is None and self.undo.redoable() else None
        self.messages.info(sentence, undo=again, help=redo)

    # Searching

    def _own_lines(self) -> list[Line]:
        lines = [
            Line(place.title, "Place", place.icon, partial(self._open_place, key))
            for key, place in self.places.items()
        ]
        found: list[QAction] = [*commands_of(self.screen_in_front()), *commands_of(self)]
        lines += [
            Line(plain(one), "Command", "command", partial(_trigger, one), shown_key(one))
            for one in found
            if one not in shared_keys.not_listed(self.commands)
        ]
        return lines

    def _open_place(self, key: str, _beside: bool) -> None:
        self._on_place(key)

    def _open_hit(self, hit: Hit, beside: bool) -> None:
        place, what = hit.open
        self.open(place, **what, **({"beside": True} if beside else {}))


def _trigger(command: QAction, _beside: bool) -> None:
    command.trigger()
