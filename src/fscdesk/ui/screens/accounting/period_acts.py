"""Closes months and opens them again, with a reason and a way back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.accounting.closing_periods import (
    ChangedMonths,
    PeriodRow,
    PeriodStatus,
    close,
    open_again,
    periods,
)
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screens.accounting.entry_posting import AT_ONCE
from fscdesk.ui.screens.accounting.part import Rooms
from fscdesk.ui.text import month_text
from fscdesk.ui.undo import Undo

Done = tuple[ChangedMonths, Undo]
_WORDS = {
    PeriodStatus.OPEN: "open",
    PeriodStatus.SOFT_CLOSED: "soft-closed",
    PeriodStatus.CLOSED: "closed",
}


class PeriodActs(QObject):
    """Each act asks in a dialog and can be undone from its message."""

    def __init__(self, rooms: Rooms, window: QWidget) -> None:
        super().__init__(window)
        self._shell, self._window = rooms.shell, window

    def close(self, row: PeriodRow, *, soft: bool = False) -> None:
        """Ask whether a month, and all before it, shall be closed."""
        name = month_text(row.month)
        takes = (
            "Then it takes adjusting and closing entries only."
            if soft
            else "Then it takes nothing but an entry with a written reason, by who may do that."
        )
        dialog = FieldsDialog(
            f"{'Soft-close' if soft else 'Close'} {name}",
            f"Months before it that are not yet are closed with it. {takes} What posts by itself"
            " and carries an earlier day lands on the first open day.",
            ("Soft-close it" if soft else "Close it", "Closing…"),
            self._window,
        )
        dialog.row(reason=reason_field("Note", optional=True, example="Reconciled to the cent"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_close, row=row, soft=soft, reason=str(dialog.value("reason"))),
                self._said,
            )
        )
        open_dialog(dialog)

    def open_again(self, row: PeriodRow, *, soft: bool = False) -> None:
        """Ask why a month is opened again."""
        name = month_text(row.month)
        takes = "adjusting and closing entries" if soft else "every entry"
        dialog = FieldsDialog(
            f"Open {name} again",
            f"It takes {takes} then. Reports that were given out for it may change.",
            ("Open it", "Opening…"),
            self._window,
        )
        dialog.row(reason=reason_field(example="The bill of the landlord was missing"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_open, row=row, soft=soft, reason=str(dialog.value("reason"))),
                self._said,
            )
        )
        open_dialog(dialog)

    def _said(self, done: Done) -> None:
        changed, undo = done
        first, last = changed.months[0], changed.months[-1]
        names = month_text(last)
        if first != last:
            names = f"{month_text(first)} to {names}"
        verb = "is" if first == last else "are"
        self._shell.messages.info(f"{names} {verb} {_WORDS[changed.status]}.", undo=undo)


def _close(work: Work, *, row: PeriodRow, soft: bool, reason: str) -> Done:
    before = {one.month: one.status for one in periods(work)}
    changed = close(work, row.month, soft=soft, reason=reason)

    def back(again: Work) -> str:
        for month in reversed(changed.months):
            was = before.get(month, PeriodStatus.OPEN)
            open_again(again, month, reason=AT_ONCE, soft=was is PeriodStatus.SOFT_CLOSED)
        return f"{month_text(row.month)} is {_WORDS[before[row.month]]} again."

    return changed, Undo(f"closing {month_text(row.month)}", back)


def _open(work: Work, *, row: PeriodRow, soft: bool, reason: str) -> Done:
    was = row.status
    changed = open_again(work, row.month, reason=reason, soft=soft)

    def back(again: Work) -> str:
        close(again, row.month, soft=was is PeriodStatus.SOFT_CLOSED, reason=AT_ONCE)
        return f"{month_text(row.month)} is {_WORDS[was]} again."

    return changed, Undo(f"opening {month_text(row.month)}", back)
