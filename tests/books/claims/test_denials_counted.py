"""What a number of the denial rates is made of: as many lines as it says, with their money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.staff import Role
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.appeal_outcomes import appeal_outcomes, appeals_opened
from fscdesk.services.claims.appealing import Outcome, close_appeal
from fscdesk.services.claims.denial_rates import DenialsBy, denial_rates
from fscdesk.services.claims.denials_counted import (
    SORTS,
    Counted,
    CountedAnswer,
    CountedFilter,
    page_of_counted,
)
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from tests.support.claim_acts import TODAY, appeal_version, sent_appeal, sent_claim
from tests.support.claims import charges_of
from tests.support.second_person import second_person


def eob(books: Office, *lines: EobLine) -> None:
    """The payer's check over some lines."""
    amount = sum((one.paid for one in lines), ZERO)
    check = NewPayment(amount, PaymentMethod.CHECK, TODAY, payer_id=1)
    books.write(lambda work: post_eob(work, check, list(lines)))


def answered(books: Office) -> list[int]:
    """Of three services one is paid, one is denied and then paid, one stays denied."""
    sent_claim(books, sessions=3)
    charges = [charges_of(books, session)[0] for session in (1, 2, 3)]
    eob(
        books,
        EobLine(charges[0], Money(130_00)),
        EobLine(charges[1], denied="197"),
        EobLine(charges[2], denied="16"),
    )
    eob(books, EobLine(charges[1], Money(130_00)))
    return charges


def counted(
    books: Office,
    what: Counted = Counted.DENIED,
    by: DenialsBy = DenialsBy.PAYER,
    key: str | None = None,
    text: str = "",
    sort: str = "day",
) -> Page[CountedAnswer]:
    """What a number of today's rates is made of."""
    wanted = CountedFilter(TODAY, TODAY, by, key, what, text)
    return books.read(lambda work: page_of_counted(work, wanted, Span(0, 50, sort)))


@pytest.mark.parametrize("by", DenialsBy)
def test_each_number_of_a_row_has_as_many_lines(books: Office, by: DenialsBy) -> None:
    answered(books)
    found = books.read(lambda work: denial_rates(work, TODAY, TODAY, by=by))
    assert found.rows
    for row in found.rows:
        denied = counted(books, Counted.DENIED, by, row.key)
        assert (denied.total, denied.totals["amount"]) == (row.denied, row.amount)
        assert counted(books, Counted.TURNED, by, row.key).total == row.turned
        assert counted(books, Counted.ANSWERED, by, row.key).total >= row.denied
        still = counted(books, Counted.OPEN, by, row.key)
        assert still.totals["open"] == row.open
    if by is not DenialsBy.CATEGORY:
        every = [counted(books, Counted.ANSWERED, by, row.key).total for row in found.rows]
        assert every == [row.answered for row in found.rows]


def test_a_line_says_what_was_said_first_and_what_it_is_now(books: Office) -> None:
    charges = answered(books)
    turned, denied = counted(books).rows
    assert (turned.charge_id, turned.now, turned.open) == (charges[1], "paid", ZERO)
    assert (denied.charge_id, denied.now, denied.open) == (charges[2], "denied", Money(130_00))
    assert (denied.why, denied.claim_id, denied.line) == ("16", 1, 3)
    assert (denied.patient, denied.payer, denied.code) == ("Alma Anyone", "Imaginary Blue", "90837")
    assert denied.reason
    (paid,) = [one for one in counted(books, Counted.ANSWERED).rows if not one.denied]
    assert (paid.charge_id, paid.why, paid.reason, paid.category) == (charges[0], "", "", None)


def test_words_find_and_every_column_sorts(books: Office) -> None:
    answered(books)
    assert counted(books, text="alma 90837").total == 2
    assert counted(books, text="authorization").total == 1
    assert counted(books, text="nobody").total == 0
    for sort in SORTS:
        assert counted(books, sort=sort).total == 2


def test_another_period_and_another_row_have_none(books: Office) -> None:
    answered(books)
    assert counted(books, key="2").total == 0
    before = TODAY - timedelta(days=1)
    wanted = CountedFilter(before, before, DenialsBy.PAYER)
    assert books.read(lambda work: page_of_counted(work, wanted, Span(0, 50, "day"))).total == 0


def test_the_appeals_are_as_many_as_their_outcomes_say(books: Office) -> None:
    appeal = sent_appeal(books)
    seen = appeal_version(books, appeal)
    books.write(lambda work: close_appeal(work, appeal, Outcome.WON, TODAY, expected_version=seen))
    eob(books, EobLine(charges_of(books, 1)[0], Money(130_00)))
    (one,) = books.read(lambda work: appeals_opened(work, TODAY, TODAY))
    assert (one.claim_id, one.level, one.outcome, one.outcome_on) == (1, 1, "won", TODAY)
    assert (one.patient, one.payer, one.back) == ("Alma Anyone", "Imaginary Blue", Money(130_00))
    assert books.read(lambda work: appeal_outcomes(work, TODAY, TODAY)).back == one.back
    later = TODAY + timedelta(days=1)
    assert books.read(lambda work: appeals_opened(work, later, later)) == ()


def test_who_may_not_see_reports_sees_none_of_it(books: Office) -> None:
    answered(books)
    other = second_person(books, Role.PROVIDER)
    with pytest.raises(Problem):
        counted(other)
    with pytest.raises(Problem):
        other.read(lambda work: appeals_opened(work, TODAY, TODAY))
