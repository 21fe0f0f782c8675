"""The checks of the bank find what stands otherwise than its lines and entries say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import cleared, entry, line, starts, suspense
from tests.support.payments import verify
from tests.support.tampering import tamper


@pytest.fixture
def sound(books: Office) -> Office:
    """March is reconciled with a check outstanding, April is matched, 61.75 is to identify."""

    def fill(work: Work) -> None:
        account = starts(work, "3/1", 0)
        cleared(work, "3/4", 57_50)
        entry(work, "3/30", -25_00)
        complete(work, start(work, account, date(2026, 3, 31), Money(57_50)))
        cleared(work, "4/2", 10_00)
        suspense(work, line(work, "4/3", 61_75))
        complete(work, start(work, account, date(2026, 4, 10), Money(129_25)))
        cleared(work, "4/11", 1_00)

    books.write(fill)
    verify(books)
    return books


@dataclass(frozen=True)
class Fault:
    """What is broken, and what the check says of it."""

    check: str
    offender: str
    sql: str


FAULTS = (
    Fault(
        "matches-agree",
        "match 1 over 57.50: 58.50 of the bank, 57.50 of ours",
        "UPDATE bank_line SET amount = 5850 WHERE id = 1",
    ),
    Fault(
        "matches-agree",
        "match 1 over 57.51: 57.50 of the bank, 57.50 of ours",
        "UPDATE bank_match SET amount = 5751 WHERE id = 1",
    ),
    Fault(
        "matches-agree",
        "match 1: entry 2026-000001 is matched over 58.50, it moves 57.50 of account 1000",
        "UPDATE bank_match_entry SET amount = 5850 WHERE id = 1",
    ),
    Fault(
        "matches-agree",
        "match 1 joins lines and entries of several accounts",
        "UPDATE bank_match_entry SET account = '1020' WHERE id = 1",
    ),
    Fault(
        "matches-agree",
        "match 4 is undone, its lines or entries are not",
        "UPDATE bank_match SET status = 'undone' WHERE id = 4",
    ),
    Fault(
        "matches-agree",
        "match 1 is standing, its lines or entries are not",
        "UPDATE bank_match_line SET live_line_id = NULL WHERE id = 1",
    ),
    Fault(
        "matches-agree",
        "match 1 is standing, its lines or entries are not",
        "UPDATE bank_line SET live = NULL WHERE id = 1",
    ),
    Fault(
        "reconciliations-stand",
        "reconciliation REC-2026-00001 opens with 0.01, the one before ended with 0.00",
        "UPDATE reconciliation SET opening = 1 WHERE id = 1",
    ),
    Fault(
        "reconciliations-stand",
        "reconciliation REC-2026-00002 opens with 57.50, the one before ended with 57.49",
        "UPDATE reconciliation SET statement = 5749 WHERE id = 1",
    ),
    Fault(
        "reconciliations-stand",
        "reconciliation REC-2026-00001: 0.00 and 0.00 cleared are not 57.50",
        "UPDATE bank_match SET reconciliation_id = NULL WHERE id = 1",
    ),
    Fault(
        "reconciliations-stand",
        "reconciliation REC-2026-00001: the books held 32.51, the statement with what is on the"
        " way is 32.50",
        "UPDATE reconciliation SET book = 3251 WHERE id = 1",
    ),
    Fault(
        "reconciliations-stand",
        "match 4 is no match of reconciliation REC-2026-00001 (completed) to 03/31/2026",
        "UPDATE bank_match SET reconciliation_id = 1 WHERE id = 4",
    ),
    Fault(
        "reconciliations-stand",
        "match 2 is no match of reconciliation REC-2026-00002 (undone) to 04/10/2026",
        "UPDATE reconciliation SET status = 'undone' WHERE id = 2",
    ),
    Fault(
        "money-to-identify",
        "61.74 is open to identify, account 2420 holds 61.75",
        "UPDATE bank_suspense SET open = 6174",
    ),
    Fault(
        "money-to-identify",
        "SUS-2026-00001: 61.76 of 61.75 is open",
        "UPDATE bank_suspense SET open = 6176",
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.sql)
def test_each_fault_is_found(sound: Office, practice: str, fault: Fault) -> None:
    tamper(practice, fault.sql)
    (check,) = sound.read(lambda work: run_checks(work, [fault.check])).checks
    assert fault.offender in check.offenders, check.offenders
