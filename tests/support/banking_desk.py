"""A billing desk that takes its money to the bank as well, and takes deposits back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fscdesk.models.deposit import Deposit
from fscdesk.models.values import Money
from fscdesk.services.banking.deposit_plan import KINDS
from fscdesk.services.banking.deposits import (
    DepositDraft,
    DepositKind,
    Undeposited,
    make_deposit,
    undeposited,
    undo_deposit,
)
from fscdesk.services.errors import Problem
from tests.support.billing_desk import BillingDesk
from tests.support.money_desk import WHY


class BankingDesk(BillingDesk):
    """What `BillingDesk` does, and deposits."""

    def acts(self) -> dict[str, Callable[[], Any]]:
        """Return everything that can happen at this desk, by name."""
        return super().acts() | {"deposit": self.deposit, "undo_deposit": self.undo_deposit}

    def deposit(self) -> None:
        """Take some of what is undeposited to the bank: mostly what came in one way."""
        by_kind: dict[DepositKind, list[Undeposited]] = defaultdict(list)
        for one in self.books.read(undeposited):
            by_kind[KINDS[one.method]].append(one)
        if not by_kind:
            raise Problem("There is none.", hint="Take another.")
        kind = self.rng.choice(sorted(by_kind))
        items = self.rng.sample(by_kind[kind], min(len(by_kind[kind]), self.rng.randint(1, 6)))
        if self.rng.random() < 0.2:
            items = [one for held in by_kind.values() for one in held]
        draft = DepositDraft(
            None,
            kind,
            self._today() - timedelta(days=self.rng.choice((0, 0, 1, 5))),
            tuple(one.payment_id for one in items if one.refund_id is None),
            tuple(one.refund_id for one in items if one.refund_id is not None),
        )
        if kind is DepositKind.CARD:
            draft = replace(draft, fees=Money(self.rng.choice((0, 1, 3_45))))
        self.books.write(lambda work: make_deposit(work, draft))

    def undo_deposit(self) -> None:
        """Take a deposit back, also one that was taken back before."""
        one = self._pick(Deposit)
        self.books.write(lambda work: undo_deposit(work, one.id, WHY, expected_version=one.version))
