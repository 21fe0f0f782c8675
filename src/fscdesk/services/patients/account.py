"""A patient's account: where it stands, and its ledger with running balances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import ColumnElement, func, literal_column, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.session import Session
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.movements import CLIENT_SIDE, AccountRow, movements
from fscdesk.services.patients.pairs import without_taken_back
from fscdesk.services.patients.policy_rows import policies_on
from fscdesk.services.work import Work

__all__ = [
    "BROUGHT_FORWARD",
    "KINDS",
    "AccountFilter",
    "AccountHeader",
    "AccountRow",
    "account_header",
    "page_of_account",
]

OWED: ColumnElement[bool] = literal_column("charge.patient_balance <> 0")
"""Written out as in the partial index of open charges, which is used only then."""
_PAYS = (EntryKind.SP_RECORDED, EntryKind.RECEIPT, EntryKind.APPLIED)
BROUGHT_FORWARD = 0
"""The id of the row that stands for everything before the first day asked for."""

KINDS = MappingProxyType(
    {
        Part.CHARGE: "Charges",
        Part.INSURANCE_PAID: "Payer payments",
        Part.WRITE_OFF: "Write-offs",
        Part.PATIENT_PAID: "Client payments",
        Part.ADJUSTMENT: "Adjustments",
        Part.RESPONSIBILITY: "Shares moved",
        Part.REFUND: "Refunds",
        Part.RETURNED: "Returned payments",
        Part.TRANSFER: "Transfers",
        Part.AGENCY: "Collections",
    }
)
"""What a ledger can be narrowed to."""


@dataclass(frozen=True, slots=True)
class AccountHeader:
    """The figures above an account.

    ``balance = client_owes + payer_owes - unapplied``. ``payer`` names the insurer that the
    payer's figure is about; ``last_payment`` is the newest amount that somebody paid.
    ``at_agency`` is what a collection agency holds: it is in none of the others.
    """

    patient_id: int
    client_owes: Money
    payer: str
    payer_owes: Money
    unapplied: Money
    balance: Money
    oldest_open: date | None
    last_payment: Money | None
    last_payment_by: str
    last_payment_on: date | None
    last_statement: str
    last_statement_on: date | None
    last_statement_due: Money | None
    sessions: int
    at_agency: Money = ZERO


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which part of the ledger is shown; the running balances count everything.

    ``only_standing`` leaves entries and the reversals that take them back out of both.
    """

    from_day: date | None = None
    to_day: date | None = None
    kinds: tuple[str, ...] = ()
    session_id: int | None = None
    only_standing: bool = False


def account_header(work: Work, patient_id: int) -> AccountHeader:
    """Return the figures of an account, from the ledger's lines. Raises Problem if unknown."""
    patient = work.db.get(Patient, patient_id)
    if patient is None:
        raise Problem("This client is not in the books.", hint="Look at the list again.")
    sums = {
        row[0]: row[1]
        for row in work.db.execute(
            select(JournalLine.account, func.sum(JournalLine.amount))
            .where(
                JournalLine.patient_id == patient_id,
                JournalLine.account.in_((*INSURANCE_SIDE, *CLIENT_SIDE, AT_AGENCY)),
            )
            .group_by(JournalLine.account)
        )
    }
    payer_owes = sum((sums.get(account, ZERO) for account in INSURANCE_SIDE), ZERO)
    client_owes = sums.get(PATIENT_RECEIVABLE, ZERO)
    unapplied = -sums.get(UNAPPLIED_CREDITS, ZERO)
    paid, by, on = _last_payment(work, patient_id)
    number, stated_on, due = _last_statement(work, patient.guarantor_id)
    return AccountHeader(
        patient_id=patient_id,
        client_owes=client_owes,
        payer=_payer_word(work, patient_id),
        payer_owes=payer_owes,
        unapplied=unapplied,
        balance=client_owes + payer_owes - unapplied,
        oldest_open=work.db.scalar(
            select(func.min(Charge.service_day)).where(
                Charge.patient_id == patient_id, OWED, Charge.patient_balance > ZERO
            )
        ),
        last_payment=paid,
        last_payment_by=by,
        last_payment_on=on,
        last_statement=number,
        last_statement_on=stated_on,
        last_statement_due=due,
        sessions=work.db.scalar(
            select(func.count())
            .select_from(Session)
            .where(Session.patient_id == patient_id, Session.withdrawn_by.is_(None))
        )
        or 0,
        at_agency=sums.get(AT_AGENCY, ZERO),
    )


def page_of_account(
    work: Work, patient_id: int, wanted: AccountFilter, span: Span
) -> Page[AccountRow]:
    """Return a span of an account's ledger, the oldest first, with running balances.

    A first day puts one row before the others that sums up what came before. Totals:
    ``charge`` and ``paid`` of the rows, and the three balances after the last of them.
    """
    rows = _chosen(_moved(work, patient_id, wanted), wanted)
    counted = [row for row in rows if row.id != BROUGHT_FORWARD]
    last = rows[-1] if rows else None
    totals = {
        "charge": sum((row.charge for row in counted if row.charge is not None), ZERO),
        "paid": sum((row.paid for row in counted if row.paid is not None), ZERO),
        "payer_owes": last.payer_owes if last else ZERO,
        "client_owes": last.client_owes if last else ZERO,
        "balance": last.balance if last else ZERO,
    }
    if span.descending:
        rows.reverse()
    return Page(span.start, len(rows), tuple(rows[span.start : span.start + span.size]), totals)


def _moved(work: Work, patient_id: int, wanted: AccountFilter) -> Iterable[AccountRow]:
    rows = movements(work, patient_id)
    return without_taken_back(rows) if wanted.only_standing else rows


def _chosen(rows: Iterable[AccountRow], wanted: AccountFilter) -> list[AccountRow]:
    chosen: list[AccountRow] = []
    before = 0
    last: AccountRow | None = None
    for row in rows:
        day = row.day or date.min
        if wanted.from_day is not None and day < wanted.from_day:
            before, last = before + 1, row
            continue
        if wanted.to_day is not None and day > wanted.to_day:
            continue
        if wanted.kinds and row.kind not in wanted.kinds:
            continue
        if wanted.session_id is not None and wanted.session_id not in row.sessions:
            continue
        chosen.append(row)
    if wanted.from_day is None:
        return chosen
    return [_brought_forward(wanted.from_day, before, last), *chosen]


def _brought_forward(day: date, count: int, last: AccountRow | None) -> AccountRow:
    movements = "1 earlier movement" if count == 1 else f"{count} earlier movements"
    return AccountRow(
        id=BROUGHT_FORWARD,
        day=day,
        what="Brought forward",
        detail=movements if count else "nothing earlier",
        charge=None,
        paid=None,
        payer_owes=last.payer_owes if last else ZERO,
        client_owes=last.client_owes if last else ZERO,
        balance=last.balance if last else ZERO,
        kind="",
        session_id=None,
        entry_id=None,
        entry_number="",
        reverses="",
        reversed_by="",
    )


def _last_payment(work: Work, patient_id: int) -> tuple[Money | None, str, date | None]:
    """Return the newest amount paid that still stands, who paid it, and its day.

    Of a payment it is all that came to this account, by whatever entries.
    """
    reversed_ids = select(JournalEntry.reverses_id).where(JournalEntry.reverses_id.is_not(None))
    moved = func.sum(JournalLine.amount)
    newest = work.db.execute(
        select(
            JournalEntry.entry_date,
            JournalLine.part,
            func.max(JournalLine.payment_id),
            func.max(Payer.short_name),
            moved,
        )
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .outerjoin(Payer, Payer.id == JournalLine.payer_id)
        .outerjoin(Payment, Payment.id == JournalLine.payment_id)
        .where(
            JournalLine.patient_id == patient_id,
            JournalLine.part.in_((Part.INSURANCE_PAID, Part.PATIENT_PAID)),
            JournalLine.account.in_((*INSURANCE_SIDE, *CLIENT_SIDE)),
            JournalEntry.kind.in_(_PAYS),
            JournalEntry.id.not_in(reversed_ids),
            func.coalesce(Payment.status, PaymentStatus.POSTED) == PaymentStatus.POSTED,
        )
        .group_by(JournalEntry.id, JournalEntry.entry_date, JournalLine.part)
        .having(moved < ZERO)
        .order_by(JournalEntry.entry_date.desc(), JournalEntry.id.desc(), JournalLine.part)
        .limit(1)
    ).first()
    if newest is None:
        return None, "", None
    day, part, payment_id, payer, amount = newest
    if payment_id is not None:
        whole = work.db.scalar(
            select(func.sum(JournalLine.amount)).where(
                JournalLine.payment_id == payment_id,
                JournalLine.patient_id == patient_id,
                JournalLine.part == part,
                JournalLine.account.in_((*INSURANCE_SIDE, *CLIENT_SIDE)),
            )
        )
        amount = whole or ZERO
    by = payer or "Payer" if part == Part.INSURANCE_PAID else "Client"
    return -amount, by, day


def _last_statement(work: Work, guarantor_id: int) -> tuple[str, date | None, Money | None]:
    newest = work.db.execute(
        select(Statement.number, StatementRun.as_of, Statement.amount_due)
        .join(StatementRun, StatementRun.id == Statement.run_id)
        .join(Guarantor, Guarantor.id == Statement.guarantor_id)
        .where(
            Guarantor.id == guarantor_id,
            StatementRun.undone_at.is_(None),
            Statement.dropped_at.is_(None),
        )
        .order_by(StatementRun.as_of.desc(), Statement.id.desc())
        .limit(1)
    ).first()
    return ("", None, None) if newest is None else (newest[0], newest[1], newest[2])


def _payer_word(work: Work, patient_id: int) -> str:
    """Name the insurer of an account: the primary of today, else that of the last session."""
    for policy in policies_on(work, patient_id, work.today()):
        return policy.payer
    last = work.db.scalar(
        select(Payer.short_name)
        .join(Session, Session.payer_id == Payer.id)
        .where(Session.patient_id == patient_id, Session.withdrawn_by.is_(None))
        .order_by(Session.day.desc(), Session.id.desc())
        .limit(1)
    )
    return last or "Payer"
