"""Matching 5,000 bank lines to 20,000 open items, beside reading these very rows by hand.

The limit, on the same machine in the same run: the lines, the open entries and the undeposited
payments read by hand-written SQL on the driver itself. Ours also looks for traces, slips, equal
amounts, sets that add up, and rules, and says of every line what it is and why.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlcipher3.dbapi2

from bench.measure import Measure, compared
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.patient import Guarantor
from fscdesk.models.payer import Payer
from fscdesk.models.payment import PaymentMethod
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.bulk import insert_rows, reserve_ids, stored_moment
from fscdesk.services.connecting import create_practice
from fscdesk.services.ledger.accounts import BANK, SERVICE_REVENUE, UNDEPOSITED
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.work import Work

LINES, ITEMS = 5_000, 20_000
AIM = 40.0
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 2)
DAYS = 360
_HEADING = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
_PAYMENT = (
    *("id", "number", "guarantor_id", "payer_id", "method", "reference", "amount", "received_on"),
    *("posted_on", "status", "origin", "memo", "request_digest", "received_by", "posted_at"),
    "version",
)
_RAW = (
    (
        'SELECT l.id, l."on", l.amount, l.words, l.trace FROM bank_line l'
        " LEFT JOIN bank_match_line m ON m.live_line_id = l.id WHERE m.id IS NULL AND l.live"
    ),
    (
        "SELECT j.entry_id, min(j.day), sum(j.amount), e.number, e.memo FROM journal_line j"
        " JOIN journal_entry e ON e.id = j.entry_id LEFT JOIN bank_match_entry m"
        " ON m.entry_id = j.entry_id AND m.live WHERE j.account = '1000' AND m.id IS NULL"
        " GROUP BY j.entry_id"
    ),
    (
        "SELECT p.id, p.number, p.reference, p.received_on, sum(j.amount) FROM journal_line j"
        " JOIN payment p ON p.id = j.payment_id WHERE j.account = '1050' GROUP BY p.id"
    ),
)


def measures(folder: Path, sizes: Sequence[int]) -> Iterator[Measure]:
    """Yield the proposing for all lines; a tenth of them where it is to be quick."""
    part = 1 if max(sizes) > LINES else 10
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "bank.fscdesk"
        office = create_practice(str(path), name="Bench", zone="America/New_York", now=lambda: NOW)
        try:
            office.write(lambda work: _lines(work, LINES // part))
            office.write(lambda work: _items(work, ITEMS // part))
            raw = sqlcipher3.dbapi2.connect(str(path))
            try:
                yield compared(
                    "bank lines matched to open items",
                    LINES // part,
                    lambda: office.read(lambda work: proposals(work, account_named(work))),
                    lambda: [raw.execute(sql).fetchall() for sql in _RAW],
                    AIM,
                )
            finally:
                raw.close()
        finally:
            office.close()


def _lines(work: Work, count: int) -> None:
    """A year of a busy account: EFTs with traces, slips, card payouts, and what nobody knows."""
    rng = random.Random(1)
    rows = []
    for number in range(count):
        on = FIRST_DAY + timedelta(rng.randrange(DAYS))
        cents = rng.randrange(10_00, 500_00)
        words = (
            f"PAYER {number % 7} HCCLAIMPMT TRN*1*EFT{number:07}*1999010000\\\\",
            f"DEPOSIT ID NUMBER {number:06}",
            f"Stripe TRANSFER ST-X{number:07}",
            "SAMPLE SUPPLIES",
        )[number % 4]
        amount = f"{'-' if number % 4 == 3 else ''}{cents // 100}.{cents % 100:02}"
        rows.append(f'CREDIT,{on:%m/%d/%Y},"{words}",{amount},ACH,,,\n')
    apply_statement(work, "year.csv", (_HEADING + "".join(rows)).encode())


def _items(work: Work, count: int) -> None:
    """As many entries on the account as payments that wait; a quarter of them meets its line."""
    rng = random.Random(1)
    paid = [
        (FIRST_DAY + timedelta(rng.randrange(DAYS)), rng.randrange(10_00, 500_00))
        for _ in range(count // 2)
    ]
    payer = Payer(name="Payer 1", short_name="Payer 1", payer_code="1")
    guarantor = Guarantor(number="G-1", name="Alma Anyone")
    work.db.add_all((payer, guarantor))
    work.db.flush()
    ids = list(reserve_ids(work, "payment", len(paid)))
    moment = stored_moment(work.now())
    insert_rows(
        work,
        "payment",
        _PAYMENT,
        (
            (
                *(ident, f"PAY-{ident}"),
                *((None, payer.id) if ident % 2 else (guarantor.id, None)),
                (PaymentMethod.EFT if ident % 2 else PaymentMethod.CHECK).value,
                f"EFT{place:07}" if ident % 2 else "",
                *(cents, on.isoformat(), on.isoformat(), "posted", "typed", "", ""),
                *(work.actor.staff_id, moment, 1),
            )
            for place, (ident, (on, cents)) in enumerate(zip(ids, paid, strict=True))
        ),
    )
    post_all(
        work,
        [
            Draft(
                on,
                EntryKind.RECEIPT,
                "Payment",
                (
                    Leg(UNDEPOSITED, cents, Part.BOOKS, About(payment_id=ident)),
                    Leg(SERVICE_REVENUE, -cents, Part.BOOKS),
                ),
            )
            for ident, (on, cents) in zip(ids, paid, strict=True)
        ],
    )
    post_all(
        work,
        [
            Draft(
                FIRST_DAY + timedelta(rng.randrange(DAYS)),
                EntryKind.BANK,
                "Entry",
                (Leg(BANK, cents, Part.BOOKS), Leg(SERVICE_REVENUE, -cents, Part.BOOKS)),
            )
            for cents in (rng.choice((-1, 1)) * rng.randrange(10_00, 500_00) for _ in paid)
        ],
    )
