"""Whether a check was paid to this practice, by the id of its payee (N1*PE)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select, union_all

from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.remittance import Unposted
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.work import Work

_NPI_LONG: Final = 10


def paid_to_another(work: Work, one: AnsweredRemittance) -> str:
    """Return that a check was paid to somebody else, in a sentence; empty where it was not.

    Ours are the NPIs of the practice, its locations and its clinicians, and its tax id. Where
    Setup knows none of them, or the file names no payee, nothing can be said. A check of several
    practices under the tax id of one of them is no mistake: it has claims of others beside ours.
    """
    told = _digits(one.payee_npi)
    if not told:
        return ""
    is_npi = len(told) == _NPI_LONG
    ours = _ours(work, npi=is_npi)
    if not ours or told in ours or (not is_npi and _of_several(one)):
        return ""
    named = f"NPI {told}" if is_npi else f"tax id {told}"
    return (
        f"It was paid to {named}, which is not ours. If it is, enter it in Setup, then post this;"
        " if not, it belongs to somebody else."
    )


def npis_of_others(work: Work, payees: Collection[str]) -> set[str]:
    """Return which of these payees are NPIs that are not ours; none where Setup knows no NPI."""
    told = {one for one in payees if len(_digits(one)) == _NPI_LONG}
    ours = _ours(work, npi=True) if told else set()
    return {one for one in told if _digits(one) not in ours} if ours else set()


def _ours(work: Work, *, npi: bool) -> set[str]:
    asked = union_all(select(Practice.tax_id))
    if npi:
        asked = union_all(select(Practice.npi), select(Location.npi), select(Provider.npi))
    return {_digits(each) for each in work.db.scalars(asked)} - {""}


def _of_several(one: AnsweredRemittance) -> bool:
    others = [each.why is Unposted.NOT_OURS for each in one.claims]
    return any(others) and not all(others)


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit())
