"""Remittances stay in the queue until nothing of them waits for anybody."""

from __future__ import annotations

import pytest

from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.queue.waiting import Kind, Urgency, Waiting, queue, waiting_count
from fscdesk.services.remittances.closing import set_aside
from fscdesk.services.remittances.detail import remittance_page
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.reports.opening import Opens
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_matching import ALMA, STRANGER, send_claim
from tests.support.eras import claim, era, service
from tests.support.second_person import nobody


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice with a payer."""
    return books.write(add_claim_desk).value


def row(books: Office) -> Waiting | None:
    found = [one for one in books.read(queue).rows if one.kind is Kind.REMITTANCE]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_check_waits_until_nothing_of_it_does(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    assert row(books) is None
    before = books.read(waiting_count)
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    text = era(
        claim(sent.account, line, patient=ALMA),
        claim("ZZ9", service("90834", "75"), patient=STRANGER),
        effective="20260410",
    )
    done = books.write(lambda work: apply_era(work, "a.835", text.encode())).value
    assert books.read(waiting_count) == before + 1
    first = row(books)
    assert first is not None
    assert (first.count, first.amount, first.urgency) == (1, Money(195_00), Urgency.MEDIUM)
    assert first.opens == Opens("remittance", {"remittance": done.kept[0]})
    assert first.why == "2 claims that nobody has posted"
    books.write(lambda work: post_remittance(work, done.kept[0]))
    partly = row(books)
    assert partly is not None
    assert partly.why == "1 claim that nobody has posted"
    stays = books.read(lambda work: remittance_page(work, done.kept[0])).claims[1]
    books.write(lambda work: set_aside(work, stays.id, "Of the practice next door"))
    assert row(books) is None


def test_a_stopped_check_and_an_old_one_come_first(books: Office, desk: ClaimDesk) -> None:
    text = era(claim("ZZ9", service("90834", "75"), patient=STRANGER), amount="1")
    books.write(lambda work: apply_era(work, "a.835", text.encode()))
    first = row(books)
    assert first is not None
    assert first.urgency is Urgency.HIGH
    assert first.why.endswith("; 1 check stopped")


def test_who_may_not_post_is_not_bothered(books: Office, desk: ClaimDesk) -> None:
    text = era(claim("ZZ9", service("90834", "75"), patient=STRANGER))
    books.write(lambda work: apply_era(work, "a.835", text.encode()))
    assert row(books) is not None
    assert row(nobody(books)) is None
