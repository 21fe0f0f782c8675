"""A remittance of 10,000 claims read, matched and posted, beside the raw writing of what it leaves.

The limit, on the same machine in the same run: ``executemany`` of the very rows that posting leaves
in every table, indexed, guards off, in one transaction on the driver itself. Ours also reads the
file, finds every claim, decides each line by the rules, and lets claims and sessions follow.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import select, text

from bench.measure import Measure
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.session import Attendance, BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.connecting import create_practice
from fscdesk.services.office import Office
from fscdesk.services.patients.names import sort_name
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.sessions.recording import SessionDraft, record_sessions
from fscdesk.services.work import Work

CLAIMS, ROUNDS = 10_000, 3
AIM = 2.5
NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 3, 2)
PEOPLE = 1_000
_ISA = "ISA*00*          *00*          *ZZ*PLAN           *ZZ*BENCH          "
_BANKS = "01*999999992*DA*1*1999019901**01*999988880*DA*2"
TABLES = (
    *("remittance_file", "remittance", "remittance_claim", "remittance_line", "payment", "credit"),
    *("adjustment", "journal_entry", "journal_line", "claim_change", "claim_status_history"),
    "session_status_history",
)


class _UndoneError(Exception):
    """Ends a transaction without saving it, so that each round finds the same practice."""


def measures(folder: Path, sizes: Sequence[int]) -> Iterator[Measure]:
    """Yield reading, matching and posting together; a tenth of the claims where it is quick."""
    count = CLAIMS if max(sizes) > CLAIMS else CLAIMS // 10
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        path = place / "era.fscdesk"
        office = create_practice(str(path), name="Bench", zone="America/New_York", now=lambda: NOW)
        try:
            office.write(lambda work: _fill(work, count))
            data = office.read(_answers)
            rounds = [_ours(office, data, count) for _ in range(ROUNDS + 1)][1:]
        finally:
            office.close()
        limits = [_raw(place, path, rounds[0][1], number) for number in range(ROUNDS)]
    mine = statistics.median(seconds for seconds, _rows in rounds)
    limit = statistics.median(limits)
    yield Measure("an 835 read, matched and posted", count, mine, limit, mine / limit, AIM)


def _ours(office: Office, data: bytes, count: int) -> tuple[float, dict[str, list[Any]]]:
    """Return the seconds of one posting, and the rows that it leaves in each table."""
    found: list[tuple[float, dict[str, list[Any]]]] = []

    def act(work: Work) -> None:
        newest = "SELECT coalesce(max(id), 0) FROM"
        last = {table: work.db.scalar(text(f"{newest} {table}")) for table in TABLES}
        began = time.perf_counter()
        done = apply_era(work, "bench.835", data, clicked=True)
        work.db.flush()
        taken = time.perf_counter() - began
        (posted,) = done.posted
        assert posted is not None, done.plan.transactions[0].stop
        assert (posted.claims, posted.unposted) == (count, 0)
        rows = {
            table: [
                tuple(row)
                for row in work.db.execute(text(f"SELECT * FROM {table} WHERE id > {last[table]}"))
            ]
            for table in TABLES
        }
        found.append((taken, rows))
        raise _UndoneError

    with contextlib.suppress(_UndoneError):
        office.write(act)
    return found[0]


def _raw(place: Path, path: Path, rows: dict[str, list[Any]], number: int) -> float:
    """Return the seconds of writing the same rows, and nothing else."""
    copy = place / f"raw-{number}.fscdesk"
    shutil.copy(path, copy)
    database = sqlcipher3.dbapi2.connect(str(copy), isolation_level=None)
    try:
        for pragma in ("foreign_keys=OFF", "journal_mode=WAL", "synchronous=FULL"):
            database.execute(f"PRAGMA {pragma}")
        guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (guard,) in guards.fetchall():
            database.execute(f"DROP TRIGGER {guard}")
        began = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            if values:
                marks = ", ".join("?" * len(values[0]))
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        database.execute("COMMIT")
        return time.perf_counter() - began
    finally:
        database.close()


def _answers(work: Work) -> bytes:
    """Return the payer's answer to all claims: paid, the contract, and the client's part."""
    rows = work.db.execute(
        select(Claim.number, ClaimLine.id, ClaimLine.service_day, Patient.number, Policy.member_id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .order_by(Claim.id)
    ).all()
    lines = [
        f"{_ISA}*260410*0830*^*00501*000000001*0*P*:",
        "GS*HP*PLAN*BENCH*20260410*0830*1*X*005010X221A1",
        "ST*835*0001",
        f"BPR*I*{len(rows) * 100}*C*ACH*CCP*{_BANKS}*20260410",
        "TRN*1*EFT1*1999019901",
        "N1*PR*IMAGINARY PLAN*XV*99001",
        "N1*PE*BENCH*XX*1679576722",
        "LX*1",
    ]
    for number, line_id, day, patient, member in rows:
        person = patient.rpartition("-")[2].zfill(4)
        lines += [
            f"CLP*{number.replace('-', '')}*1*160*100*30*12*ICN{line_id}*11*1",
            f"NM1*QC*1*PERSON*FAKE{person}****MI*{member}",
            "SVC*HC:90837*160*100**1",
            f"DTM*472*{day:%Y%m%d}",
            "CAS*CO*45*30",
            "CAS*PR*3*30",
            f"REF*6R*{line_id}",
        ]
    inside = len(lines) - 1
    lines += [f"SE*{inside}*0001", "GE*1*1", "IEA*1*000000001"]
    return "".join(f"{line}~\n" for line in lines).encode("ascii")


def _fill(work: Work, count: int) -> None:
    """Make a fictional practice whose one payer has ``count`` claims of one line."""
    clinician = Provider(name="Mockley O’Sample", npi="1679576722", taxonomy="101YM0800X")
    service = Service(
        code="90837", name="Session", kind=ServiceKind.SESSION, base_rate=Money(160_00),
        revenue_account="4010",
    )  # fmt: skip
    payer = Payer(name="Imaginary Plan", short_name="Plan", payer_code="99001")
    work.db.add_all((clinician, service, payer))
    work.db.flush()
    people = [_person(work, number, payer.id) for number in range(PEOPLE)]
    owners = dict(work.db.execute(select(Patient.id, Patient.guarantor_id)).tuples().all())
    charge = ChargeFacts(1, service.id, "90837", "", 1, 160_00, 160_00, 30_00, 130_00, "4010")
    drafts = [
        SessionDraft(
            day=FIRST_DAY + timedelta(days=number // PEOPLE),
            minute=480,
            occurrence=1,
            patient_id=people[number % PEOPLE].patient_id,
            guarantor_id=owners[people[number % PEOPLE].patient_id],
            provider_id=clinician.id,
            payer_id=payer.id,
            second_payer_id=None,
            service_id=service.id,
            attendance=Attendance.COMPLETED,
            billing_status=BillingStatus.SUBMITTED,
            note_status="LOCKED",
            code_text="90837",
            charges=(charge,),
            recorded=Recorded(0, 0, 0),
            report=None,
        )
        for number in range(count)
    ]
    record_sessions(work, drafts, recorded_on=NOW.date(), reason="Imported", batch_id=None)
    policies = {one.patient_id: one.id for one in people}
    _claims(work, policies, payer.id, clinician.id)


def _person(work: Work, number: int, payer_id: int) -> Policy:
    name = f"Fake{number:04d} Person"
    guarantor = Guarantor(number=f"G-{number}", name=name)
    work.db.add(guarantor)
    work.db.flush()
    patient = Patient(
        number=f"P-{number}", name=name, sort_name=sort_name(name), guarantor_id=guarantor.id
    )
    work.db.add(patient)
    work.db.flush()
    policy = Policy(
        patient_id=patient.id, payer_id=payer_id, rank=1, member_id=f"XYZ{number:09d}",
        valid_from=date(2025, 1, 1),
    )  # fmt: skip
    work.db.add(policy)
    work.db.flush()
    return policy


def _claims(work: Work, policies: dict[int, int], payer_id: int, clinician: int) -> None:
    charges = work.db.execute(
        text("SELECT id, session_id, patient_id, service_day FROM charge ORDER BY id")
    ).all()
    claims = [
        Claim(
            number=f"CLM-2026-{number:05d}", patient_id=row.patient_id, payer_id=payer_id,
            policy_id=policies[row.patient_id], rank=1, rendering_id=clinician,
            status=ClaimStatus.SUBMITTED, total=Money(160_00), made_by=work.actor.staff_id,
            made_at=work.now(), status_since=NOW.date(),
            first_day=date.fromisoformat(str(row.service_day)),
            last_day=date.fromisoformat(str(row.service_day)),
            first_sent_on=NOW.date(), last_sent_on=NOW.date(),
        )
        for number, row in enumerate(charges, start=1)
    ]  # fmt: skip
    work.db.add_all(claims)
    work.db.flush()
    work.db.add_all(
        ClaimLine(
            claim_id=one.id, position=1, charge_id=row.id, session_id=row.session_id,
            live=f"{row.id}:1", service_day=date.fromisoformat(str(row.service_day)),
            code="90837", units=1, amount=Money(160_00),
        )
        for one, row in zip(claims, charges, strict=True)
    )  # fmt: skip
    work.db.flush()
