"""Fees of an account: a returned check, a late instalment, interest. Charges without a session.

Dr 1100 / Cr 4300 (DESIGN.md 6). Such a charge has no clinician and no payer, ages from its own
day, and is paid, adjusted and explained like any other.
"""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, Part
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.audit import record
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import FEES, PATIENT_RECEIVABLE
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import About, Draft, Leg, post, reverse_all
from fscdesk.services.work import Topic, Work


class FeeCode(enum.StrEnum):
    """The codes of the fees that the program charges by itself."""

    RETURNED = "NSF"
    LATE = "LATE"
    INTEREST = "INT"


NAMES = {
    FeeCode.RETURNED: "Returned payment fee",
    FeeCode.LATE: "Late fee",
    FeeCode.INTEREST: "Interest",
}
"""What a statement calls a fee until the practice gives it a name of its own."""


def charge_fee(
    work: Work, *, patient_id: int, guarantor_id: int, amount: Money, code: str, on: date, memo: str
) -> int:
    """Charge a fee to an account and return the id of its charge.

    The caller has asked for the right. The first use of a code adds it to the services.
    Raises Problem for an amount that cannot be, and ValueError for a code that is no fee's.
    """
    fee = FeeCode(code)
    if not 0 < amount.cents <= LARGEST_CENTS:
        raise Problem(
            f"A fee of {amount} cannot be charged.", hint="Nothing was posted. Type another amount."
        )
    charge = Charge(
        position=1,
        service_id=_service(work, fee),
        code=fee.value,
        units=1,
        rate=amount,
        amount=amount,
        patient_share=amount,
        insurance_share=Money(),
        patient_id=patient_id,
        guarantor_id=guarantor_id,
        service_day=on,
        posted_day=on,
        insurance_since=on,
        patient_since=on,
    )
    work.db.add(charge)
    work.db.flush()
    post(
        work,
        Draft(
            on=on,
            kind=EntryKind.CHARGE,
            memo=memo or NAMES[fee],
            legs=(
                Leg(PATIENT_RECEIVABLE, amount.cents, Part.CHARGE),
                Leg(FEES, -amount.cents, Part.CHARGE),
            ),
            about=About(patient_id=patient_id, guarantor_id=guarantor_id, charge_id=charge.id),
        ),
    )
    work.db.refresh(charge)
    record(work, "charge_fee", "charge", charge.id, code=fee.value, amount=amount.plain())
    work.touch(Topic.LEDGER, Topic.PATIENTS)
    return charge.id


def void_fee(work: Work, charge_id: int, *, on: date, reason: str) -> None:
    """Take a fee back that should not have been charged; what had paid it is a credit again.

    The caller has asked for the right. Raises Problem for a charge that is no fee of an
    account, or that was voided before.
    """
    charge = locked(work, Charge, charge_id, "this fee")
    if charge.session_id is not None:
        raise Problem(
            f"{charge.code} is a charge of a session, not a fee of the account.",
            hint="Nothing was changed. Change the session instead.",
        )
    if charge.voided_on is not None:
        raise Problem("This fee was taken back before.", hint="Nothing was changed.")
    entries = work.db.scalars(
        select(JournalEntry.id).where(
            JournalEntry.charge_id == charge.id, JournalEntry.kind != EntryKind.REVERSAL
        )
    )
    reverse_all(work, standing(work, entries), on=on, reason=reason)
    charge.voided_on = on
    work.db.flush()
    work.db.expire_all()
    record(work, "void_fee", "charge", charge_id)
    work.touch(Topic.LEDGER, Topic.PATIENTS, Topic.PAYMENTS)


def _service(work: Work, fee: FeeCode) -> int:
    """Return the service of a fee's code; two desks that need it first add it once."""
    wanted = select(Service.id).where(Service.code == fee.value)
    known = work.db.scalar(wanted)
    if known is not None:
        return known
    service = Service(
        code=fee.value,
        name=NAMES[fee],
        kind=ServiceKind.ACCOUNT_FEE,
        base_rate=Money(),
        revenue_account=FEES,
    )
    try:
        with work.db.begin_nested():
            work.db.add(service)
            work.db.flush()
    except IntegrityError:
        return work.db.scalars(wanted).one()
    work.touch(Topic.SERVICES)
    return service.id
