"""What posting a remittance does to the books, to the cent; decided by hand here."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment
from fscdesk.models.charge import Charge
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentMethod, PaymentOrigin
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.patients.account import AccountFilter, page_of_account
from fscdesk.services.payments.clearing import settle
from fscdesk.services.remittances.answered import AnsweredClaim, DecidedClaim, DecidedLine
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.sessions.story import story
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.questions import asked_of
from tests.support.remittances_made import (
    CONTRACT,
    DEDUCTIBLE,
    claim,
    kept,
    line,
    plain,
    plain_line,
    posted,
    remittance,
    staying,
)


def test_a_paid_line_closes_its_charge_with_the_contract_and_the_clients_part(
    books: Office, till: Till
) -> None:
    paid = claim(1, line(till.copays[0], 91_40, CONTRACT, DEDUCTIBLE))

    def act(work: Work) -> int:
        one = kept(work, remittance(till.payer, paid))
        done = posted(work, one, [plain(paid)])
        assert (done.claims, done.unposted, done.left) == (1, 0, ZERO)
        assert (done.applied, done.contractual, done.patient) == (
            Money(91_40),
            Money(18_60),
            Money(20_00),
        )
        return one

    remittance_id = books.write(act).value

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        assert (charge.insurance_balance, charge.patient_balance) == (ZERO, Money(50_00))
        row = work.db.get_one(Remittance, remittance_id)
        assert row.status is RemittanceStatus.POSTED
        payment = work.db.get_one(Payment, row.payment_id)
        assert (payment.amount, payment.reference) == (Money(91_40), "EFT0001")
        assert payment.method is PaymentMethod.ACH
        assert payment.origin is PaymentOrigin.REMITTANCE
        assert cents(work, "1050") == 91_40
        assert cents(work, "4900") == 18_60
        reasons = work.db.execute(
            select(Adjustment.group_code, Adjustment.carc).order_by(Adjustment.id)
        )
        assert [tuple(one) for one in reasons] == [("CO", "45"), ("PR", "1")]
        lined = work.db.scalars(select(RemittanceLine)).one()
        assert (lined.fate, lined.wrote_off, lined.to_patient) == (
            Fate.POSTED,
            Money(18_60),
            Money(20_00),
        )
        session = work.db.get_one(Session, charge.session_id)
        assert session.billing_status is BillingStatus.APPROVED

    books.read(look)
    verify(books)


def test_what_is_not_ours_stays_with_its_reason_and_its_money_in_the_fund(
    books: Office, till: Till
) -> None:
    ours = claim(1, line(till.copays[0], 130_00))
    strange = claim(2, line(None, 75_00))

    def act(work: Work) -> None:
        one = kept(work, remittance(till.payer, ours, strange))
        done = posted(work, one, [plain(ours), staying(strange, Unposted.NOT_OURS)])
        assert (done.status, done.unposted) == (RemittanceStatus.PARTLY, 1)
        assert done.left == Money(75_00)

    books.write(act)

    def look(work: Work) -> None:
        row = work.db.scalars(
            select(RemittanceClaim).where(RemittanceClaim.fate == Fate.UNPOSTED)
        ).one()
        assert (row.position, row.why, row.words) == (2, "not_ours", "It is not ours.")
        fund = work.db.scalars(select(Credit).where(Credit.kind == CreditKind.REMITTANCE)).one()
        assert fund.balance == Money(75_00)

    books.read(look)
    verify(books)


def test_more_is_never_posted_than_the_check_holds(books: Office, till: Till) -> None:
    paid = claim(1, line(till.copays[0], 130_00))

    def act(work: Work) -> None:
        one = kept(work, replace(remittance(till.payer, paid), amount=100_00, check_off=-30_00))
        posted(work, one, [plain(paid)])

    with pytest.raises(Problem, match=r"30\.00 more than the check"):
        books.write(act)
    assert books.read(lambda work: cents(work, "1050")) == 0


def test_claims_are_posted_one_after_the_other_from_one_check(books: Office, till: Till) -> None:
    first, second = claim(1, line(till.copays[0], 91_40)), claim(2, line(till.copays[1], 30_00))
    both = remittance(till.payer, first, second)
    plans = [plain(first), plain(second)]

    def act(work: Work) -> int:
        one = kept(work, both)
        done = posted(work, one, plans, positions=[2])
        assert (done.claims, done.unposted, done.left) == (1, 1, Money(91_40))
        return one

    one = books.write(act).value
    verify(books)
    payment = books.read(lambda work: work.db.get_one(Remittance, one).payment_id)
    done = books.write(lambda work: posted(work, one, plans)).value
    assert (done.claims, done.status, done.left) == (1, RemittanceStatus.POSTED, ZERO)
    assert done.payment_id == payment
    assert books.read(lambda work: cents(work, "1050")) == 121_40
    verify(books)
    with pytest.raises(Problem, match="None of these claims"):
        books.write(lambda work: posted(work, one, plans, positions=[2]))


def test_what_a_payer_paid_too_much_stays_with_the_charge_and_is_nobodys_credit(
    books: Office, till: Till
) -> None:
    """An import of SimplePractice afterwards does not take it for money that came twice."""
    said = claim(1, line(till.copays[0], 150_00))
    over = replace(plain_line(said.lines[0]), to_open=130_00, over=20_00)
    decided_claim = replace(plain(said), lines=(over,))

    def act(work: Work) -> None:
        posted(work, kept(work, remittance(till.payer, said)), [decided_claim])

    books.write(act)
    books.write(lambda work: settle(work, on=work.today()))

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        assert (charge.insurance_balance, charge.patient_balance) == (Money(-20_00), Money(30_00))
        assert cents(work, "1060") == 0
        assert cents(work, "2410") == -20_00

    books.read(look)
    verify(books)


def test_the_questions_do_not_grow_with_the_claims(books: Office, till: Till) -> None:
    one, two = (claim(at, line(till.copays[at - 1], 91_40, CONTRACT, DEDUCTIBLE)) for at in (1, 2))
    traces = itertools.count()

    def count(*claims: AnsweredClaim) -> tuple[int, int]:
        said = remittance(till.payer, *claims, trace=f"EFT{next(traces)}")
        kept_id = books.write(lambda work: kept(work, said)).value
        with asked_of(books) as posting:
            books.write(lambda work: post_remittance(work, kept_id))
        with asked_of(books) as undoing:
            books.write(lambda work: undo_remittance(work, kept_id, "Asked only"))
        return len(posting), len(undoing)

    count(one)  # the first document of each series opens it
    alone = count(one)
    assert count(one, two) == alone


def test_what_a_payer_took_back_is_told_as_that(books: Office, till: Till) -> None:
    said = claim(1, line(till.copays[0], 91_40))
    back = claim(1, line(till.copays[0], -91_40, charge=-160_00), status="22")
    money = claim(2, line(None, 200_00))

    def act(work: Work) -> int:
        posted(work, kept(work, remittance(till.payer, said)), [plain(said)])
        one = kept(work, remittance(till.payer, back, money, trace="EFT0002"))
        taken = DecidedLine(back.lines[0], Fate.POSTED, paid=-91_40, to_open=-91_40)
        undone = DecidedClaim(back, Fate.POSTED, None, "", (taken,))
        posted(work, one, [undone, staying(money, Unposted.NOT_OURS)])
        return work.db.get_one(Charge, till.copays[0]).session_id or 0

    session_id = books.write(act).value
    span = Span(0, 100, "day")
    page = books.read(lambda work: page_of_account(work, till.alma, AccountFilter(), span))
    told = [row.what for row in page.rows]
    assert "Example East took back for 03/02" in told
    steps = books.read(lambda work: story(work, session_id))
    assert "Taken back" in [one.title for one in steps]
    verify(books)
