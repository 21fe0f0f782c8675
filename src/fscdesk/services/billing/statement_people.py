"""Who may get a statement: guarantors as a run sees them, and what it must know of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Guarantor, Patient, SendBy
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plan_reading import plan_positions
from fscdesk.services.billing.positions import PATIENT_SIDE, in_chunks
from fscdesk.services.billing.statement_terms import LastStatement, PlanTerms
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_SIDE, UNAPPLIED_CREDITS
from fscdesk.services.work import Work

JUST_PAID_DAYS: Final = 7
"""A payment so short before the day, or after it, may cross the statement in the mail."""


@dataclass(frozen=True, slots=True)
class Person:
    """A guarantor as a run sees him. ``served`` says that patients are there at all.

    ``deceased`` says that all of them have died; ``at_agency`` that an agency has a case.
    """

    id: int
    number: str
    name: str
    address: tuple[str, ...]
    zip_code: str
    bad_address: bool
    do_not_bill: bool
    billing_type: str
    send_by: SendBy
    email: str
    served: bool
    deceased: bool
    at_agency: bool

    @property
    def by_email(self) -> bool:
        """Whether statements reach this guarantor without paper."""
        return self.send_by is SendBy.EMAIL and bool(self.email)


def people_of(work: Work, as_of: date, guarantor_ids: Sequence[int]) -> dict[int, Person]:
    """Return guarantors by their ids."""
    found: dict[int, Person] = {}
    for chunk in in_chunks(guarantor_ids):
        alive: dict[int, bool] = {}
        for guarantor, died in work.db.execute(
            select(Patient.guarantor_id, Patient.deceased_on).where(
                among(work, Patient.guarantor_id, chunk), Patient.withdrawn.is_(False)
            )
        ):
            lives = died is None or died > as_of
            alive[guarantor] = alive.get(guarantor, False) or lives
        placed = set(
            work.db.scalars(
                select(CollectionCase.guarantor_id).where(
                    among(work, CollectionCase.guarantor_id, chunk),
                    CollectionCase.placed_on <= as_of,
                    or_(
                        CollectionCase.status == CaseStatus.PLACED,
                        CollectionCase.closed_on > as_of,
                    ),
                )
            )
        )
        for row in work.db.scalars(select(Guarantor).where(among(work, Guarantor.id, chunk))):
            found[row.id] = Person(
                row.id,
                row.number,
                row.name,
                address_of(row),
                row.zip_code.strip(),
                row.bad_address,
                row.do_not_bill,
                row.billing_type,
                SendBy(row.send_by),
                row.email.strip(),
                row.id in alive,
                row.id in alive and not alive[row.id],
                row.id in placed,
            )
    return found


def last_statements(
    work: Work, as_of: date, guarantor_ids: Sequence[int], *, below: int | None = None
) -> tuple[dict[int, LastStatement], dict[int, LastStatement]]:
    """Return each guarantor's newest statement before the day, and the newest on or after it.

    What was undone or dropped counts as never sent. ``below`` looks at those alone that were
    made before the statement of this id.
    """
    before: dict[int, LastStatement] = {}
    covering: dict[int, LastStatement] = {}
    for chunk in in_chunks(guarantor_ids):
        rows = work.db.execute(
            select(
                Statement.guarantor_id,
                Statement.number,
                StatementRun.as_of,
                StatementRun.through_entry,
                Statement.amount_due,
            )
            .join(StatementRun, StatementRun.id == Statement.run_id)
            .where(
                among(work, Statement.guarantor_id, chunk),
                StatementRun.undone_at.is_(None),
                Statement.dropped_at.is_(None),
                *([] if below is None else [Statement.id < below]),
            )
            .order_by(StatementRun.as_of, StatementRun.id)
        )
        for guarantor, number, day, through, asked in rows:
            found = before if day < as_of else covering
            found[guarantor] = LastStatement(number, day, through, asked)
    return before, covering


def moved_since(
    work: Work,
    as_of: date,
    guarantor_ids: Sequence[int],
    last: Mapping[int, LastStatement],
    *,
    credits_only: bool = False,
) -> dict[int, int]:
    """Return whose account has lines after the last statement, or posted for an earlier day.

    By guarantor, with the sum of those lines in cents: of both accounts of the patient side, or
    of the unapplied credits alone.
    """
    by_run: dict[tuple[date, int], list[int]] = {}
    for guarantor in guarantor_ids:
        if guarantor in last:
            of = last[guarantor]
            by_run.setdefault((of.as_of, of.through_entry), []).append(guarantor)
    accounts = (UNAPPLIED_CREDITS,) if credits_only else PATIENT_SIDE
    moved: dict[int, int] = {}
    for (day, through), ids in by_run.items():
        for chunk in in_chunks(ids):
            sums = (
                select(JournalLine.guarantor_id, func.sum(JournalLine.amount))
                .where(
                    among(work, JournalLine.guarantor_id, chunk),
                    JournalLine.account.in_(accounts),
                    JournalLine.day <= as_of,
                    or_(JournalLine.day > day, JournalLine.entry_id > through),
                )
                .group_by(JournalLine.guarantor_id)
            )
            for whose, amount in work.db.execute(sums):
                if whose is not None:
                    moved[whose] = amount.cents
    return moved


def pending_of(work: Work, as_of: date, guarantor_ids: Sequence[int]) -> dict[int, Money]:
    """Return what payers still owe on the day for the charges of each guarantor; no zeros."""
    found: dict[int, Money] = {}
    for chunk in in_chunks(guarantor_ids):
        open_of = func.sum(JournalLine.amount)
        charges = (
            select(JournalLine.guarantor_id.label("guarantor"), open_of.label("amount"))
            .where(
                among(work, JournalLine.guarantor_id, chunk),
                JournalLine.account.in_(INSURANCE_SIDE),
                JournalLine.day <= as_of,
            )
            .group_by(JournalLine.guarantor_id, JournalLine.charge_id)
            .having(open_of > ZERO)
            .subquery()
        )
        sums = select(charges.c.guarantor, func.sum(charges.c.amount)).group_by(charges.c.guarantor)
        found.update({guarantor: amount for guarantor, amount in work.db.execute(sums)})  # noqa: C416 - rows
    return found


def just_paid(work: Work, as_of: date, guarantor_ids: Sequence[int]) -> set[int]:
    """Return who has paid in the last days up to the day, or after it, as far as is known now."""
    since = as_of - timedelta(days=JUST_PAID_DAYS)
    found: set[int] = set()
    for chunk in in_chunks(guarantor_ids):
        paid = (
            select(JournalLine.guarantor_id)
            .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
            .where(
                among(work, JournalLine.guarantor_id, chunk),
                JournalLine.account.in_(PATIENT_SIDE),
                JournalLine.part == Part.PATIENT_PAID,
                JournalLine.day > since,
                JournalEntry.kind.in_((EntryKind.RECEIPT, EntryKind.SP_RECORDED)),
            )
            .group_by(JournalLine.guarantor_id)
            .having(func.sum(JournalLine.amount) < ZERO)
        )
        found |= {whose for whose in work.db.scalars(paid) if whose is not None}
    return found


def plans_of(work: Work, as_of: date, guarantor_ids: Collection[int]) -> dict[int, PlanTerms]:
    """Return what payment plans ask of each guarantor on the day."""
    return {
        guarantor: PlanTerms(one.due_now, one.total, tuple(plan.number for plan in one.plans))
        for guarantor, one in plan_positions(work, as_of, guarantor_ids).items()
    }


def address_of(row: Guarantor) -> tuple[str, ...]:
    """Return the lines under the name; none unless a street and a place are known."""
    state = " ".join(part for part in (row.state.strip(), row.zip_code.strip()) if part)
    place = ", ".join(part for part in (row.city.strip(), state) if part)
    street = [line for line in (row.address1.strip(), row.address2.strip()) if line]
    return (*street, place) if street and place else ()
