"""What SimplePractice says of claims that were sent from here: a number, a denial; and undone."""

from __future__ import annotations

from pathlib import Path

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.session import BillingStatus
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.appealing import NewAppeal, open_appeal
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, sent_claim, version_of
from tests.support.claims import claim_of, statuses_of, the_claim
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.report_files import line
from tests.support.report_imports import bring_in, small, take_back

CLAIMS, UNPAID = "sp_claims", "sp_unpaid_ins"
REFERENCE = "99790001"


def unpaid(tmp_path: Path, number: str = "--", day: str = "03/02/2026") -> ReadReport:
    """A report that links the reference to the session."""
    row = line(
        UNPAID,
        Date=day,
        Client="Alma Anyone",
        ClearinghouseReference=REFERENCE,
        PayerClaim=number,
        Billed="160.00",
        CoPay="30.00",
        InsBilled="130.00",
        InsBalance="130.00",
    )
    return small(tmp_path, UNPAID, row)


def claims(tmp_path: Path, status: str, number: str = "--") -> ReadReport:
    """A report of claims that says how the claim stands."""
    row = line(
        CLAIMS,
        DateSubmitted="03/10/2026",
        Client="Alma Anyone",
        Payer="Imaginary Blue",
        ClearinghouseReference=REFERENCE,
        PayerClaim=number,
        Status=status,
    )
    return small(tmp_path, CLAIMS, row)


def forget_number(books: Office, claim_id: int) -> None:
    """Let the payer's number of a claim be unknown."""

    def act(work: Work) -> None:
        work.db.get_one(Claim, claim_id).payer_number = ""

    books.write(act)


def test_the_payers_number_comes_where_ours_is_empty(books: Office, tmp_path: Path) -> None:
    claim_id = sent_claim(books)
    bring_in(books, unpaid(tmp_path, "FIC1"))
    assert the_claim(books, claim_id).payer_number == "ICN-2026-1"
    forget_number(books, claim_id)
    done = bring_in(books, claims(tmp_path, "Accepted", "FIC2"))
    assert the_claim(books, claim_id).payer_number == "FIC2"
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    (change,) = books.read(lambda work: claim_page(work, claim_id)).changes[:1]
    assert (change.new, change.source) == ("FIC2", f"SimplePractice, import {done.batch_id}")
    take_back(books, done)
    assert the_claim(books, claim_id).payer_number == ""
    verify(books)


def test_a_number_that_was_typed_since_stays(books: Office, tmp_path: Path) -> None:
    claim_id = sent_claim(books)
    forget_number(books, claim_id)
    done = bring_in(books, unpaid(tmp_path, "FIC1"))
    assert the_claim(books, claim_id).payer_number == "FIC1"
    what = PayersAnswer(ClaimStatus.PENDING, TODAY, payer_number="ICN-5")
    seen = version_of(books, claim_id)
    books.write(lambda work: record_answer(work, claim_id, what, expected_version=seen))
    take_back(books, done)
    assert the_claim(books, claim_id).payer_number == "ICN-5"


def test_a_denial_comes_where_ours_still_waits(books: Office, tmp_path: Path) -> None:
    claim_id = sent_claim(books)
    bring_in(books, unpaid(tmp_path))
    before = statuses_of(books)
    done = bring_in(books, claims(tmp_path, "Denied"))
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.denied_on, claim.reason) == (ClaimStatus.DENIED, TODAY, "Denied")
    assert statuses_of(books)[1] is BillingStatus.DENIED
    page = books.read(lambda work: claim_page(work, claim_id))
    assert page.money[0].answer == "denied"
    assert "appeal" in page.may
    verify(books)
    take_back(books, done)
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.denied_on) == (ClaimStatus.ACCEPTED, None)
    assert statuses_of(books) == before
    verify(books)


def test_of_a_claim_with_more_sessions_only_the_line_is_denied(
    books: Office, tmp_path: Path
) -> None:
    claim_id = sent_claim(books, sessions=2)
    bring_in(books, unpaid(tmp_path, day="03/09/2026"))
    bring_in(books, claims(tmp_path, "Denied"))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    page = books.read(lambda work: claim_page(work, claim_id))
    assert [one.answer for one in page.money] == ["", "denied"]


def test_what_was_decided_here_stays(books: Office, tmp_path: Path) -> None:
    claim_id = sent_claim(books)
    seen = version_of(books, claim_id)
    what = PayersAnswer(ClaimStatus.PAID, TODAY)
    books.write(lambda work: record_answer(work, claim_id, what, expected_version=seen))
    bring_in(books, unpaid(tmp_path))
    bring_in(books, claims(tmp_path, "Denied"))
    assert the_claim(books, claim_id).status is ClaimStatus.PAID


def test_what_was_not_sent_from_here_is_told_nothing(books: Office, tmp_path: Path) -> None:
    claim_id = claim_of(books)
    bring_in(books, unpaid(tmp_path, "FIC1"))
    bring_in(books, claims(tmp_path, "Denied", "FIC1"))
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.payer_number) == (ClaimStatus.SCRUBBED, "")


def test_a_denial_that_is_being_appealed_stays_when_its_import_is_undone(
    books: Office, tmp_path: Path
) -> None:
    claim_id = sent_claim(books)
    bring_in(books, unpaid(tmp_path))
    done = bring_in(books, claims(tmp_path, "Denied"))
    seen = version_of(books, claim_id)
    books.write(lambda work: open_appeal(work, claim_id, NewAppeal("x"), expected_version=seen))
    take_back(books, done)
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.denied_on) == (ClaimStatus.APPEALING, TODAY)
    verify(books)


def test_it_is_all_or_nothing(books: Office, tmp_path: Path) -> None:
    claim_id = sent_claim(books)
    forget_number(books, claim_id)
    bring_in(books, unpaid(tmp_path))
    read = claims(tmp_path, "Denied", "FIC1")
    assert_all_or_nothing(
        books, lambda work: import_report(work, read, accept_proposals=True), every=4
    )
    assert the_claim(books, claim_id).status is ClaimStatus.DENIED
