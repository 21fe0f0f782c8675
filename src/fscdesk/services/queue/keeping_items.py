"""What people do about things of the queue: whose they are, asleep, a note, set aside, taken up.

The things themselves are not stored. Who looks after a claim is written at the claim, so that
the list of claims and the queue say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.alert import WorkItem
from fscdesk.models.claim import Claim
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.claims.tracking import assign_claims
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.permissions import Right, require
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.reading_items import read_items
from fscdesk.services.work import Topic, Work

__all__ = ["assign", "set_done", "snooze", "take_up", "wake", "write_note"]

LONGEST_NOTE: Final = 2000
_NOTHING: Final = "Nothing was changed."


def assign(work: Work, keys: Collection[str], staff_id: int | None) -> int:
    """Give things to a member of the staff (None: to nobody), return how many changed hands.

    Everybody may take a thing, or give back his own; to give one to somebody else, or take one
    from him, needs the right to follow claims. Raises Problem for who works here no more.
    """
    items = _items(work, keys)
    if staff_id is not None and not locked(work, Staff, staff_id, "this person").active:
        raise Problem("This person works here no more.", hint=_NOTHING)
    kept = _kept(work, items)
    claims = {
        one.claim_id
        for one in items
        if one.claim_id is not None and one.key == f"{one.kind.value}:{one.claim_id}"
    }
    versions = _versions(work, claims)
    holders = {
        *(one.assigned_to for one in items if one.claim_id in versions),
        *(row.assigned_to for row in kept.values()),
    }
    others = {staff_id, *holders} - {None, work.actor.staff_id}
    if others:
        require(work, Right.MAKE_CLAIMS, "give things of the queue to others")
    changed = assign_claims(work, versions, staff_id) if versions else 0
    for one in items:
        if one.claim_id in versions:
            continue
        row = kept.get(one.key)
        if (None if row is None else row.assigned_to) != staff_id:
            _write(work, row, one).assigned_to = staff_id
            changed += 1
    return _recorded(work, "assign_items", items, changed, to=staff_id)


def snooze(work: Work, keys: Collection[str], until: date) -> int:
    """Let things sleep until a day, on which they are back; return how many.

    Raises Problem for a day that is not ahead.
    """
    if until <= work.today():
        raise Problem(f"{until:%m/%d/%Y} is not ahead.", hint=f"{_NOTHING} Choose a later day.")

    def act(row: WorkItem, _item: QueueItem) -> None:
        row.snoozed_until = until

    return _each(work, "snooze_items", keys, act, until=until.isoformat())


def wake(work: Work, keys: Collection[str]) -> int:
    """Bring things that sleep back into the list; return how many."""

    def act(row: WorkItem, _item: QueueItem) -> None:
        row.snoozed_until = None

    return _each(work, "wake_items", keys, act)


def write_note(work: Work, key: str, text: str) -> None:
    """Write the note of a thing anew; an empty one takes it away."""
    words = text_of(text, "the note", longest=LONGEST_NOTE)

    def act(row: WorkItem, _item: QueueItem) -> None:
        row.note = words

    _each(work, "note_item", [key], act, letters=len(words))


def set_done(work: Work, keys: Collection[str]) -> int:
    """Set things aside until something of them changes, and return how many.

    What closes a thing for good is that its cause is gone; this only takes it out of sight while
    its amount, its last day and its status stay as they are.
    """

    def act(row: WorkItem, item: QueueItem) -> None:
        row.seen, row.done_on, row.done_by = item.fingerprint, work.today(), work.actor.staff_id

    return _each(work, "set_items_aside", keys, act)


def take_up(work: Work, keys: Collection[str]) -> int:
    """Bring things that were set aside back into the list; return how many."""

    def act(row: WorkItem, _item: QueueItem) -> None:
        row.seen, row.done_on, row.done_by = "", None, None

    return _each(work, "take_items_up", keys, act)


def _each(
    work: Work,
    action: str,
    keys: Collection[str],
    act: Callable[[WorkItem, QueueItem], None],
    **detail: object,
) -> int:
    items = _items(work, keys)
    kept = _kept(work, items)
    for one in items:
        act(_write(work, kept.get(one.key), one), one)
    return _recorded(work, action, items, len(items), **detail)


def _items(work: Work, keys: Collection[str]) -> Sequence[QueueItem]:
    """Return the things of these keys; all of them are there, or nothing is done."""
    wanted = set(keys)
    names = {kind.value: kind for kind in ItemKind}
    kinds = {names[one.partition(":")[0]] for one in wanted if one.partition(":")[0] in names}
    found = {one.key: one for one in read_items(work, kinds) if one.key in wanted and one.named}
    if set(found) != wanted:
        missing = len(wanted) - len(found)
        what = "This is" if len(wanted) == 1 else f"{missing:,} of these {len(wanted):,} are"
        raise Problem(
            f"{what} not in the queue any more.",
            hint=f"{_NOTHING} Look at the list again: what made it wait may be gone.",
        )
    return [found[key] for key in sorted(found)]


def _kept(work: Work, items: Sequence[QueueItem]) -> Mapping[str, WorkItem]:
    rows = work.db.scalars(
        select(WorkItem)
        .where(among_words(work, WorkItem.key, [one.key for one in items]))
        .order_by(WorkItem.key)
        .with_for_update()
    )
    return {row.key: row for row in rows}


def _versions(work: Work, claim_ids: Collection[int]) -> dict[int, int]:
    found = work.db.execute(select(Claim.id, Claim.version).where(among(work, Claim.id, claim_ids)))
    return {row[0]: row[1] for row in found}


def _write(work: Work, row: WorkItem | None, item: QueueItem) -> WorkItem:
    """Return the row of a thing for writing, made where there is none."""
    if row is None:
        row = WorkItem(key=item.key)
        work.db.add(row)
    row.changed_by, row.changed_at = work.actor.staff_id, work.now()
    return row


def _recorded(
    work: Work, action: str, items: Sequence[QueueItem], changed: int, **detail: object
) -> int:
    if changed:
        work.db.flush()
        record(work, action, "work_item", None, keys=[one.key for one in items], **detail)
        work.touch(Topic.QUEUE)
    return changed
