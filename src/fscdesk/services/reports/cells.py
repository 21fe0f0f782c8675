"""What a cell becomes in a file for other programs, and what it must never become there.

A text that begins with ``=``, ``+``, ``-``, ``@`` or a control letter is a formula to a
spreadsheet (OWASP ASVS 1.2.10); the full-width forms are too, in some languages.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from fscdesk.models.values import Money
from fscdesk.services.table_report import Cell

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,4})?\Z", re.ASCII)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Letters that no file format takes: controls, halves of pairs, non-characters."""


def clean(text: str) -> str:
    """The text without letters that no file can hold; nothing that can be seen is lost."""
    return UNSEEN.sub("", text)


def csv_cell(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would run it.

    Judged before cleaning too: what hides behind a NUL is as dangerous as what it hides.
    """
    said = clean(text)
    runs = said.startswith(TRIGGERS) or text.startswith(TRIGGERS)
    return f"'{said}" if runs and not NUMBER.match(said) else said


def plain(cell: Cell) -> str:
    """A cell as other programs read it: ``-1234.50``, ``2026-03-31``, ``5.1``, or nothing."""
    match cell:
        case None:
            return ""
        case str():
            return csv_cell(cell)
        case Money():
            return cell.plain()
        case datetime():
            message = "an instant is not a day"
            raise TypeError(message)
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def as_json(cell: Cell) -> str | int | None:
    """A cell in JSON: amounts and fractions as strings, so that no reader makes floats of them."""
    match cell:
        case Money():
            return cell.plain()
        case datetime():
            message = "an instant is not a day"
            raise TypeError(message)
        case date():
            return cell.isoformat()
        case Decimal():
            return str(cell)
        case _:
            return cell
