"""How much of what payers answer they deny, and what appeals bring back; the report of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.remittance import Fate
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims import answers, appealing
from fscdesk.services.claims.appeal_outcomes import AppealOutcomes
from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy, RateRow, denial_rates
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.answered import DecidedClaim, DecidedLine
from fscdesk.services.remittances.typed_eobs import EobLine, PostedEob, post_eob
from fscdesk.services.reports.denials_report import denials_report
from fscdesk.services.work import Work
from tests.support.claim_acts import (
    DENIED,
    TODAY,
    appeal_version,
    denied_claim,
    sent_appeal,
    sent_claim,
    version_of,
)
from tests.support.claims import charges_of
from tests.support.clock import Clock
from tests.support.payments import open_till
from tests.support.remittances_made import (
    PAID_ON,
    claim,
    kept,
    line,
    plain_line,
    posted,
    remittance,
)

DAY = timedelta(days=1)


def rates(
    books: Office,
    by: DenialsBy = DenialsBy.PAYER,
    first: date = TODAY,
    last: date = TODAY,
) -> DenialRates:
    """The rates of a period; today's where none is said."""
    return books.read(lambda work: denial_rates(work, first, last, by=by))


def brief(row: RateRow) -> tuple[object, ...]:
    """What counts of a row."""
    cents = (row.billed.cents, row.amount.cents, row.open.cents)
    return row.name, row.answered, row.denied, row.turned, *cents


def eob(books: Office, *lines: EobLine, on: date = TODAY) -> PostedEob:
    """The payer's check over some lines."""
    amount = sum((one.paid for one in lines), ZERO)
    check = NewPayment(amount, PaymentMethod.CHECK, on, payer_id=1)
    return books.write(lambda work: post_eob(work, check, lines)).value


def void(books: Office, eob: PostedEob) -> None:
    """Void what was entered by mistake."""
    payment = eob.payment.payment_id

    def act(work: Work) -> None:
        seen = work.db.get_one(Payment, payment).version
        void_payment(work, payment, reason="Another client's", expected_version=seen)

    books.write(act)


def half_denied(books: Office) -> list[int]:
    """Two services are paid, one is denied as not itemised (CARC 16); returns their charges."""
    sent_claim(books, sessions=3)
    charges = [charges_of(books, session)[0] for session in (1, 2, 3)]
    eob(
        books,
        EobLine(charges[0], Money(130_00)),
        EobLine(charges[1], Money(100_00), contractual=Money(30_00)),
        EobLine(charges[2], denied="16"),
    )
    return charges


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (DenialsBy.PAYER, "Imaginary Blue"),
        (DenialsBy.CODE, "90837"),
        (DenialsBy.CLINICIAN, "Mockley O’Sample"),
        (DenialsBy.CATEGORY, "information missing"),
        (DenialsBy.MONTH, "2026-04"),
    ],
)
def test_a_third_is_denied(books: Office, by: DenialsBy, name: str) -> None:
    half_denied(books)
    found = rates(books, by)
    (row,) = found.rows
    assert brief(row) == (name, 3, 1, 0, 480_00, 160_00, 130_00)
    assert row.rate == Decimal("33.3")
    assert brief(found.total)[1:] == brief(row)[1:]


def test_only_first_answers_of_the_period_count(books: Office, clock: Clock) -> None:
    charges = half_denied(books)
    assert rates(books, first=TODAY - 9 * DAY, last=TODAY - DAY).rows == ()
    assert rates(books, first=TODAY + DAY, last=TODAY + DAY).total.rate is None
    clock.forward(days=3)
    eob(books, EobLine(charges[2], Money(130_00)), on=TODAY + 3 * DAY)
    assert brief(rates(books).total)[1:] == (3, 1, 1, 480_00, 160_00, 0)
    assert rates(books, first=TODAY + DAY, last=TODAY + 9 * DAY).total.answered == 0


def test_a_payment_that_was_voided_has_said_nothing(books: Office, clock: Clock) -> None:
    sent_claim(books)
    (charge,) = charges_of(books, 1)
    first = eob(books, EobLine(charge, denied="16"))
    void(books, first)
    assert rates(books).total.answered == 0
    clock.forward(days=1)
    eob(books, EobLine(charge, Money(130_00)), on=TODAY + DAY)
    total = rates(books, first=TODAY, last=TODAY + DAY).total
    assert (total.answered, total.denied) == (1, 0)


def test_a_look_up_in_a_portal_counts_and_the_reason_in_words_is_its_category(
    books: Office,
) -> None:
    denied_claim(books, sessions=2)
    (row,) = rates(books, DenialsBy.CATEGORY).rows
    assert brief(row) == ("authorization", 2, 2, 0, 320_00, 320_00, 260_00)
    assert row.rate == Decimal("100.0")


def test_what_was_billed_elsewhere_counts_too(books: Office) -> None:
    till = books.write(open_till).value
    denied, paid = line(till.copays[0], 0), line(till.copays[1], 130_00)
    own = claim(1, denied, paid)
    refused, given = own.lines
    said = DecidedClaim(
        own,
        Fate.POSTED,
        None,
        "",
        (DecidedLine(refused, Fate.POSTED, denied="CO-197"), plain_line(given)),
    )
    books.write(lambda work: posted(work, kept(work, remittance(till.payer, own)), [said]))
    (row,) = rates(books, first=PAID_ON, last=PAID_ON).rows
    assert brief(row) == ("Example East", 2, 1, 0, 320_00, 160_00, 130_00)


def denied_elsewhere(books: Office, paid_on: date) -> None:
    """A service that nobody billed here: the payer denied it on a day, and it is posted today."""
    till = books.write(open_till).value
    own = claim(1, line(till.copays[0], 0))
    (refused,) = own.lines
    said = DecidedClaim(
        own, Fate.POSTED, None, "", (DecidedLine(refused, Fate.POSTED, denied="CO-197"),)
    )
    check = replace(remittance(till.payer, own), paid_on=paid_on)
    books.write(lambda work: posted(work, kept(work, check), [said]))


def denied_here(books: Office, paid_on: date) -> None:
    """A service of a claim of ours: the same."""
    sent_claim(books)
    check = NewPayment(ZERO, PaymentMethod.CHECK, TODAY, payer_id=1, check_on=paid_on)
    (charge,) = charges_of(books, 1)
    books.write(lambda work: post_eob(work, check, [EobLine(charge, denied="16")]))


@pytest.mark.parametrize("denied", [denied_here, denied_elsewhere])
def test_a_denial_counts_on_the_day_of_the_payer_however_late_it_is_posted(
    books: Office, denied: Callable[[Office, date], None]
) -> None:
    decided = TODAY - 40 * DAY
    denied(books, decided)
    assert rates(books).total.answered == 0, "it was only posted today"
    found = rates(books, DenialsBy.MONTH, decided, decided)
    assert [(row.key, row.denied) for row in found.rows] == [(f"{decided:%Y-%m}", 1)]
    counted = rates(books, DenialsBy.MONTH, decided - 9 * DAY, TODAY)
    assert [(row.key, row.denied) for row in counted.rows] == [(f"{decided:%Y-%m}", 1)]
    assert rates(books, first=decided + DAY, last=TODAY).total.answered == 0


@pytest.mark.parametrize("denied", [denied_here, denied_elsewhere])
def test_a_check_of_a_day_to_come_counts_when_it_is_posted(
    books: Office, denied: Callable[[Office, date], None]
) -> None:
    denied(books, TODAY + 2 * DAY)
    assert rates(books).total.denied == 1


def test_appeals_by_how_they_ended_with_the_money_back(books: Office, clock: Clock) -> None:
    appeal_id = sent_appeal(books)
    assert rates(books).appeals == AppealOutcomes(opened=1, pending=1)
    seen = appeal_version(books, appeal_id)
    books.write(
        lambda work: appealing.close_appeal(
            work, appeal_id, appealing.Outcome.PARTLY, TODAY, expected_version=seen
        )
    )
    assert rates(books).appeals == AppealOutcomes(opened=1, partly=1)
    clock.forward(days=5)
    (charge,) = charges_of(books, 1)
    lines = EobLine(charge, Money(90_00), contractual=Money(40_00))
    paid = eob(books, lines, on=TODAY + 5 * DAY)
    assert rates(books).appeals == AppealOutcomes(opened=1, partly=1, back=Money(90_00))
    assert rates(books, first=TODAY + DAY, last=TODAY + DAY).appeals == AppealOutcomes()
    void(books, paid)
    assert rates(books).appeals.back == ZERO


def test_each_level_has_what_came_before_the_next(books: Office, clock: Clock) -> None:
    first = sent_appeal(books)
    end(books, first, appealing.Outcome.PARTLY, TODAY)
    clock.forward(days=2)
    later = TODAY + 2 * DAY
    seen = version_of(books, 1)
    again = replace(DENIED, on=later)
    books.write(lambda work: answers.record_answer(work, 1, again, expected_version=seen))
    seen = version_of(books, 1)
    new = appealing.NewAppeal("Again")
    second = books.write(
        lambda work: appealing.open_appeal(work, 1, new, expected_version=seen)
    ).value
    eob(books, EobLine(charges_of(books, 1)[0], Money(130_00)), on=later)
    pending = AppealOutcomes(opened=2, pending=1, partly=1)
    assert rates(books, last=later).appeals == pending
    assert rates(books).appeals == AppealOutcomes(opened=1, partly=1)
    end(books, second, appealing.Outcome.WITHDRAWN, later)
    assert rates(books, last=later).appeals.back == ZERO


def end(books: Office, appeal_id: int, outcome: appealing.Outcome, on: date) -> None:
    """Note how an appeal ended."""
    seen = appeal_version(books, appeal_id)
    books.write(
        lambda work: appealing.close_appeal(work, appeal_id, outcome, on, expected_version=seen)
    )


def test_a_period_that_ends_before_it_begins_is_refused(books: Office) -> None:
    with pytest.raises(Problem, match="before it begins"):
        rates(books, first=TODAY, last=TODAY - DAY)


def test_the_report_has_the_rows_their_sum_and_the_appeals(books: Office) -> None:
    half_denied(books)

    def act(work: Work) -> None:
        report = denials_report(work, denial_rates(work, TODAY, TODAY))
        assert [one.key for one in report.columns][:3] == ["name", "answered", "billed"]
        assert report.rows[0][0] == "Imaginary Blue"
        assert report.rows[0][5] == Decimal("33.3")
        assert report.totals is not None
        assert report.totals[:4] == ("Total", 3, Money(480_00), 1)
        assert report.notes == ("No appeal was opened.",)

    books.read(act)


def test_the_claim_that_was_sent_again_counts_once(books: Office) -> None:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    again = answers.PayersAnswer(
        ClaimStatus.DENIED, TODAY, carc="50", group="CO", reason="Not needed"
    )
    books.write(lambda work: answers.record_answer(work, claim_id, again, expected_version=seen))
    (row,) = rates(books, DenialsBy.CATEGORY).rows
    assert (row.name, row.answered) == ("authorization", 1)
