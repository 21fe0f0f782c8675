"""The small questions of Billing: a reason, or a few fields, and then the act."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from fscdesk.ui.dialogs.question import QuestionDialog, ReasonDialog
from fscdesk.ui.forms.fields import Field


class FieldsDialog(QuestionDialog):
    """Asks for some fields; the verb does nothing while one of them is faulty."""

    def __init__(
        self,
        title: str,
        sentence: str,
        verbs: tuple[str, str],
        fields: Mapping[str, Field],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, verbs[0], verbs[1], parent)
        self.fields = dict(fields)
        for field in self.fields.values():
            self.body.addWidget(field)
        next(iter(self.fields.values())).setFocus()

    def accept(self) -> None:
        faulty = [field for field in self.fields.values() if not field.check()]
        if faulty:
            faulty[0].setFocus()
        else:
            super().accept()


def ask_fields(dialog: FieldsDialog, then: Callable[[], object]) -> None:
    """Show the question; ``then`` reads the fields when it is answered."""
    _open(dialog, then)


def ask_reason(
    parent: QWidget,
    title: str,
    sentence: str,
    verbs: tuple[str, str],
    then: Callable[[str], object],
    recent: tuple[str, ...] = (),
) -> None:
    """Ask for a reason, with some to choose from; ``then`` gets it."""
    dialog = ReasonDialog(title, sentence, verbs[0], verbs[1], recent, parent.window())
    _open(dialog, lambda: then(dialog.reason()))


def _open(dialog: QuestionDialog, then: Callable[[], object]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def closed(result: int) -> None:
        if result == QDialog.DialogCode.Accepted:
            then()

    dialog.finished.connect(closed)
    dialog.open()
