"""Doors of the account desk: adjustments by plain words, kept statements, kept estimates."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_entry import (
    CLIENT,
    KINDS,
    PAYER,
    AdjustmentEntry,
    adjust_entries,
    apply_sliding_fee,
    move_to_client,
    move_to_payer,
    sides_of,
)
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.estimate_pages import keep_estimate
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.kept_statements import statements_for
from fscdesk.services.billing.sliding_fees import SlidingFeeFields, add_sliding_fee
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.setup.services import services
from fscdesk.services.work import Work
from tests.support.payments import verify
from tests.support.pdf import page_texts
from tests.support.plans import TODAY, Family, open_family


@pytest.fixture
def family(books: Office) -> Family:
    """Rowan owes 640.00 for two children; a payer owes 100.00."""
    return books.write(open_family).value


def balances(books: Office, charge_id: int) -> tuple[int, int]:
    """What the client and the payer owe of a charge, in cents."""

    def look(work: Work) -> tuple[int, int]:
        charge = work.db.get_one(Charge, charge_id)
        return charge.patient_balance.cents, charge.insurance_balance.cents

    return books.read(look)


def test_every_kind_that_is_offered_has_its_words_and_sides() -> None:
    assert dict(KINDS)["courtesy"] == "Courtesy"
    assert sides_of("contractual") == (PAYER,)
    assert sides_of("bad_debt") == (CLIENT,)
    assert CLIENT in sides_of("discount")
    assert all(sides_of(key) for key, _word in KINDS)


def test_several_adjustments_wait_in_one_request(books: Office, family: Family) -> None:
    entries = [
        AdjustmentEntry(one, "courtesy", CLIENT, Money(20_00), "Hardship")
        for one in family.charges[:2]
    ]
    done = books.write(lambda work: adjust_entries(work, entries)).value
    assert (done.waiting, done.posted, done.amount) == (2, 0, Money(40_00))
    assert balances(books, family.charges[0]) == (150_00, 0)


def test_what_the_payer_owes_is_moved_and_moved_back(books: Office, family: Family) -> None:
    parts = [(family.pending, Money(100_00))]
    books.write(lambda work: move_to_client(work, parts, "Coverage had ended"))
    assert balances(books, family.pending) == (140_00, 0)
    books.write(lambda work: move_to_payer(work, parts, "A mistake"))
    assert balances(books, family.pending) == (40_00, 100_00)
    verify(books)


def test_no_sliding_fee_is_said_and_one_is_asked_for(books: Office, family: Family) -> None:
    with pytest.raises(Problem, match="sliding fee"):
        books.write(lambda work: apply_sliding_fee(work, family.charges[:1]))
    fee = SlidingFeeFields(60, date(2025, 11, 1), None, "Pay slips")
    books.write(lambda work: add_sliding_fee(work, family.iris, fee))
    done, proposal = books.write(lambda work: apply_sliding_fee(work, family.charges[:1])).value
    assert (done.amount, proposal.left_out) == (Money(60_00), ())


def test_statements_of_one_guarantor_newest_first(books: Office, family: Family) -> None:
    assert books.read(lambda work: statements_for(work, family.rowan)) == ()
    made = books.write(lambda work: make_statements(work, plan_statements(work, as_of=TODAY))).value
    found = books.read(lambda work: statements_for(work, family.rowan))
    own = next(one for one in made.statements if one.guarantor_id == family.rowan)
    assert [(one.id, one.number, one.amount_due) for one in found] == [
        (own.id, own.number, Money(640_00))
    ]
    assert found[0].sent_at is None
    assert not found[0].dropped
    assert not found[0].undone


def test_an_estimate_is_drawn_once_and_kept(books: Office, family: Family) -> None:
    def make(work: Work) -> int:
        patient = work.db.get_one(Patient, family.iris)
        patient.birth_date, patient.provider_id = date(2015, 5, 1), 1
        service = services(work)[0].id
        return make_estimate(work, NewEstimate(family.iris, (NewLine(service, 12),)))

    estimate = books.write(make).value
    first = books.write(lambda work: keep_estimate(work, estimate)).value
    again = books.write(lambda work: keep_estimate(work, estimate)).value
    assert first == again
    assert (first.patient_id, first.guarantor_id) == (family.iris, family.rowan)
    text = " ".join(page_texts(books.read(lambda work: document_bytes(work, first.id))))
    assert "Iris Imagined" in text
    assert first.number in text


def test_an_estimate_without_a_date_of_birth_is_not_kept(books: Office, family: Family) -> None:
    def make(work: Work) -> int:
        work.db.get_one(Patient, family.iris).provider_id = 1
        service = services(work)[0].id
        return make_estimate(work, NewEstimate(family.iris, (NewLine(service, 1),)))

    estimate = books.write(make).value
    with pytest.raises(Problem, match="date of birth"):
        books.write(lambda work: keep_estimate(work, estimate))
