"""Claims on paper that leave the office are on record, claim by claim, and nobody's name is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.claim_batch import Route
from fscdesk.services.claims.giving_forms import SentBy, note_batch_given, note_forms_given
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Topic, Work
from tests.support.claims import claim_of
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.second_person import without
from tests.support.sent_claims import by_route, send, some_claims, with_clearinghouse


def sendings(work: Work) -> list[tuple[int | None, str]]:
    """Which claims left, and how."""
    rows = work.db.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [
        (one.noun_id, str(one.detail))
        for one in rows
        if (one.action, one.noun) == ("send", "claim")
    ]


def test_a_form_that_was_printed_is_on_record(books: Office) -> None:
    claim_id = claim_of(books)
    done = assert_all_or_nothing(
        books, lambda work: note_forms_given(work, [claim_id], SentBy.PRINT, what="red form")
    )
    assert (done.value, Topic.DOCUMENTS in done.topics) == (1, True)
    ((noted, detail),) = books.read(sendings)
    assert noted == claim_id
    for said in ("print", "red form", "CLM-2026-00001"):
        assert said in detail
    assert "Alma" not in detail


def test_the_pages_of_a_batch_are_on_record_for_each_claim(books: Office) -> None:
    desk = with_clearinghouse(books)
    claims = some_claims(books, desk, 3)
    by_route(books, desk.payer, Route.PAPER)
    (batch,) = send(books).batches
    books.write(lambda work: note_batch_given(work, batch.id, SentBy.FILE, what="red form"))
    assert [one for one, _ in books.read(sendings)] == list(claims)


def test_what_is_not_there_and_who_may_not_is_refused(books: Office) -> None:
    claim_id = claim_of(books)
    other = without(books, Right.MAKE_CLAIMS, Right.SEND_CLAIMS)
    before = books.read(whole_books)
    for ids in ([], [claim_id, 99]):
        with pytest.raises(Problem, match="not in the books"):
            books.write(
                lambda work, one=ids: note_forms_given(work, one, SentBy.PRINT, what="copy")  # type: ignore[misc]
            )
    with pytest.raises(Problem, match="not in the books"):
        books.write(lambda work: note_batch_given(work, 9, SentBy.PRINT, what="copy"))
    with pytest.raises(Problem, match="may not print"):
        other.write(lambda work: note_forms_given(work, [claim_id], SentBy.PRINT, what="copy"))
    with pytest.raises(Problem, match="may not print"):
        other.write(lambda work: note_batch_given(work, 1, SentBy.PRINT, what="copy"))
    assert books.read(whole_books) == before
