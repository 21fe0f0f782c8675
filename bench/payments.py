"""Entering money at size: what a payer or a guarantor owes, and posting one check over ten charges.

The limit is a person's: 100 ms from the name to the open charges, and from the last key to the
posted payment, for 95 of 100. A posting is undone before it is saved, so that the practice stays
as it was made.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from bench.big_practice import LAST_DAY, PAYERS, practice_of
from bench.lists import LIMIT_S, percentile
from bench.measure import Measure
from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.connecting import open_office
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.open_charges import OpenCharge, open_charges
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.work import Work

PEOPLE, LINES = 40, 10


class _UndoneError(Exception):
    """Ends a transaction without saving it."""


def measures(folder: Path, sizes: Sequence[int]) -> Iterator[Measure]:
    """Yield the 95th percentile of listing and of posting, at each size."""
    for size in sizes:
        office = open_office(practice_of(folder, size))
        try:
            yield from _measured(office, size)
        finally:
            office.close()


def _measured(office: Office, size: int) -> Iterator[Measure]:
    rng = random.Random(size)
    patients = max(50, size // 200)
    listed: list[float] = []
    found: list[list[OpenCharge]] = []
    for number in range(PEOPLE):
        ask: Callable[[Work], list[OpenCharge]] = (
            partial(open_charges, payer_id=1 + number % PAYERS)
            if number % 2
            else partial(open_charges, guarantor_id=rng.randint(1, patients))
        )
        started = time.perf_counter()
        rows = office.read(ask)
        listed.append(time.perf_counter() - started)
        found.append(rows)
    yield _row("payment entry: what is open (p95)", size, listed)
    posted = [_post(office, rows[:LINES]) for rows in found if rows]
    yield _row(f"posting a payment of up to {LINES} charges (p95)", size, posted)


def _post(office: Office, rows: Sequence[OpenCharge]) -> float:
    """Return the seconds of posting a check that pays these charges in full."""
    insured = rows[0].side is Side.INSURANCE
    payer = _payer_of(office, rows[0]) if insured else None
    new = NewPayment(
        Money(sum(row.open.cents for row in rows)),
        PaymentMethod.CHECK,
        LAST_DAY,
        guarantor_id=None if insured else rows[0].guarantor_id,
        payer_id=payer,
        reference="1040",
        applications=tuple(Application(row.charge_id, row.open, row.side) for row in rows),
    )

    def act(work: Work) -> None:
        receive(work, new)
        work.db.flush()
        raise _UndoneError

    started = time.perf_counter()
    with contextlib.suppress(_UndoneError):
        office.write(act)
    return time.perf_counter() - started


def _payer_of(office: Office, row: OpenCharge) -> int | None:
    return office.read(lambda work: work.db.get_one(Charge, row.charge_id).payer_id)


def _row(work: str, size: int, taken: Sequence[float]) -> Measure:
    p95 = percentile(taken, 95)
    return Measure(work, size, p95, LIMIT_S, p95 / LIMIT_S, 1)
