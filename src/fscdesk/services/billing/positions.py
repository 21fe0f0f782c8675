"""What guarantors owe on any day: sums over the patient-side lines of the ledger.

The patient side is what a client is asked for: account 1100, less the credits of 2400 that
are not applied yet. What a payer owes is nobody's statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, func, not_, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE, UNAPPLIED_CREDITS
from fscdesk.services.printing.statement import StatementAges
from fscdesk.services.work import Work

PATIENT_SIDE: Final = (PATIENT_RECEIVABLE, UNAPPLIED_CREDITS)
BUCKET_DAYS: Final = 30
BUCKETS: Final = 5
CHUNK: Final = 500


def in_chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids in parts of a size that one question can take."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def balances_of(
    work: Work,
    as_of: date,
    guarantor_ids: Collection[int] | None = None,
    *,
    without: Collection[int] = (),
    patient_ids: Collection[int] | None = None,
) -> dict[int | None, Money]:
    """Return what each guarantor owed at the end of the day; settled accounts are in it as 0.00.

    Accounts on which nothing ever happened are not in it. None holds lines that name no
    guarantor, so that the sum of all is always that of the two accounts. ``without`` leaves
    the lines of these patients out, ``patient_ids`` takes only theirs.
    """
    sums: Select[int | None, Money] = (
        select(JournalLine.guarantor_id, func.sum(JournalLine.amount))
        .where(JournalLine.account.in_(PATIENT_SIDE), JournalLine.day <= as_of)
        .group_by(JournalLine.guarantor_id)
    )
    if guarantor_ids is not None:
        sums = sums.where(among(work, JournalLine.guarantor_id, guarantor_ids))
    if patient_ids is not None:
        sums = sums.where(among(work, JournalLine.patient_id, patient_ids))
    sums = sums.where(*_without(work, without))
    return {guarantor: total for guarantor, total in work.db.execute(sums)}  # noqa: C416 - rows


def ages_of(
    work: Work, as_of: date, guarantor_ids: Sequence[int], *, without: Collection[int] = ()
) -> dict[int, StatementAges]:
    """Return the ages of what these guarantors owed on the day, by date of service.

    A charge that was paid too much and money that is not applied are credits; what is owed
    less the credits is the balance. ``without`` leaves the lines of these patients out.
    """
    owed = {guarantor: [0] * BUCKETS for guarantor in guarantor_ids}
    kept = dict.fromkeys(guarantor_ids, 0)
    for chunk in in_chunks(guarantor_ids):
        for guarantor, since, amount in work.db.execute(_open_charges(work, as_of, chunk, without)):
            if amount.cents > 0:
                owed[guarantor][bucket_of(since, as_of)] += amount.cents
            else:
                kept[guarantor] -= amount.cents
        unapplied = (
            select(JournalLine.guarantor_id, func.sum(JournalLine.amount))
            .where(
                among(work, JournalLine.guarantor_id, chunk),
                JournalLine.account == UNAPPLIED_CREDITS,
                JournalLine.day <= as_of,
                *_without(work, without),
            )
            .group_by(JournalLine.guarantor_id)
        )
        for whose, amount in work.db.execute(unapplied):
            if whose is not None:
                kept[whose] -= amount.cents
    return {guarantor: _ages(owed[guarantor], kept[guarantor]) for guarantor in guarantor_ids}


def oldest_of(
    work: Work, as_of: date, guarantor_ids: Sequence[int], *, without: Collection[int] = ()
) -> dict[int, date]:
    """Return the day of service of the oldest charge that each still owed on the day."""
    found: dict[int, date] = {}
    for chunk in in_chunks(guarantor_ids):
        for guarantor, since, amount in work.db.execute(_open_charges(work, as_of, chunk, without)):
            if amount.cents > 0:
                found[guarantor] = min(since, found.get(guarantor, since))
    return found


def bucket_of(since: date, as_of: date) -> int:
    """Return 0 for up to 30 days, 1 for 31 to 60, … 4 for over 120."""
    days = max(0, (as_of - since).days)
    return min(max(0, days - 1) // BUCKET_DAYS, BUCKETS - 1)


def _without(work: Work, patient_ids: Collection[int]) -> list[ColumnElement[bool]]:
    """Leave patients out; a line that names none stays."""
    if not patient_ids:
        return []
    theirs = among(work, JournalLine.patient_id, patient_ids)
    return [or_(JournalLine.patient_id.is_(None), not_(theirs))]


def _open_charges(
    work: Work, as_of: date, chunk: Sequence[int], without: Collection[int]
) -> Select[int, date, Money]:
    """Ask for what is open of each charge on the day; what has no charge ages by its own day."""
    lines = (
        select(
            JournalLine.guarantor_id.label("guarantor"),
            JournalLine.charge_id.label("charge"),
            func.sum(JournalLine.amount).label("amount"),
            func.min(JournalLine.day).label("first"),
        )
        .where(
            among(work, JournalLine.guarantor_id, chunk),
            JournalLine.account == PATIENT_RECEIVABLE,
            JournalLine.day <= as_of,
            *_without(work, without),
        )
        .group_by(JournalLine.guarantor_id, JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != ZERO)
        .subquery()
    )
    return select(
        lines.c.guarantor, func.coalesce(Charge.service_day, lines.c.first), lines.c.amount
    ).outerjoin_from(lines, Charge, Charge.id == lines.c.charge)


def _ages(owed: Sequence[int], kept: int) -> StatementAges:
    first, second, third, fourth, fifth = (Money(cents) for cents in owed)
    due = Money(sum(owed) - kept)
    return StatementAges((first, second, third, fourth, fifth), Money(kept), due)
