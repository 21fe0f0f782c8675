"""Every check finds the fault that it is for, names it, and no other check cries with it."""

# ruff: noqa: S608 - breaking the books takes raw SQL, with names of our own

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from fscdesk.models.ledger import EntryKind, Part
from fscdesk.services.audit import record
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import CHECKS, run_checks
from fscdesk.services.ledger.offenders import SHOWN
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.people import (
    add_batch,
    add_import_row,
    add_patient,
    add_payer,
    add_provider,
    add_session,
)
from tests.support.tampering import tamper

DAY = date(2026, 3, 31)


def _bank_fee() -> Draft:
    legs = (Leg("7500", 1000, Part.CHARGE), Leg("1000", -1000, Part.CHARGE))
    return Draft(on=DAY, kind=EntryKind.OPENING, memo="Bank fee", legs=legs)


def _fill(work: Work) -> None:
    """Two clients; a payer and a client who paid too much; an open share; an undone bank fee."""
    clinician, payer = add_provider(work, "Testa Fernsample"), add_payer(work, "Imaginary Blue")
    first, second = add_patient(work, "Quill Fakerson"), add_patient(work, "Minna Placeholder")
    batch = add_batch(work)
    session = add_session(
        work,
        first,
        clinician,
        day=date(2026, 2, 3),
        payer=payer,
        insurance=12000,
        share=4000,
        insurance_paid=12500,
        patient_paid=4500,
        batch=batch,
    )
    add_import_row(work, batch, session)
    add_session(work, second, clinician, day=date(2026, 3, 3), payer=payer, insurance=9000)
    post(work, _bank_fee())
    reverse(work, post(work, _bank_fee()), on=DAY, reason="Not ours")
    record(work, "import", "import_batch", batch, read=1)
    record(work, "look", "session", session)


@pytest.fixture
def sound(books: Office) -> Office:
    books.write(_fill)
    return books


@dataclass(frozen=True)
class Fault:
    check: str
    offender: str
    sql: tuple[str, ...]
    also: tuple[str, ...] = ()


FEE = "(SELECT min(id) FROM journal_entry WHERE kind = 'opening')"
UNDOING = "(SELECT max(id) FROM journal_entry WHERE kind = 'reversal')"
FAULTS = (
    Fault(
        "entries-balance",
        "entry 2026-000004 is off by 1.00",
        (f"UPDATE journal_line SET amount = 1100 WHERE entry_id = {FEE} AND account = '7500'",),
    ),
    Fault(
        "posted-entries-whole",
        "entry 2026-000004 is of 03/31/2026, one of its lines of 03/30/2026",
        (f"UPDATE journal_line SET day = '2026-03-30' WHERE entry_id = {FEE} AND amount > 0",),
    ),
    Fault(
        "posted-entries-whole",
        "entry 2026-000004 was never posted",
        (f"UPDATE journal_entry SET posted_at = NULL WHERE id = {FEE}",),
    ),
    Fault(
        "posted-entries-whole",
        "entry 2026-000004 has 0 of the two lines it needs at least",
        (f"DELETE FROM journal_line WHERE entry_id = {FEE}",),
    ),
    Fault(
        "reversals-mirror",
        "entry 2026-000006 is not the opposite of 2026-000005",
        (f"UPDATE journal_line SET account = '7600' WHERE entry_id = {UNDOING} AND amount < 0",),
    ),
    Fault(
        "reversals-mirror",
        "entry 2026-000006 is dated before 2026-000005, which it reverses",
        (
            f"UPDATE journal_line SET day = '2026-01-01' WHERE entry_id = {UNDOING}",
            f"UPDATE journal_entry SET entry_date = '2026-01-01' WHERE id = {UNDOING}",
        ),
    ),
    Fault(
        "reversals-mirror",
        "entry 2026-000004 and what it reverses do not fit its kind",
        (f"UPDATE journal_entry SET kind = 'reversal' WHERE id = {FEE}",),
    ),
    Fault(
        "charge-balances",
        "charge 1: payer stored -4.00, lines -5.00; client stored -1.00, lines 0.00",
        (
            "UPDATE charge SET insurance_balance = insurance_balance + 100 WHERE id = 1",
            "UPDATE charge SET patient_balance = patient_balance - 100 WHERE id = 1",
        ),
    ),
    Fault(
        "charge-balances",
        "charge 1: first day stored 01/01/2026, lines 02/03/2026",
        ("UPDATE charge SET first_day = '2026-01-01' WHERE id = 1",),
    ),
    Fault(
        "session-balances",
        "session 2 of 03/03/2026: payer stored 91.00, lines 90.00",
        ("UPDATE session SET insurance_balance = insurance_balance + 100 WHERE id = 2",),
    ),
    Fault(
        "patient-unapplied",
        "patient P-Quill Fakerson: stored 6.00, lines 5.00",
        (
            "UPDATE patient SET unapplied = unapplied + 100 WHERE id = 1",
            "UPDATE patient SET unapplied = unapplied - 100 WHERE id = 2",
        ),
    ),
    Fault(
        "open-items-equal-ledger",
        "04/12/2026: open items 80.00, ledger 90.00, difference -10.00",
        (f"UPDATE journal_line SET account = '1120' WHERE entry_id = {FEE} AND amount > 0",),
        also=("recoupments-add-up",),
    ),
    Fault(
        "shares-add-up",
        "charge 1: amount 160.00, shares 161.00",
        ("UPDATE charge SET patient_share = patient_share + 100 WHERE id = 1",),
    ),
    Fault(
        "shares-add-up",
        "charge 2 (voided): posted 90.00 to the payer and 0.00 to the client, not 0.00 and 0.00",
        ("UPDATE charge SET voided_on = '2026-04-01' WHERE id = 2",),
        also=("voided-charges-hold-nothing",),
    ),
    Fault(
        "recorded-in-simplepractice",
        "session 1 of 02/03/2026: insurance paid reported 126.00, posted 125.00",
        ("UPDATE session_report SET insurance_paid = insurance_paid + 100 WHERE session_id = 1",),
    ),
    Fault(
        "import-counts",
        "import 1: read 1 rows, says what became of 2, keeps 1",
        ("UPDATE import_batch SET skipped = 1",),
    ),
    Fault(
        "import-counts",
        "import 1: read 1 rows, says what became of 1, keeps 0",
        ("UPDATE import_row SET verdict = 'gone'",),
    ),
    Fault(
        "status-history",
        "session 2 of 03/03/2026: billing is denied, its history says documented",
        ("UPDATE session SET billing_status = 'denied' WHERE id = 2",),
    ),
    Fault(
        "status-history",
        "session 2 of 03/03/2026: attendance is no show, its history says completed",
        ("UPDATE session SET attendance = 'no_show' WHERE id = 2",),
    ),
    Fault(
        "audit-chain",
        "record 1 does not follow from the one before it",
        ("UPDATE audit_event SET noun_id = 99 WHERE id = 1",),
    ),
    Fault(
        "accounts-known",
        "account 7599 is not in the chart and has 1 lines",
        (f"UPDATE journal_line SET account = '7599' WHERE entry_id = {FEE} AND amount > 0",),
    ),
    Fault(
        "accounts-known",
        "system account 1120 is not in the chart",
        ("DELETE FROM account WHERE code = '1120'",),
    ),
)


def test_sound_books_pass_every_check(sound: Office) -> None:
    report = sound.read(run_checks)
    assert report.ok, [check for check in report.checks if not check.ok]
    assert [check.name for check in report.checks] == list(CHECKS)
    assert all(check.words.endswith(".") for check in report.checks)


def test_empty_books_pass_every_check(books: Office) -> None:
    assert books.read(run_checks).ok


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}:{fault.offender[:40]}")
def test_a_fault_is_named_by_its_check_and_by_no_other(
    sound: Office, practice: str, fault: Fault
) -> None:
    tamper(practice, *fault.sql)
    report = sound.read(run_checks)
    assert not report.ok
    wrong = {check.name: check for check in report.checks if not check.ok}
    assert set(wrong) == {fault.check, *fault.also}
    check = wrong[fault.check]
    assert fault.offender in check.offenders


def test_a_past_month_that_does_not_tie_is_named_by_its_day(sound: Office, practice: str) -> None:
    tamper(
        practice,
        f"UPDATE journal_line SET account = '1120' WHERE entry_id = {FEE} AND amount > 0",
        f"UPDATE journal_line SET account = '1120' WHERE entry_id = {FEE} AND amount < 0",
        f"UPDATE journal_line SET day = '2026-02-10' WHERE entry_id = {FEE} AND amount > 0",
    )
    report = sound.read(lambda work: run_checks(work, ["open-items-equal-ledger"]))
    # In February one line was there without the other; at the end of March both were.
    assert report.checks[0].offenders == (
        "02/28/2026: open items -10.00, ledger 0.00, difference -10.00",
    )


def test_only_fifty_offenders_are_named_and_all_are_counted(books: Office, practice: str) -> None:
    def fill(work: Work) -> None:
        clinician, patient = add_provider(work, "Testa Fernsample"), add_patient(work, "Quill")
        for minute in range(SHOWN + 3):
            add_session(work, patient, clinician, minute=minute, share=1000)

    books.write(fill)
    tamper(practice, "UPDATE session SET patient_balance = 0")
    [check] = books.read(lambda work: run_checks(work, ["session-balances"])).checks
    assert (len(check.offenders), check.count) == (SHOWN, SHOWN + 3)
    assert check.offenders[0] == "session 1 of 03/02/2026: client stored 0.00, lines 10.00"


def test_a_check_that_does_not_exist_is_refused(books: Office) -> None:
    with pytest.raises(Problem, match="no check called spelling"):
        books.read(lambda work: run_checks(work, ["spelling"]))
