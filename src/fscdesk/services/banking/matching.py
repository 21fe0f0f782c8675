"""What the open lines of a bank account are: a proposal for each, with its reason.

    for one in proposals(work, account_id):
        print(one.why, one.items)

Nothing is done here; ``accepting.accept`` does what a person, or an exact trace, has confirmed.
The surest ways come first, and what one has taken is not offered by the next. Two that are equal
are never chosen between: such a proposal lists both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fscdesk.models.bank import BankAccount
from fscdesk.services.banking.match_board import Board
from fscdesk.services.banking.match_items import HeldMoney, Item, OpenLine, Returnable, RuleMeaning
from fscdesk.services.banking.match_meanings import by_return, by_rules, by_suspense, by_words
from fscdesk.services.banking.match_passes import by_amount, by_parts, by_slip, by_sums, by_trace
from fscdesk.services.banking.match_proposals import Proposal
from fscdesk.services.banking.matching_facts import (
    book_items,
    held_money,
    open_lines,
    payout_items,
    returnable,
    rule_meanings,
    waiting_items,
)
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.banking.sums import Reach
from fscdesk.services.work import Work

NONE_OPEN: Mapping[str, str] = MappingProxyType({})
__all__ = ["Proposal", "Reach", "proposals", "propose", "proposed"]


def proposals(
    work: Work, account_id: int, *, also: Sequence[OpenLine] = ()
) -> tuple[Proposal, ...]:
    """Return one proposal for each open line of an account (some for several), by their days.

    ``also`` are lines of a file that is not stored yet. Raises Problem without a right to see the
    bank.
    """
    require_seeing(work, "the bank's lines")
    return proposed(work, account_id, also=also)


def proposed(work: Work, account_id: int, *, also: Sequence[OpenLine] = ()) -> tuple[Proposal, ...]:
    """Return what `proposals` does, for reading a statement and matching what is certain."""
    lines = (*open_lines(work, account_id), *also)
    if not lines:
        return ()
    account = work.db.get_one(BankAccount, account_id)
    ready, open_payouts = payout_items(work)
    return propose(
        lines,
        (*book_items(work, account), *waiting_items(work), *ready),
        open_payouts=open_payouts,
        rules=rule_meanings(work, account_id),
        held=held_money(work, account_id),
        returnable=returnable(work, account, lines),
    )


def propose(
    lines: Sequence[OpenLine],
    items: Sequence[Item],
    *,
    rules: Sequence[RuleMeaning] = (),
    held: Sequence[HeldMoney] = (),
    returnable: Sequence[Returnable] = (),
    open_payouts: Mapping[str, str] = NONE_OPEN,
) -> tuple[Proposal, ...]:
    """Return what the lines are, from values alone: every line is in exactly one proposal.

    ``open_payouts`` says, by reference, why a payout cannot be deposited yet.
    """
    board = Board(lines, items)
    for line in board.lines.values():
        if line.trace in open_payouts:
            board.notes[line.id] = open_payouts[line.trace].rstrip(".")
    by_trace(board)
    by_parts(board)
    by_slip(board)
    by_amount(board)
    by_sums(board)
    by_rules(board, rules)
    by_words(board)
    by_return(board, returnable)
    by_suspense(board, held, rules)
    return tuple(sorted(board.found, key=lambda one: (one.lines[0].on, one.lines[0].id)))
