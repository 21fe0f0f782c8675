"""Supervision: who supervises which clinician, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

from fscdesk.services.claims.rule_weights import (
    SupervisionRow,
    add_supervision,
    end_supervision,
    supervisions,
)
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.on_day import DayDialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import setup_spec
from fscdesk.ui.screens.setup.rule_form import Today
from fscdesk.ui.tables.columns import Column, date_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import day_text


@dataclass(frozen=True, slots=True)
class SupervisionFields:
    """What is typed of a supervision."""

    provider_id: int
    supervisor_id: int
    valid_from: date
    valid_to: date | None = None


class SupervisionsPage(ListAndForm[SupervisionRow, SupervisionFields]):
    """Each supervision with its days; a change of supervisor is an end and a new one."""

    def __init__(self, shell: Shell, keeping: Keeping, today: Today) -> None:
        self._shell, self._today = shell, today
        nobody = cast(int, None)  # the fields are empty until somebody is chosen
        record = Record(
            noun="supervision",
            rows=supervisions,
            fields_of=lambda row: SupervisionFields(
                row.provider_id, row.supervisor_id, row.valid_from, row.valid_to
            ),
            blank=lambda: SupervisionFields(nobody, nobody, today()),
            build=partial(_build, today),
            name_of=lambda _fields: "The supervision",
            add=lambda work, fields: add_supervision(
                work, fields.provider_id, fields.supervisor_id, fields.valid_from, fields.valid_to
            ),
            line_of=_words,
            options=_options,
            acts=(RecordAct("End it…", self.end, "circle-stop", off_because=_ended),),
            heading="Supervision",
            faults={
                "before it begins": "valid_to",
                "is supervised by another": "supervisor_id",
                "supervises this clinician": "valid_from",
            },
        )
        columns: tuple[Column[SupervisionRow], ...] = (
            Column("clinician", "Clinician", lambda row: row.provider, names=True, priority=1),
            Column("supervisor", "Supervised by", lambda row: row.supervisor, width=200),
            date_column("from", "From", lambda row: row.valid_from, priority=2),
            date_column("to", "To", lambda row: row.valid_to, priority=2),
        )
        empty = Empty(
            "No supervision with dates: the supervisor in each clinician’s record holds.",
            "users",
        )
        spec = setup_spec(
            "supervisions",
            "Supervision",
            ("supervision", "supervisions"),
            supervisions,
            columns,
            Topic.PROVIDERS,
            empty,
        )
        super().__init__(shell, spec, record, keeping=keeping)

    def end(self, row: SupervisionRow) -> None:
        """Ask for the last day of a supervision, and let it end then."""
        dialog = DayDialog(
            f"End the supervision of {row.provider}?",
            f"Claims for sessions after that day no longer name {row.supervisor}.",
            "Last day",
            ("End it", "Keep it"),
            today=self._today,
            parent=self,
        )
        dialog.accepted.connect(lambda: self._end(row, dialog.day()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _end(self, row: SupervisionRow, last: date) -> None:
        self._shell.desk.act(
            self,
            lambda work: end_supervision(work, row, last),
            lambda _none: self._shell.messages.info(
                f"{row.supervisor} supervises {row.provider} until {day_text(last)}."
            ),
            self._shell.messages.refused,
        )


def _words(row: SupervisionRow) -> str:
    until = f" to {day_text(row.valid_to)}" if row.valid_to else ""
    return f"{row.provider} by {row.supervisor}, from {day_text(row.valid_from)}{until}"


def _ended(row: SupervisionRow) -> str:
    return f"It ended on {day_text(row.valid_to)}." if row.valid_to else ""


def _options(work: Work) -> Options:
    known = [(row.id, row.fields.name) for row in providers(work) if row.fields.active]
    return {"provider_id": known, "supervisor_id": known}


def _build(today: Today, form: Form) -> None:
    form.row(provider_id=ChoiceField[int]("Clinician"))
    form.row(
        supervisor_id=ChoiceField[int](
            "Supervised by", hint="Goes before the supervisor in the clinician’s record."
        )
    )
    form.row(
        valid_from=DateField("From", today=today, hint="By the day of service."),
        valid_to=DateField("To", today=today, optional=True, hint="Empty: without an end."),
    )
