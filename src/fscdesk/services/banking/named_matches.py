"""Matching without the window: lines, our items and matches as a command names them.

    draft = named_match(work, account_id, NamedMatch((12,), items=("payment-7",)))
    accept(work, draft)

A line is named by its number, an item of ours by its kind and number (``entry-31``, ``payment-7``,
``payout-3``), a match by its own number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    MatchedBy,
    MatchStatus,
    Reconciliation,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.match_drafts import MatchDraft, draft_of
from fscdesk.services.banking.match_items import BankLeg, Item, OpenLine, deposits_of
from fscdesk.services.banking.match_proposals import Proposal
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.matching_facts import book_items, payout_items, waiting_items
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

_NOTHING = "Nothing was matched."
_LOOK = f"{_NOTHING} “bank match --list” names the open lines and items of ours."


@dataclass(frozen=True, slots=True)
class NamedMatch:
    """A match as a command asks for it: which lines, and what they are.

    Without more it is what was proposed for them; ``choice`` is the place (1, 2, …) of one of
    several that it could be. ``items`` name our own; what is left of the lines goes to ``account``
    with ``memo``, or waits to be explained (``hold``).
    """

    lines: tuple[int, ...]
    choice: int | None = None
    items: tuple[str, ...] = ()
    account: str = ""
    cost_centre: str = ""
    memo: str = ""
    hold: bool = False


@dataclass(frozen=True, slots=True)
class StandingMatch:
    """A match that stands: its number, its lines at the bank and how many entries they are.

    ``locked`` is the number of the reconciliation that has proved it, "" while none has.
    """

    id: int
    on: date
    amount: Money
    why: str
    automatic: bool
    locked: str
    lines: tuple[OpenLine, ...]
    entries: tuple[str, ...]


def item_name(item: Item) -> str:
    """Return how a command names an item of ours: ``payment-7``."""
    return f"{item.kind.value}-{item.id}"


def open_items(work: Work, account_id: int) -> tuple[Item, ...]:
    """Return what of ours may be a line of an account, by day. Raises Problem without a right."""
    require_seeing(work, "the bank's lines")
    account = work.db.get_one(BankAccount, account_id)
    found = (*book_items(work, account), *waiting_items(work), *payout_items(work)[0])
    return tuple(sorted(found, key=lambda one: (one.on, one.key)))


def named_match(work: Work, account_id: int, asked: NamedMatch) -> MatchDraft:
    """Return the match that a command asks for, ready to be accepted.

    Raises Problem for a line or an item that is not open in the account, for a choice that is not
    offered, and where nothing was proposed that could be taken.
    """
    found = proposals(work, account_id)
    lines = _lines(found, asked.lines)
    wanted = {one.id for one in lines}
    proposal = next((one for one in found if {line.id for line in one.lines} == wanted), None)
    if not (asked.items or asked.account or asked.hold):
        return _proposed(account_id, found, wanted, proposal, asked.choice)
    if asked.choice is not None:
        raise Problem(
            "A choice is what was proposed; it has no items of its own.",
            hint=f"{_NOTHING} Name the choice alone, or what the line is.",
        )
    items = _items(open_items(work, account_id) if asked.items else (), asked.items)
    left = sum((one.amount for one in lines), ZERO) - sum((one.amount for one in items), ZERO)
    legs = (BankLeg(asked.account, left, asked.cost_centre),) if asked.account else ()
    return MatchDraft(
        account_id,
        tuple(one.id for one in lines),
        entry_ids=tuple(one.id for one in items if one.deposit is None),
        deposits=deposits_of(items),
        legs=legs,
        memo=asked.memo,
        hold=asked.hold,
        payer_id=proposal.payer_id if asked.hold and proposal is not None else None,
        by=MatchedBy.SUSPENSE if asked.hold else MatchedBy.HAND,
    )


def standing_matches(work: Work, account_id: int, *, most: int = 500) -> tuple[StandingMatch, ...]:
    """Return the matches of an account that stand, the newest first: what can be taken apart.

    Raises Problem without a right to see the bank.
    """
    require_seeing(work, "the bank's lines")
    rows = work.db.execute(
        select(BankMatch, Reconciliation.number)
        .outerjoin(Reconciliation, Reconciliation.id == BankMatch.reconciliation_id)
        .where(BankMatch.bank_account_id == account_id, BankMatch.status == MatchStatus.STANDING)
        .order_by(BankMatch.on.desc(), BankMatch.id.desc())
        .limit(most)
    ).all()
    ids = [one.id for one, _ in rows]
    lines: dict[int, list[OpenLine]] = defaultdict(list)
    for row in work.db.execute(
        select(BankMatchLine.match_id, BankLine)
        .join(BankLine, BankLine.id == BankMatchLine.bank_line_id)
        .where(among(work, BankMatchLine.match_id, ids))
        .order_by(BankLine.on, BankLine.id)
    ):
        one = row.BankLine
        lines[row.match_id].append(OpenLine(one.id, one.on, one.amount, one.words, one.kind))
    entries: dict[int, list[str]] = defaultdict(list)
    for match_id, number in work.db.execute(
        select(BankMatchEntry.match_id, JournalEntry.number)
        .join(JournalEntry, JournalEntry.id == BankMatchEntry.entry_id)
        .where(among(work, BankMatchEntry.match_id, ids))
        .order_by(JournalEntry.id)
    ):
        entries[match_id].append(number)
    return tuple(
        StandingMatch(
            one.id,
            one.on,
            one.amount,
            one.why,
            one.automatic,
            locked or "",
            tuple(lines[one.id]),
            tuple(entries[one.id]),
        )
        for one, locked in rows
    )


def _lines(found: Sequence[Proposal], numbers: Sequence[int]) -> list[OpenLine]:
    open_ = {line.id: line for one in found for line in one.lines}
    missing = [str(one) for one in numbers if one not in open_]
    if missing:
        plural = "Line" if len(missing) == 1 else "Lines"
        verb = "is" if len(missing) == 1 else "are"
        raise Problem(f"{plural} {', '.join(missing)} {verb} not open in this account.", hint=_LOOK)
    return [open_[one] for one in dict.fromkeys(numbers)]


def _items(open_: Sequence[Item], names: Sequence[str]) -> list[Item]:
    known = {item_name(one): one for one in open_}
    wanted = [name.strip().casefold() for name in dict.fromkeys(names)]
    missing = [name for name in wanted if name not in known]
    if missing:
        raise Problem(f"{', '.join(missing)} is no open item of ours.", hint=_LOOK)
    return [known[name] for name in wanted]


def _proposed(
    account_id: int,
    found: Sequence[Proposal],
    wanted: set[int],
    proposal: Proposal | None,
    choice: int | None,
) -> MatchDraft:
    if proposal is None:
        together = next(one for one in found if wanted & {line.id for line in one.lines})
        numbers = " ".join(str(line.id) for line in together.lines)
        raise Problem(
            "These lines are not proposed together.",
            hint=f"{_NOTHING} Lines {numbers} are: name them all, or say what each of them is.",
        )
    if choice is None:
        return draft_of(account_id, proposal)
    if not 1 <= choice <= len(proposal.alternatives):
        raise Problem(
            f"There is no choice {choice}: {len(proposal.alternatives)} are offered.", hint=_LOOK
        )
    return draft_of(account_id, proposal, choice=proposal.alternatives[choice - 1])
