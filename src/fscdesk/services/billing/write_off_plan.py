"""Plans a write-off of small balances: which accounts, which not and why. Writes nothing.

A listing first, as the office wants to see what it loses (features 3.5, 50): every account whose
whole open balance is small is either in the plan with its reason, or left out with one.
"""

from __future__ import annotations

import enum
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, func, literal_column, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.coverage import Policy
from fscdesk.models.invoice import Invoice, InvoiceLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.plan import PaymentPlan, PlanStatus
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.limits import (
    run_limit,
    small_balance,
    small_balance_days,
    visit_days,
)
from fscdesk.services.billing.parking import parked_patients
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

OWED: Final[ColumnElement[bool]] = literal_column("charge.patient_balance <> 0")
"""Written out as in the partial index of open charges, which is used only then."""


class Why(enum.StrEnum):
    """Why a small account is not in the plan."""

    TOO_YOUNG = "too_young"
    IN_PLAN = "in_plan"
    AT_AGENCY = "at_agency"
    PARKED = "parked"
    INVOICED = "invoiced"
    OVERPAID = "overpaid"
    WAITING = "waiting"
    RUN_FULL = "run_full"


WORDS: Final[Mapping[Why, str]] = MappingProxyType(
    {
        Why.IN_PLAN: "Has a payment plan",
        Why.AT_AGENCY: "Is at an agency",
        Why.PARKED: "Is parked",
        Why.OVERPAID: "One of its charges is overpaid",
        Why.WAITING: "Waits for approval already",
        Why.RUN_FULL: "The run is full; the next one takes it",
    }
)


class Flag(enum.StrEnum):
    """What a person may want to look at before the balance is gone."""

    VISIT = "visit"
    CREDIT = "credit"
    COPAY = "copay"


@dataclass(frozen=True, slots=True)
class Item:
    """What is open of one charge."""

    charge_id: int
    patient_id: int
    code: str
    service_day: date
    since: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Candidate:
    """A small account that would be written off, with its reason and what to look at.

    ``since`` is the day since which the youngest part of it is the client's to pay. ``remarks``
    has a sentence for each flag.
    """

    guarantor_id: int
    number: str
    name: str
    amount: Money
    since: date
    items: tuple[Item, ...]
    reason: str
    flags: tuple[Flag, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A small account that is not in the plan, with the reason as a code and as words."""

    guarantor_id: int
    number: str
    name: str
    amount: Money
    why: Why
    words: str


@dataclass(frozen=True, slots=True)
class WriteOffPlan:
    """Every account that owes little as of today: those to be written off, and the others.

    ``threshold``, ``days`` and ``limit`` are what it was made with; ``digest`` names the content.
    """

    as_of: date
    threshold: Money
    days: int
    limit: Money
    candidates: tuple[Candidate, ...]
    left_out: tuple[NotTaken, ...]
    digest: str

    @property
    def total(self) -> Money:
        """Return what would be written off."""
        return sum((one.amount for one in self.candidates), ZERO)


def plan_write_offs(
    work: Work,
    *,
    threshold: Money | None = None,
    days: int | None = None,
    limit: Money | None = None,
) -> WriteOffPlan:
    """Return which small balances would be written off today, the oldest first.

    None takes the practice's setting. Raises Problem for a threshold or an age that cannot be.
    """
    require(work, Right.ADJUST, "plan write-offs")
    most = small_balance(work) if threshold is None else threshold
    age = small_balance_days(work) if days is None else days
    room = run_limit(work) if limit is None else limit
    if most <= ZERO or age < 0 or room <= ZERO:
        raise Problem(
            "A run needs a balance above zero, an age of no days or more, and a limit above zero.",
            hint="Nothing was planned.",
        )
    today = work.today()
    accounts = _small_accounts(work, most)
    facts = _facts(work, accounts, today, age)
    taken: list[Candidate] = []
    left: list[NotTaken] = []
    total = 0
    for guarantor_id, items in sorted(accounts.items(), key=lambda one: (_since(one[1]), one[0])):
        number, name = facts.names[guarantor_id]
        amount = _sum(items)
        why = facts.why_not(guarantor_id, items)
        if why is None and total + amount.cents > room.cents:
            why = Why.RUN_FULL, WORDS[Why.RUN_FULL]
        if why is not None:
            left.append(NotTaken(guarantor_id, number, name, amount, *why))
            continue
        total += amount.cents
        remarks = facts.remarks(items)
        taken.append(
            Candidate(
                guarantor_id,
                number,
                name,
                amount,
                _since(items),
                tuple(items),
                f"{amount} open for {(today - _since(items)).days} days,"
                f" {most} or less and more than {age} days",
                tuple(remarks),
                tuple(remarks.values()),
            )
        )
    return WriteOffPlan(
        today, most, age, room, tuple(taken), tuple(left), _digest(today, most, age, room, taken)
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known about small accounts."""

    today: date
    days: int
    names: Mapping[int, tuple[str, str]]
    accounts: Mapping[Why, frozenset[int]]
    patients: Mapping[Why, frozenset[int]]
    charges: Mapping[Why, frozenset[int]]
    visits: Mapping[int, date]
    credits: Mapping[int, Money]
    copays: Mapping[int, frozenset[int]]

    def why_not(self, guarantor_id: int, items: Sequence[Item]) -> tuple[Why, str] | None:
        """Return the first reason that keeps an account out of a run."""
        if any(one.amount < ZERO for one in items):
            return Why.OVERPAID, WORDS[Why.OVERPAID]
        for why, found in (
            *((why, guarantor_id in ids) for why, ids in self.accounts.items()),
            *((why, any(i.patient_id in ids for i in items)) for why, ids in self.patients.items()),
            *((why, any(i.charge_id in ids for i in items)) for why, ids in self.charges.items()),
        ):
            if found:
                return why, WORDS.get(why) or f"Was invoiced within the last {self.days} days"
        open_for = (self.today - _since(items)).days
        if open_for <= self.days:
            return Why.TOO_YOUNG, f"Open for {open_for} days only"
        return None

    def remarks(self, items: Sequence[Item]) -> dict[Flag, str]:
        """Return what a person should look at, in words."""
        said: dict[Flag, str] = {}
        patients = {one.patient_id for one in items}
        days = [self.visits[one] for one in patients if one in self.visits]
        if days:
            said[Flag.VISIT] = f"Has a visit on {min(days):%m/%d/%Y}; it can be asked for then"
        credit = sum((self.credits.get(one, ZERO) for one in patients), ZERO)
        if credit > ZERO:
            said[Flag.CREDIT] = f"Has {credit} unapplied, which could pay it"
        if any(one.amount.cents in self.copays.get(one.patient_id, ()) for one in items):
            said[Flag.COPAY] = (
                "As large as the policy's copay: it may be one that was not asked for"
            )
        return said


def _small_accounts(work: Work, most: Money) -> dict[int, list[Item]]:
    """Return the open charges of the guarantors who owe little in all."""
    small = (
        select(Charge.guarantor_id)
        .where(OWED, Charge.voided_on.is_(None))
        .group_by(Charge.guarantor_id)
        .having(func.sum(Charge.patient_balance) > ZERO)
        .having(func.sum(Charge.patient_balance) <= most)
    )
    found = list(work.db.scalars(small))
    accounts: dict[int, list[Item]] = defaultdict(list)
    for charge in work.db.scalars(
        select(Charge)
        .where(among(work, Charge.guarantor_id, found), OWED, Charge.voided_on.is_(None))
        .order_by(Charge.id)
    ):
        accounts[charge.guarantor_id].append(
            Item(
                charge.id,
                charge.patient_id,
                charge.code,
                charge.service_day,
                charge.patient_since,
                charge.patient_balance,
            )
        )
    return accounts


def _facts(work: Work, accounts: Mapping[int, Sequence[Item]], today: date, days: int) -> _Facts:
    items = [one for some in accounts.values() for one in some]
    guarantors = set(accounts)
    patients = {one.patient_id for one in items}
    charges = {one.charge_id for one in items}
    names = work.db.execute(
        select(Guarantor.id, Guarantor.number, Guarantor.name).where(
            among(work, Guarantor.id, guarantors)
        )
    )
    planned = select(PaymentPlan.guarantor_id).where(
        among(work, PaymentPlan.guarantor_id, guarantors), PaymentPlan.status == PlanStatus.ACTIVE
    )
    placed = select(CollectionCase.guarantor_id).where(
        among(work, CollectionCase.guarantor_id, guarantors),
        CollectionCase.status == CaseStatus.PLACED,
    )
    invoiced = (
        select(InvoiceLine.charge_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            among(work, InvoiceLine.live, charges),
            Invoice.issued_on >= today - timedelta(days=days),
        )
    )
    waiting = select(Adjustment.charge_id).where(
        among(work, Adjustment.charge_id, charges), Adjustment.status == AdjustmentStatus.WAITING
    )
    credit = select(Patient.id, Patient.unapplied).where(
        among(work, Patient.id, patients), Patient.unapplied > ZERO
    )
    return _Facts(
        today=today,
        days=days,
        names={row[0]: (row[1], row[2]) for row in names},
        accounts={
            Why.IN_PLAN: frozenset(work.db.scalars(planned)),
            Why.AT_AGENCY: frozenset(work.db.scalars(placed)),
        },
        patients={Why.PARKED: parked_patients(work)},
        charges={
            Why.WAITING: frozenset(work.db.scalars(waiting)),
            Why.INVOICED: frozenset(work.db.scalars(invoiced)),
        },
        visits=_visits(work, patients, today),
        credits={row[0]: row[1] for row in work.db.execute(credit)},
        copays=_copays(work, patients, today),
    )


def _visits(work: Work, patients: Collection[int], today: date) -> dict[int, date]:
    """Return the next scheduled visit of each patient, where one is near."""
    found = (
        select(Session.patient_id, func.min(Session.day))
        .where(
            among(work, Session.patient_id, patients),
            Session.attendance == Attendance.SCHEDULED,
            Session.withdrawn_by.is_(None),
            Session.day >= today,
            Session.day <= today + timedelta(days=visit_days(work)),
        )
        .group_by(Session.patient_id)
    )
    return {row[0]: row[1] for row in work.db.execute(found)}


def _copays(work: Work, patients: Collection[int], today: date) -> dict[int, frozenset[int]]:
    """Return the copays of each patient's policies, of today and of earlier, in cents."""
    copays: dict[int, set[int]] = defaultdict(set)
    for patient_id, copay in work.db.execute(
        select(Policy.patient_id, Policy.copay).where(
            among(work, Policy.patient_id, patients),
            Policy.copay.is_not(None),
            Policy.valid_from <= today,
        )
    ):
        if copay is not None:
            copays[patient_id].add(copay.cents)
    return {patient_id: frozenset(some) for patient_id, some in copays.items()}


def _since(items: Sequence[Item]) -> date:
    """Return since when the youngest part is open; all of an account must be old."""
    return max(one.since for one in items)


def _sum(items: Iterable[Item]) -> Money:
    return sum((one.amount for one in items), ZERO)


def _digest(as_of: date, most: Money, days: int, room: Money, taken: Sequence[Candidate]) -> str:
    words = [f"{as_of} {most} {days} {room}"]
    words += [
        f"{one.guarantor_id}:{item.charge_id}:{item.amount.cents}:{','.join(one.flags)}"
        for one in taken
        for item in one.items
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
