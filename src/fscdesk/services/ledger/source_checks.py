"""Checks that the books say what their sources say: reports, imports, status history, audit."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from itertools import chain
from typing import Any

from sqlalchemy import Row

from fscdesk.services.audit import broken_links, missing_records
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.offenders import Found, ask, cents, day_words, listed
from fscdesk.services.work import Work

_PARTS = ("patient_paid", "insurance_paid", "write_off")


def recorded_in_simplepractice(work: Work) -> Found:
    """Account 1060 holds for each session what SimplePractice last said is paid or written off.

    Nothing for a session that is cancelled, or that was taken back by undoing its import. The
    payments that arrived for such amounts, and adjustments that settled them, stand apart.
    """
    wanted = ", ".join(
        "CASE WHEN s.withdrawn_by IS NULL AND s.attendance <> 'cancelled' AND r.posts"
        f" THEN coalesce(r.{part}, 0) ELSE 0 END AS said_{part}"
        for part in _PARTS
    )
    sums = ", ".join(
        f"sum(CASE WHEN part = '{part}' THEN amount ELSE 0 END) AS {part}" for part in _PARTS
    )
    found = ", ".join(f"coalesce(l.{part}, 0) AS posted_{part}" for part in _PARTS)
    differs = " OR ".join(f"said_{part} <> posted_{part}" for part in _PARTS)
    return ask(
        work,
        f"SELECT * FROM (SELECT s.id, s.day, {wanted}, {found} FROM session s"
        " LEFT JOIN session_report r ON r.session_id = s.id"
        f" LEFT JOIN (SELECT session_id, {sums} FROM journal_line WHERE account = :account"
        "  AND session_id IS NOT NULL AND payment_id IS NULL AND part <> 'adjustment'"
        " GROUP BY session_id) l ON l.session_id = s.id) AS both_sides"
        f" WHERE {differs} ORDER BY id",
        _recorded_words,
        account=RECORDED_IN_SIMPLEPRACTICE,
    )


def recorded_lines_named(work: Work) -> Found:
    """Account 1060 is the sum of its list: every line of it names a charge and its session."""
    return ask(
        work,
        "SELECT l.id, e.number, l.amount FROM journal_line l JOIN journal_entry e"
        " ON e.id = l.entry_id WHERE l.account = :account"
        " AND (l.charge_id IS NULL OR l.session_id IS NULL) ORDER BY l.id",
        lambda row: f"entry {row.number} moves {cents(row.amount)} in 1060 for no session",
        account=RECORDED_IN_SIMPLEPRACTICE,
    )


def import_counts(work: Work) -> Found:
    """Of every import: read = created + changed + unchanged + skipped = the rows that are kept.

    Sessions that a file no longer names are kept as rows too, and counted apart.
    """
    return ask(
        work,
        "SELECT * FROM (SELECT b.id, b.read, b.created + b.changed + b.unchanged + b.skipped"
        " AS told, (SELECT count(*) FROM import_row r WHERE r.batch_id = b.id"
        " AND r.verdict <> 'gone') AS kept FROM import_batch b) AS counted"
        " WHERE read <> told OR read <> kept ORDER BY id",
        lambda row: (
            f"import {row.id}: read {row.read} rows, says what became of {row.told},"
            f" keeps {row.kept}"
        ),
    )


def status_history(work: Work) -> Found:
    """The newest history row of each kind is the session's status.

    A session that was recorded as held has no row of its attendance until that changes.
    """
    newest = (
        "SELECT h.session_id, h.new FROM session_status_history h JOIN (SELECT max(id) AS id"
        " FROM session_status_history WHERE kind = '{kind}' GROUP BY session_id) n ON n.id = h.id"
    )
    return ask(
        work,
        "SELECT * FROM (SELECT s.id, s.day, s.billing_status, s.attendance, b.new AS billing,"
        " coalesce(a.new, 'completed') AS attended FROM session s"
        f" LEFT JOIN ({newest.format(kind='billing')}) b ON b.session_id = s.id"
        f" LEFT JOIN ({newest.format(kind='attendance')}) a ON a.session_id = s.id) AS both_sides"
        " WHERE billing IS DISTINCT FROM billing_status OR attended <> attendance ORDER BY id",
        _status_words,
    )


def audit_chain(work: Work) -> Found:
    """Invariant 8: every record of an act follows from the one before it, and all are there."""
    missing = missing_records(work)
    gone = (f"{missing} records of acts are missing",) if missing else ()
    broken = (
        f"record {event} does not follow from the one before it" for event in broken_links(work)
    )
    return listed(chain(gone, broken))


def _recorded_words(row: Row[Any]) -> str:
    parts = "; ".join(
        f"{part.replace('_', ' ')} reported {cents(said)}, posted {cents(posted)}"
        for part in _PARTS
        for said, posted in ((getattr(row, f"said_{part}"), getattr(row, f"posted_{part}")),)
        if said != posted
    )
    return f"session {row.id} of {day_words(row.day)}: {parts}"


def _status_words(row: Row[Any]) -> str:
    parts = [
        f"{which} is {_plain(now)}, its history says {_plain(told)}"
        for which, now, told in (
            ("billing", row.billing_status, row.billing),
            ("attendance", row.attendance, row.attended),
        )
        if now != told
    ]
    return f"session {row.id} of {day_words(row.day)}: {'; '.join(parts)}"


def _plain(status: str | None) -> str:
    return "nothing" if status is None else status.replace("_", " ")
