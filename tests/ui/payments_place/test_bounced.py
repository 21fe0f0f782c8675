"""The bank takes a payer's check back that had also settled other things: said as it is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.services.office import Office
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.claims import add_claim_desk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, send_claim
from tests.support.eras import claim, era, plb, service
from tests.support.payments import verify
from tests.ui.payments_place.conftest import OpenPayments


@pytest.fixture
def check(sqlite_books: Office) -> int:
    """A check of 66.40 for a claim of 91.40: 25.00 was taken from it, which is open."""
    sent = send_claim(sqlite_books, sqlite_books.write(add_claim_desk).value)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    paid = claim(sent.account, line, patient=ALMA, payer_number="ICN1")
    one = read(sqlite_books, era(paid, plb=[plb("WO", "25", "OLD-1")], trace="CHK1"))
    sqlite_books.write(lambda work: post_remittance(work, one))
    return sqlite_books.read(lambda work: work.db.scalars(select(Payment.id)).one())


def test_a_check_that_settled_more_is_undone_with_its_return_and_says_so(
    sqlite_books: Office, check: int, open_payments: OpenPayments
) -> None:
    payments = open_payments(sqlite_books)
    payments.goes_to_row(check)
    payments.presses("Ctrl+Shift+R")
    payments.writes(reason="Account closed")
    payments.does_it()
    said = payments.hears("PAY-2026-00001, 66.40, was returned on 04/12/2026.")
    assert said.text.endswith(
        "Its check had also settled other things: REM-2026-00001 was undone with it."
    )
    assert said.undo is None, "the remittance is posted again from its own page"

    def look(work: Work) -> tuple[PaymentStatus, RemittanceStatus]:
        payment, row = work.db.get_one(Payment, check), work.db.scalars(select(Remittance)).one()
        return payment.status, row.status

    assert sqlite_books.read(look) == (PaymentStatus.RETURNED, RemittanceStatus.UNDONE)
    verify(sqlite_books)


def test_a_check_that_only_paid_claims_stands_and_its_return_has_an_undo(
    sqlite_books: Office, open_payments: OpenPayments
) -> None:
    sent = send_claim(sqlite_books, sqlite_books.write(add_claim_desk).value)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    one = read(sqlite_books, era(claim(sent.account, line, patient=ALMA), trace="CHK1"))
    sqlite_books.write(lambda work: post_remittance(work, one))
    payments = open_payments(sqlite_books)
    payments.goes_to_row(1)
    payments.presses("Ctrl+Shift+R")
    payments.writes(reason="Account closed")
    payments.does_it()
    said = payments.hears("PAY-2026-00001, 91.40, was returned on 04/12/2026.")
    assert "undone" not in said.text
    assert "38.60 taken off by contract" in said.text
    assert said.undo is not None
    verify(sqlite_books)
