"""What earlier payers paid, took off, and left of the lines of a claim (2320, 2430).

A payer's own words come first: what a remittance says that is posted, and agrees with what the
payer has paid. Else it is read from the ledger and from the adjustments. What SimplePractice
recorded counts as the first payer's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjustment_rules import GROUPS
from fscdesk.services.claim_line_answers import (
    carc_of_answer,
    group_of_answer,
    is_denied,
    line_answers,
)
from fscdesk.services.claim_standing import standing
from fscdesk.services.claims.content import EarlierAdjustment, EarlierAnswer, EarlierLine
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_SIDE, PATIENT_RECEIVABLE
from fscdesk.services.remittances.said import said_of
from fscdesk.services.work import Work

DECIDED: Final = frozenset(
    {ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID, ClaimStatus.DENIED, ClaimStatus.APPEALING}
)
"""Claims that their payer has answered."""
CONTRACT, COPAY, DEDUCTIBLE = "45", "3", "1"
"""CARC for what is known without one: over the fee of the contract, the share that the client
was charged from the start, and the client's by the payer's word."""
EARLIER_PAYERS: Final = ("OA", "23")
"""How a later payer says what the payers before it have settled."""
_PAID_BY_CLIENT: Final = (Part.PATIENT_PAID, Part.RETURNED, Part.REFUND, Part.TRANSFER)


@dataclass(slots=True)
class _Decided:
    """What one payer decided of one charge, in cents."""

    paid: int = 0
    adjustments: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.paid or any(self.adjustments.values()))

    def seen_on(self, day: date | None) -> None:
        """Keep the newest day."""
        if day is not None and (self.on is None or day > self.on):
            self.on = day


@dataclass(frozen=True, slots=True)
class _EarlierClaim:
    """The claim of an earlier payer that has a charge; ``said`` is the answer of its line."""

    status: ClaimStatus
    payer_number: str
    said: str
    answered_on: date | None


class Earlier:
    """All that is known of payers' answers about some charges, in few questions for any number."""

    def __init__(self, work: Work, charge_ids: Collection[int]) -> None:
        rows = work.db.scalars(select(Charge).where(among(work, Charge.id, charge_ids)))
        self._charges = {row.id: row for row in rows}
        self._found: dict[tuple[int, int], _Decided] = {}
        self._read_payments(work)
        self._read_adjustments(work)
        self._claims = _claims(work, self._charges)
        self._said = said_of(work, self._charges)

    def answer(self, payer_id: int, lines: Mapping[int, int], *, rank: int) -> EarlierAnswer | None:
        """Return what a payer decided of lines, given as position by charge; None if it did not.

        ``rank`` is the payer's place: the first one's answer leaves the client's share of the
        start to the client, and a later one's line balances by what was settled before it. A line
        that was denied balances by its own reason. Nothing else is added: where what was posted
        does not make the charge, the line does not balance, and the scrubber stops the claim. A
        claim that is not decided (one that corrects another) makes what was posted no answer.
        """
        decided, number, on = [], "", None
        for charge_id, position in lines.items():
            claim = self._claims.get((charge_id, payer_id, rank))
            found = self._found.get((charge_id, payer_id))
            if claim is not None:
                number = claim.payer_number or number
            if not found if claim is None else claim.status not in DECIDED:
                continue
            line = self._in_its_words(charge_id, payer_id, position, found, claim) or self._line(
                charge_id, position, found or _Decided(), claim, first=rank == 1
            )
            decided.append(line)
            if line.decided_on is not None:
                on = max(line.decided_on, on or line.decided_on)
        if len(decided) < len(lines):
            return None
        owes = sum(
            one.amount.cents for line in decided for one in line.adjustments if one.group == "PR"
        )
        paid = sum(line.paid.cents for line in decided)
        return EarlierAnswer(Money(paid), Money(owes), number, on, tuple(decided))

    def _in_its_words(
        self,
        charge_id: int,
        payer_id: int,
        position: int,
        found: _Decided | None,
        claim: _EarlierClaim | None,
    ) -> EarlierLine | None:
        """Return a line as the payer's remittance says it; None where none is in the books.

        Nor where the ledger has paid something else: then more was said than this.
        """
        said = self._said.get((charge_id, payer_id))
        paid = 0 if found is None else found.paid
        if said is None or said.paid != paid or any(one.group not in GROUPS for one in said.cas):
            return None
        return EarlierLine(
            position,
            Money(said.paid),
            tuple(EarlierAdjustment(one.group, one.carc, Money(one.cents)) for one in said.cas),
            (claim.answered_on if claim is not None else None) or said.paid_on,
        )

    def _line(
        self,
        charge_id: int,
        position: int,
        found: _Decided,
        claim: _EarlierClaim | None,
        *,
        first: bool,
    ) -> EarlierLine:
        charge = self._charges[charge_id]
        parts = dict(found.adjustments)
        said = "" if claim is None else claim.said
        denied = is_denied(said) and not found.paid
        if first and found and not denied and charge.patient_share:
            key = ("PR", COPAY)
            parts[key] = parts.get(key, 0) + charge.patient_share.cents
        left = charge.amount.cents - found.paid - sum(parts.values())
        if left > 0 and denied:
            if carc := carc_of_answer(said):
                key = group_of_answer(said) or "CO", carc
                parts[key] = parts.get(key, 0) + left
        elif left > 0 and found and not first:
            parts[EARLIER_PAYERS] = left
        return EarlierLine(
            position,
            Money(found.paid),
            tuple(
                EarlierAdjustment(group, carc, Money(cents))
                for (group, carc), cents in sorted(parts.items())
                if cents
            ),
            (claim.answered_on if claim is not None else None) or found.on,
        )

    def _read_payments(self, work: Work) -> None:
        """Read what payers paid, and what SimplePractice says that they paid and took off."""
        for charge_id, payer_id, part, total, day in work.db.execute(
            select(
                JournalLine.charge_id,
                Payment.payer_id,
                JournalLine.part,
                func.sum(JournalLine.amount),
                func.max(JournalLine.day),
            )
            .outerjoin(Payment, Payment.id == JournalLine.payment_id)
            .where(
                among(work, JournalLine.charge_id, self._charges),
                JournalLine.account.in_(INSURANCE_SIDE),
                JournalLine.part.in_((Part.INSURANCE_PAID, Part.WRITE_OFF)),
            )
            .group_by(JournalLine.charge_id, Payment.payer_id, JournalLine.part)
        ):
            first = self._charges[charge_id].payer_id if charge_id else None
            payer = first if part is Part.WRITE_OFF else payer_id or first
            if charge_id is None or payer is None or not total:
                continue
            found = self._of(charge_id, payer)
            found.seen_on(day)
            if part is Part.INSURANCE_PAID:
                found.paid -= total.cents
            else:  # what is an adjustment of ours is taken out of it again, below
                found.adjustments["CO", CONTRACT] -= total.cents

    def _read_adjustments(self, work: Work) -> None:
        """Read what payers took off or made the client's."""
        taken_off = (AdjustmentKind.CONTRACTUAL, AdjustmentKind.CORRECTION)
        kinds = (*taken_off, AdjustmentKind.TO_PATIENT, AdjustmentKind.TO_PAYER)
        for one, payer_id in work.db.execute(
            select(Adjustment, Payment.payer_id)
            .outerjoin(Payment, Payment.id == Adjustment.payment_id)
            .where(
                among(work, Adjustment.charge_id, self._charges),
                Adjustment.status == AdjustmentStatus.POSTED,
                Adjustment.kind.in_(kinds),
                Adjustment.recorded.is_(False),
            )
            .order_by(Adjustment.id)
        ):
            payer = payer_id or self._charges[one.charge_id].payer_id
            if one.kind is AdjustmentKind.TO_PAYER and payer_id is None:
                continue  # by hand, to bill the next payer: no word of an earlier one
            if payer is None or (one.kind in taken_off and one.side is not Side.INSURANCE):
                continue
            if one.kind is AdjustmentKind.CORRECTION and not one.group_code:
                continue  # the office's own correction
            found = self._of(one.charge_id, payer)
            found.seen_on(one.on)
            if one.kind is AdjustmentKind.CONTRACTUAL:
                first = self._of(one.charge_id, self._charges[one.charge_id].payer_id or payer)
                first.adjustments["CO", CONTRACT] -= one.amount.cents
            if one.kind in taken_off:
                key = one.group_code or "CO", one.carc or CONTRACT
            else:
                key = "PR", one.carc or DEDUCTIBLE
            sign = -1 if one.kind is AdjustmentKind.TO_PAYER else 1
            found.adjustments[key] += sign * one.amount.cents

    def _of(self, charge_id: int, payer_id: int) -> _Decided:
        return self._found.setdefault((charge_id, payer_id), _Decided())


def paid_by_client(work: Work, charge_ids: Collection[int]) -> dict[int, Money]:
    """Return what the client has paid of charges until now (AMT*F5, box 29)."""
    rows = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.account == PATIENT_RECEIVABLE,
            JournalLine.part.in_(_PAID_BY_CLIENT),
        )
        .group_by(JournalLine.charge_id)
    )
    return {one: max(-total, ZERO) for one, total in rows if one is not None}


def _claims(work: Work, charge_ids: Collection[int]) -> dict[tuple[int, int, int], _EarlierClaim]:
    """Return the newest standing claim by charge, payer, and rank.

    By rank, too: two plans of a client can be with one payer.
    """
    rows = work.db.execute(
        select(
            ClaimLine.charge_id,
            ClaimLine.position,
            Claim.id,
            Claim.payer_id,
            Claim.rank,
            Claim.status,
            Claim.payer_number,
            Claim.answered_on,
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            among(work, ClaimLine.charge_id, charge_ids),
            standing(),
            Claim.frequency != Frequency.VOID,
        )
        .order_by(Claim.id)
    ).all()
    answers = line_answers(work, {row.id for row in rows})
    return {
        (row.charge_id, row.payer_id, row.rank): _EarlierClaim(
            row.status,
            row.payer_number,
            answers[row.id].get(row.position, ""),
            row.answered_on,
        )
        for row in rows
    }
