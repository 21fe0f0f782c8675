"""The way to one line of the bank, wherever it stands: its account, its period, its row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from fscdesk.services.banking.bank_sheet import BankSheet, SheetFilter, page_of_sheet
from fscdesk.services.banking.line_place import LinePlace, line_place
from fscdesk.services.paging import Span
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.bank_part import BankPart
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.text import day_text


class LineFinding(QObject):
    """Looks for a line that another place names, and makes its row current once it is there.

    ``open_at`` brings an account and a period to the front.
    """

    def __init__(
        self, shell: Shell, part: BankPart, open_at: Callable[[int | None, int | None], object]
    ) -> None:
        super().__init__(part)
        self._shell, self._part, self._open_at = shell, part, open_at
        self._wanted: LinePlace | None = None
        self._place: tuple[int, int] | None = None
        part.looked.connect(self._on_looked)
        part.list.answered.connect(self._on_answered)

    def find(self, line_id: int) -> None:
        """Go to a line; where there is none any more, say so over the account as it was."""

        def gone(fault: BaseException) -> None:
            self._shell.messages.refused(fault)
            self._open_at(self._part.account, self._part.period)

        self._shell.desk.ask(self, lambda work: line_place(work, line_id), self._on_place, gone)

    def _on_place(self, place: LinePlace) -> None:
        self._wanted = place
        if not self._part.list.state.is_empty:
            self._part.list.filter_by(FilterState())  # it could hide the line
        self._open_at(place.account_id, place.reconciliation_id)

    def _on_looked(self) -> None:
        wanted, sheet = self._wanted, self._part.sheet
        if wanted is None or sheet is None or not _is_of(wanted, sheet):
            return
        self._wanted = None
        row = next((one for one in sheet.rows if wanted.line_id in one.line_ids), None)
        if row is None:
            self._shell.messages.note(_not_there(wanted))
            return
        model = self._part.list.model
        order = Span(0, len(sheet.rows), model.sort_key, model.descending)
        found = [one.id for one in page_of_sheet(sheet, SheetFilter(), order).rows]
        self._place = row.id, found.index(row.id)
        self._part.list.go_to(row.id)
        self._on_answered()

    def _on_answered(self) -> None:
        """Bring the page of a row that is far down: rows come when they are on view."""
        view, model = self._part.list.view, self._part.list.model
        if self._place is None:
            return
        ident, place = self._place
        if view.picking.current_id != ident or view.picking.current_row is not None:
            self._place = None
        elif place < model.total:
            view.scrollTo(model.index(place, 0))


def _is_of(wanted: LinePlace, sheet: BankSheet) -> bool:
    """Return whether a sheet is the one that a line stands on."""
    if sheet.account_id != wanted.account_id:
        return False
    if wanted.reconciliation_id is None:
        return not sheet.period.completed
    return sheet.period.reconciliation_id == wanted.reconciliation_id


def _not_there(wanted: LinePlace) -> str:
    on = day_text(wanted.on)
    if wanted.after is not None:
        return (
            f"This line is of {on}, after {day_text(wanted.after)}, the last day of the period."
            " It comes with the next one."
        )
    return f"This line of {on} stands alone: it cancels out with another one."
