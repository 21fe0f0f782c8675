"""The notes of the billing office about an account; pinned ones are shown when it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from fscdesk.services.billing.account_notes import (
    NoteRow,
    add_note,
    edit_note,
    notes_of,
    pin_note,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.fields import CheckField, NoteField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import moment_text

LINES = 8


@dataclass(frozen=True, slots=True)
class NoteFields:
    """What a person writes."""

    text: str = ""
    pinned: bool = False


class NotesTab(ListAndForm[NoteRow, NoteFields]):
    """The notes, pinned ones first; the current one is written in the form beside them."""

    def __init__(self, shell: Shell, patient_id: int, keeping: Keeping) -> None:
        self._key = uuid4().hex
        rows = partial(_rows, patient_id)
        record: Record[NoteRow, NoteFields] = Record(
            noun="note",
            rows=rows,
            fields_of=lambda row: NoteFields(row.text, row.pinned),
            blank=NoteFields,
            build=_build,
            name_of=lambda fields: _short(fields.text) or "The note",
            heading="Note",
            add=lambda work, fields: add_note(
                work, patient_id, fields.text, pinned=fields.pinned, request_key=self._key
            ),
            edit=_edit,
            line_of=lambda row: f"{row.by}, {moment_text(row.at, shell.practice.zone)}",
        )
        super().__init__(shell, _spec(shell, rows), record, keeping=keeping)
        self.pane.saved.connect(self._renew_key)

    def _renew_key(self) -> None:
        """What is saved is saved: the next note is another one."""
        self._key = uuid4().hex


def _rows(patient_id: int, work: Work) -> Sequence[NoteRow]:
    return notes_of(work, patient_id)


def _edit(work: Work, row: NoteRow, fields: NoteFields) -> None:
    version = row.version
    if fields.text != row.text:
        edit_note(work, row.id, fields.text, expected_version=version)
        version = next(one.version for one in notes_of(work, row.patient_id) if one.id == row.id)
    if fields.pinned != row.pinned:
        pin_note(work, row.id, pinned=fields.pinned, expected_version=version)


def _build(form: Form) -> None:
    form.row(text=NoteField("Note", lines=LINES, hint="Seen by the billing office alone."))
    form.row(pinned=CheckField("Pinned", hint="Shown over the account whenever it is opened."))


def _spec(shell: Shell, rows: partial[Sequence[NoteRow]]) -> ListSpec[NoteRow]:
    zone = shell.practice.zone
    columns: tuple[Column[NoteRow], ...] = (
        Column(
            "pinned", "Pinned", lambda row: "Pinned" if row.pinned else "", width=72, priority=2
        ),
        Column("text", "Note", lambda row: _short(row.text), names=True, priority=1),
        Column("by", "By", lambda row: row.by, width=140, priority=3),
        Column("at", "Written", lambda row: moment_text(row.at, zone), width=148, priority=4),
    )
    return ListSpec(
        key="account-notes",
        name="Notes",
        columns=columns,
        query=query_of(rows, columns, "pinned"),
        noun=("note", "notes"),
        ticking=False,
        totals=False,
        title=False,
        sort="pinned",
        topics=frozenset({Topic.NOTES}),
        empty=Empty("Nobody wrote a note about this account. Ctrl+N begins one.", "notebook-pen"),
    )


def _short(text: str) -> str:
    return " ".join(text.split())
