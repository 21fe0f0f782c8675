"""Plans reminders: which overdue invoices are reminded of today, and which are not and why.

An invoice is reminded of at 7, 14, 30, 60 and 90 days, once each. Who was not reminded for a
while gets the reminder of the age that the invoice has now, never several at once.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.collection import ParkedBalance
from fscdesk.models.invoice import InvoiceLine, Reminder
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.plan import PlanCharge
from fscdesk.models.values import Money
from fscdesk.services.billing.invoice_docs import recipient_of
from fscdesk.services.billing.invoice_listing import InvoiceRow, overdue_invoices
from fscdesk.services.billing.invoice_policies import BANDS
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

FIRST_BAND: Final = BANDS[0]


class NotReminded(enum.StrEnum):
    """Why an overdue invoice is not reminded of today."""

    NOT_YET = "not_yet"
    REMINDED = "reminded"
    DO_NOT_BILL = "do_not_bill"
    BAD_ADDRESS = "bad_address"
    NO_ADDRESS = "no_address"
    PARKED = "parked"
    ON_PLAN = "on_plan"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class RemindedInvoice:
    """One invoice in a letter: its band, and what is open of it."""

    invoice_id: int
    number: str
    patient_id: int
    due_on: date
    days_overdue: int
    band: int
    open: Money


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one guarantor; its tone is that of the oldest invoice."""

    guarantor_id: int
    account: str
    name: str
    address: tuple[str, ...]
    invoices: tuple[RemindedInvoice, ...]

    @property
    def band(self) -> int:
        """Return the firmest band of its invoices."""
        return max(one.band for one in self.invoices)

    @property
    def total(self) -> Money:
        """Return what the letter asks for."""
        return Money(sum(one.open.cents for one in self.invoices))


@dataclass(frozen=True, slots=True)
class LeftOutInvoice:
    """One overdue invoice that is not reminded of, with the reason as code and sentence."""

    invoice_id: int
    number: str
    account: str
    name: str
    days_overdue: int
    open: Money
    reason_code: NotReminded
    reason: str


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """The letters of a day, by account, and what is left out. ``digest`` names the content."""

    as_of: date
    letters: tuple[Letter, ...]
    left_out: tuple[LeftOutInvoice, ...]
    digest: str

    @property
    def total(self) -> Money:
        """Return what the letters ask for together."""
        return Money(sum(one.total.cents for one in self.letters))


@dataclass(frozen=True, slots=True)
class _Known:
    guarantors: Mapping[int, Guarantor]
    reminded: Mapping[int, int]
    parked: frozenset[int]
    planned: frozenset[int]
    deceased: frozenset[int]


def plan_reminders(work: Work, *, guarantor_ids: Sequence[int] | None = None) -> ReminderPlan:
    """Return the reminders that are due today; ``guarantor_ids`` looks at these alone."""
    require(work, Right.MAKE_INVOICES, "make reminders")
    today = work.today()
    only = None if guarantor_ids is None else set(guarantor_ids)
    rows = [
        row for row in overdue_invoices(work, today) if only is None or row.guarantor_id in only
    ]
    known = _known(work, rows)
    letters: dict[int, list[RemindedInvoice]] = {}
    left: list[LeftOutInvoice] = []
    for row in rows:
        why = _why_not(row, known)
        if why is not None:
            left.append(
                LeftOutInvoice(
                    row.id, row.number, row.account, row.guarantor, row.days_overdue, row.open, *why
                )
            )
            continue
        letters.setdefault(row.guarantor_id, []).append(
            RemindedInvoice(
                row.id,
                row.number,
                row.patient_id,
                row.due_on,
                row.days_overdue,
                band_of(row.days_overdue),
                row.open,
            )
        )
    chosen = tuple(
        _letter(known.guarantors[guarantor], invoices) for guarantor, invoices in letters.items()
    )
    digest = hashlib.sha256(repr((today, chosen)).encode()).hexdigest()
    return ReminderPlan(today, chosen, tuple(left), digest)


def band_of(days_overdue: int) -> int:
    """Return the highest band that an invoice has reached; 0 before the first."""
    return max((band for band in BANDS if band <= days_overdue), default=0)


def _letter(guarantor: Guarantor, invoices: Sequence[RemindedInvoice]) -> Letter:
    to = recipient_of(guarantor)
    return Letter(guarantor.id, guarantor.number, to.name, to.address, tuple(invoices))


def _why_not(row: InvoiceRow, known: _Known) -> tuple[NotReminded, str] | None:
    guarantor = known.guarantors[row.guarantor_id]
    band, last = band_of(row.days_overdue), known.reminded.get(row.id, 0)
    if not band:
        return NotReminded.NOT_YET, f"Overdue for less than {FIRST_BAND} days"
    if band <= last:
        return NotReminded.REMINDED, f"Reminded of at {last} days"
    facts = (
        (guarantor.do_not_bill, NotReminded.DO_NOT_BILL, "This account is not billed"),
        (row.patient_id in known.parked, NotReminded.PARKED, "The balance is parked"),
        (row.id in known.planned, NotReminded.ON_PLAN, "Paid in parts on a payment plan"),
        (row.patient_id in known.deceased, NotReminded.DECEASED, "The client has died"),
        (guarantor.bad_address, NotReminded.BAD_ADDRESS, "Mail to this address came back"),
        (not recipient_of(guarantor).address, NotReminded.NO_ADDRESS, "No address is known"),
    )
    return next(((code, words) for holds, code, words in facts if holds), None)


def _known(work: Work, rows: Sequence[InvoiceRow]) -> _Known:
    """Read what decides about these invoices, in one question each."""
    invoices = {row.id for row in rows}
    patients = {row.patient_id for row in rows}
    people = work.db.scalars(
        select(Guarantor)
        .where(among(work, Guarantor.id, {row.guarantor_id for row in rows}))
        .execution_options(populate_existing=True)
    )
    reminded = work.db.execute(
        select(Reminder.invoice_id, func.max(Reminder.days))
        .where(among(work, Reminder.invoice_id, invoices))
        .group_by(Reminder.invoice_id)
    )
    parked = work.db.scalars(
        select(ParkedBalance.live).where(among(work, ParkedBalance.live, patients))
    )
    planned = work.db.scalars(
        select(InvoiceLine.invoice_id)
        .join(PlanCharge, PlanCharge.live == InvoiceLine.charge_id)
        .where(among(work, InvoiceLine.invoice_id, invoices))
    )
    deceased = work.db.scalars(
        select(Patient.id).where(
            among(work, Patient.id, patients), Patient.deceased_on.is_not(None)
        )
    )
    return _Known(
        {one.id: one for one in people},
        {row[0]: row[1] for row in reminded},
        frozenset(one for one in parked if one is not None),
        frozenset(planned),
        frozenset(deceased),
    )
