"""Finds claims by a number that somebody reads out: ours as it prints anywhere, or the payer's."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from fscdesk.models.claim import Claim
from fscdesk.services.bulk import is_postgres
from fscdesk.services.numbering import number_text
from fscdesk.services.work import Work

SERIES: Final = "CLM"
_OURS: Final = re.compile(r"CLM-?(\d{4})-?(\d*)", re.ASCII)
_SHORT: Final = re.compile(r"\d{1,5}", re.ASCII)
_FEWEST: Final = 3
"""So many letters of a payer's number are typed, or half of all claims would be found."""


def claims_numbered(work: Work, typed: str, most: int) -> tuple[int, ...]:
    """Return at most ``most`` claims whose number begins so, the newest first.

    Ours comes with its dashes, without them (as on the form, box 26) or as the bare number of
    this year. More than one word is no number.
    """
    word = typed.strip().upper()
    if not word or " " in word:
        return ()
    places: list[ColumnElement[bool]] = []
    ours = _OURS.fullmatch(word)
    if ours is not None:
        year, number = ours.groups()
        places.append(_begins(work, Claim.number, f"{SERIES}-{year}-{number}"))
    elif _SHORT.fullmatch(word):
        places.append(Claim.number == number_text(SERIES, work.today().year, int(word)))
    if len(word) >= _FEWEST:
        places += [_begins(work, Claim.payer_number, one) for one in {word, typed.strip()}]
    if not places:
        return ()
    found = select(Claim.id).where(or_(*places)).order_by(Claim.id.desc()).limit(most)
    return tuple(work.db.scalars(found))


def _begins(work: Work, column: Any, word: str) -> ColumnElement[bool]:
    """Return that a column begins so; on SQLite as a range, which its index can answer."""
    found: ColumnElement[bool] = (
        column.startswith(word, autoescape=True)
        if is_postgres(work)
        else and_(column >= word, column < f"{word}\U0010ffff")
    )
    return found
