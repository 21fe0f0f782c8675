"""Asks for the period of a superbill, and leads to the sessions whose place is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from fscdesk.services.billing.superbills import SuperbillLacks
from fscdesk.services.errors import Problem
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.amounts import DateField


class SuperbillDialog(FieldsDialog):
    """From and to; ``show_sessions`` is on view once a refusal is about where they were held."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(
            "Superbill",
            "One page for each clinician: what was done and paid, with codes and diagnoses. Fees"
            " for sessions that were not held are not on it.",
            ("Make the superbill", "Drawing…"),
            parent,
            keep_it="Leave it",
        )
        self.show_sessions = self.verb("Show the sessions")
        self.show_sessions.hide()
        last = today()
        self.row(
            first=DateField("From", date(last.year, last.month, 1), today=today),
            last=DateField("To", last, today=today),
        )

    def period(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return self.value("first"), self.value("last")

    def accept(self) -> None:
        self.show_sessions.hide()
        super().accept()

    def refuse(self, problem: Problem) -> None:
        """Say why it was not made, and offer the way to what can be mended in Sessions."""
        self.show_sessions.setVisible(isinstance(problem, SuperbillLacks) and problem.places)
        super().refuse(problem)
