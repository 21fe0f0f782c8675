"""The line above a list: chips, "+ Filter", and the field that finds while it is typed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget
from shiboken6 import isValid

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import IconButton
from fscdesk.ui.forms.chip import AddChip, Chip
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.choice_popup import ChoicePopup
from fscdesk.ui.tables.days_popup import DaysPopup
from fscdesk.ui.tables.delegates import FIRST_PAD
from fscdesk.ui.tables.filter_state import Days, FilterState, range_words
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Filter

FIND_AFTER_MS = 120
ANY = "Any"
WORDS_SHOWN = 2
GAP = 8


class FilterLine(QWidget):
    """Shows a ``FilterState`` as chips and tells when a person changed it."""

    changed = Signal(object)
    """FilterState."""
    needs_room = Signal()
    """What it shows, and so how wide it must be, is other now."""
    leave = Signal()
    """Down or Enter in the find field: on to the rows."""

    def __init__(
        self,
        desk: Desk,
        filters: Sequence[Filter],
        today: Callable[[], date],
        *,
        searching: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._today = desk, today
        self._filters = {one.key: one for one in filters}
        self._state = FilterState()
        self._words: dict[tuple[str, str], str] = {
            (one.key, choice.key): choice.word
            for one in filters
            if isinstance(one, ChoiceFilter)
            for choice in one.choices
        }
        self._added: list[str] = []
        self._open: ChoicePopup | DaysPopup | None = None
        self.chips = {one.key: Chip(one.title, ANY) for one in filters}
        self.add = AddChip("Filter")
        self.field = QLineEdit(placeholderText="Find in this list")
        self.find_button = IconButton("search", "Find in this list", key="Ctrl+F", on=self.seek)
        self._pause = QTimer(self, singleShot=True, interval=FIND_AFTER_MS)
        self._pause.timeout.connect(self._on_typed)
        self._searching = searching
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._build()

    def state(self) -> FilterState:
        """Return what is asked now, typed words included."""
        return self._state

    def set_state(self, state: FilterState) -> None:
        """Show a state without telling: a view was opened."""
        self._pause.stop()
        self._state = state
        self._added = [key for key in self._added if key in state.set_keys]
        if self.field.text() != state.text:
            self.field.setText(state.text)
            self._pause.stop()
        self._show_field(on=bool(state.text) or self.field.hasFocus())
        self._show_chips()

    def words(self) -> tuple[str, ...]:
        """Return what is asked as words for paper: ``Status: Denied``."""
        said = []
        for key, one in self._filters.items():
            if isinstance(one, DayFilter):
                days = self._state.range(key)
                value = _exact_words(days, self._today()) if days else ""
            else:
                known = [self._words.get((key, value), value) for value in self._state.values(key)]
                value = " or ".join(known)
            if value:
                said.append(f"{one.title}: {value}")
        text = self._state.text.strip()
        return (*said, *((f"Found by: {text}",) if text else ()))

    def name_values(self, key: str, words: Mapping[str, str]) -> None:
        """Say what picked values of a chip are called, before its popup was ever opened."""
        self._words.update({(key, value): word for value, word in words.items()})
        self._show_chips()

    def seek(self, text: str = "") -> None:
        """Open the find field and put ``text`` at its end."""
        self._show_field(on=True)
        self.field.setFocus()
        if text:
            self.field.end(False)
            self.field.insert(text)
        else:
            self.field.selectAll()

    def add_filter(self) -> None:
        """Offer the filters that are not on the line; if all are, open the first."""
        hidden = self._hidden()
        if not hidden:
            chips = [chip for chip in self.chips.values() if not chip.isHidden()]
            if chips:
                chips[0].setFocus()
                chips[0].click()
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in hidden:
            entry = QAction(one.title, menu)
            entry.triggered.connect(partial(self._on_added, one.key))
            menu.addAction(entry)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def clear_find(self) -> bool:
        """Empty and fold the find field; False if there was nothing to fold."""
        had = bool(self.field.text()) or not self.field.isHidden()
        if had:
            self._pause.stop()
            self.field.clear()
            self._show_field(on=False)
            self._on_typed()
        return had

    def least_width(self) -> int:
        """Return the width below which a set chip, or the way to the others, is out of reach."""
        kept = [key for key in self.chips if self._kept(key)]
        more = any(not self._kept(key) for key in self.chips)
        return self._fixed(more=more) + sum(self._chip_width(key) for key in kept)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(160), theme.now.size.control_small)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                key = event.key()
                if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._on_typed()
                    self.leave.emit()
                    return True
                if key == Qt.Key.Key_Escape:
                    self.clear_find()
                    self.leave.emit()
                    return True
        elif watched is self.field and event.type() == QEvent.Type.FocusOut:
            self._show_field(on=bool(self.field.text()))
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(FIRST_PAD, 0, 0, 0)
        line.setSpacing(GAP)
        for key, chip in self.chips.items():
            line.addWidget(chip)
            chip.clicked.connect(partial(self._on_chip, key))
            chip.cleared.connect(partial(self._on_cleared, key))
        line.addWidget(self.add)
        self.add.clicked.connect(self.add_filter)
        self.field.setProperty("compact", True)
        self.field.setAccessibleName("Find in this list")
        self.field.addAction(
            icons.icon("search", "text3", 14), QLineEdit.ActionPosition.LeadingPosition
        )
        cross = QAction(icons.icon("x", "text2", 14), "Find everything again", self.field)
        cross.triggered.connect(self._on_cross)
        self.field.addAction(cross, QLineEdit.ActionPosition.TrailingPosition)
        self.field.setMinimumWidth(theme.now.px(120))
        self.field.setMaximumWidth(theme.now.px(260))
        self.field.textEdited.connect(lambda _text: self._pause.start())
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.installEventFilter(self)
        line.addWidget(self.field, 2)
        line.addStretch(1)
        line.addWidget(self.find_button)
        self._show_field(on=False)
        self._show_chips()

    def _show_field(self, *, on: bool) -> None:
        self.field.setVisible(on)
        self.find_button.setVisible(self._searching and not on)
        self._fold()
        self.needs_room.emit()

    def _fold(self) -> None:
        """Where the line is too narrow, chips that are not set go behind "+ Filter"."""
        shown = [key for key, chip in self.chips.items() if self._wanted(key)]
        wide = {key: self._chip_width(key) for key in shown}
        fixed = self._fixed(more=True)
        for key in reversed(shown.copy()):
            if fixed + sum(wide[kept] for kept in shown) <= self.width():
                break
            if not self._kept(key):
                shown.remove(key)
        for key, chip in self.chips.items():
            chip.setVisible(key in shown)
        self.add.setVisible(len(shown) < len(self.chips))

    def _kept(self, key: str) -> bool:
        """Return whether a chip stays in view however narrow it gets: it filters."""
        return key in self._state.set_keys or key in self._added

    def _chip_width(self, key: str) -> int:
        return self.chips[key].sizeHint().width() + GAP

    def _fixed(self, *, more: bool) -> int:
        """Return the width of what is no chip: the way to the other filters, and the find field."""
        fixed = FIRST_PAD + (self.add.sizeHint().width() + GAP if more else 0)
        if not self.field.isHidden():
            fixed += self.field.minimumWidth() + GAP
        elif self._searching:
            fixed += self.find_button.sizeHint().width() + GAP
        return fixed

    def _wanted(self, key: str) -> bool:
        return self._filters[key].always or self._kept(key)

    def _hidden(self) -> list[Filter]:
        return [one for key, one in self._filters.items() if self.chips[key].isHidden()]

    def _show_chips(self) -> None:
        for key, one in self._filters.items():
            chip = self.chips[key]
            days = self._state.range(key)
            if isinstance(one, DayFilter):
                chip.show_value(days.words() if days else ANY, is_set=days is not None)
            else:
                values = self._state.values(key)
                chip.show_value(self._value_words(key, values), is_set=bool(values))
        self._fold()
        self.needs_room.emit()

    def _value_words(self, key: str, values: Sequence[str]) -> str:
        if not values:
            return ANY
        words = [self._words.get((key, value), value) for value in values]
        if len(words) <= WORDS_SHOWN:
            return " or ".join(words)
        return f"{words[0]} and {len(words) - 1} more"

    def _change(self, state: FilterState) -> None:
        if state != self._state:
            self._state = state
            self._show_chips()
            self.changed.emit(state)

    @Slot()
    def _on_cross(self) -> None:
        self.clear_find()
        self.leave.emit()

    @Slot()
    def _on_typed(self) -> None:
        self._pause.stop()
        self._change(self._state.with_text(self.field.text()))

    def _on_cleared(self, key: str) -> None:
        self._added = [added for added in self._added if added != key]
        self._change(self._state.without(key))

    def _on_added(self, key: str, _checked: bool = False) -> None:
        self._added.append(key)
        self._show_chips()
        self.chips[key].setFocus()
        self._on_chip(key)

    def _on_chip(self, key: str, _checked: bool = False) -> None:
        one, chip = self._filters[key], self.chips[key]
        if self._open is not None and isValid(self._open):
            self._open.close_up()
            self._open.deleteLater()
        if isinstance(one, DayFilter):
            days = DaysPopup(one.title, self._today(), self)
            days.offer(self._state.range(key))
            days.picked.connect(partial(self._on_days, key))
            self._open = days
        else:
            self._open = self._choice_popup(one)
        self._open.open_under(chip)

    def _choice_popup(self, one: ChoiceFilter) -> ChoicePopup:
        popup = ChoicePopup(one.title, self)
        popup.picked.connect(partial(self._on_values, one.key))
        popup.offer(one.choices, self._state.values(one.key))
        if one.ask is not None:
            ask, others = one.ask, self._state.without(one.key)
            self._desk.ask(popup, lambda work: ask(work, others), partial(self._offer, popup, one))
        return popup

    def _offer(self, popup: ChoicePopup, one: ChoiceFilter, choices: Sequence[Choice]) -> None:
        for choice in choices:
            self._words[one.key, choice.key] = choice.word
        popup.offer(choices, self._state.values(one.key))

    def _on_values(self, key: str, values: tuple[str, ...]) -> None:
        one = self._filters[key]
        if isinstance(one, ChoiceFilter) and one.single:
            before = self._state.values(key)
            values = tuple(value for value in values if value not in before)[:1]
            if values and self._open is not None:
                self._open.close_up()
        self._change(self._state.with_values(key, values))

    def _on_days(self, key: str, days: Days | None) -> None:
        self._change(self._state.with_days(key, days))


def _exact_words(days: Days, today: date) -> str:
    """On paper "Last month" says which one."""
    start, end = days.ends(today)
    return range_words(start, end)
