"""What can be done with a remittance from the list: set it aside as a whole, take it up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.remittances.listing import RemittanceOrigin, RemittanceRow, RemittanceStatus
from fscdesk.services.remittances.setting_aside import set_all_aside, take_all_up
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.page_acts import RemittanceActs
from fscdesk.ui.screens.remittances.page_commands import ASIDE_KEY
from fscdesk.ui.screens.remittances.page_words import aside_words, up_words
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.undo import Undo

IN_THE_BOOKS: Final = "It is or was in the books. Undo it, or set single claims of it aside."
ASIDE: Final = "It is set aside already."
NOT_ASIDE: Final = "It was not set aside."
_WAITING: Final = (RemittanceStatus.TO_POST, RemittanceStatus.STOPPED)


class RemittanceListActs(QObject):
    """The acts of a row's menu and of the pane."""

    def __init__(self, shell: Shell, window: Callable[[], QWidget]) -> None:
        super().__init__()
        self._shell, self._window = shell, window
        self._acts = RemittanceActs(shell, self)

    def aside(self, row: RemittanceRow) -> None:
        """Ask why nobody works on a remittance any more."""
        refused = why_not_aside(row)
        if refused:
            self._shell.messages.problem(refused, hint="Nothing was changed.")
            return
        dialog = FieldsDialog(
            f"Set {row.number} aside",
            f"{row.payer or 'A payer not known yet'}, {row.amount}. It leaves what needs you;"
            " nothing of it is in the books, and it can be taken up again.",
            ("Set it aside", "Saving…"),
            self._window().window(),
        )
        dialog.row(reason=reason_field(example="The payer sends a right one"))

        def act(work: Work) -> tuple[str, Undo]:
            reason = str(dialog.value("reason"))
            number = set_all_aside(work, row.id, reason, expected_version=row.version)
            undo = Undo(f"setting {number} aside", lambda work: up_words(take_all_up(work, row.id)))
            return aside_words(number), undo

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._said))
        open_dialog(dialog)

    def take_up(self, row: RemittanceRow) -> None:
        """Let a remittance that was set aside wait again."""
        self._acts.take_all_up(row)

    def row_acts(self) -> tuple[RowsAct[RemittanceRow], ...]:
        """Return what a row's menu has."""
        return (
            RowsAct(
                "aside",
                "Set aside…",
                lambda rows: self.aside(rows[0]),
                "lock",
                ASIDE_KEY,
                off_because=lambda rows: why_not_aside(rows[0]),
            ),
            RowsAct(
                "take_up",
                "Take it up again",
                lambda rows: self.take_up(rows[0]),
                "rotate-ccw",
                off_because=lambda rows: "" if _is_aside(rows[0]) else NOT_ASIDE,
            ),
        )

    def _said(self, done: tuple[str, Undo]) -> None:
        self._shell.messages.info(done[0], undo=done[1])


def why_not_aside(row: RemittanceRow) -> str:
    """Return why a remittance cannot be set aside as a whole, or ""."""
    if _is_aside(row):
        return ASIDE
    waits = row.status in _WAITING and row.origin is not RemittanceOrigin.TYPED
    return "" if waits else IN_THE_BOOKS


def _is_aside(row: RemittanceRow) -> bool:
    return row.status is RemittanceStatus.CLOSED
