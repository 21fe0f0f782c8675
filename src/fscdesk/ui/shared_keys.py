"""The keys that work everywhere (ui.md section 8): from the window to the screen in front."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from fscdesk.ui import theme
from fscdesk.ui.actions import KeyLine, Menu, action, commands_of, key_lines, plain, shown_key
from fscdesk.ui.dialogs.help_pages import OF_PLACES, PAGES, HelpDialog
from fscdesk.ui.dialogs.keys import KeysDialog
from fscdesk.ui.preferences import LOOKS, Look
from fscdesk.ui.screen import SHARED_KEYS, Screen, offers
from fscdesk.ui.text import key_text

if TYPE_CHECKING:
    from fscdesk.ui.main_window import MainWindow

Way = Literal[-1, 1]
_LIST_KEYS = (
    ("Move", "Up Down PgUp PgDn"),
    ("Open", "Enter"),
    ("Back to the same row", "Esc"),
    ("Tick; all", "Space, Ctrl A"),
    ("Copy rows", "Ctrl C"),
    ("Context menu", "Shift F10"),
)


@dataclass
class Commands:
    """The window's actions: those of places, those a screen may take, and the rest."""

    places: list[QAction] = field(default_factory=list)
    of_screens: dict[str, QAction] = field(default_factory=dict)
    everywhere: list[QAction] = field(default_factory=list)


def install(window: MainWindow) -> Commands:
    """Make every shared command. Those of screens are off until a screen takes them."""
    made = Commands()
    for key, place in window.places.items():
        go = action(window, place.title, partial(window.open, key), place.chord, place.icon)
        made.places.append(go)
    for method, key, words in SHARED_KEYS:
        keys = (key, "Ctrl+R") if method == "refresh" else (key,)
        made.of_screens[method] = action(window, words, partial(_run, window, method), keys)
    made.of_screens["primary"] = action(
        window, "Primary button", partial(_primary, window), ("Ctrl+Return", "Ctrl+Enter")
    )
    every: list[tuple[str, Callable[[], object], tuple[str, ...]]] = [
        ("Search and commands", window.search.start, ("Ctrl+K",)),
        ("Back", partial(window.go, -1), ("Alt+Left", "Ctrl+[")),
        ("Forward", partial(window.go, 1), ("Alt+Right", "Ctrl+]")),
        ("Undo the last act", partial(_undo, window), ("Ctrl+Z",)),
        ("Redo the last act", partial(_redo, window), ("Ctrl+Y", "Ctrl+Shift+Z")),
        ("Next pane", partial(next_pane, window, 1), ("F6", "Ctrl+Shift+]")),
        ("Previous pane", partial(next_pane, window, -1), ("Shift+F6", "Ctrl+Shift+[")),
        ("All keys of this screen", partial(show_keys, window), ("Ctrl+/",)),
        ("How it works", partial(show_help, window), ("Ctrl+?",)),
        ("Larger text", partial(_text_size, window, 1), ("Ctrl+=", "Ctrl++")),
        ("Smaller text", partial(_text_size, window, -1), ("Ctrl+-",)),
    ]
    hooks = window.hooks
    for words, hook, key in (
        ("Import the newest file", hooks.import_newest, "Ctrl+I"),
        ("Choose files to import", hooks.choose_files, "Ctrl+O"),
        ("Lock now", hooks.lock, "Ctrl+Shift+L"),
    ):
        if hook is not None:
            every.append((words, partial(hook, window), (key,)))
    made.everywhere = [action(window, words, on, keys) for words, on, keys in every]
    follow(made, None)
    return made


def follow(commands: Commands, screen: Screen | None) -> None:
    """Switch the shared commands on that this screen offers."""
    for method, command in commands.of_screens.items():
        if method != "primary":
            command.setEnabled(screen is not None and offers(screen, method))
    commands.of_screens["primary"].setEnabled(screen is not None and offers(screen, "primary"))


def not_listed(commands: Commands) -> list[QAction]:
    """What search leaves out: it lists the places themselves, and it is open already."""
    return [*commands.places, commands.of_screens["primary"], commands.everywhere[0]]


def show_keys(window: MainWindow) -> None:
    """Show all keys of the screen in front."""
    screen = window.screen_in_front()
    title = getattr(screen, "title", "") or window.windowTitle()
    dialog = KeysDialog(title, lines(window), window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def show_help(window: MainWindow) -> None:
    """Show the help pages, beginning with that of the place in front."""
    stop = window.history.here()
    page = OF_PLACES.get(stop.place, PAGES[0]) if stop is not None else PAGES[0]
    dialog = HelpDialog(page, window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def lines(window: MainWindow) -> list[KeyLine]:
    """All keys that do something now, the screen's own first."""
    screen, commands = window.screen_in_front(), window.commands
    shared = dict(commands.of_screens)
    pressed = shared.pop("primary")
    primary = screen.primary() if isinstance(screen, Screen) else None
    found = key_lines("This screen", [*commands_of(screen), *shared.values()])
    if primary is not None and primary.isEnabled():
        found.insert(0, KeyLine("This screen", plain(primary), shown_key(pressed)))
    if screen is not None and screen.findChild(QAbstractItemView) is not None:
        found += [KeyLine("In a list", words, key_text(key)) for words, key in _LIST_KEYS]
    found += key_lines("Everywhere", commands.everywhere)
    found += key_lines("Places", commands.places)
    return list(dict.fromkeys(found))


def next_pane(window: MainWindow, way: Way) -> None:
    """Put the focus on the next part of the window: rail, the screen's panes, message bar."""
    screen = window.screen_in_front()
    inner: tuple[QWidget, ...] = screen.panes() if isinstance(screen, Screen) else ()
    if not inner and screen is not None:
        inner = (screen,)
    panes = [window.top, window.rail, *inner, window.bar]
    panes = [pane for pane in panes if pane.isVisible() and _first_inside(pane) is not None]
    focused = QApplication.focusWidget()
    here = [at for at, pane in enumerate(panes) if focused is pane or _inside(focused, pane)]
    at = (here[-1] + way) % len(panes) if here else 0
    focus_into(panes[at])


def focus_into(pane: QWidget) -> None:
    """Put the focus where it last was inside a part of the window, or on its first control."""
    last = pane.focusWidget()
    target = last if last is not None and last.isVisible() else _first_inside(pane)
    if target is not None:
        target.setFocus(Qt.FocusReason.OtherFocusReason)


def fill_user_menu(window: MainWindow, menu: Menu) -> None:
    """What stands under the person's name: the look, the text size, the lock, the way out."""
    words = {"system": "Look: as the system", "light": "Look: light", "dark": "Look: dark"}
    for look in LOOKS:
        line = menu.add(words[look], partial(_look, window, look))
        line.setCheckable(True)
        line.setChecked(window.preferences.look() == look)
    menu.addSeparator()
    menu.add("Larger text", partial(_text_size, window, 1), key="Ctrl+=")
    menu.add("Smaller text", partial(_text_size, window, -1), key="Ctrl+-")
    menu.add("All keys of this screen", partial(show_keys, window), "keyboard", "Ctrl+/")
    menu.add("How it works", partial(show_help, window), "circle-question-mark", "Ctrl+?")
    menu.addSeparator()
    lock = window.hooks.lock
    if lock is not None:
        menu.add("Lock now", partial(lock, window), "lock", "Ctrl+Shift+L")
    menu.add("Close fscdesk", window.close, "log-out")


def _run(window: MainWindow, method: str) -> None:
    screen = window.here()
    if screen is not None:
        getattr(screen, method)()


def _primary(window: MainWindow) -> None:
    screen = window.here()
    primary = screen.primary() if screen is not None else None
    if primary is None:
        return
    if primary.isEnabled() or not primary.statusTip():
        primary.trigger()
    else:  # a key that does nothing says why
        window.messages.note(primary.statusTip())


def _undo(window: MainWindow) -> None:
    """Undo what was done last: what was typed since the last act, else that act."""
    focused = QApplication.focusWidget()
    if window.undo_key.is_texts_own():
        getattr(focused, "undo")()  # noqa: B009 - a line or a text: both have it
        return
    window.undo_key.forget()
    if not window.undo.undo() and window.undo.newest() is None:
        window.messages.note("There is nothing to undo.")


def _redo(window: MainWindow) -> None:
    if not window.undo.redo() and window.undo.redoable() is None:
        window.messages.note("There is nothing to redo.")


def _look(window: MainWindow, look: Look) -> None:
    window.preferences.set_look(look)
    _apply(window)


def _text_size(window: MainWindow, step: int) -> None:
    window.preferences.set_text_size(theme.next_text_size(step))
    _apply(window)


def _apply(window: MainWindow) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, window.preferences.scheme(), window.preferences.text_size())


def _inside(widget: QWidget | None, pane: QWidget) -> bool:
    return widget is not None and pane.isAncestorOf(widget)


def _first_inside(pane: QWidget) -> QWidget | None:
    if pane.focusPolicy() != Qt.FocusPolicy.NoFocus and pane.isEnabled():
        return pane
    here: QWidget | None = pane.nextInFocusChain()
    while here is not None and here is not pane:
        takes = here.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and here.isEnabled() and here.isVisible() and pane.isAncestorOf(here):
            return here
        here = here.nextInFocusChain()
    return None
