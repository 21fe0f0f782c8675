"""How names are compared: for searching, for recognising, for sorting. Pure."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟«»‹›′″"))
_NICKNAME = re.compile(r"[\"“”„‟«»][^\"“”„‟«»]*[\"“”„‟«»]")
_INVISIBLE = frozenset({"Cf", "Cc"})


def alias_key(text: str) -> str:
    """Return a name as aliases are compared.

    Compatibility forms and case are folded, runs of blanks (also those that do not break)
    are one blank, quotes and invisible marks are gone. Accents are kept: José and Jose may
    be two people, and only a person can say that they are one.
    """
    visible = "".join(
        " " if mark.isspace() else mark
        for mark in unicodedata.normalize("NFKC", text)
        if mark.isspace() or unicodedata.category(mark) not in _INVISIBLE
    )
    folded = unicodedata.normalize("NFKC", visible.translate(_QUOTES).casefold())
    return " ".join(folded.split())


def fold(text: str) -> str:
    """Return text as searching compares it: an alias key without accents."""
    apart = unicodedata.normalize("NFKD", alias_key(text))
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return " ".join(plain.split())


def without_nickname(text: str) -> str:
    """Return a name without its quoted part: ``Roberta "Bobbie" D`` is ``Roberta D``."""
    return " ".join(_NICKNAME.sub(" ", text).split())


def sort_name(name: str) -> str:
    """Return what a list of names is sorted by: the last word, then the words before it.

    A name that says its own order (``Nonesuch, JR, of Nowhere``) keeps it, and a couple
    (``Ann Fake & Bob Fake``) stands where its first person stands.
    """
    plain = fold(without_nickname(name)) or fold(name)
    first = plain.partition(" & ")[0]
    words = first.split()
    if "," in plain or len(words) < 2:  # noqa: PLR2004 - a first and a last name
        return plain
    rest = plain[len(first) :]
    return f"{words[-1]}, {' '.join(words[:-1])}{rest}"
