"""A typed EOB is a remittance like one that came as an 835: kept, listed, reversed, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claim_answers import line_answers
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.correcting import (
    correct_amount,
    correct_facts,
    correct_payer,
    facts_of,
    void_payment,
)
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.remittances.choosing import match_again
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.services.remittances.incoming import apply_era, plan_era
from fscdesk.services.remittances.listing import RemittanceFilter, page_of_remittances
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.session_check import Check, check_sessions
from fscdesk.services.remittances.taking_back import take_back
from fscdesk.services.remittances.typed_eobs import EobLine, PostedEob, post_eob
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_policy
from tests.support.era_matching import SentClaim, send_claim
from tests.support.eras import claim, era, plb, service
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, verify
from tests.support.people import add_payer
from tests.support.remittance_acts import owed

TRACE = "0000481516"
WHY = "It was another practice's"


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


@pytest.fixture
def sent(books: Office, desk: ClaimDesk) -> SentClaim:
    """A claim that the payer has."""
    return send_claim(books, desk)


def enter(books: Office, desk: ClaimDesk, amount: int, *lines: EobLine) -> PostedEob:
    """Type an EOB in."""
    new = NewPayment(
        Money(amount), PaymentMethod.CHECK, DAY, payer_id=desk.payer, reference=TRACE, check_on=DAY
    )
    return books.write(lambda work: post_eob(work, new, lines, keep_rest=True)).value


def usual(sent: SentClaim) -> EobLine:
    """100.00 paid, 10.00 by contract, 20.00 the client's beside its copay of 30.00."""
    return EobLine(sent.charges[0], Money(100_00), Money(10_00), Money(20_00), "2")


def only(books: Office) -> RemittancePage:
    """The page of the newest remittance."""

    def ask(work: Work) -> RemittancePage:
        newest = work.db.scalars(select(Remittance.id).order_by(Remittance.id.desc())).first()
        assert newest is not None
        return remittance_page(work, newest)

    return books.read(ask)


def answer(books: Office, sent: SentClaim) -> str:
    """What the payer says of the first line of the claim."""
    return books.read(lambda work: line_answers(work, [sent.id])[sent.id].get(1, ""))


def told(sent: SentClaim, *, sign: str = "", status: str = "1") -> str:
    """The same answer as the payer's own words (835)."""
    one = service(
        charge=f"{sign}160",
        cas=f"CO45={sign}10 PR2={sign}20 PR3={sign}30",
        line_id=str(sent.lines[0]),
        day=sent.days[0],
    )
    later = [plb("WO", "-100", "ICN0001")] if sign else []
    return era(claim(sent.account, one, status=status), trace=TRACE, plb=later)


def test_it_is_kept_as_the_payer_would_have_said_it(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    done = enter(books, desk, 100_00, usual(sent))
    page = only(books)
    row = page.row
    assert (row.origin, row.status) == (RemittanceOrigin.TYPED, RemittanceStatus.POSTED)
    assert (row.number, row.trace, row.amount) == ("REM-2026-00001", TRACE, Money(100_00))
    assert (row.payment_id, row.method, row.paid_on) == (done.payment.payment_id, "CHK", DAY)
    assert (page.check_off, page.claims_off, page.services_off) == (ZERO, 0, 0)
    (one,) = page.claims
    assert (one.claim_id, one.status, one.fate) == (sent.id, "1", Fate.POSTED)
    assert (one.charge, one.paid, one.client_share) == (
        Money(160_00),
        Money(100_00),
        Money(50_00),
    )
    (line,) = one.lines
    assert [(cas.code, cas.cents) for cas in line.adjustments] == [
        ("CO-45", 10_00),
        ("PR-2", 20_00),
        ("PR-3", 30_00),
    ]
    assert (line.allowed, line.wrote_off, line.to_patient) == (
        Money(150_00),
        Money(10_00),
        Money(20_00),
    )
    verify(books)


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [("16", "CO-16", "denied 16"), ("PR-204", "PR-204", "denied PR-204"), ("pi b7", "PI-B7", "")],
)
def test_a_denial_names_its_group(
    books: Office, desk: ClaimDesk, sent: SentClaim, typed: str, code: str, said: str
) -> None:
    enter(books, desk, 0, EobLine(sent.charges[0], denied=typed))
    (one,) = only(books).claims
    assert (one.status, one.lines[0].denied, one.lines[0].allowed) == ("4", code, None)
    assert [(cas.code, cas.cents) for cas in one.lines[0].adjustments] == [(code, 160_00)]
    assert answer(books, sent) == (said or f"denied {code}")
    assert owed(books, sent.charges[0]) == (130_00, 30_00)
    verify(books)


def test_what_remains_with_the_payer_and_what_is_kept_do_not_add_up(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, EobLine(sent.charges[0], Money(60_00), Money(10_00)))
    page = only(books)
    assert (page.check_off, page.claims_off, page.services_off) == (Money(40_00), 1, 1)
    assert page.row.off
    verify(books)


def test_clients_without_a_claim_have_one_each(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)

    def unclaim(work: Work) -> None:
        work.db.get_one(Claim, sent.id).payer_id = add_payer(work, "Other Payer", "Other", "77777")

    books.write(unclaim)
    enter(books, desk, 100_00, usual(sent))
    (one,) = only(books).claims
    assert (one.claim_id, one.patient_id is not None) == (None, True)
    assert one.lines[0].charge_id == sent.charges[0]


def test_the_next_payer_repeats_what_was_settled_before_it(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, EobLine(sent.charges[0], Money(100_00), Money(10_00)))
    other = books.write(lambda work: add_payer(work, "Second Payer", "Second", "77777")).value
    patient = only(books).claims[0].patient_id
    assert patient is not None
    books.write(lambda work: add_policy(work, patient, other, "TEST2", rank=2))
    new = NewPayment(Money(15_00), PaymentMethod.EFT, DAY, payer_id=other)
    line = EobLine(sent.charges[0], Money(15_00), ZERO, Money(5_00), "1")
    books.write(lambda work: post_eob(work, new, [line]))
    (one,) = only(books).claims
    assert one.status == "2"
    assert {cas.code: cas.cents for cas in one.lines[0].adjustments} == {
        "PR-1": 5_00,
        "PR-3": 30_00,
        "OA-23": 110_00,
    }


def test_the_list_shows_it_by_its_origin(books: Office, desk: ClaimDesk, sent: SentClaim) -> None:
    enter(books, desk, 100_00, usual(sent))

    def listed(*origins: str) -> int:
        wanted = RemittanceFilter(origins=origins)
        return books.read(lambda work: page_of_remittances(work, wanted, Span(0, 9, "paid"))).total

    assert (listed("typed"), listed("era"), listed()) == (1, 0, 1)


def test_its_sessions_are_checked_against_it(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, usual(sent))
    session = only(books).claims[0].lines[0].session_id
    assert session is not None
    found = books.read(lambda work: check_sessions(work, [session]))
    assert found[session].found is Check.GOOD


@pytest.mark.parametrize("door", ["remittance", "take_back", "void"])
def test_each_door_takes_the_whole_eob_back(
    books: Office, desk: ClaimDesk, sent: SentClaim, door: str
) -> None:
    before = owed(books, sent.charges[0])
    paid = enter(books, desk, 100_00, usual(sent)).payment.payment_id
    row = only(books).row

    def act(work: Work) -> None:
        if door == "remittance":
            undo_remittance(work, row.id, WHY, expected_version=row.version)
        elif door == "void":
            void_payment(work, paid, reason=WHY, expected_version=1)
        else:
            take_back(work, paid, expected_version=1)

    assert_all_or_nothing(books, act, every=3)
    page = only(books)
    assert (page.row.status, page.row.unposted) == (RemittanceStatus.UNDONE, 1)
    assert (page.postable, page.posted) == (0, 0)
    assert page.claims[0].fate is Fate.UNPOSTED
    assert owed(books, sent.charges[0]) == before
    assert answer(books, sent) == ""
    status = books.read(lambda work: work.db.get_one(Payment, paid).status)
    assert status is PaymentStatus.VOIDED
    verify(books)


def test_what_undoing_took_back_is_counted_and_cannot_post_by_itself(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, usual(sent))
    row = only(books).row
    done = books.write(lambda work: undo_remittance(work, row.id, WHY)).value
    assert (done.claims, done.entries, done.status) == (1, 4, RemittanceStatus.UNDONE)
    for act in (
        lambda work: post_remittance(work, row.id),
        lambda work: match_again(work, row.id),
        lambda work: undo_remittance(work, row.id, WHY),
    ):
        with pytest.raises(Problem):
            books.write(act)


def test_one_claim_of_it_is_not_undone_alone(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, usual(sent))
    with pytest.raises(Problem, match="was typed in as one"):
        books.write(lambda work: undo_claim(work, only(books).claims[0].id, WHY))


def test_what_somebody_changed_meanwhile_is_not_undone(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, usual(sent))
    row = only(books).row
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: undo_remittance(work, row.id, WHY, expected_version=7))


def test_the_same_check_by_835_says_who_typed_it_in(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    done = enter(books, desk, 100_00, usual(sent))
    data = told(sent).encode()
    (one,) = books.read(lambda work: plan_era(work, "payer.835", data)).transactions
    assert one.decided is not None
    words = f"This check was typed in as {done.payment.number} \\(REM-2026-00001\\)"
    assert done.payment.number in one.decided.stop
    assert one.decided.claims[0].fate is Fate.UNPOSTED
    kept = books.write(lambda work: apply_era(work, "payer.835", data, clicked=True)).value
    assert kept.posted == (None,)
    with pytest.raises(Problem, match=words):
        books.write(lambda work: post_remittance(work, kept.kept[0]))
    books.write(lambda work: undo_remittance(work, only_typed(work), WHY))
    books.write(lambda work: post_remittance(work, kept.kept[0]))
    assert owed(books, sent.charges[0]) == (0, 50_00)
    verify(books)


def only_typed(work: Work) -> int:
    """The typed remittance."""
    typed = select(Remittance.id).where(Remittance.origin == RemittanceOrigin.TYPED)
    return work.db.scalars(typed).one()


def test_the_same_answer_under_another_number_was_posted_before(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    enter(books, desk, 100_00, usual(sent))
    data = told(sent).replace(TRACE, "EFT77777").encode()
    (one,) = books.read(lambda work: plan_era(work, "payer.835", data)).transactions
    assert one.decided is not None
    assert one.decided.claims[0].why is Unposted.POSTED_BEFORE


def reversed_by_835(books: Office, sent: SentClaim) -> int:
    """Take the typed answer back by a later 835; return its remittance."""
    back = told(sent, sign="-", status="22").replace(TRACE, "EFT99999").encode()
    done = books.write(lambda work: apply_era(work, "back.835", back)).value
    books.write(lambda work: post_remittance(work, done.kept[0]))
    return done.kept[0]


def test_a_later_835_takes_exactly_this_back(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    before = owed(books, sent.charges[0])
    paid = enter(books, desk, 100_00, usual(sent)).payment.payment_id
    row = only(books).row
    new = reversed_by_835(books, sent)
    assert owed(books, sent.charges[0]) == before
    assert answer(books, sent) == ""

    def look(work: Work) -> None:
        lines = work.db.scalars(select(RemittanceLine).order_by(RemittanceLine.id)).all()
        assert [one.reverses_id for one in lines] == [None, lines[0].id]
        assert work.db.get_one(Claim, sent.id).status is ClaimStatus.PENDING

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match="takes back what this EOB had answered"):
        books.write(lambda work: undo_remittance(work, row.id, WHY))
    with pytest.raises(Problem, match="takes back what this EOB had answered"):
        books.write(lambda work: void_payment(work, paid, reason=WHY, expected_version=1))
    books.write(lambda work: undo_remittance(work, new, WHY))
    assert owed(books, sent.charges[0]) == (0, 50_00)
    books.write(lambda work: undo_remittance(work, row.id, WHY))
    assert owed(books, sent.charges[0]) == before
    verify(books)


def test_it_follows_what_is_corrected_of_its_payment(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    paid = enter(books, desk, 100_00, usual(sent)).payment.payment_id

    def facts(work: Work) -> None:
        held = facts_of(work.db.get_one(Payment, paid))
        new = replace(held, reference="NEW 1", check_on=date(2026, 4, 1))
        correct_facts(work, paid, new, reason="misread", expected_version=1)

    books.write(facts)
    more = Money(120_00)
    version = books.read(lambda work: work.db.get_one(Payment, paid).version)
    books.write(lambda work: correct_amount(work, paid, more, reason="x", expected_version=version))
    page = only(books)
    assert (page.row.trace, page.row.paid_on) == ("NEW 1", date(2026, 4, 1))
    assert (page.row.amount, page.check_off) == (more, Money(20_00))
    verify(books)


def test_the_check_of_another_payer_says_nothing_any_more(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    paid = enter(books, desk, 100_00, EobLine(sent.charges[0], Money(100_00))).payment.payment_id
    other = books.write(lambda work: add_payer(work, "Other Payer", "Other", "77777")).value
    books.write(
        lambda work: correct_payer(work, paid, payer_id=other, reason="x", expected_version=1)
    )
    page = only(books)
    assert (page.row.status, page.row.payment_id) == (RemittanceStatus.UNDONE, None)
    verify(books)


def test_a_check_that_bounced_leaves_what_the_payer_said(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    paid = enter(books, desk, 100_00, usual(sent)).payment.payment_id
    books.write(lambda work: return_payment(work, paid, on=DAY, reason="stop", expected_version=1))
    assert only(books).row.status is RemittanceStatus.POSTED
    verify(books)


def test_nothing_is_kept_of_a_check_without_lines(books: Office, desk: ClaimDesk) -> None:
    enter(books, desk, 40_00)
    counts = books.read(lambda work: len(work.db.scalars(select(RemittanceClaim.id)).all()))
    assert counts == 0


def test_a_denied_session_goes_back_with_its_eob(
    books: Office, desk: ClaimDesk, sent: SentClaim
) -> None:
    def session(work: Work) -> BillingStatus:
        held = work.db.get_one(Charge, sent.charges[0]).session_id
        return work.db.get_one(Session, held).billing_status

    before = books.read(session)
    enter(books, desk, 0, EobLine(sent.charges[0], denied="29"))
    assert books.read(session) is BillingStatus.DENIED
    books.write(lambda work: undo_remittance(work, only(books).row.id, WHY))
    assert books.read(session) is before
    assert books.read(lambda work: work.db.get_one(Claim, sent.id).status) is ClaimStatus.SUBMITTED
