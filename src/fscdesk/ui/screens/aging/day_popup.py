"""The popup of the day chip: a day typed, today, or the end of one of the last months."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.ui.forms.amounts import DayEdit
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.day_entry import move_day, read_day
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.text import Label, day_text, month_text

MONTHS_BACK = 6


class DayPopup(Popup):
    """Gives one day: Enter in the field, or a press on a word."""

    picked = Signal(object)
    """A day, or None for today, whichever day that will be."""

    def __init__(self, day: date, today: date, parent: QWidget) -> None:
        super().__init__("As of which day", parent, width=260)
        self._today = today
        self.edit = DayEdit(lambda: today)
        self.edit.setAccessibleName("As of")
        self.edit.setText(day_text(day))
        self.edit.returnPressed.connect(self._on_typed)
        self.edit.textEdited.connect(self._on_edited)
        self.show_it = Button("Show this day", kind="primary", compact=True, on=self._on_typed)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.show_it)
        self.body.addLayout(line)
        self.hint = Label(
            "t is today, -1 yesterday, 3-31 the last 31st of March.", "hint", wrap=True
        )
        self.fault = Label("", "refusal", wrap=True)
        self.fault.hide()
        self.body.addWidget(self.hint)
        self.body.addWidget(self.fault)
        self.body.addSpacing(4)
        words: list[tuple[str, date | None]] = [("Today", None)]
        first = today.replace(day=1)
        for back in range(MONTHS_BACK):
            end = move_day(first, months=-back) - timedelta(days=1)
            words.append((f"End of {month_text(end)}", end))
        for word, day_meant in words:
            button = Button(word, kind="quiet", compact=True)
            button.clicked.connect(partial(self._give, day_meant))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        super().open_under(anchor, right=right)
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)
        self.edit.selectAll()

    def _on_typed(self) -> None:
        try:
            day = read_day(self.edit.text(), self._today)
        except ValueError as fault:
            self.fault.setText(str(fault))
            self.fault.show()
            self.hint.hide()
            self.arrange()
            return
        self._give(None if day == self._today else day)

    def _on_edited(self, _text: str) -> None:
        self.fault.hide()
        self.hint.show()

    def _give(self, day: date | None, _checked: bool = False) -> None:
        self.close_up()
        self.picked.emit(day)
