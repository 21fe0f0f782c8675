"""1,000 claims built, scrubbed and sent, beside the raw writing of what that leaves.

The limit, on the same machine in the same run: the text of the 837P joined from its elements and
written with fsync, and ``executemany`` of the very rows that sending leaves in every table of
claims, indexed, in one transaction on the driver itself. Ours also assembles each claim from its
sources, applies the rules of the scrubber twice, and reads the finished file back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import text

from bench.measure import Measure
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Diagnosis, Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.claims import policies
from fscdesk.services.claims.building import build_claims, plan_claims
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.connecting import create_practice
from fscdesk.services.office import Office
from fscdesk.services.patients.names import sort_name
from fscdesk.services.sessions.recording import SessionDraft, record_sessions
from fscdesk.services.work import Work

COUNT, ROUNDS = 1_000, 3
AIM = 20.0
NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 3, 2)
TABLES = (
    "claim",
    "claim_line",
    "claim_diagnosis",
    "claim_finding",
    "claim_change",
    "claim_status_history",
    "claim_batch",
    "claim_sending",
    "session_status_history",
)


class _UndoneError(Exception):
    """Ends a transaction without saving it, so that each round finds the same practice."""


@dataclass(slots=True)
class _Round:
    """Seconds of each step, and what it leaves."""

    built: float
    sent: float
    file: str
    rows: dict[str, list[Any]]


def measures(folder: Path, _sizes: Sequence[int]) -> Iterator[Measure]:
    """Yield building with its check, sending, and both together."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        path = place / "claims.fscdesk"
        office = create_practice(str(path), name="Bench", zone="America/New_York", now=lambda: NOW)
        try:
            office.write(_fill)
            rounds = [_ours(office) for _ in range(ROUNDS + 1)][1:]
        finally:
            office.close()
        limits = [_raw(place, path, rounds[0], number) for number in range(ROUNDS)]
    limit = statistics.median(limits)
    for words, taken in (
        ("claims planned, built, scrubbed", [one.built for one in rounds]),
        ("claims planned, sent, read back", [one.sent for one in rounds]),
        ("claims built, scrubbed and written", [one.built + one.sent for one in rounds]),
    ):
        mine = statistics.median(taken)
        yield Measure(words, COUNT, mine, limit, mine / limit, AIM)


def _ours(office: Office) -> _Round:
    found: list[_Round] = []

    def act(work: Work) -> None:
        newest = "SELECT coalesce(max(id), 0) FROM"
        last = {table: work.db.scalar(text(f"{newest} {table}")) for table in TABLES}
        began = time.perf_counter()
        built = build_claims(work, plan_claims(work))
        half = time.perf_counter()
        sent = send_claims(work, plan_batch(work, built.claim_ids))
        work.db.flush()
        done = time.perf_counter()
        assert sent.claims == COUNT, sent.staying[:3]
        rows = {
            table: [
                tuple(row)
                for row in work.db.execute(text(f"SELECT * FROM {table} WHERE id > {last[table]}"))
            ]
            for table in TABLES
        }
        file = bytes(work.db.execute(text("SELECT content FROM claim_batch")).scalar_one())
        found.append(_Round(half - began, done - half, file.decode("ascii"), rows))
        raise _UndoneError

    with contextlib.suppress(_UndoneError):
        office.write(act)
    return found[0]


def _raw(place: Path, path: Path, one: _Round, number: int) -> float:
    """Return the seconds of writing the same rows and the same text, and nothing else."""
    copy = place / f"raw-{number}.fscdesk"
    shutil.copy(path, copy)
    database = sqlcipher3.dbapi2.connect(str(copy), isolation_level=None)
    try:
        for pragma in ("foreign_keys=OFF", "journal_mode=WAL", "synchronous=FULL"):
            database.execute(f"PRAGMA {pragma}")
        guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (guard,) in guards.fetchall():
            database.execute(f"DROP TRIGGER {guard}")
        segments = [line.rstrip("~").split("*") for line in one.file.splitlines()]
        return _timed(lambda: _write(database, place / f"{number}.837", one.rows, segments))
    finally:
        database.close()


def _write(
    database: Any, file: Path, rows: dict[str, list[Any]], segments: Sequence[Sequence[str]]
) -> None:
    database.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        if values:
            marks = ", ".join("?" * len(values[0]))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    database.execute("COMMIT")
    with file.open("w", encoding="ascii") as out:
        out.write("".join(f"{'*'.join(segment)}~\n" for segment in segments))
        out.flush()
        os.fsync(out.fileno())


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _fill(work: Work) -> None:
    """Make a fictional practice with one session ready to bill for each of 1,000 clients."""
    practice = work.db.get_one(Practice, 1)
    practice.npi, practice.tax_id, practice.taxonomy = "1234567893", "221234567", "101YM0800X"
    practice.address1, practice.city = "200 Nowhere Avenue", "Sampleville"
    practice.state, practice.zip_code, practice.phone = "NJ", "07000-4321", "201-555-0100"
    for key, value in (
        (policies.SUBMITTER_ID, "BENCH01"),
        (policies.RECEIVER_ID, "MADEUP"),
        (policies.RECEIVER_NAME, "Made-up Clearinghouse"),
    ):
        work.db.add(
            Setting(key=key, value=value, changed_by=work.actor.staff_id, changed_at=work.now())
        )
    office = Location(
        name="Office", place_of_service="11", address="200 Nowhere Avenue", city="Sampleville",
        state="NJ", zip_code="07000-4321",
    )  # fmt: skip
    clinician = Provider(
        name="Mockley O’Sample", npi="1679576722", taxonomy="101YM0800X", licence="37PC00123400"
    )
    service = Service(
        code="90837", name="Session", kind=ServiceKind.SESSION, base_rate=Money(16000),
        revenue_account="4010",
    )  # fmt: skip
    payers = [
        Payer(
            name=f"Imaginary Plan {n}", short_name=f"Plan {n}", payer_code=f"{99000 + n}",
            filing_days=180, corrected_days=180, appeal_days=180, address1="1 Invented Plaza",
            city="Sampleville", state="NJ", zip_code="07001-0001",
        )
        for n in range(10)
    ]  # fmt: skip
    work.db.add_all((office, clinician, service, *payers))
    work.db.flush()
    people = [_person(work, n, payers[n % len(payers)].id) for n in range(COUNT)]
    drafts = [
        _draft(n, patient, clinician.id, payers[n % len(payers)].id, service.id)
        for n, patient in enumerate(people)
    ]
    record_sessions(work, drafts, recorded_on=NOW.date(), reason="Imported", batch_id=None)
    work.db.execute(text("UPDATE session SET location_id = :one"), {"one": office.id})
    assert work.db.query(Session).count() == COUNT


def _person(work: Work, number: int, payer: int) -> tuple[int, int]:
    name = f"Fake{number:04d} Person"
    address = {
        "address1": f"{number + 1} Nowhere Lane",
        "city": "Sampleville",
        "state": "NJ",
        "zip_code": "07002-1234",
    }
    guarantor = Guarantor(number=f"G-{number}", name=name, **address)
    work.db.add(guarantor)
    work.db.flush()
    patient = Patient(
        number=f"P-{number}", name=name, sort_name=sort_name(name), guarantor_id=guarantor.id,
        birth_date=date(1980, 1, 1) + timedelta(days=number), sex="F", **address,
    )  # fmt: skip
    work.db.add(patient)
    work.db.flush()
    work.db.add_all(
        (
            Policy(
                patient_id=patient.id, payer_id=payer, rank=1, member_id=f"XYZ{number:09d}",
                valid_from=date(2025, 1, 1),
            ),
            Diagnosis(
                patient_id=patient.id, position=1, code="F41.1", valid_from=date(2025, 1, 1)
            ),
        )
    )  # fmt: skip
    return patient.id, guarantor.id


def _draft(
    number: int, person: tuple[int, int], clinician: int, payer: int, service: int
) -> SessionDraft:
    charge = ChargeFacts(1, service, "90837", "", 1, 160_00, 160_00, 30_00, 130_00, "4010")
    return SessionDraft(
        day=FIRST_DAY + timedelta(days=number % 20),
        minute=480 + number // 20 * 10,
        occurrence=1,
        patient_id=person[0],
        guarantor_id=person[1],
        provider_id=clinician,
        payer_id=payer,
        second_payer_id=None,
        service_id=service,
        attendance=Attendance.COMPLETED,
        billing_status=BillingStatus.READY_TO_BILL,
        note_status="LOCKED",
        code_text="90837",
        charges=(charge,),
        recorded=Recorded(0, 0, 0),
        report=None,
    )
