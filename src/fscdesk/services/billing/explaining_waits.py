"""Why open charges wait, for whom, and since when: from their lines and the session's status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.session import BillingStatus, SessionStatusHistory, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_reading import plan_positions
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_SIDE, PATIENT_RECEIVABLE
from fscdesk.services.work import Work

_STATUS: Mapping[BillingStatus, str] = MappingProxyType(
    {
        BillingStatus.COMPLETED: "its note is not signed",
        BillingStatus.DOCUMENTED: "the checks before billing have not passed",
        BillingStatus.READY_TO_BILL: "it is ready to bill, and was not sent",
        BillingStatus.SUBMITTED: "it was sent, and no answer has come",
        BillingStatus.PENDING: "it is being looked at there",
        BillingStatus.APPROVED: "it was approved, and the money has not come",
        BillingStatus.DENIED: "it was denied",
        BillingStatus.APPEALING: "the denial is being appealed",
        BillingStatus.PAID: "it was called paid",
    }
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open side of a charge: who owes (or is owed, where negative), how much, since when.

    ``name`` is the payer's or the guarantor's; ``status`` the session's billing status on the
    day, for the payer's side.
    """

    side: Side
    name: str
    amount: Money
    since: date
    days: int
    status: str
    sentence: str


def waits_of(
    work: Work, as_of: date, charge_ids: Collection[int]
) -> dict[int, tuple[Waiting, ...]]:
    """Return what waits of each charge, by its id; the client's side first."""
    opened = _since(work, as_of, charge_ids)
    rows = work.db.execute(
        select(
            Charge.id,
            Charge.session_id,
            Charge.guarantor_id,
            Guarantor.name.label("guarantor"),
            Payer.short_name,
        )
        .join(Guarantor, Guarantor.id == Charge.guarantor_id)
        .outerjoin(Payer, Payer.id == Charge.payer_id)
        .where(among(work, Charge.id, charge_ids))
    ).all()
    statuses = _statuses(work, as_of, {row.session_id for row in rows if row.session_id})
    plans: dict[int, str] = {}
    for position in plan_positions(work, as_of, {row.guarantor_id for row in rows}).values():
        numbers = ", ".join(plan.number for plan in position.plans)
        plans |= dict.fromkeys(position.charge_ids, numbers)
    found: dict[int, tuple[Waiting, ...]] = {}
    for row in rows:
        sides = []
        for side in (Side.PATIENT, Side.INSURANCE):
            if (row.id, side) not in opened:
                continue
            since, cents = opened[row.id, side]
            name = row.guarantor if side is Side.PATIENT else row.short_name or "the payer"
            status = statuses.get(row.session_id or 0) if side is Side.INSURANCE else None
            plan = plans.get(row.id, "") if side is Side.PATIENT else ""
            sides.append(
                Waiting(
                    side,
                    name,
                    Money(cents),
                    since,
                    max((as_of - since).days, 0),
                    "" if status is None else status.value,
                    _sentence(name, cents, since, status, plan),
                )
            )
        found[row.id] = tuple(sides)
    return found


def _sentence(name: str, cents: int, since: date, status: BillingStatus | None, plan: str) -> str:
    when = f"since {since:%m/%d/%Y}"
    if cents < 0:
        return f"{Money(-cents)} belongs to {name} {when}: more was paid than was owed."
    why = f": {_STATUS[status]}" if status is not None else ""
    by = f", who pays it by plan {plan}" if plan else ""
    return f"{Money(cents)} waits for {name} {when}{why}{by}."


def _since(
    work: Work, as_of: date, charge_ids: Collection[int]
) -> dict[tuple[int, Side], tuple[date, int]]:
    """Return for each open side the day since which it is open on this side of zero, and cents."""
    running: dict[tuple[int, Side], int] = defaultdict(int)
    since: dict[tuple[int, Side], date] = {}
    by_day: dict[tuple[int, Side], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in work.db.execute(
        select(JournalLine.charge_id, JournalLine.account, JournalLine.day, JournalLine.amount)
        .where(
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.account.in_((PATIENT_RECEIVABLE, *INSURANCE_SIDE)),
            JournalLine.day <= as_of,
        )
        .order_by(JournalLine.day, JournalLine.id)
    ):
        side = Side.PATIENT if row.account == PATIENT_RECEIVABLE else Side.INSURANCE
        by_day[row.charge_id or 0, side][row.day] += row.amount.cents
    for key, days in by_day.items():
        for day, cents in days.items():
            before, after = running[key], running[key] + cents
            running[key] = after
            if after and (not before or (before > 0) != (after > 0)):
                since[key] = day
    return {key: (since[key], cents) for key, cents in running.items() if cents}


def _statuses(work: Work, as_of: date, session_ids: Collection[int]) -> dict[int, BillingStatus]:
    """Return the billing status of each session on the day, from its history."""
    rows = work.db.execute(
        select(SessionStatusHistory.session_id, SessionStatusHistory.new)
        .where(
            among(work, SessionStatusHistory.session_id, session_ids),
            SessionStatusHistory.kind == StatusKind.BILLING,
            SessionStatusHistory.day <= as_of,
        )
        .order_by(SessionStatusHistory.id)
    )
    return {row.session_id: BillingStatus(row.new) for row in rows}
