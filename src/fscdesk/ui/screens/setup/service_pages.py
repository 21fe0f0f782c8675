"""Services: the practice's codes, what they stand for, and what a missed session costs."""

from __future__ import annotations

from fscdesk.models.values import ZERO, Money
from fscdesk.services.setup.services import (
    KIND_WORDS,
    LONGEST_MINUTES,
    ServiceFields,
    ServiceRow,
    add_service,
    edit_service,
    revenue_accounts,
    services,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.forms.record_pane import Options, Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.tables.columns import Column, badge_column, money_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import count_text
from fscdesk.ui.theme import Status

_KINDS = {kind.value: word for kind, word in KIND_WORDS.items()}
_BADGES = {
    "session": ("blue", "calendar-check"),
    "add_on": ("slate", "plus"),
    "late_cancel_fee": ("amber", "clock"),
    "no_show_fee": ("amber", "user-x"),
    "not_billed": ("neutral", "ban"),
}


def services_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the catalogue of services."""
    record = Record(
        noun="service",
        rows=services,
        fields_of=lambda row: row.fields,
        blank=lambda: ServiceFields("", ""),
        build=_build,
        name_of=lambda fields: f"{fields.code} {fields.name}".strip(),
        add=add_service,
        edit=lambda work, row, fields: edit_service(
            work, row.id, fields, expected_version=row.version
        ),
        line_of=lambda row: f"{row.kind_word}, {count_text(row.charges, 'charge')}",
        options=_options,
        faults={
            "There is a service": "code",
            "keeps its code": "code",
            "blank or a comma": "code",
            "is not an account": "revenue_account",
        },
    )
    columns: tuple[Column[ServiceRow], ...] = (
        Column("code", "Code", lambda row: row.fields.code, width=92, strong=True, priority=1),
        Column("name", "Service", lambda row: row.fields.name, names=True, priority=1),
        badge_column("kind", "Stands for", _badge, width=172, priority=2),
        money_column("rate", "Base rate", lambda row: row.fields.base_rate, priority=3),
        money_column("late", "Late cancel", lambda row: row.fields.late_cancel_fee, priority=6),
        money_column("no_show", "No-show", lambda row: row.fields.no_show_fee, priority=6),
        active_column(lambda row: row.fields.active),
    )
    empty = Empty("No services yet. An import brings the codes in.", "list-checks")
    spec = setup_spec(
        "services", "Services", ("service", "services"), services, columns, Topic.SERVICES, empty
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def _badge(row: ServiceRow) -> Status:
    tone, icon = _BADGES.get(row.fields.kind, ("neutral", "circle"))
    return Status(row.kind_word, tone, icon)


def _options(work: Work) -> Options:
    return {"revenue_account": [(code, f"{code} {name}") for code, name in revenue_accounts(work)]}


def _build(form: Form) -> None:
    form.row(
        code=TextField("Code", longest=24, hint="CPT, HCPCS or your own; leading zeros count."),
        name=TextField("Name", hint="In your own words; statements show it."),
    )
    form.row(
        kind=ChoiceField(
            "Stands for",
            list(_KINDS.items()),
            "session",
            hint="A late-cancel or no-show fee is the client's alone and goes on no claim; "
            "what is not billed makes no charge. Holds for sessions from the next import on.",
        )
    )
    form.row(
        base_rate=MoneyField(
            "Base rate", rule=_not_negative, hint="Where no fee schedule has the code."
        ),
        minutes=NumberField("Minutes", optional=True, lowest=1, highest=LONGEST_MINUTES),
    )
    form.row(
        late_cancel_fee=MoneyField(
            "Late cancellation",
            optional=True,
            rule=_not_negative,
            hint="Empty: nothing is charged.",
        ),
        no_show_fee=MoneyField(
            "No-show", optional=True, rule=_not_negative, hint="Empty: nothing is charged."
        ),
    )
    form.row(
        revenue_account=ChoiceField[str](
            "Revenue account", hint="Where the income of new charges is booked."
        )
    )
    form.row(active=CheckField("In use", value=True, hint="Off: no longer offered; charges stay."))


def _not_negative(amount: Money) -> str:
    return "" if amount >= ZERO else "This is below 0.00."
