"""Claims for a portal stay in the queue, with their clock, until somebody has typed them in."""

from __future__ import annotations

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import Route
from fscdesk.models.payer import Payer
from fscdesk.services.claims.clocks import ClockKind
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.claims.portal_list import portal_list, tick, untick
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.office import Office
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk
from tests.support.queue_items import items_of
from tests.support.second_person import nobody
from tests.support.sent_claims import by_route, send, some_claims, with_clearinghouse


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """Two claims that wait for the portal of their payer."""
    desk = with_clearinghouse(books)
    by_route(books, desk.payer, Route.PORTAL)
    some_claims(books, desk, 2)
    return desk


def row(books: Office) -> QueueItem | None:
    found = items_of(books, ItemKind.TO_ENTER)
    assert len(found) <= 1
    return found[0] if found else None


def enters(books: Office, sending_id: int) -> None:
    """Tick both usual steps of a claim."""

    def act(work: Work) -> None:
        for step in (1, 2):
            tick(work, sending_id, step)

    books.write(act)


def test_what_nobody_typed_in_waits_with_its_time_to_file(books: Office, desk: ClaimDesk) -> None:
    assert row(books) is None
    (batch,) = send(books).batches
    found = row(books)
    assert found is not None
    assert (len(found.lines), found.urgency) == (2, Urgency.HIGH)
    assert found.steps[0].fact.startswith("file in ")
    assert found.opens == Opens("claims", {"tab": "batches", "row": batch.id})
    shown = books.read(lambda work: portal_list(work, batch.id)).claims
    page = books.read(lambda work: claim_page(work, shown[0].claim_id))
    assert page.to_enter
    assert page.row.status is ClaimStatus.SUBMITTED
    assert [one.what for one in page.clocks] == [ClockKind.FILE]
    assert items_of(books, ItemKind.READY) == []
    enters(books, shown[0].sending_id)
    found = row(books)
    assert found is not None
    assert len(found.lines) == 1
    page = books.read(lambda work: claim_page(work, shown[0].claim_id))
    assert not page.to_enter
    assert page.clocks == ()
    enters(books, shown[1].sending_id)
    assert row(books) is None
    books.write(lambda work: untick(work, shown[1].sending_id, 2))
    assert row(books) is not None


def test_its_last_week_makes_it_critical_and_taking_back_ends_it(
    books: Office, desk: ClaimDesk
) -> None:
    (batch,) = send(books).batches
    assert row(nobody(books)) is None  # nothing for who may not send

    def hurries(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).filing_days = 10

    books.write(hurries)
    found = row(books)
    assert found is not None
    assert found.urgency is Urgency.CRITICAL
    books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    assert row(books) is None
