"""The lines that payers have denied, each with its reason in words, the remedy, and its last day.

What a payer said of a line is the newest answer in the history of its claim. What was billed
elsewhere (through SimplePractice) and has no claim here is known from the payer's remittance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimChange, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claim_line_answers import DENIED, FIELD, carc_of_answer, group_of_answer
from fscdesk.services.claim_standing import FALLEN, UNSENT, WAITING
from fscdesk.services.claims.clocks import Clock, ClockFacts, clocks_of
from fscdesk.services.claims.deadlines import clock_facts
from fscdesk.services.remittances.reasons import Category, carc
from fscdesk.services.settled_claims import all_answered
from fscdesk.services.work import Work

STANDING: Final = (ClaimStatus.DENIED, ClaimStatus.PARTIALLY_PAID, ClaimStatus.APPEALING)
"""Claims of which a denied line can still be mended or argued about."""
ANSWERED_IN_PART: Final = WAITING
"""Claims that wait for the rest of their answer: of one line it may be a denial already."""
NO_REASON: Final = "The payer gave no reason that is known."
_ASK: Final = "Look in the payer's portal, or call, and note the reason code."


@dataclass(frozen=True, slots=True)
class DenialRow:
    """A denied line as the list shows it.

    ``id`` is its own as long as the payer's answer stands. ``amount`` was billed, ``open`` is
    what its charge still has open with payers, ``client_open`` what the client owes of it.
    ``group`` and ``carc`` are the payer's reason, empty where it gave none; ``reason``,
    ``remedy`` and ``document`` (empty for none) are our words for it. ``days`` is since
    ``denied_on``, ``deadline`` the nearest of its clocks. Without a claim of ours ``claim_id``,
    ``status`` and ``version`` are None, ``line`` is 0, and nobody is assigned.
    """

    id: int
    claim_id: int | None
    number: str
    line: int
    charge_id: int
    session_id: int | None
    patient_id: int
    patient: str
    sort_name: str
    payer_id: int
    payer: str
    clinician_id: int | None
    clinician: str
    day: date
    code: str
    modifiers: str
    amount: Money
    open: Money
    client_open: Money
    group: str
    carc: str
    reason: str
    category: Category
    remedy: str
    document: str
    denied_on: date
    days: int
    deadline: Clock | None
    status: ClaimStatus | None
    assigned_to: int | None
    assigned: str
    next_action: str
    next_action_on: date | None
    version: int | None

    @property
    def why(self) -> str:
        """Return the payer's reason as people write it: ``CO-97``, ``97``, or nothing."""
        return f"{self.group}-{self.carc}" if self.group and self.carc else self.carc

    @property
    def appealing(self) -> bool:
        """Return whether its claim is being appealed."""
        return self.status is ClaimStatus.APPEALING


def denied_lines(work: Work) -> tuple[DenialRow, ...]:
    """Return every denied line whose claim stands, and those billed elsewhere that are open.

    Some questions in all, whatever their number.
    """
    return (*_of_claims(work), *_billed_elsewhere(work))


def _of_claims(work: Work) -> Iterator[DenialRow]:
    today = work.today()
    newest = (
        select(func.max(ClaimChange.id))
        .join(Claim, Claim.id == ClaimChange.claim_id)
        .where(Claim.status.in_((*STANDING, *ANSWERED_IN_PART)), ClaimChange.field == FIELD)
        .group_by(ClaimChange.claim_id, ClaimChange.line)
    )
    rows = work.db.execute(
        select(
            Claim,
            ClaimChange.new.label("said"),
            ClaimLine,
            Charge.insurance_balance,
            Charge.patient_balance,
            Patient.name.label("patient"),
            Patient.sort_name,
            Payer.short_name.label("payer"),
            Provider.name.label("clinician"),
            Staff.name.label("assigned"),
        )
        .join(ClaimChange, ClaimChange.claim_id == Claim.id)
        .join(
            ClaimLine,
            and_(ClaimLine.claim_id == Claim.id, ClaimLine.position == ClaimChange.line),
        )
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .join(Provider, Provider.id == Claim.rendering_id)
        .outerjoin(Staff, Staff.id == Claim.assigned_to)
        .where(
            ClaimChange.id.in_(newest),
            ClaimChange.new.startswith(DENIED),
            Claim.frequency != Frequency.VOID,
        )
        .order_by(ClaimLine.id)
    ).all()
    claims = {row.Claim.id: row.Claim for row in rows}
    waiting = {one for one, claim in claims.items() if claim.status in ANSWERED_IN_PART}
    # All of it was answered, and yet it waits: it went back to the payer, who has it now.
    back = all_answered(work, waiting)
    facts = clock_facts(work, list(claims.values()))
    for one in waiting - back:
        facts[one] = replace(facts[one], status=ClaimStatus.PARTIALLY_PAID)
    clocks = {one: clocks_of(facts[one], today) for one in claims}
    for row in rows:
        claim, line = row.Claim, row.ClaimLine
        if claim.id in back:
            continue
        denied_on = claim.denied_on or claim.status_since
        running = clocks[claim.id]
        yield DenialRow(
            id=2 * line.id,  # even: a line of ours; odd: one of a remittance alone
            claim_id=claim.id,
            number=claim.number,
            line=line.position,
            charge_id=line.charge_id,
            session_id=line.session_id,
            patient_id=claim.patient_id,
            patient=row.patient,
            sort_name=row.sort_name,
            payer_id=claim.payer_id,
            payer=row.payer,
            clinician_id=claim.rendering_id,
            clinician=row.clinician,
            day=line.service_day,
            code=line.code,
            modifiers=line.modifiers,
            amount=line.amount,
            open=row.insurance_balance,
            client_open=row.patient_balance,
            **_reason(group_of_answer(row.said), carc_of_answer(row.said)),
            denied_on=denied_on,
            days=(today - denied_on).days,
            deadline=running[0] if running else None,
            status=claim.status,
            assigned_to=claim.assigned_to,
            assigned=row.assigned or "",
            next_action=claim.next_action,
            next_action_on=claim.next_action_on,
            version=claim.version,
        )


def _billed_elsewhere(work: Work) -> Iterator[DenialRow]:
    """Yield what a remittance denied of charges that no claim of ours asks that payer for."""
    today = work.today()
    newest = (
        select(func.max(RemittanceLine.id))
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .where(RemittanceLine.fate == Fate.POSTED, RemittanceLine.charge_id.is_not(None))
        .group_by(RemittanceLine.charge_id, Remittance.payer_id)
    )
    ours = (
        select(ClaimLine.id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            ClaimLine.charge_id == Charge.id,
            Claim.payer_id == Remittance.payer_id,
            Claim.status.not_in(FALLEN | UNSENT),
        )
        .exists()
    )
    rows = work.db.execute(
        select(
            RemittanceLine.id,
            RemittanceLine.denied,
            Charge,
            Remittance.paid_on,
            Patient.name.label("patient"),
            Patient.sort_name,
            Payer.id.label("payer_id"),
            Payer.short_name.label("payer"),
            Payer.appeal_days,
            Payer.corrected_days,
            Provider.name.label("clinician"),
        )
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(Payer, Payer.id == Remittance.payer_id)
        .join(Charge, Charge.id == RemittanceLine.charge_id)
        .join(Patient, Patient.id == Charge.patient_id)
        .outerjoin(Provider, Provider.id == Charge.provider_id)
        .where(
            RemittanceLine.id.in_(newest),
            RemittanceLine.denied != "",
            Charge.voided_on.is_(None),
            Charge.insurance_balance > ZERO,
            ~ours,
        )
        .order_by(RemittanceLine.id)
    )
    for row in rows:
        charge: Charge = row.Charge
        denied_on = min(row.paid_on, today)
        group, _, code = row.denied.rpartition("-")
        running = clocks_of(
            ClockFacts(
                status=ClaimStatus.DENIED,
                frequency=Frequency.ORIGINAL,
                first_day=charge.service_day,
                denied_on=denied_on,
                corrected_days=row.corrected_days,
                appeal_days=row.appeal_days,
            ),
            today,
        )
        yield DenialRow(
            id=2 * row.id + 1,
            claim_id=None,
            number="",
            line=0,
            charge_id=charge.id,
            session_id=charge.session_id,
            patient_id=charge.patient_id,
            patient=row.patient,
            sort_name=row.sort_name,
            payer_id=row.payer_id,
            payer=row.payer,
            clinician_id=charge.provider_id,
            clinician=row.clinician or "",
            day=charge.service_day,
            code=charge.code,
            modifiers=charge.modifiers,
            amount=charge.amount,
            open=charge.insurance_balance,
            client_open=charge.patient_balance,
            **_reason(group, code),
            denied_on=denied_on,
            days=(today - denied_on).days,
            deadline=running[0] if running else None,
            status=None,
            assigned_to=None,
            assigned="",
            next_action="",
            next_action_on=None,
            version=None,
        )


def _reason(group: str, code: str) -> dict[str, Any]:
    """Return a reason and what helps against it, as the fields of a row."""
    found = carc(code) if code else None
    return {
        "group": group,
        "carc": code,
        "reason": found.words if found is not None else NO_REASON,
        "category": found.category if found is not None else Category.OTHER,
        "remedy": found.remedy if found is not None else _ASK,
        "document": found.document if found is not None else "",
    }
