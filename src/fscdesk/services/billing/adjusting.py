"""Adjusts what is owed without money: asked for, approved or refused, posted, reversed.

Nothing posts until it is approved (DESIGN 8), except what a payer's remittance says, what only
changes who owes, and what the practice lets one person write off alone. What is posted is never
more than what is open on that day, and never silently less than what was asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest, RequestKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.values import ZERO, Money
from fscdesk.services import approvals
from fscdesk.services.audit import record
from fscdesk.services.billing.adjustment_bands import band_of, lock_accounts
from fscdesk.services.billing.adjustment_decisions import (
    Decided,
    Reversed,
    post_approved,
    refused,
    reverse_adjustment,
    reverse_of_payment,
)
from fscdesk.services.billing.adjustment_grounds import (
    DOING,
    needs_second,
    require_corrections_fit,
    require_payers_word,
    require_rights,
)
from fscdesk.services.billing.adjustment_posting import (
    SideOf,
    about_charge,
    post_rows,
    unfit,
    unfit_recorded,
    written_off_open,
)
from fscdesk.services.billing.adjustment_rules import (
    NOTHING,
    NewAdjustment,
    require_possible,
)
from fscdesk.services.editing import key_of, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.charge_locks import lock_charges, open_of
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "Adjusted",
    "AdjustmentKind",
    "AdjustmentStatus",
    "Decided",
    "NewAdjustment",
    "Reversed",
    "Side",
    "adjust",
    "adjust_by_eob",
    "ask_together",
    "post_approved",
    "refused",
    "reverse_adjustment",
    "reverse_of_payment",
    "waiting_for",
    "waiting_recorded",
]

SERIES = "ADJ"


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What became of a command: the adjustments in its order, and the request that they wait in.

    ``amount`` is their sum; a positive one lowers what is owed. ``repeated`` says that the
    same command had made them before, and nothing was made now. ``why`` a higher person must
    decide than the amount alone would need: a sentence about the account, mostly empty.
    """

    ids: tuple[int, ...]
    amount: Money
    posted: int
    waiting: int
    request_id: int | None = None
    request_number: str = ""
    needs: str = ""
    why: str = ""
    repeated: bool = False


def adjust(
    work: Work,
    new: NewAdjustment | Sequence[NewAdjustment],
    *,
    request_key: str | None = None,
) -> Adjusted:
    """Make adjustments: some post at once, the others wait together for a second person.

    Raises Problem, with nothing made, for an amount that is not open (less what waits for
    approval already), for a charge that is not in the books, and for a missing right or reason.
    """
    wanted = [new] if isinstance(new, NewAdjustment) else list(new)
    require_rights(work, wanted)
    return _make(work, wanted, request_key)


def adjust_by_eob(work: Work, wanted: Sequence[NewAdjustment]) -> Adjusted:
    """Make what the lines of an EOB say beside what they pay; its payment was just posted.

    A line may have paid nothing. Raises Problem as ``adjust`` does, and for another payer's
    charge.
    """
    require_rights(work, wanted)
    return _make(work, wanted, None, eob=True)


def ask_together(
    work: Work,
    wanted: Sequence[NewAdjustment],
    *,
    kind: RequestKind,
    reason: str,
    request_key: str | None = None,
) -> Adjusted:
    """Ask for adjustments as one request, whatever their size: for write-off runs."""
    require(work, Right.ADJUST, DOING)
    return _make(work, wanted, request_key, together=(kind, reason))


def waiting_for(work: Work, charge_ids: Iterable[int]) -> dict[SideOf, int]:
    """Return the cents that wait for approval, by charge and side; what adds is left out."""
    sums = (
        select(Adjustment.charge_id, Adjustment.side, func.sum(Adjustment.amount))
        .where(
            among(work, Adjustment.charge_id, set(charge_ids)),
            Adjustment.status == AdjustmentStatus.WAITING,
            Adjustment.recorded.is_(False),
            Adjustment.amount > ZERO,
        )
        .group_by(Adjustment.charge_id, Adjustment.side)
    )
    return {
        (charge_id, Side(side)): cents.cents for charge_id, side, cents in work.db.execute(sums)
    }


def waiting_recorded(work: Work, charge_ids: Iterable[int]) -> dict[int, int]:
    """Return the cents of SimplePractice's write-offs that wait for approval, by charge."""
    sums = (
        select(Adjustment.charge_id, func.sum(Adjustment.amount))
        .where(
            among(work, Adjustment.charge_id, set(charge_ids)),
            Adjustment.status == AdjustmentStatus.WAITING,
            Adjustment.recorded.is_(True),
        )
        .group_by(Adjustment.charge_id)
    )
    return {charge_id: cents.cents for charge_id, cents in work.db.execute(sums)}


def _make(
    work: Work,
    wanted: Sequence[NewAdjustment],
    request_key: str | None,
    together: tuple[RequestKind, str] | None = None,
    *,
    eob: bool = False,
) -> Adjusted:
    if not wanted:
        raise Problem("There is nothing to adjust.", hint="Choose a charge and type an amount.")
    repeated = _made_before(work, wanted, request_key)
    if repeated is not None:
        return repeated
    today = work.today()
    for one in wanted:
        require_possible(one, today=today)
    waits = [needs_second(one) for one in wanted]
    if any(waits):
        _lock_accounts(work, wanted)
    charges = lock_charges(work, [one.charge_id for one in wanted])
    # Asked again behind the locks: the same command may have run at another desk meanwhile.
    repeated = _made_before(work, wanted, request_key)
    if repeated is not None:
        return repeated
    _require_open(work, wanted, charges)
    require_payers_word(work, wanted, charges, eob=eob)
    require_corrections_fit(work, wanted, charges)
    asked = [one for one, second in zip(wanted, waits, strict=True) if second]
    request = _request(work, asked, charges, together) if asked else None
    if request is None:
        waits = [False] * len(wanted)
    rows = _rows(work, wanted, charges, request_key, today)
    for row, second in zip(rows, waits, strict=True):
        if second and request is not None:
            row.request_id = request.id
    post_rows(work, [row for row, second in zip(rows, waits, strict=True) if not second], charges)
    work.db.add_all(rows)
    work.db.flush()
    for row in rows:
        record(
            work,
            "adjust",
            "adjustment",
            row.id,
            number=row.number,
            kind=row.kind.value,
            amount=row.amount.plain(),
            status=row.status.value,
        )
    work.touch(Topic.LEDGER, Topic.PATIENTS, Topic.SESSIONS)
    return _result(work, rows)


def _require_open(work: Work, wanted: Sequence[NewAdjustment], charges: dict[int, Charge]) -> None:
    waiting = waiting_for(work, charges)
    left = {
        (charge.id, side): open_of(charge, side) - waiting.get((charge.id, side), 0)
        for charge in charges.values()
        for side in Side
    }
    recorded = [one for one in wanted if one.recorded]
    if recorded:
        _require_recorded(work, recorded, charges)
    for one in wanted:
        if one.recorded:
            continue
        charge = charges.get(one.charge_id)
        why = unfit(charge, one.leaves(), one.amount, left)
        if why is None and charge is not None:
            why = _not_for(one, charge)
        if why is not None:
            hint = f"{NOTHING} Look at the open charges again."
            if waiting.get((one.charge_id, one.leaves())):
                hint = f"{NOTHING} A part of it waits for approval already."
            raise Problem(why, hint=hint)
        left[one.charge_id, one.leaves()] -= one.amount.cents


def _require_recorded(
    work: Work, wanted: Sequence[NewAdjustment], charges: dict[int, Charge]
) -> None:
    waiting = waiting_recorded(work, charges)
    left = written_off_open(work, list(charges))
    for one in wanted:
        cents = left.get(one.charge_id, 0) - waiting.get(one.charge_id, 0)
        why = unfit_recorded(charges.get(one.charge_id), one.amount, cents)
        if why is not None:
            hint = f"{NOTHING} Look at the list of account 1060 again."
            if waiting.get(one.charge_id):
                hint = f"{NOTHING} It waits for approval already."
            raise Problem(why, hint=hint)
        left[one.charge_id] -= one.amount.cents


def _not_for(one: NewAdjustment, charge: Charge) -> str | None:
    """Return why the charge cannot take this kind, or None."""
    what = about_charge(charge)
    if one.kind is AdjustmentKind.TO_PAYER and charge.payer_id is None:
        return f"{what} has no payer that could owe it."
    first = charge.first_day or charge.service_day
    if one.on is not None and one.on < first:
        return f"{what} stands in the books since {first:%m/%d/%Y}, not on {one.on:%m/%d/%Y}."
    return None


def _request(
    work: Work,
    asked: Sequence[NewAdjustment],
    charges: dict[int, Charge],
    together: tuple[RequestKind, str] | None,
) -> ApprovalRequest | None:
    """Ask for approval; return None where one person decides alone."""
    sums: dict[int, int] = defaultdict(int)
    for one in asked:
        sums[charges[one.charge_id].patient_id] += abs(one.amount.cents)
    band = band_of(work, sums, alone=together is None)
    if band.needs is None:
        return None
    kind, reason = together or (RequestKind.WRITE_OFF, _reason(asked))
    return approvals.ask(
        work,
        kind,
        amount=sum((one.amount for one in asked), ZERO),
        count=len(asked),
        reason=reason,
        needs=band.needs,
        why=band.why,
    )


def _lock_accounts(work: Work, wanted: Sequence[NewAdjustment]) -> None:
    ids = {one.charge_id for one in wanted}
    patients = work.db.scalars(select(Charge.patient_id).where(among(work, Charge.id, ids)))
    lock_accounts(work, set(patients))


def _reason(asked: Sequence[NewAdjustment]) -> str:
    reasons = list(dict.fromkeys(one.reason for one in asked))
    first = text_of(reasons[0], "the reason", longest=300, required=True)
    return first if len(reasons) == 1 else f"{first[:270]} and {len(reasons) - 1} other reasons"


def _rows(
    work: Work,
    wanted: Sequence[NewAdjustment],
    charges: dict[int, Charge],
    request_key: str | None,
    today: date,
) -> list[Adjustment]:
    taken = reserve_numbers(work, SERIES, today.year, len(wanted))
    return [
        Adjustment(
            number=number_text(SERIES, today.year, number),
            kind=one.kind,
            side=one.leaves(),
            charge_id=one.charge_id,
            patient_id=charges[one.charge_id].patient_id,
            amount=one.amount,
            reason=text_of(one.reason, "the reason", longest=300, required=True),
            group_code=one.group_code,
            carc=one.carc,
            rarc=one.rarc,
            on=one.on or today,
            status=AdjustmentStatus.WAITING,
            recorded=one.recorded,
            payment_id=one.payment_id,
            request_key=request_key,
            made_by=work.actor.staff_id,
            made_at=work.now(),
        )
        for number, one in zip(taken, wanted, strict=True)
    ]


def _made_before(
    work: Work, wanted: Sequence[NewAdjustment], request_key: str | None
) -> Adjusted | None:
    if key_of(request_key) is None:
        return None
    rows = list(
        work.db.scalars(
            select(Adjustment).filter_by(request_key=request_key).order_by(Adjustment.id)
        )
    )
    if not rows:
        return None
    if [(row.charge_id, row.kind, row.side, row.amount) for row in rows] != [
        (one.charge_id, one.kind, one.leaves(), one.amount) for one in wanted
    ]:
        raise Problem(
            f"{rows[0].number} was made under the same key with other facts.",
            hint=f"{NOTHING} Enter this one anew.",
        )
    return _result(work, rows, repeated=True)


def _result(work: Work, rows: Sequence[Adjustment], *, repeated: bool = False) -> Adjusted:
    asked = next((row.request_id for row in rows if row.request_id is not None), None)
    request = None if asked is None else work.db.get(ApprovalRequest, asked)
    statuses = [row.status for row in rows]
    return Adjusted(
        tuple(row.id for row in rows),
        sum((row.amount for row in rows), ZERO),
        statuses.count(AdjustmentStatus.POSTED),
        statuses.count(AdjustmentStatus.WAITING),
        asked,
        "" if request is None else request.number,
        "" if request is None else request.needs,
        approvals.why_higher(work, asked),
        repeated,
    )
