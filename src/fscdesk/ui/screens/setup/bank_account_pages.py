"""Bank accounts: what the practice has at banks, each with its own account of the chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accounts import (
    BankAccountDraft,
    BankAccountKind,
    BankAccountView,
    bank_accounts,
    save_bank_account,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import day_text

KINDS: Final[Mapping[BankAccountKind, str]] = MappingProxyType(
    {
        BankAccountKind.CHECKING: "Checking",
        BankAccountKind.SAVINGS: "Savings",
        BankAccountKind.CREDIT_CARD: "Credit card",
        BankAccountKind.MERCHANT: "Merchant account",
    }
)


@dataclass(frozen=True, slots=True)
class AccountInput:
    """What is typed of an account. ``number`` is never shown again."""

    name: str = ""
    bank: str = ""
    kind: str = BankAccountKind.CHECKING.value
    number: str = ""
    starts_on: date | None = None
    starts_with: Money | None = None
    is_default: bool = False
    active: bool = True


def bank_accounts_page(shell: Shell, keeping: Keeping, today: Callable[[], date]) -> Part:
    """Return the accounts."""
    record = Record(
        noun="bank account",
        rows=_rows,
        fields_of=_typed,
        blank=AccountInput,
        build=lambda form: _build(form, today),
        name_of=lambda fields: fields.name,
        add=lambda work, fields: save_bank_account(work, _draft(fields)),
        edit=lambda work, row, fields: save_bank_account(
            work, _draft(fields), account_id=row.id, expected_version=row.version
        ),
        line_of=_line_of,
        faults={
            "There is a bank account": "name",
            "number is too short": "number",
            "This number is that of": "number",
            "is reconciled from its first day": "starts_on",
        },
    )
    columns: tuple[Column[BankAccountView], ...] = (
        Column("name", "Account", lambda row: row.label, names=True, priority=1),
        Column("bank", "Bank", lambda row: row.bank, width=130, priority=5),
        Column("kind", "Kind", lambda row: KINDS[row.kind], width=112, priority=5),
        Column("account", "In the chart", lambda row: row.account, width=88, priority=3),
        date_column("lines", "Lines to", lambda row: row.last_line_on, priority=4),
        date_column("proved", "Reconciled to", lambda row: row.reconciled_to, width=112),
        money_column("book", "In the books", lambda row: row.book, plain_negative=True, priority=2),
        active_column(lambda row: row.active),
    )
    spec = setup_spec(
        "bank-accounts",
        "Bank accounts",
        ("bank account", "bank accounts"),
        _rows,
        columns,
        Topic.BANK,
        Empty("No bank account yet. Add one, and deposits can be made.", "landmark"),
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def _rows(work: Work) -> tuple[BankAccountView, ...]:
    return bank_accounts(work, also_inactive=True)


def _typed(row: BankAccountView) -> AccountInput:
    return AccountInput(
        row.name,
        row.bank,
        row.kind.value,
        "",
        row.starts_on,
        row.starts_with,
        row.is_default,
        row.active,
    )


def _draft(fields: AccountInput) -> BankAccountDraft:
    return BankAccountDraft(
        fields.name,
        BankAccountKind(fields.kind),
        fields.bank,
        fields.number,
        fields.starts_on,
        fields.starts_with or ZERO,
        fields.active,
        fields.is_default,
    )


def _line_of(row: BankAccountView) -> str:
    said = [f"Account {row.account} of the chart"]
    if row.reconciled_to is not None:
        said.append(f"reconciled to {day_text(row.reconciled_to)}")
    return ", ".join(said)


def _build(form: Form, today: Callable[[], date]) -> None:
    form.row(name=TextField("Name"))
    form.row(
        bank=TextField("Bank", optional=True),
        kind=ChoiceField("Kind", [(key.value, word) for key, word in KINDS.items()]),
    )
    form.row(
        number=TextField(
            "Account number",
            optional=True,
            longest=40,
            hint="Only its last four digits are kept, and what recognises it in a statement"
            " file. Leave it empty to keep what is known.",
        )
    )
    form.heading("Where reconciling begins")
    form.row(
        starts_on=DateField(
            "First day", today=today, optional=True, hint="The first day of the first statement."
        ),
        starts_with=MoneyField(
            "Balance before it",
            optional=True,
            hint="What the bank had at the end of the day before.",
        ),
    )
    form.row(
        is_default=CheckField("Deposits go here", hint="Where nothing else is said."),
        active=CheckField("In use", value=True, hint="Off: no longer offered."),
    )
