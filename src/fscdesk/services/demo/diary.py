"""The appointments of the fictional practice as they really were, with the day of each event."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Generic, NamedTuple, TypeVar

from fscdesk.models.session import BillingStatus
from fscdesk.services.demo import cast
from fscdesk.services.demo.people import TWIN, Client
from fscdesk.services.demo.season import WEEK, Season, is_free

T = TypeVar("T")
COMING: Final = timedelta(days=7)
"""How far ahead an export shows appointments."""
ODD_HOURS: Final = (420, 735, 1200)
"""Where moved appointments go: no fixed place begins then."""


class Line(NamedTuple):
    """A billing code of an appointment; the rate in cents."""

    code: str
    units: int
    rate: int


class Answer(NamedTuple):
    """What a payer answered by a day, in cents: all that it has paid until then."""

    day: date
    patient: int
    paid: int
    write_off: int


class Earlier(NamedTuple, Generic[T]):
    """What stood there before the day ``until``."""

    until: date
    what: T


class Corner(enum.Enum):
    """Something that a claim shows, and that happens to one alone."""

    DENIED = "denied"
    APPEAL = "appeal"
    CORRECTED = "corrected"
    TAKEN_BACK = "taken back"
    REJECTED = "rejected"
    SECOND_PAYER = "second payer"
    CROSSED_OVER = "crossed over"
    HELD = "held"
    SHORT_ID = "short id"
    NO_NPI = "no npi"


class Said(NamedTuple):
    """What a payer says of an appointment in a remittance that is read on ``day``.

    ``patient`` is the client's part of all that it allows, in cents; ``short`` what it leaves out
    of what it should pay. ``carc`` denies everything (``CO-16``).
    """

    day: date
    patient: int = 0
    short: int = 0
    carc: str = ""


class Tale(enum.Enum):
    """What the remittances tell of one appointment alone."""

    MENDED = "denied, corrected, paid"
    WON = "denied, appealed, paid"
    APPEALED = "denied, appealed"
    LATE = "denied as filed too late"
    NOT_COVERED = "denied as not covered"
    CARRIED = "taken back with a check that did not hold it"
    RECOVERED = "corrected, and recovered from a later check"
    TO_RECOVER = "corrected, to be recovered"
    PAID_TWICE = "paid once more, under another number"
    PASSED_ON = "passed on to the second payer"


class DeskNote(NamedTuple):
    """A status that the office set by hand."""

    day: date
    status: BillingStatus
    reason: str


@dataclass(slots=True)
class Appointment:
    """One appointment. Each event has its day; None never happens.

    ``earlier_place`` is (day, minute), ``earlier_clinician`` (number), ``earlier_lines`` the
    codes, until that day. ``paid`` lists what the client had paid in all from each day on.
    ``on_paper``: the payer answers on paper, and SimplePractice never learns of it. ``refused``:
    its first claim does not reach the payer. ``ours``:
    its claim is sent from here and not from SimplePractice; ``corner`` is what it shows then.
    ``remitted`` is what the payer says in files (835), SimplePractice never learns of that either;
    ``tale`` what these show.
    """

    client: Client
    day: date
    minute: int
    clinician: int
    payer: int | None
    lines: tuple[Line, ...]
    booked: date
    cancelled: date | None = None
    missed: str = ""
    earlier_place: Earlier[tuple[date, int]] | None = None
    earlier_clinician: Earlier[int] | None = None
    earlier_lines: Earlier[tuple[Line, ...]] | None = None
    locked: date | None = None
    sent: date | None = None
    rejected: date | None = None
    resent: date | None = None
    pending: date | None = None
    answers: list[Answer] = field(default_factory=list)
    invoiced: date | None = None
    paid: list[tuple[date, int]] = field(default_factory=list)
    notes: list[DeskNote] = field(default_factory=list)
    on_paper: bool = False
    refused: bool = False
    ours: bool = False
    corner: Corner | None = None
    remitted: list[Said] = field(default_factory=list)
    tale: Tale | None = None

    @property
    def fee(self) -> int:
        """Return the whole price in cents."""
        return sum(line.units * line.rate for line in self.lines)

    @property
    def share(self) -> int:
        """Return the client's share before the payer answers, in cents."""
        return self.fee if self.payer is None else min(self.client.copay, self.fee)

    @property
    def settled_on(self) -> date:
        """Return the day from which nothing of what is billed will change any more."""
        changes = (self.earlier_clinician, self.earlier_lines)
        days = [change.until for change in changes if change is not None]
        return max([self.locked or self.day, *days])

    @property
    def held(self) -> bool:
        """Return whether the session takes place."""
        return not self.missed and self.cancelled is None


def write_diary(seed: int, season: Season, clients: Sequence[Client]) -> list[Appointment]:
    """Return the appointments of all clients up to a week after the season, by day and hour."""
    away = _away(seed, season)
    moves: set[tuple[int, date, int]] = set()
    places = {(one.clinician, one.weekday, one.minute) for one in clients}
    found: list[Appointment] = []
    for client in clients:
        rng = random.Random(f"{seed}:diary:{client.key}:{client.first}")
        begun = False
        for week in range(season.weeks + 3):
            monday = season.first + WEEK * week
            day = monday + timedelta(days=client.weekday)
            if (week - client.phase) % client.every or not client.first <= day <= client.last:
                continue
            if day > season.today + COMING or is_free(day):
                continue
            if (client.clinician, monday) in away or rng.random() < 0.045:
                continue
            one = _appointment(client, day, season, first_visit=client.intake and not begun)
            begun = True
            _change(one, rng, moves, places)
            found.append(one)
    return sorted(found, key=lambda one: (one.day, one.minute, one.client.key))


def _away(seed: int, season: Season) -> set[tuple[int, date]]:
    """Return the weeks in which a clinician is away: two in each half of the season."""
    rng = random.Random(f"{seed}:away")
    weeks = range(1, max(season.weeks - 1, 2))
    return {
        (clinician, season.first + WEEK * week)
        for clinician in range(len(cast.CLINICIANS))
        for week in rng.sample(weeks, max(1, season.weeks // 26))
    }


def _appointment(client: Client, day: date, season: Season, *, first_visit: bool) -> Appointment:
    return Appointment(
        client=client,
        day=day,
        minute=client.minute,
        clinician=client.clinician,
        payer=client.payer_on(day),
        lines=tuple(_lines(client, day, season, first_visit=first_visit)),
        booked=day - timedelta(days=60),
    )


def _lines(client: Client, day: date, season: Season, *, first_visit: bool) -> Iterator[Line]:
    year = season.first.year
    codes = [(code, 1) for code in client.code.split()]
    if client.code == "96130":
        codes = list(cast.EVALUATION)
    elif first_visit and client.code in ("90837", "90834"):
        codes = [("90791", 1)]
    for code, units in codes:
        yield Line(code, units, cast.rate(code, day, year))


def _change(
    one: Appointment,
    rng: random.Random,
    moves: set[tuple[int, date, int]],
    places: set[tuple[int, int, int]],
) -> None:
    """Cancel, miss, move, hand over or recode some appointments."""
    drawn = rng.random()
    steady = one.client.name == TWIN or one.client.code in ("96130", "90853")
    if drawn < 0.05:
        one.cancelled = one.day - timedelta(days=rng.randint(0, 6))
    elif drawn < 0.09:
        if rng.random() < 0.35:
            one.cancelled = one.day  # cancelled late, and the fee was waived
        else:
            one.missed = cast.LATE_CANCEL if rng.random() < 0.6 else cast.NO_SHOW
    elif steady:
        return
    elif drawn < 0.115:
        _move(one, rng, moves)
    elif drawn < 0.122:
        _hand_over(one, rng, moves, places)
    elif drawn < 0.13 and one.lines[0].code == "90837":
        until = one.day + timedelta(days=rng.randint(3, 8))
        one.earlier_lines = Earlier(until, one.lines)
        one.lines = (Line("90834", 1, one.lines[0].rate - 3000),)


def _move(one: Appointment, rng: random.Random, moves: set[tuple[int, date, int]]) -> None:
    weekday = rng.choice([day for day in range(5) if day != one.day.weekday()])
    day = one.day + timedelta(days=weekday - one.day.weekday())
    minute = rng.choice(ODD_HOURS)
    if is_free(day) or (one.clinician, day, minute) in moves:
        return
    moves.add((one.clinician, day, minute))
    until = min(day, one.day) - timedelta(days=rng.randint(1, 3))
    one.earlier_place = Earlier(until, (one.day, one.minute))
    one.day, one.minute = day, minute


def _hand_over(
    one: Appointment,
    rng: random.Random,
    moves: set[tuple[int, date, int]],
    places: set[tuple[int, int, int]],
) -> None:
    others = [
        number
        for number, clinician in enumerate(cast.CLINICIANS)
        if number not in (one.clinician, cast.JOINS_LATER)
        and not clinician.prescribes
        and (number, one.day.weekday(), one.minute) not in places
        and (number, one.day, one.minute) not in moves
    ]
    if others and not cast.CLINICIANS[one.clinician].prescribes:
        until = one.day + timedelta(days=rng.randint(1, 6))
        one.earlier_clinician = Earlier(until, one.clinician)
        one.clinician = rng.choice(others)
        moves.add((one.clinician, one.day, one.minute))
