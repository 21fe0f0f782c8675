"""What is done with deposits: make one or several, print the slip, take one back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO
from fscdesk.services.banking.deposit_book import BookedDeposit, DepositKind, DepositState
from fscdesk.services.banking.deposit_list import deposit_detail
from fscdesk.services.banking.deposit_words import NO_SLIP
from fscdesk.services.banking.deposits import DepositDraft, MadeDeposit, make_deposit, undo_deposit
from fscdesk.services.billing.deposit_slips import make_deposit_slip
from fscdesk.services.billing.documents import Kept, document_bytes, kept_document
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.given_out import logged
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.deposits.wording import made_words, name_of
from fscdesk.ui.screens.payments.wording import stated
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

UNDONE = "Taken back right after it was made"
Made = tuple[tuple[MadeDeposit, ...], str]
"""What was made, and the account it went to."""


class DepositActs(QObject):
    """The acts; each says what it did, with the way back."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window

    def make(
        self, drafts: Sequence[DepositDraft], then: Callable[[Sequence[MadeDeposit]], object]
    ) -> None:
        """Make deposits, all of them or none; ``then`` is told those that were made."""

        def done(made: Made) -> None:
            then(made[0])
            self._say_made(made)

        self._shell.desk.act(
            self, partial(_make, tuple(drafts)), done, self._shell.messages.refused
        )

    def ask_undo(self, row: BookedDeposit) -> None:
        """Ask why a deposit is taken back, and take it back."""
        dialog = FieldsDialog(
            f"Take {row.number} of {stated(row.amount)} back",
            f"Its {count_text(row.items, 'payment')} can be deposited again. The number stays in"
            " the list, with the reason.",
            ("Take it back", "Posting…"),
            self._window,
            keep_it="Leave it",
        )
        dialog.row(reason=reason_field(example="Counted again"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_undo, row, str(dialog.value("reason"))),
                self._shell.messages.info,
            )
        )
        open_dialog(dialog)

    def slip(self, deposit_id: int, *, if_made: bool = False) -> None:
        """Show the slip as it stands now, to print or to keep; ``if_made``: of no undone one."""

        def act(work: Work) -> tuple[Kept, bytes]:
            found = deposit_detail(work, deposit_id)
            if if_made and found.undone_at is not None:
                words = f"{found.row.number} was taken back."
                raise Problem(words, hint="Choose a deposit that is made.")
            kept = make_deposit_slip(work, deposit_id)
            return kept, document_bytes(work, kept.id)

        self._shell.desk.act(self, act, self._preview, self._shell.messages.refused)

    def slip_kept(self, document_id: int) -> None:
        """Show a slip that was made before, byte for byte."""

        def ask(work: Work) -> tuple[Kept, bytes]:
            return kept_document(work, document_id), document_bytes(work, document_id)

        self._shell.desk.ask(self, ask, self._preview, self._shell.messages.refused)

    def _preview(self, made: tuple[Kept, bytes]) -> None:
        kept, pdf = made
        given = logged(self._shell, self, document_ids=[kept.id])
        self._shell.preview(pdf, f"Deposit slip {kept.number}", kept.file_name, given)

    def _say_made(self, made: Made) -> None:
        found, account = made
        undo = Undo(_label(found), partial(_undo_all, found))
        if len(found) == 1:
            one = found[0]
            slip = one.kind not in NO_SLIP
            help_ = Help("Show the slip", partial(self.slip, one.id)) if slip else None
            self._shell.messages.info(f"{made_words(one, account)}", undo=undo, help=help_)
            return
        total = stated(sum((one.amount for one in found), ZERO))
        first, last = found[0].number, found[-1].number
        words = f"{count_text(len(found), 'deposit')} of {total} to {account}: {first} to {last}."
        self._shell.messages.info(words, undo=undo)


def why_not_undone(row: BookedDeposit) -> str:
    """Return why a deposit cannot be taken back, or ""."""
    if row.state is DepositState.BANKED and row.kind is DepositKind.SUSPENSE:
        return ""  # the bank's line stays what it is: money that waits to be explained again
    words = {
        DepositState.UNDONE: f"{row.number} was taken back already.",
        DepositState.LOCKED: f"{row.number} is locked by {row.reconciliation}. Undo that"
        " reconciliation first.",
        DepositState.BANKED: f"{row.number} is matched with the bank's statement. Take that match"
        " apart in Reconciliation first.",
        DepositState.MADE: "",
    }
    return words.get(row.state, f"{name_of(row)} is not made yet.")


def why_no_slip(row: BookedDeposit) -> str:
    """Return why there is no slip, or ""."""
    if row.deposit is None:
        return f"{name_of(row)} is not made yet. Enter makes it."
    return f"{row.number} came by transfer: it has no slip." if row.kind in NO_SLIP else ""


def why_not_made(row: BookedDeposit) -> str:
    """Return why a deposit cannot be made, or ""."""
    if row.state is DepositState.TO_MAKE:
        return ""
    if row.state is DepositState.OPEN:
        return row.words
    if row.state is DepositState.WAITING:
        return "The payout of these card payments has not come. Import the newest card report."
    return f"{row.number} is made already."


def why_not_together(rows: Sequence[BookedDeposit]) -> str:
    """Return why ticked rows are not one deposit, or ""."""
    reason = next((words for row in rows if (words := why_not_made(row))), "")
    if reason:
        return reason
    if len({row.kind for row in rows}) > 1 or rows[0].kind is DepositKind.EFT:
        return "Cash and checks of several days go in one deposit; each transfer is its own."
    if len(rows) == 1:
        return "Tick the deposits of several days to make one of them."
    if any(row.group is not None and row.group.payout_id is not None for row in rows):
        return "Each payout reaches the bank by itself."
    return ""


def why_not_each(rows: Sequence[BookedDeposit]) -> str:
    """Return why ticked rows cannot all be made, or ""."""
    return next((words for row in rows if (words := why_not_made(row))), "")


def _make(drafts: Sequence[DepositDraft], work: Work) -> Made:
    made = tuple(make_deposit(work, one) for one in drafts)
    return made, deposit_detail(work, made[0].id).row.account


def _undo(row: BookedDeposit, reason: str, work: Work) -> str:
    version = None if row.deposit is None else row.deposit.version
    undo_deposit(work, row.id, reason, expected_version=version)
    return f"{row.number} is taken back; its {count_text(row.items, 'payment')} can be deposited."


def _undo_all(found: Sequence[MadeDeposit], work: Work) -> str:
    for one in reversed(found):
        undo_deposit(work, one.id, UNDONE)
    label = _label(found)
    return f"{label[:1].upper()}{label[1:]} taken back; the payments can be deposited again."


def _label(found: Sequence[MadeDeposit]) -> str:
    return f"deposit {found[0].number}" if len(found) == 1 else count_text(len(found), "deposit")
