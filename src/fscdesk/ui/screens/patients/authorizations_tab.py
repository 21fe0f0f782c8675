"""The authorizations of one patient: what was approved, what is left, what to ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, Final, cast

from fscdesk.services.claims.authorizations import (
    MOST,
    AuthorizationFields,
    AuthorizationRow,
    Warns,
    add_authorization,
    authorizations_of,
    edit_authorization,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.bound import field_value, set_field
from fscdesk.ui.forms.fields import ChoiceField, NoteField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.forms.record_pane import Options, Record
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text
from fscdesk.ui.theme import Status

_TOPICS: Final = frozenset({Topic.PATIENTS, Topic.CLAIMS, Topic.PAYERS})
_COUNTS: Final = (("visits", "Visits"), ("units", "Units"))
_BETWEEN: Final = re.compile(r"[,;\s]+")
_IN_FORCE: Final = Status("In force", "green", "check")
_MARKS: Final = MappingProxyType(
    {
        Warns.USED_UP: Status("Used up", "red", "circle-x"),
        Warns.ENDED: Status("Ended", "neutral", "circle-minus"),
        Warns.FEW_LEFT: Status("Few left", "orange", "triangle-alert"),
        Warns.ENDS_SOON: Status("Ends soon", "amber", "clock"),
    }
)
_SAME: Final = ("payer_id", "number", "granted", "valid_from", "valid_to", "used_before", "note")


class AuthorizationsTab(ListAndForm[AuthorizationRow, AuthorizationFields]):
    """The authorizations in a list, the current one in a form."""

    def __init__(
        self, shell: Shell, patient_id: int, today: Callable[[], date], keeping: Keeping
    ) -> None:
        rows = partial(_rows, patient_id)
        record = Record(
            noun="authorization",
            rows=rows,
            fields_of=lambda row: row.fields,
            blank=lambda: _blank(today()),
            build=partial(_build, today),
            name_of=lambda fields: f"Authorization {fields.number}".strip(),
            add=lambda work, fields: add_authorization(work, patient_id, fields),
            edit=lambda work, row, fields: edit_authorization(
                work, row.id, fields, expected_version=row.version
            ),
            line_of=_line,
            options=_options,
            put=_put,
            take=_take,
            faults={
                "before it begins": "valid_to",
                "is there already": "number",
                "is not a code": "codes",
                "codes, or for any": "codes",
                "granted cannot be": "granted",
                "and granted": "granted",
                "granted.": "granted",
            },
        )
        super().__init__(shell, _spec(rows), record, keeping=keeping)


def _rows(patient_id: int, work: Work) -> Sequence[AuthorizationRow]:
    return authorizations_of(work, patient_id)


def _spec(rows: Callable[[Work], Sequence[AuthorizationRow]]) -> ListSpec[AuthorizationRow]:
    columns: tuple[Column[AuthorizationRow], ...] = (
        Column("number", "Number", lambda row: row.fields.number, names=True, priority=1),
        Column("payer", "Payer", lambda row: row.payer, width=132, priority=3),
        Column("codes", "For", _codes, width=120, priority=4),
        Column(
            "left",
            "Left",
            lambda row: f"{row.left} of {row.fields.granted}",
            Kind.NUMBER,
            lambda row: row.left,
            width=84,
            priority=1,
        ),
        Column("counts", "Counts", lambda row: row.fields.counts.value, width=72, priority=6),
        date_column("from", "From", lambda row: row.fields.valid_from, priority=5),
        date_column("to", "To", lambda row: row.fields.valid_to, priority=2),
        badge_column("state", "State", _mark, width=112, priority=1),
    )
    return ListSpec(
        key="account-authorizations",
        name="Authorizations",
        columns=columns,
        query=query_of(rows, columns, "from"),
        noun=("authorization", "authorizations"),
        ticking=False,
        totals=False,
        title=False,
        sort="from",
        topics=_TOPICS,
        empty=Empty(
            "No authorization is known. Ctrl+N adds what a payer has approved.", "badge-check"
        ),
    )


def _mark(row: AuthorizationRow) -> Status:
    return _IN_FORCE if row.warns is None else _MARKS[row.warns]


def _codes(row: AuthorizationRow) -> str:
    return ", ".join(row.fields.codes) or "any service"


def _line(row: AuthorizationRow) -> str:
    unit = row.fields.counts.value.removesuffix("s")
    said = f"{row.used} of {count_text(row.fields.granted, unit)} used, {row.left} left"
    if row.waiting:
        said += f"; claims not sent yet take {row.waiting}"
    return f"{row.warning} {said}".strip()


def _blank(today: date) -> AuthorizationFields:
    nothing = cast(Any, None)  # the fields are empty until something is typed
    return AuthorizationFields(nothing, "", nothing, today, nothing)


def _build(today: Callable[[], date], form: Form) -> None:
    form.row(
        number=TextField("Number", longest=24, hint="Box 23 of a claim."),
        payer_id=ChoiceField[int]("Payer"),
    )
    form.row(
        codes=TextField(
            "For codes", optional=True, longest=40, example="90837, 90834", hint="Empty: any."
        )
    )
    form.row(
        granted=NumberField("Granted", lowest=1, highest=MOST),
        counts=ChoiceField("It counts", _COUNTS, "visits", hint="A visit is each service once."),
    )
    form.row(
        used_before=NumberField(
            "Used before",
            0,
            highest=MOST,
            hint="Before claims were sent from here; these are counted by themselves.",
        )
    )
    form.row(
        valid_from=DateField("From", today=today),
        valid_to=DateField("To", today=today, hint="The last day of service."),
    )
    form.row(note=NoteField("Note", optional=True, lines=2, hint="Whom to call, what was agreed."))


def _options(work: Work) -> Options:
    return {
        "payer_id": [(row.id, row.fields.short_name) for row in payers(work) if row.fields.active]
    }


def _put(form: Form, fields: AuthorizationFields) -> None:
    for name in _SAME:
        set_field(form.field(name), getattr(fields, name))
    set_field(form.field("codes"), ", ".join(fields.codes))
    set_field(form.field("counts"), fields.counts.value)


def _take(form: Form, base: AuthorizationFields) -> AuthorizationFields:
    typed = {name: field_value(form.field(name)) for name in _SAME}
    codes = str(field_value(form.field("codes"))).strip()
    kind = type(base.counts)
    return replace(
        base,
        **typed,
        codes=tuple(one for one in _BETWEEN.split(codes) if one),
        counts=kind(field_value(form.field("counts")) or base.counts.value),
    )
