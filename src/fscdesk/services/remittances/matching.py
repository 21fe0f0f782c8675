"""Says whose claims and charges a payer answers: the way from a file to our books.

    found = match(work, [answered_of(one, read_on=work.today()) for one in reading.remittances])

By our line id, then by our claim's number, then by client, day, code and charge; never between
two equals. What cannot be said has a reason from the fixed list, and words. What a person chose,
and what is posted or closed, stays as it is. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, Final

from fscdesk.models.remittance import Unposted
from fscdesk.services.collector import collector_resting
from fscdesk.services.remittances.answered import (
    PREDETERMINATION,
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    MatchedBy,
)
from fscdesk.services.remittances.by_number import find_numbered
from fscdesk.services.remittances.by_person import find_persons
from fscdesk.services.remittances.claims_meant import ClaimsMeant, Meant, said_rank
from fscdesk.services.remittances.payers_found import PayerBook, whose
from fscdesk.services.remittances.placing import FoundClaim, Placed
from fscdesk.services.work import Work

__all__ = ["match"]

_FORETOLD: Final = "The payer says what it would pay. Nothing was decided."
_LONGEST: Final = 300
_FIELDS: Final = tuple(one.name for one in fields(AnsweredLine))
_AT: Final = {name: at for at, name in enumerate(_FIELDS)}
_VALUES: Final = attrgetter(*_FIELDS)

Found = Mapping[int, FoundClaim]
"""What was found, by the identity of the answered claim: two of a file can be equal."""


def match(work: Work, remittances: Sequence[AnsweredRemittance]) -> tuple[AnsweredRemittance, ...]:
    """Return remittances with their payer, and each claim and line with what it is about.

    A payer that is known already stays. A claim of ours is named where this payer has it; the
    charges of one that another payer passed on are found without it.
    """
    with collector_resting():
        open_claims = [one for each in remittances for one in each.claims if not _settled(one)]
        found = _find(work, open_claims)
        payers = PayerBook(work, remittances)
        meant = ClaimsMeant(work, _charge_ids(remittances, found))
        return tuple(_written(each, found, payers, meant) for each in remittances)


def _settled(one: AnsweredClaim) -> bool:
    return one.posted or one.closed


def _find(work: Work, answered: Sequence[AnsweredClaim]) -> Found:
    found: dict[int, FoundClaim] = {}
    others: list[tuple[AnsweredClaim, str]] = []
    for one, numbered in zip(answered, find_numbered(work, answered), strict=True):
        if isinstance(numbered, FoundClaim):
            found[id(one)] = numbered
        else:
            others.append((one, numbered))
    people = find_persons(work, [one for one, _ in others])
    for (one, stranger), person in zip(others, people, strict=True):
        words = f"{stranger} {person.words}" if stranger and person.why else person.words
        found[id(one)] = replace(person, words=words)
    return found


def _charge_ids(remittances: Sequence[AnsweredRemittance], found: Found) -> set[int]:
    placed = (one.ours for each in found.values() for one in each.placed)
    chosen = (line.charge_id for each in remittances for one in each.claims for line in one.lines)
    return {one.charge_id for one in placed if one is not None} | {
        one for one in chosen if one is not None
    }


def _written(
    remittance: AnsweredRemittance, found: Found, payers: PayerBook, meant: ClaimsMeant
) -> AnsweredRemittance:
    payer_id = remittance.payer_id
    if payer_id is None:
        payer_id = _payer(remittance, found, payers, meant)
    claims = tuple(
        _claim(one, found[id(one)], payer_id, meant) if id(one) in found else one
        for one in remittance.claims
    )
    return replace(remittance, payer_id=payer_id, claims=claims)


def _payer(
    remittance: AnsweredRemittance, found: Found, payers: PayerBook, meant: ClaimsMeant
) -> int | None:
    """Return whose a remittance is, by whom it names and by whose claims it answers.

    A claim that was answered at a later place than it was billed to says nothing of the payer:
    somebody got it from the one that it was billed to.
    """
    claimed: list[int] = []
    may_pay: list[set[int]] = []
    for one in remittance.claims:
        if id(one) not in found:
            continue
        charges = _charges(one, found[id(one)])
        if not charges:
            continue
        may_pay.append(set().union(*(meant.may_pay(each) for each in charges)))
        billed, rank = meant.billed_to(charges[0])
        if billed is not None and said_rank(one) <= rank:
            claimed.append(billed)
    coded = bool(payers.coded(remittance))
    return whose(payers.named(remittance), claimed, may_pay, coded=coded)


def _charges(one: AnsweredClaim, found: FoundClaim) -> list[int]:
    """Return the charges that a claim is about: those that were found, and chosen ones."""
    charges = [each.ours.charge_id for each in found.placed if each.ours is not None]
    chosen = (line.charge_id for line in one.lines if _by_hand(line))
    return charges + [each for each in chosen if each is not None]


def _claim(
    one: AnsweredClaim, found: FoundClaim, payer_id: int | None, meant: ClaimsMeant
) -> AnsweredClaim:
    """Return a claim with what was found of it; lines that a person chose stay."""
    charges = _charges(one, found)
    ours = Meant(found.claim_id, {})
    if payer_id is not None:
        ours = meant.meant(payer_id, one, charges, found.claim_id)
    foretold = one.status == PREDETERMINATION
    lines = tuple(
        _line(line, placed, ours, payer_id, meant, foretold=foretold)
        for line, placed in zip(one.lines, found.placed, strict=True)
    )
    first = next((line for line in lines if line.why is not None), None)
    why, words = found.why, found.words
    if foretold:
        why, words = Unposted.PREDETERMINATION, _FORETOLD
    elif why is None and first is not None:
        why, words = first.why, first.words
    return replace(
        one,
        lines=lines,
        claim_id=ours.claim_id,
        patient_id=found.patient_id,
        matched_by=found.by,
        why=why,
        words=words[:_LONGEST],
    )


def _line(
    line: AnsweredLine,
    placed: Placed,
    ours: Meant,
    payer_id: int | None,
    meant: ClaimsMeant,
    *,
    foretold: bool,
) -> AnsweredLine:
    if _by_hand(line):
        kept = ours.lines.get(line.charge_id or 0) or line.claim_line_id
        return line if kept == line.claim_line_id else _changed(line, claim_line_id=kept)
    charge, why, words = placed.ours, placed.why, placed.words
    if charge is None:
        nothing = {"charge_id": None, "claim_line_id": None, "matched_by": ""}
        return _changed(line, **nothing, why=why, words=words[:_LONGEST])
    claim_line_id = ours.lines.get(charge.charge_id)
    if claim_line_id is None and payer_id is None:
        claim_line_id = charge.claim_line_id or None
    if foretold:
        why, words = Unposted.PREDETERMINATION, _FORETOLD
    elif why is None and payer_id is not None and payer_id not in meant.may_pay(charge.charge_id):
        why, words = Unposted.OTHER_PAYER, _other_payer(meant, charge.charge_id, payer_id)
    return _changed(
        line,
        charge_id=charge.charge_id,
        claim_line_id=claim_line_id,
        matched_by=placed.by,
        why=why,
        words=words[:_LONGEST],
    )


def _by_hand(line: AnsweredLine) -> bool:
    return line.matched_by == MatchedBy.HAND and line.charge_id is not None


def _other_payer(meant: ClaimsMeant, charge_id: int, payer_id: int) -> str:
    name = meant.payer_name(meant.billed_to(charge_id)[0]) or "nobody"
    return f"It was billed to {name}, and {meant.payer_name(payer_id)} answers it."


def _changed(line: AnsweredLine, **changes: Any) -> AnsweredLine:
    """Return a line with other values: `replace` in a third of its time, for what is bulk."""
    values = list(_VALUES(line))
    for name, value in changes.items():
        values[_AT[name]] = value
    return AnsweredLine(*values)
