"""What is to be sent after an 835, as what, and until when (features 3.4, cases 38 and 39)."""

from __future__ import annotations

from datetime import date

from fscdesk.models.claim import Claim, ClaimStatus, Frequency
from fscdesk.models.payer import Payer
from fscdesk.models.session import BillingStatus
from fscdesk.services.claims.clocks import ClockKind
from fscdesk.services.claims.correcting import successor_of, void_claim
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.work import Work
from tests.support.claims import build, ready
from tests.support.clock import Clock
from tests.support.era_edges import EraOffice
from tests.support.eras import reversal_of

FIRST_DAY = date(2026, 3, 2)


def limits(edge: EraOffice) -> None:
    """The payer takes claims for 90 days, corrections for 60, appeals for 30."""

    def act(work: Work) -> None:
        payer = work.db.get_one(Payer, edge.desk.payer)
        payer.filing_days, payer.corrected_days, payer.appeal_days = 90, 60, 30

    edge.books.write(act)


def clocks(edge: EraOffice, claim_id: int) -> dict[ClockKind, date]:
    """The last day of all that can be done of a claim."""
    page = edge.books.read(lambda work: claim_page(work, claim_id))
    return {one.what: one.due_on for one in page.clocks}


def test_filing_counts_from_the_service_and_the_rest_from_the_answer(
    edge: EraOffice, clock: Clock
) -> None:
    limits(edge)
    session = edge.books.write(lambda work: ready(work, edge.desk, day=FIRST_DAY, minute=900)).value
    (unsent,) = build(edge.books, [session])
    assert clocks(edge, unsent) == {ClockKind.FILE: date(2026, 5, 31)}
    one = edge.send(week=1)
    assert clocks(edge, one.id) == {}
    clock.forward(days=30)
    # It is posted days later: the payer counts from the day of its check.
    edge.says(edge.answer(one, "CO197=160", status="4"), effective="20260508")
    assert clocks(edge, one.id) == {
        ClockKind.APPEAL: date(2026, 6, 7),
        ClockKind.CORRECT: date(2026, 7, 7),
    }


def test_a_denial_is_corrected_under_the_payers_number_and_a_paid_claim_taken_back_under_it(
    edge: EraOffice,
) -> None:
    one, paid = edge.send(), edge.send(week=1)
    edge.says(
        edge.answer(one, "CO4=160", status="4", payer_number="ICN-77"),
        edge.answer(paid, "CO45=40 PR3=30", payer_number="ICN-78"),
    )
    plan = edge.books.read(lambda work: successor_of(work, one.id))
    assert (plan.frequency, plan.original_number) == (Frequency.REPLACEMENT, "ICN-77")
    assert edge.stands(one) == (ClaimStatus.DENIED, BillingStatus.DENIED)

    def take_back(work: Work) -> int:
        seen = work.db.get_one(Claim, paid.id).version
        return void_claim(work, paid.id, "Wrong client", expected_version=seen)

    voiding = edge.books.write(take_back).value
    row = edge.books.read(lambda work: work.db.get_one(Claim, voiding))
    assert (row.frequency, row.original_number) == (Frequency.VOID, "ICN-78")
    edge.verify()


def test_the_number_of_the_correction_is_what_the_next_claim_names(edge: EraOffice) -> None:
    one = edge.send()
    said = edge.answer(one, "CO45=40 PR3=30", payer_number="ICN-1")
    edge.says(said)
    denied = edge.answer(one, "CO16=160", status="4", payer_number="ICN-2")
    other = edge.answer(edge.send(week=1), "CO45=30 PR3=30")
    edge.says(reversal_of(said), denied, other)
    plan = edge.books.read(lambda work: successor_of(work, one.id))
    assert (plan.frequency, plan.original_number) == (Frequency.REPLACEMENT, "ICN-2")
    edge.verify()
