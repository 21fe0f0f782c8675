"""One denied line as its pane shows it: who said so, what was done since, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.claim import ClaimChange
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.services.claim_line_answers import FIELD
from fscdesk.services.claims.denied_lines import DenialRow
from fscdesk.services.claims.detail import ClaimPage, claim_page
from fscdesk.services.claims.secondary import plan_secondary
from fscdesk.services.remittances.seeing import DENIALS, require_seeing
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class DeniedBy:
    """The remittance that denied a line; ``position`` is the place of the claim on it."""

    remittance_id: int
    number: str
    trace: str
    paid_on: date
    position: int


@dataclass(frozen=True, slots=True)
class DenialDetail:
    """A denied line with what surrounds it.

    ``page`` is its claim, None where it was billed elsewhere. ``said`` is None where somebody
    looked the answer up (in a portal, on the phone). ``next_payer`` is the short name of the payer
    to whom the session can be billed now, empty where there is none.
    """

    row: DenialRow
    page: ClaimPage | None
    said: DeniedBy | None
    next_payer: str

    @property
    def may(self) -> frozenset[str]:
        """Return the acts that the status of its claim allows, as ``ClaimPage.may``."""
        return frozenset() if self.page is None else self.page.may


def denial_detail(work: Work, row: DenialRow) -> DenialDetail:
    """Return a denied line of the list with what surrounds it. Reads only."""
    require_seeing(work, DENIALS, "denials")
    return DenialDetail(
        row=row,
        page=None if row.claim_id is None else claim_page(work, row.claim_id),
        said=_said(work, row),
        next_payer=_next_payer(work, row),
    )


def _said(work: Work, row: DenialRow) -> DeniedBy | None:
    """Return the remittance of the newest denial, unless a person noted the answer since."""
    if row.claim_id is not None and not _source(work, row.claim_id, row.line):
        return None
    found = work.db.execute(
        select(
            Remittance.id,
            Remittance.number,
            Remittance.trace,
            Remittance.paid_on,
            RemittanceClaim.position,
        )
        .join(RemittanceClaim, RemittanceClaim.remittance_id == Remittance.id)
        .join(RemittanceLine, RemittanceLine.remittance_claim_id == RemittanceClaim.id)
        .where(
            Remittance.payer_id == row.payer_id,
            RemittanceLine.charge_id == row.charge_id,
            RemittanceLine.fate == Fate.POSTED,
            RemittanceLine.denied != "",
        )
        .order_by(RemittanceLine.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else DeniedBy(*found)


def _source(work: Work, claim_id: int, line: int) -> str:
    """Return which payment brought the newest answer to a line; empty where a person noted it."""
    newest = (
        select(ClaimChange.source)
        .where(
            ClaimChange.claim_id == claim_id,
            ClaimChange.line == line,
            ClaimChange.field == FIELD,
        )
        .order_by(ClaimChange.id.desc())
    )
    return work.db.scalar(newest.limit(1)) or ""


def _next_payer(work: Work, row: DenialRow) -> str:
    if row.session_id is None:
        return ""
    plan = plan_secondary(work, [row.session_id])
    return plan.claims[0].payer if plan.claims else ""
