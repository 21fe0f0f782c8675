"""What sessions, files and payers ask of a person, in groups: how urgent, how many, how much.

The work queue (``services/queue``) takes these in beside its own kinds, and Home shows the queue:
what stands on a claim is the queue's own matter, so sessions on a claim that stands are left out.
"""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.importing.questions import WAITING
from fscdesk.services.ledger.open_items import dated
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.metric_facts import as_day
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

NOTE_LATE: Final = 7
"""After so many days an unsigned note is more urgent."""
FILING_SOON, FILING_NEXT = 14, 30
"""A filing deadline within so many days is critical, or high."""
REFUND_DAYS: Final = 60
"""Within so many days an overpayment goes back to its payer (DESIGN.md 9)."""
_HELD: Final = "s.withdrawn_by IS NULL AND s.attendance = 'completed'"
_OFF_CLAIMS: Final = (
    "NOT EXISTS (SELECT 1 FROM claim_line l JOIN claim k ON k.id = l.claim_id"
    " WHERE l.session_id = s.id AND k.status NOT IN ('void', 'closed'))"
)
"""The queue has what stands on claims (``claim_standing.FALLEN`` are those that do not)."""
_UNBILLED: Final = "s.billing_status IN ('completed', 'documented', 'ready_to_bill')"


class Urgency(enum.StrEnum):
    """How soon; in the order of the list."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SILENT: Final = ((90, Urgency.CRITICAL), (60, Urgency.HIGH), (30, Urgency.MEDIUM))
"""A payer that has said nothing for so many days (DESIGN.md 9)."""


@dataclass(frozen=True, slots=True)
class Need:
    """One group of what needs a person. ``key`` names its kind; ``amount`` is what is at stake.

    ``title`` and ``why`` are the two lines of the list, ``next_step`` and ``when`` its answer;
    ``oldest`` is since when, where that is one day.
    """

    key: str
    urgency: Urgency
    title: str
    why: str
    next_step: str
    when: str
    count: int
    amount: Money
    opens: Opens
    oldest: date | None = None


def needs_you(work: Work, as_of: date | None = None) -> tuple[Need, ...]:
    """Return what needs a person, most urgent first, then by amount.

    Ages are counted to ``as_of`` (today unless given); statuses are those of now.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    day = as_of or work.today()
    found = [need for group in GROUPS for need in group(work, day) if need.count]
    order = list(Urgency)
    return tuple(
        sorted(found, key=lambda need: (order.index(need.urgency), -need.amount.cents, need.key))
    )


def _denied(work: Work, _as_of: date) -> Iterator[Need]:
    rows = dated(
        work,
        "SELECT count(*), sum(s.insurance_balance), min(s.day), count(DISTINCT s.payer_id)"
        f" FROM session s WHERE {_HELD} AND s.billing_status = 'denied' AND {_OFF_CLAIMS}",
    )
    count, cents, oldest, payers = rows[0]
    if count:
        yield Need(
            "denied",
            Urgency.HIGH,
            "Denied sessions",
            f"{_sessions(count)} on no claim here, denied by {_many(payers, 'payer')}",
            "Mend and send again, or appeal",
            f"oldest of {as_day(oldest):%m/%d/%Y}",
            count,
            Money(int(cents or 0)),
            Opens("sessions", {"view": "denied", "claim": "none"}),
            as_day(oldest),
        )


def _filing(work: Work, as_of: date) -> Iterator[Need]:
    payers = dated(work, "SELECT id, name, filing_days FROM payer WHERE filing_days > 0")
    for payer_id, name, days in payers:
        last = as_of + timedelta(days=FILING_NEXT - days)
        rows = dated(
            work,
            "SELECT count(*), sum(s.insurance_balance), min(s.day) FROM session s"
            f" WHERE {_HELD} AND {_UNBILLED} AND s.payer_id = :payer AND s.day <= :last"
            f" AND {_OFF_CLAIMS}",
            payer=payer_id,
            last=last,
        )
        count, cents, oldest = rows[0]
        if not count:
            continue
        deadline = as_day(oldest) + timedelta(days=days)
        left = (deadline - as_of).days
        yield Need(
            "timely_filing",
            Urgency.CRITICAL if left <= FILING_SOON else Urgency.HIGH,
            "Timely filing",
            f"{_sessions(count)} not billed; {name} takes claims for {days} days only",
            f"File by {deadline:%m/%d/%Y}",
            f"in {_many(left, 'day')}" if left >= 0 else f"{_many(-left, 'day')} too late",
            count,
            Money(int(cents or 0)),
            Opens(
                "sessions",
                {
                    "view": "unbilled",
                    "claim": "none",
                    "payer": (payer_id,),
                    "day": (None, last),
                },
            ),
            as_day(oldest),
        )


def _overpaid(work: Work, as_of: date) -> Iterator[Need]:
    rows = dated(
        work,
        "SELECT c.payer_id, coalesce(y.name, 'No payer named'), count(DISTINCT c.session_id),"
        " sum(c.insurance_balance), min(c.last_day) FROM charge c"
        " LEFT JOIN payer y ON y.id = c.payer_id"
        " WHERE c.insurance_balance <> 0 AND c.insurance_balance < 0"
        " GROUP BY c.payer_id, y.name ORDER BY c.payer_id",
    )
    for payer_id, name, count, cents, since in rows:
        due = None if since is None else as_day(since) + timedelta(days=REFUND_DAYS)
        yield Need(
            "overpaid",
            Urgency.HIGH,
            "Overpaid by payer",
            f"{name} paid too much for {_sessions(count)}",
            "Return it" if due is None else f"Return by {due:%m/%d/%Y}",
            "" if due is None else _until(due, as_of),
            count,
            Money(-int(cents)),
            Opens("aging", {"by": "payer", "key": payer_id or 0, "bucket": "unapplied"}),
            None if since is None else as_day(since),
        )


def _silent(work: Work, as_of: date) -> Iterator[Need]:
    """Group sessions at their payer by how long it has said nothing.

    Counted from the day on which the status was changed here; a session that came with its
    status from an import counts from its own day, because nobody knows when it was sent.
    """
    rows = dated(
        work,
        "SELECT s.payer_id, y.name, CASE WHEN EXISTS (SELECT 1 FROM session_status_history h"
        " WHERE h.session_id = s.id AND h.kind = 'billing' AND h.old IS NOT NULL)"
        " THEN s.status_since ELSE s.day END AS since, count(*), sum(s.insurance_balance)"
        f" FROM session s JOIN payer y ON y.id = s.payer_id WHERE {_HELD}"
        " AND s.billing_status IN ('submitted', 'pending') AND s.insurance_balance > 0"
        f" AND {_OFF_CLAIMS} GROUP BY 1, 2, 3",
    )
    bands: dict[int, list[tuple[int, str, date, int, int]]] = {}
    for payer_id, name, since, count, cents in rows:
        silent = (as_of - as_day(since)).days
        band = next((days for days, _urgency in SILENT if silent >= days), None)
        if band is not None:
            bands.setdefault(band, []).append((payer_id, name, as_day(since), count, int(cents)))
    for days, urgency in SILENT:
        group = bands.get(days, [])
        if not group:
            continue
        payers = sorted({(payer_id, name) for payer_id, name, *_rest in group})
        count = sum(row[3] for row in group)
        oldest = min(row[2] for row in group)
        who = payers[0][1] if len(payers) == 1 else _many(len(payers), "payer")
        yield Need(
            "silent_payer",
            urgency,
            "Sessions without an answer",
            f"{_sessions(count)} at {who} since {oldest:%m/%d/%Y}, on no claim here",
            "Check the portal",
            f"silent {days} days or more",
            count,
            Money(sum(row[4] for row in group)),
            Opens(
                "sessions",
                {
                    "view": "waiting_on_payer",
                    "claim": "none",
                    "payer": tuple(payer_id for payer_id, _name in payers),
                    "day": (None, as_of - timedelta(days=days)),
                },
            ),
            oldest,
        )


def _unsigned(work: Work, as_of: date) -> Iterator[Need]:
    """Group sessions without a signed note: a day is allowed, after a week it is urgent."""
    week, first = as_of - timedelta(days=NOTE_LATE + 1), as_of - timedelta(days=1)
    for urgency, start, end in (
        (Urgency.HIGH, None, week),
        (Urgency.MEDIUM, week + timedelta(days=1), first),
    ):
        since = "" if start is None else " AND s.day >= :start"
        bound: dict[str, object] = {"end": end} if start is None else {"start": start, "end": end}
        rows = dated(
            work,
            "SELECT count(*), sum(s.fee), min(s.day), count(DISTINCT s.provider_id)"
            f" FROM session s WHERE {_HELD} AND (s.note_status < 'LOCKED' OR s.note_status >"
            f" 'LOCKED') AND s.day <= :end{since}",
            **bound,
        )
        count, cents, oldest, clinicians = rows[0]
        if count:
            yield Need(
                "no_signed_note",
                urgency,
                "No signed note",
                f"{_wait(count)} for {_many(clinicians, 'clinician')},"
                f" oldest {as_day(oldest):%m/%d}",
                "Remind clinicians",
                f"oldest {_many((as_of - as_day(oldest)).days, 'day')}",
                count,
                Money(int(cents or 0)),
                Opens("sessions", {"view": "no_signed_note", "day": (start, end)}),
                as_day(oldest),
            )


def _gone(work: Work, _as_of: date) -> Iterator[Need]:
    """Group sessions that a newer file no longer names, and about which nobody has decided."""
    rows = dated(
        work,
        "SELECT count(DISTINCT s.id), sum(s.insurance_balance + s.patient_balance),"
        " max(r.batch_id), max(b.applied_at) FROM import_row r"
        " JOIN import_batch b ON b.id = r.batch_id AND b.status = 'applied'"
        " JOIN session s ON s.id = r.session_id AND s.withdrawn_by IS NULL"
        " WHERE r.verdict = 'gone' AND s.attendance <> 'cancelled'"
        " AND NOT EXISTS (SELECT 1 FROM import_row n WHERE n.session_id = r.session_id"
        "  AND n.id > r.id)"
        " AND NOT EXISTS (SELECT 1 FROM import_answer a"
        "  WHERE a.question = 'gone:' || CAST(s.id AS VARCHAR(20)))",
    )
    count, cents, batch, _at = rows[0]
    if count:
        yield Need(
            "gone",
            Urgency.MEDIUM,
            "Gone from SimplePractice",
            f"{_sessions(count)} no longer in the export",
            "Say whether they were cancelled",
            "kept until then",
            count,
            Money(int(cents or 0)),
            Opens("importing", {"batch": batch}),
        )


def _waiting(work: Work, _as_of: date) -> Iterator[Need]:
    """Group rows that were left out because a question had no answer, and not read since."""
    rows = dated(
        work,
        "SELECT count(*), max(b.id), max(b.file_name) FROM import_row r"
        " JOIN import_batch b ON b.id = r.batch_id AND b.status = 'applied'"
        " WHERE r.verdict = 'skipped' AND r.reason = :waiting"
        " AND NOT EXISTS (SELECT 1 FROM import_batch n WHERE n.id > b.id"
        "  AND n.status = 'applied' AND n.profile = b.profile"
        "  AND n.first_day <= b.first_day AND n.last_day >= b.last_day)",
        waiting=WAITING,
    )
    count, batch, file_name = rows[0]
    if count:
        yield Need(
            "unanswered",
            Urgency.MEDIUM,
            "Rows not imported",
            f"{_many(count, 'row')} of {file_name} wait for an answer",
            "Import the file again and answer",
            "",
            count,
            ZERO,
            Opens("importing", {"batch": batch}),
        )


def _codes(work: Work, _as_of: date) -> Iterator[Need]:
    """Group services that an import had to make, and that nobody has looked at since."""
    rows = dated(
        work,
        "SELECT code FROM service WHERE batch_id IS NOT NULL AND version = 1 AND active"
        " ORDER BY code",
    )
    if rows:
        codes = ", ".join(row[0] for row in rows[:3]) + (" …" if len(rows) > 3 else "")  # noqa: PLR2004
        yield Need(
            "new_codes",
            Urgency.LOW,
            "New codes",
            f"{_many(len(rows), 'code')} first seen in a file: {codes}",
            "Give each a name, look at its price",
            "",
            len(rows),
            ZERO,
            Opens("setup", {"page": "services"}),
        )


GROUPS: Final[tuple[Callable[[Work, date], Iterator[Need]], ...]] = (
    _denied,
    _filing,
    _overpaid,
    _silent,
    _unsigned,
    _gone,
    _waiting,
    _codes,
)


def _until(due: date, as_of: date) -> str:
    left = (due - as_of).days
    return f"in {_many(left, 'day')}" if left >= 0 else f"{_many(-left, 'day')} overdue"


def _sessions(count: int) -> str:
    return _many(count, "session")


def _wait(count: int) -> str:
    return "1 session waits" if count == 1 else f"{count:,} sessions wait"


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
