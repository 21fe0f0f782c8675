"""A charge as it stands for a payer that answers, before and after each answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.services.billing.adjustment_rules import PATIENT_RESPONSIBILITY
from fscdesk.services.remittances.answered import DENIED_STATUS, DecidedLine, cas_of


class Paid(NamedTuple):
    """What of a payer's money stands with a charge, in cents, by where it went.

    With the charge as too much (2410), for the receivable (1110), for what SimplePractice had
    called paid (1060).
    """

    over: int = 0
    open: int = 0
    recorded: int = 0

    @property
    def total(self) -> int:
        """Return all of it."""
        return self.over + self.open + self.recorded


RANKS: Final = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
"""At which place a payer says that it answered (CLP02)."""
NOTHING_PAID: Final = Paid()


class Said(NamedTuple):
    """What a payer said of a charge in a remittance that is posted: its line and its claim.

    ``adjustments`` is as the database spells them. ``back`` says that a reversal took it back,
    ``returned`` that the bank took its money back. ``claim_adjustments`` stand at the head of the
    claim. ``typed``: somebody typed it in, who may have put its reasons otherwise.
    """

    line_id: int
    claim_id: int
    remittance_id: int
    payment_id: int | None
    status: str
    number: str
    payer_number: str
    claim_paid: int
    paid: int
    charge: int
    adjustments: str
    reverses_id: int | None
    back: bool
    returned: bool = False
    claim_adjustments: str = ""
    typed: bool = False


class Made(NamedTuple):
    """An adjustment that a payment of the payer brought, and that stands.

    ``claim_id`` is the row of the claim that said so, 0 where no claim of a remittance did.
    """

    adjustment_id: int
    payment_id: int
    kind: AdjustmentKind
    cents: int
    recorded: bool
    claim_id: int = 0


@dataclass(frozen=True, slots=True)
class ChargeStand:
    """A charge as it stands for one payer. Amounts are cents.

    ``open`` is what the payer owes (1110), ``over`` what it paid too much (2410 with the charge),
    ``recorded`` and ``written_off`` what SimplePractice calls paid and written off, and nothing
    has taken yet (1060). ``patient_share`` is the client's now: of the start, and what was moved
    since. ``payers`` are who may answer on that day, with their ranks. ``paid``, ``said`` and
    ``made`` are of this payer, oldest first; ``payments`` are the numbers under which its money
    stands. ``answered_now`` says that it was answered in the remittance that is decided.
    ``allowed`` is what its fee schedule allows.
    """

    charge_id: int
    payer_id: int
    code: str
    service_day: date
    amount: int
    patient_share: int = 0
    voided: bool = False
    open: int = 0
    over: int = 0
    recorded: int = 0
    written_off: int = 0
    payers: tuple[tuple[int, int], ...] = ()
    answered_by: frozenset[int] = frozenset()
    answered_ranks: frozenset[int] = frozenset()
    by_simplepractice: bool = False
    paid: Paid = NOTHING_PAID
    said: tuple[Said, ...] = ()
    made: tuple[Made, ...] = ()
    allowed: int | None = None
    payments: tuple[str, ...] = ()
    answered_now: bool = False

    @property
    def may_pay(self) -> bool:
        """Return whether the payer may answer for it."""
        return self.payer_id in [payer for _, payer in self.payers]

    @property
    def rank(self) -> int:
        """Return this payer's place on that day, by what the books know; 1 without any."""
        return min((rank for rank, payer in self.payers if payer == self.payer_id), default=1)

    @property
    def several(self) -> bool:
        """Return whether this payer may answer at more than one place."""
        return sum(payer == self.payer_id for _, payer in self.payers) > 1

    def has_said(self, rank: int | None = None) -> bool:
        """Return whether an answer of this payer stands that says what is the client's.

        A denial says nothing of that. ``rank``: where it answers at several places, at this one.
        """
        if self.answered_now and not self.several:
            return True
        return any(
            (one.paid > 0 or (one.status != DENIED_STATUS and _leaves_to_client(one)))
            and not (one.back or one.returned or one.reverses_id is not None)
            and (rank is None or not self.several or RANKS.get(one.status, rank) == rank)
            for one in self.said
        )

    def later_expected(self, rank: int) -> bool:
        """Return whether a payer behind this one will answer, too."""
        return any(other > rank for other, _ in self.payers)

    def later_answered(self, rank: int) -> bool:
        """Return whether a payer behind this one has answered already."""
        return any(self._has_answered(*one) for one in self.payers if one[0] > rank)

    def somebody_before(self, rank: int) -> bool:
        """Return whether another payer stands before a place, or has paid without standing there.

        Of a payer with several places nobody can tell which it means.
        """
        if self.by_simplepractice or self.several:
            return True
        return any(other < rank and payer != self.payer_id for other, payer in self.payers)

    def earlier_missing(self, rank: int) -> bool:
        """Return whether the payer before this one has not answered yet."""
        before = [one for one in self.payers if one[0] < rank] if rank > 1 else []
        if not before or self.by_simplepractice:
            return False
        nearest = max(before)[0]
        return not any(self._has_answered(*one) for one in before if one[0] == nearest)

    def _has_answered(self, rank: int, payer_id: int) -> bool:
        if rank in self.answered_ranks:
            return True
        # Two plans with one payer: its money does not say for which of them it came.
        mixed = payer_id == self.payer_id and rank > self.rank
        return payer_id in self.answered_by and not mixed

    def after(self, line: DecidedLine) -> ChargeStand:
        """Return it as it stands once a line that answers it is posted."""
        taken = line.difference + sum(one.cents for one in line.adjustments if not one.recorded)
        written = sum(one.cents for one in line.adjustments if one.recorded)
        undone = [one for one in self.made if one.adjustment_id in line.undo]
        moved = sum(moves_of(one) for one in undone)
        off = sum(one.cents for one in undone if not moves_of(one) and not one.recorded)
        reopened = sum(one.cents for one in undone if one.recorded)
        back = line.reverses_id is not None
        return replace(
            self,
            open=self.open - line.to_open - line.to_patient - taken + moved + off,
            over=self.over + line.over,
            recorded=self.recorded - line.to_recorded,
            written_off=self.written_off - written + reopened,
            patient_share=self.patient_share + line.to_patient - moved,
            answered_by=self.answered_by | {self.payer_id},
            answered_now=not back and (line.paid > 0 or self.answered_now),
            paid=Paid(
                self.paid.over + line.over,
                self.paid.open + line.to_open + line.difference,
                self.paid.recorded + line.to_recorded,
            ),
            made=tuple(one for one in self.made if one.adjustment_id not in line.undo),
            said=tuple(
                one._replace(back=True) if back and one.line_id == line.reverses_id else one
                for one in self.said
            ),
        )


def _leaves_to_client(said: Said) -> bool:
    return any(one.group == PATIENT_RESPONSIBILITY for one in cas_of(said.adjustments))


def moves_of(one: Made) -> int:
    """Return what an adjustment made the client's; below zero what it gave back to the payer."""
    if one.kind is AdjustmentKind.TO_PATIENT:
        return one.cents
    return -one.cents if one.kind is AdjustmentKind.TO_PAYER else 0
