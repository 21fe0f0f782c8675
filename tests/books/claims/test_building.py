"""Ready sessions become claims: which, with what on them, and what is left out and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.claim import (
    Claim,
    ClaimChange,
    ClaimDiagnosis,
    ClaimLine,
    ClaimStatus,
    ClaimStatusHistory,
)
from fscdesk.models.claim_rule import Referral, RuleAct, Supervision
from fscdesk.models.coverage import Counts, Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.claims.building import (
    WhyNot,
    build_claims,
    plan_claims,
)
from fscdesk.services.claims.payer_rules import Condition
from fscdesk.services.claims.policies import DEFAULT_PLACE
from fscdesk.services.claims.rule_setup import RuleFields, add_rule
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Topic, Work
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_authorization,
    add_claim_desk,
    add_diagnosis,
    add_policy,
    build,
    plan_of,
    ready,
    statuses_of,
    the_claim,
)
from tests.support.payments import verify


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """The little practice that bills payers."""
    return books.write(add_claim_desk).value


def sit(books: Office, desk: ClaimDesk, **facts: Any) -> int:
    """A session that is ready to bill."""
    return books.write(lambda work: ready(work, desk, **facts)).value


def rows(books: Office, noun: Any) -> list[Any]:
    """Return all rows of a table in their order."""
    return books.read(lambda work: list(work.db.scalars(select(noun).order_by(noun.id))))


def test_a_claim_says_all_of_its_sessions(books: Office, desk: ClaimDesk) -> None:
    sessions = [sit(books, desk, day=DAY + timedelta(weeks=week)) for week in (1, 0)]
    plan = plan_of(books)
    done = books.write(lambda work: build_claims(work, plan))
    assert Topic.CLAIMS in done.topics
    built = done.value
    assert (built.numbers, built.sessions, built.total) == (("CLM-2026-00001",), 2, Money(320_00))
    assert built.sentence() == "1 claim of 2 sessions built, 320.00."
    (claim,) = rows(books, Claim)
    assert (claim.patient_id, claim.payer_id, claim.policy_id, claim.rank) == (
        *(desk.alma, desk.payer, desk.policy),
        1,
    )
    assert (claim.total, claim.first_day, claim.last_day) == (
        Money(320_00),
        DAY,
        DAY + timedelta(weeks=1),
    )
    assert (claim.place_of_service, claim.location_id) == ("11", desk.office)
    lines = rows(books, ClaimLine)
    assert [line.session_id for line in lines] == sessions[::-1]
    assert [line.amount for line in lines] == [Money(160_00)] * 2  # the full fee, copay and all
    assert [line.live for line in lines] == [f"{line.charge_id}:1" for line in lines]
    assert [line.pointers for line in lines] == ["1", "1"]
    assert [one.code for one in rows(books, ClaimDiagnosis)] == ["F41.1"]
    history = rows(books, ClaimStatusHistory)
    assert [(one.old, one.new) for one in history] == [(None, "draft"), ("draft", "scrubbed")]
    assert claim.status is ClaimStatus.SCRUBBED  # checked at once
    assert set(statuses_of(books).values()) == {BillingStatus.READY_TO_BILL}
    verify(books)


def test_what_is_built_is_planned_no_more(books: Office, desk: ClaimDesk) -> None:
    first = sit(books, desk)
    build(books)
    assert plan_of(books).read == 0
    (left,) = plan_of(books, [first]).left_out
    assert (left.code, left.reason) == (WhyNot.ON_CLAIM, "It is on claim CLM-2026-00001 already.")
    with pytest.raises(Problem, match="It is on claim CLM-2026-00001"):
        books.write(lambda work: build_claims(work, plan_claims(work, [first])))


def left_out(books: Office) -> dict[WhyNot, str]:
    """Return why sessions are left out, and check that nothing else is planned."""
    plan = plan_of(books)
    assert not plan.claims
    return {one.code: one.reason for one in plan.left_out}


def test_a_self_pay_session_goes_on_no_claim(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk, insurance=0, share=160_00)
    assert left_out(books) == {
        WhyNot.SELF_PAY: "Alma Anyone pays it. It goes on a statement or an invoice."
    }


@pytest.mark.parametrize(
    "kind", [ServiceKind.LATE_CANCEL_FEE, ServiceKind.NO_SHOW_FEE, ServiceKind.NOT_BILLED]
)
def test_a_fee_goes_on_no_claim(books: Office, desk: ClaimDesk, kind: ServiceKind) -> None:
    sit(books, desk)

    def call_it_a_fee(work: Work) -> None:
        work.db.scalars(select(Service).filter_by(code="90837")).one().kind = kind

    books.write(call_it_a_fee)
    assert set(left_out(books)) == {WhyNot.FEE_ONLY}


def test_coverage_is_that_of_the_day(books: Office, desk: ClaimDesk) -> None:
    def end(work: Work) -> int:
        work.db.get_one(Policy, desk.policy).valid_to = DAY
        return add_policy(work, desk.alma, desk.payer, "NEW1", since=DAY + timedelta(days=2))

    new = books.write(end).value
    for days in (0, 1, 2):
        sit(books, desk, day=DAY + timedelta(days=days))
    plan = plan_of(books)
    assert [(one.policy_id, one.first_day) for one in plan.claims] == [
        (desk.policy, DAY),
        (new, DAY + timedelta(days=2)),
    ]
    (left,) = plan.left_out
    assert left.code is WhyNot.NO_POLICY
    assert left.reason == (
        "Alma Anyone has no primary policy on 03/03/2026. Add it under Policies."
    )
    assert (left.place, left.place_id) == ("patient", desk.alma)
    assert plan.read == 3


def test_a_session_charged_to_another_payer_is_left_out(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk, payer=desk.next_payer)
    assert "Example East" in left_out(books)[WhyNot.OTHER_PAYER]
    assert "Imaginary Blue" in left_out(books)[WhyNot.OTHER_PAYER]


def test_the_place_is_the_sessions_else_the_usual_one(books: Office, desk: ClaimDesk) -> None:
    session = sit(books, desk, location=None)
    assert "where it took place" in left_out(books)[WhyNot.NO_PLACE]
    assert plan_of(books).left_out[0].place_id == session
    books.write(lambda work: change_setting(work, DEFAULT_PLACE, "11", seen=""))
    (claim,) = plan_of(books).claims
    assert (claim.place_of_service, claim.location_id) == ("11", None)


def test_a_session_that_is_not_ready_is_left_out(books: Office, desk: ClaimDesk) -> None:
    session = sit(books, desk, status=BillingStatus.DOCUMENTED)
    assert plan_of(books).read == 0
    (left,) = plan_of(books, [session]).left_out
    assert left.reason == "It is documented, not ready to bill. Check it in Sessions."


def test_clinicians_years_and_clients_part_claims(books: Office, desk: ClaimDesk) -> None:
    for facts in (
        {},
        {"day": DAY + timedelta(days=1)},
        {"provider": desk.testa, "day": DAY + timedelta(days=2)},
        {"patient": desk.ben},
        {"day": date(2025, 12, 30)},
    ):
        sit(books, desk, **facts)
    plan = plan_of(books)
    assert [len(one.lines) for one in plan.claims] == [1, 2, 1, 1]
    assert plan.sentence() == "4 claims of 5 sessions, 800.00."
    assert len({one.key for one in plan.claims}) == 4
    build(books)
    verify(books)


def test_diagnoses_are_those_of_the_days(books: Office, desk: ClaimDesk) -> None:
    def diagnose(work: Work) -> None:
        add_diagnosis(work, desk.alma, "F33.0", 2, until=DAY)
        add_diagnosis(work, desk.alma, "F43.10", 3, since=DAY + timedelta(days=1))

    books.write(diagnose)
    sit(books, desk)
    sit(books, desk, day=DAY + timedelta(days=1))
    (claim,) = plan_of(books).claims
    assert claim.diagnoses == ("F41.1", "F33.0", "F43.10")
    assert [line.pointers for line in claim.lines] == [(1, 2), (1, 3)]


def test_video_wants_95_from_a_commercial_payer_only(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk, location=desk.video)
    (claim,) = plan_of(books).claims
    assert (claim.lines[0].modifiers, claim.place_of_service) == (("95",), "10")
    (change,) = claim.changes
    assert change.change.source == "Video: modifier 95"
    (claim_id,) = build(books)
    (kept,) = [one for one in rows(books, ClaimChange) if one.claim_id == claim_id]
    assert (kept.field, kept.line, kept.old, kept.new) == ("line_modifiers", 1, "", "95")
    assert kept.source == "Video: modifier 95"
    assert rows(books, ClaimLine)[0].modifiers == "95"

    def public(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).public_program = True

    books.write(public)
    sit(books, desk, location=desk.video, day=DAY + timedelta(days=1))
    assert plan_of(books).claims[0].lines[0].modifiers == ()


def test_the_supervisor_is_that_of_the_day(books: Office, desk: ClaimDesk) -> None:
    def supervise(work: Work) -> None:
        work.db.get_one(Provider, desk.testa).supervisor_id = desk.mock
        other = Provider(name="Sage Elsewhere", npi="")
        work.db.add(other)
        work.db.flush()
        work.db.add(
            Supervision(
                provider_id=desk.testa, supervisor_id=other.id, valid_from=DAY, valid_to=DAY
            )
        )

    books.write(supervise)
    sit(books, desk, provider=desk.testa)
    sit(books, desk, provider=desk.testa, day=DAY + timedelta(days=1))
    sit(books, desk, provider=desk.mock, day=DAY + timedelta(days=2))
    claims = plan_of(books).claims
    others = [one.supervising_id for one in claims]
    assert others[1:] == [desk.mock, None]
    assert others[0] not in (desk.mock, None)


def test_a_rule_bills_under_the_supervisor(books: Office, desk: ClaimDesk) -> None:
    def rule(work: Work) -> None:
        work.db.get_one(Provider, desk.testa).supervisor_id = desk.mock
        asked = (Condition("credentials", "one_of", ("LAC",)),)
        fields = RuleFields("LAC under LPC", RuleAct.SET, asked, DAY, payer_id=desk.payer)
        add_rule(work, _set(fields, "rendering", "own_supervisor"))

    books.write(rule)
    session = sit(books, desk, provider=desk.testa)
    (claim,) = plan_of(books, [session]).claims
    assert (claim.rendering_id, claim.supervising_id) == (desk.mock, None)
    build(books)
    kept = {(one.field, one.source) for one in rows(books, ClaimChange)}
    assert ("rendering", "LAC under LPC") in kept
    by_hand = books.read(lambda work: work.db.get_one(Session, session).provider_id)
    assert by_hand == desk.testa  # who truly rendered is known


def _set(fields: RuleFields, field: str, value: str) -> RuleFields:
    return RuleFields(
        fields.name,
        fields.act,
        fields.conditions,
        fields.valid_from,
        payer_id=fields.payer_id,
        field=field,
        value=value,
    )


def test_what_will_hold_a_claim_is_known_before(books: Office, desk: ClaimDesk) -> None:
    def hold(work: Work) -> None:
        work.db.get_one(Patient, desk.alma).hold_claims = True
        asked = (Condition("code", "one_of", ("90837",)),)
        add_rule(
            work, RuleFields("Long ones", RuleAct.HOLD, asked, DAY, message="Ask for records.")
        )

    books.write(hold)
    sit(books, desk)
    (claim,) = plan_of(books).claims
    assert claim.will_stop == "Claims of Alma Anyone are held back. Ask for records."
    (claim_id,) = build(books)
    assert the_claim(books, claim_id).status is ClaimStatus.DRAFT


def test_visits_are_taken_from_the_authorization_that_ends_first(
    books: Office, desk: ClaimDesk
) -> None:
    def authorize(work: Work) -> tuple[int, int]:
        late = add_authorization(work, desk.alma, desk.payer, 5, number="LATE")
        soon = add_authorization(
            work, desk.alma, desk.payer, 2, number="SOON", until=date(2026, 6, 30)
        )
        return soon, late

    soon, late = books.write(authorize).value
    for week in range(3):
        sit(books, desk, day=DAY + timedelta(weeks=week))
    assert [(one.authorization_id, len(one.lines)) for one in plan_of(books).claims] == [
        (soon, 2),
        (late, 1),
    ]
    build(books)
    sit(books, desk, day=DAY + timedelta(weeks=4))  # what waits to be sent has taken the first two
    assert [one.authorization_id for one in plan_of(books).claims] == [late]


def test_units_and_codes_of_an_authorization_count(books: Office, desk: ClaimDesk) -> None:
    def authorize(work: Work) -> int:
        add_authorization(work, desk.alma, desk.payer, 9, number="OTHER", code="90834 90791")
        return add_authorization(
            work, desk.alma, desk.payer, 1, number="UNITS", code="90837", counts=Counts.UNITS
        )

    units = books.write(authorize).value
    for week in range(2):
        sit(books, desk, day=DAY + timedelta(weeks=week))
    assert [one.authorization_id for one in plan_of(books).claims] == [units, None]


def test_a_referral_is_named_where_the_payer_wants_it(books: Office, desk: ClaimDesk) -> None:
    def refer(work: Work) -> int:
        row = Referral(
            patient_id=desk.alma, last_name="Elsewhere", first_name="Sage", valid_from=DAY
        )
        work.db.add(row)
        work.db.flush()
        return row.id

    referral = books.write(refer).value
    sit(books, desk)
    assert plan_of(books).claims[0].referral_id is None

    def want(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).wants_referral = True

    books.write(want)
    assert plan_of(books).claims[0].referral_id == referral
