"""A practice of any size, made in a minute or two: ten years of fictional sessions and their books.

The rows are written raw, with guards and indexes taken down meanwhile, in the shape that the
services leave; the aging of it ties to its ledger, and `fscdesk verify` is clean.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2

from fscdesk.models.migrations import ledger_guards
from fscdesk.services.connecting import create_practice

LAST_DAY: Final = date(2026, 3, 31)
DAYS: Final = 3650
PAYERS: Final = 40
FEE, COPAY, OVER = 15_000, 2_500, 500
_STAMP = "2026-03-31 20:00:00.000000"

_PLAN = """
    CREATE TEMP TABLE plan (
        id INTEGER PRIMARY KEY, day, minute, patient_id, provider_id, payer_id,
        patient_share, insurance_share, insurance_paid, insurance_on, patient_paid, patient_on,
        status, last_day
    )
"""
_COPIES = (
    """
    INSERT INTO session (id, starts_at, day, minute, occurrence, patient_id, provider_id, payer_id,
        service_id, attendance, billing_status, status_since, note_status, code_text, fee,
        insurance_balance, patient_balance, version)
    SELECT id, day || printf(' %02d:%02d:00.000000', minute / 60 + 4, minute % 60), day, minute, 1,
        patient_id, provider_id, payer_id, 1, 'completed', status, day, 'LOCKED', '90837',
        patient_share + insurance_share, insurance_share - insurance_paid,
        max(patient_share - patient_paid, 0), 1
    FROM plan
    """,
    """
    INSERT INTO session_report (session_id, client, clinician, payer, second_payer, codes, fee,
        note_status, patient_status, patient_charge, uninvoiced, patient_paid, patient_unpaid,
        insurance_status, insurance_charge, insurance_paid, write_off, insurance_unpaid,
        posts)
    SELECT id, 'Client ' || patient_id, 'Clinician ' || provider_id, coalesce(payer_id, ''), '',
        '90837*1@15000', patient_share + insurance_share, 'LOCKED', '', patient_share, 0,
        patient_paid, patient_share - patient_paid, '', insurance_share, insurance_paid, 0,
        insurance_share - insurance_paid, 1
    FROM plan
    """,
    """
    INSERT INTO charge (id, session_id, position, service_id, code, modifiers, units, rate, amount,
        patient_share, insurance_share, patient_id, guarantor_id, provider_id, payer_id,
        service_day, posted_day, insurance_since, patient_since, insurance_balance,
        patient_balance, first_day, last_day)
    SELECT id, id, 1, 1, '90837', '', 1, patient_share + insurance_share,
        patient_share + insurance_share, patient_share, insurance_share, patient_id, patient_id,
        provider_id, payer_id, day, day, day, day, insurance_share - insurance_paid,
        max(patient_share - patient_paid, 0), day, last_day
    FROM plan
    """,
    """
    INSERT INTO session_status_history (session_id, kind, old, new, reason, at, day, staff_id)
    SELECT session_id, 'billing', old, new, 'bench', day || ' 20:00:00.000000', day, 1 FROM (
        SELECT id AS session_id, NULL AS old,
               iif(status = 'paid', 'submitted', status) AS new, day FROM plan
        UNION ALL
        SELECT id, 'submitted', 'paid', last_day FROM plan WHERE status = 'paid'
    ) ORDER BY day, session_id, old
    """,
)
_ENTRY = """
    INSERT INTO journal_entry (id, number, entry_date, kind, memo, charge_id, posted_by, posted_at)
    SELECT {first} + id, '2026-' || printf('%08d', {first} + id), {day}, '{kind}', '', id, 1, :at
    FROM plan WHERE {which}
"""
_LINE = """
    INSERT INTO journal_line (entry_id, day, account, amount, part, patient_id, guarantor_id,
        session_id, charge_id, payer_id, provider_id)
    SELECT {first} + id, {day}, {account}, {amount}, '{part}', patient_id, patient_id, id, id,
        payer_id, provider_id
    FROM plan WHERE {which}
"""


def practice_of(folder: Path, sessions: int) -> Path:
    """Return the practice with so many sessions, made now if it is not in the folder yet."""
    target = folder / f"bench-{sessions}.fscdesk"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"unfinished-{sessions}.fscdesk"
    for ending in ("", "-wal", "-shm"):
        Path(f"{unfinished}{ending}").unlink(missing_ok=True)
    moment = datetime(2026, 3, 31, 20, tzinfo=UTC)
    create_practice(
        unfinished, name="Fictional Springs", zone="America/New_York", now=lambda: moment
    ).close()
    _fill(unfinished, sessions)
    unfinished.rename(target)
    return target


def _fill(path: Path, sessions: int) -> None:
    raw: Any = sqlcipher3.dbapi2.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        raw.execute(f"PRAGMA {pragma}")
    indexes = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    raw.execute("BEGIN")
    for statement in ledger_guards.statements("sqlite", drop=True):
        raw.execute(statement)
    for name, _sql in indexes:
        raw.execute(f'DROP INDEX "{name}"')
    patients = max(50, sessions // 200)
    _people(raw, patients)
    raw.execute(_PLAN)
    raw.executemany(
        f"INSERT INTO plan VALUES ({', '.join('?' * 14)})", _sessions(sessions, patients)
    )
    for copy in _COPIES:
        raw.execute(copy)
    for statement in _journal(sessions):
        raw.execute(statement, {"at": _STAMP} if ":at" in statement else {})
    raw.execute(
        "UPDATE patient SET unapplied = found.credit FROM"
        " (SELECT patient_id, sum(patient_paid - patient_share) AS credit FROM plan"
        "  WHERE patient_paid > patient_share GROUP BY patient_id) AS found"
        " WHERE found.patient_id = patient.id"
    )
    raw.execute(
        "INSERT INTO number_series (name, year, next) VALUES ('JE', 2026, ?)",
        (3 * sessions + 1,),
    )
    for _name, sql in indexes:
        raw.execute(sql)
    for statement in ledger_guards.statements("sqlite"):
        raw.execute(statement)
    raw.execute("DROP TABLE plan")
    raw.execute("COMMIT")
    raw.execute("ANALYZE")
    raw.close()


def _people(raw: Any, patients: int) -> None:
    numbers = range(1, patients + 1)
    raw.executemany(
        "INSERT INTO guarantor (id, number, name, address1, address2, city, state, zip_code, phone,"
        " email, bad_address, do_not_bill, billing_type, send_by, version)"
        " VALUES (?, ?, ?, '', '', '', '', '', '', '', 0, 0, '', 'mail', 1)",
        ((n, f"G{n:06d}", f"Guarantor {_name(n)}") for n in numbers),
    )
    raw.executemany(
        "INSERT INTO patient (id, number, name, sort_name, kind, guarantor_id, unapplied, active,"
        " withdrawn, version) VALUES (?, ?, ?, ?, 'adult', ?, 0, 1, 0, 1)",
        ((n, f"P{n:06d}", f"Client {_name(n)}", f"{_name(n)}, client", n) for n in numbers),
    )
    raw.executemany(
        "INSERT INTO provider (id, name, credentials, npi, taxonomy, licence, active, version)"
        " VALUES (?, ?, 'LCSW', '', '', '', 1, 1)",
        ((n, f"Clinician {_name(n)}") for n in range(1, 51)),
    )
    raw.executemany(
        "INSERT INTO payer (id, name, short_name, payer_code, needs_authorization, public_program,"
        " unapplied, active, version) VALUES (?, ?, ?, ?, 0, 0, 0, 1, 1)",
        ((n, f"Imaginary Plan {n:02d}", f"Plan {n:02d}", f"{n:05d}") for n in range(1, PAYERS + 1)),
    )
    raw.execute(
        "INSERT INTO service (id, code, name, kind, base_rate, revenue_account, active, version)"
        " VALUES (1, '90837', 'Psychotherapy', 'session', ?, '4010', 1, 1)",
        (FEE,),
    )


def _name(number: int) -> str:
    """Spell a number in letters, spread over the alphabet as names are."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    left, out = number * 7919 % 456_976, ""
    for _ in range(4):
        left, at = divmod(left, 26)
        out += letters[at]
    return out.capitalize()


def _sessions(count: int, patients: int) -> Iterator[tuple[object, ...]]:
    """Yield one row of the plan for each session; amounts in cents, days as text.

    Payers answer after two weeks to two and a half months, 1 % never; one in five hundred
    pays too much. Half of the clients have a copay, which most pay at once; some pay late,
    some never, and one in a thousand too much.
    """
    first = LAST_DAY - timedelta(days=DAYS - 1)
    text = [(first + timedelta(days=n)).isoformat() for n in range(DAYS)]
    for i in range(1, count + 1):
        at = (i - 1) * DAYS // count
        patient = i * 7919 % patients + 1
        payer = patient % PAYERS + 1 if patient % 10 else None
        share = FEE if payer is None else COPAY if i % 2 else 0
        owed = FEE - share
        answered = at + 14 + i * 31 % 60
        paid = owed if payer is not None and i % 100 and answered < DAYS else 0
        if paid and i % 500 == 7:
            paid += OVER
        settled = at if i % 7 else at + 20 + i * 17 % 90
        copay = share if i % 50 and settled < DAYS else 0
        if copay and i % 1000 == 3:
            copay += OVER
        last = max(at, answered if paid else 0, settled if copay else 0)
        closed = paid == owed and copay >= share
        yield (
            i,
            text[at],
            480 + i % 20 * 30,
            patient,
            i * 104_729 % 50 + 1,
            payer,
            share,
            owed,
            paid,
            text[answered] if paid else None,
            copay,
            text[settled] if copay else None,
            "paid" if closed else "submitted" if payer is not None else "ready_to_bill",
            text[last],
        )


def _journal(sessions: int) -> Iterator[str]:
    """Yield the statements that write the entries of the plan and their lines."""
    insured, shared = "insurance_share > 0", "patient_share > 0"
    charged = {"first": 0, "day": "day"}
    yield _ENTRY.format(kind="charge", which="1", **charged)
    for account, amount, which in (
        ("'4010'", "-(patient_share + insurance_share)", "1"),
        ("'1110'", "insurance_share", insured),
        ("'1100'", "patient_share", shared),
    ):
        yield _LINE.format(account=account, amount=amount, part="charge", which=which, **charged)
    for first, who, own, over, part in (
        (sessions, "insurance", "'1110'", "'2410'", "insurance_paid"),
        (2 * sessions, "patient", "'1100'", "'2400'", "patient_paid"),
    ):
        paid, share = f"{who}_paid", f"{who}_share"
        about = {"first": first, "day": f"{who}_on"}
        yield _ENTRY.format(kind="sp_recorded", which=f"{paid} > 0", **about)
        for account, amount, which in (
            ("'1060'", paid, f"{paid} > 0"),
            (own, f"-min({paid}, {share})", f"{paid} > 0"),
            (over, f"{share} - {paid}", f"{paid} > {share}"),
        ):
            yield _LINE.format(account=account, amount=amount, part=part, which=which, **about)
