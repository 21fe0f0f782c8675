"""From the text of an 835 to the books and back: read, matched, kept, posted, undone."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.claim_answers import line_answers
from fscdesk.services.claims.building import build_claims, plan_secondary
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.remittances.identity import digest_of, identity_of
from fscdesk.services.remittances.keeping import NewFile, keep
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.matching import match
from fscdesk.services.remittances.posting import PostedRemittance, post_remittance
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_policy
from tests.support.era_matching import SentClaim, send_claim
from tests.support.eras import claim, era, plb, service
from tests.support.eras_answered import answered
from tests.support.payments import DAY, verify
from tests.support.second_person import at_once, manager, refusals, winners

WHY = "It was another practice's"


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def keep_text(work: Work, text: str) -> int:
    """Read, match, and keep the one remittance of a file."""
    found = match(work, answered(text))
    (one,) = keep(work, NewFile("payer.835", text.encode()), found)
    return one


def post_text(books: Office, text: str) -> PostedRemittance:
    """Read a file and post its remittance."""
    return books.write(lambda work: post_remittance(work, keep_text(work, text))).value


def state(work: Work) -> list[object]:
    """Every account, charge, claim and session."""
    accounts = work.db.execute(
        select(JournalLine.account, func.sum(JournalLine.amount))
        .group_by(JournalLine.account)
        .order_by(JournalLine.account)
    )
    found: list[object] = [(code, total.cents) for code, total in accounts if total.cents]
    found += [
        (one.id, one.insurance_balance.cents, one.patient_balance.cents)
        for one in work.db.scalars(select(Charge).order_by(Charge.id))
    ]
    claims = work.db.scalars(select(Claim).order_by(Claim.id)).all()
    found += [(one.number, one.status, one.reason_code) for one in claims]
    answers = (line_answers(work, [one.id])[one.id] for one in claims)
    found += [{at: said for at, said in one.items() if said} for one in answers]
    found += [
        (one.id, one.billing_status)
        for one in work.db.scalars(select(Session).order_by(Session.id))
    ]
    return found


def paid(sent: SentClaim, *, trace: str = "EFT2026001", status: str = "1", sign: str = "") -> str:
    """Its first line is paid 100.00 of 160.00, 10.00 by contract; 50.00 the client's, not 30.00."""
    own = service(
        charge=f"{sign}160",
        cas=f"CO45={sign}10 PR2={sign}50",
        line_id=str(sent.lines[0]),
        day=sent.days[0],
    )
    return era(claim(sent.account, own, status=status), trace=trace)


def test_a_file_is_posted_undone_and_posted_again(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    before = books.read(state)
    done = post_text(books, paid(sent))
    assert (done.claims, done.unposted, done.left.cents) == (1, 0, 0)
    assert (done.applied.cents, done.contractual.cents, done.patient.cents) == (
        100_00,
        10_00,
        20_00,
    )

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, sent.charges[0])
        assert (charge.insurance_balance.cents, charge.patient_balance.cents) == (0, 50_00)
        own = work.db.get_one(Claim, sent.id)
        assert (own.status, own.payer_number) == (ClaimStatus.PAID, "ICN0001")
        session = work.db.get_one(Session, charge.session_id)
        assert session.billing_status is BillingStatus.APPROVED

    books.read(look)
    verify(books)
    after = books.read(state)
    books.write(lambda work: undo_remittance(work, done.remittance_id, WHY))
    assert books.read(state) == before
    verify(books)
    again = books.write(lambda work: post_remittance(work, done.remittance_id)).value
    assert again.status is RemittanceStatus.POSTED
    assert books.read(state) == after
    verify(books)


def test_what_is_kept_reads_back_as_it_was_said(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    text = era(
        claim(sent.account, service(charge="160", cas="CO45=40", day=sent.days[0])),
        claim("STRANGE", service(charge="90"), patient=("ELSEWHERE", "ZED", "Q1")),
        plb=[plb("L6", "-1.25"), plb("WO", "30", "ICN0")],
    )

    def act(work: Work) -> None:
        (said,) = match(work, answered(text))
        (one,) = keep(work, NewFile("payer.835", text.encode()), [said])
        back = load(work, one)
        assert digest_of(back) == digest_of(said)
        assert back.plbs == said.plbs
        row = work.db.get_one(Remittance, one)
        assert row.identity == identity_of(said)
        assert [each.why for each in back.claims] == [each.why for each in said.claims]
        charges = [each.lines[0].charge_id for each in back.claims]
        assert charges == [sent.charges[0], None]

    books.write(act)
    verify(books)


def test_a_denial_is_answered_on_the_claim_and_moves_no_money(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    before = books.read(state)
    own = service(charge="160", cas="CO197=160", line_id=str(sent.lines[0]), day=sent.days[0])
    done = post_text(books, era(claim(sent.account, own, status="4")))
    assert (done.claims, done.denied, done.amount.cents) == (1, 1, 0)

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, sent.charges[0])
        assert (charge.insurance_balance.cents, charge.patient_balance.cents) == (130_00, 30_00)
        own = work.db.get_one(Claim, sent.id)
        assert (own.status, own.reason_code) == (ClaimStatus.DENIED, "197")
        session = work.db.get_one(Session, charge.session_id)
        assert session.billing_status is BillingStatus.DENIED

    books.read(look)
    verify(books)
    books.write(lambda work: undo_remittance(work, done.remittance_id, WHY))
    assert books.read(state) == before
    verify(books)


def test_a_reversal_and_its_correction_in_one_file_in_either_order(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    post_text(books, paid(sent))
    after = books.read(state)
    back = claim(
        sent.account,
        service(
            charge="-160",
            cas="CO45=-10 PR2=-50",
            line_id=str(sent.lines[0]),
            day=sent.days[0],
        ),
        status="22",
    )
    anew = claim(
        sent.account,
        service(charge="160", cas="CO45=40 PR1=50", line_id=str(sent.lines[0]), day=sent.days[0]),
        payer_number="ICN0002",
    )
    text = era(
        anew,
        back,
        claim("STRANGE", service(charge="300"), patient=("ELSEWHERE", "ZED", "Q1")),
        trace="EFT2026002",
    )
    done = post_text(books, text)
    assert (done.claims, done.unposted, done.left.cents) == (2, 1, 300_00)

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, sent.charges[0])
        assert (charge.insurance_balance.cents, charge.patient_balance.cents) == (0, 50_00)
        own = work.db.get_one(Claim, sent.id)
        assert (own.status, own.payer_number) == (ClaimStatus.PAID, "ICN0002")

    books.read(look)
    verify(books)
    books.write(lambda work: undo_remittance(work, done.remittance_id, WHY))
    assert books.read(state) == after
    verify(books)
    books.write(lambda work: post_remittance(work, done.remittance_id))
    books.read(look)
    verify(books)


def test_a_correction_that_is_posted_after_its_reversal_is_undone_with_it(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    post_text(books, paid(sent))
    after = books.read(state)
    facts = {"line_id": str(sent.lines[0]), "day": sent.days[0]}
    back = claim(sent.account, service(charge="-160", cas="CO45=-10 PR2=-50", **facts), status="22")
    anew = claim(
        sent.account, service(charge="160", cas="CO45=10 PR2=30", **facts), payer_number="ICN0002"
    )
    one = books.write(lambda work: keep_text(work, era(back, anew, trace="EFT2026002"))).value
    books.write(lambda work: post_remittance(work, one, positions=[1]))
    waiting = books.read(lambda work: work.db.get_one(Claim, sent.id).status)
    assert waiting is ClaimStatus.PENDING
    books.write(lambda work: post_remittance(work, one))
    answered_again = books.read(lambda work: work.db.get_one(Claim, sent.id).status)
    assert answered_again is ClaimStatus.PAID
    verify(books)
    books.write(lambda work: undo_remittance(work, one, WHY))
    assert books.read(state) == after
    verify(books)


def test_what_is_taken_back_alone_lets_the_claim_wait_again(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    post_text(books, paid(sent))
    after = books.read(state)
    back = claim(
        sent.account,
        service(
            charge="-160",
            cas="CO45=-10 PR2=-50",
            line_id=str(sent.lines[0]),
            day=sent.days[0],
        ),
        status="22",
    )
    # The payer will take the 100.00 of a later check (WO below zero): this one is 0.00.
    done = post_text(books, era(back, trace="EFT2026002", plb=[plb("WO", "-100", "ICN0001")]))
    assert (done.amount.cents, done.claims, done.left.cents) == (0, 1, 0)

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, sent.charges[0])
        assert (charge.insurance_balance.cents, charge.patient_balance.cents) == (130_00, 30_00)
        own = work.db.get_one(Claim, sent.id)
        assert own.status is ClaimStatus.PENDING
        session = work.db.get_one(Session, charge.session_id)
        assert session.billing_status is BillingStatus.PENDING
        item = work.db.scalars(select(Recoupment)).one()
        assert (item.open.cents, item.account) == (-100_00, "2410")

    books.read(look)
    verify(books)

    stranger = claim("STRANGE", service(charge="300"), patient=("ELSEWHERE", "ZED", "Q1"))
    later = era(stranger, trace="EFT2026003", plb=[plb("WO", "100", "ICN0001")])
    taken = post_text(books, later)
    assert (taken.amount.cents, taken.left.cents) == (200_00, 300_00)

    def settled(work: Work) -> list[int]:
        return [one.open.cents for one in work.db.scalars(select(Recoupment))]

    assert books.read(settled) == [0, 0]
    verify(books)
    with pytest.raises(Problem, match=rf"{taken.number} has settled RCP-2026-00001"):
        books.write(lambda work: undo_remittance(work, done.remittance_id, WHY))
    books.write(lambda work: undo_remittance(work, taken.remittance_id, WHY))
    assert books.read(settled) == [-100_00, 0]
    verify(books)
    books.write(lambda work: undo_remittance(work, done.remittance_id, WHY))
    assert books.read(state) == after
    verify(books)


def test_a_claim_to_the_next_payer_waits_where_the_first_has_passed_it_on(books: Office) -> None:
    def begin(work: Work) -> ClaimDesk:
        desk = add_claim_desk(work)
        add_policy(work, desk.alma, desk.next_payer, "SEC1", rank=2)
        return desk

    desk = books.write(begin).value
    first = send_claim(books, desk, status=ClaimStatus.PARTIALLY_PAID)
    (second,) = books.write(lambda work: build_claims(work, plan_secondary(work))).value.claim_ids
    done = post_text(books, paid(first, status="19"))

    def look(work: Work) -> None:
        own = work.db.get_one(Claim, second)
        assert (own.status, own.crossed_over) == (ClaimStatus.PENDING, True)
        assert own.last_sent_on is not None
        # What the first payer leaves to the client waits for the next one.
        charge = work.db.get_one(Charge, first.charges[0])
        assert (charge.insurance_balance.cents, charge.patient_balance.cents) == (20_00, 30_00)

    books.read(look)
    verify(books)
    books.write(lambda work: undo_remittance(work, done.remittance_id, WHY))
    own = books.read(lambda work: work.db.get_one(Claim, second))
    assert (own.status, own.crossed_over, own.last_sent_on) == (ClaimStatus.DRAFT, False, None)
    verify(books)


def test_two_desks_post_one_remittance_once(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    one = books.write(lambda work: keep_text(work, paid(sent))).value
    other = manager(books)
    outcomes = at_once(
        (books, lambda work: post_remittance(work, one)),
        (other, lambda work: post_remittance(work, one)),
    )
    assert len(winners(outcomes)) == 1
    (refused,) = refusals(outcomes)
    assert isinstance(refused, Problem)
    assert "was posted" in refused.message
    verify(books)


def test_a_check_that_was_typed_in_already_is_not_posted_twice(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    new = NewPayment(
        Money(100_00), PaymentMethod.ACH, DAY, payer_id=desk.payer, reference="eft 2026-001"
    )
    typed = books.write(lambda work: receive(work, new)).value
    one = books.write(lambda work: keep_text(work, paid(sent))).value
    with pytest.raises(Problem, match=f"in the books already: payment {typed.number}"):
        books.write(lambda work: post_remittance(work, one))
    version = books.read(lambda work: work.db.get_one(Payment, typed.payment_id).version)
    books.write(
        lambda work: void_payment(
            work, typed.payment_id, reason="Its remittance came", expected_version=version
        )
    )
    done = books.write(lambda work: post_remittance(work, one)).value
    assert (done.claims, done.amount) == (1, Money(100_00))
    verify(books)
