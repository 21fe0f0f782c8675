"""What a plan of the payment export holds against its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.importing.readers.payment_export import PaymentExportRow
from fscdesk.services.importing.reports.known_payments import (
    GUARANTOR,
    NEAR,
    PATIENT,
    PAYER,
    KnownPayment,
    KnownRefund,
    Owner,
    WhoPaid,
    payments_with_keys,
    payments_without_id,
    refunds_of,
)
from fscdesk.services.importing.reports.payment_words import (
    IDS,
    LONGEST_KEY,
    ROWS,
    key_of,
    method_of,
)
from fscdesk.services.importing.reports_engine import Planning
from fscdesk.services.patients.names import alias_key
from fscdesk.services.payments.reported import holdings

Plan = Planning[PaymentExportRow]


@dataclass(slots=True)
class State:
    """The books' payments and refunds, and what the rows have taken of them so far.

    ``free`` counts what can still go back to somebody, in cents.
    """

    keys: list[str]
    known: dict[str, KnownPayment]
    unlinked: dict[Owner, list[KnownPayment]]
    refunds: dict[str, KnownRefund]
    loose_refunds: list[KnownRefund]
    pays_for: dict[int, int]  # client: guarantor
    seen: dict[str, int] = field(default_factory=dict)
    drawn: dict[Owner, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[Owner, list[tuple[date, int]]] = field(default_factory=dict)
    coming: dict[Owner, list[tuple[date, int]]] | None = None
    who_paid: WhoPaid | None = None


def read_state(planning: Plan) -> State:
    """Read the payments and refunds of the books that the rows may be."""
    work, report = planning.work, planning.report
    keys = _keys(report.rows)
    first, last = report.first_day or planning.day, report.last_day or planning.day
    unlinked: dict[Owner, list[KnownPayment]] = defaultdict(list)
    for one in payments_without_id(work, first, last):
        unlinked[one.owner].append(one)
    refunds, wanted = refunds_of(work, first, last, keys), set(keys)
    return State(
        keys=keys,
        known=payments_with_keys(work, keys),
        unlinked=unlinked,
        refunds={one.key: one for one in refunds if one.key in wanted and one.key},
        loose_refunds=[
            one for one in refunds if one.key is None or not one.key.startswith((IDS, ROWS))
        ],
        pays_for={one: facts[2] for one, facts in planning.known.patients.items()},
    )


def _keys(rows: Sequence[PaymentExportRow]) -> list[str]:
    """Return the key of each row; equal rows without an id are numbered."""
    keys, times = list[str](), dict[str, int]()
    for row in rows:
        told = row.payment_id.strip()
        if told:
            short = len(told) <= LONGEST_KEY - len(IDS)
            keys.append(f"{IDS}{told}" if short else key_of(IDS, "long", told))
            continue
        facts = (
            *(row.paid_on, row.account, alias_key(row.name), row.amount.cents, row.reference),
            row.method_word,
        )
        base = key_of(ROWS, *facts)
        times[base] = times.get(base, 0) + 1
        keys.append(base if times[base] == 1 else key_of(ROWS, *facts, times[base]))
    return keys


def owner_of(planning: Plan, at: int) -> Owner | None:
    """Return the client or the payer of a row, by the ids of the plan."""
    patient_id, payer_id = planning.patient(at), planning.payer(at)
    if payer_id is not None:
        return PAYER, payer_id
    return None if patient_id is None else (PATIENT, patient_id)


def take_same_payment(state: State, row: PaymentExportRow, owner: Owner) -> KnownPayment | None:
    """Find the payment of the books that a row is, and keep it from being found again.

    A payer's is known by its reference, whatever amount an earlier report had added up; a
    client's by its amount and its reference, else its day and method.
    """
    whose = owner
    if owner[0] == PATIENT:
        whose = GUARANTOR, state.pays_for.get(owner[1], 0)
    candidates = state.unlinked.get(whose, [])
    for one in candidates:
        if _is_this(one, row, owner):
            candidates.remove(one)
            return one
    return None


def _is_this(one: KnownPayment, row: PaymentExportRow, owner: Owner) -> bool:
    told_before = one.external_id is not None
    if one.amount != row.amount and not (told_before and row.reference):
        return False
    if owner[0] == PATIENT and one.patient_id not in (None, owner[1]):
        return False
    if row.reference and one.reference:
        return one.reference == row.reference and one.is_near(row.paid_on)
    same_method = one.method is method_of(row.method_word)
    return one.received_on == row.paid_on and (same_method or told_before)


def take_same_refund(
    state: State, row: PaymentExportRow, owner: Owner, amount: Money
) -> KnownRefund | None:
    """Find the refund that was made here and is this row; keep it from being found again."""
    for one in state.loose_refunds:
        near = abs(one.paid_on - row.paid_on) <= NEAR
        if one.owner == owner and one.amount == amount and near:
            state.loose_refunds.remove(one)
            return one
    return None


def coverage(planning: Plan, owner: Owner, day: date) -> int:
    """Return the cents that can go back by a day: what is here, and what this file brings."""
    state: State = planning.state
    if owner not in state.held:
        word, ident = owner
        found = (
            holdings(planning.work, [ident], payers=word == PAYER).get(ident, [])
            if ident > 0
            else []
        )
        state.held[owner] = [(one.received_on, one.free) for one in found]
    if state.coming is None:
        state.coming = _coming(planning)
    money: list[tuple[date, int]] = [*state.held[owner], *state.coming.get(owner, ())]
    return sum(cents for when, cents in money if when <= day) - state.drawn[owner]


def _coming(planning: Plan) -> dict[Owner, list[tuple[date, int]]]:
    """Return what the whole file brings anew: a refund may stand above its payment."""
    state: State = planning.state
    found: dict[Owner, list[tuple[date, int]]] = defaultdict(list)
    for at, row in enumerate(planning.report.rows):
        owner = owner_of(planning, at)
        if row.amount.cents > 0 and owner is not None and state.keys[at] not in state.known:
            found[owner].append((row.paid_on, row.amount.cents))
    return found
