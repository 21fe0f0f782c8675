"""Which session of the books a row means: by key first, then by what a person confirms.

The key is the local start minute, the client, the clinician, and the occurrence among
identical rows. Code, fee, payer and status are never part of it: they change. What does
not match by key may have another clinician (same client and minute) or another time
(same client, clinician and code, within 14 days); both are questions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fscdesk.models.session import Attendance
from fscdesk.models.values import DateRange
from fscdesk.services.importing.knowledge import MOVED_WITHIN, KnownSession
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind
from fscdesk.services.importing.readers.appointments import AppointmentRow

YES, NO = Option("yes", "Same session"), Option("no", "Another session")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with whom it concerns, ready to be matched. ``index`` is its place in the file."""

    index: int
    row: AppointmentRow
    patient_id: int
    provider_id: int
    occurrence: int


@dataclass(slots=True)
class Matched:
    """The outcome: each row's session, rows that wait, rows that are new, sessions not in file."""

    pairs: dict[int, KnownSession] = field(default_factory=dict)  # row index: session
    waiting: dict[int, str] = field(default_factory=dict)  # row index: question id
    new: list[Placed] = field(default_factory=list)
    gone: list[KnownSession] = field(default_factory=list)


def place(
    rows: Sequence[AppointmentRow],
    patient_of: dict[int, int],
    provider_of: Sequence[int | None],
) -> list[Placed]:
    """Number the rows that agree in client, clinician and minute, in file order."""
    seen: Counter[tuple[int, int, date, int]] = Counter()
    placed = []
    for index, row in enumerate(rows):
        patient, provider = patient_of.get(index), provider_of[index]
        if patient is None or provider is None:
            continue
        key = (patient, provider, row.day, row.minute)
        seen[key] += 1
        placed.append(Placed(index, row, patient, provider, seen[key]))
    return placed


def match(
    placed: Sequence[Placed],
    sessions: Sequence[KnownSession],
    asked: Asked,
    *,
    first: date,
    last: date,
    keeps: Sequence[int],
    only_self_pay: bool,
) -> Matched:
    """Match rows to sessions in tiers.

    Gone are live sessions from ``first`` to ``last`` with a clinician who is in the file
    (``keeps``), that no row means; in a file without insurance columns only sessions
    without a payer can be missed.
    """
    found = Matched()
    free: dict[tuple[int, int, date, int, int], KnownSession] = {
        (one.patient_id, one.provider_id, one.day, one.minute, one.occurrence): one
        for one in sessions
    }
    left: list[Placed] = []
    for one in placed:
        key = (one.patient_id, one.provider_id, one.row.day, one.row.minute, one.occurrence)
        session = free.pop(key, None)
        if session is None:
            left.append(one)
        else:
            found.pairs[one.index] = session
    left = _other_clinician(left, free, asked, found)
    days = DateRange(first, last)
    left = _other_time(left, free, asked, found, days)
    found.new = left
    clinicians = set(keeps)
    found.gone = [
        session
        for session in free.values()
        if session.day in days
        and session.provider_id in clinicians
        and session.attendance is not Attendance.CANCELLED
        and not (only_self_pay and session.payer_id is not None)
    ]
    return found


def _other_clinician(
    rows: Sequence[Placed],
    free: dict[tuple[int, int, date, int, int], KnownSession],
    asked: Asked,
    found: Matched,
) -> list[Placed]:
    at_minute: dict[tuple[int, date, int], list[KnownSession]] = defaultdict(list)
    for session in free.values():
        at_minute[session.patient_id, session.day, session.minute].append(session)
    left = []
    for one in rows:
        there = at_minute.get((one.patient_id, one.row.day, one.row.minute), [])
        if not there:
            left.append(one)
            continue
        session = there[0]
        question = Question(
            id=f"reassigned:{session.id}:{one.row.clinician}"[:300],
            kind=QuestionKind.REASSIGNED,
            text=f"Was the session of {one.row.client} on {_when(one.row)} given to "
            f"{one.row.clinician}?",
            detail="The books have it at the same minute with another clinician.",
            options=(YES, NO),
            proposal=YES.key if len(there) == 1 else None,
            rows=len(one.row.lines),
        )
        if _decide(question, one, session, asked, found):
            there.remove(session)
            _take(free, session)
        else:
            left.append(one)
    return left


def _other_time(
    rows: Sequence[Placed],
    free: dict[tuple[int, int, date, int, int], KnownSession],
    asked: Asked,
    found: Matched,
    days: DateRange,
) -> list[Placed]:
    """Pair a session that is gone with the nearest new row of its client and clinician.

    A row in the same slot of another week is the next session of a series, not a move.
    """
    by_pair: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for one in rows:
        by_pair[one.patient_id, one.provider_id].append(one)
    settled: set[int] = set()
    for session in list(free.values()):
        if session.attendance is Attendance.CANCELLED or session.day not in days:
            continue
        near = [
            one
            for one in by_pair.get((session.patient_id, session.provider_id), [])
            if one.index not in settled and _may_be_moved(session, one.row)
        ]
        if not near:
            continue
        near.sort(key=lambda one: (abs(one.row.day - session.day), one.index))
        best = near[0]
        unclear = len(near) > 1 and abs(near[1].row.day - session.day) == abs(
            best.row.day - session.day
        )
        question = Question(
            id=f"moved:{session.id}:{best.row.day}:{best.row.minute}"[:300],
            kind=QuestionKind.MOVED,
            text=f"Was the session of {best.row.client} on {session.day:%m/%d/%Y} "
            f"{_clock(session.minute)} moved to {_when(best.row)}?",
            detail="Same client, clinician and code; the old time is not in the file.",
            options=(YES, NO),
            proposal=None if unclear else YES.key,
            rows=len(best.row.lines),
        )
        if _decide(question, best, session, asked, found):
            settled.add(best.index)
            _take(free, session)
    return [one for one in rows if one.index not in settled]


def _may_be_moved(session: KnownSession, row: AppointmentRow) -> bool:
    same_slot = session.day.weekday() == row.day.weekday() and session.minute == row.minute
    return (
        abs(session.day - row.day) <= MOVED_WITHIN
        and not same_slot
        and session.report is not None
        and session.report.codes.partition("*")[0] == row.codes[0].code
    )


def _decide(
    question: Question, one: Placed, session: KnownSession, asked: Asked, found: Matched
) -> bool:
    """Ask; return False when the row is another session, True when it is settled or waits."""
    answer = asked.ask(question)
    if answer == NO.key:
        return False
    if answer == YES.key:
        found.pairs[one.index] = session
    else:
        found.waiting[one.index] = question.id
    return True


def _take(free: dict[tuple[int, int, date, int, int], KnownSession], session: KnownSession) -> None:
    free.pop(
        (
            session.patient_id,
            session.provider_id,
            session.day,
            session.minute,
            session.occurrence,
        )
    )


def _when(row: AppointmentRow) -> str:
    return f"{row.day:%m/%d/%Y} {_clock(row.minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
