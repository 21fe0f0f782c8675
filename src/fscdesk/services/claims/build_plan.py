"""What building would do: which claims with which lines, and what is left out with the reason."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.payer_rules import RuleChange


class WhyNot(enum.StrEnum):
    """Why a session goes on no claim."""

    NOT_READY = "not_ready"
    ON_CLAIM = "on_claim"
    SELF_PAY = "self_pay"
    FEE_ONLY = "fee_only"
    NO_POLICY = "no_policy"
    OTHER_PAYER = "other_payer"
    NO_PLACE = "no_place"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A session that goes on no claim: why, as a code and in a sentence, and where to mend it.

    ``place`` is what to open ("patient", "session", "claim", "payer") and ``place_id`` which.
    ``fee`` is what the session costs.
    """

    session_id: int
    patient_id: int
    patient: str
    day: date
    code: WhyNot
    reason: str
    place: str
    place_id: int | None
    fee: Money = ZERO


@dataclass(frozen=True, slots=True)
class LineChange:
    """What a rule has set on a line of a claim that is to be."""

    charge_id: int
    change: RuleChange


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A service that goes on a claim, at the full fee. ``pointers`` are positions of diagnoses.

    ``place_of_service`` is empty where it is the claim's.
    """

    session_id: int
    charge_id: int
    day: date
    code: str
    modifiers: tuple[str, ...]
    place_of_service: str
    units: int
    amount: Money
    pointers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedClaim:
    """A claim that would be made. ``key`` names it in its plan; nothing else has it.

    ``will_stop`` says what is known already to keep it back, or nothing; ``held_for`` what of it
    only a person releases: a rule held it for how it was before another rule set something.
    ``primary_id`` is the
    earlier payer's claim behind which a secondary or tertiary one stands.
    """

    key: str
    patient_id: int
    patient: str
    payer_id: int
    payer: str
    policy_id: int
    rank: int
    rendering_id: int
    rendering: str
    supervising_id: int | None
    referral_id: int | None
    authorization_id: int | None
    location_id: int | None
    place_of_service: str
    note: str
    diagnoses: tuple[str, ...]
    lines: tuple[PlannedLine, ...]
    changes: tuple[LineChange, ...]
    will_stop: str = ""
    primary_id: int | None = None
    held_for: str = ""

    @property
    def total(self) -> Money:
        """Return what the claim charges."""
        return Money(sum(line.amount.cents for line in self.lines))

    @property
    def session_ids(self) -> tuple[int, ...]:
        """Return the sessions that are on it, each once."""
        return tuple(dict.fromkeys(line.session_id for line in self.lines))

    @property
    def first_day(self) -> date:
        """Return the earliest day of service."""
        return min(line.day for line in self.lines)

    @property
    def last_day(self) -> date:
        """Return the latest day of service."""
        return max(line.day for line in self.lines)


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """Which claims would be made of sessions: each of them is on one claim or left out.

    ``later_payers`` says that the claims go to the payers behind one that has answered.
    """

    claims: tuple[PlannedClaim, ...]
    left_out: tuple[LeftOut, ...]
    later_payers: bool = False

    @property
    def session_ids(self) -> tuple[int, ...]:
        """Return the sessions that go on a claim."""
        return tuple(one for claim in self.claims for one in claim.session_ids)

    @property
    def read(self) -> int:
        """Return how many sessions were looked at."""
        return len(self.session_ids) + len(self.left_out)

    @property
    def total(self) -> Money:
        """Return what all claims charge together."""
        return Money(sum(claim.total.cents for claim in self.claims))

    def sentence(self) -> str:
        """Return what would be made, for the message bar."""
        claims, sessions = len(self.claims), len(self.session_ids)
        words = f"{_count(claims, 'claim')} of {_count(sessions, 'session')}, {self.total}"
        return f"{words}; {len(self.left_out)} left out." if self.left_out else f"{words}."


@dataclass(frozen=True, slots=True)
class Built:
    """What building made: the claims with their numbers, in the order of the plan."""

    claim_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    sessions: int
    total: Money
    left_out: tuple[LeftOut, ...] = ()

    def sentence(self) -> str:
        """Return what was made, for the message bar."""
        words = (
            f"{_count(len(self.claim_ids), 'claim')} of {_count(self.sessions, 'session')} built, "
            f"{self.total}"
        )
        return f"{words}; {len(self.left_out)} left out." if self.left_out else f"{words}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
