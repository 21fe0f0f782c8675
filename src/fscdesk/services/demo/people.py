"""The clients of the fictional practice: visibly made-up names, families, habits of paying."""

from __future__ import annotations

import csv
import enum
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from fscdesk.models.patient import PatientKind
from fscdesk.resources import resource
from fscdesk.services.demo import cast
from fscdesk.services.patients.names import fold, without_nickname

if TYPE_CHECKING:
    from fscdesk.services.demo.at_office import Story

TOO_NEAR: Final = 84
"""Names less different than this would be asked about at each import."""
NICKNAMED: Final = 'Roberta "Bobbie" Dummydata'
TWIN: Final = "Pat Placeholder"
FRESH: Final = 10
"""Of clients who came within so many days, the papers are not there yet."""
_DIAGNOSES: Final = ("F41.1", "F33.1", "F43.23", "F90.0", "F43.10", "F34.1", "F42.2", "F50.82")


class Pays(enum.Enum):
    """How a client pays what is the client's; ``OFFICE``: at the office, as ``Story`` tells."""

    CARD = "card"
    INVOICE = "invoice"
    SLOW = "slow"
    NEVER = "never"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Address:
    """Where statements go; all empty where the office does not know it."""

    street: str = ""
    town: str = ""
    zip_code: str = ""
    phone: str = ""
    email: str = ""
    bad: bool = False
    do_not_bill: bool = False


@dataclass(frozen=True, slots=True)
class Guarantor:
    """Somebody other than the client who pays, perhaps for several."""

    name: str
    address: Address


@dataclass(slots=True)
class Client:
    """A client and what the diary and the office need to know. ``payer`` None: self-pay.

    ``first`` and ``last`` are days; ``code`` is the usual service, ``every`` the weeks
    between sessions. ``later_payer`` covers the client from ``changes_on`` on. ``lapsed``:
    the policy has just ended, and nobody knows the next one yet. ``card``: the digits of the
    member id. ``story``: what the billing desk lives with the client; SimplePractice has called
    nothing paid for ``unpaid_since`` days.
    """

    name: str
    clinician: int
    payer: int | None
    code: str
    every: int
    weekday: int
    minute: int
    first: date
    last: date
    kind: PatientKind = PatientKind.ADULT
    key: str = ""
    secondary: int | None = None
    copay: int = 0
    pays: Pays = Pays.CARD
    deductible: bool = False
    intake: bool = True
    guarantor: Guarantor | None = None
    address: Address = field(default_factory=Address)
    birth_date: date | None = None
    card: str = ""
    diagnosis: str = ""
    authorized: bool = True
    lapsed: bool = False
    later_payer: int | None = None
    changes_on: date | None = None
    phase: int = 0
    story: Story | None = None
    unpaid_since: int = 0

    def payer_on(self, day: date) -> int | None:
        """Return who covers the client on a day."""
        if self.changes_on is not None and day >= self.changes_on:
            return self.later_payer
        return self.payer


@cache
def _names() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    with resource("seeds/demo_names.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["kind"], row["part"]].append(row["name"])
    return {key: tuple(names) for key, names in found.items()}


@cache
def spelled_in_latin() -> dict[str, str]:
    """Return the names that are not written in Latin letters, or family name first, spelled so."""
    with resource("seeds/demo_names.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["latin"] for row in csv.DictReader(lines) if row["latin"]}


def family_names() -> tuple[str, ...]:
    """Return the family names of those alphabets."""
    return tuple(
        name
        for alphabet in ("greek", "cyrillic", "vietnamese")
        for name in _names()[alphabet, "family"]
    )


class NameGiver:
    """Gives names that no two clients share, nor nearly share."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._taken = rng, list[str]()
        self._turn = 0

    def keep(self, name: str) -> str:
        """Take a name that is given from outside."""
        self._taken.append(fold(without_nickname(name)))
        return name

    def person(self, family: str | None = None) -> str:
        """Return a new name, with this family name where one is given."""
        for _ in range(400):
            self._turn += family is None
            alphabet = {7: "greek", 15: "cyrillic", 23: "vietnamese"}.get(self._turn % 25, "latin")
            if family is not None:
                alphabet = "latin"
            given = self._rng.choice(_names()[alphabet, "given"])
            last = family or self._rng.choice(_names()[alphabet, "family"])
            if family is None and self._rng.random() < 0.04:
                given = f"{given} {self._rng.choice('ABCDEFGKLMNPRST')}."
            name = f"{last} {given}" if alphabet == "vietnamese" else f"{given} {last}"
            folded = fold(name)
            if all(fuzz.token_sort_ratio(folded, other) < TOO_NEAR for other in self._taken):
                self._taken.append(folded)
                return name
        raise LookupError("the list of names is too short for so many clients")


class People:
    """Draws the facts of clients, one after the other, from the seed."""

    def __init__(self, seed: int, today: date) -> None:
        self._rng = random.Random(f"{seed}:people")
        self._names = NameGiver(random.Random(f"{seed}:names"))
        self._today = today
        self._number = 0
        for clinician in cast.CLINICIANS:
            self._names.keep(clinician.name)

    def known(self, name: str) -> str:
        """Take the name of a client who must be there."""
        return self._names.keep(name)

    def person(self, family: str | None = None) -> str:
        """Return a new name."""
        return self._names.person(family)

    def couple(self) -> str:
        """Return the name of a couple, who are a client of their own."""
        family = self._rng.choice(_names()["latin", "family"])
        return f"{self.person(family)} & {self.person(family)}"

    def insurer(self) -> int | None:
        """Return a payer by its share of the clients, or None for self-pay."""
        weights = [cast.SELF_PAY, *(payer.share for payer in cast.PAYERS)]
        drawn = self._rng.choices(range(len(weights)), weights)[0]
        return None if drawn == 0 else drawn - 1

    def address(self) -> Address:
        """Return an address as the office has it: some have none, one in sixty a bad one."""
        rng = self._rng
        drawn = rng.random()
        if drawn < 0.06:
            return Address()
        zip_code = "07000"
        number = self._number = self._number + 1
        return Address(
            street=f"{rng.randint(2, 980)} {rng.choice(_names()['', 'street'])}",
            town=rng.choice(_names()[zip_code, "town"]),
            zip_code=zip_code,
            phone=f"(555) 010-{number % 10000:04d}",
            email=f"client{number}@example.com" if rng.random() < 0.8 else "",
            bad=0.06 <= drawn < 0.08,
            do_not_bill=0.08 <= drawn < 0.09,
        )

    def finish(self, client: Client) -> Client:
        """Give a client everything that was left open: copay, habits, birth date, ids."""
        rng = self._rng
        insured = client.payer is not None
        if insured and client.payer not in cast.NO_COPAY:
            client.copay = rng.choice((0, 1000, 1500, 2000, 2000, 2500, 3000))
        if insured and client.payer != cast.SECONDARY and rng.random() < 0.05:
            client.secondary, client.copay = cast.SECONDARY, 0
        client.deductible = insured and client.copay > 0 and rng.random() < 0.14
        drawn = rng.random()
        client.pays = (
            Pays.CARD
            if drawn < 0.80
            else Pays.INVOICE
            if drawn < 0.94
            else Pays.SLOW
            if drawn < 0.982
            else Pays.NEVER
        )
        age = rng.randint(7, 16) if client.kind is PatientKind.MINOR else rng.randint(20, 71)
        if client.kind is not PatientKind.COUPLE:
            client.birth_date = date(self._today.year - age, rng.randint(1, 12), rng.randint(1, 28))
            client.diagnosis = rng.choice(_DIAGNOSES)
        if client.guarantor is None:
            client.address = self.address()
        client.authorized = rng.random() < 0.93
        if insured:
            self._number += 1
            client.card = f"{rng.randint(10**7, 10**8 - 1)}{self._number % 10}"
        client.key = f"{client.name}|{client.clinician}"
        return client

    def guarantor(self, family: str) -> Guarantor:
        """Return a parent who pays."""
        address = self.address()
        if not address.street:
            address = Address("8 Nowhere Avenue", "Sampleville", "07000", "(555) 010-9999")
        return Guarantor(self.person(family), address)
