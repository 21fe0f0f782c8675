"""The file that an agency gets: what it needs to collect, and nothing of why anybody came.

One row for each case: who owes, where to reach them, how much, for services from when to when.
No diagnosis, clinician, code or client's name is in it (the minimum necessary of 45 CFR
164.502(b)), and no cell runs as a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import Agency, CollectionCase, CollectionItem
from fscdesk.models.document import DocumentKind, SentBy
from fscdesk.models.patient import Guarantor
from fscdesk.services.billing.documents import (
    Kept,
    document_bytes,
    document_number,
    keep,
    kept,
)
from fscdesk.services.billing.sendings import log_sending
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.cells import plain
from fscdesk.services.table_report import Cell
from fscdesk.services.work import Work

COLUMNS: Final = (
    "Case",
    "Account",
    "Name",
    "Address 1",
    "Address 2",
    "City",
    "State",
    "ZIP",
    "Phone",
    "Services from",
    "Services to",
    "Placed on",
    "Amount",
)


@dataclass(frozen=True, slots=True)
class HandOff:
    """A file for an agency, as it is saved. Its name holds no person's name."""

    document_id: int
    file_name: str
    content: bytes


def keep_hand_off(work: Work, case_ids: Sequence[int]) -> int:
    """Make the file of cases that were placed together, keep it, and return the document's id."""
    require(work, Right.MANAGE_COLLECTIONS, "hand accounts to a collection agency")
    number = document_number(work, DocumentKind.HAND_OFF)
    return keep(
        work,
        DocumentKind.HAND_OFF,
        min(case_ids),
        _csv(_rows(work, case_ids)),
        f"{number}.csv",
        number=number,
    )


def hand_off_of(work: Work, case_id: int) -> Kept:
    """Return the kept file that holds a case. Raises Problem when there is none."""
    case = work.db.get(CollectionCase, case_id)
    if case is not None:
        first = work.db.scalar(
            select(func.min(CollectionCase.id)).where(
                CollectionCase.request_key == case.request_key
            )
        )
        files = kept(work, DocumentKind.HAND_OFF, first or case_id)
        if files:
            return files[-1]
    raise Problem("This case has no file.", hint="Nothing was written.")


def give_hand_off(work: Work, case_id: int) -> HandOff:
    """Return the file of a case byte for byte, and put on record that it left the office."""
    require(work, Right.MANAGE_COLLECTIONS, "hand accounts to a collection agency")
    file = hand_off_of(work, case_id)
    agency = work.db.scalar(
        select(Agency.name)
        .join(CollectionCase, CollectionCase.agency_id == Agency.id)
        .where(CollectionCase.id == case_id)
    )
    log_sending(work, SentBy.FILE, document_id=file.id, destination=agency or "")
    return HandOff(file.id, file.file_name, document_bytes(work, file.id))


def _rows(work: Work, case_ids: Sequence[int]) -> list[tuple[Cell, ...]]:
    found = work.db.execute(
        select(
            CollectionCase.number,
            Guarantor,
            CollectionCase.placed_on,
            CollectionCase.amount,
            func.min(Charge.service_day),
            func.max(Charge.service_day),
        )
        .join(Guarantor, Guarantor.id == CollectionCase.guarantor_id)
        .join(CollectionItem, CollectionItem.case_id == CollectionCase.id)
        .join(Charge, Charge.id == CollectionItem.charge_id)
        .where(among(work, CollectionCase.id, case_ids))
        .group_by(CollectionCase.id, Guarantor.id)
        .order_by(CollectionCase.id)
    )
    return [
        (
            number,
            who.number,
            who.name,
            who.address1,
            who.address2,
            who.city,
            who.state,
            who.zip_code,
            who.phone,
            first,
            last,
            placed_on,
            amount,
        )
        for number, who, placed_on, amount, first, last in found
    ]


def _csv(rows: Sequence[tuple[Cell, ...]]) -> bytes:
    """UTF-8 with a byte order mark, CRLF, amounts as ``1234.50``, days as ``2026-03-31``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
