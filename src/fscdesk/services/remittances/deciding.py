"""Decides what posting a remittance does; the preview and the posting are this one computation.

Reversals come first, whatever their place in the file, so that a correction sees its charges as
they stand after them; what is paid and taken back in one file nets out before all others. A
claim posts whole or not at all. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation, Fate, Unposted
from fscdesk.models.values import Money
from fscdesk.services.payments.policies import OverApplying, over_applying
from fscdesk.services.remittances.answered import (
    PREDETERMINATION,
    REVERSAL,
    STATUSES,
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Decided,
    DecidedClaim,
    DecidedLine,
)
from fscdesk.services.remittances.charge_stand import RANKS, ChargeStand
from fscdesk.services.remittances.claim_heads import balanced_lines
from fscdesk.services.remittances.foreseeing import Foreseen
from fscdesk.services.remittances.idle_lines import with_idle, without_idle
from fscdesk.services.remittances.judging import ClaimFacts, judge, unposted
from fscdesk.services.remittances.netting import decided_pair, netted
from fscdesk.services.remittances.payees import paid_to_another
from fscdesk.services.remittances.plbs import decide_plbs
from fscdesk.services.remittances.reversals import take_back
from fscdesk.services.remittances.reversed_in_part import nothing_to_reverse, rest_told
from fscdesk.services.remittances.rules import RuleBook, rule_book
from fscdesk.services.remittances.said_again import said_again
from fscdesk.services.remittances.same_money import entered_before
from fscdesk.services.remittances.stand import claim_ranks, stands
from fscdesk.services.work import Work

_LONGEST: Final = 300


@dataclass(slots=True)
class _Books:
    """What is known while claims are decided one after the other; ``stands`` moves with them.

    ``again`` are the charges that more than one claim is about: only these have to move.
    """

    stands: dict[int, ChargeStand]
    ranks: dict[int, int]
    rules: RuleBook
    over: OverApplying
    again: set[int]
    remittance_id: int
    agreed: frozenset[int] = frozenset()
    seen: set[tuple[object, ...]] = field(default_factory=set)


def decide(
    work: Work,
    remittance: AnsweredRemittance,
    *,
    review: bool | None = None,
    positions: Collection[int] | None = None,
    agreed: Collection[int] = (),
    foreseen: Foreseen | None = None,
) -> Decided:
    """Return what posting a remittance would do with each claim, line, and PLB; reads only.

    ``review`` True: each claim waits for a person's word; False: the person at the desk gives
    it; None: as the payer's automation says. ``positions`` are the claims that are to be posted;
    the others are decided as left for later. ``agreed`` are claims of which a person says that
    they are right though they look wrong: all taken off, paid too much, said before, ahead of the
    payer before it. ``foreseen`` are the checks of its file that will be posted before it. The
    questions do not grow with the claims.
    """
    if remittance.payer_id is None:
        return _nobodys(remittance)
    asked = _asks(work, remittance.payer_id) if review is None else review
    stopped, stop = _stop(remittance, by_person=review is False)
    stop = stop or paid_to_another(work, remittance) or entered_before(work, remittance)
    pending = [one for one in remittance.claims if not (one.posted or one.closed)]
    books = _books(work, remittance, pending, foreseen)
    books.agreed = frozenset(agreed)
    found = _netted(pending, books, positions, why=stopped if asked or stop else None, stop=stop)
    rest = [one for one in pending if one.position not in found]
    for claim in sorted(rest, key=lambda one: _order(one, books)):
        left = asked or bool(stop) or (positions is not None and claim.position not in positions)
        decided = _decide_claim(claim, books)
        if decided.fate is Fate.POSTED:
            if positions is None or claim.position in positions:
                _follow(decided, books)
            if left:
                decided = _for_review(decided, stopped, stop)
        found[claim.position] = decided
    claims = tuple(found.get(one.position) or _done(one) for one in remittance.claims)
    plbs = decide_plbs(work, remittance, None if foreseen is None else foreseen.items)
    decided_all = Decided(remittance, claims, plbs, stop)
    return decided_all if stop else replace(decided_all, stop=_overdrawn(decided_all))


def _netted(
    pending: Sequence[AnsweredClaim],
    books: _Books,
    positions: Collection[int] | None,
    *,
    why: Unposted | None,
    stop: str,
) -> dict[int, DecidedClaim]:
    """Decide what is paid and taken back within the remittance; ``why`` it waits for a look."""
    found: dict[int, DecidedClaim] = {}
    for pair in netted(pending, books.stands, positions):
        for one in decided_pair(pair):
            found[one.claim.position] = one if why is None else _for_review(one, why, stop)
    return found


def _asks(work: Work, payer_id: int) -> bool:
    payer = work.db.get_one(Payer, payer_id)
    return payer.automation is Automation.REVIEW


def _books(
    work: Work,
    remittance: AnsweredRemittance,
    pending: Sequence[AnsweredClaim],
    foreseen: Foreseen | None,
) -> _Books:
    payer_id = remittance.payer_id or 0
    charges: set[int] = set()
    again: set[int] = set()
    for one in pending:
        found = {line.charge_id for line in one.lines if line.charge_id is not None}
        again |= charges & found
        charges |= found
    claims = {one.claim_id for one in pending if one.claim_id is not None}
    return _Books(
        stands(work, charges, payer_id) if foreseen is None else foreseen.stands(charges, payer_id),
        claim_ranks(work, claims),
        rule_book(work, payer_id),
        over_applying(work),
        again,
        remittance.remittance_id,
    )


def _stop(remittance: AnsweredRemittance, *, by_person: bool) -> tuple[Unposted, str]:
    """Return why nothing of a remittance can post, in words that are empty where it can.

    Claims that do not balance stop the whole remittance until a person posts the others.
    """
    if remittance.test:
        return Unposted.REVIEW, "It is marked as a test (ISA15), so it is no money."
    if not remittance.readable:
        return Unposted.UNREADABLE, "An amount of it cannot be read. Look at the file's oddities."
    if remittance.check_off:
        words = (
            f"Its check is {Money(abs(remittance.check_off))} off: the claims and the"
            " provider-level adjustments do not make its amount."
        )
        return Unposted.OUT_OF_BALANCE, words
    off = remittance.claims_off or remittance.services_off
    if off and not by_person:
        words = f"{off} of its claims or services do not balance. Look, then post the others."
        return Unposted.REVIEW, words
    return Unposted.REVIEW, ""


def _nobodys(remittance: AnsweredRemittance) -> Decided:
    words = f"Nobody knows whose it is: {remittance.payer_name or 'no name'}. Choose the payer."
    claims = tuple(
        _done(one)
        if one.posted or one.closed
        else _whole(one, one.why or Unposted.OTHER_PAYER, one.words or words)
        for one in remittance.claims
    )
    return Decided(remittance, claims, (), words)


def _order(claim: AnsweredClaim, books: _Books) -> tuple[bool, int, int]:
    return not claim.reversal, _rank(claim, books), claim.position


def _rank(claim: AnsweredClaim, books: _Books) -> int:
    """Return at which place the payer answers: by our claim, else by its policies on the day."""
    if claim.claim_id in books.ranks:
        return books.ranks[claim.claim_id]
    said = RANKS.get(claim.status)
    for line in claim.lines:
        stand = books.stands.get(line.charge_id or 0)
        if stand is not None and stand.may_pay:
            known = {rank for rank, payer in stand.payers if payer == stand.payer_id}
            return said if said in known else min(known)
    return said or 1


def _decide_claim(said: AnsweredClaim, books: _Books) -> DecidedClaim:
    claim = without_idle(said)
    if claim is not said:
        return with_idle(_decide_claim(claim, books), said)
    why = _refused(claim)
    if why is not None:
        return _whole(claim, *why)
    lines = balanced_lines(claim)
    if lines is None:
        return _whole(claim, Unposted.OUT_OF_BALANCE, "Its services do not make up the claim.")
    lost = next((one for one in lines if (one.charge_id or 0) not in books.stands), None)
    if lost is not None:
        words = lost.words or f"No charge was found for {lost.code or 'a service'} of it."
        return _whole(claim, Unposted.NO_LINE, words)
    before = _said_before(claim, lines, books)
    if before and claim.position not in books.agreed:
        return _whole(claim, Unposted.POSTED_BEFORE, before)
    decided = _decide_lines(claim, lines, books)
    rest = nothing_to_reverse(claim, decided)
    if rest:
        return rest_told(claim, decided, rest)
    stays = next((one for one in decided if one.fate is Fate.UNPOSTED), None)
    if stays is not None and stays.why is not None:
        held = tuple(
            one
            if one.fate is Fate.UNPOSTED
            else unposted(one.line, stays.why, "Waits with its claim")
            for one in decided
        )
        return DecidedClaim(claim, Fate.UNPOSTED, stays.why, stays.words, held)
    return DecidedClaim(claim, Fate.POSTED, None, _told(claim), tuple(decided))


def _refused(claim: AnsweredClaim) -> tuple[Unposted, str] | None:
    """Return why a claim cannot be posted, by what it says and whose it is."""
    if not claim.readable:
        return Unposted.UNREADABLE, claim.words or "An amount of it cannot be read."
    if claim.status == PREDETERMINATION:
        return Unposted.PREDETERMINATION, "It says what would be paid; no money came for it."
    if claim.status not in STATUSES:
        named = f"The status {claim.status}" if claim.status else "A claim without a status"
        words = f"{named} is none that remittances have today (CLP02). Ask the payer what it means."
        return Unposted.BLOCKED, words
    if claim.why is not None:
        return claim.why, claim.words
    if claim.off:
        return Unposted.OUT_OF_BALANCE, f"It is {Money(abs(claim.off))} out of balance."
    for line in claim.lines:
        if line.why is not None:
            return line.why, line.words
    if not claim.lines:
        return Unposted.NOT_ITEMISED, "The payer does not say for which services it is."
    return None


def _said_before(claim: AnsweredClaim, lines: Sequence[AnsweredLine], books: _Books) -> str:
    """Return that it stands in this remittance twice, or what of it is posted of another one."""
    key = (
        claim.payer_number or claim.number,
        claim.status,
        claim.charge,
        claim.paid,
        tuple((one.charge_id, one.charge, one.paid, one.cas) for one in lines),
    )
    if key in books.seen:
        return "It stands in this remittance twice."
    books.seen.add(key)
    return said_again(claim, lines, books.stands)


def _decide_lines(
    claim: AnsweredClaim, lines: Sequence[AnsweredLine], books: _Books
) -> list[DecidedLine]:
    """Decide by charge: lines that are about one charge are one answer, told with the first."""
    own = {one.position: one for one in claim.lines}
    together: dict[int, AnsweredLine] = {}
    for line in lines:
        first = together.get(line.charge_id or 0)
        together[line.charge_id or 0] = line if first is None else _joined(first, line)
    facts = ClaimFacts(
        claim.status,
        _rank(claim, books),
        claim.forwarded,
        books.over,
        claim.position in books.agreed,
    )
    decided: list[DecidedLine] = []
    for line in lines:
        whole = together.pop(line.charge_id or 0, None)
        if whole is None:
            also = DecidedLine(own[line.position], Fate.POSTED, words="With the line of its charge")
            decided.append(also)
            continue
        stand = books.stands[line.charge_id or 0]
        if claim.reversal:
            found = take_back(whole, claim, stand, remittance_id=books.remittance_id)
        else:
            found = judge(whole, facts, stand, books.rules)
        if found.line is not own[line.position]:
            found = replace(found, line=own[line.position])
        decided.append(found)
    return decided


def _joined(first: AnsweredLine, second: AnsweredLine) -> AnsweredLine:
    return replace(
        first,
        charge=first.charge + second.charge,
        paid=first.paid + second.paid,
        cas=(*first.cas, *second.cas),
    )


def _follow(decided: DecidedClaim, books: _Books) -> None:
    """Let the charges that come again stand as they do once a claim is posted."""
    done = set[int]()
    for line in decided.lines:
        charge_id = line.line.charge_id
        if line.fate is not Fate.POSTED:
            continue  # what a reversal found nothing for
        if charge_id in books.again and charge_id is not None and charge_id not in done:
            done.add(charge_id)
            books.stands[charge_id] = books.stands[charge_id].after(line)


def wait_for_a_look(decided: Decided, why: str) -> Decided:
    """Return what a stopped remittance does while nobody has let it go on: nothing yet."""
    claims = tuple(
        _for_review(one, Unposted.REVIEW, why) if one.fate is Fate.POSTED and one.lines else one
        for one in decided.claims
    )
    return replace(decided, claims=claims, stop=why)


def _for_review(decided: DecidedClaim, why: Unposted, stop: str) -> DecidedClaim:
    """Return a claim that waits for a person's word; its lines show what it would do."""
    words = stop[:_LONGEST] or "Waits for a look; it can be posted."
    lines = tuple(replace(one, fate=Fate.UNPOSTED, why=why) for one in decided.lines)
    return replace(decided, fate=Fate.UNPOSTED, why=why, words=words, lines=lines)


def _overdrawn(decided: Decided) -> str:
    """Return why these claims cannot be posted without those that were left; empty: they can.

    What a payer takes back with a check must not be left while all that it pays is posted: the
    check does not hold that much.
    """
    explained = {one.claim.position for one in decided.to_explain}
    left = sum(one.claim.paid for one in decided.unposted if one.claim.position not in explained)
    posting = any(one.fate is Fate.POSTED and one.lines for one in decided.claims)
    if left >= 0 or not posting:
        return ""
    return (
        f"The check holds {Money(-left)} less than these claims: it takes money back with others."
        " Post those with them."
    )


def _whole(claim: AnsweredClaim, why: Unposted, words: str) -> DecidedClaim:
    """Return a claim that stays for a person with all of its lines."""
    lines = tuple(
        unposted(one, one.why or why, one.words if one.why else "Waits with its claim")
        for one in claim.lines
    )
    return DecidedClaim(claim, Fate.UNPOSTED, why, words[:_LONGEST], lines)


def _done(claim: AnsweredClaim) -> DecidedClaim:
    """Return a claim about which was decided before."""
    fate = Fate.POSTED if claim.posted else Fate.CLOSED
    return DecidedClaim(claim, fate, None, claim.words, ())


def _told(claim: AnsweredClaim) -> str:
    """Return what a person should know of a claim that posts."""
    said: list[str] = []
    if claim.status == REVERSAL and not claim.reversal:
        said.append("Marked as a reversal, but it pays: taken as the correction")
    if claim.forwarded:
        said.append(f"Passed on to {claim.forwarded_to or 'the next payer'}")
    if claim.corrected:
        said.append(f"The payer has {claim.corrected}: look at the card")
    return "; ".join(said)[:_LONGEST]
