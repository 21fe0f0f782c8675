"""What the books will say once the checks before one in a file are posted. Writes nothing.

A file bundles checks that rest on each other: a reversal whose original came with the check
before it, a second payer's answer behind the first one's, a balance that is carried forward and
taken. Each is planned with what posting will know by then. What is not in the books yet has ids
below zero, which nothing else has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import Fate, RuleAction
from fscdesk.services.ledger.accounts import RECOUPMENTS
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    Decided,
    DecidedClaim,
    DecidedLine,
    cas_text,
)
from fscdesk.services.remittances.charge_stand import ChargeStand, Made, Said
from fscdesk.services.remittances.partners import OpenItem
from fscdesk.services.remittances.plbs import open_items
from fscdesk.services.remittances.stand import stands
from fscdesk.services.work import Work

__all__ = ["Foreseen"]


class _Step(NamedTuple):
    """What posting one line does to its charge: how it stood for its payer, and stands then."""

    before: ChargeStand
    after: ChargeStand


@dataclass(slots=True)
class Foreseen:
    """The checks of a file that were planned already, in the order in which they post."""

    work: Work
    _steps: dict[int, list[_Step]] = field(default_factory=lambda: defaultdict(list))
    _items: dict[int, list[OpenItem]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(-1, -1))

    def stands(self, charge_ids: Collection[int], payer_id: int) -> dict[int, ChargeStand]:
        """Return how charges will stand for a payer, by id."""
        found = stands(self.work, charge_ids, payer_id)
        for charge_id, stand in found.items():
            for step in self._steps.get(charge_id, ()):
                stand = _moved(stand, step)  # noqa: PLW2901 - one step after the other
            found[charge_id] = stand
        return found

    def items(self, payer_id: int) -> list[OpenItem]:
        """Return what will wait with a payer, oldest first."""
        if payer_id not in self._items:
            self._items[payer_id] = open_items(self.work, payer_id)
        return list(self._items[payer_id])

    def note(self, decided: Decided) -> None:
        """Keep what posting a check will do; nothing where it is stopped."""
        payer_id = decided.remittance.payer_id
        if payer_id is None or decided.stop:
            return
        posted = [
            one
            for one in sorted(
                decided.claims, key=lambda one: (not one.claim.reversal, one.claim.position)
            )
            if one.fate is Fate.POSTED and not one.netted
        ]
        charges = {line.line.charge_id for one in posted for line in one.lines} - {None}
        now = self.stands({one for one in charges if one is not None}, payer_id)
        check = next(self._ids)
        for claim in posted:
            self._note_claim(claim, check, now)
        self._note_items(decided, payer_id)

    def _note_claim(self, one: DecidedClaim, check: int, now: dict[int, ChargeStand]) -> None:
        row = next(self._ids)
        for line in one.lines:
            stand = now.get(line.line.charge_id or 0)
            if stand is None or line.fate is not Fate.POSTED:
                continue
            made = tuple(
                Made(next(self._ids), check, kind, cents, recorded, row)
                for kind, cents, recorded in _adjustments(line)
            )
            said = _said(one.claim, line, next(self._ids), row, check)
            after = stand.after(line)
            after = replace(after, answered_now=False, said=(*after.said, said))
            now[stand.charge_id] = replace(after, made=(*after.made, *made))
            self._steps[stand.charge_id].append(_Step(stand, now[stand.charge_id]))

    def _note_items(self, decided: Decided, payer_id: int) -> None:
        left = {one.item_id: one for one in self.items(payer_id)}
        for plb in decided.plbs:
            for pair in plb.pairs:
                item = left[pair.item_id]
                rest = item.left - pair.cents if item.left > 0 else item.left + pair.cents
                left[pair.item_id] = replace(item, left=rest)
            if plb.open and plb.rest:
                new, said = next(self._ids), plb.plb
                left[new] = OpenItem(
                    *(new, plb.kind, said.reason, said.reference, plb.account),
                    *(said.cents, plb.rest),
                )
        for claim in decided.to_explain:
            new, reference = next(self._ids), claim.claim.payer_number or claim.claim.number
            left[new] = OpenItem(
                *(new, RecoupmentKind.TO_EXPLAIN, claim.claim.status, reference, RECOUPMENTS),
                *(claim.unexplained, claim.unexplained),
            )
        self._items[payer_id] = [one for one in left.values() if one.left]


def _moved(stand: ChargeStand, step: _Step) -> ChargeStand:
    """Return a charge after a step: as that payer has it, or with what it changed for another."""
    before, after = step
    moved = replace(
        stand,
        open=stand.open + after.open - before.open,
        over=stand.over + after.over - before.over,
        recorded=stand.recorded + after.recorded - before.recorded,
        written_off=stand.written_off + after.written_off - before.written_off,
        patient_share=stand.patient_share + after.patient_share - before.patient_share,
        answered_by=stand.answered_by | {after.payer_id},
    )
    if after.payer_id != stand.payer_id:
        return moved
    return replace(moved, paid=after.paid, said=after.said, made=after.made)


def _said(claim: AnsweredClaim, line: DecidedLine, line_id: int, row: int, check: int) -> Said:
    return Said(
        line_id=line_id,
        claim_id=row,
        remittance_id=check,
        payment_id=check,
        status=claim.status,
        number=claim.number,
        payer_number=claim.payer_number,
        claim_paid=claim.paid,
        paid=line.line.paid,
        charge=line.line.charge,
        adjustments=cas_text(line.line.cas),
        reverses_id=line.reverses_id,
        back=False,
        claim_adjustments=cas_text(claim.cas),
    )


def _adjustments(line: DecidedLine) -> Iterator[tuple[AdjustmentKind, int, bool]]:
    """Yield the adjustments that a line will make: kind, cents, whether SimplePractice had it."""
    for one in line.adjustments:
        kind = AdjustmentKind.CORRECTION
        if one.action is RuleAction.WRITE_OFF:
            kind = AdjustmentKind.CONTRACTUAL
        yield kind, one.cents, one.recorded
    if line.difference:
        yield AdjustmentKind.CORRECTION, line.difference, False
    if line.to_patient > 0:
        yield AdjustmentKind.TO_PATIENT, line.to_patient, False
    elif line.to_patient:
        yield AdjustmentKind.TO_PAYER, -line.to_patient, False
