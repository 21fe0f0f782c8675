"""Posts a remittance: decides behind the locks, and writes all of it in one transaction.

What is shown before posting and what is posted come from the same decision. A claim posts whole or
not at all; what stays keeps its reason, and its money stays in the fund as a named remainder.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Remittance, RemittanceOrigin, RemittanceStatus
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.banking.certain import explain_posted
from fscdesk.services.editing import locked, require_version
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.charge_locks import hold_charges
from fscdesk.services.payments.days import require_known_day
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.answered import AnsweredRemittance, Decided
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.executing import PostedRemittance, execute, lock_fund
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.provider_postings import lock_items
from fscdesk.services.remittances.returned import require_not_returned
from fscdesk.services.remittances.said_again import only_known
from fscdesk.services.work import Work

__all__ = ["TYPED_IN_AGAIN", "PostedRemittance", "post_as_read", "post_remittance"]

TYPED_IN_AGAIN: Final = "What was typed in and taken back is typed in anew."
"""Why an EOB that was undone does not post again by itself."""


def post_remittance(
    work: Work,
    remittance_id: int,
    *,
    positions: Collection[int] | None = None,
    agreed: Collection[int] = (),
    on: date | None = None,
    expected_version: int | None = None,
) -> PostedRemittance:
    """Post a remittance, or only the claims at ``positions``, on a day (today), and what is left.

    A person has looked: what the payer's automation keeps for a review posts; of the claims at
    ``agreed`` the person says that they are right, though they look wrong. Raises Problem,
    with nothing posted, for one that is posted already (by whom and when), that is stopped, whose
    payer is not known, and where the check does not hold what the claims take.
    ChangedElsewhere where it is not the version that the person saw.
    """
    held = _behind_locks(work, remittance_id, on, expected_version)
    wanted = None if positions is None else frozenset(positions)
    decided = decide(work, held.answered, review=False, positions=wanted, agreed=agreed)
    return _execute(work, held, decided, wanted)


def post_as_read(work: Work, remittance_id: int) -> PostedRemittance | None:
    """Post a remittance that was read just now, today; None where it waits for a look after all.

    A check of nothing but answers that are posted already may be the same money once more: nobody
    has said yet that it came. Raises Problem as ``post_remittance`` does.
    """
    held = _behind_locks(work, remittance_id, None, None)
    decided = decide(work, held.answered, review=False)
    if only_known(decided):
        return None
    return _execute(work, held, decided, None)


class _Held(NamedTuple):
    """A remittance with its items, all locked, what it says, and the day on which it posts."""

    row: Remittance
    items: dict[int, Recoupment]
    answered: AnsweredRemittance
    day: date


def _execute(
    work: Work, held: _Held, decided: Decided, positions: frozenset[int] | None
) -> PostedRemittance:
    """Post what was decided; money that the bank has had, and that waited for it, is explained."""
    done = execute(work, held.row, decided, held.items, positions=positions, on=held.day)
    found = explain_posted(work, done.payment_id)
    if found is None:
        return done
    record(
        work,
        "explain_by_remittance",
        "remittance",
        done.remittance_id,
        number=done.number,
        held=found.number,
        deposit=found.deposit,
    )
    return replace(done, explained=found)


def _behind_locks(
    work: Work, remittance_id: int, on: date | None, expected_version: int | None
) -> _Held:
    require(work, Right.POST_PAYMENT, "post remittances")
    row = locked(work, Remittance, remittance_id, "this remittance")
    _require_open(work, row)  # who posted it meanwhile says more than that somebody changed it
    if expected_version is not None:
        require_version(row, expected_version, f"remittance {row.number}")
    require_not_returned(work, row)
    day = on or work.today()
    require_known_day(work, day, "The posting day")
    lock_fund(work, row)
    items = lock_items(work, row)
    answered = load(work, row.id)
    hold_charges(
        work,
        {
            line.charge_id
            for claim in answered.claims
            for line in claim.lines
            if line.charge_id is not None
        },
    )
    return _Held(row, items, answered, day)


def _require_open(work: Work, row: Remittance) -> None:
    if row.origin is RemittanceOrigin.TYPED and row.status is RemittanceStatus.UNDONE:
        raise Problem(f"{row.number} was typed in. {TYPED_IN_AGAIN}", hint="Nothing was posted.")
    if row.status is RemittanceStatus.POSTED:
        who = None if row.posted_by is None else work.db.get(Staff, row.posted_by)
        when = (
            "" if row.posted_at is None else f" on {row.posted_at.astimezone(work.zone):%m/%d/%Y}"
        )
        raise Problem(
            f"Remittance {row.number} was posted{when} by {who.name if who else 'somebody'}.",
            hint="Nothing was posted again. Undo it first if it is to be posted anew.",
        )
    if row.status is RemittanceStatus.CLOSED:
        raise Problem(
            f"Remittance {row.number} is set aside: {row.reason}",
            hint="Nothing was posted. Take it up again first.",
        )
    if row.status is RemittanceStatus.STOPPED:
        raise Problem(
            f"Remittance {row.number} is stopped: {row.reason}",
            hint="Nothing was posted. Look at it, and let it go on if it is right.",
        )
