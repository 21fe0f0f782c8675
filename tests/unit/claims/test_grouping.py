"""Every session is on one claim, whole, with others that belong together, and few enough."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.claims.grouping import (
    MOST_DIAGNOSES,
    MOST_LINES,
    MOST_POINTERS,
    DraftLine,
    DraftSession,
    Group,
    group_sessions,
)

DAY = date(2025, 12, 20)
CODES = tuple(f"F{number}.1" for number in range(30, 46))


@st.composite
def sessions(draw: st.DrawFn) -> list[DraftSession]:
    """Sessions of a few people, offices and policies around the turn of a year."""
    few = st.integers(1, 2)
    found = []
    for at in range(draw(st.integers(0, 16))):
        lines = tuple(
            DraftLine(
                charge_id=at * 10 + number,
                code="90837",
                modifiers=(),
                place_of_service=draw(st.sampled_from(("11", "10", "02"))),
                units=1,
                amount=Money(draw(st.integers(1, 300_00))),
            )
            for number in range(draw(st.integers(1, 6)))
        )
        found.append(
            DraftSession(
                session_id=at,
                patient_id=draw(few),
                day=DAY + timedelta(days=draw(st.integers(0, 30))),
                minute=draw(st.sampled_from((540, 600))),
                policy_id=draw(few),
                rank=1,
                rendering_id=draw(few),
                supervising_id=draw(st.sampled_from((None, 9))),
                referral_id=None,
                authorization_id=draw(st.sampled_from((None, 5, 6))),
                location_id=draw(st.sampled_from((None, 1, 2))),
                note="",
                diagnoses=tuple(draw(st.lists(st.sampled_from(CODES), unique=True, max_size=14))),
                lines=lines,
            )
        )
    return found


@given(sessions())
def test_each_session_is_on_one_claim_and_nothing_is_lost(found: list[DraftSession]) -> None:
    groups = group_sessions(found)
    placed = Counter(one.session_id for group in groups for one in group.sessions)
    assert placed == Counter(one.session_id for one in found)
    billed = sum(line.amount.cents for group in groups for line in group.lines())
    assert billed == sum(line.amount.cents for one in found for line in one.lines)


@given(sessions())
def test_only_what_belongs_together_is_on_a_claim(found: list[DraftSession]) -> None:
    for group in group_sessions(found):
        for of in (
            {one.patient_id for one in group.sessions},
            {one.policy_id for one in group.sessions},
            {one.rendering_id for one in group.sessions},
            {one.supervising_id for one in group.sessions},
            {one.authorization_id for one in group.sessions},
            {one.day.year for one in group.sessions},
        ):
            assert len(of) == 1
        offices = {one.facility_id for one in group.sessions} - {None}
        assert offices <= {group.location_id}
        lines = group.lines()
        assert 1 <= len(lines) <= MOST_LINES
        assert [line.day for line in lines] == sorted(line.day for line in lines)


@given(sessions())
def test_lines_point_at_diagnoses_of_their_own_day(found: list[DraftSession]) -> None:
    by_id = {one.session_id: one for one in found}
    for group in group_sessions(found):
        codes = group.diagnoses()
        assert len(codes) == len(set(codes)) <= MOST_DIAGNOSES
        for line in group.lines():
            pointed = [codes[at - 1] for at in line.pointers]
            assert len(pointed) <= MOST_POINTERS
            own = [code for code in by_id[line.session_id].diagnoses if code in codes]
            assert pointed == own[:MOST_POINTERS]
            assert (line.place_of_service or group.place_of_service) in ("11", "10", "02")


@given(sessions())
def test_the_order_of_the_sessions_does_not_matter(found: list[DraftSession]) -> None:
    assert group_sessions(reversed(found)) == group_sessions(found)


def one(
    session_id: int, *, place: str = "11", location: int | None = 1, lines: int = 1
) -> DraftSession:
    """Return one session of the same client and clinician."""
    return DraftSession(
        session_id=session_id,
        patient_id=1,
        day=date(2026, 3, 2) + timedelta(days=session_id),
        minute=540,
        policy_id=1,
        rank=1,
        rendering_id=1,
        supervising_id=None,
        referral_id=None,
        authorization_id=None,
        location_id=location,
        note="",
        diagnoses=("F41.1",),
        lines=tuple(
            DraftLine(session_id * 10 + number, "90837", (), place, 1, Money(160_00))
            for number in range(lines)
        ),
    )


def on_claims(groups: list[Group]) -> list[list[int]]:
    """Return the sessions of each claim."""
    return [[each.session_id for each in group.sessions] for group in groups]


def test_video_goes_with_the_office_and_two_offices_are_two_claims() -> None:
    some = [one(1, place="10", location=3), one(2), one(3, location=2), one(4)]
    groups = group_sessions(some)
    assert on_claims(groups) == [[1, 2, 4], [3]]
    assert [group.location_id for group in groups] == [1, 2]
    assert groups[0].place_of_service == "10"
    assert [line.place_of_service for line in groups[0].lines()] == ["", "11", "11"]


def test_video_alone_has_no_facility() -> None:
    (group,) = group_sessions([one(1, place="10", location=3)])
    assert group.location_id is None


def test_fifty_lines_are_one_claim_and_no_session_is_cut() -> None:
    assert len(group_sessions([one(at) for at in range(50)])) == 1
    assert on_claims(group_sessions([one(at, lines=26) for at in range(3)])) == [[0], [1], [2]]
    sizes = [len(group.lines()) for group in group_sessions([one(at) for at in range(51)])]
    assert sizes == [50, 1]
