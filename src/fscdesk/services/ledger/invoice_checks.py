"""Checks that a bill asks for what its lines ask, for each charge once."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents
from fscdesk.services.work import Work


def invoices_add_up(work: Work) -> Found:
    """A bill is the sum of its lines, and only while it is not void it holds their charges."""
    sums = ask(
        work,
        "SELECT i.number, i.amount, l.asked FROM invoice i LEFT JOIN"
        " (SELECT invoice_id, sum(amount) AS asked FROM invoice_line GROUP BY invoice_id) l"
        " ON l.invoice_id = i.id WHERE i.amount <> coalesce(l.asked, 0) ORDER BY i.id",
        lambda row: f"invoice {row.number}: {cents(row.amount)}, its lines {cents(row.asked)}",
    )
    held = ask(
        work,
        "SELECT i.number, i.status, l.charge_id FROM invoice_line l"
        " JOIN invoice i ON i.id = l.invoice_id WHERE l.live IS NOT NULL"
        " AND (l.live <> l.charge_id OR i.status = 'void') ORDER BY l.id",
        lambda row: f"invoice {row.number} ({row.status}): charge {row.charge_id} is held wrongly",
    )
    owners = ask(
        work,
        "SELECT i.number, c.id FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id"
        " JOIN charge c ON c.id = l.live"
        " WHERE c.patient_id <> i.patient_id OR c.guarantor_id <> i.guarantor_id ORDER BY l.id",
        lambda row: f"invoice {row.number} asks for charge {row.id} of another",
    )
    return sums + held + owners
