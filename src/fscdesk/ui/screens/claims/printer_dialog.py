"""Adjusts a printer to red forms: its name, how far it is off, and the page that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.as_cms1500 import printer_test_page
from fscdesk.services.claims.printers import FARTHEST, LONGEST_NAME, Printer, printers, set_printer
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.screen import Shell

UNNAMED, NEW = "", "+"
"""Choices beside the printers: any that has no name of its own, and one to name now."""
_FILE: Final = "cms1500-test-page.pdf"


class PrinterDialog(FieldsDialog):
    """Which printer, and how many half points it moves a form to the right and down."""

    def __init__(
        self, known: Mapping[str, Printer], at_hand: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Printer test page",
            "Print the page on a red form at 100 %. Where the marks miss their squares, change the"
            " steps and print it again. This workstation prints its forms for the chosen printer.",
            ("Show the page", "Saving…"),
            parent,
        )
        self._known = known
        self.printer: ChoiceField[str] = ChoiceField(
            "Printer",
            [
                (UNNAMED, "Any printer, as Setup says"),
                *((name, name) for name in known),
                (NEW, "Another one"),
            ],
            at_hand if at_hand in known else UNNAMED,
        )
        self.called = TextField(
            "Name", longest=LONGEST_NAME, hint="What it is called in your office."
        )
        self.right = _steps("To the right", "Half points; −2 is left.")
        self.down = _steps("Down", "Half points; −2 is higher.")
        self.row(printer=self.printer)
        self.row(called=self.called)
        self.row(right=self.right, down=self.down)
        self.printer.changed.connect(self._show)
        self._show()

    @property
    def seen(self) -> Printer | None:
        """The chosen printer as it stands; None for a new one, and for any."""
        return self._known.get(self.printer.value() or "")

    def wanted_printer(self) -> Printer | None:
        """The printer as it shall be; None where none of its own was chosen."""
        if not self.printer.value():
            return None
        return Printer(self.called.value(), self.right.value() or 0, self.down.value() or 0)

    def _show(self) -> None:
        seen, own = self.seen, bool(self.printer.value())
        self.called.set_value("" if seen is None else seen.name)
        self.right.set_value(0 if seen is None else seen.right)
        self.down.set_value(0 if seen is None else seen.down)
        for field in (self.called, self.right, self.down):
            field.setVisible(own)
        self.fit()


def _steps(label: str, hint: str) -> NumberField:
    return NumberField(label, 0, hint=hint, lowest=-FARTHEST, highest=FARTHEST)


def adjust_printer(shell: Shell, window: QWidget) -> None:
    """Ask for the printer; keep what was said of it, remember it here, and show its test page."""

    def begin(found: tuple[Printer, ...]) -> None:
        known = {one.name: one for one in found}
        dialog = PrinterDialog(known, shell.preferences.forms_printer(), window)
        dialog.wanted.connect(
            lambda: carry_out(shell, dialog, lambda work: act(work, dialog), show)
        )
        open_dialog(dialog)

    def act(work: Work, dialog: PrinterDialog) -> tuple[str, bytes]:
        wanted, seen = dialog.wanted_printer(), dialog.seen
        name = ""
        if wanted is not None:
            name = wanted.name if wanted == seen else set_printer(work, wanted, seen=seen).name
        return name, printer_test_page(work, name)

    def show(made: tuple[str, bytes]) -> None:
        name, pdf = made
        shell.preferences.set_forms_printer(name)
        title = f"Test page of {name}" if name else "Printer test page"
        shell.preview(pdf, title, _FILE)

    shell.desk.ask(window, printers, begin, shell.messages.refused)
