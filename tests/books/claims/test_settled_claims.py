"""A claim of which nothing is open any more waits for nobody, whatever settled it; and back."""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust, reverse_adjustment
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment, Received, receive
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, sent_claim
from tests.support.claims import charges_of, statuses_of, the_claim
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify


def only(books: Office, session: int) -> int:
    """The one charge of a session."""
    (found,) = charges_of(books, session)
    return found


def to_client(books: Office, session: int) -> int:
    """Move all that the payer owes to the client; return the adjustment."""
    charge = only(books, session)

    def act(work: Work) -> int:
        owed = work.db.get_one(Charge, charge).insurance_balance
        new = NewAdjustment(charge, AdjustmentKind.TO_PATIENT, owed, "The client pays all of it")
        return adjust(work, new).ids[0]

    return books.write(act).value


def client_pays(books: Office, *sessions: int) -> Received:
    """The client pays what is open of these sessions."""
    wanted = [only(books, one) for one in sessions]

    def act(work: Work) -> Received:
        charges = list(work.db.scalars(select(Charge).where(Charge.id.in_(wanted))))
        pays = work.db.get_one(Patient, charges[0].patient_id).guarantor_id
        parts = tuple(Application(one.id, one.patient_balance) for one in charges)
        total = Money(sum(one.amount.cents for one in parts))
        new = NewPayment(total, PaymentMethod.CASH, TODAY, guarantor_id=pays, applications=parts)
        return receive(work, new)

    return books.write(act).value


def void(books: Office, paid: Received) -> None:
    """Take the payment back."""

    def act(work: Work) -> None:
        version = work.db.get_one(Payment, paid.payment_id).version
        void_payment(work, paid.payment_id, reason="typed twice", expected_version=version)

    assert_all_or_nothing(books, act, every=5)


def test_a_claim_is_paid_when_its_last_line_is_settled_and_waits_when_one_is_open_again(
    books: Office,
) -> None:
    claim_id = sent_claim(books, sessions=2)
    for session in (1, 2):
        to_client(books, session)
    client_pays(books, 1)
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    assert statuses_of(books)[1] is BillingStatus.PAID
    second = client_pays(books, 2)
    assert the_claim(books, claim_id).status is ClaimStatus.PAID
    history = books.read(lambda work: claim_page(work, claim_id)).history
    assert history[-1].reason == "Payment applied: nothing of it is open any more"
    verify(books)
    void(books, second)
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    assert statuses_of(books) == {1: BillingStatus.PAID, 2: BillingStatus.PENDING}
    verify(books)


def test_an_adjustment_settles_and_its_reversal_opens_again(books: Office) -> None:
    claim_id = sent_claim(books, sessions=1)
    moved = to_client(books, 1)
    paid = client_pays(books, 1)
    void(books, paid)
    again = client_pays(books, 1)
    assert the_claim(books, claim_id).status is ClaimStatus.PAID
    void(books, again)
    books.write(lambda work: reverse_adjustment(work, moved, reason="a slip", expected_version=1))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    verify(books)
