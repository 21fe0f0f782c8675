"""Takes cases back from an agency: what is left there is the client's balance again.

What will not be paid at all is recalled first, and then written off as bad debt like any other
balance (``adjusting``), with the approval that its size needs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.case_following import follow_cases
from fscdesk.services.billing.collection_reading import case_charges, untouched_since
from fscdesk.services.billing.collections import agency_draft
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.posting import post_all
from fscdesk.services.permissions import Right, require
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Topic, Work

_NOTHING = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Recalled:
    """What came back to the account, and what of the case is at the agency still."""

    amount: Money
    charge_ids: tuple[int, ...]
    left: Money
    status: CaseStatus


def recall(
    work: Work,
    case_id: int,
    *,
    reason: str,
    expected_version: int,
    charge_ids: Collection[int] | None = None,
    on: date | None = None,
    settled: bool = False,
) -> Recalled:
    """Take what is left of a case back, or of some of its charges; Dr 1100 / Cr 1130.

    When nothing is left there the case is closed as recalled, or as ``settled``: the agency
    took less for the whole, and the rest is to be written off. Raises Problem, with nothing
    changed, when nothing is left of what was chosen, ChangedElsewhere for another version.
    """
    require(work, Right.MANAGE_COLLECTIONS, "recall accounts from a collection agency")
    why = text_of(reason, "the reason", longest=300, required=True)
    case = locked(work, CollectionCase, case_id, "this case")
    require_version(case, expected_version, f"case {case.number}")
    _lock(work, case_id)
    first = untouched_since(work, case_id) or case.placed_on
    day = on or max(work.today(), first)
    if on is not None and not first <= on <= work.today():
        raise Problem(f"{on:%m/%d/%Y} is not between {first:%m/%d/%Y} and today.", hint=_NOTHING)
    held = {one.charge_id: one for one in case_charges(work, case_id)}
    wanted = set(held if charge_ids is None else charge_ids)
    if not wanted <= set(held):
        raise Problem(f"A charge is not in case {case.number}.", hint=_NOTHING)
    back = {one: held[one].left for one in sorted(wanted) if held[one].left > ZERO}
    if not back:
        raise Problem(f"Nothing is left at the agency of case {case.number}.", hint=_NOTHING)
    charges = {
        one.id: one for one in work.db.scalars(select(Charge).where(among(work, Charge.id, back)))
    }
    post_all(
        work,
        [
            agency_draft(case, charges[one], -amount.cents, day, f"Back from case {case.number}")
            for one, amount in back.items()
        ],
    )
    amount = Money(sum(one.cents for one in back.values()))
    left = Money(sum(one.left.cents for one in held.values()) - amount.cents)
    ended = CaseStatus.SETTLED if settled else CaseStatus.RECALLED
    follow_cases(work, [case_id], on=day, reason=why, ended=ended)
    follow_money(work, [one.session_id for one in charges.values()], why)
    case = locked(work, CollectionCase, case_id, "this case")
    record(
        work,
        "recall_case",
        "collection_case",
        case_id,
        number=case.number,
        amount=amount.plain(),
        charges=len(back),
        left=left.plain(),
        reason=why,
    )
    work.touch(Topic.COLLECTIONS, Topic.PATIENTS, Topic.LEDGER)
    found = Recalled(amount, tuple(back), left, case.status)
    work.db.expire_all()
    return found


def _lock(work: Work, case_id: int) -> None:
    """Lock the charges of a case by id, before anything is posted about them."""
    ids = [one.charge_id for one in case_charges(work, case_id)]
    rows = select(Charge).where(among(work, Charge.id, ids)).order_by(Charge.id).with_for_update()
    work.db.scalars(rows.execution_options(populate_existing=True)).all()
