"""The terms of a payment plan as they are typed, with what the policy says to each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.payments.plan_entry import (
    EVERY,
    USUAL_NUMBER,
    OldPlan,
    PlanBasis,
    PlanTerms,
)
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import CheckField, ChoiceField
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.text import money_text

MOST = 200


class PlanFields(QWidget):
    """How many payments, how often, how much at once. ``changed`` at every keystroke."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._down_typed = False
        self._basis: PlanBasis | None = None
        self.number = NumberField("Payments", USUAL_NUMBER, lowest=1, highest=MOST)
        self.every = ChoiceField("How often", EVERY, EVERY[0][0])
        self.down = MoneyField("Paid at once", optional=True)
        self.first_due = DateField("First payment due", today=today, optional=True)
        self.interest = ChoiceField[int]("Interest", [(0, "None")], 0)
        self.auto_pay = CheckField("Pays by itself")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        fields = (
            (self.number, self.every),
            (self.down, self.first_due),
            (self.interest, self.auto_pay),
        )
        for down, pair in enumerate(fields):
            for across, field in enumerate(pair):
                grid.addWidget(field, down, across)
                field.changed.connect(self.changed)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.down.edit.textEdited.connect(self._on_down_typed)
        self.first_due.set_hint("Empty: one period from today.")

    def show_basis(self, basis: PlanBasis) -> None:
        """Take up what the practice's policy allows; what was typed stays."""
        self._basis = basis
        limits = basis.policy.limits
        self.number.set_hint(f"{limits.longest_months} months at most.")
        self.down.set_hint(f"{limits.down_percent} % at least.")
        points = limits.apr_points
        offered = [(0, "None")]
        if points:
            offered.append((points, f"{points / 100:g} % a year, simple"))
        self.interest.set_options(offered)
        if self.interest.value() is None:
            self.interest.set_value(0)
        saves = basis.policy.auto_pay_points
        if saves:
            self.auto_pay.set_hint(f"Saves {saves / 100:g} % of the payments.")

    def start_from(self, old: OldPlan | None) -> None:
        """Begin with the terms of a plan that is replaced; without one, with the usual ones."""
        self._down_typed = False
        self.blockSignals(True)
        if old is None:
            self.number.set_value(USUAL_NUMBER)
            self.every.set_value(EVERY[0][0])
        else:
            self.number.set_value(old.number)
            self.every.set_value(old.every)
        self.down.set_value(None)
        self.first_due.set_value(None if old is None else old.next_due_on)
        points = 0 if old is None else old.apr_points
        offered = 0 if self._basis is None else self._basis.policy.limits.apr_points
        self.interest.set_value(points if points == offered else 0)
        self.auto_pay.set_value(value=old is not None and old.auto_pay)
        self.blockSignals(False)

    def show_least(self, least: Money) -> None:
        """Show what has to be paid at once, unless somebody has typed another amount."""
        if not self._down_typed and self.down.value() != least:
            self.down.blockSignals(True)
            self.down.set_value(least)
            self.down.blockSignals(False)
        percent = 0 if self._basis is None else self._basis.policy.limits.down_percent
        stated = money_text(least, zero_dash=False)
        self.down.set_hint(f"{percent} %, {stated}, at least.")

    def check(self) -> bool:
        """Check every field; the first faulty one gets the focus."""
        fields = (self.number, self.every, self.down, self.first_due, self.interest)
        faulty = [field for field in fields if not field.check()]
        if faulty:
            faulty[0].setFocus()
        return not faulty

    def terms(self, basis: PlanBasis, charge_ids: tuple[int, ...], key: str) -> PlanTerms | None:
        """Return what is typed, for these charges; None while a field holds no such value."""
        number, every, interest = self.number.value(), self.every.value(), self.interest.value()
        fields = (self.number, self.down, self.first_due)
        if number is None or every is None or any(field.fault() for field in fields):
            return None
        return PlanTerms(
            basis.guarantor_id,
            basis.patient_id,
            charge_ids,
            number,
            every,
            self.down.value() if self._down_typed else None,
            self.first_due.value(),
            interest or 0,
            self.auto_pay.value(),
            request_key=key,
        )

    def _on_down_typed(self, text: str) -> None:
        self._down_typed = bool(text.strip())
