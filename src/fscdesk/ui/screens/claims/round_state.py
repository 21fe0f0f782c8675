"""How far a round of the portals is: payers, their claims, and what was noted of which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from fscdesk.models.values import Money
from fscdesk.services.claims.portal_round import Found, Noted, PortalStop, SilentRow
from fscdesk.services.claims.round_sessions import NotedSession


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person types of a claim; ``again_on`` None: as usual for this answer."""

    found: Found
    again_on: date | None = None
    carc: str = ""
    group: str = ""
    words: str = ""
    payer_number: str = ""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A claim of the round, and what was typed of it; ``noted`` once that is in the books.

    A session that was billed elsewhere stands there as a claim without a number.
    """

    claim: SilentRow
    answer: Answer | None = None
    noted: Noted | NotedSession | None = None

    @property
    def id(self) -> int:
        """Return the claim's id; below zero for a session."""
        return self.claim.id

    @property
    def elsewhere(self) -> bool:
        """Return whether it is a session that has no claim here."""
        return self.claim.claim_id is None


@dataclass(frozen=True, slots=True)
class Stand:
    """A payer of the round as the list of payers shows it."""

    stop: PortalStop
    rows: tuple[RoundRow, ...]

    @property
    def left(self) -> tuple[RoundRow, ...]:
        """Return the claims that nobody has answered in this round."""
        return tuple(row for row in self.rows if row.answer is None)

    @property
    def amount(self) -> Money:
        """Return what the claims that are left have open with payers."""
        return Money(sum(row.claim.insurance_open.cents for row in self.left))


class Round:
    """The round since it began; what was noted stays on view until the next one begins."""

    def __init__(self) -> None:
        self.stands: tuple[Stand, ...] = ()
        self.known = False

    def merge(self, fresh: Sequence[PortalStop]) -> None:
        """Take in what is silent now: what was answered elsewhere goes, what was undone is back.

        Payers and claims keep their order, so that nothing moves under the hand.
        """
        self.known = True
        stops = {one.payer_id: one for one in fresh}
        order = [stand.stop.payer_id for stand in self.stands]
        order += [one for one in stops if one not in order]
        before = {stand.stop.payer_id: stand for stand in self.stands}
        made = (_merged(before.get(one), stops.get(one)) for one in order)
        self.stands = tuple(stand for stand in made if stand is not None and stand.rows)

    def answered(
        self, claim_id: int, answer: Answer | None, noted: Noted | NotedSession | None = None
    ) -> None:
        """Remember what was typed of a claim, or that it was not taken (None)."""
        self.stands = tuple(
            replace(
                stand,
                rows=tuple(
                    replace(row, answer=answer, noted=noted) if row.id == claim_id else row
                    for row in stand.rows
                ),
            )
            for stand in self.stands
        )

    def stand(self, payer_id: int | None) -> Stand | None:
        """Return a payer of the round."""
        return next((one for one in self.stands if one.stop.payer_id == payer_id), None)

    def row(self, claim_id: int | None) -> RoundRow | None:
        """Return a claim of the round."""
        return next((row for row in self.rows if row.id == claim_id), None)

    def payer_of(self, claim_id: int) -> int | None:
        """Return whose stop a claim is on."""
        return next(
            (one.stop.payer_id for one in self.stands if any(r.id == claim_id for r in one.rows)),
            None,
        )

    @property
    def rows(self) -> tuple[RoundRow, ...]:
        """Return all claims, in the order of the round."""
        return tuple(chain.from_iterable(stand.rows for stand in self.stands))

    @property
    def left(self) -> tuple[RoundRow, ...]:
        """Return the claims that are still to be looked up."""
        return tuple(row for row in self.rows if row.answer is None)

    @property
    def done(self) -> tuple[RoundRow, ...]:
        """Return the claims of which something is noted in the books."""
        return tuple(row for row in self.rows if row.noted is not None)

    def after(self, claim_id: int | None) -> RoundRow | None:
        """Return the claim to look up next: of the same payer first, behind this one first."""
        stand = None if claim_id is None else self.stand(self.payer_of(claim_id))
        here: tuple[RoundRow, ...] = ()
        others = self.stands
        if stand is not None:
            at = self.stands.index(stand)
            here, others = _from(stand.rows, claim_id), self.stands[at + 1 :] + self.stands[:at]
        every = chain(here, chain.from_iterable(one.rows for one in others))
        return next((row for row in every if row.answer is None), None)


def _from(rows: Sequence[RoundRow], claim_id: int | None) -> tuple[RoundRow, ...]:
    """Return the rows behind one, then those before it."""
    at = next((at for at, row in enumerate(rows) if row.id == claim_id), -1)
    return (*rows[at + 1 :], *rows[: max(at, 0)])


def _merged(before: Stand | None, stop: PortalStop | None) -> Stand | None:
    if before is None:
        return None if stop is None else Stand(stop, tuple(map(RoundRow, stop.claims)))
    now = {row.id: row for row in stop.claims} if stop is not None else {}
    kept: list[RoundRow] = []
    for row in before.rows:
        found = now.pop(row.id, None)
        if found is None:
            kept += [row] if row.answer is not None else []
        elif row.answer is None or (row.noted is not None and found.version > row.noted.version):
            kept.append(RoundRow(found))  # also one whose answer was taken back
        else:
            kept.append(row)
    kept += map(RoundRow, now.values())
    return Stand(stop or before.stop, tuple(kept))
