"""One underpayment as its pane shows it: our claim, and what the payer gave for the code so far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, Frequency
from fscdesk.models.remittance import RemittanceClaim, RemittanceLine
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.remittances.fee_history import FeeRow, fee_rows
from fscdesk.services.remittances.underpayments import UnderpaymentRow
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class UnderpaymentDetail:
    """An underpayment with what surrounds it.

    ``position`` is the place of its claim on the remittance. ``claim`` is ours, with the
    ``line`` on it; None where it was billed elsewhere. ``may`` are the acts that the claim's
    status allows, as ``ClaimPage.may``. ``history`` is the payer and the code with its
    modifiers.
    """

    row: UnderpaymentRow
    position: int
    claim: ClaimRow | None
    line: int
    may: frozenset[str]
    history: FeeRow | None


def underpayment_detail(work: Work, row: UnderpaymentRow) -> UnderpaymentDetail:
    """Return an underpayment of the list with what surrounds it. Reads only."""
    position, line_id = work.db.execute(
        select(RemittanceClaim.position, RemittanceLine.claim_line_id)
        .join(RemittanceLine, RemittanceLine.remittance_claim_id == RemittanceClaim.id)
        .where(RemittanceLine.id == row.line_id)
    ).one()
    found = _line(work, row, line_id)
    page = None if found is None else claim_page(work, found[0])
    alike = fee_rows(work, payers=(row.payer_id,), codes=(row.code,))
    return UnderpaymentDetail(
        row=row,
        position=position,
        claim=None if page is None else page.row,
        line=0 if found is None else found[1],
        may=frozenset() if page is None else page.may,
        history=next((one for one in alike if one.modifiers == row.modifiers), None),
    )


def _line(work: Work, row: UnderpaymentRow, line_id: int | None) -> tuple[int, int] | None:
    """Return claim and position of the line that was answered, else of the newest one billed."""
    query = (
        select(ClaimLine.claim_id, ClaimLine.position)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(Claim.frequency != Frequency.VOID)
        .order_by(ClaimLine.id.desc())
        .limit(1)
    )
    if line_id is not None:
        query = query.where(ClaimLine.id == line_id)
    else:
        query = query.where(ClaimLine.charge_id == row.charge_id, Claim.payer_id == row.payer_id)
    found = work.db.execute(query).one_or_none()
    return None if found is None else (found.claim_id, found.position)
