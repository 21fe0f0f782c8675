"""The list of the queue: what is asked, in which order, with which sums; and the counts of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.alert import WorkItem
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.reading_items import lost_first, read_items
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Work

__all__ = [
    "NOBODY",
    "SORTS",
    "VIEWS",
    "ItemCounts",
    "ItemKind",
    "QueueFilter",
    "QueueItem",
    "Urgency",
    "chip_counts",
    "counts_of",
    "item_counts",
    "item_of",
    "items_with_keeping",
    "page_of_items",
]

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "mine": "Mine",
        "unassigned": "Unassigned",
        "snoozed": "Snoozed",
        "done": "Set aside",
    }
)
"""The built-in views. The first three are what waits now: neither asleep nor set aside."""
NOBODY: Final = 0
"""Of the chip of who it is with: nobody."""
_ORDER: Final = {one: at for at, one in enumerate(Urgency)}
_KINDS: Final = {one: at for at, one in enumerate(ItemKind)}
_SORTS: Mapping[str, Callable[[QueueItem], Any]] = MappingProxyType(
    {
        "lost": lost_first,
        "urgency": lambda one: _ORDER[one.urgency],
        "kind": lambda one: _KINDS[one.kind],
        "title": lambda one: fold(one.title),
        "about": lambda one: fold(one.about),
        "due": lambda one: one.due_on,
        "since": lambda one: one.since,
        "assigned": lambda one: fold(one.assignee) or None,
        "amount": lambda one: one.amount,
        "snoozed": lambda one: one.snoozed_until,
    }
)
SORTS: Final = tuple(_SORTS)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which must be found in what is shown of a thing. ``staff`` holds
    members of the staff, ``NOBODY`` among them.
    """

    view: str = "all"
    kinds: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    payers: tuple[int, ...] = ()
    staff: tuple[int, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> QueueFilter:
        """Read what the table part holds: text, view, kind, urgency, payer, with.

        Raises KeyError for any other key.
        """
        return cls(
            **fields_asked(
                asked,
                {"text": "text", "view": "view"},
                texts={"kind": "kinds", "urgency": "urgencies"},
                numbers={"payer": "payers", "with": "staff"},
            )
        )


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """How many things each view has, what waits by kind and urgency, and the money at stake."""

    views: Mapping[str, int]
    kinds: Mapping[ItemKind, int]
    urgencies: Mapping[Urgency, int]
    amount: Money


def page_of_items(work: Work, wanted: QueueFilter, span: Span) -> Page[QueueItem]:
    """Return a span of the things that match, how many match, and their sum (``amount``).

    ``span.sort`` is one of ``SORTS``; ``lost`` puts first what is lost first. What has no last
    day, owner or day stands last in both orders.
    """
    kinds = frozenset(ItemKind(one) for one in wanted.kinds) or None
    every = items_with_keeping(work, read_items(work, kinds))
    found = _in_order([one for one in every if _matches(work, one, wanted)], span)
    total = {"amount": Money(sum(one.amount.cents for one in found))}
    return Page(span.start, len(found), tuple(found[span.start : span.start + span.size]), total)


def item_counts(work: Work) -> ItemCounts:
    """Return the counts of the rail and of the tabs; cheap while nothing changes."""
    every = items_with_keeping(work, read_items(work))
    waiting = [one for one in every if _waits(work, one)]
    return ItemCounts(
        {view: sum(one.counts for one in every if _viewed(work, one, view)) for view in VIEWS},
        _counted(waiting, lambda one: one.kind, ItemKind),
        _counted(waiting, lambda one: one.urgency, Urgency),
        Money(sum(one.amount.cents for one in waiting)),
    )


def counts_of(work: Work, wanted: Mapping[str, QueueFilter]) -> Mapping[str, int]:
    """Return how many things each question has, those that are not named among them: for tabs."""
    every = items_with_keeping(work, read_items(work))
    return {
        key: sum(one.counts for one in every if _matches(work, one, asked))
        for key, asked in wanted.items()
    }


def chip_counts(
    work: Work, wanted: QueueFilter, of: Callable[[QueueItem], object]
) -> Mapping[Any, int]:
    """Return how many of the things that match have each value, for a chip of them."""
    found: dict[object, int] = {}
    for one in items_with_keeping(work, read_items(work)):
        if _matches(work, one, wanted):
            found[of(one)] = found.get(of(one), 0) + one.counts
    return found


def item_of(work: Work, item: QueueItem) -> QueueItem | None:
    """Return a thing as it stands now, with its keeping; None where it is gone."""
    found = [one for one in read_items(work, (item.kind,)) if one.key == item.key]
    return items_with_keeping(work, found)[0] if found else None


def items_with_keeping(work: Work, items: Sequence[QueueItem]) -> tuple[QueueItem, ...]:
    """Return things with what people did about them: whose, asleep until, note, set aside."""
    keys = {one.key for one in items}
    kept = {one.key: one for one in work.db.scalars(select(WorkItem)) if one.key in keys}
    names = {row[0]: row[1] for row in work.db.execute(select(Staff.id, Staff.name))}
    return tuple(_with(one, kept.get(one.key), names) for one in items)


def _with(item: QueueItem, kept: WorkItem | None, names: Mapping[int, str]) -> QueueItem:
    if kept is None:
        return item
    mine = kept.assigned_to if kept.assigned_to is not None else item.assigned_to
    return replace(
        item,
        assigned_to=mine,
        assignee=names.get(mine or 0, ""),
        snoozed_until=kept.snoozed_until,
        note=kept.note,
        done=kept.done_on is not None and kept.seen == item.fingerprint,
    )


def _asleep(item: QueueItem, today: date) -> bool:
    return item.snoozed_until is not None and item.snoozed_until > today


def _waits(work: Work, item: QueueItem) -> bool:
    return not item.done and not _asleep(item, work.today())


def _viewed(work: Work, item: QueueItem, view: str) -> bool:
    if view == "snoozed":
        return not item.done and _asleep(item, work.today())
    if view == "done":
        return item.done
    if not _waits(work, item):
        return False
    if view == "mine":
        return item.assigned_to == work.actor.staff_id
    return view == "all" or item.assigned_to is None


def _matches(work: Work, one: QueueItem, wanted: QueueFilter) -> bool:
    chips: tuple[tuple[Collection[object], object], ...] = (
        (wanted.kinds, one.kind.value),
        (wanted.urgencies, one.urgency.value),
        (wanted.payers, one.payer_id),
        (wanted.staff, one.assigned_to or NOBODY),
    )
    said = fold(" ".join((one.title, one.about, one.why, one.note, str(one.amount))))
    return (
        _viewed(work, one, wanted.view)
        and all(not chosen or value in chosen for chosen, value in chips)
        and all(fold(word) in said for word in wanted.text.split())
    )


def _in_order(found: Sequence[QueueItem], span: Span) -> list[QueueItem]:
    key = _SORTS[span.sort]
    first = sorted(found, key=lost_first)
    known = [one for one in first if key(one) is not None]
    known.sort(key=key, reverse=span.descending)
    return [*known, *(one for one in first if key(one) is None)]


def _counted(
    items: Iterable[QueueItem], of: Callable[[QueueItem], Any], names: Iterable[Any]
) -> Mapping[Any, int]:
    found: dict[Any, int] = {}
    for one in items:
        found[of(one)] = found.get(of(one), 0) + one.counts
    return {name: found[name] for name in names if name in found}
