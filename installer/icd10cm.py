"""Make the table of diagnosis codes, resources/seeds/icd10cm.sqlite3, from what is pinned.

    python installer/icd10cm.py [TARGET]

ICD-10-CM is a work of the United States government. Codes, words and inclusion terms come out of
the package simple-icd-10-cm (pyproject.toml pins it), which carries the release of April 2026.
What changed from release to release, and the release of October 2026, stands in
resources/seeds/icd10cm_changes.csv: `code, from, to, sure, words`.

- `from`, `to`: first and last day on which a claim may carry the code. No `from`: the oldest
  release that was compared, January 2021, has it already. No `to`: the newest one still has it.
- `sure`: `day` where the day is known; `span` where it is only known that one of the releases of
  October 2021 to October 2024 changed it. Then the dates are the widest possible.
- `words`: only where the package lacks the code.

The rows of October 2026 come from one public-domain table of that release (CC0); those of October
2021 to October 2024 were compiled by hand from public pages, not from the releases themselves.

`dev.py` calls this after installing; a package build calls it before packing `resources/`.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import simple_icd_10_cm

SEEDS = Path(__file__).resolve().parents[1] / "resources" / "seeds"
CHANGES = SEEDS / "icd10cm_changes.csv"
TARGET = SEEDS / "icd10cm.sqlite3"
BILLABLE = 74_879
"""How many codes of the release of October 2026 a claim may carry, as published with it."""
OLDEST, NEWEST = "2021-01-01", "2026-10-01"
"""The first and the last release that the dates come from."""

# What people type instead of the words: our own list, by how the code begins.
SHORT_FORMS = {
    "F025": "HIV dementia",
    "F10": "AUD alcohol use disorder",
    "F11": "OUD opioid use disorder",
    "F12": "cannabis use disorder marijuana",
    "F14": "cocaine use disorder",
    "F15": "stimulant use disorder",
    "F17": "tobacco use disorder",
    "F31": "BD manic depression",
    "F32": "MDD",
    "F33": "MDD",
    "F401": "SAD",
    "F411": "GAD",
    "F42": "OCD",
    "F430": "ASD",
    "F431": "PTSD",
    "F4481": "DID",
    "F500": "AN",
    "F5081": "BED",
    "F603": "BPD",
    "F840": "ASD autism spectrum disorder",
    "F90": "ADHD ADD",
    "F913": "ODD",
}

SCHEMA = """
CREATE TABLE diagnosis (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    words TEXT NOT NULL,
    leaf INTEGER NOT NULL,
    billable INTEGER NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    sure INTEGER NOT NULL
);
CREATE VIRTUAL TABLE found USING fts5(
    words, also, content = '', columnsize = 0, detail = none, prefix = '2 3 4',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(slots=True)
class Entry:
    """A code on its way into the table. `billable`: some release let claims carry it."""

    words: str
    also: str = ""
    billable: bool = False
    valid_from: str = ""
    valid_to: str = ""
    sure: bool = True

    def dated(self) -> tuple[bool, str, str, bool]:
        """Return what says when a claim may carry it, in the order of the table."""
        return self.billable, self.valid_from, self.valid_to, self.sure


def main(arguments: list[str]) -> int:
    """Make the table and say how large it is."""
    target = Path(arguments[0]) if arguments else TARGET
    entries = with_changes(released(), CHANGES)
    write(entries, target)
    print(f"{target.name}: {len(entries):,} codes, {target.stat().st_size / 1e6:.1f} MB")
    return 0


def released() -> dict[str, Entry]:
    """Return what the package carries: every category and code, without blocks and chapters."""
    found: dict[str, Entry] = {}
    # A category that is a block of its own (F99) is listed twice, the first time as the block.
    for code in sorted(set(simple_icd_10_cm.get_all_codes(with_dots=False))):
        if "-" in code or len(code) < 3:  # noqa: PLR2004 - a chapter is a number of two digits
            continue
        terms = simple_icd_10_cm.get_inclusion_term(code) if code[0] in "FRZ" else []
        also = [
            *terms,
            *(short for begins, short in SHORT_FORMS.items() if code.startswith(begins)),
        ]
        found[code] = Entry(simple_icd_10_cm.get_description(code), " ".join(also))
    for code in without_children(found):
        found[code].billable = True
    return found


def with_changes(entries: dict[str, Entry], changes: Path) -> dict[str, Entry]:
    """Lay our facts over a release. Raises ValueError when the sum is not what it should be."""
    with changes.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["words"]:
                entries[row["code"]] = Entry(row["words"])
            entry = entries[row["code"]]
            entry.billable = entry.billable or bool(row["from"] or row["to"])
            entry.valid_from, entry.valid_to = row["from"], row["to"]
            entry.sure = row["sure"] == "day"
    still = {code for code, one in entries.items() if one.billable and not one.valid_to}
    if len(still) != BILLABLE or not still <= set(without_children(entries)):
        raise ValueError(
            f"{len(still):,} codes for claims: the package holds another release than the one "
            f"that {changes.name} was made for"
        )
    return entries


def without_children(entries: Iterable[str]) -> Iterator[str]:
    """Give the codes that no other code continues."""
    ordered = sorted(entries)
    for code, following in zip(ordered, [*ordered[1:], ""], strict=True):
        if not following.startswith(code):
            yield code


def write(entries: dict[str, Entry], target: Path) -> None:
    """Write the table anew; an old one stays in its place until the new one is whole."""
    building = target.with_suffix(".building")
    building.unlink(missing_ok=True)
    leaves = set(without_children(entries))
    with closing(sqlite3.connect(building)) as table, table:
        table.executescript(SCHEMA)
        ordered = sorted(entries.items())
        table.executemany(
            "INSERT INTO diagnosis VALUES (?, ?, ?, ?, ?, nullif(?, ''), nullif(?, ''), ?)",
            (
                (at, code, one.words, code in leaves, *one.dated())
                for at, (code, one) in enumerate(ordered, start=1)
            ),
        )
        table.executemany(
            "INSERT INTO found (rowid, words, also) VALUES (?, ?, ?)",
            ((at, one.words, one.also) for at, (_code, one) in enumerate(ordered, start=1)),
        )
        table.execute("INSERT INTO found (found) VALUES ('optimize')")
        table.executemany(
            "INSERT INTO about VALUES (?, ?)", [("oldest", OLDEST), ("newest", NEWEST)]
        )
        table.commit()
        table.execute("VACUUM")
    building.replace(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
