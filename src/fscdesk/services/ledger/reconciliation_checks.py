"""Checks that the bank's lines and our entries agree where they are matched, and stay proved."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from fscdesk.services.ledger.accounts import TO_IDENTIFY
from fscdesk.services.ledger.offenders import Found, ask, cents, day_words
from fscdesk.services.work import Work


def matches_agree(work: Work) -> Found:
    """What is matched has the same sum at the bank and in our books, and is matched once."""
    sums = ask(
        work,
        "SELECT m.id, m.amount, coalesce(b.sum, 0) AS bank, coalesce(e.sum, 0) AS books"
        " FROM bank_match m"
        " LEFT JOIN (SELECT l.match_id, sum(s.amount) AS sum FROM bank_match_line l"
        " JOIN bank_line s ON s.id = l.bank_line_id GROUP BY l.match_id) b ON b.match_id = m.id"
        " LEFT JOIN (SELECT match_id, sum(amount) AS sum FROM bank_match_entry GROUP BY match_id) e"
        " ON e.match_id = m.id WHERE m.status = 'standing'"
        " AND (coalesce(b.sum, 0) <> coalesce(e.sum, 0) OR m.amount <> coalesce(e.sum, 0))"
        " ORDER BY m.id",
        lambda row: (
            f"match {row.id} over {cents(row.amount)}: {cents(row.bank)} of the bank,"
            f" {cents(row.books)} of ours"
        ),
    )
    entries = ask(
        work,
        "SELECT e.match_id, j.number, e.account, e.amount, coalesce(sum(l.amount), 0) AS moved"
        " FROM bank_match_entry e JOIN journal_entry j ON j.id = e.entry_id"
        " LEFT JOIN journal_line l ON l.entry_id = e.entry_id AND l.account = e.account"
        " GROUP BY e.id, e.match_id, j.number, e.account, e.amount"
        " HAVING e.amount <> coalesce(sum(l.amount), 0) ORDER BY e.id",
        lambda row: (
            f"match {row.match_id}: entry {row.number} is matched over {cents(row.amount)}, it"
            f" moves {cents(row.moved)} of account {row.account}"
        ),
    )
    accounts = ask(
        work,
        "SELECT m.id FROM bank_match m JOIN bank_account a ON a.id = m.bank_account_id"
        " WHERE EXISTS (SELECT 1 FROM bank_match_line l JOIN bank_line s ON s.id = l.bank_line_id"
        " WHERE l.match_id = m.id AND s.bank_account_id <> m.bank_account_id)"
        " OR EXISTS (SELECT 1 FROM bank_match_entry e WHERE e.match_id = m.id"
        " AND e.account <> a.account) ORDER BY m.id",
        lambda row: f"match {row.id} joins lines and entries of several accounts",
    )
    standing = ask(
        work,
        "SELECT m.id, m.status FROM bank_match m WHERE"
        " EXISTS (SELECT 1 FROM bank_match_line l LEFT JOIN bank_line s ON s.id = l.bank_line_id"
        " WHERE l.match_id = m.id AND ((m.status = 'standing' AND (l.live_line_id IS NULL"
        " OR l.live_line_id <> l.bank_line_id OR s.live IS NULL))"
        " OR (m.status <> 'standing' AND l.live_line_id IS NOT NULL)))"
        " OR EXISTS (SELECT 1 FROM bank_match_entry e WHERE e.match_id = m.id"
        " AND (m.status = 'standing') <> (e.live IS NOT NULL)) ORDER BY m.id",
        lambda row: f"match {row.id} is {row.status}, its lines or entries are not",
    )
    return sums + entries + accounts + standing


def reconciliations_stand(work: Work) -> Found:
    """Invariant 5: opening and cleared are the statement of each reconciled period of an account.

    Each begins where the one before ended; and our books on its last day were the statement with
    what was on the way. They still are, and nothing was written into its days since.
    """
    chain = ask(
        work,
        "SELECT * FROM (SELECT r.id, r.number, r.opening, coalesce(lag(r.statement) OVER"
        " (PARTITION BY r.bank_account_id ORDER BY r.last_day), a.starts_with) AS due"
        " FROM reconciliation r JOIN bank_account a ON a.id = r.bank_account_id"
        " WHERE r.status = 'completed') chained WHERE opening <> due ORDER BY id",
        lambda row: (
            f"reconciliation {row.number} opens with {cents(row.opening)}, the one before ended"
            f" with {cents(row.due)}"
        ),
    )
    bank = ask(
        work,
        "SELECT r.number, r.opening, r.statement, coalesce(c.cleared, 0) AS cleared"
        " FROM reconciliation r LEFT JOIN (SELECT m.reconciliation_id AS id,"
        " sum(s.amount) AS cleared FROM bank_match m JOIN bank_match_line l ON l.match_id = m.id"
        " JOIN bank_line s ON s.id = l.bank_line_id WHERE m.status = 'standing'"
        " GROUP BY m.reconciliation_id) c ON c.id = r.id WHERE r.status = 'completed'"
        " AND r.opening + coalesce(c.cleared, 0) <> r.statement ORDER BY r.id",
        lambda row: (
            f"reconciliation {row.number}: {cents(row.opening)} and {cents(row.cleared)} cleared"
            f" are not {cents(row.statement)}"
        ),
    )
    books = ask(
        work,
        "SELECT r.number, r.book, r.statement, coalesce(i.sum, 0) AS waits FROM reconciliation r"
        " LEFT JOIN (SELECT reconciliation_id AS id, sum(amount) AS sum FROM reconciliation_item"
        " GROUP BY reconciliation_id) i ON i.id = r.id WHERE r.status = 'completed'"
        " AND (r.book IS NULL OR r.book <> r.statement + coalesce(i.sum, 0)) ORDER BY r.id",
        lambda row: (
            f"reconciliation {row.number}: the books held {cents(row.book)}, the statement with"
            f" what is on the way is {cents(row.statement + row.waits)}"
        ),
    )
    locks = ask(
        work,
        "SELECT DISTINCT m.id, r.number, r.status, r.last_day FROM bank_match m"
        " JOIN reconciliation r ON r.id = m.reconciliation_id"
        " LEFT JOIN bank_match_line l ON l.match_id = m.id"
        " LEFT JOIN bank_line s ON s.id = l.bank_line_id"
        " WHERE r.status <> 'completed' OR m.status <> 'standing' OR s.\"on\" > r.last_day"
        " OR r.bank_account_id <> m.bank_account_id ORDER BY m.id",
        lambda row: (
            f"match {row.id} is no match of reconciliation {row.number} ({row.status}) to"
            f" {day_words(row.last_day)}"
        ),
    )
    late = ask(
        work,
        "SELECT e.number, r.number AS proof, r.last_day FROM reconciliation r"
        " JOIN bank_account a ON a.id = r.bank_account_id"
        " JOIN journal_line l ON l.account = a.account AND l.day <= r.last_day"
        " JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE r.status = 'completed'"
        " AND e.posted_at > r.completed_at GROUP BY e.id, e.number, r.id, r.number, r.last_day"
        " ORDER BY e.id, r.id",
        lambda row: (
            f"entry {row.number} was posted into the days that reconciliation {row.proof}"
            f" to {day_words(row.last_day)} had proved"
        ),
    )
    now = ask(
        work,
        "SELECT * FROM (SELECT r.id, r.number, r.last_day, r.book, a.account, coalesce((SELECT"
        " sum(l.amount) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE l.account = a.account AND l.day <= r.last_day AND e.posted_at IS NOT NULL), 0)"
        " AS held FROM reconciliation r JOIN bank_account a ON a.id = r.bank_account_id"
        " WHERE r.status = 'completed') proved WHERE book <> held ORDER BY id",
        lambda row: (
            f"reconciliation {row.number}: account {row.account} had {cents(row.book)} on"
            f" {day_words(row.last_day)} when it was proved, now it has {cents(row.held)}"
        ),
    )
    return chain + bank + books + locks + late + now


def money_to_identify(work: Work) -> Found:
    """What is open of the money that nobody could name is what account 2420 holds."""
    each = ask(
        work,
        "SELECT number, amount, open, undone FROM bank_suspense WHERE open < 0 OR open > amount"
        " OR (undone AND open <> 0) ORDER BY id",
        lambda row: (
            f"{row.number}: {cents(row.open)} of {cents(row.amount)} is open"
            f"{', it was undone' if row.undone else ''}"
        ),
    )
    whole = ask(
        work,
        "SELECT open, held FROM (SELECT (SELECT coalesce(sum(open), 0) FROM bank_suspense"
        " WHERE NOT undone) AS open, (SELECT coalesce(-sum(amount), 0) FROM journal_line"
        f" WHERE account = '{TO_IDENTIFY}') AS held) both_sides WHERE open <> held",
        lambda row: (
            f"{cents(row.open)} is open to identify, account {TO_IDENTIFY} holds {cents(row.held)}"
        ),
    )
    return each + whole
