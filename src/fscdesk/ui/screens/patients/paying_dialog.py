"""Lets somebody else pay for a patient from a day on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.guarantors import find_guarantors
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.finding import FindDialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec


@dataclass(frozen=True, slots=True)
class PayerLine:
    """A guarantor as the dialog lists him."""

    id: int
    name: str
    number: str
    pays_for: str


class PayingDialog(FindDialog[PayerLine]):
    """Whom, and from which day on; what is open since that day moves along."""

    def __init__(
        self, shell: Shell, name: str, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            shell.desk,
            _spec(),
            f"Who pays for {name}?",
            "Open charges since that day are charged again to the new guarantor today; what is "
            "settled stays where it is.",
            ("Let them pay", "Keep it"),
            parent,
        )
        self.day = DateField("From this day on", today(), today=today)
        self.body.addWidget(self.day)

    def accept(self) -> None:
        if self.chosen is not None and self.day.check():
            super().accept()


def _spec() -> ListSpec[PayerLine]:
    columns: tuple[Column[PayerLine], ...] = (
        Column("name", "Guarantor", lambda row: row.name, names=True, sortable=False),
        Column("number", "Number", lambda row: row.number, width=84, sortable=False),
        Column("pays_for", "Pays for", lambda row: row.pays_for, width=190, sortable=False),
    )
    return ListSpec(
        key="find-guarantor",
        name="Guarantors",
        columns=columns,
        query=_page,
        noun=("guarantor", "guarantors"),
        ticking=False,
        totals=False,
        title=False,
        line=False,
        empty=Empty("There is no guarantor yet.", "users"),
        none_words=lambda state: f"No guarantor has “{state.text}” in the name or number.",
    )


def _page(work: Work, state: FilterState, span: Span) -> Page[PayerLine]:
    found = [
        PayerLine(row.id, row.fields.name, row.number, ", ".join(row.patients))
        for row in find_guarantors(work, state.text)
    ]
    return Page(span.start, len(found), tuple(found[span.start : span.start + span.size]), {})
