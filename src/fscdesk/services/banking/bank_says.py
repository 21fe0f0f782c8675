"""A bank line in two short lines, as a person reads it: who or what it is, and its reference."""

from __future__ import annotations

import re

from fscdesk.services.banking.bank_words import single_blanks

_CODES = re.compile(r"\s*(?:HCCLAIMPMT|TRN\s*\*|\bST-[A-Z0-9]{4,}).*$", re.IGNORECASE)
_KEPT = frozenset({"ACH", "ATM", "EFT", "ID", "LLC", "NSF", "PC", "USA"})
_NAMED = re.compile(
    r"^(Deposit slip|Deposit|Refund|Payment|Payout|Card payout|EFT)"
    r" ([A-Z]{3}-\d{4}-\d+)\b[, ]*(.*)$"
)
_OWNED = re.compile(r"^([A-Z]{3}-\d{4}-\d+) (of .+)$")
_SMALL = frozenset({"of", "and", "the", "for", "to", "in", "on", "at", "by"})


def short_words(words: str) -> str:
    """Return the words without their codes, in small letters where the bank shouts.

    ``IMAGINARY BLUE PLAN OF HCCLAIMPMT TRN*1*…`` is ``Imaginary Blue Plan of``.
    """
    text = single_blanks(words)
    short = _CODES.sub("", text).strip(" -*") or text
    return " ".join(_quiet(word) for word in short.split(" "))


def _quiet(word: str) -> str:
    if word != word.upper() or word in _KEPT or not word.isalpha():
        return word.capitalize() if word == word.upper() and "-" in word else word
    return word.lower() if word.lower() in _SMALL else word.capitalize()


def reference_words(trace: str, check_number: str, kind: str) -> str:
    """Return what names the line: its trace, its check, else what kind the bank calls it."""
    if check_number.strip() and trace in ("", check_number.strip()):
        return f"check {check_number.strip()}"
    return trace or single_blanks(kind.replace("_", " ")).lower()


def split_number(words: str) -> tuple[str, str]:
    """Return the number of a document of ours and what else its words tell, for two lines.

    ``Deposit DEP-2026-00292, 000102`` is ``DEP-2026-00292`` and ``deposit 000102``. Words that
    begin with no document are returned whole, with nothing beside them.
    """
    if found := _NAMED.match(words):
        what, number, rest = found.groups()
        return number, f"{what if what == 'EFT' else what.lower()} {rest}".rstrip()
    if found := _OWNED.match(words):
        return found.group(1), found.group(2)
    return words, ""


def number_first(words: str) -> str:
    """Return words about a document of ours with its number before what it is, for one line.

    Where room is short a word is cut, never the number.
    """
    number, rest = split_number(words)
    return f"{number} {rest}".rstrip()
