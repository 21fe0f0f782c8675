"""Plans a hand-off: who owes for too long, what was sent to them, and who is left out and why.

The threshold list. A charge counts when its client has owed it (``patient_since``) for more days
than the practice waits. Writes nothing; ``collections.place`` does what it says.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, literal_column, select

from fscdesk.models.charge import Charge
from fscdesk.models.invoice import Invoice, Reminder
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import Credit
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.collection_holds import HOLD_WORDS, Hold, holds_of
from fscdesk.services.billing.plan_policies import collections_days, collections_minimum
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

# Written out, because a partial index is used only where its own words stand.
_OPEN: ColumnElement[bool] = literal_column("charge.patient_balance <> 0")
_EVERYBODY = "*"
_DIGEST = re.compile(r"(\d{1,9})/(\d{1,18})/(\*|[\d.]*)/[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OldCharge:
    """A charge that is open for too long; ``hold`` says why it stays, if it does."""

    charge_id: int
    patient: str
    service_day: date
    since: date
    amount: Money
    hold: Hold | None


@dataclass(frozen=True, slots=True)
class WasSent:
    """What a guarantor got so far: the newest statement, how many, the newest reminder."""

    statements: int = 0
    last_statement: str = ""
    last_statement_on: date | None = None
    last_reminder_days: int | None = None
    last_reminder_on: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One guarantor on the threshold list.

    ``amount`` would be handed over, ``held`` stays for the reasons of its charges. ``reason``
    is empty for those who can be handed over.
    """

    guarantor_id: int
    number: str
    name: str
    phone: str
    bad_address: bool
    amount: Money
    held: Money
    days: int
    sent: WasSent
    charges: tuple[OldCharge, ...]
    reason_code: Hold | None = None
    reason: str = ""

    @property
    def to_place(self) -> tuple[int, ...]:
        """The charges that would be handed over."""
        return tuple(one.charge_id for one in self.charges if one.hold is None)


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """Who would be handed over as of a day, and who not.

    ``digest`` names the content, and what was asked for: ``same_again`` plans just that.
    """

    as_of: date
    days: int
    minimum: Money
    accounts: tuple[Account, ...]
    left_out: tuple[Account, ...]
    digest: str

    @property
    def total(self) -> Money:
        """What would be handed over."""
        return Money(sum(one.amount.cents for one in self.accounts))


def plan_collections(
    work: Work,
    *,
    days: int | None = None,
    minimum: Money | None = None,
    guarantor_ids: Collection[int] | None = None,
) -> CollectionPlan:
    """Return the threshold list of today, largest amounts first.

    ``days`` and ``minimum`` None take the practice's policy.
    """
    require(work, Right.MANAGE_COLLECTIONS, "hand accounts to a collection agency")
    as_of = work.today()
    longest = collections_days(work) if days is None else days
    least = collections_minimum(work) if minimum is None else minimum
    wanted = (
        select(Charge)
        .where(
            _OPEN,
            Charge.patient_balance > ZERO,
            Charge.patient_since < as_of - timedelta(days=longest),
        )
        .order_by(Charge.service_day, Charge.id)
        .execution_options(populate_existing=True)
    )
    if guarantor_ids is not None:
        wanted = wanted.where(among(work, Charge.guarantor_id, guarantor_ids))
    charges = list(work.db.scalars(wanted))
    accounts = _accounts(work, charges, as_of, least)
    chosen = tuple(one for one in accounts if one.reason_code is None)
    left = tuple(one for one in accounts if one.reason_code is not None)
    told = [(one.guarantor_id, one.amount.cents, one.to_place) for one in chosen]
    content = hashlib.sha256(repr((as_of, longest, least, told)).encode()).hexdigest()
    whose = _EVERYBODY if guarantor_ids is None else ".".join(map(str, sorted(set(guarantor_ids))))
    digest = f"{longest}/{least.cents}/{whose}/{content}"
    return CollectionPlan(as_of, longest, least, chosen, left, digest)


def same_again(work: Work, digest: str) -> CollectionPlan | None:
    """Return the list of now that a digest's was: of the same people, by the same limits.

    None for what is no digest of a list.
    """
    found = _DIGEST.fullmatch(digest)
    if found is None:
        return None
    days, cents, whose = found.groups()
    ids = None if whose == _EVERYBODY else [int(one) for one in whose.split(".") if one]
    return plan_collections(work, days=int(days), minimum=Money(int(cents)), guarantor_ids=ids)


def _accounts(work: Work, charges: Sequence[Charge], as_of: date, least: Money) -> list[Account]:
    by_guarantor: dict[int, list[Charge]] = defaultdict(list)
    for charge in charges:
        by_guarantor[charge.guarantor_id].append(charge)
    holds = holds_of(work, charges)
    sent = _sent(work, by_guarantor)
    unapplied = _credits(work, by_guarantor)
    names = {
        row.id: row.name
        for row in work.db.execute(
            select(Patient.id, Patient.name).where(
                among(work, Patient.id, {one.patient_id for one in charges})
            )
        )
    }
    for guarantor_id, theirs in by_guarantor.items():
        _hold_what_credits_reach(theirs, unapplied.get(guarantor_id, 0), holds)
    people = work.db.scalars(select(Guarantor).where(among(work, Guarantor.id, by_guarantor)))
    accounts = [
        _account(
            person,
            [
                OldCharge(
                    one.id,
                    names[one.patient_id],
                    one.service_day,
                    one.patient_since,
                    one.patient_balance,
                    holds.get(one.id),
                )
                for one in by_guarantor[person.id]
            ],
            sent.get(person.id, WasSent()),
            as_of,
            least,
        )
        for person in people
    ]
    return sorted(accounts, key=lambda one: (-one.amount.cents, one.name.casefold(), one.number))


def _hold_what_credits_reach(
    charges: Sequence[Charge], credit_cents: int, holds: dict[int, Hold]
) -> None:
    """Keep back the oldest charges that unapplied money reaches, the last of them even in part.

    An agency must not be asked to collect what the client has paid already.
    """
    left = credit_cents
    for charge in charges:
        if left <= 0:
            return
        if charge.id not in holds:
            holds[charge.id] = Hold.CREDITS
            left -= charge.patient_balance.cents


def _account(
    person: Guarantor,
    charges: Sequence[OldCharge],
    sent: WasSent,
    as_of: date,
    least: Money,
) -> Account:
    amount = Money(sum(one.amount.cents for one in charges if one.hold is None))
    held = Money(sum(one.amount.cents for one in charges if one.hold is not None))
    reason: Hold | None = None
    if not amount:
        reason = charges[0].hold
    elif amount < least:
        reason = Hold.BELOW_MINIMUM
    return Account(
        guarantor_id=person.id,
        number=person.number,
        name=person.name,
        phone=person.phone,
        bad_address=person.bad_address,
        amount=amount,
        held=held,
        days=max((as_of - one.since).days for one in charges),
        sent=sent,
        charges=tuple(charges),
        reason_code=reason,
        reason="" if reason is None else HOLD_WORDS[reason],
    )


def _credits(work: Work, guarantor_ids: Collection[int]) -> dict[int, int]:
    rows = work.db.execute(
        select(Credit.guarantor_id, func.sum(Credit.balance))
        .where(among(work, Credit.guarantor_id, guarantor_ids), Credit.balance > ZERO)
        .group_by(Credit.guarantor_id)
    )
    return {guarantor_id or 0: total.cents for guarantor_id, total in rows}


def _sent(work: Work, guarantor_ids: Collection[int]) -> dict[int, WasSent]:
    """Return what each was sent; statements of an undone run were not sent."""
    statements: dict[int, tuple[int, str, date]] = {}
    for guarantor_id, number, day in work.db.execute(
        select(Statement.guarantor_id, Statement.number, StatementRun.as_of)
        .join(StatementRun, StatementRun.id == Statement.run_id)
        .where(
            among(work, Statement.guarantor_id, guarantor_ids),
            StatementRun.undone_at.is_(None),
            Statement.dropped_at.is_(None),
        )
        .order_by(StatementRun.as_of, Statement.id)
    ):
        count = statements.get(guarantor_id, (0, "", day))[0]
        statements[guarantor_id] = (count + 1, number, day)
    reminders: dict[int, tuple[int, date]] = {}
    for guarantor_id, step, day in work.db.execute(
        select(Invoice.guarantor_id, Reminder.days, Reminder.made_on)
        .join(Invoice, Invoice.id == Reminder.invoice_id)
        .where(among(work, Invoice.guarantor_id, guarantor_ids))
        .order_by(Reminder.made_on, Reminder.id)
    ):
        reminders[guarantor_id] = (step, day)
    return {
        one: WasSent(
            *statements.get(one, (0, "", None)),
            *reminders.get(one, (None, None)),
        )
        for one in set(statements) | set(reminders)
    }
