"""Plans invoices: which charges go on which bill, and which do not and why. Writes nothing."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Select, select

from fscdesk.models.charge import Charge
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStyle
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing import invoice_policies
from fscdesk.services.billing.policies import net_days
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

LARGEST_NET_DAYS: Final = 365


class NotInvoiced(enum.StrEnum):
    """Why a charge goes on no invoice."""

    NOTHING_OPEN = "nothing_open"
    ON_INVOICE = "on_invoice"
    VOIDED = "voided"
    BELOW_MINIMUM = "below_minimum"
    DO_NOT_BILL = "do_not_bill"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to invoice: given charges, or what is open and not invoiced of whom it names.

    ``charge_ids`` names charges one by one. Otherwise guarantors, patients and sessions narrow
    each other; without any of them it is everybody. ``first`` and ``last`` are days of service.
    """

    charge_ids: tuple[int, ...] = ()
    guarantor_ids: tuple[int, ...] = ()
    patient_ids: tuple[int, ...] = ()
    session_ids: tuple[int, ...] | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How invoices are made; what is None is as the practice has decided.

    ``net_days`` counts from the day of the invoice; ``minimum`` is the smallest that is made.
    """

    style: InvoiceStyle | None = None
    net_days: int | None = None
    minimum: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A charge that goes on an invoice, with what is open of the client's share."""

    charge_id: int
    service_day: date
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    """One bill: of one patient, to the guarantor who pays for these charges."""

    guarantor_id: int
    account: str
    guarantor: str
    patient_id: int
    patient: str
    lines: tuple[PlannedLine, ...]

    @property
    def amount(self) -> Money:
        """Return what the bill asks for."""
        return Money(sum(line.amount.cents for line in self.lines))


@dataclass(frozen=True, slots=True)
class LeftOutCharge:
    """A charge that is not invoiced, with the reason as a code and as a sentence."""

    charge_id: int
    account: str
    patient: str
    service_day: date
    code: str
    amount: Money
    reason_code: NotInvoiced
    reason: str


@dataclass(frozen=True, slots=True)
class InvoicePlan:
    """Which bills would be made on a day, and which charges would be on none.

    ``digest`` names the content: whoever saw the plan makes exactly that, or nothing.
    """

    chosen: Chosen
    style: InvoiceStyle
    issued_on: date
    due_on: date
    minimum: Money
    note: str
    invoices: tuple[PlannedInvoice, ...]
    left_out: tuple[LeftOutCharge, ...]
    digest: str

    @property
    def total(self) -> Money:
        """Return what the bills ask for together."""
        return Money(sum(one.amount.cents for one in self.invoices))


@dataclass(frozen=True, slots=True)
class _Row:
    charge_id: int
    service_day: date
    code: str
    amount: Money
    voided: bool
    guarantor_id: int
    account: str
    guarantor: str
    do_not_bill: bool
    patient_id: int
    patient: str
    on_invoice: str | None


def plan_invoices(work: Work, chosen: Chosen, terms: Terms = Terms()) -> InvoicePlan:
    """Return the bills that would be made today, one for each patient and guarantor.

    Raises Problem when a charge is named that is not in the books, or terms cannot be.
    """
    require(work, Right.MAKE_INVOICES, "make invoices")
    return planned(work, chosen, terms)


def planned(work: Work, chosen: Chosen, terms: Terms) -> InvoicePlan:
    """Return the plan without asking for the right: for the practice's own automatic."""
    days = net_days(work) if terms.net_days is None else terms.net_days
    if not 0 <= days <= LARGEST_NET_DAYS:
        raise Problem(
            f"An invoice cannot be due after {days} days.",
            hint=f"No invoice was made. It is from 0 to {LARGEST_NET_DAYS}.",
        )
    if chosen.first and chosen.last and chosen.first > chosen.last:
        raise Problem(
            f"The period cannot begin on {chosen.first:%m/%d/%Y} and end on"
            f" {chosen.last:%m/%d/%Y}.",
            hint="No invoice was made. Choose an earlier first day.",
        )
    least = invoice_policies.invoice_minimum(work) if terms.minimum is None else terms.minimum
    rows = _rows(work, chosen)
    left = [_left(row, *why) for row in rows if (why := _why_not(row)) is not None]
    open_rows = [row for row in rows if _why_not(row) is None]
    invoices: list[PlannedInvoice] = []
    for group in _groups(open_rows):
        one = _invoice(group)
        if one.amount < least:
            words = f"{one.amount} in all, less than the smallest invoice of {least}"
            left += [_left(row, NotInvoiced.BELOW_MINIMUM, words) for row in group]
        else:
            invoices.append(one)
    today = work.today()
    style = terms.style or invoice_policies.style(work)
    content = (style, today, days, terms.note, invoices)
    return InvoicePlan(
        chosen,
        style,
        today,
        today + timedelta(days=days),
        least,
        terms.note,
        tuple(invoices),
        tuple(left),
        hashlib.sha256(repr(content).encode()).hexdigest(),
    )


def _rows(work: Work, chosen: Chosen) -> list[_Row]:
    """Return the charges that are meant, by account, patient and day."""
    if chosen.charge_ids:
        wanted = sorted(set(chosen.charge_ids))
        found = [_Row(*row) for row in work.db.execute(_of(work, Charge.id, wanted, _charges()))]
        if len(found) != len(wanted):
            raise Problem(
                "A charge that was to be invoiced is not in the books.",
                hint="No invoice was made. Look at the charges again.",
            )
        return found
    question = _charges().where(
        Charge.patient_balance > ZERO,
        Charge.voided_on.is_(None),
        InvoiceLine.id.is_(None),
    )
    narrow: tuple[tuple[object, Collection[int] | None], ...] = (
        (Charge.guarantor_id, chosen.guarantor_ids or None),
        (Charge.patient_id, chosen.patient_ids or None),
        (Charge.session_id, chosen.session_ids),
    )
    for column, ids in narrow:
        if ids is not None:
            question = _of(work, column, ids, question)
    if chosen.first is not None:
        question = question.where(Charge.service_day >= chosen.first)
    if chosen.last is not None:
        question = question.where(Charge.service_day <= chosen.last)
    return [_Row(*row) for row in work.db.execute(question)]


Asked = Select[int, date, str, Money, bool, int, str, str, bool, int, str, str | None]


def _of(work: Work, column: object, ids: Collection[int], question: Asked) -> Asked:
    return question.where(among(work, column, ids))


def _charges() -> Asked:
    return (
        select(
            Charge.id,
            Charge.service_day,
            Charge.code,
            Charge.patient_balance,
            Charge.voided_on.is_not(None),
            Guarantor.id,
            Guarantor.number,
            Guarantor.name,
            Guarantor.do_not_bill,
            Patient.id,
            Patient.name,
            Invoice.number,
        )
        .join(Guarantor, Guarantor.id == Charge.guarantor_id)
        .join(Patient, Patient.id == Charge.patient_id)
        .outerjoin(InvoiceLine, InvoiceLine.live == Charge.id)
        .outerjoin(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .order_by(Guarantor.number, Patient.number, Charge.service_day, Charge.id)
    )


def _why_not(row: _Row) -> tuple[NotInvoiced, str] | None:
    if row.voided:
        return NotInvoiced.VOIDED, "The charge was voided"
    if row.on_invoice is not None:
        return NotInvoiced.ON_INVOICE, f"On invoice {row.on_invoice} already"
    if row.amount.cents <= 0:
        return NotInvoiced.NOTHING_OPEN, "Nothing of it is the client's to pay"
    if row.do_not_bill:
        return NotInvoiced.DO_NOT_BILL, "This account is not billed"
    return None


def _left(row: _Row, code: NotInvoiced, words: str) -> LeftOutCharge:
    return LeftOutCharge(
        row.charge_id, row.account, row.patient, row.service_day, row.code, row.amount, code, words
    )


def _groups(rows: Iterable[_Row]) -> list[list[_Row]]:
    found: dict[tuple[int, int], list[_Row]] = {}
    for row in rows:
        found.setdefault((row.guarantor_id, row.patient_id), []).append(row)
    return list(found.values())


def _invoice(rows: Sequence[_Row]) -> PlannedInvoice:
    first = rows[0]
    return PlannedInvoice(
        first.guarantor_id,
        first.account,
        first.guarantor,
        first.patient_id,
        first.patient,
        tuple(PlannedLine(row.charge_id, row.service_day, row.code, row.amount) for row in rows),
    )


def reasons(plan: InvoicePlan) -> Mapping[NotInvoiced, int]:
    """Return how many charges are left out for each reason."""
    found: dict[NotInvoiced, int] = {}
    for one in plan.left_out:
        found[one.reason_code] = found.get(one.reason_code, 0) + 1
    return found
