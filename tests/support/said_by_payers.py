"""Holds the books against the files of payers themselves: what each said, claim by claim.

Nothing is read by the program's own reader: the claims are those from which the files were made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
    RemittanceStatus,
)
from fscdesk.services.office import Office
from fscdesk.services.remittances.adjustment_rows import claim_of_key
from fscdesk.services.work import Work
from tests.support.era_lines import EraClaim, trios_of

_STANDING = (RemittanceStatus.POSTED, RemittanceStatus.PARTLY)
_OFF = (AdjustmentKind.CONTRACTUAL, AdjustmentKind.CORRECTION)


def told_of(came: Mapping[str, Sequence[EraClaim]]) -> dict[tuple[str, int], int]:
    """What each claim was paid, in cents, by the name of its file and its place."""
    return {
        (name, at): _cents(one.paid)
        for name, claims in came.items()
        for at, one in enumerate(claims, start=1)
    }


def unlike_the_files(books: Office, came: Mapping[str, Sequence[EraClaim]]) -> list[str]:
    """Return in what the remittances that stand differ from the files that payers sent, in words.

    ``came`` are the claims of each file by its name. Every claim is kept as it was said. What is
    in the books of one that was posted took off, and made the client's, no more than it said; what
    is undone has left nothing that stands.
    """
    return books.read(lambda work: list(_unlike(work, came)))


def _unlike(work: Work, came: Mapping[str, Sequence[EraClaim]]) -> Iterator[str]:
    made = _made(work)
    lines: Counter[tuple[int, str]] = Counter()
    for line in work.db.scalars(select(RemittanceLine)):
        lines[line.remittance_claim_id, "paid"] += line.paid.cents
        if line.fate is Fate.POSTED:
            lines[line.remittance_claim_id, "off"] += line.wrote_off.cents
            lines[line.remittance_claim_id, "client"] += line.to_patient.cents
    rows: Any = work.db.execute(
        select(RemittanceClaim, Remittance, RemittanceFile.name)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(RemittanceFile, RemittanceFile.id == Remittance.file_id)
    )
    for row, remittance, name in rows:
        said = came[name][row.position - 1]
        where = f"{remittance.number}, claim {row.position}"
        kept = (row.charge.cents, row.paid.cents, lines[row.id, "paid"])
        if kept != (_cents(said.charge), _cents(said.paid), _cents(said.paid)):
            yield f"{where}: {kept} is kept of {said.charge}, {said.paid}"
        posted = row.fate is Fate.POSTED and remittance.status in _STANDING
        off, client = made[row.id, "off"], made[row.id, "client"]
        if not posted:
            if off or client:
                yield f"{where} is {row.fate}, and {off}, {client} of it stand"
            continue
        if not off <= max(_sum(said, patient=False), 0) or not client <= _sum(said, patient=True):
            yield f"{where}: {off} is off, {client} the client's, of {said}"
        wrote = lines[row.id, "off"], lines[row.id, "client"]
        if off not in (0, wrote[0]) and made[row.id, "gone"] == 0:
            yield f"{where}: {off} is off, and its lines say {wrote}"


def _made(work: Work) -> Counter[tuple[int, str]]:
    """Return what adjustments of each claim (its row) stand: off, the client's; ``gone``: count."""
    found: Counter[tuple[int, str]] = Counter()
    for one in work.db.scalars(select(Adjustment).where(Adjustment.payment_id.is_not(None))):
        row = claim_of_key(one.request_key)
        if not row:
            continue
        if one.status is not AdjustmentStatus.POSTED:
            found[row, "gone"] += 1
        elif one.kind in _OFF and one.carc:
            found[row, "off"] += one.amount.cents
        elif one.kind is AdjustmentKind.TO_PATIENT:
            found[row, "client"] += one.amount.cents
    return found


def _sum(said: EraClaim, *, patient: bool) -> int:
    """Return what a claim says of the client's share, or of all else that comes off."""
    moved = " ".join((said.cas, *(one.cas for one in said.services)))
    return sum(
        max(_cents(amount), 0)
        for group, _, amount, _ in trios_of(moved)
        if (group == "PR") is patient
    )


def _cents(amount: str) -> int:
    return int(Decimal(amount) * 100)
