"""What is taken to the bank each Friday: cash and checks with a slip, card payments as a payout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from fscdesk.models.deposit import DepositKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.cash_count import cash_in
from fscdesk.services.banking.deposit_drafts import DepositDraft
from fscdesk.services.banking.deposit_plan import KINDS
from fscdesk.services.banking.deposits import make_deposit
from fscdesk.services.banking.sums import Reach, sets_that_add_up
from fscdesk.services.banking.undeposited import Undeposited, undeposited
from fscdesk.services.billing.deposit_slips import make_deposit_slip
from fscdesk.services.demo.season import workday
from fscdesk.services.work import Work

_PAID_OUT: Final = timedelta(days=4)
"""The processor pays a week's cards out on the Tuesday after it."""
_PRINTED: Final = timedelta(days=42)
_PER_CHARGE, _PER_MILLE = 30, 29
_VALUES: Final = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 25, 10, 5, 1)


def deposit_weeks(
    work: Work, slips: int, proved: date, keep_back: frozenset[int] = frozenset()
) -> int:
    """Deposit what came until last Friday and what was paid out by today, week by week.

    ``slips`` is the number of the last slip; the new last one is returned. The bank is ``proved``
    up to a day: nothing is deposited before it any more. Payments of ``keep_back`` stay where
    they are.
    """
    today = work.today()
    carried: dict[date, list[Undeposited]] = defaultdict(list)
    cards: dict[date, list[Undeposited]] = defaultdict(list)
    for one in undeposited(work):
        came = max(one.received_on, proved + timedelta(days=1))
        friday = came + timedelta(days=(4 - came.weekday()) % 7)
        kind = KINDS[one.method]
        if kind is DepositKind.COUNTER and workday(friday) < today:
            if one.payment_id not in keep_back:
                carried[workday(friday)].append(one)
        elif kind is DepositKind.CARD and workday(friday + _PAID_OUT) < today:
            cards[workday(friday + _PAID_OUT)].append(one)
    for on in sorted({*carried, *cards}):
        if carried[on]:
            slips += 1
            draft = _draft(DepositKind.COUNTER, on, carried[on], f"{slips:06d}")
            done = make_deposit(work, draft)
            if today - on < _PRINTED:
                make_deposit_slip(work, done.id)
        if sum(one.amount.cents for one in cards[on]) > 0:
            make_deposit(work, _draft(DepositKind.CARD, on, cards[on], f"{on:%y%m%d}SPRINGS"))
    return slips


def a_lump(work: Work, first: date, last: date) -> tuple[Undeposited, ...]:
    """Return three checks of some days of which two pairs come to the same amount, if there are.

    The pair of the first and the last, or of the second and the last.
    """
    days: dict[date, list[Undeposited]] = defaultdict(list)
    for one in undeposited(work):
        if one.method is PaymentMethod.CHECK and first <= one.received_on <= last:
            days[one.received_on].append(one)
    for found in days.values():
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                rest = [each for each in found if each.amount != one.amount]
                if one.amount == other.amount and rest:
                    three = (one, other, rest[0])
                    sums = sets_that_add_up(
                        [each.amount.cents for each in three], (one.amount + rest[0].amount).cents
                    )
                    if sums.reach is Reach.SEVERAL:
                        return three
    return ()


def _draft(kind: DepositKind, on: date, items: Sequence[Undeposited], name: str) -> DepositDraft:
    cash = cash_in(items)
    return DepositDraft(
        None,
        kind,
        on,
        payment_ids=tuple(one.payment_id for one in items if one.refund_id is None),
        refund_ids=tuple(one.refund_id for one in items if one.refund_id is not None),
        fees=_fees(items) if kind is DepositKind.CARD else ZERO,
        reference=name,
        cash=_counted(cash.cents) if cash else None,
    )


def _fees(items: Iterable[Undeposited]) -> Money:
    """Return what the processor keeps of each charge: 2.9 percent and 0.30."""
    charged = [one.amount.cents for one in items if one.amount > ZERO]
    return Money(sum((cents * _PER_MILLE + 500) // 1000 + _PER_CHARGE for cents in charged))


def _counted(cents: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for value in _VALUES:
        found[value], cents = divmod(cents, value)
    return {value: many for value, many in found.items() if many}
