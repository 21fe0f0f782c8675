"""What posting a file will leave to a person, foreseen from its plan, in the words of `needs`.

Nothing is written. What the checks of the file do to each other counts: a denial that a later
check of it pays is no work, and an amount that a later one settles is not to explain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.remittance import Fate
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PAYER_CREDITS
from fscdesk.services.remittances.answered import (
    REVERSAL,
    Cas,
    Decided,
    DecidedClaim,
    DecidedLine,
    cas_of,
)
from fscdesk.services.remittances.charge_stand import ChargeStand
from fscdesk.services.remittances.fee_answers import PATIENT
from fscdesk.services.remittances.foreseeing import Foreseen
from fscdesk.services.remittances.incoming import EraPlan
from fscdesk.services.remittances.needs import (
    TAKEN,
    Need,
    NeedKind,
    denied_words,
    explain_words,
    low_words,
)
from fscdesk.services.remittances.partners import OpenItem
from fscdesk.services.remittances.posting_order import posting_order
from fscdesk.services.remittances.rules import CAPITATION
from fscdesk.services.work import Work


class _Billed(NamedTuple):
    """Whose a charge is, and how it was billed."""

    patient: str
    code: str


@dataclass(frozen=True, slots=True)
class _After:
    """How a payer's charges and items stand once the whole file is posted.

    ``newest`` is the check (by place) whose answer to a charge is held against its fee.
    """

    stands: Mapping[int, ChargeStand]
    items: Collection[OpenItem]
    newest: Mapping[int, int]
    billed: Mapping[int, _Billed]


def needs_foreseen(work: Work, plan: EraPlan) -> tuple[tuple[Need, ...], ...]:
    """Return for each check of a plan what posting it will leave to do; nothing where it waits.

    ``remittance_id`` is 0, as nothing is kept yet, and so is the number of what is to explain
    (``about`` is empty there): it is given when it is posted.
    """
    foreseen = Foreseen(work)
    made: dict[int, set[int]] = {}
    going: dict[int, Decided] = {}
    for at in posting_order(work, [one.remittance for one in plan.transactions]):
        one = plan.transactions[at]
        payer_id = one.remittance.payer_id
        if not one.goes or one.decided is None or payer_id is None:
            continue
        before = {item.item_id for item in foreseen.items(payer_id)}
        foreseen.note(one.decided)
        made[at] = {item.item_id for item in foreseen.items(payer_id)} - before
        going[at] = one.decided
    after = {
        payer_id: _after(work, foreseen, payer_id, going)
        for payer_id in {one.remittance.payer_id for one in going.values()} - {None}
        if payer_id is not None
    }
    return tuple(
        tuple(_of_check(at, going[at], made[at], after[going[at].remittance.payer_id or 0]))
        if at in going
        else ()
        for at in range(len(plan.transactions))
    )


def _after(work: Work, foreseen: Foreseen, payer_id: int, going: Mapping[int, Decided]) -> _After:
    newest: dict[int, int] = {}
    charges: set[int] = set()
    for at, decided in going.items():
        if decided.remittance.payer_id != payer_id:
            continue
        for claim, line in _lines(decided):
            charge_id = line.line.charge_id or 0
            charges.add(charge_id)
            if _answers_fee(claim, line):
                newest[charge_id] = at
    billed = {
        row.id: _Billed(row.name, f"{row.code} {row.modifiers}".strip())
        for row in work.db.execute(
            select(Charge.id, Patient.name, Charge.code, Charge.modifiers)
            .join(Patient, Patient.id == Charge.patient_id)
            .where(among(work, Charge.id, newest))
        )
    }
    return _After(foreseen.stands(charges, payer_id), foreseen.items(payer_id), newest, billed)


def _of_check(at: int, decided: Decided, made: Collection[int], after: _After) -> Iterator[Need]:
    yield from _denials(decided, after)
    yield from _to_explain(made, after)
    yield from _too_little(at, decided, after)


def _lines(decided: Decided) -> Iterator[tuple[DecidedClaim, DecidedLine]]:
    """Yield the lines that post and move something, in the order of the check."""
    for claim in decided.claims:
        if claim.fate is not Fate.POSTED or claim.netted:
            continue
        for line in claim.lines:
            if line.fate is Fate.POSTED and line.line.charge_id is not None:
                yield claim, line


def _denials(decided: Decided, after: _After) -> Iterator[Need]:
    for claim, line in _lines(decided):
        stand = after.stands.get(line.line.charge_id or 0)
        if line.denied and stand is not None and stand.open > 0:
            words = denied_words(stand.service_day, stand.code, line.denied)
            yield Need(0, NeedKind.DENIED, claim.claim.number, words, Money(stand.open))


def _to_explain(made: Collection[int], after: _After) -> Iterator[Need]:
    for item in after.items:
        ours = item.item_id in made and item.kind in TAKEN and item.account != PAYER_CREDITS
        if ours and item.left:
            words = explain_words(item.reason, item.reference, taken=item.left > 0)
            yield Need(0, NeedKind.TO_EXPLAIN, "", words, Money(abs(item.left)))


def _too_little(at: int, decided: Decided, after: _After) -> Iterator[Need]:
    """Yield what stays below its fee: each charge once, by the newest answer that says one."""
    lines = {
        line.line.charge_id or 0: (claim, line)
        for claim, line in _lines(decided)
        if _answers_fee(claim, line) and after.newest[line.line.charge_id or 0] == at
    }
    for charge_id in sorted(lines, key=lambda one: after.stands[one].service_day):
        claim, line = lines[charge_id]
        if any(one.carc in CAPITATION for one in (*line.line.cas, *claim.claim.cas)):
            continue
        stand, billed = after.stands[charge_id], after.billed[charge_id]
        expected = line.expected or 0
        # What comes later as the rest does not say the client's part again.
        share = max(_share([*line.line.cas, *_part(claim, line)]), *_shares(stand))
        short = expected - stand.paid.total - share
        if short > 0:
            words = low_words(stand.service_day, billed.code, Money(expected))
            yield Need(0, NeedKind.UNDERPAID, billed.patient, words, Money(short))


def _answers_fee(claim: DecidedClaim, line: DecidedLine) -> bool:
    """Return whether a line is held against its fee: no denial, nothing that is taken back."""
    takes_back = claim.claim.status == REVERSAL and line.line.paid <= 0
    return line.expected is not None and not line.denied and not takes_back


def _shares(stand: ChargeStand) -> Iterator[int]:
    """Yield what each answer that stands leaves to the client."""
    yield 0
    for said in stand.said:
        if not said.back and said.reverses_id is None:
            yield _share(cas_of(said.adjustments))


def _share(found: Collection[Cas]) -> int:
    return sum(one.cents for one in found if one.group == PATIENT)


def _part(claim: DecidedClaim, line: DecidedLine) -> list[Cas]:
    """Return what the head of the claim says of a line, by what was billed."""
    whole = claim.claim.charge
    if not whole:
        return []
    return [one._replace(cents=one.cents * line.line.charge // whole) for one in claim.claim.cas]
