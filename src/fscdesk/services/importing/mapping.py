"""Saved mappings: which column of an unknown table of sessions means what.

A person maps a table once. The mapping is kept under the signature of its header, and every
file with that header is read by it afterwards.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from fscdesk.services.errors import Problem
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.moments import DateOrder
from fscdesk.services.spreadsheets.tables import Cell, cell_text, heading_key, is_blank

_SURE = 92.0  # “appointment type” and “appointment time” score 87
_LIKELY_HEADER_ROWS = 30
_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field that a column can be mapped to; ``label`` is shown, ``names`` are often used."""

    key: str
    label: str
    names: tuple[str, ...]
    required: bool = False


FIELDS = (
    MappedField(
        "day",
        "Date of service (with or without the time)",
        (
            "date of service",
            "service date",
            "session date",
            "appointment date",
            "start at",
            "starts at",
            "start",
            "start date",
            "start time and date",
            "date time",
            "date",
        ),
        required=True,
    ),
    MappedField(
        "time", "Start time, in a column of its own", ("start time", "time", "appointment time")
    ),
    MappedField(
        "client",
        "Client",
        ("client", "client name", "patient", "patient name", "name of client"),
    ),
    MappedField(
        "client_first",
        "Client's first name",
        ("first name", "patient first name", "client first name", "given name"),
    ),
    MappedField(
        "client_last",
        "Client's last name",
        ("last name", "patient last name", "client last name", "surname", "family name"),
    ),
    MappedField(
        "clinician",
        "Clinician",
        (
            "clinician",
            "clinician name",
            "provider",
            "provider name",
            "rendering provider",
            "therapist",
            "practitioner",
            "staff member",
            "staff member name",
        ),
        required=True,
    ),
    MappedField(
        "codes",
        "Billing code or service",
        (
            "billing code",
            "service code",
            "procedure code",
            "cpt code",
            "cpt",
            "code",
            "treatment name",
            "service",
            "procedure",
        ),
        required=True,
    ),
    MappedField("modifiers", "Modifiers", ("modifiers", "modifier", "mods")),
    MappedField("rate", "Rate per unit", ("rate per unit", "rate", "unit price", "price per unit")),
    MappedField("units", "Units", ("units", "unit count", "quantity", "qty")),
    MappedField(
        "fee",
        "Total fee",
        ("total fee", "fee", "total charge", "billed amount", "charge amount", "amount billed"),
    ),
    MappedField(
        "payer",
        "Primary insurance",
        (
            "primary insurance",
            "primary insurer name",
            "primary payer",
            "insurance",
            "payer",
            "insurance name",
        ),
    ),
    MappedField(
        "second_payer",
        "Secondary insurance",
        ("secondary insurance", "secondary insurer name", "secondary payer"),
    ),
    MappedField(
        "note_status",
        "Note status",
        ("progress note status", "note status", "chart status"),
    ),
    MappedField(
        "attendance",
        "Attendance (shown, no show, cancelled)",
        ("attendance", "attendance status", "appointment status", "state"),
    ),
    MappedField(
        "patient_status",
        "Client payment status",
        ("client payment status", "patient payment status", "patient balance status"),
    ),
    MappedField(
        "patient_charge",
        "Client's share",
        (
            "client charge",
            "patient charge",
            "patient amount due",
            "client amount due",
            "patient responsibility",
        ),
    ),
    MappedField("uninvoiced", "Client's share not invoiced yet", ("uninvoiced",)),
    MappedField(
        "patient_paid",
        "Paid by the client",
        ("client paid", "patient paid", "patient amount paid", "client amount paid"),
    ),
    MappedField(
        "patient_unpaid",
        "Not paid by the client",
        ("client unpaid", "patient unpaid", "patient balance", "client balance"),
    ),
    MappedField(
        "insurance_status",
        "Insurance payment status",
        ("insurance payment status", "insurance balance status", "insurance state"),
    ),
    MappedField(
        "insurance_charge",
        "Insurance's share",
        ("insurance charge", "insurance amount due", "insurance billed"),
    ),
    MappedField(
        "insurance_paid",
        "Paid by the insurance",
        ("insurance paid", "insurance amount paid"),
    ),
    MappedField(
        "write_off",
        "Written off",
        ("write off", "insurance write off", "adjustment", "contractual adjustment"),
    ),
    MappedField(
        "insurance_unpaid",
        "Not paid by the insurance",
        ("insurance unpaid", "insurance balance"),
    ),
)
_BY_KEY = {each.key: each for each in FIELDS}


@dataclass(frozen=True, slots=True)
class Profile:
    """A saved mapping. ``columns`` gives for a field the key of its heading (``heading_keys``).

    ``several_codes`` says that a cell may hold several billing codes; off, it is one service.
    """

    name: str
    signature: str
    columns: dict[str, str] = field(default_factory=dict)
    date_format: DateOrder = DateOrder.MONTH_FIRST
    several_codes: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the profile as JSON can hold it."""
        return {
            "name": self.name,
            "signature": self.signature,
            "columns": dict(self.columns),
            "date_format": self.date_format.value,
            "several_codes": self.several_codes,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """Return what ``as_dict`` gave; raises Problem for anything else."""
        try:
            columns = {str(key): str(heading) for key, heading in dict(data["columns"]).items()}
            if not columns.keys() <= _BY_KEY.keys():
                raise ValueError("unknown field")
            return cls(
                str(data["name"]),
                str(data["signature"]),
                columns,
                DateOrder(data.get("date_format", DateOrder.MONTH_FIRST)),
                bool(data.get("several_codes", False)),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Problem(
                "A saved mapping cannot be read. Nothing was imported.",
                hint="Map the columns of the file again and save the mapping.",
            ) from None


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A row that looks like a header: where it is, and its headings as written."""

    table: int
    line: int
    cells: tuple[Cell, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings as they are shown; a blank one is named by its place."""
        return tuple(
            cell_text(cell).strip() or f"Column {place}"
            for place, cell in enumerate(self.cells, start=1)
        )


def heading_keys(header: Sequence[Cell]) -> tuple[str, ...]:
    """Return a key for each column: its folded heading, numbered where it repeats.

    ``Charge, Paid, Charge, ''`` gives ``charge, paid, charge#2, #4``.
    """
    seen: Counter[str] = Counter()
    keys: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = heading_key(cell_text(cell))
        seen[name] += 1
        if not name:
            keys.append(f"#{place}")
        else:
            keys.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(keys)


def signature(header: Sequence[Cell]) -> str:
    """Return 64 hex digits that tell this header from others.

    The order of columns does not matter, unless some have the same heading or none: then only
    their order tells them apart. Blank columns at the end are ignored.
    """
    keys = list(heading_keys(header))
    while keys and keys[-1] == f"#{len(keys)}":
        keys.pop()
    if not any("#" in key for key in keys):
        keys.sort()
    return hashlib.sha256("|".join(keys).encode("utf-8", "backslashreplace")).hexdigest()


def find_header(source: SourceFile) -> HeaderRow | None:
    """Return the row that most likely heads a table, to offer it for mapping.

    It is the first row of names alone that is as wide as the widest of the first rows.
    """
    best: HeaderRow | None = None
    most = 1
    for table, raw in enumerate(source.tables):
        for line, cells in raw.rows[:_LIKELY_HEADER_ROWS]:
            names = [cell for cell in cells if not is_blank((cell,))]
            if len(names) > most and all(map(_is_name, names)):
                best, most = HeaderRow(table, line, cells), len(names)
    return best


def suggest(header: Sequence[Cell]) -> dict[str, str]:
    """Propose a heading key for each field whose heading looks like it; a person confirms."""
    keys = heading_keys(header)
    words = [_words(cell_text(cell)) for cell in header]
    scored = sorted(
        (
            (-_score(each, words[place]), order, place)
            for order, each in enumerate(FIELDS)
            for place in range(len(keys))
            if words[place]
        ),
    )
    taken: dict[str, str] = {}
    used: set[int] = set()
    for minus, order, place in scored:
        if -minus < _SURE:
            break
        key = FIELDS[order].key
        if key not in taken and place not in used:
            taken[key] = keys[place]
            used.add(place)
    if {"client_first", "client_last"} <= taken.keys():
        taken.pop("client", None)
    return taken


def missing(profile: Profile) -> list[str]:
    """Return in words the fields that a profile still needs before files can be read by it."""
    lacking = [each.label for each in FIELDS if each.required and each.key not in profile.columns]
    named = {"client_first", "client_last"} <= profile.columns.keys()
    if "client" not in profile.columns and not named:
        lacking.append("Client, or the client's first and last name")
    return lacking


def columns_of(profile: Profile, header: Sequence[Cell]) -> dict[str, int]:
    """Return the place of each mapped field in a file with this header."""
    places = {key: place for place, key in enumerate(heading_keys(header))}
    return {key: places[heading] for key, heading in profile.columns.items() if heading in places}


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()[:1].isdigit() and "\n" not in cell.strip()


def _words(heading: str) -> str:
    return " ".join(_WORDS.findall(_CAMEL.sub(" ", heading))).casefold()


def _score(each: MappedField, words: str) -> float:
    """Score a heading: 101 for the field's first name, a little less for its later ones."""
    best = 0.0
    for rank, name in enumerate(each.names):
        if name == words:
            return 101.0 - rank * 0.01
        best = max(best, fuzz.ratio(name, words))
    return best
