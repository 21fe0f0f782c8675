"""Puts on record that claims left the office on paper: printed, or saved as pages.

A claim's form is no document of its own (it prints from the claim, or as it left), so that the
send log of documents has no line for it: the audit trail has, claim by claim.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from fscdesk.models.claim import Claim
from fscdesk.models.claim_batch import ClaimSending
from fscdesk.models.document import SentBy
from fscdesk.services.audit import record
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["SentBy", "note_batch_given", "note_forms_given"]


def note_forms_given(work: Work, claim_ids: Collection[int], how: SentBy, *, what: str) -> int:
    """Put on record that the forms of claims were printed or saved; return how many they were.

    ``what`` says which pages: ``red form`` or ``file copy``. Raises Problem where one of the
    claims is not in the books.
    """
    require(work, Right.MAKE_CLAIMS, "print claims")
    return _note(work, claim_ids, how, what)


def note_batch_given(work: Work, batch_id: int, how: SentBy, *, what: str) -> int:
    """Put on record that the pages of a batch were printed or saved; return how many claims."""
    require(work, Right.SEND_CLAIMS, "print claims")
    members = select(ClaimSending.claim_id).where(ClaimSending.batch_id == batch_id)
    return _note(work, set(work.db.scalars(members)), how, what)


def _note(work: Work, claim_ids: Collection[int], how: SentBy, what: str) -> int:
    rows = work.db.execute(
        select(Claim.id, Claim.number).where(among(work, Claim.id, claim_ids)).order_by(Claim.id)
    ).all()
    if not rows or len(rows) != len(set(claim_ids)):
        raise Problem(
            "A claim that was printed is not in the books.",
            hint="Its pages are out; nothing was put on record.",
        )
    for row in rows:
        record(work, "send", "claim", row.id, how=how.value, number=row.number, what=what)
    work.touch(Topic.DOCUMENTS)
    return len(rows)
