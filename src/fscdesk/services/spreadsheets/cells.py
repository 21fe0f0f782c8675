"""What single cells mean: amounts as whole cents, start minutes, names, payers and words.

The readers look cells up in the dictionaries of this file. A report repeats its cells so much
that most lookups never run any parsing, which is what makes 100,000 rows a matter of a second.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from fscdesk.models.values import LARGEST_CENTS
from fscdesk.services.spreadsheets.tables import Cell, cell_text

LONGEST_NAME = 160
LONGEST_WORD = 24
LONGEST_CODE = 24

_ALIKE = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_NOTHING = re.compile(r"\$? ?-{0,2}")
_AMOUNT = re.compile(
    r"(?:(?P<minus>-) ?)?(?:\$ ?)?(?:(?P<inner>-) ?)?(?P<paren>\( ?)?(?:\$ ?)?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14}|(?=\.[0-9]))(?:\.(?P<part>[0-9]{1,20}))?"
    r"(?P<close> ?\))?"
)
_COMMA_AMOUNT = re.compile(
    r"[-$( ]{0,6}(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,14})(?:,[0-9]{1,2})?[) ]{0,2}"
)
_COMMA_CENTS = re.compile(r",[0-9]{1,2}[) ]{0,2}\Z")
_SHOWN = 40

# Controls without the ones that count as blanks, bidirectional marks, zero-width blanks.
# The two joiners (U+200C, U+200D) stay: Persian and Indic names are spelled with them.
_HIDDEN = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_PAYER = re.compile(r"(?P<name>.*\S) ?\((?P<code>[A-Za-z0-9._-]{1,24})\)")
_CODE_BREAK = re.compile(r"[,;\s]+")
_DECIMAL_CODE = re.compile(r"([0-9]{5})\.0+")
_BILLING_CODE = re.compile(r"[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4}")


class CellFault(ValueError):
    """A cell that cannot be used: ``code`` for programs, the sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class PayerName:
    """A payer as the report writes it: ``Name (payer id)``; the id may be empty."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a cell that is worth saying although the row is used."""

    code: str
    message: str


def shown(cell: Cell) -> str:
    """Return the cell for a sentence: short, and without characters that hide themselves."""
    text = " ".join(_HIDDEN.sub("", cell_text(cell)).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def read_cents(cell: Cell, *, comma_decimal: bool = False) -> int:
    """Read an amount as whole cents; an empty cell or ``--`` is 0.

    Takes ``160.0``, ``$1,234.50``, ``(40.00)``, ``-40.00``, a Unicode minus and non-breaking
    blanks; with ``comma_decimal`` also ``1.234,50``. Raises CellFault (``amount``) for anything
    else, for a third decimal that is not 0 and for amounts past ``LARGEST_CENTS``.
    """
    if isinstance(cell, str):
        return _text_cents(cell, comma_decimal=comma_decimal)
    if isinstance(cell, datetime):
        raise CellFault("amount", f"{shown(cell)} is a date where an amount was expected.")
    if not math.isfinite(cell) or abs(cell) > LARGEST_CENTS:
        raise _too_big(cell)
    cents = round(cell * 100)
    # A sheet computes 91.4 as 91.39999999999999; a real third decimal is far larger than that.
    if abs(cell * 100 - cents) > 0.0005:  # noqa: PLR2004 - a two-hundredth of a tenth of a cent
        raise CellFault("amount", f"{shown(cell)} has more than two decimals.")
    return _within(cents, cell)


def _text_cents(cell: str, *, comma_decimal: bool) -> int:
    text = cell.translate(_ALIKE).strip()
    if _NOTHING.fullmatch(text):
        return 0
    if comma_decimal and _COMMA_AMOUNT.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    found = _AMOUNT.fullmatch(text)
    if (
        found is None
        or bool(found["paren"]) != bool(found["close"])
        or sum(map(bool, (found["minus"], found["inner"], found["paren"]))) > 1
        or text.count("$") > 1
    ):
        raise CellFault("amount", f"“{shown(cell)}” is not an amount in dollars and cents.")
    part = found["part"] or ""
    if part[2:].strip("0"):
        raise CellFault("amount", f"“{shown(cell)}” has more than two decimals.")
    cents = int(found["whole"].replace(",", "") or 0) * 100 + int((part + "00")[:2])
    negative = found["minus"] or found["inner"] or found["paren"]
    return _within(-cents if negative else cents, cell)


def _within(cents: int, cell: Cell) -> int:
    if abs(cents) > LARGEST_CENTS:
        raise _too_big(cell)
    return cents


def _too_big(cell: Cell) -> CellFault:
    return CellFault("amount", f"“{shown(cell)}” is larger than any amount of a practice.")


def writes_comma_decimals(cells: set[Cell]) -> bool:
    """Say whether a column writes ``1.234,50``: one cell proves it and none contradicts."""
    texts = [cell.translate(_ALIKE).strip() for cell in cells if isinstance(cell, str)]
    texts = [piece for text in texts for piece in text.split() if any(map(str.isdigit, piece))]
    return any(map(_COMMA_CENTS.search, texts)) and all(map(_COMMA_AMOUNT.fullmatch, texts))


def clean_text(cell: Cell) -> tuple[str, bool]:
    """Return the text in NFC with blanks folded, and whether hidden characters were taken out.

    Raises CellFault (``characters``) for NUL and for half of a surrogate pair.
    """
    text = cell_text(cell)
    if text.isascii() and text.isprintable():
        return " ".join(text.split()), False
    if _UNUSABLE.search(text):
        raise CellFault("characters", "A name holds characters that no database can keep.")
    kept = _HIDDEN.sub("", text)
    return " ".join(unicodedata.normalize("NFC", kept).split()), kept != text


def clean_name(cell: Cell) -> str:
    """Return a name as the practice writes it, in NFC, with blanks folded."""
    return clean_text(cell)[0]


def read_payer(cell: Cell) -> PayerName | None:
    """Read ``Name (payer id)``: the last brackets are the id; empty and ``--`` are no payer."""
    name = clean_name(cell)
    if name in {"", "-", "--"}:
        return None
    found = _PAYER.fullmatch(name)
    return PayerName(found["name"], found["code"]) if found else PayerName(name, "")


def read_codes(cell: Cell, *, several: bool = True) -> tuple[str, ...]:
    """Return the billing codes of a cell as text, leading zeros kept.

    Several codes stand apart by blanks, commas or line ends; with ``several`` off the whole
    cell is one code (services named in words). A number becomes its digits.
    """
    text = clean_name(cell)
    codes = [piece for piece in _CODE_BREAK.split(text) if piece] if several else [text]
    # A spreadsheet program that saw only numbers in the column writes 90837.0.
    return tuple(
        whole[1] if (whole := _DECIMAL_CODE.fullmatch(code)) else code for code in codes if code
    )


def is_billing_code(code: str) -> bool:
    """Say whether the text has the shape of a CPT or HCPCS code."""
    return _BILLING_CODE.fullmatch(code) is not None


def without_zeros(code: str) -> str:
    """Return the code as Excel leaves it (``012`` becomes ``12``), to compare the two."""
    return code.lstrip("0") or code[:1]


class Amounts(dict[Cell, int]):
    """Cents by cell, of one column; raises CellFault as read_cents does."""

    def __init__(self, *, comma_decimal: bool = False) -> None:
        super().__init__()
        self.comma_decimal = comma_decimal

    def __missing__(self, cell: Cell) -> int:
        """Read a cell that was not seen before."""
        cents = self[cell] = read_cents(cell, comma_decimal=self.comma_decimal)
        return cents


class Names(dict[Cell, str]):
    """Names by cell. What was taken out of a cell is told once, in ``notes``."""

    def __init__(self, notes: list[Note]) -> None:
        super().__init__()
        self._notes = notes

    def __missing__(self, cell: Cell) -> str:
        """Read a cell that was not seen before; raises CellFault for one past the limit."""
        name, hidden = clean_text(cell)
        if hidden:
            self._notes.append(
                Note("hidden-characters", f"Hidden characters were taken out of “{shown(name)}”.")
            )
        if len(name) > LONGEST_NAME:
            raise CellFault("too-long", f"“{shown(name)}” is longer than {LONGEST_NAME} letters.")
        self[cell] = name
        return name


class Words(dict[Cell, str]):
    """Status words by cell, kept as they are; ``--`` is none."""

    def __init__(self, notes: list[Note]) -> None:
        super().__init__()
        self._notes = notes

    def __missing__(self, cell: Cell) -> str:
        """Read a cell that was not seen before; a word past the limit is cut and told."""
        word = clean_name(cell)
        if word in {"-", "--"}:
            word = ""
        if len(word) > LONGEST_WORD:
            self._notes.append(
                Note(
                    "cut-word",
                    f"The status “{shown(word)}” is kept as its first {LONGEST_WORD} letters.",
                )
            )
            word = word[:LONGEST_WORD].rstrip()
        self[cell] = word
        return word


class Payers(dict[Cell, PayerName | None]):
    """Payers by cell; raises CellFault for a name past the limit."""

    def __init__(self, notes: list[Note]) -> None:
        super().__init__()
        self._names = Names(notes)

    def __missing__(self, cell: Cell) -> PayerName | None:
        """Read a cell that was not seen before."""
        payer = self[cell] = read_payer(self._names[cell])
        return payer
