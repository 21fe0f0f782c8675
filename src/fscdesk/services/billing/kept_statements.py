"""The statements that were made for one guarantor, newest first, and where each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement that was made; ``made_at`` and ``sent_at`` are UTC.

    ``dropped`` was taken off the list of what is to be sent, ``undone`` belongs to a run that
    was undone; both count as never sent.
    """

    id: int
    number: str
    as_of: date
    period_from: date
    amount_due: Money
    message: str
    made_at: datetime
    sent_at: datetime | None
    dropped: bool
    undone: bool


def statements_for(work: Work, guarantor_id: int) -> tuple[KeptStatement, ...]:
    """Return the statements of a guarantor, the newest first."""
    require(work, Right.MAKE_STATEMENTS, "look at statements")
    rows = work.db.execute(
        select(
            Statement.id,
            Statement.number,
            StatementRun.as_of,
            Statement.period_from,
            Statement.amount_due,
            Statement.message,
            StatementRun.made_at,
            Statement.sent_at,
            Statement.dropped_at,
            StatementRun.undone_at,
        )
        .join(StatementRun, StatementRun.id == Statement.run_id)
        .where(Statement.guarantor_id == guarantor_id)
        .order_by(Statement.id.desc())
    )
    return tuple(
        KeptStatement(*row[:8], dropped=row[8] is not None, undone=row[9] is not None)
        for row in rows
    )
