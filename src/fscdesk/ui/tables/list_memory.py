"""Remembers how a person arranged a list, for each of its views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.layout import TableLayout, layout_from_json
from fscdesk.ui.tables.spec import ListSpec

STORE_AFTER_MS = 400
NO_VIEW = ""


class ListMemory(QObject):
    """Reads all layouts of a list once, and stores each a moment after it was changed.

    A layout that cannot be stored is no harm worth a message: it lasts until the list closes.
    """

    def __init__(self, desk: Desk, keeping: Keeping, spec: ListSpec[Any], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._keeping, self._spec = desk, keeping, spec
        self._kept: dict[str, str] = {}
        self._due: dict[str, str] = {}
        self._pause = QTimer(self, singleShot=True, interval=STORE_AFTER_MS)
        self._pause.timeout.connect(self.store)

    def load(self, then: Callable[[], None]) -> None:
        """Read what is kept, then go on; go on without it when it cannot be read."""

        def loaded(kept: dict[str, str]) -> None:
            self._kept = dict(kept)
            then()

        self._desk.ask(
            self,
            lambda work: self._keeping.layouts(work, self._spec.key),
            loaded,
            lambda _fault: then(),
        )

    def layout(self, view: str, first: TableLayout) -> TableLayout:
        """Return the layout of a view, or ``first`` where a person changed nothing."""
        return layout_from_json(self._kept.get(view, ""), first, self._spec.columns)

    def keep(self, view: str, layout: TableLayout) -> None:
        """Note a layout; it is stored soon."""
        self._due[view] = layout.to_json()
        self._pause.start()

    @Slot()
    def store(self) -> None:
        """Store now what is due."""
        self._pause.stop()
        due = {view: text for view, text in self._due.items() if self._kept.get(view) != text}
        self._due.clear()
        self._kept.update(due)
        for view, text in due.items():
            self._store(view, text)

    def _store(self, view: str, text: str) -> None:
        self._desk.act(
            self,
            lambda work: self._keeping.save_layout(work, self._spec.key, view, text),
            lambda _none: None,
            lambda _fault: None,
        )
