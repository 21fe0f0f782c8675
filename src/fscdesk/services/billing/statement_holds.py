"""Statements that a person holds back until the cause is gone, over runs and workstations.

A hold names the flags for which the page was held. It counts while one of them is still raised
for the account: when the payment is no longer new, or an address is there, the account is in the
next run again, and nobody has to remember it. Kept in one row beside the practice's settings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.billing.statement_plan import USUAL, plan_statements
from fscdesk.services.billing.statement_terms import Flag, RunFilters, StatementPlan
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

KEY: Final = "statement_holds"
Holds = Mapping[int, frozenset[Flag]]


def holds(work: Work) -> dict[int, frozenset[Flag]]:
    """Return every hold: the guarantor, and the flags for which the statement was held."""
    kept = work.db.get(Setting, KEY, populate_existing=True)
    return {} if kept is None else _read(kept.value)


def still_held(
    work: Work, *, as_of: date, minimum: Money | None = None, filters: RunFilters = USUAL
) -> frozenset[int]:
    """Return who would get a statement as of the day and is held for a cause that still is."""
    return frozenset(one for one in _held_plan(work, as_of, minimum, filters))


def hold(work: Work, causes: Holds) -> int:
    """Hold statements until their causes are gone; return how many were not held before.

    A guarantor without a cause is not held: nothing would ever end it.
    """
    require(work, Right.MAKE_STATEMENTS, "hold statements back")
    before = _locked(work)
    new = {one: flags for one, flags in causes.items() if flags and before.get(one) != flags}
    if new:
        _keep(work, {**before, **new})
        record(work, "hold_statements", "guarantor", min(new), accounts=sorted(new))
        work.touch(Topic.STATEMENTS)
    return len(new)


def release(work: Work, guarantor_ids: Collection[int]) -> int:
    """Give these their statement after all; return how many of them were held."""
    require(work, Right.MAKE_STATEMENTS, "hold statements back")
    before = _locked(work)
    gone = [one for one in guarantor_ids if one in before]
    if gone:
        _keep(work, {one: flags for one, flags in before.items() if one not in gone})
        record(work, "release_statements", "guarantor", min(gone), accounts=sorted(gone))
        work.touch(Topic.STATEMENTS)
    return len(gone)


def held_accounts(work: Work) -> StatementPlan | None:
    """Return a plan of those alone who are held for a cause that still is; None when nobody is."""
    kept = holds(work)
    if not kept:
        return None
    still = still_held(work, as_of=work.today())
    if not still:
        return None
    return plan_statements(work, as_of=work.today(), guarantor_ids=still)


def _held_plan(work: Work, as_of: date, minimum: Money | None, filters: RunFilters) -> list[int]:
    kept = holds(work)
    if not kept:
        return []
    plan = plan_statements(
        work, as_of=as_of, minimum=minimum, guarantor_ids=list(kept), filters=filters
    )
    return [one.guarantor_id for one in plan.recipients if kept[one.guarantor_id] & set(one.flags)]


def _locked(work: Work) -> dict[int, frozenset[Flag]]:
    kept = work.db.get(Setting, KEY, with_for_update=True, populate_existing=True)
    return {} if kept is None else _read(kept.value)


def _keep(work: Work, now: Holds) -> None:
    value = {str(one): sorted(flag.value for flag in flags) for one, flags in sorted(now.items())}
    kept = Setting(key=KEY, value=value, changed_by=work.actor.staff_id, changed_at=work.now())
    work.db.merge(kept)
    work.db.flush()


def _read(value: Any) -> dict[int, frozenset[Flag]]:
    known = set(Flag)
    return {
        int(one): frozenset(Flag(flag) for flag in flags if flag in known)
        for one, flags in dict(value).items()
    }
