"""The spellings that mean one patient: which names in files are his, with which clinician."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.changing import add_alias, move_alias, remove_alias
from fscdesk.services.patients.queries import (
    AliasRow,
    PatientFilter,
    PatientRow,
    aliases_of,
    page_of_patients,
)
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.finding import FindDialog
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.screen import PracticeFacts, Shell
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.undo import Undo

ANYBODY = "any clinician"


@dataclass(frozen=True, slots=True)
class AliasFields:
    """What a person types of a spelling; without a clinician it holds with any."""

    shown: str
    provider_id: int | None = None


class NamesTab(ListAndForm[AliasRow, AliasFields]):
    """The spellings in a list; a new one, or what can be done with the current one, beside it."""

    def __init__(self, shell: Shell, patient_id: int, name: str, keeping: Keeping) -> None:
        self._shell, self._patient_id, self._name = shell, patient_id, name
        practice = shell.practice
        rows = partial(_rows, patient_id)
        record = Record(
            noun="spelling",
            rows=rows,
            fields_of=lambda row: AliasFields(row.shown, row.provider_id),
            blank=lambda: AliasFields(""),
            build=partial(_build, practice),
            name_of=lambda fields: fields.shown,
            add=lambda work, fields: add_alias(
                work, patient_id, fields.shown, provider_id=fields.provider_id
            ),
            line_of=lambda row: f"means {name} with {row.provider or ANYBODY}",
            options=_options,
            acts=(
                RecordAct(
                    f"Move to another {practice.patient.lower()}…", self.ask_whom, "arrow-right"
                ),
                RecordAct("Remove", self.remove, "x"),
            ),
            faults={"means": "shown", "holds no letters": "shown"},
        )
        super().__init__(shell, _spec(practice, rows), record, keeping=keeping)

    def ask_whom(self, row: AliasRow) -> None:
        """Ask whom the spelling means from now on."""
        patient = self._shell.practice.patient.lower()
        dialog: FindDialog[PatientRow] = FindDialog(
            self._shell.desk,
            _others_spec(self._shell.practice),
            f"Whom does “{row.shown}” mean?",
            f"The next import takes it for that {patient}. Sessions stay where they are.",
            ("Move it", "Keep it"),
            self,
        )
        dialog.accepted.connect(lambda: self._move(row, dialog.chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def remove(self, row: AliasRow) -> None:
        """Let a spelling mean nobody; the next import asks."""
        patient_id, shown = self._patient_id, row.shown

        def done(_none: None) -> None:
            self._shell.messages.info(
                f"“{shown}” means nobody now; the next import asks.",
                undo=Undo(
                    f"the removal of “{shown}”",
                    partial(_bring_back, patient_id, AliasFields(shown, row.provider_id)),
                ),
            )

        self._shell.desk.act(
            self,
            lambda work: remove_alias(work, row.id, of_patient=patient_id),
            done,
            self._shell.messages.refused,
        )

    def _move(self, row: AliasRow, other: PatientRow | None) -> None:
        if other is None:
            return
        mine, theirs = self._patient_id, other.id

        def done(_none: None) -> None:
            self._shell.messages.info(
                f"“{row.shown}” means {other.name} ({other.number}) now.",
                undo=Undo(f"the move of “{row.shown}”", partial(_move_back, row, theirs, mine)),
            )

        self._shell.desk.act(
            self,
            lambda work: move_alias(work, row.id, of_patient=mine, to_patient=theirs),
            done,
            self._shell.messages.refused,
        )


def _spec(practice: PracticeFacts, rows: partial[Sequence[AliasRow]]) -> ListSpec[AliasRow]:
    columns: tuple[Column[AliasRow], ...] = (
        Column("shown", "Spelling", lambda row: row.shown, names=True, priority=1),
        Column("with", "With", lambda row: row.provider or ANYBODY, width=184, priority=2),
        Column("from", "From", _source, width=112, priority=3),
    )
    return ListSpec(
        key="account-names",
        name="Names",
        columns=columns,
        query=query_of(rows, columns),
        noun=("spelling", "spellings"),
        ticking=False,
        totals=False,
        title=False,
        sort="shown",
        topics=frozenset({Topic.PATIENTS, Topic.IMPORTS, Topic.PROVIDERS}),
        empty=Empty(
            f"No spelling means this {practice.patient.lower()}: an import would ask.", "users"
        ),
    )


def _source(row: AliasRow) -> str:
    return "an import" if row.from_import else "this office"


def _build(practice: PracticeFacts, form: Form) -> None:
    patient = practice.patient.lower()
    form.row(
        shown=TextField(
            "Spelling",
            hint=f"A name in a file that is spelled so means this {patient}.",
        )
    )
    form.row(
        provider_id=ChoiceField[int](
            "Only with",
            optional=True,
            hint="Where two have one name, the clinician tells them apart; empty for any.",
        )
    )


def _rows(patient_id: int, work: Work) -> Sequence[AliasRow]:
    return aliases_of(work, patient_id)


def _options(work: Work) -> Options:
    return {"provider_id": [(row.id, row.fields.name) for row in providers(work)]}


def _others_spec(practice: PracticeFacts) -> ListSpec[PatientRow]:
    def others(work: Work, state: FilterState, span: Span) -> Page[PatientRow]:
        return page_of_patients(work, PatientFilter(text=state.text), span)

    columns: tuple[Column[PatientRow], ...] = (
        Column("name", practice.patient, lambda row: row.name, names=True),
        Column("number", "Number", lambda row: row.number, width=80),
        Column("clinician", "Clinician", lambda row: row.provider, width=160),
    )
    many = practice.patients.lower()
    return ListSpec(
        key="find-patient",
        name=practice.patients,
        columns=columns,
        query=others,
        noun=(practice.patient.lower(), many),
        ticking=False,
        totals=False,
        title=False,
        line=False,
        empty=Empty(f"There are no {many}.", "users"),
        none_words=lambda state: f"No {many} have “{state.text}” in their name or number.",
    )


def _bring_back(patient_id: int, fields: AliasFields, work: Work) -> str:
    add_alias(work, patient_id, fields.shown, provider_id=fields.provider_id)
    return f"“{fields.shown}” means the same person again."


def _move_back(row: AliasRow, theirs: int, mine: int, work: Work) -> str:
    move_alias(work, row.id, of_patient=theirs, to_patient=mine)
    return f"“{row.shown}” means who it meant before."
