"""Aging the slow and obvious way: every line of every charge, added up in Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.services.reports.aging_sums import AgeBy, By
from fscdesk.services.work import Work

Cells = dict[int | None, list[int]]
"""By key: five buckets and the credits, in cents."""


def aged(work: Work, as_of: date, by: By, age_by: AgeBy, bucket_days: int) -> Cells:
    """What aging must say."""
    charges = {charge.id: charge for charge in work.db.scalars(select(Charge))}
    owed: dict[tuple[int, str], int] = defaultdict(int)
    cells: dict[int | None, list[int]] = defaultdict(lambda: [0] * 6)
    for line in work.db.scalars(select(JournalLine).where(JournalLine.day <= as_of)):
        if line.account == "2400":
            whose = None if by is By.PAYER else getattr(line, f"{by.value}_id") or 0
            cells[whose][5] += line.amount.cents
        elif line.account == "2410" and line.credit_id is not None:
            cells[(line.payer_id or 0) if by is By.PAYER else 0][5] += line.amount.cents
        elif line.account in ("1110", "2410") and line.charge_id is not None:
            owed[line.charge_id, "insurance"] += line.amount.cents
        elif line.account == "1100" and line.charge_id is not None:
            owed[line.charge_id, "patient"] += line.amount.cents
    for (charge_id, side), cents in owed.items():
        charge = charges[charge_id]
        key = getattr(charge, f"{by.value}_id") or 0
        if by is By.PAYER and side == "patient":
            key = None
        if cents < 0:
            cells[key][5] += cents
        elif cents > 0:
            age = (as_of - _from(charge, age_by, side)).days
            cells[key][min(max(age - 1, 0) // bucket_days, 4)] += cents
    return {key: row for key, row in cells.items() if any(row)}


def _from(charge: Charge, age_by: AgeBy, side: str) -> date:
    if age_by is AgeBy.SERVICE:
        return charge.service_day
    if age_by is AgeBy.POSTING:
        return charge.posted_day
    return charge.insurance_since if side == "insurance" else charge.patient_since
