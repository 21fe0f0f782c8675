"""All eleven sample exports in any order: two clients of one name end with what is theirs."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from fscdesk.services.connecting import open_office
from fscdesk.services.office import Office
from tests.support.clock import Clock
from tests.support.databases import SqliteDatabases, lent
from tests.support.month import (
    ALLOCATION,
    CARDS,
    CHECKS,
    EXPORT,
    SESSIONS,
    Standing,
    bring_in,
    stands,
    take_back,
)
from tests.support.people import add_provider
from tests.support.report_imports import ask, proves

DETAILS, CLAIMS, UNPAID = "sp_client_details", "sp_claims", "sp_unpaid_ins"
OUTSTANDING, AGING, ATTENDANCE = "sp_outstanding", "sp_ins_aging", "sp_attendance"
ALL = (
    *(SESSIONS, EXPORT, ALLOCATION, CARDS, CHECKS),
    *(DETAILS, CLAIMS, UNPAID, OUTSTANDING, AGING, ATTENDANCE),
)
WORST = (
    *(EXPORT, UNPAID, ATTENDANCE, CARDS, CHECKS, ALLOCATION, AGING, DETAILS),
    *(SESSIONS, OUTSTANDING, CLAIMS),
)
"""The payments come while the name is one person, the clinicians before the sessions."""
SILENT = (EXPORT, CARDS, DETAILS, SESSIONS)
"""No income allocation: only what the sessions are called paid tells."""
STATE = {
    "payments": """
        SELECT y.external_id, g.email FROM payment y JOIN guarantor g ON g.id = y.guarantor_id
        WHERE g.name = 'Pat Placeholder' AND y.status = 'posted' ORDER BY y.external_id""",
    "money": """
        SELECT g.email, j.account, sum(j.amount) FROM journal_line j
        JOIN patient p ON p.id = j.patient_id JOIN guarantor g ON g.id = p.guarantor_id
        GROUP BY g.email, j.account HAVING sum(j.amount) <> 0 ORDER BY g.email, j.account""",
    "shares": """
        SELECT g.email, a.paid_on, a.amount, a.side FROM reported_allocation a
        JOIN patient p ON p.id = a.patient_id JOIN guarantor g ON g.id = p.guarantor_id
        ORDER BY g.email, a.paid_on, a.amount, a.side""",
    "claims": """
        SELECT g.email, lower(c.status), s.day, c.reference FROM reported_claim c
        JOIN patient p ON p.id = c.patient_id JOIN guarantor g ON g.id = p.guarantor_id
        LEFT JOIN session s ON s.id = c.session_id WHERE c.status <> 'not sent'
        ORDER BY c.reference""",
    "cards": """
        SELECT c.transaction_id, y.external_id FROM card_transaction c
        LEFT JOIN payment y ON y.id = c.payment_id ORDER BY c.transaction_id""",
    "sessions": """
        SELECT day, minute, attendance, billing_status, count(*) FROM session
        GROUP BY day, minute, attendance, billing_status
        ORDER BY day, minute, attendance, billing_status""",
    "compared": """
        SELECT what, theirs, ours, reason FROM comparison
        ORDER BY what, theirs, ours, reason""",
}


def twice(books: Office, order: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    """Import everything in an order, what waited again at the end, and return what stands."""
    for file in (*order, *order):
        bring_in(books, file)
    proves(books)
    return {name: ask(books, sql) for name, sql in STATE.items()}


def shuffled(seed: int) -> tuple[str, ...]:
    """All the files in some order."""
    files = list(ALL)
    random.Random(seed).shuffle(files)
    return tuple(files)


def in_order(
    databases: SqliteDatabases, clock: Clock, order: tuple[str, ...]
) -> tuple[dict[str, list[tuple[object, ...]]], Standing]:
    """What stands in new books after an order."""
    with lent(databases, empty=True) as target, lent(databases) as source:
        databases.copy(source, target)
        books = open_office(target, now=clock)
        try:
            return twice(books, order), stands(books)
        finally:
            books.close()


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_all_exports_ends_alike(
    sqlite_databases: SqliteDatabases, clock: Clock, seed: int
) -> None:
    first, sums = in_order(sqlite_databases, clock, ALL)
    order = shuffled(seed)
    found, there = in_order(sqlite_databases, clock, order)
    assert (there.client_open, there.payer_open, there.written_off_open) == (0, 0, 0)
    assert there == sums, order
    for name, rows in first.items():
        assert found[name] == rows, f"{name} after {order}"


@pytest.mark.parametrize("order", [WORST, tuple(reversed(ALL))], ids=lambda order: order[0])
def test_a_payment_follows_the_client_whom_a_later_file_names(
    new_books: Callable[[], AbstractContextManager[Office]], order: tuple[str, ...]
) -> None:
    with new_books() as books:
        found = twice(books, order)
        assert found["payments"] == [
            ("sp:880004", "client08@example.invalid"),
            ("sp:880023", "client08@example.invalid"),
        ]
        assert stands(books).client_open == 0


def test_what_the_sessions_are_called_paid_tells_where_no_report_names_the_clinician(
    books: Office,
) -> None:
    # Known first, so that the client of that name becomes the other clinician's at first.
    books.write(lambda work: add_provider(work, "Mockley O'Sample"))
    for file in SILENT:
        bring_in(books, file)
    found = ask(books, STATE["payments"])
    assert {email for _, email in found} == {"client08@example.invalid"}
    assert stands(books).client_open == 0
    changes = ask(books, "SELECT what, new FROM payment_change ORDER BY id")
    assert [what for what, _ in changes] == ["from", "from"]
    assert all(new.startswith("Pat Placeholder (G") for _, new in changes)


def test_undo_gives_the_payments_back_to_whom_they_were_of(books: Office) -> None:
    on_the_way = []
    for file in WORST[:-2]:
        before = (stands(books), ask(books, STATE["payments"]), ask(books, STATE["money"]))
        done = bring_in(books, file)
        if done.batch_id is not None:
            on_the_way.append((done.batch_id, before))
    for batch_id, before in reversed(on_the_way):
        take_back(books, batch_id)
        assert (stands(books), ask(books, STATE["payments"]), ask(books, STATE["money"])) == before
        proves(books)
