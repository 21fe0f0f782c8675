"""What was changed, in whole sentences: from, to, who, why. Nothing is cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fscdesk.ui.text import Label


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was done: when and by whom, and a sentence or two."""

    when: str
    who: str
    title: str
    sentence: str


class HistoryPage(QScrollArea):
    """A tab of a pane with what was done, the newest first. ``none`` is said where nothing was.

    It takes the focus, so that a screen reader reads it and the arrows scroll.
    """

    def __init__(
        self,
        name: str,
        told: Callable[[Any], Sequence[Told]],
        none: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._told, self._none = told, none
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def show_detail(self, detail: Any) -> None:
        """Show another record's history, from the top."""
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 4, 0)
        column.setSpacing(12)
        told = self._told(detail)
        for one in told:
            column.addLayout(_entry(one))
        if not told:
            column.addWidget(Label(self._none, "quiet", wrap=True))
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.setAccessibleDescription(" ".join(self.sentences()))
        self.verticalScrollBar().setValue(0)

    def sentences(self) -> list[str]:
        """Return all that is said, from the top."""
        page = self.widget()
        labels = page.findChildren(Label) if page is not None else []
        return [label.text() for label in labels]


def _entry(one: Told) -> QVBoxLayout:
    entry = QVBoxLayout()
    entry.setSpacing(2)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(Label(one.title, "strong"))
    head.addStretch(1)
    head.addWidget(Label(one.when, "hint"))
    entry.addLayout(head)
    entry.addWidget(Label(one.sentence, "body", wrap=True))
    if one.who:
        entry.addWidget(Label(one.who, "hint", wrap=True))
    return entry
