"""A desk whose clients dispute what they paid by card, among payouts, proofs and closed months.

What the bank took of each payment is counted here beside the books, by what was done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposits import make_deposit
from fscdesk.services.banking.payouts import PayoutState, payout_draft, payouts
from fscdesk.services.banking.undeposited import undeposited
from fscdesk.services.errors import Problem
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.disputing import (
    charge_back_part,
    left_of,
    take_dispute_back,
    taken_of,
    win_dispute,
)
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.payments.return_fees import fees_of
from fscdesk.services.payments.returning import ReturnKind, return_payment, undo_return
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.work import Work
from tests.support.bookkeeping_desk import BookkeepingDesk
from tests.support.money_desk import WHY
from tests.support.report_imports import bring_in, small

Stands = tuple[tuple[tuple[int, Money], ...], Money]


class DisputeDesk(BookkeepingDesk):
    """What `BookkeepingDesk` does, card payments that are disputed, and the reports of payouts.

    ``moved`` is by payment what the bank took (above zero) and gave again, the last at the end;
    ``untold`` is what no payout has told yet.
    """

    folder: Path

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.moved: dict[int, list[int]] = defaultdict(list)
        self.untold: list[int] = []
        self.number = 0

    def acts(self) -> dict[str, Callable[[], Any]]:
        """Return everything that can happen at this desk, by name."""
        names = (
            *("card", "charge_back", "win", "unsay", "whole", "undo_whole", "give_back"),
            *("payout", "there_and_back", "move"),
        )
        return super().acts() | {name: getattr(self, name) for name in names}

    def taken(self, work: Work) -> int:
        """Return what the bank took of payments, in cents: by what was done here."""
        del work
        return sum(sum(one) for one in self.moved.values())

    def disputes_hold(self) -> None:
        """Check each card payment against what was done with it, and that nothing is overpaid."""

        def look(work: Work) -> None:
            for one in work.db.scalars(select(Payment).where(Payment.method == PaymentMethod.CARD)):
                taken = sum(self.moved[one.id])
                assert taken_of(work, one.id).cents == taken, one.number
                assert left_of(work, one.id) >= ZERO, one.number
                gone = one.status is PaymentStatus.RETURNED
                assert gone == (taken == one.amount.cents), one.number
                if not taken:
                    assert fees_of(work, one) == [], one.number
            for charge in work.db.scalars(select(Charge)):
                assert charge.patient_balance >= ZERO, charge.id

        self.books.read(look)

    def card(self) -> None:
        """Take a card payment: of an amount that no other one has, for what is open."""
        self.number += 1
        charges = self.books.read(
            lambda work: work.db.scalars(
                select(Charge)
                .where(Charge.voided_on.is_(None), Charge.patient_balance > ZERO)
                .order_by(Charge.id)
            ).all()
        )
        open_ = [one for one in charges if one.guarantor_id == self.till.alma_pays]
        parts = self._parts_of(self.rng.sample(open_, min(len(open_), self.rng.randint(0, 3))))
        extra = self.rng.choice((0, 10_00, 40_00)) + self.number
        new = NewPayment(
            Money(sum(one.amount.cents for one in parts) + extra),
            PaymentMethod.CARD,
            self._today(),
            guarantor_id=self.till.alma_pays,
            applications=parts,
            rest=Rest(patient_id=self.till.alma),
        )
        self.books.write(lambda work: receive(work, new))

    def _parts_of(self, charges: list[Charge]) -> tuple[Application, ...]:
        return tuple(
            Application(one.id, Money(self.rng.choice((owed, owed, max(1, owed // 2)))))
            for one in charges
            for owed in (one.patient_balance.cents,)
        )

    def charge_back(self) -> None:
        """Record that a part of a card payment was taken back: some of what is left, or all."""
        one = self._card()
        left = self.books.read(lambda work: left_of(work, one.id)).cents
        self._charge_back(one, self.rng.choice((left, left // 2, left // 3, 10_00)))

    def _charge_back(self, one: Payment, cents: int) -> None:
        day, fee = self._bank_day(), self.rng.choice((None, Money(), Money(25_00)))
        self.books.write(
            lambda work: charge_back_part(
                work,
                one.id,
                Money(cents),
                on=day,
                reason=WHY,
                expected_version=one.version,
                fee=fee,
            )
        )
        self._took(one.id, cents)

    def win(self) -> None:
        """Record that a disputed payment came again, or a part of it."""
        one = self._disputed()
        taken = sum(self.moved[one.id])
        self._win(one.id, self.rng.choice((taken, taken, max(1, taken // 2), 1_00)))

    def _win(self, ident: int, cents: int, day: date | None = None) -> None:
        on = day or self._bank_day()

        def act(work: Work) -> None:
            seen = work.db.get_one(Payment, ident).version
            win_dispute(work, ident, on=on, reason=WHY, expected_version=seen, amount=Money(cents))

        self.books.write(act)
        self._took(ident, -cents)

    def unsay(self) -> None:
        """Take the last act on a dispute back."""
        one = self._disputed()
        self.books.write(
            lambda work: take_dispute_back(work, one.id, reason=WHY, expected_version=one.version)
        )
        gone = self.moved[one.id].pop()
        if gone in self.untold:
            self.untold.remove(gone)

    def there_and_back(self) -> None:
        """Charge a part back and win it: all stands as it did before."""
        one = self._card()
        if sum(self.moved[one.id]):
            raise Problem("Some of it is charged back.", hint="Take another.")
        before = self._stands(one)
        self._charge_back(one, self.books.read(lambda work: left_of(work, one.id)).cents // 2)
        self._win(one.id, sum(self.moved[one.id]), self._today())
        assert self._stands(one) == before, one.number

    def _stands(self, one: Payment) -> Stands:
        """Return what is open of each charge that is no fee, and what is left of a payment."""

        def ask(work: Work) -> Stands:
            query = select(Charge).where(Charge.session_id.is_not(None)).order_by(Charge.id)
            held = select(func.sum(Credit.balance)).where(Credit.payment_id == one.id)
            charges = tuple((row.id, row.patient_balance) for row in work.db.scalars(query))
            return charges, work.db.scalar(held) or ZERO

        return self.books.read(ask)

    def whole(self) -> None:
        """Record that all of a card payment was charged back."""
        one, day = self._card(), self._bank_day()
        kind = ReturnKind.CHARGEBACK
        self.books.write(
            lambda work: return_payment(
                work, one.id, on=day, reason=WHY, expected_version=one.version, kind=kind
            )
        )
        self._took(one.id, one.amount.cents)

    def undo_whole(self) -> None:
        """Take that back."""
        one = self._pick(Payment, status=PaymentStatus.RETURNED)
        self.books.write(
            lambda work: undo_return(work, one.id, reason=WHY, expected_version=one.version)
        )
        self.moved[one.id].clear()

    def give_back(self) -> None:
        """Refund some of a card payment to the card."""
        one = self._card()
        query = select(Credit).where(Credit.payment_id == one.id, Credit.balance > ZERO)
        credit = self._one_of(query.order_by(Credit.id))
        cents = self.rng.choice((credit.balance.cents, max(1, credit.balance.cents // 2), 5_00))
        on = self._today()

        def act(work: Work) -> None:
            asked = request_refund(work, NewRefund(credit.id, Money(cents), WHY))
            seen = asked.version
            pay_refund(work, asked.refund_id, on=on, reference="", expected_version=seen)

        self.books.write(act)

    def move(self) -> None:
        """Take something that a card payment paid back and apply its credit elsewhere."""
        entry = self._pick(JournalEntry, kind=EntryKind.APPLIED)
        self.books.write(lambda work: take_back(work, entry.id, reason=WHY))
        self.apply()

    def payout(self) -> None:
        """Read a report of the processor: some payments, what it took and gave; deposit it."""
        cards = [
            one
            for one in self.books.read(undeposited)
            if one.refund_id is None and one.method is PaymentMethod.CARD and one.amount > ZERO
        ]
        if not cards:
            raise Problem("There is none.", hint="Take another.")
        chosen = self.rng.sample(cards, self.rng.randint(1, len(cards)))
        today = f"{self._today():%m/%d/%Y}"
        rows = [
            self._row("charge", "ch", one.amount.cents, 30, f"{one.received_on:%m/%d/%Y}", today)
            for one in chosen
        ]
        rows += [self._row("adjustment", "du", -one, 15_00, today, today) for one in self.untold]
        net = sum(one.amount.cents - 30 for one in chosen) - sum(one + 15_00 for one in self.untold)
        if net <= 0:
            raise Problem("Nothing is paid out.", hint="Take another.")
        self.untold = []
        rows.append(self._row("payout", "po", -net, 0, today, today))
        bring_in(self.books, small(self.folder, "sp_card_tx", *rows))
        for found in self.books.read(payouts):
            if found.state is PayoutState.READY:
                draft = replace(payout_draft(found), on=self._today())
                self.books.write(lambda work, draft=draft: make_deposit(work, draft))  # type: ignore[misc]
                self.done["payout_deposited"] += 1

    def _row(self, kind: str, source: str, cents: int, fee: int, on: str, by: str) -> list[str]:
        self.number += 1
        name, sums = f"{self.number:06d}", (cents, fee, cents - fee)
        who = "" if kind == "payout" else "Alma Anyone"
        told = (f"{one / 100:.2f}" for one in sums)
        moments = (f"{on} 15:07", f"{by} 00:00")
        return [who, f"txn_{name}", kind, f"{source}_{name}", *told, "usd", *moments]

    def _took(self, ident: int, cents: int) -> None:
        self.moved[ident].append(cents)
        self.untold.append(cents)

    def _card(self) -> Payment:
        found: Payment = self._pick(Payment, method=PaymentMethod.CARD)
        return found

    def _disputed(self) -> Payment:
        wanted = [ident for ident, moved in self.moved.items() if moved]
        found: Payment = self._one_of(
            select(Payment).where(Payment.id.in_(wanted)).order_by(Payment.id)
        )
        return found

    def _bank_day(self) -> date:
        return self._today() - timedelta(days=self.rng.choice((0, 0, 1, 5, 20)))
