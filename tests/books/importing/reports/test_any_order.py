"""The reports beside the money ones in any order, at two desks at once, and again."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial

import pytest

from fscdesk.services.connecting import open_office
from fscdesk.services.importing.applying import Applied
from fscdesk.services.office import Office
from fscdesk.services.setup.practice import LocationFields, add_location
from tests.support.clock import Clock
from tests.support.report_imports import ask, bring_in, proves, sample, sessions_of, take_back

REPORTS = (
    "sp_client_details",
    "sp_attendance",
    "sp_claims",
    "sp_unpaid_ins",
    "sp_outstanding",
    "sp_ins_aging",
)
SESSIONS = "sessions"
STATE = {
    "clients": """
        SELECT p.name, p.kind, p.active, g.name, g.address1, g.city, g.phone, g.email, v.name
        FROM patient p JOIN guarantor g ON g.id = p.guarantor_id
        JOIN provider v ON v.id = p.provider_id ORDER BY g.email""",
    "policies": """
        SELECT g.email, q.member_id, y.payer_code FROM policy q
        JOIN patient p ON p.id = q.patient_id JOIN guarantor g ON g.id = p.guarantor_id
        JOIN payer y ON y.id = q.payer_id ORDER BY g.email, y.payer_code""",
    "sessions": """
        SELECT g.email, s.day, s.minute, s.attendance, s.billing_status, s.insurance_balance,
            s.patient_balance
        FROM session s JOIN patient p ON p.id = s.patient_id
        JOIN guarantor g ON g.id = p.guarantor_id ORDER BY g.email, s.day, s.minute, s.id""",
    "claims": """
        SELECT c.status, c.payer_claim, g.email, s.day,
            CASE WHEN c.status = 'not sent' THEN '' ELSE c.reference END AS sent
        FROM reported_claim c JOIN patient p ON p.id = c.patient_id
        JOIN guarantor g ON g.id = p.guarantor_id LEFT JOIN session s ON s.id = c.session_id
        ORDER BY sent, g.email, s.day""",
    "journal": "SELECT account, sum(amount) FROM journal_line GROUP BY account ORDER BY account",
}


def all_in(books: Office, order: list[str]) -> None:
    """Import everything in an order; what waited for something comes again at the end."""
    for name in (*order, *order):
        if name == SESSIONS:
            sessions_of(books)
        else:
            bring_in(books, sample(name))


def state(books: Office) -> dict[str, list[tuple[object, ...]]]:
    """What the office sees in the end, without the numbers that depend on the order."""
    return {name: ask(books, sql) for name, sql in STATE.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_ends_the_same(
    new_books: Callable[[], AbstractContextManager[Office]], seed: int
) -> None:
    with new_books() as books:
        all_in(books, [SESSIONS, *REPORTS])
        wanted = state(books)
        proves(books)
    order = [SESSIONS, *REPORTS]
    random.Random(seed).shuffle(order)
    with new_books() as books:
        all_in(books, order)
        found = state(books)
        proves(books)
    for name in STATE:
        assert found[name] == wanted[name], f"{name} after {order}"


@pytest.mark.parametrize("profile", REPORTS)
def test_the_same_file_again_leaves_no_second_batch(books: Office, profile: str) -> None:
    sessions_of(books)
    for office in ("Main Street Office (SAMPLE)", "Video Office"):  # or the rows wait for it
        books.write(partial(add_location, fields=LocationFields(office, "11")))
    first = bring_in(books, sample(profile))
    before = state(books)
    again = bring_in(books, sample(profile))
    assert (again.batch_id, again.plan.writes) == (None, 0)
    assert again.plan.already is not None
    assert f"import {first.batch_id}" in again.plan.already
    assert state(books) == before
    take_back(books, first)
    assert bring_in(books, sample(profile)).batch_id is not None
    assert state(books) == before


@pytest.mark.parametrize("profile", ["sp_client_details", "sp_unpaid_ins"])
def test_one_report_at_two_desks_comes_in_once(practice: str, clock: Clock, profile: str) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    sessions_of(desks[0])

    def act(desk: Office) -> Applied:
        return bring_in(desk, sample(profile))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(act, desks))
    assert sorted(one.batch_id is None for one in done) == [False, True]
    proves(desks[0])
    for desk in desks:
        desk.close()
