"""Checks that what agencies hold is what was handed to them, less what came of it."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents, day_words
from fscdesk.services.work import Work


def agencies_hold(work: Work) -> Found:
    """What agencies hold of a charge is between nothing and what was handed over, on every day.

    A case is the sum of its charges, each was handed over by its entry, and account 1130 holds
    nothing else: every entry that moves it names the case.
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
        " (SELECT e.case_id, l.entry_id, l.charge_id, sum(l.amount) AS moved FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE l.account = '1130' GROUP BY e.case_id, l.entry_id, l.charge_id) l"
        " ON l.entry_id = i.entry_id AND l.charge_id = i.charge_id AND l.case_id = i.case_id"
        " WHERE i.amount <> coalesce(l.moved, 0) ORDER BY i.id",
        lambda row: (
            f"case {row.number}, charge {row.charge_id}: {cents(row.amount)} handed over,"
            f" its entry moved {cents(row.moved)}"
        ),
    )
    held = ask(
        work,
        "SELECT d.charge_id, d.day, d.held, d.number, i.amount FROM"
        " (SELECT e.case_id, c.number, l.charge_id, l.day, sum(sum(l.amount)) OVER"
        " (PARTITION BY e.case_id, l.charge_id ORDER BY l.day) AS held"
        " FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id"
        " LEFT JOIN collection_case c ON c.id = e.case_id WHERE l.account = '1130'"
        " GROUP BY e.case_id, c.number, l.charge_id, l.day) d LEFT JOIN collection_item i"
        " ON i.case_id = d.case_id AND i.charge_id = d.charge_id"
        " WHERE i.amount IS NULL OR d.held < 0 OR d.held > i.amount"
        " ORDER BY d.charge_id, d.day, d.number",
        lambda row: (
            f"charge {row.charge_id or 'none'}: on {day_words(row.day)} the agency holds"
            f" {cents(row.held)} of {cents(row.amount)} in case {row.number or 'none'}"
        ),
    )
    return cases + entries + held


def cases_follow(work: Work) -> Found:
    """A case is at the agency while account 1130 holds something of it, and closed when not."""
    return ask(
        work,
        "SELECT c.number, c.status, coalesce(l.held, 0) AS held FROM collection_case c LEFT JOIN"
        " (SELECT e.case_id, sum(l.amount) AS held FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id WHERE l.account = '1130'"
        " GROUP BY e.case_id) l ON l.case_id = c.id"
        " WHERE (c.status = 'placed') <> (coalesce(l.held, 0) <> 0)"
        " OR (c.status = 'placed') <> (c.closed_on IS NULL) ORDER BY c.id",
        lambda row: (
            f"case {row.number} is {row.status.replace('_', ' ')}, and {cents(row.held)} of it is"
            " at the agency"
        ),
    )


def paid_is_settled(work: Work) -> Found:
    """A session is paid if and only if nothing of it is open, neither here nor at an agency.

    Asked of sessions that took place and have a charge that costs something; one that has none,
    or that is not in the books any more, keeps whatever status it has. A person may give a
    reason and say otherwise of a settled one: that stands until its money moves again.
    """
    return ask(
        work,
        # What does not agree at first sight is little: only for it the last move is looked for,
        # in one walk over the lines, which have no index by session.
        "WITH held AS MATERIALIZED (SELECT session_id, sum(amount) AS held FROM journal_line"
        " WHERE account = '1130' AND session_id IS NOT NULL GROUP BY session_id),"
        " odd AS MATERIALIZED (SELECT s.id, s.day, s.billing_status, s.insurance_balance,"
        " s.patient_balance, coalesce(l.held, 0) AS held FROM session s"
        " LEFT JOIN held l ON l.session_id = s.id"
        " WHERE s.withdrawn_by IS NULL AND s.attendance <> 'scheduled'"
        " AND EXISTS (SELECT 1 FROM charge c WHERE c.session_id = s.id"
        " AND c.voided_on IS NULL AND c.amount <> 0)"
        " AND (s.billing_status = 'paid') <> (s.insurance_balance = 0"
        " AND s.patient_balance = 0 AND coalesce(l.held, 0) = 0)),"
        " moved AS MATERIALIZED (SELECT j.session_id, max(e.posted_at) AS at FROM journal_line j"
        " JOIN journal_entry e ON e.id = j.entry_id"
        " WHERE j.session_id IN (SELECT id FROM odd WHERE billing_status <> 'paid')"
        " GROUP BY j.session_id)"
        " SELECT odd.* FROM odd LEFT JOIN moved m ON m.session_id = odd.id"
        " WHERE odd.billing_status = 'paid' OR NOT EXISTS (SELECT 1 FROM session_status_history h"
        " WHERE h.session_id = odd.id AND h.kind = 'billing' AND h.at >= m.at) ORDER BY odd.id",
        lambda row: (
            f"session {row.id} of {day_words(row.day)} is {row.billing_status.replace('_', ' ')}:"
            f" payer {cents(row.insurance_balance)}, client {cents(row.patient_balance)},"
            f" at the agency {cents(row.held)}"
        ),
    )
