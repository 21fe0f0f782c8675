"""Finds whom a command names: a guarantor, a payer or a client by number."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

NOTHING = "Nothing was done."


def guarantor_named(work: Work, number: str) -> int:
    """Return the guarantor with this account number. Raises Problem when there is none."""
    found = work.db.scalar(select(Guarantor.id).where(Guarantor.number == number.strip()))
    if found is None:
        raise Problem(f"No account has the number {number}.", hint=f"{NOTHING} It is like G-1042.")
    return found


def patient_named(work: Work, number: str) -> int:
    """Return the client with this number. Raises Problem when there is none."""
    found = work.db.scalar(select(Patient.id).where(Patient.number == number.strip()))
    if found is None:
        raise Problem(f"No client has the number {number}.", hint=NOTHING)
    return found


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
