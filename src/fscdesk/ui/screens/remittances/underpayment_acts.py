"""What can be done with services that were paid too low: ask for the rest, argue, or accept it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.claims.underpaid import UnderpaymentDetail, underpayment_detail
from fscdesk.services.remittances.accepting_less import accept_less, take_up_again
from fscdesk.services.remittances.underpayments import UnderpaymentRow
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.claim_acts import ClaimActs
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import day_text, money_text
from fscdesk.ui.undo import Undo

Rows = Sequence[UnderpaymentRow]
CLAIM, PATIENTS, SESSIONS, REMITTANCE = "claim", "patients", "sessions", "remittance"
NO_CLAIM: Final = "It was billed elsewhere; there is no claim of it here."
NOT_NOW: Final = "Only a denial can be appealed. Ask the payer for the rest."
CORRECTED: Final = "The payer has given the rest; there is nothing to accept."
ACCEPTED: Final = "It is accepted already."
NOT_ACCEPTED: Final = "It was not accepted."


class UnderpaymentActs(QObject):
    """The acts of the list, of a row's menu and of the pane."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
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

    # Leaving it

    def accept(self, row: UnderpaymentRow) -> None:
        """Ask why a row is left at what the payer gave."""
        refused = why_not_accepted(row)
        if refused:
            self._shell.messages.problem(refused, hint="Nothing was changed.")
            return
        dialog = FieldsDialog(
            f"Accept {_what(row)}",
            f"{row.payer} gave {money_text(row.short)} less than was expected. It leaves the list"
            " of what is open; a newer answer of the payer brings it back. No money moves.",
            ("Accept it", "Saving…"),
            self._window,
        )
        dialog.row(reason=reason_field(example="The contract changed on 01/01"))

        def act(work: Work) -> tuple[str, Undo]:
            accept_less(work, [row.line_id], str(dialog.value("reason")))
            undo = Undo(f"accepting {_what(row)}", partial(_again, row))
            return f"{_what(row)} is accepted as it was paid.", undo

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._said))
        open_dialog(dialog)

    def take_up(self, row: UnderpaymentRow) -> None:
        """Let an accepted row be open again."""

        def act(work: Work) -> tuple[str, Undo]:
            said = _again(row, work)
            return said, Undo(f"taking {_what(row)} up again", partial(_accepted_again, row))

        self._shell.desk.act(self, act, self._said, self._shell.messages.refused)

    def _said(self, done: tuple[str, Undo]) -> None:
        self._shell.messages.info(done[0], undo=done[1])

    def row_acts(self) -> tuple[RowsAct[UnderpaymentRow], ...]:
        """Return what a row's menu has."""
        return (
            RowsAct("ask", "Ask the payer…", self.plan, "calendar-check", "Ctrl+Shift+D"),
            RowsAct(
                "accept",
                "Accept…",
                lambda rows: self.accept(rows[0]),
                "check",
                "Ctrl+Shift+C",
                off_because=lambda rows: why_not_accepted(rows[0]),
            ),
            RowsAct(
                "take_up",
                "Take it up again",
                lambda rows: self.take_up(rows[0]),
                "rotate-ccw",
                off_because=lambda rows: "" if rows[0].accepted_why else NOT_ACCEPTED,
            ),
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


def why_not_accepted(row: UnderpaymentRow) -> str:
    """Return why a row cannot be accepted, or ""."""
    if row.accepted_why:
        return ACCEPTED
    return CORRECTED if row.corrected_on is not None else ""


def _what(row: UnderpaymentRow) -> str:
    return f"{row.code} of {day_text(row.day)}"


def _again(row: UnderpaymentRow, work: Work) -> str:
    take_up_again(work, [row.line_id])
    return f"{_what(row)} is open again."


def _accepted_again(row: UnderpaymentRow, work: Work) -> str:
    accept_less(work, [row.line_id], row.accepted_why)
    return f"{_what(row)} is accepted as before."
