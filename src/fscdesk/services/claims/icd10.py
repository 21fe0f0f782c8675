"""Diagnosis codes by code and by words, with the days on which a claim may carry them.

ICD-10-CM is a work of the United States government; `installer/icd10cm.py` makes the table and
says where its days come from. It knows the releases of January 2021 to October 2026: a code that
the oldest of them has already bears no first day, and nothing is said of days before. Nothing is
read when the program starts: each question opens the file, reads, and closes it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date

from fscdesk.resources import resource
from fscdesk.services.errors import Problem

FILE = "seeds/icd10cm.sqlite3"
_CODE = re.compile(r"[A-Z](\d[0-9A-Z]{0,5}|A\d[0-9A-Z]{0,4})?")
_WORD = re.compile(r"[^\W_]+")
_DOT_AFTER = 3
_MOST_WORDS = 12
_FIELDS = "d.code, d.words, d.leaf, d.billable, d.valid_from, d.valid_to, d.sure"
_ON = (
    "(d.billable AND coalesce(d.valid_from, :on) <= :on AND coalesce(d.valid_to, :on) >= :on) DESC"
)


@dataclass(frozen=True, slots=True)
class DiagnosisCode:
    """A code as ICD-10-CM has it.

    `code` bears no dot. `leaf`: no longer code continues it. `billable`: a claim may carry it, or
    could once. `valid_from` None: the oldest release known has it already. `valid_to` None: the
    newest one still has it. Not `sure`: the days are the widest that the releases allow.
    """

    code: str
    words: str
    leaf: bool
    billable: bool
    valid_from: date | None
    valid_to: date | None
    sure: bool

    def holds_on(self, day: date) -> bool:
        """Whether a claim for this day of service may carry the code."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.billable and begun and (self.valid_to is None or day <= self.valid_to)

    def standing_on(self, day: date) -> str:
        """Say in some words why a claim for this day may not carry the code, or nothing."""
        if self.holds_on(day):
            return ""
        if not self.billable:
            return "needs a longer code"
        if self.valid_from is not None and day < self.valid_from:
            return f"from {self.valid_from:%m/%d/%Y}"
        return f"ended {self.valid_to:%m/%d/%Y}"


def find_codes(words: str, on: date, most: int = 50) -> tuple[DiagnosisCode, ...]:
    """Return what fits the letters, best first, at most `most`.

    What looks like a code finds that code and those that begin so; anything else finds the codes
    with all these words, in any order and by their beginnings. What a claim may carry on the day
    comes before what it may not, mental and behavioural disorders (F) before the rest, and a
    code that has the words in its own description before one that has them beside it. Raises
    Problem where the installation lacks the table.
    """
    with _table() as table:
        bare = plain(words)
        if _CODE.fullmatch(bare):
            found = _codes(
                table,
                f"SELECT {_FIELDS} FROM diagnosis d WHERE d.code >= :code AND d.code < :past"  # noqa: S608 - columns of our own
                f" ORDER BY d.code = :code DESC, {_ON}, d.code LIMIT :most",
                {"code": bare, "past": f"{bare}~", "on": on.isoformat(), "most": most},
            )
            if found:
                return found
        tokens = _WORD.findall(words.casefold())[:_MOST_WORDS]
        if not tokens:
            return ()
        own = " + ".join(f"(instr(lower(d.words), :word{at}) > 0)" for at in range(len(tokens)))
        return _codes(
            table,
            f"SELECT {_FIELDS} FROM found JOIN diagnosis d ON d.id = found.rowid"  # noqa: S608 - columns of our own
            f" WHERE found MATCH :words ORDER BY {_ON}, d.code BETWEEN 'F' AND 'F~' DESC,"
            f" {own} DESC, length(d.words), d.code LIMIT :most",
            {
                "words": " AND ".join(f'"{one}"*' for one in tokens),
                **{f"word{at}": one for at, one in enumerate(tokens)},
                "on": on.isoformat(),
                "most": most,
            },
        )


def look_up(code: str) -> DiagnosisCode | None:
    """Return a code, typed with or without its dot, or None. Raises Problem as `find_codes`."""
    return look_up_all((code,)).get(plain(code))


def look_up_all(codes: Sequence[str]) -> dict[str, DiagnosisCode]:
    """Return the codes that are known, by the code without its dot."""
    wanted = sorted({plain(code) for code in codes})
    if not wanted:
        return {}
    with _table() as table:
        marks = ", ".join("?" * len(wanted))
        query = f"SELECT {_FIELDS} FROM diagnosis d WHERE d.code IN ({marks})"  # noqa: S608 - marks
        return {one.code: one for one in _codes(table, query, wanted)}


def is_billable(code: str, on: date) -> bool:
    """Whether a claim for services of this day may carry the code."""
    found = look_up(code)
    return found is not None and found.holds_on(on)


def fault_of(code: str, on: date) -> str:
    """Say why a claim for this day may not carry the code, and what to do; "" where it may."""
    found, name = look_up(code), shown(code)
    if found is not None and found.holds_on(on):
        return ""
    if found is None:
        return f"{name} is not in ICD-10-CM as of {_newest():%B %Y}. Look for it by its words."
    below = _first_below(found.code, on)
    instead = f" Choose a longer one, such as {shown(below)}." if below else ""
    if not found.billable:
        return f"{name} is not specific enough for a claim.{instead}"
    if found.valid_from is not None and on < found.valid_from:
        return f"{name} is valid from {found.valid_from:%m/%d/%Y} on, not on {on:%m/%d/%Y}."
    return f"{name} is no longer valid: it ended on {found.valid_to:%m/%d/%Y}.{instead}"


def plain(code: str) -> str:
    """Return a code as files carry it: upper case, without dot and blanks."""
    return code.replace(".", "").replace(" ", "").upper()


def shown(code: str) -> str:
    """Return a code as people read it: F411 becomes F41.1."""
    bare = plain(code)
    return f"{bare[:_DOT_AFTER]}.{bare[_DOT_AFTER:]}" if len(bare) > _DOT_AFTER else bare


def _first_below(code: str, on: date) -> str:
    """The first code under a header that holds on the day; else of those that hold at all."""
    under = [one for one in find_codes(code, on, 2) if one.code != code]
    return under[0].code if under and under[0].billable else ""


def _newest() -> date:
    with _table() as table:
        row = table.execute("SELECT value FROM about WHERE key = 'newest'").fetchone()
    return date.fromisoformat(row[0])


def _codes(
    table: sqlite3.Connection, query: str, given: dict[str, object] | Sequence[str]
) -> tuple[DiagnosisCode, ...]:
    return tuple(
        DiagnosisCode(code, words, bool(leaf), bool(billable), _day(begins), _day(ends), bool(sure))
        for code, words, leaf, billable, begins, ends, sure in table.execute(query, given)
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@contextmanager
def _table() -> Iterator[sqlite3.Connection]:
    try:
        address = f"{resource(FILE).as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as table:
            yield table
    except (FileNotFoundError, sqlite3.DatabaseError):
        raise Problem(
            "The table of diagnosis codes is missing from this installation, or cannot be read.",
            hint="Codes can be typed, but are not checked. Install fscdesk again.",
        ) from None
