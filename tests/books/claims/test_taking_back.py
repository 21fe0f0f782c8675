"""Taking back what went on paper: free on its own day, by saying so afterwards."""

from __future__ import annotations

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import BatchState, Route
from fscdesk.models.payer import Payer
from fscdesk.services.claims.batch_plan import SentBatch
from fscdesk.services.claims.looking_up import last_batch
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, build, ready
from tests.support.clock import Clock
from tests.support.sent_claims import batch_of, send, statuses


def one_batch(books: Office, desk: ClaimDesk, route: Route, patient: int) -> SentBatch:
    """A batch of one claim that goes this way."""

    def sit(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).route = route
        ready(work, desk, patient=patient)

    books.write(sit)
    build(books)
    (batch,) = send(books).batches
    return batch


def test_forms_of_an_earlier_day_are_taken_back_only_by_saying_so(
    books: Office, clock: Clock
) -> None:
    desk = books.write(add_claim_desk).value
    batch = one_batch(books, desk, Route.PAPER, desk.alma)
    clock.forward(days=1)
    with pytest.raises(Problem, match="of 04/12/2026; the payer may have them") as refused:
        books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    assert "never mailed" in refused.value.hint
    assert set(statuses(books).values()) == {ClaimStatus.SUBMITTED}
    books.write(lambda work: undo_batch(work, batch.id, "They lie here", anyway=True))
    assert set(statuses(books).values()) == {ClaimStatus.SCRUBBED}
    assert batch_of(books, batch.id).state is BatchState.UNDONE


def test_forms_of_today_are_taken_back_at_once(sqlite_books: Office) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    batch = one_batch(sqlite_books, desk, Route.PAPER, desk.alma)
    sqlite_books.write(lambda work: undo_batch(work, batch.id, "Wrong form"))
    assert batch_of(sqlite_books, batch.id).state is BatchState.UNDONE


def test_a_batch_that_is_undone_says_so(sqlite_books: Office) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    batch = one_batch(sqlite_books, desk, Route.PAPER, desk.alma)
    sqlite_books.write(lambda work: undo_batch(work, batch.id, "Wrong form"))
    with pytest.raises(Problem, match="is undone already") as refused:
        sqlite_books.write(lambda work: undo_batch(work, batch.id, "Once more"))
    assert refused.value.hint.endswith("Its claims go with the next batch.")


def test_the_last_batch_is_the_last_of_its_way(sqlite_books: Office) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    assert sqlite_books.read(lambda work: last_batch(work, Route.PAPER)) is None
    paper = one_batch(sqlite_books, desk, Route.PAPER, desk.alma)
    portal = one_batch(sqlite_books, desk, Route.PORTAL, desk.ben)
    assert sqlite_books.read(lambda work: last_batch(work, Route.PAPER)) == paper.id
    assert sqlite_books.read(lambda work: last_batch(work, Route.PORTAL)) == portal.id
