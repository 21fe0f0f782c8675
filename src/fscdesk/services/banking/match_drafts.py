"""A match as it is asked for: by a person's hand, or what a proposal says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fscdesk.models.reconciliation import MatchedBy
from fscdesk.services.banking.match_items import BankLeg, DepositToMake
from fscdesk.services.banking.match_proposals import Alternative, Proposal
from fscdesk.services.banking.sums import Reach
from fscdesk.services.errors import Problem


@dataclass(frozen=True, slots=True)
class MatchDraft:
    """Lines and entries of one account that belong together, and what is made for them first.

    The lines must come to the entries, the deposits and the legs together, to the cent.
    ``legs`` become one entry with ``memo``. ``hold`` keeps what is left of the lines' money in
    suspense (of ``payer_id``, where known); ``sends_back`` is suspense that left again.
    ``learn``: words of the bank for which a person names an account are remembered.
    """

    account_id: int
    line_ids: tuple[int, ...]
    entry_ids: tuple[int, ...] = ()
    deposits: tuple[DepositToMake, ...] = ()
    legs: tuple[BankLeg, ...] = ()
    memo: str = ""
    hold: bool = False
    sends_back: int | None = None
    payer_id: int | None = None
    by: MatchedBy = MatchedBy.HAND
    why: str = ""
    rule_id: int | None = None
    learn: bool = True


def draft_of(
    account_id: int, proposal: Proposal, *, choice: Alternative | None = None, hold: bool = False
) -> MatchDraft:
    """Return what accepting a proposal means: as it is, by one of its alternatives, or on hold.

    ``hold`` puts the money of a line that nothing explains into suspense. Raises Problem for a
    proposal that leaves the choice to a person who has made none.
    """
    draft = MatchDraft(
        account_id,
        tuple(one.id for one in proposal.lines),
        by=MatchedBy.SUSPENSE if hold else proposal.by,
        why=proposal.why,
    )
    if hold:
        return replace(draft, hold=True, payer_id=proposal.payer_id)
    if choice is not None:
        proposal = replace(
            proposal,
            reach=Reach.ONE,
            items=choice.items,
            entry_to_make=choice.entry,
            rule_id=choice.rule_id,
        )
        draft = replace(draft, why=f"Chosen by hand: {choice.words}"[:300])
    if not proposal.is_complete:
        raise Problem(
            f"{proposal.why}.", hint="Nothing was matched. Choose what the line is first."
        )
    entry = proposal.entry_to_make
    return replace(
        draft,
        entry_ids=proposal.entries,
        deposits=proposal.deposits_to_make,
        legs=() if entry is None else entry.legs,
        memo="" if entry is None else entry.memo,
        sends_back=proposal.sends_back,
        rule_id=proposal.rule_id,
    )
