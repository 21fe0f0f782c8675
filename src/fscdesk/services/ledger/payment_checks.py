"""Checks that every payment, credit, refund and adjustment is what its lines say."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents
from fscdesk.services.work import Work


def payments_add_up(work: Work) -> Found:
    """Invariant 5: a payment is its applications, what is left of it, and its refunds.

    Its lines, deposits left out, sum to zero; what it brought is its amount (nothing when it was
    voided); no credit of it was overdrawn; what was returned left the bank whole, and nothing is
    left of it; of another one less than the whole was charged back.
    """
    whole = ask(
        work,
        "SELECT p.number, p.amount, p.status, l.all_lines, l.brought FROM payment p LEFT JOIN"
        " (SELECT payment_id, sum(amount) AS all_lines,"
        " sum(CASE WHEN account = '1050' AND part <> 'refund' THEN amount ELSE 0 END) AS brought"
        " FROM journal_line WHERE payment_id IS NOT NULL AND entry_id NOT IN"
        " (SELECT entry_id FROM deposit UNION ALL SELECT r.id FROM deposit d"
        " JOIN journal_entry r ON r.reverses_id = d.entry_id)"
        " GROUP BY payment_id) l ON l.payment_id = p.id"
        " WHERE coalesce(l.all_lines, 0) <> 0 OR coalesce(l.brought, 0)"
        " <> CASE WHEN p.status = 'voided' THEN 0 ELSE p.amount END ORDER BY p.id",
        lambda row: (
            f"payment {row.number}: amount {cents(row.amount)} ({row.status}), brought"
            f" {cents(row.brought)}, its lines sum to {cents(row.all_lines)}"
        ),
    )
    overdrawn = ask(
        work,
        "SELECT id, balance FROM credit WHERE balance < 0 ORDER BY id",
        lambda row: f"credit {row.id} is overdrawn: {cents(row.balance)}",
    )
    returned = ask(
        work,
        "SELECT p.number, p.status, p.amount, l.taken FROM payment p LEFT JOIN"
        " (SELECT payment_id, -sum(amount) AS taken FROM journal_line WHERE account IN"
        " (SELECT account FROM bank_account) AND part = 'returned' AND payment_id IS NOT NULL"
        " GROUP BY payment_id) l"
        " ON l.payment_id = p.id WHERE CASE WHEN p.status = 'returned'"
        " THEN coalesce(l.taken, 0) <> p.amount WHEN p.status = 'voided'"
        " THEN coalesce(l.taken, 0) <> 0"
        " ELSE l.taken < 0 OR l.taken >= p.amount AND p.amount > 0 END ORDER BY p.id",
        lambda row: (
            f"payment {row.number}: amount {cents(row.amount)} ({row.status}),"
            f" the bank took back {cents(row.taken)}"
        ),
    )
    left = ask(
        work,
        "SELECT p.number, p.status, c.held, r.promised FROM payment p LEFT JOIN"
        " (SELECT payment_id, sum(abs(balance)) AS held FROM credit GROUP BY payment_id) c"
        " ON c.payment_id = p.id LEFT JOIN (SELECT payment_id, sum(amount) AS promised FROM refund"
        " WHERE status <> 'cancelled' GROUP BY payment_id) r ON r.payment_id = p.id"
        " WHERE p.status <> 'posted' AND (coalesce(c.held, 0) <> 0"
        " OR coalesce(r.promised, 0) <> 0) ORDER BY p.id",
        lambda row: (
            f"payment {row.number} was {row.status}: {cents(row.held)} is left of it,"
            f" {cents(row.promised)} refunded"
        ),
    )
    return whole + overdrawn + returned + left


def credit_balances(work: Work) -> Found:
    """What is left of each credit, and what each payer has unapplied, is the sum of its lines."""
    stored = ask(
        work,
        "SELECT c.id, c.balance, l.held FROM credit c LEFT JOIN"
        " (SELECT credit_id, -sum(amount) AS held FROM journal_line"
        " WHERE credit_id IS NOT NULL GROUP BY credit_id) l ON l.credit_id = c.id"
        " WHERE c.balance <> coalesce(l.held, 0) ORDER BY c.id",
        lambda row: f"credit {row.id}: stored {cents(row.balance)}, lines {cents(row.held)}",
    )
    payers = ask(
        work,
        "SELECT p.id, p.unapplied, l.held FROM payer p LEFT JOIN"
        " (SELECT payer_id, -sum(amount) AS held FROM journal_line"
        " WHERE account = '2410' AND credit_id IS NOT NULL GROUP BY payer_id) l"
        " ON l.payer_id = p.id WHERE p.unapplied <> coalesce(l.held, 0) ORDER BY p.id",
        lambda row: f"payer {row.id}: stored {cents(row.unapplied)}, lines {cents(row.held)}",
    )
    owners = ask(
        work,
        "SELECT e.number, l.credit_id FROM journal_line l JOIN credit c ON c.id = l.credit_id"
        " JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE l.patient_id IS DISTINCT FROM c.patient_id"
        " OR l.payer_id IS DISTINCT FROM c.payer_id ORDER BY l.id",
        lambda row: f"entry {row.number} moves credit {row.credit_id} in another's name",
    )
    return stored + payers + owners


def documents_posted(work: Work) -> Found:
    """A posted adjustment, a paid refund, an issued memo have an entry of their amount.

    Others have none.
    """
    adjustments = ask(
        work,
        "SELECT a.number, a.status, a.amount, a.entry_id, l.moved FROM adjustment a LEFT JOIN"
        " (SELECT entry_id, sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS moved"
        " FROM journal_line GROUP BY entry_id) l ON l.entry_id = a.entry_id"
        " WHERE (a.status IN ('posted', 'reversed')) <> (a.entry_id IS NOT NULL)"
        " OR (a.entry_id IS NOT NULL AND l.moved <> abs(a.amount)) ORDER BY a.id",
        lambda row: (
            f"adjustment {row.number} ({row.status}): {cents(row.amount)},"
            f" posted {cents(row.moved)}"
        ),
    )
    refunds = ask(
        work,
        "SELECT r.number, r.status, r.amount, r.entry_id, l.moved FROM refund r LEFT JOIN"
        " (SELECT entry_id, sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS moved"
        " FROM journal_line GROUP BY entry_id) l ON l.entry_id = r.entry_id"
        " WHERE (r.status = 'paid') <> (r.entry_id IS NOT NULL)"
        " OR (r.entry_id IS NOT NULL AND l.moved <> r.amount) ORDER BY r.id",
        lambda row: (
            f"refund {row.number} ({row.status}): {cents(row.amount)}, posted {cents(row.moved)}"
        ),
    )
    memos = ask(
        work,
        "SELECT m.number, m.status, m.amount, m.entry_id, l.moved FROM credit_memo m LEFT JOIN"
        " (SELECT entry_id, sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS moved"
        " FROM journal_line GROUP BY entry_id) l ON l.entry_id = m.entry_id"
        " WHERE (m.status IN ('issued', 'void')) <> (m.entry_id IS NOT NULL)"
        " OR (m.entry_id IS NOT NULL AND l.moved <> m.amount) ORDER BY m.id",
        lambda row: (
            f"credit memo {row.number} ({row.status}): {cents(row.amount)},"
            f" posted {cents(row.moved)}"
        ),
    )
    return adjustments + refunds + memos


def second_person(work: Work) -> Found:
    """Nobody decided an own request, and what waits or was refused has no entry."""
    return ask(
        work,
        "SELECT number, status FROM approval_request WHERE decided_by = requested_by"
        " OR (status IN ('approved', 'refused')) <> (decided_by IS NOT NULL)"
        " OR (status <> 'approved' AND (EXISTS (SELECT 1 FROM adjustment a"
        " WHERE a.request_id = approval_request.id AND a.entry_id IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM credit_memo m WHERE m.request_id = approval_request.id"
        " AND m.entry_id IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM refund r WHERE r.request_id = approval_request.id"
        " AND r.entry_id IS NOT NULL))) ORDER BY id",
        lambda row: f"request {row.number} is {row.status} without a second person",
    )
