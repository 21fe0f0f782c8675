"""Alerts: one for each urgent thing, graver with age, over with its cause; and who sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from fscdesk.models.alert import Alert
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.staff import Role
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.queue.alerts import (
    AlertRow,
    AlertSeverity,
    AlertsKept,
    AlertStatus,
    acknowledge,
    assign_alert,
    keep_alerts,
    open_alerts,
    resolve,
)
from fscdesk.services.queue.keeping_items import assign
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import TODAY, denied_claim, sent_claim
from tests.support.clock import Clock
from tests.support.second_person import clerk, nobody, second_person


def silent_claim(books: Office, days: int) -> int:
    claim_id = sent_claim(books)

    def act(work: Work) -> None:
        day = TODAY - timedelta(days=days)
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(last_sent_on=day))
        work.touch(Topic.CLAIMS)

    books.write(act)
    return claim_id


def keep(books: Office) -> AlertsKept:
    return books.write(keep_alerts).value


def only(books: Office) -> AlertRow:
    (found,) = books.read(open_alerts)
    return found


def later(clock: Clock, days: int) -> None:
    clock.set(datetime(2026, 4, 12, 12, tzinfo=UTC) + timedelta(days=days))


def test_silence_is_told_once_rises_and_ends_with_its_cause(books: Office, clock: Clock) -> None:
    claim_id = silent_claim(books, 29)
    assert keep(books) == AlertsKept(0, 0, 0)
    later(clock, 1)
    assert keep(books) == AlertsKept(1, 0, 0)
    assert keep(books) == AlertsKept(0, 0, 0)
    first = only(books)
    assert (first.severity, first.opens.place) == (AlertSeverity.MEDIUM, "claim")
    for days, severity in ((31, AlertSeverity.HIGH), (61, AlertSeverity.CRITICAL)):
        later(clock, days)
        assert keep(books) == AlertsKept(0, 1, 0)
        assert (only(books).id, only(books).severity) == (first.id, severity)
    assert "90 days" in only(books).message
    books.write(lambda work: move_claims(work, [ClaimMove(claim_id, ClaimStatus.PAID, "paid")]))
    assert keep(books) == AlertsKept(0, 0, 1)
    assert books.read(open_alerts) == ()
    assert books.read(lambda work: work.db.scalar(select(func.count(Alert.id)))) == 1


def test_the_day_is_kept_alike_by_whoever_comes_first(books: Office) -> None:
    silent_claim(books, 31)
    stranger = nobody(books)
    assert keep(stranger) == AlertsKept(1, 0, 0)
    assert keep(books) == AlertsKept(0, 0, 0)
    assert keep(stranger) == AlertsKept(0, 0, 0), "nothing is over because somebody may not see it"


def test_what_is_so_again_is_told_again(books: Office, clock: Clock) -> None:
    claim_id = silent_claim(books, 30)
    assert keep(books).opened == 1
    first = only(books)

    def send_again(work: Work) -> None:
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(last_sent_on=TODAY))
        work.touch(Topic.CLAIMS)

    books.write(send_again)
    assert keep(books) == AlertsKept(0, 0, 1)
    later(clock, 30)
    assert keep(books) == AlertsKept(1, 0, 0)
    assert only(books).id != first.id


def test_a_denial_is_told_and_whom_its_claim_is_with(books: Office) -> None:
    claim_id = denied_claim(books)
    other = clerk(books)
    books.write(lambda work: assign(work, [f"denied:{claim_id}"], other.actor.staff_id))
    assert keep(books).opened == 1
    found = only(books)
    assert (found.kind, found.severity) == ("denied", AlertSeverity.HIGH)
    assert found.assigned == "Cleo Clerkson"
    assert [one.id for one in other.read(open_alerts)] == [found.id]


def test_who_sees_what(books: Office) -> None:
    denied_claim(books)
    keep(books)
    found = only(books)
    stranger = nobody(books)
    assert stranger.read(open_alerts) == ()
    assert clerk(books).read(open_alerts) == ()
    manager = second_person(books, Role.BILLING_MANAGER, name="Mara Nager")
    assert len(manager.read(open_alerts)) == 1
    assert manager.read(lambda work: open_alerts(work, mine=True)) == ()
    high = (AlertSeverity.HIGH,)
    assert len(manager.read(lambda work: open_alerts(work, severities=high))) == 1
    low = (AlertSeverity.LOW,)
    assert manager.read(lambda work: open_alerts(work, severities=low)) == ()
    with pytest.raises(Problem, match="may not look at this alert"):
        stranger.write(lambda work: acknowledge(work, found.id, expected_version=found.version))
    mine = stranger.actor.staff_id
    books.write(lambda work: assign_alert(work, found.id, mine, expected_version=found.version))
    assert only(stranger).assigned_to == mine
    seen = only(stranger).version
    with pytest.raises(Problem, match="You may not give alerts"):
        stranger.write(
            lambda work: assign_alert(work, found.id, books.actor.staff_id, expected_version=seen)
        )


def test_seen_or_resolved_it_comes_back_only_when_it_is_graver(books: Office, clock: Clock) -> None:
    silent_claim(books, 30)
    keep(books)
    first = only(books)
    books.write(lambda work: acknowledge(work, first.id, expected_version=first.version))
    keep(books)
    assert only(books).status is AlertStatus.ACKNOWLEDGED
    later(clock, 30)
    keep(books)
    again = only(books)
    assert (again.status, again.severity) == (AlertStatus.OPEN, AlertSeverity.HIGH)
    books.write(lambda work: resolve(work, again.id, expected_version=again.version))
    later(clock, 31)
    assert keep(books) == AlertsKept(0, 0, 0)
    assert books.read(open_alerts) == ()
    later(clock, 60)
    assert keep(books) == AlertsKept(0, 1, 0)
    assert (only(books).id, only(books).severity) == (first.id, AlertSeverity.CRITICAL)


def test_the_second_of_two_is_told(books: Office) -> None:
    denied_claim(books)
    keep(books)
    seen = only(books)
    books.write(lambda work: resolve(work, seen.id, expected_version=seen.version))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: acknowledge(work, seen.id, expected_version=seen.version))
    with pytest.raises(Problem, match="This alert is over"):
        books.write(lambda work: acknowledge(work, seen.id, expected_version=seen.version + 1))
