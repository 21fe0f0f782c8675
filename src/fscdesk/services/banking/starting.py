"""Takes what the bank's file says an account began with: its first day and balance."""

from __future__ import annotations

from fscdesk.models.bank import BankAccount
from fscdesk.services.banking.accounts import BankAccountDraft, save_bank_account
from fscdesk.services.banking.reconciling import open_one, standing, start
from fscdesk.services.banking.told_start import ToldStart, lacks_start, told_start
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = ["ToldStart", "take_start"]


def take_start(work: Work, account_id: int) -> ToldStart:
    """Let an account begin with what its oldest file says; the period that is begun follows.

    Raises Problem, and changes nothing, where somebody has said it already or no file tells it.
    """
    require(work, Right.KEEP_BOOKS, "change bank accounts")
    account = locked(work, BankAccount, account_id, "this bank account")
    if not lacks_start(work, account):
        raise Problem(f"{account.name} has a starting balance.", hint="Nothing was changed.")
    told = told_start(work, account)
    if told is None:
        raise Problem(
            f"No file says what {account.name} began with.",
            hint="Nothing was changed. Type it under Setup › Bank accounts.",
        )
    draft = BankAccountDraft(
        account.name,
        account.kind,
        account.bank,
        starts_on=told.on,
        starts_with=told.amount,
        active=account.active,
        is_default=account.is_default,
    )
    save_bank_account(work, draft, account_id=account.id, expected_version=account.version)
    going = open_one(work, account.id)
    if going is not None:
        state = standing(work, going)
        if state.last_day >= told.on:
            start(work, account.id, state.last_day, state.statement)
    return told
