"""Claims follow what a remittance said, and go back when it is undone: also out of an appeal."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Appeal, Claim, ClaimStatus
from fscdesk.models.session import BillingStatus
from fscdesk.services.claims.appealing import NewAppeal, open_appeal
from fscdesk.services.claims.lifecycle import set_claim_status
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, statuses_of, the_claim
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, plb, reversal_of, service
from tests.support.payments import verify

S = ClaimStatus
WHY = "It was another client's"
DENIED = "CO197=160"


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def said(sent: SentClaim, cas: str, *, status: str = "1", number: str = "ICN1") -> EraClaim:
    """What a payer says of a claim."""
    line = service("90837", "160", cas=cas, day=sent.days[0])
    return claim(sent.account, line, status=status, patient=ALMA, payer_number=number)


def post(books: Office, answer: EraClaim, trace: str, *, forward: str = "") -> int:
    """Post a remittance with one answer; what it takes is carried ``forward``."""
    beside = [plb("FB", f"-{forward}")] if forward else []
    one = read(books, era(answer, trace=trace, plb=beside), f"{trace}.835")
    books.write(lambda work: post_remittance(work, one))
    return one


def appeal(books: Office, sent: SentClaim) -> None:
    """Open an appeal of a denied claim."""

    def act(work: Work) -> None:
        seen = work.db.get_one(Claim, sent.id).version
        open_appeal(work, sent.id, NewAppeal(), expected_version=seen)

    books.write(act)


def stand(books: Office, sent: SentClaim) -> tuple[ClaimStatus, BillingStatus]:
    """Where the claim and its session stand."""
    (session,) = statuses_of(books).values()
    return the_claim(books, sent.id).status, session


@pytest.mark.parametrize(
    ("cas", "status", "after"),
    [
        ("CO45=38.60 PR3=30", "1", (S.PAID, BillingStatus.APPROVED)),
        (DENIED, "4", (S.DENIED, BillingStatus.DENIED)),
        ("CO16=160", "4", (S.DENIED, BillingStatus.DENIED)),
    ],
    ids=["paid", "denied by the same words", "denied by others"],
)
def test_the_answer_to_an_appeal_is_undone_and_the_appeal_is_open_again(
    books: Office,
    desk: ClaimDesk,
    cas: str,
    status: str,
    after: tuple[ClaimStatus, BillingStatus],
) -> None:
    sent = send_claim(books, desk)
    post(books, said(sent, DENIED, status="4"), "EFT1")
    appeal(books, sent)
    arguing = stand(books, sent)
    assert arguing == (S.APPEALING, BillingStatus.APPEALING)
    one = post(books, said(sent, cas, status=status, number="ICN2"), "EFT2")
    assert stand(books, sent) == after
    books.write(lambda work: undo_remittance(work, one, WHY))
    assert stand(books, sent) == arguing
    assert books.read(lambda work: work.db.scalars(select(Appeal)).one().outcome) == ""
    verify(books)
    books.write(lambda work: post_remittance(work, one))
    assert stand(books, sent) == after


def test_a_take_back_during_an_appeal_is_undone_and_the_appeal_is_open_again(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    first = said(sent, "CO45=28.60 PR3=30 CO197=10")
    post(books, first, "EFT1")
    appeal(books, sent)
    one = post(books, reversal_of(first), "EFT2", forward="91.40")
    assert stand(books, sent) == (S.PENDING, BillingStatus.PENDING)
    rows = books.read(
        lambda work: work.db.scalars(select(Claim.id).where(Claim.status == S.PENDING)).all()
    )
    assert list(rows) == [sent.id]
    books.write(lambda work: undo_remittance(work, one, WHY))
    assert stand(books, sent) == (S.APPEALING, BillingStatus.APPEALING)
    verify(books)


def test_a_claim_of_which_nothing_is_open_waits_for_nobody(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    one = post(books, said(sent, ""), "EFT1")
    assert stand(books, sent) == (S.PAID, BillingStatus.PAID)

    def wait(work: Work) -> int:
        return set_claim_status(work, {sent.id: S.PAID}, S.ACCEPTED, reason="By phone")

    with pytest.raises(Problem, match="Nothing of claim CLM-2026-00001 is open: it cannot be"):
        books.write(wait)
    assert stand(books, sent) == (S.PAID, BillingStatus.PAID)
    books.write(lambda work: undo_remittance(work, one, WHY))
    assert stand(books, sent)[0] is S.SUBMITTED
    verify(books)
