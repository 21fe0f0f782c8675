"""What stands beside a claim of a remittance: earlier postings, limits, and its neighbours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.remittances.beside import ClaimBeside, Neighbours, besides, neighbours
from fscdesk.services.remittances.detail import remittance_page
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, reversal_of, service


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A payer that gives 60 days to appeal, and no limit to correct."""
    made = books.write(add_claim_desk).value

    def limits(work: Work) -> None:
        payer = work.db.get_one(Payer, made.payer)
        payer.appeal_days, payer.corrected_days = 60, None

    books.write(limits)
    return made


def answer(sent: SentClaim, cas: str = "CO45=38.60 PR3=30", **facts: str) -> EraClaim:
    lines = [service("90837", "160", cas=cas, day=day) for day in sent.days]
    return claim(sent.account, *lines, patient=ALMA, **facts)


def beside(books: Office, remittance_id: int) -> list[ClaimBeside]:
    def look(work: Work) -> list[ClaimBeside]:
        page = remittance_page(work, remittance_id)
        found = besides(work, page, page.claims)
        return [found[one.id] for one in page.claims]

    return books.read(look)


def near(books: Office, remittance_id: int) -> Neighbours:
    return books.read(lambda work: neighbours(work, remittance_page(work, remittance_id)))


def test_what_was_posted_before_stands_beside_what_takes_it_back(
    books: Office, desk: ClaimDesk
) -> None:
    first = answer(send_claim(books, desk, sessions=2), payer_number="ICN1")
    old = read(books, era(first, trace="OLD"))
    books.write(lambda work: post_remittance(work, old))
    new = read(books, era(reversal_of(first), answer_again(first), trace="NEW"), "new.835")
    back, again = beside(books, new)
    assert [(one.number, one.paid) for one in back.earlier] == [("PAY-2026-00001", Money(182_80))]
    assert back.earlier == again.earlier
    assert back.status is ClaimStatus.PAID
    assert beside(books, old)[0].earlier == (), "its own payment is nothing earlier"
    books.write(lambda work: post_remittance(work, new))
    assert beside(books, new)[0].earlier == back.earlier, "before and after posting alike"


def answer_again(first: EraClaim) -> EraClaim:
    """The same paid once more under another number."""
    return claim(first.number, *first.services, patient=ALMA, payer_number="ICN2")


def test_limits_count_from_the_denial_and_only_where_the_payer_has_some(
    books: Office, desk: ClaimDesk
) -> None:
    denied = answer(send_claim(books, desk), "CO16=160", status="4")
    one = read(books, era(denied, effective="20260306"))
    (before,) = beside(books, one)
    # The payer decided on the day of its check, however late we post it.
    assert (before.appeal_on, before.correct_on) == (date(2026, 3, 6) + timedelta(days=60), None)
    books.write(lambda work: post_remittance(work, one))
    (after,) = beside(books, one)
    assert after.appeal_on == before.appeal_on
    assert after.status is ClaimStatus.DENIED


def test_neighbours_are_those_that_wait_newest_first(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    made = [
        read(books, era(answer(sent), trace=f"T{day}", effective=f"{day:%Y%m%d}"), f"{day}.835")
        for day in (date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 20))
    ]
    oldest, *_rest = made
    kept = sorted(set(made))
    assert near(books, kept[-1]) == Neighbours(1, len(kept), None, kept[-2])
    assert near(books, oldest) == Neighbours(len(kept), len(kept), kept[1], None)
    books.write(lambda work: post_remittance(work, oldest))
    assert near(books, kept[-1]).total == len(kept) - 1
    assert near(books, oldest).total == len(kept), "a posted one stands among all"
