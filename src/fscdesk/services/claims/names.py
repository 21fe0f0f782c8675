"""Splits a person's name into the parts that a claim wants (NM103 to NM107, box 2). Pure.

Names are kept as people read them, first name first; a patient or clinician whose first and last
name were typed apart needs no guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fscdesk.services.patients.names import without_nickname

SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
"""What stands behind a last name and is no part of it."""
_PARTICLES: Final = frozenset(
    {"da", "dal", "de", "del", "della", "der", "di", "dos", "du", "la", "le", "st", "st.", "ter"}
    | {"van", "vander", "von", "zu"}
)
"""Words that begin a last name of several words."""
_CREDENTIALS: Final = re.compile(
    r"(?i)(ph\.?d|psy\.?d|ed\.?d|m\.?d|d\.?o|lpcc?|lpc[-/ ]?\w*|lac|lcsw|lsw|lmsw|licsw|lmft|lmhc"
    r"|lcadc|ncc|apn|aprn|np|pmhnp\S*|rn|m\.?a|m\.?s|ms\.?w|m\.?ed|b\.?a|b\.?s)\.?"
)
_TITLES: Final = frozenset({"dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms", "ms."})


@dataclass(frozen=True, slots=True)
class SpelledName:
    """A name as a claim spells it; ``middle`` and ``suffix`` may be empty."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""


def spelled(name: str, first: str = "", last: str = "") -> SpelledName:
    """Return the parts of a name; ``first`` and ``last`` go before any guess.

    ``Mary Ann "Polly" Q. Fakerson Jr.`` has the last name ``Fakerson``, the first name ``Mary``
    and ``Ann Q.`` in the middle; ``Fakerson, Mary`` is read as it says; a title and credentials
    are left out.
    """
    words, suffix = _words(name)
    if first and last:
        kept, own = _words(last)
        return SpelledName(" ".join(kept) or last.strip(), first.strip(), "", own or suffix)
    guessed = _guess(words)
    return SpelledName(last.strip() or guessed[0], first.strip() or guessed[1], guessed[2], suffix)


def _words(name: str) -> tuple[list[str], str]:
    """Return a name's words, the last name last, and its suffix."""
    plain = without_nickname(name) or name
    parts = [part for part in (one.split() for one in plain.split(",")) if part]
    parts = [part for at, part in enumerate(parts) if not at or not all(map(_credential, part))]
    suffix = ""
    kept: list[list[str]] = []
    for part in parts:
        while len(part) > 1 and not plain.isupper() and _credential(part[-1]):
            part = part[:-1]  # noqa: PLW2901 - what is left of it
        if part[-1].casefold().rstrip(".") in SUFFIXES and (len(part) > 1 or kept):
            suffix, part = part[-1].rstrip("."), part[:-1]  # noqa: PLW2901 - what is left of it
        if part:
            kept.append(part)
    words = [word for part in (*kept[1:], *kept[:1]) for word in part]
    if len(words) > 1 and words[0].casefold() in _TITLES:
        words = words[1:]
    return words, suffix


def _credential(word: str) -> bool:
    """Return whether a word is a credential: ``Do`` and ``Ma`` are names, ``DO`` and ``MA`` not."""
    capitals = sum(mark.isupper() for mark in word)
    return capitals > 1 and _CREDENTIALS.fullmatch(word) is not None


def _guess(words: list[str]) -> tuple[str, str, str]:
    """Return last, first and middle name of words in the order in which people say them."""
    if len(words) < 2:  # noqa: PLR2004 - a first and a last name
        return " ".join(words), "", ""
    begins = len(words) - 1
    while begins > 1 and words[begins - 1].casefold() in _PARTICLES:
        begins -= 1
    return " ".join(words[begins:]), words[0], " ".join(words[1:begins])
