"""What a file was recognised as, and the day by which its amounts are dated."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from fscdesk.services.importing.looking import Looked
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.reading import ReadReport
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Card
from fscdesk.ui.screens.importing.words import days_words, source_words, totals_words
from fscdesk.ui.text import Label, count_text

_SESSIONS = (
    "The last day that the file speaks of. What SimplePractice calls paid or written off is dated "
    "by it, but never before the session."
)
_REPORT = "The last day that the file speaks of. What has no day of its own in it is dated by it."


class Facts(QWidget):
    """Facts at the left, the one thing to decide at the right."""

    day_changed = Signal(object)  # date
    mapping = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = date.min
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 16)
        line.setSpacing(16)
        self._card = Card("Recognised", margins=(20, 14, 20, 14))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._card.body.addLayout(self._grid)
        self._change = Button("Change the mapping", compact=True, on=self.mapping.emit)
        self._card.body.addWidget(self._change, 0, Qt.AlignmentFlag.AlignLeft)
        self._card.body.addStretch(1)
        line.addWidget(self._card, 3)
        beside = Card("Amounts as of", margins=(20, 14, 20, 14))
        self.day = DateField(
            "Day",
            today=lambda: self._today,
            hint=_SESSIONS,
        )
        self.day.changed.connect(self._on_day)
        beside.body.addWidget(self.day)
        beside.body.addStretch(1)
        line.addWidget(beside, 2)

    def show_file(self, looked: Looked, file: ReadFile | ReadReport, day: date) -> None:
        """Show what a file is."""
        content, found = file.content, file.recognised
        joined = file.content.joined if isinstance(file, ReadFile) else 0
        more = f", {count_text(joined)} of them codes of the row above" if joined else ""
        facts = {
            "Report": found.title,
            "File": file.source.name,
            "Written as": source_words(looked),
            "Headings": f"line {found.header_line}, {count_text(len(found.headings), 'column')}",
            "Rows": count_text(content.read, "row") + more,
            "Not read": f"{count_text(len(content.skipped), 'row')}, each with its reason"
            if content.skipped
            else "",
            "Days": days_words(content),
            "Sums": totals_words(file.report.totals) if isinstance(file, ReadReport) else "",
            "Mapped by": f"the mapping “{found.mapping.name}”" if found.mapping else "",
        }
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = [(name, words) for name, words in facts.items() if words]
        for at, (name, words) in enumerate(shown):
            self._grid.addWidget(Label(name, "hint"), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(Label(words, wrap=True), at, 1)
        self._change.setVisible(found.mapping is not None)
        self.day.set_hint(_REPORT if isinstance(file, ReadReport) else _SESSIONS)
        self._today = looked.today
        self.day.blockSignals(True)
        self.day.set_value(day)
        self.day.blockSignals(False)

    def _on_day(self) -> None:
        day = self.day.value()
        if day is not None and not self.day.fault():
            self.day_changed.emit(day)
