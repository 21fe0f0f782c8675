"""Checks that a plan's parts are the plan, and that it holds its charges while it is active."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents
from fscdesk.services.work import Work


def plans_add_up(work: Work) -> Found:
    """A plan's charges are its total, its instalments what it finances, on days in order.

    While it is active, and only then, it holds each of its charges; interest and late fees of
    an instalment are charges without a session.
    """
    sums = ask(
        work,
        "SELECT p.number, p.total, p.financed, p.instalments, c.agreed, i.principal, i.parts"
        " FROM payment_plan p"
        " LEFT JOIN (SELECT plan_id, sum(amount) AS agreed FROM plan_charge GROUP BY plan_id) c"
        " ON c.plan_id = p.id"
        " LEFT JOIN (SELECT plan_id, sum(principal) AS principal, count(*) AS parts"
        " FROM instalment GROUP BY plan_id) i ON i.plan_id = p.id"
        " WHERE coalesce(c.agreed, 0) <> p.total OR coalesce(i.principal, 0) <> p.financed"
        " OR coalesce(i.parts, 0) <> p.instalments ORDER BY p.id",
        lambda row: (
            f"plan {row.number}: total {cents(row.total)}, charges {cents(row.agreed)};"
            f" financed {cents(row.financed)}, instalments {cents(row.principal)};"
            f" {row.parts or 0} of {row.instalments} parts"
        ),
    )
    order = ask(
        work,
        "SELECT p.number, a.position FROM instalment a"
        " JOIN instalment b ON b.plan_id = a.plan_id AND b.position = a.position + 1"
        " JOIN payment_plan p ON p.id = a.plan_id WHERE b.due_on <= a.due_on"
        " ORDER BY p.id, a.position",
        lambda row: (
            f"plan {row.number}: payment {row.position + 1} is not due after the one before"
        ),
    )
    held = ask(
        work,
        "SELECT p.number, p.status, c.charge_id FROM plan_charge c"
        " JOIN payment_plan p ON p.id = c.plan_id"
        " WHERE (p.status = 'active' AND c.live IS DISTINCT FROM c.charge_id)"
        " OR (p.status <> 'active' AND c.live IS NOT NULL) ORDER BY p.id, c.id",
        lambda row: f"plan {row.number} ({row.status}): charge {row.charge_id} is held wrongly",
    )
    ended = ask(
        work,
        "SELECT number, status FROM payment_plan"
        " WHERE (status = 'active') <> (ended_on IS NULL) ORDER BY id",
        lambda row: f"plan {row.number} is {row.status}, but its last day says otherwise",
    )
    fees = ask(
        work,
        "SELECT p.number, i.position, c.id FROM instalment i"
        " JOIN payment_plan p ON p.id = i.plan_id"
        " JOIN charge c ON c.id IN (i.interest_charge_id, i.fee_charge_id)"
        " WHERE c.session_id IS NOT NULL"
        " ORDER BY p.id, i.position",
        lambda row: f"plan {row.number}, payment {row.position}: charge {row.id} is no fee of it",
    )
    return sums + order + held + ended + fees
