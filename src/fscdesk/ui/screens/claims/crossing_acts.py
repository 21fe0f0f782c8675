"""Crossover, by hand: the earlier payer has passed this claim on, so it is not sent from here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.crossing import mark_crossed_over, take_crossing_back
from fscdesk.services.claims.listing import ClaimRow, claim_row
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.on_day import DayDialog
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import day_text
from fscdesk.ui.undo import Undo


class CrossingActs(QObject):
    """Notes a crossover, and takes that back."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today

    def passed_on(self, row: ClaimRow) -> DayDialog:
        """Ask on which day the earlier payer passed it on, and note it."""
        dialog = DayDialog(
            f"Was claim {row.number} passed on?",
            "The earlier payer's answer says so. It waits for its payer then, and is not sent.",
            "Passed on",
            ("It was passed on", "Leave as it is"),
            today=self._today,
            rule=self._not_ahead,
            parent=self._window,
        )
        dialog.accepted.connect(lambda: self._mark(row, dialog.day()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def not_passed_on(self, row: ClaimRow) -> None:
        """Note that it was not passed on after all; it is a draft again."""

        def act(work: Work) -> None:
            take_crossing_back(work, row.id, expected_version=row.version)

        def done(_none: None) -> None:
            self._shell.messages.info(f"{row.number} was not passed on; it can be sent from here.")

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def _mark(self, row: ClaimRow, on: date) -> None:
        def act(work: Work) -> None:
            mark_crossed_over(work, row.id, on, expected_version=row.version)

        def back(work: Work) -> str:
            take_crossing_back(work, row.id, expected_version=claim_row(work, row.id).version)
            return f"{row.number} can be sent from here again."

        def done(_none: None) -> None:
            self._shell.messages.info(
                f"{row.number} was passed on {day_text(on)}; it waits for its payer.",
                undo=Undo("the crossover", back),
            )

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def _not_ahead(self, day: date) -> str:
        return "" if day <= self._today() else f"{day_text(day)} has not come yet."
