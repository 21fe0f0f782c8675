"""The practice's accounts at banks: each is one account of the general ledger."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.account import Account, AccountType, CashFlow
from fscdesk.models.bank import BankAccount, BankAccountKind, BankLine
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import BANK
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "BankAccountDraft",
    "BankAccountKind",
    "BankAccountView",
    "account_named",
    "bank_accounts",
    "default_account",
    "fingerprint_of",
    "save_bank_account",
]

_HIGHEST_SUB = 1049
_ENDING = 4


@dataclass(frozen=True, slots=True)
class BankAccountView:
    """One account as the lists show it. ``book`` is what our ledger says it holds today.

    ``last_line_on`` is the day of its newest statement line, ``reconciled_to`` the last day that
    is reconciled.
    """

    id: int
    name: str
    bank: str
    kind: BankAccountKind
    ending: str
    account: str
    starts_on: date | None
    starts_with: Money
    active: bool
    is_default: bool
    book: Money
    last_line_on: date | None
    reconciled_to: date | None
    version: int

    @property
    def label(self) -> str:
        """Return ``Operating account ···1234``."""
        return f"{self.name} ···{self.ending}" if self.ending else self.name


@dataclass(frozen=True, slots=True)
class BankAccountDraft:
    """What a person enters. ``number`` is the whole number, or empty to leave it as it is.

    Only its last four digits are kept, and a digest by which a statement file is recognised.
    ``starts_on`` is the first day that is reconciled here; ``starts_with`` what the bank had
    before it.
    """

    name: str
    kind: BankAccountKind = BankAccountKind.CHECKING
    bank: str = ""
    number: str = ""
    starts_on: date | None = None
    starts_with: Money = ZERO
    active: bool = True
    is_default: bool = False


def bank_accounts(work: Work, *, also_inactive: bool = False) -> tuple[BankAccountView, ...]:
    """Return the accounts, the default one first, each with what the books say of it today."""
    rows = work.db.scalars(
        select(BankAccount).order_by(BankAccount.is_default.desc(), BankAccount.name)
    ).all()
    shown = [row for row in rows if row.active or also_inactive]
    books = _book_balances(work, [row.account for row in shown])
    lines: dict[int, date] = {
        row.bank_account_id: row.newest
        for row in work.db.execute(
            select(BankLine.bank_account_id, func.max(BankLine.on).label("newest"))
            .where(BankLine.live.is_(True))
            .group_by(BankLine.bank_account_id)
        )
    }
    proved: dict[int, date] = {
        row.bank_account_id: row.newest
        for row in work.db.execute(
            select(
                Reconciliation.bank_account_id,
                func.max(Reconciliation.last_day).label("newest"),
            )
            .where(Reconciliation.status == ReconciliationStatus.COMPLETED)
            .group_by(Reconciliation.bank_account_id)
        )
    }
    return tuple(
        BankAccountView(
            id=row.id,
            name=row.name,
            bank=row.bank,
            kind=row.kind,
            ending=row.ending,
            account=row.account,
            starts_on=row.starts_on,
            starts_with=row.starts_with,
            active=row.active,
            is_default=row.is_default,
            book=books.get(row.account, ZERO),
            last_line_on=lines.get(row.id),
            reconciled_to=proved.get(row.id),
            version=row.version,
        )
        for row in shown
    )


def account_named(work: Work, words: str = "") -> int:
    """Return the id of the account that a name or the end of a number means; the default for "".

    Raises Problem, naming the accounts there are, where none or more than one is meant.
    """
    rows = work.db.scalars(select(BankAccount).where(BankAccount.active.is_(True))).all()
    wanted = " ".join(words.split()).casefold()
    if wanted:
        found = [
            row
            for row in rows
            if wanted in {row.name.casefold(), row.account}
            or (row.ending and wanted.endswith(row.ending) and wanted.strip("·* ").isdigit())
        ]
    else:
        found = [row for row in rows if row.is_default] or list(rows)
    if len(found) == 1:
        return found[0].id
    names = ", ".join(sorted(row.name for row in rows)) or "none"
    said = f"“{words}” is" if words else "The account is"
    raise Problem(
        f"{said} not one of the bank accounts.", hint=f"Nothing was done. There are: {names}."
    )


def default_account(work: Work) -> str:
    """Return the account of the ledger of the bank account in use by default; 1000 without one."""
    found = work.db.scalar(
        select(BankAccount.account).where(
            BankAccount.is_default.is_(True), BankAccount.active.is_(True)
        )
    )
    return found or BANK


def save_bank_account(
    work: Work,
    draft: BankAccountDraft,
    *,
    account_id: int | None = None,
    expected_version: int | None = None,
) -> int:
    """Add an account with its own account of the chart, or change one; return its id.

    The first day and its balance cannot change once a month is reconciled. Raises Problem, and
    saves nothing, where the name is taken or the number is another account's.
    """
    require(work, Right.KEEP_BOOKS, "change bank accounts")
    name = text_of(draft.name, "the name", longest=200, required=True)
    _require_free(work, name, account_id)
    values = values_of(draft) | {
        "name": name,
        "bank": text_of(draft.bank, "the bank", longest=200),
    }
    number = values.pop("number")
    if number.strip():
        values |= _number(work, number, account_id)
    if draft.is_default:
        _no_other_default(work, account_id)
    work.touch(Topic.BANK)
    if account_id is None:
        code = _new_sub_account(work, name)
        row = BankAccount(account=code, **values)
        return recorded_new(work, row, values, action="add_bank_account", noun="bank_account")
    row = locked(work, BankAccount, account_id, "this bank account")
    if expected_version is not None:
        require_version(row, expected_version, "this bank account")
    if (row.starts_on, row.starts_with) != (draft.starts_on, draft.starts_with):
        _require_nothing_proved(work, row)
    apply_changes(work, row, values, action="change_bank_account", noun="bank_account")
    return row.id


def fingerprint_of(number: str) -> str:
    """Return the digest by which the account of a statement file is recognised."""
    digits = "".join(mark for mark in number if mark.isalnum()).upper()
    return hashlib.sha256(f"bank account {digits}".encode()).hexdigest()


def _book_balances(work: Work, accounts: list[str]) -> dict[str, Money]:
    rows = work.db.execute(
        select(JournalLine.account, func.sum(JournalLine.amount).label("held"))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalLine.account.in_(accounts), JournalLine.day <= work.today())
        .group_by(JournalLine.account)
    )
    return {row.account: row.held for row in rows}


def _require_free(work: Work, name: str, account_id: int | None) -> None:
    taken = work.db.scalar(
        select(BankAccount.id).where(func.lower(BankAccount.name) == name.lower())
    )
    if taken not in (None, account_id):
        raise Problem(
            f"There is a bank account “{name}” already.",
            hint="Nothing was saved. Give this one another name.",
        )


def _number(work: Work, number: str, account_id: int | None) -> dict[str, str]:
    digits = "".join(mark for mark in number if mark.isdigit())
    if len(digits) < _ENDING:
        raise Problem(
            "The account's number is too short.",
            hint="Nothing was saved. Type the whole number as on the statement.",
        )
    fingerprint = fingerprint_of(number)
    taken = work.db.scalar(select(BankAccount).where(BankAccount.fingerprint == fingerprint))
    if taken is not None and taken.id != account_id:
        raise Problem(
            f"This number is that of {taken.name}.",
            hint="Nothing was saved. Type this account's own number, or change the other's first.",
        )
    return {"ending": digits[-_ENDING:], "fingerprint": fingerprint}


def _no_other_default(work: Work, account_id: int | None) -> None:
    for other in work.db.scalars(select(BankAccount).where(BankAccount.is_default.is_(True))):
        if other.id != account_id:
            other.is_default = False
    work.db.flush()


def _new_sub_account(work: Work, name: str) -> str:
    """Add the next free account below 1000 to the chart: it holds cash, and only this account's."""
    taken = {int(code) for code in work.db.scalars(select(Account.code)) if code.isdigit()}
    code = next((one for one in range(int(BANK) + 1, _HIGHEST_SUB) if one not in taken), None)
    if code is None:
        raise Problem(
            "The chart has no free account below 1050 for another bank account.",
            hint="Nothing was saved. Take an account between 1001 and 1049 out of the chart first.",
        )
    work.db.add(
        Account(
            code=str(code),
            name=f"Bank: {name}",
            type=AccountType.ASSET,
            system=True,
            parent=BANK,
            flow=CashFlow.CASH,
        )
    )
    work.db.flush()
    return str(code)


def _require_nothing_proved(work: Work, row: BankAccount) -> None:
    proved = work.db.scalar(
        select(Reconciliation.number)
        .where(
            Reconciliation.bank_account_id == row.id,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
        .limit(1)
    )
    if proved is not None:
        raise Problem(
            f"{row.name} is reconciled from its first day on ({proved}).",
            hint="Nothing was saved. Undo its reconciliations first.",
        )
