"""Applying a statement of certain lines, beside writing these very rows by hand.

The limit, on the same machine in the same run: the rows that such a statement leaves behind,
written into empty copies of their tables by the driver itself. Ours also reads the file, looks
for what each line is, locks, checks, posts each deposit to the ledger and puts it on record.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2

from bench.measure import ROUNDS, Measure, compared
from fscdesk.models.payer import Payer
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.connecting import create_practice
from fscdesk.services.demo.bank_file import Line, statement
from fscdesk.services.office import Office
from fscdesk.services.payments.bulk_receiving import receive_all
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.work import Work

MATCHES = 1_250
AIM = 60.0
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 2)
DAYS = 300
_TABLES = (
    *("bank_line", "deposit", "deposit_item", "journal_entry", "journal_line"),
    *("bank_match", "bank_match_line", "bank_match_entry", "audit_event"),
)


def measures(folder: Path, sizes: Sequence[int]) -> Iterator[Measure]:
    """Yield the applying of one statement; a fifth of its lines where it is to be quick."""
    many = MATCHES if max(sizes) > MATCHES * 100 else MATCHES // 5
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "bank.fscdesk"
        office = create_practice(str(path), name="Bench", zone="America/New_York", now=lambda: NOW)
        try:
            files = office.write(lambda work: _files(work, many, ROUNDS + 1)).value
            marks = _newest(path)
            _apply(office, files.pop())
            rows = _written(path, marks)
            files.append(office.write(lambda work: _files(work, many, 1, ROUNDS + 1)).value[0])
            yield compared(
                "bank lines applied with certain matches",
                many,
                lambda: _apply(office, files.pop()),
                lambda: _by_hand(rows),
                AIM,
            )
        finally:
            office.close()


def _files(work: Work, many: int, files: int, first: int = 0) -> list[bytes]:
    """Receive EFTs for some files of the bank, and return the files."""
    payer = Payer(name=f"Payer {first}", short_name=f"Payer {first}", payer_code=str(first))
    work.db.add(payer)
    work.db.flush()
    found = []
    for file in range(first, first + files):
        lines = []
        for place in range(many):
            on, cents = FIRST_DAY + timedelta(place % DAYS), 10_00 + place
            lines.append(
                Line(on, cents, f"PAYER HCCLAIMPMT TRN*1*EFT{file:03}{place:05}*1999010000\\")
            )
        payments = [
            NewPayment(
                Money(one.cents),
                PaymentMethod.EFT,
                one.on,
                payer_id=payer.id,
                reference=f"EFT{file:03}{place:05}",
            )
            for place, one in enumerate(lines)
        ]
        receive_all(work, payments)
        found.append(statement(sorted(lines), 0)[0])
    return found


def _apply(office: Office, data: bytes) -> None:
    office.write(lambda work: apply_statement(work, "year.csv", data))


def _newest(path: Path) -> dict[str, int]:
    """Return the last id of each table that a statement writes."""
    raw = sqlcipher3.dbapi2.connect(str(path))
    try:
        asked = (f"SELECT coalesce(max(id), 0) FROM {table}" for table in _TABLES)
        return {
            table: raw.execute(sql).fetchone()[0] for table, sql in zip(_TABLES, asked, strict=True)
        }
    finally:
        raw.close()


def _written(path: Path, marks: dict[str, int]) -> dict[str, list[Any]]:
    """Return what one statement has written into each table."""
    raw = sqlcipher3.dbapi2.connect(str(path))
    try:
        return {
            table: raw.execute(f"SELECT * FROM {table} WHERE id > ?", (last,)).fetchall()
            for table, last in marks.items()
        }
    finally:
        raw.close()


def _by_hand(rows: dict[str, list[Any]]) -> None:
    """Write these rows into empty tables in a file of their own."""
    with tempfile.TemporaryDirectory() as name:
        raw = sqlcipher3.dbapi2.connect(str(Path(name) / "raw.db"))
        try:
            for table, some in rows.items():
                columns = ", ".join(f"c{at}" for at in range(len(some[0])))
                marks = ", ".join("?" * len(some[0]))
                raw.execute(f"CREATE TABLE {table} ({columns})")
                raw.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
            raw.commit()
        finally:
            raw.close()
