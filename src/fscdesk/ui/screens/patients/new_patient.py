"""A new patient, typed in: the import makes most of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.patients.changing import PatientFields, add_patient
from fscdesk.ui import theme
from fscdesk.ui.actions import action
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.forms import bound
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.forms import build_patient, clinician_options


class NewPatientDialog(Dialog):
    """Asks who it is, adds the patient, and tells the id; who pays is the same person at first."""

    added = Signal(object)

    def __init__(
        self, shell: Shell, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        word = shell.practice.patient.lower()
        super().__init__(
            f"New {word}",
            f"The {word} pays, under the same name, until you change who does.",
            parent,
            width=theme.now.size.dialog_medium,
        )
        self._shell = shell
        self.form = Form(f"Add the {word}", "Cancel")
        build_patient(shell.practice, today, self.form)
        self.form.saved.connect(self._on_saved)
        self.form.cancelled.connect(self.reject)
        self.body.addWidget(self.form)
        self.buttons.hide()
        self.form.primary.setDefault(True)
        action(self, "Save", self.form.save, ("Ctrl+S", "Ctrl+Return"))
        shell.desk.ask(self, clinician_options, self._offer)
        self.form.field("name").setFocus()

    def _offer(self, found: object) -> None:
        field = self.form.field("provider_id")
        if isinstance(field, ChoiceField) and isinstance(found, dict):
            field.set_options(found["provider_id"])

    def _on_saved(self) -> None:
        wanted = bound.take(self.form, PatientFields(""))
        self.form.working("Saving…")

        def done(patient_id: int) -> None:
            self._shell.messages.info(f"{wanted.name} is added.")
            self.added.emit(patient_id)
            self.accept()

        def refused(fault: BaseException) -> None:
            self.form.rest()
            if isinstance(fault, Problem):
                self.form.show_faults({"name": bound.sentence_of(fault)})
            else:
                self._shell.messages.refused(fault)

        self._shell.desk.act(self, lambda work: add_patient(work, wanted), done, refused)
