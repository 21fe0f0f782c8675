"""Checks that what agencies hold is what was handed to them, less what came of it."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents
from fscdesk.services.work import Work


def agencies_hold(work: Work) -> Found:
    """What agencies hold of a charge is between nothing and what was handed over of it.

    A case is the sum of its charges, each was handed over by its entry, and account 1130 holds
    nothing else.
    """
    cases = ask(
        work,
        "SELECT c.number, c.amount, i.handed FROM collection_case c LEFT JOIN"
        " (SELECT case_id, sum(amount) AS handed FROM collection_item GROUP BY case_id) i"
        " ON i.case_id = c.id WHERE c.amount <> coalesce(i.handed, 0) ORDER BY c.id",
        lambda row: f"case {row.number}: {cents(row.amount)}, its charges {cents(row.handed)}",
    )
    entries = ask(
        work,
        "SELECT i.id, c.number, i.charge_id, i.amount, l.moved FROM collection_item i"
        " JOIN collection_case c ON c.id = i.case_id LEFT JOIN"
        " (SELECT entry_id, charge_id, sum(amount) AS moved FROM journal_line"
        " WHERE account = '1130' GROUP BY entry_id, charge_id) l"
        " ON l.entry_id = i.entry_id AND l.charge_id = i.charge_id"
        " WHERE i.amount <> coalesce(l.moved, 0) ORDER BY i.id",
        lambda row: (
            f"case {row.number}, charge {row.charge_id}: {cents(row.amount)} handed over,"
            f" its entry moved {cents(row.moved)}"
        ),
    )
    held = ask(
        work,
        "SELECT l.charge_id, l.held, i.most FROM"
        " (SELECT charge_id, sum(amount) AS held FROM journal_line WHERE account = '1130'"
        " GROUP BY charge_id) l LEFT JOIN"
        " (SELECT charge_id, max(amount) AS most FROM collection_item GROUP BY charge_id) i"
        " ON i.charge_id = l.charge_id"
        " WHERE i.most IS NULL OR l.held < 0 OR l.held > i.most ORDER BY l.charge_id",
        lambda row: (
            f"charge {row.charge_id or 'none'}: the agency holds {cents(row.held)}"
            f" of {cents(row.most)}"
        ),
    )
    return cases + entries + held
