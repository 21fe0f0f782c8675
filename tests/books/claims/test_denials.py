"""The list of denied lines: reasons in words, days, owners, views, sums; and what leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Side
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.remittance import Fate
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust
from fscdesk.services.claims import answers
from fscdesk.services.claims.denials import (
    SORTS,
    VIEWS,
    Category,
    DenialFilter,
    DenialRow,
    denial_counts,
    denials_of_session,
    page_of_denials,
)
from fscdesk.services.claims.tracking import assign_claims
from fscdesk.services.office import Office
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.answered import DecidedClaim, DecidedLine
from fscdesk.services.remittances.keeping import NewFile, keep
from fscdesk.services.remittances.matching import match
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.reasons import carc
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, denied_claim, open_appeal, sent_claim, version_of
from tests.support.claims import add_claim_desk, charges_of
from tests.support.era_matching import send_claim
from tests.support.eras import claim as era_claim
from tests.support.eras import era, service
from tests.support.eras_answered import answered
from tests.support.payments import Till, open_till, verify
from tests.support.questions import asked_of
from tests.support.remittances_made import (
    claim,
    kept,
    line,
    plain_line,
    posted,
    remittance,
)

ALL = DenialFilter(view="all")


def page(
    books: Office, wanted: DenialFilter = ALL, sort: str = "day", *, falling: bool = False
) -> Page[DenialRow]:
    """A page of the list."""
    span = Span(0, 100, sort, descending=falling)
    return books.read(lambda work: page_of_denials(work, wanted, span))


def counts(books: Office) -> dict[str, int]:
    """How many lines each view has."""
    return books.read(denial_counts)


def days(rows: Sequence[DenialRow]) -> list[date]:
    """The days of service of rows."""
    return [one.day for one in rows]


def test_a_denied_line_says_why_and_what_to_do_until_when(books: Office) -> None:
    claim_id = denied_claim(books, sessions=2)
    found = page(books)
    reason = carc("197")
    assert reason is not None
    assert (found.total, found.totals) == (2, {"amount": Money(320_00), "open": Money(260_00)})
    one = found.rows[0]
    assert (one.claim_id, one.line, one.day, one.code) == (
        claim_id,
        1,
        date(2026, 3, 2),
        "90837",
    )
    assert (one.why, one.group, one.carc) == ("CO-197", "CO", "197")
    assert (one.reason, one.remedy, one.document) == (reason.words, reason.remedy, reason.document)
    assert one.category is Category.AUTHORIZATION
    assert (one.denied_on, one.days, one.status) == (TODAY, 0, ClaimStatus.DENIED)
    assert (one.patient, one.payer) == ("Alma Anyone", "Imaginary Blue")
    assert one.clinician == "Mockley O’Sample"
    assert one.deadline is not None
    assert (one.amount, one.open, one.assigned) == (Money(160_00), Money(130_00), "")
    assert counts(books) == {"open": 2, "mine": 0, "appeals": 0, "settled": 0, "all": 2}


def test_only_the_denied_lines_of_a_claim_are_there(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    said = answers.PayersAnswer(
        ClaimStatus.PARTIALLY_PAID, TODAY, carc="50", reason="Not needed", denied_lines=(2,)
    )
    seen = version_of(books, claim_id)
    books.write(lambda work: answers.record_answer(work, claim_id, said, expected_version=seen))
    (one,) = page(books).rows
    assert (one.line, one.why, one.category) == (2, "50", Category.MEDICAL_NECESSITY)
    session = one.session_id or 0
    assert books.read(lambda work: denials_of_session(work, session)) == (one,)
    assert books.read(lambda work: denials_of_session(work, session - 1)) == ()


def test_an_appeal_and_an_owner_move_it_to_other_views(books: Office) -> None:
    open_appeal(books)
    seen = version_of(books, 1)
    books.write(lambda work: assign_claims(work, {1: seen}, work.actor.staff_id))
    assert counts(books) == {"open": 0, "mine": 1, "appeals": 1, "settled": 0, "all": 1}
    (one,) = page(books, DenialFilter(view="appeals")).rows
    assert one.appealing
    assert one.deadline is not None
    assert one.deadline.words.startswith("Appeal in")


def test_what_a_person_made_the_clients_is_settled(books: Office) -> None:
    denied_claim(books)
    (charge,) = charges_of(books, 1)
    moved = NewAdjustment(
        charge, AdjustmentKind.TO_PATIENT, Money(130_00), "Agreed to pay it", side=Side.INSURANCE
    )
    books.write(lambda work: adjust(work, moved))
    assert counts(books)["open"] == 0
    assert counts(books)["settled"] == 1
    verify(books)


def test_what_is_paid_after_all_is_no_denial_any_more(books: Office) -> None:
    denied_claim(books)
    (charge,) = charges_of(books, 1)
    check = NewPayment(Money(130_00), PaymentMethod.CHECK, TODAY, payer_id=1)
    books.write(lambda work: post_eob(work, check, [EobLine(charge, Money(130_00))]))
    assert page(books).total == 0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (DenialFilter(), 2),
        (DenialFilter(text="alma"), 2),
        (DenialFilter(text="co-197 mockley"), 2),
        (DenialFilter(text="authorization"), 2),
        (DenialFilter(text="3/9/2026"), 1),
        (DenialFilter(text="nobody"), 0),
        (DenialFilter(from_day=TODAY, to_day=TODAY), 2),
        (DenialFilter(to_day=TODAY - timedelta(days=1)), 0),
        (DenialFilter(from_day=TODAY + timedelta(days=1)), 0),
        (DenialFilter(payers=(1,), codes=("90837",), carcs=("197",), clinicians=(1,)), 2),
        (DenialFilter(payers=(2,)), 0),
        (DenialFilter(codes=("90834",)), 0),
        (DenialFilter(carcs=("16",)), 0),
        (DenialFilter(clinicians=(2,)), 0),
        (DenialFilter(categories=("authorization",)), 2),
        (DenialFilter(categories=("coding",)), 0),
        (DenialFilter(assigned=(0,)), 2),
        (DenialFilter(assigned=(1,)), 0),
        (DenialFilter.of({"text": "alma", "reason": ["197"], "day": (TODAY, None)}), 2),
    ],
)
def test_a_question_finds(books: Office, wanted: DenialFilter, found: int) -> None:
    denied_claim(books, sessions=2)
    assert page(books, wanted).total == found


def test_it_is_sorted_by_every_column_and_paged(books: Office) -> None:
    denied_claim(books, sessions=3)
    rising = page(books).rows
    assert days(rising) == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    assert days(page(books, falling=True).rows) == days(rising)[::-1]
    for sort in SORTS:
        assert len(page(books, sort=sort).rows) == 3
    part = books.read(lambda work: page_of_denials(work, ALL, Span(1, 1, "day")))
    assert (part.start, part.total, part.rows) == (1, 3, rising[1:2])
    assert set(VIEWS) == set(counts(books))


def test_what_was_billed_elsewhere_is_denied_by_the_remittance(books: Office) -> None:
    till = books.write(open_till).value
    own = claim(1, line(till.copays[0], 0), line(till.copays[1], 100_00))
    denied, part = own.lines
    lines = (DecidedLine(denied, Fate.POSTED, denied="CO-197"), plain_line(part))
    said = DecidedClaim(own, Fate.POSTED, None, "", lines)

    def act(work: Work) -> None:
        posted(work, kept(work, remittance(till.payer, own)), [said])

    books.write(act)
    (one,) = page(books).rows
    assert (one.claim_id, one.charge_id, one.why, one.status) == (
        None,
        till.copays[0],
        "CO-197",
        None,
    )
    check = date(2026, 4, 9)
    assert (one.denied_on, one.open, one.patient) == (check, Money(130_00), "Alma Anyone")
    assert counts(books)["open"] == 1
    pay_it(books, till)
    assert page(books).total == 0


def pay_it(books: Office, till: Till) -> None:
    """The payer pays what it had denied, by an EOB."""
    check = NewPayment(Money(130_00), PaymentMethod.CHECK, TODAY, payer_id=till.payer)
    books.write(lambda work: post_eob(work, check, [EobLine(till.copays[0], Money(130_00))]))


def test_a_claim_that_a_remittance_denied_is_there_once(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    sent = send_claim(books, desk)
    own = service(charge="160", cas="CO197=160", line_id=str(sent.lines[0]), day=sent.days[0])
    text = era(era_claim(sent.account, own, status="4"))

    def act(work: Work) -> None:
        (one,) = keep(work, NewFile("payer.835", text.encode()), match(work, answered(text)))
        post_remittance(work, one)

    books.write(act)
    (row,) = page(books).rows
    assert (row.claim_id, row.why) == (sent.id, "CO-197")


def test_the_list_is_asked_for_once_until_something_changes(books: Office) -> None:
    denied_claim(books, sessions=2)
    counts(books)
    with asked_of(books) as heard:
        counts(books)
        page(books)
    assert not [sql for sql, _ in heard if "claim_line" in sql]
