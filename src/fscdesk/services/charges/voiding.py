"""Takes charges out of the books by reversing what stands of them; the rows stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.services.bulk import run_many
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.work import Work

CHUNK = 400


def void_charges(
    work: Work,
    session_ids: Sequence[int],
    *,
    on: date,
    reason: str,
    batch_id: int | None,
) -> None:
    """Reverse what stands of the sessions' live charges and mark them voided.

    ``on`` is the day of the reversing entries; none is dated before what it reverses.
    """
    entries, charges = live_entries(work, session_ids)
    reverse_all(work, standing(work, entries), on=on, reason=reason, batch_id=batch_id)
    run_many(
        work,
        "UPDATE charge SET voided_on = ? WHERE id = ?",
        [(on.isoformat(), charge_id) for charge_id in charges],
    )
    work.db.expire_all()


def live_entries(work: Work, session_ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the entries of the sessions' live charges (reversals left out), and the charges."""
    entries: list[int] = []
    charges: list[int] = []
    for start in range(0, len(session_ids), CHUNK):
        work.job.step(start, len(session_ids), "Taking charges back")
        live = list(
            work.db.scalars(
                select(Charge.id).where(
                    Charge.session_id.in_(session_ids[start : start + CHUNK]),
                    Charge.voided_on.is_(None),
                )
            )
        )
        charges += live
        entries += work.db.scalars(
            select(JournalEntry.id).where(
                JournalEntry.charge_id.in_(live), JournalEntry.kind != EntryKind.REVERSAL
            )
        )
    return entries, charges
