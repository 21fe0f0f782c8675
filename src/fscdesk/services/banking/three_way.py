"""One session followed to the bank: its claims, what answered them, the deposits, the bank's lines.

    for sentence in three_way(work, session_id).sentences:
        print(sentence)

What of it is missing is said where it is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from fscdesk.models.bank import BankLine, BankSuspense
from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.deposit import Deposit, DepositItem, DepositKind
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import BankMatch, BankMatchEntry, BankMatchLine
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.seeing import require_seeing
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.work import Work

_PAID = (PATIENT_RECEIVABLE, INSURANCE_RECEIVABLE, RECORDED_IN_SIMPLEPRACTICE)
_OUT = (
    ClaimStatus.SUBMITTED,
    ClaimStatus.ACKNOWLEDGED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.PENDING,
)


@dataclass(frozen=True, slots=True)
class MoneyPath:
    """One payment of a session on its way. ``amount`` is what of it paid the session.

    ``claims`` are the numbers of the session's claims that its remittance answers. ``deposit`` is
    None while it is undeposited, ``banked_on`` while the bank has not shown it.
    """

    payment_id: int
    payment: str
    by: str
    reference: str
    amount: Money
    claims: tuple[str, ...] = ()
    remittance: str | None = None
    deposit: str | None = None
    deposited_on: date | None = None
    deposited_at: datetime | None = None
    entry_id: int | None = None
    banked_on: date | None = None
    banked_at: datetime | None = None
    bank_words: str = ""

    @property
    def sentence(self) -> str:
        """Return the whole way in one sentence, up to where it ends."""
        named = f" ({self.reference})" if self.reference else ""
        steps = [f"{self.amount} of {self.by}{named}"]
        if self.remittance is not None:
            answered = f" for {', '.join(self.claims)}" if self.claims else ""
            steps.append(f"by {self.remittance}{answered}")
        steps.append(f"posted as {self.payment}")
        if self.deposited_on is None:
            return f"{', '.join(steps)}: not deposited yet."
        steps.append(f"deposited {self.deposited_on:%m/%d/%Y} ({self.deposit})")
        if self.banked_on is None:
            return f"{', '.join(steps)}: the bank has not shown it yet."
        return f"{', '.join(steps)}, at the bank {self.banked_on:%m/%d/%Y}."


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """Session, claims, remittances and bank side by side.

    ``unanswered`` are claims that are out and have no answer, with their payer. ``recorded`` is
    what SimplePractice calls paid and no payment has closed.
    """

    session_id: int
    paths: tuple[MoneyPath, ...]
    unanswered: tuple[tuple[str, str], ...]
    recorded: Money

    @property
    def whole(self) -> bool:
        """Return whether nothing of it is missing."""
        banked = all(one.banked_on is not None for one in self.paths)
        return banked and not self.unanswered and self.recorded == ZERO

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what there is and what is missing, a sentence each."""
        waits = [f"{number} is at {payer}: no answer yet." for number, payer in self.unanswered]
        recorded = (
            [f"{self.recorded} is recorded in SimplePractice: no payment has come for it."]
            if self.recorded != ZERO
            else []
        )
        return (*(one.sentence for one in self.paths), *waits, *recorded)


def three_way(work: Work, session_id: int) -> ThreeWay:
    """Return how far the money of a session has come, the oldest payment first.

    Raises Problem without a right to see the bank.
    """
    require_seeing(work, "how far money has come")
    return way_of_session(work, session_id)


def way_of_session(work: Work, session_id: int) -> ThreeWay:
    """Return what `three_way` does, for the story of a session, which who sees it may see."""
    charges = select(Charge.id).where(Charge.session_id == session_id)
    paths = [
        MoneyPath(row.id, row.number, row.payer or row.guarantor or "", row.reference, row.paid)
        for row in work.db.execute(
            select(
                Payment.id,
                Payment.number,
                Payment.reference,
                Payer.short_name.label("payer"),
                Guarantor.name.label("guarantor"),
                func.sum(-JournalLine.amount).label("paid"),
            )
            .join(JournalLine, JournalLine.payment_id == Payment.id)
            .outerjoin(Payer, Payer.id == Payment.payer_id)
            .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
            .where(JournalLine.charge_id.in_(charges), JournalLine.account.in_(_PAID))
            .group_by(
                Payment.id, Payment.number, Payment.reference, Payer.short_name, Guarantor.name
            )
            .having(func.sum(-JournalLine.amount) != ZERO)
            .order_by(Payment.id)
        )
    ]
    claims = {
        row.id: row
        for row in work.db.execute(
            select(Claim.id, Claim.number, Claim.status, Payer.short_name)
            .join(Payer, Payer.id == Claim.payer_id)
            .where(
                Claim.id.in_(select(ClaimLine.claim_id).where(ClaimLine.session_id == session_id))
            )
            .order_by(Claim.id)
        )
    }
    answered, told = _answers(work, {ident: row.number for ident, row in claims.items()}, paths)
    recorded = work.db.scalar(
        select(func.sum(JournalLine.amount)).where(
            JournalLine.charge_id.in_(charges),
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
        )
    )
    return ThreeWay(
        session_id,
        tuple(_to_the_bank(work, paths, told)),
        tuple(
            (row.number, row.short_name)
            for ident, row in claims.items()
            if row.status in _OUT and ident not in answered
        ),
        recorded or ZERO,
    )


def _answers(
    work: Work, claims: dict[int, str], paths: Collection[MoneyPath]
) -> tuple[set[int], dict[int, tuple[str, tuple[str, ...]]]]:
    """Return the claims that were answered, and by payment its remittance with their numbers."""
    answered: set[int] = set()
    named: dict[int, list[str]] = defaultdict(list)
    for row in work.db.execute(
        select(RemittanceClaim.claim_id, RemittanceClaim.remittance_id)
        .where(RemittanceClaim.claim_id.in_(claims), RemittanceClaim.fate == Fate.POSTED)
        .order_by(RemittanceClaim.id)
    ):
        answered.add(row.claim_id)
        named[row.remittance_id].append(claims[row.claim_id])
    remittances = work.db.execute(
        select(Remittance.id, Remittance.number, Remittance.payment_id).where(
            Remittance.payment_id.in_([one.payment_id for one in paths])
        )
    )
    return answered, {
        row.payment_id: (row.number, tuple(dict.fromkeys(named[row.id]))) for row in remittances
    }


def _to_the_bank(
    work: Work, paths: Collection[MoneyPath], told: dict[int, tuple[str, tuple[str, ...]]]
) -> list[MoneyPath]:
    deposits = {
        row.live_payment_id: row
        for row in work.db.execute(
            select(
                DepositItem.live_payment_id,
                Deposit.number,
                Deposit.on,
                Deposit.made_at,
                Deposit.kind,
                Deposit.entry_id,
                Deposit.suspense_id,
            )
            .join(Deposit, Deposit.id == DepositItem.deposit_id)
            .where(DepositItem.live_payment_id.in_([one.payment_id for one in paths]))
        )
    }
    held = {
        row.suspense_id: row.entry
        for row in work.db.execute(
            select(
                BankSuspense.id.label("suspense_id"), BankSuspense.entry_id.label("entry")
            ).where(
                BankSuspense.id.in_(
                    [row.suspense_id for row in deposits.values() if row.suspense_id]
                )
            )
        )
    }
    # Money that was held first is at the bank by the entry that held it.
    entries = {
        payment: held.get(row.suspense_id, row.entry_id)
        if row.kind is DepositKind.SUSPENSE
        else row.entry_id
        for payment, row in deposits.items()
    }
    shown = _shown(work, set(entries.values()))
    found = []
    for one in paths:
        number, claims = told.get(one.payment_id, (None, ()))
        path = replace(one, remittance=number, claims=claims)
        row = deposits.get(one.payment_id)
        if row is not None:
            path = replace(
                path,
                deposit=row.number,
                deposited_on=row.on,
                deposited_at=row.made_at,
                entry_id=row.entry_id,
            )
            if (line := shown.get(entries[one.payment_id])) is not None:
                on, words, at = line
                path = replace(path, banked_on=on, bank_words=words, banked_at=at)
        found.append(path)
    return found


def _shown(work: Work, entries: Collection[int]) -> dict[int, tuple[date, str, datetime]]:
    """Return the last bank line that each entry is matched with, and when that was done."""
    rows = work.db.execute(
        select(BankMatchEntry.entry_id, BankLine.on, BankLine.words, BankMatch.made_at)
        .join(BankMatch, BankMatch.id == BankMatchEntry.match_id)
        .join(BankMatchLine, BankMatchLine.match_id == BankMatch.id)
        .join(BankLine, BankLine.id == BankMatchLine.live_line_id)
        .where(BankMatchEntry.entry_id.in_(entries), BankMatchEntry.live.is_(True))
        .order_by(BankLine.on, BankLine.id)
    )
    return {row.entry_id: (row.on, row.words, row.made_at) for row in rows}
