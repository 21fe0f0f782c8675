"""The story of a session tells of its claims, once each, and where they are opened."""

from __future__ import annotations

from datetime import UTC, datetime

from fscdesk.models.claim import ClaimStatus
from fscdesk.services.claims.building import drop_claims
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.office import Office
from fscdesk.services.sessions.changing import recent_reasons
from fscdesk.services.sessions.story import Source, Step, story
from tests.support.claims import add_claim_desk, build, ready
from tests.support.clock import Clock


def told(books: Office, session_id: int, claim_id: int) -> list[str]:
    """The steps that open this claim, oldest first."""
    steps: tuple[Step, ...] = books.read(lambda work: story(work, session_id))
    return [one.title for one in reversed(steps) if one.source == Source("claim", claim_id)]


def test_each_step_of_a_claim_is_told_once(books: Office, clock: Clock) -> None:
    desk = books.write(add_claim_desk).value
    session = books.write(lambda work: ready(work, desk)).value
    (claim_id,) = build(books, [session])
    assert told(books, session, claim_id) == ["On claim CLM-2026-00001"]
    for hour, status in enumerate(
        (
            ClaimStatus.SUBMITTED,
            ClaimStatus.ACKNOWLEDGED,
            ClaimStatus.ACCEPTED,
            ClaimStatus.DENIED,
            ClaimStatus.CLOSED,
        ),
        start=1,
    ):
        clock.set(datetime(2026, 4, 13, hour, tzinfo=UTC))
        move = ClaimMove(claim_id, status, f"step {hour}")
        books.write(lambda work, move=move: move_claims(work, [move]))  # type: ignore[misc]
    assert told(books, session, claim_id) == [
        "On claim CLM-2026-00001",
        "Submitted",
        "Claim received",
        "Pending",
        "Denied",
        "Claim CLM-2026-00001 is closed",
    ]
    assert books.read(lambda work: recent_reasons(work, "billing")) == ()


def test_a_dropped_draft_and_the_claim_built_after_it_are_told_apart(
    books: Office, clock: Clock
) -> None:
    desk = books.write(add_claim_desk).value
    session = books.write(lambda work: ready(work, desk)).value
    (first,) = build(books, [session])
    clock.set(datetime(2026, 4, 13, 1, tzinfo=UTC))
    books.write(lambda work: drop_claims(work, [first], "wrong payer"))
    clock.set(datetime(2026, 4, 13, 2, tzinfo=UTC))
    (second,) = build(books, [session])
    assert told(books, session, first) == [
        "On claim CLM-2026-00001",
        "Claim CLM-2026-00001 is void",
    ]
    assert told(books, session, second) == ["On claim CLM-2026-00002"]
    steps = books.read(lambda work: story(work, session))
    made = next(one for one in steps if one.title == "On claim CLM-2026-00002")
    assert made.detail.startswith("Imaginary Blue 160.00, by ")
