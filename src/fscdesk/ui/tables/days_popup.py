"""The popup of a date chip: a word, a month, or two days typed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from fscdesk.ui.forms.amounts import DayEdit
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.day_entry import move_day, read_day
from fscdesk.ui.tables.filter_state import WORDS, Days, month_of
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.text import Label, day_text, month_text

MONTHS_BACK = 6


class DaysPopup(Popup):
    """Gives a range: a click on a word or a month, or Enter in the fields."""

    picked = Signal(object)
    """Days, or None for any."""

    def __init__(self, title: str, today: date, parent: QWidget) -> None:
        super().__init__(title, parent, width=300)
        self._today = today
        self.words = {
            key: Button(word, kind="quiet", compact=True, on=lambda key=key: self._word(key))  # type: ignore[misc]
            for key, word in WORDS.items()
        }
        months = [move_day(today.replace(day=1), months=-back) for back in range(MONTHS_BACK)]
        self.months = {
            month: Button(
                month_text(month),
                kind="quiet",
                compact=True,
                on=lambda month=month: self._give(month_of(month)),  # type: ignore[misc]
            )
            for month in months
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        left = Qt.AlignmentFlag.AlignLeft
        for at, button in enumerate(self.words.values()):
            grid.addWidget(button, at, 0, left)
        for at, button in enumerate(self.months.values()):
            grid.addWidget(button, at, 1, left)
        self.body.addLayout(grid)
        fields = QHBoxLayout()
        self.start, self.end = DayEdit(lambda: today), DayEdit(lambda: today)
        for field, name in ((self.start, "From"), (self.end, "To")):
            field.setProperty("compact", True)
            field.setAccessibleName(f"{title}: {name.lower()}")
            field.setPlaceholderText("any day")
            field.returnPressed.connect(self._typed)
            field.textEdited.connect(self._on_edited)
            label = Label(name, "label")
            label.setBuddy(field)
            fields.addWidget(label)
            fields.addWidget(field, 1)
        self.body.addLayout(fields)
        self.fault = Label("", "refusal", wrap=True)
        self.fault.hide()
        self.body.addWidget(self.fault)
        foot = QHBoxLayout()
        self.apply = Button("Show these days", kind="primary", compact=True, on=self._typed)
        self.any = Button("Any day", kind="quiet", compact=True, on=lambda: self._give(None))
        foot.addWidget(self.apply)
        foot.addWidget(self.any)
        foot.addStretch(1)
        self.body.addSpacing(4)
        self.body.addLayout(foot)

    def offer(self, days: Days | None) -> None:
        """Show the range in force."""
        start, end = (None, None) if days is None else days.ends(self._today)
        self.start.setText(day_text(start))
        self.end.setText(day_text(end))
        self.fault.hide()

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        super().open_under(anchor, right=right)
        self.start.setFocus()
        self.start.selectAll()

    def _word(self, key: str) -> None:
        self._give(Days(word=key))

    def _typed(self) -> None:
        try:
            start = read_day(self.start.text(), self._today) if self.start.text() else None
            end = read_day(self.end.text(), self._today) if self.end.text() else None
        except ValueError as fault:
            self._refuse(str(fault))
            return
        if start is not None and end is not None and end < start:
            self._refuse(f"{day_text(end)} is before {day_text(start)}.")
            return
        self._give(None if start is None and end is None else Days(start=start, end=end))

    def _on_edited(self, _text: str) -> None:
        self.fault.hide()

    def _refuse(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.show()
        self.arrange()

    def _give(self, days: Days | None) -> None:
        self.close_up()
        self.picked.emit(days)
