"""Leaves an underpayment at what the payer gave, with a reason, or takes it up again.

It moves no money: what the contract took off was written off when the answer was posted. A newer
answer of the payer to the same service is a new question.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from fscdesk.models.remittance import Fate, RemittanceLine
from fscdesk.services.audit import record
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["accept_less", "take_up_again"]

_DOING = "accept what a payer paid too low"


def accept_less(work: Work, line_ids: Collection[int], reason: str) -> int:
    """Accept underpayments, by the lines that name them, and return how many.

    Raises Problem without a reason, and where one is not a posted answer or accepted already;
    then none is accepted.
    """
    require(work, Right.ADJUST, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    lines = _locked(work, line_ids)
    for line in lines:
        if line.fate is not Fate.POSTED or line.accepted_why is not None:
            raise Problem(
                "One of them is accepted already, or is not posted any more.",
                hint="Nothing was changed. Look at the list again.",
            )
        line.accepted_by, line.accepted_at = work.actor.staff_id, work.now()
        line.accepted_why = words
    _noted(work, lines, "accept_underpayment")
    return len(lines)


def take_up_again(work: Work, line_ids: Collection[int]) -> int:
    """Let accepted underpayments be open again, and return how many."""
    require(work, Right.ADJUST, _DOING)
    lines = _locked(work, line_ids)
    for line in lines:
        if line.accepted_why is None:
            raise Problem(
                "One of them was not accepted.",
                hint="Nothing was changed. Look at the list again.",
            )
        line.accepted_by = line.accepted_at = line.accepted_why = None
    _noted(work, lines, "reopen_underpayment")
    return len(lines)


def _locked(work: Work, line_ids: Collection[int]) -> list[RemittanceLine]:
    wanted = sorted(set(line_ids))
    lines = work.db.scalars(
        select(RemittanceLine)
        .where(RemittanceLine.id.in_(wanted))
        .order_by(RemittanceLine.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(lines) != len(wanted):
        raise Problem(
            "One of them is not in the books any more.",
            hint="Nothing was changed. Look at the list again.",
        )
    return list(lines)


def _noted(work: Work, lines: Collection[RemittanceLine], action: str) -> None:
    work.db.flush()
    for line in lines:
        record(work, action, "remittance_line", line.id)
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
