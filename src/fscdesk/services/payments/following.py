"""Lets what stands on money follow it when it is taken back: sessions, and cases at an agency."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from fscdesk.models.ledger import JournalLine
from fscdesk.services.billing.case_following import cases_of, follow_cases
from fscdesk.services.id_sets import among
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Work


def follow_reversed(work: Work, entry_ids: Collection[int], *, on: date, reason: str) -> None:
    """Let sessions and cases follow entries that were just reversed, or their reversals.

    A session that is open again is not paid any more, and one of which nothing is open is; a
    case of which the agency holds something again is open.
    """
    sessions = (
        select(JournalLine.session_id)
        .where(among(work, JournalLine.entry_id, entry_ids), JournalLine.session_id.is_not(None))
        .distinct()
    )
    touched = list(work.db.scalars(sessions))
    follow_cases(work, cases_of(work, entry_ids), on=on, reason=reason)
    follow_money(work, touched, reason)
