"""Checks that whose money it is stands with documents as it stands with their lines."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents
from fscdesk.services.work import Work


def charges_owned(work: Work) -> Found:
    """Every line of a charge is its session's, its client's, its guarantor's and its payer's."""
    return ask(
        work,
        "SELECT l.charge_id, e.number FROM journal_line l JOIN charge c ON c.id = l.charge_id"
        " JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE l.session_id IS DISTINCT FROM c.session_id"
        " OR l.patient_id IS DISTINCT FROM c.patient_id"
        " OR l.guarantor_id IS DISTINCT FROM c.guarantor_id"
        " OR l.payer_id IS DISTINCT FROM c.payer_id"
        " OR l.provider_id IS DISTINCT FROM c.provider_id ORDER BY l.id",
        lambda row: f"entry {row.number} moves charge {row.charge_id} in another's name",
    )


def voided_charges_hold_nothing(work: Work) -> Found:
    """Nothing is open of a voided charge, and no bill asks for it.

    A plan may hold one: it was agreed with somebody, who is told that the charge is gone.
    """
    balances = ask(
        work,
        "SELECT id, insurance_balance, patient_balance FROM charge WHERE voided_on IS NOT NULL"
        " AND (insurance_balance <> 0 OR patient_balance <> 0) ORDER BY id",
        lambda row: (
            f"charge {row.id} (voided): {cents(row.insurance_balance)} of the payer and"
            f" {cents(row.patient_balance)} of the client are open"
        ),
    )
    billed = ask(
        work,
        "SELECT i.number, c.id FROM invoice_line l JOIN charge c ON c.id = l.charge_id"
        " JOIN invoice i ON i.id = l.invoice_id"
        " WHERE l.live IS NOT NULL AND c.voided_on IS NOT NULL ORDER BY l.id",
        lambda row: f"invoice {row.number} asks for charge {row.id}, which is voided",
    )
    return balances + billed


def credits_owned(work: Work) -> Found:
    """A credit is money of the payment of its lines; one without a payment is a memo's.

    Or it is what a payer will take back: each remittance that fills or draws that one is named.
    What a payment brought is in its owner's name, and what is left of it on its owner's side.
    """
    origins = ask(
        work,
        "SELECT l.credit_id, e.number FROM journal_line l JOIN credit c ON c.id = l.credit_id"
        " JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE (l.payment_id IS DISTINCT FROM c.payment_id AND c.kind <> 'recoupment')"
        " OR l.guarantor_id IS DISTINCT FROM c.guarantor_id ORDER BY l.id",
        lambda row: f"entry {row.number} moves credit {row.credit_id} of another payment or person",
    )
    memos = ask(
        work,
        "SELECT c.id, c.kind FROM credit c LEFT JOIN credit_memo m ON m.credit_id = c.id"
        " WHERE (c.payment_id IS NULL AND c.kind NOT IN ('credit_memo', 'recoupment'))"
        " OR (m.id IS NOT NULL AND (c.kind <> 'credit_memo' OR c.payment_id IS NOT NULL"
        " OR c.patient_id IS DISTINCT FROM m.patient_id"
        " OR c.guarantor_id IS DISTINCT FROM m.guarantor_id)) ORDER BY c.id",
        lambda row: f"credit {row.id} ({row.kind.replace('_', ' ')}) is no credit of its document",
    )
    brought = ask(
        work,
        "SELECT p.number, l.cents FROM (SELECT payment_id, guarantor_id, payer_id,"
        " sum(amount) AS cents FROM journal_line"
        " WHERE account = '1050' AND part NOT IN ('refund', 'books')"
        " AND payment_id IS NOT NULL"
        " GROUP BY payment_id, guarantor_id, payer_id HAVING sum(amount) <> 0) l"
        " JOIN payment p ON p.id = l.payment_id"
        " WHERE l.guarantor_id IS DISTINCT FROM p.guarantor_id"
        " OR l.payer_id IS DISTINCT FROM p.payer_id ORDER BY p.id",
        lambda row: f"payment {row.number}: {cents(row.cents)} came in another's name",
    )
    left = ask(
        work,
        "SELECT p.number, c.id FROM credit c JOIN payment p ON p.id = c.payment_id"
        " WHERE c.balance <> 0 AND c.payer_id IS DISTINCT FROM p.payer_id ORDER BY c.id",
        lambda row: f"payment {row.number}: credit {row.id} is not its payer's",
    )
    return origins + memos + brought + left


def papers_name_their_credit(work: Work) -> Found:
    """The entry of a refund or of a memo moves the credit that the document names.

    A refund gives money of its own payment back, or what the payer will take of that check.
    """
    refunds = ask(
        work,
        "SELECT r.number FROM refund r JOIN credit c ON c.id = r.credit_id"
        " WHERE (c.payment_id IS DISTINCT FROM r.payment_id AND c.kind <> 'recoupment')"
        " OR (r.entry_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = r.entry_id"
        " AND l.credit_id = r.credit_id)) ORDER BY r.id",
        lambda row: f"refund {row.number} is not of the credit that it names",
    )
    memos = ask(
        work,
        "SELECT m.number FROM credit_memo m WHERE m.entry_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = m.entry_id"
        " AND l.credit_id = m.credit_id) ORDER BY m.id",
        lambda row: f"credit memo {row.number} is not of the credit that it names",
    )
    return refunds + memos
