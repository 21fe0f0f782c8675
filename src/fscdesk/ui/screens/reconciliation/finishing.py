"""The end of a period: it is proved and locked, its page is kept, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fscdesk.services.banking.bank_sheet import BankSheet
from fscdesk.services.banking.reconciling import (
    TakenBack,
    complete,
    drop,
    mark,
    start,
    undo_last,
)
from fscdesk.services.banking.starting import ToldStart, take_start
from fscdesk.services.billing.documents import Kept, document_bytes
from fscdesk.services.reports.reconciliation_page import keep_reconciliation_page
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import carry_out, open_dialog
from fscdesk.ui.given_out import logged
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.bank_dialogs import undo_dialog
from fscdesk.ui.screens.reconciliation.words import month_words, stated, until_words
from fscdesk.ui.undo import Undo


@dataclass(frozen=True, slots=True)
class Finished:
    """A period that was completed just now."""

    reconciliation_id: int
    number: str


class Finishing(QObject):
    """Completes what is on view. ``finished`` gives its id; ``reopened`` comes after an undo."""

    finished = Signal(int)
    reopened = Signal()

    def __init__(
        self, shell: Shell, window: QWidget, sheet: Callable[[], BankSheet | None]
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._sheet = shell, window, sheet
        self.busy = False

    def words(self) -> str:
        """Return the verb of the button."""
        sheet = self._sheet()
        if sheet is None or sheet.state is None:
            return "Begin the period"
        if sheet.period.completed:
            return "Open the report"
        return f"Finish {month_words(sheet.state.last_day)}"

    def why_not(self) -> str:
        """Return what keeps the period from being finished, "" when it can be."""
        sheet = self._sheet()
        if sheet is None:
            return "Looking at the bank…"
        if sheet.state is None or sheet.period.completed:
            return ""
        if self.busy:
            return "Finishing…"
        return " ".join(sheet.state.missing)

    def finish(self) -> None:
        """Prove and lock the period, and keep its page, in one write."""
        sheet = self._sheet()
        if sheet is None or sheet.state is None or sheet.period.completed or self.busy:
            return
        state = sheet.state
        self.busy = True

        def act(work: Work) -> Finished:
            done = complete(work, state.id, expected_version=state.version)
            keep_reconciliation_page(work, state.id)
            return Finished(done.id, done.number)

        def reopen(work: Work) -> str:
            back = undo_last(work, state.account_id, "Taken back right after it was done")
            start(work, state.account_id, state.last_day, state.statement)
            return f"{back.number} is taken back: {until_words(state.last_day)} is open again."

        def saved(done: Finished) -> None:
            self.busy = False
            self._shell.messages.info(
                f"{sheet.label} is reconciled to {state.last_day:%m/%d/%Y} with"
                f" {stated(state.statement)} and locked: {done.number}.",
                undo=Undo(f"reconciling {until_words(state.last_day)}", reopen),
            )
            self.finished.emit(done.reconciliation_id)

        def refused(fault: BaseException) -> None:
            self.busy = False
            self._shell.messages.refused(fault)

        self._shell.desk.act(self, act, saved, refused, title="Finishing the period")

    def report(self) -> None:
        """Show the kept page of the reconciled period on view."""
        sheet = self._sheet()
        if sheet is None or sheet.state is None or not sheet.period.completed:
            self._shell.messages.note("A report is made of a period that is finished.")
            return
        ident = sheet.state.id

        def act(work: Work) -> tuple[Kept, bytes]:
            kept = keep_reconciliation_page(work, ident)
            return kept, document_bytes(work, kept.id)

        self._shell.desk.act(self, act, self._preview, self._shell.messages.refused)

    def take_back(self) -> None:
        """Ask why, and take the last reconciliation of the account back."""
        sheet = self._sheet()
        if sheet is None:
            return
        if not sheet.period.completed:
            self._shell.messages.note("Choose the reconciled period first (Alt+P).")
            return
        dialog = undo_dialog(sheet.period.number, until_words(sheet.period.last_day), self._window)

        def saved(back: TakenBack) -> None:
            self._shell.messages.info(back.words)
            self.reopened.emit()

        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                lambda work: undo_last(work, sheet.account_id, str(dialog.value("reason"))),
                saved,
            )
        )
        open_dialog(dialog)

    def give_up(self) -> None:
        """Give up the period on view that is begun: its matches stay, Ctrl+Z begins it again."""
        sheet = self._sheet()
        if sheet is None:
            return
        state = sheet.state
        if state is None or sheet.period.completed:
            self._shell.messages.note("Choose the period that is begun first (Alt+P).")
            return
        seen = [one for one in (*state.in_transit, *state.outstanding) if one.seen]
        period = until_words(state.last_day)

        def again(work: Work) -> str:
            ident = start(work, state.account_id, state.last_day, state.statement)
            for one in seen:
                mark(work, ident, one.entry_id, one.note)
            return f"{period} is begun again."

        def saved(number: str) -> None:
            self._shell.messages.info(
                f"{period} is given up ({number}); what is matched stays matched.",
                undo=Undo(f"giving up {period}", again),
            )
            self.reopened.emit()

        self._shell.desk.act(
            self, lambda work: drop(work, state.id), saved, self._shell.messages.refused
        )

    def take_start(self) -> None:
        """Let the account on view begin with what its oldest file says."""
        sheet = self._sheet()
        if sheet is None:
            return
        account = sheet.account_id

        def saved(told: ToldStart) -> None:
            self._shell.messages.info(f"{sheet.label} begins with {told.words}.")
            self.reopened.emit()

        self._shell.desk.act(
            self, lambda work: take_start(work, account), saved, self._shell.messages.refused
        )

    def _preview(self, made: tuple[Kept, bytes]) -> None:
        kept, pdf = made
        given = logged(self._shell, self, document_ids=[kept.id])
        self._shell.preview(pdf, f"Reconciliation {kept.number}", kept.file_name, given)
