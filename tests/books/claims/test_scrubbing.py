from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.claim import (
    Claim,
    ClaimFinding,
    ClaimLine,
    ClaimStatus,
    ClaimStatusHistory,
    Severity,
)
from fscdesk.models.claim_rule import ClaimRule, RuleAct, RuleSeverity
from fscdesk.models.coverage import Policy
from fscdesk.models.eligibility import EligibilityCheck
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.setting import Setting
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.policies import MOST_UNITS
from fscdesk.services.claims.scrub_facts import unit_limits, with_facts
from fscdesk.services.claims.scrubbing import (
    ScrubResult,
    accept_warning,
    rescrub,
    scrub_claims,
    severities,
    take_back_acceptance,
)
from fscdesk.services.errors import Cancelled, ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_claim_desk,
    build,
    claim_of,
    put_at,
    ready,
    the_claim,
)
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payments import verify
from tests.support.second_person import at_once, nobody, refusals, winners


def _findings(books: Office, claim_id: int) -> list[ClaimFinding]:
    asked = select(ClaimFinding).filter_by(claim_id=claim_id).order_by(ClaimFinding.id)
    return books.read(lambda work: list(work.db.scalars(asked)))


def _rules(books: Office, claim_id: int) -> list[str]:
    return [row.rule for row in _findings(books, claim_id) if row.severity is not Severity.TELLS]


def _scrub(books: Office, *claim_ids: int) -> ScrubResult:
    return books.write(lambda work: scrub_claims(work, claim_ids)).value


def _spoil_member_id(books: Office, desk: ClaimDesk, member: str = "") -> None:
    def spoil(work: Work) -> None:
        work.db.get_one(Policy, desk.policy).member_id = member

    books.write(spoil)


def _warn(books: Office, desk: ClaimDesk) -> None:
    """Let the practice's taxonomy be missing: a warning."""

    def spoil(work: Work) -> None:
        work.db.get_one(Provider, desk.mock).taxonomy = "1"

    books.write(spoil)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    return books.write(add_claim_desk).value


def test_a_claim_without_a_fault_becomes_ready(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    done = books.write(lambda work: scrub_claims(work, [claim_id]))
    assert done.value == ScrubResult(claims=1, ready=1)
    assert Topic.CLAIMS in done.topics
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.stops, claim.warns) == (ClaimStatus.SCRUBBED, 0, 0)
    assert claim.scrubbed_at == books.read(lambda work: work.now())
    told = [(row.rule, row.severity) for row in _findings(books, claim_id)]
    assert told == [("eligibility", Severity.TELLS)]
    verify(books)


def test_what_is_wrong_stops_it_until_it_is_mended(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _spoil_member_id(books, desk)
    result = books.write(lambda work: rescrub(work, policy_id=desk.policy)).value
    assert result == ScrubResult(claims=1, stopped=1)
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.stops) == (ClaimStatus.DRAFT, 1)
    (row,) = [one for one in _findings(books, claim_id) if one.severity is Severity.STOPS]
    assert (row.rule, row.field, row.line) == ("member-id", "member_id", None)
    assert row.message == "The policy with Imaginary Blue has no member id."
    _spoil_member_id(books, desk, "XYZ123456789")
    assert books.write(lambda work: rescrub(work, patient_id=desk.alma)).value.ready == 1
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED
    asked = select(ClaimStatusHistory.reason).filter_by(claim_id=claim_id)
    reasons = books.read(lambda work: list(work.db.scalars(asked.order_by(ClaimStatusHistory.id))))
    assert reasons[-2:] == ["Checked: 1 thing to mend", "Checked: nothing stops it"]
    verify(books)


def test_each_change_reaches_its_claims_and_no_others(books: Office, desk: ClaimDesk) -> None:
    def sit(work: Work) -> list[int]:
        bens = ready(work, desk, patient=desk.ben, provider=desk.testa)
        return [ready(work, desk), bens]

    almas, bens = build(books, books.write(sit).value)
    if the_claim(books, almas).patient_id != desk.alma:
        almas, bens = bens, almas

    def reached(**what: int) -> int:
        return books.write(lambda work: rescrub(work, **what)).value.claims

    assert reached() == 2
    assert reached(patient_id=desk.alma) == 1
    assert reached(policy_id=desk.bens_policy) == 1
    assert reached(provider_id=desk.mock) == 1
    assert reached(provider_id=desk.testa) == 1
    assert reached(payer_id=desk.payer) == 2
    assert reached(payer_id=desk.next_payer) == 0
    assert reached(patient_id=desk.alma, provider_id=desk.testa) == 2
    books.write(lambda work: put_at(work, almas, ClaimStatus.SUBMITTED))
    assert reached() == 1


def test_a_warning_is_accepted_and_stays_so_while_it_says_the_same(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = claim_of(books, desk=desk)
    _warn(books, desk)
    assert _scrub(books, claim_id) == ScrubResult(claims=1, ready=1, warns=1)
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.warns) == (ClaimStatus.SCRUBBED, 1)
    version = claim.version
    assert books.write(lambda work: accept_warning(work, claim_id, "taxonomy")).value == 1
    assert the_claim(books, claim_id).warns == 0
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: accept_warning(work, claim_id, "taxonomy"))
    before = books.read(whole_books)
    assert _scrub(books, claim_id).warns == 0
    after = books.read(whole_books)
    assert after["claim_finding"] == before["claim_finding"]
    (row,) = [one for one in _findings(books, claim_id) if one.rule == "taxonomy"]
    assert row.accepted_by is not None
    asked = select(AuditEvent).filter_by(action="accept_warning")
    (event,) = books.read(lambda work: list(work.db.scalars(asked)))
    assert (event.noun_id, event.detail) == (
        claim_id,
        {"rule": "taxonomy", "line": None, "count": 1},
    )

    def other(work: Work) -> None:
        work.db.get_one(Provider, desk.mock).taxonomy = "2"

    books.write(other)
    assert _scrub(books, claim_id).warns == 1, "another sentence is another warning"
    assert the_claim(books, claim_id).version == version, "a check is no change of the claim"


def test_an_acceptance_can_be_taken_back(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _warn(books, desk)
    _scrub(books, claim_id)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: take_back_acceptance(work, claim_id, "taxonomy"))
    books.write(lambda work: accept_warning(work, claim_id, "taxonomy"))
    assert books.write(lambda work: take_back_acceptance(work, claim_id, "taxonomy")).value == 1
    assert the_claim(books, claim_id).warns == 1
    assert _scrub(books, claim_id).warns == 1


def test_only_warnings_can_be_accepted(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _spoil_member_id(books, desk)
    _scrub(books, claim_id)
    for rule in ("member-id", "eligibility", "nothing"):
        with pytest.raises(ChangedElsewhere):
            books.write(partial(accept_warning, claim_id=claim_id, rule=rule))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: accept_warning(work, 987654, "taxonomy"))
    assert the_claim(books, claim_id).stops == 1


def test_a_warning_of_a_line_is_accepted_by_its_line(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2)

    def limit(work: Work) -> None:
        at, by = work.now(), work.actor.staff_id
        work.db.add(Setting(key=MOST_UNITS, value="90837 0", changed_by=by, changed_at=at))

    books.write(limit)
    assert _scrub(books, claim_id).warns == 2
    assert books.write(lambda work: accept_warning(work, claim_id, "most-units", 2)).value == 1
    assert the_claim(books, claim_id).warns == 1
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: accept_warning(work, claim_id, "most-units"))


def test_a_practice_weighs_its_rules(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _warn(books, desk)

    def weigh(severity: Severity | None) -> None:
        books.write(lambda work: work.db.merge(RuleSeverity(rule="taxonomy", severity=severity)))

    weigh(Severity.STOPS)
    assert books.read(severities) == {"taxonomy": Severity.STOPS}
    assert _scrub(books, claim_id).stopped == 1
    weigh(None)
    assert _scrub(books, claim_id) == ScrubResult(claims=1, ready=1)
    assert _rules(books, claim_id) == []


@pytest.mark.parametrize("act", [RuleAct.WARN, RuleAct.HOLD])
def test_a_rule_of_the_practice_is_a_finding(books: Office, desk: ClaimDesk, act: RuleAct) -> None:
    claim_id = claim_of(books, desk=desk)

    def add(work: Work) -> int:
        rule = ClaimRule(
            name="Long sessions",
            payer_id=desk.payer,
            position=99,
            conditions={"all": [{"field": "code", "is": "one_of", "values": ["90837"]}]},
            act=act,
            message="This payer wants the reason for 90837.",
            valid_from=date(2026, 1, 1),
        )
        work.db.add(rule)
        work.db.flush()
        return rule.id

    rule_id = books.write(add).value
    stops = act is RuleAct.HOLD
    assert _scrub(books, claim_id) == ScrubResult(1, int(not stops), int(stops), 0, int(not stops))
    (row,) = [one for one in _findings(books, claim_id) if one.rule.startswith("practice:")]
    assert row.rule == f"practice:{rule_id}"
    assert row.severity is (Severity.STOPS if stops else Severity.WARNS)
    assert row.message == "This payer wants the reason for 90837."
    assert "Long sessions" in row.hint
    if not stops:
        books.write(lambda work: accept_warning(work, claim_id, row.rule, row.line))
        assert the_claim(books, claim_id).warns == 0


@pytest.mark.parametrize("kept", ["held_for", "wait_for", "outdated"])
def test_what_is_kept_back_stays_a_draft(books: Office, desk: ClaimDesk, kept: str) -> None:
    claim_id = claim_of(books, desk=desk)

    def keep(reason: str) -> None:
        books.write(lambda work: setattr(work.db.get_one(Claim, claim_id), kept, reason))

    keep("Wait for the card")
    assert _scrub(books, claim_id) == ScrubResult(claims=1, kept=1)
    assert the_claim(books, claim_id).status is ClaimStatus.DRAFT
    keep("")
    assert _scrub(books, claim_id).ready == 1
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED


def test_what_an_earlier_payer_sends_on_stays_a_draft(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    books.write(lambda work: setattr(work.db.get_one(Claim, claim_id), "crossed_over", True))
    assert _scrub(books, claim_id) == ScrubResult(claims=1, kept=1)


@pytest.mark.parametrize("status", [ClaimStatus.SUBMITTED, ClaimStatus.DENIED, ClaimStatus.VOID])
def test_a_claim_that_was_sent_is_passed_over(
    books: Office, desk: ClaimDesk, status: ClaimStatus
) -> None:
    claim_id = claim_of(books, desk=desk, status=status)
    _spoil_member_id(books, desk)
    before = books.read(whole_books)
    assert _scrub(books, claim_id, 987654) == ScrubResult()
    assert books.read(whole_books) == before


def test_a_rejected_claim_is_checked_and_stays_rejected(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, status=ClaimStatus.REJECTED)
    _spoil_member_id(books, desk)
    assert _scrub(books, claim_id).stopped == 1
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.stops) == (ClaimStatus.REJECTED, 1)


def test_a_claim_that_lost_its_lines_is_stopped(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)

    def empty(work: Work) -> None:
        for line in work.db.scalars(select(ClaimLine).filter_by(claim_id=claim_id)):
            work.db.delete(line)

    books.write(empty)
    assert _scrub(books, claim_id).stopped == 1
    assert [row.message for row in _findings(books, claim_id)] == ["The claim has no lines."]


def _facts(books: Office, claim_id: int) -> ClaimContent:
    return books.read(lambda work: with_facts(work, contents(work, [claim_id])))[claim_id]


def test_the_last_answer_on_eligibility_counts(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    assert _facts(books, claim_id).eligibility_asked_on is None

    def ask(trace: str, at: datetime, active: bool | None) -> None:
        def act(work: Work) -> None:
            work.db.add(
                EligibilityCheck(
                    trace=trace,
                    patient_id=desk.alma,
                    policy_id=desk.policy,
                    service_day=DAY,
                    asked_by=work.actor.staff_id,
                    asked_at=at,
                    answered_at=None if active is None else at,
                    active=active,
                )
            )

        books.write(act)

    ask("1", datetime(2026, 3, 1, 4, tzinfo=UTC), True)  # the evening before, in the office
    assert _facts(books, claim_id).eligibility_asked_on == date(2026, 2, 28)
    assert _facts(books, claim_id).eligibility_active is True
    ask("3", datetime(2026, 3, 9, 15, tzinfo=UTC), None)
    ask("2", datetime(2026, 3, 5, 15, tzinfo=UTC), False)
    facts = _facts(books, claim_id)
    assert (facts.eligibility_asked_on, facts.eligibility_active) == (date(2026, 3, 5), False)
    _scrub(books, claim_id)
    assert _rules(books, claim_id) == ["eligibility"]


def test_an_evaluation_before_is_that_of_the_same_clinician(books: Office, desk: ClaimDesk) -> None:
    def sit(work: Work) -> int:
        ready(work, desk, code="90791", day=DAY - timedelta(days=30))
        ready(work, desk, code="90791", day=DAY - timedelta(days=9), provider=desk.testa)
        ready(work, desk, code="90791", day=DAY - timedelta(days=8), patient=desk.ben)
        return ready(work, desk, code="90791")

    session = books.write(sit).value
    (claim_id,) = build(books, [session])
    assert _facts(books, claim_id).evaluated_on == DAY - timedelta(days=30)
    assert "evaluation" in _rules(books, claim_id)


def test_a_corrected_claim_knows_when_the_one_before_was_answered(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = claim_of(books, desk=desk, sessions=1)
    assert _facts(books, claim_id).corrects_answer_of is None

    session = books.write(lambda work: ready(work, desk, day=DAY + timedelta(days=1))).value
    (new_id,) = build(books, [session])

    def pair(work: Work) -> None:
        work.db.get_one(Claim, claim_id).denied_on = date(2026, 4, 3)
        work.db.get_one(Claim, new_id).replaces_id = claim_id

    books.write(pair)
    assert _facts(books, new_id).corrects_answer_of == date(2026, 4, 3)


def test_limits_of_units_are_typed_as_one_likes() -> None:
    assert unit_limits("90837 1, 96131 4") == {"90837": 1, "96131": 4}
    assert unit_limits("90837=1\n h0004:8 x") == {"90837": 1, "H0004": 8}
    assert unit_limits("nothing of use 12") == {}


def test_somebody_else_sees_what_keeps_a_client(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    books.write(lambda work: setattr(work.db.get_one(Patient, desk.alma), "hold_claims", True))
    _scrub(books, claim_id)
    assert _rules(books, claim_id) == ["do-not-bill"]


def test_a_check_says_what_it_found(books: Office, desk: ClaimDesk) -> None:
    assert ScrubResult(40, 37, 2, 1, 1).sentence() == (
        "40 claims checked: 37 ready, 2 to mend, 1 kept back. 1 warning to look at."
    )
    assert ScrubResult(1, 1).sentence() == "1 claim checked: 1 ready."
    assert ScrubResult(1, 1) + ScrubResult(2, 0, 2, 0, 5) == ScrubResult(3, 1, 2, 0, 5)


def test_a_long_check_can_be_stopped_and_leaves_nothing(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _spoil_member_id(books, desk)
    before = books.read(whole_books)

    def check(work: Work) -> None:
        work.job.cancel()
        scrub_claims(work, [claim_id])

    with pytest.raises(Cancelled):
        books.write(check)
    assert books.read(whole_books) == before


def test_a_payers_days_stop_a_claim(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    books.write(lambda work: setattr(work.db.get_one(Payer, desk.payer), "filing_days", 10))
    assert books.write(lambda work: rescrub(work, payer_id=desk.payer)).value.stopped == 1
    assert _rules(books, claim_id) == ["timely-filing"]


def test_accepting_asks_for_the_right(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _warn(books, desk)
    _scrub(books, claim_id)
    stranger = nobody(books)
    for act in (accept_warning, take_back_acceptance):
        with pytest.raises(Problem, match="You may not accept warnings of claims"):
            stranger.write(partial(act, claim_id=claim_id, rule="taxonomy"))
    assert the_claim(books, claim_id).warns == 1


def test_a_check_is_whole_or_not_at_all(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2)
    _spoil_member_id(books, desk, "X")
    _warn(books, desk)
    assert_all_or_nothing(books, rescrub)
    assert (the_claim(books, claim_id).stops, the_claim(books, claim_id).warns) == (1, 1)
    assert_all_or_nothing(books, lambda work: accept_warning(work, claim_id, "taxonomy"))
    verify(books)


def test_two_desks_check_at_once_and_nothing_is_found_twice(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    _spoil_member_id(books, desk)
    _warn(books, desk)
    outcomes = at_once((books, rescrub), (books, rescrub))
    assert len(winners(outcomes)) == 2, outcomes
    assert sorted(_rules(books, claim_id)) == ["member-id", "taxonomy"]
    outcomes = at_once(
        (books, lambda work: accept_warning(work, claim_id, "taxonomy")),
        (books, lambda work: accept_warning(work, claim_id, "taxonomy")),
    )
    assert len(winners(outcomes)) == 1, outcomes
    assert len(refusals(outcomes)) == 1
    assert the_claim(books, claim_id).warns == 0
    verify(books)
