"""Stores what reports say a payment paid: each share once, however often the report comes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Side
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import Money
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.id_sets import among_words
from fscdesk.services.work import Work

LONGEST_DOCUMENT, LONGEST_REFERENCE, LONGEST_CODES = 80, 100, 80
_COLUMNS = (
    *("id", "key", "occurrence", "side", "patient_id", "provider_id", "paid_on", "session_day"),
    *("codes", "document", "reference", "amount", "batch_id"),
)


@dataclass(frozen=True, slots=True)
class Share:
    """One share of a payment; people by their real ids."""

    key: str
    occurrence: int
    side: Side
    patient_id: int | None
    provider_id: int | None
    paid_on: date
    session_day: date | None
    codes: str
    document: str
    reference: str
    amount: Money


def keys_of(prefix: str, facts: Sequence[tuple[object, ...]]) -> list[tuple[str, int]]:
    """Return the key of each row, and which of its equals it is, from 1."""
    times: Counter[str] = Counter()
    found = []
    for one in facts:
        told = hashlib.sha256("|".join(str(part) for part in one).encode()).hexdigest()[:40]
        times[told] += 1
        found.append((f"{prefix}{told}#{times[told]}", times[told]))
    return found


def known_keys(work: Work, keys: Collection[str]) -> dict[str, int]:
    """Return which of these keys are stored, with the ids of their rows."""
    rows = work.db.execute(
        select(ReportedAllocation.key, ReportedAllocation.id).where(
            among_words(work, ReportedAllocation.key, keys)
        )
    )
    return {row.key: row.id for row in rows}


def store_shares(work: Work, shares: Sequence[Share], *, batch_id: int) -> list[int]:
    """Store shares and return their ids, in their order."""
    ids = list(reserve_ids(work, "reported_allocation", len(shares)))
    insert_rows(
        work,
        "reported_allocation",
        _COLUMNS,
        (
            (
                *(ident, one.key, one.occurrence, one.side.value, one.patient_id),
                *(one.provider_id, one.paid_on.isoformat()),
                None if one.session_day is None else one.session_day.isoformat(),
                *(one.codes[:LONGEST_CODES], one.document[:LONGEST_DOCUMENT]),
                *(one.reference[:LONGEST_REFERENCE], one.amount.cents, batch_id),
            )
            for ident, one in zip(ids, shares, strict=True)
        ),
    )
    work.db.expire_all()
    return ids
