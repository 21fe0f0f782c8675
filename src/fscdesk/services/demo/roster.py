"""Who comes when: each clinician's week of fixed places, and the clients who fill them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from fscdesk.models.patient import PatientKind
from fscdesk.services.demo import cast
from fscdesk.services.demo.at_office import give_stories
from fscdesk.services.demo.people import NICKNAMED, TWIN, Client, Guarantor, People
from fscdesk.services.demo.season import WEEK, Season

DAY: Final = timedelta(days=1)
HOURS: Final = tuple(range(480, 720, 60)) + tuple(range(780, 1140, 60))
PLAY: Final = "90832 90785"
"""A child's usual service: a short session with its add-on."""
PRESCRIBED: Final = "99214 90833"


class Place(NamedTuple):
    """A clinician's hour of the week."""

    clinician: int
    weekday: int
    minute: int


class Stay(NamedTuple):
    """From when to when a client comes, every so many weeks. ``new``: begins with a first visit."""

    first: date
    last: date
    every: int = 1
    new: bool = False


GROUP: Final = Place(cast.GROUP_LEADER, 3, 1140)
LONG_DAY: Final = Place(cast.EVALUATOR, 4, 1170)


class Roster:
    """Fills the places of a season with clients, from the seed."""

    def __init__(self, seed: int, season: Season) -> None:
        self._rng = random.Random(f"{seed}:roster")
        self._season = season
        self._people = People(seed, season.today)
        self._until = season.today + 8 * WEEK
        self._taken: set[Place] = set()
        self._parents: list[tuple[str, Guarantor]] = []

    def clients(self) -> list[Client]:
        """Return every client of the season."""
        found = [*self._known(), *self._group(), *self._evaluations()]
        weights = [clinician.weight for clinician in cast.CLINICIANS]
        for number in range(max(self._season.places - len(self._taken), len(weights))):
            clinician = (
                number
                if number < len(weights)
                else self._rng.choices(range(len(weights)), weights)[0]
            )
            found += self._fill(self._free(clinician))
        self._let_lapse(found)
        give_stories(self._rng, self._season, found)
        return found

    def _known(self) -> Iterator[Client]:
        """Yield the clients who must be there, because they show something."""
        people, minor, couple = self._people, PatientKind.MINOR, PatientKind.COUPLE
        stay = Stay(self._season.first, self._until)
        name = people.known(TWIN)
        for clinician, payer in ((0, 0), (1, 1)):  # two clients of one name, at one minute
            place = Place(clinician, 1, 600)
            self._taken.add(place)
            yield self._client(name, place, stay, "90834", payer)
        two = people.known("Alpha Nonexist & Beta Nonexist")
        yield self._client(two, self._free(2), stay, "90847", None, kind=couple)
        yield self._client(people.known(NICKNAMED), self._free(1), stay, "90837", 0)
        comma = people.known("Nonesuch, JR, of Nowhere Maxim")
        yield self._client(comma, self._free(4), stay, "90837", 3)
        parent = people.guarantor("Minorsample")
        for child, clinician in (("Minna Minorsample", 0), ("Otis Minorsample", 4)):
            place = self._free(clinician)
            named = people.known(child)
            yield self._client(named, place, stay, PLAY, 0, kind=minor, pays=parent)
        changing = self._client(people.known("Newton Notyet"), self._free(5), stay, "90837", 1)
        changing.later_payer, changing.changes_on = 0, date(self._season.today.year, 1, 1)
        yield changing

    def _group(self) -> Iterator[Client]:
        self._taken.add(GROUP)
        stay = Stay(self._season.first, self._until)
        for _ in range(6):
            name = self._people.person()
            yield self._client(name, GROUP, stay, "90853", self._people.insurer())

    def _evaluations(self) -> Iterator[Client]:
        """Yield the clients who come for one long day."""
        self._taken.add(LONG_DAY)
        for week in range(2, self._season.weeks, 9):
            day = self._season.first + WEEK * week + timedelta(days=LONG_DAY.weekday)
            name = self._people.person()
            yield self._client(name, LONG_DAY, Stay(day, day), "96130", self._people.insurer())

    def _free(self, clinician: int) -> Place:
        while True:
            place = Place(clinician, self._rng.randrange(5), self._rng.choice(HOURS))
            if place not in self._taken:
                self._taken.add(place)
                return place

    def _fill(self, place: Place) -> Iterator[Client]:
        """Yield the clients who have one place of the week, one after the other."""
        rng, season = self._rng, self._season
        prescribes = cast.CLINICIANS[place.clinician].prescribes
        every = 4 if prescribes else 2 if rng.random() < 0.08 else 1
        begins = season.first
        if place.clinician == cast.JOINS_LATER:
            begins += WEEK * (season.weeks // 3)
        for phase in range(every):
            week = -rng.randrange(30)
            while begins + WEEK * week < season.today:
                length = int(rng.triangular(18, 130, 56)) * (2 if prescribes else 1)
                first = max(begins + WEEK * week, begins)
                last = min(begins + WEEK * (week + length) - DAY, self._until)
                stay = Stay(first, last, every, new=week >= 0)
                week += length + rng.randint(0, 3)
                if last > first:
                    client = self._somebody(place, stay)
                    client.phase = phase
                    yield client

    def _somebody(self, place: Place, stay: Stay) -> Client:
        rng, people = self._rng, self._people
        if cast.CLINICIANS[place.clinician].prescribes:
            return self._client(people.person(), place, stay, PRESCRIBED, people.insurer())
        drawn = rng.random()
        if drawn < 0.05:
            kind = PatientKind.COUPLE
            return self._client(people.couple(), place, stay, "90847", None, kind=kind)
        name, payer = people.person(), people.insurer()
        if drawn < 0.15:
            kind = PatientKind.MINOR
            if self._parents and rng.random() < 0.35:  # a brother or a sister
                family, parent = rng.choice(self._parents)
                name = people.person(family)
            else:
                family = name.rpartition(" ")[2]
                parent = people.guarantor(family)
                self._parents.append((family, parent))
            return self._client(name, place, stay, PLAY, payer, kind=kind, pays=parent)
        if drawn < 0.17:
            return self._client(name, place, stay, "012", None)
        return self._client(name, place, stay, rng.choice(("90837", "90837", "90834")), payer)

    def _client(
        self,
        name: str,
        place: Place,
        stay: Stay,
        code: str,
        payer: int | None,
        *,
        kind: PatientKind = PatientKind.ADULT,
        pays: Guarantor | None = None,
    ) -> Client:
        client = Client(
            name=name,
            clinician=place.clinician,
            payer=payer,
            code=code,
            every=stay.every,
            weekday=place.weekday,
            minute=place.minute,
            first=stay.first,
            last=stay.last,
            kind=kind,
            intake=stay.new,
            guarantor=pays,
        )
        return self._people.finish(client)

    def _let_lapse(self, clients: list[Client]) -> None:
        """Choose the clients whose policy has just ended."""
        fit = [
            client
            for client in clients
            if client.payer not in (None, cast.NEEDS_AUTHORIZATION)
            and client.changes_on is None
            and client.secondary is None
            and client.every == 1
            and client.first < self._season.today - 8 * WEEK
            and client.last >= self._until
        ]
        for client in self._rng.sample(fit, min(self._season.share(3), len(fit))):
            client.lapsed = True
