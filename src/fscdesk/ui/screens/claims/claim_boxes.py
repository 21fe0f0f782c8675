"""The boxes of the CMS-1500 as a claim's page shows them: what each says, and where it is changed.

Pure: from what was read to what is drawn. A box is the claim's own (typed into at once), comes
from a record (mended there), or follows from the session and cannot be typed.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fscdesk.services.claims.content import Address, ClaimContent, Person
from fscdesk.services.claims.mending import Source
from fscdesk.services.claims.page_view import ClaimView, Option
from fscdesk.ui.text import day_text


class Way(enum.Enum):
    """How a box is changed."""

    OWN = "own"
    SOURCE = "source"
    FIXED = "fixed"


class Kind(enum.Enum):
    """What is typed into it."""

    TEXT = "text"
    DAY = "day"
    NAME = "name"
    CHOICE = "choice"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Box:
    """One box: ``text`` is what it says, ``value`` what is chosen of ``options``."""

    field: str
    number: str
    words: str
    text: str
    way: Way = Way.FIXED
    kind: Kind = Kind.TEXT
    wide: int = 3
    value: Any = None
    options: tuple[tuple[Any, str], ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes under a heading, in rows of up to 12 columns."""

    title: str
    rows: tuple[tuple[Box, ...], ...]


RELATIONS: Final = (("self", "Self"), ("spouse", "Spouse"), ("child", "Child"), ("other", "Other"))
SIGNED: Final = (("yes", "Signed"), ("no", "Not signed"))
TAKEN: Final = (("yes", "Accepted"), ("no", "Not accepted"))
SEXES: Final = (("F", "F"), ("M", "M"), ("U", "Not known"))
FREQUENCIES: Final = (("1", "Original (1)"), ("7", "Corrected (7)"), ("8", "Void (8)"))
ELSEWHERE: Final[Mapping[str, str]] = {
    "coverage": "member_id",
    "others": "other_plan",
    "subscriber_birth": "subscriber_name",
    "subscriber_sex": "subscriber_name",
}
"""Fields of findings that have no box of their own: where they are shown."""


def open_to_typing(view: ClaimView) -> bool:
    """Return whether typing on this claim is kept, on it or on its corrected claim."""
    return bool({"edit", "correct"} & view.page.may)


def groups_of(view: ClaimView) -> tuple[Group, ...]:
    """Return the boxes above the lines, and those below them, in the order of the form."""
    content = view.page.content
    if content is None:
        return ()
    made = _Boxes(view, content)
    return (
        Group("Insured", made.insured()),
        Group("Condition and authorization", made.condition()),
        Group("Provider", made.providers()),
        Group("Payer", made.payer()),
    )


class _Boxes:
    """Makes the boxes of one claim."""

    def __init__(self, view: ClaimView, content: ClaimContent) -> None:
        self._view, self._content = view, content
        self._open = open_to_typing(view)

    def insured(self) -> tuple[tuple[Box, ...], ...]:
        content, cover = self._content, self._content.coverage
        patient = content.patient
        born = day_text(patient.birth_date)
        sex = self._chosen("sex", "3", "Sex", patient.sex, SEXES, 2)
        home = self._address("patient_address", "5", "Client's address", patient.address, 9)
        first: tuple[Box, ...] = (
            self._source("member_id", "1a", "Member id", cover.member_id if cover else "", 4),
            self._source("patient_name", "2", "Client's name", name(patient), 5, Kind.NAME),
            self._source("birth_date", "3", "Birth date", born, 3, Kind.DAY),
        )
        if cover is None:
            return first, (sex, home)
        others = ", ".join(one.payer.name for one in content.others) or "No"
        second = (
            sex,
            self._source("subscriber_name", "4", "Insured", name(cover.subscriber), 4, Kind.NAME),
            self._chosen("relationship", "6", "Relation", cover.relationship, RELATIONS, 3),
            self._source("group_number", "11", "Group", cover.group_number, 3),
        )
        third = (Box("other_plan", "11d", "Other plan", others, wide=3), home)
        told = "yes" if content.release else "no"
        paid = "yes" if content.benefits_assigned == "Y" else "no"
        taken = "yes" if content.assignment == "A" else "no"
        signed = (
            self._chosen("release", "12", "Release", told, SIGNED, 4),
            self._chosen("benefits_assigned", "13", "Benefits to us", paid, SIGNED, 4),
            self._chosen("assignment", "27", "Assignment", taken, TAKEN, 4),
        )
        if cover.is_self:
            return first, second, third, signed
        there = cover.subscriber.address
        fourth = (self._address("subscriber_address", "7", "Insured's address", there),)
        return first, second, third, fourth, signed

    def condition(self) -> tuple[tuple[Box, ...], ...]:
        content, page = self._content, self._view.page
        number = "" if content.authorization is None else content.authorization.number
        frequency, granted = content.frequency, self._view.authorizations
        return (
            (
                self._own("diagnoses", "21", "Diagnoses, ICD-10", " ".join(content.diagnoses), 5),
                self._choice("frequency", "22", "Frequency", frequency, FREQUENCIES, 3),
                self._own(
                    "original_number", "22", "Original reference", content.original_number, 4
                ),
            ),
            (
                self._option(
                    "authorization",
                    "23",
                    "Prior authorization",
                    page.authorization_id,
                    granted,
                    4,
                    shown=number,
                ),
                self._own("place_of_service", "24b", "Place", content.place_of_service, 2),
                self._own("note", "19", "Note to the payer", content.note, 6),
            ),
        )

    def providers(self) -> tuple[tuple[Box, ...], ...]:
        content, view = self._content, self._view
        edits, practice, who = view.page.edits, content.practice, content.rendering
        optional = self._optional
        return (
            (
                self._option(
                    "rendering", "31", "Rendering", edits.rendering_id, view.clinicians, 5
                ),
                self._source("rendering_npi", "24j", "Rendering NPI", who.npi, 3),
                self._source("rendering_taxonomy", "", "Rendering taxonomy", who.taxonomy, 4),
            ),
            (
                optional("supervising", "17", "Supervising", edits.supervising_id, 5),
                *self._supervisors_npi(),
                optional("referral", "17", "Referred by", edits.referral_id, 4),
            ),
            (
                optional("facility", "32", "Facility", edits.location_id, 5),
                self._source("tax_id", "25", "Tax id", practice.tax_id, 3),
            ),
            (
                Box("billing_name", "33", "Billing provider", practice.name, wide=5),
                self._source("billing_npi", "33a", "Billing NPI", practice.npi, 3),
                self._source("billing_taxonomy", "33b", "Taxonomy", practice.taxonomy, 4),
            ),
            (self._address("billing_address", "33", "Billing address", practice.address),),
        )

    def payer(self) -> tuple[tuple[Box, ...], ...]:
        payer = self._content.payer
        return (
            (
                Box("payer_name", "", "Payer", payer.name, wide=5),
                self._source("payer_id", "", "Payer id", payer.payer_code, 3),
            ),
            (self._address("payer_address", "", "Payer's address", payer.address),),
        )

    def _supervisors_npi(self) -> tuple[Box, ...]:
        boss = self._content.supervising
        if boss is None:
            return ()
        return (self._source("supervising_npi", "17b", "Supervising NPI", boss.npi, 3),)

    def _optional(self, field: str, number: str, words: str, value: int | None, wide: int) -> Box:
        """Return a box that may be left empty."""
        options = {
            "supervising": self._view.clinicians,
            "referral": self._view.referrals,
            "facility": self._view.locations,
        }[field]
        return self._option(field, number, words, value, options, wide, optional=True)

    def _own(self, field: str, number: str, words: str, text: str, wide: int) -> Box:
        way = Way.OWN if self._open else Way.FIXED
        return Box(field, number, words, text, way, wide=wide)

    def _source(
        self,
        field: str,
        number: str,
        words: str,
        text: str,
        wide: int,
        kind: Kind = Kind.TEXT,
    ) -> Box:
        source, way = self._from(field)
        return Box(field, number, words, text, way, kind, wide, source=source)

    def _chosen(
        self,
        field: str,
        number: str,
        words: str,
        value: str,
        options: Sequence[tuple[str, str]],
        wide: int,
    ) -> Box:
        source, way = self._from(field)
        text = dict(options).get(value, value)
        return Box(
            field, number, words, text, way, Kind.CHOICE, wide, value, tuple(options), source
        )

    def _address(self, field: str, number: str, words: str, there: Address, wide: int = 12) -> Box:
        source, way = self._from(field)
        text = address(there)
        return Box(field, number, words, text, way, Kind.ADDRESS, wide, source=source)

    def _from(self, field: str) -> tuple[Source | None, Way]:
        source = self._view.sources.get(field)
        can = self._open and source is not None and source.may
        return source, Way.SOURCE if can else Way.FIXED

    def _choice(
        self,
        field: str,
        number: str,
        words: str,
        value: Any,
        options: Sequence[tuple[Any, str]],
        wide: int,
        *,
        empty: bool = False,
        shown: str = "",
    ) -> Box:
        offered = ((None, ""), *options) if empty else tuple(options)
        text = shown or dict(offered).get(value, "")
        way = Way.OWN if self._open else Way.FIXED
        return Box(field, number, words, text, way, Kind.CHOICE, wide, value, offered)

    def _option(
        self,
        field: str,
        number: str,
        words: str,
        value: int | None,
        options: Sequence[Option],
        wide: int,
        *,
        optional: bool = False,
        shown: str = "",
    ) -> Box:
        offered = [(one.id, one.words) for one in options]
        empty = optional or value is None or field == "authorization"
        return self._choice(field, number, words, value, offered, wide, empty=empty, shown=shown)


def name(person: Person) -> str:
    """Return a name as a claim spells it: ``Ficción, José``."""
    given = " ".join(part for part in (person.first_name, person.middle_name) if part)
    last = " ".join(part for part in (person.last_name, person.suffix) if part)
    return ", ".join(part for part in (last, given) if part)


def address(there: Address) -> str:
    """Return an address in one line."""
    place = " ".join(part for part in (there.state, there.zip_code) if part)
    parts = (there.line1, there.line2, there.city, place)
    return ", ".join(part for part in parts if part)


def name_of(text: str) -> tuple[str, str]:
    """Read ``Last, First`` as (first, last). Raises ValueError without a comma."""
    last, comma, first = text.partition(",")
    if not comma or not first.strip() or not last.strip():
        message = "Write it as last name, comma, first name."
        raise ValueError(message)
    return first.strip(), last.strip()
