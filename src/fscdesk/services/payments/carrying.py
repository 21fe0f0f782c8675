"""Carries what was paid and adjusted over when charges are voided and made anew.

A charge is never edited: what changes in SimplePractice is voided by reversing entries, and new
charges take its place. Reversing gives each application back to its credit and takes each
adjustment out; here both are put onto the new charges of the same session, as far as they fit.
Money that does not fit stays a credit, an adjustment that does not fit stays out: both are said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.plan import PlanCharge
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
)
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import open_of
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.applying import Application, apply_many
from fscdesk.services.work import Work

CHUNK = 400
RECEIVABLES = {PATIENT_RECEIVABLE: Side.PATIENT, INSURANCE_RECEIVABLE: Side.INSURANCE}


@dataclass(frozen=True, slots=True)
class PaidPart:
    """Cents of a credit that paid one side of a session's charge at some position."""

    session_id: int
    position: int
    credit_id: int
    side: Side
    cents: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What stood on the live charges of sessions before they were voided."""

    paid: tuple[PaidPart, ...] = ()
    adjustments: tuple[tuple[int, int, int], ...] = ()  # session, position, adjustment


def sessions_with_work(work: Work) -> frozenset[int]:
    """Return the sessions on whose live charges payments or adjustments of ours stand."""
    paid = (
        select(JournalLine.session_id)
        .where(JournalLine.payment_id.is_not(None), JournalLine.session_id.is_not(None))
        .group_by(JournalLine.session_id, JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != Money())
    )
    adjusted = (
        select(Charge.session_id)
        .join(Adjustment, Adjustment.charge_id == Charge.id)
        .where(Adjustment.status == AdjustmentStatus.POSTED, Charge.session_id.is_not(None))
    )
    return frozenset(one for one in (*work.db.scalars(paid), *work.db.scalars(adjusted)) if one)


def applied_by_session(work: Work) -> dict[int, tuple[int, int]]:
    """Return what stands applied of payments to each session: clients' and payers' cents."""
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for session_id, account, total in work.db.execute(
        select(JournalLine.session_id, JournalLine.account, func.sum(JournalLine.amount))
        .where(
            JournalLine.payment_id.is_not(None),
            JournalLine.session_id.is_not(None),
            JournalLine.account.in_(RECEIVABLES),
        )
        .group_by(JournalLine.session_id, JournalLine.account)
    ):
        sums[session_id or 0][account] -= total.cents
    return {
        session_id: (by[PATIENT_RECEIVABLE], by[INSURANCE_RECEIVABLE])
        for session_id, by in sums.items()
    }


def sessions_held(work: Work) -> frozenset[int]:
    """Return the sessions whose charges stand in an active plan or at a collection agency.

    Their charges were agreed with somebody: an import must not exchange them.
    """
    in_plan = select(Charge.session_id).join(PlanCharge, PlanCharge.live == Charge.id)
    at_agency = (
        select(JournalLine.session_id)
        .where(JournalLine.account == AT_AGENCY)
        .group_by(JournalLine.session_id)
        .having(func.sum(JournalLine.amount) != Money())
    )
    return frozenset(one for one in (*work.db.scalars(in_plan), *work.db.scalars(at_agency)) if one)


def standing_work(work: Work, session_ids: Iterable[int]) -> Carried:
    """Return what payments and adjustments stand on the live charges of these sessions.

    What closes account 1060 is left out: settling finds it a new place by itself.
    """
    wanted = sorted(set(session_ids))
    paid: list[PaidPart] = []
    adjusted: list[tuple[int, int, int]] = []
    for start in range(0, len(wanted), CHUNK):
        charges = {
            row.id: (row.session_id, row.position)
            for row in work.db.execute(
                select(Charge.id, Charge.session_id, Charge.position).where(
                    Charge.session_id.in_(wanted[start : start + CHUNK]),
                    Charge.voided_on.is_(None),
                )
            )
        }
        paid += _paid(work, charges)
        adjusted += [
            (*charges[row.charge_id], row.id)
            for row in work.db.execute(
                select(Adjustment.id, Adjustment.charge_id)
                .where(
                    Adjustment.charge_id.in_(charges),
                    Adjustment.status == AdjustmentStatus.POSTED,
                )
                .order_by(Adjustment.id)
            )
        ]
    return Carried(tuple(paid), tuple(adjusted))


def carry_over(work: Work, carried: Carried, *, on: date, batch_id: int | None) -> list[Finding]:
    """Put what stood on voided charges onto the live charges of the same sessions.

    Adjustments come first, as they did when the money was applied. Returns a finding for each
    session where something did not fit.
    """
    if not (carried.paid or carried.adjustments):
        return []
    work.db.expire_all()
    findings: list[Finding] = []
    for session_id, position, adjustment_id in carried.adjustments:
        old = work.db.get_one(Adjustment, adjustment_id)
        left = _adjust_again(work, old, _at(work, session_id, position), on, batch_id)
        if left:
            findings.append(
                _finding(
                    "adjustment-dropped", f"{old.number}: {Money(left)} was adjusted", session_id
                )
            )
    for part in carried.paid:
        left = _apply_again(work, part, on, batch_id)
        if left:
            findings.append(
                _finding(
                    "payment-freed",
                    f"{Money(left)} of a payment was applied",
                    session_id=part.session_id,
                )
            )
    return findings


def _finding(code: str, what: str, session_id: int) -> Finding:
    return Finding(
        code,
        f"{what} to a session that costs less now. What does not fit was set free.",
        f"session {session_id}",
        Severity.WARNING,
    )


def _paid(work: Work, charges: dict[int, tuple[int, int]]) -> list[PaidPart]:
    applied = list(
        work.db.scalars(
            select(JournalEntry.id).where(
                JournalEntry.charge_id.in_(charges), JournalEntry.kind == EntryKind.APPLIED
            )
        )
    )
    parts: list[PaidPart] = []
    sides: dict[int, tuple[int, Side, int]] = {}
    drawn: dict[int, int] = {}
    tails = standing(work, applied)
    for start in range(0, len(tails), CHUNK):
        for line in work.db.scalars(
            select(JournalLine).where(JournalLine.entry_id.in_(tails[start : start + CHUNK]))
        ):
            if line.credit_id is not None:
                drawn[line.entry_id] = line.credit_id
            elif line.account in RECEIVABLES and line.charge_id is not None:
                side = RECEIVABLES[line.account]
                sides[line.entry_id] = (line.charge_id, side, -line.amount.cents)
    for entry_id in sorted(sides):
        charge_id, side, cents = sides[entry_id]
        session_id, position = charges[charge_id]
        parts.append(PaidPart(session_id, position, drawn[entry_id], side, cents))
    return parts


def _at(work: Work, session_id: int, position: int) -> list[Charge]:
    """Return the live charges of a session, the one at this position first."""
    live = work.db.scalars(
        select(Charge)
        .where(Charge.session_id == session_id, Charge.voided_on.is_(None))
        .order_by(Charge.position, Charge.id)
        .execution_options(populate_existing=True)
    )
    return sorted(live, key=lambda charge: (charge.position != position, charge.position))


def _apply_again(work: Work, part: PaidPart, on: date, batch_id: int | None) -> int:
    """Apply the money again and return the cents that found no place."""
    left = part.cents
    parts: list[tuple[int, Application]] = []
    for charge in _at(work, part.session_id, part.position):
        fits = max(0, min(left, open_of(charge, part.side)))
        if fits:
            parts.append((part.credit_id, Application(charge.id, Money(fits), part.side)))
            left -= fits
    apply_many(work, parts, on=on, batch_id=batch_id)
    return left


def _adjust_again(
    work: Work, old: Adjustment, charges: Sequence[Charge], on: date, batch_id: int | None
) -> int:
    """Post an adjustment anew on the first live charge with room; return the cents left out."""
    entry = work.db.get_one(JournalEntry, old.entry_id)
    legs = list(work.db.scalars(select(JournalLine).where(JournalLine.entry_id == entry.id)))
    old.status = AdjustmentStatus.REVERSED
    work.db.flush()
    cents = old.amount.cents
    for charge in charges:
        fits = cents if cents < 0 else max(0, min(cents, open_of(charge, old.side)))
        if not fits:
            continue
        draft = Draft(
            on=on,
            kind=entry.kind,
            memo=f"{old.number}, carried over",
            legs=tuple(
                Leg(line.account, line.amount.cents * fits // cents, line.part) for line in legs
            ),
            about=_about(charge, old.payment_id),
        )
        (entry_id,) = post_all(work, [draft], batch_id=batch_id)
        work.db.add(_copy(work, old, charge, Money(fits), on, entry_id))
        work.db.flush()
        work.db.expire(charge)
        return cents - fits
    return cents


def _copy(
    work: Work, old: Adjustment, charge: Charge, amount: Money, on: date, entry_id: int
) -> Adjustment:
    return Adjustment(
        number=next_number(work, "ADJ", on.year),
        kind=old.kind,
        side=old.side,
        charge_id=charge.id,
        patient_id=charge.patient_id,
        amount=amount,
        reason=old.reason,
        group_code=old.group_code,
        carc=old.carc,
        rarc=old.rarc,
        on=on,
        status=AdjustmentStatus.POSTED,
        request_id=old.request_id,
        payment_id=old.payment_id,
        entry_id=entry_id,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )


def _about(charge: Charge, payment_id: int | None) -> About:
    return About(
        patient_id=charge.patient_id,
        guarantor_id=charge.guarantor_id,
        session_id=charge.session_id,
        charge_id=charge.id,
        payer_id=charge.payer_id,
        provider_id=charge.provider_id,
        payment_id=payment_id,
    )
