"""The head of a report: its title beside the buttons, and under it what it was asked."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fscdesk.ui.forms.card import LEFT, RIGHT, TitleLine
from fscdesk.ui.text import Label

ABOVE, BETWEEN, BELOW = 17, 2, 10


class ReportHead(QWidget):
    """Days and filters have a line of their own: beside the buttons they would be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.line = TitleLine("")
        self.heading = self.line.heading
        self.note = Label("", "quiet", wrap=True)
        self.note.setContentsMargins(LEFT, 0, RIGHT, BELOW)
        within = self.line.layout()
        if within is not None:
            within.setContentsMargins(LEFT, ABOVE, RIGHT, BETWEEN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.note)

    def say(self, title: str, note: str) -> None:
        """Show the title of a report, and the words under it."""
        self.heading.setText(title)
        self.note.setText(note)
