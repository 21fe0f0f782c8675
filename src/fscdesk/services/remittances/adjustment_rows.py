"""Writes many adjustments of a remittance at once, and takes them back the same way.

One adjustment at a time goes through ``billing/adjusting``; what a payer says of ten thousand
lines comes here, decided and behind the locks. The key of each names its claim of the remittance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select, update

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.ledger import JournalEntry
from fscdesk.services.billing.adjusting import SERIES
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.remittances.entries import NewRow
from fscdesk.services.work import Work

_COLUMNS: Final = (
    *("id", "number", "kind", "side", "charge_id", "patient_id", "amount", "reason"),
    *("group_code", "carc", "rarc", "on", "status", "recorded", "payment_id", "entry_id"),
    *("request_key", "made_by", "made_at", "version"),
)
_OF_CLAIM: Final = "remittance-claim-"


def claim_key(claim_row_id: int) -> str:
    """Return the key of the adjustments that a claim of a remittance brought."""
    return f"{_OF_CLAIM}{claim_row_id}"


def claim_of_key(key: str | None) -> int:
    """Return the claim (row id) that brought an adjustment with this key, 0 for any other key."""
    number = (key or "").removeprefix(_OF_CLAIM)
    return int(number) if number != key and number.isdecimal() else 0


def write_adjustments(
    work: Work,
    rows: Sequence[tuple[int, NewRow]],
    entry_ids: Sequence[int],
    payment_id: int,
) -> None:
    """Write posted adjustments, each with the claim (row id) that says so and its entry.

    A move sets the day since which its new side owes, unless that side owes already.
    """
    if not rows:
        return
    year = work.today().year
    numbers = reserve_numbers(work, SERIES, year, len(rows))
    ids = reserve_ids(work, "adjustment", len(rows))
    moment, person = stored_moment(work.now()), work.actor.staff_id
    insert_rows(
        work,
        "adjustment",
        _COLUMNS,
        (
            (
                *(row_id, number_text(SERIES, year, number), one.kind.value, one.side.value),
                *(one.charge.id, one.charge.patient_id, one.amount, one.reason),
                *(one.group_code, one.carc, "", one.on.isoformat()),
                *(AdjustmentStatus.POSTED.value, one.recorded, payment_id, entry_id),
                *(claim_key(claim_id), person, moment, 1),
            )
            for row_id, number, (claim_id, one), entry_id in zip(
                ids, numbers, rows, entry_ids, strict=True
            )
        ),
    )


def set_since(work: Work, rows: Sequence[NewRow]) -> None:
    """Set since when a side owes what moves to it; asked before the entries are posted."""
    for kind, column in (
        (AdjustmentKind.TO_PATIENT, "patient_since"),
        (AdjustmentKind.TO_PAYER, "insurance_since"),
    ):
        run_many(
            work,
            f"UPDATE charge SET {column} = ? WHERE id = ?",  # noqa: S608 - names of ours
            list(_newly_owed(rows, kind)),
        )


def _newly_owed(rows: Sequence[NewRow], kind: AdjustmentKind) -> Iterator[tuple[Any, ...]]:
    for one in rows:
        charge = one.charge
        to_patient = kind is AdjustmentKind.TO_PATIENT
        owed = charge.patient_balance if to_patient else charge.insurance_balance
        if one.kind is kind and owed.cents <= 0:
            yield one.on.isoformat(), charge.id


def take_back(work: Work, adjustment_ids: Collection[int], *, on: date, reason: str) -> int:
    """Reverse posted adjustments as they were posted, and return how many; the caller has locked.

    What was reversed at another desk meanwhile is left as it is.
    """
    rows = work.db.execute(
        select(Adjustment.id, Adjustment.entry_id)
        .where(
            among(work, Adjustment.id, adjustment_ids),
            Adjustment.status == AdjustmentStatus.POSTED,
        )
        .order_by(Adjustment.id)
    ).all()
    entries = [row.entry_id for row in rows if row.entry_id is not None]
    reverse_all(work, standing(work, entries), on=on, reason=reason)
    _set_status(work, [row.id for row in rows], AdjustmentStatus.REVERSED)
    return len(rows)


def put_back(work: Work, reversals: Collection[int], *, on: date, reason: str) -> int:
    """Let adjustments stand again whose reversals (entries) are taken back; return how many."""
    made = reverse_all(work, standing(work, reversals), on=on, reason=reason)
    if not made:
        return 0
    stands = _originals(work, reversals)
    _set_status(work, stands, AdjustmentStatus.POSTED)
    return len(stands)


def of_claims(work: Work, claim_row_ids: Collection[int]) -> list[int]:
    """Return the adjustments in the books that claims of remittances brought."""
    keys = [claim_key(one) for one in claim_row_ids]
    found = select(Adjustment.id).where(
        among_words(work, Adjustment.request_key, keys),
        Adjustment.status == AdjustmentStatus.POSTED,
    )
    return list(work.db.scalars(found.order_by(Adjustment.id)))


def of_payment(work: Work, payment_id: int) -> list[int]:
    """Return the adjustments in the books that came with a payment."""
    found = select(Adjustment.id).where(
        Adjustment.payment_id == payment_id, Adjustment.status == AdjustmentStatus.POSTED
    )
    return list(work.db.scalars(found.order_by(Adjustment.id)))


def _originals(work: Work, reversals: Collection[int]) -> list[int]:
    """Return the adjustments whose chain of entries some reversals stand in."""
    level, found = list(reversals), list[int]()
    while level:
        before = list(
            work.db.scalars(
                select(JournalEntry.reverses_id).where(
                    among(work, JournalEntry.id, level), JournalEntry.reverses_id.is_not(None)
                )
            )
        )
        level = [one for one in before if one is not None]
        if level:
            found += work.db.scalars(
                select(Adjustment.id).where(among(work, Adjustment.entry_id, level))
            )
    return found


def _set_status(work: Work, ids: Collection[int], status: AdjustmentStatus) -> None:
    if not ids:
        return
    work.db.execute(
        update(Adjustment)
        .where(among(work, Adjustment.id, ids))
        .values(status=status, version=Adjustment.version + 1),
        execution_options={"synchronize_session": False},
    )
