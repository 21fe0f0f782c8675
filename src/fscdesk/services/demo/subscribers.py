"""What a claim says of a client beyond the diary: sex, spelling, address, whose policy it is.

Drawn from the client's own key, so that a client looks the same whatever else is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fscdesk.models.coverage import Relationship
from fscdesk.models.patient import PatientKind
from fscdesk.services.demo.people import Address, Client, family_names, spelled_in_latin

_COMMA: Final = {"Nonesuch, JR, of Nowhere Maxim": ("Maxim", "Nonesuch")}
_SPOUSES: Final = 0.06
"""Of adults, how many are insured by a husband or a wife."""


@dataclass(frozen=True, slots=True)
class OnClaim:
    """A client as claims name one; first and last name are empty where the name says them.

    ``address`` is empty where the guarantor's stands for it. ``policy`` are the fields of a
    policy that somebody else holds; nothing where it is the client's own.
    """

    sex: str
    first: str
    last: str
    address: Address
    policy: Mapping[str, Any]


def on_claim(client: Client, today: date) -> OnClaim:
    """Return what claims say of a client."""
    rng = random.Random(f"claims:{client.key}")
    first, last = _COMMA.get(client.name) or _latin(client.name)
    sex = "" if client.kind is PatientKind.COUPLE else rng.choice("FFFFMMMMU")
    street = f"{rng.randint(2, 980)} Nowhere Lane"
    address = Address()
    if client.payer is not None and client.guarantor is None and not client.address.street:
        address = Address(street, "Sampleville", "07000")
    return OnClaim(sex, first, last, address, _held_by(client, last, rng, today))


def _held_by(client: Client, last: str, rng: random.Random, today: date) -> Mapping[str, Any]:
    """Return who holds the policy: a parent for a child, now and then a spouse."""
    drawn, year = rng.random(), rng.randint(28, 47)
    born = date(today.year - year, rng.randint(1, 12), rng.randint(1, 28))
    sex = rng.choice("FM")
    if client.kind is PatientKind.MINOR and client.guarantor is not None:
        words = client.guarantor.name.split()
        return _subscriber(Relationship.CHILD, " ".join(words[:-1]), words[-1], born, sex)
    if client.kind is PatientKind.ADULT and client.payer is not None and drawn < _SPOUSES:
        family = last or client.name.rpartition(" ")[2]
        return _subscriber(
            Relationship.SPOUSE, rng.choice(("Robin", "Sam", "Kim")), family, born, sex
        )
    return {}


def _subscriber(
    relationship: Relationship, first: str, last: str, born: date, sex: str
) -> Mapping[str, Any]:
    return {
        "relationship": relationship.value,
        "subscriber_first": first,
        "subscriber_last": last,
        "subscriber_birth": born,
        "subscriber_sex": sex,
    }


def _latin(name: str) -> tuple[str, str]:
    """Return first and last name as claims spell them, where the name has other letters."""
    in_latin = spelled_in_latin()
    if not any(part in name for part in in_latin):
        return "", ""
    family = next(part for part in family_names() if part in name)
    given = name.replace(family, "").strip()
    for known, latin in in_latin.items():
        given = given.replace(known, latin)
    return given, in_latin[family]
