"""The chart of accounts: the template of a new practice, edited; what the program uses stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.account import Account, AccountType, CashFlow
from fscdesk.models.bank import BankAccount
from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.kept_accounts import KEPT
from fscdesk.services.audit import record
from fscdesk.services.editing import (
    apply_changes,
    changed_elsewhere,
    plain,
    require_version,
    text_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "AccountDraft",
    "AccountRow",
    "AccountType",
    "CashFlow",
    "NamedAccount",
    "accounts_like",
    "add_account",
    "bank_codes",
    "change_account",
    "chart",
    "named_account",
    "remove_account",
]

_NOTHING: Final = "Nothing was saved."
_CODE: Final = re.compile(r"[0-9]{3,6}(-[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the chart shows it. ``balance`` counts debits as positive.

    ``depth`` is how many accounts it lies under; one bank account is beside another, not under
    it, whatever their numbers. ``keeps`` says what moves an account that
    documents keep, "" for one that a person may write on.
    """

    code: str
    name: str
    type: AccountType
    parent: str | None
    depth: int
    flow: CashFlow | None
    system: bool
    active: bool
    note: str
    balance: Money
    used: bool
    keeps: str
    version: int


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """What a person enters. ``flow`` is where its changes stand in the cash flow statement."""

    code: str
    name: str
    type: AccountType
    parent: str | None = None
    flow: CashFlow | None = None
    active: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account by number and name, for a line that is being written.

    ``keeps`` says what moves an account that documents keep, "" for one to write on. ``type`` is
    None where only number and name are known.
    """

    code: str
    name: str
    type: AccountType | None = None
    keeps: str = ""


def chart(
    work: Work, *, as_of: date | None = None, also_inactive: bool = True
) -> tuple[AccountRow, ...]:
    """Return the accounts by code, sub-accounts below theirs, each with its own balance."""
    sums = select(
        JournalLine.account, func.sum(JournalLine.amount).label("held"), func.count().label("lines")
    ).group_by(JournalLine.account)
    if as_of is not None:
        sums = sums.where(JournalLine.day <= as_of)
    held: dict[str, Money] = {row.account: row.held for row in work.db.execute(sums)}
    found = {one.code: one for one in work.db.scalars(select(Account).order_by(Account.code))}
    banks = bank_codes(work)
    rows = [
        AccountRow(
            code=one.code,
            name=one.name,
            type=one.type,
            parent=one.parent,
            depth=sum(not {one.code, above} <= banks for above in _above(found, one)),
            flow=one.flow,
            system=one.system,
            active=one.active,
            note=one.note,
            balance=held.get(one.code, ZERO),
            used=one.code in held,
            keeps=KEPT.get(one.code, ""),
            version=one.version,
        )
        for one in found.values()
        if one.active or also_inactive
    ]
    return tuple(sorted(rows, key=lambda row: (*_above(found, found[row.code])[::-1], row.code)))


def bank_codes(work: Work) -> frozenset[str]:
    """Return the accounts of the chart that are each a bank account."""
    return frozenset(work.db.scalars(select(BankAccount.account)))


def accounts_like(work: Work, typed: str, *, most: int = 8) -> tuple[NamedAccount, ...]:
    """Return the accounts in use whose number begins, or whose name goes, as it is typed.

    The number that is typed whole comes first, then numbers that begin so, then names. Accounts
    that documents keep come last, and say so. Nothing typed finds the first of the chart.
    """
    words = typed.casefold().split()
    found: list[tuple[tuple[bool, int, str], NamedAccount]] = []
    named = select(Account.code, Account.name, Account.type).where(Account.active)
    for code, name, kind in work.db.execute(named):
        text = f"{code} {name}".casefold()
        if not all(word in text for word in words):
            continue
        starts = bool(words) and code.startswith(words[0])
        rank = 0 if words and code == words[0] else 1 if starts else 2
        keeps = KEPT.get(code, "")
        found.append(
            ((bool(keeps) and rank > 0, rank, code), NamedAccount(code, name, kind, keeps))
        )
    return tuple(one for _rank, one in sorted(found, key=lambda pair: pair[0])[:most])


def named_account(work: Work, code: str) -> NamedAccount:
    """Return an account of the chart, closed ones too. Raises Problem where there is none."""
    row = work.db.get(Account, code.strip())
    if row is None:
        raise Problem(f"There is no account {code}.", hint="Choose one of the chart.")
    return NamedAccount(row.code, row.name, row.type, KEPT.get(row.code, ""))


def add_account(work: Work, draft: AccountDraft) -> str:
    """Add an account to the chart, and return its code.

    Raises Problem for a code that is none or taken, and for a parent of another type.
    """
    require(work, Right.KEEP_BOOKS, "change the chart of accounts")
    code = draft.code.strip()
    if not _CODE.fullmatch(code):
        raise Problem(
            f"“{code}” cannot be the number of an account.",
            hint=f"{_NOTHING} It has three to six digits, and may end like -01.",
        )
    taken = work.db.get(Account, code)
    if taken is not None:
        raise Problem(
            f"{code} is {taken.name}.", hint=f"{_NOTHING} Give the new account another number."
        )
    values = _values(work, draft, code)
    work.db.add(Account(code=code, type=draft.type, **values))
    work.db.flush()
    new = {"type": draft.type.value} | {name: plain(value) for name, value in values.items()}
    record(work, "add_account", "account", account=code, new=new)
    work.touch(Topic.BOOKS)
    return code


def change_account(work: Work, code: str, draft: AccountDraft, *, expected_version: int) -> None:
    """Change an account. Its number stays; its type may change while nothing is posted on it.

    Raises Problem for a system account that would leave the chart or change its type, and for
    one with a balance that is taken out of use.
    """
    require(work, Right.KEEP_BOOKS, "change the chart of accounts")
    row = _row(work, code)
    require_version(row, expected_version, f"account {code}")
    values = _values(work, draft, code)
    if draft.type is not row.type:
        _require_free(work, row, "change its type")
        values["type"] = draft.type
    if row.system and not draft.active:
        raise Problem(f"{code} {row.name} is used by the program.", hint=f"{_NOTHING} It stays.")
    if row.active and not draft.active:
        _require_idle(work, row)
    old_flow_kept = row.system and draft.flow is not row.flow
    if old_flow_kept:
        values["flow"] = row.flow
    apply_changes(work, row, values, action="change_account", noun="account")
    work.touch(Topic.BOOKS)


def remove_account(work: Work, code: str, *, expected_version: int) -> None:
    """Take an account out of the chart on which nothing was ever posted."""
    require(work, Right.KEEP_BOOKS, "change the chart of accounts")
    row = _row(work, code)
    if row.version != expected_version:
        raise changed_elsewhere(f"account {code}")
    _require_free(work, row, "be removed")
    below = work.db.scalar(select(Account.code).where(Account.parent == code).limit(1))
    if below is not None:
        raise Problem(
            f"{code} {row.name} has sub-accounts.", hint=f"{_NOTHING} Move {below} away first."
        )
    work.db.delete(row)
    try:
        work.db.flush()
    except IntegrityError as used:
        raise Problem(
            f"{code} {row.name} is named by a budget, a rule or a service.",
            hint=f"{_NOTHING} Take it out of use instead.",
        ) from used
    record(work, "remove_account", "account", account=code)
    work.touch(Topic.BOOKS)


def _row(work: Work, code: str) -> Account:
    row = work.db.get(Account, code, with_for_update=True, populate_existing=True)
    if row is None:
        raise Problem(f"There is no account {code}.", hint=_NOTHING)
    return row


def _values(work: Work, draft: AccountDraft, code: str) -> dict[str, object]:
    parent = (draft.parent or "").strip() or None
    if parent is not None:
        _require_parent(work, draft, code, parent)
    return {
        "name": text_of(draft.name, "the name", required=True),
        "parent": parent,
        "flow": draft.flow,
        "active": draft.active,
        "note": text_of(draft.note, "the note", longest=300),
    }


def _require_parent(work: Work, draft: AccountDraft, code: str, parent: str) -> None:
    accounts = {one.code: one for one in work.db.scalars(select(Account))}
    above = accounts.get(parent)
    if above is None:
        raise Problem(f"There is no account {parent}.", hint=f"{_NOTHING} Choose one of the chart.")
    if above.type is not draft.type:
        raise Problem(
            f"{parent} {above.name} is of another type.",
            hint=f"{_NOTHING} A sub-account is of the type of the account above it.",
        )
    if code == parent or code in _above(accounts, above):
        raise Problem(
            f"{code} cannot lie under itself.", hint=f"{_NOTHING} Choose another account above it."
        )


def _require_free(work: Work, row: Account, doing: str) -> None:
    if row.system:
        raise Problem(
            f"{row.code} {row.name} is used by the program.", hint=f"{_NOTHING} It cannot {doing}."
        )
    lines = select(JournalLine.id).where(JournalLine.account == row.code).limit(1)
    if work.db.scalar(lines) is not None:
        raise Problem(
            f"{row.code} {row.name} has entries; it cannot {doing}.",
            hint=f"{_NOTHING} Take it out of use instead.",
        )


def _require_idle(work: Work, row: Account) -> None:
    held = work.db.scalar(
        select(func.sum(JournalLine.amount)).where(JournalLine.account == row.code)
    )
    balance_sheet = row.type not in (AccountType.INCOME, AccountType.EXPENSE)
    if held and balance_sheet:
        raise Problem(
            f"{row.code} {row.name} holds {held}.",
            hint=f"{_NOTHING} Post its balance to another account first.",
        )


def _above(accounts: dict[str, Account], one: Account) -> list[str]:
    """Return the accounts above one, the nearest first."""
    found: list[str] = []
    parent = one.parent
    while parent is not None and parent in accounts and parent not in found:
        found.append(parent)
        parent = accounts[parent].parent
    return found
