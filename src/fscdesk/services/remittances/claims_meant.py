"""Which of our claims of a payer has charges that it answers, and which payers may answer them.

A payer that got a claim from the payer before it answers under that one's number. So it is not
the number that says which claim of ours is answered, but the payer and the charges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.payer import Payer
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import AnsweredClaim
from fscdesk.services.remittances.our_claims import same_number
from fscdesk.services.work import Work

__all__ = ["ClaimsMeant", "Meant", "said_rank"]


_PLACES: Final = {"2": 2, "20": 2, "3": 3, "21": 3}
"""CLP02 of a payer that is not the first."""


class _Claim(NamedTuple):
    payer_id: int
    rank: int
    status: ClaimStatus
    frequency: Frequency
    payer_number: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Meant:
    """A claim of ours, and its lines by their charge."""

    claim_id: int | None
    lines: dict[int, int]


class ClaimsMeant:
    """What is known of some charges: their payers, and the claims that bill them."""

    def __init__(self, work: Work, charge_ids: Collection[int]) -> None:
        self._may_pay = payers_of(work, charge_ids) if charge_ids else {}
        self._lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._claims: dict[int, _Claim] = {}
        self._own: dict[int, int | None] = {}
        if charge_ids:
            self._read(work, charge_ids)
        named = work.db.execute(select(Payer.id, Payer.name))
        self._names: dict[int, str] = {row.id: row.name for row in named}

    def _read(self, work: Work, charge_ids: Collection[int]) -> None:
        line, charge = ClaimLine.__table__.c, Charge.__table__.c
        owned = select(charge.id, charge.payer_id).where(among(work, charge.id, charge_ids))
        self._own = {charge_id: payer_id for charge_id, payer_id in work.db.execute(owned)}  # noqa: C416
        rows = work.db.execute(
            select(line.charge_id, line.claim_id, line.id)
            .where(among(work, line.charge_id, charge_ids))
            .order_by(line.claim_id, line.position)
        )
        for charge_id, claim_id, line_id in rows:
            self._lines[charge_id].append((claim_id, line_id))
        claim_ids = {claim_id for each in self._lines.values() for claim_id, _ in each}
        columns = (Claim.id, Claim.payer_id, Claim.rank, Claim.status, Claim.frequency)
        claims = work.db.execute(
            select(*columns, Claim.payer_number, Claim.answered_on).where(
                among(work, Claim.id, claim_ids)
            )
        )
        for claim_id, *rest in claims:
            self._claims[claim_id] = _Claim._make(rest)
        for charge_id, lines in self._lines.items():
            self._may_pay[charge_id].update(self._claims[one].payer_id for one, _ in lines)

    def may_pay(self, charge_id: int) -> set[int]:
        """Return the payers that may answer for a charge."""
        return self._may_pay.get(charge_id, set())

    def billed_to(self, charge_id: int) -> tuple[int | None, int]:
        """Return payer and rank of the newest claim of a charge, else the charge's own payer."""
        for claim_id, _ in reversed(self._lines.get(charge_id, ())):
            claim = self._claims[claim_id]
            if claim.status not in FALLEN and claim.status not in UNSENT:
                return claim.payer_id, claim.rank
        return self._own.get(charge_id), 1

    def payer_name(self, payer_id: int | None) -> str:
        """Return a payer's name, "" for none."""
        return self._names.get(payer_id or 0, "")

    def meant(
        self, payer_id: int, answered: AnsweredClaim, charge_ids: Sequence[int], named: int | None
    ) -> Meant:
        """Return the claim of a payer that an answer about charges is about, None where none is.

        ``named`` is the claim that the number says: it is meant where it is of this payer, but
        for one that the same payer has at the later place at which it says that it answers.
        """
        claims: dict[int, dict[int, int]] = defaultdict(dict)
        for charge_id in charge_ids:
            for claim_id, line_id in self._lines.get(charge_id, ()):
                if self._claims[claim_id].payer_id == payer_id:
                    claims[claim_id][charge_id] = line_id
        if not claims:
            return Meant(None, {})
        place = said_rank(answered)
        later = {one for one in claims if self._claims[one].rank == place > 1}
        if later and named not in later:
            claims = {one: lines for one, lines in claims.items() if one in later}
        best = named if named in claims else None
        if best is None:
            best = max(
                claims, key=lambda one: _rank(answered, one, self._claims[one], len(claims[one]))
            )
        return Meant(best, claims[best])


def said_rank(answered: AnsweredClaim) -> int:
    """Return at which place a payer says that it answers; the first where it does not say."""
    return _PLACES.get(answered.status, 1)


def _rank(
    answered: AnsweredClaim, claim_id: int, one: _Claim, lines: int
) -> tuple[bool, bool, bool, int, int]:
    """Return how well a claim fits an answer; the newest of equals fits best."""
    bills = one.frequency is not Frequency.VOID
    if answered.reversal:
        first = same_number(one.payer_number, answered.payer_number)
        second = one.answered_on is not None
    else:
        first, second = one.status not in FALLEN | UNSENT, one.status not in FALLEN
    return bills, first, second, lines, claim_id
