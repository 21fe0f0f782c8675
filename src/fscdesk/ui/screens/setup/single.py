"""A group of Setup that is one record: its form fills the page."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout

from fscdesk.services.work import Topic
from fscdesk.ui import theme
from fscdesk.ui.forms.record_pane import Record, RecordPane
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import HasId

R = TypeVar("R", bound=HasId)
F = TypeVar("F")
WIDEST = 720


class SinglePart(Part, Generic[R, F]):
    """The one record of its kind, read when the page is shown and on its topic."""

    def __init__(self, shell: Shell, record: Record[R, F], topic: Topic) -> None:
        super().__init__()
        self._shell, self._record, self._topic = shell, record, topic
        self.pane: RecordPane[R, F] = RecordPane(shell, record)
        across = QHBoxLayout(self)
        across.setContentsMargins(4, 0, 0, 0)
        across.addWidget(self.pane, 1)
        across.addStretch(0)
        theme.changed.connect(self._fit)
        self._fit()
        shell.desk.changed.connect(self._on_changed)
        self.refresh()

    def save(self) -> None:
        self.pane.save()

    def can_save(self) -> bool:
        return self.pane.can_save

    def refresh(self) -> None:
        rows = self._record.rows
        self._shell.desk.ask(self, lambda work: rows(work)[0], self.pane.renew)

    def enter(self) -> None:
        self.pane.enter()

    def _fit(self) -> None:
        self.pane.setMaximumWidth(theme.now.px(WIDEST))

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if self._topic in topics:
            self.refresh()
