"""What is done with a case at an agency: its file, what was recovered, what is recalled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.hand_off import hand_off_of
from fscdesk.services.billing.page_files import write_pages
from fscdesk.services.billing.recalling import Recalled, recall
from fscdesk.services.payments.listing import rows_of_payments
from fscdesk.services.payments.recovering import (
    NewRecovery,
    Recovered,
    commission_of,
    recover,
    undo_recovery,
)
from fscdesk.services.work import Work
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import CheckField, TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.asking import FieldsDialog, ask_fields
from fscdesk.ui.screens.billing.collection_lists import CaseLine
from fscdesk.ui.tables.detail import NextStep
from fscdesk.ui.text import money_text
from fscdesk.ui.undo import Undo

Folder = Callable[[], Path | None]


class CaseActs:
    """Asks and acts for one case at a time; refusals go to the message bar."""

    def __init__(
        self, shell: Shell, owner: QWidget, today: Callable[[], date], ask_folder: Folder
    ) -> None:
        self._shell, self._owner, self._today = shell, owner, today
        self._ask_folder = ask_folder

    def steps(self, row: CaseLine) -> tuple[NextStep, ...]:
        """Return the buttons of a case."""
        closed = "" if row.one.left.cents else "Nothing of it is left at the agency"
        return (
            NextStep("Save the file…", lambda: self.save_file(row), "file-down"),
            NextStep("Recovered…", lambda: self.ask_recovered(row), "hand-coins", closed),
            NextStep("Recall…", lambda: self.ask_recall(row), "undo-2", closed),
        )

    def save_file(self, row: CaseLine) -> None:
        """Write the hand-off file that holds this case to a folder, and log that it left."""
        folder = self._ask_folder()
        if folder is None:
            return

        def act(work: Work) -> str:
            file = hand_off_of(work, row.id)
            write_pages(work, folder, [file.id])
            return file.file_name

        def done(name: str) -> None:
            self._shell.messages.info(
                f"{name} is saved in {folder.name or folder}. It names no session and no code."
            )

        self._shell.desk.act(self._owner, act, done, self._shell.messages.refused)

    def ask_recovered(self, row: CaseLine) -> None:
        """Ask what the agency recovered, before its commission."""
        one = row.one
        gross = MoneyField("Recovered, before commission", one.left)
        kept = MoneyField(
            "Commission",
            commission_of(one.left, one.commission_points),
            hint=f"{one.commission_points / 100:g} % of it, unless the agency's page says else.",
        )
        day = DateField("Received", self._today(), today=self._today)
        reference = TextField("Check number", optional=True, longest=100)

        def follow() -> None:
            amount = gross.value()
            if amount is not None and amount.cents > 0:
                kept.set_value(commission_of(amount, one.commission_points))

        gross.changed.connect(follow)
        dialog = FieldsDialog(
            f"What did {one.agency} recover?",
            f"Case {one.number} of {one.guarantor}: {one.left} is left there.",
            ("Post it", "Not now"),
            {"gross": gross, "kept": kept, "day": day, "reference": reference},
            self._owner.window(),
        )

        def then() -> None:
            amount, on = gross.value(), day.value()
            if amount is not None and on is not None:
                self._recover(
                    row,
                    NewRecovery(
                        row.id, amount, on, commission=kept.value(), reference=reference.value()
                    ),
                )

        ask_fields(dialog, then)

    def ask_recall(self, row: CaseLine) -> None:
        """Ask why the rest comes back."""
        reason = TextField("Reason", longest=300)
        settled = CheckField(
            "Settled for less",
            hint="The agency took less for the whole; the rest is to be written off.",
        )
        one = row.one
        dialog = FieldsDialog(
            f"Recall {one.number} from {one.agency}?",
            f"{one.left} of {one.guarantor} is the account's balance again.",
            ("Recall it", "Leave it there"),
            {"reason": reason, "settled": settled},
            self._owner.window(),
        )
        ask_fields(dialog, lambda: self._recall(row, reason.value(), settled=bool(settled.value())))

    def _recover(self, row: CaseLine, new: NewRecovery) -> None:
        def done(found: Recovered) -> None:
            left = _stated(found.left)
            words = (
                f"{_stated(found.gross)} of {row.one.number} is recovered as"
                f" {found.payment_number}: {_stated(found.net)} came,"
                f" {_stated(found.commission)} is commission; {left} is left there."
            )
            undo = Undo(f"the recovery of {row.one.number}", _unrecover(row.id, found.payment_id))
            self._shell.messages.info(words, undo=undo)

        self._shell.desk.act(
            self._owner, lambda work: recover(work, new), done, self._shell.messages.refused
        )

    def _recall(self, row: CaseLine, reason: str, *, settled: bool) -> None:
        def done(found: Recalled) -> None:
            self._shell.messages.info(
                f"{_stated(found.amount)} of {row.one.number} is back on the account of"
                f" {row.one.guarantor}."
            )

        self._shell.desk.act(
            self._owner,
            lambda work: recall(
                work, row.id, reason=reason, expected_version=row.one.version, settled=settled
            ),
            done,
            self._shell.messages.refused,
        )


def _unrecover(case_id: int, payment_id: int) -> Callable[[Work], str]:
    def act(work: Work) -> str:
        version = rows_of_payments(work, [payment_id])[0].version
        undo_recovery(
            work, case_id, payment_id, reason="Entered by mistake", expected_version=version
        )
        return "The recovery is taken back. The case is at the agency again."

    return act


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
