"""What lists and sums count of claims: each thing once, and where somebody still has to act."""

from __future__ import annotations

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.values import Money
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.batches import page_of_batches
from fscdesk.services.claims.build_plan import Built
from fscdesk.services.claims.correcting import resend_rejected, void_claim
from fscdesk.services.claims.listing import ClaimFilter, page_of_claims
from fscdesk.services.claims.today import BuiltToday
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.claims import claims_waiting
from fscdesk.ui.screens.claims.build_words import built_words
from tests.support.claim_acts import denied_claim, version_of
from tests.support.clock import Clock
from tests.support.sent_claims import (
    account,
    answer_277,
    send,
    some_claims,
    statuses,
    with_clearinghouse,
)

ALL = Span(0, 20, "day")


def reads(books: Office, name: str, data: bytes) -> None:
    seen = books.read(lambda work: plan_acknowledgment(work, name, data))
    books.write(lambda work: apply_acknowledgment(work, seen))


def of_view(books: Office, view: str) -> int:
    return books.read(lambda work: page_of_claims(work, ClaimFilter(view=view), ALL)).total


def test_the_total_of_batches_leaves_out_what_was_taken_back(books: Office) -> None:
    one, two = some_claims(books, with_clearinghouse(books), 2)
    (batch,) = send(books, [one]).batches
    send(books, [two])
    books.write(lambda work: undo_batch(work, batch.id, "wrong day", anyway=True))
    page = books.read(lambda work: page_of_batches(work, ALL))
    assert page.total == 2
    assert page.totals == {"total": Money(160_00)}


def test_a_batch_keeps_its_rejections_when_a_claim_goes_again(books: Office, clock: Clock) -> None:
    one, two = some_claims(books, with_clearinghouse(books), 2)
    send(books)
    clock.forward(hours=1)
    said = [(account(books, claim), "A7:562", "") for claim in (one, two)]
    reads(books, "a.277", answer_277(said))
    seen = {one: version_of(books, one)}
    books.write(lambda work: resend_rejected(work, seen))
    clock.forward(hours=1)
    send(books, [one])
    clock.forward(hours=1)

    def rejected() -> dict[str, int]:
        page = books.read(lambda work: page_of_batches(work, ALL))
        return {row.number: row.rejected for row in page.rows}

    assert rejected() == {"BAT-2026-00001": 2, "BAT-2026-00002": 0}
    reads(books, "b.277", answer_277([(account(books, one), "A7:562", "")], on="260414"))
    assert statuses(books)[one] is ClaimStatus.REJECTED
    assert rejected() == {"BAT-2026-00001": 2, "BAT-2026-00002": 1}


def test_a_denied_claim_that_is_taken_back_waits_for_nobody(books: Office) -> None:
    denied = denied_claim(books)
    assert (of_view(books, "denied"), books.read(claims_waiting)) == (1, 1)
    seen = version_of(books, denied)
    books.write(lambda work: void_claim(work, denied, "not ours", expected_version=seen))
    assert statuses(books)[denied] is ClaimStatus.DENIED
    assert (of_view(books, "denied"), books.read(claims_waiting)) == (0, 0)


def test_an_answer_of_nothing_of_ours_is_neither_accepted_nor_rejected(books: Office) -> None:
    (one,) = some_claims(books, with_clearinghouse(books), 1)
    send(books)
    data = answer_277([(account(books, one), "A7:562", ""), ("NOTOURS1", "A7:562", "")])
    plan = books.read(lambda work: plan_acknowledgment(work, "a.277", data))
    assert (plan.accepted, plan.rejected, plan.pending, plan.unmatched) == (0, 1, 0, 1)


def test_claims_to_later_payers_are_told_apart_from_sessions_that_were_ready() -> None:
    made = (
        Built((1, 2), ("CLM-1", "CLM-2"), 3, Money(300_00)),
        Built((3,), ("CLM-3",), 1, Money(50_00)),
    )
    words = built_words(BuiltToday(made, 3, 2, later_claims=1, later_sessions=1))
    assert words.startswith("2 claims of 3 sessions and 1 claim to a later payer built, 350.00.")
    assert built_words(BuiltToday(made[1:], 1, 0, 1, 1)) == "1 claim to a later payer built, 50.00."
    assert built_words(BuiltToday((), 0, 0)) == "0 claims of 0 sessions built, 0.00."
