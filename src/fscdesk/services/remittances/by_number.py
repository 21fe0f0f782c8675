"""Finds the claims of ours that payers name, by their number or by the id of a line.

Other practices and other systems count as we do: a number or an id is ours only where the payer
names our client with it. The payer's own word on days, codes and charges decides the lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fscdesk.services.remittances.answered import AnsweredClaim, MatchedBy
from fscdesk.services.remittances.our_claims import OurClaim, OurClaims
from fscdesk.services.remittances.persons import PersonBook
from fscdesk.services.remittances.placing import FoundClaim, OurLine, Placed, place
from fscdesk.services.work import Work

__all__ = ["find_numbered"]


@dataclass(frozen=True, slots=True)
class _Named:
    """A claim that a payer names: the one that is meant, its lines, those named by an id."""

    answered: AnsweredClaim
    target: OurClaim
    lines: tuple[OurLine, ...]
    ids: dict[int, OurLine]
    by: MatchedBy


def find_numbered(work: Work, answered: Sequence[AnsweredClaim]) -> list[FoundClaim | str]:
    """Return what claims are about, in their order; in words ("" for none) where none of ours is.

    Claims of ours that come in several parts are looked at together where a part alone does not
    tell which of two equal lines it is about.
    """
    ours = OurClaims(work, answered)
    book = PersonBook(work, ours.patient_ids)
    found: list[FoundClaim | str] = []
    parts: dict[tuple[int, bool], list[tuple[int, _Named]]] = defaultdict(list)
    for at, one in enumerate(answered):
        named = _named(ours, book, one)
        if isinstance(named, str):
            found.append(named)
            continue
        parts[named.target.id, one.reversal].append((at, named))
        placed = _placed([named])
        found.append(FoundClaim(named.target.patient_id, named.by, placed, named.target.id))
    for group in parts.values():
        if len(group) > 1:
            _together(found, group)
    return found


def _named(ours: OurClaims, book: PersonBook, one: AnsweredClaim) -> _Named | str:
    chosen = ours.claim(one.claim_id or 0) if one.matched_by == MatchedBy.HAND else None
    if chosen is not None:
        return _with_lines(ours, one, chosen, chosen, MatchedBy.HAND)
    stranger = ""
    claim = ours.numbered(one.number)
    if claim is not None:
        if _fits(book, claim.patient_id, one):
            return _with_lines(ours, one, claim, ours.target(claim, one), MatchedBy.NUMBER)
        stranger = f"Claim {claim.number} is of another client."
    for line in one.lines:
        found = ours.with_line(line.line_id)
        if found is None or not _surely(book, found.patient_id, one):
            continue
        claim = ours.claim(found.claim_id)
        if claim is not None:
            return _with_lines(ours, one, claim, ours.target(claim, one), MatchedBy.LINE_ID)
    return stranger


def _fits(book: PersonBook, patient_id: int, one: AnsweredClaim) -> bool:
    """Return whether an answer under a number of ours may be about this client."""
    if not one.patient_name:
        return not book.has_another_member(patient_id, one.member_id)
    return book.is_named(patient_id, one.patient_name) or book.has_member(patient_id, one.member_id)


def _surely(book: PersonBook, patient_id: int, one: AnsweredClaim) -> bool:
    """Return whether an answer is about this client, whatever number it has."""
    if one.patient_name:
        return book.is_named(patient_id, one.patient_name)
    return book.has_member(patient_id, one.member_id)


def _with_lines(
    ours: OurClaims, one: AnsweredClaim, named: OurClaim, target: OurClaim, by: MatchedBy
) -> _Named:
    lines = ours.lines(target, named)
    known = {line.charge_id for line in lines}
    ids: dict[int, OurLine] = {}
    for at, line in enumerate(one.lines):
        found = ours.with_line(line.line_id)
        # The id of a line that was corrected counts as long as its charge is still billed.
        if (
            found is not None
            and found.charge_id in known
            and ours.is_family(found.claim_id, named.id)
        ):
            ids[at] = found
    return _Named(one, target, tuple(lines), ids, by)


def _placed(parts: Sequence[_Named]) -> tuple[Placed, ...]:
    """Place the lines of a claim of ours, of one part of its answer or of several."""
    lines = [line for part in parts for line in part.answered.lines]
    ids: dict[int, OurLine] = {}
    begin = 0
    for part in parts:
        ids |= {begin + at: line for at, line in part.ids.items()}
        begin += len(part.answered.lines)
    return tuple(place(lines, parts[0].lines, by=MatchedBy.NUMBER, named=ids, whole=True))


def _together(found: list[FoundClaim | str], group: Sequence[tuple[int, _Named]]) -> None:
    """Place the parts of one claim together where that says whose each line is."""
    if all(one.ours is not None for at, _ in group for one in _placed_of(found, at)):
        return
    placed = _placed([named for _, named in group])
    if any(one.ours is None for one in placed):
        return
    begin = 0
    for at, named in group:
        end = begin + len(named.answered.lines)
        before = found[at]
        if isinstance(before, FoundClaim):
            found[at] = replace(before, placed=placed[begin:end])
        begin = end


def _placed_of(found: Sequence[FoundClaim | str], at: int) -> tuple[Placed, ...]:
    one = found[at]
    return one.placed if isinstance(one, FoundClaim) else ()
