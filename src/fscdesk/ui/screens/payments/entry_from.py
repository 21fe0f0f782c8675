"""Who paid: one field that finds guarantors, clients and payers by letters."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from fscdesk.services.payments.entering import Source, find_sources
from fscdesk.services.work import Work
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.search import Line

_ICONS = {"payer": "building-2", "guarantor": "user"}


class FromField(FoundField[Source]):
    """Holds a `Source`."""

    nothing = "Nobody is called so."

    def __init__(self, desk: Desk, window: QWidget, patient: str) -> None:
        super().__init__("From", desk, window, example=f"Payer, guarantor or {patient.lower()}")

    def fitting(self, work: Work, typed: str) -> tuple[Source, ...]:
        return find_sources(work, typed)

    def line_of(self, found: Source) -> Line:
        return Line(found.name, found.detail, _ICONS[found.kind], lambda _beside: None)

    def text_of(self, held: Source) -> str:
        code = f" ({held.detail})" if held.kind == "payer" and held.detail else ""
        return f"{held.name}{code}"

    def value(self) -> Source | None:
        """Who paid; None while nobody is chosen."""
        return self.held()

    def set_value(self, source: Source | None) -> None:
        """Show another one, without telling."""
        self.hold(source)

    def fault(self) -> str:
        if self._taking:
            return ""
        if self._line.isModified() and self._line.text().strip():
            return f"Nobody is called “{self._line.text().strip()}”." if self._asked else ""
        return "" if self.held() is not None else "Who paid is missing."
