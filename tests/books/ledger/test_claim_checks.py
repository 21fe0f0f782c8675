"""The checks of claims find what does not stand as its lines, its history, or its batch say."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from tests.support.claims import (
    ClaimDesk,
    add_authorization,
    add_claim_desk,
    claim_of,
    ready,
)
from tests.support.payments import verify
from tests.support.tampering import tamper


@pytest.fixture
def sound(books: Office) -> Office:
    """Books with a claim that was sent, a draft, and an authorization."""
    desk: ClaimDesk = books.write(add_claim_desk).value
    books.write(lambda work: add_authorization(work, desk.ben, desk.payer, 9))
    claim_of(books, desk=desk, status=ClaimStatus.PENDING)
    claim_of(books, desk=desk, sessions=2, code="90834")
    books.write(lambda work: ready(work, desk, minute=900))
    verify(books)
    return books


@dataclass(frozen=True)
class Fault:
    """What is broken, and what the check says of it."""

    check: str
    sql: str
    said: str


FAULTS = {
    "total": Fault(
        "claims-add-up",
        "UPDATE claim SET total = total + 1 WHERE id = 1",
        "claim CLM-2026-00001: total 160.01, lines 160.00",
    ),
    "days": Fault(
        "claims-add-up",
        "UPDATE claim SET last_day = '2026-03-30' WHERE id = 2",
        "03/02/2026 to 03/30/2026, lines 03/02/2026 to 03/09/2026",
    ),
    "no lines": Fault(
        "claims-add-up", "DELETE FROM claim_line WHERE claim_id = 2", "lines 0.00; 03/02/2026"
    ),
    "status": Fault(
        "claim-history",
        "UPDATE claim SET status = 'accepted' WHERE id = 1",
        "claim CLM-2026-00001 is accepted, its history ends with pending",
    ),
    "step": Fault(
        "claim-history",
        "INSERT INTO claim_status_history (id, claim_id, old, new, reason, at, day, staff_id)"
        " SELECT 99, claim_id, 'draft', new, reason, at, day, staff_id FROM claim_status_history"
        " WHERE claim_id = 1 AND new = 'pending'",
        "claim CLM-2026-00001: a step begins at draft, the one before ended at pending",
    ),
    "fallen": Fault(
        "claims-hold-charges",
        "UPDATE claim SET status = 'void' WHERE id = 2",
        "claim CLM-2026-00002 (void), line 1: it holds",
    ),
    "other key": Fault(
        "claims-hold-charges",
        "UPDATE claim_line SET live = '1:2' WHERE claim_id = 1",
        "line 1: it holds 1:2 wrongly",
    ),
    "loose": Fault(
        "claims-hold-charges",
        "UPDATE claim_line SET live = NULL WHERE claim_id = 1",
        "claim CLM-2026-00001 (pending), line 1: it does not hold its charge",
    ),
    "voided": Fault(
        "claims-hold-charges",
        "UPDATE charge SET voided_on = '2026-04-01'"
        " WHERE id = (SELECT min(charge_id) FROM claim_line WHERE claim_id = 2)",
        "claim CLM-2026-00002, line 1: charge",
    ),
    "strange": Fault(
        "claims-hold-charges",
        "UPDATE claim SET patient_id = 2 WHERE id = 1",
        "the charge is not of its session",
    ),
    "no batch": Fault(
        "sent-claims-in-batches",
        "DELETE FROM claim_sending",
        "claim CLM-2026-00001 is pending, but in no batch",
    ),
    "batch undone": Fault(
        "sent-claims-in-batches",
        "UPDATE claim_batch SET state = 'undone'",
        "claim CLM-2026-00001 is pending, but in no batch",
    ),
    "session": Fault(
        "sessions-follow-claims",
        "UPDATE session SET billing_status = 'denied' WHERE id = 1",
        "session 1 of 03/02/2026 is denied, its claim CLM-2026-00001 is pending",
    ),
    "paid": Fault(
        "claims-agree",
        "UPDATE claim SET status = 'paid' WHERE id = 1",
        "claim CLM-2026-00001 is paid, line 1 is not answered and has 130.00 and 30.00 open",
    ),
    "settled": Fault(
        "claims-agree",
        "UPDATE charge SET insurance_balance = 0, patient_balance = 0 WHERE id = 1",
        "claim CLM-2026-00001 is pending, and nothing of it is open",
    ),
    "uses": Fault(
        "authorizations-count",
        'UPDATE "authorization" SET used = 2',
        "authorization 1: 2 used, 0 before, 0 by claims",
    ),
    "members": Fault(
        "batches-as-sent",
        "UPDATE claim_batch SET claims = 2",
        "batch BAT-2026-00001: 2 claims, 1 are in it",
    ),
    "file": Fault(
        "batches-as-sent",
        "UPDATE claim_batch SET content = 'ISA', sha256 = 'x'",
        "batch BAT-2026-00001: its file is not the one that was kept",
    ),
    "number": Fault(
        "numbers-without-gaps",
        "UPDATE number_series SET next = 9 WHERE name = 'CLM'",
        "series CLM of 2026: 8 numbers were taken, 2 are there",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_named(sound: Office, practice: str, name: str) -> None:
    fault = FAULTS[name]
    tamper(practice, fault.sql)
    (check,) = sound.read(lambda work: run_checks(work, [fault.check])).checks
    assert not check.ok
    assert any(fault.said in one for one in check.offenders), check.offenders
