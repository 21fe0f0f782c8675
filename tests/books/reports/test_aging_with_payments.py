"""Aging with payments: payers' own money, fees without a session, what an agency holds."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.billing.account_fees import charge_fee
from fscdesk.services.billing.agencies import AgencyFields, add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.reports.aging import Aging, aging
from fscdesk.services.reports.aging_lines import EVERYBODY, aging_lines
from fscdesk.services.reports.aging_sums import NOBODY, UNAPPLIED, By
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, open_till, received, verify

TODAY = date(2026, 4, 12)
BEFORE = date(2026, 4, 9)


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges of two patients and a payer."""
    return books.write(open_till).value


def found(books: Office, by: By = By.PAYER, as_of: date = TODAY) -> Aging:
    return books.read(lambda work: aging(work, as_of=as_of, by=by))


def test_a_payers_own_money_stands_beside_what_it_owes(books: Office, till: Till) -> None:
    received(books, NewPayment(Money(90_00), PaymentMethod.EFT, DAY, payer_id=till.payer))
    by_payer = found(books)
    row = next(row for row in by_payer.rows if row.key == till.payer)
    assert (row.unapplied, row.insurance, row.patient) == (Money(-90_00), Money(170_00), Money())
    assert sum(cell.cents for cell in row.buckets) == 260_00
    assert by_payer.ties
    assert "=" in (by_payer.tie.words if by_payer.tie else "")
    by_patient = found(books, By.PATIENT)
    nobody = next(row for row in by_patient.rows if row.key == NOBODY)
    assert (nobody.unapplied, nobody.insurance) == (Money(-90_00), Money(-90_00))
    earlier = found(books, as_of=BEFORE)
    assert (earlier.past, earlier.total.unapplied, earlier.ties) == (True, Money(), True)
    for by, key in ((By.PAYER, till.payer), (By.PATIENT, NOBODY), (By.SESSION, EVERYBODY)):
        ask = partial(
            aging_lines, as_of=TODAY, by=by, key=key, bucket=UNAPPLIED, span=Span(0, 9, "open")
        )
        lines = books.read(ask)
        (line,) = lines.rows
        assert (line.open, line.payer, line.charge_id) == (Money(-90_00), "Example East", None)
    verify(books)


def test_a_fee_without_a_session_ages_and_ties(books: Office, till: Till) -> None:
    about = {"patient_id": till.ben, "guarantor_id": till.ben_pays}
    books.write(
        lambda work: charge_fee(
            work, **about, amount=Money(25_00), code="NSF", on=date(2026, 4, 2), memo="fee"
        )
    )
    for by in By:
        report = found(books, by)
        assert report.ties, (by, report.tie)
        assert report.total.balance == Money(505_00)
    key = next(row.key for row in found(books, By.SESSION).rows if row.key == NOBODY)
    lines = books.read(
        lambda work: aging_lines(
            work, as_of=TODAY, by=By.SESSION, key=key, bucket=None, span=Span(0, 9, "day")
        )
    )
    assert [(line.code, line.day, line.provider) for line in lines.rows] == [
        ("NSF", date(2026, 4, 2), "")
    ]


def test_what_an_agency_holds_is_in_no_bucket_and_the_proof_says_so(
    books: Office, till: Till
) -> None:
    before = found(books)

    def hand_over(work: Work) -> None:
        agency = add_agency(work, AgencyFields("Fictional Recovery", 3000))
        place(work, NewPlacement(agency, charge_ids=(till.own,)))

    books.write(hand_over)
    after = found(books)
    assert before.total.balance - after.total.balance == Money(160_00)
    assert after.tie is not None
    assert after.ties
    assert after.tie.at_agency == Money(160_00)
    assert after.ledger == before.total.balance
    assert "with 160.00 at collection agencies = general ledger" in after.tie.words
    past = found(books, as_of=date(2026, 4, 11))
    assert past.total.balance == before.total.balance
    assert past.ties
