"""The terms step of the plan wizard: what becomes of the old plan and why, then the fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.payments.plan_entry import OldPlan
from fscdesk.ui.dialogs.fields_dialog import reason_field
from fscdesk.ui.forms.fields import Sentence
from fscdesk.ui.screens.patients.plan_fields import PlanFields
from fscdesk.ui.screens.patients.plan_words import old_words
from fscdesk.ui.text import Label


class TermsStep(QWidget):
    """What is typed of a plan; in place of another, that one's end and its reason come first."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.fields = PlanFields(today)
        self.old = Label("", "quiet", wrap=True)
        self.reason = reason_field("Why it is replaced", example="Asked for smaller payments")
        self.fault = Sentence()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 16, 0)
        column.setSpacing(10)
        for part in (self.old, self.reason, self.fields, self.fault):
            column.addWidget(part)
        self.ask_why(on=False)

    def stops(self) -> tuple[QWidget, ...]:
        """The fields through which Enter goes, in their order."""
        fields = self.fields
        return (
            self.reason.edit,
            fields.number.edit,
            fields.every.combo,
            fields.down.edit,
            fields.first_due.edit,
            fields.interest.combo,
            fields.auto_pay.box,
        )

    def ask_why(self, *, on: bool) -> None:
        """Ask for a reason, because another plan ends for this one; or do not."""
        for part in (self.old, self.reason):
            part.setVisible(on)
        self._why = on

    def begin(self) -> None:
        """Put the cursor into the first field, with what stands there marked."""
        first = self.reason.edit if self._why else self.fields.number.edit
        first.setFocus(Qt.FocusReason.TabFocusReason)
        first.selectAll()

    def check(self) -> bool:
        """Check what is typed; the first faulty field gets the focus."""
        if self._why and not self.reason.check():
            self.reason.setFocus()
            return False
        return self.fields.check()

    def show_old(self, old: OldPlan, left_out: Money) -> None:
        """Say what becomes of the plan; ``left_out`` of its charges is not in the new one."""
        self.old.setText(old_words(old, left_out))
