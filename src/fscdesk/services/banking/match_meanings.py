"""What a line is that nothing of ours explains: by a rule, by its words, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from fscdesk.models.reconciliation import MatchedBy
from fscdesk.models.values import ZERO
from fscdesk.services.banking.bank_says import short_words
from fscdesk.services.banking.bank_words import plain
from fscdesk.services.banking.line_meaning import (
    names_check,
    says_chargeback,
    says_fee,
    says_interest,
    says_returned,
)
from fscdesk.services.banking.match_board import Board
from fscdesk.services.banking.match_items import (
    BankLeg,
    EntryToMake,
    HeldMoney,
    OpenLine,
    Returnable,
    RuleMeaning,
)
from fscdesk.services.banking.match_proposals import Alternative, Proposal
from fscdesk.services.banking.sums import Reach
from fscdesk.services.ledger.accounts import BANK_FEES, BANK_INTEREST

RETURNED_WITHIN = 60
"""A bank returns a check within so many days of its deposit; a card is charged back later."""
NOTHING_KNOWN = "Nothing of ours is this amount in these days"
_SENT_BACK_WITHIN = 90


def by_rules(board: Board, rules: Sequence[RuleMeaning]) -> None:
    """Propose what a person confirmed for the same words; the meaning confirmed most often."""
    meanings: dict[tuple[str, bool], list[RuleMeaning]] = defaultdict(list)
    for rule in rules:
        if rule.account is not None:
            meanings[rule.words, rule.money_in].append(rule)
    for line in list(board.lines.values()):
        known = meanings.get((plain(line.words), line.amount > ZERO), [])
        if not known:
            continue
        most = max(rule.confirmed for rule in known)
        best = [rule for rule in known if rule.confirmed == most]
        if len(best) == 1:
            board.propose(_by_rule(line, best[0]))
            continue
        choices = tuple(Alternative((), _entry(line, rule), rule.id) for rule in best)
        why = f"{len(best)} rules know these words"
        board.propose(Proposal(MatchedBy.RULE, why, Reach.SEVERAL, (line,), alternatives=choices))


def _by_rule(line: OpenLine, rule: RuleMeaning) -> Proposal:
    times = "once" if rule.confirmed == 1 else f"{rule.confirmed} times"
    return Proposal(
        MatchedBy.RULE,
        f"“{rule.words}” was {rule.account_name} {times} before",
        Reach.ONE,
        (line,),
        entry_to_make=_entry(line, rule),
        rule_id=rule.id,
    )


def _entry(line: OpenLine, rule: RuleMeaning) -> EntryToMake:
    leg = BankLeg(rule.account or "", line.amount, rule.cost_centre)
    return EntryToMake((leg,), rule.memo or short_words(line.words)[:120])


def by_words(board: Board) -> None:
    """Propose bank fees and interest, which every bank names in its words."""
    for line in list(board.lines.values()):
        account, what = "", ""
        if says_fee(line):
            account, what = BANK_FEES, "Bank fee"
        elif says_interest(line):
            account, what = BANK_INTEREST, "Interest of the bank"
        if account:
            entry = EntryToMake((BankLeg(account, line.amount),), what)
            why = f"The bank's words say it: {what[0].lower()}{what[1:]}"
            board.propose(Proposal(MatchedBy.RULE, why, Reach.ONE, (line,), entry_to_make=entry))


def by_return(board: Board, returnable: Sequence[Returnable]) -> None:
    """Name the payments that the bank may have taken back; a person records the return of one.

    First comes what the bank's words name by its check number, then what was deposited last.
    """
    for line in board.each(says_returned):
        by_card = says_chargeback(line)
        fitting = [
            one
            for one in returnable
            if one.amount == -line.amount
            and timedelta(0) <= line.on - one.deposited_on <= timedelta(RETURNED_WITHIN)
            and (one.by_card if by_card else one.by_bank)
        ]
        fitting.sort(
            key=lambda one: (
                not names_check(line, one.reference),
                line.on - one.deposited_on,
                one.payment_id,
            )
        )
        if not fitting:
            board.notes[line.id] = "The bank took money back; no payment here is of this amount"
            continue
        reach = Reach.ONE if len(fitting) == 1 else Reach.SEVERAL
        first = fitting[0]
        why = (
            f"The bank took {first.number} of {first.who} back. Record the return; its entry is "
            "then this line"
            if reach is Reach.ONE
            else f"The bank took one of {len(fitting)} payments back. Record the return of the one"
            " that it is; its entry is then this line"
        )
        board.propose(Proposal(MatchedBy.AMOUNT, why, reach, (line,), returns=tuple(fitting)))


def by_suspense(board: Board, held: Sequence[HeldMoney], rules: Sequence[RuleMeaning]) -> None:
    """Say of the rest that nothing explains it; offer suspense, or the way back out of it."""
    payers = {
        (rule.words, rule.money_in): rule.payer_id for rule in rules if rule.payer_id is not None
    }
    for line in list(board.lines.values()):
        why = board.notes.get(line.id, NOTHING_KNOWN)
        if line.amount > ZERO:
            payer = payers.get((plain(line.words), True))
            board.propose(
                Proposal(MatchedBy.SUSPENSE, why, Reach.NONE, (line,), hold=True, payer_id=payer)
            )
            continue
        back = [
            one
            for one in held
            if one.open == -line.amount
            and timedelta(0) <= line.on - one.since <= timedelta(_SENT_BACK_WITHIN)
        ]
        if len(back) == 1:
            why = f"{back[0].number} went back to who sent it"
            board.propose(
                Proposal(MatchedBy.SUSPENSE, why, Reach.ONE, (line,), sends_back=back[0].id)
            )
        else:
            board.propose(Proposal(MatchedBy.HAND, why, Reach.NONE, (line,)))
