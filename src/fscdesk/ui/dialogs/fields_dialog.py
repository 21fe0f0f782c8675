"""A dialog with a few fields that does something and stays open until it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.forms.bound import field_value
from fscdesk.ui.forms.fields import Field, TextField
from fscdesk.ui.screen import Shell

T = TypeVar("T")
LONGEST_REASON = 300
ACROSS, DOWN = 12, 12


class FieldsDialog(ActDialog):
    """``wanted`` comes only when every field on view is right; the first wrong one is shown."""

    def __init__(
        self,
        title: str,
        sentence: str,
        verbs: tuple[str, str],
        parent: QWidget | None = None,
        *,
        keep_it: str = "Leave as it is",
    ) -> None:
        super().__init__(title, sentence, verbs[0], verbs[1], parent)
        self.keep_it.set_words(keep_it)
        self._named: dict[str, Field] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(ACROSS)
        self._grid.setVerticalSpacing(DOWN)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.fields.addLayout(self._grid)

    def row(self, **fields: Field) -> None:
        """Add one or two fields side by side, each by its name. The first of all has the focus."""
        down, wide = self._grid.rowCount(), 2 if len(fields) == 1 else 1
        for across, (name, field) in enumerate(fields.items()):
            self._named[name] = field
            self._grid.addWidget(field, down, across, 1, wide)
            if len(self._named) == 1:
                field.setFocus(Qt.FocusReason.OtherFocusReason)

    def field(self, name: str) -> Field:
        """A field by its name. Raises KeyError when there is none."""
        return self._named[name]

    def value(self, name: str) -> Any:
        """What a field holds, in its own type; None for one that is not there."""
        return field_value(self._named[name]) if name in self._named else None

    def accept(self) -> None:
        faulty = [one for one in self._named.values() if not one.isHidden() and not one.check()]
        self.fit()
        if faulty:
            faulty[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().accept()


def reason_field(label: str = "Reason", *, example: str = "", optional: bool = False) -> TextField:
    """Return the field for a reason, as long as the books keep it."""
    return TextField(label, longest=LONGEST_REASON, example=example, optional=optional)


def carry_out(
    shell: Shell,
    dialog: ActDialog,
    act: Callable[[Work], T],
    then: Callable[[T], object],
) -> None:
    """Do what a dialog asks for; close it when that is saved, else say in it why it is not."""

    def saved(value: T) -> None:
        dialog.finish()
        then(value)

    def refused(fault: BaseException) -> None:
        if isinstance(fault, Problem):
            dialog.refuse(fault)
        else:
            dialog.reject()
            shell.messages.refused(fault)

    shell.desk.act(dialog, act, saved, refused)


def open_dialog(dialog: ActDialog) -> None:
    """Show a dialog that is thrown away when it closes."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
