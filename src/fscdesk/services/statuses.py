"""The one place that changes a session's attendance or billing status, and records it.

It stands below the rooms that know why: importing, sessions, claims and payments come here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.session import Attendance, BillingStatus, Session, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.claim_standing import said_by_claims
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY
from fscdesk.services.work import Topic, Work

CHUNK = 400


class StatusChange(NamedTuple):
    """One change to be written. ``old`` None: the session is new."""

    session_id: int
    kind: StatusKind
    old: str | None
    new: str
    reason: str


def write_status_changes(
    work: Work,
    changes: Iterable[StatusChange],
    *,
    day: date,
    batch_id: int | None = None,
) -> None:
    """Write status changes and their history; the sessions' rows follow.

    Every other service comes through here; rules about which step is allowed stand with
    the caller that knows why.
    """
    wanted = list(changes)
    if not wanted:
        return
    work.db.flush()
    ids = reserve_ids(work, "session_status_history", len(wanted))
    moment, today = stored_moment(work.now()), day.isoformat()
    insert_rows(
        work,
        "session_status_history",
        ("id", "session_id", "kind", "old", "new", "reason", "at", "day", "staff_id", "batch_id"),
        (
            (
                row_id,
                change.session_id,
                str(change.kind),
                change.old,
                str(change.new),
                change.reason,
                moment,
                today,
                work.actor.staff_id,
                batch_id,
            )
            for row_id, change in zip(ids, wanted, strict=True)
        ),
    )
    for kind, column in (
        (StatusKind.BILLING, "billing_status"),
        (StatusKind.ATTENDANCE, "attendance"),
    ):
        moved = [
            (str(change.new), today, change.session_id)
            for change in wanted
            if change.kind is kind and change.old is not None
        ]
        if moved:
            run_many(
                work,
                f"UPDATE session SET {column} = ?, status_since = ?, version = version + 1"  # noqa: S608
                " WHERE id = ?",
                moved,
            )
    work.db.expire_all()
    work.touch(Topic.SESSIONS)


def follow_balances(work: Work, session_ids: Iterable[int | None], reason: str) -> int:
    """Let billing statuses follow the money, and return how many changed.

    A session is paid when both of its balances are zero, and only then (DESIGN 7): one that
    was opened again goes back to where its claims say that it stands, or without any to
    approved. What stands at an agency is not paid.
    """
    wanted = sorted({one for one in session_ids if one is not None})
    changes: list[StatusChange] = []
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        held = at_agency(work, chunk)
        charged = select(Charge.session_id).where(
            Charge.session_id.in_(chunk), Charge.voided_on.is_(None), Charge.amount != Money()
        )
        rows = work.db.execute(
            select(
                Session.id,
                Session.billing_status,
                Session.insurance_balance,
                Session.patient_balance,
            )
            .where(
                Session.id.in_(charged),
                Session.withdrawn_by.is_(None),
                Session.attendance != Attendance.SCHEDULED,
            )
            .order_by(Session.id)
        ).all()
        reopened = [row.id for row in rows if row.billing_status is BillingStatus.PAID]
        said = said_by_claims(work, reopened) if reopened else {}
        for row in rows:
            now = BillingStatus(row.billing_status)
            settled = not (row.insurance_balance or row.patient_balance) and row.id not in held
            new = now
            if settled:
                new = BillingStatus.PAID
            elif now is BillingStatus.PAID:
                new = said.get(row.id, BillingStatus.APPROVED)
            if new is not now:
                changes.append(StatusChange(row.id, StatusKind.BILLING, now, new, reason))
    write_status_changes(work, changes, day=work.today())
    return len(changes)


def settled_sessions(work: Work, session_ids: Collection[int]) -> set[int]:
    """Return which of these sessions have charges of which nothing is open, nor at an agency."""
    charged = select(Charge.session_id).where(
        among(work, Charge.session_id, session_ids),
        Charge.voided_on.is_(None),
        Charge.amount != Money(),
    )
    found = set(
        work.db.scalars(
            select(Session.id).where(
                Session.id.in_(charged),
                Session.insurance_balance == Money(),
                Session.patient_balance == Money(),
            )
        )
    )
    return found - at_agency(work, found).keys() if found else found


def at_agency(work: Work, session_ids: Collection[int]) -> dict[int, int]:
    """Return what of sessions stands at a collection agency, in cents: that is not paid."""
    rows = work.db.execute(
        select(JournalLine.session_id, func.sum(JournalLine.amount).label("held"))
        .where(JournalLine.session_id.in_(session_ids), JournalLine.account == AT_AGENCY)
        .group_by(JournalLine.session_id)
        .having(func.sum(JournalLine.amount) != Money())
    )
    return {row.session_id: row.held.cents for row in rows}
