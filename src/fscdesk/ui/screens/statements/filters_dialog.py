"""Which accounts a run is for: the filters beside day and minimum."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from fscdesk.services.billing.statements import RunFilters
from fscdesk.ui import theme
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.forms import bound
from fscdesk.ui.forms.fields import CheckField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.numbers import NumberField

TYPES = "types"
"""Typed as words, kept as several: not bound by its name like the others."""


class FiltersDialog(Dialog):
    """Shows filters and takes others; nothing is planned before they are accepted."""

    def __init__(self, filters: RunFilters, parent: QWidget | None = None) -> None:
        super().__init__(
            "Who gets a statement?",
            "The rules always hold; these choose among the accounts that they leave.",
            parent,
            width=theme.now.size.dialog_medium,
        )
        self._filters = filters
        self.form = Form("Use these filters", "Keep it as it is")
        self._build()
        bound.put(self.form, filters)
        types = self.form.field(TYPES)
        assert isinstance(types, TextField)
        self._types = types
        types.set_value(", ".join(filters.billing_types))
        self.form.primary.setDefault(True)
        self.form.saved.connect(self.accept)
        self.form.cancelled.connect(self.reject)
        self.body.addWidget(self.form)
        self.buttons.hide()  # the form has its own
        self.form.field("age_days").setFocus()

    def filters(self) -> RunFilters:
        """Return what was chosen; only after the dialog was accepted."""
        words = [word.strip() for word in self._types.value().split(",")]
        taken = bound.take(self.form, self._filters)
        return replace(taken, billing_types=tuple(word for word in words if word))

    def _build(self) -> None:
        form = self.form
        form.row(
            age_days=NumberField(
                "Open for at least", highest=3650, unit="days", hint="Days; 0 asks for no age."
            ),
            repeat_days=NumberField(
                "Remind again after",
                optional=True,
                highest=365,
                unit="days",
                hint="Days since the last statement; empty is the policy.",
            ),
        )
        form.row(
            most=NumberField(
                "At most", optional=True, lowest=1, hint="Statements in this run; the rest waits."
            ),
            types=TextField(
                "Billing types", optional=True, hint="Several with commas; empty is all."
            ),
        )
        form.row(
            changed_only=CheckField("Only what has changed"),
            leave_pending=CheckField("Without insurance pending"),
        )
        form.row(
            leave_on_plan=CheckField("Without those on a plan"),
            leave_in_collections=CheckField("Without those at an agency"),
        )
        form.row(
            with_credits=CheckField("With accounts in credit"),
            bad_addresses=CheckField("With bad addresses"),
        )
