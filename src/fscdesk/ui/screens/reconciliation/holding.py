"""Holding money in suspense: asked once more where the line says what it is, or could be ours."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from fscdesk.models.values import ZERO
from fscdesk.services.banking.bank_sheet import SheetMark, SheetRow
from fscdesk.ui.screens.reconciliation.words import stated

Ask = Callable[[SheetRow, str], object]


class Holding(QObject):
    """Q holds what nothing explains. What could be ours is asked about first; a second Q holds it.

    ``hold`` does it, ``ask`` puts the question in the pane, ``note`` says why it cannot be.
    """

    def __init__(
        self,
        parent: QObject,
        hold: Callable[[SheetRow], object],
        ask: Ask,
        note: Callable[[str], object],
    ) -> None:
        super().__init__(parent)
        self._hold, self._ask, self._note = hold, ask, note
        self._asked: int | None = None

    def wanted(self, row: SheetRow) -> None:
        """Hold a line's money, or ask whether that is meant."""
        why_not = why_not_held(row)
        question = why_asked(row)
        if why_not:
            self._note(why_not)
        elif question and self._asked != row.id:
            self._asked = row.id
            self._ask(row, f"{question} Press Q again to hold it all the same.")
        else:
            self._asked = None
            self._hold(row)

    def left(self, row: SheetRow | None) -> None:
        """Forget the question once another line is current."""
        if row is None or row.id != self._asked:
            self._asked = None


def why_not_held(row: SheetRow) -> str:
    """Return why a row's money cannot be held, or ""."""
    if not row.line_ids:
        return "This is an item of ours. Only a line of the bank can be held."
    if row.match_id is not None:
        return "This line is matched already. Take that match apart first."
    if row.amount <= ZERO:
        return "Only money that came in can be held. Enter what this is."
    return ""


def why_asked(row: SheetRow) -> str:
    """Return what speaks against holding a row's money, or ""."""
    if row.sets:
        count = len(row.sets)
        return f"{count} sets of ours are exactly {stated(row.amount)}: choose one by its digit."
    if row.mark is SheetMark.PROPOSED:
        return f"It is exactly {row.book_says} of ours: Enter matches it."
    if row.is_carried:
        return "The bank says that this was carried to it: look for the cash and checks first."
    return ""
