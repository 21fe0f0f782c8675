"""Finds whom a command names: a guarantor, a payer or a client by number."""

from __future__ import annotations

import re

from sqlalchemy import func, or_, select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

NOTHING = "Nothing was done."
_MARKS = re.compile(r"[\s\-–]+")


def guarantor_named(work: Work, number: str) -> int:
    """Return the guarantor with this account number. Raises Problem when there is none.

    ``G-1042``, ``g 1042`` and ``1042`` are G1042, unless another has just that number.
    """
    found = _numbered(work, Guarantor, number, letter="G")
    if found is None:
        raise Problem(
            f"No account has the number {number}.",
            hint=f"{NOTHING} An account's number is like G1042.",
        )
    return found


def patient_named(work: Work, number: str) -> int:
    """Return the client with this number. Raises Problem when there is none.

    ``P-1042`` and ``p 1042`` are 1042, unless another has just that number.
    """
    found = _numbered(work, Patient, number, letter="P")
    if found is None:
        raise Problem(
            f"No client has the number {number}.",
            hint=f"{NOTHING} A client's number is like 1042.",
        )
    return found


def _numbered(
    work: Work, noun: type[Guarantor | Patient], number: str, *, letter: str
) -> int | None:
    """Return the one whose number is this as typed, else without spaces, dashes and letter."""
    typed = number.strip()
    exact = work.db.scalar(select(noun.id).where(noun.number == typed))
    if exact is not None or not typed:
        return exact
    bare = _MARKS.sub("", typed).upper()
    digits = bare.removeprefix(letter)
    if not digits:
        return None
    plain = func.upper(func.replace(func.replace(noun.number, "-", ""), " ", ""))
    found = work.db.scalars(
        select(noun.id).where(plain.in_({bare, digits, f"{letter}{digits}"})).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def payer_named(work: Work, code: str) -> int:
    """Return the payer with this payer id or short name.

    Raises Problem when there is none, or when several have it.
    """
    wanted = code.strip()
    found = work.db.scalars(
        select(Payer.id).where(
            or_(Payer.payer_code == wanted, func.lower(Payer.short_name) == wanted.lower())
        )
    ).all()
    if not found:
        raise Problem(f"No payer has the id or short name {code}.", hint=NOTHING)
    if len(found) > 1:
        raise Problem(
            f"{len(found)} payers have the id {code}.", hint=f"{NOTHING} Give the short name."
        )
    return found[0]
