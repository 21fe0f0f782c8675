"""What imported files ask of a person, in groups: how urgent, how many, how much.

The work queue (``services/queue``) takes these in beside its own kinds.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.importing.questions import WAITING
from fscdesk.services.ledger.open_items import dated
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

NOTE_LATE: Final = 7
"""After so many days an unsigned note is more urgent."""


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


def needs_you(work: Work) -> tuple[Need, ...]:
    """Return what needs a person, most urgent first, then by amount."""
    require(work, Right.SEE_REPORTS, "see reports")
    found = [need for group in GROUPS for need in group(work) if need.count]
    order = list(Urgency)
    return tuple(
        sorted(found, key=lambda need: (order.index(need.urgency), -need.amount.cents, need.key))
    )


def _gone(work: Work) -> Iterator[Need]:
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


def _waiting(work: Work) -> Iterator[Need]:
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


def _codes(work: Work) -> Iterator[Need]:
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


GROUPS: Final[tuple[Callable[[Work], Iterator[Need]], ...]] = (
    _gone,
    _waiting,
    _codes,
)


def _sessions(count: int) -> str:
    return _many(count, "session")


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
