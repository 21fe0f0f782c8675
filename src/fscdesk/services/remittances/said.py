"""What payers said of charges in remittances that are posted and stand, adjustment by adjustment.

For whoever must repeat a payer's own words: the claim to the next payer (2430), a letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import AnsweredClaim, AnsweredLine, Cas, cas_of
from fscdesk.services.remittances.claim_heads import balanced_lines
from fscdesk.services.work import Work

_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class SaidOfCharge:
    """A payer's newest answer for a charge; cents. ``cas`` has one entry for each reason."""

    paid: int
    cas: tuple[Cas, ...]
    paid_on: date


def said_of(work: Work, charge_ids: Collection[int]) -> dict[tuple[int, int], SaidOfCharge]:
    """Return the newest answers that stand, by charge and payer; two questions for any number.

    What was taken back is no answer any more. Where a payer adjusted the whole claim, each charge
    has its part.
    """
    claims = _claims(work, charge_ids)
    if not claims:
        return {}
    rows: dict[int, list[AnsweredLine]] = defaultdict(list)
    for row in work.db.execute(
        select(
            RemittanceLine.remittance_claim_id,
            RemittanceLine.position,
            RemittanceLine.code,
            RemittanceLine.charge,
            RemittanceLine.paid,
            RemittanceLine.adjustments,
            RemittanceLine.charge_id,
        )
        .where(among(work, RemittanceLine.remittance_claim_id, claims))
        .order_by(RemittanceLine.remittance_claim_id, RemittanceLine.position)
    ):
        line = AnsweredLine(
            row.position,
            row.code,
            row.charge.cents,
            row.paid.cents,
            cas_of(row.adjustments),
            charge_id=row.charge_id,
            itemised=bool(row.code),
        )
        rows[row.remittance_claim_id].append(line)
    found: dict[tuple[int, int], SaidOfCharge] = {}
    for claim_id, said in claims.items():  # oldest first: the newest stays
        lines = balanced_lines(_answered(said, rows[claim_id]))
        found |= {
            (charge_id, said.payer_id): SaidOfCharge(*sums, said.paid_on)
            for charge_id, sums in _by_charge(lines or ()).items()
        }
    return found


def _claims(work: Work, charge_ids: Collection[int]) -> Mapping[int, _Row]:
    """Return the claims of remittances that answer some charges and were not taken back."""
    back = aliased(RemittanceLine)
    taken_back = (
        select(back.id)
        .where(back.reverses_id == RemittanceLine.id, back.fate == Fate.POSTED)
        .exists()
    )
    rows = work.db.execute(
        select(
            RemittanceClaim.id,
            RemittanceClaim.position,
            RemittanceClaim.number,
            RemittanceClaim.status_code,
            RemittanceClaim.charge,
            RemittanceClaim.paid,
            RemittanceClaim.adjustments,
            Remittance.payer_id,
            Remittance.paid_on,
        )
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(RemittanceLine, RemittanceLine.remittance_claim_id == RemittanceClaim.id)
        .where(
            among(work, RemittanceLine.charge_id, charge_ids),
            RemittanceLine.fate == Fate.POSTED,
            RemittanceClaim.fate == Fate.POSTED,
            Remittance.payer_id.is_not(None),
            ~taken_back,
        )
        .distinct()
        .order_by(RemittanceClaim.id)
    )
    found: list[_Row] = list(rows)
    return {row.id: row for row in found if not _answered(row, []).reversal}


def _answered(row: _Row, lines: Collection[AnsweredLine]) -> AnsweredClaim:
    return AnsweredClaim(
        position=row.position,
        number=row.number,
        status=row.status_code,
        charge=row.charge.cents,
        paid=row.paid.cents,
        patient_share=0,
        cas=cas_of(row.adjustments),
        lines=tuple(lines),
    )


def _by_charge(lines: Collection[AnsweredLine]) -> dict[int, tuple[int, tuple[Cas, ...]]]:
    """Sum what is said of each charge, by group and reason."""
    paid: dict[int, int] = defaultdict(int)
    sums: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        if line.charge_id is None:
            continue
        paid[line.charge_id] += line.paid
        for one in line.cas:
            sums[line.charge_id][one.group, one.carc] += one.cents
    return {
        charge_id: (
            cents,
            tuple(Cas(*key, off) for key, off in sorted(sums[charge_id].items()) if off),
        )
        for charge_id, cents in paid.items()
    }
