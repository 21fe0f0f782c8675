"""What the demo shows of claims: each state, each corner once, and files that a judge takes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from fscdesk.models.claim import (
    Appeal,
    Claim,
    ClaimFinding,
    ClaimStatus,
    ClaimStatusHistory,
    Frequency,
    Severity,
)
from fscdesk.models.claim_batch import (
    Acknowledgment,
    AcknowledgmentKind,
    BatchState,
    ClaimBatch,
    ClaimSending,
    PortalCheck,
    Route,
)
from fscdesk.models.coverage import Authorization, Policy, Relationship
from fscdesk.models.values import ZERO
from fscdesk.services.claims.acknowledging import plan_acknowledgment
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.authorization_rows import AuthorizationFilter, page_of_authorizations
from fscdesk.services.claims.building import build_claims, plan_claims
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.demo.building import live
from fscdesk.services.demo.clearinghouse import UNKNOWN_MEMBER, acknowledge, answer_claims
from fscdesk.services.demo.diary import Corner
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from fscdesk.services.x12.reading_837p import read_837p
from tests.support.pyx12_judge import assert_accepted

TODAY = date(2026, 4, 15)
SIZE = 700
"""As beside: the small practice, whose first half was billed by SimplePractice."""


@pytest.fixture
def demo(small_demo: Office) -> Office:
    return small_demo


def test_claims_stand_everywhere_on_the_ladder(demo: Office) -> None:
    def look(work: Work) -> set[ClaimStatus]:
        return set(work.db.scalars(select(Claim.status)))

    never = {ClaimStatus.SCRUBBED}  # what is clean was sent; the week's are for the visitor
    passed = {ClaimStatus.ACKNOWLEDGED, ClaimStatus.PARTIALLY_PAID}  # as the payers answer
    assert set(ClaimStatus) - never - passed <= demo.read(look)


def test_each_corner_is_there_once(demo: Office) -> None:
    def look(work: Work) -> None:
        claims = work.db.scalars(select(Claim).order_by(Claim.id)).all()
        frequencies = [one.frequency for one in claims]
        assert Frequency.REPLACEMENT in frequencies
        assert frequencies.count(Frequency.VOID) == 1
        assert [bool(one.crossed_over) for one in claims if one.rank == 2] == [False, True]
        (held,) = [one for one in claims if one.held_for]
        assert held.status is ClaimStatus.DRAFT
        rejected = [one for one in claims if one.status is ClaimStatus.REJECTED]
        assert rejected
        assert all("no member" in one.reason.lower() for one in rejected)
        denied = [one for one in claims if one.status is ClaimStatus.DENIED]
        assert denied
        assert all(one.reason_code for one in denied)

    demo.read(look)


def test_two_claims_have_something_to_mend(demo: Office) -> None:
    def look(work: Work) -> list[tuple[str, str]]:
        rows = work.db.execute(
            select(ClaimFinding.rule, ClaimFinding.message)
            .where(ClaimFinding.severity == Severity.STOPS)
            .order_by(ClaimFinding.rule)
        )
        return [(row.rule, row.message) for row in rows]

    short, associate = demo.read(look)
    assert short[0] == "member-id"
    assert re.search(r"has (9|1\d) characters", short[1])
    assert associate == ("rendering-npi", "Ines Practicum has no NPI.")


def test_the_second_payer_is_told_what_the_first_one_did(demo: Office) -> None:
    def look(work: Work) -> None:
        claim = work.db.scalars(select(Claim).where(Claim.rank == 2).order_by(Claim.id)).first()
        assert claim is not None
        assert claim.first_sent_on is not None
        content = contents(work, [claim.id])[claim.id]
        (first,) = [one for one in content.others if one.answer is not None]
        assert first.answer is not None
        (line,) = first.answer.lines
        taken = sum((one.amount for one in line.adjustments), ZERO)
        assert line.paid > ZERO
        assert line.paid + taken == content.total
        assert {(one.group, one.carc) for one in line.adjustments} >= {("CO", "45"), ("PR", "2")}

    demo.read(look)


def test_an_appeal_ends_soon_and_others_are_on_their_way(demo: Office) -> None:
    def look(work: Work) -> None:
        appeals = work.db.scalars(select(Appeal)).all()
        (soon,) = [one for one in appeals if one.sent_on is None]
        assert soon.due_on is not None
        assert timedelta(0) < soon.due_on - TODAY <= timedelta(days=7)
        assert soon.argument
        assert all(one.document_id for one in appeals if one.sent_on)
        assert len(appeals) > 1

    demo.read(look)


def test_batches_went_each_week_by_every_route_and_were_answered(demo: Office) -> None:
    def look(work: Work) -> None:
        batches = work.db.scalars(select(ClaimBatch).order_by(ClaimBatch.id)).all()
        assert {one.route for one in batches} == set(Route)
        days = {one.made_at.astimezone(work.zone).date() for one in batches}
        season = live(today=TODAY, sessions=SIZE).season
        assert days >= set(season.batches)
        files = [one for one in batches if one.route is Route.ELECTRONIC]
        assert {one.state for one in files} == {BatchState.ACKNOWLEDGED}
        kinds = list(work.db.scalars(select(Acknowledgment.kind)))
        assert kinds.count(AcknowledgmentKind.SYNTAX) == len(files)
        assert kinds.count(AcknowledgmentKind.CLAIMS) >= len(season.batches)
        assert not any(work.db.scalars(select(Acknowledgment.unmatched)))
        assert work.db.scalars(select(PortalCheck.id)).first()

    demo.read(look)


def test_every_file_that_went_is_taken_by_the_judge(demo: Office) -> None:
    def look(work: Work) -> list[str]:
        found = select(ClaimBatch.content).where(ClaimBatch.route == Route.ELECTRONIC)
        return [bytes(one or b"").decode("ascii") for one in work.db.scalars(found)]

    texts = demo.read(look)
    sent = "".join(texts)
    for mark in ("SBR*S*", "PAT*01~", "PAT*19~", "NM1*DQ*", "NM1*DN*", "REF*G1*", "REF*F8*"):
        assert mark in sent, mark
    for text in texts:
        assert_accepted(text)


def test_what_is_ready_becomes_a_batch_that_the_judge_takes_whole(demo: Office) -> None:
    class Undone(Exception):
        """So that the practice stays as it is for the other tests."""

    texts: list[str] = []

    def act(work: Work) -> None:
        plan = plan_claims(work)
        built = build_claims(work, plan)
        assert built.sessions > SIZE // 40
        going = plan_batch(work, built.claim_ids)
        stays = {one.reason_code.value for one in going.staying}
        assert len(going.going) > len(built.claim_ids) * 3 // 4
        assert stays <= {"stops"}  # the client whose member id is one sign short
        for batch in send_claims(work, going).batches:
            content = work.db.get_one(ClaimBatch, batch.id).content
            if batch.route is Route.ELECTRONIC:
                texts.append(bytes(content or b"").decode("ascii"))
        raise Undone

    with pytest.raises(Undone):
        demo.write(act)
    (text,) = texts
    assert_accepted(text)
    assert len(read_837p(text).claims) > SIZE // 50


def test_policies_are_held_by_parents_and_spouses_too(demo: Office) -> None:
    def look(work: Work) -> None:
        held = set(work.db.scalars(select(Policy.relationship)))
        assert held == {Relationship.SELF, Relationship.CHILD, Relationship.SPOUSE}
        page = page_of_authorizations(work, AuthorizationFilter(view="asks"), Span(0, 50, "to"))
        assert page.total >= 2
        assert any(one.granted - one.used == 2 for one in work.db.scalars(select(Authorization)))

    demo.read(look)


def test_statuses_were_moved_by_files_and_hands_in_the_order_of_days(demo: Office) -> None:
    def look(work: Work) -> None:
        rows = work.db.execute(
            select(ClaimStatusHistory.claim_id, ClaimStatusHistory.day, ClaimSending.claim_id)
            .join(ClaimSending, ClaimSending.claim_id == ClaimStatusHistory.claim_id)
            .order_by(ClaimStatusHistory.claim_id, ClaimStatusHistory.id)
        ).all()
        days: dict[int, list[date]] = {}
        for row in rows:
            days.setdefault(row[0], []).append(row.day)
        assert all(one == sorted(one) for one in days.values())

    demo.read(look)


def test_the_clearinghouse_answers_exactly_what_was_sent(demo: Office) -> None:
    """A file of the demo answered once more, by other hands: every claim is named, none else."""

    def look(work: Work) -> None:
        batch = work.db.scalars(
            select(ClaimBatch).where(ClaimBatch.route == Route.ELECTRONIC).order_by(ClaimBatch.id)
        ).first()
        assert batch is not None
        text = bytes(batch.content or b"").decode("ascii")
        at = datetime(2026, 4, 15, 9, 30)  # noqa: DTZ001 - the office's own time
        syntax = plan_acknowledgment(work, "a.999", acknowledge(text, at).encode())
        assert (syntax.rejected, syntax.unmatched, syntax.findings) == (0, 0, ())
        first = read_837p(text).claims[0].control
        answer = answer_claims(text, {first: UNKNOWN_MEMBER}, at).encode()
        claims = plan_acknowledgment(work, "a.277", answer)
        assert (claims.rejected, claims.unmatched) == (1, 0)
        named = {row.claim_id for row in claims.rows if row.claim_id}
        assert len(named) == batch.claims
        (row,) = [row for row in claims.rows if row.claim_id and row.codes.startswith("A7")]
        assert UNKNOWN_MEMBER.words.upper() in row.words.upper()

    demo.read(look)


@pytest.mark.parametrize("sessions", [SIZE, 9000])
def test_every_usual_size_has_every_corner(sessions: int) -> None:
    given = [one.corner for one in live(today=TODAY, sessions=sessions).diary if one.corner]
    assert len(given) == len(set(given))
    assert set(given) == set(Corner)
