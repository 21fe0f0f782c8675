"""The menus of a list: on a row, on Export, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from fscdesk.ui.tables.export import FORMATS, shown_rows
from fscdesk.ui.tables.spec import RowsAct

if TYPE_CHECKING:
    from fscdesk.ui.tables.list_screen import ListPart


def row_menu(part: ListPart[Any]) -> QMenu:
    """Return the context menu for what is ticked, or for the current row."""
    menu = QMenu(part)
    menu.setToolTipsVisible(True)
    rows = part.chosen()
    one = part.view.picking.current_row
    if one is not None:
        _add(menu, "Open", lambda: part.opened.emit(one), "Return")
    for act in part.spec.row_acts:
        add_act(menu, act, rows)
    if rows and part.spec.bulk:
        menu.addSeparator()
        for act in filter(lambda act: act.in_menu, part.spec.bulk):
            add_act(menu, act, rows)
    menu.addSeparator()
    if rows:
        words = "Copy row" if len(rows) == 1 else f"Copy {len(rows)} rows"
        _add(menu, words, part.copy, "Ctrl+C")
    if one is not None and part.model.ticking:
        ticked = one.id in part.model.ticks
        _add(menu, "Untick" if ticked else "Tick", lambda: part.model.ticks.toggle(one), "Space")
    sorting = menu.addMenu("Sort by")
    for column in part.model.columns:
        if column.sortable:
            entry = _add(sorting, column.title, partial(part.sort_by, column.key))
            entry.setCheckable(True)
            entry.setChecked(column.key == part.model.sort_key)
    _add(menu, "Columns…", part.show_columns)
    if part.pane is not None:
        words = "Hide details" if part.pane_shown else "Show details"
        _add(menu, words, part.toggle_pane, "F4")
    return menu


def export_menu(part: ListPart[Any]) -> QMenu:
    """Return the formats that the list can be given out in."""
    menu = QMenu(part)
    for form, words in FORMATS.items():
        _add(menu, f"{words}…", partial(part.export_as, form))
    return menu


def export_chosen_menu(part: ListPart[Any]) -> QMenu:
    """Return the formats that the chosen rows can be given out in."""
    menu = QMenu(part)
    for form, words in FORMATS.items():
        _add(menu, f"{words}…", partial(export_chosen_as, part, form))
    return menu


def export_chosen_as(part: ListPart[Any], form: str) -> None:
    """Write the chosen rows as ``csv``, ``xlsx`` or ``pdf``."""
    columns, span = part.seen_columns(), part.model.whole_span
    part.exporting.start(shown_rows(part.spec.name, columns, part.chosen(), span), form)


def add_keys(part: ListPart[Any]) -> None:
    """Give a list its chords as actions, which Ctrl+K and Ctrl+/ can list."""
    keys: list[tuple[str, str, Callable[[], object]]] = [
        ("Add a filter", "Ctrl+Shift+F", part.add_filter),
        ("Previous record", "Ctrl+Up", partial(part.step, -1)),
        ("Next record", "Ctrl+Down", partial(part.step, 1)),
    ]
    if part.pane is not None:
        keys.append(("Details on or off", "F4", part.toggle_pane))
    acts = (*part.spec.row_acts, *part.spec.bulk)
    keys += [(act.word, act.shortcut, partial(part.do, act)) for act in acts if act.shortcut]
    for words, key, do in keys:
        action = QAction(words, part)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False, do=do: do())
        part.addAction(action)


def why_not(act: RowsAct[Any], rows: Sequence[Any]) -> str:
    """Return why an act cannot be done with what is chosen, or ""."""
    if not rows:
        return "Nothing is chosen. Choose a row with the arrows first."
    return act.off_because(rows) if act.off_because else ""


def add_act(menu: QMenu, act: RowsAct[Any], rows: Sequence[Any]) -> QAction:
    """Put an act in a menu; where it cannot be done, its tooltip says why."""
    reason = why_not(act, rows)
    entry = _add(menu, act.word, lambda: act.act(rows), act.shortcut)
    entry.setEnabled(not reason)
    entry.setToolTip(reason)
    return entry


def pop_export(part: ListPart[Any]) -> None:
    """Offer the formats under the Export button, or over the rows where there is none."""
    anchor = part.export_button if part.export_button.isVisible() else part.view
    pop(export_menu(part), anchor.mapToGlobal(QPoint(0, part.export_button.height())))


def pop_export_chosen(part: ListPart[Any]) -> None:
    """Offer the formats for the chosen rows under the bar of ticked rows."""
    anchor = part.body.bar if part.body.bar.isVisible() else part.view
    at = QPoint(anchor.width() // 2, part.export_button.height())
    pop(export_chosen_menu(part), anchor.mapToGlobal(at))


def pop(menu: QMenu, at: QPoint) -> None:
    """Show a menu that is thrown away when it closes."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)


def _add(menu: QMenu, words: str, act: Callable[[], object], key: str = "") -> QAction:
    shown = words.replace("&", "&&")
    if key:  # as text: a second action with this shortcut would make the key ambiguous
        native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        shown = f"{shown}\t{native}"
    entry = QAction(shown, menu)
    entry.triggered.connect(lambda _checked=False: act())
    menu.addAction(entry)
    return entry
