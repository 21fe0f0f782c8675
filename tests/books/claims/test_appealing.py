"""Appeals: until when, with which letter, how they end; and the claim with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fscdesk.models.claim import Appeal, Claim, ClaimStatus
from fscdesk.models.document import DocumentKind
from fscdesk.models.payer import Payer
from fscdesk.models.session import BillingStatus
from fscdesk.models.setting import Setting
from fscdesk.services.billing.documents import document_bytes, documents_of, kept_document
from fscdesk.services.claims.appeal_words import BLANKS, USUAL, merged
from fscdesk.services.claims.appealing import (
    NewAppeal,
    Outcome,
    change_appeal,
    close_appeal,
    make_letter,
    mark_appeal_sent,
    open_appeal,
    preview_letter,
)
from fscdesk.services.claims.detail import AppealRow, claim_page
from fscdesk.services.claims.policies import APPEAL_LETTER
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import (
    TODAY,
    appeal_version,
    denied_claim,
    sent_appeal,
    sent_claim,
    version_of,
)
from tests.support.claim_acts import open_appeal as opened
from tests.support.claims import statuses_of, the_claim
from tests.support.clock import Clock
from tests.support.fail_at import whole_books
from tests.support.payments import verify
from tests.support.pdf import page_texts


def appeal_of(books: Office, claim_id: int = 1) -> AppealRow:
    """Return the newest appeal of a claim."""
    return books.read(lambda work: claim_page(work, claim_id)).appeals[0]


def close(books: Office, appeal_id: int, outcome: Outcome, on: date = TODAY) -> None:
    """Note how an appeal ended."""
    seen = appeal_version(books, appeal_id)
    books.write(lambda work: close_appeal(work, appeal_id, outcome, on, expected_version=seen))


def letter_of(books: Office, appeal_id: int) -> str:
    """Make the letter and return the words on its first page."""
    seen = appeal_version(books, appeal_id)
    document = books.write(lambda work: make_letter(work, appeal_id, expected_version=seen)).value
    (text,) = page_texts(books.read(lambda work: document_bytes(work, document)))
    return text


def test_an_appeal_has_the_payers_days_from_the_denial(books: Office) -> None:
    appeal_id = opened(books)
    one = appeal_of(books)
    assert (one.id, one.level, one.due_on) == (appeal_id, 1, TODAY + timedelta(days=180))
    assert (one.opened_on, one.sent_on, one.outcome) == (TODAY, None, "")
    assert the_claim(books, 1).status is ClaimStatus.APPEALING
    assert statuses_of(books)[1] is BillingStatus.APPEALING
    page = books.read(lambda work: claim_page(work, 1))
    assert [(one.words) for one in page.clocks] == ["Appeal in 180 days"]
    assert "appeal" not in page.may
    verify(books)


def test_a_limit_that_is_over_needs_another_one(books: Office, clock: Clock) -> None:
    claim_id = denied_claim(books)
    clock.forward(days=181)
    seen = version_of(books, claim_id)
    before = books.read(whole_books)
    with pytest.raises(Problem, match="time to appeal ended on 10/09/2026"):
        books.write(lambda work: open_appeal(work, claim_id, NewAppeal("x"), expected_version=seen))
    assert books.read(whole_books) == before
    longer = NewAppeal("x", date(2026, 11, 1))
    books.write(lambda work: open_appeal(work, claim_id, longer, expected_version=seen))
    assert appeal_of(books).due_on == date(2026, 11, 1)


def test_a_payer_without_days_gives_no_limit(books: Office) -> None:
    claim_id = denied_claim(books)

    def forget(work: Work) -> None:
        payer = work.db.get_one(Payer, work.db.get_one(Claim, claim_id).payer_id)
        payer.appeal_days = None

    books.write(forget)
    seen = version_of(books, claim_id)
    books.write(lambda work: open_appeal(work, claim_id, NewAppeal(), expected_version=seen))
    assert appeal_of(books).due_on is None


def test_only_a_denial_is_appealed(books: Office) -> None:
    claim_id = sent_claim(books)
    seen = version_of(books, claim_id)
    with pytest.raises(Problem, match="is accepted"):
        books.write(lambda work: open_appeal(work, claim_id, NewAppeal(), expected_version=seen))


def test_the_letter_says_the_denial_the_argument_and_the_service(books: Office) -> None:
    appeal_id = opened(books, "The authorization AU-7 was given on 1 February.\nSee the copy.")
    text = letter_of(books, appeal_id)
    one = appeal_of(books)
    assert one.document == "AP-2026-00001"
    kept = books.read(lambda work: kept_document(work, one.document_id or 0))
    assert (kept.kind, kept.noun_id, kept.file_name) == (
        DocumentKind.APPEAL,
        appeal_id,
        "AP-2026-00001.pdf",
    )
    for words in (
        "Appeal",
        "AP-2026-00001",
        "Imaginary Blue",
        "1 Invented Plaza",
        "Sampleville, NJ 07001-0001",
        "ICN-2026-1",
        "Alma Anyone, member id XYZ123456789",
        "service of 03/02/2026",
        "On 04/12/2026 you denied $160.00",
        "CO-197: No authorization",
        "The authorization AU-7 was given on 1 February.",
        "See the copy.",
        "90837",
        "CARC 197",
        "160.00",
    ):
        assert words in text.replace("\n", " ") or words in text, words
    patient = the_claim(books, 1).patient_id
    papers = books.read(lambda work: documents_of(work, patient_id=patient))
    assert [one.number for one in papers] == ["AP-2026-00001"]


def test_a_letter_can_be_looked_at_before_it_is_kept(books: Office) -> None:
    appeal_id = opened(books)
    (text,) = page_texts(books.read(lambda work: preview_letter(work, appeal_id)))
    assert "PREVIEW" in text
    assert books.read(lambda work: documents_of(work, patient_id=1)) == ()
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: preview_letter(work, 99))


def test_the_practices_own_words_are_used(books: Office) -> None:
    def put(work: Work) -> None:
        work.db.merge(
            Setting(
                key=APPEAL_LETTER,
                value="Dear {payer}, claim {claim} of {patient}: {nonsense}.",
                changed_by=work.actor.staff_id,
                changed_at=work.now(),
            )
        )

    books.write(put)
    text = letter_of(books, opened(books))
    number = the_claim(books, 1).number
    assert f"Dear Imaginary Blue, claim {number} of Alma Anyone: {{nonsense}}." in text


def test_a_letter_that_argues_nothing_is_not_made(books: Office) -> None:
    appeal_id = opened(books, "  ")
    seen = appeal_version(books, appeal_id)
    with pytest.raises(Problem, match="why the denial is wrong"):
        books.write(lambda work: make_letter(work, appeal_id, expected_version=seen))


def test_a_second_letter_leaves_the_first_one_kept(books: Office) -> None:
    appeal_id = opened(books)
    letter_of(books, appeal_id)
    seen = appeal_version(books, appeal_id)
    new = NewAppeal("It is on file since January.", date(2026, 5, 1))
    books.write(lambda work: change_appeal(work, appeal_id, new, expected_version=seen))
    assert "since January" in letter_of(books, appeal_id)
    one = appeal_of(books)
    assert (one.document, one.due_on) == ("AP-2026-00002", date(2026, 5, 1))
    papers = books.read(lambda work: documents_of(work, patient_id=1))
    assert len(papers) == 2


def test_what_was_sent_stays_as_it_is(books: Office) -> None:
    appeal_id = sent_appeal(books)
    seen = appeal_version(books, appeal_id)
    assert books.read(lambda work: claim_page(work, 1)).clocks == ()
    for act in (
        lambda work: make_letter(work, appeal_id, expected_version=seen),
        lambda work: change_appeal(work, appeal_id, NewAppeal("y"), expected_version=seen),
        lambda work: mark_appeal_sent(work, appeal_id, TODAY, expected_version=seen),
    ):
        with pytest.raises(Problem, match="went to the payer on 04/12/2026"):
            books.write(act)


def test_a_day_of_sending_lies_between_opening_and_today(books: Office) -> None:
    appeal_id = opened(books)
    seen = appeal_version(books, appeal_id)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Problem, match="cannot have gone on"):
            books.write(
                lambda work, on=wrong: mark_appeal_sent(  # type: ignore[misc]
                    work, appeal_id, on, expected_version=seen
                )
            )


@pytest.mark.parametrize(
    ("outcome", "status", "session"),
    [
        (Outcome.WON, ClaimStatus.PENDING, BillingStatus.PENDING),
        (Outcome.PARTLY, ClaimStatus.PENDING, BillingStatus.PENDING),
        (Outcome.LOST, ClaimStatus.DENIED, BillingStatus.DENIED),
        (Outcome.WITHDRAWN, ClaimStatus.DENIED, BillingStatus.DENIED),
    ],
)
def test_an_appeal_ends_and_the_claim_follows(
    books: Office, outcome: Outcome, status: ClaimStatus, session: BillingStatus
) -> None:
    appeal_id = sent_appeal(books)
    close(books, appeal_id, outcome)
    assert the_claim(books, 1).status is status
    assert statuses_of(books)[1] is session
    one = appeal_of(books)
    assert (one.outcome, one.outcome_on) == (outcome.value, TODAY)
    with pytest.raises(Problem, match="has ended"):
        close(books, appeal_id, outcome)
    verify(books)


def test_what_was_not_sent_can_only_be_let_go(books: Office) -> None:
    appeal_id = opened(books)
    with pytest.raises(Problem, match="has not gone to the payer"):
        close(books, appeal_id, Outcome.WON)
    close(books, appeal_id, Outcome.WITHDRAWN)
    assert the_claim(books, 1).status is ClaimStatus.DENIED


def test_an_end_lies_between_sending_and_today(books: Office) -> None:
    appeal_id = sent_appeal(books)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Problem, match="cannot have ended on"):
            close(books, appeal_id, Outcome.LOST, wrong)


def test_a_denial_that_is_repeated_counts_anew_for_the_next_level(
    books: Office, clock: Clock
) -> None:
    appeal_id = sent_appeal(books)
    clock.forward(days=20)
    on = TODAY + timedelta(days=20)
    close(books, appeal_id, Outcome.LOST, on)
    claim = the_claim(books, 1)
    assert (claim.status, claim.denied_on) == (ClaimStatus.DENIED, on)
    books.write(
        lambda work: open_appeal(work, 1, NewAppeal("Again"), expected_version=claim.version)
    )
    one = appeal_of(books)
    assert (one.level, one.due_on) == (2, on + timedelta(days=180))
    assert "Second appeal" in letter_of(books, one.id)


def test_money_that_came_first_decides(books: Office) -> None:
    appeal_id = sent_appeal(books)

    def pay(work: Work) -> None:
        work.db.get_one(Claim, 1).status = ClaimStatus.PAID

    books.write(pay)
    close(books, appeal_id, Outcome.LOST)
    assert the_claim(books, 1).status is ClaimStatus.PAID


def test_an_argument_has_its_length_and_its_lines(books: Office) -> None:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    for wrong, says in (("x" * 6001, "6001 letters; 6000 fit"), ("a\0b", "no letter")):
        with pytest.raises(Problem, match=says):
            books.write(
                lambda work, text=wrong: open_appeal(  # type: ignore[misc]
                    work, claim_id, NewAppeal(text), expected_version=seen
                )
            )
    books.write(
        lambda work: open_appeal(
            work, claim_id, NewAppeal("  One   line\nand another "), expected_version=seen
        )
    )
    assert books.read(lambda work: work.db.get_one(Appeal, 1).argument) == "One line\nand another"


def test_every_blank_of_the_usual_words_is_filled() -> None:
    values = dict.fromkeys(BLANKS, "X")
    assert "{" not in merged(USUAL, values)
    assert merged("{unknown} {patient}", {"patient": "Alma"}) == "{unknown} Alma"
