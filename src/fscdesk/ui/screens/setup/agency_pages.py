"""Collection agencies: whom to reach, and what they keep of what they recover."""

from __future__ import annotations

from dataclasses import dataclass

from fscdesk.services.billing.agencies import (
    AgencyFields,
    AgencyRow,
    add_agency,
    agencies,
    edit_agency,
)
from fscdesk.services.work import Topic
from fscdesk.ui.forms.fields import CheckField, NoteField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.tables.columns import Column, Kind
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty

POINTS = 100
"""A commission is kept in hundredths of a percent and typed in percent: 30, or 27.5."""


@dataclass(frozen=True, slots=True)
class AgencyInput:
    """What is typed of an agency."""

    name: str = ""
    percent: str = "30"
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    active: bool = True


def agencies_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the agencies."""
    record = Record(
        noun="agency",
        rows=agencies,
        fields_of=lambda row: _typed(row.fields),
        blank=AgencyInput,
        build=_build,
        name_of=lambda fields: fields.name,
        add=lambda work, fields: add_agency(work, _fields(fields)),
        edit=lambda work, row, fields: edit_agency(
            work, row.id, _fields(fields), expected_version=row.version
        ),
        line_of=lambda row: f"{_percent(row.fields.commission_points)} % commission",
        faults={"There is an agency": "name", "A commission of": "percent"},
    )
    columns: tuple[Column[AgencyRow], ...] = (
        Column("name", "Agency", lambda row: row.fields.name, names=True, priority=1),
        Column("contact", "Contact", lambda row: row.fields.contact, width=150, priority=4),
        Column("phone", "Phone", lambda row: row.fields.phone, width=120, priority=5),
        Column(
            "commission",
            "Commission",
            lambda row: f"{_percent(row.fields.commission_points)} %",
            Kind.NUMBER,
            lambda row: row.fields.commission_points,
            width=100,
            priority=3,
        ),
        active_column(lambda row: row.fields.active),
    )
    empty = Empty("No agency yet. Add one, and accounts can be handed over.", "briefcase")
    spec = setup_spec(
        "agencies",
        "Collection agencies",
        ("agency", "agencies"),
        agencies,
        columns,
        Topic.COLLECTIONS,
        empty,
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def _typed(fields: AgencyFields) -> AgencyInput:
    return AgencyInput(
        fields.name,
        _percent(fields.commission_points),
        fields.contact,
        fields.phone,
        fields.email,
        fields.address,
        fields.active,
    )


def _fields(typed: AgencyInput) -> AgencyFields:
    return AgencyFields(
        typed.name,
        _points(typed.percent),
        typed.contact,
        typed.email,
        typed.phone,
        typed.address,
        typed.active,
    )


def _percent(points: int) -> str:
    whole, rest = divmod(points, POINTS)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def _points(percent: str) -> int:
    """Return hundredths of a percent. Raises ValueError for what is no percentage."""
    whole, _dot, part = percent.strip().removesuffix("%").strip().partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(part) > 2:
        raise ValueError(percent)
    if part and not (part.isascii() and part.isdigit()):
        raise ValueError(percent)
    return int(whole) * POINTS + int(part.ljust(2, "0") or 0)


def _rule(percent: str) -> str:
    try:
        points = _points(percent)
    except ValueError:
        return f"{percent} is no percentage. Type it as 30 or 27.5."
    return "" if points < 100 * POINTS else "A commission is less than 100 %."


def _build(form: Form) -> None:
    form.row(name=TextField("Name"))
    form.row(
        percent=TextField(
            "Commission (%)",
            longest=6,
            rule=_rule,
            hint="Of what it recovers. Cases that it has keep the share they were placed with.",
        ),
        contact=TextField("Contact", optional=True),
    )
    form.row(
        phone=TextField("Phone", optional=True, longest=40),
        email=TextField("E-mail", optional=True),
    )
    form.row(address=NoteField("Address", optional=True))
    form.row(active=CheckField("In use", value=True, hint="Off: no longer offered for hand-offs."))
