"""Somebody who takes money in, moves it about and gives it back, at random but by seed.

A refusal (``Problem``) is an answer too; any other exception is a bug. What the bank and the
drawer must hold is counted here beside the books.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from fscdesk.models.approval import ApprovalRequest, RequestStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.deposit import Deposit, DepositStatus
from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments import (
    approving,
    correcting,
    refunding,
    returning,
    transferring,
    voiding_refunds,
)
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.payments.reported import REASON
from fscdesk.services.remittances import bouncing
from fscdesk.services.work import Work
from tests.support.payments import Till, cents
from tests.support.second_person import manager

WHY = "by chance"


class MoneyDesk:
    """One desk with its chance, and a second person who decides."""

    def __init__(self, books: Office, till: Till, rng: random.Random) -> None:
        self.books, self.till, self.rng = books, till, rng
        self.boss = manager(books)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def step(self) -> str:
        """Do one thing and return what it was."""
        acts: list[Callable[[], Any]] = [
            *[self.receive] * 6,
            *[self.apply] * 4,
            self.take_back,
            self.transfer,
            self.bounce,
            self.undo_bounce,
            self.void,
            self.correct_amount,
            self.correct_payer,
            self.ask,
            self.ask,
            self.pay,
            self.cancel,
            self.void_refund,
            self.decide,
            self.decide,
        ]
        act = self.rng.choice(acts)
        try:
            act()
        except Problem:
            self.refused[act.__name__] += 1
        else:
            self.done[act.__name__] += 1
        return act.__name__

    def holds(self) -> None:
        """Check what `drawer_holds` does, and that nobody paid more than a charge."""
        self.drawer_holds()

        def look(work: Work) -> None:
            for charge in work.db.scalars(select(Charge)):
                assert charge.patient_balance.cents >= 0
                assert charge.insurance_balance.cents >= 0

        self.books.read(look)

    def drawer_holds(self) -> None:
        """Check the drawer and the bank against the documents."""

        def look(work: Work) -> None:
            payments = work.db.scalars(select(Payment)).all()
            came = sum(
                one.amount.cents for one in payments if one.status is not PaymentStatus.VOIDED
            )
            gone = self.taken(work)
            refunds = work.db.scalars(select(Refund).filter_by(status=RefundStatus.PAID)).all()
            back = sum(one.amount.cents for one in refunds)
            # What goes back to a client's card is kept back from what the processor pays out.
            clients = {one.id for one in payments if one.guarantor_id is not None}
            kept = sum(
                one.amount.cents
                for one in refunds
                if one.method is PaymentMethod.CARD
                and (one.reason == REASON or one.payment_id in clients)
            )
            deposits = work.db.scalars(select(Deposit).filter_by(status=DepositStatus.POSTED)).all()
            there = sum(one.amount.cents for one in deposits)
            fees = sum(one.fees.cents for one in deposits)
            assert cents(work, "1050") == came - kept - there - fees
            assert cents(work, "1000") == there - gone - (back - kept) + self.elsewhere(work)
            assert cents(work, "7600") == fees

        self.books.read(look)

    def taken(self, work: Work) -> int:
        """Return what the bank took back of payments, in cents: always the whole of one."""
        gone = select(Payment).filter_by(status=PaymentStatus.RETURNED)
        return sum(one.amount.cents for one in work.db.scalars(gone))

    def elsewhere(self, _work: Work) -> int:
        """Return what others than documents posted on the bank's account, in cents: nothing."""
        return 0

    def receive(self) -> None:
        """Take a payment of a guarantor or of the payer, with some applications."""
        side = self.rng.choice((Side.PATIENT, Side.PATIENT, Side.INSURANCE))
        parts = tuple(self._parts(side, self.rng.randint(0, 2)))
        total = sum(one.amount.cents for one in parts)
        pays = self.rng.choice((self.till.alma_pays, self.till.ben_pays))
        patient = self.rng.choice((self.till.alma, self.till.ben))
        new = NewPayment(
            Money(max(1, total + self.rng.choice((0, 0, 50_00, 130_00, 200_00, -1)))),
            self.rng.choice((PaymentMethod.CHECK, PaymentMethod.CARD, PaymentMethod.CASH)),
            self._day(),
            guarantor_id=pays if side is Side.PATIENT else None,
            payer_id=None if side is Side.PATIENT else self.till.payer,
            applications=parts,
            rest=Rest(self.rng.choice((CreditKind.OVERPAYMENT, CreditKind.RETAINER)), patient),
        )
        self.books.write(lambda work: receive(work, new))

    def apply(self) -> None:
        """Apply a credit."""
        credit = self._held()
        side = Side.PATIENT if credit.payer_id is None else Side.INSURANCE
        parts = self._parts(side, self.rng.randint(1, 2))
        on = self._today()
        self.books.write(lambda work: transferring.apply_credit(work, credit.id, parts, on=on))

    def take_back(self) -> None:
        """Take any application back, also one that was taken back before."""
        entry = self._pick(JournalEntry, kind=EntryKind.APPLIED)
        self.books.write(lambda work: transferring.take_back(work, entry.id, reason=WHY))

    def transfer(self) -> None:
        """Move a credit to one of the two clients."""
        credit, amount, on = self._held(), self._amount(), self._today()
        to = self.rng.choice((self.till.alma, self.till.ben))
        self.books.write(
            lambda work: transferring.transfer(
                work, credit.id, amount=amount, to_patient=to, reason=WHY, on=on
            )
        )

    def bounce(self) -> None:
        """Return a payment, or charge it back."""
        one, on = self._pick(Payment), self._today()
        kind = self.rng.choice(list(returning.ReturnKind))
        fee = self.rng.choice((None, Money(), Money(25_00)))
        self.books.write(
            lambda work: bouncing.bounce(
                work,
                one.id,
                on=on,
                reason=WHY,
                expected_version=one.version,
                kind=kind,
                fee=fee,
            )
        )

    def undo_bounce(self) -> None:
        """Take a return back."""
        one = self._pick(Payment, status=PaymentStatus.RETURNED)
        self.books.write(
            lambda work: returning.undo_return(
                work, one.id, reason=WHY, expected_version=one.version
            )
        )

    def void(self) -> None:
        """Void a payment."""
        one = self._pick(Payment)
        self.books.write(
            lambda work: correcting.void_payment(
                work, one.id, reason=WHY, expected_version=one.version
            )
        )

    def correct_amount(self) -> None:
        """Correct an amount."""
        one, amount = self._pick(Payment), self._amount()
        self.books.write(
            lambda work: correcting.correct_amount(
                work, one.id, amount, reason=WHY, expected_version=one.version
            )
        )

    def correct_payer(self) -> None:
        """Correct who paid."""
        one = self._pick(Payment)
        to: dict[str, int] = self.rng.choice(
            (
                {"guarantor_id": self.till.alma_pays},
                {"guarantor_id": self.till.ben_pays},
                {"payer_id": self.till.payer},
            )
        )
        self.books.write(
            lambda work: correcting.correct_payer(
                work, one.id, reason=WHY, expected_version=one.version, **to
            )
        )

    def ask(self) -> None:
        """Ask for a refund."""
        new = refunding.NewRefund(self._held().id, self._amount(), WHY)
        self.books.write(lambda work: refunding.request_refund(work, new))

    def pay(self) -> None:
        """Pay a refund."""
        one, on = self._pick(Refund), self._today()
        self.books.write(
            lambda work: refunding.pay_refund(
                work, one.id, on=on, reference="", expected_version=one.version
            )
        )

    def cancel(self) -> None:
        """Call a refund off."""
        one = self._pick(Refund)
        self.books.write(
            lambda work: refunding.cancel_refund(
                work, one.id, reason=WHY, expected_version=one.version
            )
        )

    def void_refund(self) -> None:
        """Take a refund back that was paid."""
        one = self._pick(Refund, status=RefundStatus.PAID)
        self.books.write(
            lambda work: voiding_refunds.void_refund(
                work, one.id, reason=WHY, expected_version=one.version
            )
        )

    def decide(self) -> None:
        """Approve or refuse a request as the second person, or withdraw it."""
        one = self._pick(ApprovalRequest, status=RequestStatus.WAITING)
        chance = self.rng.random()
        if chance < 0.6:
            self.boss.write(
                lambda work: approving.approve(work, one.id, expected_version=one.version)
            )
        elif chance < 0.8:
            self.boss.write(
                lambda work: approving.refuse(work, one.id, note=WHY, expected_version=one.version)
            )
        else:
            self.books.write(
                lambda work: approving.withdraw(work, one.id, expected_version=one.version)
            )

    def _pick(self, noun: Any, **facts: Any) -> Any:
        return self._one_of(select(noun).filter_by(**facts).order_by(noun.id))

    def _held(self) -> Credit:
        """Return a credit that mostly holds something."""
        query = select(Credit).order_by(Credit.id)
        if self.rng.random() < 0.9:
            query = query.where(Credit.balance != Money())
        found: Credit = self._one_of(query)
        return found

    def _one_of(self, query: Any) -> Any:
        found = self.books.read(lambda work: work.db.scalars(query).all())
        if not found:
            raise Problem("There is none.", hint="Take another.")
        # The newest more often than the old ones.
        return found[-1 - min(int(self.rng.expovariate(0.4)), len(found) - 1)]

    def _parts(self, side: Side, count: int) -> list[Application]:
        query = select(Charge).where(Charge.voided_on.is_(None)).order_by(Charge.id)
        charges = self.books.read(lambda work: work.db.scalars(query).all())
        parts: list[Application] = []
        for charge in self.rng.sample(list(charges), min(count, len(charges))):
            owed = charge.patient_balance if side is Side.PATIENT else charge.insurance_balance
            amount = self.rng.choice((owed.cents, owed.cents // 2, owed.cents // 3, 10_00))
            if amount > 0 and (owed or self.rng.random() < 0.1):
                parts.append(Application(charge.id, Money(amount), side))
        return parts

    def _amount(self) -> Money:
        return Money(self.rng.choice((1, 10_00, 30_00, 50_00, 80_00, 120_00, 131_00)))

    def _today(self) -> date:
        return self.books.read(lambda work: work.today())

    def _day(self) -> date:
        today = self._today()
        return today.replace(day=max(1, today.day - self.rng.randint(0, 3)))
