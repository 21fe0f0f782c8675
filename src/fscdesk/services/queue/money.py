"""What waits of money for many at once: charges that returned checks have opened again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, literal_column, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.groups import NAMED, Group
from fscdesk.services.queue.items import ItemKind, Line
from fscdesk.services.queue.wording import many, since
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

_OPEN: ColumnElement[bool] = literal_column("charge.patient_balance <> 0")
"""Written out as in the partial index of open charges, which is used only then."""


def returned(work: Work) -> Iterator[Group]:
    """Yield the charges that a returned check has opened again, and that are open still."""
    if not may(work, Right.POST_PAYMENT):
        return
    touched = (
        select(JournalLine.charge_id)
        .join(Payment, Payment.id == JournalLine.payment_id)
        .where(Payment.status == PaymentStatus.RETURNED, JournalLine.charge_id.is_not(None))
    )
    rows = work.db.execute(
        select(Patient.name, func.sum(Charge.patient_balance), func.min(Charge.service_day))
        .join(Patient, Patient.id == Charge.patient_id)
        .where(Charge.id.in_(touched), _OPEN, Charge.patient_balance > ZERO)
        .group_by(Patient.id, Patient.name)
        .order_by(func.min(Charge.service_day), Patient.id)
    ).all()
    if not rows:
        return
    oldest = min(day for _name, _sum, day in rows)
    yield Group(
        ItemKind.RETURNED,
        Urgency.HIGH,
        "Returned checks",
        f"Charges of {many(len(rows), 'client')} are open again",
        "Call, and ask for another payment",
        since(oldest, work.today()),
        len(rows),
        _sum([amount for _name, amount, _day_ in rows]),
        oldest,
        Opens("payments", {"tab": "payments", "view": "returned"}),
        tuple(
            Line(name, f"since {day:%m/%d/%Y}", _sum([amount]))
            for name, amount, day in rows[:NAMED]
        ),
    )


def _sum(amounts: Sequence[object]) -> Money:
    """Return a sum as Money, whether the column's type came through the SQL or not."""
    return Money(sum(one.cents if isinstance(one, Money) else int(str(one)) for one in amounts))
