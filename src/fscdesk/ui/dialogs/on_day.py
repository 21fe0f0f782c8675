"""A question whose answer is a day: ends, begins, holds from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from fscdesk.ui.dialogs.question import QuestionDialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import Rule


class DayDialog(QuestionDialog):
    """Asks for a day; `day()` is what was typed. The verb does nothing for what is no day."""

    def __init__(
        self,
        title: str,
        sentence: str,
        label: str,
        verbs: tuple[str, str],
        *,
        today: Callable[[], date],
        value: date | None = None,
        rule: Rule[date] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, verbs[0], verbs[1], parent)
        self.field = DateField(label, value or today(), today=today, rule=rule)
        self.body.addWidget(self.field)
        self.field.setFocus()
        self.field.edit.selectAll()

    def day(self) -> date:
        """The day that was typed; only after the dialog was accepted."""
        found = self.field.value()
        assert found is not None
        return found

    def accept(self) -> None:
        if self.field.check():
            super().accept()
