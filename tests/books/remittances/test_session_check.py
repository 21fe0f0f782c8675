"""Whether a session's money agrees with what its payers answered; each kind of trouble, once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust
from fscdesk.services.claims import answers
from fscdesk.services.office import Office
from fscdesk.services.payments.approving import approve
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.answered import AnsweredClaim, Cas
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.session_check import Check, SessionCheck, check_sessions
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, denied_claim, sent_claim, version_of
from tests.support.claims import add_policy
from tests.support.payments import Till, verify
from tests.support.people import add_payer
from tests.support.questions import asked_of
from tests.support.remittances_made import claim, kept, line, plain, posted, remittance
from tests.support.second_person import manager


def session_of(work: Work, charge_id: int) -> int:
    """The session of a charge."""
    found = work.db.scalar(select(Charge.session_id).where(Charge.id == charge_id))
    assert found is not None
    return found


def check(books: Office, charge_id: int) -> SessionCheck | None:
    """What is found of the session of a charge."""

    def look(work: Work) -> SessionCheck | None:
        session = session_of(work, charge_id)
        return check_sessions(work, [session]).get(session)

    return books.read(look)


def answer(charge_id: int, paid: int, patient: int = 30_00, position: int = 1) -> AnsweredClaim:
    """The payer pays, leaves a copay to the client, and takes the rest off."""
    rest = 160_00 - paid - patient
    cas = [Cas("CO", "45", rest)] * bool(rest) + [Cas("PR", "3", patient)] * bool(patient)
    return claim(position, line(charge_id, paid, *cas))


def post(books: Office, till: Till, *claims: AnsweredClaim, trace: str = "EFT0001") -> int:
    """Keep a remittance and post it as it is decided; returns its payment."""

    def act(work: Work) -> int:
        one = kept(work, remittance(till.payer, *claims, trace=trace))
        return post_remittance(work, one).payment_id

    return books.write(act).value


def test_what_nobody_answered_is_not_checked(books: Office, till: Till) -> None:
    assert check(books, till.copays[0]) is None
    assert check(books, till.own) is None
    assert books.read(lambda work: check_sessions(work, [])) == {}


def test_what_was_posted_as_it_was_said_is_good(books: Office, till: Till) -> None:
    post(books, till, answer(till.copays[0], 100_00))
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.amount, found.good) == (Check.GOOD, ZERO, True)
    assert (found.paid, found.written_off, found.patient, found.open) == (
        Money(100_00),
        Money(30_00),
        Money(30_00),
        ZERO,
    )
    assert found.sentence == (
        "The books agree with the payer: 100.00 paid, 30.00 written off, 30.00 the client's."
    )
    assert check(books, till.copays[1]) is None


def test_an_eob_that_was_typed_in_is_good(books: Office, till: Till) -> None:
    eob = NewPayment(Money(90_00), PaymentMethod.CHECK, TODAY, payer_id=till.payer)
    lines = [EobLine(till.copays[0], Money(90_00), contractual=Money(40_00))]
    books.write(lambda work: post_eob(work, eob, lines))
    found = check(books, till.copays[0])
    assert found is not None
    assert found.good


def test_the_same_twice_is_a_duplicate(books: Office, till: Till) -> None:
    post(books, till, answer(till.copays[0], 100_00))
    again = claim(1, line(till.copays[0], 100_00))
    base = plain(again)
    lines = tuple(replace(one, to_open=0, over=one.paid) for one in base.lines)

    def act(work: Work) -> None:
        one = kept(work, remittance(till.payer, again, trace="EFT0002"))
        posted(work, one, [replace(base, lines=lines)])

    books.write(act)
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.amount) == (Check.DUPLICATE, Money(100_00))
    assert found.sentence == (
        "Example East has paid 90837 more than once: 200.00 in all, 100.00 too much."
    )
    verify(books)


def short(charge_id: int) -> AnsweredClaim:
    """The payer answers for 150.00 of 160.00: 100.00 paid, 20.00 off, the copay of 30.00."""
    cas = (Cas("CO", "45", 20_00), Cas("PR", "3", 30_00))
    return claim(1, line(charge_id, 100_00, *cas, charge=150_00))


def adjusted(books: Office, charge_id: int, kind: AdjustmentKind) -> None:
    """Somebody takes the 10.00 that are left off the payer's part; another one approves it."""
    new = NewAdjustment(charge_id, kind, Money(10_00), "It was left", side=Side.INSURANCE)
    request = books.write(lambda work: adjust(work, new)).value.request_id
    if request is not None:
        manager(books).write(lambda work: approve(work, request, expected_version=1))


def test_what_stays_open_without_a_reason_is_missing(books: Office, till: Till) -> None:
    post(books, till, short(till.copays[0]))
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.amount) == (Check.PAYMENT_MISSING, Money(10_00))
    assert found.sentence == (
        "The payer has answered for 90837, and 10.00 is open without a payment or a reason."
    )


def test_more_written_off_than_the_payer_takes_is_too_high(books: Office, till: Till) -> None:
    post(books, till, short(till.copays[0]))
    adjusted(books, till.copays[0], AdjustmentKind.CONTRACTUAL)
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.amount) == (Check.WRITE_OFF_TOO_HIGH, Money(10_00))
    assert found.sentence == (
        "30.00 of 90837 is written off, and the payer takes 20.00 off: 10.00 too much."
    )


@pytest.mark.parametrize(
    ("off", "fault"),
    [
        (30_00, "The write-off is what the payer takes off: the payment is too high."),
        (0, "Nothing is written off: the payment is too high."),
    ],
)
def test_one_check_that_pays_too_much_is_no_write_off_that_is_too_high(
    books: Office, till: Till, off: int, fault: str
) -> None:
    cas = (Cas("CO", "45", off),) if off else ()
    said = claim(1, line(till.copays[0], 150_00 - off, *cas))
    base = plain(said)
    lines = tuple(replace(one, to_open=130_00 - off, over=20_00) for one in base.lines)

    def act(work: Work) -> None:
        one = kept(work, remittance(till.payer, said))
        posted(work, one, [replace(base, lines=lines)])

    books.write(act)
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.amount) == (Check.OVERPAID, Money(20_00))
    assert "20.00 more than its price of 160.00." in found.sentence
    assert found.sentence.endswith(fault)


def test_what_the_payer_takes_off_later_is_its_word(books: Office, till: Till) -> None:
    post(books, till, short(till.copays[0]))
    eob = NewPayment(ZERO, PaymentMethod.CHECK, TODAY, payer_id=till.payer)
    lines = [EobLine(till.copays[0], contractual=Money(10_00))]
    books.write(lambda work: post_eob(work, eob, lines))
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.written_off) == (Check.GOOD, Money(30_00))


def test_more_than_the_payer_leaves_overcharges_the_client(books: Office, till: Till) -> None:
    post(books, till, short(till.copays[0]))
    adjusted(books, till.copays[0], AdjustmentKind.TO_PATIENT)
    found = check(books, till.copays[0])
    assert found is not None
    assert (found.found, found.amount) == (Check.PATIENT_OVERCHARGED, Money(10_00))
    assert found.sentence == (
        "The client was charged 40.00 for 90837, and the payer leaves 30.00 to the client:"
        " 10.00 too much."
    )


def test_what_waits_for_the_next_payer_is_good(books: Office, till: Till) -> None:
    def act(work: Work) -> None:
        other = add_payer(work, "Imaginary Blue")
        add_policy(work, till.alma, till.payer, "X1")
        add_policy(work, till.alma, other, "X2", rank=2)

    books.write(act)
    post(books, till, answer(till.copays[0], 80_00, patient=50_00))
    found = check(books, till.copays[0])
    assert found is not None
    assert found.good
    assert found.open == Money(20_00)
    assert found.sentence.endswith("20.00 waits for the next payer.")


def test_a_denial_is_no_question_of_money(books: Office, till: Till) -> None:
    post(books, till, claim(1, line(till.copays[0], 0, Cas("CO", "197", 160_00)), status="4"))
    assert check(books, till.copays[0]) is None


def test_a_denied_claim_is_not_checked(books: Office) -> None:
    denied_claim(books)
    assert check(books, 1) is None


def test_a_duplicate_that_is_denied_leaves_it_good(books: Office, till: Till) -> None:
    post(books, till, answer(till.copays[0], 100_00))
    again = replace(claim(1, line(till.copays[0], 0, Cas("CO", "18", 160_00)), status="4"))
    post(books, till, replace(again, payer_number="ICN7"), trace="EFT0002")
    found = check(books, till.copays[0])
    assert found is not None
    assert found.good


def test_paid_by_the_portal_and_nothing_came_is_missing(books: Office) -> None:
    claim_id = sent_claim(books)
    seen = version_of(books, claim_id)
    said = answers.PayersAnswer(ClaimStatus.PAID, TODAY)
    books.write(lambda work: answers.record_answer(work, claim_id, said, expected_version=seen))
    found = check(books, 1)
    assert found is not None
    assert (found.found, found.amount) == (Check.PAYMENT_MISSING, Money(130_00))


def test_the_gravest_of_a_session_is_told_once_for_all(books: Office, till: Till) -> None:
    post(books, till, short(till.copays[0]), replace(answer(till.copays[1], 100_00), position=2))

    def look(work: Work) -> None:
        ids = [session_of(work, one) for one in till.copays]
        assert [one.found for one in check_sessions(work, ids).values()] == [
            Check.PAYMENT_MISSING,
            Check.GOOD,
        ]

    books.read(look)


def test_it_asks_the_same_however_many_there_are(books: Office, till: Till) -> None:
    post(books, till, short(till.copays[0]), replace(answer(till.copays[1], 100_00), position=2))
    asked: list[int] = []
    for charges in (till.copays[:1], till.copays):

        def look(work: Work, charges: tuple[int, ...] = charges) -> None:
            ids = [session_of(work, one) for one in charges]
            with asked_of(books) as heard:
                check_sessions(work, ids)
            asked.append(len(heard))

        books.read(look)
    assert asked[0] == asked[1]
