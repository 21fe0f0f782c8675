"""Checks that remittances are in the books as they say, and what payers took is accounted for."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from typing import Final

from fscdesk.services.ledger.accounts import PAYER_CREDITS, RECOUPMENTS
from fscdesk.services.ledger.offenders import Found, ask, cents
from fscdesk.services.work import Work

_WAITS: Final = "('will_take', 'taken', 'to_explain')"
"""Kinds of items that something settles; the others are settled by themselves."""
_SETTLED: Final = (
    "SELECT item, sum(amount) AS settled FROM (SELECT item_id AS item, amount FROM recoupment_pair"
    " WHERE undone_at IS NULL UNION ALL SELECT other_id, amount FROM recoupment_pair"
    " WHERE undone_at IS NULL AND other_id IS NOT NULL) both_sides GROUP BY item"
)
_PAID: Final = (
    "SELECT remittance_id, sum(paid) AS paid FROM (SELECT remittance_id, paid"
    " FROM remittance_claim WHERE fate = 'posted' UNION ALL SELECT i.remittance_id, i.amount"
    " FROM recoupment i JOIN remittance_claim k ON k.id = i.remittance_claim_id"
    " AND k.fate = 'posted' WHERE NOT i.undone) both_sides GROUP BY remittance_id"
)
"""What the posted claims of each remittance were paid, without what they left to explain."""
_MOVED: Final = (
    "SELECT m.id, -sum(CASE WHEN u.id IS NULL THEN l.amount ELSE 0 END) AS moved,"
    " -sum(CASE WHEN u.id IS NOT NULL AND l.amount > 0 THEN l.amount ELSE 0 END) AS less,"
    " -sum(CASE WHEN u.id IS NOT NULL AND l.amount < 0 THEN l.amount ELSE 0 END) AS more"
    " FROM remittance m"
    " JOIN journal_line l ON l.payment_id = m.payment_id AND l.charge_id IS NOT NULL"
    " JOIN journal_entry e ON e.id = l.entry_id AND e.kind IN ('applied', 'taken_back')"
    " AND e.memo LIKE m.number || ', claim %'"
    " LEFT JOIN journal_entry u ON u.reverses_id = e.id"
    " WHERE u.id IS NULL OR u.memo NOT LIKE m.number || ' undone: %' GROUP BY m.id"
)
"""What the claims of each remittance moved and nothing took back, and what was taken back since by
something else than its undo (a person, an import): that belongs to a claim which still stands as
posted, or to one that was undone afterwards; the books do not say to which."""


def remittances_balance(work: Work) -> Found:
    """Invariant 6: a remittance says by how much its check is off, and counts its claims rightly.

    The check is what its claims were paid, less what was taken from it.
    """
    return ask(
        work,
        "SELECT r.number, r.amount, r.check_off, r.claims, coalesce(c.paid, 0) AS paid,"
        " coalesce(c.many, 0) AS many, coalesce(p.taken, 0) AS taken FROM remittance r"
        " LEFT JOIN (SELECT remittance_id, sum(paid) AS paid, count(*) AS many"
        " FROM remittance_claim GROUP BY remittance_id) c ON c.remittance_id = r.id"
        " LEFT JOIN (SELECT remittance_id, sum(amount) AS taken FROM recoupment"
        " WHERE remittance_claim_id IS NULL AND note NOT LIKE 'The check is below zero%'"
        " GROUP BY remittance_id) p ON p.remittance_id = r.id"
        " WHERE r.claims <> coalesce(c.many, 0) OR (r.payer_id IS NOT NULL AND r.check_off"
        " <> r.amount - (coalesce(c.paid, 0) - coalesce(p.taken, 0))) ORDER BY r.id",
        lambda row: (
            f"remittance {row.number}: check {cents(row.amount)}, claims {cents(row.paid)}, taken"
            f" {cents(row.taken)}, off by {cents(row.check_off)} as it says; {row.many} of"
            f" {row.claims} claims"
        ),
    )


def remittances_as_posted(work: Work) -> Found:
    """What a remittance has in the books is what its posted claims say, and it stands so.

    Of one that was undone, is stopped or was not posted yet, no claim is in the books. A typed
    one has the amount of its payment, which others can move since. No adjustment stands that came
    with a claim which is not posted, or with a payment that was taken back.
    """
    standing = ask(
        work,
        "SELECT r.number, r.status, r.unposted, p.status AS paid,"
        " coalesce(c.posted, 0) AS posted, coalesce(c.waiting, 0) AS waiting FROM remittance r"
        " LEFT JOIN payment p ON p.id = r.payment_id LEFT JOIN (SELECT remittance_id,"
        " sum(CASE WHEN fate = 'posted' THEN 1 ELSE 0 END) AS posted,"
        " sum(CASE WHEN fate = 'unposted' THEN 1 ELSE 0 END) AS waiting"
        " FROM remittance_claim GROUP BY remittance_id) c ON c.remittance_id = r.id"
        " WHERE r.unposted <> coalesce(c.waiting, 0)"
        " OR (r.status = 'posted' AND coalesce(c.waiting, 0) > 0)"
        " OR (r.status IN ('posted', 'partly') AND (p.status IS NULL OR p.status = 'voided'))"
        " OR (r.status NOT IN ('posted', 'partly') AND (coalesce(c.posted, 0) > 0"
        " OR p.status = 'posted')) ORDER BY r.id",
        lambda row: (
            f"remittance {row.number} is {row.status.replace('_', ' ')} ({row.unposted} to post),"
            f" {row.posted} of its claims are posted, {row.waiting} are not; payment"
            f" {row.paid or 'none'}"
        ),
    )
    money = ask(
        work,
        "SELECT r.number, coalesce(c.paid, 0) AS paid, coalesce(l.moved, 0) AS moved"
        " FROM remittance r JOIN payment p ON p.id = r.payment_id AND p.status = 'posted'"
        f" LEFT JOIN ({_PAID}) c ON c.remittance_id = r.id"
        f" LEFT JOIN ({_MOVED}) l"
        " ON l.id = r.id WHERE r.origin = 'era'"
        " AND coalesce(c.paid, 0) NOT BETWEEN coalesce(l.moved + l.less, 0)"
        " AND coalesce(l.moved + l.more, 0) ORDER BY r.id",
        lambda row: (
            f"remittance {row.number}: its posted claims paid {cents(row.paid)}, its entries moved"
            f" {cents(row.moved)}"
        ),
    )
    typed = ask(
        work,
        "SELECT r.number, r.amount, p.number AS payment, p.amount AS came FROM remittance r"
        " JOIN payment p ON p.id = r.payment_id WHERE r.origin = 'typed' AND (r.amount <> p.amount"
        " OR r.payer_id IS DISTINCT FROM p.payer_id) ORDER BY r.id",
        lambda row: (
            f"remittance {row.number} was typed in over {cents(row.amount)}, its payment"
            f" {row.payment} is {cents(row.came)}, or another payer's"
        ),
    )
    return standing + money + typed + _left_behind(work)


def _left_behind(work: Work) -> Found:
    """Name adjustments of a payer's answer that stand though the answer is not in the books."""
    return ask(
        work,
        "SELECT a.number, a.amount, r.number || ', claim ' || c.position || ', is not posted' AS"
        " words FROM remittance_claim c JOIN remittance r ON r.id = c.remittance_id"
        " JOIN adjustment a ON a.request_key = 'remittance-claim-' || c.id"
        " AND a.status = 'posted' WHERE c.fate <> 'posted' UNION ALL"
        " SELECT a.number, a.amount, 'payment ' || p.number || ' is voided' FROM payment p"
        " JOIN adjustment a ON a.payment_id = p.id AND a.status = 'posted'"
        " AND coalesce(a.request_key, '') NOT LIKE 'remittance-claim-%'"
        " WHERE p.status = 'voided' ORDER BY 1",
        lambda row: f"adjustment {row.number} over {cents(row.amount)} stands, but {row.words}",
    )


def recoupments_add_up(work: Work) -> Found:
    """What is open of a payer's item is what nothing has settled, and stands on its account.

    Account 1120 holds for each payer what is open there; a credit no more than the payer will
    take (less where a refund has paid it).
    """
    items = ask(
        work,
        "SELECT i.number, i.amount, i.open, coalesce(s.settled, 0) AS settled FROM recoupment i"
        f" LEFT JOIN ({_SETTLED}) s ON s.item = i.id WHERE i.open <> CASE WHEN i.undone"
        f" OR i.kind NOT IN {_WAITS} THEN 0 WHEN i.amount > 0"
        " THEN i.amount - coalesce(s.settled, 0) ELSE i.amount + coalesce(s.settled, 0) END"
        " ORDER BY i.id",
        lambda row: (
            f"recoupment {row.number}: {cents(row.amount)}, {cents(row.settled)} settled,"
            f" {cents(row.open)} open"
        ),
    )
    explained = ask(
        work,
        "SELECT payer, sum(open) AS open, sum(held) AS held FROM (SELECT payer_id AS payer, open,"
        f" 0 AS held FROM recoupment WHERE account = '{RECOUPMENTS}' UNION ALL"
        f" SELECT payer_id, 0, amount FROM journal_line WHERE account = '{RECOUPMENTS}')"
        " both_sides GROUP BY payer HAVING sum(open) <> sum(held) ORDER BY payer",
        lambda row: (
            f"payer {row.payer}: {cents(row.open)} is open to explain, account 1120 holds"
            f" {cents(row.held)}"
        ),
    )
    held = ask(
        work,
        "SELECT i.number, i.open, c.balance FROM recoupment i JOIN credit c ON c.id = i.credit_id"
        " WHERE c.balance > -i.open"
        f" OR (i.account <> '{PAYER_CREDITS}' AND i.open <> 0) ORDER BY i.id",
        lambda row: (
            f"recoupment {row.number}: {cents(row.open)} is open, its credit holds"
            f" {cents(row.balance)}"
        ),
    )
    return items + explained + held
