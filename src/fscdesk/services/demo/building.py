"""Builds the fictional practice: two years of imports and desk work, each on its own day.

    summary = build_demo(path)                          # up to the real office day
    summary = build_demo(path, today=date(2026, 4, 12))   # the same practice every time

For one seed and one day the books are the same to the last row, except for the name of the
person at the desk. What SimplePractice would have exported is made in memory; no file is
left anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, Session
from fscdesk.services.connecting import create_practice, is_shared
from fscdesk.services.demo import cast
from fscdesk.services.demo.books_months import BooksMonths
from fscdesk.services.demo.claim_stories import follow_notes
from fscdesk.services.demo.claim_weeks import note_money
from fscdesk.services.demo.claims_setup import decide_claims, supervise_newcomer
from fscdesk.services.demo.desk import Desk, Turn, check_before_billing, write_notes
from fscdesk.services.demo.diary import Appointment, write_diary
from fscdesk.services.demo.fates import decide
from fscdesk.services.demo.intake import Intake
from fscdesk.services.demo.money_files import MoneyFiles
from fscdesk.services.demo.office_days import calendar
from fscdesk.services.demo.opening import (
    complete_clinicians,
    say_where,
    send_by_email,
    set_prices,
    set_up,
)
from fscdesk.services.demo.people import Client
from fscdesk.services.demo.report import report
from fscdesk.services.demo.roster import Roster
from fscdesk.services.demo.scene import Scene
from fscdesk.services.demo.season import WEEK, Season, season
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.ledger.statistics import MANY, refresh_statistics
from fscdesk.services.office import Office, utc_now
from fscdesk.services.spreadsheets.files import read_source
from fscdesk.services.work import Work

SEED = 20260401
T = TypeVar("T")
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was built. Counts are of what stands in the books; days are the office's."""

    where: str
    name: str
    first_day: date
    today: date
    clinicians: int
    payers: int
    clients: int
    sessions: int
    scheduled: int
    imports: int

    def sentence(self) -> str:
        """Return what there is to see, for the message bar."""
        return (
            f"{self.name}: {self.sessions:,} sessions of {self.clients} clients with "
            f"{self.clinicians} clinicians, {self.first_day:%m/%d/%Y} to {self.today:%m/%d/%Y}."
        )


@dataclass(frozen=True, slots=True)
class Life:
    """The fictional practice outside the books: what really happened, day by day."""

    season: Season
    clients: tuple[Client, ...]
    diary: tuple[Appointment, ...]

    def export(self, on: date) -> str:
        """Return the appointment status report as SimplePractice would give it on that day."""
        return report(self.season, self.diary, on)


class _Clock:
    """Stands where the story is; the office's hours, in the practice's zone."""

    def __init__(self, day: date) -> None:
        self._zone = ZoneInfo(cast.ZONE)
        self.set(day, time(8))

    def set(self, day: date, hour: time) -> None:
        self._moment = datetime.combine(day, hour, self._zone).astimezone(UTC)

    def __call__(self) -> datetime:
        return self._moment


def live(
    *, seed: int = SEED, today: date, sessions: int | None = None, weeks: int | None = None
) -> Life:
    """Draw the practice's life from the seed. Raises Problem for a size that does not fit."""
    when = season(today, sessions, weeks)
    clients = Roster(seed, when).clients()
    diary = write_diary(seed, when, clients)
    decide(seed, when, diary)
    return Life(when, tuple(clients), tuple(diary))


def build_demo(
    target: str | Path,
    *,
    seed: int = SEED,
    today: date | None = None,
    progress: Report | None = None,
    sessions: int | None = None,
    weeks: int | None = None,
) -> DemoSummary:
    """Make the fictional practice at a new target and close it again.

    ``sessions`` is about how many it has had; fewer are of fewer ``weeks``, unless these are
    given.

    ``progress`` is called with (done, total, text) before each step; what it raises stops
    the work. Raises Problem where the target exists. A file that could not be finished is
    removed; a shared database keeps what was saved until then.
    """
    day = today or utc_now().astimezone(ZoneInfo(cast.ZONE)).date()
    life = live(seed=seed, today=day, sessions=sessions, weeks=weeks)
    clock = _Clock(life.season.first)
    office = create_practice(target, name=cast.NAME, zone=cast.ZONE, now=clock)
    try:
        summary = _Story(office, life, clock).tell(progress or _silent)
    except BaseException:
        office.close()
        if not is_shared(target):
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(f"{target}{ending}").unlink(missing_ok=True)
        raise
    office.close()
    return summary


def read_export(text: str, name: str, at: datetime) -> ReadFile:
    """Read a report that is in memory as if it were a file of that name."""
    source = read_source(text.encode(), path=Path(name), modified_at=at)
    recognised = recognise(source, ())
    if recognised is None:
        raise Problem(
            f"{name} was not recognised as an appointment report.",
            hint="The demo practice was not made. The installation is damaged.",
        )
    return ReadFile(source, recognised, read_appointments(source, recognised))


class _Story:
    """Tells the practice's life to its books, a step after the other, each on its own day."""

    def __init__(self, office: Office, life: Life, clock: _Clock) -> None:
        self._office, self._life, self._clock = office, life, clock
        self._season = life.season
        self._desk, self._intake = Desk(life.diary), Intake(life.season, life.clients)
        self._scene = Scene(office, life.season, self._intake, life.diary)
        self._calendar = calendar(life.season)
        self._money = MoneyFiles(life.season, life.diary)
        self._books = BooksMonths(life.season)
        self._priced = life.season.first.year
        self._noted = life.season.first

    def tell(self, progress: Report) -> DemoSummary:
        """Tell everything and return what the books hold then."""
        exports = self._season.exports
        total = len(exports) + 2
        progress(0, total, "Setting up the practice")
        self._do(lambda work: set_up(work, self._season))
        self._do(lambda work: decide_claims(work, self._season))
        self._books.begin(self._scene)
        for number, on in enumerate(exports, start=1):
            progress(number, total, f"Importing the report of {on:%m/%d/%Y}")
            self._work_until(on - timedelta(days=1))
            self._clock.set(on, time(7, 40))
            self._raise_prices(on)
            self._import(on)
        progress(total - 1, total, "Finishing the day")
        self._clock.set(self._season.today, time(8, 0))
        for _, turns in self._desk.days_until(self._season.today):
            self._note(turns)
        self._do(lambda work: _finish(work, self._intake, self._season))
        progress(total, total, "Done")
        return self._office.read(lambda work: _summary(work, self._office, self._season))

    def _do(self, act: Callable[[Work], T]) -> T:
        return self._office.write(act).value

    def _note(self, turns: Sequence[Turn]) -> None:
        self._do(lambda work: write_notes(work, [turn for turn in turns if not turn.one.ours]))
        follow_notes(self._scene, [turn for turn in turns if turn.one.ours])

    def _work_until(self, last: date) -> None:
        for day, turns in self._desk.days_until(last):
            self._work_with_money(day - timedelta(days=1))
            self._clock.set(day, time(10, 20))
            self._note(turns)
        self._work_with_money(last)

    def _work_with_money(self, last: date) -> None:
        while self._calendar and self._calendar[0].day <= last:
            entry = self._calendar.pop(0)
            self._clock.set(entry.day, entry.at)
            entry.act(self._scene)

    def _raise_prices(self, on: date) -> None:
        for year in range(self._priced + 1, on.year + 1):
            self._priced = year
            self._do(lambda work: set_prices(work, self._season, self._priced))

    def _import(self, on: date) -> None:
        self._clock.set(on, time(7, 45))
        name = f"appointment-status-report {on:%Y-%m-%d}.csv"
        file = read_export(self._life.export(on), name, self._clock())
        self._do(lambda work: import_file(work, file, accept_proposals=True))
        self._clock.set(on, time(7, 55))
        self._do(lambda work: _complete(work, self._intake, self._season))
        self._clock.set(on, time(8, 5))
        if self._money.bring_in(self._scene, on):
            self._books.keep(self._scene, on)
        note_money(self._scene, self._noted, on)
        self._noted = on


def _complete(work: Work, intake: Intake, when: Season) -> None:
    for number in complete_clinicians(work):
        if number == cast.JOINS_LATER:
            supervise_newcomer(work, when)
    intake.complete(work)
    intake.count_visits(work)
    say_where(work)
    check_before_billing(work)


def _finish(work: Work, intake: Intake, when: Season) -> None:
    intake.leave(work, when.today - 12 * WEEK)
    send_by_email(work)
    check_before_billing(work)
    refresh_statistics(work, rows=MANY)


def _summary(work: Work, office: Office, when: Season) -> DemoSummary:
    def count(column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
        return work.db.scalars(select(func.count(column)).where(*where)).one()

    live_ones = Session.withdrawn_by.is_(None)
    coming = Session.attendance == Attendance.SCHEDULED
    held = Session.attendance.not_in((Attendance.SCHEDULED, Attendance.CANCELLED))
    return DemoSummary(
        where=office.where,
        name=office.name,
        first_day=when.first,
        today=when.today,
        clinicians=count(Provider.id, Provider.active.is_(True)),
        payers=count(Payer.id, Payer.active.is_(True)),
        clients=count(Patient.id, Patient.withdrawn.is_(False)),
        sessions=count(Session.id, live_ones, held),
        scheduled=count(Session.id, live_ones, coming),
        imports=count(ImportBatch.id, ImportBatch.status == BatchStatus.APPLIED),
    )


def _silent(_done: int, _total: int, _text: str) -> None:
    """Say nothing."""
