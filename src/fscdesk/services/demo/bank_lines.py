"""What the fictional bank saw of a month: our own entries, the payers' money, and what is its own.

The bank books what we carry to it a day later, cashes our checks when they come, and says nothing
of what it charges. What nobody here knows of is in the newest months, for somebody to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.bank import BankAccount
from fscdesk.models.deposit import DepositKind
from fscdesk.models.ledger import EntryKind
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.services.banking.deposit_plan import KINDS
from fscdesk.services.banking.matching_facts import open_entries
from fscdesk.services.banking.undeposited import Undeposited, undeposited
from fscdesk.services.demo.bank_file import Line
from fscdesk.services.demo.season import workday, workday_before
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import BANK_FEES, BANK_INTEREST
from fscdesk.services.work import Work

SOFTWARE: Final = "7400"
FEE: Final = "MONTHLY SERVICE FEE"
_CLOUD: Final = "NOTEWORTHY CLOUD  555-010-0199 NJ"
_CASHED: Final = timedelta(days=4)
_UNKNOWN: Final = 61_75, "UNKNOWN PAYER EFT HCCLAIMPMT TRN*1*EFT0000000001*1999990000\\"
_HELD: Final = 138_20, "WHOLLY INVENTED HEALTH HCCLAIMPMT TRN*1*EFT0000000002*1999980000\\"


def of_entries(work: Work, account_id: int, until: date, newest: bool) -> Iterator[Line]:
    """Yield the lines of our entries that the bank has by a day.

    Of the ``newest`` month the last deposit at the counter is still on its way.
    """
    account = work.db.get_one(BankAccount, account_id)
    rows = work.db.execute(open_entries(account)).all()
    at_counter = [
        row for row in rows if row.deposit_kind is DepositKind.COUNTER and row.on <= until
    ]
    late = max((row.on for row in at_counter), default=None) if newest else None
    for row in rows:
        if row.deposit_kind is DepositKind.COUNTER:
            on = workday(row.on + timedelta(days=1))
            if on > until or row.on == late:
                continue
            words, kind, check = f"REMOTE ONLINE DEPOSIT # {row.slip:>10}", "CHECK_DEPOSIT", ""
        elif row.deposit_kind is DepositKind.CARD:
            on, kind, check = row.on, "ACH_CREDIT", ""
            words = f"Stripe           TRANSFER   ST-{row.slip} FICTIONAL SPRINGS CO"
        else:
            on, words, kind, check = _own(row.kind, row.on, row.memo, row.reference or "")
        if on <= until:
            yield Line(on, row.amount.cents, words, kind, check, entry_id=row.entry_id)


def _own(kind: EntryKind, day: date, memo: str, reference: str) -> tuple[date, str, str, str]:
    """Return when and how the bank shows an entry of ours that is no deposit."""
    if kind is EntryKind.RETURNED:
        return day, "DEPOSITED ITEM RETURNED", "DEPOSIT_RETURN", ""
    if kind is EntryKind.REFUND:
        return workday(day + timedelta(days=1)), "ACH REFUND FICTIONAL SPRINGS CO", "ACH_DEBIT", ""
    if reference.isdigit():
        return workday(day + _CASHED), f"CHECK {reference}", "CHECK_PAID", reference
    return workday(day), f"{memo.upper()} FICTIONAL SPRINGS CO", "ACH_DEBIT", ""


def of_payers(work: Work, until: date, newest: bool) -> Iterator[Line]:
    """Yield the payers' transfers that the bank has by a day, each with the trace of its ERA.

    Of the ``newest`` month the last one has not come, although its remittance has.
    """
    sent = [
        one
        for one in undeposited(work)
        if one.from_payer and KINDS[one.method] is DepositKind.EFT and one.refund_id is None
    ]
    came = [one for one in sent if workday(one.received_on) <= until]
    if newest and len(came) > 1:
        came.pop()
    ids = [one.payment_id for one in came]
    rows = work.db.execute(
        select(Payment.id, Payer.name, Payer.payer_code)
        .join(Payer, Payer.id == Payment.payer_id)
        .where(among(work, Payment.id, ids))
    )
    payers = {row.id: row for row in rows}
    for one in came:
        payer = payers[one.payment_id]
        name = " ".join(payer.name.upper().split())[:22].strip()
        words = f"{name} HCCLAIMPMT TRN*1*{one.reference}*1{payer.payer_code}0000\\"
        yield Line(workday(one.received_on), one.amount.cents, words, "ACH_CREDIT")


def of_the_bank(
    first: date, last: date, transfer: int, savings: str, newest: bool, before_newest: bool
) -> Iterator[Line]:
    """Yield what nobody here has written: a fee, software by card, a transfer, and unknown money.

    ``transfer`` cents go to the account ``savings`` of the chart on the 20th.
    """
    end = workday_before(last + timedelta(days=1))
    if first <= end:
        yield Line(end, -15_00, FEE, "FEE_TRANSACTION", account=BANK_FEES, left=newest)
    for day, cents, words, account in (
        (12, -99_00, _CLOUD, SOFTWARE),
        (20, -transfer, "ONLINE TRANSFER TO SAV ...5501", savings),
    ):
        on = workday(first.replace(day=day))
        if first <= on <= last:
            kind = "ACCT_XFER" if account == savings else "DEBIT_CARD"
            yield Line(on, cents, words, kind, account=account)
    unknown = workday_before(end)
    if newest and unknown >= first:
        yield Line(unknown, *_UNKNOWN, "ACH_CREDIT", left=True)
    if before_newest and unknown >= first:
        yield Line(unknown, *_HELD, "ACH_CREDIT", hold=True)


def of_a_lump(three: tuple[Undeposited, ...]) -> Iterator[Line]:
    """Yield a deposit that the bank shows and nobody entered: which checks it was, is open."""
    if three:
        on = workday(max(one.received_on for one in three) + timedelta(days=1))
        cents = (three[0].amount + three[2].amount).cents
        yield Line(on, cents, "DEPOSIT AT BRANCH 0042", "DEPOSIT", left=True)


def of_savings(work: Work, account_id: int, first: date, last: date, held: int) -> Iterator[Line]:
    """Yield the savings account's lines: what we put there, and the interest on what it held."""
    account = work.db.get_one(BankAccount, account_id)
    for row in work.db.execute(open_entries(account)).all():
        if row.on <= last:
            cents, held = row.amount.cents, held + row.amount.cents
            words = "ONLINE TRANSFER FROM CHK ...1234"
            yield Line(row.on, cents, words, "ACCT_XFER", entry_id=row.entry_id)
    end = workday_before(last + timedelta(days=1))
    if held > 0 and first <= end:
        yield Line(end, held // 400, "INTEREST PAYMENT", "MISC_CREDIT", account=BANK_INTEREST)
