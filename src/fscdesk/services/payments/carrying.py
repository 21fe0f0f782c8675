"""Carries what was paid and adjusted over when charges are voided and made anew.

A charge is never edited: what changes in SimplePractice is voided by reversing entries, and new
charges take its place. Reversing gives each application back to its credit and takes each
adjustment out; here both are put onto the new charges of the same session, as far as they fit.
Money that does not fit stays a credit, an adjustment that does not fit stays out: both are said,
before it happens (``foresee``) and when it has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.invoice import CreditMemo
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_posting import written_off_open
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE, PATIENT_RECEIVABLE
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import open_of
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.applying import Application, apply_many
from fscdesk.services.payments.fitting import AdjustedPart, PaidPart, Place, fit, scaled
from fscdesk.services.work import Work

CHUNK = 400
RECEIVABLES = {PATIENT_RECEIVABLE: Side.PATIENT, INSURANCE_RECEIVABLE: Side.INSURANCE}


@dataclass(frozen=True, slots=True)
class Carried:
    """What stood on the live charges of sessions before they were voided."""

    paid: tuple[PaidPart, ...] = ()
    adjustments: tuple[AdjustedPart, ...] = ()


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


def standing_work(work: Work, session_ids: Iterable[int]) -> Carried:
    """Return what payments and adjustments stand on the live charges of these sessions.

    What closes account 1060 is left out: settling finds it a new place by itself.
    """
    wanted = sorted(set(session_ids))
    paid: list[PaidPart] = []
    adjusted: list[AdjustedPart] = []
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
        adjusted += _adjusted(work, charges)
    return Carried(tuple(paid), tuple(adjusted))


def foresee(
    work: Work, carried: Carried, places: Iterable[Place], where: Mapping[int, str]
) -> list[Finding]:
    """Return what ``carry_over`` would say of charges that are to be; nothing is written.

    ``where`` says of a session how people find it.
    """
    return _said(work, fit(carried.adjustments, carried.paid, places).left, where)


def carry_over(
    work: Work,
    carried: Carried,
    *,
    on: date,
    batch_id: int | None,
    where: Mapping[int, str] | None = None,
) -> list[Finding]:
    """Put what stood on voided charges onto the live charges of the same sessions.

    Adjustments come first, as they did when the money was applied. Returns a finding for what
    did not fit; ``where`` says of a session how people find it.
    """
    if not (carried.paid or carried.adjustments):
        return []
    work.db.flush()
    work.db.expire_all()
    sessions = {one.session_id for one in carried.paid}
    sessions |= {one.session_id for one in carried.adjustments}
    charges = {
        one.id: one
        for one in work.db.scalars(
            select(Charge)
            .where(among(work, Charge.session_id, sessions), Charge.voided_on.is_(None))
            .order_by(Charge.id)
        )
    }
    fitted = fit(carried.adjustments, carried.paid, _places(work, charges))
    for part in carried.adjustments:
        work.db.get_one(Adjustment, part.adjustment_id).status = AdjustmentStatus.REVERSED
    work.db.flush()
    for part, charge_id, cents in fitted.adjusted:
        _adjust_again(work, part, charges[charge_id], cents, on, batch_id)
    apply_many(
        work,
        [
            (part.credit_id, Application(charge_id, Money(cents), part.side))
            for part, charge_id, cents in fitted.paid
        ],
        on=on,
        batch_id=batch_id,
    )
    return _said(work, fitted.left, where or {})


def _places(work: Work, charges: Mapping[int, Charge]) -> list[Place]:
    written, payers = written_off_open(work, list(charges)), payers_of(work, list(charges))
    return [
        Place(
            key=one.id,
            session_id=one.session_id or 0,
            position=one.position,
            open={side: open_of(one, side) for side in Side},
            written_off=written.get(one.id, 0),
            payers=frozenset(payers.get(one.id, ())),
        )
        for one in charges.values()
    ]


def _said(
    work: Work,
    left: Sequence[tuple[AdjustedPart | PaidPart, int]],
    where: Mapping[int, str],
) -> list[Finding]:
    """Say of each payment and adjustment how much of it does not fit its session any more."""
    sums: dict[tuple[int, str, str, str], int] = defaultdict(int)
    money = _money_words(work, {part.credit_id for part, _ in left if isinstance(part, PaidPart)})
    for part, cents in left:
        if isinstance(part, PaidPart):
            key = ("payment-freed", money[part.credit_id], "It is kept as a credit.")
        else:
            number = work.db.get_one(Adjustment, part.adjustment_id).number
            key = ("adjustment-dropped", f"adjustment {number}", "It is not adjusted any more.")
        sums[part.session_id, *key] += cents
    return [
        Finding(
            code,
            f"{Money(cents)} of {what} no longer fits this session. {then}",
            where.get(session_id, f"session {session_id}"),
            Severity.WARNING,
        )
        for (session_id, code, what, then), cents in sums.items()
    ]


def _money_words(work: Work, credit_ids: set[int]) -> dict[int, str]:
    found = work.db.execute(
        select(Credit.id, Payment.number, CreditMemo.number)
        .outerjoin(Payment, Payment.id == Credit.payment_id)
        .outerjoin(CreditMemo, CreditMemo.credit_id == Credit.id)
        .where(among(work, Credit.id, credit_ids))
    )
    return {
        credit_id: f"payment {payment}"
        if payment
        else f"credit memo {memo}"
        if memo
        else "a credit"
        for credit_id, payment, memo in found
    }


def _adjusted(work: Work, charges: dict[int, tuple[int, int]]) -> list[AdjustedPart]:
    rows = work.db.execute(
        select(Adjustment, Payment.payer_id)
        .outerjoin(Payment, Payment.id == Adjustment.payment_id)
        .where(
            Adjustment.charge_id.in_(charges),
            Adjustment.status == AdjustmentStatus.POSTED,
        )
        .order_by(Adjustment.id)
    ).all()
    lines: dict[int | None, list[JournalLine]] = defaultdict(list)
    for line in work.db.scalars(
        select(JournalLine)
        .where(JournalLine.entry_id.in_([one.entry_id for one, _ in rows]))
        .order_by(JournalLine.id)
    ):
        lines[line.entry_id].append(line)
    return [
        AdjustedPart(
            *charges[one.charge_id],
            adjustment_id=one.id,
            side=one.side,
            cents=one.amount.cents,
            moves=tuple(
                (line.account, line.part, line.amount.cents) for line in lines[one.entry_id]
            ),
            recorded=one.recorded,
            payer_id=payer_id,
        )
        for one, payer_id in rows
    ]


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
    drawn: dict[int, tuple[int, int | None]] = {}
    tails = standing(work, applied)
    for start in range(0, len(tails), CHUNK):
        for line, payer_id in work.db.execute(
            select(JournalLine, Credit.payer_id)
            .outerjoin(Credit, Credit.id == JournalLine.credit_id)
            .where(JournalLine.entry_id.in_(tails[start : start + CHUNK]))
        ):
            if line.credit_id is not None:
                drawn[line.entry_id] = line.credit_id, payer_id
            elif line.account in RECEIVABLES and line.charge_id is not None:
                side = RECEIVABLES[line.account]
                sides[line.entry_id] = (line.charge_id, side, -line.amount.cents)
    for entry_id in sorted(sides):
        charge_id, side, cents = sides[entry_id]
        credit_id, payer_id = drawn[entry_id]
        parts.append(PaidPart(*charges[charge_id], credit_id, side, cents, payer_id))
    return parts


def _adjust_again(
    work: Work, part: AdjustedPart, charge: Charge, cents: int, on: date, batch_id: int | None
) -> None:
    """Post so many cents of an adjustment anew."""
    old = work.db.get_one(Adjustment, part.adjustment_id)
    entry = work.db.get_one(JournalEntry, old.entry_id)
    draft = Draft(
        on=on,
        kind=entry.kind,
        memo=f"{old.number}, carried over",
        legs=tuple(Leg(account, moved, of) for account, of, moved in scaled(part, cents)),
        about=About.of_charge(charge, old.payment_id),
    )
    (entry_id,) = post_all(work, [draft], batch_id=batch_id)
    work.db.add(_copy(work, old, charge, Money(cents), on, entry_id))
    work.db.flush()


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
        recorded=old.recorded,
        request_id=old.request_id,
        payment_id=old.payment_id,
        entry_id=entry_id,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
