"""Our claims that payers name: by the number under which they were sent, or by a line's id.

A claim that was corrected is a family: payers answer it under the first number or the last. All is
read in a few questions, whatever the number of claims.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, select, type_coerce

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.values import LARGEST_ID
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.remittances.answered import AnsweredClaim, MatchedBy
from fscdesk.services.remittances.placing import OurLine
from fscdesk.services.work import Work

__all__ = ["OurClaim", "OurClaims", "claim_number", "same_number"]

_NUMBER: Final = re.compile(r"([A-Z]+)(\d{4})(\d{5,})", re.ASCII)
_LONGEST_ID: Final = 18


class OurClaim(NamedTuple):
    """What of a claim of ours decides whether an answer is about it."""

    id: int
    number: str
    patient_id: int
    payer_id: int
    rank: int
    status: ClaimStatus
    frequency: Frequency
    replaces_id: int | None
    payer_number: str
    answered_on: date | None

    @property
    def stands(self) -> bool:
        """Return whether a payer has it, and it bills something."""
        fallen = self.status in FALLEN | UNSENT
        return not fallen and self.frequency is not Frequency.VOID


def claim_number(text: str) -> str:
    """Return our number as it is kept, ``CLM-2026-00007``, however a payer spells it; "" if none.

    It goes out without its dashes (CLM01, box 26), and comes back in CLP01.
    """
    found = _NUMBER.fullmatch("".join(text.upper().split()).replace("-", ""))
    return "" if found is None else "-".join(found.groups())


def same_number(first: str, second: str) -> bool:
    """Return whether two numbers of a payer are one, apart from blanks and dashes."""
    one, other = _bare(first), _bare(second)
    return bool(one) and one == other


class OurClaims:
    """The claims that remittances name, with their families and lines."""

    def __init__(self, work: Work, answered: Sequence[AnsweredClaim]) -> None:
        numbers = {number for one in answered if (number := claim_number(one.number))}
        line_ids = {
            line_id
            for one in answered
            for line in one.lines
            if (line_id := _line_id(line.line_id)) is not None
        }
        by_hand = {one.claim_id for one in answered if one.matched_by == MatchedBy.HAND} - {None}
        self._claims: dict[int, OurClaim] = {}
        self._read(work, among_words(work, Claim.number, numbers))
        self._read(work, among(work, Claim.id, [one for one in by_hand if one]))
        named = select(ClaimLine.claim_id).where(among(work, ClaimLine.id, line_ids)).distinct()
        self._read(work, among(work, Claim.id, set(work.db.scalars(named)) - set(self._claims)))
        self._read_families(work)
        self._by_number = {one.number: one for one in self._claims.values()}
        self._families: dict[int, list[OurClaim]] = defaultdict(list)
        for one in sorted(self._claims.values()):
            self._families[self._root(one)].append(one)
        self._lines: dict[int, list[OurLine]] = defaultdict(list)
        self._by_line_id: dict[int, OurLine] = {}
        for line in lines_of(work, self._claims):
            self._lines[line.claim_id].append(line)
            self._by_line_id[line.claim_line_id] = line

    @property
    def patient_ids(self) -> set[int]:
        """Return whose claims they are."""
        return {one.patient_id for one in self._claims.values()}

    def numbered(self, text: str) -> OurClaim | None:
        """Return the claim that a payer names."""
        number = claim_number(text)
        return self._by_number.get(number) if number else None

    def with_line(self, text: str) -> OurLine | None:
        """Return the line of ours with an id that came back (REF*6R)."""
        line_id = _line_id(text)
        return None if line_id is None else self._by_line_id.get(line_id)

    def claim(self, claim_id: int) -> OurClaim | None:
        """Return a claim that was read, by its id."""
        return self._claims.get(claim_id)

    def is_family(self, first: int, second: int) -> bool:
        """Return whether two claims are one that was corrected."""
        return self._root(self._claims[first]) == self._root(self._claims[second])

    def target(self, named: OurClaim, answered: AnsweredClaim) -> OurClaim:
        """Return which claim of the named one's family is answered.

        A reversal is about the claim that was answered: under the payer's number of it, else the
        named one, else the newest. Any other answer is about the newest that stands.
        """
        family = self._families[self._root(named)]
        if answered.reversal:
            for one in reversed(family):
                if same_number(one.payer_number, answered.payer_number) and one.answered_on:
                    return one
            if named.answered_on is not None:
                return named
            return next((one for one in reversed(family) if one.answered_on is not None), named)
        if named.frequency is Frequency.VOID:
            return named
        return next((one for one in reversed(family) if one.stands), named)

    def lines(self, target: OurClaim, named: OurClaim) -> list[OurLine]:
        """Return the lines of a claim, and what only the named one of its family has."""
        found = list(self._lines[target.id])
        if target.id != named.id:
            known = {one.charge_id for one in found}
            found += [
                one
                for one in self._lines[named.id]
                if one.charge_id not in known and not one.voided
            ]
        return found

    def _root(self, one: OurClaim) -> int:
        seen: set[int] = set()
        while one.replaces_id in self._claims and one.id not in seen:
            seen.add(one.id)
            one = self._claims[one.replaces_id]
        return one.id

    def _read_families(self, work: Work) -> None:
        """Read what the claims replace and what replaces them, until nobody is left."""
        fresh = set(self._claims)
        while fresh:
            above = {self._claims[one].replaces_id or 0 for one in fresh} - set(self._claims) - {0}
            known = set(self._claims)
            self._read(work, among(work, Claim.replaces_id, fresh))
            if above:
                self._read(work, among(work, Claim.id, above))
            fresh = set(self._claims) - known

    def _read(self, work: Work, which: Any) -> None:
        rows = work.db.execute(
            select(
                Claim.id,
                Claim.number,
                Claim.patient_id,
                Claim.payer_id,
                Claim.rank,
                Claim.status,
                Claim.frequency,
                Claim.replaces_id,
                Claim.payer_number,
                Claim.answered_on,
            ).where(which)
        )
        for row in rows:
            self._claims[row.id] = OurClaim._make(row)


def lines_of(work: Work, claim_ids: Collection[int]) -> Iterable[OurLine]:
    """Return the lines of claims, in their order."""
    line, charge = ClaimLine.__table__.c, Charge.__table__.c
    rows = work.db.execute(
        select(
            line.charge_id,
            line.id,
            line.claim_id,
            charge.patient_id,
            line.service_day,
            line.code,
            line.modifiers,
            line.units,
            type_coerce(line.amount, BigInteger),
            charge.voided_on.is_not(None),
        )
        .join_from(ClaimLine.__table__, Charge.__table__, charge.id == line.charge_id)
        .where(among(work, line.claim_id, claim_ids))
        .order_by(line.claim_id, line.position)
    )
    known: dict[str, frozenset[str]] = {}
    for charge_id, line_id, claim_id, patient, day, code, modifiers, *rest in rows:
        split = known.get(modifiers)
        if split is None:
            split = known[modifiers] = frozenset(modifiers.split())
        units, cents, voided = rest
        ids = (charge_id, line_id, claim_id, patient)
        yield OurLine(*ids, day, code, split, units, cents, bool(voided))


def _line_id(text: str) -> int | None:
    """Return a line's id as a number, None where it can be none of ours."""
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_ID:
        return None
    found = int(text)
    return found if 0 < found <= LARGEST_ID else None


def _bare(text: str) -> str:
    return "".join(mark for mark in text.upper() if mark.isalnum())
