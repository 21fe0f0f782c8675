"""Payers: how each is billed, where its claims go, and the names under which files know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from fscdesk.services.remittances.rule_setup import AUTOMATION
from fscdesk.services.setup.numbers import state_of, zip_of
from fscdesk.services.setup.payers import (
    FILING_INDICATORS,
    LONGEST_FILING,
    ROUTE_WORDS,
    SHORT_NAME_LETTERS,
    PayerFields,
    PayerRow,
    PortalFields,
    PortalRow,
    add_payer,
    add_payer_alias,
    add_portal,
    edit_payer,
    edit_portal,
    payers,
    remove_payer_alias,
    remove_portal,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.bound import field_value, rule_of
from fscdesk.ui.forms.fields import CheckField, ChoiceField, NoteField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.forms.record_pane import Record, RecordAct
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.screens.setup.spelling_page import SpellingLine, SpellingPage, Spellings
from fscdesk.ui.tables.columns import Column, Kind
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

_AUTOMATION: Final = {level.value: words for level, words in AUTOMATION.items()}
_AUTOMATION_HINTS: Final = {
    "review": "It waits on its page for a look, whoever reads the file.",
    "one_click": "On its page Ctrl+Enter posts what balances and is known, all at once.",
    "automatic": "What balances and is known posts as the file is read. The rest waits for you.",
}
"""What posts by itself at each level: stands under the choice."""


@dataclass(frozen=True, slots=True)
class PortalLine:
    """A portal with the payer whose claims it takes."""

    id: int
    payer: str
    row: PortalRow


@dataclass(frozen=True, slots=True)
class PortalInput:
    """What is typed of a portal; its payer is chosen once."""

    payer_id: int
    name: str = ""
    address: str = ""
    route: str = ""
    steps: str = ""


def payers_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the payers."""
    record = Record(
        noun="payer",
        rows=payers,
        fields_of=lambda row: row.fields,
        blank=lambda: PayerFields("", ""),
        build=_build_payer,
        name_of=lambda fields: fields.name,
        add=add_payer,
        edit=lambda work, row, fields: edit_payer(
            work, row.id, fields, expected_version=row.version
        ),
        line_of=_payer_line,
        faults={"has the short name": "short_name", "is not a filing limit": "filing_days"},
    )
    columns: tuple[Column[PayerRow], ...] = (
        Column("name", "Payer", lambda row: row.fields.name, names=True, priority=1),
        Column("short", "Short name", lambda row: row.fields.short_name, width=128, priority=4),
        Column("code", "Payer id", lambda row: row.fields.payer_code, width=84, priority=5),
        Column(
            "filing",
            "Files within",
            lambda row: f"{row.fields.filing_days} days" if row.fields.filing_days else "",
            Kind.NUMBER,
            lambda row: row.fields.filing_days,
            width=100,
            priority=5,
        ),
        active_column(lambda row: row.fields.active),
    )
    empty = Empty("No payers yet. An import brings them in.", "building-2")
    spec = setup_spec("payers", "Payers", ("payer", "payers"), payers, columns, Topic.PAYERS, empty)
    return ListAndForm(shell, spec, record, keeping=keeping)


def payer_spellings_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the names in files that mean payers."""
    spellings = Spellings(
        noun="payer",
        hint="With its id in brackets where the file has one: Imaginary Blue (99901).",
        topic=Topic.PAYERS,
        lines=_spelling_lines,
        owners=_payer_options,
        add=add_payer_alias,
        remove=lambda work, alias_id, owner: remove_payer_alias(work, alias_id, of_payer=owner),
    )
    return SpellingPage(shell, spellings, keeping)


class PortalsPage(ListAndForm[PortalLine, PortalInput]):
    """Where claims are sent or looked up by hand."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        self._shell = shell
        nobody = cast(int, None)  # the field is empty until one is chosen
        record = Record(
            noun="portal",
            rows=_portal_lines,
            fields_of=_portal_input,
            blank=lambda: PortalInput(nobody),
            build=_build_portal,
            name_of=lambda fields: fields.name,
            add=lambda work, fields: add_portal(work, fields.payer_id, _portal_fields(fields)),
            edit=lambda work, line, fields: edit_portal(work, line.row, _portal_fields(fields)),
            line_of=lambda line: f"Portal of {line.payer}",
            options=lambda work: {"payer_id": _payer_options(work)},
            acts=(RecordAct("Remove", self.remove, "x"),),
            fixed=("payer_id",),
            fixed_because="A portal stays with its payer; remove it and add it to the other.",
        )
        columns: tuple[Column[PortalLine], ...] = (
            Column("payer", "Payer", lambda line: line.payer, width=160, priority=2),
            Column("name", "Portal", lambda line: line.row.fields.name, names=True, priority=1),
            Column("route", "Route", lambda line: line.row.fields.route, width=160, priority=5),
            Column("address", "Address", lambda line: line.row.fields.address, width=180),
        )
        empty = Empty("No portal yet. Note where each payer's claims are looked up.", "link")
        spec = setup_spec(
            "portals",
            "Portals",
            ("portal", "portals"),
            _portal_lines,
            columns,
            Topic.PAYERS,
            empty,
        )
        super().__init__(shell, spec, record, keeping=keeping)

    def remove(self, line: PortalLine) -> None:
        """Remove a portal; Undo adds it again."""
        row = line.row
        undo = Undo(f"the removal of {row.fields.name}", partial(_portal_again, row))

        def done(_none: None) -> None:
            self._shell.messages.info(f"{row.fields.name} is removed.", undo=undo)

        self._shell.desk.act(
            self, lambda work: remove_portal(work, row), done, self._shell.messages.refused
        )


def _payer_line(row: PayerRow) -> str:
    names = count_text(len(row.aliases), "name")
    return f"{names} in files, {count_text(len(row.portals), 'portal')}"


def _payer_options(work: Work) -> Sequence[tuple[int, str]]:
    return [(row.id, row.fields.name) for row in payers(work)]


def _spelling_lines(work: Work) -> list[SpellingLine]:
    return [
        SpellingLine(alias.id, alias.shown, row.id, row.fields.name, alias.from_import)
        for row in payers(work)
        for alias in row.aliases
    ]


def _portal_lines(work: Work) -> list[PortalLine]:
    return [
        PortalLine(portal.id, row.fields.short_name, portal)
        for row in payers(work)
        for portal in row.portals
    ]


def _portal_input(line: PortalLine) -> PortalInput:
    fields = line.row.fields
    return PortalInput(line.row.payer_id, fields.name, fields.address, fields.route, fields.steps)


def _portal_fields(typed: PortalInput) -> PortalFields:
    return PortalFields(typed.name, typed.address, typed.route, typed.steps)


def _portal_again(row: PortalRow, work: Work) -> str:
    add_portal(work, row.payer_id, row.fields)
    return f"{row.fields.name} is there again."


def _build_payer(form: Form) -> None:
    form.row(name=TextField("Name", hint="Box 11c of a claim, and letters to the payer."))
    form.row(
        short_name=TextField(
            "Short name", longest=SHORT_NAME_LETTERS, hint="What lists and ledgers show."
        ),
        payer_code=TextField(
            "Payer id", optional=True, longest=24, hint="The clearinghouse's id; imports match it."
        ),
    )
    form.row(
        filing_days=NumberField(
            "Files within",
            optional=True,
            lowest=1,
            highest=LONGEST_FILING,
            unit="days",
            hint="Days after the service; the queue warns before they are over.",
        )
    )
    form.heading("Claims")
    form.row(
        route=ChoiceField("Claims go by", list(ROUTE_WORDS.items()), "electronic"),
        filing_indicator=ChoiceField(
            "Kind of payer", list(FILING_INDICATORS.items()), "CI", hint="As an 837P tells it."
        ),
    )
    form.row(
        corrected_days=NumberField(
            "Corrected within",
            optional=True,
            lowest=1,
            highest=LONGEST_FILING,
            unit="days",
            hint="Days after its answer.",
        ),
        appeal_days=NumberField(
            "Appeals within",
            optional=True,
            lowest=1,
            highest=LONGEST_FILING,
            unit="days",
            hint="Days after its denial.",
        ),
    )
    form.row(
        member_id_pattern=TextField(
            "Member ids look like",
            optional=True,
            longest=40,
            hint="A a letter, 9 a digit, X either: AAA999999.",
        )
    )
    form.row(
        needs_authorization=CheckField(
            "Needs authorization", hint="The check before billing asks for one."
        ),
        wants_referral=CheckField("Needs a referral", hint="Box 17 of a claim; a claim warns."),
    )
    form.row(
        public_program=CheckField(
            "Medicare or Medicaid", hint="Overpayments go back within 60 days."
        ),
        accepts_assignment=CheckField(
            "We accept assignment",
            value=True,
            hint="What it allows is the price. Box 27.",
        ),
    )
    form.heading("Remittances")
    form.row(automation=ChoiceField("Its remittances", list(_AUTOMATION.items()), "one_click"))
    form.field("automation").changed.connect(partial(_tell_automation, form))
    _tell_automation(form)
    form.heading("Where paper claims and letters go")
    form.row(
        address1=TextField("Address", optional=True, longest=55),
        address2=TextField("Second line", optional=True, longest=55),
    )
    form.row(
        city=TextField("City", optional=True, longest=30),
        state=TextField("State", optional=True, longest=20, rule=rule_of(state_of)),
    )
    form.row(zip_code=TextField("ZIP code", optional=True, longest=20, rule=rule_of(zip_of)))
    form.row(active=CheckField("In use", value=True, hint="Off: no longer offered for policies."))


def _tell_automation(form: Form) -> None:
    """Say what is posted by itself at the level that is chosen."""
    level = str(field_value(form.field("automation")) or "")
    form.field("automation").set_hint(_AUTOMATION_HINTS.get(level, ""))


def _build_portal(form: Form) -> None:
    form.row(payer_id=ChoiceField[int]("Payer"))
    form.row(name=TextField("Portal", hint="What it is called at your desk."))
    form.row(address=TextField("Address", optional=True, longest=400, example="https://"))
    form.row(route=TextField("Route", optional=True, hint="Clearinghouse, portal, paper, …"))
    form.row(steps=NoteField("Steps", optional=True, lines=5, hint="How a status is looked up."))
