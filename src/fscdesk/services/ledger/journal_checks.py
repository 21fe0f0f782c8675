"""Checks of the journal alone: entries balance, are whole, are reversed once, on known accounts."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from fscdesk.models.account import Account
from fscdesk.models.ledger import Part
from fscdesk.services.ledger import accounts
from fscdesk.services.ledger.offenders import Found, ask, cents, day_words
from fscdesk.services.work import Work

_ABOUT: Final = (
    "account, part, patient_id, guarantor_id, session_id, charge_id, payer_id, provider_id,"
    " cost_centre"
)
_SYSTEM: Final = (
    accounts.BANK,
    accounts.UNDEPOSITED,
    accounts.RECORDED_IN_SIMPLEPRACTICE,
    accounts.SERVICE_REVENUE,
    accounts.FEES,
    *accounts.OPEN_ACCOUNTS,
)


def entries_balance(work: Work) -> Found:
    """Invariant 1: the lines of every entry sum to zero."""
    return ask(
        work,
        "SELECT e.number, off.cents FROM (SELECT entry_id, sum(amount) AS cents FROM journal_line"
        " GROUP BY entry_id HAVING sum(amount) <> 0) off"
        " JOIN journal_entry e ON e.id = off.entry_id ORDER BY e.id",
        lambda row: f"entry {row.number} is off by {cents(row.cents)}",
    )


def books_opened_once(work: Work) -> Found:
    """One entry opens the books; an opening that was taken back was so on its own day."""
    of_books = (
        "e.kind = 'opening' AND EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = e.id"
        f" AND l.part = '{Part.BOOKS.value}')"
    )
    twice = ask(
        work,
        "SELECT number FROM (SELECT e.number, row_number() OVER (ORDER BY e.id) AS nth"
        f" FROM journal_entry e WHERE {of_books} AND NOT EXISTS"
        " (SELECT 1 FROM journal_entry b WHERE b.reverses_id = e.id)) openings"
        " WHERE nth > 1 ORDER BY nth",
        lambda row: f"entry {row.number} opens the books once more",
    )
    back = ask(
        work,
        "SELECT b.number, b.entry_date, e.number AS opening, e.entry_date AS meant"
        " FROM journal_entry e JOIN journal_entry b ON b.reverses_id = e.id"
        f" WHERE {of_books} AND b.entry_date <> e.entry_date ORDER BY b.id",
        lambda row: (
            f"entry {row.number} of {day_words(row.entry_date)} takes opening {row.opening} of"
            f" {day_words(row.meant)} back on another day"
        ),
    )
    return twice + back


def posted_entries_whole(work: Work) -> Found:
    """Invariant 2: no draft is left, an entry has two lines or more, all of its own day."""
    drafts = ask(
        work,
        "SELECT number FROM journal_entry WHERE posted_at IS NULL ORDER BY id",
        lambda row: f"entry {row.number} was never posted",
    )
    short = ask(
        work,
        "SELECT e.number, (SELECT count(*) FROM journal_line l WHERE l.entry_id = e.id) AS legs"
        " FROM journal_entry e WHERE (SELECT count(*) FROM journal_line l"
        " WHERE l.entry_id = e.id) < 2 ORDER BY e.id",
        lambda row: f"entry {row.number} has {row.legs} of the two lines it needs at least",
    )
    days = ask(
        work,
        "SELECT e.number, e.entry_date, l.day FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id WHERE l.day <> e.entry_date ORDER BY l.id",
        lambda row: (
            f"entry {row.number} is of {day_words(row.entry_date)},"
            f" one of its lines of {day_words(row.day)}"
        ),
    )
    return drafts + short + days


def reversals_mirror(work: Work) -> Found:
    """Invariant 2: a reversal is the exact opposite of what it names, later, and the only one."""
    unlike = ask(
        work,
        f"SELECT r.number, o.number AS original FROM (SELECT DISTINCT id FROM ("
        f" SELECT id, {_ABOUT}, sum(amount) AS off FROM ("
        f"  SELECT r.id AS id, {_of('l')}, l.amount FROM journal_entry r"
        "   JOIN journal_line l ON l.entry_id = r.id WHERE r.reverses_id IS NOT NULL"
        f"  UNION ALL SELECT r.id, {_of('l')}, l.amount FROM journal_entry r"
        "   JOIN journal_line l ON l.entry_id = r.reverses_id) AS both_sides"
        f" GROUP BY id, {_ABOUT} HAVING sum(amount) <> 0) AS uneven) AS unlike"
        " JOIN journal_entry r ON r.id = unlike.id JOIN journal_entry o ON o.id = r.reverses_id"
        " ORDER BY r.id",
        lambda row: f"entry {row.number} is not the opposite of {row.original}",
    )
    early = ask(
        work,
        "SELECT r.number, o.number AS original FROM journal_entry r"
        " JOIN journal_entry o ON o.id = r.reverses_id WHERE r.entry_date < o.entry_date"
        " ORDER BY r.id",
        lambda row: f"entry {row.number} is dated before {row.original}, which it reverses",
    )
    kinds = ask(
        work,
        "SELECT number FROM journal_entry"
        " WHERE (kind = 'reversal') <> (reverses_id IS NOT NULL) ORDER BY id",
        lambda row: f"entry {row.number} and what it reverses do not fit its kind",
    )
    twice = ask(
        work,
        "SELECT o.number, again.times FROM (SELECT reverses_id, count(*) AS times"
        " FROM journal_entry WHERE reverses_id IS NOT NULL GROUP BY reverses_id"
        " HAVING count(*) > 1) again JOIN journal_entry o ON o.id = again.reverses_id"
        " ORDER BY o.id",
        lambda row: f"entry {row.number} is reversed {row.times} times",
    )
    return unlike + early + kinds + twice


def accounts_known(work: Work) -> Found:
    """Every line stands on an account of the chart, and the chart has all system accounts."""
    strange = ask(
        work,
        "SELECT used.account, used.lines FROM (SELECT account, count(*) AS lines FROM journal_line"
        " GROUP BY account) used LEFT JOIN account a ON a.code = used.account"
        " WHERE a.code IS NULL ORDER BY used.account",
        lambda row: f"account {row.account} is not in the chart and has {row.lines} lines",
    )
    known = set(work.db.scalars(select(Account.code).where(Account.system)))
    missing = tuple(code for code in _SYSTEM if code not in known)
    return strange + Found(
        len(missing), tuple(f"system account {code} is not in the chart" for code in missing)
    )


def _of(alias: str) -> str:
    return ", ".join(f"{alias}.{column}" for column in _ABOUT.split(", "))
