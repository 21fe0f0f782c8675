"""The sessions that the rows of the attendance report may mean, and which row means which.

The report has no time of day. Rows are paired with the sessions of a client, a clinician and a
day only where every pairing says the same; else a person says which session was missed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations
from typing import NamedTuple

from sqlalchemy import or_, select

from fscdesk.models.session import Attendance, Session, SessionReport
from fscdesk.models.values import Money
from fscdesk.services.charges.catalogue import Catalogue
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.importing.differences import clock
from fscdesk.services.importing.knowledge import attendance_said
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind
from fscdesk.services.importing.reports.attendance_places import Places, read_places
from fscdesk.services.payments.held_sessions import (
    HELD_WORDS,
    sessions_with_work,
    what_holds,
)
from fscdesk.services.work import Work

MOST_OPTIONS = 6
MOST_SESSIONS = 5
"""A day with more sessions of one client has too many ways to be sorted out by a question."""

_LETTERS = {
    Attendance.COMPLETED.value: "c",
    Attendance.NO_SHOW.value: "n",
    Attendance.CANCELLED.value: "x",
    Attendance.LATE_CANCELLED.value: "l",
    "clinician_cancelled": "k",
}
_WORDS = {letter: word.replace("_", " ") for word, letter in _LETTERS.items()}
Slot = tuple[int, int, date]
"""Client, clinician, day."""


class SessionNow(NamedTuple):
    """A session that a row may mean; ``money`` says why it cannot be changed, or is blank."""

    id: int
    minute: int
    attendance: Attendance
    money: str
    codes: str = ""


@dataclass(slots=True)
class AttendanceBook:
    """The books' side: sessions by slot in the order of the day, and who set them last."""

    slots: dict[Slot, list[SessionNow]]
    by_hand: set[int]
    pairs: dict[int, SessionNow] = field(default_factory=dict)  # row: its session
    waiting: dict[int, str] = field(default_factory=dict)  # row: question
    unclear: dict[int, str] = field(default_factory=dict)  # row: why it has no session
    missing: int = 0  # rows of sessions that should be in the books and are not
    catalogue: Catalogue | None = None
    paired: bool = False
    places: Places | None = None


def meant(attendance: str) -> Attendance | None:
    """Return the attendance of a session for the report's own; None for an unknown word."""
    if attendance == "clinician_cancelled":
        return Attendance.CANCELLED
    return Attendance(attendance) if attendance in _LETTERS else None


def read_book(work: Work, first: date, last: date) -> AttendanceBook:
    """Read the live sessions of some days, and which of them carry money."""
    worked = sessions_with_work(work)
    held, claimed = what_holds(work), sent_claims(work)
    recorded = set(
        work.db.scalars(
            select(SessionReport.session_id)
            .join(Session, Session.id == SessionReport.session_id)
            .where(
                Session.day.between(first, last),
                or_(
                    SessionReport.patient_paid != Money(),
                    SessionReport.insurance_paid != Money(),
                    SessionReport.write_off != Money(),
                ),
            )
        )
    )
    slots: dict[Slot, list[SessionNow]] = defaultdict(list)
    for row in work.db.execute(
        select(
            Session.id,
            Session.minute,
            Session.attendance,
            Session.patient_id,
            Session.provider_id,
            Session.day,
            Session.code_text,
        )
        .where(Session.withdrawn_by.is_(None), Session.day.between(first, last))
        .order_by(Session.day, Session.minute, Session.occurrence, Session.id)
    ):
        money = ""
        if row.id in worked:
            money = "Payments or adjustments stand on it"
        elif row.id in held:
            money = HELD_WORDS[held[row.id]]
        elif row.id in claimed:
            money = f"It is on {claimed[row.id]}"
        elif row.id in recorded:
            money = "SimplePractice recorded money for it"
        slots[row.patient_id, row.provider_id, row.day].append(
            SessionNow(row.id, row.minute, Attendance(row.attendance), money, row.code_text)
        )
    everything = [one.id for some in slots.values() for one in some]
    return AttendanceBook(dict(slots), attendance_said(work), places=read_places(work, everything))


def pair(
    book: AttendanceBook,
    slot: Slot,
    rows: Sequence[tuple[int, str]],
    asked: Asked,
    client: str,
) -> None:
    """Pair rows (their place and what they say) of one slot with its sessions."""
    sessions = book.slots.get(slot, [])
    if not sessions:
        return
    said = [meant(word) for _, word in rows]
    if len(rows) >= len(sessions) and len({word for _, word in rows}) == 1:
        book.pairs.update({at: session for (at, _), session in zip(rows, sessions, strict=False)})
        return
    standing = Counter(session.attendance for session in sessions)
    told = Counter(said)
    if all(standing[one] >= count for one, count in told.items() if one) and (
        len(rows) == len(sessions) or len(told) == len(standing) == 1
    ):
        _pair_as_they_stand(book, rows, sessions)
        return
    if len(rows) != len(sessions) or len(rows) > MOST_SESSIONS or None in said:
        why = f"The day has {len(rows)} rows and {len(sessions)} sessions"
        book.unclear.update({at: why for at, _ in rows})
        return
    _ask_order(book, slot, rows, sessions, asked, client)


def _pair_as_they_stand(
    book: AttendanceBook, rows: Sequence[tuple[int, str]], sessions: Sequence[SessionNow]
) -> None:
    """Give each row a session that is already as it says: nothing changes."""
    free = list(sessions)
    for at, word in rows:
        wanted = meant(word)
        fits = next(session for session in free if session.attendance is wanted)
        free.remove(fits)
        book.pairs[at] = fits


def _ask_order(
    book: AttendanceBook,
    slot: Slot,
    rows: Sequence[tuple[int, str]],
    sessions: Sequence[SessionNow],
    asked: Asked,
    client: str,
) -> None:
    patient_id, provider_id, day = slot
    letters = [_LETTERS[word] for _, word in rows]
    orders = _orders(letters, sessions)
    if len(orders) == 1:
        _pair_in_order(book, rows, sessions, orders[0])
        return
    if len(orders) > MOST_OPTIONS:
        why = f"The day has {len(rows)} sessions that can be told apart in {len(orders)} ways"
        book.unclear.update({at: why for at, _ in rows})
        return
    question = Question(
        id=f"attendance:{patient_id}|{provider_id}|{day}|{''.join(sorted(letters))}",
        kind=QuestionKind.ATTENDANCE,
        text=f"Which session of {client} on {day:%m/%d/%Y} was which?",
        detail="The attendance report has no time of day.",
        options=tuple(Option("".join(order), _label(order, sessions)) for order in orders),
        proposal=None,
        rows=len(rows),
    )
    answer = asked.ask(question)
    if answer is None:
        book.waiting.update({at: question.id for at, _ in rows})
        return
    _pair_in_order(book, rows, sessions, answer)


def _orders(letters: Sequence[str], sessions: Sequence[SessionNow]) -> list[tuple[str, ...]]:
    """Return the ways to spread what was said over sessions that a person can tell apart.

    Two at one minute with one code and one standing are alike: which of them is which is no
    question that anybody can answer.
    """
    found: dict[object, tuple[str, ...]] = {}
    for order in dict.fromkeys(permutations(letters)):
        told = Counter(
            (session.minute, session.codes, session.attendance, session.money, letter)
            for letter, session in zip(order, sessions, strict=True)
        )
        found.setdefault(frozenset(told.items()), order)
    return list(found.values())


def _pair_in_order(
    book: AttendanceBook,
    rows: Sequence[tuple[int, str]],
    sessions: Sequence[SessionNow],
    order: Sequence[str],
) -> None:
    free: dict[str, list[SessionNow]] = defaultdict(list)
    for letter, session in zip(order, sessions, strict=True):
        free[letter].append(session)
    for at, word in rows:
        book.pairs[at] = free[_LETTERS[word]].pop(0)


def _label(order: Sequence[str], sessions: Sequence[SessionNow]) -> str:
    minutes = [session.minute for session in sessions]
    told = []
    for letter, session in zip(order, sessions, strict=True):
        code = f" {session.codes}" if minutes.count(session.minute) > 1 else ""
        told.append(f"{clock(session.minute)}{code} {_WORDS[letter]}")
    return ", ".join(told)


def words_of(attendance: str | Attendance, names: Mapping[str, str] | None = None) -> str:
    """Return an attendance as people read it."""
    text = str(attendance)
    return (names or {}).get(text, text.replace("_", " "))
