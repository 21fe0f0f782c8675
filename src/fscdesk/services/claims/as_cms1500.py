"""Claims on paper: each content becomes the boxes of a CMS-1500.

claim_pdf(work, [7, 8], CmsMode.FILE_COPY)    # to look at, or to keep a copy
claim_pdf(work, [7, 8], CmsMode.RED_FORM)     # text for red forms, moved as the printer needs
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from fscdesk.models.claim import Claim
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending
from fscdesk.services.claims.as_cms1500_form import as_form
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.frozen import thawed
from fscdesk.services.claims.printers import offset_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.cms1500 import NO_OFFSET, CmsMode, PrintOffset, draw_cms1500
from fscdesk.services.printing.cms1500_test_page import draw_test_page
from fscdesk.services.work import Work

__all__ = [
    "CmsMode",
    "as_form",
    "as_it_left",
    "claim_pdf",
    "print_offset",
    "printer_test_page",
]


def claim_pdf(work: Work, claim_ids: Sequence[int], mode: CmsMode, *, printer: str = "") -> bytes:
    """Return claims as CMS-1500 pages, in the order given.

    A claim that was sent prints as it left; any other one as it stands now. Only red forms are
    moved, as the named printer needs it. Raises Problem where one of them is not in the books,
    nothing is left on it, a red form is wanted of a claim that something stops, and for a printer
    that nobody knows.
    """
    require(work, Right.MAKE_CLAIMS, "print claims")
    wanted = list(dict.fromkeys(claim_ids))
    left = as_it_left(work, wanted)
    found = {**contents(work, wanted), **left}
    if not wanted or any(one not in found for one in wanted):
        raise Problem(
            "A claim that was to be printed is not in the books, or nothing is left on it.",
            hint="Nothing was printed. Look at the list of claims again.",
        )
    if mode is CmsMode.RED_FORM:
        _require_sound(work, [one for one in wanted if one not in left])
    offset = print_offset(work, printer) if mode is CmsMode.RED_FORM else NO_OFFSET
    return draw_cms1500([as_form(found[one]) for one in wanted], mode, offset)


def _require_sound(work: Work, claim_ids: Sequence[int]) -> None:
    """Raise Problem for a claim with something that stops it: a red form goes to the payer."""
    stopped = work.db.scalars(
        select(Claim.number)
        .where(among(work, Claim.id, claim_ids), Claim.stops > 0)
        .order_by(Claim.id)
    ).first()
    if stopped is not None:
        raise Problem(
            f"Claim {stopped} is not ready for a red form: something on it stops it.",
            hint="Nothing was printed. Mend it first, or print a copy on plain paper.",
        )


def print_offset(work: Work, printer: str = "") -> PrintOffset:
    """Return how far forms are moved to the right and down on a printer (``printers.py``)."""
    return offset_of(work, printer)


def printer_test_page(work: Work, printer: str = "") -> bytes:
    """Return the page by which a printer is adjusted to red forms, moved as forms are now."""
    return draw_test_page(print_offset(work, printer), printer)


def as_it_left(work: Work, claim_ids: Sequence[int]) -> dict[int, ClaimContent]:
    """Return claims as they were last sent; without those that were not, or were taken back."""
    last = (
        select(func.max(ClaimSending.id))
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(
            among(work, ClaimSending.claim_id, claim_ids),
            ClaimBatch.state.not_in((BatchState.UNDONE, BatchState.REJECTED)),
        )
        .group_by(ClaimSending.claim_id)
    )
    rows = work.db.execute(
        select(ClaimSending.claim_id, ClaimSending.content).where(ClaimSending.id.in_(last))
    )
    return {row.claim_id: thawed(row.content) for row in rows}
