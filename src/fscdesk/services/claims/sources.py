"""Where the fields of a claim come from: which record, how it reads, how a typed value is kept.

A claim has few fields of its own; the member id is the policy's, the NPI the clinician's. What is
wrong there is wrong on the next claim too, so it is mended there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from fscdesk.models.claim import Claim
from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider
from fscdesk.services.claims.content import Address
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right
from fscdesk.services.setup.numbers import (
    npi_of,
    sex_of,
    state_of,
    tax_id_of,
    taxonomy_of,
    zip_of,
)
from fscdesk.services.work import Topic

_NOTHING: Final = "Nothing was saved."
_LONGEST_ID: Final = 24
YES_NO: Final = MappingProxyType({"yes": True, "no": False})
"""What is signed or accepted, as it is typed and as it is kept."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that claims take from: its table, its words, who may change it."""

    noun: str
    model: type[Any]
    words: str
    right: Right
    topic: Topic
    of: Callable[[Claim], int | None]


_POLICY: Final = Kind(
    "policy",
    Policy,
    "the client's policy",
    Right.EDIT_PATIENTS,
    Topic.PATIENTS,
    lambda one: one.policy_id,
)
_PATIENT: Final = Kind(
    "patient",
    Patient,
    "the client's record",
    Right.EDIT_PATIENTS,
    Topic.PATIENTS,
    lambda one: one.patient_id,
)
_RENDERING: Final = Kind(
    "provider",
    Provider,
    "the clinician's record",
    Right.CHANGE_SETUP,
    Topic.PROVIDERS,
    lambda one: one.rendering_id,
)
_SUPERVISING: Final = Kind(
    "provider",
    Provider,
    "the supervisor's record",
    Right.CHANGE_SETUP,
    Topic.PROVIDERS,
    lambda one: one.supervising_id,
)
_PAYER: Final = Kind(
    "payer",
    Payer,
    "the payer's record",
    Right.CHANGE_SETUP,
    Topic.PAYERS,
    lambda one: one.payer_id,
)
_PRACTICE: Final = Kind(
    "practice",
    Practice,
    "the practice's record",
    Right.CHANGE_SETUP,
    Topic.PRACTICE,
    lambda _one: 1,
)


@dataclass(frozen=True, slots=True)
class SourceField:
    """One field: of which record, in which columns, and how a value is checked and kept."""

    kind: Kind
    columns: tuple[str, ...]
    kept: Callable[[Any], tuple[Any, ...]]


def _id(what: str) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: (text_of(str(value), what, longest=_LONGEST_ID, required=True).upper(),)


def _day(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, date):
        raise Problem("This is not a day.", hint=f"{_NOTHING} Write it like 4/30/1990.")
    return (value,)


def _needed(check: Callable[[str], str], what: str) -> Callable[[Any], tuple[Any, ...]]:
    def kept(value: Any) -> tuple[Any, ...]:
        found = check(str(value))
        if not found:
            raise Problem(f"{what} is missing.", hint=f"{_NOTHING} Type it first.")
        return (found,)

    return kept


def _relationship(value: Any) -> tuple[Any, ...]:
    try:
        return (Relationship(value),)
    except ValueError:
        raise Problem(
            f"{value} is nothing that a client is to a subscriber.",
            hint=f"{_NOTHING} It is self, spouse, child or other.",
        ) from None


def _yes_no(value: Any) -> tuple[Any, ...]:
    if value not in YES_NO:
        raise Problem(f"{value} is neither yes nor no.", hint=_NOTHING)
    return (YES_NO[value],)


def _name(value: Any) -> tuple[Any, ...]:
    """Keep (first name, last name)."""
    try:
        first, last = value
    except (TypeError, ValueError):
        raise Problem("A name has a first and a last one.", hint=_NOTHING) from None
    return (
        text_of(str(first), "the first name", longest=60, required=True),
        text_of(str(last), "the last name", longest=60, required=True),
    )


def _address(*, second_line: bool) -> Callable[[Any], tuple[Any, ...]]:
    def kept(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, Address):
            raise Problem("This is not an address.", hint=_NOTHING)
        first = text_of(value.line1, "the street", longest=200, required=True)
        second = text_of(value.line2, "the second line", longest=200)
        if second and not second_line:
            first, second = f"{first}, {second}", ""
        place = (
            text_of(value.city, "the city", longest=200, required=True),
            state_of(value.state),
            zip_of(value.zip_code),
        )
        return (first, second, *place) if second_line else (first, *place)

    return kept


_LINES: Final = ("address1", "address2", "city", "state", "zip_code")
_SUBSCRIBER: Final = (
    "subscriber_address1",
    "subscriber_city",
    "subscriber_state",
    "subscriber_zip",
)

FIELDS: Final[Mapping[str, SourceField]] = MappingProxyType(
    {
        "member_id": SourceField(_POLICY, ("member_id",), _id("the member id")),
        "group_number": SourceField(_POLICY, ("group_number",), _id("the group number")),
        "relationship": SourceField(_POLICY, ("relationship",), _relationship),
        "subscriber_name": SourceField(_POLICY, ("subscriber_first", "subscriber_last"), _name),
        "subscriber_birth": SourceField(_POLICY, ("subscriber_birth",), _day),
        "subscriber_sex": SourceField(_POLICY, ("subscriber_sex",), _needed(sex_of, "The sex")),
        "subscriber_address": SourceField(_POLICY, _SUBSCRIBER, _address(second_line=False)),
        "release": SourceField(_POLICY, ("release_signed",), _yes_no),
        "benefits_assigned": SourceField(_POLICY, ("benefits_assigned",), _yes_no),
        "assignment": SourceField(_PAYER, ("accepts_assignment",), _yes_no),
        "patient_name": SourceField(_PATIENT, ("first_name", "last_name"), _name),
        "birth_date": SourceField(_PATIENT, ("birth_date",), _day),
        "sex": SourceField(_PATIENT, ("sex",), _needed(sex_of, "The sex")),
        "patient_address": SourceField(_PATIENT, _LINES, _address(second_line=True)),
        "rendering_npi": SourceField(_RENDERING, ("npi",), _needed(npi_of, "The NPI")),
        "rendering_taxonomy": SourceField(
            _RENDERING, ("taxonomy",), _needed(taxonomy_of, "The taxonomy")
        ),
        "supervising_npi": SourceField(_SUPERVISING, ("npi",), _needed(npi_of, "The NPI")),
        "payer_id": SourceField(_PAYER, ("payer_code",), _id("the payer id")),
        "payer_address": SourceField(_PAYER, _LINES, _address(second_line=True)),
        "billing_npi": SourceField(_PRACTICE, ("npi",), _needed(npi_of, "The NPI")),
        "billing_taxonomy": SourceField(
            _PRACTICE, ("taxonomy",), _needed(taxonomy_of, "The taxonomy")
        ),
        "tax_id": SourceField(_PRACTICE, ("tax_id",), _needed(tax_id_of, "The tax id")),
        "billing_address": SourceField(_PRACTICE, _LINES, _address(second_line=True)),
    }
)
"""By the names of the claim's page and of the scrubber's findings. ``supervising`` is mended too
(``mending.py``): it is no column but who supervises whom since when."""


def shown(value: Any) -> str:
    """Return a kept value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    return str(getattr(value, "value", value))
