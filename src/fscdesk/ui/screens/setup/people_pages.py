"""Who works here: the staff with their roles, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass

from fscdesk.services.setup.people import (
    RIGHT_WORDS,
    ROLE_WORDS,
    RoleRow,
    StaffRow,
    add_person,
    edit_person,
    people,
    roles,
    set_rights,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.bound import field_value, set_field
from fscdesk.ui.forms.fields import CheckField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty

_ROLE_HINTS = {
    "admin": "May do everything, and grant it.",
    "billing_clerk": "Imports, sessions, clients, statements.",
    "billing_manager": "As the clerk, and the setup.",
    "cfo": "Reports and the setup.",
    "director": "Reports.",
    "accounting": "Reports.",
    "provider": "Sees what is granted to the role.",
}


@dataclass(frozen=True, slots=True)
class PersonFields:
    """What is typed of a person; roles by their keys."""

    login: str = ""
    name: str = ""
    active: bool = True
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as a row of a list."""

    id: int
    row: RoleRow


def staff_page(shell: Shell, keeping: Keeping) -> Part:
    """Return everybody who uses the program."""
    record = Record(
        noun="person",
        rows=people,
        fields_of=lambda row: PersonFields(row.login, row.name, row.active, row.roles),
        blank=PersonFields,
        build=_build_person,
        name_of=lambda fields: fields.name,
        add=lambda work, fields: add_person(
            work, login=fields.login, name=fields.name, wanted=fields.roles
        ),
        edit=lambda work, row, fields: edit_person(
            work, row, name=fields.name, active=fields.active, wanted=fields.roles
        ),
        fixed=("login",),
        fixed_because="The login stays: what was done under it is on record.",
        put=_put_person,
        take=_take_person,
        faults={"has the login": "login"},
    )
    columns: tuple[Column[StaffRow], ...] = (
        Column("name", "Name", lambda row: row.name, names=True, priority=1),
        Column("login", "Login", lambda row: row.login, width=120, priority=5),
        Column("roles", "Roles", _role_words, width=220, priority=4),
        active_column(lambda row: row.active),
    )
    spec = setup_spec(
        "staff",
        "Staff",
        ("person", "people"),
        people,
        columns,
        Topic.STAFF,
        Empty("Nobody yet.", "users"),
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def rights_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the roles with their rights."""
    record = Record(
        noun="role",
        rows=_roles,
        fields_of=lambda line: line.row.rights,
        blank=tuple[str, ...],
        build=_build_rights,
        name_of=lambda _rights: "The rights",
        edit=lambda work, line, rights: set_rights(work, line.row, rights),
        heading="What this role may do",
        line_of=lambda line: line.row.word,
        put=_put_rights,
        take=lambda form, _base: _ticked(form, "right_"),
    )
    columns: tuple[Column[RoleLine], ...] = (
        Column("role", "Role", lambda line: line.row.word, names=True, priority=1),
        Column("rights", "May", _right_words, width=340, priority=2),
    )
    spec = setup_spec(
        "rights",
        "Rights",
        ("role", "roles"),
        _roles,
        columns,
        Topic.STAFF,
        Empty("There are no roles.", "shield-check"),
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def _roles(work: Work) -> tuple[RoleLine, ...]:
    return tuple(RoleLine(place, row) for place, row in enumerate(roles(work), start=1))


def _role_words(row: StaffRow) -> str:
    words = {role.value: word for role, word in ROLE_WORDS.items()}
    return ", ".join(words[role] for role in row.roles) or "none: may only look"


def _right_words(line: RoleLine) -> str:
    words = {right.value: word for right, word in RIGHT_WORDS.items()}
    return ", ".join(words[right].lower() for right in line.row.rights) or "nothing"


def _build_person(form: Form) -> None:
    form.row(name=TextField("Name", hint="Stands on record with all that this person does."))
    form.row(
        login=TextField("Login", hint="The name under which the computer's system knows them.")
    )
    form.row(
        active=CheckField("Works here", value=True, hint="Off: may not sign in; the record stays.")
    )
    form.heading("Roles")
    pairs = [
        (f"role_{role.value}", CheckField(word, hint=_ROLE_HINTS.get(role.value, "")))
        for role, word in ROLE_WORDS.items()
    ]
    for place in range(0, len(pairs), 2):
        form.row(**dict(pairs[place : place + 2]))


def _put_person(form: Form, fields: PersonFields) -> None:
    for name in ("login", "name", "active"):
        set_field(form.field(name), getattr(fields, name))
    _tick(form, "role_", fields.roles)


def _take_person(form: Form, _base: PersonFields) -> PersonFields:
    return PersonFields(
        login=field_value(form.field("login")),
        name=field_value(form.field("name")),
        active=field_value(form.field("active")),
        roles=_ticked(form, "role_"),
    )


def _build_rights(form: Form) -> None:
    for right, word in RIGHT_WORDS.items():
        form.row(**{f"right_{right.value}": CheckField(word)})


def _put_rights(form: Form, rights: tuple[str, ...]) -> None:
    _tick(form, "right_", rights)


def _tick(form: Form, beginning: str, keys: tuple[str, ...]) -> None:
    for name in form.draft():
        if name.startswith(beginning):
            set_field(form.field(name), name.removeprefix(beginning) in keys)


def _ticked(form: Form, beginning: str) -> tuple[str, ...]:
    return tuple(
        name.removeprefix(beginning)
        for name in form.draft()
        if name.startswith(beginning) and field_value(form.field(name))
    )
