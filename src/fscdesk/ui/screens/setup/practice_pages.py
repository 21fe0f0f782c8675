"""The practice: what stands on letterheads and claims, and the places where it works."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from fscdesk.services.setup.numbers import (
    email_of,
    npi_of,
    state_of,
    tax_id_of,
    taxonomy_of,
    zip_of,
)
from fscdesk.services.setup.practice import (
    TAX_ID_KINDS,
    LocationFields,
    LocationRow,
    PracticeFields,
    PracticeRow,
    add_location,
    edit_location,
    edit_practice,
    locations,
    practice,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.bound import rule_of
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.screens.setup.single import SinglePart
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty

_USUAL = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
_ON_PAPER = "As it stands on statements and claims."


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """The practice as the one record of its kind."""

    id: int
    row: PracticeRow


def practice_page(shell: Shell, _keeping: Keeping) -> Part:
    """Return the form of the practice."""
    record = Record(
        noun="practice",
        rows=_practice,
        fields_of=lambda line: line.row.fields,
        blank=lambda: PracticeFields("", "America/New_York"),
        build=_build_practice,
        name_of=lambda fields: fields.name,
        edit=lambda work, line, fields: edit_practice(
            work, fields, expected_version=line.row.version
        ),
        heading="The practice",
        line_of=lambda _line: _ON_PAPER,
    )
    return SinglePart(shell, record, Topic.PRACTICE)


def locations_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the places of service."""
    record = Record(
        noun="location",
        rows=locations,
        fields_of=lambda row: row.fields,
        blank=lambda: LocationFields(""),
        build=_build_location,
        name_of=lambda fields: fields.name,
        add=add_location,
        edit=edit_location,
        faults={"There is a location": "name", "is not a place of service": "place_of_service"},
    )
    columns: tuple[Column[LocationRow], ...] = (
        Column("name", "Location", lambda row: row.fields.name, names=True, priority=1),
        Column("pos", "Place of service", lambda row: row.fields.place_of_service, width=128),
        Column("address", "Address", lambda row: row.fields.address, width=200, priority=6),
        active_column(lambda row: row.fields.active),
    )
    empty = Empty("No location yet. Claims name the place of service.", "map-pin")
    spec = setup_spec(
        "locations",
        "Locations",
        ("location", "locations"),
        locations,
        columns,
        Topic.PRACTICE,
        empty,
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def _practice(work: Work) -> tuple[PracticeLine, ...]:
    return (PracticeLine(1, practice(work)),)


def _build_practice(form: Form) -> None:
    zones = [*_USUAL, *sorted(available_timezones() - set(_USUAL))]
    form.row(
        name=TextField("Name", hint="Heads every statement, letter and claim."),
        zone=ChoiceField(
            "Time zone",
            [(zone, zone.replace("_", " ")) for zone in zones],
            hint="Sessions keep their clock time. Taken up when the books are opened next.",
        ),
    )
    form.row(
        npi=TextField(
            "Practice NPI",
            optional=True,
            rule=rule_of(npi_of),
            hint="Box 33a; no claim goes without.",
        ),
        tax_id=TextField(
            "Tax id", optional=True, rule=rule_of(tax_id_of), hint="Box 25; no claim goes without."
        ),
    )
    form.row(
        taxonomy=TextField(
            "Practice taxonomy", optional=True, rule=rule_of(taxonomy_of), hint="Box 33b."
        ),
        tax_id_kind=ChoiceField("The tax id is", list(TAX_ID_KINDS.items()), "EI"),
    )
    form.heading("Address and contact")
    form.row(
        address1=TextField(
            "Address", optional=True, hint="Of statements and claims; a street, no PO box."
        ),
        address2=TextField("Second line", optional=True),
    )
    form.row(
        city=TextField("City", optional=True),
        state=TextField("State", optional=True, longest=20, rule=rule_of(state_of)),
    )
    form.row(
        zip_code=TextField("ZIP code", optional=True, longest=20, rule=rule_of(zip_of)),
        phone=TextField("Phone", optional=True, hint="Who has a question calls this number."),
    )
    form.row(
        email=TextField("E-mail", optional=True, rule=rule_of(email_of)),
        hours=TextField("Office hours", optional=True, hint="Stands beside the phone number."),
    )


def _build_location(form: Form) -> None:
    form.row(name=TextField("Name", hint="How people here call it."))
    form.row(
        place_of_service=TextField(
            "Place of service", longest=2, hint="Two digits, box 24B: 11 office, 10 video."
        )
    )
    form.row(address=TextField("Address", optional=True, hint="Box 32, where it is another."))
    form.row(
        city=TextField("City", optional=True),
        state=TextField("State", optional=True, longest=20, rule=rule_of(state_of)),
    )
    form.row(
        zip_code=TextField("ZIP code", optional=True, longest=20, rule=rule_of(zip_of)),
        npi=TextField("NPI of the place", optional=True, rule=rule_of(npi_of), hint="Box 32a."),
    )
    form.row(active=CheckField("In use", value=True, hint="Off: no longer offered for sessions."))
