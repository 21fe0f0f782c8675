"""Statements that are held until the cause is gone: over runs, and until it is really gone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fscdesk.services.billing.statement_holds import hold, holds, release, still_held
from fscdesk.services.billing.statements import Flag, make_statements, plan_statements
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.month_of_statements import seed_statements
from tests.support.second_person import nobody

DAY = date(2026, 4, 1)


@pytest.fixture
def filled(books: Office, clock: Clock) -> Office:
    """Twelve accounts: five without an address, five that have just paid."""
    clock.set(datetime(2026, 4, 1, 15, tzinfo=UTC))
    books.write(lambda work: seed_statements(work, count=12))
    return books


def flagged(books: Office, flag: Flag) -> list[int]:
    plan = books.read(lambda work: plan_statements(work, as_of=DAY))
    return [one.guarantor_id for one in plan.recipients if flag in one.flags]


def test_a_hold_lasts_while_its_cause_does(filled: Office, clock: Clock) -> None:
    who = flagged(filled, Flag.JUST_PAID)[0]
    filled.write(lambda work: hold(work, {who: frozenset({Flag.JUST_PAID})}))
    held = filled.read(lambda work: still_held(work, as_of=DAY))
    assert held == {who}

    def run(work: Work) -> set[int]:
        day = work.today()
        plan = plan_statements(work, as_of=day, held=still_held(work, as_of=day))
        return {one.guarantor_id for one in make_statements(work, plan).statements}

    assert who not in filled.write(run).value
    clock.set(datetime(2026, 4, 20, 15, tzinfo=UTC))
    later = date(2026, 4, 20)
    assert filled.read(lambda work: still_held(work, as_of=later)) == frozenset()
    assert filled.write(run).value == {who}


def test_only_the_flags_that_were_named_keep_it(filled: Office) -> None:
    who = flagged(filled, Flag.NO_ADDRESS)[0]
    filled.write(lambda work: hold(work, {who: frozenset({Flag.JUST_PAID})}))
    assert filled.read(lambda work: still_held(work, as_of=DAY)) == frozenset()
    assert filled.read(holds) == {who: frozenset({Flag.JUST_PAID})}


def test_without_a_cause_nothing_is_held_and_twice_is_once(filled: Office) -> None:
    one, two = flagged(filled, Flag.NO_ADDRESS)[:2]
    assert filled.write(lambda work: hold(work, {one: frozenset()})).value == 0
    cause = frozenset({Flag.NO_ADDRESS})
    assert filled.write(lambda work: hold(work, {one: cause, two: cause})).value == 2
    assert filled.write(lambda work: hold(work, {one: cause})).value == 0
    assert filled.write(lambda work: release(work, [one, 9_999])).value == 1
    assert filled.read(lambda work: still_held(work, as_of=DAY)) == {two}


def test_a_hold_is_kept_whole_or_not_at_all(filled: Office) -> None:
    causes = {one: frozenset({Flag.NO_ADDRESS}) for one in flagged(filled, Flag.NO_ADDRESS)}
    assert_all_or_nothing(filled, lambda work: hold(work, causes))


def test_who_may_not_make_statements_may_not_hold_them(filled: Office) -> None:
    stranger = nobody(filled)
    with pytest.raises(Problem):
        stranger.write(lambda work: hold(work, {1: frozenset({Flag.NO_ADDRESS})}))
    with pytest.raises(Problem):
        stranger.write(lambda work: release(work, [1]))
    assert filled.read(holds) == {}
