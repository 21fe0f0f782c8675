"""Checks of claims: their sums, their history, what they hold, and what was sent of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import text

from fscdesk.services.claim_standing import FALLEN, SAYS, UNSENT, WAITING
from fscdesk.services.ledger.accounts import AT_AGENCY
from fscdesk.services.ledger.offenders import Found, ask, cents, day_words, listed
from fscdesk.services.work import Work

_FALLEN = ", ".join(f"'{one.value}'" for one in sorted(FALLEN))
_UNSENT = ", ".join(f"'{one.value}'" for one in sorted(UNSENT))
_SENT = ", ".join(f"'{one.value}'" for one in SAYS)
_WAITING = ", ".join(f"'{one.value}'" for one in WAITING)
_SAID = " ".join(f"WHEN '{one.value}' THEN '{said.value}'" for one, said in SAYS.items())


def claims_add_up(work: Work) -> Found:
    """A claim's total is the sum of its lines, and its days are their first and last."""
    return ask(
        work,
        "SELECT c.number, c.total, c.first_day, c.last_day, l.amount, l.first, l.last"
        " FROM claim c LEFT JOIN (SELECT claim_id, sum(amount) AS amount,"
        " min(service_day) AS first, max(service_day) AS last FROM claim_line GROUP BY claim_id) l"
        " ON l.claim_id = c.id WHERE l.claim_id IS NULL OR l.amount <> c.total"
        " OR l.first <> c.first_day OR l.last <> c.last_day ORDER BY c.id",
        lambda row: (
            f"claim {row.number}: total {cents(row.total)}, lines {cents(row.amount)};"
            f" {day_words(row.first_day)} to {day_words(row.last_day)}, lines"
            f" {day_words(row.first)} to {day_words(row.last)}"
        ),
    )


def claim_history(work: Work) -> Found:
    """A claim stands where its history ends, and each step begins where the one before ended."""
    now = ask(
        work,
        "SELECT c.number, c.status, h.new FROM claim c LEFT JOIN (SELECT claim_id, new,"
        " row_number() OVER (PARTITION BY claim_id ORDER BY id DESC) AS place"
        " FROM claim_status_history) h ON h.claim_id = c.id AND h.place = 1"
        " WHERE h.new IS NULL OR h.new <> c.status ORDER BY c.id",
        lambda row: f"claim {row.number} is {row.status}, its history ends with {row.new}",
    )
    steps = ask(
        work,
        "SELECT c.number, h.old, h.before FROM (SELECT claim_id, id, old,"
        " lag(new) OVER (PARTITION BY claim_id ORDER BY id) AS before"
        " FROM claim_status_history) h JOIN claim c ON c.id = h.claim_id"
        " WHERE h.old IS DISTINCT FROM h.before ORDER BY h.id",
        lambda row: (
            f"claim {row.number}: a step begins at {row.old}, the one before ended at {row.before}"
        ),
    )
    return now + steps


def claims_hold_charges(work: Work) -> Found:
    """A standing claim holds the charges of its lines for its payer; a void one holds none.

    A closed one holds them unless it was replaced. What corrects or takes back another claim holds
    none while it waits or is rejected; what takes one back never does. A claim that was not sent
    holds no voided charge.
    """
    held = ask(
        work,
        "SELECT c.number, c.status, l.position, l.live FROM claim_line l"
        " JOIN claim c ON c.id = l.claim_id WHERE l.live IS NOT NULL"
        " AND (c.status = 'void' OR c.frequency = '8'"
        " OR l.live <> CAST(l.charge_id AS varchar(20)) || ':' || CAST(c.rank AS varchar(2)))"
        " ORDER BY l.id",
        lambda row: (
            f"claim {row.number} ({row.status}), line {row.position}: it holds {row.live} wrongly"
        ),
    )
    loose = ask(
        work,
        "SELECT c.number, c.status, l.position FROM claim_line l"  # noqa: S608
        f" JOIN claim c ON c.id = l.claim_id WHERE l.live IS NULL AND c.status NOT IN ({_FALLEN})"
        f" AND c.frequency <> '8' AND (c.replaces_id IS NULL"
        f" OR c.status NOT IN ({_UNSENT}, 'rejected'))"
        " ORDER BY l.id",
        lambda row: (
            f"claim {row.number} ({row.status}), line {row.position}: it does not hold its charge"
        ),
    )
    voided = ask(
        work,
        "SELECT c.number, l.position, l.charge_id FROM claim_line l"  # noqa: S608
        " JOIN claim c ON c.id = l.claim_id JOIN charge h ON h.id = l.charge_id"
        f" WHERE h.voided_on IS NOT NULL AND c.status IN ({_UNSENT}) AND c.frequency <> '8'"
        " ORDER BY l.id",
        lambda row: f"claim {row.number}, line {row.position}: charge {row.charge_id} is voided",
    )
    strange = ask(
        work,
        "SELECT c.number, l.position FROM claim_line l JOIN claim c ON c.id = l.claim_id"
        " JOIN charge h ON h.id = l.charge_id WHERE h.session_id IS DISTINCT FROM l.session_id"
        " OR h.patient_id <> c.patient_id ORDER BY l.id",
        lambda row: f"claim {row.number}, line {row.position}: the charge is not of its session",
    )
    return held + loose + voided + strange


def sent_claims_in_batches(work: Work) -> Found:
    """A claim that a payer may have is in a batch that was not taken back, as it left.

    What an earlier payer passed on by itself (crossover) never left from here.
    """
    return ask(
        work,
        "SELECT c.number, c.status FROM claim c"  # noqa: S608
        f" WHERE c.status IN ({_SENT}) AND NOT c.crossed_over"
        " AND NOT EXISTS (SELECT 1 FROM claim_sending s"
        " JOIN claim_batch b ON b.id = s.batch_id WHERE s.claim_id = c.id"
        " AND b.state <> 'undone') ORDER BY c.id",
        lambda row: f"claim {row.number} is {row.status.replace('_', ' ')}, but in no batch",
    )


_ANSWER = (
    "SELECT a.new FROM claim_change a WHERE a.claim_id = c.id AND a.line = l.position"
    " AND a.field = 'answer' ORDER BY a.id DESC LIMIT 1"
)
"""What was last said of a line."""


def sessions_follow_claims(work: Work) -> Found:
    """A session stands where the last payer's claim says that it was sent on.

    Of a claim that was paid in part, the sessions of the lines that were denied are denied.

    Unless both of its balances are zero, or a person or an import has said otherwise since.
    """
    return ask(
        work,
        "SELECT s.id, s.day, s.billing_status, g.number, g.status, g.said FROM ("  # noqa: S608
        "SELECT f.*, row_number() OVER (PARTITION BY f.session_id"
        " ORDER BY f.rank DESC, f.claim_id DESC, f.denied DESC) AS place FROM ("
        "SELECT e.*, CASE WHEN e.denied = 1 THEN 'denied' ELSE"
        f" CASE e.status {_SAID} END END AS said FROM ("
        "SELECT l.session_id, c.id AS claim_id, c.number, c.status, c.rank,"
        f" CASE WHEN c.status = 'partially_paid' AND ({_ANSWER}) LIKE 'denied%'"
        " THEN 1 ELSE 0 END AS denied"
        " FROM claim_line l JOIN claim c ON c.id = l.claim_id"
        f" WHERE c.status IN ({_SENT}) AND c.frequency <> '8'"
        " AND (l.live IS NOT NULL OR c.status <> 'rejected')) e) f) g"
        " JOIN session s ON s.id = g.session_id"
        " LEFT JOIN (SELECT session_id, reason, at, row_number() OVER"
        " (PARTITION BY session_id ORDER BY id DESC) AS place FROM session_status_history"
        " WHERE kind = 'billing') h ON h.session_id = s.id AND h.place = 1"
        " WHERE g.place = 1 AND s.withdrawn_by IS NULL AND s.billing_status <> 'paid'"
        " AND s.billing_status <> g.said"
        " AND EXISTS (SELECT 1 FROM charge x WHERE x.session_id = s.id"
        " AND x.voided_on IS NULL AND x.amount <> 0)"
        " AND (h.reason IS NULL OR h.reason LIKE g.number || ': %' OR h.at <"
        " (SELECT max(m.at) FROM claim_status_history m WHERE m.claim_id = g.claim_id))"
        " ORDER BY s.id",
        lambda row: (
            f"session {row.id} of {day_words(row.day)} is {row.billing_status.replace('_', ' ')},"
            f" its claim {row.number} is {row.status.replace('_', ' ')}"
        ),
    )


def claims_agree(work: Work) -> Found:
    """A claim that waits for its payer has something open; one is paid as answered, or settled.

    Settled is a claim of which no line has anything open, with payer, client or agency.
    """
    waiting = ask(
        work,
        "SELECT c.number, c.status FROM claim c"  # noqa: S608
        f" WHERE c.status IN ({_WAITING}) AND c.frequency <> '8' AND NOT EXISTS (SELECT 1"
        " FROM claim_line l JOIN charge h ON h.id = l.charge_id WHERE l.claim_id = c.id"
        " AND (h.insurance_balance <> 0 OR h.patient_balance <> 0 OR h.voided_on IS NOT NULL"
        " OR (SELECT coalesce(sum(j.amount), 0) FROM journal_line j WHERE j.charge_id = h.id"
        f" AND j.account = '{AT_AGENCY}') <> 0)) ORDER BY c.id",
        lambda row: (
            f"claim {row.number} is {row.status.replace('_', ' ')}, and nothing of it is open"
        ),
    )
    paid = ask(
        work,
        "SELECT c.number, l.position, h.insurance_balance, h.patient_balance"  # noqa: S608
        " FROM claim c JOIN claim_line l ON l.claim_id = c.id JOIN charge h ON h.id = l.charge_id"
        " WHERE c.status = 'paid' AND c.frequency <> '8' AND h.voided_on IS NULL"
        f" AND (h.insurance_balance <> 0 OR h.patient_balance <> 0)"
        f" AND coalesce(({_ANSWER}), '') = '' ORDER BY l.id",
        lambda row: (
            f"claim {row.number} is paid, line {row.position} is not answered and has"
            f" {cents(row.insurance_balance)} and {cents(row.patient_balance)} open"
        ),
    )
    return waiting + paid


def authorizations_count(work: Work) -> Found:
    """What is used of an authorization is what was used before it was typed in, and its uses."""
    return ask(
        work,
        'SELECT a.id, a.used, a.used_before, u.taken FROM "authorization" a'
        " LEFT JOIN (SELECT authorization_id, sum(quantity) AS taken FROM authorization_use"
        " GROUP BY authorization_id) u ON u.authorization_id = a.id"
        " WHERE a.used <> a.used_before + coalesce(u.taken, 0) ORDER BY a.id",
        lambda row: (
            f"authorization {row.id}: {row.used} used, {row.used_before} before,"
            f" {row.taken or 0} by claims"
        ),
    )


def batches_as_sent(work: Work) -> Found:
    """A batch's file has the hash that was kept, and its claims and total are those it counts."""
    sums = ask(
        work,
        "SELECT b.number, b.claims, b.total, coalesce(s.many, 0) AS many FROM claim_batch b"
        " LEFT JOIN (SELECT batch_id, count(*) AS many FROM claim_sending GROUP BY batch_id) s"
        " ON s.batch_id = b.id WHERE coalesce(s.many, 0) <> b.claims ORDER BY b.id",
        lambda row: f"batch {row.number}: {row.claims} claims, {row.many} are in it",
    )
    return sums + listed(_other_hashes(work))


def _other_hashes(work: Work) -> Iterator[str]:
    """Read one file after the other: together they may be large."""
    of_batch = text("SELECT content FROM claim_batch WHERE id = :id")
    for row in work.db.execute(
        text("SELECT id, number, sha256 FROM claim_batch WHERE content IS NOT NULL ORDER BY id")
    ).all():
        content = work.db.execute(of_batch, {"id": row.id}).scalar_one()
        kept = content.encode() if isinstance(content, str) else bytes(content)
        if hashlib.sha256(kept).hexdigest() != row.sha256:
            yield f"batch {row.number}: its file is not the one that was kept"
