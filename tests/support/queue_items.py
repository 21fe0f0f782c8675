"""What the work queue has now, by kind, for the person at the desk."""

from __future__ import annotations

from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.listing_items import QueueFilter, page_of_items

EVERY = Span(0, 10_000, "lost")


def items_now(books: Office, view: str = "all") -> tuple[QueueItem, ...]:
    """Return every thing of a view, what is lost first at the top."""
    return books.read(lambda work: page_of_items(work, QueueFilter(view=view), EVERY)).rows


def items_of(books: Office, kind: ItemKind) -> list[QueueItem]:
    """Return the things of a kind."""
    return [one for one in items_now(books) if one.kind is kind]


def kinds_now(books: Office) -> dict[ItemKind, QueueItem]:
    """Return the first thing of each kind."""
    found: dict[ItemKind, QueueItem] = {}
    for one in items_now(books):
        found.setdefault(one.kind, one)
    return found
