"""Alerts: what is urgent, told once, graver as it ages, and over when its cause is gone.

The things of the queue are the cause. Whoever runs the daily jobs keeps the alerts of everybody,
so the readers are asked here without rights; who sees which alert is said below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, case, select

from fscdesk.models.alert import Alert, AlertSeverity, AlertStatus
from fscdesk.models.staff import Role, Staff, StaffRole
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, require_version
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.listing_items import items_with_keeping
from fscdesk.services.queue.reading_items import grave_items
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Topic, Work

__all__ = [
    "AlertRow",
    "AlertSeverity",
    "AlertStatus",
    "AlertsKept",
    "acknowledge",
    "assign_alert",
    "keep_alerts",
    "open_alerts",
    "resolve",
]

MOST: Final = 5_000
"""So many things of a kind are looked at; no practice has so many alerts."""
LONGEST: Final = 300
_SEES_ALL: Final = (Role.ADMIN, Role.BILLING_MANAGER)
_RANK: Final = {one: at for at, one in enumerate(AlertSeverity)}
_TOLD: Final = (Urgency.HIGH, Urgency.CRITICAL)


@dataclass(frozen=True, slots=True)
class AlertsKept:
    """What a run changed: alerts opened, made graver, and resolved because their cause is gone."""

    opened: int
    raised: int
    resolved: int


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as the list shows it; ``created_at`` is UTC, ``opens`` where the work is done."""

    id: int
    kind: str
    severity: AlertSeverity
    status: AlertStatus
    message: str
    amount: Money
    due_on: date | None
    opens: Opens
    assigned_to: int | None
    assigned: str
    created_at: datetime
    version: int


def keep_alerts(work: Work) -> AlertsKept:
    """Open, raise and resolve alerts so that they say what is so now.

    A thing has one alert while it is so, however often this runs. One that became graver is open
    again, also where somebody had seen or resolved it.
    """
    told = [one for one in grave_items(work, most=MOST) if one.named and _is_told(one)]
    now = {one.key: one for one in items_with_keeping(work, told)}
    live = {
        one.live: one
        for one in work.db.scalars(
            select(Alert).where(Alert.live.is_not(None)).order_by(Alert.id).with_for_update()
        )
    }
    raised = sum(_follow(live[key], item) for key, item in now.items() if key in live)
    fresh = [_alert(work, item) for key, item in now.items() if key not in live]
    work.db.add_all(fresh)
    resolved = sum(_over(work, one) for key, one in live.items() if key not in now)
    kept = AlertsKept(len(fresh), raised, resolved)
    work.db.flush()
    if fresh or raised or resolved:
        record(work, "keep_alerts", "alert", None, opened=len(fresh), raised=raised, over=resolved)
        work.touch(Topic.QUEUE)
    return kept


def open_alerts(
    work: Work, *, severities: Sequence[AlertSeverity] = (), mine: bool = False, most: int = 500
) -> tuple[AlertRow, ...]:
    """Return the alerts that are not resolved and that the person may see, the gravest first.

    Everybody sees those that are assigned to him; administrators and managers see all, of which
    ``mine`` picks their own.
    """
    where: list[ColumnElement[bool]] = [Alert.status != AlertStatus.RESOLVED]
    if mine or not _sees_all(work):
        where.append(Alert.assigned_to == work.actor.staff_id)
    if severities:
        where.append(Alert.severity.in_(severities))
    gravest = case({one.value: -at for one, at in _RANK.items()}, value=Alert.severity)
    rows = work.db.execute(
        select(Alert, Staff.name)
        .outerjoin(Staff, Staff.id == Alert.assigned_to)
        .where(*where)
        .order_by(gravest, Alert.due_on.asc().nulls_last(), Alert.id)
        .limit(most)
    )
    return tuple(_row(alert, name or "") for alert, name in rows)


def acknowledge(work: Work, alert_id: int, *, expected_version: int) -> None:
    """Note that the person has seen an alert; it stays until its cause is gone, or it rises."""
    alert = _changeable(work, alert_id, expected_version)
    alert.status = AlertStatus.ACKNOWLEDGED
    alert.seen_at, alert.seen_by = work.now(), work.actor.staff_id
    _changed(work, "acknowledge_alert", alert_id)


def assign_alert(work: Work, alert_id: int, staff_id: int | None, *, expected_version: int) -> None:
    """Give an alert to a member of the staff (None: to nobody).

    Raises Problem for who works here no more, and, where it goes to somebody else, without the
    right to follow claims.
    """
    alert = _changeable(work, alert_id, expected_version)
    if staff_id not in (None, work.actor.staff_id):
        require(work, Right.MAKE_CLAIMS, "give alerts to others")
    if staff_id is not None and not locked(work, Staff, staff_id, "this person").active:
        raise Problem("This person works here no more.", hint="Nothing was changed.")
    alert.assigned_to = staff_id
    _changed(work, "assign_alert", alert_id, to=staff_id)


def resolve(work: Work, alert_id: int, *, expected_version: int) -> None:
    """Take an alert out of the list; it is told again only when it became graver."""
    alert = _changeable(work, alert_id, expected_version)
    alert.status = AlertStatus.RESOLVED
    alert.resolved_at, alert.resolved_by = work.now(), work.actor.staff_id
    _changed(work, "resolve_alert", alert_id)


def _is_told(item: QueueItem) -> bool:
    return item.urgency in _TOLD or item.kind is ItemKind.SILENT


def _alert(work: Work, item: QueueItem) -> Alert:
    return Alert(
        kind=item.kind.value,
        severity=AlertSeverity(item.urgency.value),
        live=item.key,
        message=_message(item),
        amount=item.amount,
        session_id=item.session_id,
        claim_id=item.claim_id,
        remittance_id=item.remittance_id,
        due_on=item.due_on,
        assigned_to=item.assigned_to,
        created_at=work.now(),
    )


def _message(item: QueueItem) -> str:
    said = f"{item.title}: {item.about}"
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 2]} …"


def _follow(alert: Alert, item: QueueItem) -> bool:
    """Let an alert say what is so now; return whether it became graver."""
    severity = AlertSeverity(item.urgency.value)
    graver = _RANK[severity] > _RANK[alert.severity]
    if graver:
        alert.status = AlertStatus.OPEN
        alert.seen_at = alert.seen_by = alert.resolved_at = alert.resolved_by = None
    values = {
        "severity": severity,
        "message": _message(item),
        "amount": item.amount,
        "due_on": item.due_on,
    }
    for name, value in values.items():
        if getattr(alert, name) != value:
            setattr(alert, name, value)
    return graver


def _over(work: Work, alert: Alert) -> bool:
    """End an alert whose cause is gone; return whether it was not resolved before."""
    alert.live = None
    if alert.status is AlertStatus.RESOLVED:
        return False
    alert.status, alert.resolved_at = AlertStatus.RESOLVED, work.now()
    return True


def _sees_all(work: Work) -> bool:
    found = select(StaffRole.role).where(
        StaffRole.staff_id == work.actor.staff_id, StaffRole.role.in_(_SEES_ALL)
    )
    return work.db.scalar(found.limit(1)) is not None


def _changeable(work: Work, alert_id: int, expected_version: int) -> Alert:
    """Return an alert that the person may see and that is not over, locked. Raises Problem."""
    alert = locked(work, Alert, alert_id, "this alert")
    if alert.assigned_to != work.actor.staff_id and not _sees_all(work):
        raise Problem("You may not look at this alert.", hint="Nothing was changed.")
    require_version(alert, expected_version, "this alert")
    if alert.status is AlertStatus.RESOLVED:
        raise Problem("This alert is over.", hint="Nothing was changed. Look at the list again.")
    return alert


def _changed(work: Work, action: str, alert_id: int, **detail: object) -> None:
    work.db.flush()
    record(work, action, "alert", alert_id, **detail)
    work.touch(Topic.QUEUE)


def _row(alert: Alert, assigned: str) -> AlertRow:
    if alert.claim_id is not None:
        opens = Opens("claim", {"claim": alert.claim_id})
    elif alert.remittance_id is not None:
        opens = Opens("remittance", {"remittance": alert.remittance_id})
    elif alert.session_id is not None:
        opens = Opens("sessions", {"session": alert.session_id})
    elif alert.live is not None:
        opens = Opens("queue", {"item": alert.live})
    else:
        opens = Opens("queue", {"kind": (alert.kind,)})
    return AlertRow(
        id=alert.id,
        kind=alert.kind,
        severity=alert.severity,
        status=alert.status,
        message=alert.message,
        amount=alert.amount,
        due_on=alert.due_on,
        opens=opens,
        assigned_to=alert.assigned_to,
        assigned=assigned,
        created_at=alert.created_at,
        version=alert.version,
    )
