"""Finds charges by whom a payer names: the client, the day, the code and the charge.

So is found what SimplePractice billed, where no claim of ours has a number, and what payers send
back under a number of their own. Where a payer spells a client in a way that is not known here,
its number of the claim may be in a report of SimplePractice, with the client.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import BigInteger, select, type_coerce

from fscdesk.models.charge import Charge
from fscdesk.models.remittance import Unposted
from fscdesk.models.simplepractice import ReportedClaim
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.remittances.answered import AnsweredClaim, MatchedBy
from fscdesk.services.remittances.persons import PersonBook
from fscdesk.services.remittances.placing import FoundClaim, OurLine, Placed, place
from fscdesk.services.work import Work

__all__ = ["find_persons"]

_UNKNOWN: Final = "This client is not known here"
_SHORTEST_NUMBER: Final = 6
"""A shorter number of a payer says nothing: others have it, too."""
_NONE: Final[frozenset[str]] = frozenset()


def find_persons(work: Work, answered: Sequence[AnsweredClaim]) -> list[FoundClaim]:
    """Return whom and what claims are about that no number of ours names, in their order."""
    if not answered:
        return []
    book = PersonBook(work)
    candidates = [_candidates(book, one) for one in answered]
    strange = [one for one, (_, people) in zip(answered, candidates, strict=True) if not people]
    reported = _reported(work, strange)
    candidates = [
        (by, people) if people else (MatchedBy.NUMBER, reported.get(_key(one), []))
        for one, (by, people) in zip(answered, candidates, strict=True)
    ]
    charges = _charges(work, {one for _, people in candidates for one in people}, answered)
    return [
        _found(book, one, by, people, charges)
        for one, (by, people) in zip(answered, candidates, strict=True)
    ]


def _key(one: AnsweredClaim) -> str:
    return one.payer_number if len(one.payer_number) >= _SHORTEST_NUMBER else ""


def _reported(work: Work, answered: Sequence[AnsweredClaim]) -> dict[str, list[int]]:
    """Return the clients of claims by the payer's number, as SimplePractice reported them."""
    numbers = {key for one in answered if (key := _key(one))}
    if not numbers:
        return {}
    found: dict[str, set[int]] = defaultdict(set)
    for number, patient_id in work.db.execute(
        select(ReportedClaim.payer_claim, ReportedClaim.patient_id).where(
            among_words(work, ReportedClaim.payer_claim, numbers),
            ReportedClaim.patient_id.is_not(None),
        )
    ):
        found[number].add(patient_id or 0)
    return {number: sorted(people) for number, people in found.items()}


def _candidates(book: PersonBook, one: AnsweredClaim) -> tuple[MatchedBy, list[int]]:
    """Return who may be meant: whom a person named, by member id and name, by the name alone."""
    if one.patient_id is not None and _has_chosen(one):
        return MatchedBy.NAME, [one.patient_id]
    members = book.with_member(one.member_id)
    if one.patient_name:
        exactly = members & book.named(one.patient_name)
        fitting = exactly or {each for each in members if book.is_named(each, one.patient_name)}
        if fitting:
            return MatchedBy.MEMBER_ID, sorted(fitting)
        people = {
            each
            for each in book.named(one.patient_name)
            if not book.has_another_member(each, one.member_id)
        }
        return MatchedBy.NAME, sorted(people)
    return MatchedBy.MEMBER_ID, sorted(members)


def _has_chosen(one: AnsweredClaim) -> bool:
    return any(line.matched_by == MatchedBy.HAND for line in one.lines)


def _found(
    book: PersonBook,
    one: AnsweredClaim,
    by: MatchedBy,
    people: Sequence[int],
    charges: Mapping[int, Sequence[OurLine]],
) -> FoundClaim:
    tried = [(each, place(one.lines, charges.get(each, ()), by=by)) for each in people]
    if one.patient_id in people and _has_chosen(one):
        return FoundClaim(one.patient_id, by, tuple(tried[0][1]))
    whole = [(each, placed) for each, placed in tried if all(map(_has_charge, placed))]
    partly = [(each, placed) for each, placed in tried if any(map(_has_charge, placed))]
    best = whole or partly
    if len(best) == 1:
        patient_id, placed = best[0]
        return FoundClaim(patient_id, by, tuple(placed))
    if best:
        names = ", ".join(sorted({book.name_of(each) for each, _ in best}))
        words = f"{len(best)} clients may be meant: {names}."
        return _nobody(one, by, Unposted.TWO_ALIKE, words)
    if by is MatchedBy.MEMBER_ID and len(tried) == 1:
        patient_id, placed = tried[0]
        return FoundClaim(patient_id, by, tuple(placed))
    return _nobody(one, by, Unposted.NOT_OURS, _why_nobody(book, one, people))


def _has_charge(placed: Placed) -> bool:
    return placed.ours is not None


def _nobody(one: AnsweredClaim, by: MatchedBy, why: Unposted, words: str) -> FoundClaim:
    placed = tuple(Placed(None, "", why, words) for _ in one.lines)
    by_what = "" if why is Unposted.NOT_OURS else by
    return FoundClaim(None, by_what, placed, why=why, words=words)


def _why_nobody(book: PersonBook, one: AnsweredClaim, people: Collection[int]) -> str:
    if people:
        return "A client of this name is known, but none of these services."
    known = sorted(book.name_of(each) for each in book.with_member(one.member_id))
    if known and one.patient_name:
        return f"Its member id is that of {', '.join(known[:3])}, under another name."
    if one.patient_name and book.named(one.patient_name):
        return "A client of this name is known, with another member id."
    return f"{_UNKNOWN}, nor is the claim's number."


def _charges(
    work: Work, patient_ids: Collection[int], answered: Sequence[AnsweredClaim]
) -> dict[int, list[OurLine]]:
    """Return the charges of people on the days of which claims tell."""
    found: dict[int, list[OurLine]] = defaultdict(list)
    if not patient_ids:
        return found
    charge = Charge.__table__.c
    wanted = (
        select(
            charge.id,
            charge.patient_id,
            charge.service_day,
            charge.code,
            charge.modifiers,
            charge.units,
            type_coerce(charge.amount, BigInteger),
            charge.voided_on.is_not(None),
        )
        .where(among(work, charge.patient_id, patient_ids), charge.session_id.is_not(None))
        .order_by(charge.id)
    )
    days = _days(answered)
    if days is not None:
        wanted = wanted.where(charge.service_day.between(*days))
    for charge_id, patient, day, code, modifiers, *rest in work.db.execute(wanted):
        units, cents, voided = rest
        kept = frozenset(modifiers.replace(",", " ").split()) if modifiers else _NONE
        one = OurLine(charge_id, 0, 0, patient, day, code, kept, units, cents, bool(voided))
        found[patient].append(one)
    return found


def _days(answered: Sequence[AnsweredClaim]) -> tuple[date, date] | None:
    """Return the first and the last day of all lines; None where a line names none."""
    lines = [line for one in answered for line in one.lines]
    firsts = [line.first_day for line in lines if line.first_day is not None]
    lasts = [line.last_day for line in lines if line.last_day is not None]
    if not firsts or len(firsts) < len(lines):
        return None
    return min(firsts), max(*firsts, *lasts)
