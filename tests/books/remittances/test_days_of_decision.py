"""A payer's limits run from the day on which it decided, however late its answer is posted."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.claim import Appeal, Claim, ClaimStatus
from fscdesk.models.payer import Payer
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO
from fscdesk.services.claims.appeal_letters import letter_doc
from fscdesk.services.claims.appealing import (
    NewAppeal,
    Outcome,
    close_appeal,
    mark_appeal_sent,
    open_appeal,
)
from fscdesk.services.claims.clocks import ClockKind
from fscdesk.services.claims.denials import DenialFilter, DenialRow, page_of_denials
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.detail import remittance_page
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, the_claim
from tests.support.clock import Clock
from tests.support.era_day import read
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, service

DECIDED = date(2026, 3, 5)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A payer that gives 60 days to appeal and 90 to correct."""
    made = books.write(add_claim_desk).value

    def limits(work: Work) -> None:
        payer = work.db.get_one(Payer, made.payer)
        payer.appeal_days, payer.corrected_days = 60, 90

    books.write(limits)
    return made


def deny(books: Office, sent: SentClaim, cas: str = "CO197=160", trace: str = "EFT1") -> int:
    """Post a denial that the payer decided on weeks ago."""
    said = claim(
        sent.account, service("90837", "160", cas=cas, day=sent.days[0]), status="4", patient=ALMA
    )
    one = read(books, era(said, trace=trace, effective=f"{DECIDED:%Y%m%d}"), f"{trace}.835")
    books.write(lambda work: post_remittance(work, one))
    return one


def rows(books: Office) -> tuple[DenialRow, ...]:
    """The denials list."""
    span = Span(0, 50, "day")
    found = books.read(lambda work: page_of_denials(work, DenialFilter(view="all"), span))
    return tuple(found.rows)


def due(books: Office, claim_id: int) -> dict[ClockKind, date]:
    """What ends when, of a claim."""
    page = books.read(lambda work: claim_page(work, claim_id))
    return {one.what: one.due_on for one in page.clocks}


ENDS = {ClockKind.APPEAL: date(2026, 5, 4), ClockKind.CORRECT: date(2026, 6, 3)}


def test_a_denial_of_a_remittance_counts_from_its_check(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    deny(books, sent)
    assert (the_claim(books, sent.id).denied_on, the_claim(books, sent.id).answered_on) == (
        DECIDED,
        DECIDED,
    )
    assert due(books, sent.id) == ENDS
    (row,) = rows(books)
    assert (row.denied_on, row.deadline and row.deadline.due_on) == (DECIDED, date(2026, 5, 4))


def test_the_letter_names_the_day_of_the_denial(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    deny(books, sent)

    def appeal(work: Work) -> tuple[date | None, date | None]:
        seen = work.db.get_one(Claim, sent.id).version
        opened = open_appeal(work, sent.id, NewAppeal(), expected_version=seen)
        kept = work.db.get_one(Appeal, opened)
        return letter_doc(work, kept, "", preview=True).denied_on, kept.due_on

    assert books.write(appeal).value == (DECIDED, date(2026, 5, 4))


def test_a_denial_of_a_typed_eob_counts_from_the_day_on_its_check(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    today = books.read(lambda work: work.today())
    new = NewPayment(
        ZERO,
        PaymentMethod.CHECK,
        today,
        payer_id=desk.payer,
        reference="0000481516",
        check_on=DECIDED,
    )
    books.write(lambda work: post_eob(work, new, [EobLine(sent.charges[0], denied="197")]))
    found = the_claim(books, sent.id)
    assert (found.status, found.denied_on) == (ClaimStatus.DENIED, DECIDED)
    assert due(books, sent.id) == ENDS


def test_what_a_remittance_still_says_keeps_its_day(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk, sessions=2)
    said = [
        claim(
            sent.account,
            service("90837", "160", cas="CO197=160", day=day),
            status="4",
            patient=ALMA,
            payer_number=f"ICN{day}",
        )
        for day in sent.days
    ]
    remittance = read(books, era(*said, effective=f"{DECIDED:%Y%m%d}"))
    books.write(lambda work: post_remittance(work, remittance))
    first = books.read(lambda work: remittance_page(work, remittance)).claims[0]
    books.write(lambda work: undo_claim(work, first.id, "It was another client's"))
    assert the_claim(books, sent.id).denied_on == DECIDED


def pay(books: Office, sent: SentClaim, trace: str, paid_on: date, cas: str = "CO45=30") -> int:
    """Post what the payer pays of the claim."""
    lines = [service("90837", "160", cas=cas, day=day) for day in sent.days]
    said = claim(sent.account, *lines, patient=ALMA, payer_number=trace)
    one = read(books, era(said, trace=trace, effective=f"{paid_on:%Y%m%d}"), f"{trace}.835")
    books.write(lambda work: post_remittance(work, one))
    return one


def test_a_denial_that_stands_again_keeps_its_own_day(
    books: Office, desk: ClaimDesk, clock: Clock
) -> None:
    """The limits of an appeal do not begin anew because a later check was undone."""
    sent = send_claim(books, desk)
    deny(books, sent)
    clock.forward(days=9)
    paid = pay(books, sent, "EFT2", date(2026, 4, 15))
    assert the_claim(books, sent.id).denied_on is None
    clock.forward(days=5)
    books.write(lambda work: undo_remittance(work, paid, "It is another client's"))
    found = the_claim(books, sent.id)
    assert (found.status, found.denied_on, found.answered_on) == (
        ClaimStatus.DENIED,
        DECIDED,
        DECIDED,
    )
    assert due(books, sent.id) == ENDS


def test_an_earlier_denial_stands_again_on_its_day_after_another_reason(
    books: Office, desk: ClaimDesk, clock: Clock
) -> None:
    sent = send_claim(books, desk)
    deny(books, sent, "CO16=160")
    clock.forward(days=9)
    other = claim(
        sent.account,
        service("90837", "160", cas="CO197=160", day=sent.days[0]),
        status="4",
        patient=ALMA,
        payer_number="ICN2",
    )
    second = read(books, era(other, trace="EFT2", effective="20260415"), "b.835")
    books.write(lambda work: post_remittance(work, second))
    assert the_claim(books, sent.id).denied_on == date(2026, 4, 15)
    clock.forward(days=5)
    books.write(lambda work: undo_remittance(work, second, "It is another client's"))
    found = the_claim(books, sent.id)
    assert (found.reason_code, found.denied_on, found.answered_on) == ("16", DECIDED, DECIDED)


def test_a_payment_that_stands_again_keeps_the_day_of_its_check(
    books: Office, desk: ClaimDesk, clock: Clock
) -> None:
    sent = send_claim(books, desk, sessions=2)
    pay(books, sent, "EFT1", DECIDED)
    clock.forward(days=9)
    back = claim(
        sent.account,
        service("90837", "160", cas="CO197=160", day=sent.days[0]),
        status="4",
        patient=ALMA,
        payer_number="ICN2",
    )
    second = read(books, era(back, trace="EFT2", effective="20260415"), "b.835")
    books.write(lambda work: post_remittance(work, second, agreed=(1,)))
    clock.forward(days=5)
    books.write(lambda work: undo_remittance(work, second, "It is another client's"))
    assert the_claim(books, sent.id).answered_on == DECIDED


def test_a_denial_that_an_appeal_did_not_turn_stands_again_on_that_day(
    books: Office, desk: ClaimDesk, clock: Clock
) -> None:
    sent = send_claim(books, desk)
    deny(books, sent)
    lost_on = books.read(lambda work: work.today())

    def appeal(work: Work) -> None:
        seen = work.db.get_one(Claim, sent.id).version
        opened = open_appeal(work, sent.id, NewAppeal(), expected_version=seen)
        seen = work.db.get_one(Appeal, opened).version
        mark_appeal_sent(work, opened, lost_on, expected_version=seen)
        work.db.flush()
        seen = work.db.get_one(Appeal, opened).version
        close_appeal(work, opened, Outcome.LOST, lost_on, expected_version=seen)

    books.write(appeal)
    assert the_claim(books, sent.id).denied_on == lost_on
    clock.forward(days=9)
    paid = pay(books, sent, "EFT2", lost_on)
    clock.forward(days=5)
    books.write(lambda work: undo_remittance(work, paid, "It is another client's"))
    assert the_claim(books, sent.id).denied_on == lost_on
