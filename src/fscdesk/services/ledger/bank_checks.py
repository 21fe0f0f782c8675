"""Checks of what goes to the bank: every deposit is its items and its entry."""

from __future__ import annotations

from fscdesk.services.ledger.offenders import Found, ask, cents, day_words
from fscdesk.services.work import Work


def deposits_add_up(work: Work) -> Found:
    """Invariant 5: a deposit and its fees are the sum of its items, and so is its entry.

    Its entry takes just that out of 1050, payment by payment. One that stands has an entry that
    is not reversed, and holds its items; one that was undone has a reversed entry, and holds none.
    """
    sums = ask(
        work,
        "SELECT d.number, d.amount, d.fees, i.items FROM deposit d LEFT JOIN"
        " (SELECT deposit_id, sum(amount) AS items FROM deposit_item GROUP BY deposit_id) i"
        " ON i.deposit_id = d.id WHERE coalesce(i.items, 0) <> d.amount + d.fees"
        " OR i.items IS NULL ORDER BY d.id",
        lambda row: (
            f"deposit {row.number}: {cents(row.amount)} and fees of {cents(row.fees)},"
            f" its items are {cents(row.items)}"
        ),
    )
    entries = ask(
        work,
        "SELECT d.number, d.amount, d.fees, e.kind, l.bank, l.kept, l.gone FROM deposit d"
        " JOIN journal_entry e ON e.id = d.entry_id"
        " JOIN bank_account b ON b.id = d.bank_account_id LEFT JOIN"
        " (SELECT l.entry_id, x.id AS deposit_id,"
        " sum(CASE WHEN l.account = CASE WHEN x.kind = 'suspense' THEN '2420' ELSE a.account END"
        " THEN l.amount ELSE 0 END) AS bank,"
        " sum(CASE WHEN l.account = '7600' THEN l.amount ELSE 0 END) AS kept,"
        " sum(CASE WHEN l.account = '1050' THEN l.amount ELSE 0 END) AS gone"
        " FROM deposit x JOIN journal_line l ON l.entry_id = x.entry_id"
        " JOIN bank_account a ON a.id = x.bank_account_id GROUP BY l.entry_id, x.id) l"
        " ON l.deposit_id = d.id WHERE e.kind <> 'deposit'"
        " OR coalesce(l.bank, 0) <> d.amount OR coalesce(l.kept, 0) <> d.fees"
        " OR coalesce(l.gone, 0) <> -(d.amount + d.fees) ORDER BY d.id",
        lambda row: (
            f"deposit {row.number} ({row.kind}): {cents(row.amount)} and {cents(row.fees)}, its"
            f" entry has {cents(row.bank)}, {cents(row.kept)} and {cents(row.gone)}"
        ),
    )
    items = ask(
        work,
        "SELECT d.number, p.payment, p.items, p.lines FROM (SELECT u.deposit_id,"
        " u.payment, sum(u.item) AS items, sum(u.line) AS lines FROM"
        " (SELECT i.deposit_id, coalesce(i.payment_id, r.payment_id) AS payment,"
        " i.amount AS item, 0 AS line FROM deposit_item i LEFT JOIN refund r ON r.id = i.refund_id"
        " UNION ALL SELECT d.id, l.payment_id, 0, -l.amount FROM deposit d"
        " JOIN journal_line l ON l.entry_id = d.entry_id WHERE l.account = '1050') u"
        " GROUP BY u.deposit_id, u.payment HAVING sum(u.item) <> sum(u.line)) p"
        " JOIN deposit d ON d.id = p.deposit_id ORDER BY d.id, p.payment",
        lambda row: (
            f"deposit {row.number}, payment {row.payment}: item {cents(row.items)},"
            f" entry {cents(row.lines)}"
        ),
    )
    held = ask(
        work,
        "SELECT d.number, d.status, r.id AS reversed FROM deposit d"
        " LEFT JOIN journal_entry r ON r.reverses_id = d.entry_id"
        " WHERE (d.status = 'posted') = (r.id IS NOT NULL) OR EXISTS"
        " (SELECT 1 FROM deposit_item i WHERE i.deposit_id = d.id AND"
        " (i.live_payment_id IS DISTINCT FROM CASE WHEN d.status = 'posted' THEN i.payment_id END"
        " OR i.live_refund_id IS DISTINCT FROM CASE WHEN d.status = 'posted' THEN i.refund_id END))"
        " ORDER BY d.id",
        lambda row: f"deposit {row.number} ({row.status}): its entry or its items say otherwise",
    )
    return sums + entries + items + held


def payments_deposited(work: Work) -> Found:
    """Account 1050 holds no payment below zero, and no refund above; a deposit takes one whole.

    A payment's day of deposit is that of the deposit it is in, and none where it is in none.
    """
    whole = ask(
        work,
        "SELECT p.number, l.held, l.back, i.live_payment_id AS live FROM"
        " (SELECT payment_id, sum(CASE WHEN part <> 'refund' THEN amount ELSE 0 END) AS held,"
        " sum(CASE WHEN part = 'refund' THEN amount ELSE 0 END) AS back"
        " FROM journal_line WHERE account = '1050' AND payment_id IS NOT NULL"
        " GROUP BY payment_id) l JOIN payment p ON p.id = l.payment_id"
        " LEFT JOIN deposit_item i ON i.live_payment_id = p.id"
        " WHERE l.held < 0 OR l.back > 0 OR (i.id IS NOT NULL AND l.held <> 0) ORDER BY p.id",
        lambda row: (
            f"payment {row.number}: 1050 holds {cents(row.held)} of it, refunds {cents(row.back)}"
        ),
    )
    days = ask(
        work,
        "SELECT p.number, p.deposited_on, d.on_day FROM payment p LEFT JOIN"
        ' (SELECT i.live_payment_id AS payment_id, d."on" AS on_day FROM deposit_item i'
        " JOIN deposit d ON d.id = i.deposit_id) d ON d.payment_id = p.id"
        " WHERE p.deposited_on IS DISTINCT FROM d.on_day ORDER BY p.id",
        lambda row: (
            f"payment {row.number}: deposited on {day_words(row.deposited_on)},"
            f" its deposit is of {day_words(row.on_day)}"
        ),
    )
    strangers = ask(
        work,
        "SELECT e.number, l.amount FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE l.account = '1050' AND l.payment_id IS NULL ORDER BY l.id",
        lambda row: f"entry {row.number} moves {cents(row.amount)} of 1050 without a payment",
    )
    return whole + days + strangers
