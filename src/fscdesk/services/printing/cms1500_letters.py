"""How text may stand on a CMS-1500: upper case, plain letters, no ``$``, point or dash.

Only a zip code of nine digits keeps its dash. Readers of paper claims know the basic letters only,
so a name loses its accents here. Letters that have no basic form are left out, and told.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from fscdesk.services.printing.cms1500_grid import FieldKind
from fscdesk.services.x12.writing import basic

_NOT_IN_WORDS = re.compile(r"[^A-Z0-9&'()/+ ]")
_NOT_IN_NAMES = re.compile(r"[^A-Z0-9', ]")
_NOT_IN_CODES = re.compile(r"[^A-Z0-9]")
_ZIP = re.compile(r"(?<!\d)(\d{5})-?(\d{4})$")
_STOP = re.compile(r"(?<!\d)\.|\.(?!\d)")
"""Not a decimal point: ``P.O.`` becomes ``PO``."""


@lru_cache(maxsize=20_000)
def claim_letters(text: str, kind: FieldKind) -> str:
    """The text as a field of a kind takes it: ``Müller-O’Hara, Zoë`` is ``MULLER O'HARA, ZOE``."""
    # Every kind of blank is one blank; runs of them mean something in notes only.
    plain = " ".join(basic(word) for word in re.split(r"\s", text))
    if kind is FieldKind.NOTES:
        return _kept_in_notes(plain)
    if kind is FieldKind.WORDS:
        return _with_zip(plain, " ".join(_NOT_IN_WORDS.sub(" ", _STOP.sub("", plain)).split()))
    if kind is FieldKind.NAME:
        name = " ".join(_NOT_IN_NAMES.sub(" ", _STOP.sub("", plain)).split())
        return name.replace(" ,", ",").strip(" ,")
    code = _NOT_IN_CODES.sub("", plain)
    return _ZIP.sub(r"\1-\2", code) if kind is FieldKind.ZIP else code


@lru_cache(maxsize=20_000)
def lost_letters(text: str) -> str:
    """The letters and digits of a text that have no basic form, each once, in order."""
    if text.isascii():
        return ""
    composed = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(c for c in composed if c.isalnum() and not basic(c)))


def _with_zip(plain: str, words: str) -> str:
    """Give words back the hyphen of the zip code of nine digits in which they ended."""
    found = re.search(r"(?<!\d)(\d{5})-(\d{4})$", plain.rstrip())
    return words if found is None else re.sub(r"(\d{5}) (\d{4})$", r"\1-\2", words)


def _kept_in_notes(plain: str) -> str:
    return _NOT_IN_WORDS.sub(
        lambda found: "." if found[0] == "." else " ", _STOP.sub("", plain)
    ).strip()
