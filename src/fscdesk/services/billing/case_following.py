"""Lets cases at an agency follow account 1130: the one place that opens and closes them.

A case is at the agency while account 1130 holds something of it, and closed when it holds
nothing. Whatever moves that account by an entry of a case (a recovery, its return, a recall, a
fee that is taken back) comes here afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.collection import CaseStatus, CollectionCase, CollectionItem
from fscdesk.models.invoice import InvoiceStatus
from fscdesk.models.ledger import JournalEntry, JournalLine, Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.collection_reading import at_agency
from fscdesk.services.billing.collections import mark_bills
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY
from fscdesk.services.work import Topic, Work


def cases_of(work: Work, entry_ids: Collection[int]) -> tuple[int, ...]:
    """Return the cases whose part of account 1130 these entries moved."""
    found = (
        select(JournalEntry.case_id)
        .where(among(work, JournalEntry.id, entry_ids), JournalEntry.case_id.is_not(None))
        .distinct()
    )
    return tuple(sorted(one for one in work.db.scalars(found) if one is not None))


def lock_cases(work: Work, case_ids: Collection[int]) -> list[CollectionCase]:
    """Return cases, locked in the order of their ids; they are locked before their charges."""
    if not case_ids:
        return []
    rows = (
        select(CollectionCase)
        .where(among(work, CollectionCase.id, case_ids))
        .order_by(CollectionCase.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(work.db.scalars(rows))


def follow_cases(
    work: Work,
    case_ids: Collection[int],
    *,
    on: date,
    reason: str,
    ended: CaseStatus | None = None,
) -> tuple[int, ...]:
    """Open and close cases by what account 1130 holds of them now; return which changed.

    One that is closed gets the status ``ended``, unless given: recovered if the agency
    recovered something of it, recalled if not. Bills on its charges go with it.
    """
    changed = []
    for case in lock_cases(work, case_ids):
        left, recovered = _held(work, case.id)
        if bool(left) is (case.status is CaseStatus.PLACED):
            continue
        was = case.status
        if left:
            case.status, case.closed_on, case.close_reason = CaseStatus.PLACED, None, ""
        else:
            by_itself = CaseStatus.RECOVERED if recovered else CaseStatus.RECALLED
            case.status, case.closed_on = ended or by_itself, on
            case.close_reason = reason[:300]
        work.db.flush()
        _mark_bills(work, case, was)
        record(
            work,
            "follow_case",
            "collection_case",
            case.id,
            number=case.number,
            status=case.status.value,
            left=left.plain(),
        )
        work.touch(Topic.COLLECTIONS, Topic.PATIENTS)
        changed.append(case.id)
    return tuple(changed)


def _held(work: Work, case_id: int) -> tuple[Money, Money]:
    """Return what the agency holds of a case, and what it recovered of it."""
    lines = (
        select(JournalLine.part, func.sum(JournalLine.amount))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalEntry.case_id == case_id, JournalLine.account == AT_AGENCY)
        .group_by(JournalLine.part)
    )
    sums = {Part(part): total for part, total in work.db.execute(lines)}
    return sum(sums.values(), ZERO), -sums.get(Part.PATIENT_PAID, ZERO)


def _mark_bills(work: Work, case: CollectionCase, was: CaseStatus) -> None:
    """Mark bills as handed over again, or as sent where the rest came back to the account."""
    charges = list(
        work.db.scalars(select(CollectionItem.charge_id).where(CollectionItem.case_id == case.id))
    )
    if case.status is CaseStatus.PLACED:
        if was is not CaseStatus.RECOVERED:  # those stay marked
            mark_bills(work, charges, InvoiceStatus.COLLECTIONS)
    elif case.status is not CaseStatus.RECOVERED:
        elsewhere = at_agency(work, charges)
        mark_bills(work, [one for one in charges if one not in elsewhere], InvoiceStatus.SENT)
