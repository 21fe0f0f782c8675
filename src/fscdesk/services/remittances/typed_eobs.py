"""Posts an EOB that was typed in: one payer's check over many claims, in one transaction.

Each line says what the payer paid, what it takes off by contract (group CO), what it makes the
client's (group PR with its reason), or that it denied the line. A denial moves nothing: the
money stays with the payer, claim and session are marked denied, never billed to the client. An EOB
that denies everything, or leaves all of it to the deductible, comes without money: 0.00 is
posted like any other, so that it has a number, a reference, and can be taken back whole. It is a
remittance afterwards like one that came as an 835.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust_by_eob
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.claim_answers import LineAnswer, note_answers
from fscdesk.services.errors import Problem
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Received, receive
from fscdesk.services.remittances.carc import Denial, denial_of
from fscdesk.services.remittances.following import decided_on
from fscdesk.services.remittances.session_answers import move_sessions
from fscdesk.services.remittances.stand import stands
from fscdesk.services.remittances.typed_rows import TypedLine, keep_typed
from fscdesk.services.work import Work

DEDUCTIBLE: Final = "1"
COINSURANCE: Final = "2"
COPAY: Final = "3"
PATIENT_REASONS: Final = {DEDUCTIBLE: "Deductible", COINSURANCE: "Coinsurance", COPAY: "Copay"}
"""CARC that a payer gives with group PR: whose part the client owes."""
CONTRACT: Final = "45"
"""CARC 45: the charge exceeds the fee that the contract allows."""


@dataclass(frozen=True, slots=True)
class EobLine:
    """The payer's answer to one charge. ``denied`` with nothing paid or adjusted: denied.

    It is a CARC as people type it, with or without its group: ``16`` (CO-16), ``PR-204``.
    ``patient`` is what becomes the client's, or the whole part that the EOB leaves to the client:
    what is known of it already is not charged again where the two would be more than is open.
    ``patient_reason`` is its CARC: 1 deductible, 2 coinsurance, 3 copay.
    """

    charge_id: int
    paid: Money = ZERO
    contractual: Money = ZERO
    patient: Money = ZERO
    patient_reason: str = DEDUCTIBLE
    denied: str = ""


@dataclass(frozen=True, slots=True)
class PostedEob:
    """What posting did: the payment, and sums over its lines."""

    payment: Received
    lines: int
    contractual: Money
    patient: Money
    denied: int


LINE_HINT = "Nothing was posted. Correct the line."


def post_eob(
    work: Work, new: NewPayment, lines: Sequence[EobLine], *, keep_rest: bool = False
) -> PostedEob:
    """Post a payer's check with the answers of its lines; all of it or nothing.

    ``new`` carries no applications: the lines are. Raises Problem when the lines do not add up
    to the check, unless ``keep_rest`` says that the rest is the payer's credit; when a line
    takes more than is open, says nothing, or is of a charge that is another payer's. A check of
    0.00 needs a line.
    """
    if new.payer_id is None:
        raise Problem("An EOB is a payer's.", hint="Nothing was posted. Choose the payer.")
    _require_lines(new, lines, keep_rest=keep_rest)
    paid = tuple(Application(one.charge_id, one.paid, Side.INSURANCE) for one in lines if one.paid)
    said = repr((replace(new, request_key=None, batch_id=None), tuple(lines), keep_rest))
    lines = _with_what_is_new(work, new.payer_id, lines)
    found = receive(work, replace(new, applications=paid, says=said))
    if found.repeated:
        return _posted(found, lines)
    _require_owner(work, new.payer_id, lines)
    adjustments = [
        adjustment for one in lines for adjustment in _adjustments(one, new, found.payment_id)
    ]
    if adjustments:
        adjust_by_eob(work, adjustments)
    note_answers(
        work,
        new.payer_id,
        [LineAnswer(one.charge_id, _typed(one)) for one in lines],
        source=found.number,
        day=decided_on(work, new.check_on or new.received_on),
    )
    move_sessions(work, {one.charge_id: _typed(one) for one in lines}, found.number)
    if lines:
        work.db.expire_all()
        keep_typed(work, found.payment_id, [_kept(one) for one in lines])
    return _posted(found, lines)


def _with_what_is_new(work: Work, payer_id: int, lines: Sequence[EobLine]) -> list[EobLine]:
    """Return lines with what becomes the client's beside the share that is known.

    An EOB prints the client's whole part. Where that is more than the payer owes after its money
    and its write-off, the copay that the client owes already is in it.
    """
    stand = stands(work, [one.charge_id for one in lines if one.patient], payer_id)
    found: list[EobLine] = []
    for one in lines:
        charge = stand.get(one.charge_id)
        if charge is not None:
            left = charge.open - max(one.paid.cents - charge.recorded, 0)
            left -= max(one.contractual.cents - charge.written_off, 0)
            new = one.patient.cents - charge.patient_share
            if 0 <= new <= left < one.patient.cents:
                one = replace(one, patient=Money(new))  # noqa: PLW2901 - the line as it posts
        found.append(one)
    return found


def _denial(one: EobLine) -> Denial | None:
    return denial_of(one.denied) if one.denied else None


def _typed(one: EobLine) -> str:
    """Return the code of a denial as it was typed, with its group where that was named."""
    denial = _denial(one)
    return "" if denial is None else denial.typed


def _kept(one: EobLine) -> TypedLine:
    denial = _denial(one)
    return TypedLine(
        one.charge_id,
        one.paid.cents,
        one.contractual.cents,
        one.patient.cents,
        one.patient_reason,
        "" if denial is None else denial.code,
    )


def _posted(found: Received, lines: Sequence[EobLine]) -> PostedEob:
    return PostedEob(
        payment=found,
        lines=len(lines),
        contractual=sum((one.contractual for one in lines), ZERO),
        patient=sum((one.patient for one in lines), ZERO),
        denied=sum(bool(one.denied) for one in lines),
    )


def _require_owner(work: Work, payer_id: int, lines: Sequence[EobLine]) -> None:
    """Raise Problem for a line of a charge that this payer does not answer for."""
    may_pay = payers_of(work, [one.charge_id for one in lines])
    strange = [one.charge_id for one in lines if payer_id not in may_pay.get(one.charge_id, ())]
    charge = work.db.get(Charge, strange[0]) if strange else None
    if charge is not None:
        raise Problem(
            f"{charge.code} of {charge.service_day:%m/%d/%Y} is another payer's.",
            hint="Nothing was posted. Look at whose EOB it is, or take the line out.",
        )
    if strange:
        raise Problem("A charge of this EOB is not in the books.", hint="Nothing was posted.")


def _require_lines(new: NewPayment, lines: Sequence[EobLine], *, keep_rest: bool) -> None:
    if not new.amount and not lines:
        raise Problem(
            "An EOB of 0.00 says nothing without a line.",
            hint="Nothing was posted. Enter what it denies, or leaves to its members.",
        )
    if len({one.charge_id for one in lines}) != len(lines):
        raise Problem("A charge stands on this EOB twice.", hint=LINE_HINT)
    for one in lines:
        _require_line(one)
    left = new.amount - sum((one.paid for one in lines), ZERO)
    if left < ZERO:
        raise Problem(
            f"The lines add up to {-left} more than the check.",
            hint="Nothing was posted. Lower a line, or correct the amount of the check.",
        )
    if left and not keep_rest:
        raise Problem(
            f"{left} of the check is left to post.",
            hint="Nothing was posted. Enter its lines, or keep it as a credit of the payer.",
        )


def _require_line(one: EobLine) -> None:
    amounts = (one.paid, one.contractual, one.patient)
    if any(amount < ZERO for amount in amounts):
        raise Problem("An amount of a line is below zero.", hint=LINE_HINT)
    if one.denied and _denial(one) is None:
        raise Problem(
            f"{one.denied} is no denial code (CARC).",
            hint="Nothing was posted. It is like 16, 197, A1, B7 or P12, or PR-204 with its group.",
        )
    if one.denied and any(amounts):
        raise Problem(
            "A denied line pays and adjusts nothing.",
            hint="Nothing was posted. Enter the part that was paid, or the denial.",
        )
    if not one.denied and not any(amounts):
        raise Problem("A line says neither an amount nor a denial.", hint=LINE_HINT)
    if one.patient and one.patient_reason not in PATIENT_REASONS:
        raise Problem(
            f"PR-{one.patient_reason} is not a reason that makes money the client's.",
            hint="Nothing was posted. It is 1 deductible, 2 coinsurance or 3 copay.",
        )


def _adjustments(one: EobLine, new: NewPayment, payment_id: int) -> list[NewAdjustment]:
    made: list[NewAdjustment] = []
    on = new.posted_on or new.received_on
    if one.contractual:
        made.append(
            NewAdjustment(
                one.charge_id,
                AdjustmentKind.CONTRACTUAL,
                one.contractual,
                "Above the fee that the payer allows",
                on=on,
                group_code="CO",
                carc=CONTRACT,
                payment_id=payment_id,
            )
        )
    if one.patient:
        made.append(
            NewAdjustment(
                one.charge_id,
                AdjustmentKind.TO_PATIENT,
                one.patient,
                PATIENT_REASONS[one.patient_reason],
                on=on,
                group_code="PR",
                carc=one.patient_reason,
                payment_id=payment_id,
            )
        )
    return made
