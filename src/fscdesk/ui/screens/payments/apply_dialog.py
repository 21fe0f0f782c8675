"""Applies money that is left to open charges: tick them, or let it pay the oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.credit_list import CreditRow
from fscdesk.services.payments.open_charges import OpenCharge, open_charges
from fscdesk.services.payments.sharing import oldest_first
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.wording import stated
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import Label, count_text


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """An open charge as the dialog lists it."""

    id: int
    charge: OpenCharge


class ApplyDialog(ActDialog):
    """The open charges of who the money belongs to, the amount, and the day.

    Space ticks charges; with none ticked all on the list are meant. ``applications`` are what
    is to be posted when ``wanted`` comes.
    """

    def __init__(
        self,
        shell: Shell,
        credit: CreditRow,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        whose = credit.owner if credit.payer_id is not None else credit.guarantor or credit.owner
        super().__init__(
            f"Apply {stated(credit.free)} of {credit.owner}",
            f"Tick the charges of {whose} that it pays; with none ticked it pays the oldest first.",
            "Apply",
            "Posting…",
            parent,
        )
        self.setFixedWidth(theme.now.size.dialog_medium)
        self._free = credit.free
        self._typed = False
        self.list: ListPart[ChargeLine] = ListPart(shell.desk, _spec(shell, credit))
        self.list.setMinimumHeight(theme.now.px(260))
        self.amount = MoneyField("Amount", credit.free, rule=self._fits)
        self.on = DateField("Day", today(), today=today)
        self.foretold = Label("", "hint", wrap=True)
        self.fields.addWidget(self.list, 1)
        beside = QHBoxLayout()
        beside.setSpacing(12)
        beside.addWidget(self.amount)
        beside.addWidget(self.on)
        self.fields.addLayout(beside)
        self.fields.addWidget(self.foretold)
        self.amount.edit.textEdited.connect(self._on_typed)
        self.list.model.ticks.changed.connect(self._propose)
        self.list.answered.connect(self._on_answered)
        self.list.opened.connect(lambda _row: self.amount.setFocus(Qt.FocusReason.TabFocusReason))
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def meant(self) -> tuple[OpenCharge, ...]:
        """Return the ticked charges, or else all of the list."""
        ticked = self.list.model.ticks.rows
        return tuple(line.charge for line in ticked or self.list.model.loaded())

    def applications(self) -> tuple[Application, ...]:
        """Return what of the money pays what: the oldest of what is meant first."""
        return oldest_first(self.meant(), self.amount.value() or Money())

    def accept(self) -> None:
        if self.amount.check() and self.on.check():
            super().accept()
        self.fit()

    def _fits(self, amount: Money) -> str:
        if amount.cents <= 0:
            return "The amount to apply is above 0.00."
        if amount > self._free:
            return f"{stated(self._free)} is left of this money."
        still = self._open()
        if amount > still:
            return f"{stated(still)} is open there. What is left over stays a credit."
        return ""

    def _open(self) -> Money:
        return Money(sum(one.open.cents for one in self.meant()))

    def _on_typed(self, _text: str) -> None:
        self._typed = True
        self._look()

    def _on_answered(self) -> None:
        if self.list.view.picking.current_id is None and self.list.model.total:
            self.list.view.picking.go(0)
        self._propose()

    def _propose(self) -> None:
        if not self._typed and self.list.model.total:
            self.amount.set_value(min(self._free, self._open()))
        self._look()

    def _look(self) -> None:
        nothing = self.list.model.known and not self.list.model.total
        for field in (self.amount, self.on):
            field.setHidden(nothing)
        parts = self.applications()
        if not self.list.model.total:
            self.judge("Nothing is open" if self.list.model.known else "Looking…")
        else:
            self.judge("" if parts else "Type an amount first")
        given = Money(sum(one.amount.cents for one in parts))
        self.do_it.set_words(f"Apply {stated(given)}" if parts else "Apply")
        charges = count_text(len({one.charge_id for one in parts}), "charge")
        rest = self._free - given
        stays = f"; {stated(rest)} stays a credit" if rest.cents > 0 else ""
        self.foretold.setText(f"Pays {charges}{stays}." if parts else "")


def _spec(shell: Shell, credit: CreditRow) -> ListSpec[ChargeLine]:
    patient = shell.practice.patient
    columns: tuple[Column[ChargeLine], ...] = (
        date_column("day", "Session", lambda row: row.charge.service_day, sortable=False),
        Column("client", patient, lambda row: row.charge.patient, names=True, sortable=False),
        Column("code", "Code", lambda row: row.charge.code, width=72, sortable=False),
        money_column("open", "Open", lambda row: row.charge.open, sortable=False),
    )

    def query(work: Work, _state: FilterState, span: Span) -> Page[ChargeLine]:
        found = _open_charges(work, credit)
        total = Money(sum(one.open.cents for one in found))
        lines = tuple(ChargeLine(one.charge_id, one) for one in found)
        part = lines[span.start : span.start + span.size]
        return Page(span.start, len(lines), part, {"open": total})

    return ListSpec(
        key="apply-to",
        name="Open charges",
        columns=columns,
        query=query,
        noun=("open charge", "open charges"),
        title=False,
        line=False,
        topics=frozenset({Topic.PAYMENTS, Topic.LEDGER}),
        empty=Empty("Nothing is open that this money could pay.", "circle-check"),
        picked_words=lambda rows: f"{stated(_sum(rows))} open",
    )


def _sum(rows: Sequence[ChargeLine]) -> Money:
    return Money(sum(row.charge.open.cents for row in rows))


def _open_charges(work: Work, credit: CreditRow) -> list[OpenCharge]:
    """Return what a credit can pay: a payer's own share, or what the guarantor's clients owe."""
    if credit.payer_id is not None:
        found = open_charges(work, payer_id=credit.payer_id)
    elif credit.guarantor_id is not None:
        found = open_charges(work, guarantor_id=credit.guarantor_id)
    else:
        found = open_charges(work, patient_ids=[credit.patient_id or 0])
    return [one for one in found if one.open.cents > 0]
