"""Reads cases at agencies: what was handed over, recovered, recalled, and what is left there.

Nothing of it is stored: what is left is account 1130 of the entries that name the case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import Agency, CaseStatus, CollectionCase, CollectionItem
from fscdesk.models.ledger import JournalEntry, JournalLine, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AGENCY_COMMISSIONS, AT_AGENCY
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case. ``recovered`` is gross, ``commission`` is what the agency kept of it.

    ``amount = recovered + returned + left``: what came back to the account is ``returned``.
    """

    case_id: int
    number: str
    agency: str
    account: str
    guarantor_id: int
    guarantor: str
    placed_on: date
    status: CaseStatus
    closed_on: date | None
    close_reason: str
    commission_points: int
    amount: Money
    recovered: Money
    commission: Money
    returned: Money
    left: Money
    version: int


@dataclass(frozen=True, slots=True)
class CaseCharge:
    """A charge of a case, and what of it is at the agency still."""

    charge_id: int
    patient_id: int
    patient: str
    code: str
    service_day: date
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case whole, its charges oldest first."""

    row: CaseRow
    agency_id: int
    charges: tuple[CaseCharge, ...]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows; ``text`` is looked for in number and name."""

    statuses: tuple[CaseStatus, ...] = ()
    agency_id: int | None = None
    guarantor_id: int | None = None
    text: str = ""


@dataclass(slots=True)
class _Sums:
    recovered: int = 0
    commission: int = 0
    left: int = 0


def page_of_cases(work: Work, span: Span, which: CaseFilter | None = None) -> Page[CaseRow]:
    """Return some cases; sorts are ``number``, ``guarantor``, ``placed_on`` and ``amount``."""
    chosen = which or CaseFilter()
    wanted = (
        select(CollectionCase, Agency.name, Guarantor.number, Guarantor.name)
        .join(Agency, Agency.id == CollectionCase.agency_id)
        .join(Guarantor, Guarantor.id == CollectionCase.guarantor_id)
    )
    if chosen.statuses:
        wanted = wanted.where(CollectionCase.status.in_(chosen.statuses))
    if chosen.agency_id is not None:
        wanted = wanted.where(CollectionCase.agency_id == chosen.agency_id)
    if chosen.guarantor_id is not None:
        wanted = wanted.where(CollectionCase.guarantor_id == chosen.guarantor_id)
    if chosen.text.strip():
        like = f"%{chosen.text.strip().replace('%', '').replace('_', '')}%"
        wanted = wanted.where(or_(CollectionCase.number.ilike(like), Guarantor.name.ilike(like)))
    keys = {
        "guarantor": Guarantor.name,
        "placed_on": CollectionCase.placed_on,
        "amount": CollectionCase.amount,
    }
    key = keys.get(span.sort, CollectionCase.number)
    order = (key.desc(), CollectionCase.id.desc()) if span.descending else (key, CollectionCase.id)
    total = work.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    found = work.db.execute(wanted.order_by(*order).offset(span.start).limit(span.size)).all()
    sums = _sums(work, [case.id for case, *_ in found])
    return Page(
        span.start,
        total,
        tuple(_row(case, sums[case.id], *names) for case, *names in found),
    )


def case_detail(work: Work, case_id: int) -> CaseDetail:
    """Return one case. Raises Problem when there is none."""
    case = work.db.get(CollectionCase, case_id, populate_existing=True)
    if case is None:
        raise Problem("This case is not in the books.", hint="Look at the list of cases again.")
    agency = work.db.get_one(Agency, case.agency_id)
    guarantor = work.db.get_one(Guarantor, case.guarantor_id)
    sums = _sums(work, [case_id])[case_id]
    return CaseDetail(
        _row(case, sums, agency.name, guarantor.number, guarantor.name),
        case.agency_id,
        case_charges(work, case_id),
    )


def case_charges(work: Work, case_id: int) -> tuple[CaseCharge, ...]:
    """Return the charges of a case, the oldest first, with what is left of each."""
    found = work.db.execute(
        select(
            Charge.id,
            Charge.patient_id,
            Patient.name,
            Charge.code,
            Charge.service_day,
            CollectionItem.amount,
        )
        .join(CollectionItem, CollectionItem.charge_id == Charge.id)
        .join(Patient, Patient.id == Charge.patient_id)
        .where(CollectionItem.case_id == case_id)
        .order_by(Charge.service_day, Charge.id)
    ).all()
    left = _left(work, case_id)
    return tuple(CaseCharge(*row, Money(left.get(row.id, 0))) for row in found)


def at_agency(work: Work, charge_ids: Iterable[int]) -> dict[int, Money]:
    """Return what agencies hold of these charges; those of which they hold nothing are left out."""
    found = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, list(charge_ids)), JournalLine.account == AT_AGENCY
        )
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != ZERO)
    )
    return {charge_id or 0: total for charge_id, total in found}


def untouched_since(work: Work, case_id: int) -> date | None:
    """Return the last day on which something of a case came to the agency; None if nothing did.

    From that day on what is left was never less than it is now, so that it can be taken away
    on any later day and account 1130 is below zero on none.
    """
    return work.db.scalar(
        select(func.max(JournalLine.day))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalEntry.case_id == case_id,
            JournalLine.account == AT_AGENCY,
            JournalLine.amount > ZERO,
        )
    )


def _left(work: Work, case_id: int) -> dict[int, int]:
    left: dict[int, int] = defaultdict(int)
    for line in _lines(work, [case_id]):
        if line.account == AT_AGENCY:
            left[line.charge_id] += line.cents
    return left


def _sums(work: Work, case_ids: Collection[int]) -> dict[int, _Sums]:
    sums = {case_id: _Sums() for case_id in case_ids}
    for line in _lines(work, case_ids):
        into = sums[line.case_id]
        if line.account == AGENCY_COMMISSIONS:
            into.commission += line.cents
            continue
        into.left += line.cents
        if line.part is Part.PATIENT_PAID:
            into.recovered -= line.cents
    return sums


@dataclass(frozen=True, slots=True)
class _Line:
    case_id: int
    charge_id: int
    account: str
    part: Part
    cents: int


def _lines(work: Work, case_ids: Collection[int]) -> list[_Line]:
    """Return the lines of the entries that name these cases."""
    found = work.db.execute(
        select(
            JournalEntry.case_id,
            JournalLine.charge_id,
            JournalLine.account,
            JournalLine.part,
            JournalLine.amount,
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            among(work, JournalEntry.case_id, case_ids),
            JournalLine.account.in_((AT_AGENCY, AGENCY_COMMISSIONS)),
        )
    )
    return [
        _Line(case_id or 0, charge_id or 0, account, part, amount.cents)
        for case_id, charge_id, account, part, amount in found
    ]


def _row(case: CollectionCase, sums: _Sums, agency: str, account: str, name: str) -> CaseRow:
    return CaseRow(
        case_id=case.id,
        number=case.number,
        agency=agency,
        account=account,
        guarantor_id=case.guarantor_id,
        guarantor=name,
        placed_on=case.placed_on,
        status=case.status,
        closed_on=case.closed_on,
        close_reason=case.close_reason,
        commission_points=case.commission_points,
        amount=case.amount,
        recovered=Money(sums.recovered),
        commission=Money(sums.commission),
        returned=Money(case.amount.cents - sums.recovered - sums.left),
        left=Money(sums.left),
        version=case.version,
    )
