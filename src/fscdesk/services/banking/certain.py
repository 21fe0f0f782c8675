"""What needs no person: lines whose trace and amount agree exactly with something of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.values import ZERO
from fscdesk.services.banking.accepting import accept_in_parts
from fscdesk.services.banking.line_meaning import reference_key
from fscdesk.services.banking.match_drafts import draft_of
from fscdesk.services.banking.match_items import ItemKind, OpenLine
from fscdesk.services.banking.matching import Proposal, proposed
from fscdesk.services.banking.matching_facts import waiting_items
from fscdesk.services.banking.offsetting import offset
from fscdesk.services.banking.payouts import link_payouts
from fscdesk.services.banking.suspense import explain
from fscdesk.services.editing import locked
from fscdesk.services.permissions import Right, may, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class AutomaticMatch:
    """A match that an exact trace made: its lines' days are in the books by ``why``."""

    id: int
    why: str


@dataclass(frozen=True, slots=True)
class CertainDone:
    """What `apply_certain` did: matches by trace, entries that cancel out, suspense explained."""

    matches: tuple[AutomaticMatch, ...] = ()
    offsets: int = 0
    explained: int = 0


def certain(found: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """Return the proposals that need no person."""
    return tuple(one for one in found if one.certain and one.is_complete)


def certain_of(
    work: Work, account_id: int, new: Sequence[OpenLine]
) -> tuple[tuple[OpenLine, str], ...]:
    """Return which lines of a file that is not stored yet would be matched by trace, and why."""
    found = proposed(work, account_id, also=new)
    wanted = {line.id for line in new}
    return tuple(
        (line, one.why) for one in certain(found) for line in one.lines if line.id in wanted
    )


def apply_certain(work: Work, account_id: int) -> CertainDone:
    """Accept what is certain of an account, each match undone like any other.

    Somebody who may not make deposits matches only what is deposited already.
    """
    require(work, Right.RECONCILE, "match the bank's lines")
    account = locked(work, BankAccount, account_id, "this bank account")
    link_payouts(work)
    offsets = offset(work, account.id)
    deposits = may(work, Right.MAKE_DEPOSITS)
    explained = _explain_by_trace(work, account_id) if deposits else 0
    todo = [
        one for one in certain(proposed(work, account_id)) if deposits or not one.deposits_to_make
    ]
    drafts = [draft_of(account_id, one) for one in todo]
    made = accept_in_parts(work, drafts, "Matching by trace", automatic=True)
    matches = tuple(
        AutomaticMatch(match_id, one.why) for match_id, one in zip(made, todo, strict=True)
    )
    return CertainDone(matches, len(offsets), explained)


def _explain_by_trace(work: Work, account_id: int) -> int:
    """Explain held money by the one payer payment of its line's trace and its whole amount."""
    held = work.db.execute(
        select(BankSuspense.id, BankSuspense.open, BankLine.trace)
        .join(BankLine, BankLine.id == BankSuspense.bank_line_id)
        .where(
            BankLine.bank_account_id == account_id,
            BankSuspense.undone.is_(False),
            BankSuspense.open != ZERO,
            BankLine.trace != "",
        )
        .order_by(BankSuspense.id)
    ).all()
    if not held:
        return 0
    waiting = [one for one in waiting_items(work) if one.kind is ItemKind.PAYMENT and one.proves]
    done = 0
    for row in held:
        fitting = [
            one
            for one in waiting
            if one.amount == row.open
            and reference_key(row.trace) in {reference_key(told) for told in one.references}
        ]
        traced = [other for other in held if reference_key(other.trace) == reference_key(row.trace)]
        if len(fitting) == 1 and len(traced) == 1:
            explain(work, row.id, (fitting[0].id,))
            waiting.remove(fitting[0])
            done += 1
    return done
