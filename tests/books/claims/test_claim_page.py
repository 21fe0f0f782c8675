"""One claim's page: everything that it says, and which acts its status allows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Severity
from fscdesk.models.claim_batch import (
    Acknowledgment,
    AcknowledgmentItem,
    AcknowledgmentKind,
    ClaimBatch,
    ClaimSending,
)
from fscdesk.models.coverage import Policy
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.detail import claim_page, field_title
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import denied_claim, open_appeal, rejected_claim, sent_claim
from tests.support.claims import add_claim_desk, build, claim_of, ready
from tests.support.every_statement import heard

MAY = {
    ClaimStatus.SUBMITTED: {"answer"},
    ClaimStatus.ACKNOWLEDGED: {"answer"},
    ClaimStatus.ACCEPTED: {"answer", "correct", "void"},
    ClaimStatus.PENDING: {"answer", "correct", "void"},
    ClaimStatus.PAID: {"answer", "correct", "void"},
    ClaimStatus.CLOSED: set(),
    ClaimStatus.VOID: set(),
}


@pytest.mark.parametrize("status", MAY)
def test_what_may_be_done_follows_from_the_status(books: Office, status: ClaimStatus) -> None:
    claim_id = sent_claim(books)

    def move(work: Work) -> None:
        work.db.get_one(Claim, claim_id).status = status

    books.write(move)
    assert books.read(lambda work: claim_page(work, claim_id)).may == MAY[status]


def test_what_may_be_done_with_a_denial_a_rejection_and_a_draft(books: Office) -> None:
    denied = denied_claim(books)
    may = books.read(lambda work: claim_page(work, denied)).may
    assert may == {"answer", "correct", "void", "appeal"}


def test_a_clean_claim_can_go_and_a_held_one_be_released(books: Office) -> None:
    claim_id = claim_of(books)
    page = books.read(lambda work: claim_page(work, claim_id))
    assert page.may == {"edit", "hold", "drop", "send"}
    assert page.row.ready

    def hold(work: Work) -> None:
        work.db.get_one(Claim, claim_id).held_for = "Ask"

    books.write(hold)
    assert books.read(lambda work: claim_page(work, claim_id)).may == {"edit", "release", "drop"}


def test_a_rejected_claim_goes_again(books: Office) -> None:
    rejected = rejected_claim(books)
    may = books.read(lambda work: claim_page(work, rejected)).may
    assert may == {"edit", "hold", "drop", "resend"}


def test_an_appeal_under_way_can_be_answered(books: Office) -> None:
    open_appeal(books)
    page = books.read(lambda work: claim_page(work, 1))
    assert page.may == {"answer", "correct", "void"}
    (one,) = page.appeals
    assert (one.level, one.argument, one.document, one.by) == (
        1,
        "It is on file.",
        "",
        books.actor.name,
    )


def test_without_the_payers_number_nothing_is_taken_back(books: Office) -> None:
    claim_id = sent_claim(books)

    def forget(work: Work) -> None:
        work.db.get_one(Claim, claim_id).payer_number = ""

    books.write(forget)
    assert books.read(lambda work: claim_page(work, claim_id)).may == {"answer", "correct"}


def test_the_page_says_what_the_claim_is(books: Office) -> None:
    claim_id = claim_of(books, sessions=2)
    page = books.read(lambda work: claim_page(work, claim_id))
    assert page.row.id == claim_id
    assert page.content is not None
    assert page.content.number == page.row.number
    assert list(page.edits.lines) == [line.line_id for line in page.content.lines]
    assert [(one.old, one.new) for one in page.history] == [
        (None, ClaimStatus.DRAFT),
        (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED),
    ]
    assert page.history[0].by == books.actor.name
    assert [one.amount for one in page.money] == [Money(160_00)] * 2
    assert (page.money[0].insurance_paid, page.money[0].insurance_open) == (ZERO, Money(130_00))
    assert page.money[0].patient_open == Money(30_00)
    assert (page.sent, page.answers, page.notes, page.appeals, page.links) == ((), (), (), (), ())
    assert (page.look_at, page.reason_words) == ((), "")


def test_findings_stand_with_the_gravest_first(books: Office) -> None:
    desk = books.write(add_claim_desk).value

    def spoil(work: Work) -> None:
        work.db.get_one(Policy, desk.policy).member_id = ""

    books.write(spoil)
    books.write(lambda work: ready(work, desk))
    (claim_id,) = build(books)
    findings = books.read(lambda work: claim_page(work, claim_id)).findings
    assert findings[0].field == "member_id"
    assert (findings[0].severity, findings[0].accepted_by) == (Severity.STOPS, "")
    order = [
        (Severity.STOPS, Severity.WARNS, Severity.TELLS).index(one.severity) for one in findings
    ]
    assert order == sorted(order)
    assert all(one.hint for one in findings)


def test_batches_and_answers_stand_with_their_files(books: Office) -> None:
    claim_id = sent_claim(books)

    def answer(work: Work) -> tuple[str, int]:
        batch = work.db.scalars(
            select(ClaimBatch).join(ClaimSending).where(ClaimSending.claim_id == claim_id)
        ).one()
        file = Acknowledgment(
            kind=AcknowledgmentKind.CLAIMS,
            file_name="answer.277",
            sha256="a" * 64,
            content=b"ISA",
            accepted=1,
            rejected=1,
            matched=2,
            unmatched=0,
            read_by=work.actor.staff_id,
            read_at=work.now(),
        )
        work.db.add(file)
        work.db.flush()
        for position, (of_claim, of_batch, words) in enumerate(
            ((claim_id, None, "Taken in"), (None, batch.id, "Read"), (None, None, "Not ours")), 1
        ):
            work.db.add(
                AcknowledgmentItem(
                    acknowledgment_id=file.id,
                    position=position,
                    claim_id=of_claim,
                    batch_id=of_batch,
                    accepted=True,
                    codes="A2:20",
                    words=words,
                )
            )
        return batch.number, batch.id

    number, batch_id = books.write(answer).value
    page = books.read(lambda work: claim_page(work, claim_id))
    assert [(one.batch, one.batch_id, one.by) for one in page.sent] == [
        (number, batch_id, books.actor.name)
    ]
    assert [(one.words, one.kind, one.file_name) for one in page.answers] == [
        ("Read", "277CA", "answer.277"),
        ("Taken in", "277CA", "answer.277"),
    ]


def test_a_claim_of_which_nothing_is_left_still_has_its_page(books: Office) -> None:
    claim_id = claim_of(books)

    def empty(work: Work) -> None:
        for line in work.db.scalars(select(ClaimLine).where(ClaimLine.claim_id == claim_id)):
            work.db.delete(line)

    books.write(empty)
    page = books.read(lambda work: claim_page(work, claim_id))
    assert (page.content, page.money, page.row.codes) == (None, (), ())


def test_a_page_asks_a_fixed_number_of_questions(sqlite_books: Office) -> None:
    """However many lines it has, so that it opens at once."""

    def questions(claim_id: int) -> int:
        asked = 0

        def count() -> None:
            nonlocal asked
            asked += 1

        with heard(sqlite_books, count, commits=False):
            sqlite_books.read(lambda work: claim_page(work, claim_id))
        return asked

    desk = sqlite_books.write(add_claim_desk).value
    one = claim_of(sqlite_books, desk=desk)
    five = claim_of(sqlite_books, desk=desk, sessions=5, code="90834")
    assert questions(five) == questions(one)


def test_a_claim_that_is_not_there_is_told(books: Office) -> None:
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: claim_page(work, 99))


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("rendering_id", "Rendering provider"),
        ("member_id", "Member id"),
        ("rendering_npi", "Rendering NPI"),
        ("sex", "Sex"),
    ],
)
def test_fields_are_told_in_words(field: str, title: str) -> None:
    assert field_title(field) == title
