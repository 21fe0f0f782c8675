"""What can be done with services that were paid too low: see the claim, ask for the rest, argue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.claims.underpaid import UnderpaymentDetail, underpayment_detail
from fscdesk.services.remittances.underpayments import UnderpaymentRow
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.claim_acts import ClaimActs
from fscdesk.ui.tables.spec import RowsAct

Rows = Sequence[UnderpaymentRow]
CLAIM, PATIENTS, SESSIONS, REMITTANCE = "claim", "patients", "sessions", "remittance"
NO_CLAIM: Final = "It was billed elsewhere; there is no claim of it here."
NOT_NOW: Final = "Only a denial can be appealed. Ask the payer for the rest."


class UnderpaymentActs(QObject):
    """The acts of the list, of a row's menu and of the pane."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell = shell
        self._claims = ClaimActs(shell, window, today)

    # Opening

    def open(self, row: UnderpaymentRow) -> None:
        """Open the claim at the line (Enter); without a claim the session."""
        self._with_detail(row, self.open_found)

    def open_found(self, found: UnderpaymentDetail) -> None:
        """Open the claim of an underpayment that was read, at its line."""
        if found.claim is None:
            self.open_session(found.row)
        elif self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=found.claim.id, field="line_code", line=found.line)

    def open_session(self, row: UnderpaymentRow) -> None:
        """Open the session that was paid too low."""
        if row.session_id is not None and self._shell.has(SESSIONS):
            self._shell.open(SESSIONS, session=row.session_id)
        else:
            self._shell.messages.note(NO_CLAIM)

    def open_remittance(self, found: UnderpaymentDetail) -> None:
        """Open the remittance on the claim that was paid too low."""
        if self._shell.has(REMITTANCE):
            self._shell.open(
                REMITTANCE, remittance=found.row.remittance_id, position=found.position
            )

    def open_account(self, row: UnderpaymentRow) -> None:
        """Open the account of the client."""
        if self._shell.has(PATIENTS):
            self._shell.open(PATIENTS, patient=row.patient_id)

    def open_day(self, row: UnderpaymentRow, day: date) -> None:
        """Open the sessions of a day with the same payer and code: a point of the history."""
        if self._shell.has(SESSIONS):
            self._shell.open(SESSIONS, payer=row.payer_id, code=row.code, day=(day, day))

    # Following up

    def appeal(self, claim: ClaimRow) -> None:
        """Open the appeal of the claim."""
        if self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=claim.id, tab="appeal")

    def ask_payer(self, claim: ClaimRow) -> None:
        """Plan when the payer is asked for the rest."""
        self._claims.plan([claim])

    def plan(self, rows: Rows) -> None:
        """Ask when the payer is asked for the rest of a row; without a claim say why not."""

        def planned(found: UnderpaymentDetail) -> None:
            if found.claim is None:
                self._shell.messages.problem(NO_CLAIM)
            else:
                self.ask_payer(found.claim)

        self._with_detail(rows[0], planned)

    def row_acts(self) -> tuple[RowsAct[UnderpaymentRow], ...]:
        """Return what a row's menu has."""
        return (
            RowsAct("ask", "Ask the payer…", self.plan, "calendar-check", "Ctrl+Shift+D"),
            RowsAct(
                "remittance",
                "Open the remittance",
                lambda rows: self._with_detail(rows[0], self.open_remittance),
                "scroll-text",
                "Ctrl+Shift+K",
            ),
            RowsAct(
                "account",
                "Open the account",
                lambda rows: self.open_account(rows[0]),
                "users",
                "Ctrl+L",
            ),
        )

    def _with_detail(
        self, row: UnderpaymentRow, then: Callable[[UnderpaymentDetail], None]
    ) -> None:
        self._shell.desk.ask(
            self,
            lambda work: underpayment_detail(work, row),
            then,
            self._shell.messages.refused,
        )
