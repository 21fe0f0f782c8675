"""Whatever is ready: each session is on one claim or left out, and every cent is on a line."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.coverage import Counts
from fscdesk.models.provider import Provider
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.building import (
    WhyNot,
    build_claims,
    drop_claims,
    plan_claims,
)
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import (
    ClaimDesk,
    add_authorization,
    add_claim_desk,
    add_diagnosis,
    add_person,
    add_policy,
    put_at,
    ready,
)
from tests.support.payments import verify

FIRST = date(2025, 11, 1)
CODES = ("90837", "90834", "90791", "90785")


def fill(work: Work, rng: random.Random) -> ClaimDesk:
    """A practice with people of all kinds, and sessions in any state."""
    desk = add_claim_desk(work)
    work.db.get_one(Provider, desk.testa).supervisor_id = desk.mock
    people = [desk.alma, desk.ben]
    for number in range(3, 7):
        person = add_person(work, f"Quill Fakerson {number}", f"P-{number}")
        people.append(person)
        if rng.random() < 0.8:
            end = FIRST + timedelta(days=rng.randint(20, 90))
            add_policy(work, person, desk.payer, f"M{number}", until=end)
            if rng.random() < 0.7:
                start = end + timedelta(days=rng.randint(1, 20))
                payer = rng.choice((desk.payer, desk.next_payer))
                add_policy(work, person, payer, f"N{number}", since=start)
        if rng.random() < 0.5:
            add_diagnosis(work, person, "F33.0", 2, since=FIRST + timedelta(days=40))
        if rng.random() < 0.5:
            add_authorization(
                *(work, person, desk.payer, rng.randint(1, 6)),
                number=f"A-{number}",
                code=rng.choice(("", "90837", "90834 90791")),
                counts=rng.choice(list(Counts)),
            )
    for _ in range(45):
        ready(
            *(work, desk),
            patient=rng.choice(people),
            provider=rng.choice((desk.testa, desk.mock)),
            day=FIRST + timedelta(days=rng.randint(0, 120)),
            minute=rng.randint(480, 1080),
            code=rng.choice(CODES),
            insurance=rng.choice((0, 60_00, 130_00)),
            share=rng.choice((10_00, 30_00)),
            location=rng.choice((desk.office, desk.video, None)),
            status=rng.choice((BillingStatus.READY_TO_BILL,) * 4 + (BillingStatus.DOCUMENTED,)),
        )
    return desk


def ready_sessions(work: Work) -> set[int]:
    """Return every session that is ready to bill and on no standing claim."""
    on_claim = select(ClaimLine.session_id).where(ClaimLine.live.is_not(None))
    return set(
        work.db.scalars(
            select(Session.id).where(
                Session.billing_status == BillingStatus.READY_TO_BILL, Session.id.not_in(on_claim)
            )
        )
    )


def billable_cents(work: Work, sessions: set[int]) -> int:
    """Return what charges with a payer's share of these sessions cost in all."""
    total = work.db.scalar(
        select(func.sum(Charge.amount)).where(
            Charge.session_id.in_(sessions), Charge.insurance_share != Money()
        )
    )
    return 0 if total is None else total.cents


def moved(books: Office, claim_id: int, status: ClaimStatus) -> None:
    """Put a claim somewhere."""
    books.write(lambda work: put_at(work, claim_id, status))


@pytest.mark.parametrize("seed", range(4))
def test_every_ready_session_is_on_one_claim_or_left_out(books: Office, seed: int) -> None:
    rng = random.Random(seed)
    books.write(lambda work: fill(work, rng))
    waiting = books.read(ready_sessions)
    plan = books.read(plan_claims)
    planned = Counter(plan.session_ids)
    left = Counter(one.session_id for one in plan.left_out)
    assert planned + left == Counter(waiting)
    assert plan.read == len(waiting)
    assert {one.code for one in plan.left_out} >= {WhyNot.SELF_PAY, WhyNot.NO_PLACE}
    assert plan.total.cents == books.read(lambda work: billable_cents(work, set(planned)))
    charges = [line.charge_id for one in plan.claims for line in one.lines]
    assert len(charges) == len(set(charges))

    built = books.write(lambda work: build_claims(work, plan)).value
    assert (built.sessions, built.total) == (len(planned), plan.total)
    verify(books)
    assert books.read(plan_claims).session_ids == ()
    found = books.read(lambda work: contents(work, built.claim_ids))
    for claim_id, one in zip(built.claim_ids, plan.claims, strict=True):
        content = found[claim_id]
        assert content.total == one.total
        assert {line.charge_id for line in content.lines} == {line.charge_id for line in one.lines}
        assert content.coverage is not None
        assert all(
            content.coverage.valid_from <= line.service_day
            and line.service_day <= (content.coverage.valid_to or date.max)
            for line in content.lines
        )
        if content.authorization is not None:
            assert content.authorization.left > 0

    # Some are dropped and some sent: the same sessions come back, and no others.
    picked = rng.sample(built.claim_ids, len(built.claim_ids) // 2)
    books.write(lambda work: drop_claims(work, picked, "by chance"))
    for claim_id in set(built.claim_ids) - set(picked):
        status = rng.choice((ClaimStatus.SUBMITTED, ClaimStatus.DENIED, ClaimStatus.REJECTED))
        moved(books, claim_id, status)
    dropped = {
        session
        for claim_id, one in zip(built.claim_ids, plan.claims, strict=True)
        if claim_id in picked
        for session in one.session_ids
    }
    again = books.read(plan_claims)
    assert set(again.session_ids) == dropped
    books.write(lambda work: build_claims(work, again))
    numbers = books.read(lambda work: work.db.scalars(select(Claim.number)).all())
    assert len(numbers) == len(set(numbers))
    verify(books)
