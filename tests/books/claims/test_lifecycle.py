"""Claims move on their ladder, on record, and their sessions with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, ClaimStatusHistory, Frequency
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import BillingStatus, SessionStatusHistory
from fscdesk.models.values import Money
from fscdesk.services.claims.lifecycle import (
    FALLEN,
    NEXT,
    SAYS,
    ClaimMove,
    lock_claims,
    move_claims,
    set_claim_status,
    take_charges,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Work
from tests.support.claims import (
    ClaimDesk,
    add_claim_desk,
    claim_of,
    put_at,
    statuses_of,
    the_claim,
)
from tests.support.clock import Clock
from tests.support.payment_acts import version_of
from tests.support.payments import verify
from tests.support.second_person import nobody

S = ClaimStatus


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """The little practice that bills payers."""
    return books.write(add_claim_desk).value


def move(books: Office, claim_id: int, new: ClaimStatus, reason: str = "so") -> int:
    """Move one claim."""
    return books.write(lambda work: move_claims(work, [ClaimMove(claim_id, new, reason)])).value


def put(books: Office, claim_id: int, status: ClaimStatus) -> None:
    """Put a claim somewhere as if it had been sent."""
    books.write(lambda work: put_at(work, claim_id, status))


def session_status(books: Office) -> BillingStatus:
    """Return the status of the one session."""
    (status,) = statuses_of(books).values()
    return status


def pays(books: Office, desk: ClaimDesk, cents: int, side: Side = Side.INSURANCE) -> Any:
    """Receive a payment on the first charge."""

    def act(work: Work) -> Any:
        charge = work.db.scalars(select(Charge).order_by(Charge.id)).first()
        assert charge is not None
        insurance = side is Side.INSURANCE
        new = NewPayment(
            Money(cents),
            PaymentMethod.CHECK,
            date(2026, 4, 10),
            guarantor_id=None if insurance else charge.guarantor_id,
            payer_id=desk.payer if insurance else None,
            applications=(Application(charge.id, Money(cents), side),),
        )
        return receive(work, new)

    return books.write(act).value


def test_every_status_has_a_ladder_and_what_it_says_of_a_session() -> None:
    assert set(NEXT) == set(ClaimStatus)
    assert set(SAYS) == set(ClaimStatus) - FALLEN - {S.DRAFT, S.SCRUBBED}


@pytest.mark.parametrize("status", list(SAYS))
def test_a_session_follows_its_claim(books: Office, desk: ClaimDesk, status: ClaimStatus) -> None:
    claim_id = claim_of(books, desk=desk)
    put(books, claim_id, status)
    assert session_status(books) is SAYS[status]
    history = books.read(
        lambda work: work.db.scalars(
            select(SessionStatusHistory).order_by(SessionStatusHistory.id.desc())
        ).first()
    )
    assert history is not None
    if status is not S.REJECTED:
        assert history.reason.startswith("CLM-2026-00001: ")
    if status is not S.PAID:  # nobody has answered it: a person could not say so
        verify(books)


def test_a_rejection_brings_the_session_back_with_its_reason(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = claim_of(books, desk=desk, status=S.SUBMITTED)
    move(books, claim_id, S.REJECTED, "The member id is not known")
    assert session_status(books) is BillingStatus.READY_TO_BILL

    def newest(work: Work) -> str:
        found = select(SessionStatusHistory.reason).order_by(SessionStatusHistory.id.desc())
        return work.db.scalars(found.limit(1)).one()

    assert books.read(newest) == "CLM-2026-00001: The member id is not known"
    verify(books)


def test_a_move_is_on_record_once(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, status=S.SUBMITTED)
    version = the_claim(books, claim_id).version
    day = date(2026, 4, 1)

    def act(work: Work) -> int:
        moves = [
            ClaimMove(claim_id, S.ACCEPTED, "first"),
            ClaimMove(claim_id, S.PENDING, "In process"),
        ]
        return move_claims(work, moves, day=day)

    assert books.write(act).value == 1
    assert move(books, claim_id, S.PENDING) == 0
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.status_since, claim.version) == (S.PENDING, day, version + 1)

    def last(work: Work) -> ClaimStatusHistory:
        found = select(ClaimStatusHistory).order_by(ClaimStatusHistory.id.desc())
        return work.db.scalars(found.limit(1)).one()

    row = books.read(last)
    assert (row.old, row.new, row.reason, row.day) == ("submitted", "pending", "In process", day)


def test_a_claim_that_is_void_lets_go(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, status=S.DENIED)
    move(books, claim_id, S.VOID)
    live = books.read(lambda work: work.db.scalars(select(ClaimLine.live)).all())
    assert live == [None]
    assert session_status(books) is BillingStatus.READY_TO_BILL
    verify(books)


def test_what_is_paid_stays_paid_whatever_the_claim_says(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, status=S.PENDING)
    pays(books, desk, 130_00)
    pays(books, desk, 30_00, Side.PATIENT)
    assert session_status(books) is BillingStatus.PAID
    for status in (S.PAID, S.DENIED, S.VOID):
        move(books, claim_id, status)
        assert session_status(books) is BillingStatus.PAID
    verify(books)


def test_money_taken_back_brings_the_session_to_where_its_claim_stands(
    books: Office, desk: ClaimDesk
) -> None:
    claim_of(books, desk=desk, status=S.PENDING)
    pays(books, desk, 30_00, Side.PATIENT)
    paid = pays(books, desk, 130_00)
    assert session_status(books) is BillingStatus.PAID

    version = version_of(books, paid.payment_id)

    def back(work: Work) -> None:
        void_payment(work, paid.payment_id, reason="twice", expected_version=version)

    books.write(back)
    assert session_status(books) is BillingStatus.PENDING
    verify(books)


def test_money_of_the_client_taken_back_leaves_the_claims_word(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = claim_of(books, desk=desk, status=S.PENDING)
    pays(books, desk, 130_00)
    paid = pays(books, desk, 30_00, Side.PATIENT)
    put(books, claim_id, S.APPEALING)
    assert session_status(books) is BillingStatus.PAID
    version = version_of(books, paid.payment_id)

    def back(work: Work) -> None:
        void_payment(work, paid.payment_id, reason="bounced", expected_version=version)

    books.write(back)
    assert session_status(books) is BillingStatus.APPEALING
    verify(books)


def test_a_claim_that_fell_after_the_payer_paid_leaves_the_session_approved(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = claim_of(books, desk=desk, status=S.PAID)
    pays(books, desk, 130_00)
    move(books, claim_id, S.CLOSED)
    assert session_status(books) is BillingStatus.APPROVED


def test_the_last_payers_claim_decides(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=S.PAID)

    def second(work: Work) -> int:
        old = work.db.get_one(Claim, first)
        line = work.db.scalars(select(ClaimLine).filter_by(claim_id=first)).one()
        new = _copy(work, old, "CLM-2026-00002", rank=2, primary_id=first)
        _copy_line(work, line, new, f"{line.charge_id}:2")
        return new

    other = books.write(second).value
    put(books, other, S.SUBMITTED)
    assert session_status(books) is BillingStatus.SUBMITTED
    move(books, first, S.DENIED)
    assert session_status(books) is BillingStatus.SUBMITTED
    move(books, other, S.SCRUBBED, "Batch taken back")
    assert session_status(books) is BillingStatus.DENIED


def test_a_replacement_takes_the_charges_over(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=S.DENIED)

    def correct(work: Work) -> int:
        old = work.db.get_one(Claim, first)
        line = work.db.scalars(select(ClaimLine).filter_by(claim_id=first)).one()
        facts = {"frequency": Frequency.REPLACEMENT, "replaces_id": first}
        new = _copy(work, old, "CLM-2026-00002", **facts)
        _copy_line(work, line, new, None)
        return new

    new = books.write(correct).value

    def send(work: Work) -> None:
        moves = [ClaimMove(new, S.SUBMITTED, "Sent")]
        moves.append(ClaimMove(first, S.CLOSED, "Replaced", replaced=True))
        assert move_claims(work, moves) == 2
        take_charges(work, [new, first])

    books.write(send)

    def look(work: Work) -> dict[int, str | None]:
        return {row.claim_id: row.live for row in work.db.scalars(select(ClaimLine))}

    live = books.read(look)
    assert live[first] is None
    assert (live[new] or "").endswith(":1")
    assert session_status(books) is BillingStatus.SUBMITTED


def _copy(work: Work, old: Claim, number: str, **facts: Any) -> int:
    kept = {
        column.key: getattr(old, column.key)
        for column in Claim.__table__.columns
        if column.key not in ("id", "number", "version")
    }
    new = Claim(**{**kept, "number": number, "status": S.DRAFT, **facts})
    work.db.add(new)
    work.db.flush()
    return new.id


def _copy_line(work: Work, line: ClaimLine, claim_id: int, live: str | None) -> None:
    kept = {
        column.key: getattr(line, column.key)
        for column in ClaimLine.__table__.columns
        if column.key not in ("id", "claim_id", "live")
    }
    work.db.add(ClaimLine(**kept, claim_id=claim_id, live=live))
    work.db.flush()


def test_a_person_moves_claims_as_they_were_seen(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2, status=S.SUBMITTED)

    def act(work: Work, seen: ClaimStatus = S.SUBMITTED) -> int:
        return set_claim_status(work, {claim_id: seen}, S.PENDING, reason="")

    with pytest.raises(ChangedElsewhere, match="CLM-2026-00001: it is submitted now"):
        books.write(lambda work: act(work, S.ACCEPTED))
    assert books.write(act).value == 1
    assert set(statuses_of(books).values()) == {BillingStatus.PENDING}
    assert books.write(lambda work: act(work, S.PENDING)).value == 0
    with pytest.raises(Problem, match="may not change the status of claims"):
        nobody(books).write(lambda work: act(work, S.PENDING))


@pytest.mark.parametrize(
    ("now", "new", "reason", "said"),
    [
        (S.DRAFT, S.DENIED, "", "was not sent"),
        (S.DENIED, S.SUBMITTED, "x", "becomes submitted by itself"),
        (S.SUBMITTED, S.SCRUBBED, "x", "becomes scrubbed by itself"),
        (S.PENDING, S.ACCEPTED, "", "not the usual next step"),
        (S.DENIED, S.CLOSED, "", "would be over"),
        (S.CLOSED, S.DENIED, "", "not the usual next step"),
        (S.VOID, S.PENDING, "x", "is void"),
        (S.PENDING, S.PAID, "x", "its payer has not answered all of it"),
    ],
)
def test_steps_that_a_person_cannot_take(
    books: Office, desk: ClaimDesk, now: ClaimStatus, new: ClaimStatus, reason: str, said: str
) -> None:
    claim_id = claim_of(books, desk=desk)
    put(books, claim_id, S.SUBMITTED if now in FALLEN else now)
    if now in FALLEN:
        move(books, claim_id, now)
    before = statuses_of(books)
    with pytest.raises(Problem, match=said) as told:
        books.write(lambda work: set_claim_status(work, {claim_id: now}, new, reason=reason))
    assert told.value.hint.startswith("Nothing was changed.")
    assert the_claim(books, claim_id).status is now
    assert statuses_of(books) == before


def test_off_the_ladder_with_a_reason(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, status=S.PENDING)

    def act(work: Work) -> int:
        return set_claim_status(work, {claim_id: S.PENDING}, S.ACCEPTED, reason="Was mistyped")

    assert books.write(act).value == 1


def test_a_person_may_say_otherwise_of_a_session(
    books: Office, desk: ClaimDesk, clock: Clock
) -> None:
    claim_id = claim_of(books, desk=desk, status=S.DENIED)
    (session,) = statuses_of(books)
    clock.forward(minutes=5)

    def override(work: Work) -> int:
        return change_billing_status(
            work, [session], BillingStatus.PENDING, reason="On the telephone"
        )

    books.write(override)
    verify(books)
    move(books, claim_id, S.APPEALING)
    assert session_status(books) is BillingStatus.APPEALING
    verify(books)


def test_a_claim_that_is_not_there_is_said(books: Office, desk: ClaimDesk) -> None:
    with pytest.raises(ChangedElsewhere, match="not in the books"):
        books.write(lambda work: lock_claims(work, [desk.alma + 99]))
    assert books.write(lambda work: move_claims(work, [])).value == 0
