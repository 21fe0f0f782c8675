"""What every new practice starts with: accounts, rights of the roles, claim rules, counters."""

from __future__ import annotations

import csv

from sqlalchemy.orm import Session as DbSession

from fscdesk.models.account import Account, AccountType, CashFlow
from fscdesk.models.bank import BankAccount, BankAccountKind
from fscdesk.models.change import ChangeCounter
from fscdesk.models.staff import RoleRight
from fscdesk.resources import resource
from fscdesk.services.claims.rule_seeds import plant_rules
from fscdesk.services.ledger.accounts import BANK
from fscdesk.services.permissions import DEFAULT_RIGHTS
from fscdesk.services.work import Topic


def plant(db: DbSession) -> None:
    """Add the seeds to an empty practice; the caller commits."""
    with resource("seeds/accounts.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            db.add(
                Account(
                    code=row["code"],
                    name=row["name"],
                    type=AccountType(row["type"]),
                    system=row["system"] == "yes",
                    flow=CashFlow(row["flow"]) if row["flow"] else None,
                )
            )
    db.flush()
    db.add(
        BankAccount(
            name="Operating account", kind=BankAccountKind.CHECKING, account=BANK, is_default=True
        )
    )
    for role, rights in DEFAULT_RIGHTS.items():
        db.add_all(RoleRight(role=role, right=right.value) for right in rights)
    plant_rules(db)
    db.add_all(ChangeCounter(topic=topic.value, version=0) for topic in Topic)
