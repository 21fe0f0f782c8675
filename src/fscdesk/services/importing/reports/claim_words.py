"""What reports say of claims: kept by the clearinghouse's reference, the newest word wins."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from fscdesk.models.import_batch import ImportBatch, ImportRow
from fscdesk.models.simplepractice import ReportedClaim
from fscdesk.services.id_sets import among_words
from fscdesk.services.work import Work

CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim that a report has told before."""

    id: int
    reference: str
    payer_claim: str
    status: str
    patient_id: int | None


def known_claims(work: Work, references: Collection[str]) -> dict[str, KnownClaim]:
    """Return the claims of these references; a blank one is nobody's."""
    rows = work.db.execute(
        select(
            ReportedClaim.id,
            ReportedClaim.reference,
            ReportedClaim.payer_claim,
            ReportedClaim.status,
            ReportedClaim.patient_id,
        ).where(among_words(work, ReportedClaim.reference, {one for one in references if one}))
    )
    return {row.reference: KnownClaim(*row) for row in rows}


def write_claim(
    work: Work,
    reference: str,
    *,
    payer_claim: str,
    status: str,
    patient_id: int | None,
    payer_id: int | None,
    batch_id: int,
) -> dict[str, Any]:
    """Keep the newest word about a claim; return what it said before, for undoing."""
    claim = work.db.scalars(select(ReportedClaim).filter_by(reference=reference)).one_or_none()
    if claim is None:
        claim = ReportedClaim(
            reference=reference,
            payer_claim=payer_claim[:64],
            patient_id=patient_id,
            payer_id=payer_id,
            status=status,
            batch_id=batch_id,
        )
        work.db.add(claim)
        work.db.flush()
        return {CLAIM: claim.id, "was": None}
    was = {
        "payer_claim": claim.payer_claim,
        "status": claim.status,
        "patient_id": claim.patient_id,
        "payer_id": claim.payer_id,
    }
    claim.payer_claim = payer_claim[:64] or claim.payer_claim
    claim.status = status or claim.status
    claim.patient_id = claim.patient_id or patient_id
    claim.payer_id = claim.payer_id or payer_id
    work.db.flush()
    return {CLAIM: claim.id, "was": was}


def restore_claims(work: Work, batch: ImportBatch) -> int:
    """Give the claims that a batch spoke of their old words back; return how many.

    A claim that the batch made goes, unless a later import has spoken of it.
    """
    told = work.db.scalars(
        select(ImportRow.before)
        .where(ImportRow.batch_id == batch.id, ImportRow.before.is_not(None))
        .order_by(ImportRow.id.desc())
    ).all()
    count = 0
    for text in told:
        before: dict[str, Any] = json.loads(text or "{}")
        if CLAIM not in before:
            continue
        count += 1
        if before["was"] is None:
            work.db.execute(
                delete(ReportedClaim).where(
                    ReportedClaim.id == before[CLAIM], ReportedClaim.batch_id == batch.id
                )
            )
        else:
            work.db.execute(
                update(ReportedClaim)
                .where(ReportedClaim.id == before[CLAIM])
                .values(**before["was"])
            )
    work.db.expire_all()
    return count
