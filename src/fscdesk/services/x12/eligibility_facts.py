"""What a payer says of a patient's coverage: as `eligibility_271` reads it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fscdesk.models.values import Money
from fscdesk.services.x12.eligibility_words import (
    COVERAGE,
    DATES,
    FOLLOW_UPS,
    INSURANCE_TYPES,
    LEVELS,
    PERIODS,
    QUANTITIES,
    REJECTIONS,
    SERVICE_TYPES,
    words_of,
)
from fscdesk.services.x12.segments import Oddity


class BenefitKind(enum.StrEnum):
    """What one benefit line (EB01) is about; ``other`` keeps its code for `Benefit.words`."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    COINSURANCE = "coinsurance"
    COPAY = "copay"
    DEDUCTIBLE = "deductible"
    OUT_OF_POCKET = "out_of_pocket"
    LIMIT = "limit"
    NOT_COVERED = "not_covered"
    OTHER_PAYER = "other_payer"
    OTHER = "other"

    @classmethod
    def of(cls, code: str) -> BenefitKind:
        """Return the kind of an EB01 code."""
        return _KINDS.get(code.upper(), cls.OTHER)


class Network(enum.StrEnum):
    """For whom a benefit holds (EB12); ``any`` both in and out, ``unknown`` not said."""

    IN = "in"
    OUT = "out"
    ANY = "any"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, code: str) -> Network:
        """Return what an EB12 code says."""
        known = {"Y": cls.IN, "N": cls.OUT, "W": cls.ANY}
        return known.get(code.upper(), cls.UNKNOWN)


class Who(enum.StrEnum):
    """For how many an amount holds (EB02)."""

    INDIVIDUAL = "individual"
    FAMILY = "family"
    OTHER = "other"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, code: str) -> Who:
        """Return what an EB02 code says."""
        known = {"IND": cls.INDIVIDUAL, "FAM": cls.FAMILY, "": cls.UNKNOWN}
        return known.get(code.upper(), cls.OTHER)


_KINDS = {
    **dict.fromkeys("12345", BenefitKind.ACTIVE),
    **dict.fromkeys("678", BenefitKind.INACTIVE),
    "A": BenefitKind.COINSURANCE,
    "B": BenefitKind.COPAY,
    "C": BenefitKind.DEDUCTIBLE,
    "F": BenefitKind.LIMIT,
    "G": BenefitKind.OUT_OF_POCKET,
    **dict.fromkeys("EI", BenefitKind.NOT_COVERED),
    "R": BenefitKind.OTHER_PAYER,
}
_REMAINING = {"29", "33"}
_SO_FAR = {"24"}


@dataclass(frozen=True, slots=True)
class PlanDate:
    """A day or span and what it is (DTP): ``what`` in words, such as ``plan begins``."""

    code: str
    start: date | None
    end: date | None

    @property
    def what(self) -> str:
        """What happens on it."""
        return words_of(DATES, self.code)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the payer did not answer (AAA), and what to do; ``at`` is the part it concerns."""

    code: str
    follow_up: str
    at: str

    def __str__(self) -> str:
        do = words_of(FOLLOW_UPS, self.follow_up) if self.follow_up else ""
        known = self.code.upper() in REJECTIONS
        words = words_of(REJECTIONS, self.code) if known else f"reason {self.code or 'not given'}"
        return f"{words[:1].upper()}{words[1:]}{f': {do}' if do else ''}"


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody that an answer names: another payer, a primary care provider, a contact."""

    code: str
    name: str
    identifier: str
    phone: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit line, for one or more service types.

    ``percent`` is 20 for 20 %, the patient's share. ``authorization`` is None where it is not
    said whether one is needed. ``services`` are X12's codes, none means the whole plan.
    """

    code: str
    kind: BenefitKind
    services: tuple[str, ...]
    level: str
    insurance_type: str
    plan: str
    period: str
    amount: Money | None
    percent: Decimal | None
    quantity: Decimal | None
    quantity_of: str
    network: Network
    authorization: bool | None
    procedure: str
    places: tuple[str, ...]
    messages: tuple[str, ...]
    dates: tuple[PlanDate, ...]
    entities: tuple[Entity, ...]
    rejections: tuple[Rejection, ...]
    position: int

    @property
    def who(self) -> Who:
        """For how many it holds."""
        return Who.of(self.level)

    @property
    def is_remaining(self) -> bool:
        """Return whether the amount or quantity is what is left, not the whole."""
        return self.period in _REMAINING

    @property
    def is_so_far(self) -> bool:
        """Return whether the amount or quantity is what was used up to now."""
        return self.period in _SO_FAR

    @property
    def words(self) -> str:
        """The line in words: ``Copay 25.00 per visit, in network, Mental health``."""
        parts = [self._what(), words_of(LEVELS, self.level)]
        networks = {Network.IN: "in network", Network.OUT: "out of network"}
        parts += [networks.get(self.network, ""), self.plan]
        if not self.plan:
            parts.append(words_of(INSURANCE_TYPES, self.insurance_type))
        parts += [words_of(SERVICE_TYPES, service) for service in self.services]
        if self.procedure:
            parts.append(self.procedure)
        if self.authorization:
            parts.append("authorization needed")
        parts += [entity.name for entity in self.entities]
        parts += self.messages
        return ", ".join(part for part in parts if part)

    def _what(self) -> str:
        name = words_of(COVERAGE, self.code) or "Benefit"
        figures = []
        if self.amount is not None:
            figures.append(str(self.amount))
        if self.percent is not None:
            figures.append(f"{self.percent.normalize():f} %")
        if self.quantity is not None:
            unit = words_of(QUANTITIES, self.quantity_of)
            figures.append(f"{self.quantity.normalize():f} {unit}".strip())
        period = words_of(PERIODS, self.period)
        if period and not (self.is_remaining or self.is_so_far):
            period = f"per {period}"
        return " ".join(part for part in (name, *figures, period) if part)


@dataclass(frozen=True, slots=True)
class Covered:
    """A person as the payer has it on file; ``changed``: the payer's data differ from ours."""

    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    member_id: str = ""
    birth_date: date | None = None
    sex: str = ""
    relation: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """The answer for one patient, or for a question that reached none.

    ``active`` is None where the answer does not say. ``trace`` is our own number come back,
    ``payer_trace`` the payer's. ``subscriber`` and ``dependent`` are None where nobody is named;
    the patient is the dependent where there is one. ``references`` holds REF by its qualifier
    (6P group number, 18 plan number, …). ``text`` is what the file says of this patient: the
    patient's own level and those above it.
    """

    control: str
    reference: str
    made_on: date | None
    trace: str
    payer_trace: str
    payer_name: str
    payer_id: str
    provider_name: str
    provider_id: str
    subscriber: Covered | None
    dependent: Covered | None
    active: bool | None
    plan_name: str
    coverage_start: date | None
    coverage_end: date | None
    dates: tuple[PlanDate, ...]
    references: tuple[tuple[str, str], ...]
    benefits: tuple[Benefit, ...]
    rejections: tuple[Rejection, ...]
    text: str = ""

    @property
    def group_number(self) -> str:
        """REF*6P, else the plan's (REF*18), or ""."""
        known = dict(reversed(self.references))
        return known.get("6P", "") or known.get("18", "")

    def of_kind(self, kind: BenefitKind) -> tuple[Benefit, ...]:
        """Return the benefit lines of one kind, in the payer's order."""
        return tuple(benefit for benefit in self.benefits if benefit.kind is kind)


@dataclass(frozen=True, slots=True)
class Reading271:
    """All that a file answers."""

    answers: tuple[EligibilityAnswer, ...]
    oddities: tuple[Oddity, ...]
