"""How one record is changed by a person: seen, checked, written, and put on record.

Two people may have one record open. Who saves second is told so, and saves nothing: a
record with a version is compared by it, one without by the row that the person saw.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any, TypeVar

from fscdesk.models.base import Base
from fscdesk.models.values import LARGEST_ID, Money
from fscdesk.services.audit import record
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Work

M = TypeVar("M", bound=Base)
LONGEST_KEY = 64


def locked(work: Work, model: type[M], one: Any, what: str) -> M:
    """Return a record for changing, locked until the end of the work.

    Raises Problem when it is not there any more. ``what`` stands in a sentence: "this payer".
    """
    known = not isinstance(one, int) or one <= LARGEST_ID
    row = work.db.get(model, one, with_for_update=True, populate_existing=True) if known else None
    if row is None:
        raise Problem(f"{_capital(what)} is not in the books.", hint="Nothing was changed.")
    return row


def require_version(row: Any, expected_version: int, what: str) -> None:
    """Raise ChangedElsewhere unless the record is as the person saw it."""
    if row.version != expected_version:
        raise changed_elsewhere(what)


def require_unchanged(now: object, seen: object, what: str) -> None:
    """Raise ChangedElsewhere unless a record without a version is the row that was seen."""
    if now != seen:
        raise changed_elsewhere(what)


def changed_elsewhere(what: str) -> ChangedElsewhere:
    """Return the refusal of the second of two."""
    return ChangedElsewhere(
        f"Someone else changed {what} first.",
        hint="Your change was not saved. Look at it again, and repeat what still applies.",
    )


def apply_changes(
    work: Work, row: Any, values: Mapping[str, Any], *, action: str, noun: str
) -> frozenset[str]:
    """Write what differs, with old and new on record, and return the names of what did."""
    old = {name: getattr(row, name) for name, value in values.items()}
    differing = {name: value for name, value in values.items() if old[name] != value}
    if not differing:
        return frozenset()
    for name, value in differing.items():
        setattr(row, name, value)
    work.db.flush()
    record(
        work,
        action,
        noun,
        getattr(row, "id", None),
        old={name: plain(old[name]) for name in differing},
        new={name: plain(value) for name, value in differing.items()},
    )
    return frozenset(differing)


def recorded_new(work: Work, row: Any, values: Mapping[str, Any], *, action: str, noun: str) -> int:
    """Add a record, put it on record with what it holds, and return its id."""
    work.db.add(row)
    work.db.flush()
    new = {name: plain(value) for name, value in values.items() if value not in (None, "")}
    record(work, action, noun, row.id, new=new)
    return int(row.id)


def plain(value: Any) -> Any:
    """Return a value as the record keeps it: JSON without floats."""
    if isinstance(value, Money):
        return value.plain()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    return value


def values_of(fields: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name, each as it is."""
    return {one.name: getattr(fields, one.name) for one in dataclass_fields(fields)}


def text_of(value: str, what: str, *, longest: int = 200, required: bool = False) -> str:
    """Return a typed text without outer blanks.

    Raises Problem when it is empty but needed, too long for its column, or no text at all.
    """
    text = " ".join(value.split())
    if required and not text:
        raise Problem(f"{_capital(what)} is missing.", hint="Nothing was saved. Type it first.")
    if len(text) > longest:
        raise Problem(
            f"{_capital(what)} has {len(text)} letters; {longest} fit.",
            hint="Nothing was saved. Shorten it.",
        )
    if not is_storable(text):
        raise _no_letter(what)
    return text


def key_of(key: str | None) -> str | None:
    """Return the key of a command, by which a repeat is known, as it came; None for none.

    Raises Problem for one that cannot be kept.
    """
    if key is None:
        return None
    if len(key) > LONGEST_KEY:
        raise Problem(
            f"The key of this command has {len(key)} letters; {LONGEST_KEY} fit.",
            hint="Nothing was saved. Give it a shorter one.",
        )
    if not is_storable(key):
        raise _no_letter("the key of this command")
    return key


def is_storable(text: str) -> bool:
    """Return whether both databases can keep a text.

    They cannot keep a NUL, nor half of a pair of UTF-16 (how Python hands over bytes of a
    command line that are no text).
    """
    return not any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in text)


def _no_letter(what: str) -> Problem:
    return Problem(
        f"{_capital(what)} holds a mark that is no letter.",
        hint="Nothing was saved. Type it again without it.",
    )


def _capital(what: str) -> str:
    return what[:1].upper() + what[1:]
