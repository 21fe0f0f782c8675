"""Reads kept remittances back as what was answered, the way ``deciding`` and screens need them.

What only a decision had said (a rule blocked it, an earlier payer is awaited) is not read back:
it is decided anew each time. What matching found stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Row, select

from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    Unposted,
)
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Plb,
    cas_of,
)
from fscdesk.services.remittances.keeping import CARRIED_FORWARD
from fscdesk.services.work import Work

FOUND: Final = frozenset(
    {
        Unposted.NOT_OURS,
        Unposted.NO_LINE,
        Unposted.TWO_ALIKE,
        Unposted.OTHER_PAYER,
        Unposted.VOIDED,
        Unposted.AMOUNT_DIFFERS,
        Unposted.OUT_OF_BALANCE,
        Unposted.UNREADABLE,
        Unposted.NOT_ITEMISED,
        Unposted.PREDETERMINATION,
    }
)
"""Reasons that reading and matching give; every other one is a decision's."""
_OF_THE_CLAIM: Final = frozenset(
    {
        Unposted.NOT_OURS,
        Unposted.OUT_OF_BALANCE,
        Unposted.UNREADABLE,
        Unposted.PREDETERMINATION,
    }
)
"""Reasons that stay with a claim though each of its lines has found its charge."""


def load(work: Work, remittance_id: int) -> AnsweredRemittance:
    """Return what a remittance says, with what was matched. Raises Problem for an unknown one."""
    found = load_many(work, [remittance_id])
    if not found:
        raise Problem("This remittance is not in the books.", hint="Look at the list again.")
    return found[remittance_id]


def load_many(work: Work, remittance_ids: Collection[int]) -> dict[int, AnsweredRemittance]:
    """Return what remittances say, by their ids; unknown ones are left out."""
    claims = _claims(work, remittance_ids)
    plbs = _plbs(work, remittance_ids)
    return {
        row.id: AnsweredRemittance(
            payer_id=row.payer_id,
            amount=row.amount.cents,
            method=row.method,
            paid_on=row.paid_on,
            trace=row.trace,
            claims=tuple(claims.get(row.id, ())),
            plbs=tuple(plbs.get(row.id, ())),
            payer_name=row.payer_name,
            payer_code=row.payer_code,
            payee_npi=row.payee_npi,
            control=row.control,
            position=row.position,
            test=row.test,
            check_off=row.check_off.cents,
            claims_off=row.claims_off,
            services_off=row.services_off,
            remittance_id=row.id,
        )
        for row in work.db.scalars(
            select(Remittance)
            .where(among(work, Remittance.id, remittance_ids))
            .order_by(Remittance.id)
        )
    }


def _claims(work: Work, remittance_ids: Collection[int]) -> dict[int, list[AnsweredClaim]]:
    table = RemittanceClaim.__table__
    lines = _lines(work, remittance_ids)
    found: dict[int, list[AnsweredClaim]] = defaultdict(list)
    for row in work.db.execute(
        select(table)
        .where(among(work, table.c.remittance_id, remittance_ids))
        .order_by(table.c.remittance_id, table.c.position)
    ):
        found[row.remittance_id].append(_claim(row, lines.get(row.id, [])))
    return found


def _claim(row: Row[Any], lines: list[AnsweredLine]) -> AnsweredClaim:
    why = _why(row.why)
    if why not in _OF_THE_CLAIM and all(
        one.charge_id is not None and one.why is None for one in lines
    ):
        why = None
    return AnsweredClaim(
        position=row.position,
        number=row.number,
        status=row.status_code,
        charge=row.charge.cents,
        paid=row.paid.cents,
        patient_share=row.patient_share.cents,
        cas=cas_of(row.adjustments),
        lines=tuple(lines),
        payer_number=row.payer_number,
        frequency=row.frequency,
        patient_name=row.patient_name,
        member_id=row.member_id,
        corrected=row.corrected,
        forwarded=row.forwarded,
        forwarded_to=row.forwarded_to,
        interest=row.interest.cents,
        remarks=tuple(row.remarks.split()),
        received_on=row.received_on,
        first_day=row.first_day,
        last_day=row.last_day,
        off=row.off.cents,
        readable=why is not Unposted.UNREADABLE,
        claim_id=row.claim_id,
        patient_id=row.patient_id,
        matched_by=row.matched_by,
        why=why,
        words="" if why is None else row.words,
        row_id=row.id,
        posted=row.fate is Fate.POSTED,
        closed=row.fate is Fate.CLOSED,
    )


def _lines(work: Work, remittance_ids: Collection[int]) -> Mapping[int, list[AnsweredLine]]:
    table, claim = RemittanceLine.__table__, RemittanceClaim.__table__
    found: dict[int, list[AnsweredLine]] = defaultdict(list)
    for row in work.db.execute(
        select(table)
        .join(claim, claim.c.id == table.c.remittance_claim_id)
        .where(among(work, claim.c.remittance_id, remittance_ids))
        .order_by(table.c.remittance_claim_id, table.c.position)
    ):
        found[row.remittance_claim_id].append(_line(row))
    return found


def _line(row: Row[Any]) -> AnsweredLine:
    why = _why(row.why)
    return AnsweredLine(
        position=row.position,
        code=row.code,
        charge=row.charge.cents,
        paid=row.paid.cents,
        cas=cas_of(row.adjustments),
        modifiers=tuple(row.modifiers.split()),
        billed_code=row.billed_code,
        units=row.units,
        allowed=None if row.allowed is None else row.allowed.cents,
        first_day=row.first_day,
        last_day=row.last_day,
        line_id=row.line_id,
        remarks=tuple(row.remarks.split()),
        charge_id=row.charge_id,
        claim_line_id=row.claim_line_id,
        matched_by=row.matched_by,
        why=why,
        words="" if why is None else row.words,
        # A service always has a code; the one line of a claim without services has none.
        itemised=bool(row.code or row.billed_code or row.line_id),
        row_id=row.id,
    )


def _why(stored: str) -> Unposted | None:
    why = Unposted(stored) if stored else None
    return why if why in FOUND else None


def _plbs(work: Work, remittance_ids: Collection[int]) -> dict[int, list[Plb]]:
    found: dict[int, list[Plb]] = defaultdict(list)
    for row in work.db.execute(
        select(
            Recoupment.remittance_id,
            Recoupment.reason_code,
            Recoupment.reference,
            Recoupment.amount,
            Recoupment.provider,
        )
        .where(
            among(work, Recoupment.remittance_id, remittance_ids),
            Recoupment.remittance_claim_id.is_(None),
            Recoupment.note != CARRIED_FORWARD,
        )
        .order_by(Recoupment.id)
    ):
        theirs = found[row.remittance_id]
        place = len(theirs) + 1
        one = Plb(place, row.reason_code, row.reference, row.amount.cents, row.provider)
        theirs.append(one)
    return found
