"""What a claim's page needs beside the claim: where fields come from, choices, fixes, changes.

Read together with the claim, so that the page never shows two different moments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_rule import Referral
from fscdesk.models.practice import Location
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.services.claims.as_cms1500 import as_it_left
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.authorization_rows import AuthorizationRow, authorizations_of
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.correcting import CORRECTABLE, Successor, successor_of
from fscdesk.services.claims.detail import ClaimPage, claim_page
from fscdesk.services.claims.differing import Difference, differences
from fscdesk.services.claims.fixes import Fix, fixes_of
from fscdesk.services.claims.mending import SUPERVISING, Source, source_of
from fscdesk.services.claims.sources import FIELDS
from fscdesk.services.claims.supervising import Supervisors
from fscdesk.services.claims.unchanged import unchanged_words
from fscdesk.services.errors import Problem
from fscdesk.services.patients.coverage import diagnoses_of
from fscdesk.services.work import Work

__all__ = ["ClaimView", "Difference", "Fix", "Option", "claim_view"]

_GOES_AGAIN: Final = (*CORRECTABLE, ClaimStatus.REJECTED)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a field can be set to."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim's page with all that stands around its fields.

    ``sources`` tells by field where what is not the claim's own comes from. ``goes_as`` is as what
    a decided or rejected claim goes again, None for any other. ``differs`` is what changes against
    the claim that this one replaces. ``start`` is when its session began, empty for several.
    ``unchanged`` warns of a claim that goes again with what was denied or rejected as it was.
    """

    page: ClaimPage
    sources: Mapping[str, Source]
    clinicians: tuple[Option, ...]
    locations: tuple[Option, ...]
    referrals: tuple[Option, ...]
    authorizations: tuple[Option, ...]
    fixes: tuple[Fix, ...]
    goes_as: Successor | None
    differs: tuple[Difference, ...]
    start: str
    unchanged: str = ""


def claim_view(work: Work, claim_id: int) -> ClaimView:
    """Return a claim as its page shows it. Raises Problem when it is not in the books."""
    page = claim_page(work, claim_id)
    row, content = page.row, page.content
    granted = authorizations_of(work, row.patient_id, payer_id=row.payer_id)
    usual = Supervisors(work).of(row.clinician_id, row.first_day)
    clinicians = _clinicians(work)
    referrals = _referrals(work, row.patient_id)
    named = {one.id: one.words for one in clinicians}
    differs = _differs(work, page, granted)
    return ClaimView(
        page=page,
        sources=_sources(work, claim_id),
        clinicians=clinicians,
        locations=_locations(work),
        referrals=referrals,
        authorizations=tuple(Option(one.id, one.fields.number) for one in granted),
        fixes=fixes_of(
            page,
            granted,
            supervisor=None if usual is None else (usual, named.get(usual, "")),
            referrals=tuple((one.id, one.words) for one in referrals),
            diagnoses=_diagnoses(work, row.patient_id, content),
        ),
        goes_as=successor_of(work, claim_id) if row.status in _GOES_AGAIN else None,
        differs=differs,
        start=_start(work, page),
        unchanged=unchanged_words(work, page, differs),
    )


def _sources(work: Work, claim_id: int) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for field in (*FIELDS, SUPERVISING):
        try:
            found[field] = source_of(work, claim_id, field)
        except Problem:
            continue  # no policy, no supervisor: there is nothing to mend yet
    return found


def _clinicians(work: Work) -> tuple[Option, ...]:
    rows = select(Provider.id, Provider.name).order_by(Provider.active.desc(), Provider.name)
    return tuple(Option(row.id, row.name) for row in work.db.execute(rows))


def _locations(work: Work) -> tuple[Option, ...]:
    rows = work.db.execute(select(Location.id, Location.name).order_by(Location.name))
    return tuple(Option(row.id, row.name) for row in rows)


def _referrals(work: Work, patient_id: int) -> tuple[Option, ...]:
    rows = work.db.scalars(
        select(Referral).where(Referral.patient_id == patient_id).order_by(Referral.id.desc())
    )
    words = {"DN": "referred", "DK": "ordered", "DQ": "supervises"}
    return tuple(
        Option(
            one.id,
            f"{' '.join(part for part in (one.first_name, one.last_name) if part)}, "
            f"{words.get(one.qualifier, one.qualifier)}",
        )
        for one in rows
    )


def _diagnoses(work: Work, patient_id: int, content: ClaimContent | None) -> tuple[str, ...]:
    """Return what the client's record says on the claim's first day, in its order."""
    if content is None or not content.lines:
        return ()
    day = content.first_day
    return tuple(
        one.code
        for one in diagnoses_of(work, patient_id)
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
    )


def _differs(
    work: Work, page: ClaimPage, granted: tuple[AuthorizationRow, ...]
) -> tuple[Difference, ...]:
    before = page.replaces_id
    if before is None or page.content is None:
        return ()
    old = as_it_left(work, [before]).get(before) or contents(work, [before]).get(before)
    if old is None:
        return ()
    first = work.db.get_one(Claim, before)
    return differences(
        old,
        page.content,
        denied=first.status in (ClaimStatus.DENIED, ClaimStatus.APPEALING),
        answered_on=first.answered_on,
        granted={
            one.fields.number: f"covers {one.fields.valid_from:%m/%d/%Y} to "
            f"{one.fields.valid_to:%m/%d/%Y}"
            for one in granted
        },
    )


def _start(work: Work, page: ClaimPage) -> str:
    """Return when its only session began, in the practice's clock; nothing for several."""
    sessions = {line.session_id for line in page.money}
    if len(sessions) != 1:
        return ""
    minute = work.db.scalar(select(Session.minute).where(Session.id.in_(sessions)))
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
