"""Measures the import of 100,000 rows against the raw writing of the very rows that it leaves.

The limit (DESIGN.md 12) is a ``csv`` parse plus ``executemany`` of the same rows into the
same tables with their indexes, without the guards, on the driver itself.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import sqlcipher3.dbapi2

from bench.measure import Measure
from fscdesk.services.connecting import create_practice
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file

HEADER = (
    "Date of Service,Client,Clinician,Billing Code,Primary Insurance,Secondary Insurance,"
    "Rate per Unit,Units,Total Fee,Progress Note Status,Client Payment Status,Charge,Uninvoiced,"
    "Paid,Unpaid,Insurance Payment Status,Charge,Paid,Write Off,Unpaid"
)
TABLES = (
    "provider",
    "provider_alias",
    "payer",
    "payer_alias",
    "service",
    "guarantor",
    "patient",
    "patient_alias",
    "policy",
    "import_batch",
    "session",
    "session_report",
    "session_status_history",
    "charge",
    "journal_entry",
    "journal_line",
    "import_row",
)
AIM = 2.5


def write_export(path: Path, rows: int, seed: int = 1) -> None:
    """Write an appointment report of fictional people in SimplePractice's own layout."""
    rng = random.Random(seed)
    payers = [f"Imaginary Plan {n} ({99000 + n})" for n in range(40)]
    people = [
        (f"Fake{n:05d} Person{n % 997}", f"Clinician Number{n % 50}", payers[n % 40])
        for n in range(max(rows // 20, 1))
    ]
    first, lines = date(2025, 1, 1), []
    for n in range(rows):
        client, clinician, payer = people[n % len(people)]
        day = first + timedelta(days=n // len(people) * 7 + n % 5)
        minute = 480 + n // 5 % 40 * 15
        paid = rng.random() < 0.8
        money = "PAID,130.0,91.4,38.6,0.0" if paid else "UNPAID,130.0,0.0,0.0,130.0"
        lines.append(
            f"{day:%m/%d/%Y} {minute // 60:02d}:{minute % 60:02d},{client},{clinician},90837 ,"
            f'{payer},"",160.0 ,1 ,160.0,LOCKED,PAID,30.0,0.0,30.0,0.0,{money}'
        )
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")


def measures(folder: Path, sizes: Sequence[int] = (100_000,)) -> list[Measure]:
    """Return ours, the limit and their ratio for each number of rows."""
    return [_measure(folder, rows) for rows in sizes]


def _measure(folder: Path, rows: int) -> Measure:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        export = place / "export.csv"
        write_export(export, rows)
        office = create_practice(place / "ours.fsc", name="Bench", zone="America/New_York")
        started = time.perf_counter()
        file = read_file(export)
        plan = office.write(lambda work: import_file(work, file, accept_proposals=True)).value.plan
        ours = time.perf_counter() - started
        if plan.created != rows:
            raise RuntimeError(f"{plan.created} of {rows} rows were imported")
        office.close()
        create_practice(place / "raw.fsc", name="Bench", zone="America/New_York").close()
        limit = _raw(place / "ours.fsc", place / "raw.fsc", export)
    return Measure("import of CSV rows, everything included", rows, ours, limit, ours / limit, AIM)


def _raw(source: Path, target: Path, export: Path) -> float:
    read = sqlcipher3.dbapi2.connect(str(source))
    kept = {}
    for table in TABLES:
        found = read.execute(f"SELECT * FROM {table}")
        kept[table] = found.fetchall()
    read.close()
    write = sqlcipher3.dbapi2.connect(str(target), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        write.execute(f"PRAGMA {pragma}")
    guards = write.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (guard,) in guards:
        write.execute(f"DROP TRIGGER {guard}")
    started = time.perf_counter()
    with export.open(encoding="utf-8", newline="") as lines:
        for _row in csv.reader(lines):
            pass
    write.execute("BEGIN IMMEDIATE")
    for table, rows in kept.items():
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            write.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    write.execute("COMMIT")
    taken = time.perf_counter() - started
    write.close()
    return taken
