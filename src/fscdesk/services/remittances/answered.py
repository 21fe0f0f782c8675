"""What a payer answered, and what the books will make of it: the words that this room shares.

    AnsweredRemittance   what it says, and whose lines they are: from an 835, an EOB, or its rows
    Decided              what posting it would do, line by line, with a reason for what it leaves

The same decision is shown before posting and posted. Amounts are whole cents.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import Fate, RuleAction, Unposted

REVERSAL = "22"
"""CLP02 of a claim that is taken back: its amounts come with the opposite sign."""
DENIED_STATUS = "4"
PREDETERMINATION = "25"
FORWARDED = frozenset({"19", "20", "21"})
"""CLP02 of a claim that the payer passed on to the next one."""
STATUSES: Final = frozenset({"1", "2", "3", "19", "20", "21", "22", "23", "4", "25"})
"""CLP02 that version 5010 knows; what earlier ones had besides is nobody's guess."""


class MatchedBy(enum.StrEnum):
    """By what a claim or a line of ours was found; what a person chose is never chosen anew."""

    LINE_ID = "line_id"
    NUMBER = "number"
    MEMBER_ID = "member_id"
    NAME = "name"
    HAND = "hand"


class Cas(NamedTuple):
    """One adjustment: group (CO, PR, OA, PI, CR), reason (CARC), cents as sent."""

    group: str
    carc: str
    cents: int

    @property
    def code(self) -> str:
        """Return how people write it: ``CO-45``."""
        return f"{self.group}-{self.carc}"


def cas_text(found: Iterable[Cas]) -> str:
    """Spell adjustments as the database keeps them: ``CO 45 2000;PR 3 2500``."""
    return ";".join(f"{one.group} {one.carc} {one.cents}" for one in found)


def cas_of(text: str) -> tuple[Cas, ...]:
    """Read adjustments as the database keeps them."""
    parts = (one.split(" ") for one in text.split(";") if one)
    return tuple(Cas(group, carc, int(cents)) for group, carc, cents in parts)


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A payer's answer to one service, and the charge that it is about.

    ``charge_id`` is None where no charge was found: ``why`` and ``words`` say so. ``row_id`` is
    its row (remittance_line), 0 before it is kept. A claim that the payer did not itemise has
    one line of its whole amount, with ``itemised`` False; the adjustments of such a claim stand
    with the claim. ``matched_by`` is a `MatchedBy`.
    """

    position: int
    code: str
    charge: int
    paid: int
    cas: tuple[Cas, ...]
    modifiers: tuple[str, ...] = ()
    billed_code: str = ""
    units: str = ""
    allowed: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    line_id: str = ""
    remarks: tuple[str, ...] = ()
    charge_id: int | None = None
    claim_line_id: int | None = None
    matched_by: str = ""
    why: Unposted | None = None
    words: str = ""
    itemised: bool = True
    row_id: int = 0


@dataclass(frozen=True, slots=True)
class AnsweredClaim:
    """A payer's answer to one claim. ``off`` is by how much it does not balance."""

    position: int
    number: str
    status: str
    charge: int
    paid: int
    patient_share: int
    cas: tuple[Cas, ...]
    lines: tuple[AnsweredLine, ...]
    payer_number: str = ""
    frequency: str = ""
    patient_name: str = ""
    member_id: str = ""
    corrected: str = ""
    forwarded: bool = False
    forwarded_to: str = ""
    interest: int = 0
    remarks: tuple[str, ...] = ()
    received_on: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    off: int = 0
    readable: bool = True
    claim_id: int | None = None
    patient_id: int | None = None
    matched_by: str = ""
    why: Unposted | None = None
    words: str = ""
    row_id: int = 0
    posted: bool = False
    closed: bool = False

    @property
    def reversal(self) -> bool:
        """Return whether it takes back what was paid; a positive 22 is a correction."""
        return self.status == REVERSAL and self.paid <= 0 and self.charge <= 0


class Plb(NamedTuple):
    """A pair of PLB: reason, reference, cents; positive was taken from the check."""

    position: int
    reason: str
    reference: str
    cents: int
    provider: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredRemittance:
    """A payer's check with what it answers; ``remittance_id`` is 0 before it is kept.

    ``check_off`` is by how much the check does not balance. ``payer_id`` is None where nobody
    knows yet whose it is. ``payee_npi`` is whom it was paid to: the NPI, where a file tells none
    the tax id. ``payer_ids`` are its other ids (REF of 1000A), as a file names them;
    rows do not keep them.
    """

    payer_id: int | None
    amount: int
    method: str
    paid_on: date
    trace: str
    claims: tuple[AnsweredClaim, ...]
    plbs: tuple[Plb, ...] = ()
    payer_name: str = ""
    payer_code: str = ""
    origin_id: str = ""
    payee_npi: str = ""
    control: str = ""
    position: int = 1
    test: bool = False
    readable: bool = True
    check_off: int = 0
    claims_off: int = 0
    services_off: int = 0
    remittance_id: int = 0
    payer_ids: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Return whether check, claims and services all add up."""
        off = self.check_off or self.claims_off or self.services_off
        return self.readable and not off


class DecidedAdjustment(NamedTuple):
    """One adjustment that is posted: what the rule does, the payer's code, cents off the payer.

    ``recorded``: SimplePractice had written it off, so that it closes account 1060.
    """

    action: RuleAction
    cas: Cas
    cents: int
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """What posting does to one charge.

    ``paid`` is split into ``to_recorded`` (1060), ``to_open`` (1110) and ``over`` (2410 with the
    charge); for a reversal all three are negative, mirrored from what was posted. ``to_patient``
    is how the client's share changes (negative: back to the payer). ``denied`` is ``CO-97``
    where the payer refuses it. ``told`` are adjustments that post nothing, as they were said.
    ``paid`` is always the sum of the three; where several lines are about one charge, the first
    of them carries all of it. ``left`` is what the payer owes of the charge afterwards.
    ``expected`` is what its fee schedule lets it allow. ``reverses_id`` is the row of the line
    whose posting a reversal takes back, ``undo`` are the adjustments (ids) that go with it.
    ``difference`` (above zero) is what it takes back beyond what was paid: it is in ``to_open``,
    and comes off the payer's share again as a correction of its own.
    """

    line: AnsweredLine
    fate: Fate
    why: Unposted | None = None
    words: str = ""
    paid: int = 0
    to_recorded: int = 0
    to_open: int = 0
    over: int = 0
    adjustments: tuple[DecidedAdjustment, ...] = ()
    to_patient: int = 0
    patient_carc: str = ""
    denied: str = ""
    told: tuple[Cas, ...] = ()
    left: int = 0
    expected: int | None = None
    reverses_id: int | None = None
    undo: tuple[int, ...] = ()
    difference: int = 0

    @property
    def wrote_off(self) -> int:
        """Return what it takes off without money."""
        return sum(one.cents for one in self.adjustments)


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """What posting does with one claim: whole or not at all, with the reason.

    ``netted``: it and its reversal (or its original) stand in one remittance; both post, and
    nothing moves. A reversal alone may post some of its lines: what it takes back of the others
    is not in the books (any more), and stays to be explained.
    """

    claim: AnsweredClaim
    fate: Fate
    why: Unposted | None
    words: str
    lines: tuple[DecidedLine, ...]
    netted: bool = False

    @property
    def unexplained(self) -> int:
        """Return what it takes of the check for what is not in the books; cents, above zero."""
        if self.fate is not Fate.POSTED:
            return max(-self.claim.paid, 0)
        if self.netted or not self.claim.reversal or not self.lines:
            return 0
        return sum(one.paid for one in self.lines) - self.claim.paid


class DecidedPair(NamedTuple):
    """What of an item that stands (by id) is settled by a PLB, in cents above zero."""

    item_id: int
    cents: int


class PlbPair(NamedTuple):
    """What of another PLB of the same remittance (by position) it settles, in cents above zero."""

    position: int
    cents: int


@dataclass(frozen=True, slots=True)
class DecidedPlb:
    """What posting does with a PLB: what it settles, and as what the rest of it stays.

    ``rest`` has the sign of the PLB. ``kind`` and ``account`` are of the rest, and of the whole
    where there is none; ``open`` says whether the rest waits for something. ``pairs`` stand on
    the account of the item that they settle. ``within`` is the other of two that cancel each
    other in one remittance (WO and 72): both stand whole on 1120, none of it stays open, and the
    later one names the earlier. A check below zero is decided as one more of them, with what the
    payer carries forward (position 0, reason FB): the payment itself is 0.00 then.
    """

    plb: Plb
    kind: RecoupmentKind
    account: str
    pairs: tuple[DecidedPair, ...] = ()
    rest: int = 0
    open: bool = False
    words: str = ""
    within: tuple[PlbPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """All that posting a remittance does. ``stop`` says why nothing of it can post.

    Claims that are posted or closed already are in it without lines. ``plbs`` is empty where
    they are in the books already.
    """

    remittance: AnsweredRemittance
    claims: tuple[DecidedClaim, ...]
    plbs: tuple[DecidedPlb, ...]
    stop: str = ""

    @property
    def unposted(self) -> tuple[DecidedClaim, ...]:
        """Return the claims that stay for a person."""
        return tuple(one for one in self.claims if one.fate is Fate.UNPOSTED)

    @property
    def rest(self) -> int:
        """Return what of the money belongs to claims that stay, in cents."""
        return sum(max(one.claim.paid, 0) for one in self.unposted)

    @property
    def to_explain(self) -> tuple[DecidedClaim, ...]:
        """Return the claims that took money out of the check and are about nothing in the books.

        What they took is to be explained (account 1120), so that the rest of the check is what
        the other claims leave of it. One that only waits for a review is not among them; one
        that was set aside is, as its money stays part of the check.
        """
        taken = (one for one in self.claims if one.unexplained > 0)
        return tuple(one for one in taken if not self.stop and one.why is not Unposted.REVIEW)
