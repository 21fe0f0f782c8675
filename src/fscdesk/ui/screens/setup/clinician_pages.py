"""Clinicians: what goes on a claim, and the names under which files know them."""

from __future__ import annotations

from fscdesk.services.setup.numbers import npi_of, taxonomy_of
from fscdesk.services.setup.providers import (
    ProviderFields,
    ProviderRow,
    add_provider,
    add_provider_alias,
    edit_provider,
    providers,
    remove_provider_alias,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.bound import rule_of
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.screens.setup.spelling_page import SpellingLine, SpellingPage, Spellings
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import count_text


def clinicians_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the clinicians with what claims need of them."""
    record = Record(
        noun="clinician",
        rows=providers,
        fields_of=lambda row: row.fields,
        blank=lambda: ProviderFields(""),
        build=_build,
        name_of=lambda fields: fields.name,
        add=add_provider,
        edit=lambda work, row, fields: edit_provider(
            work, row.id, fields, expected_version=row.version
        ),
        line_of=lambda row: f"{count_text(len(row.aliases), 'name')} in files",
        options=_options,
        faults={"has the SimplePractice id": "simplepractice_id", "supervises": "supervisor_id"},
    )
    columns: tuple[Column[ProviderRow], ...] = (
        Column("name", "Clinician", lambda row: row.fields.name, names=True, priority=1),
        Column("credentials", "Credentials", lambda row: row.fields.credentials, width=108),
        Column("npi", "NPI", lambda row: row.fields.npi or "missing", width=104, priority=2),
        Column("supervisor", "Supervised by", lambda row: row.supervisor, width=140, priority=7),
        active_column(lambda row: row.fields.active),
    )
    empty = Empty("No clinicians yet. An import brings them in.", "user")
    spec = setup_spec(
        "clinicians",
        "Clinicians",
        ("clinician", "clinicians"),
        providers,
        columns,
        Topic.PROVIDERS,
        empty,
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def clinician_spellings_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the names in files that mean clinicians."""
    spellings = Spellings(
        noun="clinician",
        hint="As the column Clinician of a report has it.",
        topic=Topic.PROVIDERS,
        lines=_lines,
        owners=lambda work: [(row.id, row.fields.name) for row in providers(work)],
        add=add_provider_alias,
        remove=lambda work, alias_id, owner: remove_provider_alias(
            work, alias_id, of_provider=owner
        ),
    )
    return SpellingPage(shell, spellings, keeping)


def _lines(work: Work) -> list[SpellingLine]:
    return [
        SpellingLine(alias.id, alias.shown, row.id, row.fields.name, alias.from_import)
        for row in providers(work)
        for alias in row.aliases
    ]


def _options(work: Work) -> Options:
    return {"supervisor_id": [(row.id, row.fields.name) for row in providers(work)]}


def _build(form: Form) -> None:
    form.row(name=TextField("Name", hint="As lists and statements name them."))
    form.row(
        first_name=TextField(
            "First name on claims", optional=True, longest=35, hint="Where it does not follow."
        ),
        last_name=TextField("Last name on claims", optional=True, longest=60),
    )
    form.row(
        credentials=TextField("Credentials", optional=True, hint="LCSW, PhD, …"),
        npi=TextField(
            "NPI", optional=True, rule=rule_of(npi_of), hint="Box 24J; no claim goes without."
        ),
    )
    form.row(
        taxonomy=TextField(
            "Taxonomy", optional=True, rule=rule_of(taxonomy_of), hint="Like 1041C0700X."
        ),
        licence=TextField("Licence", optional=True),
    )
    form.row(
        supervisor_id=ChoiceField[int](
            "Supervised by", optional=True, hint="Some payers are billed under the supervisor."
        )
    )
    form.row(
        simplepractice_id=TextField(
            "SimplePractice id", optional=True, longest=24, hint="Tells two of one name apart."
        )
    )
    form.row(active=CheckField("In use", value=True, hint="Off: has left; the sessions stay."))
