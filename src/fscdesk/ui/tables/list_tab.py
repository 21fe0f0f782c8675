"""A list as a part of a screen: behind a tab, with the shared keys handed on to it."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import ListSpec

R = TypeVar("R", bound=HasId)


class ListTab(Part, Generic[R]):
    """One list that fills the part."""

    def __init__(
        self, shell: Shell, spec: ListSpec[R], *, keeping: Keeping, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.list: ListPart[R] = ListPart(
            shell.desk, spec, messages=shell.messages, keeping=keeping
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        self.list.refresh()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        return self.list.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.list.panes()

    def enter(self) -> None:
        self.list.view.setFocus()
