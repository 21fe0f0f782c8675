"""The queue thing by thing: each is there while its cause is, once, with its way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payer import Payer
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.queue.items import SHOWN, ItemKind, ItemReader, QueueItem
from fscdesk.services.queue.listing_items import (
    QueueFilter,
    chip_counts,
    counts_of,
    item_counts,
    page_of_items,
)
from fscdesk.services.queue.reading_items import READERS, read_items
from fscdesk.services.queue.session_items import unbilled
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import DENIED, denied_claim, sent_claim, version_of
from tests.support.claims import ClaimDesk, add_authorization, add_claim_desk, build, ready
from tests.support.clock import Clock
from tests.support.invoices import open_practice
from tests.support.payments import pay, received
from tests.support.second_person import nobody

TODAY = date(2026, 4, 12)
LOST = Span(0, 1000, "lost")
SILENT = QueueFilter(kinds=("silent",))
GROUPS = (ItemKind.STATEMENT_RUN, ItemKind.READY)
"""What these tests are not about: work for many at once."""


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def items(books: Office, kind: ItemKind | None = None, view: str = "all") -> list[QueueItem]:
    wanted = QueueFilter(view=view, kinds=(kind.value,) if kind else ())
    found = books.read(lambda work: page_of_items(work, wanted, LOST)).rows
    return [one for one in found if kind is not None or one.kind not in GROUPS]


def only(books: Office, kind: ItemKind) -> QueueItem:
    (found,) = items(books, kind)
    return found


def sets(books: Office, claim_id: int, **values: object) -> None:
    """Write columns of a claim, as sending and answers do."""

    def act(work: Work) -> None:
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(**values))
        work.touch(Topic.CLAIMS)

    books.write(act)


def test_an_empty_practice_has_nothing_to_do(books: Office) -> None:
    assert items(books) == []
    counts = books.read(item_counts)
    assert set(counts.views.values()) == {0}
    assert counts.amount == Money()


def test_a_session_waits_until_it_is_on_a_claim(books: Office, desk: ClaimDesk) -> None:
    session = books.write(lambda work: ready(work, desk)).value
    found = only(books, ItemKind.UNBILLED)
    assert (found.key, found.amount) == (f"unbilled:{session}", Money(130_00))
    assert "Alma Anyone" in found.about
    assert (found.opens.place, dict(found.opens.asked)) == ("sessions", {"session": session})
    assert found.urgency is Urgency.MEDIUM  # 41 days old
    build(books, [session])
    assert items(books, ItemKind.UNBILLED) == []


def test_the_end_of_the_time_to_file_makes_a_session_critical(
    books: Office, desk: ClaimDesk
) -> None:
    books.write(lambda work: ready(work, desk, day=date(2026, 3, 2)))

    def limit(days: int) -> QueueItem:
        def act(work: Work) -> None:
            work.db.get_one(Payer, desk.payer).filing_days = days
            work.touch(Topic.PAYERS)

        books.write(act)
        return only(books, ItemKind.UNBILLED)

    assert limit(90).urgency is Urgency.MEDIUM
    assert limit(41 + 14).urgency is Urgency.HIGH
    near = limit(41 + 7)
    assert (near.urgency, near.due_on) == (Urgency.CRITICAL, date(2026, 4, 19))
    assert "until 04/19/2026" in near.why


def test_a_signed_note_takes_a_session_out_of_the_undocumented(
    books: Office, desk: ClaimDesk
) -> None:
    session = books.write(lambda work: ready(work, desk, day=date(2026, 4, 8))).value

    def note(status: str, billing: BillingStatus) -> None:
        def act(work: Work) -> None:
            found = work.db.get_one(Session, session)
            found.note_status, found.billing_status = status, billing
            work.touch(Topic.SESSIONS)

        books.write(act)

    note("UNLOCKED", BillingStatus.COMPLETED)
    found = only(books, ItemKind.UNDOCUMENTED)
    assert (found.session_id, found.urgency) == (session, Urgency.MEDIUM)
    assert items(books, ItemKind.NOT_READY) == items(books, ItemKind.UNBILLED) == []
    note("LOCKED", BillingStatus.DOCUMENTED)
    assert items(books, ItemKind.UNDOCUMENTED) == []
    assert only(books, ItemKind.NOT_READY).session_id == session
    note("LOCKED", BillingStatus.READY_TO_BILL)
    assert items(books, ItemKind.NOT_READY) == []
    assert only(books, ItemKind.UNBILLED).session_id == session


def test_a_denied_claim_tells_its_reason_remedy_and_last_day(books: Office) -> None:
    claim_id = denied_claim(books)
    found = only(books, ItemKind.DENIED)
    assert (found.key, found.claim_id) == (f"denied:{claim_id}", claim_id)
    assert "(CO-197)" in found.title
    assert found.due_on is not None
    assert f"{found.due_on:%m/%d/%Y}" in found.why
    assert len(found.steps) >= 2
    assert all(step.words for step in found.steps)
    books.write(
        lambda work: move_claims(work, [ClaimMove(claim_id, ClaimStatus.CLOSED, "given up")])
    )
    assert only(books, ItemKind.DENIED).opens.place == "sessions", "no claim is left, it still is"


def test_a_claim_denied_in_part_waits_with_what_is_open(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    answer = replace(DENIED, status=ClaimStatus.PARTIALLY_PAID, denied_lines=(2,))
    seen = version_of(books, claim_id)
    books.write(lambda work: record_answer(work, claim_id, answer, expected_version=seen))
    found = only(books, ItemKind.DENIED)
    assert (found.claim_id, found.amount) == (claim_id, Money(130_00))
    assert found.opens.place == "claim"


def test_what_is_kept_back_is_held_and_near_its_last_day_critical(
    books: Office, desk: ClaimDesk
) -> None:
    session = books.write(lambda work: ready(work, desk)).value
    (claim_id,) = build(books, [session])
    assert items(books) == []
    sets(books, claim_id, held_for="asked the client")
    held = only(books, ItemKind.HELD)
    assert (held.urgency, held.title) == (Urgency.MEDIUM, "Kept back: asked the client")

    def limit(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).filing_days = 45
        work.touch(Topic.PAYERS)

    books.write(limit)
    assert only(books, ItemKind.HELD).urgency is Urgency.CRITICAL
    assert [one.kind for one in items(books)] == [ItemKind.HELD]  # a claim is there once
    sets(books, claim_id, held_for="")
    near = only(books, ItemKind.DEADLINE)
    assert (near.claim_id, near.urgency) == (claim_id, Urgency.CRITICAL)
    assert items(books, ItemKind.HELD) == []


@pytest.mark.parametrize(
    ("days", "urgency"),
    [(30, Urgency.MEDIUM), (59, Urgency.MEDIUM), (60, Urgency.HIGH), (90, Urgency.CRITICAL)],
)
def test_silence_grows_graver(books: Office, days: int, urgency: Urgency) -> None:
    claim_id = sent_claim(books)
    sets(books, claim_id, last_sent_on=TODAY - timedelta(days=days))
    found = only(books, ItemKind.SILENT)
    assert (found.urgency, found.claim_id) == (urgency, claim_id)
    assert f"{days} days" in found.title
    sets(books, claim_id, last_sent_on=TODAY - timedelta(days=29))
    assert items(books, ItemKind.SILENT) == []


def test_a_session_that_was_billed_elsewhere_can_be_silent(books: Office, desk: ClaimDesk) -> None:
    session = books.write(lambda work: ready(work, desk, day=date(2026, 1, 5))).value

    def act(work: Work) -> None:
        found = work.db.get_one(Session, session)
        found.billing_status, found.status_since = BillingStatus.PENDING, date(2026, 2, 1)
        work.touch(Topic.SESSIONS)

    books.write(act)
    found = only(books, ItemKind.SILENT)
    assert (found.key, found.urgency) == (f"silent:session-{session}", Urgency.CRITICAL)
    assert found.since == date(2026, 1, 5), "sent nobody knows when: counted from the session"

    def changed_here(work: Work) -> None:
        work.db.get_one(Session, session).billing_status = BillingStatus.READY_TO_BILL
        work.db.flush()
        change_billing_status(work, [session], BillingStatus.SUBMITTED, reason="")
        work.db.get_one(Session, session).status_since = date(2026, 2, 1)

    books.write(changed_here)
    found = only(books, ItemKind.SILENT)
    assert (found.urgency, found.since) == (Urgency.HIGH, date(2026, 2, 1))


def test_a_rejected_claim_waits_with_what_the_payer_said(books: Office) -> None:
    claim_id = sent_claim(books)
    answer = PayersAnswer(ClaimStatus.REJECTED, TODAY, reason="Member not found")
    seen = version_of(books, claim_id)
    books.write(lambda work: record_answer(work, claim_id, answer, expected_version=seen))
    found = only(books, ItemKind.REJECTED)
    assert found.title == "Rejected: Member not found"
    assert items(books, ItemKind.DENIED) == []


def test_an_authorization_that_is_used_up_waits(books: Office, desk: ClaimDesk) -> None:
    books.write(
        lambda work: add_authorization(work, desk.alma, desk.payer, granted=2)  # two left
    )
    found = only(books, ItemKind.AUTHORIZATION)
    assert (found.opens.place, found.urgency) == ("patients", Urgency.MEDIUM)


def test_a_credit_has_its_legal_clock_and_goes_when_it_is_applied(
    books: Office, clock: Clock
) -> None:
    till = books.write(open_practice).value
    received(books, pay(till, 50_00, Application(till.copays[0], Money(30_00))))
    found = only(books, ItemKind.CREDIT)
    assert found.amount == Money(20_00)
    assert found.since is not None
    assert found.due_on == found.since + timedelta(days=30)
    assert found.urgency is Urgency.LOW
    clock.set(datetime(2026, 6, 20, 15, tzinfo=UTC))
    assert only(books, ItemKind.CREDIT).urgency is Urgency.HIGH


def test_more_than_are_named_are_one_thing_that_opens_the_list(
    books: Office, desk: ClaimDesk
) -> None:
    def three(work: Work) -> None:
        for day in (2, 3, 4):
            ready(work, desk, day=date(2026, 3, day))

    books.write(three)
    assert len(items(books, ItemKind.UNBILLED)) == 3
    first, second, rest = books.read(lambda work: list(unbilled(work, 2)))
    assert first.since is not None
    assert second.since is not None
    assert first.since < second.since  # the oldest are named
    assert (rest.key, rest.counts, rest.named) == ("unbilled:more", 1, False)
    assert rest.opens.place == "sessions"
    assert SHOWN == 500


def test_what_is_lost_first_stands_first(books: Office, desk: ClaimDesk) -> None:
    old = books.write(lambda work: ready(work, desk, day=date(2026, 3, 2))).value
    new = books.write(lambda work: ready(work, desk, day=date(2026, 4, 9))).value
    assert [one.session_id for one in items(books)] == [old, new]  # medium before low


def test_text_chips_and_counts(books: Office, desk: ClaimDesk) -> None:
    books.write(lambda work: ready(work, desk))
    books.write(lambda work: ready(work, desk, patient=desk.ben))
    unsigned = books.write(lambda work: ready(work, desk, day=date(2026, 4, 9))).value

    def forget(work: Work) -> None:
        found = work.db.get_one(Session, unsigned)
        found.note_status, found.billing_status = "NO_NOTE", BillingStatus.COMPLETED
        work.touch(Topic.SESSIONS)

    books.write(forget)

    def found(**asked: object) -> list[str]:
        wanted = QueueFilter.of(asked)
        rows = books.read(lambda work: page_of_items(work, wanted, LOST)).rows
        return sorted(one.kind.value for one in rows if one.kind not in GROUPS)

    assert found(text="ben") == ["unbilled"]
    assert found(text="anyone") == ["unbilled", "undocumented"]
    assert found(kind=["undocumented"]) == ["undocumented"]
    assert found(payer=[desk.payer]) == ["unbilled", "unbilled", "undocumented"]
    assert found(payer=[desk.next_payer]) == []
    assert found(urgency=["critical"]) == []
    counts = books.read(item_counts)
    assert counts.views["all"] == counts.views["unassigned"] == 4
    assert counts.views["mine"] == 0
    of_each = {ItemKind.UNBILLED: 2, ItemKind.UNDOCUMENTED: 1, ItemKind.STATEMENT_RUN: 1}
    assert dict(counts.kinds) == of_each
    asked = {"all": QueueFilter(), "billed": QueueFilter(kinds=("unbilled",)), "none": SILENT}
    told = books.read(lambda work: counts_of(work, asked))
    assert dict(told) == {"all": 4, "billed": 2, "none": 0}
    chip = books.read(
        lambda work: chip_counts(work, QueueFilter(text="anyone"), lambda one: one.kind)
    )
    assert chip[ItemKind.UNBILLED] == chip[ItemKind.UNDOCUMENTED] == 1
    with pytest.raises(KeyError):
        QueueFilter.of({"colour": "red"})


def test_a_person_without_rights_sees_nothing(books: Office, desk: ClaimDesk) -> None:
    books.write(lambda work: ready(work, desk))
    assert items(books) != []
    assert items(nobody(books)) == []


def test_every_kind_has_a_reader_and_no_key_is_there_twice(books: Office, desk: ClaimDesk) -> None:
    assert {kind for reader in READERS for kind in reader.kinds} == set(ItemKind)
    books.write(lambda work: ready(work, desk))
    every = books.read(read_items)
    assert len({one.key for one in every}) == len(every)
    assert all(isinstance(reader, ItemReader) for reader in READERS)
