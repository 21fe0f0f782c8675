"""Rules: what words of the bank mean, learnt from what a person confirmed, only ever proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.account import Account
from fscdesk.models.bank import BankAccount, BankRule
from fscdesk.models.payer import Payer
from fscdesk.services.banking.bank_words import plain
from fscdesk.services.editing import apply_changes, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the list shows it: its words, what they mean, how often that was confirmed."""

    id: int
    words: str
    money_in: bool
    bank_account: str
    account: str | None
    account_name: str
    cost_centre: str
    payer_id: int | None
    payer: str
    memo: str
    confirmed: int
    last_on: date | None
    active: bool
    version: int


def rules(work: Work, *, also_inactive: bool = False) -> tuple[RuleRow, ...]:
    """Return the rules by their words; those that were put away only if asked for."""
    question = (
        select(BankRule, BankAccount.name, Account.name, Payer.name)
        .outerjoin(BankAccount, BankAccount.id == BankRule.bank_account_id)
        .outerjoin(Account, Account.code == BankRule.account)
        .outerjoin(Payer, Payer.id == BankRule.payer_id)
        .order_by(BankRule.words, BankRule.money_in, BankRule.id)
    )
    if not also_inactive:
        question = question.where(BankRule.active.is_(True))
    return tuple(
        RuleRow(
            rule.id,
            rule.words,
            rule.money_in,
            bank_account or "",
            rule.account,
            account or "",
            rule.cost_centre or "",
            rule.payer_id,
            payer or "",
            rule.memo,
            rule.confirmed,
            rule.last_on,
            rule.active,
            rule.version,
        )
        for rule, bank_account, account, payer in work.db.execute(question)
    )


def learn(
    work: Work,
    bank_account_id: int,
    words: str,
    *,
    money_in: bool,
    account: str | None = None,
    cost_centre: str = "",
    payer_id: int | None = None,
    memo: str = "",
) -> int | None:
    """Remember that a person said what these words are; return the rule, None for no words.

    The same meaning again raises its count; another meaning is a rule of its own, and the one
    that was confirmed more often is proposed.
    """
    kept = plain(words)[:300]
    if not kept:
        return None
    rule = work.db.scalars(
        select(BankRule)
        .where(
            BankRule.words == kept,
            BankRule.money_in == money_in,
            BankRule.bank_account_id == bank_account_id,
            BankRule.account == account if account is not None else BankRule.account.is_(None),
            BankRule.payer_id == payer_id if payer_id is not None else BankRule.payer_id.is_(None),
            BankRule.cost_centre == cost_centre if cost_centre else BankRule.cost_centre.is_(None),
        )
        .order_by(BankRule.id)
        .limit(1)
        .with_for_update()
    ).first()
    if rule is None:
        rule = BankRule(
            bank_account_id=bank_account_id,
            words=kept,
            money_in=money_in,
            account=account,
            cost_centre=cost_centre or None,
            payer_id=payer_id,
            memo=memo[:120],
            confirmed=0,
            made_by=work.actor.staff_id,
        )
        work.db.add(rule)
    rule.confirmed += 1
    rule.last_on = work.today()
    rule.active = True
    work.db.flush()
    return rule.id


def confirm(work: Work, rule_id: int) -> None:
    """Count that a person took what a rule proposed."""
    rule = locked(work, BankRule, rule_id, "this rule")
    rule.confirmed += 1
    rule.last_on = work.today()
    work.db.flush()


def doubt(work: Work, rule_id: int) -> None:
    """Count back: what a rule proposed, or taught, was taken apart."""
    rule = locked(work, BankRule, rule_id, "this rule")
    rule.confirmed = max(rule.confirmed - 1, 0)
    rule.active = rule.active and rule.confirmed > 0
    work.db.flush()


def change_rule(
    work: Work, rule_id: int, *, memo: str, active: bool, expected_version: int
) -> None:
    """Change the words that a rule's entries carry, or put a rule away; nothing posted changes."""
    require(work, Right.RECONCILE, "change what the bank's words mean")
    rule = locked(work, BankRule, rule_id, "this rule")
    require_version(rule, expected_version, "this rule")
    values = {"memo": text_of(memo, "the memo", longest=120), "active": active}
    apply_changes(work, rule, values, action="change_bank_rule", noun="bank_rule")
    work.touch(Topic.BANK)


def require_meaning(account: str | None, payer_id: int | None) -> None:
    """Raise Problem unless a rule means one thing: an account, or a payer."""
    if (account is None) == (payer_id is None):
        raise Problem(
            "A rule names an account or a payer.", hint="Nothing was saved. Choose one of them."
        )


def add_rule(
    work: Work,
    bank_account_id: int,
    words: str,
    *,
    money_in: bool,
    account: str | None = None,
    cost_centre: str = "",
    payer_id: int | None = None,
    memo: str = "",
) -> int:
    """Add a rule by hand and return it. Raises Problem for words that say nothing."""
    require(work, Right.RECONCILE, "change what the bank's words mean")
    require_meaning(account, payer_id)
    made = learn(
        work,
        bank_account_id,
        words,
        money_in=money_in,
        account=account,
        cost_centre=cost_centre,
        payer_id=payer_id,
        memo=memo,
    )
    if made is None:
        raise Problem(
            "These words hold nothing but numbers.",
            hint="Nothing was saved. Type words that stay the same from month to month.",
        )
    work.touch(Topic.BANK)
    return made
