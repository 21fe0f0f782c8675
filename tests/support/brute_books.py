"""Adds the books up by hand, line by line, apart from the program's own checks and balances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import CollectionItem
from fscdesk.models.deposit import Deposit, DepositItem, DepositStatus
from fscdesk.models.invoice import InvoiceLine
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.refund import Refund
from fscdesk.services.office import Office
from fscdesk.services.work import Work

OPEN = ("1100", "1110", "1120", "1130", "2400", "2410")


def wrong_sums(books: Office) -> list[str]:
    """Return what does not add up, in words; nothing when the books are sound."""
    return books.read(lambda work: list(_wrong(work)))


class _Sums:
    """Every posted line once, in cents, by what it is about."""

    def __init__(self, work: Work) -> None:
        self.entries = Counter[int]()
        self.payments = Counter[int]()
        self.credits = Counter[int]()
        self.unapplied = Counter[int]()
        self.payer_credits = 0
        self.recoupments = sum(
            one.open.cents for one in work.db.scalars(select(Recoupment).filter_by(account="1120"))
        )
        self.agency = Counter[int | None]()
        self.client = Counter[int]()
        self.payer = Counter[int]()
        self.accounts = Counter[str]()
        posted = select(JournalLine).join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        for line in work.db.scalars(posted.where(JournalEntry.posted_at.is_not(None))):
            self._add(line, line.amount.cents)
        self._bank(work)

    def _bank(self, work: Work) -> None:
        """Count what deposits took out of 1050, by their items: it went to no other payment."""
        items = select(DepositItem, Refund.payment_id).outerjoin(
            Refund, Refund.id == DepositItem.refund_id
        )
        standing = items.join(Deposit, Deposit.id == DepositItem.deposit_id).where(
            Deposit.status == DepositStatus.POSTED
        )
        for item, refunded in work.db.execute(standing):
            self.payments[item.payment_id or refunded] += item.amount.cents

    def _add(self, line: JournalLine, cents: int) -> None:
        self.entries[line.entry_id] += cents
        self.accounts[line.account] += cents
        if line.payment_id is not None:
            self.payments[line.payment_id] += cents
        if line.credit_id is not None:
            self.credits[line.credit_id] -= cents
            if line.account == "2410":
                self.payer_credits += cents
        if line.account == "2400" and line.patient_id is not None:
            self.unapplied[line.patient_id] -= cents
        if line.account == "1130":
            self.agency[line.charge_id] += cents
        if line.charge_id is not None and line.account == "1100":
            self.client[line.charge_id] += cents
        if line.charge_id is not None and line.account in ("1110", "2410"):
            self.payer[line.charge_id] += cents

    def open_items(self) -> int:
        """What is owed, less what is unapplied, read from charges, owners and payers' items."""
        owed = sum(self.client.values()) + sum(self.payer.values()) + sum(self.agency.values())
        return owed - sum(self.unapplied.values()) + self.payer_credits + self.recoupments


def _wrong(work: Work) -> Iterator[str]:
    sums = _Sums(work)
    yield from (f"entry {one} is off by {cents}" for one, cents in sums.entries.items() if cents)
    yield from (f"payment {one} leaves {cents}" for one, cents in sums.payments.items() if cents)
    yield from _wrong_charges(work, sums)
    for credit in work.db.scalars(select(Credit)):
        if credit.balance.cents != sums.credits[credit.id] or sums.credits[credit.id] < 0:
            yield f"credit {credit.id} stores {credit.balance}, its lines {sums.credits[credit.id]}"
    for patient in work.db.scalars(select(Patient)):
        if patient.unapplied.cents != sums.unapplied[patient.id]:
            yield f"client {patient.id} has {patient.unapplied}, not {sums.unapplied[patient.id]}"
    handed = set(work.db.scalars(select(CollectionItem.charge_id)))
    for one, cents in sums.agency.items():
        if cents < 0 or (cents and one not in handed):
            yield f"an agency holds {cents} of charge {one}"
    books = sum(sums.accounts[one] for one in OPEN)
    if sums.open_items() != books or sum(sums.accounts.values()) != 0:
        yield f"open items are {sums.open_items()}, the accounts {books}"


def _wrong_charges(work: Work, sums: _Sums) -> Iterator[str]:
    void = set()
    for charge in work.db.scalars(select(Charge)):
        client, payer = sums.client[charge.id], sums.payer[charge.id]
        if (charge.patient_balance.cents, charge.insurance_balance.cents) != (client, payer):
            yield f"charge {charge.id} stores other balances than {client} and {payer}"
        if charge.voided_on is not None:
            void.add(charge.id)
            if client or payer or sums.agency[charge.id]:
                yield f"charge {charge.id} is voided and open"
    live = work.db.scalars(select(InvoiceLine.live).where(InvoiceLine.live.is_not(None)))
    yield from (f"a bill asks for voided charge {one}" for one in live if one in void)
