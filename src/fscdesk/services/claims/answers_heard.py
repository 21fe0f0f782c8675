"""What files that came back say of one claim: of itself, and of the set in which it went."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, defer

from fscdesk.models.claim_batch import (
    Acknowledgment,
    AcknowledgmentItem,
    BatchState,
    ClaimBatch,
    ClaimSending,
)
from fscdesk.services.claims.claim_facts import AnswerRow
from fscdesk.services.work import Work


def answers_heard(work: Work, claim_id: int) -> tuple[AnswerRow, ...]:
    """Return what files said of it, or of its set in a batch; the newest first.

    A batch goes in several sets, and a 999 answers each of them: those of others are not its own.
    """
    sets = _sets(work, claim_id)
    item = AcknowledgmentItem
    of_batch = item.claim_id.is_(None) & item.batch_id.in_(sets)
    rows = work.db.execute(
        select(item, Acknowledgment)
        .join(Acknowledgment, Acknowledgment.id == item.acknowledgment_id)
        .options(defer(Acknowledgment.content))
        .where(or_(item.claim_id == claim_id, of_batch))
        .order_by(item.id.desc())
    )
    return tuple(
        AnswerRow(
            file.id,
            file.kind.value,
            one.accepted,
            one.codes,
            one.words,
            file.file_name,
            file.read_at,
        )
        for one, file in rows
        if one.claim_id == claim_id or _is_of_set(one.reference, *sets[one.batch_id or 0])
    )


def _sets(work: Work, claim_id: int) -> dict[int, tuple[str, int]]:
    """Return its set (ST02) and that one's place in the file, by batch that is not taken back."""
    own, first = aliased(ClaimSending), func.min(ClaimSending.id)
    rows = work.db.execute(
        select(ClaimSending.batch_id, ClaimSending.transaction, own.transaction)
        .join(own, own.batch_id == ClaimSending.batch_id)
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(own.claim_id == claim_id, ClaimBatch.state != BatchState.UNDONE)
        .group_by(ClaimSending.batch_id, ClaimSending.transaction, own.transaction)
        .order_by(ClaimSending.batch_id, first)
    )
    found: dict[int, tuple[str, int]] = {}
    places: Counter[int] = Counter()
    for batch_id, transaction, of_claim in rows:
        places[batch_id] += 1
        if transaction == of_claim:
            found[batch_id] = (transaction, places[batch_id])
    return found


def _is_of_set(reference: str, transaction: str, place: int) -> bool:
    """Return whether an answer is about this set, or about the whole file.

    A 999 names ``group/set``, a 277CA the batch and the place of its set, ``BAT-2026-00001.2``.
    """
    _group, slash, control = reference.partition("/")
    if slash:
        return not transaction or control == transaction
    at = reference.partition(".")[2]
    return not at.isdecimal() or int(at) == place
