"""Adds every remittance up by hand, and says how the books stand apart from ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentStatus
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.session import Session
from fscdesk.services.office import Office
from fscdesk.services.work import Work

_STANDING = (RemittanceStatus.POSTED, RemittanceStatus.PARTLY)
_NAMES = select(Remittance.id, RemittanceFile.name).join(
    RemittanceFile, RemittanceFile.id == Remittance.file_id
)


def wrong_remittances(
    books: Office, told: Mapping[tuple[str, int], int] | None = None
) -> list[str]:
    """Return of which remittances the money is not accounted for, in words.

    ``told`` is what the files themselves say that each claim was paid, in cents, by the file's
    name and the claim's place in it; without it, what was kept of them counts.
    """
    return books.read(lambda work: list(_wrong(work, told)))


def stands(work: Work) -> list[tuple[object, ...]]:
    """Return how everything stands that has to do with money, in its order, without ids."""
    sums = work.db.execute(
        select(JournalLine.account, func.sum(JournalLine.amount))
        .group_by(JournalLine.account)
        .order_by(JournalLine.account)
    )
    found: list[tuple[object, ...]] = [(code, total.cents) for code, total in sums]
    for noun, names in (
        (Charge, ("code", "service_day", "amount", "insurance_balance", "patient_balance")),
        (Session, ("day", "attendance", "billing_status", "insurance_balance", "patient_balance")),
        (Claim, ("number", "status", "total", "payer_number")),
        (Payment, ("number", "status", "amount")),
        (Credit, ("kind", "balance")),
        (Remittance, ("number", "status", "amount", "unposted", "check_off")),
        (RemittanceClaim, ("number", "position", "fate", "why", "paid")),
        (Recoupment, ("number", "kind", "amount", "open", "undone")),
    ):
        found += [
            (noun.__name__, *(str(getattr(one, name)) for name in names))
            for one in work.db.scalars(select(noun).order_by(noun.id))
        ]
    return found


def _said(
    work: Work, told: Mapping[tuple[str, int], int] | None
) -> tuple[Counter[int], Counter[int]]:
    """Return what posted claims of each remittance were paid, and what was taken beside them."""
    said, taken = Counter[int](), Counter[int]()
    names = {row.id: row.name for row in work.db.execute(_NAMES)}
    for claim in work.db.scalars(
        select(RemittanceClaim).where(RemittanceClaim.fate == Fate.POSTED)
    ):
        name = names.get(claim.remittance_id)
        of_file = None if told is None or name is None else told[name, claim.position]
        said[claim.remittance_id] += claim.paid.cents if of_file is None else of_file
    for item in work.db.scalars(select(Recoupment).where(Recoupment.undone.is_(False))):
        taken[item.remittance_id] += item.amount.cents
        of = item.remittance_claim_id and work.db.get_one(RemittanceClaim, item.remittance_claim_id)
        if of and of.fate is Fate.POSTED:  # a part of a reversal that is about nothing here
            said[item.remittance_id] += item.amount.cents
    return said, taken


def _wrong(work: Work, told: Mapping[tuple[str, int], int] | None) -> Iterator[str]:
    said, taken = _said(work, told)
    moved = _moved(work)
    for row in work.db.scalars(select(Remittance).order_by(Remittance.id)):
        stands = row.status in _STANDING
        if row.payment_id is None:
            if stands:
                yield f"{row.number} is {row.status} without a payment"
            continue
        payment = work.db.get_one(Payment, row.payment_id)
        back = payment.status is PaymentStatus.RETURNED
        yield from _odd_payment(row, payment, stands)
        if row.origin is RemittanceOrigin.TYPED:
            continue  # its money is a payment like any other: what became of it is brute_books'
        fund = moved[payment.id]
        if not stands:
            if not fund.empty(returned=back):
                yield f"{row.number} is {row.status}, and its fund has {fund}"
            continue
        wanted = (row.amount.cents, taken[row.id])
        if (fund.receipt, fund.beside) != wanted or not fund.answers(said[row.id]):
            yield f"{row.number}: {wanted}, claims {said[row.id]}; in the books {fund}"


def _odd_payment(row: Remittance, payment: Payment, stands: bool) -> Iterator[str]:
    """Yield that a payment is not what its remittance says; the bank takes back from either."""
    told = stands == (payment.status is PaymentStatus.POSTED)
    if payment.amount != row.amount or not (told or payment.status is PaymentStatus.RETURNED):
        yield f"{row.number} is {row.status}, its payment {payment.status}, {payment.amount}"


@dataclass
class _Fund:
    """What moved the fund of one remittance, in cents, by why; above zero is into it.

    ``claims`` is what its claims moved and nothing but its own undo took back. ``loose`` are
    amounts of claims that a person or an import took back: they stand for claims that are still
    posted, or for some that were undone afterwards.
    """

    receipt: int = 0
    beside: int = 0
    claims: int = 0
    hand: int = 0
    loose: list[int] = field(default_factory=list)

    def answers(self, said: int) -> bool:
        """Return whether posted claims that were paid so much may have moved this."""
        least = sum(min(one, 0) for one in self.loose)
        most = sum(max(one, 0) for one in self.loose)
        return least <= -said - self.claims <= most

    def empty(self, *, returned: bool) -> bool:
        """Return whether nothing of it stands; what the bank took back came, and went."""
        came = self.receipt + self.hand if returned else self.receipt or self.hand
        return not (came or self.beside or self.claims)


def _moved(work: Work) -> dict[int, _Fund]:
    """Return what moved each fund: what reverses something counts as that."""
    entries = {one.id: one for one in work.db.scalars(select(JournalEntry))}
    rows = work.db.execute(select(Remittance.payment_id, Remittance.number))
    numbers = {row.payment_id: row.number for row in rows}
    funds = select(JournalLine).join(Credit, Credit.id == JournalLine.credit_id)
    found: dict[int, _Fund] = defaultdict(_Fund)
    first: dict[tuple[int, int], int] = {}
    net, taken = Counter[tuple[int, int]](), set[tuple[int, int]]()
    for line in work.db.scalars(funds.where(Credit.kind == CreditKind.REMITTANCE)):
        if line.payment_id is None:
            continue
        number = numbers.get(line.payment_id)
        entry, by_others = entries[line.entry_id], False
        while entry.reverses_id is not None:
            by_others = by_others or not entry.memo.startswith(f"{number} undone: ")
            entry = entries[entry.reverses_id]
        key = (line.payment_id, entry.id)
        net[key] -= line.amount.cents
        if entry.id == line.entry_id:
            first[key] = first.get(key, 0) - line.amount.cents
        if by_others:
            taken.add(key)
    for (payment_id, entry_id), cents in net.items():
        key, entry = (payment_id, entry_id), entries[entry_id]
        ours = entry.memo.startswith(f"{numbers.get(payment_id)}, claim ")
        loose = first[key] if key in taken else None
        _add(found[payment_id], entry.kind, cents, ours=ours, loose=loose)
    return found


def _add(fund: _Fund, kind: EntryKind, cents: int, *, ours: bool, loose: int | None) -> None:
    """Add one entry with all that reverses it; ``loose`` is the first of it, if others took it."""
    if kind is EntryKind.RECEIPT:
        fund.receipt += cents
    elif kind is EntryKind.PROVIDER_ADJUSTMENT:
        fund.beside += cents
    elif ours and loose is None:
        fund.claims += cents
    else:
        fund.hand += cents
        if ours and loose is not None:
            fund.loose.append(loose)
