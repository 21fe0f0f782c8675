"""The one function that makes charges of a session when it completes. Pure.

An import, a status change at the desk and the demo practice all come here, so a session
has the same charges whichever way it was completed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fscdesk.models.service import ServiceKind
from fscdesk.models.session import Attendance
from fscdesk.services.charges.catalogue import FEE_KINDS, Catalogue, ServiceFacts
from fscdesk.services.ledger.accounts import FEES


class CodeFacts(NamedTuple):
    """A billing code of a session; ``rate`` in cents, None where the file gives no price."""

    code: str
    units: int
    rate: int | None
    modifiers: tuple[str, ...] = ()


class SessionFacts(NamedTuple):
    """What the making of charges needs to know of a session. Amounts in cents.

    ``patient_charge`` is the client's share where it is known (SimplePractice says it,
    or the policy's copay); None means all that no payer covers: everything without a
    payer, nothing with one. ``fee`` is the total where the file gives one.
    """

    day: date
    attendance: Attendance
    payer_id: int | None
    codes: tuple[CodeFacts, ...]
    patient_charge: int | None = None
    fee: int | None = None


class ChargeFacts(NamedTuple):
    """A charge to be recorded; ``patient + insurance = amount``, in cents."""

    position: int
    service_id: int
    code: str
    modifiers: str
    units: int
    rate: int
    amount: int
    patient: int
    insurance: int
    revenue_account: str


class UnknownCode(LookupError):
    """A code that the catalogue does not have; the caller creates it or asks."""


def make_charges(facts: SessionFacts, catalogue: Catalogue) -> tuple[ChargeFacts, ...]:
    """Return the charges of a session, none for one that was not held and costs nothing.

    The amounts add up to ``fee`` where it is given. Raises UnknownCode.
    """
    if facts.attendance in (Attendance.SCHEDULED, Attendance.CANCELLED):
        return ()
    facts = _billed(facts, catalogue)
    services = [_service(catalogue, code.code) for code in facts.codes]
    if facts.attendance is not Attendance.COMPLETED and not any(
        service.kind in FEE_KINDS for service in services
    ):
        return _fee_for_absence(facts, services)
    amounts = _amounts(facts, catalogue)
    to_patient = _patient_shares(facts, services, amounts)
    return tuple(
        ChargeFacts(
            position=position,
            service_id=service.id,
            code=code.code,
            modifiers=" ".join(code.modifiers),
            units=code.units,
            rate=amount // code.units,
            amount=amount,
            patient=patient,
            insurance=amount - patient,
            revenue_account=FEES if service.kind in FEE_KINDS else service.revenue_account,
        )
        for position, (code, service, amount, patient) in enumerate(
            zip(facts.codes, services, amounts, to_patient, strict=True), start=1
        )
        if amount
    )


def _billed(facts: SessionFacts, catalogue: Catalogue) -> SessionFacts:
    """Return the facts without the codes that the practice does not bill."""
    left = [
        code
        for code in facts.codes
        if _service(catalogue, code.code).kind is ServiceKind.NOT_BILLED
    ]
    if not left:
        return facts
    fee = facts.fee
    if fee is not None:
        fee = max(fee - sum((code.rate or 0) * code.units for code in left), 0)
    kept = tuple(code for code in facts.codes if code not in left)
    return facts._replace(codes=kept, fee=fee if kept else 0)


def _service(catalogue: Catalogue, code: str) -> ServiceFacts:
    service = catalogue.service(code)
    if service is None:
        raise UnknownCode(code)
    return service


def _fee_for_absence(
    facts: SessionFacts, services: Sequence[ServiceFacts]
) -> tuple[ChargeFacts, ...]:
    """Charge the client what the first service asks for a late cancel or a no-show.

    Such a fee goes to the client, never to a payer (DESIGN.md 7).
    """
    first = services[0] if services else None
    if first is None:
        return ()
    fee = (
        first.late_cancel_fee
        if facts.attendance is Attendance.LATE_CANCELLED
        else first.no_show_fee
    )
    if not fee:
        return ()
    return (ChargeFacts(1, first.id, first.code, "", 1, fee, fee, fee, 0, FEES),)


def _amounts(facts: SessionFacts, catalogue: Catalogue) -> list[int]:
    amounts = []
    for code in facts.codes:
        rate = code.rate
        if rate is None:
            modifier = code.modifiers[0] if code.modifiers else ""
            rate = catalogue.rate(code.code, facts.payer_id, modifier, facts.day) or 0
        amounts.append(rate * code.units)
    if facts.fee is not None and amounts and sum(amounts) != facts.fee:
        # The file's own total is what was billed; the difference stays with the first line.
        amounts[0] += facts.fee - sum(amounts)
        if amounts[0] < 0:
            return [facts.fee, *([0] * (len(amounts) - 1))]
    return amounts


def _patient_shares(
    facts: SessionFacts, services: Sequence[ServiceFacts], amounts: Sequence[int]
) -> list[int]:
    """Give the client's share to the first lines, as a copay stands on the main code."""
    total = sum(amounts)
    owed = facts.patient_charge
    if owed is None:
        owed = total if facts.payer_id is None else 0
    if all(service.kind in FEE_KINDS for service in services):
        owed = total
    owed = max(0, min(owed, total))
    shares = []
    for amount in amounts:
        shares.append(min(amount, owed))
        owed -= shares[-1]
    return shares
