"""An entry and its reversal, both on the bank's account and neither at the bank, are a match.

They cancel out: without it both would wait for the bank for ever.
"""

from __future__ import annotations

from collections.abc import Collection

from fscdesk.models.bank import BankAccount
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.reconciliation import BankMatch, BankMatchEntry, MatchedBy, MatchStatus
from fscdesk.models.values import ZERO
from fscdesk.services.audit import record
from fscdesk.services.banking.matching_facts import open_entries
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work


def offset(work: Work, account_id: int, entry_ids: Collection[int] | None = None) -> list[int]:
    """Match the open entries that were reversed with their reversals, and return the matches.

    ``entry_ids`` are the entries that were reversed; None looks through all of the account. The
    caller has locked the account.
    """
    account = work.db.get_one(BankAccount, account_id)
    question = open_entries(account)
    if entry_ids is not None:
        question = question.where(
            among(work, JournalEntry.id, entry_ids)
            | among(work, JournalEntry.reverses_id, entry_ids)
        )
    rows = {row.entry_id: row for row in work.db.execute(question)}
    made: list[int] = []
    for row in rows.values():
        first = rows.get(row.reverses_id)
        if first is None or first.amount + row.amount != ZERO:
            continue
        match = BankMatch(
            bank_account_id=account.id,
            by=MatchedBy.OFFSET,
            why=f"{row.number} reverses {first.number}",
            automatic=True,
            on=max(first.on, row.on),
            amount=ZERO,
            status=MatchStatus.STANDING,
            made_by=work.actor.staff_id,
            made_at=work.now(),
        )
        work.db.add(match)
        work.db.flush()
        work.db.add_all(
            BankMatchEntry(
                match_id=match.id,
                entry_id=one.entry_id,
                account=account.account,
                amount=one.amount,
                made=False,
                live=True,
            )
            for one in (first, row)
        )
        work.db.flush()
        made.append(match.id)
    if made:
        record(work, "offset_bank_entries", "bank_account", account.id, matches=made)
        work.touch(Topic.BANK)
    return made
